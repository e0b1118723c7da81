"""The banner that says whom to ring before anything else."""

from __future__ import annotations

from collections.abc import Iterable

from textual.strip import Strip

from console.categories import Category
from console.words import Words
from screens.widgets.ink import Ink

MOST = 2
"""Lines at most."""


def ring_now(ink: Ink, say: Words, dangers: Iterable[Category], cells: int, most: int = MOST) -> list[Strip]:
    """A line for each number that must be rung."""
    numbers: dict[str, Category] = {}
    for each in dangers:
        numbers.setdefault(each.ring, each)
    said = [
        say("warning.ring", ring=ring, name=each.name if say.language == "zh" else each.english)
        for ring, each in numbers.items()
    ]
    return [ink.strip([("alarm", f" {text}")], cells, "alarm") for text in said[:most]]
