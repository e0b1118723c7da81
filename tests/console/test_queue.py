"""The queue: urgency with its reasons, views, the query language, keeping order as cases and time change."""

from __future__ import annotations

from typing import Any

import pytest

from console.book import Refused
from console.query import KEYS, describe
from console.queue import VIEWS, Queue, View
from console.tally import Tally
from tests.console.helpers import Station


def view(s: Station, query: str = "", who: str = "li") -> View:
    return View(Queue(s.desk.book, s.moment), s.desk.book, s.who(who), query, s.moment)


def ids(v: View) -> list[str]:
    return [seen.row.id for seen in v.page()]


def reasons(s: Station, id: str) -> dict[str, tuple[int, Any]]:
    found = Queue(s.desk.book, s.moment).reasons(id, s.moment)
    return {reason.word.removeprefix("urgency."): (reason.points, reason.value) for reason in found}


def counts_of(s: Station) -> dict[str, int]:
    """How many rows the views have that the counts are named after."""
    return {"open": len(view(s)), "overdue": len(view(s, VIEWS["overdue"])), "mine": len(view(s, VIEWS["mine"]))}


def test_urgency_says_why(station: Station) -> None:
    id = station.filed(category="hornet", text="马蜂窝,小孩被蜇了")
    for name in ("陆", "孙", "何"):
        station.do("voice", id, name=name)
    station.at("2026-11-23 12:22")
    assert reasons(station, id) == {
        "p2": (20, 0), "overdue": (12, 22), "danger": (8, "被蜇"), "voices": (6, 3), "stage_dispatch": (4, 127),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("minutes", "points"), [(89, 0), (90, 8), (119, 8), (120, 10), (129, 10), (130, 11), (600, 30), (6000, 30)]
)
def test_points_grow_with_time_up_to_a_bound(station: Station, minutes: int, points: int) -> None:
    id = station.filed(category="hornet")
    station.do("handle", id)
    station.later(minutes=minutes)
    assert sum(p for word, (p, _) in reasons(station, id).items() if word in ("soon", "overdue")) == points


def test_the_queue_keeps_its_order_as_time_goes_by(station: Station) -> None:
    slow = station.filed(category="dispute")
    quick = station.filed(category="sewer")
    for id in (slow, quick):
        station.do("handle", id)
    followed = view(station)
    for minutes in (1, 100, 240, 300, 1000, 5000):
        station.later(minutes=minutes)
        followed.update(station.moment)
        assert ids(followed) == ids(view(station))


def test_a_view_follows_what_changes_and_agrees_with_a_fresh_one(station: Station) -> None:
    made = [station.filed() for _ in range(6)]
    queue = Queue(station.desk.book, station.moment)
    views = {name: View(queue, station.desk.book, station.who("li"), query, station.moment) for name, query in VIEWS.items()}
    tally = Tally(station.desk.book, station.who("li"))
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("voice", made[2], {"name": "x"}), ("resolve", made[0], {}), ("close", made[0], {"outcome": "solved"}),
        ("merge", made[1], {"into": made[2]}), ("unmerge", made[1], {}), ("reopen", made[0], {"why": "没修好"}),
        ("dispatch", made[3], {"agency": "property"}), ("edit", made[4], {"severity": "p1"}), ("edit", made[5], {"owner": "zhao"}),
    ]  # fmt: skip
    for verb, id, fields in steps:
        station.later(minutes=7)
        station.do(verb, id, **fields)
        for name, each in views.items():
            each.update(station.moment)
            assert ids(each) == ids(view(station, VIEWS[name])), (name, verb)
        assert tally.counts(station.moment) == counts_of(station), verb


def test_a_suspended_case_wakes_in_the_queue(station: Station) -> None:
    id = station.suspended()
    tally = Tally(station.desk.book, station.who("li"))
    followed = view(station, "status:handling")
    assert ids(followed) == []
    assert tally.counts(station.moment) == counts_of(station)
    for day in (20, 28):
        station.at(f"2026-12-{day} 09:01")
        followed.update(station.moment)
        assert ids(followed) == [id]
        assert tally.counts(station.moment) == counts_of(station), day
    assert tally.counts(station.moment)["overdue"] == 1


