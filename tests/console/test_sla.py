"""Clocks: pauses, extensions, restarts, both due moments, their explanation."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console import sla
from console.limits import parse
from console.sla import Tick, add, due, explain, start
from console.workdays import Calendar, CalendarSettings
from tests.console.helpers import HERE, local

DAYS = Calendar(CalendarSettings(), "Asia/Shanghai")


def legal(clock: sla.Clock) -> str:
    found = due(clock, DAYS)
    assert found is not None
    return found.legal.astimezone(HERE).strftime("%m-%d %H:%M")


def duty(clock: sla.Clock) -> str:
    found = due(clock, DAYS)
    assert found is not None
    return found.duty.astimezone(HERE).strftime("%m-%d %H:%M")


def test_night_staff_see_both_moments() -> None:
    clock = start(local("2026-06-05 19:30"), "2天")
    assert (legal(clock), duty(clock)) == ("06-09 18:00", "06-07 19:30")


def test_a_pause_moves_the_due_moment_by_what_it_took_of_working_time() -> None:
    clock = start(local("2026-06-05 09:00"), "4小时")
    clock = add(clock, Tick.PAUSE, local("2026-06-05 10:00"))
    found = due(clock, DAYS)
    assert found is not None
    assert found.paused
    assert found.left == timedelta(hours=3)
    clock = add(clock, Tick.RESUME, local("2026-06-05 15:00"))
    assert legal(clock) == "06-05 18:00"


def test_a_pause_at_night_costs_nothing_of_a_working_clock_and_all_of_an_urgent_one() -> None:
    working, urgent = start(local("2026-06-04 17:00"), "4小时"), start(local("2026-06-04 17:00"), "4紧急工作时")
    for tick, moment in ((Tick.PAUSE, "2026-06-04 19:00"), (Tick.RESUME, "2026-06-04 23:00")):
        working, urgent = add(working, tick, local(moment)), add(urgent, tick, local(moment))
    assert legal(working) == "06-05 11:00"
    assert legal(urgent) == "06-05 01:00"


def test_an_extension_adds_one_original_limit_to_the_due_moment() -> None:
    clock = start(local("2026-06-05 10:00"), "1天")
    first = legal(clock)
    clock = add(clock, Tick.EXTEND, local("2026-06-05 12:00"))
    assert (first, legal(clock)) == ("06-08 10:00", "06-09 10:00")
    assert legal(add(clock, Tick.EXTEND, local("2026-06-05 13:00"))) == "06-10 10:00"


def test_a_restart_forgets_pauses_and_extensions() -> None:
    clock = add(start(local("2026-06-05 10:00"), "2紧急工作时"), Tick.EXTEND, local("2026-06-05 10:10"))
    clock = add(clock, Tick.RESTART, local("2026-06-05 11:00"), "2紧急工作时")
    assert legal(clock) == "06-05 13:00"


def test_another_limit_keeps_what_was_counted() -> None:
    clock = start(local("2026-06-05 10:00"), "2天")
    clock = add(clock, Tick.LIMIT, local("2026-06-05 11:00"), "2紧急工作时")
    assert legal(clock) == "06-05 12:00"


def test_a_given_due_moment_holds_and_pauses_move_it() -> None:
    clock = start(local("2026-06-05 10:00"), "无", local("2026-06-05 16:00"))
    assert legal(clock) == "06-05 16:00"
    clock = add(add(clock, Tick.PAUSE, local("2026-06-05 11:00")), Tick.RESUME, local("2026-06-05 12:30"))
    assert legal(clock) == "06-05 17:30"


def test_no_limit_has_no_due_moment() -> None:
    assert due(start(local("2026-06-05 10:00"), "无"), DAYS) is None
    assert due((), DAYS) is None
    assert explain((), DAYS) == []
    assert [step.word for step in explain(start(local("2026-06-05 10:00"), "无"), DAYS)] == ["clock.none"]


@pytest.mark.parametrize(
    ("limit", "begin", "end"),
    [
        ("30分", "2026-06-05 10:00", "2026-06-05 10:15"),
        ("2紧急工作时", "2026-06-05 10:00", "2026-06-05 10:30"),
        ("4小时", "2026-06-05 17:30", "2026-06-08 08:30"),
        ("15天", "2026-06-05 10:00", "2026-06-08 10:00"),
        ("无", "2026-06-05 10:00", "2026-06-08 10:00"),
    ],
)
def test_the_window_for_refusing(limit: str, begin: str, end: str) -> None:
    assert sla.window(parse(limit), local(begin), DAYS) == local(end)


def test_the_queue_warns_in_the_last_quarter_and_at_least_a_quarter_of_an_hour_before() -> None:
    for limit, begin, warn in (("4紧急工作时", "10:00", "13:00"), ("30分", "10:00", "10:15"), ("10分", "10:00", "10:00")):
        clock = start(local(f"2026-06-05 {begin}"), limit)
        assert sla.warn_at(clock, due(clock, DAYS)) == local(f"2026-06-05 {warn}")


def test_a_due_moment_explains_itself() -> None:
    clock = start(local("2026-09-30 15:00"), "2天")
    clock = add(add(clock, Tick.PAUSE, local("2026-09-30 16:00")), Tick.RESUME, local("2026-09-30 17:00"))
    clock = add(clock, Tick.EXTEND, local("2026-09-30 17:00"))
    said = [step.word for step in explain(clock, DAYS)]
    assert said[0] == "clock.days"
    assert said[-2:] == ["clock.extended", "clock.due"]
    assert "clock.pause" in said
    assert "clock.skip.holiday" in said


def test_an_event_is_never_before_the_one_before_it() -> None:
    clock = add(start(local("2026-06-05 10:00"), "4小时"), Tick.PAUSE, local("2026-06-05 09:00"))
    assert clock[-1].at == clock[0].at


TICKS = st.lists(st.tuples(st.sampled_from([Tick.PAUSE, Tick.RESUME, Tick.EXTEND]), st.integers(0, 5 * 86400)), max_size=8)


@given(TICKS, st.sampled_from(["2紧急工作时", "4小时", "3天", "1自然日"]))
def test_no_event_brings_a_due_moment_nearer(ticks: list[tuple[Tick, int]], limit: str) -> None:
    at: datetime = local("2026-06-05 10:00")
    clock = start(at, limit)
    last = due(clock, DAYS)
    for tick, wait in ticks:
        at += timedelta(seconds=wait)
        clock = add(clock, tick, at)
        now = due(clock, DAYS)
        assert last is not None
        assert now is not None
        assert now.legal >= last.legal or tick is Tick.PAUSE
        assert now.duty >= last.duty or tick is Tick.PAUSE
        assert now.left >= timedelta()
        last = now


@given(TICKS, st.sampled_from(["2紧急工作时", "4小时", "3天"]))
def test_what_was_counted_and_what_is_left_are_the_limit(ticks: list[tuple[Tick, int]], limit: str) -> None:
    at = local("2026-06-05 10:00")
    clock = start(at, limit)
    for tick, wait in ticks:
        at += timedelta(seconds=wait)
        clock = add(clock, tick, at)
    found = due(clock, DAYS)
    assert found is not None
    total = timedelta(seconds=parse(limit).seconds) * (1 + sum(tick is Tick.EXTEND for tick, _ in ticks))
    if not found.paused and found.left > timedelta():
        assert sla.counted(clock, DAYS, found.legal) == total
