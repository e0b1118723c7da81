"""Errands: the case follows them; windows, returns, extensions, rework, acts on an agency's behalf."""

from __future__ import annotations

import pytest

from console import sla
from console.config import calendar
from tests.console.helpers import HERE, Station

BEHALF = {"said_by": "小刘", "how": "电话"}


def due(s: Station, id: str, n: int = 1) -> str:
    found = sla.due(s.case(id).errands[n - 1].clock, calendar(s.desk.book))
    assert found is not None
    return found.legal.astimezone(HERE).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("states", "status"),
    [
        (["sent"], "dispatched"),
        (["accepted"], "handling"),
        (["accepted", "sent"], "handling"),
        (["accepted", "returned"], "handling"),
        (["sent", "returned"], "dispatched"),
        (["done", "sent"], "dispatched"),
        (["returned"], "returned"),
        (["refused"], "returned"),
        (["done", "returned"], "returned"),
        (["withdrawn", "returned"], "returned"),
        (["done"], "resolved"),
        (["done", "withdrawn"], "resolved"),
        (["done", "done"], "resolved"),
        (["withdrawn"], "filed"),
        (["withdrawn", "withdrawn"], "filed"),
    ],
)
def test_the_status_follows_the_errands(station: Station, states: list[str], status: str) -> None:
    id = station.filed()
    agencies = ["property", "fire", "police"]
    for n, _ in enumerate(states):
        station.do("dispatch", id, agency=agencies[n])
    for n, state in sorted(enumerate(states, 1), key=lambda pair: pair[1] in ("returned", "refused")):
        if state == "accepted":
            station.do("accept", id, errand=n, **BEHALF)
        elif state == "done":
            station.do("report", id, errand=n, report="办了", **BEHALF)
        elif state == "withdrawn":
            station.do("withdraw", id, errand=n, why="不用了")
        elif state in ("returned", "refused"):
            station.do({"returned": "return", "refused": "refuse"}[state], id, errand=n, why="不归我们", **BEHALF)
    assert station.status(id) == status


def test_one_leg_returned_beside_another_starts_a_dispatch_clock_and_stops_nothing_else(station: Station) -> None:
    id = station.dispatched("property", "fire")
    station.do("accept", id, "fang")
    before = station.case(id).due.legal
    station.later(minutes=5)
    station.do("return", id, "pu", why="不归我们")
    issue = station.case(id)
    assert issue.status == "handling"
    assert (issue.due.stage, issue.due.stage_at) == ("dispatch", station.moment.replace(minute=station.moment.minute + 15))
    assert issue.due.legal == before


def test_the_window_stands_while_the_case_is_suspended(station: Station) -> None:
    id = station.handling()
    station.do("dispatch", id, agency="fire")
    station.do("suspend", id, "sun", until="+3d", why="等配件")
    station.later(days=3, minutes=30)
    station.do("refuse", id, "fang", why="不归我们")


def test_the_window_for_refusing_is_a_quarter_of_the_limit(station: Station) -> None:
    early, late = station.dispatched(), station.dispatched()
    station.later(minutes=60)
    station.do("refuse", early, "pu", why="不归我们")
    station.later(seconds=1)
    assert station.refused("refuse", late, "pu", why="不归我们").word == "refused.window"
    station.do("return", late, "pu", why="不归我们")


def test_sent_to_the_same_agency_the_clock_goes_on_with_what_was_left(station: Station) -> None:
    id = station.dispatched()
    station.later(minutes=30)
    station.do("return", id, "pu", why="找不到地方")
    station.later(minutes=60)
    station.do("dispatch", id, agency="property", ask="在地下室")
    errand = station.case(id).errands[0]
    assert len(station.case(id).errands) == 1
    assert due(station, id) == "11-23 17:00"
    assert [e.report for e in errand.evidence] == ["找不到地方"]
    assert errand.ask == "在地下室"


def test_sent_to_another_agency_it_starts_anew(station: Station) -> None:
    id = station.dispatched()
    station.later(minutes=30)
    station.do("return", id, "pu", why="不归我们")
    station.later(minutes=60)
    station.do("dispatch", id, agency="fire")
    issue = station.case(id)
    assert due(station, id, 2) == "11-23 17:30"
    assert issue.errands[0].answered
    assert issue.errands[1].leading
    assert not issue.errands[0].leading
    assert issue.status == "dispatched"


def test_after_a_return_the_case_is_not_pushed_forward_as_if_nothing_had_happened(station: Station) -> None:
    id = station.returned()
    for verb, fields in (("resolve", {}), ("close", {"outcome": "solved"}), ("file", {"category": "sewer"})):
        assert station.refused(verb, id, **fields).word == "refused.not_now"
    station.do("handle", id)
    station.do("resolve", id, report="自己办了")
    assert station.status(id) == "resolved"


def test_the_case_clock_goes_on_while_an_errand_is_returned(station: Station) -> None:
    id = station.dispatched()
    before = station.case(id).due.legal
    station.do("return", id, "pu", why="不归我们")
    assert station.case(id).due.legal == before


def test_an_extension_adds_one_limit_and_two_are_granted(station: Station) -> None:
    id = station.handling()
    assert due(station, id) == "11-23 16:00"
    for n, after in ((1, "11-24 10:00"), (2, "11-24 16:00")):
        station.do("extend", id, "pu", why="等材料")
        assert due(station, id) != after
        assert station.refused("extend", id, "pu", why="再等").word == "refused.asked"
        station.do("approve", id, "sun", request=n)
        assert due(station, id) == after
    assert station.refused("extend", id, "pu", why="还等").word == "refused.extensions"


