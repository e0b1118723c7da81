"""Roles become styles, and parts of text become the cells of a line: as wide as the terminal makes them, and harmless.

What residents write goes through ``shown``: no markup is read here, what a terminal would obey is gone, and a character
whose width nobody agrees on is shown as one whose width everybody knows, so that it moves no other cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from console import plain
from themes.palettes import Palette
from themes.signs import Sign

Part = tuple[str, str]
"""(role, text)."""

_USUAL = re.compile("[ -~·…–—‼▌─✓◆×→“”\u3000-\u303f\u4e00-\u9fff\uff01-\uff60]*")
_DOUBT = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u00ad\u034f\u115f\u1160\u180e\u3164\uffa0]")
_ASCII = str.maketrans({
    "·": ".", "…": "~", "–": "-", "—": "-", "‼": "#", "▌": ">", "─": "-", "✓": "+", "◆": "*", "×": "x", "→": ">",
    "“": '"', "”": '"', "‘": "'", "’": "'", "↶": "<", "°": "o", "±": "~", "↓": "v", "↑": "^", "←": "<", "│": "|",
})  # fmt: skip

_LINES = str.maketrans({"\n": " ", "\t": " ", "\u00a0": " ", "\u3000": "  "})

PLACEHOLDER = "\N{REPLACEMENT CHARACTER}"
"""Shown for a character of doubtful width."""


@lru_cache(4096)
def shown(text: str) -> str:
    """A text on one line as it may stand in cells."""
    if _USUAL.fullmatch(text):
        return text.replace("\u3000", "  ") if "\u3000" in text else text
    return "".join(map(_char, _DOUBT.sub("", plain.clean(text).translate(_LINES))))


@lru_cache(4096)
def _char(char: str) -> str:
    """A character, or the placeholder where terminals would not agree with us on its width."""
    if char.isascii():
        return char
    from wcwidth import wcwidth

    return char if wcwidth(char) == get_character_cell_size(char) >= 0 and char.isprintable() else PLACEHOLDER


def width(text: str) -> int:
    """Cells that a text takes once it is shown."""
    return len(text) if text.isascii() else cell_len(text)


def cut(text: str, cells: int) -> str:
    """A text in at most so many cells, with … where it is longer."""
    if cells <= 0:
        return ""
    if width(text) <= cells:
        return text
    kept, size = [], 0
    for char in text:
        wide = get_character_cell_size(char)
        if size + wide > cells - 1:
            break
        kept.append(char)
        size += wide
    return "".join(kept) + "…"


def fit(text: str, cells: int) -> str:
    """A text in exactly so many cells."""
    text = cut(shown(text), cells)
    return text + " " * (cells - width(text))


def wrapped(text: str, cells: int) -> list[str]:
    """A text on as many lines of so many cells as it takes; Latin words are kept together where they fit."""
    found: list[str] = []
    cells = max(cells, 2)
    for part in plain.clean(text).split("\n"):
        line, size = "", 0
        for found_word in re.findall(r"[!-~]+|\s+|.", shown(part)):
            word = found_word
            wide = width(word)
            if size + wide > cells and line.strip():
                found.append(line.rstrip())
                line, size = "", 0
                if word.isspace():
                    continue
            while width(word) > cells:
                head = cut(word, cells + 1)[:-1] or word[0]
                found.append(line + head)
                line, word = "", word[len(head) :]
            line, size = line + word, width(line + word)
        found.append(line.rstrip())
    return found


class Ink:
    """One palette on one kind of terminal."""

    def __init__(self, palette: Palette, *, plain_signs: bool = False) -> None:
        """``plain_signs``: no character outside ASCII of our own, for terminals that make some of them two cells wide."""
        self.palette, self.plain = palette, plain_signs
        self._styles: dict[tuple[str, str], Style] = {}

    palette: Palette
    """The palette."""

    plain: bool
    """Whether signs are ASCII."""

    def use(self, palette: Palette) -> None:
        """Another palette from now on."""
        self.palette = palette
        self._styles.clear()

    def style(self, role: str, base: str = "text") -> Style:
        """The style of a role on a line of another."""
        asked = (role, base)
        found = self._styles.get(asked)
        if found is None:
            looks = self.palette.looks
            role = "text" if (role, base) == ("dim", "cursor") else role  # what is dim is hard to read on a bar
            under = Style.parse(looks.get("text", ""))
            if base != "text":
                under += Style.parse(looks.get(base, ""))
            over = Style.parse(looks.get(role, "")) if role not in ("text", base) else Style.null()
            if base != "text" and over.bgcolor is not None:
                over = Style(color=over.color, bold=over.bold, strike=over.strike, underline=over.underline)
            found = self._styles[asked] = under + over
        return found

    def sign(self, sign: Sign) -> Part:
        """A sign as a part of a line."""
        return sign.role, sign.plain if self.plain else sign.sign

    def strip(self, parts: Iterable[Part], cells: int, base: str = "text") -> Strip:
        """A line of exactly so many cells."""
        segments: list[Segment] = []
        left = cells
        for role, text in parts:
            said = shown(text)
            if self.plain:
                said = said.translate(_ASCII)
            size = width(said)
            full = size > left
            if full:
                said = cut(said, left)
                size = width(said)
            if said:
                segments.append(Segment(said, self.style(role, base)))
            left -= size
            if full or left <= 0:
                break
        if left > 0:
            segments.append(Segment(" " * left, self.style("text", base)))
        return Strip(segments, cells)

    def rule(self, cells: int, head: Sequence[Part] = ()) -> Strip:
        """A line across, with something at its beginning."""
        line = "-" if self.plain else "─"
        used = sum(width(shown(text)) for _, text in head)
        if not head:
            return self.strip([("rule", line * cells)], cells)
        return self.strip([("rule", line * 2 + " "), *head, ("rule", " " + line * max(cells - used - 4, 0))], cells)


def joined(parts: Iterable[Sequence[Part]], between: str = "  ") -> list[Part]:
    """Groups of parts on one line, with something between them."""
    found: list[Part] = []
    for group in parts:
        if not group:
            continue
        if found:
            found.append(("text", between))
        found.extend(group)
    return found


def spread(left: Sequence[Part], right: Sequence[Part], cells: int) -> list[Part]:
    """Some parts at the left and some at the right; the left ones are cut where both do not fit."""
    room = cells - sum(width(shown(text)) for _, text in right)
    found: list[Part] = []
    for role, text in left:
        whole = shown(text)
        said = cut(whole, room)
        found.append((role, said))
        room -= width(said)
        if said != whole:
            break
    return [*found, ("text", " " * max(room, 0)), *right]
