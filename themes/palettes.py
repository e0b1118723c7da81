"""Palettes as data: what each role looks like. No colour stands anywhere else.

A look is written as in ``bold #ffb454 on #1b1e24``: attributes, colour of the letters, ``on``, colour behind them; what
is not said is the terminal's own. Colours of the 16-colour palette are the terminal's, by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ROLES = (
    "text", "dim", "strong", "title", "head", "rule", "key", "key_off", "tab", "tab_on", "cursor", "marked", "mine",
    "p1", "p2", "late", "soon", "wait", "good", "tell", "warn", "alarm", "quote", "field", "field_on", "struck",
)  # fmt: skip
"""Everything that is drawn has one of these roles.

text ordinary · dim what waits on others, or is not likely · strong what the eye looks for · title a screen's first line ·
head heading of a part · rule a line across · key, key_off a key that works, one that is refused now · tab, tab_on a view
· cursor the line under the cursor · marked a marked line · mine one's own cases · p1, p2 severity · late, soon overdue,
due soon · wait an agency has it · good done · tell, warn, alarm what the program says · quote a resident's words ·
field, field_on a form's field · struck a line that was struck out.
"""


@dataclass(frozen=True, slots=True)
class Palette:
    """One way to look."""

    name: str
    """Name, as ``--theme`` takes it."""

    looks: Mapping[str, str]
    """Role → look; a role that is left out looks like ``text``."""

    dark: bool = True
    """Whether what is behind the letters is dark."""

    ansi: bool = False
    """Whether it uses only the terminal's own colours."""

    arrow: bool = False
    """Whether the line under the cursor is shown by its mark alone."""


NIGHT = Palette(
    "night",
    {
        "text": "#c8ccd4 on #16181d", "dim": "#7d8590 on #16181d", "strong": "bold #e6e9ef on #16181d",
        "title": "bold #e6e9ef on #2a3038", "head": "bold #8fb7e0 on #16181d", "rule": "#3c434d on #16181d",
        "key": "bold #8fb7e0 on #16181d", "key_off": "#5b626d on #16181d", "tab": "#7d8590 on #16181d",
        "tab_on": "bold #e6e9ef on #34404f", "cursor": "on #303a48", "marked": "#ffd479", "mine": "bold",
        "p1": "bold #ff6b68", "p2": "#ffa657", "late": "bold #ff6b68", "soon": "#ffc66d", "wait": "#7d8590",
        "good": "#7cc58f", "tell": "#8fb7e0 on #16181d", "warn": "bold #ffc66d on #16181d",
        "alarm": "bold #ffffff on #a8322f", "quote": "#b7c6a6 on #16181d", "field": "#c8ccd4 on #22262d",
        "field_on": "#ffffff on #303a48", "struck": "strike #7d8590 on #16181d",
    },
)  # fmt: skip

DAY = Palette(
    "day",
    {
        "text": "#24292f on #fafaf7", "dim": "#6e7781 on #fafaf7", "strong": "bold #000000 on #fafaf7",
        "title": "bold #ffffff on #35506e", "head": "bold #1f4e79 on #fafaf7", "rule": "#c4c8cc on #fafaf7",
        "key": "bold #1f4e79 on #fafaf7", "key_off": "#a4a9af on #fafaf7", "tab": "#6e7781 on #fafaf7",
        "tab_on": "bold #ffffff on #35506e", "cursor": "on #d5e3f2", "marked": "#7a4b00", "mine": "bold",
        "p1": "bold #b3201b", "p2": "#a04b00", "late": "bold #b3201b", "soon": "#8a5a00", "wait": "#6e7781",
        "good": "#1d6f3a", "tell": "#1f4e79 on #fafaf7", "warn": "bold #8a5a00 on #fafaf7",
        "alarm": "bold #ffffff on #b3201b", "quote": "#3d5a2c on #fafaf7", "field": "#24292f on #ececE6",
        "field_on": "#000000 on #d5e3f2", "struck": "strike #6e7781 on #fafaf7",
    },
    dark=False,
)  # fmt: skip

CONTRAST = Palette(
    "contrast",
    {
        "text": "#ffffff on #000000", "dim": "#d0d0d0 on #000000", "strong": "bold #ffffff on #000000",
        "title": "bold #000000 on #ffffff", "head": "bold #ffff00 on #000000", "rule": "#ffffff on #000000",
        "key": "bold #ffff00 on #000000", "key_off": "#a8a8a8 on #000000", "tab": "#ffffff on #000000",
        "tab_on": "bold #000000 on #ffff00", "cursor": "bold #000000 on #ffffff", "marked": "#00ffff", "mine": "bold",
        "p1": "bold #ff8080", "p2": "bold #ffd700", "late": "bold #ff8080", "soon": "bold #ffd700", "wait": "#d0d0d0",
        "good": "#80ff80", "tell": "#00ffff on #000000", "warn": "bold #ffff00 on #000000",
        "alarm": "bold #ffffff on #d00000", "quote": "#ffffff on #000000", "field": "#ffffff on #303030",
        "field_on": "#000000 on #ffffff", "struck": "strike #d0d0d0 on #000000",
    },
)  # fmt: skip

SIXTEEN = Palette(
    "sixteen",
    {
        "text": "", "dim": "", "strong": "bold", "title": "reverse", "head": "bold cyan", "rule": "blue", "key": "bold cyan",
        "key_off": "blue", "tab": "", "tab_on": "reverse", "cursor": "reverse", "marked": "yellow", "mine": "bold",
        "p1": "bold red", "p2": "yellow", "late": "bold red", "soon": "yellow", "wait": "cyan", "good": "green",
        "tell": "cyan", "warn": "bold yellow", "alarm": "bold white on red", "quote": "green", "field": "underline",
        "field_on": "reverse", "struck": "blue",
    },
    ansi=True,
)  # fmt: skip

MONO = Palette(
    "mono",
    {
        "strong": "bold", "title": "reverse", "head": "bold", "key": "bold", "tab_on": "reverse", "cursor": "bold",
        "mine": "bold", "p1": "bold", "late": "bold", "warn": "bold", "alarm": "reverse bold", "field": "underline",
        "field_on": "reverse",
    },
    ansi=True,
    arrow=True,
)  # fmt: skip

PALETTES: dict[str, Palette] = {each.name: each for each in (NIGHT, DAY, CONTRAST, SIXTEEN, MONO)}
"""By name, the usual one first."""


def usual(term: str, colours: str, *, no_colour: bool = False) -> Palette:
    """The palette for a terminal where nobody has chosen one. ``colours``: COLORTERM."""
    if no_colour or term.startswith(("vt", "dumb", "ansi-m")) or term.endswith("-mono"):
        return MONO
    if "256color" in term or colours in ("truecolor", "24bit"):
        return NIGHT
    return SIXTEEN
