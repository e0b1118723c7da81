"""A widget of lines: a screen hands it all of them, and only those that changed are drawn again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Canvas(Widget):
    """The whole surface of a screen."""

    def __init__(self, **more: Any) -> None:
        """Empty."""
        super().__init__(**more)
        self._lines: list[Strip] = []

    def show(self, lines: Sequence[Strip]) -> None:
        """Show these lines from the top."""
        old = self._lines
        self._lines = list(lines)
        cells = self.size.width
        if len(old) != len(self._lines):
            self.refresh()
            return
        changed = [
            Region(0, y, cells, 1)
            for y, (was, now) in enumerate(zip(old, self._lines, strict=True))
            if was is not now and was != now
        ]
        if changed:
            self.refresh(*changed)

    def lines(self) -> list[Strip]:
        """The lines that are shown."""
        return list(self._lines)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region, as they are: styles and filters of Textual have no part in them."""
        blank = Strip.blank(crop.width)
        found = [self._lines[y] if 0 <= y < len(self._lines) else blank for y in range(crop.y, crop.bottom)]
        if crop.x or any(line.cell_length != crop.right for line in found):
            found = [line.crop_extend(crop.x, crop.right, None) for line in found]
        return found
