"""Taking a handover back: whoever signed it goes on with the shift, as long as nobody has taken over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from console.act import Act, Actor, Decision, Put
from console.book import Book, Refused
from console.record import replace
from console.sheets import Edited, Sheet, SheetState
from console.shifts import Crew, Shift, ShiftState, aboard, on_duty


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack(Act):
    """Take one's own signature back: the sheet is a draft again and the shift goes on. The story keeps both."""

    verb: ClassVar[str] = "take_back"
    right: ClassVar[str] = "sign"

    why: str = ""
    """The reason."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """From handed over to a draft; what was written into it stays."""
        id, shift = on_duty(book)
        sheet = book.get(Sheet, id)
        if shift.state is not ShiftState.HANDING or sheet is None or sheet.outgoing is None:
            raise Refused("refused.not_signed")
        if sheet.outgoing.login != who.id:
            raise Refused("refused.not_yours_to_take_back", name=sheet.outgoing.name)
        crew = shift.crew if aboard(shift, who.id) else (*shift.crew, Crew(login=who.id, on=now))
        again = replace(shift, state=ShiftState.OPEN, last=0, crew=crew)
        draft = Sheet(state=SheetState.DRAFT, edits=_edits(book, id) or None, questions=sheet.questions)
        return Decision((Put(Sheet.kind, id, draft), Put(Shift.kind, id, again)), self.why)


def _edits(book: Book, id: str) -> dict[str, Edited]:
    """What the outgoing officer had changed before signing."""
    for entry in book.story(Sheet.kind, id):
        for kind, of, doc in entry.ops:
            if (kind, of) == (Sheet.kind, id) and doc and doc.get("state", "draft") == "draft":
                return dict(Sheet.parse(doc).edits or {})
    return {}
