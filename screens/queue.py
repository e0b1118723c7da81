"""The queue: home. One line a case in the order in which they need somebody; views, filter, marks, a preview."""

from __future__ import annotations

from typing import Any

from textual.strip import Strip
from textual.widgets import Input

from console import glimpse
from console.book import Refused
from console.config import settings
from console.glance import preview
from console.numbers import number
from console.plain import line
from console.queue import VIEWS, View
from console.rows import Row
from console.shifts import Shift, chain
from screens.filtering import Filtered
from screens.keys import Key
from screens.widgets.ink import Part, spread
from screens.widgets.panel import panel
from screens.widgets.rows import Rows

REST = 0.15
"""Seconds that the cursor rests before what depends on the case under it follows."""

CALM = 5.0
"""Seconds after the first paint after which the places of all cases are kept for the next session."""

WIDE = 120
"""Cells from which on the case stands beside the queue."""

LOW = 16
"""Rows below which there is no preview."""

ROOM = {"zh": 80, "en": 88}
"""Cells of the queue where the case stands beside it."""


class QueueScreen(Filtered):
    """Open cases."""

    place = "queue"

    def on_mount(self) -> None:
        """Look at everything first."""
        chair = self.chair
        self.view_name = "all"
        self.rows = Rows(self.ink, chair.book, self.say, chair.who.id, chair.here)
        self.view: View = chair.view("")
        self.at, self.top, self.marked = str(self.app.at), 0, dict[str, None]()  # type: ignore[attr-defined]
        self._rested, self._painted = "", False
        self._looking: dict[str, str] = {}
        self.refreshed()
        self.query_one(Input).display = False
        self.later("rest", REST, self._rests)

    # -- what is shown

    def refreshed(self) -> None:
        """Bring the view up to date; the cursor stays on its case."""
        index = self.index()
        self.view = self._view()
        if self.at and self.view.place(self.at) is None:
            self.at = ""
        if not self.at and len(self.view):
            self.at = self.view.ids()[min(index, len(self.view) - 1)]
        self.marked = {id: None for id in self.marked if self.view.place(id) is not None}
        looking: dict[str, list[str]] = {}
        for each in self.chair.others():
            if each.get("case"):
                looking.setdefault(str(each["case"]), []).append(line(str(each["name"])))
        self._looking = {id: " ".join(names) for id, names in looking.items()}
        if self._painted:
            self._rested = self.at

    def _view(self) -> View:
        """The rows of view and filter. Where the filter is wrong the rows stay as they are, and it is said."""
        try:
            return self.chair.view(f"{VIEWS[self.view_name]} {self.asked}".strip())
        except Refused as error:
            self.refuse(error)
            return self.view

    def index(self) -> int:
        """The place of the cursor."""
        return (self.view.place(self.at) or 0) if self.at else 0

    def current(self) -> str:
        """The case under the cursor."""
        return self.at

    def targets(self) -> list[str]:
        """The marked cases, in their order, else the one under the cursor."""
        return [id for id in self.view.ids() if id in self.marked] if self.marked else super().targets()

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, views, rows, preview, keys."""
        wide = cells >= WIDE and rows >= LOW
        room = ROOM[self.say.language] if wide else cells
        foot = 1 if rows < LOW else 2 if wide else 4
        body = max(rows - 2 - foot, 1)
        self._height = body
        listed = self._list(room, body)
        if wide:
            listed = self._beside(listed, cells - room, body)
        found = [self._title(cells), self._tabs(cells), *listed]
        if rows >= LOW:
            found.append(self.divider(cells, self._divided()))
            found += [] if wide else self._preview(cells)
        elif self.notice is not None:
            return [*found[:-1], *self.foot(cells)]
        return [*found, self.footer(cells)]

    def _title(self, cells: int) -> Strip:
        """Station, shift, who; how many are open, overdue, mine."""
        chair, say = self.chair, self.say
        shift = chair.book.get(Shift, chain(chair.book).shift)
        said = settings(chair.book)
        left: list[Part] = [("title", line(said.name) + "  ")]
        if shift is not None and cells >= 60:
            name = shift.name if say.language == "zh" else shift.english
            hours = f"{chair.local(shift.start):%H}–{chair.local(shift.end):%H}"
            left.append(("title", f"{line(name)} {hours}  "))
        left.append(("title", line(chair.who.name)))
        counts = chair.counts() | ({"messages": n} if (n := chair.waiting_messages()) else {})
        right = "  ".join(f"{say(f'count.{name}')} {n}" for name, n in counts.items())
        return self.header(left, cells, [("title", right if cells >= 60 else "")])

    def _tabs(self, cells: int) -> Strip:
        """The views on their digits, the filter, the place in the list."""
        left: list[Part] = [("text", " ")]
        for n, name in enumerate(self.names, 1):
            role = "tab_on" if name == self.view_name else "tab"
            left += [(role, f" {n % 10} {self.say(f'view.{name}')} ")]
        total = len(self.view)
        place = f"{self.index() + 1 if total else 0}/{total} "
        right: list[Part] = [("strong", f" / {self.asked}  ")] if self.asked else []
        right += [("marked", self.say("queue.marked", n=len(self.marked)) + "  ")] if self.marked else []
        return self.ink.strip(spread(left, [*right, ("dim", place)], cells), cells)

    def _list(self, cells: int, body: int) -> list[Strip]:
        """The visible rows."""
        index, total = self.index(), len(self.view)
        self.top = max(0, min(self.top, total - body))
        if index < self.top:
            self.top = index
        elif index >= self.top + body:
            self.top = index - body + 1
        now = self.chair.now()
        found = [
            self.rows.strip(
                seen.row, now, cells, at=seen.row.id == self.at, marked=seen.row.id in self.marked,
                looks=self._looking.get(seen.row.id, " ") if self._looking else "",
            )
            for seen in self.view.page(self.top, body)
        ]  # fmt: skip
        if not found:
            narrowed = "queue.none_fits" if self.view_name != "all" else "queue.empty"
            word = "queue.none_words" if self.asked else narrowed
            found = [self.ink.strip([], cells), self.ink.strip([("dim", f"   {self.say(word)}")], cells)]
        return [*found, *[self.ink.strip([], cells)] * (body - len(found))][:body]

    def _beside(self, listed: list[Strip], cells: int, body: int) -> list[Strip]:
        """The rows with the case under the cursor beside them."""
        card = self.card(self._rested) if self._rested else None
        side = panel(self.ink, card, cells - 2, body) if card else []
        bar = self.ink.strip([("rule", "|" if self.ink.plain else "│"), ("text", " ")], 2)
        blank = self.ink.strip([], cells - 2)
        return [Strip.join([row, bar, side[y] if y < len(side) else blank]) for y, row in enumerate(listed)]

    def _divided(self) -> list[Part]:
        """What the preview is about."""
        return [("dim", number(self._rested))] if self._rested else []

    def _preview(self, cells: int) -> list[Strip]:
        """Two lines of the case under the cursor, once it has rested there."""
        row: Row | None = self.chair.queue.row(self._rested) if self._rested else None
        told = preview(self.chair.book, row, self.say, self.chair.now()) if row else [[], []]
        return [self.ink.strip([("text", " "), *parts], cells) for parts in told]

    # -- moving

    def _to(self, index: int) -> None:
        """The cursor to a place."""
        ids = self.view.page(max(0, min(index, len(self.view) - 1)), 1)
        if not ids:
            return
        self.at = ids[0].row.id
        self.later("rest", REST, self._rests)
        self.draw()

    def _rests(self) -> None:
        """The cursor rests: the preview and the likely keys follow."""
        if not self._painted:
            self._painted = True
            self.later("calm", CALM, self._calm)
        self._rested = self.at
        self.draw()

    def footed(self) -> object:
        """It follows the case on which the cursor rests."""
        moved, self.at = self.at, self._rested
        try:
            return super().footed()
        finally:
            self.at = moved

    def _calm(self) -> None:
        """Nothing is to be done: keep what makes the next start faster, and look whether messages wait."""
        self.chair.remember()
        if self.chair.book.docs("messages") and self.chair.who.may("answer"):
            self.chair.inbox.open()
            self.draw()
        self.glimpsed()

    def glimpsed(self) -> None:
        """Keep what stands here for the next start, unless something else would be seen first then."""
        sight: str = self.app.sight  # type: ignore[attr-defined]
        if not sight or not self.is_current or self.focused is not None:
            return
        seen = getattr(self.app, "seen", lambda mark: None)(f"~{self.chair.local():%H:%M}")
        if seen is None or self.chair.arriving():
            glimpse.forget(sight)
        else:
            glimpse.save(sight, seen[0], f"{self.at}\n{seen[1]}")

    def press_quit(self) -> None:
        """Leave, once asked."""
        self.glimpsed()
        super().press_quit()

    def state(self, key: Key) -> str:
        """Keys follow the case on which the cursor rests."""
        if key.id == "open":
            return "on" if self.at else "hidden"
        moved, self.at = self.at, self._rested
        try:
            return super().state(key)
        finally:
            self.at = moved

    def press_down(self) -> None:
        """The next case."""
        self._to(self.index() + 1)

    def press_up(self) -> None:
        """The case before."""
        self._to(self.index() - 1)

    def press_first(self) -> None:
        """The first case."""
        self._to(0)

    def press_last(self) -> None:
        """The last case."""
        self._to(len(self.view) - 1)

    def press_page_down(self) -> None:
        """A page on."""
        self.top += self._height
        self._to(self.index() + self._height)

    def press_page_up(self) -> None:
        """A page back."""
        self.top -= self._height
        self._to(self.index() - self._height)

    # -- views, filter, marks

    def press_view(self, key: str) -> None:
        """The view on a digit."""
        n = (int(key) - 1) % 10
        if n < len(self.names):
            self._look(self.names[n])

    def press_next_view(self) -> None:
        """The next view."""
        self._look(self.names[(self.names.index(self.view_name) + 1) % len(self.names)])

    def press_previous_view(self) -> None:
        """The view before."""
        self._look(self.names[self.names.index(self.view_name) - 1])

    def _look(self, name: str) -> None:
        """Look at a view."""
        self.view_name, self.at, self.top = name, "", 0
        self.refreshed()
        self.draw()

    def press_mark(self) -> None:
        """Mark the case, or unmark it, and go on to the next."""
        if self.at:
            if self.at in self.marked:
                del self.marked[self.at]
            else:
                self.marked[self.at] = None
            self._to(self.index() + 1)

    def acted(self, verb: str, id: str, done: Any) -> None:
        """After an act on several cases those that were refused stay marked."""
        if verb == "many":
            self.marked = dict.fromkeys(done)
            self.refreshed()
            self.draw()
        else:
            super().acted(verb, id, done)

    def press_mark_all(self) -> None:
        """Mark all rows of the view, or none."""
        self.marked = {} if len(self.marked) == len(self.view) else dict.fromkeys(self.view.ids())
        self.draw()

    def press_open(self) -> None:
        """Open the case."""
        if self.at:
            self.go("case", id=self.at, ids=self.view.ids())

    def press_why(self) -> None:
        """Why it is due then, and stands here."""
        if self.at:
            self.go("case", id=self.at, ids=self.view.ids(), why=True)
