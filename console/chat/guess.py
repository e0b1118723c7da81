"""Which category a text is most likely of, learned from the station's own cases, over pairs of characters.

What was filed is the teacher, so it is of one town, in its words, and wrong where that was wrong. A guess stands in the form
to be seen and changed, never in a case that nobody has looked at.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from console.book import Book
from console.categories import Category, categories
from console.issues import Issue
from console.similar import pieces

LEARNED = 3_000
"""The latest cases that are learned from, at most."""

SMOOTH = 0.5
"""Times that every piece counts as seen once more than it was."""

LEAST = 2
"""Pieces of a text that must be known."""

FAR = 3.0
"""How many times as likely as the next a category must be to be guessed."""


class Guesser:
    """What texts of each category are made of."""

    def __init__(self) -> None:
        """Knowing nothing."""
        self._pieces: dict[str, Counter[str]] = {}
        self._sums: Counter[str] = Counter()
        self._all: Counter[str] = Counter()

    def learn(self, text: str, category: str) -> None:
        """One text of a category."""
        found = pieces(text)
        self._pieces.setdefault(category, Counter()).update(found)
        self._sums[category] += len(found)
        self._all.update(found)

    def likely(self, text: str) -> list[tuple[str, float]]:
        """Categories with how likely each is, adding up to 1, the likeliest first; none where too little of it is known.

        By what the texts of all other categories are made of (complement naive Bayes): a category with few cases is not
        drowned by one with many. What is said in many words is no surer than their square root.
        """
        known = [each for each in pieces(text) if each in self._all]
        if len(known) < LEAST or len(self._pieces) < 2:
            return []
        total, words = sum(self._sums.values()), len(self._all)
        scores = {}
        for category, counts in self._pieces.items():
            rest = total - self._sums[category] + SMOOTH * words
            scores[category] = -sum(math.log((self._all[each] - counts[each] + SMOOTH) / rest) for each in known)
        best, sharp = max(scores.values()), math.sqrt(len(known))
        shares = {category: math.exp((score - best) / sharp) for category, score in scores.items()}
        whole = sum(shares.values())
        return sorted(((name, share / whole) for name, share in shares.items()), key=lambda each: -each[1])


def taught(known: Iterable[Category], cases: Iterable[tuple[str, str]]) -> Guesser:
    """What knows the categories' own words, and these cases: (text, category)."""
    made = Guesser()
    for each in known:
        for word in (each.name, each.english, *each.stopper):
            made.learn(word, each.slug)
    for text, slug in cases:
        made.learn(text, slug)
    return made


def guessed(book: Book, text: str) -> str:
    """Slug of the category that a text is most likely of; empty where none is likely enough. One that it names is."""
    known = {each.slug: each for each in categories(book).values() if not each.retired}
    plain = text.casefold()
    named = [each.slug for each in known.values() if each.name in text or each.english.casefold() in plain]
    if len(named) == 1:
        return named[0]
    guesser = book.memo("categories", "guesser", lambda: _of(book))
    return sure([each for each in guesser.likely(text) if each[0] in known])


def sure(likely: list[tuple[str, float]]) -> str:
    """The first of what is likely, where it is so by far; else nothing."""
    if not likely or (len(likely) > 1 and likely[0][1] < FAR * likely[1][1]):
        return ""
    return likely[0][0]


def _of(book: Book) -> Guesser:
    """The guesser of a station: it learns once a session, which costs a few hundredths of a second."""
    docs = list(book.docs(Issue.kind).values())[-LEARNED:]
    told = ((f"{doc.get('title', '')} {doc.get('text', '')}", doc["category"]) for doc in docs if doc.get("category"))
    return taught([each for each in categories(book).values() if not each.retired], told)
