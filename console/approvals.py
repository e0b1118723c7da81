"""What takes a supervisor: suspension, void, extension, appeal.

Asked by one, granted by another; asked by one who may grant it, it is granted at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from console import sla
from console.act import Actor, Decision, Put, no_right
from console.book import Book, Refused
from console.config import calendar
from console.errands import EXTENSIONS, Errand, State, paused, taken_back
from console.issues import Issue
from console.merging import members, released, without
from console.parts import Request, Suspension
from console.progress import CaseAct, moved, must, resumed, when
from console.record import replace
from console.sla import Tick
from console.status import Outcome, S
from console.taking import put_all
from console.words import Word

YEAR = timedelta(days=366)
"""The longest that a case may be suspended."""

APPEALS = 2
"""Approvals that an overdue appeal takes."""

Effect = Callable[[Book, datetime, Actor, str, Issue, Request], tuple[Issue, list[Put]]]
"""What is done once a request is granted: the case, and what else changes with it."""


def ask(
    issue: Issue, what: str, who: Actor, now: datetime, why: str, errand: int = 0, until: datetime | None = None
) -> Issue:
    """The case with a request more. Raises ``Refused`` where the same is asked already."""
    if any((r.what, r.errand, r.state) == (what, errand, "open") for r in issue.requests):
        raise Refused("refused.asked", what=Word(f"request.{what}"))
    fresh = Request(n=len(issue.requests) + 1, what=what, by=who.id, at=now, why=why, errand=errand, until=until)
    return replace(issue, requests=(*issue.requests, fresh))


def answered(issue: Issue, request: Request) -> Issue:
    """The case with a request as it now stands."""
    return replace(issue, requests=tuple(request if each.n == request.n else each for each in issue.requests))


def leg(issue: Issue, n: int) -> Errand:
    """An errand of a case by its place. Raises ``Refused``."""
    for errand in issue.errands:
        if errand.n == n:
            return errand
    raise Refused("refused.no_errand", n=n)


def own_leg(issue: Issue, who: Actor, *states: State) -> int:
    """Place of the errand that an agency has in one of these states, the latest one. Raises ``Refused``."""
    found = [errand for errand in issue.errands if errand.agency == who.agency and errand.round == issue.round]
    fits = [errand for errand in found if errand.state in states]
    if fits:
        return fits[-1].n
    was, allowed = found[-1].state if found else State.WITHDRAWN, [Word(f"errand.{state}") for state in states]
    raise Refused("refused.errand_state", n=found[-1].n if found else 0, was=Word(f"errand.{was}"), allowed=allowed)


def put_leg(issue: Issue, errand: Errand) -> Issue:
    """The case with an errand as it now stands."""
    return replace(issue, errands=tuple(errand if each.n == errand.n else each for each in issue.errands))


def _suspend(book: Book, now: datetime, who: Actor, id: str, issue: Issue, request: Request) -> tuple[Issue, list[Put]]:
    """The case stands until its date, its clocks and those of its errands with it."""
    check_suspend(issue, request.until, now)
    assert request.until is not None
    stands = Suspension(until=request.until, since=now, was=issue.status, why=request.why)
    return (
        replace(
            moved(issue, S.SUSPENDED, now),
            suspended=stands,
            suspensions=issue.suspensions + 1,
            clock=sla.add(issue.clock, Tick.PAUSE, now),
            errands=tuple(paused(errand, Tick.PAUSE, now) for errand in issue.errands),
        ),
        [],
    )


def check_suspend(issue: Issue, until: datetime | None, now: datetime) -> None:
    """Refuse what cannot be suspended: not being handled, a second time, no date, or one too far."""
    must(issue, S.HANDLING)
    if issue.suspensions:
        raise Refused("refused.suspended_once")
    if until is not None and until <= now:
        raise Refused("refused.past")
    if until is None or until > now + YEAR:
        raise Refused("refused.suspend_until")


def _void(book: Book, now: datetime, who: Actor, id: str, issue: Issue, request: Request) -> tuple[Issue, list[Put]]:
    """The case ends without work; what it carried goes its own way again."""
    void = replace(moved(issue, S.VOIDED, now), outcome=str(Outcome.MISTAKEN), suspended=None)
    void = without(void, {each for each, _ in members(book, id)})
    return replace(void, errands=taken_back(issue.errands, now, request.why)), released(book, now, who, "void", id)


def _extend(book: Book, now: datetime, who: Actor, id: str, issue: Issue, request: Request) -> tuple[Issue, list[Put]]:
    """One original limit is added to the current due moment."""
    errand = leg(issue, request.errand)
    extendable(book, errand, now)
    longer = replace(errand, extensions=errand.extensions + 1, clock=sla.add(errand.clock, Tick.EXTEND, now))
    return put_leg(issue, longer), []


def _appeal(book: Book, now: datetime, who: Actor, id: str, issue: Issue, request: Request) -> tuple[Issue, list[Put]]:
    """The overdue fact stays; the statistics use the exempted one, and show both."""
    return replace(issue, exempt=True), []


EFFECTS: dict[str, tuple[Effect, int]] = {
    "suspend": (_suspend, 1),
    "void": (_void, 1),
    "extend": (_extend, 1),
    "appeal": (_appeal, APPEALS),
}
"""What is asked → what is done once it is granted, and how many different people must approve."""


def approve(book: Book, now: datetime, who: Actor, id: str, issue: Issue, n: int) -> tuple[Issue, list[Put]]:
    """One approval more of a request; with enough of them it takes effect."""
    request = next((each for each in issue.requests if each.n == n and each.state == "open"), None)
    if request is None:
        raise Refused("refused.no_request", n=n)
    if who.id in request.approved or (request.what == "appeal" and who.id == request.by):
        raise Refused("refused.approved_already")
    effect, needed = EFFECTS[request.what]
    request = replace(request, approved=(*request.approved, who.id))
    if len(request.approved) < needed:
        return answered(issue, request), []
    changed, puts = effect(book, now, who, id, issue, request)
    return answered(changed, replace(request, state="granted")), puts


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspend(CaseAct):
    """Suspend a case that cannot go on until a date, at most a year ahead; approved once."""

    verb: ClassVar[str] = "suspend"

    until: datetime | str
    """When it goes on by itself."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Ask for it, also as an agency that has accepted its errand; a supervisor's own word is enough."""
        if not who.agency and not who.may("ask_suspend"):
            raise no_right(who, "ask_suspend")
        id, issue = self.case(book, now, who)
        errand = own_leg(issue, who, State.ACCEPTED) if who.agency else 0
        until = when(book, self.until, now)
        check_suspend(issue, until, now)
        asked = ask(issue, "suspend", who, now, self.reason(), errand=errand, until=until)
        puts: list[Put] = []
        if who.may("approve"):
            asked, puts = approve(book, now, who, id, asked, asked.requests[-1].n)
        asks = "" if who.may("approve") else "asked"
        facts = {"until": until.isoformat() if until else "", "why": self.why, "variant": asks}
        return Decision(put_all([self.put(book, now, who, id, asked, **facts), *puts]), self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(CaseAct):
    """Let a suspended case go on before its date."""

    verb: ClassVar[str] = "resume"
    right: ClassVar[str] = "resume"

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Back to what it was."""
        id, issue = self.case(book, now, who)
        must(issue, S.SUSPENDED)
        return Decision((self.put(book, now, who, id, resumed(issue, now), why=self.why),), self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Void(CaseAct):
    """Void a case: it ends without work, with the reason. A supervisor approves it."""

    verb: ClassVar[str] = "void"
    right: ClassVar[str] = "ask_void"

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Ask for it; a supervisor's own word is enough."""
        id, issue = self.case(book, now, who)
        must(issue, S.FILED, S.DISPATCHED, S.HANDLING, S.SUSPENDED, S.RETURNED)
        asked = ask(issue, "void", who, now, self.reason())
        puts: list[Put] = []
        if who.may("approve"):
            asked, puts = approve(book, now, who, id, asked, asked.requests[-1].n)
        asks = "" if who.may("approve") else "asked"
        return Decision(put_all([self.put(book, now, who, id, asked, why=self.why, variant=asks), *puts]), self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve(CaseAct):
    """Approve what was asked: extension, suspension, void, appeal."""

    verb: ClassVar[str] = "approve"
    right: ClassVar[str] = "approve"

    request: int
    """Its number on the case."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Grant it, where enough have approved."""
        id, issue = self.case(book, now, who)
        changed, puts = approve(book, now, who, id, issue, self.request)
        asked = changed.requests[self.request - 1]
        facts = {"request": str(self.request), "what": asked.what, "agency": _of(issue, asked)}
        put = self.put(book, now, who, id, changed, **facts)
        return Decision(put_all([put, *puts]), self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deny(CaseAct):
    """Turn a request down; that costs whoever asked nothing."""

    verb: ClassVar[str] = "deny"
    right: ClassVar[str] = "approve"

    request: int
    """Its number on the case."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Mark it, with the reason."""
        id, issue = self.case(book, now, who)
        found = next((each for each in issue.requests if each.n == self.request and each.state == "open"), None)
        if found is None:
            raise Refused("refused.no_request", n=self.request)
        denied = answered(issue, replace(found, state="denied"))
        facts = {"request": str(self.request), "what": found.what, "agency": _of(issue, found), "why": self.reason()}
        return Decision((self.put(book, now, who, id, denied, **facts),), self.why)


def _of(issue: Issue, request: Request) -> str:
    """Slug of the agency that a request is about; empty where it is the station's own."""
    return leg(issue, request.errand).agency if request.errand else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(CaseAct):
    """Say, as a supervisor, that one has looked at a case that was closed over an open errand."""

    verb: ClassVar[str] = "review"
    right: ClassVar[str] = "review"

    remark: str
    """What there is to say of it."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Once; not by whoever closed it."""
        id, issue = self.case(book, now, who)
        if issue.forced is None or issue.forced.reviewed_at is not None:
            raise Refused("refused.not_forced")
        if issue.forced.by == who.id:
            raise Refused("refused.own_force")
        if not self.remark.strip():
            raise Refused("refused.field_missing", field="remark")
        seen = replace(issue.forced, reviewed_by=who.id, reviewed_at=now, remark=self.remark)
        return Decision((self.put(book, now, who, id, replace(issue, forced=seen), text=self.remark),), self.remark)


def extendable(book: Book, errand: Errand, now: datetime) -> None:
    """Refuse an extension where there is nothing to extend: not with the agency, granted twice, no clock, or overdue."""
    due = sla.due(errand.clock, calendar(book))
    if not errand.live or due is None:
        raise Refused("refused.not_extendable", n=errand.n)
    if errand.extensions >= EXTENSIONS:
        raise Refused("refused.extensions", most=EXTENSIONS)
    if now > due.legal:
        raise Refused("refused.extend_overdue")
