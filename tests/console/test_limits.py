"""The text of a limit, in both languages."""

from __future__ import annotations

import pytest

from console.limits import HOUR, BadLimit, Counts, parse

DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("text", "counts", "seconds"),
    [
        ("2紧急工作时", Counts.URGENT, 2 * HOUR),
        ("1紧急工作日", Counts.NATURAL, DAY),
        ("紧急2小时", Counts.URGENT, 2 * HOUR),
        ("2个紧急工作日", Counts.NATURAL, 2 * DAY),
        ("3自然日", Counts.NATURAL, 3 * DAY),
        ("4小时", Counts.HOURS, 4 * HOUR),
        ("4工作时", Counts.HOURS, 4 * HOUR),
        ("两小时", Counts.HOURS, 2 * HOUR),
        ("2天", Counts.DAYS, 16 * HOUR),
        ("2工作日", Counts.DAYS, 16 * HOUR),
        ("十五天", Counts.DAYS, 120 * HOUR),
        ("３０分", Counts.URGENT, 1800),
        ("30分钟", Counts.URGENT, 1800),
        ("本班", Counts.SHIFT, 0),
        ("无", Counts.NONE, 0),
        ("2 urgent hours", Counts.URGENT, 2 * HOUR),
        ("1 natural day", Counts.NATURAL, DAY),
        ("4 hours", Counts.HOURS, 4 * HOUR),
        ("2 days", Counts.DAYS, 16 * HOUR),
        ("30 min", Counts.URGENT, 1800),
        ("this shift", Counts.SHIFT, 0),
        ("None", Counts.NONE, 0),
        (" 1.5 h ", Counts.HOURS, 5400),
    ],
)
def test_a_limit_is_read(text: str, counts: Counts, seconds: int) -> None:
    found = parse(text)
    assert (found.counts, found.seconds, found.text) == (counts, seconds, text)


@pytest.mark.parametrize(
    "text", ["", "soon", "4", "0小时", "-2小时", "四小石", "2小时3分", "99999999天", "百天", "2 fortnights"]
)
def test_what_says_no_limit_is_refused(text: str) -> None:
    with pytest.raises(BadLimit):
        parse(text)


def test_a_working_day_is_a_whole_day_on_duty() -> None:
    assert parse("2天").duty_seconds == 2 * DAY
    assert parse("4小时").duty_seconds == 4 * HOUR
    assert parse("2紧急工作日").duty_seconds == 2 * DAY
