"""What may be said in a group: never another resident's name, number or address. And numbers are masked outside the case."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from console.agencies import agencies
from console.book import Book, Refused
from console.chat.rules import rule, spoken
from console.issues import Issue

MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d)([- ]?)(\d{4})\2(\d{4})(?!\d)")
"""A mobile number of the mainland, with or without signs between."""

LANDLINE = re.compile(r"(?<!\d)(0\d{2,3})[- ]?(\d{7,8})(?!\d)")
"""A landline with its area."""

IDENTITY = re.compile(r"(?<![0-9A-Za-z])(\d{6})(?:19|20)\d{9}([0-9Xx])(?![0-9A-Za-z])")
"""A number of an identity card."""

_WORDS = spoken("names")
_SURNAME = f"[{''.join(_WORDS['surnames'].split())}]"
_NAME = rule(rf"{_SURNAME}(?:[\u4e00-\u9fff]{{1,2}}|{_WORDS['titles']}) | (?:{_WORDS['before']}){_SURNAME}")
_TOLD = rule(rf"({_WORDS['told']})({_SURNAME}[\u4e00-\u9fff]{{1,2}})(?![\u4e00-\u9fff])")

STAR = "*"
"""Stands for a character that is not shown."""

LONG = (3, 2)
"""Characters of names that are looked for, the longer ones first."""

MESSAGES = "messages"
"""Kind of what residents write; ``messages`` has it."""

LEAST = 2
"""Characters of a name that is looked for: one character alone is in every other sentence."""


def is_name(text: str) -> bool:
    """Whether a word is a person's name by its form: a surname and one or two characters, or with a title."""
    return _NAME.fullmatch(text) is not None


def named_in(names: Iterable[str]) -> frozenset[str]:
    """The names in a row of how people are called in a group."""
    return frozenset(name for name in map(_core, names) if is_name(name))


def _core(card: str) -> str:
    """How somebody is called, without where they live."""
    from console.chat.cards import card as read

    return read(card).name


def masked(text: str, names: Container[str] = ()) -> str:
    """A text for other eyes than those of who handles the case: of numbers that lead to a person the middle is gone.

    Of a name that somebody says is one, and of ``names`` that are known, the first character stays.
    """
    text = IDENTITY.sub(lambda found: f"{found[1]}********{found[2]}", text)
    text = MOBILE.sub(lambda found: f"{found[1]}****{found[4]}", text)
    text = LANDLINE.sub(lambda found: f"{found[1]}-****{found[2][-3:]}", text)
    text = _TOLD.sub(lambda found: f"{found[1]}{found[2][0]}{STAR * (len(found[2]) - 1)}", text)
    return _unnamed(text, names) if names else text


def _unnamed(text: str, names: Container[str]) -> str:
    """A text in which known names are starred but for their first character."""
    found, at = list[str](), 0
    while at < len(text):
        size = next((n for n in LONG if text[at : at + n] in names and at + n <= len(text)), 0)
        found.append(text[at] + STAR * (size - 1) if size else text[at])
        at += size or 1
    return "".join(found)


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
    for form in (IDENTITY, MOBILE, LANDLINE):
        found += [each[0] for each in form.finditer(text) if digits(each[0]) not in known and digits(each[0]) != digits(to)]
    if issue is not None:
        people = [(issue.reporter, issue.contact), *((voice.name, voice.contact) for voice in issue.voices)]
        found += [name for name, contact in people if len(name) >= LEAST and contact != to and name in text]
        if issue.place and issue.contact != to and any(c.isdigit() for c in issue.place) and issue.place in text:
            found.append(issue.place)
    return list(dict.fromkeys([*found, *_of_others(book, text, to)]))


def _of_others(book: Book, text: str, to: str) -> Iterator[str]:
    """Names of whoever else told an open case or wrote in a group, and flats, as far as a text tells them."""
    from console.chat.cards import card as read
    from console.chat.cards import flats

    parts = {text[at : at + n] for n in LONG for at in range(len(text) - n + 1)}
    maybe, sender = [part for part in parts if is_name(part)], to.removeprefix("QQ ")
    staff = {doc.get("name", "") for doc in book.docs("staff").values()}
    staff |= {each.name for known in agencies(book).values() for each in known.contacts}
    own, spoken_to, others = "", "", list[str]()
    for doc in book.docs(MESSAGES).values():
        said = doc.get("card", "") or doc.get("nickname", "")
        if sender and doc.get("sender") == sender:
            called = replace(read(said), latin=False)
            own, spoken_to = own or called.place, called.name
        elif any(part in said for part in maybe) and (name := read(said).name) in maybe and name not in staff:
            others.append(name)
    for doc in book.docs(Issue.kind).values():
        name, mine = doc.get("reporter", ""), bool(to) and doc.get("contact") == to
        if name in maybe and not mine and name not in staff:
            others.append(name)
    yield from (name for name in others if name != spoken_to)
    for flat in flats(text):
        if flat != own:
            yield flat


def check(book: Book, text: str, issue: Issue | None, to: str) -> None:
    """Refuse a text that tells a group what is another resident's, naming it."""
    found: Iterable[str] = leaks(book, text, issue, to)
    if found:
        raise Refused("refused.leaks", what=list(found))
