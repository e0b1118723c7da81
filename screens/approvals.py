"""What waits for a supervisor's word, in one list: requests, forced closes, urgings without an answer, orphaned cases."""

from __future__ import annotations

from textual.strip import Strip

from console.plain import line
from console.saying import remaining, short
from console.staff import name_of
from console.waiting import KINDS, Waiting, waiting_for_word
from screens.keys import Key
from screens.listing import Entry, Listing
from screens.widgets.ink import Part

VERBS = {"request": "approve", "forced": "review", "urging": "answer_urge", "orphan": "assign"}
"""What waits → the act that it waits for."""


class ApprovalsScreen(Listing):
    """One list for whoever has to decide; others see that theirs still waits."""

    place = "approvals"
    calm = 1.0

    def entries(self) -> list[Entry]:
        """By what it is, the longest waiting first."""
        waits = waiting_for_word(self.chair.book)
        found: list[Entry] = []
        for kind in KINDS:
            of = [each for each in waits if each.kind == kind]
            if of:
                found.append(Entry([("head", f"{self.say(f'waiting.{kind}')} {len(of)}")]))
                found += [self._entry(each) for each in of]
        return found

    def _entry(self, each: Waiting) -> Entry:
        """One thing: the case, what is asked by whom, until when, why."""
        chair, say, now = self.chair, self.say, self.chair.now()
        parts: list[Part] = [("text", f"  {short(each.id, now)} ")]
        parts += [("strong", f"{say(f'request.{each.what}')}  ")] if each.what else []
        parts.append(("text", f"{line(each.title)}  "))
        if each.kind == "urging" and each.until:
            left = (each.until - now).total_seconds()
            parts.append(("late" if left < 0 else "soon", remaining(say, left)))
        elif each.until:
            parts.append(("soon", say("waiting.until", day=f"{chair.local(each.until):%m-%d %H:%M}")))
        at = f"{chair.local(each.at):%m-%d %H:%M} " if each.at else ""
        told: list[Part] = [
            ("text", "      "),
            ("dim", f"{at}{line(name_of(chair.book, each.by))}: "),
            ("quote", line(each.why)),
        ]
        more = [told] if each.kind != "orphan" else [[("text", "      "), ("dim", self._left(each))]]
        if each.approved:
            names = say("list.comma").join(line(name_of(chair.book, login)) for login in each.approved)
            more.append([("text", "      "), ("good", say("waiting.approved", names=names))])
        return Entry(parts, f"{each.kind} {each.id} {each.n}", each.id, tuple(more), each)

    def _left(self, each: Waiting) -> str:
        """Who left it behind."""
        return self.say("waiting.left", who=line(name_of(self.chair.book, each.by)) if each.by else "–")

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, the list, keys."""
        head = self.header([("title", self.say("place.approvals"))], cells)
        if not self.found:
            nothing = self.ink.strip([("good", f"  {self.say('waiting.none')}")], cells)
            return [head, nothing, *[self.ink.strip([], cells)] * (rows - 4), *self.foot(cells)]
        place: list[Part] = [("dim", f"{self.index() + 1}/{len(self.keys())}")]
        return [head, *self.body(cells, rows - 3), *self.foot(cells, place)]

    def state(self, key: Key) -> str:
        """What works on this line."""
        found = self.chosen()
        if key.id == "open":
            return "on" if found else "hidden"
        if key.id in ("approve", "deny"):
            from console.steps import ever

            verb = VERBS[found.about.kind] if found is not None else ""
            fits = verb == "approve" or (key.id == "approve" and bool(verb))
            return "on" if fits and ever(self.chair.who, "", verb) else "hidden"
        return super().state(key)

    def word(self, key: Key) -> str:
        """What Approve is on this line: a word on a request, a review of a forced close, a new owner of an orphan."""
        found = self.chosen()
        if key.id == "approve" and found is not None and found.about.kind != "request":
            return self.say(f"waiting.do.{found.about.kind}")
        return super().word(key)

    def press_approve(self) -> None:
        """Say yes to a request; look at a forced close; answer an urging; give an orphan to somebody."""
        found = self.chosen()
        if found is None:
            self.tell("waiting.none", "dim")
            return
        self._ask(VERBS[found.about.kind], found.about)

    def press_deny(self) -> None:
        """Say no to a request."""
        found = self.chosen()
        if found is None or found.about.kind != "request":
            self.tell("waiting.no_request", "dim")
            return
        self._ask("deny", found.about)

    def _ask(self, verb: str, of: Waiting) -> None:
        """The form of the act, unless the rules would refuse it whatever one filled in."""
        from console.steps import refusal

        error = refusal(self.chair.book, self.chair.now(), self.chair.who, verb, of.id)
        if error is not None:
            self.refuse(error)
            return
        self.go("form", verb=verb, ids=[of.id], given={"request": str(of.n)} if of.kind == "request" else {})
