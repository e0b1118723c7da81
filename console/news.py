"""What changed since somebody was last here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from console.act import Actor
from console.book import Book
from console.config import settings
from console.issues import Issue
from console.rows import Row
from console.shifts import unread
from console.staff import person


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

    orders: tuple[str, ...]
    """Standing orders that one has not read."""


def news(book: Book, now: datetime, who: Actor) -> News:
    """What changed since somebody last signed off, readable in a minute."""
    found = person(book, who.id)
    mark = found.signed_off if found else 0
    since = found.signed_off_at if found else None
    new, closed, reopened, handed = dict[str, None](), dict[str, None](), dict[str, None](), dict[str, None]()
    for entry in book.since(mark) if mark else ():
        for kind, id, doc in entry.ops:
            if kind != Issue.kind or doc is None:
                continue
            if entry.what == "take":
                new[id] = None
            if doc.get("status") == "closed":
                closed[id] = None
            elif entry.what in ("reopen", "callback", "rework"):
                closed.pop(id, None)
                reopened[id] = None
            if doc.get("owner") == who.id and entry.who != who.id:
                handed[id] = None
    within = settings(book).handover.urgent_within * 60
    moment, past = now.timestamp(), since.timestamp() if since else 0.0
    rows = {id: Row(id, doc) for id, doc in book.docs(Issue.kind).items()}
    late = [id for id, row in rows.items() if row.open and past < row.legal < moment]

    def urgent_first(ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(ids, key=lambda id: (id not in rows or not rows[id].urgent(moment, within), id)))

    return News(
        since,
        urgent_first(new),
        urgent_first(closed),
        urgent_first(reopened),
        urgent_first(late),
        urgent_first(id for id in handed if id in rows and rows[id].open),
        tuple(id for id, _ in unread(book, who.id)),
    )