def test_settings_reorder_the_queue(station: Station) -> None:
    low, high = station.filed(category="sewer"), station.filed(category="hornet")
    followed = view(station)
    assert ids(followed) == [high, low]
    station.desk.who = station.who("chen")
    from console.config import Configure, QueueSettings, Settings

    station.desk.do(Configure(settings=Settings(queue=QueueSettings(p3=99))))
    followed.update(station.moment)
    assert ids(followed) == [low, high]


def test_another_calendar_moves_due_moments_in_the_queue(station: Station) -> None:
    from console.config import Configure, Settings
    from console.workdays import CalendarSettings

    id = station.filed()
    station.desk.who = station.who("chen")
    station.desk.do(Configure(settings=Settings(calendar=CalendarSettings(off={"2026-11-23": "停工"}))))
    row = Queue(station.desk.book, station.moment).row(id)
    assert row is not None
    from tests.console.helpers import local

    assert row.legal == local("2026-11-24 12:00").timestamp()


@pytest.fixture
def many(station: Station) -> dict[str, str]:
    made = {
        "new": station.take(text="路灯不亮了", grid="g1", source="phone"),
        "hornet": station.filed(category="hornet", grid="g1", text="树上马蜂窝", who="zhao"),
        "sewer": station.dispatched("fire", grid="g2", text="下水道堵塞 Sewer blocked"),
        "closed": station.closed(),
        "merged": station.merged(),
    }
    station.later(hours=3)
    return made


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("status:new", "new"),
        ("status:new,filed grid:g1", "new hornet"),
        ("grid:c", "new hornet sewer"),
        ("grid:g", "new hornet sewer"),
        ("overdue:yes", "hornet"),
        ("-overdue:yes grid:c", "new sewer"),
        ("due:<2h", "hornet"),
        ("due:>2h", "new sewer"),
        ("category:mfw", "hornet"),
        ("category:people grid:c", "hornet sewer"),
        ("by:zhao", "hornet"),
        ("agency:fire", "sewer"),
        ("age:>3h", ""),
        ("age:<4h grid:c", "new hornet sewer"),
        ("下水道", "sewer"),
        ("SEWER blocked", "sewer"),
        ('"sewer blocked"', "sewer"),
        ("马蜂 grid:g1", "hornet"),
        ("status:closed", "closed"),
        ("owed:yes", "closed"),
        ("outcome:duplicate", "merged"),
        ("status：new", "new"),
        ("severity:p2", "hornet"),
        ("source:phone", "new"),
        ("urgent:yes", "hornet"),
        ("没有这个词", ""),
        ('unclosed " quote', ""),
        ("http://x", ""),
    ],
)
def test_queries(station: Station, many: dict[str, str], query: str, names: str) -> None:
    found = set(ids(view(station, query)))
    assert {name for name, id in many.items() if id in found} == set(names.split())


def test_my_cases(station: Station, many: dict[str, str]) -> None:
    assert many["hornet"] in ids(view(station, "by:me", "zhao"))
    assert many["new"] not in ids(view(station, "by:me", "zhao"))
    assert ids(view(station, "by:zhao", "li")) == ids(view(station, "by:me", "zhao"))


@pytest.mark.parametrize(
    ("query", "word", "near"),
    [
        ("staus:new", "refused.query_key.near", "status"),
        ("zzz:new", "refused.query_key", ""),
        ("status:nwe", "refused.no_status.near", "new"),
        ("severity:p9", "refused.no_severity.near", "p1"),
        ("grid:h1", "refused.no_place.near", "g1"),
        ("category:swer", "refused.no_category.near", "sewer"),
        ("overdue:perhaps", "refused.query_yes", None),
        ("due:soon", "refused.query_span", None),
        ("status:", "refused.query_empty", None),
    ],
)
def test_a_mistake_names_the_word_and_the_nearest(station: Station, query: str, word: str, near: str | None) -> None:
    with pytest.raises(Refused) as caught:
        view(station, query)
    assert caught.value.word == word
    if near is not None:
        assert caught.value.facts["near"] == near or word.startswith("refused.no_severity")


def test_every_key_is_described() -> None:
    assert set(describe()) == set(KEYS)
