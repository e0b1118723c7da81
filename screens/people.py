"""Who works here: who is away and who stands in, when each last came in and from where, one's own PIN."""

from __future__ import annotations

from textual.strip import Strip

from console.comings import Coming, answers_for, comings, last_coming
from console.plain import line
from console.saying import agency_name
from console.staff import Person, name_of
from console.standin import ComeBack
from screens.keys import Key
from screens.listing import Entry, Listing
from screens.widgets.ink import Part, fit

SHOWN = 10
"""Times of coming in that are shown of one person."""

NAME, ROLE = 10, 12
"""Cells of a name and of a role."""


class PeopleScreen(Listing):
    """The staff list; of who may not read it, their own line."""

    place = "people"

    opened = ""
    """Login of the person whose comings are shown."""

    def entries(self) -> list[Entry]:
        """Who is here by role, then who has left."""
        who = self.chair.who
        people = [each for _, each in self.chair.book.all(Person)]
        if not (who.may("read") or who.may("staff")):
            people = [each for each in people if each.login == who.id]
        people.sort(key=lambda each: (each.left is not None, list(type(each.role)).index(each.role), each.login))
        return [self._entry(each) for each in people]

    def _entry(self, each: Person) -> Entry:
        """One person: name, what they are, where; away, PIN, when they last came in."""
        say, chair = self.say, self.chair
        where = agency_name(chair.book, each.agency, say) if each.agency else " ".join(each.grids)
        role = "struck" if each.left else "mine" if each.login == chair.who.id else "text"
        parts: list[Part] = [("text", "  "), (role, fit(line(each.name or each.login), NAME)),
                             ("dim", f" {fit(each.login, NAME)} "), ("text", fit(say(f"role.{each.role}"), ROLE)),
                             ("text", f" {line(where)} " if where else "")]  # fmt: skip
        if each.left:
            parts.append(("dim", say("staff.left")))
        if each.away is not None and each.away.until > chair.now():
            until = f"{chair.local(each.away.until):%m-%d %H:%M}"
            parts.append(
                ("soon", say("people.away", who=line(name_of(chair.book, each.away.substitute)), until=until) + " ")
            )
        parts += [("good", say("people.pin") + " ")] if each.pin_at else []
        last = last_coming(chair.book, each.login) if self._may_see(each.login) else None
        if last is not None:
            parts.append(("dim", say("people.last", at=f"{chair.local(last.at):%m-%d %H:%M}", source=line(last.source))))
        more = tuple([("text", "      "), *self._coming(came)] for came in self._comings(each.login))
        return Entry(parts, each.login, more=more, about=each)

    def _may_see(self, login: str) -> bool:
        """Whether one answers for them, or they are oneself."""
        return answers_for(self.chair.who, login)

    def _comings(self, login: str) -> list[Coming]:
        """When the person whose line is open has come in."""
        return comings(self.chair.book, login, SHOWN) if login == self.opened and self._may_see(login) else []

    def _coming(self, each: Coming) -> list[Part]:
        """One time."""
        parts: list[Part] = [("text", f"{self.chair.local(each.at):%Y-%m-%d %H:%M}  "), ("dim", self.say(f"way.{each.way}"))]
        parts.append(("text", f"  {line(each.source)}  "))
        return [*parts, ("late", self.say.plural("people.wrong", each.wrong))] if each.wrong else parts

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, people, keys."""
        head = self.header([("title", self.say("place.people"))], cells)
        return [head, *self.body(cells, rows - 3), *self.foot(cells)]

    def state(self, key: Key) -> str:
        """What works on this line."""
        found = self.chosen()
        if key.id == "open":
            return "on" if found and self._may_see(found.key) else "hidden"
        if key.id in ("stand_in", "come_back"):
            mine = found is not None and (found.key == self.chair.who.id or self.chair.who.may("staff"))
            away = found is not None and found.about.away is not None and found.about.away.until > self.chair.now()
            return "on" if mine and found and not found.about.left and away == (key.id == "come_back") else "hidden"
        return super().state(key)

    def press_open(self) -> None:
        """When they came in; once more to put that away."""
        found = self.chosen()
        if found is None or not self._may_see(found.key):
            self.tell("people.not_yours", "dim")
            return
        self.opened = "" if self.opened == found.key else found.key
        self._again()
        if self.opened and not self._comings(found.key):
            self.tell("people.never", "dim", who=line(found.about.name or found.key))

    def press_own_pin(self) -> None:
        """A PIN of one's own, or a new one."""
        self.go("own_pin")

    def press_stand_in(self) -> None:
        """Somebody sees to what is theirs until they are back."""
        found = self.chosen()
        if found is not None and self._works("stand_in"):
            self.go("form", verb="stand_in", given={"login": found.key})
        else:
            self.tell("people.not_yours", "dim")

    def press_come_back(self) -> None:
        """They are back."""
        found = self.chosen()
        if found is not None and self.do(ComeBack(login=found.key)):
            self.tell("people.back", "good", who=line(found.about.name or found.key))

    def _works(self, id: str) -> bool:
        """Whether a key works on this line."""
        return self.state(next(key for key in self.table if key.id == id)) == "on"
