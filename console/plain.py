"""Text from outside made fit to be shown: no control or escape characters, no bidi tricks, cut by terminal cells.

What is kept is the text as it came; only what is shown goes through here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# what a terminal would obey, besides the control characters below a space
_OBEYED = "\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_UNSAFE = re.compile(f"[\x00-\x08\x0b-\x1f\ud800-\udfff{_OBEYED}]")
_COMMON = re.compile("[ -~…·–—‼“”\u3000-\u303e\u4e00-\u9fff\uff01-\uff60]*")  # what most lines are made of
_NARROW = re.compile("[ -~…·–—‼“”]")
_SPACE = re.compile(r"\s+")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def clean(text: str) -> str:
    """A text without what a terminal would obey: such characters show as ``\N{REPLACEMENT CHARACTER}``; lines stay."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def escaped(json: str) -> str:
    """A JSON text with what a terminal would obey written by its number: the same value."""

    def escape(found: re.Match[str]) -> str:
        units = found[0].encode("utf-16-be", "surrogatepass")
        return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))

    return re.sub(f"[\u2028\u2029{_OBEYED}]", escape, json)


def line(text: str) -> str:
    """A text on one line."""
    return _SPACE.sub(" ", clean(text)).strip()


def width(text: str) -> int:
    """How many terminal cells a text takes."""
    if text.isascii():
        return len(text)
    if _COMMON.fullmatch(text):
        return 2 * len(text) - len(_NARROW.findall(text))
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)


def fit(text: str, cells: int) -> str:
    """A text on one line in exactly so many cells: cut with … where it is longer, filled with spaces where shorter."""
    text = line(text)
    size = width(text)
    if size > cells:
        size, kept = 0, []
        for char in text:
            wide = width(char)
            if size + wide > cells - 1:
                break
            kept.append(char)
            size += wide
        text, size = "".join(kept) + "…", size + 1
    return text + " " * max(cells - size, 0)


def folded(head: str, parts: Iterable[str], cells: int) -> str:
    """A head and the parts behind it, on as many lines of so many cells as it takes; lines after the first stand in."""
    lines, indent = [head], " " * width(head)
    for part in parts:
        if width(lines[-1]) + 2 + width(part) > cells and lines[-1] != indent:
            lines.append(indent)
        lines[-1] += f"  {part}"
    return "\n".join(lines)


def cell(text: str) -> str:
    """A text for a spreadsheet's cell: what would be taken for a formula begins with an apostrophe."""
    said = clean(text)
    return f"'{said}" if said.lstrip(" \u3000\u00a0").startswith(_FORMULA) else said


def markdown(text: str) -> str:
    """A text on one line that Markdown takes literally."""
    said = re.sub(r"([\\`*_\[\]|<>~])", r"\\\1", line(text))
    return re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", re.sub(r"^([#+-])", r"\\\1", said))


def html(text: str) -> str:
    """A text that HTML takes literally."""
    from html import escape

    return escape(clean(text))
