"""What is half written: forms that were put away, or that a session was cut off from. Any of them can be gone on with."""

from __future__ import annotations

from datetime import datetime

from textual.strip import Strip

from console.book import Refused
from console.numbers import number
from console.plain import line
from screens.keys import Key
from screens.listing import Entry, Listing
from screens.widgets.ink import Part


class DraftsScreen(Listing):
    """Drafts, the latest first."""

    place = "drafts"

    def entries(self) -> list[Entry]:
        """One line each."""
        found = []
        for name, body in self.chair.aside().items():
            values = dict(body.get("values", {}))
            said = "  ".join(line(str(text)) for text in values.values() if str(text).strip())
            verb = str(body.get("verb", ""))
            ids = " ".join(number(str(id)) for id in body.get("ids", ()))
            word = self.say(f"act.{verb}") if self.say.known(f"act.{verb}") else name
            parts: list[Part] = [("dim", f"{self._at(str(body.get('at', '')))}  "), ("strong", f"{word}  "),
                                 ("text", f"{ids}  " if ids else ""), ("quote", said)]  # fmt: skip
            found.append(Entry(parts, name, about=body))
        return found

    def _at(self, said: str) -> str:
        """When it was last written."""
        try:
            return f"{self.chair.local(datetime.fromisoformat(said)):%m-%d %H:%M}"
        except ValueError:
            return "–"

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, drafts, keys."""
        head = self.header([("title", self.say("drafts.title"))], cells)
        if not self.found:
            empty = self.ink.strip([("dim", f"   {self.say('drafts.none')}")], cells)
            body = [self.ink.strip([], cells), empty, *[self.ink.strip([], cells)] * max(rows - 5, 0)]
        else:
            body = self.body(cells, rows - 3)
        return [head, *body[: rows - 3], *self.foot(cells)]

    def state(self, key: Key) -> str:
        """What works."""
        return "hidden" if key.id in ("choose", "throw_away") and not self.found else super().state(key)

    sure = ""
    """The draft of which it was asked whether it may go."""

    def press_choose(self) -> None:
        """Go on with it."""
        found = self.chosen()
        if found is None:
            return
        body = found.about
        screen = str(body.get("screen", "form"))
        self.dismiss(None)
        if screen == "arrival":
            self.go("arrival")
        elif screen == "new":
            self.go("new", given=dict(body.get("given", {})), draft=found.key if body.get("verb") == "take" else "")
        elif screen == "say":
            self.go("say", given=dict(body.get("given", {})))
        else:
            self.go("form", verb=str(body.get("verb", "")), ids=list(body.get("ids", ())), given=dict(body.get("given", {})))

    def press_throw_away(self) -> None:
        """Throw it away."""
        found = self.chosen()
        if found is None:
            return
        if self.sure != found.key:
            self.sure = found.key
            self.tell("drafts.sure", "warn")
            return
        try:
            self.chair.put_aside(found.key, None)
        except Refused as error:
            self.refuse(error)
            return
        self.refreshed()
        self.tell("drafts.thrown", "dim")
