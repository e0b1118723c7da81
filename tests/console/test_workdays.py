"""The working calendar: the check values, holidays here and elsewhere, own days, clocks put forward and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.book import Refused
from console.sla import due, start
from console.workdays import MOST_DAYS, Calendar, CalendarSettings, NoWorkingTime
from tests.console.helpers import HERE, local

CALENDAR = Calendar(CalendarSettings(), "Asia/Shanghai")

CHECK = [
    ("2026-06-05 17:00", "4小时", "2026-06-08 11:00"),
    ("2026-06-05 10:00", "1天", "2026-06-08 10:00"),
    ("2026-06-05 19:30", "2小时", "2026-06-08 10:00"),
    ("2026-06-05 19:30", "2紧急工作时", "2026-06-05 21:30"),
    ("2026-06-03 16:00", "3天", "2026-06-08 16:00"),
    ("2026-09-30 15:00", "2天", "2026-10-09 15:00"),
]


@pytest.mark.parametrize(("begin", "limit", "end"), CHECK)
def test_the_check_values(begin: str, limit: str, end: str) -> None:
    found = due(start(local(begin), limit), CALENDAR)
    assert found is not None
    assert found.legal == local(end)


def test_days_of_the_official_calendar() -> None:
    assert CALENDAR.day(date(2026, 10, 1)).why == "holiday"
    assert CALENDAR.day(date(2026, 10, 10)) == (True, "makeup", "National Day")
    assert CALENDAR.day(date(2026, 10, 11)).why == "weekend"
    assert CALENDAR.day(date(2026, 10, 8)) == (True, "weekday", "")


def test_a_year_that_is_not_published_goes_by_its_weekdays_and_says_so() -> None:
    assert CALENDAR.day(date(2090, 1, 2)) == (True, "unknown", "")
    assert CALENDAR.day(date(2090, 1, 1)) == (False, "unknown", "")


def test_the_station_has_the_last_word() -> None:
    own = Calendar(CalendarSettings(off={"2026-06-08": "社区日"}, on={"2026-10-03": "值守"}), "Asia/Shanghai")
    assert own.day(date(2026, 6, 8)) == (False, "own", "社区日")
    assert own.day(date(2026, 10, 3)) == (True, "own", "值守")
    assert own.version != CALENDAR.version


def test_other_countries_have_their_own() -> None:
    london = Calendar(CalendarSettings(country="GB", region="ENG", slots=("09:00-17:00",)), "Europe/London")
    assert london.day(date(2026, 12, 25)) == (False, "holiday", "Christmas Day")
    none = Calendar(CalendarSettings(country=""), "Europe/London")
    assert none.day(date(2026, 12, 25)).worked


def test_working_hours_follow_the_clock_on_the_wall() -> None:
    """A day on which the clocks change has the slots its wall clock shows."""
    berlin = Calendar(CalendarSettings(weekdays=(1, 2, 3, 4, 5, 6, 7), country="", slots=("01:00-05:00",)), "Europe/Berlin")
    zone = ZoneInfo("Europe/Berlin")
    spring, autumn = datetime(2026, 3, 29, 0, 0, tzinfo=zone), datetime(2026, 10, 25, 0, 0, tzinfo=zone)
    assert berlin.between(spring.astimezone(UTC), (spring + timedelta(days=1)).astimezone(UTC)) == timedelta(hours=3)
    assert berlin.between(autumn.astimezone(UTC), (autumn + timedelta(days=1)).astimezone(UTC)) == timedelta(hours=5)


def test_no_working_time_at_all_is_said_and_not_waited_for() -> None:
    days = {(date(2026, 1, 1) + timedelta(days=n)).isoformat(): "off" for n in range(MOST_DAYS + 10)}
    with pytest.raises(NoWorkingTime):
        Calendar(CalendarSettings(country="", off=days), "Asia/Shanghai").add(local("2026-01-01 10:00"), 60)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"slots": ("8-12",)}, "wrong.slot"),
        ({"slots": ("08:00-12:00", "11:00-13:00")}, "wrong.slot_order"),
        ({"slots": ("12:00-08:00",)}, "wrong.slot"),
        ({"weekdays": (0,)}, "wrong.weekdays"),
        ({"weekdays": ()}, "wrong.weekdays"),
        ({"slots": ()}, "wrong.slot"),
        ({"country": "China"}, "wrong.country"),
        ({"off": {"05-01": "x"}}, "wrong.day"),
    ],
)
def test_a_wrong_calendar_is_refused(given: dict[str, object], word: str) -> None:
    with pytest.raises(Refused) as caught:
        CalendarSettings(**given)  # type: ignore[arg-type]
    assert caught.value.word == word


def test_what_did_not_count_is_told() -> None:
    skipped = CALENDAR.skipped(local("2026-09-30 15:00"), local("2026-10-09 15:00"))
    assert [(s.start.astimezone(HERE).strftime("%m-%d %H"), s.why) for s in skipped] == [
        ("09-30 18", "night"), ("10-01 00", "holiday"), ("10-08 00", "night"), ("10-08 12", "night"),
        ("10-08 18", "night"), ("10-09 12", "night"),
    ]  # fmt: skip


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 20)).map(lambda m: m.replace(microsecond=0, tzinfo=UTC))


@given(MOMENTS, st.integers(1, 400 * 3600))
def test_adding_and_counting_are_each_others_opposite(begin: datetime, seconds: int) -> None:
    end = CALENDAR.add(begin, seconds)
    assert CALENDAR.between(begin, end) == timedelta(seconds=seconds)


@given(MOMENTS, st.integers(1, 100 * 3600), st.integers(1, 100 * 3600))
def test_adding_in_two_steps_is_adding_at_once(begin: datetime, first: int, second: int) -> None:
    assert CALENDAR.add(CALENDAR.add(begin, first), second) == CALENDAR.add(begin, first + second)


@given(MOMENTS, MOMENTS)
def test_what_counted_and_what_did_not_are_all_there_was(one: datetime, other: datetime) -> None:
    begin, end = sorted((one, other))
    skipped = sum((s.end - s.start for s in CALENDAR.skipped(begin, end)), timedelta())
    assert CALENDAR.between(begin, end) + skipped == end - begin
