"""The handover as the outgoing officer goes through it: edit, weigh, sign; afterwards answer what is asked back."""

from __future__ import annotations

from textual.strip import Strip

from console.book import Refused
from console.briefing import draft
from console.handover import EditItem, HandOver
from console.numbers import number
from console.plain import line
from console.sheets import Item, SheetState, Weight
from console.telling import title
from screens.keys import Key
from screens.listing import Entry
from screens.sheetlines import SheetLines
from screens.widgets.ink import Part

ORDER = list(Weight)
"""From the heaviest on."""


class HandoverScreen(SheetLines):
    """The draft of the shift on duty, or the sheet that waits for whoever comes."""

    place = "handover"

    def entries(self) -> list[Entry]:
        """The draft, or what waits."""
        chair, say = self.chair, self.say
        self.signing = False
        try:
            _, self.sheet = draft(chair.book, chair.now())
        except Refused as error:
            self.sheet = None
            self.notice = ("warn", f" {say(error.word, **error.facts)}")
            return []
        return [*self.told(self.sheet), *self.late(self.sheet)]

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
            return self.opens()
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
        if self.sheet is None or self.sheet.state is not SheetState.DRAFT:
            self.tell("refused.handed", "warn")
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
        if self.sheet is None or self.sheet.state is not SheetState.DRAFT:
            self.tell("refused.handed", "warn")
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
