"""The status table: every row of it is reached by an act, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from console.book import Refused
from console.progress import moved
from console.status import TABLE, Status
from tests.console.helpers import Station

Step = Callable[[Station, str], object]


def act(verb: str, who: str = "li", **fields: Any) -> Step:
    return lambda s, id: s.do(verb, id, who, **fields)


def then(*steps: Step) -> Step:
    return lambda s, id: [step(s, id) for step in steps]


def merge(s: Station, id: str) -> object:
    return s.do("merge", id, into=s.filed())


def unmerged_from(made: Callable[[Station], str]) -> Callable[[Station], str]:
    """A case merged from a status."""

    def make(s: Station) -> str:
        id = made(s)
        merge(s, id)
        return id

    return make


def close_master(s: Station, id: str) -> object:
    master = s.case(id).merged
    assert master is not None
    s.do("resolve", master.into)
    return s.do("close", master.into, outcome="solved")


def desk_did_it(s: Station) -> str:
    """Resolved by the desk while an agency still works on it."""
    id = s.handling()
    s.do("resolve", id)
    return id


WITHDRAW = act("withdraw", errand=1, why="换一家")

ROWS: list[tuple[str, str, Callable[[Station], str], Step]] = [
    ("new", "filed", Station.take, act("file", category="sewer")),
    ("new", "closed", Station.take, act("answer", answer="窗口办")),
    ("new", "rejected", Station.take, act("reject", outcome="not_ours", told="12345", why="不是本社区")),
    ("new", "merged", Station.take, merge),
    ("filed", "dispatched", Station.filed, act("dispatch", agency="fire")),
    ("filed", "resolved", Station.filed, act("resolve", report="已清理")),
    ("filed", "voided", Station.filed, act("void", "sun", why="重复")),
    ("filed", "merged", Station.filed, merge),
    ("dispatched", "handling", Station.dispatched, act("accept", "pu")),
    ("dispatched", "returned", Station.dispatched, act("refuse", "pu", why="不归我们")),
    ("dispatched", "resolved", Station.dispatched, act("resolve", report="自己办了")),
    ("dispatched", "filed", Station.dispatched, WITHDRAW),
    ("dispatched", "voided", Station.dispatched, act("void", "sun", why="重复")),
    ("dispatched", "merged", Station.dispatched, merge),
    ("handling", "resolved", Station.handling, act("report", "pu", report="办好了")),
    ("handling", "suspended", Station.handling, act("suspend", "sun", until="+30d", why="等配件")),
    ("handling", "returned", Station.handling, act("return", "pu", why="办不了")),
    ("handling", "dispatched", Station.handling, then(act("dispatch", agency="fire"), WITHDRAW)),
    ("handling", "filed", Station.handling, WITHDRAW),
    ("handling", "voided", Station.handling, act("void", "sun", why="重复")),
    ("handling", "merged", Station.handling, merge),
    ("suspended", "handling", Station.suspended, act("resume", why="配件到了")),
    ("suspended", "voided", Station.suspended, act("void", "sun", why="不修了")),
    ("returned", "dispatched", Station.returned, act("dispatch", agency="fire")),
    ("returned", "filed", Station.returned, act("handle", why="自己办")),
    ("returned", "voided", Station.returned, act("void", "sun", why="重复")),
    ("returned", "merged", Station.returned, merge),
    ("resolved", "closed", Station.resolved, act("close", outcome="solved")),
    ("resolved", "dispatched", Station.resolved, act("rework", why="还在漏")),
    ("resolved", "filed", Station.resolved, act("rework", by_desk=True, why="自己看看")),
    ("resolved", "handling", desk_did_it, act("rework", by_desk=True, why="没弄好")),
    ("closed", "filed", Station.closed, act("reopen", why="昨晚又不亮了")),
    ("rejected", "new", Station.rejected, act("restore", why="是我们的")),
    ("merged", "closed", Station.merged, close_master),
    ("merged", "new", Station.merged, act("unmerge")),
    ("merged", "filed", unmerged_from(Station.filed), act("unmerge")),
    ("merged", "dispatched", unmerged_from(Station.dispatched), act("unmerge")),
    ("merged", "handling", unmerged_from(Station.handling), act("unmerge")),
    ("merged", "returned", unmerged_from(Station.returned), act("unmerge")),
]


@pytest.mark.parametrize(("was", "to", "make", "step"), ROWS, ids=[f"{was}-{to}" for was, to, _, _ in ROWS])
def test_every_row_of_the_table(station: Station, was: str, to: str, make: Callable[[Station], str], step: Step) -> None:
    id = make(station)
    assert station.status(id) == was
    station.later(minutes=1)
    step(station, id)
    assert station.status(id) == to


def test_the_rows_are_the_table() -> None:
    assert {(was, to) for was, to, _, _ in ROWS} == {(str(was), str(to)) for was, all_to in TABLE.items() for to in all_to}


@pytest.mark.parametrize("was", Status)
@pytest.mark.parametrize("to", Status)
def test_what_is_not_in_the_table_is_refused(station: Station, was: Status, to: Status) -> None:
    issue = station.case(station.make(str(was)))
    if to is was:
        assert moved(issue, to, station.moment) is issue
    elif to in TABLE[was]:
        assert moved(issue, to, station.moment).status is to
    else:
        with pytest.raises(Refused) as caught:
            moved(issue, to, station.moment)
        assert caught.value.word == "refused.status"


ONLY_WHEN: dict[str, tuple[dict[str, Any], set[str]]] = {
    "file": ({"category": "sewer"}, {"new"}),
    "answer": ({"answer": "x"}, {"new"}),
    "reject": ({"outcome": "mistaken", "why": "x"}, {"new"}),
    "restore": ({}, {"rejected"}),
    "dispatch": ({"agency": "police"}, {"filed", "dispatched", "handling", "returned"}),
    "handle": ({}, {"filed", "returned"}),
    "resolve": ({}, {"filed", "dispatched", "handling"}),
    "rework": ({"why": "x"}, {"resolved"}),
    "close": ({"outcome": "solved"}, {"resolved"}),
    "reopen": ({"why": "x"}, {"closed"}),
    "callback": ({"reached": False}, {"closed"}),
    "void": ({"why": "x"}, {"filed", "dispatched", "handling", "returned", "suspended"}),
    "suspend": ({"until": "+9d", "why": "x"}, {"handling"}),
    "resume": ({}, {"suspended"}),
    "unmerge": ({}, {"merged"}),
    "check": ({"what": "x"}, {"new", "resolved"}),
    "merge": ({}, {"new", "filed", "dispatched", "handling", "returned"}),
    "urge": ({"why": "x"}, {"new", "filed", "dispatched", "handling", "returned", "suspended", "resolved"}),
    "voice": ({"name": "x"}, {"new", "filed", "dispatched", "handling", "returned", "suspended", "resolved", "merged"}),
}


@pytest.mark.parametrize("verb", ONLY_WHEN)
@pytest.mark.parametrize("was", [str(status) for status in Status])
def test_an_act_is_refused_in_every_status_that_is_not_its_own(station: Station, verb: str, was: str) -> None:
    fields, allowed = ONLY_WHEN[verb]
    id = station.make(was)
    station.later(minutes=1)
    if verb == "merge":
        fields = {"into": station.filed()}
    if was in allowed:
        station.do(verb, id, "chen", **fields)
    else:
        word = station.refused(verb, id, "chen", **fields).word
        assert word in ("refused.not_now", "refused.status")


NEEDS_A_REASON = {
    "return": ("handling", "pu", {}), "refuse": ("dispatched", "pu", {}), "reject": ("new", "li", {"outcome": "mistaken"}),
    "void": ("filed", "li", {}), "rework": ("resolved", "li", {}), "reopen": ("closed", "li", {}),
    "suspend": ("handling", "li", {"until": "+9d"}), "urge": ("filed", "sun", {}), "withdraw": ("handling", "li", {"errand": 1}),
    "extend": ("handling", "pu", {}),
}  # fmt: skip


@pytest.mark.parametrize("verb", NEEDS_A_REASON)
@pytest.mark.parametrize("why", ["", "  \n "])
def test_ways_back_need_a_reason(station: Station, verb: str, why: str) -> None:
    was, who, fields = NEEDS_A_REASON[verb]
    assert station.refused(verb, station.make(was), who, why=why, **fields).word == "refused.no_reason"


@pytest.mark.parametrize(("verb", "was", "days"), [("restore", "rejected", 7), ("unmerge", "merged", 7)])
def test_what_can_be_undone_for_seven_days(station: Station, verb: str, was: str, days: int) -> None:
    early, late = station.make(was), station.make(was)
    station.later(days=days, seconds=-1)
    station.do(verb, early)
    station.later(seconds=2)
    assert station.refused(verb, late).word == "refused.too_late"


def test_a_suspended_case_goes_on_by_itself_from_its_date(station: Station) -> None:
    id = station.suspended()
    until = station.case(id).suspended
    assert until is not None
    station.moment = until.until + timedelta(hours=5)
    station.do("note", id, text="又一天")
    issue = station.case(id)
    assert issue.status is Status.HANDLING
    assert issue.suspended is None
    assert issue.clock[-1].at == until.until
    assert station.refused("suspend", id, "sun", until="+3d", why="再等").word == "refused.suspended_once"


@pytest.mark.parametrize(("until", "word"), [("2026-11-23 09:00", "past"), ("2028-01-01 09:00", "suspend_until")])
def test_a_suspension_has_a_date_at_most_a_year_ahead(station: Station, until: str, word: str) -> None:
    assert station.refused("suspend", station.handling(), "sun", until=until, why="x").word == f"refused.{word}"
