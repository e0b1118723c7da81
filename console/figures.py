"""Figures over many cases: how many were done in time, how many reopened, how fast the first hand was on them.

Every share comes with its N; a share of nothing is None, never 0 or 100. Overdue facts that an appeal has exempted are
counted both ways.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from console.book import Book, Refused
from console.clock import zone
from console.config import settings
from console.issues import Issue
from console.record import Doc
from console.rows import NEVER, Row, seconds
from storage.store import Query


@dataclass
class Sum:
    """Figures of a group of cases."""

    cases: int = 0
    """All of them."""

    filed: int = 0
    """Accepted: neither new nor rejected."""

    ended: int = 0
    """Closed."""

    timed: int = 0
    """Closed ones that had a due moment."""

    in_time: int = 0
    """Of those, done by it."""

    exempted: int = 0
    """Of those, overdue but exempted by an appeal."""

    closed_in_time: int = 0
    """Of those, closed by it."""

    open_overdue: int = 0
    """Open ones past their due moment."""

    reopened: int = 0
    """Opened again after closing."""

    resolved: int = 0
    """Done at least once, whatever came after."""

    reworked: int = 0
    """Of those, sent back to work, reopening included."""

    returned: int = 0
    """With an errand given back."""

    sent: int = 0
    """With an errand at all."""

    touches: list[float] = field(default_factory=list)
    """Seconds from taking in to filing or answering, where the desk did it."""

    def add(self, row: Row, now: float) -> None:
        """Count one case."""
        doc = row.doc
        self.cases += 1
        self.filed += row.status not in ("new", "rejected")
        self.reopened += row.reopened > 0
        again = doc.get("round", 0) > 0
        self.reworked += again
        self.resolved += again or row.status in ("resolved", "closed")
        errands = doc.get("errands", ())
        self.sent += bool(errands)
        self.returned += any(e.get("state") in ("returned", "refused") or e.get("evidence") for e in errands)
        if row.open and row.legal < now:
            self.open_overdue += 1
        if row.status == "closed":
            self.ended += 1
            if row.legal != NEVER:
                self.timed += 1
                self.in_time += not row.late
                self.closed_in_time += seconds(doc.get("ended_at")) <= row.legal and not doc.get("late")
                self.exempted += row.late and bool(doc.get("exempt"))
        touched = seconds(doc.get("touched_at"))
        if touched != NEVER:
            self.touches.append(max(touched - seconds(doc.get("taken_at")), 0.0))

    def plain(self) -> dict[str, float | int | None]:
        """The figures by name; shares with what they are of."""
        return {
            "cases": self.cases,
            "closed": self.ended,
            "open_overdue": self.open_overdue,
            "filed_rate": share(self.filed, self.cases),
            "in_time_n": self.timed,
            "in_time": self.in_time,
            "overdue": self.timed - self.in_time,
            "exempted": self.exempted,
            "in_time_rate": share(self.in_time, self.timed),
            "in_time_rate_exempted": share(self.in_time + self.exempted, self.timed),
            "closed_in_time_rate": share(self.closed_in_time, self.timed),
            "reopened": self.reopened,
            "rework_rate": share(self.reworked, self.resolved),
            "return_rate": share(self.returned, self.sent),
            "first_touch_median_s": percentile(self.touches, 0.5),
            "first_touch_p90_s": percentile(self.touches, 0.9),
        }


def share(part: int, of: int) -> float | None:
    """A share between 0 and 1; None where there is nothing to share."""
    return part / of if of else None


def percentile(values: list[float], at: float) -> float | None:
    """The value below which such a share of the values lies (nearest rank); None where there are none."""
    if not values:
        return None
    return sorted(values)[max(math.ceil(at * len(values)) - 1, 0)]


def period(book: Book, said: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """From when to when: ``today``, ``week``, ``month``, ``2026``, ``2026-11``, ``2026-11-23``, ``all``; or ``Refused``."""
    here = zone(settings(book).timezone)
    midnight = now.astimezone(here).replace(hour=0, minute=0, second=0, microsecond=0)
    if said in ("", "all"):
        return None, None
    if said == "today":
        return midnight, midnight + timedelta(days=1)
    if said == "week":
        monday = midnight - timedelta(days=midnight.weekday())
        return monday, monday + timedelta(days=7)
    if said == "month":
        said = f"{midnight:%Y-%m}"
    return _span(said, here)


def _span(said: str, here: ZoneInfo) -> tuple[datetime, datetime]:
    """A year, a month or a day."""
    parts = said.split("-")
    try:
        numbers = [int(part) for part in parts]
        start = datetime(*[*numbers, 1, 1][:3], tzinfo=here) if len(numbers) <= 3 else None  # type: ignore[arg-type,misc]
    except ValueError:
        start = None
    if start is None:
        raise Refused("refused.period", said=said)
    if not 1900 <= start.year < 2200:
        raise Refused("refused.period", said=said)
    if len(parts) == 1:
        return start, start.replace(year=start.year + 1)
    if len(parts) == 2:
        return start, (start + timedelta(days=32)).replace(day=1)
    return start, start + timedelta(days=1)


def every_row(book: Book) -> Iterable[Row]:
    """Every case, open and archived."""
    yield from (Row(id, doc) for id, doc in book.docs(Issue.kind).items())
    yield from (Row(found.id, found.body) for found in book.find(Query(Issue.kind, limit=10_000_000)))


def by(rows: Iterable[Row], key: str, since: datetime | None, until: datetime | None, now: float) -> dict[str, Sum]:
    """Figures by a field of the cases (category, source, grid, status), over when they were told; the sum under ""."""
    found: dict[str, Sum] = {"": Sum()}
    for row in rows:
        if (since and row.reported < since.timestamp()) or (until and row.reported >= until.timestamp()):
            continue
        found[""].add(row, now)
        found.setdefault(group(row.doc, key), Sum()).add(row, now)
    return found


def group(doc: Doc, key: str) -> str:
    """The group a case belongs to; – where its field is empty."""
    default = {"source": "walk-in", "status": "new", "severity": "p3"}.get(key, "")
    return str(doc.get(key, default)) or "–"
