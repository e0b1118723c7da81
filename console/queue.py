"""The queue: open cases in the order in which they need somebody, kept in order as they and the time change."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import heapify, heappop, heappush
from typing import Any

from console.act import Actor
from console.book import Book
from console.config import edition, settings
from console.numbers import CASES
from console.query import Parsed, parse
from console.record import Doc
from console.rows import NEVER, Reason, Row, as_of
from console.sight import bounded, seen, sees
from console.status import OPEN

VIEWS: dict[str, str] = {
    "all": "",
    "urgent": "urgent:yes",
    "mine": "by:me",
    "overdue": "overdue:yes",
    "check": "status:resolved",
    "callback": "owed:yes",
    "suspended": "status:suspended",
    "asked": "asked:yes",
    "late": "late:yes",
    "reminders": "reminder:yes",
    "urging": "urging:yes",
    "forced": "forced:yes",
    "orphans": "orphan:yes",
    "done": "open:no",
}
"""Views that come with the program: name → query."""

_DESK = ("all", "urgent", "mine", "overdue", "check", "callback", "suspended", "asked", "late", "reminders")
_SUPERVISOR = ("all", "urgent", "overdue", "asked", "urging", "forced", "suspended", "late", "callback", "orphans")
_LIAISON = ("all", "urgent", "overdue", "suspended", "done")
_FACILITATOR = ("all", "urgent", "mine", "overdue", "done")


def views(who: Actor) -> tuple[str, ...]:
    """The views that somebody has on their digits: those of their work."""
    if who.agency:
        return _LIAISON
    if who.grids:
        return _FACILITATOR
    return _DESK if who.may("take") else _SUPERVISOR


MANY = 500
"""Changes from which on sorting everything is faster than putting each in its place."""

RESCAN = 30.0
"""Seconds after which a view whose query speaks of time looks through everything again."""

Key = tuple[int, float, str]
"""Order in the queue: points, most first; due moment; number."""

Known = dict[str, Any]
"""``by``: what points were computed with; ``cases``: id → version, points turned round, due moment, until when it holds."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One row as a view shows it."""

    row: Row
    """The case."""

    points: int
    """Its points."""


class Queue:
    """Every hot case with its points, in order; a row is made when it is asked for. Follows the book."""

    def __init__(self, book: Book, now: datetime, known: Known | None = None, who: Actor | None = None) -> None:
        """Look at every hot case once. ``known``: what ``known`` said of this store before; what holds is taken over.

        ``who``: whose queue it is, where they see a part of the cases only, and of those what is theirs.
        """
        self._book = book
        self._who = who if who is not None and bounded(who) else None
        known = None if self._who is not None else known
        self._rows: dict[str, Row] = {}
        self.order: list[Key] = []
        self.keys: dict[str, Key] = {}
        self._until: dict[str, float] = {}
        self._changes: list[tuple[float, str]] = []
        self._dirty: dict[str, None] = {}
        self.log: list[str] = []
        self.fresh = 0
        book.follow(self)
        self._begin(now, known)

    keys: dict[str, Key]
    """Where every case stands; to be read only."""

    order: list[Key]
    """All of these, in order; to be read only."""

    log: list[str]
    """Ids in the order in which their rows or places changed: views read on from where they were."""

    fresh: int
    """How many cases had to be looked at when it was made: what was known did not hold for them."""

    def _begin(self, now: datetime, known: Known | None) -> None:
        """Find the place of every case."""
        self._said, moment = settings(self._book).queue, now.timestamp()
        made = self._made = edition(self._book)
        self._rows, self.keys, self._until = {}, {}, {}
        held = known["cases"] if known and known.get("by") == self._by() else {}
        version = self._book.version
        for id, doc in self._book.docs(CASES).items():
            if self._who is not None and not sees(doc, self._who):
                continue
            old = held.get(id)
            if old is not None and old[0] == version(CASES, id) and (old[3] or NEVER) > moment:
                self.keys[id] = (old[1], NEVER if old[2] is None else old[2], id)
                self._until[id] = old[3] or NEVER
            else:
                self._set(id, doc, moment, made)
                self.fresh += 1
        self._changes = [(until, id) for id, until in self._until.items() if until < NEVER]
        heapify(self._changes)
        self.order = sorted(self.keys.values())
        self._dirty.clear()

    def _by(self) -> str:
        """What the points were computed with."""
        return f"{edition(self._book)} {sorted(self._said.dump().items())}"

    def known(self) -> Known:
        """Where every case stands and until when, for the next session: derived, never the truth."""
        cases: dict[str, list[Any]] = {}
        for id, (points, due, _) in self.keys.items():
            until = self._until[id]
            version = self._book.version(CASES, id)
            cases[id] = [version, points, None if due == NEVER else due, None if until == NEVER else until]
        return {"by": self._by(), "cases": cases}

    def changed(self, kind: str, id: str, doc: Doc | None) -> None:
        """The book says that a document is another now."""
        if kind == CASES:
            self._dirty[id] = None
        elif kind == "settings":
            self._dirty.update(dict.fromkeys(self.keys))

    def refresh(self, now: datetime) -> None:
        """Bring rows and points up to date: what was changed, and what time has changed."""
        moment = now.timestamp()
        while self._changes and self._changes[0][0] <= moment:
            self._dirty[heappop(self._changes)[1]] = None
        if not self._dirty:
            return
        self._said, self._made = settings(self._book).queue, edition(self._book)
        docs = self._book.docs(CASES)
        many = len(self._dirty) > MANY
        for id in self._dirty:
            old, doc = self.keys.pop(id, None), docs.get(id)
            if old is not None and not many:
                del self.order[bisect_left(self.order, old)]
            if doc is None or (self._who is not None and not sees(doc, self._who)):
                self._rows.pop(id, None)
                self._until.pop(id, None)
            else:
                until = self._set(id, doc, moment, self._made)
                if not many:
                    insort(self.order, self.keys[id])
                if until < NEVER:
                    heappush(self._changes, (until, id))
            self.log.append(id)
        if many:
            self.order = sorted(self.keys.values())
        self._dirty.clear()

    def _set(self, id: str, doc: Doc, moment: float, made: str) -> float:
        """Make one row. A suspension that is over and due moments of another calendar are seen to, in memory only."""
        doc = as_of(self._book, doc, moment, made)
        row = self._rows[id] = Row(id, doc if self._who is None else seen(self._book, doc, self._who))
        points, until = row.score(self._said, moment)
        self.keys[id] = (-points, row.legal if row.legal < row.stage_at else row.stage_at, id)
        self._until[id] = until
        return until

    def row(self, id: str) -> Row | None:
        """The row of a case."""
        row = self._rows.get(id)
        if row is None and id in self.keys:  # it stood as it was known: nothing has changed since, not even by time
            row = self._rows[id] = Row(id, self._book.docs(CASES)[id])
        return row

    def rows(self) -> list[Row]:
        """All rows, in order."""
        return [row for key in self.order if (row := self.row(key[2])) is not None]

    def open_keys(self) -> dict[str, Key]:
        """Where every open case stands."""
        docs, keys, open_ones = self._book.docs(CASES), self.keys, frozenset(OPEN)
        return {id: keys[id] for _, _, id in self.order if docs[id].get("status", "new") in open_ones}

    def key(self, id: str) -> Key | None:
        """Where a case stands; None where it is not here."""
        return self.keys.get(id)

    def reasons(self, id: str, now: datetime) -> list[Reason]:
        """Why a case stands where it stands."""
        row = self.row(id)
        return row.reasons(self._said, now.timestamp()) if row is not None else []


