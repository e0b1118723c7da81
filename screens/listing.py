"""A screen of lines with a cursor: headings are passed over, a line may open into a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from textual.strip import Strip

from screens.base import Base
from screens.widgets.ink import Part
from screens.widgets.panel import folded
from themes import signs


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list."""

    parts: list[Part]
    """What it shows."""

    key: str = ""
    """What it stands for; empty for a heading, which the cursor passes over."""

    case: str = ""
    """Id of the case that it opens into."""

    more: tuple[list[Part], ...] = ()
    """Lines under it that belong to it."""

    about: Any = None
    """What else whoever made it wants to know of it."""


class Listing(Base):
    """A list. Who inherits makes the entries."""

    def __init__(self, **about: Any) -> None:
        """With the cursor on the first line."""
        super().__init__(**about)
        self.found: list[Entry] = []
        self.cursor, self.top, self._height = "", 0, 1

    found: list[Entry]
    """Its entries, as they were made last."""

    cursor: str
    """Key of the line under the cursor."""

    calm: ClassVar[float] = 0.0
    """Seconds after which it follows what others do, where making its lines takes long; 0: at once."""

    def _revised(self) -> None:
        """Somebody has done something, or a minute has gone by."""
        if self.calm:
            self.later("revised", self.calm, super()._revised)
        else:
            super()._revised()

    def entries(self) -> list[Entry]:
        """All lines."""
        raise NotImplementedError

    def refreshed(self) -> None:
        """Make the lines anew; the cursor stays on its own, or near."""
        before = self.index()
        self.found = self.entries()
        keys = self.keys()
        if self.cursor not in keys:
            self.cursor = keys[min(before, len(keys) - 1)] if keys else ""

    def on_mount(self) -> None:
        """As every screen."""
        self.refreshed()

    def keys(self) -> list[str]:
        """The lines that the cursor may stand on."""
        return [each.key for each in self.found if each.key]

    def index(self) -> int:
        """The place of the cursor among them."""
        keys = self.keys()
        return keys.index(self.cursor) if self.cursor in keys else 0

    def chosen(self) -> Entry | None:
        """The line under the cursor."""
        return next((each for each in self.found if each.key and each.key == self.cursor), None)

    def body(self, cells: int, rows: int) -> list[Strip]:
        """As many lines as there is room for, the one under the cursor among them."""
        ink, found = self.ink, list[Strip]()
        at, last, under = 0, 0, 0
        for each in self.found:
            here = bool(each.key) and each.key == self.cursor
            if here:
                at = len(found)
            base = "cursor" if here and not ink.palette.arrow else "text"
            lead = ink.sign(signs.CURSOR) if here else ("text", " ")
            found.append(ink.strip([lead, *each.parts], cells, base))
            for parts in each.more:
                under = len(found) if here else under
                found += folded(ink, parts, cells)
            if here:
                last = len(found) - 1
        self._height = max(rows, 1)
        if last >= self.top + rows:
            self.top = last - rows + 1
        if at < self.top:
            self.top = at if self.index() else 0
        self.top = max(0, min(self.top, len(found) - rows))
        self._under_at = under - self.top
        shown = found[self.top : self.top + rows]
        return [*shown, *[ink.strip([], cells)] * (rows - len(shown))]

    def move(self, index: int) -> None:
        """The cursor to a place."""
        keys = self.keys()
        if keys:
            self.cursor = keys[max(0, min(index, len(keys) - 1))]
            self.draw()

    def press_down(self) -> None:
        """The next line."""
        self.move(self.index() + 1)

    def press_up(self) -> None:
        """The line before."""
        self.move(self.index() - 1)

    def press_first(self) -> None:
        """The first line."""
        self.top = 0
        self.move(0)

    def press_last(self) -> None:
        """The last line."""
        self.move(len(self.found))

    def press_page_down(self) -> None:
        """A page on."""
        self.move(self.index() + max(self._height - 1, 1))

    def press_page_up(self) -> None:
        """A page back."""
        self.move(self.index() - max(self._height - 1, 1))

    def press_open(self) -> None:
        """Open the case of this line."""
        found = self.chosen()
        if found is not None and found.case:
            self.go("case", id=found.case)
        else:
            self.tell("list.no_case", "dim")
