"""The handover as the outgoing officer goes through it: edit, weigh, sign; afterwards answer what is asked back."""

from __future__ import annotations

from textual.strip import Strip

from console.book import Refused
from console.briefing import draft
from console.handover import EditItem, HandOver
from console.numbers import number
from console.plain import line
from console.sheets import Carried, Item, Sheet, SheetState, Weight
from console.staff import name_of
from console.telling import item_line, item_plan, title
from screens.keys import Key
from screens.listing import Entry, Listing
from screens.widgets.ink import Part
from themes import signs

ORDER = list(Weight)
"""From the heaviest on."""


class HandoverScreen(Listing):
    """The draft of the shift on duty, or the sheet that waits for whoever comes."""

    place = "handover"

    sheet: Sheet | None = None
    """The sheet; none where no shift is on duty."""

    def entries(self) -> list[Entry]:
        """Situation, cases by weight, tasks, questions."""
        chair, say = self.chair, self.say
        self.signing = False
        try:
            _, self.sheet = draft(chair.book, chair.now())
        except Refused as error:
            self.sheet = None
            self.notice = ("warn", f" {say(error.word, **error.facts)}")
            return []
        sheet = self.sheet
        figures = [say("sheet.figure", name=say(f"figure.{name}"), n=n) for name, n in (sheet.figures or {}).items()]
        found = [Entry([("head", say("sheet.situation"))], more=([("text", "  " + "  ".join(figures))],))]
        for weight in ORDER:
            items = [item for item in sheet.items if item.weight is weight]
            if items:
                found.append(Entry([("head", f"{say(f'weight.{weight}')} {len(items)}")]))
                found += [self._item(item) for item in items]
        if sheet.stable_more or sheet.more:
            found.append(Entry([("dim", say("sheet.more", n=sheet.stable_more + sheet.more))]))
        return [*found, *self._tasks(sheet), *self._questions(sheet)]

    def _item(self, item: Item) -> Entry:
        """One case, what is to be done with it, and its read-backs."""
        chair, say = self.chair, self.say
        parts = [self.ink.sign(signs.WEIGHT[item.weight]), ("text", " "), *item_line(item, say, chair.now())]
        more: list[list[Part]] = [[("text", "      "), *each] for each in item_plan(chair.book, item, say, chair.here)]
        if item.weight is Weight.STABLE:
            more = []
        for each in self.sheet.read_backs if self.sheet else ():
            if each.issue == item.issue:
                said = say("sheet.read_back", name=line(name_of(chair.book, each.by)), text=line(each.text))
                more.append([("text", "      "), ("good", said)])
        return Entry(parts, item.issue, item.issue, tuple(more), item)

    def _tasks(self, sheet: Sheet) -> list[Entry]:
        """What is pinned, standing orders, calls that are owed."""
        say = self.say
        found = [self._note(note) for note in sheet.log if note.pinned and not note.struck]
        found += [
            Entry([("text", "  " + say("sheet.order", n=each.n, text=line(each.text), by=self._who(each.by)))])
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
        return Entry([("text", "  "), sign, ("text", f" {kind}: {line(note.text)}"), ("dim", f"  {self._who(note.by)}")])

    def _questions(self, sheet: Sheet) -> list[Entry]:
        """What was asked back, and what was answered."""
        say, found = self.say, list[Entry]()
        for each in sheet.questions:
            about = f"{number(each.issue)} " if each.issue else ""
            answer: Part = ("good", line(each.answer)) if each.answer else ("soon", say("sheet.no_answer"))
            parts: list[Part] = [("text", f"{about}{self._who(each.by)}: {line(each.text)} → "), answer]
            found.append(Entry(parts, f"question {each.n}", each.issue, about=each))
        return [Entry([("head", say("sheet.questions"))]), *found] if found else []

    def _who(self, login: str) -> str:
        """How people say somebody's name."""
        return line(name_of(self.chair.book, login))

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, the sheet, where it stands, keys."""
        say, sheet = self.say, self.sheet
        name = title(sheet, say, self.chair.here) if sheet else ""
        head = self.header([("title", f"{say('key.handover')}  {name}")], cells)
        where: list[Part] = []
        if sheet is not None:
            at = f"{self.chair.local(sheet.made_at):%H:%M}" if sheet.made_at else ""
            where = [("dim", say(f"sheet.{sheet.state}", at=at))]
            if sheet.outgoing:
                told = say(
                    "sheet.outgoing", name=line(sheet.outgoing.name), at=f"{self.chair.local(sheet.outgoing.at):%H:%M}"
                )
                where = [("good", told), ("dim", "  " + say("handover.waits"))]
        if self.signing:
            where = [("strong", say("handover.sign_ask", n=len(sheet.items) if sheet else 0))]
        return [head, *self.body(cells, rows - 3), *self.foot(cells, where)]

    def state(self, key: Key) -> str:
        """What works on this line and on this sheet."""
        drafted = self.sheet is not None and self.sheet.state is SheetState.DRAFT
        found = self.chosen()
        if key.id in ("item", "weigh"):
            return "on" if drafted and found and isinstance(found.about, Item) else "hidden"
        if key.id == "sign":
            return "on" if drafted else "hidden"
        if key.id == "reply":
            return "on" if found and found.key.startswith("question") and not found.about.answer else "hidden"
        if key.id == "open":
            return "on" if found and found.case else "hidden"
        return super().state(key)

    def word(self, key: Key) -> str:
        """Signing is asked for once more."""
        return self.say("handover.sign_yes") if key.id == "sign" and self.signing else super().word(key)

    def action_press(self, id: str, key: str) -> None:
        """Any other key takes the question back; Escape does nothing else."""
        if id != "sign" and self.signing:
            self.signing = False
            if id == "back":
                self.draw()
                return
        super().action_press(id, key)

    signing = False
    """Whether it was asked whether to sign."""

    # -- keys

    def press_item(self) -> None:
        """Edit the line."""
        found = self.chosen()
        if found is None or not isinstance(found.about, Item):
            self.tell("handover.no_item", "dim")
            return
        item = found.about
        values = {"title": item.title, "if_then": item.if_then, "ring": item.ring}
        values |= {} if item.next.startswith("next.") else {"next": item.next, "who": item.who}
        self.go("form", verb="edit_item", ids=[found.case], values={name: said for name, said in values.items() if said})

    def press_weigh(self) -> None:
        """The next weight."""
        found = self.chosen()
        if found is None or not isinstance(found.about, Item):
            self.tell("handover.no_item", "dim")
            return
        weight = ORDER[(ORDER.index(found.about.weight) + 1) % len(ORDER)]
        if self.do(EditItem(issue=number(found.case), weight=weight)):
            self.tell("handover.weighed", "good", weight=self.say(f"weight.{weight}"))

    def press_sign(self) -> None:
        """Sign, once that was asked: from then on the content is fixed."""
        if self.sheet is None or self.sheet.state is not SheetState.DRAFT:
            self.tell("refused.handed", "warn")
            return
        if not self.signing:
            self.signing = True
            self.draw()
            return
        self.signing = False
        if self.do(HandOver()):
            self.refreshed()
            self.tell("handover.signed", "good")

    def press_reply(self) -> None:
        """Answer what was asked back."""
        found = self.chosen()
        if found is None or not found.key.startswith("question"):
            self.tell("handover.no_question", "dim")
            return
        self.go("form", verb="answer_back", given={"question": str(found.about.n)})

    def press_print(self) -> None:
        """Save it as one page."""
        from console.paper import saved

        try:
            path = saved(self.chair)
        except Refused as error:
            self.refuse(error)
            return
        self.tell("handover.printed", "good", path=path)
