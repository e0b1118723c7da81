"""Fields of forms: Textual's own inputs, which take a paste whole and leave to the form what it needs."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.widgets import Input, TextArea

from console.plain import clean, line


class Field(Input):
    """One line of text. A paste of several lines becomes one line, nothing of it is dropped."""

    def __init__(self, name: str, value: str, *, picks: bool, closed: bool = True) -> None:
        """``picks``: digits choose from a list and are no text; ``closed``: nothing else than what is listed is meant.

        What stands in a closed list's field is replaced by the first letter typed over it; a sentence never is.
        """
        super().__init__(value, name=name, select_on_focus=picks and closed, compact=True)
        self.cursor_blink = False
        self.picks = picks

    picks: bool
    """Whether digits choose from a list."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key is text here."""
        return not self._picked(key) and super().check_consume_key(key, character)

    def _picked(self, key: str) -> bool:
        """Whether a digit chooses something now; one that would not is text."""
        may = getattr(self.screen, "may_pick", None)
        return self.picks and key.isdigit() and len(key) == 1 and may is not None and may(int(key))

    async def _on_key(self, event: events.Key) -> None:
        """Digits go to the form where they choose."""
        if self._picked(event.key):
            event.prevent_default()
            return
        await super()._on_key(event)

    def _on_paste(self, event: events.Paste) -> None:
        """Take a paste whole."""
        self.insert_text_at_cursor(line(event.text))
        event.prevent_default()
        event.stop()


class LongField(TextArea):
    """Several lines of text; the form's keys stay the form's."""

    def __init__(self, name: str, value: str) -> None:
        """With something in it to begin with."""
        super().__init__(value, name=name, soft_wrap=True, compact=True, tab_behavior="focus", show_cursor=True)
        self.cursor_blink = False
        self.highlight_cursor_line = False
        self.cursor_location = self.document.end

    @property
    def value(self) -> str:
        """What stands in it."""
        return str(self.text)

    async def _on_key(self, event: events.Key) -> None:
        """Enter belongs to the form."""
        if event.key == "enter":
            event.prevent_default()
            return
        await super()._on_key(event)

    async def _on_paste(self, event: events.Paste) -> None:
        """Take a paste whole, with its lines."""
        self.insert(clean(event.text))
        event.prevent_default()
        event.stop()


def any_text(fields: Any) -> bool:
    """Whether something stands in any of these fields."""
    return any(field.value.strip() for field in fields)