def test_a_denied_extension_costs_nothing(station: Station) -> None:
    id = station.handling()
    for n in (1, 2, 3):
        station.do("extend", id, "pu", why="等材料")
        station.do("deny", id, "sun", request=n, why="抓紧")
    assert due(station, id) == "11-23 16:00"
    station.do("extend", id, "pu", why="等材料")
    station.do("approve", id, "sun", request=4)
    assert due(station, id) == "11-24 10:00"


def test_an_overdue_errand_cannot_be_extended(station: Station) -> None:
    id = station.handling()
    station.at("2026-11-23 16:00:01")
    assert station.refused("extend", id, "pu", why="等材料").word == "refused.extend_overdue"


def test_an_officer_records_for_the_agency_and_names_who_said_it(station: Station) -> None:
    id = station.dispatched()
    assert station.refused("accept", id).word == "refused.on_behalf"
    assert station.refused("accept", id, said_by="小刘").word == "refused.on_behalf"
    station.do("accept", id, **BEHALF)
    assert station.case(id).errands[0].on_behalf == "小刘 (电话)"


def test_a_liaison_acts_on_their_own_agency_s_errands_only(station: Station) -> None:
    id = station.dispatched("property", "fire")
    assert station.refused("accept", id, "fang", errand=1).word == "refused.not_your_errand"
    station.do("accept", id, "fang")
    assert [str(e.state) for e in station.case(id).errands] == ["sent", "accepted"]


def test_which_errand_is_meant_must_be_clear(station: Station) -> None:
    id = station.dispatched("property", "fire")
    assert station.refused("accept", id, **BEHALF).word == "refused.which_errand"
    assert station.refused("accept", id, errand=9, **BEHALF).word == "refused.no_errand"
    assert station.refused("dispatch", id, agency="fire").word == "refused.has_it"


@pytest.mark.parametrize(
    ("made", "verb", "who", "fields"),
    [
        ("handling", "accept", "pu", {"errand": 1}),
        ("handling", "refuse", "pu", {"errand": 1, "why": "x"}),
        ("resolved", "report", "pu", {"errand": 1, "report": "x"}),
        ("resolved", "return", "pu", {"errand": 1, "why": "x"}),
        ("returned", "withdraw", "li", {"errand": 1, "why": "x"}),
    ],
)
def test_an_errand_allows_what_its_state_allows(
    station: Station, made: str, verb: str, who: str, fields: dict[str, object]
) -> None:
    assert station.refused(verb, station.make(made), who, **fields).word == "refused.errand_state"


def test_rework_goes_to_the_same_agency_and_keeps_the_evidence(station: Station) -> None:
    id = station.resolved()
    station.later(minutes=10)
    station.do("rework", id, why="还在漏")
    errand = station.case(id).errands[0]
    assert station.status(id) == "dispatched"
    assert [(str(e.state), e.report, e.why) for e in errand.evidence] == [("done", "已疏通", "还在漏")]
    station.do("accept", id, "pu")
    station.do("report", id, "pu", report="换了管子")
    assert station.status(id) == "resolved"


def test_a_desk_that_has_done_it_leaves_the_agency_s_errand_open_and_closing_says_so(station: Station) -> None:
    id = station.dispatched()
    station.do("resolve", id, report="邻居帮忙弄好了")
    assert station.refused("close", id, outcome="solved").word == "refused.open_errands"
    assert station.refused("close", id, outcome="solved", force=True, why="x").word == "refused.no_right"
    assert station.refused("close", id, "chen", outcome="solved", force=True).word == "refused.no_reason"
    station.do("close", id, "chen", outcome="solved", force=True, why="物业电话打不通")
    issue = station.case(id)
    assert issue.status == "closed"
    assert str(issue.errands[0].state) == "withdrawn"


def test_a_case_sent_to_two_agencies_is_joint_and_one_of_them_leads(station: Station) -> None:
    id = station.dispatched("property", "fire")
    issue = station.case(id)
    assert issue.mode == "joint"
    assert [e.leading for e in issue.errands] == [True, False]
    station.do("dispatch", id, agency="police", leading=True)
    assert [e.leading for e in station.case(id).errands] == [False, False, True]


def test_a_suspended_case_stops_the_clocks_of_its_errands(station: Station) -> None:
    id = station.handling()
    station.at("2026-11-23 11:00")
    station.do("suspend", id, "sun", until="2026-11-25 08:00", why="等配件")
    assert station.case(id).due.legal is None
    station.at("2026-11-24 09:00")
    station.do("resume", id)
    assert due(station, id) == "11-24 12:00"
    legal = station.case(id).due.legal
    assert legal is not None
    assert legal.astimezone(HERE).strftime("%m-%d %H:%M") == "11-24 12:00"


def test_an_extension_that_was_asked_in_time_is_not_granted_once_overdue(station: Station) -> None:
    id = station.filed()
    station.do("dispatch", id, agency="property", limit="2紧急工作时")
    station.do("accept", id, "pu")
    station.do("extend", id, "pu", why="缺零件")
    station.later(hours=3)
    assert station.refused("approve", id, "sun", request=1).word == "refused.extend_overdue"
