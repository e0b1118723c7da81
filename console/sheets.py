"""The handover sheet: what one shift tells the next, sealed and chained by hash to the sheet before it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, ClassVar

from console.book import Book
from console.record import Record, replace
from console.shifts import chain
from storage.entry import check_id


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

    title: str
    """What it is."""

    status: str
    """Where it was."""

    grid: str = ""
    """Where in the tree."""

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

    figures: dict[str, int] | None = None
    """What the shift did, by name."""

    items: tuple[Item, ...] = ()
    """Open cases, urgent ones first."""

    stable_more: int = 0
    """Open stable cases beyond those listed."""

    more: int = 0
    """Other open cases beyond those that one sheet can hold."""

    log: tuple[Carried, ...] = ()
    """What officers wrote into the log, but for what was struck out."""

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

    questions: tuple[Question, ...] = ()
    """What was asked back."""

    open_questions: bool = False
    """Whether both signed with a question open."""

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


def sheet_hash(sheet: Sheet) -> str:
    """The hash of a sheet's content and, through it, of every sheet before it."""
    content = replace(sheet, hash="", additions=()).dump()
    return _sha(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def addition_hash(before: str, addition: Addition) -> str:
    """The hash of an addition on top of the hash before it."""
    content = replace(addition, hash="").dump()
    return _sha(before + json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def _sha(text: str) -> str:
    """SHA-256 of a text, in hex."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def faults(id: str, doc: dict[str, Any]) -> list[str]:
    """Keys of sentences that say what is wrong with one sealed sheet by itself; none where every byte is as sealed."""
    try:
        sheet = Sheet.parse(doc)
        plain = sheet.dump() == doc
        if not (isinstance(sheet.additions, tuple) and all(isinstance(t, str) for t in (sheet.hash, sheet.before_hash))):
            return ["sheet.unreadable"]
        if sheet.before and check_id(sheet.before) != sheet.before:
            return ["sheet.unreadable"]
    except (TypeError, ValueError, KeyError, AttributeError):
        return ["sheet.unreadable"]
    found = []
    if sheet.state is not SheetState.SEALED or sheet_hash(sheet) != sheet.hash or not plain:
        found.append("sheet.changed")
    before = sheet.hash
    for addition in sheet.additions:
        if addition_hash(before, addition) != addition.hash:
            found.append("sheet.addition_changed")
            break
        before = addition.hash
    return found


def check_chain(book: Book) -> Iterator[tuple[str, str]]:
    """Walk the chain from the last sealed sheet to the first: (id of the sheet, key of what is wrong with it)."""
    at = chain(book)
    id, wanted, number, added = at.sheet, at.hash, at.number, dict(at.added or {})
    passed: set[str] = set()
    while id:
        doc = book.anywhere_doc(Sheet.kind, id)
        if doc is None or id in passed:
            yield id, "sheet.missing"
            break
        passed.add(id)
        wrong = faults(id, doc)
        yield from ((id, word) for word in wrong)
        if "sheet.unreadable" in wrong:
            break
        sheet = Sheet.parse(doc)
        if sheet.hash != wanted and "sheet.changed" not in wrong:
            yield id, "sheet.replaced"
        if sheet.number != number:
            yield id, "sheet.number"
        last = sheet.additions[-1].hash if sheet.additions else ""
        if added.pop(id, "") != last:
            yield id, "sheet.addition_changed"
        id, wanted, number = sheet.before, sheet.before_hash, number - 1
    else:
        if number != 0:
            yield "", "sheet.missing"
        yield from ((each, "sheet.addition_changed") for each in added)
    for each, doc in book.docs(Sheet.kind).items():
        if doc.get("state") == SheetState.SEALED and each not in passed:
            yield each, "sheet.outside"
