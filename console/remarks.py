"""What may be said about a case at any time: note, voice, reminder, strike, urge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from console.act import Actor, Decision
from console.book import Book, Refused
from console.config import settings
from console.issues import Issue
from console.limits import parse
from console.parts import Urging, Voice
from console.progress import CaseAct, must, when
from console.record import replace
from console.status import OPEN, S


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(CaseAct):
    """Write a line into a case's story. News on a merged case lands on its master."""

    verb: ClassVar[str] = "note"
    right: ClassVar[str] = "note"

    text: str
    """The line."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Add it."""
        id, issue = master(book, *self.case(book, now, who))
        if not self.text.strip():
            raise Refused("refused.field_missing", field="text")
        return Decision((self.put(book, now, who, id, issue, text=self.text),), self.why)


def master(book: Book, id: str, issue: Issue) -> tuple[str, Issue]:
    """The case that carries this one; itself where none does."""
    if issue.status is not S.MERGED or issue.merged is None:
        return id, issue
    found = book.anywhere(Issue, issue.merged.into)
    return (id, issue) if found is None else (issue.merged.into, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike(CaseAct):
    """Strike a line of a case's story out; it stays readable, marked as struck."""

    verb: ClassVar[str] = "strike"
    right: ClassVar[str] = "note"

    entry: int
    """Number of the entry, as the story shows it."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Mark it, with the reason."""
        id, issue = self.case(book, now, who)
        lines = {entry.number: entry for entry in book.story(Issue.kind, id)}
        if self.entry not in lines:
            raise Refused("refused.no_entry", entry=self.entry)
        if lines[self.entry].what != "note":
            raise Refused("refused.strike_notes")
        if lines[self.entry].who not in who.own and not who.may("configure"):
            raise Refused("refused.strike_others", who=lines[self.entry].who)
        if self.entry in issue.struck:
            return Decision()
        struck = replace(issue, struck=(*issue.struck, self.entry))
        return Decision((self.put(book, now, who, id, struck, entry=str(self.entry), why=self.reason()),), self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddVoice(CaseAct):
    """Count another household that says "me too"."""

    verb: ClassVar[str] = "voice"
    right: ClassVar[str] = "voice"

    name: str
    """Who."""

    contact: str = ""
    """How to reach them."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Add them, once each."""
        id, issue = master(book, *self.case(book, now, who))
        must(issue, *OPEN)
        if not self.name.strip():
            raise Refused("refused.field_missing", field="name")
        if any((voice.name, voice.contact) == (self.name, self.contact) for voice in issue.voices):
            return Decision()
        voiced = replace(issue, voices=(*issue.voices, Voice(name=self.name, contact=self.contact, at=now)))
        return Decision((self.put(book, now, who, id, voiced, name=self.name),), self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind(CaseAct):
    """Set the next reminder of a case, or clear it."""

    verb: ClassVar[str] = "remind"
    right: ClassVar[str] = "remind"

    at: datetime | str | None = None
    """When; nothing clears it."""

    text: str = ""
    """Of what."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep it; a reminder lies ahead."""
        id, issue = self.case(book, now, who)
        moment = when(book, self.at, now)
        if moment is not None and moment <= now:
            raise Refused("refused.past")
        fresh = replace(issue, remind_at=moment, remind=self.text if moment else "")
        if fresh == issue:
            return Decision()
        return Decision(
            (self.put(book, now, who, id, fresh, text=self.text, at=moment.isoformat() if moment else ""),), self.why
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Urge(CaseAct):
    """Urge a case from above: it becomes supervised, rises in the queue, and an answer is demanded."""

    verb: ClassVar[str] = "urge"
    right: ClassVar[str] = "urge"

    answer_by: datetime | str | None = None
    """By when an answer is demanded; the station's limit where nothing is said."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Mark it, with the reason."""
        id, issue = self.case(book, now, who)
        must(issue, *OPEN)
        why, until = self.reason(), when(book, self.answer_by, now)
        if until is not None and until <= now:
            raise Refused("refused.past")
        until = until or now + parse(settings(book).limits.urge).span
        fresh = Urging(n=len(issue.urgings) + 1, by=who.id, at=now, why=why, answer_by=until)
        urged = replace(issue, urged=why, mode="supervised", urgings=(*issue.urgings, fresh))
        return Decision((self.put(book, now, who, id, urged, why=why, by=until.isoformat()),), why)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerUrging(CaseAct):
    """Answer whoever urges a case: what is being done, and by when."""

    verb: ClassVar[str] = "answer_urge"
    right: ClassVar[str] = "answer_urge"

    text: str
    """The answer."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep it with every urging that waits for one; nobody answers themselves."""
        id, issue = self.case(book, now, who)
        open_ones = [each for each in issue.urgings if not each.answer]
        if not open_ones:
            raise Refused("refused.not_urged")
        if not self.text.strip():
            raise Refused("refused.field_missing", field="text")
        theirs = [each.n for each in open_ones if each.by != who.id]
        if not theirs:
            raise Refused("refused.own_urging")
        told = tuple(
            replace(each, answer=self.text, answered_by=who.id, answered_at=now) if each.n in theirs else each
            for each in issue.urgings
        )
        return Decision((self.put(book, now, who, id, replace(issue, urgings=told), text=self.text),), self.text)
