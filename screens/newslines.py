"""What somebody has missed, as lines: cases by kind of news, standing orders, what waits for their word."""

from __future__ import annotations

from console.issues import Issue
from console.news import NEWS, news
from console.numbers import number
from console.plain import line
from console.shifts import Order
from console.staff import name_of
from screens.listing import Entry
from screens.readback import ReadingBack
from screens.widgets.ink import Part
from themes import signs

SHOWN = 6
"""Cases of one kind of news that are named; of more the number is told, and they can be looked at."""


class NewsLines(ReadingBack):
    """Whatever greets somebody with what is news to them."""

    def _news(self) -> list[Entry]:
        """What changed since one signed off."""
        chair, say = self.chair, self.say
        found = news(chair.book, chair.now(), chair.who)
        if found.since is None:
            return [Entry([("head", say("arrival.first_time"))])]
        head = Entry([("head", say("news.head", at=f"{chair.local(found.since):%m-%d %H:%M}"))])
        kinds = {name: ids for name in NEWS if (ids := getattr(found, name))}
        if not kinds:
            return [head, Entry([("dim", say("news.nothing"))])]
        counts: list[Part] = [
            ("strong" if name in ("reopened", "overdue") else "text", f"{say(f'news.{name}')} {len(ids)}   ")
            for name, ids in kinds.items()
        ]
        made = [Entry(counts, "news", about=("news", tuple(kinds.items()), True))]
        for name in ("reopened", "overdue", "handed", "new", "moved"):
            ids = kinds.get(name, ())
            for id in ids[:SHOWN]:
                doc = chair.book.docs(Issue.kind).get(id) or {}
                role = "late" if name in ("reopened", "overdue") else "dim"
                told = f"{number(id)} {line(doc.get('title', ''))}"
                parts: list[Part] = [(role, f"{say(f'news.{name}')} "), ("text", told)]
                made.append(Entry(parts, f"news {name} {id}", id, about=("look", None, True)))
            if len(ids) > SHOWN:
                rest = say("news.more", n=len(ids) - SHOWN, kind=say(f"news.{name}"))
                made.append(Entry([("dim", rest)], f"more {name}", about=("news", ((name, ids),), True)))
        return [head, *made]

    def _orders(self) -> list[Entry]:
        """Standing orders, those that one has not read first."""
        chair, say = self.chair, self.say
        orders = [(id, each) for id, each in chair.book.all(Order) if each.ended is None and chair.who.id not in each.read]
        if not orders:
            return []
        found = [Entry([("head", f"{say('news.orders')} {len(orders)}")])]
        for id, each in orders:
            parts: list[Part] = [self.ink.sign(signs.WEIGHT["watch"]), ("text", f" {line(each.text)}"),
                                 ("dim", f"  {line(name_of(chair.book, each.by))}")]  # fmt: skip
            found.append(Entry(parts, f"order {id}", about=("order", id, False)))
        return found

    def _words(self) -> list[Entry]:
        """What waits for a word of who may give one, cases whose owner has left among it."""
        from console.waiting import waiting_for_word

        waits = waiting_for_word(self.chair.book) if self.chair.who.may("approve") else []
        return [Entry([("soon", self.say("welcome.waiting", n=len(waits)))])] if waits else []

    def press_look(self) -> None:
        """Open the case, or all that is news."""
        found = self.chosen()
        if found is not None and found.about and found.about[0] == "news":
            kinds = [(f"{self.say(f'news.{name}')} {len(ids)}", ids) for name, ids in found.about[1]]
            self.go("found", title=self.say("place.arrival"), groups=kinds)
        else:
            self.press_open()
