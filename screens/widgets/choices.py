"""What may be chosen in a field, with digits; beside an agency its phone book and who of it is on call."""

from __future__ import annotations

from textual.strip import Strip

from console.agencies import agencies, on_call
from console.chair import Chair
from console.choosing import Choice
from console.plain import line
from screens.widgets.ink import Ink, Part, fit, shown, width

LISTED = 9
"""Choices that have a digit."""

BROAD = 30
"""Cells of a choice's name at most, where hints stand beside it."""


def listed(
    ink: Ink, chair: Chair, fits: list[Choice], typed: str, indent: int, cells: int, room: int, *, digits: bool = True
) -> list[Strip]:
    """The choices that fit what was typed, on at most so many lines. ``digits``: whether a digit chooses."""
    say, lead = chair.say, " " * indent
    shown_ones = fits[: min(LISTED, room)]
    most = BROAD if any(each.hint for each in shown_ones) else max(cells - indent - 3, BROAD)
    wide = min(max((width(shown(each.name)) for each in shown_ones), default=0), most)
    found = []
    for n, each in enumerate(shown_ones, 1):
        role = "strong" if each.name == typed else "text"
        parts: list[Part] = [
            ("text", lead),
            ("key", f"{n} " if digits else "  "),
            (role, fit(each.name, wide)),
            ("dim", f"  {each.hint}"),
        ]
        found.append(ink.strip(parts, cells))
    if len(fits) > len(shown_ones):
        more = say("form.more", n=len(fits) - len(shown_ones) + (len(found) == room))
        found = [*found[: room - 1], ink.strip([("dim", lead + more)], cells)]
    return found or [ink.strip([("warn", lead + say("form.none_fits"))], cells)]


def phone_book(ink: Ink, chair: Chair, slug: str, cells: int, room: int) -> list[Strip]:
    """The phone book of an agency, who is on call first; nothing where there is no room for it."""
    found = agencies(chair.book).get(slug)
    if found is None or room < 2:
        return []
    called = on_call(found, chair.now(), chair.here)
    lines: list[list[Part]] = [[("head", chair.say("form.phone_book")), ("text", f"  {found.phone}")]]
    for each in sorted(found.contacts, key=lambda contact: contact not in called):
        mark = chair.say("form.on_call") if each in called else ""
        lines.append([("strong" if mark else "text", f"{line(each.name)}  {line(each.phone)}  "), ("good", mark)])
    return [ink.strip([("text", "   "), *parts], cells) for parts in lines[:room]]
