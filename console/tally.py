"""How many cases are open, overdue and one's own: counted once, then kept up with what changes."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Set
from datetime import datetime
from heapq import heappop, heappush

from console.act import Actor
from console.book import Book
from console.config import edition
from console.numbers import CASES
from console.record import Doc, iso
from console.rows import as_of, seconds
from console.status import OPEN

MANY = 200
"""Changed cases from which on they are all put in order again, not one by one."""

NO_LIMIT = "~"
"""Comes after every moment as a record has it."""


class Tally:
    """The counts of who sees every case, as the views say, without making a row of each. Follows the book."""

    def __init__(self, book: Book, who: Actor) -> None:
        """Nothing is counted before it is asked for."""
        self._book, self._own = book, who.own
        self._due: dict[str, str] = {}
        self._dues: list[str] = []
        self._mine: set[str] = set()
        self._wakes: list[tuple[float, str]] = []
        self._dirty: dict[str, None] = dict.fromkeys(book.docs(CASES))
        book.follow(self)

    def changed(self, kind: str, id: str, doc: Doc | None) -> None:
        """The book says that a document is another now."""
        if kind == CASES:
            self._dirty[id] = None
        elif kind == "settings":
            self._dirty.update(dict.fromkeys(self._book.docs(CASES)))

    def counts(self, now: datetime) -> dict[str, int]:
        """The counts: ``open``, ``overdue``, ``mine``."""
        moment = now.timestamp()
        while self._wakes and self._wakes[0][0] <= moment:
            self._dirty[heappop(self._wakes)[1]] = None
        if self._dirty:
            self._catch_up(moment)
        return {"open": len(self._due), "overdue": bisect_left(self._dues, iso(now)), "mine": len(self._mine)}

    def _catch_up(self, moment: float) -> None:
        """Look at what changed; a suspension that is over and due moments of another calendar are seen to, in memory."""
        docs, many, made = self._book.docs(CASES), len(self._dirty) > MANY, edition(self._book)
        for id in self._dirty:
            doc, old = docs.get(id), self._due.pop(id, None)
            if old is not None and not many:
                del self._dues[bisect_left(self._dues, old)]
            self._mine.discard(id)
            if doc is None or doc.get("status", "new") not in OPENS:
                continue
            if doc.get("suspended") and (until := seconds(doc["suspended"]["until"])) > moment:
                heappush(self._wakes, (until, id))
            due = as_of(self._book, doc, moment, made).get("due")
            legal = self._due[id] = (due.get("legal") if due else None) or NO_LIMIT
            if not many:
                insort(self._dues, legal)
            if owned(doc, self._own):
                self._mine.add(id)
        if many:
            self._dues = sorted(self._due.values())
        self._dirty.clear()


OPENS = frozenset(OPEN)
"""States of an open case."""


def owned(doc: Doc, own: Set[str]) -> bool:
    """Whether a case is of one of these people: its owner, who took it in, or who shall look at something of it."""
    return (
        doc.get("owner") in own
        or doc.get("taken_by") in own
        or any(check.get("who") in own and not check.get("done_at") for check in doc.get("checks", ()))
    )
