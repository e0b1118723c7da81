"""What troubles there are: four families, each category with names in both languages, limit, agencies and stopper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import ClassVar

from console import limits
from console.act import Act, Actor, Decision, Put
from console.book import Book, Refused
from console.keys import key_id, unknown
from console.record import Record

FAMILIES = ("city", "works", "safety", "people")
"""城管, 部件与突发, 平安, 民生."""

SEVERITIES = ("p1", "p2", "p3", "p4")
"""特急, 加急, 一般, 低."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Record):
    """One kind of trouble."""

    kind: ClassVar[str] = "categories"

    slug: str
    """Short name in Latin letters that never changes: ``sewer-blocked``."""

    family: str
    """city, works, safety or people."""

    name: str
    """Name in Chinese."""

    english: str
    """Name in English."""

    initials: str = ""
    """Pinyin initials for quick typing: ``xsd``."""

    severity: str = "p3"
    """Default severity, p1 to p4."""

    limit: str = "2天"
    """How long handling may take."""

    agencies: tuple[str, ...] = ()
    """Slugs of the agencies it usually goes to, the leading one first."""

    code: str = ""
    """National code (GB/T 30428.2), where the town uses one; nothing is keyed on it."""

    stopper: tuple[str, ...] = ()
    """Words that raise the banner "ring now"."""

    ring: str = ""
    """The number to ring then: 119, 110 or 120."""

    retired: bool = False
    """Whether it is no longer offered; old cases keep it."""


def categories(book: Book) -> dict[str, Category]:
    """All categories by slug."""
    return book.memo(Category.kind, "slugs", lambda: {each.slug: each for _, each in book.all(Category)})


def category(book: Book, said: str) -> Category:
    """The category by slug, initials or either name. Raises ``Refused`` naming the nearest."""
    known = categories(book)
    if said in known:
        return known[said]
    fits = [c for c in known.values() if said.casefold() in (c.initials, c.name.casefold(), c.english.casefold())]
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise Refused("refused.many_categories", said=said, names=[each.slug for each in fits])
    words = {word: c.slug for c in known.values() for word in (c.slug, c.name, c.english, c.initials) if word}
    raise unknown("refused.no_category", said, words)


def stoppers(book: Book, text: str) -> list[Category]:
    """The categories whose stopper words stand in a text: what must be rung for before anything else."""
    return [c for c in categories(book).values() if c.ring and named(c.stopper, text)]


def named(stopper: tuple[str, ...], text: str) -> bool:
    """Whether one of these words stands in a text: Latin ones as whole words, large or small."""
    plain, latin = _sorted(stopper)
    return any(word in text for word in plain) or (latin is not None and latin.search(text) is not None)


@lru_cache(64)
def _sorted(stopper: tuple[str, ...]) -> tuple[tuple[str, ...], re.Pattern[str] | None]:
    """Stopper words that are looked for as they are, which is quick, and the Latin ones as one pattern."""
    words = [word.strip() for word in stopper if word.strip()]
    latin = [re.escape(word).replace(r"\ ", r"\s+") for word in words if word.isascii()]
    pattern = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(latin)})(?![A-Za-z])", re.IGNORECASE) if latin else None
    return tuple(word for word in words if not word.isascii()), pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCategory(Act, Category):
    """Enter a category, or change it."""

    verb: ClassVar[str] = "set_category"
    right: ClassVar[str] = "configure"

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep it, where family, severity and limit can be read."""
        if not self.slug.strip() or not self.name.strip() or not self.english.strip():
            raise Refused("refused.category_names", said=self.slug)
        if self.family not in FAMILIES:
            raise unknown("refused.no_family", self.family, FAMILIES)
        if self.severity not in SEVERITIES:
            raise unknown("refused.no_severity", self.severity, SEVERITIES)
        check_limit(self.limit)
        fresh = Category.parse(self.dump())
        id = key_id(self.slug)
        return Decision() if book.get(Category, id) == fresh else Decision((Put(Category.kind, id, fresh),))


def check_limit(text: str) -> str:
    """The text itself. Raises ``Refused`` where it says no limit."""
    try:
        limits.parse(text)
    except limits.BadLimit as error:
        raise Refused("refused.bad_limit", said=text) from error
    return text
