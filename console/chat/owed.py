"""Who is owed a call: the closed cases of each household together, with what they have written in the group since."""

from __future__ import annotations

from dataclasses import dataclass

from console.book import Book
from console.chat.messages import Message
from console.chat.replies import Verdict, answered, verdict
from console.issues import Issue
from console.numbers import CASES


@dataclass(frozen=True, slots=True)
class Owed:
    """One closed case whose resident is owed a call."""

    id: str
    """Id of the case."""

    issue: Issue
    """The case."""

    answers: tuple[tuple[str, Message], ...] = ()
    """What they have written since it ended: (id, message)."""

    @property
    def said(self) -> str:
        """Their words."""
        return " / ".join(message.text for _, message in self.answers if message.text)

    @property
    def means(self) -> Verdict:
        """What they most likely mean."""
        return verdict(" ".join(message.text for _, message in self.answers))

    @property
    def tries(self) -> int:
        """How often nobody was reached."""
        return sum(not call.reached for call in self.issue.callbacks)


def owed(book: Book) -> list[tuple[str, list[Owed]]]:
    """(who, their cases), those who have answered in the group first, then the longest waiting; who: name and contact."""
    found: dict[tuple[str, str], list[Owed]] = {}
    for id, doc in book.docs(CASES).items():
        if not doc.get("owed"):
            continue
        issue = book.get(Issue, id)
        assert issue is not None
        key = (issue.household or issue.contact or issue.reporter, "")
        found.setdefault(key, []).append(Owed(id, issue, tuple(answered(book, id, issue))))
    for each in found.values():
        each.sort(key=lambda one: (one.issue.ended_at or one.issue.taken_at, one.id))
    order = sorted(
        found.values(),
        key=lambda cases: (not any(c.answers for c in cases), cases[0].issue.ended_at or cases[0].issue.taken_at),
    )
    return [(f"{cases[0].issue.reporter}  {cases[0].issue.contact}".strip(), cases) for cases in order]
