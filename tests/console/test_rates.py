"""Rates of call-backs: with their N, nothing where nobody was reached, and months that begin when a city says."""

from __future__ import annotations

from typing import Any

import pytest

from console import rates
from console.book import Refused
from console.chat.settings import RateSettings
from console.config import Settings
from tests.console.helpers import Station, local

YES: dict[str, Any] = {"reached": True, "contacted": True, "solved": "yes", "satisfied": "satisfied"}
"""The best that a resident can say."""


def call(at: str = "2026-11-10 10:00", **said: Any) -> dict[str, Any]:
    """A call as a case keeps it."""
    return {"at": local(at).isoformat(), "by": "li", **said}


def test_nobody_reached_is_no_rate() -> None:
    found = rates.rates([("1", {"callbacks": [call(reached=False)]}), ("2", {})], "", None, None)[""]
    assert found.n == 0 and found.missed == ["1"] and set(found.shares(RateSettings()).values()) == {None}


@pytest.mark.parametrize(
    ("calls", "by", "expected"),
    [
        ([YES], RateSettings(), (1, 1, 1, 1)),
        ([YES, {**YES, "satisfied": "fairly"}], RateSettings(), (1, 1, 0.95, 0.98)),
        ([YES, {**YES, "satisfied": "fairly"}], RateSettings(contacted=0.3, solved=0.35, satisfied=0.35), (1, 1, 0.95, 0.9825)),
        ([YES, {**YES, "contacted": False}], RateSettings(), (0.5, 1, 1, 0.95)),
        ([YES, {**YES, "solved": "partly", "satisfied": "dissatisfied"}], RateSettings(), (1, 0.5, 0.5, 0.55)),
        ([YES, {"reached": True, "solved": "no"}, {"reached": False}], RateSettings(fairly=0), (0.5, 0.5, 0.5, 0.5)),
    ],
)  # fmt: skip
def test_the_three_rates_and_all_together(calls: list[Any], by: RateSettings, expected: tuple[float, ...]) -> None:
    found = rates.rates([(str(n), {"callbacks": [call(**each)]}) for n, each in enumerate(calls)], "", None, None)[""]
    assert found.n == sum(each["reached"] for each in calls)
    assert tuple(found.shares(by).values()) == pytest.approx(expected)


def test_of_one_case_the_last_call_that_reached_somebody_counts() -> None:
    case = {
        "callbacks": [
            call(**YES),
            call("2026-11-11 10:00", reached=True, solved="no"),
            call("2026-11-12 10:00", reached=False),
        ]
    }
    found = rates.rates([("1", case)], "", None, None)[""]
    assert found.n == 1 and found.unsolved == ["1"] and not found.solved and not found.missed
    before = rates.rates([("1", case)], "", None, local("2026-11-11 00:00"))[""]
    assert before.solved == ["1"]
    after = rates.rates([("1", case)], "", local("2026-11-12 00:00"), None)[""]
    assert after.n == 0 and after.missed == ["1"]


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("", {""}),
        ("agency", {"", "property", "fire"}),
        ("grid", {"", "g1"}),
        ("category", {"", "sewer"}),
        ("officer", {"", "li"}),
    ],
)
def test_they_are_told_by_group(by: str, groups: set[str]) -> None:
    errands = [
        {"agency": "property", "state": "done"},
        {"agency": "fire", "state": "done"},
        {"agency": "police", "state": "returned"},
    ]
    case = {"callbacks": [call(**YES)], "grid": "g1", "category": "sewer", "owner": "li", "errands": errands}
    assert rates.rates([("1", case)], by, None, None).keys() == groups


def test_what_the_desk_did_itself_has_a_line_of_its_own() -> None:
    cases = [("1", {"callbacks": [call(**YES)]}), ("2", {"callbacks": [call(**YES)], "errands": [{"agency": "fire"}]})]
    cases.append(("3", {"callbacks": [call(**YES)], "errands": [{"agency": "fire", "state": "done"}]}))
    found = rates.rates(cases, "agency", None, None)
    assert {name: each.n for name, each in found.items()} == {"": 3, "–": 2, "fire": 1}, "the lines add up"


def test_by_what_nobody_groups_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        rates.rates([], "agencies", None, None)
    assert caught.value.word == "refused.no_group_by.near"


@pytest.mark.parametrize(
    ("now", "month_from", "day_from", "since", "until"),
    [
        ("2026-11-23 10:00", 1, "00:00", "2026-11-01 00:00", "2026-12-01 00:00"),
        ("2026-11-23 10:00", 19, "00:00", "2026-11-19 00:00", "2026-12-19 00:00"),
        ("2026-11-18 23:59", 19, "00:00", "2026-10-19 00:00", "2026-11-19 00:00"),
        ("2026-11-19 07:59", 19, "08:00", "2026-10-19 08:00", "2026-11-19 08:00"),
        ("2026-01-05 10:00", 19, "00:00", "2025-12-19 00:00", "2026-01-19 00:00"),
    ],
)
def test_a_month_begins_when_the_city_says(now: str, month_from: int, day_from: str, since: str, until: str) -> None:
    from zoneinfo import ZoneInfo

    found = rates.month(
        RateSettings(month_from=month_from, day_from=day_from), local(now).astimezone(ZoneInfo("Asia/Shanghai"))
    )
    assert found == (local(since), local(until))


def test_a_month_by_its_name_is_the_one_that_ends_in_it(station: Station) -> None:
    station.system("configure", settings=Settings(rates=RateSettings(month_from=19)).dump())
    assert rates.span(station.desk.book, "2026-11", station.now()) == (local("2026-10-19 00:00"), local("2026-11-19 00:00"))
    assert rates.span(station.desk.book, "all", station.now()) == (None, None)
    assert rates.span(station.desk.book, "2026-11-23", station.now()) == (
        local("2026-11-23 00:00"),
        local("2026-11-24 00:00"),
    )


@pytest.mark.parametrize(
    "wrong", [{"solved": 0.6}, {"contacted": -0.1, "solved": 0.7}, {"fairly": 2}, {"month_from": 31}, {"day_from": "25:00"}]
)
def test_settings_that_make_no_rate_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        RateSettings(**wrong)


def test_what_is_archived_counts_as_well(station: Station) -> None:
    case = station.filed()
    station.do("resolve", case)
    station.do("close", case, outcome="solved")
    station.do("callback", case, **YES)
    station.store.archive("2026-11", [("issues", case)], at=station.now())
    station.desk.catch_up()
    book = station.desk.book
    assert rates.rates(rates.cases(book, archived=False), "", None, None)[""].n == 0
    assert rates.rates(rates.cases(book, archived=True), "", None, None)[""].solved == [case]
