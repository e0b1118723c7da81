"""Filing, rejecting, resolving, closing and taking up again: the forward steps of a case and the ways back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from console import sla
from console.act import Actor, Decision, no_right
from console.agencies import titles
from console.book import Book, Refused
from console.categories import category, check_limit
from console.config import calendar, settings
from console.errands import Errand, State, again, taken_back
from console.issues import Issue
from console.keys import unknown
from console.merging import closed_with, members, released, without
from console.parts import Callback, Forced
from console.places import place
from console.progress import UNMERGE_DAYS, CaseAct, followed, moved, must
from console.record import replace
from console.sla import Tick
from console.status import ANSWERS, MODES, Outcome, S
from console.taking import graded, opinion, own_outcome, put_all, relimited, severity


def overdue(issue: Issue, now: datetime) -> bool:
    """Whether a case was not done by its legal due moment; a fact that an exemption does not change."""
    end = issue.resolved_at or issue.ended_at or now
    return issue.late > 0 or (issue.due.legal is not None and end > issue.due.legal)


def lapsed(issue: Issue) -> Issue:
    """The case with what was asked for and not answered no longer open: it was about a round that is over."""
    if not any(request.state == "open" for request in issue.requests):
        return issue
    requests = tuple(replace(each, state="lapsed") if each.state == "open" else each for each in issue.requests)
    return replace(issue, requests=requests)


def open_errands(issue: Issue) -> list[Errand]:
    """The errands that are not finished."""
    return [errand for errand in issue.errands if errand.live or (errand.waits and errand.round == issue.round)]


@dataclass(frozen=True, slots=True, kw_only=True)
class File(CaseAct):
    """Accept a case, with its filing standard: category, limit, grid, handling mode."""

    verb: ClassVar[str] = "file"
    right: ClassVar[str] = "file"

    category: str = ""
    """Slug, initials or name; needed where the case has none yet."""

    severity: str = ""
    """p1 to p4."""

    limit: str = ""
    """Another limit than the category's."""

    grid: str = ""
    """Code of the grid."""

    mode: str = ""
    """at_once, joint or supervised."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """From new to filed."""
        id, issue = self.case(book, now, who)
        must(issue, S.NEW)
        kind = category(book, self.category) if self.category else None
        if kind is None and not issue.category:
            raise Refused("refused.no_standard")
        if self.mode and self.mode not in MODES:
            raise unknown("refused.no_mode", self.mode, MODES)
        if self.grid:
            place(book, self.grid)
        level = severity(self.severity) if self.severity else graded(book, issue, kind) if kind else issue.severity
        filed = replace(
            moved(issue, S.FILED, now),
            category=kind.slug if kind else issue.category,
            severity=level,
            grid=self.grid or issue.grid,
            mode=self.mode or issue.mode,
            owner=issue.owner or who.id,
            touched_at=issue.touched_at or now,
            accept=sla.add(issue.accept, Tick.PAUSE, now),
        )
        filed = relimited(book, filed, check_limit(self.limit) if self.limit else "", now)
        put = self.put(book, now, who, id, filed, category=filed.category, limit=filed.limit)
        return Decision((put,), self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(CaseAct):
    """Turn a case away: not the station's, or a mistake."""

    verb: ClassVar[str] = "reject"
    right: ClassVar[str] = "reject"

    outcome: Outcome
    """not_ours or mistaken."""

    told: str = ""
    """Who was told instead; needed with not_ours."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """From new to rejected; what it carried goes its own way again."""
        id, issue = self.case(book, now, who)
        must(issue, S.NEW)
        if self.outcome not in (Outcome.NOT_OURS, Outcome.MISTAKEN):
            raise Refused("refused.reject_outcome", said=self.outcome)
        if self.outcome is Outcome.NOT_OURS and not self.told.strip():
            raise Refused("refused.told")
        why = self.reason()
        gone = replace(moved(issue, S.REJECTED, now), outcome=str(self.outcome), told=self.told)
        gone = replace(gone, accept=sla.add(issue.accept, Tick.PAUSE, now))
        gone = without(gone, {each for each, _ in members(book, id)})
        puts = [self.put(book, now, who, id, gone, outcome=self.outcome, told=self.told, why=why)]
        return Decision(put_all([*puts, *released(book, now, who, self.verb, id)]), why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore(CaseAct):
    """Take a rejected case up after all, within seven days."""

    verb: ClassVar[str] = "restore"
    right: ClassVar[str] = "reject"

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """From rejected to new; the resident's clock never stopped, the desk's own begins anew."""
        id, issue = self.case(book, now, who)
        must(issue, S.REJECTED)
        if issue.ended_at and now > issue.ended_at + timedelta(days=UNMERGE_DAYS):
            raise Refused("refused.too_late", days=UNMERGE_DAYS)
        accept = sla.add(issue.accept, Tick.RESTART, now, settings(book).limits.accept)
        back = replace(moved(issue, S.NEW, now), outcome="", told="", accept=accept)
        return Decision((self.put(book, now, who, id, back, why=self.why),), self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve(CaseAct):
    """Say that the desk itself has done it. What an agency still has stays with it until it reports."""

    verb: ClassVar[str] = "resolve"
    right: ClassVar[str] = "resolve"

    report: str = ""
    """What was done."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """To resolved; after a return the case must first be taken back by the desk or sent on."""
        id, issue = self.case(book, now, who)
        must(issue, S.FILED, S.DISPATCHED, S.HANDLING)
        done = followed(replace(issue, desk="done", owner=issue.owner or who.id), now)
        return Decision((self.put(book, now, who, id, done, report=self.report),), self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rework(CaseAct):
    """Send a resolved case back to work: to the same agencies, or to the desk."""

    verb: ClassVar[str] = "rework"
    right: ClassVar[str] = "rework"

    by_desk: bool = False
    """Whether the desk does it now, not the agencies."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """From resolved to dispatched or filed; the evidence of earlier rounds stays."""
        id, issue = self.case(book, now, who)
        must(issue, S.RESOLVED)
        why, round, days = self.reason(), issue.round + 1, calendar(book)
        done = [e for e in issue.errands if e.round == issue.round and e.state is State.DONE]
        if not self.by_desk and not done:
            raise Refused("refused.rework_agency")
        errands = tuple(
            again(errand, now, days, why, round, fresh=True)
            if errand in done and not self.by_desk
            else replace(errand, round=round)
            if errand.live or (errand.waits and errand.round == issue.round)
            else errand
            for errand in issue.errands
        )
        late = issue.late + overdue(issue, now)
        back = replace(lapsed(issue), errands=errands, round=round, late=late, desk="working" if self.by_desk else "")
        return Decision((self.put(book, now, who, id, followed(back, now), why=why),), why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(CaseAct):
    """Close a resolved case with its outcome. A passed check does not close it; this does."""

    verb: ClassVar[str] = "close"
    right: ClassVar[str] = "close"

    outcome: Outcome
    """solved, partly, not or cannot."""

    force: bool = False
    """Close although an errand is still open: a chief's right, with a reason."""

    def _forced(self, who: Actor) -> bool:
        """Whether open errands are closed over: asked for, allowed, and with the reason."""
        return self.force and who.may("force_close") and bool(self.why.strip())

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """From resolved to closed; what it carried closes with it, and each household is owed a call-back."""
        id, issue = self.case(book, now, who)
        must(issue, S.RESOLVED)
        own_outcome(self.outcome)
        if any(check.done_at is None for check in issue.checks):
            raise Refused("refused.check_out")
        checked = [check for check in issue.checks if issue.resolved_at and check.asked_at >= issue.resolved_at]
        if checked and not checked[-1].passed and self.outcome is Outcome.SOLVED and not self.why.strip():
            raise Refused("refused.check_failed", found=checked[-1].found)
        left = open_errands(issue)
        if left and not self.force:
            raise Refused("refused.open_errands", n=len(left), agencies=titles(book, ((e.n, e.agency) for e in left)))
        if left:
            if not who.may("force_close"):
                raise no_right(who, "force_close")
            forced = Forced(by=who.id, at=now, why=self.reason(), left=tuple(errand.agency for errand in left))
            issue = replace(issue, errands=taken_back(issue.errands, now, self.why), forced=forced)
        owed = bool(issue.reporter or issue.contact)
        closed = replace(
            moved(lapsed(issue), S.CLOSED, now), outcome=str(self.outcome), owed=owed, remind_at=None, remind=""
        )
        puts = [self.put(book, now, who, id, closed, outcome=self.outcome, why=self.why)]
        return Decision(put_all([*puts, *closed_with(book, now, who, self.verb, id, force=self._forced(who))]), self.why)


