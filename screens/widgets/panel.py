"""A card as strips: its lines folded to a width, with as much of the story as there is room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.strip import Strip

from console.glance import Line
from screens.widgets.ink import Ink, Part, shown, width, wrapped

if TYPE_CHECKING:
    from console.card import Card

HANG = 2
"""Cells that a folded line stands in."""


def folded(ink: Ink, parts: Line, cells: int, most: int = 8) -> list[Strip]:
    """One line on as many lines as it takes, at most so many; what is folded is its last part."""
    head, (role, text) = parts[:-1], parts[-1]
    indent = sum(width(shown(said)) for _, said in head)
    lead = text[: len(text) - len(text.lstrip(" "))]
    room = cells - indent
    if width(shown(text)) <= room:
        return [ink.strip(parts, cells)]
    if room < max(16, cells // 2):  # too little is left beside what stands before it
        first = ink.strip(head, cells)
        rest = [ink.strip([("text", " " * HANG), (role, part)], cells) for part in wrapped(text.strip(), cells - HANG)]
        return [first, *rest][:most]
    lines = wrapped(text.strip(), room - width(lead))
    before: list[list[Part]] = [head, *[[("text", " " * indent)]] * (len(lines) - 1)]
    return [ink.strip([*at, (role, lead + said)], cells) for at, said in zip(before, lines, strict=True)][:most]


def panel(ink: Ink, card: Card, cells: int, rows: int, skip: int = 0, why: bool = False) -> list[Strip]:
    """A case on so many rows. ``skip``: lines of it that are scrolled away; ``why``: its clock explained."""
    return whole(ink, card, cells, why=why)[skip : skip + rows]


def whole(ink: Ink, card: Card, cells: int, *, why: bool = False) -> list[Strip]:
    """All lines of a case."""
    head = [("strong" if role == "title" else role, text) for role, text in [*card.head(), ("text", "  "), *card.where()]]
    found = folded(ink, head, cells)
    for parts in card.body():
        found += folded(ink, parts, cells)
    if why:
        found.append(ink.strip([], cells))
        for parts in card.why():
            found += folded(ink, parts, cells)
    found.append(ink.strip([], cells))
    for parts in card.story():
        found += folded(ink, parts, cells)
    return found
