"""What changed since somebody was last here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from console.act import Actor
from console.book import Book
from console.briefing import undid
from console.config import settings
from console.issues import TAKES, Issue
from console.record import Doc
from console.rows import Row, seconds
from console.shifts import unread
from console.staff import person
from console.status import ENDED, S

AGAIN = frozenset(("reopen", "callback", "take_answer", "rework"))
"""Acts that may open a case again."""

DROPPED = frozenset((S.REJECTED, S.VOIDED))
"""Where a case is that nobody goes on with."""


NEWS = ("new", "closed", "reopened", "overdue", "handed", "moved")
"""Kinds of news of cases, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class News:
    """What changed since somebody last signed off: ids of cases, what is urgent first."""

    since: datetime | None
    """When that was; none where they never did."""

    new: tuple[str, ...]
    """Taken in."""

    closed: tuple[str, ...]
    """Closed."""

    reopened: tuple[str, ...]
    """Opened again."""

    overdue: tuple[str, ...]
    """Became overdue."""

    handed: tuple[str, ...]
    """Came into one's own hands."""

    moved: tuple[str, ...]
    """Gone on with by others in any other way."""

    orders: tuple[str, ...]
    """Standing orders that one has not read."""


def news(book: Book, now: datetime, who: Actor) -> News:
    """What changed since somebody last signed off, readable in a minute. A case is told once, as what weighs most."""
    found = person(book, who.id)
    mark = found.signed_off if found else 0
    since = found.signed_off_at if found else None
    last, moved = dict[str, Doc](), dict[str, None]()
    new, reopened, handed = dict[str, None](), dict[str, None](), dict[str, None]()
    entries = book.since(mark) if mark else []
    undone = {undid(entry) for entry in entries if entry.what == "undo"}
    for entry in entries:
        for kind, id, doc in entry.ops:
            if kind != Issue.kind or doc is None:
                continue
            owner = last[id].get("owner") if id in last else None
            last[id] = doc
            if entry.what == "undo" or entry.number in undone:
                continue  # it did not come about
            if doc.get("owner") == who.id and who.id not in (entry.who, owner):
                handed[id] = None
            if entry.what in TAKES:
                new[id] = None
            if entry.what in AGAIN and doc.get("status") not in ENDED:
                reopened[id] = None
            if entry.who != who.id:
                moved[id] = None
    within = settings(book).handover.urgent_within * 60
    moment, past = now.timestamp(), since.timestamp() if since else 0.0
    rows = {id: Row(id, doc) for id, doc in book.docs(Issue.kind).items()}
    late = [id for id, row in rows.items() if row.open and past < row.legal < moment]
    closed = [id for id, doc in last.items() if doc.get("status") == "closed" and _after(doc.get("ended_at"), past)]
    fresh = [id for id in new if last[id].get("status") not in DROPPED]
    given = [id for id in handed if id in rows and rows[id].open and not _owned(book, id, who, mark)]
    told = {*fresh, *closed, *reopened, *late, *given}

    def urgent_first(ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(ids, key=lambda id: (id not in rows or not rows[id].urgent(moment, within), id)))

    return News(
        since,
        urgent_first(fresh),
        urgent_first(closed),
        urgent_first(id for id in reopened if id in rows and rows[id].open),
        urgent_first(late),
        urgent_first(given),
        urgent_first(id for id in moved if id not in told),
        tuple(id for id, _ in unread(book, who.id)),
    )


def _after(at: str | None, past: float) -> bool:
    """Whether a moment of a record is not before another one."""
    return bool(at) and seconds(at) >= past


def _owned(book: Book, id: str, who: Actor, mark: int) -> bool:
    """Whether somebody had a case in hand already when they signed off."""
    for entry in book.story(Issue.kind, id):
        if entry.number <= mark:
            return any(kind == Issue.kind and of == id and (doc or {}).get("owner") == who.id for kind, of, doc in entry.ops)
    return False
