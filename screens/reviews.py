"""The shifts that were: today's first, then the sealed ones, by mark or by what is looked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from textual.app import ComposeResult
from textual.strip import Strip

from console.book import Refused
from console.marks import MARKS
from console.plain import line
from console.reviews import Review, Reviews, balance
from console.saying import brief
from console.sheets import SheetState
from screens.keys import Key
from screens.listing import Entry, Listing
from screens.widgets.fields import Field
from screens.widgets.ink import Part, fit, spread, width
from themes import signs

AHEAD = 20
"""Sheets that are read beyond what is seen."""

NAMES = {"zh": (4, 6, 6), "en": (11, 8, 8)}
"""Cells of the shift's name, of who handed over and of who took over."""

WIDE = 100
"""Cells from which on a shift's hours stand beside its name."""

WIDEST = 118
"""Cells of a line at most: numbers that stand further away are not read with it."""

PRINTED = 100
"""Sheets on one page of paper at most."""


class ReviewsScreen(Listing):
    """One line a shift."""

    place = "reviews"
    calm = 2.0

    def __init__(self, **about: Any) -> None:
        """Nothing narrowed."""
        super().__init__(**about)
        self.mark, self.asked, self._read = "", "", 0
        self.reviews: Reviews | None = None
        self.field = Field("reviews", "", picks=False)

    reviews: Reviews | None
    """What is shown, as far as it was read."""

    def compose(self) -> ComposeResult:
        """The canvas, and the line to search by."""
        yield from super().compose()
        yield self.field

    def on_mount(self) -> None:
        """Everything first."""
        self.field.display = False
        super().on_mount()

    def refreshed(self) -> None:
        """Read anew where somebody has done something."""
        number = self.chair.book.number
        if self.reviews is None or self._read != number:
            try:
                self._look()
            except Refused as error:
                self.refuse(error)
        super().refreshed()

    def _look(self) -> None:
        """Begin to read. Raises ``Refused`` where what is looked for cannot be understood."""
        said = f"{self.asked} {f'mark:{self.mark}' if self.mark else ''}".strip()
        self.reviews = Reviews(self.chair.book, self.chair.now(), said)
        self._read = self.chair.book.number

    def entries(self) -> list[Entry]:
        """As many as are seen, and some ahead."""
        if self.reviews is None:
            return []
        seen = max(self.size.height, 24) + AHEAD + (self.index() if self.found else 0)
        return [self._entry(each) for each in self.reviews.upto(seen)]

    def move(self, index: int) -> None:
        """The cursor to a place; what comes after it is read in time."""
        if self.reviews is not None and not self.reviews.whole and index + AHEAD > len(self.found):
            self.reviews.upto(index + max(self.size.height, 24) + AHEAD)
            self.found = [self._entry(each) for each in self.reviews.found]
        super().move(index)

    def _entry(self, each: Review) -> Entry:
        """One shift: when, who gave it to whom, what to look at; and what it did, where there is room for that as well."""
        say, chair, room = self.say, self.chair, max(min(self.size.width - 2, WIDEST), 0)
        name, giver, taker = NAMES[say.language]
        shift = str(each.doc.get("shift" if say.language == "zh" else "english", ""))
        day = f"{chair.local(each.start):%m-%d}" if each.start else each.id
        hours = f"{chair.local(each.start):%H}–{chair.local(each.end):%H} " if each.start and each.end else ""
        parts: list[Part] = [("text", f"{day} "), ("strong", f"{fit(line(shift), name)} ")]
        parts += [("dim", f"{hours:6}")] if room >= WIDE else []
        if each.state is SheetState.DRAFT:
            parts.append(("good", fit(say("reviews.on_duty"), giver + taker + 9)))
        else:
            at = f"{chair.local(each.taken):%H:%M}" if each.taken else ""
            parts += [("text" if each.outgoing else "late", fit(line(each.outgoing) or "–", giver)), ("dim", " → ")]
            parts += [("text", fit(line(each.incoming) or "–", taker)), ("dim", f" {at:5}  "), *self._marks(each)]
        counts = " ".join(f"{say(f'reviews.{name}')} {n}" for name, n in balance(each.figures).items())
        if sum(width(text) for _, text in parts) + width(counts) < room:
            parts = spread(parts, [("dim", counts)], room)
        return Entry(parts, each.id, about=each)

    def _marks(self, each: Review) -> list[Part]:
        """What should be looked at."""
        say, found = self.say, list[Part]()
        for name in each.marks:
            role = "late" if name in ("unsigned", "missed", "late") else "soon"
            said = say(f"mark.{name}")
            if name == "late" and each.taken and each.end:
                said += f" {brief(say, max(each.taken - each.end, timedelta()).total_seconds())}"
            found.append((role, f"{said}  "))
        if each.additions:
            found += [self.ink.sign(signs.NOTE["note"]), ("dim", f"{each.additions} ")]
        return found

    def on_resize(self) -> None:
        """Lines of another width say more, or less."""
        self.guarded(self._again)

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, what is looked for, the shifts, keys."""
        head = self.header([("title", self.say("place.reviews"))], cells)
        self.field.styles.offset, self.field.styles.width = (3, rows - 2), max(cells - 4, 8)
        bottom = self.ink.strip([("key", " /")], cells) if self.field.display else self.divider(cells, self._place())
        second = self._tabs(cells)
        if self.field.display and self.notice is not None:  # the line that it would stand on is typed into
            second = self.ink.strip([self.notice], cells, self.notice[0])
        return [head, second, *self.body(cells, rows - 4), bottom, self.footer(cells)]

    def _tabs(self, cells: int) -> Strip:
        """The marks, one of them chosen; what is looked for."""
        left: list[Part] = [("text", " ")]
        for name in ("", *MARKS):
            said = self.say(f"mark.{name}" if name else "view.all")
            left.append(("tab_on" if name == self.mark else "tab", f" {said} "))
        return self.ink.strip(spread(left, [("strong", f" / {self.asked} ")] if self.asked else [], cells), cells)

    def _place(self) -> list[Part]:
        """The place in the list, as far as it was read."""
        total = len(self.keys())
        more = "" if self.reviews is None or self.reviews.whole else "+"
        return [("dim", f"{self.index() + 1 if total else 0}/{total}{more}")]

    def state(self, key: Key) -> str:
        """What works on this line."""
        return ("on" if self.chosen() else "hidden") if key.id == "open" else super().state(key)

    # -- keys

    def press_open(self) -> None:
        """The sheet of this shift."""
        found = self.chosen()
        if found is not None:
            self.go("sheet", id=found.key)

    def press_last(self) -> None:
        """The oldest: reading all of them is asked for."""
        if self.reviews is not None:
            self.reviews.upto(1_000_000)
        self.move(1_000_000)

    def press_next_view(self) -> None:
        """The next mark."""
        self._turn(1)

    def press_previous_view(self) -> None:
        """The mark before."""
        self._turn(-1)

    def _turn(self, step: int) -> None:
        """Another mark."""
        names = ("", *MARKS)
        self.mark, self.top = names[(names.index(self.mark) + step) % len(names)], 0
        self._again_from_start()

    def _again_from_start(self) -> None:
        """Look again, from the newest."""
        self.reviews, self.cursor = None, ""
        self.found = []
        self.refreshed()
        self.draw()

    def press_filter(self) -> None:
        """Look for words, a day, a person."""
        self.field.display, self.field.value = True, self.asked
        self.set_focus(self.field)
        self.tell("reviews.filter_help")

    def on_input_submitted(self, event: Any) -> None:
        """Look for it; a mistake leaves it there to be mended."""
        event.stop()
        before, self.asked = self.asked, self.field.value.strip()
        try:
            self._look()
        except Refused as error:
            self.asked = before
            self.refuse(error)
            return
        self._leave()

    def on_key(self, event: Any) -> None:
        """Escape leaves the search; it empties one that stands."""
        if event.key == "escape" and (self.field.has_focus or self.asked or self.mark):
            event.stop()
            event.prevent_default()
            if not self.field.has_focus:
                self.asked = self.mark = ""
            self._leave()

    def _leave(self) -> None:
        """Back to the lines."""
        self.field.display = False
        self.set_focus(None)
        self.notice = None
        self._again_from_start()

    def press_print(self) -> None:
        """Save what is listed, today's shift with it, as a page to print."""
        from console.paper import saved_table

        say, found = self.say, self.reviews.upto(PRINTED)[:PRINTED] if self.reviews else []
        names = ("day", "shift", "outgoing", "incoming", "taken", "closed", "open", "marks")
        rows = [self._printed(each) for each in found]
        name = f"reviews-{self.chair.local():%Y%m%d-%H%M}.html"
        head = f"{say('place.reviews')} {self.asked}"
        path = saved_table(self.chair, name, head, [say(f"reviews.{each}") for each in names], rows)
        self.tell("handover.printed", "good", path=path)

    def _printed(self, each: Review) -> list[str]:
        """One shift on paper."""
        say = self.say
        shift = str(each.doc.get("shift" if say.language == "zh" else "english", ""))
        at = f" {self.chair.local(each.taken):%H:%M}" if each.taken else ""
        told = say("list.comma").join(say(f"mark.{name}") for name in each.marks)
        day = f"{self.chair.local(each.start):%Y-%m-%d}" if each.start else each.id
        counts = [str(n) for n in balance(each.figures).values()]
        out = each.outgoing or ("" if each.state is SheetState.DRAFT else say("reviews.nobody"))
        return [day, shift, out, each.incoming + at, *counts, told]
