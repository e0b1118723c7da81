"""What people would rather look at than read: counts in columns, with the cases behind each. Nothing here draws.

Counted over the cases that a session has at hand (open ones, and those that ended within the days that the station keeps),
so that looking costs the same in the tenth year as in the first month.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from console.agencies import title
from console.book import Book
from console.clock import zone
from console.config import settings
from console.errands import Errand
from console.numbers import CASES
from console.record import Doc, moment
from console.rows import NEVER, seconds
from console.sla import due
from console.workdays import Calendar

DAYS = 14
"""Days that are counted one by one."""

TOUCH = (5, 15, 30, 60, 240)
"""Minutes to the first touch at which a column ends; the last one has no end."""

AGENCIES = 9
"""Agencies that have a column."""


NAMES = ("hours", "days", "touch", "agencies")
"""The pictures, in their order."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is of, and for each series the ids of the cases that it counts."""

    label: object
    """What it is of: an hour, a day, a span, a name in both languages."""

    ids: tuple[tuple[str, ...], ...]
    """The cases, one tuple a series."""


@dataclass(frozen=True, slots=True)
class Plot:
    """One picture."""

    name: str
    """hours, days, touch or agencies: ``plot.<name>`` is its title."""

    series: tuple[str, ...]
    """Names of the series: ``plot.series.<name>``."""

    columns: tuple[Column, ...]
    """The columns, in order."""


def plot(book: Book, name: str, now: datetime) -> Plot:
    """One picture, by its name."""
    docs = book.docs(CASES)
    if name == "touch":
        return first_touch(docs)
    made = {"hours": by_hour, "days": by_day, "agencies": by_agency}[name]
    return made(book, docs, now)


def by_hour(book: Book, docs: dict[str, Doc], now: datetime) -> Plot:
    """Cases taken in and ended in these days, by the hour of the day at the station."""
    here, since = _days(book, now)
    columns = _flow(docs, since, range(24), lambda at: at.astimezone(here).hour)
    return Plot("hours", ("taken", "ended"), columns)


def by_day(book: Book, docs: dict[str, Doc], now: datetime) -> Plot:
    """Cases taken in and ended, day by day."""
    here, since = _days(book, now)
    days = [since.astimezone(here).date() + timedelta(days=n) for n in range(DAYS)]
    columns = _flow(docs, since, days, lambda at: at.astimezone(here).date())
    return Plot("days", ("taken", "ended"), columns)


def _days(book: Book, now: datetime) -> tuple[ZoneInfo, datetime]:
    """The station's zone, and the midnight with which the days begin."""
    here = zone(settings(book).timezone)
    midnight = now.astimezone(here).replace(hour=0, minute=0, second=0, microsecond=0)
    return here, midnight - timedelta(days=DAYS - 1)


def _flow(
    docs: dict[str, Doc], since: datetime, labels: Iterable[object], of: Callable[[datetime], object]
) -> tuple[Column, ...]:
    """What came in and what ended, sorted into columns."""
    found: dict[object, tuple[list[str], list[str]]] = {label: ([], []) for label in labels}
    for id, doc in docs.items():
        for n, field in enumerate(("taken_at", "ended_at")):
            at = moment(doc[field]) if doc.get(field) else None
            if at is not None and at >= since and of(at) in found:
                found[of(at)][n].append(id)
    return tuple(Column(label, (tuple(come), tuple(gone))) for label, (come, gone) in found.items())


def first_touch(docs: dict[str, Doc]) -> Plot:
    """How long cases waited for the first hand on them, in minutes."""
    found: list[list[str]] = [[] for _ in range(len(TOUCH) + 1)]
    for id, doc in docs.items():
        touched, taken = seconds(doc.get("touched_at")), seconds(doc.get("taken_at"))
        if NEVER not in (touched, taken):
            minutes = max(touched - taken, 0) / 60
            found[sum(minutes >= end for end in TOUCH)].append(id)
    return Plot("touch", ("cases",), tuple(Column((*TOUCH, 0)[n], (tuple(ids),)) for n, ids in enumerate(found)))


def by_agency(book: Book, docs: dict[str, Doc], now: datetime) -> Plot:
    """Errands that are overdue and open, and that were done late, by agency."""
    from console.config import calendar

    days = calendar(book)
    found: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for id, doc in docs.items():
        for each in doc.get("errands", ()):
            n = _late(each, days, now)
            if n is not None:
                found.setdefault(each["agency"], ({}, {}))[n][id] = None
    ranked = sorted(found.items(), key=lambda pair: (-len(pair[1][0]), -len(pair[1][1]), pair[0]))[:AGENCIES]
    columns = tuple(Column(title(book, slug), tuple(tuple(ids) for ids in both)) for slug, both in ranked)
    return Plot("agencies", ("overdue", "done_late"), columns)


def _late(errand: Doc, days: Calendar, now: datetime) -> int | None:
    """0 where an errand is open and overdue, 1 where it was done late, None where it was neither."""
    state = errand.get("state", "sent")
    if state not in ("sent", "accepted", "done"):
        return None
    record = Errand.parse(errand)
    found = due(record.clock, days)
    if found is None or found.paused:
        return None
    if state == "done":
        return 1 if record.ended_at is not None and record.ended_at > found.legal else None
    return 0 if found.legal < now else None
