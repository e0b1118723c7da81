"""A facilitator's rounds: checks that are asked of them, what they told from the field, corners that have gone quiet."""

from __future__ import annotations

from datetime import timedelta

from textual.strip import Strip

from console.book import Refused
from console.checks import check_due
from console.issues import Issue
from console.numbers import CASES
from console.plain import line
from console.quiet import quiet
from console.record import moment
from console.rows import Row
from console.saying import remaining, short, status_word
from console.staff import name_of
from screens.keys import Key
from screens.listing import Entry, Listing
from screens.widgets.ink import Part

DAYS = 14
"""Days of one's own reports that are listed."""


class RoundsScreen(Listing):
    """What one goes out for."""

    place = "rounds"
    calm = 1.0

    def entries(self) -> list[Entry]:
        """Checks by their clocks, reports by their day, corners by their silence."""
        say = self.say
        parts = (("rounds.checks", self._checks()), ("rounds.told", self._told()), ("rounds.quiet", self._quiet()))
        found: list[Entry] = []
        for word, of in parts:
            found.append(Entry([("head", f"{say(word, n=len(of))}")]))
            found += of
        return found

    def _checks(self) -> list[Entry]:
        """Checks that are out: one's own, and for who sees all grids everybody's."""
        chair, say, now = self.chair, self.say, self.chair.now()
        found = list[tuple[float, Entry]]()
        for id, doc in chair.book.docs(CASES).items():
            out = next((each for each in doc.get("checks", ()) if not each.get("done_at")), None)
            if out is None or not chair.sees(id) or (chair.who.grids and out.get("who") not in chair.who.own):
                continue
            left = (check_due(chair.book, moment(out["asked_at"])) - now).total_seconds()
            role = "late" if left < 0 else "soon"
            parts: list[Part] = [("text", f"  {short(id, now)} "), (role, f"{remaining(say, left)}  "),
                                 ("strong", line(doc.get("title", ""))),
                                 ("text", f"  {line(doc.get('grid', ''))} {line(doc.get('place', ''))}")]  # fmt: skip
            who = line(name_of(chair.book, out.get("who", "")))
            asked = f"{who}: {line(out.get('what', ''))}" if out.get("what") else who
            found.append((left, Entry(parts, f"check {id}", id, ([("text", "      "), ("quote", asked)],), "check")))
        return [entry for _, entry in sorted(found, key=lambda each: each[0])]

    def _told(self) -> list[Entry]:
        """What one has told from the field in these days, and where it is."""
        chair, say, now = self.chair, self.say, self.chair.now()
        since, found = now - timedelta(days=DAYS), list[Entry]()
        for id, doc in reversed(list(chair.book.docs(CASES).items())):
            if doc.get("taken_by") not in chair.who.own or not chair.sees(id) or moment(doc["taken_at"]) < since:
                continue
            at = f"{chair.local(moment(doc['taken_at'])):%m-%d %H:%M}"
            parts: list[Part] = [("text", f"  {short(id, now)} "), ("dim", f"{at}  "), ("text", line(doc.get("title", ""))),
                                 ("wait", f"  {status_word(Row(id, doc), say)}")]  # fmt: skip
            found.append(Entry(parts, f"told {id}", id, about="told"))
        return found

    def _quiet(self) -> list[Entry]:
        """Grids from which nothing has come for long."""
        chair, say, now = self.chair, self.say, self.chair.now()
        found = []
        for each in quiet(chair.book, chair.who, now):
            days = say("rounds.days", n=(now - each.last).days) if each.last else say("rounds.never")
            parts: list[Part] = [("text", f"  {line(each.code)} {line(each.name)}  "), ("soon", days)]
            found.append(Entry(parts, f"quiet {each.code}", each.id, about="quiet"))
        return found

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, one's grids, the lists, keys."""
        grids = self.say("list.comma").join(line(code) for code in self.chair.who.grids)
        head = self.header([("title", f"{self.say('place.rounds')}  {grids}")], cells)
        return [head, *self.body(cells, rows - 3), *self.foot(cells)]

    def state(self, key: Key) -> str:
        """What works on this line."""
        found = self.chosen()
        if key.id == "open":
            return "on" if found and found.case else "hidden"
        if key.id == "report_check":
            return "on" if found and found.about == "check" else "hidden"
        return super().state(key)

    def press_report_check(self) -> None:
        """Say what one has found."""
        found = self.chosen()
        if found is None or found.about != "check":
            self.tell("rounds.no_check", "dim")
            return
        if self.chair.book.get(Issue, found.case) is None:
            raise Refused("refused.no_issue", number=found.case)
        self.go("form", verb="checked", ids=[found.case])
