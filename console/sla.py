"""Clock events in, due moments out: both kinds, each able to explain itself.

A clock is an append-only list of events; what has passed is never stored. The legal due moment counts as the limit
says, the on-duty one round the clock from the same start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from console.limits import Counts, Limit, parse
from console.record import Record
from console.workdays import Calendar, Skipped

_ZERO = timedelta()


class Tick(StrEnum):
    """What happens to a clock."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    RESTART = "restart"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Record):
    """One event of a clock."""

    tick: Tick
    """What happens. ``limit``: another limit from now on, what was counted stays counted."""

    at: datetime
    """When."""

    limit: str = ""
    """Text of the limit, with start, restart and limit."""

    until: datetime | None = None
    """The due moment itself where it is given: the end of the shift, or another system's target."""


Clock = tuple[Event, ...]
"""A clock: its events in order."""


class Due(NamedTuple):
    """When something is due."""

    legal: datetime
    """By the rule of its limit."""

    duty: datetime
    """Round the clock from the same start; a working day is 24 hours."""

    left: timedelta
    """What of the limit was left when the clock last stood or began to run, in the limit's own hours."""

    paused: bool
    """Whether the clock stands; then the due moments are as they would be if it went on at its last event."""


class Step(NamedTuple):
    """One line of an explanation."""

    word: str
    """Key of the sentence."""

    start: datetime
    """From when, or at which moment."""

    end: datetime | None
    """Until when, where it is a stretch."""

    text: str
    """The limit, the name of the holiday."""


def add(clock: Clock, tick: Tick, at: datetime, limit: str = "", until: datetime | None = None) -> Clock:
    """The clock with one event more; a clock never runs backwards, so an event is not before the last one."""
    if clock and at < clock[-1].at:
        at = clock[-1].at
    return (*clock, Event(tick=tick, at=at, limit=limit, until=until))


def start(at: datetime, limit: str, until: datetime | None = None) -> Clock:
    """A clock that runs from a moment."""
    return (Event(tick=Tick.START, at=at, limit=limit, until=until),)


def running(clock: Clock) -> bool:
    """Whether a clock has been started and does not stand."""
    for event in reversed(clock):
        if event.tick in (Tick.PAUSE, Tick.RESUME, Tick.START, Tick.RESTART):
            return event.tick is not Tick.PAUSE
    return False


def due(clock: Clock, calendar: Calendar) -> Due | None:
    """The due moments of a clock; None where there is no clock, or its limit is "none"."""
    part = _part(clock)
    if part is None:
        return None
    limit = parse(part.limit)
    if part.until is not None:
        return _fixed(part, part.until)
    if not limit.clock:
        return None
    times = 1 + part.extends
    legal, left = _walk(part.runs, timedelta(seconds=limit.seconds) * times, calendar if limit.working else None)
    duty, _ = _walk(part.runs, timedelta(seconds=limit.duty_seconds) * times, None)
    return Due(legal, duty, left, part.runs[-1][1] is not None)


def counted(clock: Clock, calendar: Calendar, now: datetime) -> timedelta:
    """How much of the limit's own time has been counted until now, for the record on the screen."""
    part = _part(clock)
    if part is None:
        return _ZERO
    by = calendar if part.until is None and parse(part.limit).working else None
    return sum((_between(begin, end or now, by) for begin, end in part.runs), _ZERO)


class _Part(NamedTuple):
    """A clock from its last start."""

    limit: str
    """The limit in force."""

    until: datetime | None
    """The due moment where it was given."""

    runs: list[tuple[datetime, datetime | None]]
    """The stretches it ran; the last one has no end while it runs."""

    extends: int
    """How often it was extended."""


def _part(clock: Clock) -> _Part | None:
    """The clock since its last start or restart."""
    limit, until, extends = "", None, 0
    runs: list[tuple[datetime, datetime | None]] = []
    for event in clock:
        if event.tick in (Tick.START, Tick.RESTART):
            limit, until, extends, runs = event.limit, event.until, 0, [(event.at, None)]
        elif event.tick is Tick.LIMIT:
            limit, until = event.limit, event.until
        elif event.tick is Tick.EXTEND:
            extends += 1
        elif event.tick is Tick.PAUSE and runs and runs[-1][1] is None:
            runs[-1] = (runs[-1][0], max(event.at, runs[-1][0]))
        elif event.tick is Tick.RESUME and runs and runs[-1][1] is not None:
            runs.append((max(event.at, runs[-1][1]), None))
    return _Part(limit, until, runs, extends) if runs else None


