"""The palette: anything that can be done here, by its name in either language, by its letters or its key."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.strip import Strip

from console.words import LANGUAGES, words
from screens import keys
from screens.base import Base
from screens.widgets.fields import Field
from screens.widgets.ink import Part, fit
from themes import signs

LINES = 9
"""Commands that are shown at once."""

ELSEWHERE = ("log", "handover", "arrival", "people")
"""Screens that are opened for a command of theirs."""

MOVES = frozenset(
    "down up first last page_down page_up view help palette back submit choose run next_line open next_item to_queue look "
    "line_before leave".split()
)
"""Keys that are no commands."""


class PaletteScreen(Base):
    """A line to type into over the screen before, and the commands that fit."""

    place = "palette"

    def __init__(self, **about: Any) -> None:
        """``place``: the screen whose commands they are."""
        super().__init__(**about)
        self.of: str = about.get("place", "queue")
        table = keys.table(self.remapped())
        self.all = [key for key in keys.on(self.of, table) if key.id not in MOVES]
        known = {key.id for key in self.all} | MOVES
        self.elsewhere: dict[str, str] = {}
        for place in ELSEWHERE:
            for key in keys.on(place, table):
                if key.id not in known:
                    known.add(key.id)
                    self.elsewhere[key.id] = place
                    self.all.append(key)
        self.cursor = 0
        self.field = Field("palette", "", picks=False)

    def compose(self) -> ComposeResult:
        """The canvas, and the line."""
        yield from super().compose()
        yield self.field

    def on_mount(self) -> None:
        """Type at once; what one may never do is not there."""
        self.all = [key for key in self.all if self.offered(key)]
        self.set_focus(self.field)

    def fits(self) -> list[keys.Key]:
        """The commands that fit what was typed, those that begin so first."""
        said = self.field.value.strip().casefold()
        if not said:
            return self.all
        found = []
        for n, key in enumerate(self.all):
            names = [key.id.replace("_", " "), key.verb, self.say(f"letters.{key.id}")]
            names += [words(language)(f"{family}.{key.id}") for language in LANGUAGES for family in ("key", "does")]
            plain = [name.casefold() for name in names if name]
            if said in key.keys.casefold().split(",") or any(said in name for name in plain):
                first = any(name.startswith(said) for name in plain)
                found.append((not first, n, key))
        return [key for _, _, key in sorted(found, key=lambda each: each[:2])]

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """The screen before, and the commands over its last lines."""
        room = max(min(LINES, rows - 6), 1)
        found = self.fits()
        self.cursor = max(0, min(self.cursor, len(found) - 1))
        top = max(0, self.cursor - room + 1)
        listed = [self._line(key, cells, n == self.cursor) for n, key in enumerate(found[top : top + room], top)]
        if not found:
            listed = [self.ink.strip([("warn", f"   {self.say('palette.none')}")], cells)]
        blank = self.ink.strip([], cells)
        listed += [blank] * (room - len(listed))
        under = self.under()
        before = under.lines(cells, rows) if under is not None else []
        before = before[: rows - room - 3]
        before += [blank] * (rows - room - 3 - len(before))
        prompt = self.ink.strip([("key", " :")], cells)
        self.field.styles.offset, self.field.styles.width = (3, rows - room - 2), max(cells - 4, 8)
        return [*before, self.divider(cells, [("head", self.say("key.palette"))]), prompt, *listed, self.footer(cells)]

    def _line(self, key: keys.Key, cells: int, here: bool) -> Strip:
        """One command."""
        said = self.spoken(key.keys.split(",")[0])
        lead = self.ink.sign(signs.CURSOR) if here else ("text", " ")
        parts: list[Part] = [lead, ("key", fit(said, 6)), ("strong", fit(self.say(f"key.{key.id}"), 14)),
                             ("dim", self.say(f"does.{key.id}"))]  # fmt: skip
        return self.ink.strip(parts, cells, "cursor" if here and not self.ink.palette.arrow else "text")

    def on_input_changed(self) -> None:
        """Narrow by what was typed."""
        self.cursor = 0
        self.draw()

    def press_next_line(self) -> None:
        """The next command."""
        self.cursor += 1
        self.draw()

    def press_line_before(self) -> None:
        """The command before."""
        self.cursor -= 1
        self.draw()

    def press_leave(self) -> None:
        """Nothing after all."""
        self.dismiss(None)

    def press_run(self) -> None:
        """Do it on the screen under this one."""
        found = self.fits()
        if not found:
            return
        key = found[self.cursor]
        under = self.under()
        self.dismiss(None)
        name = key.keys.split(",")[0]
        if key.id in self.elsewhere:
            self.go(self.elsewhere[key.id], press=(key.id, name))
        elif under is not None:
            self.app.call_later(under.action_press, key.id, key.keys.split(",")[0])
