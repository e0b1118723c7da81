"""The query language: ``status:new,handling grid:金桂-03 overdue:yes due:<2h category:xsd by:li age:>3d 下水道``.

A query is a row of terms that must all hold; a minus before a term turns it round, quotes keep words together. Each term
becomes a function that narrows a list of rows, so a long queue costs one pass a term.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from console.act import Actor
from console.agencies import agency
from console.book import Book, Refused
from console.categories import categories, category
from console.config import settings
from console.keys import unknown
from console.numbers import CASES
from console.places import places, within
from console.rows import NEVER, Row
from console.sources import SOURCES, source_key
from console.staff import Person, gone
from console.status import MODES, Outcome, Status
from console.words import LANGUAGES, words

Narrow = Callable[[list[Row], float], list[Row]]
"""(rows, now in seconds) → the rows that fit, in their order."""

_SPAN = re.compile(r"([<>]=?)?(\d+(?:\.\d+)?)(min|m|h|d|w|分|时|小时|天|日|周)?")
_UNIT = {"min": 60, "m": 60, "h": 3600, "d": 86400, "w": 604800, "分": 60, "时": 3600, "小时": 3600, "天": 86400}
_UNIT |= {"日": 86400, "周": 604800}
LONGEST_NUMBER = 5
"""Digits of a case's running number, at most: more are a telephone number's."""

_YES = {
    "yes": True,
    "y": True,
    "true": True,
    "1": True,
    "是": True,
    "no": False,
    "n": False,
    "false": False,
    "0": False,
    "否": False,
}


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query that was understood."""

    narrows: tuple[Narrow, ...]
    """What narrows the rows, one a term."""

    everything: bool
    """Whether it names a status, an outcome or a debt itself, and so looks at ended cases too."""

    timed: bool
    """Whether what fits changes as time goes by."""

    words: str
    """The bare words."""

    def fits(self, rows: list[Row], now: float) -> list[Row]:
        """The rows that fit."""
        if not self.everything:
            rows = [row for row in rows if row.open]
        for narrow in self.narrows:
            rows = narrow(rows, now)
        return rows


def parse(text: str, book: Book, who: Actor) -> Parsed:
    """A query as people type it. Raises ``Refused`` naming the word that is wrong, and the nearest that is right."""
    narrows: list[Narrow] = []
    bare: list[str] = []
    everything = timed = False
    for word in _words(text):
        minus = word[:1] in ("-", "!") and len(word) > 1 and ":" in word
        key, colon, value = (word[1:] if minus else word).replace("：", ":").partition(":")
        if not colon or not key.isalpha() or value.startswith("//"):
            bare.append(word.casefold())
            continue
        key = key if key.isascii() else _said_as("query", key, list(KEYS))
        make = KEYS.get(key)
        if make is None and not key.isascii():
            bare.append(word.casefold())
            continue
        if make is None:
            raise unknown("refused.query_key", key, KEYS)
        if not value:
            raise Refused("refused.query_empty", key=key)
        narrow = make(value, book, who)
        narrows.append(_turned(narrow) if minus else narrow)
        everything = everything or key in ("status", "outcome", "owed", "open", "source", "number", "forced")
        timed = timed or key in ("due", "age", "overdue", "late", "urgent")
    narrows += [_text(word) for word in bare]
    return Parsed(tuple(narrows), everything, timed, " ".join(bare))


def _words(text: str) -> list[str]:
    """The terms of a query; quotes keep words together, a quote that is not closed is a letter."""
    import shlex

    try:
        return shlex.split(text, posix=True) if '"' in text else text.split()
    except ValueError:
        return text.split()


def _turned(narrow: Narrow) -> Narrow:
    """The opposite of a term."""

    def other(rows: list[Row], now: float) -> list[Row]:
        fits = {row.id for row in narrow(rows, now)}
        return [row for row in rows if row.id not in fits]

    return other


def _text(word: str) -> Narrow:
    """A bare word stands somewhere in the case: number, title, story, place, who told it.

    Digits that are the number of a case mean that case, not a telephone number that holds them.
    """
    if word.isascii() and word.isdigit() and len(word) <= LONGEST_NUMBER:
        ending = word.zfill(4)

        def numbered(rows: list[Row], now: float) -> list[Row]:
            exact = [row for row in rows if row.id[8:] == ending]
            return exact or [row for row in rows if word in row.text]

        return numbered
    return lambda rows, now: [row for row in rows if word in row.text]


