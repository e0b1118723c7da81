"""What the station says in a group: it waits in the store, goes out one by one, and is marked sent, failed or unknown.

Where no answer comes nobody knows whether it went out. Such a one is never sent again by itself: a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from console.act import Act, Actor, Decision, Put, no_right
from console.book import Book, Refused, index
from console.chat.answers import filled
from console.chat.groups import group
from console.chat.messages import Message
from console.chat.privacy import check
from console.issues import Issue
from console.numbers import issue_id
from console.record import Doc, Record, replace
from console.staff import SYSTEM
from console.words import Word
from storage.store import Number

LONGEST = 1_000
"""Characters of one message to a group at most."""


class Way(StrEnum):
    """How far something is that was said."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


NEXT: dict[Way, tuple[Way, ...]] = {
    Way.WAITING: (Way.SENDING, Way.DROPPED, Way.FAILED),
    Way.SENDING: (Way.SENT, Way.FAILED, Way.UNKNOWN),
    Way.FAILED: (Way.WAITING, Way.DROPPED),
    Way.UNKNOWN: (Way.WAITING, Way.SENT, Way.DROPPED),
    Way.SENT: (),
    Way.DROPPED: (),
}
"""What may become of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying(Record):
    """Something to be said in a group."""

    kind: ClassVar[str] = "sayings"

    group: str
    """Number of the group."""

    text: str
    """What."""

    reply: str = ""
    """Number of the message that it answers."""

    issue: str = ""
    """Id of the case that it is about."""

    by: str
    """Login of who said it."""

    at: datetime
    """When they said it."""

    way: Way = Way.WAITING
    """How far it is."""

    moved: datetime | None = None
    """Since when."""

    why: str = ""
    """Why it failed, in the bridge's words."""

    number: str = ""
    """Number of the message that it became."""

    tries: int = 0
    """How often it was sent."""

    @property
    def words(self) -> str:
        """What goes out: with the number of the case where that is meant."""
        return filled(self.text, self.issue)


@index(Saying.kind, "way")
def _way(doc: Doc) -> Iterable[str]:
    """By how far it is."""
    return (doc.get("way", Way.WAITING),)


@index(Saying.kind, "number")
def _number(doc: Doc) -> Iterable[str]:
    """By the message that it became."""
    return (f"{doc['group']}:{doc['number']}",) if doc.get("number") else ()


@index(Saying.kind, "reply")
def _reply(doc: Doc) -> Iterable[str]:
    """By the message that it answers."""
    return (f"{doc['group']}:{doc['reply']}",) if doc.get("reply") else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(Act):
    """Say something in a group: it goes out by itself, in its turn."""

    verb: ClassVar[str] = "say"
    right: ClassVar[str] = "say"

    group: str = ""
    """Number of the group; that of the message that is answered where nothing is said."""

    text: str
    """What."""

    to: str = ""
    """Id of the message that it answers."""

    issue: str = ""
    """Number of the case that it is about."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Put it in the queue, unless it tells what is another resident's."""
        if not self.text.strip():
            raise Refused("refused.field_missing", field="text")
        if len(self.text) > LONGEST:
            raise Refused("refused.long", most=LONGEST, n=len(self.text))
        answered = book.get(Message, self.to) if self.to else None
        if self.to and answered is None:
            raise Refused("refused.no_message", id=self.to)
        found = group(book, self.group or (answered.group if answered else ""))
        id = issue_id(book, self.issue, now, who.id) if self.issue else answered.issue if answered else ""
        issue = book.anywhere(Issue, id) if id else None
        check(book, self.text, issue, answered.contact if answered else "")
        said = Saying(
            group=found.number,
            text=self.text.strip(),
            reply=answered.number if answered else "",
            issue=id,
            by=who.id,
            at=now,
            moved=now,
        )
        return Decision((Put(Saying.kind, Number(Saying.kind), said),))


def _moved(book: Book, id: str, to: Way, now: datetime, **more: object) -> Put:
    """Something said, moved on. Raises ``Refused`` where it cannot be."""
    found = book.get(Saying, id)
    if found is None:
        raise Refused("refused.no_saying", id=id)
    if to not in NEXT[found.way]:
        raise Refused("refused.saying_way", id=id, was=Word(f"way.{found.way}"))
    return Put(Saying.kind, id, replace(found, way=to, moved=now, **more))


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Act):
    """Write down how far something is that was said. Done by the listener, never by name."""

    verb: ClassVar[str] = "move_saying"
    listed: ClassVar[bool] = False

    saying: str
    """Its id."""

    to: Way
    """How far it is now."""

    why: str = ""
    """Why it failed."""

    number: str = ""
    """Number of the message that it became."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Move it on."""
        if who.id != SYSTEM.id:
            raise no_right(who, "listen")
        found = book.get(Saying, self.saying)
        tries = (found.tries if found else 0) + (self.to is Way.SENDING)
        return Decision((_moved(book, self.saying, self.to, now, why=self.why, number=self.number, tries=tries),))


@dataclass(frozen=True, slots=True, kw_only=True)
class SayAgain(Act):
    """Send again what failed, or what nobody knows of."""

    verb: ClassVar[str] = "say_again"
    right: ClassVar[str] = "say"

    saying: str
    """Its id."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """It waits anew."""
        return Decision((_moved(book, self.saying, Way.WAITING, now, why=""),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsay(Act):
    """Let go of something that has not gone out, or say of what nobody knows of that it has."""

    verb: ClassVar[str] = "unsay"
    right: ClassVar[str] = "say"

    saying: str
    """Its id."""

    arrived: bool = False
    """Whether somebody has seen it in the group."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """It is settled."""
        return Decision((_moved(book, self.saying, Way.SENT if self.arrived else Way.DROPPED, now),))


def sayings(book: Book, *ways: Way) -> list[tuple[str, Saying]]:
    """What is as far as this, oldest first."""
    ids = [id for way in ways for id in book.where(Saying.kind, "way", way)]
    found = [(id, said) for id in ids if (said := book.get(Saying, id)) is not None]
    return sorted(found, key=lambda each: (each[1].at, int(each[0])))
