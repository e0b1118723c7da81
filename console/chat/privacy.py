"""What may be said in a group: never another resident's name, number or address. And numbers are masked outside the case."""

from __future__ import annotations

import re
from collections.abc import Iterable

from console.agencies import agencies
from console.book import Book, Refused
from console.issues import Issue

MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d)([- ]?)(\d{4})\2(\d{4})(?!\d)")
"""A mobile number of the mainland, with or without signs between."""

LANDLINE = re.compile(r"(?<!\d)(0\d{2,3})[- ]?(\d{7,8})(?!\d)")
"""A landline with its area."""

IDENTITY = re.compile(r"(?<![0-9A-Za-z])(\d{6})(?:19|20)\d{9}([0-9Xx])(?![0-9A-Za-z])")
"""A number of an identity card."""

LEAST = 2
"""Characters of a name that is looked for: one character alone is in every other sentence."""


def masked(text: str) -> str:
    """A text for other eyes than those of who handles the case: of numbers that lead to a person the middle is gone."""
    text = IDENTITY.sub(lambda found: f"{found[1]}********{found[2]}", text)
    text = MOBILE.sub(lambda found: f"{found[1]}****{found[4]}", text)
    return LANDLINE.sub(lambda found: f"{found[1]}-****{found[2][-3:]}", text)


def digits(text: str) -> str:
    """The digits of a text, without the country's."""
    found = "".join(c for c in text if c.isascii() and c.isdigit())
    return found[2:] if found.startswith("86") and len(found) == 13 else found


def public(book: Book) -> frozenset[str]:
    """The numbers that everybody may know: those of the agencies and of who answers for them on duty."""
    known = agencies(book).values()
    return frozenset(digits(phone) for each in known for phone in (each.phone, *(c.phone for c in each.contacts)) if phone)


def leaks(book: Book, text: str, issue: Issue | None, to: str) -> list[str]:
    """What in a text is another resident's: numbers, names, places of flats. ``to``: contact of who it is an answer to."""
    known, found = public(book), list[str]()
    for rule in (IDENTITY, MOBILE, LANDLINE):
        found += [each[0] for each in rule.finditer(text) if digits(each[0]) not in known and digits(each[0]) != digits(to)]
    if issue is not None:
        people = [(issue.reporter, issue.contact), *((voice.name, voice.contact) for voice in issue.voices)]
        found += [name for name, contact in people if len(name) >= LEAST and contact != to and name in text]
        if issue.place and issue.contact != to and any(c.isdigit() for c in issue.place) and issue.place in text:
            found.append(issue.place)
    return list(dict.fromkeys(found))


def check(book: Book, text: str, issue: Issue | None, to: str) -> None:
    """Refuse a text that tells a group what is another resident's, naming it."""
    found: Iterable[str] = leaks(book, text, issue, to)
    if found:
        raise Refused("refused.leaks", what=list(found))
