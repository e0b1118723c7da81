"""Textual's output stage replaced: an app that writes to the terminal only the cells that changed.

Textual writes every dirty region whole, each segment with its own style. This takes the same updates one step later and
hands them to a ``Stage``. Widgets know nothing of it. It uses private parts of Textual, so its version is pinned and
everything that is drawn is compared cell by cell with what Textual itself would have written.
"""

from __future__ import annotations

import os
from typing import Any

from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.strip import Strip

from screens.terminal.stage import Row, Stage

SYNC_FROM = 512
"""Bytes from which on a frame is worth telling the terminal to show it at once, where it can."""

NO_COLOURED_ERASE = ("screen", "vt", "dumb", "ansi")
"""Terminals that erase with their own background, by the beginning of their name."""


class Thin(App[Any]):
    """An app on the thin line. ``class Console(Thin, Wanjia)``."""

    stage: Stage | None = None
    """What the terminal shows; none until the first frame, after a resize and after ``forget``."""

    _stale = False
    _begun = False

    def known(self, cells: str) -> None:
        """What stands on the terminal already, as ``seen`` told it."""
        found = Stage.told(cells)
        if found is not None:
            self.stage = found

    def seen(self, mark: str) -> tuple[bytes, str] | None:
        """What stands on the terminal, for the next start: the bytes that paint it, and its cells. ``mark``: not live."""
        if self.stage is None:
            return None
        copy = self.stage.copy()
        row = copy.row(0)
        last = copy.styles[0][-1]
        copy.put(row, copy.width - len(mark) - 1, [(mark + " ", None, None)], lambda _: last)
        copy.chars[0], copy.styles[0] = row[0], [*row[1][: copy.width - len(mark) - 1], *[last] * (len(mark) + 1)]
        paint = f"{copy.whole()}\x1b[m"
        return paint.encode(getattr(self._driver, "charset", "utf-8"), "replace"), copy.tell()

    def forget(self) -> None:
        """The terminal may show something else: paint everything anew (Ctrl+L)."""
        self.stage = None
        self.screen.refresh(layout=False)

    def caught_up(self) -> None:
        """The terminal has taken what was written: draw the newest state where frames were skipped."""
        if self._stale:
            self._stale = False
            self.screen.refresh()

    def _set_pointer_shape(self, shape: str) -> None:
        """No shape of a pointer: old terminals print the sequence."""

    def _display(self, screen: Any, renderable: Any) -> None:
        """Show an update of the screen."""
        thin = isinstance(renderable, (LayoutUpdate, ChopsUpdate)) and hasattr(self._driver, "behind")
        if not thin or not self._running or self._closed or self._batch_count:
            super()._display(screen, renderable)
            return
        driver: Any = self._driver
        try:
            if not self._begun:
                if not getattr(screen, "drawn", False):
                    return  # nothing of ours is on it yet: what stands there is better than an empty screen
                self._begun = True
                self.call_later(driver.live)
            if driver.behind:
                self._stale = True
                return
            data = self._frame(renderable)
            if data:
                if len(data) > SYNC_FROM and self._sync_available:
                    data = f"\x1b[?2026h{data}\x1b[?2026l"
                driver.write(data)
                driver.flush()
        finally:
            self.post_display_hook()

    def _frame(self, renderable: Any) -> str:
        """What to write for an update."""
        width, height = self.size
        stage, lead = self.stage, ""
        if stage is None or (stage.width, stage.height) != (width, height):
            coloured = not os.environ.get("TERM", "").startswith(NO_COLOURED_ERASE)
            stage = self.stage = Stage(width, height, erases_coloured=coloured)
            lead = "\x1b[m\x1b[2J"
        data = lead + stage.show(self._rows(stage, renderable))
        x, y = self.screen.outer_size.clamp_offset(self.cursor_position)
        return data + stage.cursor(y, x) if (x or y) and data else data

    def _rows(self, stage: Stage, renderable: Any) -> dict[int, Row]:
        """The rows that an update touches, as they shall stand."""
        system = self.console._color_system or ColorSystem.TRUECOLOR

        def style_of(style: Any) -> str:
            said: str | None = style._ansi
            return Strip.render_ansi(style, system) if said is None else said

        rows: dict[int, Row] = {}
        if isinstance(renderable, LayoutUpdate):
            for y, line in enumerate(renderable.strips, renderable.region.y):
                if y >= stage.height:
                    break
                row, x = stage.row(y), renderable.region.x
                for strip in line:
                    stage.put(row, x, strip._segments, style_of)
                    x += strip.cell_length
                rows[y] = row
            return rows
        for y in {span[0] for span in renderable.spans if span[0] < stage.height}:
            row = stage.row(y)
            for x, strip in renderable.chops[y].items():
                if strip is not None:
                    stage.put(row, x, strip._segments, style_of)
            rows[y] = row
        return rows
