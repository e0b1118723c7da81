"""Taking a case in, answering it on the spot, correcting what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from console import sla
from console.act import Act, Actor, Decision, Put
from console.book import Book, Refused
from console.categories import SEVERITIES, Category, categories, category, check_limit, stoppers
from console.clock import local_day, zone
from console.config import calendar, settings, window
from console.issues import Issue
from console.keys import unknown
from console.limits import Counts, parse
from console.merging import closed_with
from console.numbers import issue_id, number
from console.parts import Callback
from console.places import place, recognised
from console.progress import CaseAct, moved, must, stamped, when
from console.record import replace
from console.sla import Tick
from console.sources import source_key
from console.staff import somebody
from console.status import ENDED, MODES, OPINIONS, Outcome, S
from console.words import Both
from storage.store import Number, Query

TITLE = 40
"""Characters of the story that make a title where none is given."""

LATIN_TITLE = 72
"""The same where it is not written in Chinese, up to the end of a word."""


def headline(text: str) -> str:
    """What makes a title of a story: its first line, or the beginning of it."""
    said = text.strip().splitlines()[0].strip() if text.strip() else ""
    if not said.isascii() or len(said) <= TITLE:
        return said[:TITLE]
    return said if len(said) <= LATIN_TITLE else said[:LATIN_TITLE].rsplit(" ", 1)[0]


def severity(said: str) -> str:
    """A severity as it is kept. Raises ``Refused``."""
    if said.casefold() not in SEVERITIES:
        raise unknown("refused.no_severity", said, SEVERITIES)
    return said.casefold()


def graded(book: Book, issue: Issue, kind: Category) -> str:
    """The severity of a case that is now of this category: the category's, unless somebody has said another."""
    before = categories(book).get(issue.category)
    usual = before.severity if before else "p3"
    return kind.severity if issue.severity == usual else issue.severity


def standard(book: Book, issue: Issue, text: str, now: datetime) -> tuple[str, datetime | None]:
    """The limit of a case, and its due moment where the limit is "this shift": as said, the category's, the severity's."""
    said = settings(book)
    found = categories(book).get(issue.category)
    limit = text or (found.limit if found else said.severity_limit(issue.severity))
    return limit, window(said, now).end if parse(limit).counts is Counts.SHIFT else None


def relimited(book: Book, issue: Issue, text: str, now: datetime) -> Issue:
    """The case with the limit it now has; what was counted stays counted. Another system's target stays."""
    limit, until = standard(book, issue, text, now)
    if (limit == issue.limit and not text) or (issue.source_digest and not text and issue.limit):
        return issue
    return replace(issue, limit=limit, clock=sla.add(issue.clock, Tick.LIMIT, now, limit, until))


