"""Who came in, from where and when: an act like any other, so that it is in the journal and cannot be taken out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from console.act import Act, Actor, Decision, Put, no_right
from console.book import Book
from console.keys import key_id
from console.record import Record
from storage.store import Entry


class Way(StrEnum):
    """How somebody has shown who they are."""

    KEY = "key"
    PIN = "pin"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming(Record):
    """When somebody last came in. One a person, at the id of their login: earlier ones are its story."""

    kind: ClassVar[str] = "comings"

    login: str
    """Who."""

    at: datetime
    """When."""

    source: str = ""
    """From where: address or terminal."""

    way: Way
    """By key over SSH, by PIN on a shared terminal, or from an account of the machine."""

    wrong: int = 0
    """Wrong PINs that were typed for this login since the last right one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComeIn(Act):
    """Sit down at the console. Done by the program once the first screen stands, never by name."""

    verb: ClassVar[str] = "come_in"
    listed: ClassVar[bool] = False

    way: Way
    """How they have shown who they are."""

    wrong: int = 0
    """Wrong PINs before the right one."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep it over the last one."""
        fresh = Coming(login=who.id, at=now, source=who.source, way=self.way, wrong=self.wrong)
        return Decision((Put(Coming.kind, key_id(who.id), fresh),))


def last_coming(book: Book, login: str) -> Coming | None:
    """When somebody last came in; none where they never did."""
    return book.get(Coming, key_id(login))


def comings(book: Book, login: str, most: int = 200) -> list[Coming]:
    """The times that somebody came in, the latest first; at most so many."""
    found: list[Coming] = []
    for entry in book.story(Coming.kind, key_id(login)):
        found += _said(entry)
        if len(found) >= most:
            break
    return found[:most]


def _said(entry: Entry) -> list[Coming]:
    """What an entry says of somebody who came in."""
    return [Coming.parse(doc) for kind, _, doc in entry.ops if kind == Coming.kind and doc is not None]


def answers_for(who: Actor, login: str) -> bool:
    """Whether somebody may know when a person came in: it is themselves, or they answer for them."""
    return login == who.id or who.may("staff") or who.may("annotate")


def may_see(who: Actor, login: str) -> None:
    """Refuse who asks when others came in, without answering for them."""
    if not answers_for(who, login):
        raise no_right(who, "comings")
