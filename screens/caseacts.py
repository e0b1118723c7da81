"""Keys that act on the case under the cursor, or on the marked ones: each begins one act of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.numbers import CASES
from console.record import Doc
from screens.base import Base
from screens.keys import KEYS, Key

if TYPE_CHECKING:  # the rules of the acts are loaded once the first screen is painted
    from console.book import Refused
    from console.card import Card

CASE_KEYS = {key.id: key.verb for key in KEYS if key.verb and "case" in key.on}
"""Id of a key → the act whose form it opens."""

AGAIN = {
    "closed": "reopen", "resolved": "rework", "rejected": "restore", "suspended": "resume", "merged": "unmerge",
}  # fmt: skip
"""Status → the act that takes a case up again."""


class CaseActs(Base):
    """A screen with a case under the cursor."""

    def current(self) -> str:
        """Id of the case under the cursor; empty where there is none."""
        raise NotImplementedError

    def targets(self) -> list[str]:
        """The cases that an act is done on: the marked ones, else the one under the cursor."""
        return [self.current()] if self.current() else []

    def doc(self) -> Doc:
        """The document of the case under the cursor; empty where there is none."""
        return self.chair.doc(self.current())

    def begin(self, verb: str) -> None:
        """Open the form of an act, unless the rules would refuse it whatever one filled in."""
        ids = self.targets()
        if not ids or not verb:
            self.tell("form.no_case", "warn")
            return
        if len(ids) == 1:
            error = self.why_not(verb, ids[0])
            if error is not None:
                self.refuse(error)
                return
        self.go("form", verb=verb, ids=ids)

    def why_not(self, verb: str, id: str) -> Refused | None:
        """Why the rules refuse an act on a case now; None where they do not."""
        from console.steps import refusal

        chair = self.chair
        return refusal(chair.book, chair.now(), chair.who, verb, id)

    def step(self) -> str:
        """The likely next act on the case under the cursor; on marked ones, where it is the same for all."""
        from console.steps import next_step

        ids = self.targets()
        steps = {next_step(self.chair.doc(id), self.chair.who) for id in ids}
        return steps.pop() if len(steps) == 1 else ""

    def again(self) -> str:
        """The act that takes the case under the cursor up again; empty where none does."""
        return AGAIN.get(self.doc().get("status", "new"), "")

    def checking(self) -> str:
        """Asking for an on-site check, or reporting the one that is out."""
        return "checked" if any(not each.get("done_at") for each in self.doc().get("checks", ())) else "check"

    def urging(self) -> str:
        """Urging a case, or answering where one is urged oneself."""
        return "urge" if self.chair.who.may("urge") else "answer_urge"

    def footed(self) -> object:
        """The footer changes with the case, with what is marked, and with the minute: windows and limits end."""
        book, ids = self.chair.book, self.targets()
        return tuple(ids[:50]), len(ids), tuple(book.version(CASES, id) for id in ids[:50]), self.app.minute  # type: ignore[attr-defined]

    def state(self, key: Key) -> str:
        """Whether a key works on the case under the cursor."""
        if key.id in CASE_KEYS or key.id in ("step", "again", "check", "agency", "why"):
            if not self.current():
                return "hidden"
            found = {"step": self.step, "again": self.again, "check": self.checking, "urge": self.urging}.get(key.id)
            verb = key.verb if found is None else found()
            if key.id == "agency":
                return "hidden" if self.why_not("report", self.current()) else "on"
            if key.id == "why":
                return "on"
            if not verb:
                return "hidden"
            error = self.why_not(verb, self.current())
            return "on" if error is None else "hidden" if error.word == "refused.no_right" else "off"
        return super().state(key)

    def word(self, key: Key) -> str:
        """The word of a key; of the next step, what it is."""
        if key.id == "step" and self.step():
            return self.say("key.step_is", act=self.say(f"step.{self.step()}"))
        if key.id == "again" and self.again():
            return self.say(f"act.{self.again()}")
        if key.id == "urge" and self.urging() != "urge":
            return self.say("act.answer_urge")
        return super().word(key)

    def card(self, id: str) -> Card | None:
        """A case in full; None where there is none."""
        from console.card import Card

        try:
            return Card(self.chair.book, id, self.say, self.chair.now(), self.chair.who)
        except KeyError:
            return None

    def press_step(self) -> None:
        """The likely next step."""
        step = self.step()
        if step or not self.targets():
            self.begin(step)
        else:
            self.tell("step.none" if len(self.targets()) == 1 else "step.differs", "warn")

    def press_again(self) -> None:
        """Take up again what was closed, resolved, rejected, suspended or merged."""
        verb = self.again()
        if verb:
            self.begin(verb)
        else:
            self.tell("again.none", "warn")

    def press_check(self) -> None:
        """An on-site check: ask for one, or report it."""
        self.begin(self.checking())

    def press_urge(self) -> None:
        """Urge a case, or answer an urging."""
        self.begin(self.urging())

    def press_strike(self) -> None:
        """Strike a note of its story out."""
        notes = [entry for entry in self.chair.book.story(CASES, self.current()) if entry.what == "note"]
        if notes:
            self.begin("strike")
        else:
            self.tell("strike.none", "dim")

    def press_agency(self) -> None:
        """What an agency said, recorded on its behalf: which act is asked first."""
        if self.current():
            self.go("confirm", what="agency", ids=self.targets())


def _press(verb: str):  # type: ignore[no-untyped-def]
    """The method of a key that opens one form."""

    def press(self: CaseActs) -> None:
        self.begin(verb)

    return press


for _id, _verb in CASE_KEYS.items():
    if not hasattr(CaseActs, f"press_{_id}"):
        setattr(CaseActs, f"press_{_id}", _press(_verb))
