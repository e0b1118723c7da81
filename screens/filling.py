"""What every form has: fields over the canvas, choices with digits, and the draft that is kept at each pause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.app import ComposeResult
from textual.strip import Strip

from console.asking import Asked
from console.book import Refused
from console.plain import clean, line
from console.record import iso
from screens.keys import Key
from screens.picking import NUMBERS, Picking
from screens.widgets.fields import Field, LongField
from screens.widgets.ink import Part, fit, shown, width

PAUSE = 0.5
"""Seconds without a key after which what is half written is kept."""

LABEL = {"zh": 10, "en": 16}
"""Cells of a field's name, at most."""

TALL = 3
"""Lines of a field for whole sentences."""

ROOMY = 20
"""Rows of a screen from which on such a field has all of them."""


class Filling(Picking):
    """A form. Who inherits says what is asked in ``asked`` and what the draft is called in ``draft``."""

    place = "form"

    draft: str
    """Name of what is half written."""

    def begun(self, draft: str, asked: dict[str, Asked], given: Mapping[str, Any]) -> None:
        """Take up what is half written. ``given``: what else is to be known to go on with it."""
        self.draft, self.asked, self.told = draft, asked, given
        kept = self.chair.aside().get(draft, {})
        self.taken_up = bool(kept)
        self._on_file, self._over = bool(kept), False
        before = {name: str(text) for name, text in dict(kept.get("values", {})).items() if name in asked}
        self.began = {name: self._named(name, each.value) for name, each in asked.items()}
        self.fields: dict[str, Field | LongField] = {}
        for name, each in asked.items():
            value = before.get(name, self.began[name])
            picks = bool(each.choices) and name not in NUMBERS
            self.fields[name] = LongField(name, value) if each.long else Field(name, value, picks=picks, closed=each.closed)
        self._rows: dict[str, int] = {}
        self._tall: dict[str, int] = {}
        self._placed: dict[str, object] = {}

    def _named(self, name: str, key: str) -> str:
        """How a choice is written in its field; a text without what a terminal would obey."""
        found = next((each.name for each in self.asked[name].choices if each.key == key), key)
        return clean(found) if self.asked[name].long else line(found)

    def compose(self) -> ComposeResult:
        """The canvas, and the fields."""
        yield from super().compose()
        yield from self.fields.values()

    def on_mount(self) -> None:
        """Begin in the first field that wants something, or where whoever opened it says."""
        empty = [name for name, each in self.asked.items() if each.needed and not self.fields[name].value]
        first = str(self.about.get("at") or next(iter(empty), next(iter(self.fields), "")))
        if first:
            self.set_focus(self.fields[first])
        if self.taken_up:
            self.told_taken_up()

    def told_taken_up(self) -> None:
        """Say that it goes on with what was half written."""
        self.tell("form.taken_up")

    def state(self, key: Key) -> str:
        """A form of its own beside a half-written one is only for what may be told twice at once."""
        return "hidden" if key.id == "fresh" else super().state(key)

    def on_unmount(self) -> None:
        """Keep what is half written, however this ends."""
        if not self.chair.closed:
            self.keep()

    # -- what was filled in

    def said(self) -> dict[str, str]:
        """What all fields come to. Raises ``Refused`` for one that is needed and empty; the cursor goes there."""
        found = {}
        for name, each in self.asked.items():
            try:
                found[name] = self.chosen(name)
                if each.needed and not found[name]:
                    raise Refused("form.missing", field=self.say(f"field.{name}"))
            except Refused:
                self.set_focus(self.fields[name])
                raise
        return found

    # -- the draft

    def on_input_changed(self) -> None:
        """Somebody types."""
        self.changed()

    def on_text_area_changed(self) -> None:
        """Somebody types."""
        self.changed()

    def changed(self) -> None:
        """Draw what follows from what was typed, and keep it at the next pause."""
        self.later("keep", PAUSE, self.keep)
        self.draw()

    def keep(self) -> bool:
        """Keep what is half written; what was never touched is not kept. False where it could not be."""
        if self._over:
            return True
        values = {name: field.value for name, field in self.fields.items()}
        body = {"at": iso(self.chair.now()), "values": values, **self.told} if values != self.began else None
        if body is None and not self._on_file:
            return True
        try:
            self.chair.put_aside(self.draft, body)
            self._on_file = body is not None
        except Refused as error:
            self.refuse(error)
            return False
        return True

    def let_go(self) -> None:
        """It is done: the draft is not needed any more."""
        self._over = True
        if self._on_file:
            try:
                self.chair.put_aside(self.draft, None)
            except Refused as error:
                self.refuse(error)

    # -- what is shown

    def label(self) -> int:
        """Cells of the longest name of a field."""
        longest = max((width(shown(self.say(f"field.{name}"))) for name in self.asked), default=4)
        return min(longest, LABEL[self.say.language])

    def form(self, cells: int, rows: int, most: int) -> list[Strip]:
        """The names of the fields; where there is no room for all, those about the one that is filled in."""
        tall = {name: self._height(name, rows) for name in self.asked}
        names = _around(list(self.asked), self.at, tall, max(most, 1))
        found: list[Strip] = []
        self._rows, self._tall = {}, tall
        for name in names:
            self._rows[name] = len(found)
            each, here = self.asked[name], name == self.at
            lacks = each.needed and not self.typed(name)
            parts: list[Part] = [("text", " "), ("strong" if here else "dim", fit(self.say(f"field.{name}"), self.label()))]
            parts.append(("soon" if lacks else "dim", "*" if each.needed else " "))
            found += [self.ink.strip(parts, cells), *[self.ink.strip([], cells)] * (tall[name] - 1)]
        return found

    def _height(self, name: str, rows: int) -> int:
        """Lines of a field: more where whole sentences are being written."""
        wanted = self.asked[name].long and (name == self.at or bool(self.typed(name)))
        return TALL if wanted and rows >= ROOMY else 1

    def lay(self, first: int, cells: int) -> None:
        """Lay the fields over the canvas beside their names. ``first``: the row of the first name."""
        left = self.label() + 3
        for name, field in self.fields.items():
            row = self._rows.get(name)
            place = None if row is None else (left, first + row, max(cells - left - 1, 8), self._tall[name])
            if self._placed.get(name, ()) == place:
                continue
            self._placed[name] = place
            field.display = place is not None
            if place is not None:
                field.styles.offset, field.styles.width, field.styles.height = place[:2], place[2], place[3]

    # -- keys

    def press_next_field(self) -> None:
        """The next field."""
        self.settle()
        self.to(1)

    def press_previous_field(self) -> None:
        """The field before."""
        self.settle()
        self.to(-1)

    def to(self, by: int) -> None:
        """Go to another field."""
        names = list(self.fields)
        if names:
            at = names.index(self.at) if self.at in names else 0
            self.set_focus(self.fields[names[(at + by) % len(names)]])
            self.draw()

    def press_submit(self) -> None:
        """Do it; in a field whose choice was just typed, go on to the next."""
        name = self.at
        typed = bool(name and self.asked[name].closed and self.typed(name) and self.typed(name) != self._came)
        settled = self.settle()
        if (settled or typed) and self.matches(name) and len(self.fields) > 1:
            self.to(1)
            return
        self.submit()

    def submit(self) -> None:
        """Do it."""
        raise NotImplementedError

    def press_cancel(self) -> None:
        """Put it away; the draft stays. Where it cannot be kept the form stays, until that was read."""
        if self.kept():
            self.dismiss(None)

    def kept(self) -> bool:
        """Whether the form may close: what is half written is kept, or it was said that it cannot be."""
        before, self._warned = self._warned, False
        if not self.keep():
            self._warned = True
            return before
        return True

    _warned = False


def _around(names: list[str], at: str, tall: dict[str, int], most: int) -> list[str]:
    """As many fields about one as so many lines hold."""
    if not names or sum(tall[name] for name in names) <= most:
        return names
    first = last = names.index(at) if at in names else 0
    used = tall[names[first]]
    while True:
        if last + 1 < len(names) and used + tall[names[last + 1]] <= most:
            last += 1
            used += tall[names[last]]
        elif first > 0 and used + tall[names[first - 1]] <= most:
            first -= 1
            used += tall[names[first]]
        else:
            return names[first : last + 1]
