"""Open cases that a new one may be: the same place, category and words, near in time; and what a telephone reported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from console.book import Book
from console.chat.cards import card
from console.issues import Issue
from console.numbers import CASES
from console.queue import Queue
from console.record import Doc
from console.rows import Row
from storage.store import Query

NEAR = 7 * 86400.0
"""Seconds between two reports of one trouble, at most."""

CANDIDATES = 500
"""The most cases that are looked at word by word."""

LEAST = 3.0
"""Points from which on a case is shown."""

WORDS, SOON, HOUSE = 5.0, 1.0, 1.0
"""Points of the same words, of the same hour where words are shared, of the same building."""

SHORT = 16
"""Pieces up to which each that is shared says something by itself; a long story shares some with every other."""

HOUR = 3600.0
"""Seconds in which a trouble is told by several."""

CHANCE = 0.3
"""Likeness that two texts about different things have."""

EMPTY = frozenset(
    "the and for with that this these those have has had are was were been not but you your our their there here from into "
    "out all any some who what when where why how can could will would please again also very just about since still only "
    "they them she her his him its does did doing too than then now".split()
)
"""Words of English that say nothing of what a text is about."""

WIDE = 0x2E80
"""Characters from here on are words of their own: Chinese."""


@dataclass(frozen=True, slots=True)
class Similar:
    """A case that may be the same."""

    row: Row
    """The case."""

    points: float
    """How much speaks for it."""


def pieces(text: str) -> frozenset[str]:
    """A text in pieces that can be compared: pairs of Chinese characters, and other words."""
    found, run, word = set[str](), "", ""
    for char in f"{text.casefold()} ":
        if ord(char) > WIDE and char.isalnum():
            run += char
        else:
            found.update(run[i : i + 2] for i in range(len(run) - 1))
            run = ""
        if ord(char) <= WIDE and char.isalnum():
            word += char
        else:
            found.update({word} if len(word) > 2 and word not in EMPTY else ())
            word = ""
    return frozenset(found)


def similar(queue: Queue, *, text: str, category: str, grid: str, now: float, most: int = 3) -> list[Similar]:
    """The open cases most like what is being taken in, best first. ``now``: seconds since 1970.

    Points: the same category, grid, building; near in time; how much of the shorter of both texts stands in the other, by
    rapidfuzz's ratio of sets of pieces. What lies near in every respect but the words is not offered: two troubles of one
    building on one evening are two. Their figures: ``benchmarks/similar.py``.
    """
    said = pieces(text)
    if not (said or (category and grid)):
        return []
    near = [row for row in queue.rows() if row.open and now - row.reported < NEAR]
    if category or grid:
        first = [row for row in near if (category and row.category == category) or (grid and row.grid == grid)]
        near = first if len(near) > CANDIDATES else near
    house, found = card(text).building, []
    for row in near[:CANDIDATES]:
        told = f"{row.doc.get('title', '')} {row.doc.get('text', '')} {row.doc.get('place', '')}"
        theirs = pieces(told)
        points = 2.0 * bool(category and row.category == category) + 1.5 * bool(grid and row.grid == grid)
        points -= 1.5 * bool(category and row.category and row.category != category)
        shared = said & theirs
        if shared:
            points += WORDS * likeness(said, theirs) + (min(0.5 * len(shared), 2.0) if len(said) <= SHORT else 0.0)
            points += SOON * (now - row.reported < HOUR)
        if house and house == card(told).building:
            points += HOUSE
        if points >= LEAST:
            found.append(Similar(row, points))
    found.sort(key=lambda each: (-each.points, each.row.legal, each.row.id))
    return found[:most]


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of the shorter of two texts stands in the other, between 0 and 1, by their pieces."""
    from rapidfuzz import fuzz

    return max(fuzz.token_set_ratio(" ".join(sorted(one)), " ".join(sorted(other))) / 100 - CHANCE, 0.0) / (1 - CHANCE)


def reported_before(book: Book, contact: str, most: int = 3) -> list[tuple[str, Doc]]:
    """What this telephone reported before, the latest first: (id, document), open, closed and archived."""
    if len(contact) < 4:
        return []
    hot = [(id, doc) for id, doc in book.docs(CASES).items() if doc.get("contact") == contact]
    hot.sort(reverse=True)
    left = most - len(hot)
    old: Iterable[tuple[str, Doc]] = ()
    if left > 0:
        old = [(each.id, each.body) for each in book.find(Query(Issue.kind, {"contact": contact}, limit=left))]
    return [*hot[:most], *old]
