"""Reading back: an urgent case is said in one's own words, typed on the very line of the case; a half one survives."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.widgets import Input

from console.book import Refused
from console.handover import MOST_WORDS, ReadItBack
from console.numbers import number
from console.record import iso
from screens.listing import Listing
from screens.widgets.fields import Field
from screens.widgets.ink import shown, width


class ReadingBack(Listing):
    """A list of which some lines are read back. Their ``about`` is ("urgent", item, whether it was)."""

    def compose(self) -> ComposeResult:
        """The canvas, and the line that a read-back is typed into."""
        yield from super().compose()
        self.field = Field("read_back", "", picks=False)
        self.field.max_length = MOST_WORDS
        yield self.field

    def on_mount(self) -> None:
        """Begin at what must be read back."""
        kept = self.chair.aside().get("arrival", {})
        self.half: dict[str, str] = {str(id): str(text) for id, text in dict(kept.get("values", {})).items()}
        self.field.display = False

    def refreshed(self) -> None:
        """Where the line that one types on is gone, what was typed is kept and the field closes."""
        super().refreshed()
        found = self.chosen()
        if self.field.display and not (found and found.about and found.about[0] == "urgent"):
            self._keep()
            self._leave()

    def lay(self, cells: int, rows: int, top: int) -> None:
        """The field over the line of its case."""
        if not self.field.display:
            return
        found = self.chosen()
        lead = 6 + width(shown(self.say("arrival.said"))) + 1
        row = self._under_at if found else 0
        self.field.styles.offset = (lead, top + max(0, min(row, rows - 1)))
        self.field.styles.width = max(cells - lead - 1, 10)

    # -- reading back

    def press_next_item(self) -> None:
        """Type a read-back where one is lacking; go on to the next line where none is."""
        found = self.chosen()
        if found is not None and found.about and found.about[0] == "urgent" and not found.about[2]:
            self.write(self.half.get(found.case, ""))
        elif found is not None and found.about and found.about[0] == "look":
            self.go("case", id=found.case)
        else:
            self.move(self.index() + 1)

    def write(self, text: str) -> None:
        """Open the line of the case under the cursor, with something on it."""
        self.field.value = text
        self.field.cursor_position = len(text)
        self.field.display = True
        self.set_focus(self.field)
        self.notice = None
        self.draw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep it where it is one's own words; a refusal leaves it there."""
        found = self.chosen()
        if found is None:
            return
        try:
            self.chair.do(ReadItBack(issue=number(found.case), text=event.value.strip()))
        except Refused as error:
            self.refuse(error)
            return
        self.half.pop(found.case, None)
        self.notice = None
        self._keep()
        self._leave()
        self.app.follow()  # type: ignore[attr-defined]
        self.refreshed()
        keys = [each.key for each in self.found if each.about and each.about[0] in ("urgent", "tick") and not each.about[2]]
        after = [key for key in keys if self.keys().index(key) > self.index()]
        self.cursor = (after or keys or [self.cursor])[0]
        self.draw()

    def on_key(self, event: Any) -> None:
        """Escape leaves the field and keeps what was typed."""
        if event.key == "escape" and self.field.has_focus:
            event.stop()
            event.prevent_default()
            found = self.chosen()
            if found is not None:
                self.half[found.case] = self.field.value
                self._keep()
            self._leave()
            self.refreshed()
            self.draw()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is half written."""
        found = self.chosen()
        if found is not None and self.field.has_focus:
            self.half[found.case] = event.value
            self._keep()

    def _keep(self) -> None:
        """What is half written survives the session."""
        said = {id: text for id, text in self.half.items() if text.strip()}
        body = {"at": iso(self.chair.now()), "values": said, "screen": "arrival", "verb": "read_back"} if said else None
        try:
            self.chair.put_aside("arrival", body)
        except Refused as error:
            self.refuse(error)

    def _leave(self) -> None:
        """Back to the lines."""
        self.field.display = False
        self.set_focus(None)
