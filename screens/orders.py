"""Standing orders, and who has read them."""

from __future__ import annotations

from textual.strip import Strip

from console.plain import line
from console.shifts import Order, ReadOrder
from console.staff import RIGHTS, Person, name_of
from screens.keys import Key
from screens.listing import Entry, Listing
from screens.widgets.ink import Part

ENDED = 20
"""Orders that hold no longer and are still listed, the latest ones."""


class OrdersScreen(Listing):
    """Those that hold, then those that did."""

    place = "orders"

    def entries(self) -> list[Entry]:
        """Each with its receipts."""
        orders = list(self.chair.book.all(Order))
        holds = [each for each in orders if each[1].ended is None]
        ended = [each for each in orders if each[1].ended is not None][-ENDED:]
        officers = [p for _, p in self.chair.book.all(Person) if not p.left and "sign" in RIGHTS[p.role]]
        found: list[Entry] = []
        for word, of in (("orders.hold", holds), ("orders.ended", ended)):
            if of:
                found.append(Entry([("head", f"{self.say(word)} {len(of)}")]))
                found += [self._entry(id, order, officers) for id, order in reversed(of)]
        return found

    def _entry(self, id: str, order: Order, officers: list[Person]) -> Entry:
        """One order: what, who gave it when, who has not read it."""
        say, chair = self.say, self.chair
        mine = chair.who.id not in order.read and chair.who.may("sign") and order.ended is None
        role = "struck" if order.ended else "strong" if mine else "text"
        at = f"{chair.local(order.at):%m-%d %H:%M}"
        parts: list[Part] = [("text", f"  {id} "), (role, line(order.text)),
                             ("dim", f"  {line(name_of(chair.book, order.by))} {at}")]  # fmt: skip
        waits = [line(each.name or each.login) for each in officers if each.login not in order.read]
        read = len(officers) - len(waits)
        told: list[Part] = [("text", "      "), ("dim", say("orders.read", n=read, of=len(officers)))]
        if order.ended:
            told.append(("dim", say("orders.ended_at", at=f"{chair.local(order.ended):%m-%d %H:%M}")))
        elif waits:
            told.append(("soon", say("orders.unread", names=say("list.comma").join(waits))))
        return Entry(parts, id, more=(told,), about=order)

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, orders, keys."""
        head = self.header([("title", self.say("place.orders"))], cells)
        if not self.found:
            nothing = self.ink.strip([("dim", f"  {self.say('orders.none')}")], cells)
            return [head, nothing, *[self.ink.strip([], cells)] * (rows - 4), *self.foot(cells)]
        return [head, *self.body(cells, rows - 3), *self.foot(cells)]

    def state(self, key: Key) -> str:
        """What works on this order."""
        found = self.chosen()
        if key.id == "open":
            return "hidden"
        if key.id in ("end", "seen") and (found is None or found.about.ended):
            return "hidden"
        if key.id == "seen" and found is not None and self.chair.who.id in found.about.read:
            return "hidden"
        return super().state(key)

    def press_open(self) -> None:
        """An order has nothing behind it: reading it is all there is."""
        self.press_seen()

    def press_seen(self) -> None:
        """Say that one has read it."""
        found = self.chosen()
        if found is not None and self.do(ReadOrder(order=found.key)):
            self.tell("orders.seen", "good", n=found.key)

    def press_end(self) -> None:
        """It holds no longer."""
        found = self.chosen()
        if found is not None and self.do(ReadOrder(order=found.key, end=True)):
            self.tell("orders.now_ended", "good", n=found.key)

    def press_order(self) -> None:
        """A new one."""
        self.go("form", verb="order")
