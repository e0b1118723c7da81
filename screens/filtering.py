"""The line that a filter is typed into, over the names of the views."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.widgets import Input

from console.queue import views
from screens.caseacts import CaseActs
from screens.widgets.ink import width


class Filtered(CaseActs):
    """A list of cases that is narrowed by what is typed."""

    asked = ""
    """The filter."""

    at = ""
    """The case under the cursor."""

    def __init__(self, **about: Any) -> None:
        """Nothing narrowed, nothing marked."""
        super().__init__(**about)
        self.names = list(views(self.chair.who))
        self.marked: dict[str, None] = {}

    names: list[str]
    """The views, in the order of their digits."""

    marked: dict[str, None]
    """Ids of the marked cases."""

    def compose(self) -> ComposeResult:
        """The canvas, and the line."""
        yield from super().compose()
        yield Input(id="filter", select_on_focus=False, compact=True)

    def press_filter(self) -> None:
        """Type a filter."""
        field = self.query_one(Input)
        left = 1 + sum(width(f" {n % 10} {self.say(f'view.{name}')} ") for n, name in enumerate(self.names, 1))
        field.styles.offset = (min(left, self.size.width // 2), 1)
        field.styles.width = self.size.width - min(left, self.size.width // 2)
        field.value, field.display = self.asked, True
        field.cursor_position = len(field.value)
        self.set_focus(field)
        self.tell("queue.filter_help")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Narrow by what was typed; a mistake leaves it there to be mended."""
        before, self.asked = self.asked, event.value.strip()
        self.notice = None
        self.at = ""
        self.refreshed()
        if self.notice is not None:
            self.asked = before
            self.draw()
            return
        self._leave_filter()

    def on_key(self, event) -> None:  # type: ignore[no-untyped-def]
        """Escape leaves the filter; it empties one that stands."""
        if event.key == "escape":
            event.stop()
            if self.focused is None and (self.asked or self.marked):
                self.asked, self.marked = "", {}
                self.refreshed()
            self._leave_filter()

    def _leave_filter(self) -> None:
        """Back to the rows."""
        self.query_one(Input).display = False
        self.set_focus(None)
        self.notice = None
        self.draw()
