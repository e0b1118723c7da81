"""What was said in the groups, and how far it is: what nobody knows of waits here for a person's word."""

from __future__ import annotations

from textual.strip import Strip

from console.chat.bridges import bridges
from console.chat.groups import groups
from console.chat.outbox import SayAgain, Saying, Unsay, Way, sayings
from console.numbers import number
from console.plain import line
from console.saying import span
from console.staff import name_of
from screens.keys import Key
from screens.listing import Entry, Listing
from screens.widgets.ink import Part

ROLES = {Way.UNKNOWN: "alarm", Way.FAILED: "late", Way.WAITING: "soon", Way.SENDING: "wait", Way.SENT: "good"}
"""How far it is → how that is shown."""

SENT = 50
"""The latest of what has gone out or was let go of that are listed."""


class OutboxScreen(Listing):
    """By how much somebody must look at it."""

    place = "outbox"

    def entries(self) -> list[Entry]:
        """How the bridges are; what nobody knows of and what failed, what waits, what has gone out."""
        book, found = self.chair.book, self._bridges()
        for ways in ((Way.UNKNOWN,), (Way.FAILED,), (Way.WAITING, Way.SENDING), (Way.SENT,), (Way.DROPPED,)):
            of = sayings(book, *ways)
            if of:
                found.append(Entry([("head", f"{self.say(f'way.{ways[0]}')} {len(of)}")]))
                found += [
                    self._entry(id, said)
                    for id, said in (reversed(of[-SENT:]) if ways[0] in (Way.SENT, Way.DROPPED) else of)
                ]
        return found

    def _bridges(self) -> list[Entry]:
        """Each bridge: whether it is connected, since when, and what it may not do."""
        say, chair, found = self.say, self.chair, list[Entry]()
        for each in bridges(chair.book):
            good = each.connected and each.online
            word = "bridge.on" if good else "bridge.frozen" if each.connected else "bridge.off"
            ago = span(say, (chair.now() - each.since).total_seconds()) if each.since else "–"
            parts: list[Part] = [("text", f" {line(each.account)} "), ("good" if good else "late", say(word, span=ago))]
            for group, why in (each.silenced or {}).items():
                known = groups(chair.book).get(group)
                named = line(known.name or group) if known else line(group)
                parts.append(("late", f"  {say(f'bridge.{why}', group=named)}"))
            odd = sum((each.counts or {}).values())
            parts += [("dim", f"  {say.plural('bridge.odd', odd)}")] if odd else []
            found.append(Entry(parts))
        return found

    def _entry(self, id: str, said: Saying) -> Entry:
        """One thing that was said."""
        chair, say = self.chair, self.say
        group = groups(chair.book).get(said.group)
        at = f"{chair.local(said.at):%m-%d %H:%M}"
        case = f" {number(said.issue)}" if said.issue else ""
        parts: list[Part] = [("dim", f"  {at} "), (ROLES.get(said.way, "dim"), f"{say(f'way.{said.way}')} ")]
        parts += [("dim", f"{line(group.name or said.group) if group else line(said.group)} "), ("text", line(said.words))]
        told = f"      {line(name_of(chair.book, said.by))}{case}  {line(said.why)}".rstrip()
        return Entry(parts, id, said.issue, ([("dim", told)],), said)

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, the list, keys."""
        head = self.header([("title", self.say("place.outbox"))], cells)
        if not self.keys():
            nothing = self.ink.strip([("dim", f"  {self.say('outbox.none')}")], cells)
            return [head, *self.body(cells, rows - 4), nothing, *self.foot(cells)]
        return [head, *self.body(cells, rows - 3), *self.foot(cells, [("dim", f"{self.index() + 1}/{len(self.keys())}")])]

    def state(self, key: Key) -> str:
        """What works on this one."""
        found = self.chosen()
        if key.id in FITS:
            return "on" if found is not None and found.about.way in FITS[key.id] else "hidden"
        if key.id == "open":
            return "on" if found is not None and found.case else "hidden"
        return super().state(key)

    def press_say_again(self) -> None:
        """Send it once more."""
        found = self.chosen()
        if found is None:
            self.tell("outbox.none", "dim")
        elif self.do(SayAgain(saying=found.key)) is not None:
            self.tell("outbox.again", "good")

    def press_arrived(self) -> None:
        """Somebody has seen it in the group."""
        self._settle(arrived=True)

    def press_unsay(self) -> None:
        """Let go of it."""
        self._settle(arrived=False)

    def _settle(self, *, arrived: bool) -> None:
        """It is settled, one way or the other."""
        found = self.chosen()
        if found is None:
            self.tell("outbox.none", "dim")
        elif self.do(Unsay(saying=found.key, arrived=arrived)) is not None:
            self.tell("outbox.arrived" if arrived else "outbox.dropped", "good")


FITS = {
    "say_again": (Way.FAILED, Way.UNKNOWN),
    "arrived": (Way.UNKNOWN,),
    "unsay": (Way.WAITING, Way.FAILED, Way.UNKNOWN),
}
"""Key → how far something must be for it to work."""
