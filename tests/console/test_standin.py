"""Substitutes, orphaned work, urgings and their answers, agencies' questions, forced closes, quiet corners."""

from __future__ import annotations

from console.queue import Queue, View
from console.quiet import quiet
from console.standin import orphans
from console.tidy import plan
from tests.console.helpers import Station


def mine(station: Station, who: str) -> list[str]:
    book, actor = station.desk.book, station.who(who)
    return View(Queue(book, station.moment), book, actor, "by:me", station.moment).ids()


def test_a_substitute_has_the_other_s_cases_until_the_date(station: Station) -> None:
    id = station.filed()
    assert mine(station, "zhao") == [] and mine(station, "li") == [id]
    station.do("stand_in", substitute="zhao", until="+2d", why="培训")
    assert mine(station, "zhao") == [id] and station.who("zhao").stands_for == ("li",)
    station.later(days=3)
    assert mine(station, "zhao") == []
    station.do("stand_in", substitute="zhao", until="+2d")
    station.do("come_back")
    assert mine(station, "zhao") == []


def test_a_substitute_for_a_facilitator_has_their_grids_too(station: Station) -> None:
    station.system("set_person", login="zhou", role="facilitator", grids=("g2",))
    id = station.filed(grid="g1")
    assert station.refused("note", id, "zhou", text="x").word == "refused.not_your_grid"
    station.do("stand_in", who="wang", substitute="zhou", until="+1d")
    station.do("note", id, "zhou", text="看过了")
    station.later(days=2)
    assert station.refused("note", id, "zhou", text="x").word == "refused.not_your_grid"


def test_nobody_gains_a_right_by_standing_in(station: Station) -> None:
    assert station.refused("stand_in", who="chen", substitute="li", until="+1d").word == "refused.no_substitute"
    assert station.refused("stand_in", who="pu", substitute="fang", until="+1d").word == "refused.no_substitute"
    assert station.refused("stand_in", substitute="li", until="+1d").word == "refused.no_substitute"
    assert station.refused("stand_in", substitute="zhao", until="+400d").word == "refused.away_until"
    assert station.refused("stand_in", substitute="zhao", until="2026-11-01 10:00").word == "refused.away_until"
    station.do("stand_in", substitute="zhao", until="+2d")
    assert station.refused("stand_in", who="zhao", substitute="li", until="+1d").word == "refused.substitute_away"
    assert station.refused("stand_in", who="zhao", login="li", substitute="chen", until="+1d").word == "refused.no_right"
    station.do("stand_in", who="chen", login="li", substitute="chen", until="+1d")


def test_what_somebody_leaves_behind_is_found_and_handed_on(station: Station) -> None:
    id, other = station.filed(), station.take(who="zhao", grid="g1")
    station.do("check", other, who="zhao")
    done = station.do("leave", who="chen", login="li")
    assert [word for word, facts in done.warnings if facts == {"n": 1}] == ["warning.orphans"]
    station.do("leave", who="chen", login="wang")
    assert sorted(orphans(station.desk.book)) == sorted([id, other])
    book, chen = station.desk.book, station.who("chen")
    assert sorted(View(Queue(book, station.moment), book, chen, "orphan:yes", station.moment).ids()) == sorted([id, other])
    station.do("assign", id, who="chen", owner="zhao", why="李调走了")
    station.do("assign", other, who="chen", owner="zhao")
    assert orphans(station.desk.book) == [] and station.case(other).checks[0].who == "zhao"
    assert station.refused("assign", id, "chen", owner="li").word == "refused.left"
    assert station.refused("assign", id, "chen", owner="pu").word == "refused.no_owner"


def test_an_urging_demands_an_answer_and_is_late_without(station: Station) -> None:
    id = station.filed(category="dispute")
    station.do("urge", id, who="sun", why="居民等了三天", answer_by="+10m")
    assert station.case(id).due.stage == "urging"
    book = station.desk.book
    view = View(Queue(book, station.moment), book, station.who("sun"), "urging:yes", station.moment)
    assert view.ids() == [id]
    assert station.refused("answer_urge", id, "sun", text="x").word == "refused.no_right"
    station.do("answer_urge", id, text="今晚八点前")
    told = station.case(id).urgings[0]
    assert (told.answer, told.answered_by, station.case(id).due.stage) == ("今晚八点前", "li", "dispatch")
    view.update(station.moment)
    assert view.ids() == []
    station.do("urge", id, who="chen", why="x")
    assert station.refused("answer_urge", id, "chen", text="x").word == "refused.own_urging"
    assert station.refused("urge", id, "sun", why="x", answer_by="2026-01-01 10:00").word == "refused.past"


