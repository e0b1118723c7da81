"""The handover sheet: what one shift tells the next, sealed and chained by hash to the sheet before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from console.book import Book
from console.record import Record


class Weight(StrEnum):
    """How much a case weighs in the handover: 紧急, 关注, 平稳."""

    URGENT = "urgent"
    WATCH = "watch"
    STABLE = "stable"


class SheetState(StrEnum):
    """Where a sheet is."""

    DRAFT = "draft"
    HANDED = "handed"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Record):
    """One case on the sheet."""

    issue: str
    """Id of the case."""

    weight: Weight
    """How much it weighs."""

    severity: str = ""
    """p1 to p4."""

    title: str
    """What it is."""

    status: str
    """Where it was."""

    grid: str = ""
    """Where in the tree."""

    place: str = ""
    """Where, in words."""

    voices: int = 0
    """Households that say "me too"."""

    reopened: int = 0
    """How often it was opened again."""

    said: str = ""
    """What the resident said when it was opened again."""

    due: datetime | None = None
    """What was due first."""

    stage: str = ""
    """The stage that was due first; empty where it was the case itself."""

    overdue: bool = False
    """Whether what was due first was late."""

    next: str = ""
    """What is to be done next: the officer's words, or the key of a sentence beginning with ``next.``."""

    who: str = ""
    """Who is to do it: officer, agency."""

    by: datetime | None = None
    """By when."""

    if_then: str = ""
    """If … then …"""

    ring: str = ""
    """Whom to ring."""

    remind_at: datetime | None = None
    """When somebody wants to be reminded."""

    remind: str = ""
    """Of what."""

    carried: int = 1
    """The shift it is in, counted from the first one that handed it over: 第4班."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Record):
    """What the outgoing officer changed in a line before signing."""

    weight: Weight | None = None
    """How much the case weighs."""

    title: str = ""
    """The case in one line."""

    next: str = ""
    """What is to be done next."""

    who: str = ""
    """Who is to do it."""

    by: datetime | None = None
    """By when."""

    if_then: str = ""
    """If … then …"""

    ring: str = ""
    """Whom to ring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried(Record):
    """A line of the log or a standing order on the sheet."""

    n: str = ""
    """Its number, by which it can be named."""

    about: str = ""
    """Kind of a line of the log."""

    pinned: bool = False
    """Whether it is carried to the next shift."""

    at: datetime
    """When it was written."""

    by: str
    """Who wrote it."""

    text: str
    """What it says."""

    struck: str = ""
    """Why it was struck out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature(Record):
    """Somebody's word that it is so."""

    login: str
    """Who."""

    name: str
    """Their name as it was then."""

    at: datetime
    """When."""

    source: str = ""
    """From where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack(Record):
    """An urgent case in the receiver's own words."""

    issue: str
    """Id of the case."""

    by: str
    """Login of the receiver."""

    at: datetime
    """When."""

    text: str
    """What they wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Record):
    """What the receiver asks back."""

    n: int
    """Its place, from 1."""

    issue: str = ""
    """Id of the case; empty where it is about something else."""

    by: str
    """Who asks."""

    at: datetime
    """When."""

    text: str
    """The question."""

    answer: str = ""
    """What the outgoing officer said."""

    answered_at: datetime | None = None
    """When."""

    answered_by: str = ""
    """Who."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition(Record):
    """What was added after sealing, marked as such, with a hash of its own on top of the sheet's."""

    by: str
    """Who."""

    at: datetime
    """When."""

    text: str
    """What."""

    hash: str = ""
    """SHA-256 over the hash before it and this addition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(Record):
    """One handover. Its id is the shift's."""

    kind: ClassVar[str] = "sheets"

    state: SheetState = SheetState.DRAFT
    """Where it is."""

    station: str = ""
    """Name of the station."""

    shift: str = ""
    """Name of the shift in Chinese."""

    english: str = ""
    """Name of the shift in English."""

    start: datetime | None = None
    """When the shift began by the settings."""

    end: datetime | None = None
    """When it ended by the settings."""

    made_at: datetime | None = None
    """When its content was fixed."""

    entry: int = 0
    """The last entry that it tells of; what came later belongs to the next shift."""

    head: str = ""
    """Short form of that entry's hash, as ``verify --head`` takes it: printed, the paper vouches for the files."""

    figures: dict[str, int] | None = None
    """What the shift did, by name."""

    behind: dict[str, tuple[str, ...]] | None = None
    """Name of a figure → ids of the cases that it counts, the first ones where there are many."""

    crew: tuple[str, ...] = ()
    """Logins of who was on duty."""

    items: tuple[Item, ...] = ()
    """Open cases, urgent ones first."""

    stable_more: int = 0
    """Open stable cases beyond those listed."""

    more: int = 0
    """Other open cases beyond those that one sheet can hold."""

    log: tuple[Carried, ...] = ()
    """What officers wrote into the log, what was struck out marked as such."""

    orders: tuple[Carried, ...] = ()
    """Standing orders."""

    owed: tuple[str, ...] = ()
    """Ids of cases whose household is owed a call."""

    edits: dict[str, Edited] | None = None
    """Id of a case → what the outgoing officer has changed so far; part of the items once it is handed over."""

    outgoing: Signature | None = None
    """Who handed over; none where they left without signing."""

    unsigned_why: str = ""
    """Why it was taken over unsigned (未交)."""

    incoming: Signature | None = None
    """Who took over."""

    read_backs: tuple[ReadBack, ...] = ()
    """Urgent cases in the receiver's words."""

    ticks: tuple[str, ...] = ()
    """``login:id`` of the other cases that the receiver has ticked, one by one."""

    became_urgent: tuple[Item, ...] = ()
    """Cases that became urgent after the outgoing signature; read back as well."""

    came_later: tuple[Item, ...] = ()
    """Other cases taken in after the outgoing signature: they are of the next shift, and whoever took over saw them."""

    questions: tuple[Question, ...] = ()
    """What was asked back."""

    open_questions: bool = False
    """Whether both signed with a question open."""

    marks: tuple[str, ...] = ()
    """What a supervisor should look at, by the settings of that day: keys of ``reviews.MARKS``."""

    number: int = 0
    """Its place in the chain, from 1."""

    before: str = ""
    """Id of the sheet before it."""

    before_hash: str = ""
    """Hash of the sheet before it."""

    hash: str = ""
    """SHA-256 of everything above, once sealed."""

    additions: tuple[Addition, ...] = ()
    """What was added later."""


def sheet_of(book: Book, shift: str) -> Sheet | None:
    """The sheet of a shift as people name it; None where there is none, or where that is no name of a shift."""
    known = shift.isascii() and shift.isdigit() and len(shift) < 18 and shift[0] != "0"
    return book.anywhere(Sheet, shift) if known else None