def numbered(book: Book, at: datetime, slot: int = 0) -> Number:
    """The number a case gets: the station's day and a running number."""
    day = f"{local_day(at, zone(settings(book).timezone)):%Y%m%d}"
    return Number(f"issues:{day}", slot, f"{day}{{:04d}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Take(Act):
    """Take a trouble in as a new case."""

    verb: ClassVar[str] = "take"
    right: ClassVar[str] = "take"

    text: str
    """What happened, as it was told."""

    title: str = ""
    """What it is, in a few words; the beginning of the text where nothing is said."""

    category: str = ""
    """Slug, initials or name of the category, where it is known already."""

    severity: str = ""
    """p1 to p4; the category's own where nothing is said."""

    grid: str = ""
    """Code of the grid."""

    place: str = ""
    """Where, in words."""

    name: str = ""
    """Who tells it."""

    contact: str = ""
    """How to reach them."""

    household: str = ""
    """Id of their household, where known."""

    source: str = "walk-in"
    """group, phone, walk-in, patrol, 12345 or another system's name."""

    source_no: str = ""
    """That system's own number."""

    reported: datetime | str | None = None
    """When it was told, where that was not now."""

    sensitive: bool = False
    """Whether it must be handled with care."""

    follows: str = ""
    """Number of an older case that this one takes up again."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """A new case, its clocks running."""
        if not self.text.strip() and not self.title.strip():
            raise Refused("refused.no_text")
        rings = stoppers(book, f"{self.title} {self.text}")
        kind: Category | None = category(book, self.category) if self.category else rings[0] if rings else None
        grid = self.grid or recognised(book, f"{self.place} {self.title} {self.text}")
        if grid:
            place(book, grid)
        elif len(who.grids) == 1:
            grid = who.grids[0]
        if who.grids and grid not in who.grids:
            raise Refused("refused.take_grid", grid=grid or "–", grids=who.grids)
        told = when(book, self.reported, now) or now
        if told > now:
            raise Refused("refused.future")
        source = source_key(self.source)
        theirs = {"source": source, "source_no": self.source_no}
        if self.source_no and (
            book.where(Issue.kind, "source", f"{source}:{self.source_no}") or book.find(Query(Issue.kind, theirs, limit=1))
        ):
            raise Refused("refused.twice", source=source, number=self.source_no)
        fresh = Issue(
            title=self.title.strip() or headline(self.text),
            text=self.text,
            category=kind.slug if kind else "",
            severity=severity(self.severity) if self.severity else _gravest(kind, rings),
            grid=grid,
            place=self.place,
            reporter=self.name,
            contact=self.contact,
            household=self.household,
            source=source,
            source_no=self.source_no,
            reported_at=told,
            taken_at=now,
            taken_by=who.id,
            sensitive=self.sensitive,
            follows=issue_id(book, self.follows, now, who.id) if self.follows else "",
            accept=sla.start(now, settings(book).limits.accept),
        )
        limit, until = _tightest(book, fresh, rings, now)
        fresh = replace(fresh, limit=limit, clock=sla.start(told, limit, until))
        facts = {"title": fresh.title}
        put = stamped(book, now, who, self.verb, numbered(book, now), fresh, facts)
        told_first = [("warning.ring", {"ring": each.ring, "name": Both(each.name, each.english)}) for each in rings]
        return Decision((put,), "", [*told_first, *_noticed(book, who, fresh, guessed=bool(grid and not self.grid))])


def _gravest(kind: Category | None, rings: list[Category]) -> str:
    """The severity of a case of a category whose words name dangers: that of the gravest of them."""
    return min([kind.severity if kind else "p3", *(each.severity for each in rings)])


def _tightest(book: Book, fresh: Issue, rings: list[Category], now: datetime) -> tuple[str, datetime | None]:
    """The limit that ends first, of the case's own and those of the dangers that its words name, and its due moment.

    Whoever takes it in may well have chosen a category by what stood first; what is dangerous is dangerous all the same.
    """
    days, told = calendar(book), fresh.reported_at or now
    limits = [standard(book, fresh, text, now) for text in ("", *(each.limit for each in rings))]
    dues = [sla.due(sla.start(told, limit, until), days) for limit, until in limits]
    return min(
        zip(limits, dues, strict=True), key=lambda pair: pair[1].legal if pair[1] else datetime.max.replace(tzinfo=UTC)
    )[0]


def _noticed(book: Book, who: Actor, fresh: Issue, *, guessed: bool) -> list[tuple[str, dict[str, Any]]]:
    """What whoever takes a case in should know: the grid that was recognised, what the same resident has open."""
    found: list[tuple[str, dict[str, Any]]] = [("warning.grid", {"grid": fresh.grid})] if guessed else []
    same = sorted(book.where(Issue.kind, "contact", fresh.contact)) if fresh.contact else []
    same = [id for id in same if not who.grids or book.docs(Issue.kind)[id].get("grid") in who.grids]
    if same:
        found.append(("warning.same_contact", {"numbers": [number(id) for id in same[-3:]]}))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(CaseAct):
    """Answer a question on the spot: from new to closed in one act, the call-back recorded with it."""

    verb: ClassVar[str] = "answer"
    right: ClassVar[str] = "answer"

    answer: str
    """What was said."""

    outcome: Outcome = Outcome.SOLVED
    """solved, partly, not or cannot."""

    satisfied: str = ""
    """satisfied, fairly or dissatisfied, where the resident said."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Close it; whoever asked has been spoken to, so no call-back is owed."""
        id, issue = self.case(book, now, who)
        must(issue, S.NEW)
        if any(check.done_at is None for check in issue.checks):
            raise Refused("refused.check_out")
        if not self.answer.strip():
            raise Refused("refused.field_missing", field="answer")
        own_outcome(self.outcome)
        solved = {"solved": "yes", "partly": "partly"}.get(self.outcome, "no")
        call = Callback(
            at=now,
            by=who.id,
            reached=True,
            contacted=True,
            solved=solved,
            satisfied=opinion(self.satisfied),
            note=self.answer,
        )
        closed = moved(issue, S.CLOSED, now)
        closed = replace(closed, outcome=str(self.outcome), callbacks=(*issue.callbacks, call))
        closed = replace(closed, owner=issue.owner or who.id, touched_at=issue.touched_at or now)
        put = self.put(book, now, who, id, closed, answer=self.answer, outcome=self.outcome)
        return Decision((put, *closed_with(book, now, who, self.verb, id)), self.why)


def own_outcome(outcome: str) -> None:
    """Refuse the outcomes that only rejecting, voiding and merging may set."""
    if outcome in (Outcome.NOT_OURS, Outcome.MISTAKEN, Outcome.DUPLICATE):
        raise Refused("refused.outcome", said=outcome)


def opinion(said: str) -> str:
    """How satisfied somebody is. Raises ``Refused`` for a word that is none of the three."""
    if said and said not in OPINIONS:
        raise unknown("refused.no_opinion", said, OPINIONS)
    return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit(CaseAct):
    """Correct what a case says; the story keeps what it said before."""

    verb: ClassVar[str] = "edit"
    right: ClassVar[str] = "edit"

    title: str | None = None
    """What it is, in a few words."""

    text: str | None = None
    """What happened."""

    category: str | None = None
    """Slug, initials or name of the category; its limit becomes the case's."""

    severity: str | None = None
    """p1 to p4."""

    grid: str | None = None
    """Code of the grid."""

    place: str | None = None
    """Where, in words."""

    name: str | None = None
    """Who told it."""

    contact: str | None = None
    """How to reach them."""

    household: str | None = None
    """Id of their household."""

    mode: str | None = None
    """at_once, joint or supervised."""

    owner: str | None = None
    """Login of who looks after it."""

    sensitive: bool | None = None
    """Whether it must be handled with care."""

    limit: str | None = None
    """Another limit."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Change the fields that are named, and the clock where category, severity or limit change."""
        id, issue = self.case(book, now, who)
        given: dict[str, Any] = {
            "title": self.title, "text": self.text, "grid": self.grid, "place": self.place, "reporter": self.name,
            "contact": self.contact, "household": self.household, "mode": self.mode, "owner": self.owner,
            "sensitive": self.sensitive,
        }  # fmt: skip
        if self.category is not None:
            kind = category(book, self.category)
            given |= {"category": kind.slug, "severity": graded(book, issue, kind)}
        if self.severity is not None:
            given["severity"] = severity(self.severity)
        if self.grid:
            place(book, self.grid)
        if self.mode and self.mode not in MODES:
            raise unknown("refused.no_mode", self.mode, MODES)
        if self.owner:
            somebody(book, self.owner)
        if self.limit or issue.status in ENDED:
            self.reason()
        new = {name: value for name, value in given.items() if value is not None and value != getattr(issue, name)}
        changed = replace(issue, **new, edited=tuple(sorted({*issue.edited, *new})))
        if self.limit or "category" in new or "severity" in new:
            if self.limit:
                check_limit(self.limit)
            if changed.status not in ENDED:
                changed = relimited(book, changed, self.limit or "", now)
        if changed == issue:
            return Decision()
        facts: dict[str, str] = {}
        for name in (*sorted(new), *(["limit"] if changed.limit != issue.limit else [])):
            facts |= {f"was.{name}": _short(getattr(issue, name)), f"now.{name}": _short(getattr(changed, name)) or "–"}
        return Decision((self.put(book, now, who, id, changed, **facts),), self.why)


def _short(value: Any) -> str:
    """A field as the story of a correction tells it: long texts are cut, the entries before hold them whole."""
    said = "" if value is None else str(value)
    return said if len(said) <= TITLE else f"{said[:TITLE]}…"


def put_all(puts: list[Put]) -> tuple[Put, ...]:
    """The last word on each document: a later put of the same one takes the place of an earlier."""
    return tuple({(put.kind, put.id): put for put in puts}.values())
