"""The shift's log: it fills itself; notes are added, struck out and pinned."""

from __future__ import annotations

from textual.strip import Strip

from console.config import settings
from console.logbook import LogLine, log_lines
from console.plain import line
from console.shifts import ChangeLog, Shift, chain
from console.staff import name_of
from screens.keys import Key
from screens.listing import Entry, Listing
from screens.widgets.ink import Part, fit
from themes import signs

NAME = {"zh": 8, "en": 12}
"""Cells of a name."""


class LogScreen(Listing):
    """The log of the shift on duty."""

    place = "log"

    def refreshed(self) -> None:
        """At the end of the log the cursor follows it."""
        before = self.keys()
        at_end = not before or self.cursor == before[-1]
        super().refreshed()
        if at_end and self.keys():
            self.cursor = self.keys()[-1]

    @property
    def shift(self) -> Shift | None:
        """The shift on duty; none where nobody has signed on yet."""
        return self.chair.book.get(Shift, chain(self.chair.book).shift)

    def entries(self) -> list[Entry]:
        """Acts and notes in their order."""
        shift = self.shift
        if shift is None:
            return []
        return [self._entry(each) for each in log_lines(self.chair.book, shift, self.say)]

    def _entry(self, each: LogLine) -> Entry:
        """One line."""
        note = each.note
        sign = signs.NOTE["struck" if note and note.struck else "pinned" if note and note.pinned else "note"]
        role = "struck" if note and note.struck else "strong" if note else "text"
        who = fit(each.who, NAME[self.say.language])
        parts: list[Part] = [("dim", f"{each.at:%H:%M} "), self.ink.sign(sign) if note else ("text", " ")]
        parts += [("dim", f" {who} "), ("head" if note else "dim", f"{each.act} "), (role, each.text)]
        why = self.say("log.struck", why=line(note.struck)) if note and note.struck else ""
        return Entry([*parts, ("dim", f"  {why}" if why else "")], each.key, each.case, about=note)

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, crew, the log, keys."""
        shift, say = self.shift, self.say
        if shift is None:
            empty = [self.ink.strip([("dim", f"  {say('log.no_shift')}")], cells)]
            blank = [self.ink.strip([], cells)] * (rows - 4)
            return [self.header([("title", say("key.log"))], cells), *empty, *blank, *self.foot(cells)]
        name = shift.name if say.language == "zh" else shift.english
        hours = f"{self.chair.local(shift.start):%m-%d %H}–{self.chair.local(shift.end):%H}"
        crew = say("list.comma").join(line(name_of(self.chair.book, each.login)) for each in shift.crew if not each.off)
        head = self.header(
            [("title", f"{line(settings(self.chair.book).name)}  {say('key.log')}  {line(name)} {hours}")], cells
        )
        second = self.ink.strip([("dim", f" {say('log.crew')} "), ("text", crew or "–")], cells)
        room = rows - 4
        return [head, second, *self.body(cells, room), *self.foot(cells, self._place())]

    def _place(self) -> list[Part]:
        """The place in the list."""
        total = len(self.keys())
        return [("dim", f"{self.index() + 1 if total else 0}/{total}")]

    def state(self, key: Key) -> str:
        """What works on this line."""
        found = self.chosen()
        if key.id == "open":
            return "on" if found and found.case else "hidden"
        if key.id in ("pin", "strike"):
            return "on" if found and found.about is not None else "hidden"
        return super().state(key)

    def press_log_note(self) -> None:
        """A note of one's own."""
        self.go("form", verb="log")

    def press_order(self) -> None:
        """A standing order."""
        self.go("form", verb="order")

    def press_pin(self) -> None:
        """Carry a note to the next shift, or no longer."""
        found = self.chosen()
        if found is None or found.about is None:
            self.tell("log.notes_only", "dim")
            return
        if self.do(ChangeLog(note=found.about.n, pinned=not found.about.pinned)):
            self.tell("log.now_unpinned" if found.about.pinned else "log.now_pinned", "good")

    def press_strike(self) -> None:
        """Strike a note out, with the reason."""
        found = self.chosen()
        if found is None or found.about is None:
            self.tell("log.notes_only", "dim")
            return
        self.go("form", verb="change_log", given={"note": str(found.about.n)})
