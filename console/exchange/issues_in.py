"""A row of somebody else's table becomes a case of ours, or is refused with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from console import limits, sla
from console.book import Book
from console.categories import SEVERITIES, categories
from console.clock import FIRST, LAST
from console.config import settings
from console.exchange.maps import Map
from console.exchange.reading import Line
from console.issues import Issue
from console.keys import nearest
from console.record import replace
from console.status import ENDED, Outcome, Status

TITLE = 60
"""Characters that a title has where the table gives none."""


@dataclass(frozen=True, slots=True)
class Rejected(Exception):
    """A row that is refused. Raised while it is read, kept for the file of the rejected."""

    word: str
    """Key of the sentence."""

    facts: dict[str, Any]
    """What stands in it."""


@dataclass(frozen=True, slots=True)
class Read:
    """A row that was understood."""

    line: int
    """Where it stands."""

    issue: Issue
    """The case."""

    warning: tuple[str, dict[str, Any]] | None
    """What is odd about it."""


class Reader:
    """Reads rows by one map, for one station, at one moment."""

    def __init__(self, book: Book, plan: Map, now: datetime) -> None:
        """Prepare what every row needs."""
        self._plan, self._now = plan, now
        self._zone = ZoneInfo(plan.timezone)
        self._said = settings(book)
        self._categories = categories(book)
        self._names = {
            name.casefold(): each.slug
            for each in self._categories.values()
            for name in (each.initials, each.english, each.name, each.slug)
            if name
        }
        self._columns: dict[str, list[str]] = {}
        self._format = 0
        for theirs, ours in plan.columns.items():
            self._columns.setdefault(ours, []).append(theirs)

    def read(self, line: Line) -> Read:
        """The case of a row. Raises ``Rejected``."""
        if line.wrong:
            raise Rejected(line.wrong, line.facts)
        given = self._given(line.fields)
        number = given.get("number", "")
        if not number:
            raise Rejected("import.no_number", {})
        reported = self._moment(given.get("reported", ""), "reported")
        if reported is None:
            raise Rejected("import.no_time", {})
        title, text = given.get("title", ""), given.get("text", "")
        if not title and not text:
            raise Rejected("import.no_text", {})
        category = self._category(given.get("category", ""))
        issue = Issue(
            title=(title or text.splitlines()[0])[:200] if title else text.splitlines()[0][:TITLE],
            text=text,
            category=category,
            severity=self._severity(given.get("severity", ""), category),
            grid=given.get("grid", ""),
            place=given.get("place", ""),
            reporter=given.get("reporter", ""),
            contact=given.get("contact", ""),
            source=self._plan.source,
            source_no=number,
            source_digest=self._digest(given, reported),
            source_facts={k.removeprefix("facts."): v for k, v in given.items() if k.startswith("facts.") and v},
            reported_at=reported,
            taken_at=reported,
        )
        return self._timed(line.number, issue, given)

    def _given(self, fields: dict[str, str]) -> dict[str, str]:
        """Our field → what the row says, trimmed; several columns of one field joined."""
        given = dict(self._plan.constants)
        for ours, columns in self._columns.items():
            found = [text for column in columns if (text := fields.get(column, "").strip())]
            if found:
                given[ours] = found[0] if len(found) == 1 else " · ".join(dict.fromkeys(found))
        return given

    def _digest(self, given: dict[str, str], reported: datetime) -> str:
        """What makes two rows the same: their words, however they are spaced and however the time is written."""
        alike = {name: "".join(text.split()) for name, text in given.items() if text} | {"reported": reported.isoformat()}
        for name in ("closed", "target", "updated"):
            if moment := self._moment(given.get(name, ""), name):
                alike[name] = moment.isoformat()
        said = "\x1f".join(f"{name}={alike[name]}" for name in sorted(alike))
        return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def _timed(self, number: int, issue: Issue, given: dict[str, str]) -> Read:
        """The case with its status, its clock and what is odd about it."""
        closed = self._moment(given.get("closed", ""), "closed")
        target = self._moment(given.get("target", ""), "target")
        status = self._status(given.get("status", ""), closed)
        warning: tuple[str, dict[str, Any]] | None = None
        if given.get("category") and not issue.category:
            facts = {**(issue.source_facts or {}), "category": given["category"]}
            issue = replace(issue, source_facts=facts)
            warning = ("import.no_category", {"said": given["category"][:40]})
        limit, until = given.get("limit", ""), target
        if limit:
            try:
                limits.parse(limit)
            except limits.BadLimit:
                issue = replace(issue, source_facts={**(issue.source_facts or {}), "limit": limit})
                warning = ("import.bad_limit", {"said": limit})
                limit = ""
        if not limit:
            known = self._categories.get(issue.category)
            limit = known.limit if known else self._said.severity_limit(issue.severity)
        kind = limits.parse(limit)
        clock = sla.start(issue.reported_at, limit, until) if until or kind.clock else ()
        if kind.counts is limits.Counts.SHIFT and until is None:
            clock = ()
        if until and until < issue.reported_at:
            warning = ("import.target_early", {"target": until.isoformat()})
        ended = status in ENDED
        if ended and closed is None:
            closed = self._moment(given.get("updated", ""), "updated") or issue.reported_at
            warning = ("import.no_end", {"end": closed.isoformat()})
        if ended and closed and closed < issue.reported_at:
            warning = ("import.closed_early", {"opened": given["reported"], "closed": given.get("closed", "")})
        if issue.reported_at > self._now:
            warning = ("import.future", {"reported": given["reported"]})
        resolution = given.get("resolution", "")
        facts = {**(issue.source_facts or {}), **({"resolution": resolution} if resolution else {})}
        issue = replace(
            issue,
            status=status,
            outcome=self._outcome(given.get("outcome", "")) if ended else "",
            limit=limit,
            clock=clock,
            resolved_at=closed if status is Status.CLOSED else None,
            ended_at=closed if ended else None,
            source_facts=facts or None,
            warning=warning[0] if warning else "",
        )
        return Read(number, issue, warning)

    def _moment(self, text: str, field: str) -> datetime | None:
        """A moment in UTC; None where nothing is said. Raises ``Rejected`` for what no format reads."""
        if not text:
            return None
        formats = self._plan.time_formats
        for step in range(len(formats)):
            place = (self._format + step) % len(formats)
            try:
                found = _read(text, formats[place])
                self._format = place
                if found.tzinfo is None:
                    found = found.replace(tzinfo=self._zone)
                if not FIRST.year <= found.year < LAST.year:
                    break
                return found.astimezone(UTC).replace(microsecond=0)
            except (ValueError, OverflowError):
                continue
        raise Rejected("import.bad_time", {"field": field, "said": text[:40]})

    def _status(self, said: str, closed: datetime | None) -> Status:
        """Our status for their word; without a word, by whether it has an end."""
        if not said:
            return Status.CLOSED if closed else Status.NEW
        ours = self._words().get(said.casefold())
        if ours is None:
            raise Rejected("import.no_status", {"said": said[:40], "near": nearest(said, self._plan.status) or "–"})
        return Status(ours)

    def _words(self) -> dict[str, str]:
        """Their words for a status in small letters, and our own."""
        own = {name: name for name in ("new", "filed", "closed", "rejected", "voided")}
        return own | {theirs.casefold(): ours for theirs, ours in self._plan.status.items()}

    def _outcome(self, said: str) -> str:
        """What came of it; another system's "closed" says nothing about that."""
        if said and said not in [str(each) for each in Outcome]:
            raise Rejected("import.no_outcome", {"said": said[:40]})
        return said

    def _category(self, said: str) -> str:
        """Slug of our category for their word, by the map or by one of its names; empty where it is none of ours."""
        return self._names.get(self._plan.category.get(said, said).casefold(), "")

    def _severity(self, said: str, category: str) -> str:
        """Our severity for their word, else the category's."""
        found = self._plan.severity.get(said, said).casefold()
        if found in SEVERITIES:
            return found
        known = self._categories.get(category)
        return known.severity if known else "p3"


def _read(text: str, form: str) -> datetime:
    """A moment in one format. Raises ``ValueError``."""
    if form == "iso":
        return datetime.fromisoformat(text)
    return datetime.strptime(text, form)
