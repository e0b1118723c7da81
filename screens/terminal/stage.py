"""What the terminal shows, cell by cell, and the fewest bytes from that to something else.

A wide character stands in its first cell and leaves the second one empty (``""``); a character without width joins the
cell before it. Rows that have only moved are moved on the terminal by a scroll region (DECSTBM), blank tails erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from rich.cells import get_character_cell_size as cell_size

from screens.terminal.sgr import blank, change, erasable

GAP = 5
"""Equal cells between two changed ones that are written again rather than jumped over."""

FEW_ROWS = 4
"""Changed rows up to which nothing is looked for that has moved."""

TAIL = 5
"""Blank cells at the end of a row from which on erasing is shorter than writing."""

EDGE = 3
"""Columns at the right that do not count when rows are compared for having moved: marks and bars stand there."""

Row = tuple[list[str], list[str]]
"""Characters and styles of one row, a cell each."""


class Stage:
    """The cells of a terminal."""

    def __init__(self, width: int, height: int, *, erases_coloured: bool = True, scrolls: bool = True) -> None:
        """A terminal that was cleared. ``erases_coloured``: whether erasing leaves the background colour (bce)."""
        self.width, self.height = width, height
        self._coloured, self._scrolls = erases_coloured, scrolls
        self.chars = [[" "] * width for _ in range(height)]
        self.styles = [[""] * width for _ in range(height)]
        self._style, self._y, self._x = "", -1, -1

    width: int
    """Cells of a row."""

    height: int
    """Rows."""

    chars: list[list[str]]
    """What stands in each cell."""

    styles: list[list[str]]
    """How."""

    def copy(self) -> Stage:
        """Another one with the same cells."""
        made = Stage(self.width, self.height, erases_coloured=self._coloured, scrolls=self._scrolls)
        made.chars, made.styles = [list(row) for row in self.chars], [list(row) for row in self.styles]
        return made

    def whole(self) -> str:
        """What to write onto a terminal that was cleared so that all of this stands there."""
        blank_one = Stage(self.width, self.height, erases_coloured=self._coloured, scrolls=False)
        return blank_one.show({y: (self.chars[y], self.styles[y]) for y in range(self.height)})

    def tell(self) -> str:
        """The cells as a text."""
        import json

        return json.dumps([self.width, self.height, self._coloured, self.chars, self.styles], separators=(",", ":"))

    @classmethod
    def told(cls, said: str) -> Stage | None:
        """The stage of such a text; None where it is none."""
        import json

        try:
            width, height, coloured, chars, styles = json.loads(said)
            made = cls(width, height, erases_coloured=coloured)
            if [len(chars), len(styles), *{len(row) for row in (*chars, *styles)}] != [height, height, width]:
                return None
        except (ValueError, TypeError):
            return None
        made.chars, made.styles = chars, styles
        return made

    def row(self, y: int) -> Row:
        """A row to be changed and handed to ``show``."""
        return list(self.chars[y]), list(self.styles[y])

    def put(self, row: Row, x: int, segments: Iterable[Any], style_of: Callable[[Any], str]) -> None:
        """Write segments into a row from a column on; what is past the edge is cut."""
        chars, styles = row
        width = self.width
        for text, style, control in segments:
            if control:
                continue
            said = "" if style is None else style_of(style)
            if text.isascii() and text.isprintable():
                size = min(len(text), width - x)
                if size > 0:
                    _free(chars, x, x + size)
                    chars[x : x + size] = text[:size]
                    styles[x : x + size] = [said] * size
                x += len(text)
                continue
            for char in text:
                size = cell_size(char)
                if size == 0:
                    _join(chars, x, char)
                    continue
                if x + size <= width and char.isprintable():
                    _free(chars, x, x + size)
                    chars[x : x + size] = [char] if size == 1 else [char, ""]
                    styles[x : x + size] = [said] * size
                elif x == width - 1:  # half of it would be past the edge
                    _free(chars, x, width)
                    chars[x], styles[x] = " ", said
                x += size

    def show(self, rows: dict[int, Row]) -> str:
        """What to write so that these rows stand there; it is taken for written."""
        out: list[str] = []
        rows = self._changed(rows)
        if self._scrolls and len(rows) > FEW_ROWS and self._move(out, rows):
            rows = self._changed(rows)
        for y in sorted(rows):
            self._write(out, y, *rows[y])
        return "".join(out)

    def cursor(self, y: int, x: int) -> str:
        """What to write so that the hidden cursor stands there: input methods place their window at it."""
        out: list[str] = []
        self._goto(out, y, x)
        return "".join(out)

    def _changed(self, rows: dict[int, Row]) -> dict[int, Row]:
        """The rows that are not as they stand."""
        return {y: row for y, row in rows.items() if row[0] != self.chars[y] or row[1] != self.styles[y]}

    def _write(self, out: list[str], y: int, chars: list[str], styles: list[str]) -> None:
        """Write what differs in one row."""
        changed = self._cells(y, chars, styles)
        tail, tail_style = self._tail(chars, styles, changed)
        runs: list[list[int]] = []
        for x in changed:
            if x >= tail:
                break
            if runs and x - runs[-1][1] <= GAP:
                runs[-1][1] = x + 1
            else:
                runs.append([x, x + 1])
        for first, last in runs:
            self._run(out, y, first, last, chars, styles)
        if tail < self.width:
            self._goto(out, y, tail)
            out.append(change(self._style, tail_style) + "\x1b[K")
            self._style = tail_style
        self.chars[y], self.styles[y] = chars, styles

    def _cells(self, y: int, chars: list[str], styles: list[str]) -> list[int]:
        """The columns whose cell looks otherwise than it stands."""
        old_chars, old_styles = self.chars[y], self.styles[y]
        return [
            x
            for x in range(self.width)
            if chars[x] != old_chars[x]
            or (styles[x] != old_styles[x] and (chars[x] != " " or blank(styles[x]) != blank(old_styles[x])))
        ]

    def _tail(self, chars: list[str], styles: list[str], changed: list[int]) -> tuple[int, str]:
        """From which column on the row can be erased, and in which style; the width where it cannot, or is not worth it."""
        width = self.width
        last = styles[width - 1]
        if chars[width - 1] != " " or not erasable(last) or (blank(last) and not self._coloured):
            return width, ""
        look, tail = blank(last), width
        while tail and chars[tail - 1] == " " and erasable(styles[tail - 1]) and blank(styles[tail - 1]) == look:
            tail -= 1
        if sum(x >= tail for x in changed) < TAIL:
            return width, ""
        return tail, last

    def _run(self, out: list[str], y: int, first: int, last: int, chars: list[str], styles: list[str]) -> None:
        """Write some cells of a row; a wide character is written whole."""
        while first > 0 and chars[first] == "":
            first -= 1
        while last < self.width and chars[last] == "":
            last += 1
        self._goto(out, y, first)
        at = first
        while at < last:
            style, end = styles[at], at + 1
            while end < last and styles[end] == style:
                end += 1
            out.append(change(self._style, style))
            self._style = style
            out.append("".join(chars[at:end]))
            at = end
        self._x = last

    def _goto(self, out: list[str], y: int, x: int) -> None:
        """Move the cursor the shortest way. After the last column nobody knows where it is."""
        ahead = x - self._x
        if (y, x) == (self._y, self._x) and x < self.width:
            return
        if y == self._y and self._x < self.width and 0 < ahead < 10:
            out.append("\x1b[C" if ahead == 1 else f"\x1b[{ahead}C")
        elif y == self._y and x == 0:
            out.append("\r")
        elif x == 0 and y == self._y + 1 and self._y >= 0:
            out.append("\r\n")
        elif x == 0:
            out.append(f"\x1b[{y + 1}H")
        else:
            out.append(f"\x1b[{y + 1};{x + 1}H")
        self._y, self._x = y, x

    def _move(self, out: list[str], rows: dict[int, Row]) -> bool:
        """Move rows on the terminal where most of the changed ones are old ones, all moved by as much."""
        found = self._moved(rows)
        if found is None:
            return False
        by, top, bottom = found
        steps = abs(by)
        for y in range(top, bottom + 1):  # what is not to change moves along, and must be put back
            rows.setdefault(y, self.row(y))
        if self._style:
            out.append("\x1b[m")
            self._style = ""
        fresh: list[Row] = [([" "] * self.width, [""] * self.width) for _ in range(steps)]
        out.append(f"\x1b[{top + 1};{bottom + 1}r")
        if by > 0:
            out.append(f"\x1b[{bottom + 1}H" + "\n" * steps)
            order = [*range(top + steps, bottom + 1)]
            held = [(self.chars[y], self.styles[y]) for y in order] + fresh
        else:
            out.append(f"\x1b[{top + 1}H" + "\x1bM" * steps)
            held = fresh + [(self.chars[y], self.styles[y]) for y in range(top, bottom + 1 - steps)]
        out.append("\x1b[r")
        for y, (chars, styles) in enumerate(held, top):
            self.chars[y], self.styles[y] = chars, styles
        self._y = self._x = -1  # setting the region moves the cursor
        return True

    def _moved(self, rows: dict[int, Row]) -> tuple[int, int, int] | None:
        """(by how many rows up, first row, last row) that have moved; None where that is not worth it."""
        cut = max(1, self.width - EDGE)
        stood: dict[str, list[int]] = {}
        for y in range(self.height):
            text = "".join(self.chars[y][1:cut])
            if text.strip():
                stood.setdefault(text, []).append(y)
        votes: dict[int, list[int]] = {}
        for y in sorted(rows):
            for old in stood.get("".join(rows[y][0][1:cut]), ()):
                if old != y:
                    votes.setdefault(old - y, []).append(y)
        if not votes:
            return None
        by, ys = max(votes.items(), key=lambda vote: len(vote[1]))
        steps = abs(by)
        top, bottom = (ys[0], ys[-1] + steps) if by > 0 else (ys[0] - steps, ys[-1])
        if len(ys) < max(3, steps) or top < 0 or bottom >= self.height:
            return None
        return by, top, bottom


def _free(chars: list[str], first: int, last: int) -> None:
    """Blank the other half of a wide character of which one half is about to be overwritten."""
    if first > 0 and chars[first] == "":
        chars[first - 1] = " "
    if last < len(chars) and chars[last] == "":
        chars[last] = " "


def _join(chars: list[str], x: int, char: str) -> None:
    """Join a character without width to the cell before it."""
    at = min(x, len(chars)) - 1
    if at > 0 and chars[at] == "":
        at -= 1
    if at >= 0 and char.isprintable():
        chars[at] += char
