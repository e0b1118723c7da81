"""Select Graphic Rendition: what a style is as parameters, and the shortest change from one style to another.

Source: ECMA-48, 8.3.117. A style is the text between ``CSI`` and ``m``; the empty text is the terminal's own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


class Parts(NamedTuple):
    """A style taken apart."""

    attributes: frozenset[str]
    """Parameters of bold, dim, underline, reverse and so on."""

    foreground: str
    """Parameters of the colour of the letters; empty for the terminal's own."""

    background: str
    """Parameters of the colour behind them; empty for the terminal's own."""


@lru_cache(4096)
def parts(style: str) -> Parts:
    """A style taken apart. An extended colour (38, 48) takes its own parameters along."""
    attributes: set[str] = set()
    foreground = background = ""
    words = style.split(";") if style else []
    at = 0
    while at < len(words):
        word = words[at]
        size = (3 if words[at + 1 : at + 2] == ["5"] else 5) if word in ("38", "48") else 1
        said, number = ";".join(words[at : at + size]), int(word or 0)
        at += size
        if number == 38 or 30 <= number <= 37 or 90 <= number <= 97:
            foreground = said
        elif number == 48 or 40 <= number <= 47 or 100 <= number <= 107:
            background = said
        elif number not in (0, 39, 49):
            attributes.add(said)
    return Parts(frozenset(attributes), foreground, background)


SEEN_ON_BLANKS = frozenset({"4", "7", "9", "21", "53"})
"""Attributes that show where there is no letter: underline, reverse, strike, double underline, overline."""


@lru_cache(4096)
def blank(style: str) -> str:
    """What of a style shows on a blank: two styles with the same look alike there."""
    said = parts(style)
    seen = sorted(said.attributes & SEEN_ON_BLANKS)
    return ";".join([*seen, *([said.foreground] if seen else []), said.background])


@lru_cache(4096)
def erasable(style: str) -> bool:
    """Whether blanks of a style are what erasing leaves where the terminal erases with the background colour."""
    return not (parts(style).attributes & SEEN_ON_BLANKS)


@lru_cache(8192)
def change(old: str, new: str) -> str:
    """The shortest sequence from one style to another; empty where they are the same."""
    if old == new:
        return ""
    was, now = parts(old), parts(new)
    if now == Parts(frozenset(), "", ""):
        return "\x1b[m"
    whole = f"\x1b[0;{new}m" if old else f"\x1b[{new}m"
    if not was.attributes <= now.attributes:
        return whole
    said = sorted(now.attributes - was.attributes)
    if now.foreground != was.foreground:
        said.append(now.foreground or "39")
    if now.background != was.background:
        said.append(now.background or "49")
    short = f"\x1b[{';'.join(said)}m"
    return short if len(short) < len(whole) else whole