def test_an_agency_asks_and_the_clock_goes_on(station: Station) -> None:
    id = station.handling()
    due = station.case(id).errands[0].clock
    station.do("inquire", id, who="pu", text="几号楼的井盖?")
    assert station.case(id).errands[0].clock == due
    book = station.desk.book
    assert View(Queue(book, station.moment), book, station.who("li"), "inquiry:yes", station.moment).ids() == [id]
    assert station.refused("inquire", id, "pu", text="还有").word == "refused.inquired"
    assert station.case(id).due.stage == "inquiry"
    station.do("inform", id, text="三号楼东侧")
    assert station.case(id).errands[0].asks is None
    assert station.refused("inform", id, text="x").word == "refused.no_inquiry"
    assert station.refused("inquire", id, text="x").word == "refused.on_behalf"


def test_an_agency_asks_to_suspend_what_it_has_accepted(station: Station) -> None:
    id = station.dispatched()
    assert station.refused("suspend", id, "pu", until="+9d", why="等配件").word == "refused.errand_state"
    station.do("accept", id, who="pu")
    station.do("suspend", id, who="pu", until="+9d", why="等配件")
    asked = station.case(id).requests[0]
    assert (asked.what, asked.by, asked.errand, asked.state) == ("suspend", "pu", 1, "open")
    station.do("approve", id, who="sun", request=1)
    assert station.status(id) == "suspended"


def test_a_forced_close_waits_for_another_supervisor_and_stays_out_of_the_archive(station: Station) -> None:
    id = station.handling(name="", contact="")
    station.do("resolve", id)
    assert station.refused("close", id, "li", outcome="solved", force=True, why="x").word == "refused.no_right"
    station.do("close", id, who="chen", outcome="solved", force=True, why="居民搬走了")
    forced = station.case(id).forced
    assert forced is not None and (forced.by, forced.left, forced.why) == ("chen", ("property",), "居民搬走了")
    assert station.refused("review", id, "chen", remark="x").word == "refused.own_force"
    station.later(days=60)
    assert not any(
        (kind, each) == ("issues", id) for _, docs in plan(station.desk.book, station.moment) for kind, each in docs
    )
    station.do("review", id, who="sun", remark="理由成立")
    assert station.refused("review", id, "sun", remark="x").word == "refused.not_forced"
    docs = [pair for _, docs in plan(station.desk.book, station.moment) for pair in docs]
    assert ("issues", id) in docs


def test_a_case_with_an_open_appeal_stays_out_of_the_archive(station: Station) -> None:
    id = station.handling(name="", contact="")
    station.later(days=3)
    station.do("report", id, who="pu", report="通了")
    station.do("close", id, outcome="solved")
    station.do("appeal", id, who="pu", why="门锁着")
    station.later(days=60)
    assert plan(station.desk.book, station.moment) == []


def test_grids_that_say_nothing_are_quiet(station: Station) -> None:
    station.take(grid="g1")
    codes = [corner.code for corner in quiet(station.desk.book, station.who("sun"), station.moment)]
    assert codes == ["g2"]
    station.take(grid="g2")
    assert quiet(station.desk.book, station.who("sun"), station.moment) == []
    station.later(days=15)
    told = quiet(station.desk.book, station.who("wang"), station.moment)
    assert [(corner.code, corner.last is not None) for corner in told] == [("g1", True)]


def test_a_right_that_is_taken_away_is_gone_at_the_next_act(station: Station) -> None:
    from console.desk import Desk
    from console.door import act
    from console.staff import renewed

    id = station.filed()
    desk = Desk(station.session(), station.now, station.who("li"), renewed)
    desk.do(act("note", {"issue": id, "text": "x"}))
    station.do("set_person", who="chen", login="li", role="facilitator", grids=("g2",))
    import pytest

    from console.book import Refused

    with pytest.raises(Refused) as caught:
        desk.do(act("note", {"issue": id, "text": "x"}))
    assert caught.value.word == "refused.not_your_grid"
    station.do("leave", who="chen", login="li")
    with pytest.raises(Refused) as caught:
        desk.do(act("note", {"issue": id, "text": "x"}))
    assert caught.value.word == "refused.you_left"
