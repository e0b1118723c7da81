"""An errand: one case sent to one agency. Its states, and what each allows; the acts are in ``dispatch``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from console import sla
from console.limits import Counts, parse
from console.record import Record, replace
from console.sla import Clock, Tick
from console.workdays import Calendar

EXTENSIONS = 2
"""The most extensions that are granted to one errand."""


class State(StrEnum):
    """Where an errand is."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DONE = "done"
    REFUSED = "refused"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


LIVE = frozenset({State.SENT, State.ACCEPTED})
"""The agency has it."""

BACK = frozenset({State.REFUSED, State.RETURNED})
"""The agency has given it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Record):
    """An earlier round of an errand, kept when it is sent once more."""

    state: State
    """How the round ended."""

    at: datetime
    """When."""

    report: str = ""
    """What the agency said."""

    why: str = ""
    """Why it was sent once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry(Record):
    """What an agency must know before it can go on, and what it was told."""

    n: int
    """Its place among the questions of the errand, from 1."""

    by: str
    """Login of who asked, or recorded it."""

    at: datetime
    """When."""

    text: str
    """The question."""

    on_behalf: str = ""
    """Who said it and how, where an officer recorded it for the agency."""

    answer: str = ""
    """What the desk has answered."""

    answered_by: str = ""
    """Login of who answered."""

    answered_at: datetime | None = None
    """When."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand(Record):
    """One case sent to one agency."""

    n: int
    """Its place among the errands of the case, from 1."""

    agency: str
    """Slug of the agency."""

    ask: str = ""
    """What is asked."""

    contact: str = ""
    """Who was rung there."""

    limit: str
    """Text of its limit."""

    leading: bool = False
    """Whether this agency leads."""

    state: State = State.SENT
    """Where it is."""

    clock: Clock
    """Its own clock."""

    window: datetime
    """Until when the agency may refuse."""

    round: int = 0
    """The round of the case it belongs to; earlier rounds no longer count for the case's status."""

    sent_at: datetime
    """When it was sent the last time."""

    accepted_at: datetime | None = None
    """When it was accepted."""

    ended_at: datetime | None = None
    """When it was done, given back or withdrawn."""

    report: str = ""
    """What the agency reported, or why it gave it back."""

    answered: bool = False
    """Whether the desk has answered its return."""

    extensions: int = 0
    """Extensions granted."""

    on_behalf: str = ""
    """Who said it and how, where an officer recorded the last step for the agency."""

    evidence: tuple[Evidence, ...] = ()
    """Earlier rounds."""

    inquiries: tuple[Inquiry, ...] = ()
    """What the agency asked the desk."""

    @property
    def live(self) -> bool:
        """Whether the agency has it."""
        return self.state in LIVE

    @property
    def asks(self) -> Inquiry | None:
        """The question that waits for an answer; none where none does, or the agency has it no longer."""
        return next((each for each in self.inquiries if not each.answer), None) if self.live else None

    @property
    def waits(self) -> bool:
        """Whether it came back and the desk has not answered yet."""
        return self.state in BACK and not self.answered


def send(
    n: int,
    agency: str,
    now: datetime,
    calendar: Calendar,
    *,
    ask: str,
    contact: str,
    limit: str,
    leading: bool,
    round: int,
    until: datetime | None,
) -> Errand:
    """A new errand, its clock running. ``until``: the end of the shift, for a limit of "this shift"."""
    kind = parse(limit)
    return Errand(
        n=n, agency=agency, ask=ask, contact=contact, limit=limit, leading=leading, round=round, sent_at=now,
        clock=sla.start(now, limit, until if kind.counts is Counts.SHIFT else None), window=sla.window(kind, now, calendar),
    )  # fmt: skip


def again(errand: Errand, now: datetime, calendar: Calendar, why: str, round: int, *, fresh: bool) -> Errand:
    """The errand sent to the same agency once more: with what was left of its limit, or with a fresh one (rework)."""
    past = Evidence(state=errand.state, at=errand.ended_at or now, report=errand.report, why=why)
    tick = Tick.RESTART if fresh else Tick.RESUME
    return replace(
        errand,
        state=State.SENT,
        clock=sla.add(errand.clock, tick, now, errand.limit if fresh else ""),
        window=sla.window(parse(errand.limit), now, calendar),
        round=round,
        sent_at=now,
        accepted_at=None,
        ended_at=None,
        report="",
        answered=False,
        on_behalf="",
        extensions=0 if fresh else errand.extensions,
        evidence=(*errand.evidence, past),
    )


def ended(errand: Errand, state: State, now: datetime, report: str, on_behalf: str = "") -> Errand:
    """The errand done, given back or withdrawn: its clock stands."""
    return replace(
        errand,
        state=state,
        ended_at=now,
        report=report,
        on_behalf=on_behalf,
        clock=sla.add(errand.clock, Tick.PAUSE, now),
    )


def taken_back(errands: tuple[Errand, ...], now: datetime, why: str) -> tuple[Errand, ...]:
    """The errands with everything an agency still has withdrawn, and every return answered."""
    return tuple(
        ended(each, State.WITHDRAWN, now, why) if each.live else replace(each, answered=True) if each.waits else each
        for each in errands
    )


def paused(errand: Errand, tick: Tick, now: datetime) -> Errand:
    """The errand with its clock standing or going on, because the case is suspended."""
    if not errand.live:
        return errand
    window = errand.window
    if tick is Tick.RESUME and errand.clock[-1].tick is Tick.PAUSE and errand.clock[-1].at < window:
        window += now - errand.clock[-1].at  # the time for refusing stood as well
    return replace(errand, clock=sla.add(errand.clock, tick, now), window=window)
