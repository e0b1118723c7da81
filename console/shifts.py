"""Shifts: who is on duty, what the shift writes down, standing orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from console.act import Act, Actor, Decision, Put
from console.book import Book, Refused
from console.config import ONLY, Window, settings, window
from console.keys import key_id
from console.record import Record, replace
from console.staff import Person, person
from console.words import Both
from storage.store import Number


class ShiftState(StrEnum):
    """Where a shift is."""

    OPEN = "open"
    HANDING = "handing"
    SEALED = "sealed"


class NoteKind(StrEnum):
    """What a line of the log is about."""

    SITUATION = "situation"
    WATCH = "watch"
    VISITOR = "visitor"
    EQUIPMENT = "equipment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew(Record):
    """Somebody on duty in a shift."""

    login: str
    """Who."""

    on: datetime
    """When they signed on."""

    off: datetime | None = None
    """When they signed off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogNote(Record):
    """A line that an officer added to the log."""

    n: int
    """Its place in the log, from 1."""

    at: datetime
    """When."""

    by: str
    """Who."""

    about: NoteKind
    """What it is about."""

    text: str
    """The line."""

    pinned: bool = False
    """Whether it must be carried to the next shift."""

    struck: str = ""
    """Why it was struck out; it stays readable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift(Record):
    """One shift that was or is on duty. Its id is day and place in the day, as in 202611232."""

    kind: ClassVar[str] = "shifts"

    name: str
    """Name in Chinese."""

    english: str
    """Name in English."""

    start: datetime
    """When it begins by the settings."""

    end: datetime
    """When it ends by the settings."""

    opened_at: datetime
    """When somebody first signed on."""

    first: int
    """The last entry before it: its log is what comes after."""

    last: int = 0
    """The last entry of its log, once it was handed over."""

    state: ShiftState = ShiftState.OPEN
    """Where it is."""

    crew: tuple[Crew, ...] = ()
    """Who was on duty."""

    notes: tuple[LogNote, ...] = ()
    """What officers added to the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Record):
    """A standing order: every officer reads it once."""

    kind: ClassVar[str] = "orders"

    text: str
    """What is ordered."""

    by: str
    """Who ordered it."""

    at: datetime
    """When."""

    read: tuple[str, ...] = ()
    """Logins of who has read it."""

    ended: datetime | None = None
    """When it ceased to hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain(Record):
    """Where the station stands: the shift on duty and the last sealed sheet."""

    kind: ClassVar[str] = "chain"

    shift: str = ""
    """Id of the shift on duty."""

    sheet: str = ""
    """Id of the last sealed sheet."""

    hash: str = ""
    """Its hash."""

    number: int = 0
    """How many sheets were sealed."""

    added: dict[str, str] | None = None
    """Id of a sheet → hash of the last addition to it."""


def chain(book: Book) -> Chain:
    """Where the station stands."""
    return book.get(Chain, ONLY) or Chain()


def on_duty(book: Book) -> tuple[str, Shift]:
    """Id and record of the shift on duty. Raises ``Refused`` where there is none."""
    id = chain(book).shift
    shift = book.get(Shift, id) if id else None
    if shift is None:
        raise Refused("refused.no_shift")
    return id, shift


def next_window(book: Book, now: datetime) -> Window:
    """The shift that comes on duty now: that of the hour, or the one after it where that has been on duty already."""
    said = settings(book)
    found = window(said, now)
    while book.anywhere(Shift, found.id) is not None:
        found = window(said, found.end)
    return found


def opened(
    book: Book, now: datetime, login: str, first: int, notes: tuple[LogNote, ...] = (), since: datetime | None = None
) -> tuple[str, Shift]:
    """A shift coming on duty, with its first officer. ``first``: the last entry that is not its own.

    ``notes``: the log of the shift before; what is pinned there is carried on until somebody takes the pin out, and so
    is what was written after the handover was signed.
    """
    found = next_window(book, now)
    carried = [note for note in notes if (note.pinned or (since and note.at > since)) and not note.struck]
    fresh = Shift(
        name=found.name, english=found.english, start=found.start, end=found.end, opened_at=now, first=first,
        crew=(Crew(login=login, on=now),), notes=tuple(replace(note, n=n) for n, note in enumerate(carried, 1)),
    )  # fmt: skip
    return found.id, fresh


def aboard(shift: Shift, login: str) -> bool:
    """Whether somebody is on duty in a shift."""
    return any(each.login == login and each.off is None for each in shift.crew)


def must_be_aboard(shift: Shift, who: Actor) -> None:
    """Refuse who is not on duty; a chief always is."""
    if not aboard(shift, who.id) and not who.may("take_unsigned"):
        raise Refused("refused.not_aboard", who=who.name or who.id)


def signed_off(book: Book, login: str, now: datetime) -> list[Put]:
    """What somebody has seen until now: what comes after is news to them."""
    found = person(book, login)
    if found is None:
        return []
    return [Put(Person.kind, key_id(login), replace(found, signed_off=book.number, signed_off_at=now))]


def left(shift: Shift, login: str, now: datetime) -> Shift:
    """The shift after somebody has gone."""
    return replace(shift, crew=tuple(replace(c, off=now) if c.login == login and not c.off else c for c in shift.crew))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOn(Act):
    """Come on duty. Where a handover waits, it is taken over first."""

    verb: ClassVar[str] = "sign_on"
    right: ClassVar[str] = "sign"

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Join the shift on duty, or open the first one."""
        at = chain(book)
        shift = book.get(Shift, at.shift) if at.shift else None
        if shift is None:
            id, fresh = opened(book, now, who.id, book.number)
            return Decision((Put(Shift.kind, id, fresh), Put(Chain.kind, ONLY, replace(at, shift=id))))
        if shift.state is ShiftState.HANDING:
            raise Refused("refused.sheet_waits")
        if aboard(shift, who.id):
            return Decision()
        late = [("warning.shift_over", {"name": Both(shift.name, shift.english)})] if now >= shift.end else []
        joined = replace(shift, crew=(*shift.crew, Crew(login=who.id, on=now)))
        return Decision((Put(Shift.kind, at.shift, joined),), "", late)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff(Act):
    """Go off duty while others stay. The last one hands over instead."""

    verb: ClassVar[str] = "sign_off"
    right: ClassVar[str] = "sign"

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Leave the crew."""
        id, shift = on_duty(book)
        if not aboard(shift, who.id):
            raise Refused("refused.not_aboard", who=who.name or who.id)
        if shift.state is ShiftState.OPEN and sum(c.off is None for c in shift.crew) == 1:
            raise Refused("refused.last_aboard")
        return Decision((Put(Shift.kind, id, left(shift, who.id, now)), *signed_off(book, who.id, now)))


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteLog(Act):
    """Write a line into the shift's log."""

    verb: ClassVar[str] = "log"
    right: ClassVar[str] = "shift_log"

    text: str
    """The line."""

    about: NoteKind = NoteKind.SITUATION
    """situation, watch, visitor or equipment."""

    pinned: bool = False
    """Whether it must be carried to the next shift."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Add it."""
        id, shift = on_duty(book)
        must_be_aboard(shift, who)
        if not self.text.strip():
            raise Refused("refused.field_missing", field="text")
        fresh = LogNote(n=len(shift.notes) + 1, at=now, by=who.id, about=self.about, text=self.text, pinned=self.pinned)
        return Decision((Put(Shift.kind, id, replace(shift, notes=(*shift.notes, fresh))),), self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLog(Act):
    """Strike a line of the shift's log out, or pin it. Before the handover is signed."""

    verb: ClassVar[str] = "change_log"
    right: ClassVar[str] = "shift_log"

    note: int
    """Its place in the log."""

    strike: str = ""
    """Why it is struck out."""

    pinned: bool | None = None
    """Whether it must be carried."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Change the mark; the words stay."""
        id, shift = on_duty(book)
        must_be_aboard(shift, who)
        if shift.state is not ShiftState.OPEN:
            raise Refused("refused.handed")
        found = next((each for each in shift.notes if each.n == self.note), None)
        if found is None:
            raise Refused("refused.no_note", n=self.note)
        fresh = replace(
            found, struck=self.strike or found.struck, pinned=found.pinned if self.pinned is None else self.pinned
        )
        if fresh == found:
            return Decision()
        notes = tuple(fresh if each.n == self.note else each for each in shift.notes)
        return Decision((Put(Shift.kind, id, replace(shift, notes=notes)),), self.strike)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveOrder(Act):
    """Give a standing order, which every officer reads."""

    verb: ClassVar[str] = "order"
    right: ClassVar[str] = "shift_log"

    text: str
    """What is ordered."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Add it; who gives it has read it."""
        if not self.text.strip():
            raise Refused("refused.field_missing", field="text")
        fresh = Order(text=self.text, by=who.id, at=now, read=(who.id,))
        return Decision((Put(Order.kind, Number(Order.kind), fresh),), self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOrder(Act):
    """Say that one has read a standing order, or end it."""

    verb: ClassVar[str] = "read_order"
    right: ClassVar[str] = "shift_log"

    order: str
    """Its number."""

    end: bool = False
    """Whether it holds no longer."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Mark it."""
        found = book.get(Order, self.order)
        if found is None:
            raise Refused("refused.no_order", n=self.order)
        fresh = replace(
            found,
            read=found.read if who.id in found.read else (*found.read, who.id),
            ended=now if self.end and not found.ended else found.ended,
        )
        return Decision() if fresh == found else Decision((Put(Order.kind, self.order, fresh),))


def unread(book: Book, login: str) -> list[tuple[str, Order]]:
    """Standing orders that somebody has not read."""
    return [(id, order) for id, order in book.all(Order) if order.ended is None and login not in order.read]
