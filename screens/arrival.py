"""Arrival: what changed since one was here, and the sheet that waits, read back line by line and signed."""

from __future__ import annotations

from typing import Any

from textual.strip import Strip

from console.briefing import became_urgent, came_later, lacking, waiting
from console.handover import TakeOver, Tick
from console.numbers import number
from console.plain import line
from console.record import replace
from console.sheets import Item, Sheet, SheetState, Weight
from console.shifts import ReadOrder, Shift, ShiftState, SignOn, aboard, chain
from console.takeback import TakeBack
from console.telling import greeting, item_line, item_plan, title
from console.tidy import plan
from screens.keys import Key
from screens.listing import Entry
from screens.newslines import NewsLines
from screens.widgets.ink import Part
from themes import signs


class ArrivalScreen(NewsLines):
    """Coming on duty."""

    place = "arrival"

    sheet: Sheet | None = None
    """The sheet that waits for this person; none where none does."""

    unsigned = False
    """Whether the outgoing officer has not signed it."""

    own = False
    """Whether it is one's own sheet that waits for somebody else."""

    asking = False
    """Whether it was asked whether to sign although a question is open."""

    # -- what there is

    def entries(self) -> list[Entry]:
        """The sheet that waits, what changed, standing orders."""
        self._wait()
        found = list[Entry]()
        if self.sheet is not None:
            found += self._sheet(self.sheet)
        return [*found, *self._news(), *self._orders(), *self._words()]

    def _wait(self) -> None:
        """Which sheet waits for this person."""
        chair = self.chair
        at = chain(chair.book).shift
        shift = chair.book.get(Shift, at) if at else None
        self.sheet, self.unsigned, self.on_duty, self.own = None, False, False, False
        if shift is None or not chair.who.may("sign"):
            return
        mine = any(each.login == chair.who.id for each in shift.crew)
        self.on_duty = aboard(shift, chair.who.id) and shift.state is ShiftState.OPEN
        over = shift.state is ShiftState.OPEN and chair.now() >= shift.end
        if shift.state is ShiftState.HANDING or (over and not mine):
            _, _, sheet = waiting(chair.book, chair.now())
            self.own = bool(sheet.outgoing and sheet.outgoing.login == chair.who.id)
            if not self.own:
                self.sheet, self.unsigned = sheet, sheet.state is SheetState.DRAFT

    def _sheet(self, sheet: Sheet) -> list[Entry]:
        """The cases of the sheet, urgent ones first, and what became urgent after it was signed."""
        chair, say = self.chair, self.say
        known = {item.issue: item for item in sheet.items}
        late = [
            replace(known[item.issue], weight=Weight.URGENT) if item.issue in known else item
            for item in became_urgent(chair.book, sheet, chair.now())
        ]
        again = {item.issue for item in late}
        found = list[Entry]()
        for weight in Weight:
            items = [item for item in sheet.items if item.weight is weight and item.issue not in again]
            if items:
                hint = say("arrival.read_back") if weight is Weight.URGENT else say("arrival.tick")
                found.append(Entry([("head", f"{say(f'weight.{weight}')} {len(items)}"), ("dim", f"   {hint}")]))
                found += [self._item(item, sheet) for item in items]
        if late:
            found.append(Entry([("late", say("arrival.urgent_now"))]))
            found += [self._item(item, sheet) for item in late]
        found += self._later(sheet)
        notes = [note for note in sheet.log if note.pinned and not note.struck]
        for note in notes:
            found.append(Entry([("text", "  "), self.ink.sign(signs.NOTE["pinned"]), ("text", f" {line(note.text)}")]))
        for each in sheet.questions:
            answer: Part = ("good", line(each.answer)) if each.answer else ("soon", say("sheet.no_answer"))
            asked = f"  {say('arrival.asked')} {line(each.text)} → "
            found.append(Entry([("text", asked), answer]))
        return found

    def _later(self, sheet: Sheet) -> list[Entry]:
        """What was taken in after the signature and is not urgent: nobody ticks it, it is of one's own shift."""
        chair, say = self.chair, self.say
        items = came_later(chair.book, sheet, chair.now())
        if not items:
            return []
        made = [[("text", "  "), *item_line(item, say, chair.now())] for item in items]
        rows = [
            Entry(parts, f"later {item.issue}", item.issue, about=("look", None, True))
            for parts, item in zip(made, items, strict=True)
        ]
        return [
            Entry([("head", f"{say('sheet.came_later')} {len(items)}"), ("dim", f"   {say('arrival.came_later')}")]),
            *rows,
        ]

    def _item(self, item: Item, sheet: Sheet) -> Entry:
        """One case: what must be said back, or ticked."""
        chair, say = self.chair, self.say
        urgent = item.weight is Weight.URGENT
        said = next((r.text for r in sheet.read_backs if (r.issue, r.by) == (item.issue, chair.who.id)), "")
        ticked = f"{chair.who.id}:{item.issue}" in sheet.ticks
        done = self.ink.sign(signs.MARK) if said or ticked else self.ink.sign(signs.WEIGHT[item.weight])
        parts = [done, ("text", " "), *item_line(item, say, chair.now())]
        plans = [*item_plan(chair.book, item, say, chair.here)] if item.weight is not Weight.STABLE else []
        more: list[list[Part]] = [[("text", "      "), *each] for each in plans]
        if urgent:
            half = self.half.get(item.issue, "")
            told: Part = ("good", line(said)) if said else ("soon", half or say("arrival.not_yet"))
            more.append([("text", "      "), ("dim", say("arrival.said") + " "), told])
        return Entry(
            parts, item.issue, item.issue, tuple(more), ("urgent" if urgent else "tick", item, bool(said or ticked))
        )

    # -- what is shown

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Greeting, what waits, keys."""
        chair, say = self.chair, self.say
        hello = say(greeting(chair.local()), name=line(chair.who.name))
        body = [self.header([("title", hello)], cells), self._waits(cells)]
        listed = self.body(cells, rows - 4)
        self.lay(cells, rows - 4, 2)
        return [*body, *listed, *self.foot(cells, self._lacks())]

    def _waits(self, cells: int) -> Strip:
        """Which sheet waits, and who signed it."""
        say, sheet = self.say, self.sheet
        if sheet is None:
            word = "arrival.on_duty" if self.on_duty else "arrival.own_waits" if self.own else "arrival.none_waits"
            return self.ink.strip([("dim", f" {say(word)}")], cells)
        parts: list[Part] = [("strong", f" {say('arrival.sheet')} {title(sheet, say, self.chair.here)}  ")]
        if sheet.outgoing:
            at = f"{self.chair.local(sheet.outgoing.at):%H:%M}"
            parts.append(("text", say("sheet.outgoing", name=line(sheet.outgoing.name), at=at)))
        else:
            parts.append(("late", say("arrival.unsigned")))
        return self.ink.strip(parts, cells)

    def _lacks(self) -> list[Part]:
        """What is lacking before one may sign."""
        if self.sheet is None:
            return []
        unread, unticked = lacking(self.chair.book, self.sheet, self.chair.who, self.chair.now())
        if not unread and not unticked:
            return [("good", self.say("arrival.may_sign"))]
        return [("soon", self.say("arrival.lacks", read=len(unread), tick=len(unticked)))]

    def state(self, key: Key) -> str:
        """What works on this line."""
        found = self.chosen()
        kind = found.about[0] if found and found.about else ""
        if key.id == "tick":
            return "on" if kind in ("tick", "order") else "hidden"
        if key.id == "sign":
            return "on" if self.sheet is not None or not self.on_duty else "hidden"
        if key.id == "again_said":
            return "on" if kind == "urgent" and found and found.about[2] else "hidden"
        if key.id == "ask_back":
            return "on" if self.sheet is not None and not self.unsigned else "hidden"
        if key.id == "look":
            return "on" if found and (found.case or kind == "news") else "hidden"
        return super().state(key)

    def word(self, key: Key) -> str:
        """What the keys do on this line."""
        found = self.chosen()
        if key.id == "next_item" and found and found.about and found.about[0] == "urgent" and not found.about[2]:
            return self.say("arrival.type")
        if key.id == "sign":
            return self.say(
                "arrival.take_over" if self.sheet is not None else "act.take_back" if self.own else "act.sign_on"
            )
        return super().word(key)

    # -- keys

    def press_tick(self) -> None:
        """Seen; one at a time."""
        found = self.chosen()
        kind = found.about[0] if found and found.about else ""
        if found is None or kind not in ("tick", "order"):
            self.tell("arrival.type_it" if kind == "urgent" else "arrival.no_tick", "warn")
            return
        act = Tick(issue=number(found.case)) if kind == "tick" else ReadOrder(order=str(found.about[1]))
        at = self.index()
        if self.do(act):
            self.refreshed()
            self.move(at + 1 if kind == "tick" else at)

    def press_again_said(self) -> None:
        """Say it otherwise: what was written is there to be mended."""
        found = self.chosen()
        if found is None or not found.about or found.about[0] != "urgent" or self.sheet is None:
            self.tell("arrival.no_tick", "dim")
            return
        said = [r.text for r in self.sheet.read_backs if (r.issue, r.by) == (found.case, self.chair.who.id)]
        self.write(self.half.get(found.case) or (said[-1] if said else ""))

    def press_ask_back(self) -> None:
        """Ask the outgoing officer."""
        if self.sheet is None:
            self.tell("arrival.none_waits", "dim")
            return
        found = self.chosen()
        given = {"issue": number(found.case)} if found and found.case and found.about[0] != "look" else {"issue": ""}
        self.go("form", verb="ask_back", given=given)

    def press_sign(self) -> None:
        """Sign: the sheet is sealed, and one's own shift begins. Without a sheet that waits, join who is on duty."""
        if self.sheet is None:
            if self.on_duty:
                self.tell("arrival.on_duty", "dim")
            elif self.own:
                if self.do(TakeBack()):
                    self.refreshed()
                    self.tell("arrival.taken_back", "good")
            elif self.do(SignOn()):
                self.refreshed()
                self.tell("arrival.signed_on", "good")
            return
        if self.unsigned:
            self.go("form", verb="take_over", given={})
            return
        open_ones = any(not each.answer for each in self.sheet.questions)
        unread, unticked = lacking(self.chair.book, self.sheet, self.chair.who, self.chair.now())
        if open_ones and not unread and not unticked and not self.asking:
            first = next(each for each in self.sheet.questions if not each.answer)
            self.tell("arrival.open_question", "warn", text=line(first.text))
            self.asking = True
            return
        if self.do(TakeOver(open_questions=self.asking)):
            self.taken_over()
        elif unread or unticked:
            self.cursor = next((key for key in self.keys() if key in (*unread, *unticked)), self.cursor)
            self.draw()

    def taken_over(self) -> None:
        """One's own shift has begun: what is long over goes to the archive."""
        chair = self.chair
        chair.put_aside("arrival", None)
        self.half = {}
        chair.desk.put_away(plan(chair.book, chair.now()), "keep_days")
        self.app.follow()  # type: ignore[attr-defined]
        self.refreshed()
        self.tell("arrival.taken_over", "good")

    def acted(self, verb: str, id: str, done: Any) -> None:
        """A form has signed."""
        if verb == "take_over":
            self.taken_over()
        else:
            super().acted(verb, id, done)

    def press_to_queue(self) -> None:
        """To the queue first; what waits goes on waiting."""
        self.dismiss(None)