def reopened(book: Book, issue: Issue, now: datetime) -> Issue:
    """A closed case on the desk again: a round more, its clock from the beginning."""
    from console.taking import standard

    limit, until = standard(book, issue, issue.limit if not issue.source_digest else "", now)
    return replace(
        moved(lapsed(issue), S.FILED, now),
        outcome="",
        owed=False,
        desk="",
        round=issue.round + 1,
        late=issue.late + overdue(issue, now),
        reopened=issue.reopened + 1,
        merged=None,
        limit=limit,
        clock=sla.add(issue.clock, Tick.RESTART if issue.clock else Tick.START, now, limit, until),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(CaseAct):
    """Open a closed case again, with the sentence why."""

    verb: ClassVar[str] = "reopen"
    right: ClassVar[str] = "reopen"

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """From closed to filed, on top of the queue."""
        id, issue = self.case(book, now, who)
        must(issue, S.CLOSED)
        why = self.reason()
        return Decision((self.put(book, now, who, id, reopened(book, issue, now), why=why),), why)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBack(CaseAct):
    """Record the call to the resident after closing. "Not solved" opens the case again with their sentence."""

    verb: ClassVar[str] = "callback"
    right: ClassVar[str] = "callback"

    reached: bool
    """Whether anybody answered."""

    contacted: bool = False
    """Whether whoever handled it had got in touch."""

    solved: str = ""
    """yes, partly or no; needed where somebody answered."""

    satisfied: str = ""
    """satisfied, fairly or dissatisfied."""

    note: str = ""
    """What the resident said; needed with "no"."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep it; the debt is paid once somebody was reached."""
        id, issue = self.case(book, now, who)
        must(issue, S.CLOSED)
        if self.reached and self.solved not in ANSWERS:
            raise unknown("refused.no_solved", self.solved or "–", ANSWERS)
        call = Callback(
            at=now,
            by=who.id,
            reached=self.reached,
            contacted=self.contacted,
            solved=self.solved if self.reached else "",
            satisfied=opinion(self.satisfied) if self.reached else "",
            note=self.note,
        )
        kept = replace(issue, callbacks=(*issue.callbacks, call), owed=issue.owed and not self.reached)
        if call.solved == "no":
            if not self.note.strip():
                raise Refused("refused.sentence")
            kept = reopened(book, kept, now)
        facts = {"solved": call.solved, "satisfied": call.satisfied, "note": self.note}
        facts["variant"] = "" if self.reached else "missed"
        return Decision((self.put(book, now, who, id, kept, **facts),), self.why or self.note)
