"""A handover sheet as lines on a screen: the draft that is gone through, and the sheet as it was sealed."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from console.briefing import became_urgent, came_later
from console.numbers import number
from console.plain import line
from console.sheets import Carried, Item, ReadBack, Sheet, SheetState, Weight
from console.staff import name_of
from console.telling import figure, item_line, item_plan, title
from screens.listing import Entry, Listing
from screens.widgets.ink import Part
from themes import signs


class SheetLines(Listing):
    """Whatever shows a sheet."""

    sheet: Sheet | None = None
    """The sheet; none where there is none."""

    doubted: tuple[ReadBack, ...] = ()
    """Read-backs that say next to nothing."""

    def on_mount(self) -> None:
        """Begin on the first case, the figures above it."""
        super().on_mount()
        self.cursor = next((each.key for each in self.found if isinstance(each.about, Item)), self.cursor)

    def press_open(self) -> None:
        """Open the case of this line, or the cases behind the figures."""
        found = self.chosen()
        if self.sheet is not None and found is not None and found.key == "figures":
            behind = self.sheet.behind or {}
            groups = [(figure(name, n, self.say), behind.get(name, ())) for name, n in (self.sheet.figures or {}).items()]
            self.go("found", title=title(self.sheet, self.say, self.chair.here), groups=groups)
        else:
            super().press_open()

    def opens(self) -> str:
        """Whether the line under the cursor opens into something."""
        found = self.chosen()
        return "on" if found and (found.case or found.key == "figures") else "hidden"

    def told(self, sheet: Sheet) -> list[Entry]:
        """Situation, cases by weight, tasks, questions."""
        say = self.say
        figures = say("list.comma").join(figure(name, n, say) for name, n in (sheet.figures or {}).items())
        lines: list[Part] = [("text", f"  {figures}")]
        found = [Entry([("head", say("sheet.situation"))], "figures", more=(lines,))]
        for weight in Weight:
            items = [item for item in sheet.items if item.weight is weight]
            if items:
                found.append(Entry([("head", f"{say(f'weight.{weight}')} {len(items)}")]))
                found += [self.item(item) for item in items]
        if sheet.stable_more or sheet.more:
            found.append(Entry([("dim", say("sheet.more", n=sheet.stable_more + sheet.more))]))
        return [*found, *self._tasks(sheet), *self._questions(sheet)]

    def _told_at(self) -> datetime:
        """The moment of which the lines tell: of a sealed sheet that of its signature, whenever somebody reads it."""
        made = self.sheet.made_at if self.sheet and self.sheet.state is SheetState.SEALED else None
        return made or self.chair.now()

    def late(self, sheet: Sheet) -> list[Entry]:
        """What became urgent after the outgoing signature, and what else came in then: sealed, or as it is by now."""
        chair, waits = self.chair, sheet.state is SheetState.HANDED
        urgent = became_urgent(chair.book, sheet, chair.now()) if waits else sheet.became_urgent
        other = came_later(chair.book, sheet, chair.now()) if waits else sheet.came_later
        found = list[Entry]()
        for name, items in (("became_urgent", urgent), ("came_later", other)):
            if items:
                found.append(Entry([("head", f"{self.say(f'sheet.{name}')} {len(items)}")]))
                found += [dataclasses.replace(self.item(item), key=f"{name} {item.issue}") for item in items]
        return found

    def item(self, item: Item) -> Entry:
        """One case, what is to be done with it, and its read-backs."""
        chair, say = self.chair, self.say
        parts = [
            self.ink.sign(signs.WEIGHT[item.weight]),
            ("text", " "),
            *item_line(item, say, chair.now(), self._told_at()),
        ]
        more: list[list[Part]] = [[("text", "      "), *each] for each in item_plan(chair.book, item, say, chair.here)]
        if item.weight is Weight.STABLE:
            more = []
        for each in self.sheet.read_backs if self.sheet else ():
            if each.issue == item.issue:
                said = say("sheet.read_back", name=line(name_of(chair.book, each.by)), text=line(each.text))
                more.append([("text", "      "), ("soon" if each in self.doubted else "good", said)])
        return Entry(parts, item.issue, item.issue, tuple(more), item)

    def _tasks(self, sheet: Sheet) -> list[Entry]:
        """What is pinned, standing orders, calls that are owed."""
        say = self.say
        found = [self._note(note) for note in sheet.log if note.pinned and not note.struck]
        found += [
            Entry([("text", "  " + say("sheet.order", n=each.n, text=line(each.text), by=self.who(each.by)))])
            for each in sheet.orders
        ]
        if sheet.owed:
            found.append(
                Entry([("soon", "  " + say("sheet.owed", numbers=say("list.comma").join(map(number, sheet.owed))))])
            )
        return [Entry([("head", say("sheet.tasks"))]), *found] if found else []

    def _note(self, note: Carried) -> Entry:
        """A note that is carried on."""
        kind = self.say(f"notekind.{note.about}") if note.about else ""
        sign = self.ink.sign(signs.NOTE["pinned"])
        return Entry([("text", "  "), sign, ("text", f" {kind}: {line(note.text)}"), ("dim", f"  {self.who(note.by)}")])

    def _questions(self, sheet: Sheet) -> list[Entry]:
        """What was asked back, and what was answered."""
        say, found = self.say, list[Entry]()
        for each in sheet.questions:
            about = f"{number(each.issue)} " if each.issue else ""
            answer: Part = ("good", line(each.answer)) if each.answer else ("soon", say("sheet.no_answer"))
            parts: list[Part] = [("text", f"{about}{self.who(each.by)}: {line(each.text)} → "), answer]
            found.append(Entry(parts, f"question {each.n}", each.issue, about=each))
        return [Entry([("head", say("sheet.questions"))]), *found] if found else []

    def who(self, login: str) -> str:
        """How people say somebody's name."""
        return line(name_of(self.chair.book, login))
