"""What residents answer in the group when a case is closed: taken as a call-back once an officer says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from console.act import Actor, Decision, Put
from console.book import Book
from console.chat.messages import Message
from console.chat.noise import bare
from console.chat.rules import rule, spoken
from console.chat.taking import chosen, free, story
from console.filing import CallBack
from console.issues import Issue
from console.progress import CaseAct
from console.record import replace

_VERDICTS = {name: rule(pattern) for name, pattern in spoken("verdict").items()}
"""Name of a verdict → how residents say it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody most likely means."""

    solved: str = ""
    """yes, partly or no; empty where they do not say."""

    satisfied: str = ""
    """satisfied, fairly or dissatisfied; empty where they do not say."""


def verdict(text: str) -> Verdict:
    """What a text says of a case that is over: a guess, for an officer to look at."""
    words = bare(text)
    solved = next((name for name in ("no", "partly", "yes") if _VERDICTS[name].search(words)), "")
    satisfied = next((n for n in ("dissatisfied", "fairly", "satisfied") if _VERDICTS[n].search(words)), "")
    return Verdict(solved, satisfied if solved != "no" or satisfied == "dissatisfied" else "")


def answered(book: Book, id: str, issue: Issue) -> list[tuple[str, Message]]:
    """What whoever told a case has written since it ended, as far as it is of no other case; oldest first."""
    if issue.ended_at is None:
        return []
    senders = {
        f"{each.group}:{each.sender}" for mid in book.where(Message.kind, "issue", id) if (each := _message(book, mid))
    }
    found = [
        (mid, message)
        for sender in sorted(senders)
        for mid in book.where(Message.kind, "sender", sender)
        if (message := _message(book, mid)) is not None
        and message.at > issue.ended_at
        and message.issue in ("", id)
        and message.recalled_at is None
        and not message.aside_by
    ]
    used = {call.at for call in issue.callbacks}
    return sorted((each for each in found if not (each[1].issue == id and used)), key=lambda each: (each[1].at, each[0]))


def _message(book: Book, id: str) -> Message | None:
    """A message at hand."""
    return book.get(Message, id)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeAnswer(CaseAct):
    """Take what a resident has written in the group as their call-back."""

    verb: ClassVar[str] = "take_answer"
    right: ClassVar[str] = "callback"

    messages: tuple[str, ...]
    """Ids of the messages."""

    solved: str
    """yes, partly or no."""

    satisfied: str = ""
    """satisfied, fairly or dissatisfied, where they say so."""

    contacted: bool = True
    """Whether whoever handled it had got in touch."""

    note: str = ""
    """What they said; the messages' words where nothing is written here."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """The call-back with their words, and the messages joined to the case. "Not solved" opens it again."""
        id, _ = self.case(book, now, who)
        messages = chosen(book, self.messages)
        free([(mid, each) for mid, each in messages if each.issue != id])
        called = CallBack(
            issue=self.issue,
            version=self.version,
            why=self.why,
            reached=True,
            contacted=self.contacted,
            solved=self.solved,
            satisfied=self.satisfied,
            note=self.note or story(messages),
        ).decide(book, now, who)
        joined = [Put(Message.kind, mid, replace(each, issue=id)) for mid, each in messages if each.issue != id]
        return Decision((*called.puts, *joined), called.why, called.warnings)
