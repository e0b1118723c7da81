"""How a case moves: the status table applied, what follows from its errands, its due moments. Pure functions.

``CaseAct`` is the base of every act on one case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console import sla
from console.act import Act, Actor, Put
from console.book import Book, Refused
from console.clock import FIRST, LAST, read, zone
from console.config import calendar, edition, settings
from console.errands import paused
from console.issues import Issue
from console.limits import parse
from console.numbers import issue_id, number
from console.parts import Dues, Touch
from console.record import replace
from console.sla import Tick
from console.status import ENDED, FOLLOWING, TABLE, S, Status
from console.words import Word

UNMERGE_DAYS = 7
"""Days within which a merged case can be taken out again, and a rejected one taken up."""


def moved(issue: Issue, to: Status, now: datetime) -> Issue:
    """The case in another status. Raises ``Refused`` where the table does not allow it."""
    if to is issue.status:
        return issue
    if to not in TABLE[issue.status]:
        raise Refused("refused.status", was=Word(f"status.{issue.status}"), to=Word(f"status.{to}"))
    return replace(
        issue,
        status=to,
        filed_at=now if to is S.FILED else issue.filed_at,
        resolved_at=now if to is S.RESOLVED else None if to in FOLLOWING or to is S.NEW else issue.resolved_at,
        ended_at=now if to in ENDED else None,
    )


def must(issue: Issue, *allowed: Status) -> None:
    """Refuse unless the case is in one of these statuses."""
    if issue.status not in allowed:
        raise Refused(
            "refused.not_now",
            was=Word(f"status.{issue.status}"),
            allowed=[Word(f"status.{each}") for each in allowed],
            hint=Word(f"hint.{issue.status}"),
        )


def followed(issue: Issue, now: datetime) -> Issue:
    """The case in the status that its errands give it: the first rule that fits."""
    if issue.status not in FOLLOWING:
        return issue
    legs = [errand for errand in issue.errands if errand.round == issue.round]
    states = {errand.state for errand in legs}
    if issue.desk == "done":
        to = S.RESOLVED
    elif "accepted" in states:
        to = S.HANDLING
    elif "sent" in states:
        to = S.DISPATCHED
    elif any(errand.waits for errand in legs):
        to = S.RETURNED
    elif "done" in states and issue.desk != "working":
        to = S.RESOLVED
    else:
        to = S.FILED
    return moved(issue, to, now)


def awake(issue: Issue, now: datetime) -> Issue:
    """The case as it is now: one suspended until a date that has come goes on by itself, from that date."""
    if issue.suspended is None or issue.suspended.until > now:
        return issue
    return resumed(issue, issue.suspended.until)


def resumed(issue: Issue, at: datetime) -> Issue:
    """A suspended case going on."""
    assert issue.suspended is not None
    return replace(
        moved(issue, issue.suspended.was, at),
        suspended=None,
        clock=sla.add(issue.clock, Tick.RESUME, at),
        errands=tuple(paused(errand, Tick.RESUME, at) for errand in issue.errands),
    )


def timed(book: Book, issue: Issue, **more: Any) -> Issue:
    """The case with its due moments computed anew. ``more``: what else changes, but nothing that they depend on."""
    was, made = issue.due, edition(book)
    if issue.status in ENDED or issue.status is S.MERGED:
        due = replace(was, warn=None, stage="", stage_at=None, events=0)
        if issue.clock and due.legal is None:
            found = sla.due(issue.clock, calendar(book))
            due = replace(due, legal=found.legal, duty=found.duty, edition=made) if found else due
        return replace(issue, due=due, **more)
    if was.events != len(issue.clock) or was.edition != made or not issue.clock:
        was = _owed(book, issue)
    stage, stage_at = _stage(book, issue)
    said_there = f"{issue.title}\n{issue.text}".casefold()
    danger = next((word for word in settings(book).queue.danger_words if word in said_there), "")
    due = Dues(
        legal=was.legal, duty=was.duty, warn=was.warn, stage=stage, stage_at=stage_at, danger=danger,
        events=len(issue.clock), edition=made,
    )  # fmt: skip
    return replace(issue, due=due, **more)


def _owed(book: Book, issue: Issue) -> Dues:
    """What the resident is owed, and from when the queue warns; nothing while the clock stands."""
    found = sla.due(issue.clock, calendar(book))
    if found is None or found.paused:
        return Dues()
    said = settings(book).queue
    return Dues(
        legal=found.legal,
        duty=found.duty,
        warn=sla.warn_at(issue.clock, found, said.warn_share, said.warn_least * 60),
    )


def _stage(book: Book, issue: Issue) -> tuple[str, datetime | None]:
    """The stage that is due next, and when."""
    said = settings(book).limits
    found: list[tuple[datetime, str]] = []
    if issue.status is S.SUSPENDED:
        return "", None
    if issue.status is S.NEW and sla.running(issue.accept):
        accept = sla.due(issue.accept, calendar(book))
        found += [(accept.legal, "accept")] if accept else []
    if issue.status is S.FILED and issue.filed_at and not issue.desk and issue.mode != "at_once":
        found.append((issue.filed_at + parse(said.dispatch).span, "dispatch"))
    for errand in issue.errands:
        if errand.waits and errand.ended_at and errand.round == issue.round:
            found.append((errand.ended_at + parse(said.dispatch).span, "dispatch"))
        elif errand.live:
            due = sla.due(errand.clock, calendar(book))
            found += [(due.legal, "errand")] if due and not due.paused else []
        if errand.asks is not None:
            found.append((errand.asks.at + parse(said.dispatch).span, "inquiry"))
    found += [(each.asked_at + parse(said.check).span, "check") for each in issue.checks if not each.done_at]
    found += [(each.answer_by, "urging") for each in issue.urgings if not each.answer]
    first = min(found, default=None)
    return (first[1], first[0]) if first else ("", None)


def must_be_theirs(id: str, issue: Issue, who: Actor) -> None:
    """Refuse a case of another grid to a facilitator, and one that was not sent to their agency to a liaison."""
    if who.grids and issue.grid not in who.grids:
        raise Refused("refused.not_your_grid", number=number(id), grid=issue.grid or "–")
    if who.agency and who.agency not in {errand.agency for errand in issue.errands}:
        raise Refused("refused.not_your_case", number=number(id))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAct(Act):
    """An act on one case."""

    issue: str
    """Number of the case; ``last`` is the one that oneself has touched last."""

    version: int | None = None
    """The entry of the case as the person saw it; refused where somebody has changed it since."""

    why: str = ""
    """The reason."""

    def case(self, book: Book, now: datetime, who: Actor) -> tuple[str, Issue]:
        """Id and record of the case as it is now. Raises ``Refused`` where there is none, or it is not theirs to see."""
        id = issue_id(book, self.issue, now, who.id)
        found = book.anywhere(Issue, id)
        if found is None:
            near = max((each for each in book.docs(Issue.kind) if each[8:] == id[8:]), default="")
            raise Refused(
                "refused.no_issue.near" if near else "refused.no_issue", number=number(id), near=near and number(near)
            )
        must_be_theirs(id, found, who)
        if self.version is not None and book.version(Issue.kind, id) not in (0, self.version):
            by, at = (found.last.by, found.last.at) if found.last else ("", now)
            here = at.astimezone(zone(settings(book).timezone))
            raise Refused("refused.stale", number=number(id), by=by, at=f"{here:%m-%d %H:%M}")
        return id, awake(found, now)

    def reason(self) -> str:
        """The reason, which must have been given."""
        if not self.why.strip():
            raise Refused("refused.no_reason", act=Word(f"act.{self.verb}"))
        return self.why

    def put(self, book: Book, now: datetime, who: Actor, id: str, issue: Issue, **facts: str) -> Put:
        """The case as it shall stand, with its due moments, and what its story says about this act."""
        return stamped(book, now, who, self.verb, id, issue, facts)


def stamped(book: Book, now: datetime, who: Actor, verb: str, id: Any, issue: Issue, facts: dict[str, str]) -> Put:
    """A case as it shall stand, signed by the act that wrote it."""
    said = {name: value for name, value in facts.items() if value}
    touch = Touch(verb=verb, by=who.id, at=now, facts=said)
    return Put(Issue.kind, id, timed(book, issue, last=touch))


def when(book: Book, said: datetime | str | None, now: datetime) -> datetime | None:
    """A moment given as one, or as a person writes it in station-local time."""
    if said is None:
        return None
    try:
        found = said if isinstance(said, datetime) else read(said, zone(settings(book).timezone), now)
        if FIRST <= found <= LAST:
            return found
    except (ValueError, OverflowError) as error:
        raise Refused("refused.bad_moment", said=said) from error
    raise Refused("refused.bad_moment", said=said)
