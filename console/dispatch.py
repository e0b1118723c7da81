"""Sending a case to agencies, and what they say: every act on an errand.

The agency does it itself, or an officer records it on its behalf, naming who said it and how.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from console.act import Actor, Decision, no_right
from console.agencies import agency, title, titles
from console.approvals import approve, ask, extendable, leg, own_leg, put_leg
from console.book import Book, Refused
from console.categories import check_limit
from console.config import calendar, settings, window
from console.errands import Errand, State, again, ended, send
from console.filing import overdue
from console.issues import Issue
from console.limits import Counts, parse
from console.progress import CaseAct, followed, must
from console.record import replace
from console.status import S
from console.words import Word

OPEN = (S.FILED, S.DISPATCHED, S.HANDLING, S.RETURNED)
"""Statuses in which errands may be sent."""


def led(issue: Issue) -> Issue:
    """The case with an agency that leads: the first that still has it, if the leading one gave it back or lost it."""
    legs = [errand for errand in issue.errands if errand.round == issue.round]
    live = [errand for errand in legs if errand.live]
    if not live or any(errand.leading and (errand.live or errand.state is State.DONE) for errand in legs):
        return issue
    lead = live[0].n
    return replace(
        issue, errands=tuple(replace(e, leading=e.n == lead) if e.round == issue.round else e for e in issue.errands)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch(CaseAct):
    """Send a filed case to an agency, or one that came back to the same agency or another."""

    verb: ClassVar[str] = "dispatch"
    right: ClassVar[str] = "errand"

    agency: str
    """Slug or name of the agency."""

    ask: str = ""
    """What is asked."""

    contact: str = ""
    """Who was rung there."""

    limit: str = ""
    """Its limit; the case's own where nothing is said."""

    leading: bool = False
    """Whether this agency leads; the first one does."""

    answers: int = 0
    """The returned errand that this answers; the only one where nothing is said."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """A new errand, or the returned one going on with what was left of its limit."""
        id, issue = self.case(book, now, who)
        must(issue, *OPEN)
        to = agency(book, self.agency)
        if to.retired:
            raise Refused("refused.retired", name=to.slug)
        if self.limit:
            check_limit(self.limit)
        legs = [errand for errand in issue.errands if errand.round == issue.round]
        if any(errand.live and errand.agency == to.slug for errand in legs):
            raise Refused("refused.has_it", agency=title(book, to.slug))
        waiting = [errand for errand in legs if errand.waits]
        if self.answers:
            waiting = [errand for errand in waiting if errand.n == self.answers]
            if not waiting:
                raise Refused("refused.no_return", n=self.answers)
        elif len(waiting) > 1 and not any(errand.agency == to.slug for errand in waiting):
            raise Refused("refused.which_return", errands=titles(book, ((e.n, e.agency) for e in waiting)))
        same = next((errand for errand in waiting if errand.agency == to.slug), None)
        if same is not None:
            sent = again(same, now, calendar(book), self.why, issue.round, fresh=False)
            sent = replace(sent, ask=self.ask or same.ask, contact=self.contact or same.contact)
            changed = put_leg(issue, sent)
        else:
            changed = self._new(book, issue, to.slug, waiting, now)
        changed = followed(replace(changed, desk="" if changed.desk == "working" else changed.desk), now)
        return Decision((self.put(book, now, who, id, changed, agency=to.slug, ask=self.ask),), self.why)

    def _new(self, book: Book, issue: Issue, slug: str, waiting: list[Errand], now: datetime) -> Issue:
        """The case with an errand more, the return it answers answered."""
        limit = self.limit or issue.limit or settings(book).severity_limit(issue.severity)
        until = window(settings(book), now).end if parse(limit).counts is Counts.SHIFT else None
        leads = self.leading or not any(e.leading and e.round == issue.round and not e.waits for e in issue.errands)
        errands = tuple(
            replace(e, answered=e.answered or e in waiting, leading=e.leading and not (leads and e.round == issue.round))
            for e in issue.errands
        )
        fresh = send(
            len(issue.errands) + 1, slug, now, calendar(book), ask=self.ask, contact=self.contact, limit=limit,
            leading=leads, round=issue.round, until=until,
        )  # fmt: skip
        live = sum(e.live for e in errands)
        return replace(issue, errands=(*errands, fresh), mode="joint" if live and not issue.mode else issue.mode)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandAct(CaseAct):
    """An act of an agency on its errand."""

    errand: int = 0
    """Place of the errand on the case; the only one that fits where nothing is said."""

    said_by: str = ""
    """Who of the agency said it; needed where an officer records it on the agency's behalf."""

    how: str = ""
    """How: telephone, in person, message; needed on an agency's behalf."""

    def errand_of(self, book: Book, issue: Issue, who: Actor, *states: State) -> Errand:
        """The errand that is meant, in one of these states. Raises ``Refused``."""
        must(issue, *OPEN, S.RESOLVED)
        if self.errand:
            found = leg(issue, self.errand)
        else:
            theirs = [e for e in issue.errands if e.agency == (who.agency or e.agency)]
            fits = [e for e in theirs if e.state in states] or theirs
            if len(fits) != 1:
                raise Refused("refused.which_errand", errands=titles(book, ((e.n, e.agency) for e in fits)) or "–")
            found = fits[0]
        if who.agency and found.agency != who.agency:
            raise Refused("refused.not_your_errand", n=found.n)
        if not who.agency and not who.may("errand"):
            raise no_right(who, "errand")
        if found.state not in states:
            allowed = [Word(f"errand.{state}") for state in states]
            raise Refused("refused.errand_state", n=found.n, was=Word(f"errand.{found.state}"), allowed=allowed)
        return found

    def behalf(self, who: Actor) -> str:
        """Who said it and how; empty where the agency does it itself. Raises ``Refused`` where neither."""
        if who.agency:
            return ""
        if not self.said_by.strip() or not self.how.strip():
            raise Refused("refused.on_behalf")
        return f"{self.said_by} ({self.how})"

    def done(self, book: Book, now: datetime, who: Actor, id: str, issue: Issue, errand: Errand, **facts: str) -> Decision:
        """The case with this errand as it now stands, in the status that follows."""
        if issue.desk == "done" and errand.waits:
            errand = replace(errand, answered=True)  # the desk has done it already
        changed = followed(led(put_leg(issue, errand)), now)
        put = self.put(book, now, who, id, changed, agency=errand.agency, said=errand.on_behalf, **facts)
        return Decision((put,), self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(ErrandAct):
    """The agency takes the errand on."""

    verb: ClassVar[str] = "accept"

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """From sent to accepted."""
        id, issue = self.case(book, now, who)
        errand = self.errand_of(book, issue, who, State.SENT)
        taken = replace(errand, state=State.ACCEPTED, accepted_at=now, on_behalf=self.behalf(who))
        return self.done(book, now, who, id, issue, taken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse(ErrandAct):
    """The agency says that it is not theirs, within the window: a quarter of the limit."""

    verb: ClassVar[str] = "refuse"

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """From sent to refused, with the reason."""
        id, issue = self.case(book, now, who)
        errand = self.errand_of(book, issue, who, State.SENT)
        if now > errand.window:
            raise Refused("refused.window")
        why = self.reason()
        return self.done(book, now, who, id, issue, ended(errand, State.REFUSED, now, why, self.behalf(who)), why=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(ErrandAct):
    """The agency gives an errand back: not possible, or not theirs after all."""

    verb: ClassVar[str] = "return"

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """To returned, with the reason; the errand's clock stands, the case's goes on."""
        id, issue = self.case(book, now, who)
        errand = self.errand_of(book, issue, who, State.SENT, State.ACCEPTED)
        why = self.reason()
        return self.done(book, now, who, id, issue, ended(errand, State.RETURNED, now, why, self.behalf(who)), why=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(ErrandAct):
    """The agency reports the errand done."""

    verb: ClassVar[str] = "report"

    report: str
    """What was done."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """From accepted to done; who reports without having accepted accepts by it."""
        id, issue = self.case(book, now, who)
        errand = self.errand_of(book, issue, who, State.SENT, State.ACCEPTED)
        if not self.report.strip():
            raise Refused("refused.field_missing", field="report")
        taken = replace(errand, accepted_at=errand.accepted_at or now)
        done = ended(taken, State.DONE, now, self.report, self.behalf(who))
        return self.done(book, now, who, id, issue, done, report=self.report)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(CaseAct):
    """Take an errand back from an agency."""

    verb: ClassVar[str] = "withdraw"
    right: ClassVar[str] = "errand"

    errand: int
    """Place of the errand on the case."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """To withdrawn; the case follows what is left."""
        id, issue = self.case(book, now, who)
        must(issue, *OPEN, S.RESOLVED)
        errand = leg(issue, self.errand)
        if not errand.live:
            raise Refused("refused.errand_state", n=errand.n, was=Word(f"errand.{errand.state}"),
                          allowed=[Word("errand.sent"), Word("errand.accepted")])  # fmt: skip
        changed = followed(led(put_leg(issue, ended(errand, State.WITHDRAWN, now, self.reason()))), now)
        return Decision((self.put(book, now, who, id, changed, agency=errand.agency, why=self.why),), self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle(CaseAct):
    """The desk handles a case itself: one that is filed, or one that came back."""

    verb: ClassVar[str] = "handle"
    right: ClassVar[str] = "errand"

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """To filed, every return answered."""
        id, issue = self.case(book, now, who)
        must(issue, S.FILED, S.RETURNED)
        errands = tuple(replace(e, answered=True) if e.waits else e for e in issue.errands)
        mine = replace(issue, errands=errands, desk="working", owner=who.id)
        return Decision((self.put(book, now, who, id, followed(mine, now), why=self.why),), self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(ErrandAct):
    """The agency asks for more time: one original limit more. At most two are granted; impossible once overdue."""

    verb: ClassVar[str] = "extend"

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Ask for it; where a supervisor records it, it is granted at once."""
        id, issue = self.case(book, now, who)
        errand = self.errand_of(book, issue, who, State.SENT, State.ACCEPTED)
        extendable(book, errand, now)
        asked = ask(issue, "extend", who, now, self.reason(), errand=errand.n)
        said = self.behalf(who)
        if who.may("approve"):
            asked, _ = approve(book, now, who, id, asked, asked.requests[-1].n)
        put = self.put(book, now, who, id, asked, agency=errand.agency, said=said, why=self.why)
        return Decision((put,), self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal(CaseAct):
    """The agency appeals against an overdue: once a case, after closing; two approvals."""

    verb: ClassVar[str] = "appeal"

    said_by: str = ""
    """Who of the agency said it; needed where an officer records it."""

    how: str = ""
    """How: telephone, in person, message."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Ask for it."""
        id, issue = self.case(book, now, who)
        must(issue, S.CLOSED)
        if not who.agency and not who.may("errand"):
            raise no_right(who, "errand")
        if not who.agency and not (self.said_by.strip() and self.how.strip()):
            raise Refused("refused.on_behalf")
        if not issue.errands:
            raise Refused("refused.no_errand", n=1)
        if any(request.what == "appeal" for request in issue.requests):
            raise Refused("refused.appeal_once")
        if not overdue(issue, now):
            raise Refused("refused.not_overdue")
        said = f"{self.said_by} ({self.how})" if not who.agency else ""
        errand = own_leg(issue, who, *State) if who.agency else 0
        asked = ask(issue, "appeal", who, now, self.reason(), errand=errand)
        return Decision((self.put(book, now, who, id, asked, why=self.why, said=said),), self.why)
