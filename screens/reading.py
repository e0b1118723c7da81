"""All of a long message, page by page."""

from __future__ import annotations

from typing import Any

from textual.strip import Strip

from console.plain import line
from screens.keys import Key
from screens.listing import Entry, Listing
from screens.widgets.ink import Part
from screens.widgets.messages import Messages

WIDE = 100
"""Cells of a line at most: longer ones are hard to read."""


class ReadingScreen(Listing):
    """The lines of one message, with the keys of every list."""

    place = "found"

    def __init__(self, **about: Any) -> None:
        """``id``: of the message."""
        super().__init__(**about)
        self.item = self.chair.inbox.item(str(about["id"]))
        self.drawn_by = Messages(self.ink, self.chair)

    def entries(self) -> list[Entry]:
        """One line each."""
        if self.item is None:
            return []
        told = self.drawn_by.text(self.item, min(self.app.size.width, WIDE))
        return [Entry([("quote", f" {part}")], f"line {n}") for n, part in enumerate(told)]

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Who wrote it, the page, keys."""
        who = line(self.item.message.name) if self.item else ""
        head = self.header([("title", f"{self.say('place.reading')}  {who}")], cells)
        place: list[Part] = [("dim", f"{self.index() + 1}/{len(self.keys())}")]
        return [head, *self.body(cells, rows - 3), *self.foot(cells, place)]

    def state(self, key: Key) -> str:
        """Nothing opens."""
        return "hidden" if key.id == "open" else super().state(key)
