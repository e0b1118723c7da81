"""The shifts that were, as a supervisor goes through them: newest first, by day, crew, shift and mark, searched by words.

Read as far as somebody looks: a page takes as many documents as it shows, two years of them no more than two days.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from console.book import Book, Refused
from console.briefing import draft
from console.clock import zone
from console.config import settings
from console.figures import period
from console.keys import unknown
from console.kinds import KINDS
from console.marks import MARKS
from console.record import Doc, moment
from console.sheets import Sheet, SheetState
from console.shifts import chain
from storage.store import Query
from storage.words import fits

MOST = 500
"""Archived sheets that one search brings; whoever has more narrows it."""

SHIFTS_A_DAY = 9
"""Shifts that a day has at most."""

KEYS = ("day", "crew", "shift", "mark")
"""Words of a search that have a colon behind them."""


@dataclass(frozen=True, slots=True)
class Review:
    """One sheet in a line."""

    id: str
    """Id of the shift."""

    doc: Doc
    """The sheet's document."""

    state: SheetState
    """draft, handed or sealed."""

    start: datetime | None
    """When the shift began by the settings."""

    end: datetime | None
    """When it ended by them."""

    outgoing: str
    """Name of who handed over; empty where nobody signed."""

    incoming: str
    """Name of who took over; empty as long as nobody has."""

    taken: datetime | None
    """When it was taken over."""

    marks: tuple[str, ...]
    """What should be looked at."""

    additions: int
    """Remarks added later."""

    figures: dict[str, int]
    """What the shift did."""


ENDED = ("closed", "answered", "rejected", "voided", "merged")
"""Figures of a shift that took cases off its hands."""


def balance(figures: dict[str, int]) -> dict[str, int]:
    """A shift in three figures that add up: taken in, ended in any way, open at its end."""
    return {
        "taken": figures.get("taken", 0),
        "closed": sum(figures.get(name, 0) for name in ENDED),
        "open": figures.get("open", 0),
    }


def review(id: str, doc: Doc) -> Review:
    """A sheet's document as one line."""
    outgoing, incoming = doc.get("outgoing") or {}, doc.get("incoming") or {}
    return Review(
        id,
        doc,
        SheetState(doc.get("state", "draft")),
        moment(doc["start"]) if doc.get("start") else None,
        moment(doc["end"]) if doc.get("end") else None,
        str(outgoing.get("name", "")),
        str(incoming.get("name", "")),
        moment(incoming["at"]) if incoming.get("at") else None,
        tuple(doc.get("marks", ())),
        len(doc.get("additions", ())),
        doc.get("figures") or {},
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for."""

    where: dict[str, str] = field(default_factory=dict)
    """Index → value."""

    text: str = ""
    """Words."""

    since: datetime | None = None
    """First moment of the days."""

    until: datetime | None = None
    """The moment after them."""


def parse(book: Book, said: str, now: datetime) -> Asked:
    """``day:2026-11 crew:li shift:夜班 mark:late 下水``. Raises ``Refused`` naming the word that is wrong."""
    where, words, since, until = dict[str, str](), list[str](), None, None
    for word in said.split():
        key, colon, value = word.partition(":")
        if not colon:
            words.append(word)
        elif key not in KEYS:
            raise unknown("refused.no_key_word", key, KEYS)
        elif key == "day":
            since, until = period(book, value, now)
        elif key == "mark":
            if value not in MARKS:
                raise unknown("refused.no_mark", value, MARKS)
            where["marks"] = value
        elif key == "shift":
            known = [name for each in settings(book).shifts for name in (each.name, each.english)]
            found = next((name for name in known if name and name.casefold() == value.casefold()), "")
            field = "shift" if found in [each.name for each in settings(book).shifts] else "english"
            where[field] = found or value
        else:
            where[key] = value
    return Asked(where, " ".join(words), since, until)


class Reviews:
    """The sheets that somebody looks for, read as far as they are asked for."""

    def __init__(self, book: Book, now: datetime, said: str = "") -> None:
        """Raises ``Refused`` where what is looked for cannot be understood."""
        self.asked = parse(book, said, now)
        self._book, self._now = book, now
        self._query = Query(Sheet.kind, self.asked.where, self.asked.text, MOST)
        self._rest = self._all()
        self.found: list[Review] = []
        self.whole = False

    asked: Asked
    """What is looked for."""

    found: list[Review]
    """What was read so far, newest first."""

    whole: bool
    """Whether that is all there is."""

    def upto(self, count: int) -> list[Review]:
        """At least so many of them, where there are."""
        while len(self.found) < count and not self.whole:
            one = next(self._rest, None)
            if one is None:
                self.whole = True
            else:
                self.found.append(review(*one))
        return self.found

    def _all(self) -> Iterator[tuple[str, Doc]]:
        """Documents that fit: today's as it stands first, then those that were taken over, newest first."""
        today = self._today()
        if today is not None and self._within(today[1]) and fits(today[1], KINDS[Sheet.kind], self._query):
            yield today
        past = self._days() if self.asked.since else self._chain() if not self._narrow() else self._sought()
        yield from (one for one in past if fits(one[1], KINDS[Sheet.kind], self._query))

    def _narrow(self) -> bool:
        """Whether something is looked for."""
        return bool(self.asked.where or self.asked.text)

    def _today(self) -> tuple[str, Doc] | None:
        """The sheet of the shift on duty as it stands now."""
        try:
            id, sheet = draft(self._book, self._now)
        except Refused:
            return None  # nobody is on duty yet
        return id, sheet.dump()

    def _within(self, doc: Doc) -> bool:
        """Whether a sheet is of the days that are looked for."""
        since, until = self.asked.since, self.asked.until
        if since is None or until is None:
            return True
        start = moment(doc["start"]) if doc.get("start") else self._now
        return since <= start < until

    def _days(self) -> Iterator[tuple[str, Doc]]:
        """The sheets of these days, by their ids: a day's name and a place in it."""
        here, (since, until) = zone(settings(self._book).timezone), (self.asked.since, self.asked.until)
        assert since is not None and until is not None
        last = min(until, self._now + timedelta(days=1)).astimezone(here).date()
        day, at = since.astimezone(here).date(), chain(self._book).shift
        while last >= day:
            for place in range(SHIFTS_A_DAY, 0, -1):
                id = f"{last:%Y%m%d}{place}"
                doc = self._book.anywhere_doc(Sheet.kind, id) if id != at else None
                if doc is not None and doc.get("state") == SheetState.SEALED and self._within(doc):
                    yield id, doc
            last -= timedelta(days=1)

    def _chain(self) -> Iterator[tuple[str, Doc]]:
        """From the last sealed sheet back to the first."""
        id, passed = chain(self._book).sheet, set[str]()
        while id and id not in passed:
            passed.add(id)
            doc = self._book.anywhere_doc(Sheet.kind, id)
            if doc is None:
                return  # ``verify`` says what is missing
            yield id, doc
            id = doc.get("before", "")

    def _sought(self) -> Iterator[tuple[str, Doc]]:
        """What is still at hand, then what the archive's index finds."""
        at, hot = chain(self._book).shift, self._book.docs(Sheet.kind)
        held = [(id, doc) for id, doc in hot.items() if id != at and doc.get("state") == SheetState.SEALED]
        yield from sorted(held, key=_number, reverse=True)
        old = [(each.id, each.body) for each in self._book.find(self._query)]
        yield from sorted(old, key=_number, reverse=True)


def _number(one: tuple[str, Doc]) -> int:
    """A sheet's place in the chain."""
    return int(one[1].get("number", 0))
