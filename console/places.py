"""The grid tree: city › district › street › community › grid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from console.act import Act, Actor, Decision, Put
from console.book import Book, Refused
from console.keys import key_id, unknown
from console.record import Record

LEVELS = ("city", "district", "street", "community", "grid")
"""From the widest to the narrowest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Record):
    """A place of the tree."""

    kind: ClassVar[str] = "places"

    code: str
    """Short name that people type: ``金桂-03``."""

    level: str = "grid"
    """city, district, street, community or grid."""

    name: str = ""
    """Full name."""

    inside: str = ""
    """Code of the place it lies in; empty at the top."""

    facilitators: tuple[str, ...] = ()
    """Login names of the grid's facilitators."""

    words: tuple[str, ...] = ()
    """Names of estates, buildings and streets by which a place is recognised."""


def places(book: Book) -> dict[str, Place]:
    """All places by code."""
    return book.memo(Place.kind, "codes", lambda: {place.code: place for _, place in book.all(Place)})


def place(book: Book, code: str) -> Place:
    """The place of a code. Raises ``Refused`` naming the nearest."""
    known = places(book)
    if code not in known:
        raise unknown("refused.no_place", code, known)
    return known[code]


def chain(book: Book, code: str) -> list[Place]:
    """A place and everything it lies in, narrowest first."""
    known, found = places(book), []
    while code in known and known[code] not in found:
        found.append(known[code])
        code = known[code].inside
    return found


def within(book: Book, code: str) -> frozenset[str]:
    """The codes of a place and of everything that lies in it."""
    return frozenset(each for each in places(book) if any(p.code == code for p in chain(book, each))) | {code}


def recognised(book: Book, text: str) -> str:
    """Code of the one grid whose words stand in a text; empty where none do, or those of several."""
    known = book.memo(Place.kind, "words", lambda: [(w, p.code) for p in places(book).values() for w in (p.code, *p.words)])
    plain = text.casefold()
    found = {code for word, code in known if word and _stands(word.casefold(), plain) and places(book)[code].level == "grid"}
    return found.pop() if len(found) == 1 else ""


def _stands(word: str, text: str) -> bool:
    """Whether a name stands in a text by itself: block 1 is not in block 12."""
    at = text.find(word)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(word) : at + len(word) + 1]
        inside = (before.isascii() and before.isalnum() and word[0].isascii()) or (
            after.isascii() and after.isalnum() and word[-1].isascii() and word[-1].isalnum()
        )
        if not inside:
            return True
        at = text.find(word, at + 1)
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPlace(Act, Place):
    """Enter a place of the grid tree, or change it."""

    verb: ClassVar[str] = "set_place"
    right: ClassVar[str] = "configure"

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep it, where it lies in a place that is known and wider."""
        if not self.code.strip():
            raise Refused("refused.field_missing", field="code")
        if self.level not in LEVELS:
            raise unknown("refused.no_level", self.level, LEVELS)
        if self.inside:
            outer = place(book, self.inside)
            if LEVELS.index(outer.level) >= LEVELS.index(self.level):
                raise Refused("refused.place_order", inner=self.code, outer=outer.code)
        fresh = Place(
            code=self.code,
            level=self.level,
            name=self.name or self.code,
            inside=self.inside,
            facilitators=self.facilitators,
            words=self.words,
        )
        id = key_id(self.code)
        return Decision() if book.get(Place, id) == fresh else Decision((Put(Place.kind, id, fresh),))
