"""One's own PIN before a signature. It is never kept: not in a draft, not on the screen."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.strip import Strip
from textual.widgets import Input

from console.book import Refused
from console.plain import line
from screens.base import Base
from screens.widgets.ink import width


class PinScreen(Base):
    """The question, with the screen before under it. Dismissed with (verb, "", done) once the act is done."""

    place = "pin"

    def __init__(self, **about: Any) -> None:
        """``act``: what is signed."""
        super().__init__(**about)
        self.act: Any = about["act"]

    def compose(self) -> ComposeResult:
        """The canvas, and the field."""
        yield from super().compose()
        yield Input(id="pin", password=True, max_length=12, compact=True)

    def on_mount(self) -> None:
        """Begin in the field."""
        self.set_focus(self.query_one(Input))

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """The screen before, and the question over its last lines."""
        under = self.under()
        before = under.lines(cells, rows) if under is not None else []
        asked = f" {self.say('pin.own', who=line(self.chair.who.name))}: "
        at = max(rows - 2, 0)
        field = self.query_one(Input)
        field.styles.offset = (width(asked), at)
        field.styles.width = max(cells - width(asked), 1)
        body = before[: max(rows - 3, 0)]
        body += [self.ink.strip([], cells)] * (max(rows - 3, 0) - len(body))
        return [*body, self.divider(cells), self.ink.strip([("strong", asked)], cells), self.footer(cells)][-rows:]

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Sign; a wrong PIN is said, and may be typed again."""
        try:
            done = self.chair.sign(self.act, event.value)
        except Refused as error:
            self.query_one(Input).value = ""
            if error.word not in ("refused.pin_wrong", "refused.pin_wrong.wait", "refused.pin_wait"):
                self.dismiss(None)
                under = self.under()
                if under is not None:
                    self.app.call_later(under.refuse, error)
                return
            self.refuse(error)
            return
        self.app.follow()  # type: ignore[attr-defined]
        self.dismiss((self.act.verb, "", done))

    def on_key(self, event: Any) -> None:
        """Escape signs nothing."""
        if event.key == "escape":
            event.stop()
            self.dismiss(None)
