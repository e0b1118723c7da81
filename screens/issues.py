"""A case in full: what is owed by when, who has it, who says "me too", and its story."""

from __future__ import annotations

from typing import Any

from textual.strip import Strip

from console.card import Card
from console.plain import line
from screens.caseacts import CaseActs
from screens.widgets.ink import Part
from screens.widgets.panel import folded


class CaseScreen(CaseActs):
    """One case; up and down go to its neighbours in the queue."""

    place = "case"

    def __init__(self, **about: Any) -> None:
        """``id`` of the case, ``ids`` of its neighbours, ``why`` to have its clock explained."""
        super().__init__(**about)
        self.at: str = about["id"]
        self.ids: list[str] = about.get("ids") or [self.at]
        self.why, self.skip, self._most = bool(about.get("why")), 0, 0

    def current(self) -> str:
        """The case itself."""
        return self.at

    def refreshed(self) -> None:
        """Tell the others that one looks at it."""
        self.chair.tell(self.at)
        self._others = [each for each in self.chair.others() if each.get("case") == self.at]

    def on_mount(self) -> None:
        """As every screen."""
        self.refreshed()

    def on_unmount(self) -> None:
        """One does not look at it any more."""
        if not self.chair.closed:
            self.chair.tell("")

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, the case, who else looks, keys."""
        card = self.card(self.at)
        if card is None:
            return [self.ink.strip([("warn", self.say("card.gone"))], cells)]
        found = [self.header(card.head(), cells, card.where() if cells >= 60 else [])]
        body = self._body(card, cells)
        room = rows - 3
        self._most = max(len(body) - room, 0)
        self.skip = min(self.skip, self._most)
        found += body[self.skip : self.skip + room]
        found += [self.ink.strip([], cells)] * (rows - 2 - len(found))
        return [*found, *self.foot(cells, self._looks())]

    def _body(self, card: Card, cells: int) -> list[Strip]:
        """Everything between title and keys."""
        parts = card.body()
        parts += [[("text", "")], *card.why()] if self.why else []
        parts += [[("text", "")], *card.story()]
        return [each for one in parts for each in folded(self.ink, [("text", " "), *one], cells, most=40)]

    def _looks(self) -> list[Part]:
        """Who else looks at it, and what they are writing; else the place in the queue."""
        told = []
        for each in self._others:
            name, doing = line(str(each["name"])), str(each.get("doing", ""))
            told.append(self.say("looks.writing", name=name, act=self.say(f"act.{doing}")) if doing else
                        self.say("looks", name=name))  # fmt: skip
        if self.chair.unseen:
            told.append(self.chair.unseen)
        if told:
            return [("tell", self.say("list.comma").join(told))]
        place = self.ids.index(self.at) + 1 if self.at in self.ids else 0
        return [("dim", f"{place}/{len(self.ids)}")] if place else []

    # -- moving

    def _to(self, index: int) -> None:
        """Another case of the queue."""
        if self.at in self.ids and 0 <= index < len(self.ids):
            self.at, self.skip = self.ids[index], 0
            self.refreshed()
            self.draw()

    def press_down(self) -> None:
        """The next case of the queue."""
        self._to(self._index() + 1)

    def press_up(self) -> None:
        """The case before."""
        self._to(self._index() - 1)

    def press_first(self) -> None:
        """The first case."""
        self._to(0)

    def press_last(self) -> None:
        """The last case."""
        self._to(len(self.ids) - 1)

    def _index(self) -> int:
        """Its place among its neighbours."""
        return self.ids.index(self.at) if self.at in self.ids else 0

    def press_page_down(self) -> None:
        """Scroll down."""
        self.skip = min(self.skip + max(self.size.height - 4, 1), self._most)
        self.draw()

    def press_page_up(self) -> None:
        """Scroll up."""
        self.skip = max(self.skip - max(self.size.height - 4, 1), 0)
        self.draw()

    def press_why(self) -> None:
        """Why it is due then, and stands where it stands; once more to put that away."""
        self.why = not self.why
        self.draw()
