"""A question at the foot of the screen before: undo, leave, or which act of an agency is recorded. Esc is always no."""

from __future__ import annotations

from typing import Any

from textual.strip import Strip

from console.book import Refused
from console.issues import Issue
from console.numbers import number
from console.plain import line
from console.saying import story_line
from console.shifts import Shift, ShiftState, aboard, chain
from console.steps import refusal
from console.undo import SIGNED, Undo, last_act, told_group
from console.words import Word
from screens.base import Base
from screens.keys import Key
from screens.widgets.ink import Part, wrapped

AGENCY_ACTS = ("accept", "report", "refuse", "return", "extend", "appeal", "inquire", "suspend")
"""What an agency may say."""


class ConfirmScreen(Base):
    """One question. Enter does what is safe where something would be lost, and what was meant everywhere else."""

    place = "confirm"

    def __init__(self, **about: Any) -> None:
        """``what``: undo, quit or agency; ``ids`` of the cases it is about."""
        super().__init__(**about)
        self.what: str = about["what"]
        self.ids: list[str] = list(about.get("ids") or ())
        self.choices: list[tuple[str, str]] = []
        if self.what == "agency":
            chair = self.chair
            who, now = chair.who, chair.now()
            self.choices = [
                (str(n), verb)
                for n, verb in enumerate(AGENCY_ACTS, 1)
                if refusal(chair.book, now, who, verb, self.ids[0]) is None
            ]
        self.entry = last_act(self.chair.book, self.chair.who.id) if self.what == "undo" else None

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """The screen before, and the question over its last lines."""
        question = [self.ink.strip(parts, cells) for parts in self._question()]
        under = self.under()
        before = under.lines(cells, rows) if under is not None else []
        room = max(rows - len(question) - 2, 0)
        return [*before[:room], self.divider(cells), *question, self.footer(cells)][-rows:]

    def _question(self) -> list[list[Part]]:
        """What is asked."""
        say = self.say
        if self.what == "quit":
            left = len(self.chair.aside())
            shift = self.chair.book.get(Shift, chain(self.chair.book).shift)
            on_duty = shift is not None and shift.state is ShiftState.OPEN and aboard(shift, self.chair.who.id)
            found: list[list[Part]] = [[("strong", f" {say('confirm.quit' if on_duty else 'confirm.quit_off')}")]]
            return [*found, [("dim", f" {say.plural('confirm.drafts', left)}")]] if left else found
        if self.what == "agency" and not self.choices:
            return [[("warn", f" {say('confirm.agency_none')}")]]
        if self.what == "agency":
            return [[("key", f" {n} "), ("text", f" {say(f'act.{verb}')}  "), ("dim", say(f"confirm.{verb}"))]
                    for n, verb in self.choices]  # fmt: skip
        if self.entry is None:
            return [[("text", f" {say('refused.nothing_to_undo')}")]]
        if self.entry.what in SIGNED:
            said = say("refused.undo_first", what=Word(f"act.{self.entry.what}"))
            return [[("warn", f" {part}")] for part in wrapped(said, 76)]
        case = next((id for kind, id, _ in self.entry.ops if kind == Issue.kind), "")
        told = self.entry.why
        if case:
            _, _, told = story_line(self.chair.book, self.entry, case, say, self.chair.here)
        facts = {"act": Word(f"act.{self.entry.what}"), "number": number(case) if case else "", "text": line(told)}
        gone = told_group(self.chair.book, self.entry)
        warned: list[list[Part]] = [
            [("warn", f" {part}")] for part in wrapped(say("warning.said_already", text=line(gone)), 76)
        ]
        asks: list[list[Part]] = [
            [("strong", f" {say('confirm.undo')}")],
            [("text", f" {say('confirm.undo_what', **facts)}")],
        ]
        return [*asks, *(warned if gone else ())]

    def state(self, key: Key) -> str:
        """Only what answers this question."""
        if key.id == "submit":
            none = self.entry is None or self.entry.what in SIGNED
            return "hidden" if self.what == "agency" or (self.what == "undo" and none) else "on"
        return super().state(key)

    def word(self, key: Key) -> str:
        """What Enter does here."""
        return self.say(f"confirm.{self.what}_yes") if key.id == "submit" else super().word(key)

    def on_key(self, event: Any) -> None:
        """A digit chooses."""
        verb = dict(self.choices).get(event.key)
        if verb:
            event.stop()
            self.dismiss(None)
            self.go("form", verb=verb, ids=self.ids)

    def press_yes(self) -> None:
        """Yes."""
        self.press_submit()

    def press_no(self) -> None:
        """No."""
        self.dismiss(None)

    def press_cancel(self) -> None:
        """No."""
        self.dismiss(None)

    def press_submit(self) -> None:
        """Yes."""
        if self.what == "quit":
            self.app.exit(0)
        elif self.what == "undo" and self.entry is not None and self.entry.what not in SIGNED:
            self._undo(self.entry.number)

    def _undo(self, entry: int) -> None:
        """Undo it; a refusal stays to be read."""
        try:
            done = self.chair.do(Undo(entry=entry))
        except Refused as error:
            self.refuse(error)
            return
        case = next((id for kind, id in done.touched if kind == Issue.kind), "")
        self.app.follow()  # type: ignore[attr-defined]
        self.dismiss(("undo", case, done))