def _one_of(field: str, known: Iterable[str], word: str) -> Callable[[str, Book, Actor], Narrow]:
    """A term whose values are words of a fixed list."""
    names = list(known)

    def make(value: str, book: Book, who: Actor) -> Narrow:
        wanted = frozenset(each if each in names else _said_as(field, each, names) for each in value.split(","))
        for each in wanted:
            if each not in names:
                raise unknown(word, each, names)
        return lambda rows, now: [row for row in rows if getattr(row, field) in wanted]

    return make


def _said_as(field: str, said: str, names: list[str]) -> str:
    """The word of the list that is said like this in one of the languages; what was said where none is."""
    for language in LANGUAGES:
        say = words(language)
        for name in names:
            if said.casefold() == say(f"{field}.{name}").casefold():
                return name
    return said


def _yes(value: str, key: str) -> bool:
    """Yes or no, in either language."""
    if value.casefold() not in _YES:
        raise Refused("refused.query_yes", key=key, said=value)
    return _YES[value.casefold()]


def _overdue(value: str, book: Book, who: Actor) -> Narrow:
    """Past the legal due moment and not done."""
    wanted = _yes(value, "overdue")
    return lambda rows, now: [row for row in rows if (row.open and row.legal < now) is wanted]


def _late(value: str, book: Book, who: Actor) -> Narrow:
    """Past whatever is due first: the case itself, its stage or an agency's errand."""
    wanted = _yes(value, "late")
    return lambda rows, now: [row for row in rows if (row.open and row.due < now) is wanted]


def _reminder(value: str, book: Book, who: Actor) -> Narrow:
    """With a reminder set."""
    wanted = _yes(value, "reminder")
    return lambda rows, now: [row for row in rows if (row.reminds != NEVER) is wanted]


def _urgent(value: str, book: Book, who: Actor) -> Narrow:
    """As the handover weighs it: P1, overdue, due soon, or urged."""
    wanted, within = _yes(value, "urgent"), settings(book).handover.urgent_within * 60
    return lambda rows, now: [row for row in rows if (row.open and row.urgent(now, within)) is wanted]


def _flag(field: str) -> Callable[[str, Book, Actor], Narrow]:
    """A term that asks for yes or no."""

    def make(value: str, book: Book, who: Actor) -> Narrow:
        wanted = _yes(value, field)
        return lambda rows, now: [row for row in rows if bool(getattr(row, field)) is wanted]

    return make


def _span(key: str, value: str) -> tuple[str, float]:
    """A comparison with a span of time: ``<2h`` → ("<", 7200)."""
    found = _SPAN.fullmatch(value)
    if found is None:
        raise Refused("refused.query_span", key=key, said=value)
    return (found[1] or "<")[0], float(found[2]) * _UNIT[found[3] or "h"]


def _due(value: str, book: Book, who: Actor) -> Narrow:
    """Time left until the legal due moment; what is overdue has less than none."""
    sign, seconds = _span("due", value)
    if sign == "<":
        return lambda rows, now: [row for row in rows if row.open and row.legal < now + seconds]
    return lambda rows, now: [row for row in rows if row.open and now + seconds < row.legal < NEVER]


def _age(value: str, book: Book, who: Actor) -> Narrow:
    """Time since it was told."""
    sign, seconds = _span("age", value)
    if sign == "<":
        return lambda rows, now: [row for row in rows if row.reported > now - seconds]
    return lambda rows, now: [row for row in rows if row.reported < now - seconds]


def _grid(value: str, book: Book, who: Actor) -> Narrow:
    """In a place of the tree, or in what lies in it; the beginning of a code is enough."""
    codes: set[str] = set()
    for each in value.split(","):
        begins = [code for code in places(book) if code == each] or [c for c in places(book) if c.startswith(each)]
        if not begins and not any(doc.get("grid", "").startswith(each) for doc in book.docs(CASES).values()):
            raise unknown("refused.no_place", each, places(book))
        codes.update(code for begin in begins or [each] for code in within(book, begin))
    return lambda rows, now: [row for row in rows if row.grid in codes]