def _between(begin: datetime, end: datetime, calendar: Calendar | None) -> timedelta:
    """Time that counts between two moments."""
    return max(calendar.between(begin, end) if calendar else end - begin, _ZERO)


def _walk(
    runs: Sequence[tuple[datetime, datetime | None]], total: timedelta, calendar: Calendar | None
) -> tuple[datetime, timedelta]:
    """The moment at which the total has been counted, and what was left at the beginning of the last stretch."""
    left = total
    for begin, end in runs:
        if end is None:
            return _ahead(begin, left, calendar), left
        ran = _between(begin, end, calendar)
        if ran >= left:
            return _ahead(begin, left, calendar), _ZERO
        left -= ran
    last = runs[-1][1] or runs[-1][0]
    return _ahead(last, left, calendar), left


def _ahead(at: datetime, left: timedelta, calendar: Calendar | None) -> datetime:
    """The moment after that much time that counts."""
    return calendar.add(at, left.total_seconds()) if calendar else at + max(left, _ZERO)


def _fixed(part: _Part, until: datetime) -> Due:
    """A due moment that was given: pauses move it on by their own length, an extension by the first span."""
    begin = part.runs[0][0]
    moved = until + (until - begin) * part.extends
    for (_, ended), (went_on, _) in zip(part.runs, part.runs[1:], strict=False):
        if ended is not None and ended < moved:
            moved += went_on - ended
    stands = part.runs[-1][1]
    return Due(moved, moved, moved - (stands or part.runs[-1][0]), stands is not None)


def window(limit: Limit, at: datetime, calendar: Calendar) -> datetime:
    """Until when an agency may refuse: a quarter of the limit, at least 15 minutes, at most one working day."""
    if not limit.clock or limit.counts is Counts.SHIFT:
        return calendar.add(at, 8 * 3600)
    least = at + timedelta(minutes=15)
    quarter = _ahead(at, timedelta(seconds=limit.seconds / 4), calendar if limit.working else None)
    return max(least, min(quarter, calendar.add(at, 8 * 3600)))


def warn_at(clock: Clock, found: Due | None, share: float = 0.25, least: int = 900) -> datetime | None:
    """From when on the queue warns: the last share of the limit, at least so many seconds, before the legal due moment."""
    part = _part(clock)
    if found is None or part is None:
        return None
    span = found.legal - part.runs[0][0] if part.until else timedelta(seconds=parse(part.limit).seconds) * (1 + part.extends)
    before = max(span * share, timedelta(seconds=least))
    return max(found.legal - before, part.runs[0][0])


def explain(clock: Clock, calendar: Calendar) -> list[Step]:
    """How the legal due moment came about: limit, start, pauses, extensions, nights and holidays that did not count."""
    found, part = due(clock, calendar), _part(clock)
    if part is None or not part.limit or found is None:
        return [Step("clock.none", clock[0].at, None, "")] if clock else []
    limit = parse(part.limit)
    word = "clock.given" if part.until is not None else f"clock.{limit.counts}"
    steps = [Step(word, part.runs[0][0], None, part.limit)]
    working = limit.working and part.until is None
    for number, (begin, end) in enumerate(part.runs):
        until = min(end or found.legal, found.legal)
        if working and until > begin:
            steps += [_skip(each) for each in calendar.skipped(begin, until)]
        if end is not None:
            went_on = part.runs[number + 1][0] if number + 1 < len(part.runs) else None
            steps.append(Step("clock.pause" if went_on else "clock.stands", end, went_on, ""))
    steps += [Step("clock.extended", event.at, None, part.limit) for event in clock if event.tick is Tick.EXTEND]
    return steps if found.paused else [*steps, Step("clock.due", found.legal, None, "")]


def _skip(each: Skipped) -> Step:
    """A stretch that did not count, as a line."""
    return Step(f"clock.skip.{each.why}", each.start, each.end, each.name)
