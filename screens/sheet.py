"""A sheet as it was sealed: who signed, whether a byte has changed since, what stands on it, what was added later."""

from __future__ import annotations

from textual.strip import Strip

from console.book import Refused
from console.briefing import draft
from console.config import settings
from console.marks import missed, thin
from console.numbers import number
from console.plain import line
from console.seals import faults
from console.sheets import Addition, Sheet, SheetState, Signature, sheet_of
from console.telling import title
from screens.keys import Key
from screens.listing import Entry
from screens.sheetlines import SheetLines
from screens.widgets.ink import Part
from themes import signs


class SheetScreen(SheetLines):
    """One sheet of the past, or the shift on duty as it stands."""

    place = "sheet"

    def __init__(self, **about: object) -> None:
        """``id`` of the shift."""
        super().__init__(**about)
        self.shift = str(about["id"])

    shift: str
    """Id of the shift."""

    def entries(self) -> list[Entry]:
        """Signatures and seal, what was added later, then the sheet itself."""
        chair = self.chair
        sheet = sheet_of(chair.book, self.shift)
        if sheet is None or sheet.state is SheetState.DRAFT:
            try:
                now_on, sheet = draft(chair.book, chair.now())
            except Refused:
                now_on, sheet = "", None
            sheet = sheet if now_on == self.shift else None
        self.sheet = sheet
        if sheet is None:
            return []
        self.doubted = thin(sheet, settings(chair.book).handover)
        return [*self._signed(sheet), *self._added(sheet), *self.told(sheet), *self.late(sheet), *self._log(sheet)]

    def _signed(self, sheet: Sheet) -> list[Entry]:
        """Who handed over and who took over, and what a supervisor should look at."""
        say = self.say
        outgoing: list[Part] = [("late", say("sheet.unsigned", why=line(sheet.unsigned_why)))]
        if sheet.outgoing:
            outgoing = [("text", self._signature("sheet.outgoing", sheet.outgoing))]
        parts: list[list[Part]] = [outgoing] if sheet.outgoing or sheet.unsigned_why else []
        if sheet.incoming:
            parts.append([("text", self._signature("sheet.incoming", sheet.incoming))])
        parts.append(self._seal(sheet))
        if sheet.marks:
            told = say("list.comma").join(say(f"mark.{name}") for name in sheet.marks)
            parts.append([("soon", f"{say('sheet.marks')} {told}")])
        unread = missed(sheet)
        if unread:
            parts.append([("late", say("sheet.missed", numbers=say("list.comma").join(map(number, unread))))])
        return [Entry([("text", " "), *each]) for each in parts]

    def _signature(self, word: str, signed: Signature) -> str:
        """Who, when, from where."""
        at = f"{self.chair.local(signed.at):%m-%d %H:%M}"
        return self.say(word, name=line(signed.name), at=at) + (f"  ({line(signed.source)})" if signed.source else "")

    def _seal(self, sheet: Sheet) -> list[Part]:
        """Whether it is byte for byte what was sealed."""
        say = self.say
        if sheet.state is not SheetState.SEALED:
            at = f"{self.chair.local(sheet.made_at):%H:%M}" if sheet.made_at else ""
            return [("dim", say(f"sheet.{sheet.state}", at=at))]
        doc = self.chair.book.anywhere_doc(Sheet.kind, self.shift) or {}
        wrong = faults(self.shift, doc)
        if wrong:
            return [("alarm", say(word, id=self.shift)) for word in wrong]
        chain = say("sheet.chain", n=sheet.number, hash=sheet.hash[:12], before=sheet.before_hash[:12] or "–")
        return [("good", say("sheet.whole")), ("dim", f"  {chain}")]

    def _added(self, sheet: Sheet) -> list[Entry]:
        """Remarks that were added after it was sealed: no part of what was signed."""
        return [self._addition(n, each) for n, each in enumerate(sheet.additions, 1)]

    def _addition(self, n: int, each: Addition) -> Entry:
        """One remark, marked as later."""
        at = f"{self.chair.local(each.at):%m-%d %H:%M}"
        said = self.say("sheet.added", at=at, who=self.who(each.by))
        return Entry([("text", " "), self.ink.sign(signs.NOTE["note"]), ("soon", f" {said} "), ("text", line(each.text))],
                     f"added {n}")  # fmt: skip

    def _log(self, sheet: Sheet) -> list[Entry]:
        """What officers wrote, with what was struck out."""
        notes = [each for each in sheet.log if not each.pinned or each.struck]
        if not notes:
            return []
        found = [Entry([("head", self.say("log.head"))])]
        for each in notes:
            kind = self.say(f"notekind.{each.about}") if each.about else ""
            said: list[Part] = [("dim", f"  {self.chair.local(each.at):%H:%M} {self.who(each.by)} {kind}: "),
                                ("struck" if each.struck else "text", line(each.text))]  # fmt: skip
            why = self.say("log.struck", why=line(each.struck)) if each.struck else ""
            found.append(Entry([*said, ("dim", f"  {why}" if why else "")], f"note {each.n}"))
        return found

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, the sheet, keys."""
        name = title(self.sheet, self.say, self.chair.here) if self.sheet else self.shift
        head = self.header([("title", f"{self.say('place.sheet')}  {name}")], cells)
        if self.sheet is None:
            gone = self.ink.strip([("warn", f" {self.say('refused.no_sheet', shift=self.shift)}")], cells)
            return [head, gone, *[self.ink.strip([], cells)] * (rows - 4), *self.foot(cells)]
        crew = self.say("list.comma").join(self.who(each) for each in self.sheet.crew)
        where: list[Part] = [("dim", f"{self.say('log.crew')} {crew}")] if crew else []
        return [head, *self.body(cells, rows - 3), *self.foot(cells, where)]

    def state(self, key: Key) -> str:
        """What works on this line and on this sheet."""
        if key.id == "open":
            return self.opens()
        if key.id == "annotate" and (self.sheet is None or self.sheet.state is not SheetState.SEALED):
            return "hidden"
        return super().state(key)

    def press_annotate(self) -> None:
        """Add a remark; the sheet stays as it was sealed."""
        if self.sheet is None or self.sheet.state is not SheetState.SEALED:
            self.tell("sheet.not_sealed", "warn")
            return
        self.go("form", verb="annotate", given={"shift": self.shift})

    def press_print(self) -> None:
        """Save it as one page."""
        from console.paper import saved

        if self.sheet is not None:
            self.tell("handover.printed", "good", path=saved(self.chair, self.shift, self.sheet))