def _category(value: str, book: Book, who: Actor) -> Narrow:
    """One of these categories, or of these families."""
    known = categories(book)
    slugs: set[str] = set()
    for each in value.split(","):
        family = {slug for slug, found in known.items() if found.family == each}
        slugs |= family or {category(book, each).slug}
    return lambda rows, now: [row for row in rows if row.category in slugs]


def _stands(book: Book, said: str, *fields: str) -> bool:
    """Whether a word stands in one of these fields of any open case: asked only of what no list knows."""
    return any(doc.get(field) == said for doc in book.docs(CASES).values() for field in fields)


def _by(value: str, book: Book, who: Actor) -> Narrow:
    """Looked after, taken in or to be looked at by somebody, by login or name; ``me`` is oneself."""
    names = {word: each.login for _, each in book.all(Person) for word in (each.name, each.login) if word}
    logins = set[str]()
    for each in value.split(","):
        if each in ("me", "我"):
            logins |= who.own
        elif each in names or _stands(book, each, "owner", "taken_by"):
            logins.add(names.get(each, each))
        else:
            raise unknown("refused.no_person", each, names)
    return lambda rows, now: [row for row in rows if row.of(logins)]


def _orphan(value: str, book: Book, who: Actor) -> Narrow:
    """Looked after, or to be looked at, by somebody who has left."""
    wanted = _yes(value, "orphan")

    def narrow(rows: list[Row], now: float) -> list[Row]:
        left = gone(book)
        return [row for row in rows if (row.owner in left or bool(row.checkers & left)) is wanted]

    return narrow


def _agency(value: str, book: Book, who: Actor) -> Narrow:
    """An agency has it, or had it; by slug or name."""
    slugs = {agency(book, each).slug for each in value.split(",")}
    slugs = slugs & {who.agency} if who.agency else slugs  # what others have is not theirs to ask
    return lambda rows, now: [row for row in rows if slugs & row.agencies]


def _source(value: str, book: Book, who: Actor) -> Narrow:
    """Where it came from."""
    known = {*SOURCES, *(doc["name"] for doc in book.docs("sources").values())}
    wanted = {source_key(each) for each in value.split(",")}
    for each in wanted - known:
        if not _stands(book, each, "source"):
            raise unknown("refused.no_source", each, known)
    return lambda rows, now: [row for row in rows if row.doc.get("source", "walk-in") in wanted]


def _number(value: str, book: Book, who: Actor) -> Narrow:
    """The end of its number, or the other system's own."""
    plain = value.replace("-", "")
    return lambda rows, now: [row for row in rows if row.id.endswith(plain) or row.doc.get("source_no") == value]


KEYS: dict[str, Callable[[str, Book, Actor], Narrow]] = {
    "status": _one_of("status", (str(each) for each in Status), "refused.no_status"),
    "severity": _one_of("severity", ("p1", "p2", "p3", "p4"), "refused.no_severity"),
    "outcome": _one_of("outcome", (str(each) for each in Outcome), "refused.no_outcome"),
    "mode": _one_of("mode", MODES, "refused.no_mode"),
    "overdue": _overdue,
    "late": _late,
    "urgent": _urgent,
    "reminder": _reminder,
    "owed": _flag("owed"),
    "open": _flag("open"),
    "sensitive": _flag("sensitive"),
    "reopened": _flag("reopened"),
    "asked": _flag("asked"),
    "inquiry": _flag("inquired"),
    "urging": _flag("urging"),
    "forced": _flag("forced"),
    "orphan": _orphan,
    "due": _due,
    "age": _age,
    "grid": _grid,
    "category": _category,
    "by": _by,
    "agency": _agency,
    "source": _source,
    "number": _number,
}
"""Every key of the language."""


YES_NO = (
    "overdue", "late", "urgent", "reminder", "owed", "open", "sensitive", "reopened", "asked", "inquiry", "urging", "forced",
    "orphan",
)  # fmt: skip
"""Keys that take yes or no."""


def describe() -> dict[str, Any]:
    """The keys and the words that they take, for help and documentation."""
    return {
        "status": [str(each) for each in Status],
        "severity": ["p1", "p2", "p3", "p4"],
        "outcome": [str(each) for each in Outcome],
        "mode": list(MODES),
        **{key: ["yes", "no"] for key in YES_NO},
        **{key: ["<2h", ">3d"] for key in ("due", "age")},
        **{key: ["…"] for key in ("grid", "category", "by", "agency", "source", "number")},
    }
