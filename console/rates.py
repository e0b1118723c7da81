"""Rates of call-backs: in touch, solved, satisfied, and the three together; each with its N and the cases it is of.

N is the number of cases whose resident was reached in the period; the last call that reached them counts. Nobody reached
is no rate, never 0 or 100.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from console.book import Book
from console.chat.settings import RateSettings
from console.clock import zone
from console.config import settings
from console.issues import Issue
from console.record import Doc, moment
from storage.store import Query

GROUPS = ("", "agency", "grid", "category", "officer")
"""By what rates may be told: all together, or each of these."""

LISTS = ("reached", "contacted", "solved", "partly", "unsolved", "satisfied", "fairly", "dissatisfied", "missed")
"""The lists of cases behind the rates."""

DAY = timedelta(days=1)
"""A day."""


@dataclass
class Rates:
    """What residents said, as ids of their cases."""

    reached: list[str] = field(default_factory=list)
    """Whose resident was reached: N."""

    missed: list[str] = field(default_factory=list)
    """Whose resident was rung and not reached."""

    contacted: list[str] = field(default_factory=list)
    """Where whoever handled it had got in touch."""

    solved: list[str] = field(default_factory=list)
    """Solved."""

    partly: list[str] = field(default_factory=list)
    """Solved in part: that is not solved."""

    unsolved: list[str] = field(default_factory=list)
    """Not solved: these were opened again."""

    satisfied: list[str] = field(default_factory=list)
    """Satisfied."""

    fairly: list[str] = field(default_factory=list)
    """Fairly satisfied."""

    dissatisfied: list[str] = field(default_factory=list)
    """Dissatisfied."""

    def add(self, id: str, call: Doc) -> None:
        """Count the call that counts of one case."""
        if not call.get("reached"):
            self.missed.append(id)
            return
        self.reached.append(id)
        if call.get("contacted"):
            self.contacted.append(id)
        {"yes": self.solved, "partly": self.partly, "no": self.unsolved}.get(call.get("solved", ""), []).append(id)
        said = {"satisfied": self.satisfied, "fairly": self.fairly, "dissatisfied": self.dissatisfied}
        said.get(call.get("satisfied", ""), []).append(id)

    @property
    def n(self) -> int:
        """How many were reached."""
        return len(self.reached)

    def shares(self, by: RateSettings) -> dict[str, float | None]:
        """The rates by name, between 0 and 1; None where nobody was reached."""
        if not self.n:
            return dict.fromkeys(("contacted_rate", "solved_rate", "satisfied_rate", "overall_rate"))
        contacted, solved = len(self.contacted) / self.n, len(self.solved) / self.n
        satisfied = (len(self.satisfied) + by.fairly * len(self.fairly)) / self.n
        overall = by.contacted * contacted + by.solved * solved + by.satisfied * satisfied
        return {"contacted_rate": contacted, "solved_rate": solved, "satisfied_rate": satisfied, "overall_rate": overall}


def month(of: RateSettings, local: datetime) -> tuple[datetime, datetime]:
    """From when to when the month of rates lies in which a moment is, station-local."""
    hours, minutes = (int(part) for part in of.day_from.split(":"))
    cut = timedelta(hours=hours, minutes=minutes)
    day = (local - cut).replace(hour=0, minute=0, second=0, microsecond=0)
    first = day.replace(day=of.month_from)
    if first > day:
        first = (first.replace(day=1) - timedelta(days=1)).replace(day=of.month_from)
    until = (first.replace(day=1) + timedelta(days=32)).replace(day=of.month_from)
    return first + cut, until + cut


def span(book: Book, said: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """A period of rates by name: as ``figures.period``, but months and days begin when the settings say."""
    from console.figures import period

    of, here = settings(book).rates, zone(settings(book).timezone)
    if said == "month":
        return month(of, now.astimezone(here))
    since, until = period(book, said, now)
    if since is None or until is None:
        return since, until
    hours, minutes = (int(part) for part in of.day_from.split(":"))
    cut = timedelta(hours=hours, minutes=minutes)
    if said.count("-") == 1 and of.month_from > 1:  # named after the month in which it ends
        since, until = (since - timedelta(days=1)).replace(day=of.month_from), since.replace(day=of.month_from)
    return since + cut, until + cut


def counted(doc: Doc, since: datetime | None, until: datetime | None) -> Doc | None:
    """The call of a case that counts in a period: the last that reached somebody, else the last; None without one."""
    calls = [
        each
        for each in doc.get("callbacks", ())
        if (since is None or moment(each["at"]) >= since) and (until is None or moment(each["at"]) < until)
    ]
    reached = [each for each in calls if each.get("reached")]
    found: Doc | None = (reached or calls or [None])[-1]
    return found


def groups_of(doc: Doc, by: str) -> Iterator[str]:
    """The groups that a case counts in; every agency that has reported on it; of "–" what the desk did itself."""
    if by == "agency":
        sent = [each for each in doc.get("errands", ()) if each.get("state", "sent") == "done"]
        yield from dict.fromkeys(each["agency"] for each in sent) or ("–",)
    elif by in ("grid", "category"):
        yield str(doc.get(by, "")) or "–"
    elif by == "officer":
        yield str(doc.get("owner", "")) or "–"


def rates(cases: Iterable[tuple[str, Doc]], by: str, since: datetime | None, until: datetime | None) -> dict[str, Rates]:
    """Rates by group, the sum under "". Raises ``Refused`` for a group that is none."""
    if by not in GROUPS:
        from console.keys import unknown

        raise unknown("refused.no_group_by", by, [each for each in GROUPS if each])
    found = {"": Rates()}
    for id, doc in cases:
        call = counted(doc, since, until)
        if call is None:
            continue
        found[""].add(id, call)
        for name in groups_of(doc, by):
            found.setdefault(name, Rates()).add(id, call)
    return found


def cases(book: Book, *, archived: bool) -> Iterator[tuple[str, Doc]]:
    """Cases at hand, and those of the archive."""
    yield from book.docs(Issue.kind).items()
    if archived:
        for each in book.find(Query(Issue.kind, limit=10_000_000)):
            yield each.id, each.body
