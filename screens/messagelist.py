"""A screen with messages of the group chat: which are listed, how they are drawn, what the one under the cursor may be."""

from __future__ import annotations

from typing import Any

from textual.strip import Strip

from console.book import Refused
from console.chat.drafting import alike
from console.chat.groups import Group, silent
from console.chat.inbox import Inbox, Item, heard_in
from console.chat.messages import Message
from console.chat.outbox import Way, sayings
from console.plain import line
from console.rows import Row
from console.saying import brief
from screens.listing import Entry, Listing
from screens.widgets.banner import ring_now
from screens.widgets.ink import Part, spread
from screens.widgets.messages import Messages

REST = 0.15
"""Seconds that the cursor rests before similar cases are looked for."""

SHOWS = ("waiting", "likely", "every")
"""What is listed: what waits, only what may be a report, or everything at hand."""

LOW, HIGH = 10, 16
"""Rows from which on something stands under the list, and from which on it is as much as usual."""

LEAST = 2
"""Lines under the list of a low screen."""


class MessageList(Listing):
    """One line a message."""

    calm = 0.3

    def __init__(self, **about: Any) -> None:
        """All groups, what waits."""
        super().__init__(**about)
        self.group: str | None = None
        self.shows = SHOWS[0]
        self.marked = dict[str, None]()
        self.ids: list[str] = []
        self.same: list[Row] = []
        self.same_of: tuple[str, ...] = ()
        self._at = 0
        self.drawn_by = Messages(self.ink, self.chair)

    drawn_by: Messages
    """What draws messages."""

    # -- what there is

    @property
    def inbox(self) -> Inbox:
        """The messages."""
        return self.chair.inbox

    def groups(self) -> list[Group]:
        """The groups that one may see."""
        mine = set(self.chair.who.grids)
        return [each for each in heard_in(self.chair.book) if not mine or mine & set(each.grids)]

    def refreshed(self) -> None:
        """Bring it up to date: the cursor stays on its message, or on the one that comes after it."""
        groups = self.groups()
        if self.group is not None and self.group not in [each.number for each in groups]:
            self.group = None
        seen = {each.number for each in groups} if self.chair.who.grids else None
        self.ids = [id for id in self._shown() if seen is None or self._group(id) in seen]
        if self.cursor not in self.ids:
            self.cursor = self.ids[min(self._at, len(self.ids) - 1)] if self.ids else ""
            self.later("rest", REST, self._rests)
        here = set(self.ids)
        self.marked = {id: None for id in self.marked if id in here}

    def _shown(self) -> list[str]:
        """Ids of what is listed."""
        if self.shows == "every":
            return self.inbox.every(self.group)
        ids = self.inbox.ids(self.group)
        if self.shows == "likely":
            return [id for id in ids if (item := self.inbox.item(id)) is not None and not item.faded]
        return ids

    def _group(self, id: str) -> str:
        """The group of a message."""
        return str(self.chair.book.docs(Message.kind).get(id, {}).get("group", ""))

    def on_mount(self) -> None:
        """On the first message that may be a report."""
        super().on_mount()
        first = next((id for id in self.ids if (item := self.inbox.item(id)) is not None and not item.faded), "")
        self.cursor = first or self.cursor
        self._at = self.index()
        self.later("rest", REST, self._rests)

    def keys(self) -> list[str]:
        """The lines that the cursor may stand on: all."""
        return self.ids

    def entries(self) -> list[Entry]:
        """None are made ahead: what is seen is drawn."""
        return []

    def chosen(self) -> Entry | None:
        """The line under the cursor."""
        item = self.item()
        return None if item is None else Entry([], item.id, item.message.issue, about=item)

    def item(self) -> Item | None:
        """The message under the cursor."""
        return self.inbox.item(self.cursor) if self.cursor else None

    def targets(self) -> list[str]:
        """The marked messages, else the one under the cursor with what are most likely pieces of the same."""
        if self.marked:
            return [id for id in self.ids if id in self.marked]
        return [id for id in self.inbox.pieces(self.cursor) if id in self.ids] or ([self.cursor] if self.cursor else [])

    def press_last(self) -> None:
        """The last message."""
        self.move(len(self.ids) - 1)

    def move(self, index: int) -> None:
        """The cursor to a place."""
        super().move(index)
        self._at = self.index()
        self.later("rest", REST, self._rests)

    def _rests(self) -> None:
        """The cursor rests: look for cases that it may belong to."""
        ids = [id for id in self.targets() if (item := self.inbox.item(id)) is not None and not item.message.issue]
        chair = self.chair
        chair.queue.refresh(chair.now())
        try:
            self.same = alike(chair.book, chair.queue, ids, chair.now().timestamp()) if ids else []
        except Refused:
            self.same = []
        self.same_of = tuple(ids)
        self.draw()

    # -- what is shown

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, groups, messages, the one under the cursor with what it may belong to, keys."""
        under = self._under(cells, rows)
        room = max(rows - 4 - len(under), 1)
        self._height = room
        banner = self._banner(cells)
        found = [self._title(cells), self._tabs(cells), *banner, *self._list(cells, room - len(banner))]
        return [*found, self.divider(cells, self._where()), *under, self.footer(cells)]

    def _under(self, cells: int, rows: int) -> list[Strip]:
        """The message in full, and what it may belong to: as much as it needs, up to half of the screen."""
        if rows < LOW:
            return []
        least = 3 + min(3, max(rows // 6, 1)) if rows >= HIGH else LEAST
        return self.drawn_by.under(self.item(), self.same, cells, least, rows // 2 - 2)

    def _title(self, cells: int) -> Strip:
        """How many may be reports, and what of ours has not gone out."""
        say, book = self.say, self.chair.book
        many = f"{self.inbox.open()}{'+' if self.inbox.more else ''}"
        if self.inbox.more:
            self.later("judge", 0.05, self.draw)
        left: list[Part] = [("title", f"{say('place.inbox')}  {say('inbox.open', n=many)}  ")]
        stuck = len(sayings(book, Way.FAILED, Way.UNKNOWN))
        waits = len(sayings(book, Way.WAITING, Way.SENDING))
        right: list[Part] = [("title", say("inbox.waits", n=waits))] if waits else []
        right += [("alarm", f" {say('inbox.stuck', n=stuck)} ")] if stuck else []
        return self.header(left, cells, right)

    def _tabs(self, cells: int) -> Strip:
        """The groups, when each was last heard, and what is listed."""
        say, chair = self.say, self.chair
        left: list[Part] = [("text", " "), ("tab_on" if self.group is None else "tab", f" {say('inbox.all')} ")]
        for each in self.groups():
            quiet = silent(each, chair.now(), chair.local())
            ago = brief(say, (chair.now() - each.last).total_seconds()) if each.last else "–"
            role = "tab_on" if each.number == self.group else "tab"
            left += [
                (role, f" {line(each.name or each.number)} "),
                ("late" if quiet else "dim", f"{ago}{'!' if quiet else ''} "),
            ]
        right: list[Part] = [("marked", say("queue.marked", n=len(self.marked)) + "  ")] if self.marked else []
        right += [("dim", f"{say(f'inbox.{self.shows}')}  {self.index() + 1 if self.ids else 0}/{len(self.ids)} ")]
        return self.ink.strip(spread(left, right, cells), cells)

    def _banner(self, cells: int) -> list[Strip]:
        """Ring now, before anything else: somebody is in danger in a message that nobody has taken up."""
        from console.categories import stoppers

        item, danger = self.item(), self.inbox.danger
        at = self.inbox.item(danger[0]) if danger and (item is None or item.id not in danger) else item
        found = stoppers(self.chair.book, at.message.text) if at is not None and not at.message.issue else []
        return ring_now(self.ink, self.say, found, cells, 1)

    def _list(self, cells: int, room: int) -> list[Strip]:
        """The messages that there is room for, the one under the cursor among them."""
        index, total, room = self.index(), len(self.ids), max(room, 1)
        self.top = max(0, min(self.top, total - room))
        self.top = index if index < self.top else max(self.top, index - room + 1)
        found = [self._row(id, cells) for id in self.ids[self.top : self.top + room]]
        if not found:
            found = [self.ink.strip([], cells), self.ink.strip([("dim", f"   {self.say(self._none())}")], cells)]
        return [*found, *[self.ink.strip([], cells)] * (room - len(found))][:room]

    def _row(self, id: str, cells: int) -> Strip:
        """One message."""
        item = self.inbox.item(id)
        if item is None:
            return self.ink.strip([], cells)
        piece = not self.marked and len(self.same_of) > 1 and id in self.same_of
        mark = "✓" if id in self.marked else "+" if piece else " "
        return self.drawn_by.row(item, cells, at=id == self.cursor, mark=mark)

    def _none(self) -> str:
        """Why nothing is listed."""
        if not self.groups() and not self.inbox.every(None):
            return "inbox.no_group"
        return "inbox.none"

    def _where(self) -> list[Part]:
        """The group of the message under the cursor."""
        item = self.item()
        if item is None:
            return []
        group = next((each for each in heard_in(self.chair.book) if each.number == item.message.group), None)
        named = line(group.name or group.number) if group else self.say("inbox.private")
        return [("dim", f"{named}  {line(item.message.card or item.message.name)}")]
