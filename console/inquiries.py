"""What an agency asks before it can go on, and what the desk answers. The errand's clock goes on meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from console.act import Actor, Decision
from console.approvals import leg, put_leg
from console.book import Book, Refused
from console.dispatch import ErrandAct
from console.errands import Inquiry, State
from console.progress import CaseAct
from console.record import replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquire(ErrandAct):
    """The agency asks for more information: where exactly, whom to ring, what is meant."""

    verb: ClassVar[str] = "inquire"

    text: str
    """The question."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep it with the errand; one at a time."""
        id, issue = self.case(book, now, who)
        errand = self.errand_of(book, issue, who, State.SENT, State.ACCEPTED)
        if errand.asks is not None:
            raise Refused("refused.inquired", text=errand.asks.text)
        if not self.text.strip():
            raise Refused("refused.field_missing", field="text")
        said = self.behalf(who)
        fresh = Inquiry(n=len(errand.inquiries) + 1, by=who.id, at=now, text=self.text, on_behalf=said)
        asked = put_leg(issue, replace(errand, inquiries=(*errand.inquiries, fresh)))
        put = self.put(book, now, who, id, asked, agency=errand.agency, text=self.text, said=said)
        return Decision((put,), self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inform(CaseAct):
    """Answer what an agency asked."""

    verb: ClassVar[str] = "inform"
    right: ClassVar[str] = "errand"

    text: str
    """The answer."""

    errand: int = 0
    """Place of the errand on the case; the only one that asks where nothing is said."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep it with the question."""
        id, issue = self.case(book, now, who)
        asking = [errand for errand in issue.errands if errand.asks is not None]
        errand = leg(issue, self.errand) if self.errand else asking[0] if len(asking) == 1 else None
        if errand is None or errand.asks is None:
            raise Refused("refused.which_inquiry" if len(asking) > 1 and not self.errand else "refused.no_inquiry")
        if not self.text.strip():
            raise Refused("refused.field_missing", field="text")
        told = replace(errand.asks, answer=self.text, answered_by=who.id, answered_at=now)
        inquiries = tuple(told if each.n == told.n else each for each in errand.inquiries)
        answered = put_leg(issue, replace(errand, inquiries=inquiries))
        return Decision((self.put(book, now, who, id, answered, agency=errand.agency, text=self.text),), self.text)