class View:
    """The rows that a query asks for, in order; after a change only what changed is looked at."""

    def __init__(self, queue: Queue, book: Book, who: Actor, query: str, now: datetime) -> None:
        """Look through everything once. Raises ``Refused`` where the query is wrong."""
        self._queue = queue
        self._query: Parsed = parse(query, book, who)
        self._who = who if bounded(who) else None
        self._at = 0
        self._keys: dict[str, Key] = {}
        self._order: list[Key] = []
        self._next = 0.0
        self.update(now)

    def update(self, now: datetime) -> None:
        """Bring the order up to date."""
        self._queue.refresh(now)
        moment, log = now.timestamp(), self._queue.log
        if moment >= self._next:
            self._scan(moment)
        elif self._at < len(log):
            self._move(dict.fromkeys(log[self._at :]), moment)
        self._at = len(log)

    def _scan(self, moment: float) -> None:
        """Look through everything."""
        if not (self._query.narrows or self._query.everything or self._who):
            self._keys = self._queue.open_keys()
            self._order, self._next = list(self._keys.values()), NEVER
            return
        rows = self._query.fits(self._mine(self._queue.rows()), moment)
        keys = self._queue.keys
        self._keys = {row.id: keys[row.id] for row in rows}
        self._order = list(self._keys.values())
        self._next = moment + RESCAN if self._query.timed else NEVER

    def _mine(self, rows: list[Row]) -> list[Row]:
        """The rows that this person may see at all."""
        return rows if self._who is None else [row for row in rows if sees(row.doc, self._who)]

    def _move(self, ids: Iterable[str], moment: float) -> None:
        """Put what changed in its place."""
        for id in ids:
            old = self._keys.pop(id, None)
            if old is not None:
                del self._order[bisect_left(self._order, old)]
            row, key = self._queue.row(id), self._queue.key(id)
            if row is not None and key is not None and self._query.fits(self._mine([row]), moment):
                self._keys[id] = key
                insort(self._order, key)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._order)

    def ids(self) -> list[str]:
        """The ids of all rows, in order."""
        return [key[2] for key in self._order]

    def place(self, id: str) -> int | None:
        """The place of a case among the rows, from 0; None where it is not among them."""
        key = self._keys.get(id)
        return None if key is None else bisect_left(self._order, key)

    def page(self, first: int = 0, count: int | None = None) -> list[Seen]:
        """Some of the rows, in order: what is visible."""
        keys = self._order[first : None if count is None else first + count]
        return [Seen(row, -points) for points, _, id in keys if (row := self._queue.row(id)) is not None]


def counted(rows: Iterable[Row], who: Actor, now: datetime) -> dict[str, int]:
    """The same as a tally says, of some rows: of a queue that is a part of the cases only."""
    found, moment, own = {"open": 0, "overdue": 0, "mine": 0}, now.timestamp(), who.own
    for row in rows:
        if row.open:
            found["open"] += 1
            found["overdue"] += row.legal < moment
            found["mine"] += row.of(own)
    return found
