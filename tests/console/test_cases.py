"""Taking in, filing, fields, checks, merging, approvals, call-backs: the rules that are not rows of the status table."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from console.categories import named
from console.clock import read
from console.figures import by
from console.numbers import number
from console.progress import UNMERGE_DAYS
from console.record import replace
from console.rows import Row
from console.sample import text as text_of
from tests.console.helpers import HERE, Station, local


def clock(moment: Any) -> str:
    return str(moment.astimezone(HERE).strftime("%m-%d %H:%M"))


def test_a_case_has_its_number_by_the_station_s_day(station: Station) -> None:
    station.at("2026-11-23 23:59")
    first, second = station.take(), station.take()
    station.at("2026-11-24 00:01")
    assert [first, second, station.take()] == ["202611230001", "202611230002", "202611240001"]


@pytest.mark.parametrize("said", ["20261123-0001", "202611230001", "1123-0001", "1", "0001", "#1"])
def test_a_number_may_be_written_short(station: Station, said: str) -> None:
    station.take()
    station.do("note", said, text="看到了")


@pytest.mark.parametrize("said", ["x", "1123-", "", "12-0001", "²", "1123-0001-2"])
def test_what_is_no_number_is_refused(station: Station, said: str) -> None:
    station.take()
    assert station.refused("note", said or "?", text="x").word in ("refused.bad_number", "refused.no_issue")


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"text": "  "}, "refused.no_text"),
        ({"text": "x", "category": "nest"}, "refused.no_category.near"),
        ({"text": "x", "category": "zzzzzz"}, "refused.no_category"),
        ({"text": "x", "grid": "g9"}, "refused.no_place.near"),
        ({"text": "x", "severity": "p7"}, "refused.no_severity.near"),
        ({"text": "x", "reported": "2026-11-24 10:00"}, "refused.future"),
        ({"text": "x", "reported": "noon"}, "refused.bad_moment"),
        ({"text": "x", "zzz": "red"}, "refused.field_unknown"),
        ({"text": "x", "categry": "sewer"}, "refused.field_unknown.near"),
        ({"text": "x", "sensitive": "maybe"}, "refused.field_wrong"),
        ({}, "refused.field_missing"),
    ],
)
def test_a_case_with_a_wrong_field_is_refused(station: Station, fields: dict[str, Any], word: str) -> None:
    near = {"refused.no_category.near", "refused.no_category"} if "category" in fields else {word}
    assert station.refused("take", **fields).word in near


def test_the_limit_is_the_category_s_then_the_severity_s(station: Station) -> None:
    by_category, by_severity, own = station.take(category="mfw"), station.take(severity="p2"), station.take()
    station.do("file", own, category="sewer", limit="3天")
    limits = [station.case(id).limit for id in (by_category, by_severity, own)]
    assert limits == ["2紧急工作时", "2紧急工作时", "3天"]
    assert station.refused("file", station.take(), category="sewer", limit="soon").word == "refused.bad_limit"


def test_filing_needs_a_standard(station: Station) -> None:
    assert station.refused("file", station.take()).word == "refused.no_standard"


def test_another_category_brings_its_limit_and_keeps_what_was_counted(station: Station) -> None:
    id = station.filed()
    station.later(minutes=30)
    station.do("edit", id, category="hornet")
    legal = station.case(id).due.legal
    assert clock(legal) == "11-23 12:00"
    before = station.desk.catch_up()
    station.do("edit", id, category="hornet")
    assert station.desk.catch_up() == before, "an edit that changes nothing is none"


def test_this_shift_ends_with_the_shift(station: Station) -> None:
    id = station.take(category="zx")
    assert clock(station.case(id).due.legal) == "11-23 16:00"
    assert station.case(station.take(category="by")).due.legal is None


def test_what_must_be_rung_for_is_said_first(station: Station) -> None:
    done = station.do("take", text="7幢电梯困人,快来")
    assert [(word, facts["ring"]) for word, facts in done.warnings] == [("warning.ring", "119")]


@pytest.mark.parametrize("text", ["7幢电梯困人,快来", "楼道太吵,电梯困人没人管"])
def test_what_is_dangerous_is_so_under_any_category(station: Station, text: str) -> None:
    plain = station.case(station.take(category="dispute", text="楼道太吵"))
    assert (plain.severity, plain.limit) == ("p4", "15天")
    issue = station.case(station.take(category="dispute", text=text))
    assert (issue.category, issue.severity, issue.limit) == ("dispute", "p1", "30分")
    assert clock(issue.due.legal) == "11-23 10:30"
    chosen = station.case(station.take(category="dispute", text=text, severity="p2"))
    assert (chosen.severity, chosen.limit) == ("p2", "30分"), "a severity that somebody says is theirs to say"
    tight = station.case(station.take(category="lift", text=text))
    assert (tight.category, tight.limit) == ("lift", "30分")


DANGERS = {
    "lift-entrapment": ["我爱人被困电梯里了", "Someone is STUCK in the lift", "老人关在电梯里"],
    "gas-smell": [
        "楼道闻到煤气",
        "厨房漏燃气了",
        "Strong smell of gas on the stairs",
        "it smells like  gas here",
        "gas leak!",
    ],
    "open-fire": ["5幢阳台失火了", "车棚烧起来了", "There is a fire in unit 2", "the bin is on fire"],
    "fight": ["门口有人打起来了", "有人持刀", "two men fighting at the gate"],
    "self-harm": ["有人要跳楼", "他说不想活了", "a man wants to jump off the roof"],
    "missing-person": ["老人走丢了", "孩子不见了", "My mother has gone missing"],
}
"""Category of the sample → how people say it."""

HARMLESS = [
    "煤气费怎么交",
    "消防通道被占",
    "gas bill",
    "fire exit is blocked",
    "the firemen were kind",
    "heartbeating pump",
    "电梯坏了",
]
"""What is near a stopper and none."""


def test_dangers_are_heard_in_the_words_that_people_use() -> None:
    words = {each["slug"]: tuple(each.get("stopper", ())) for each in tomllib.loads(text_of("categories"))["category"]}
    for slug, texts in DANGERS.items():
        for text in texts:
            assert [each for each in words if named(words[each], text)] == [slug], text
    for text in HARMLESS:
        assert not [each for each in words if named(words[each], text)], text


def test_the_accept_clock_stands_while_a_check_is_out(station: Station) -> None:
    id = station.take(grid="g1")
    assert clock(station.case(id).due.stage_at) == "11-23 10:15"
    station.later(minutes=5)
    station.do("check", id, what="是不是真的")
    issue = station.case(id)
    assert (issue.checks[0].who, issue.due.stage, clock(issue.due.stage_at)) == ("wang", "check", "11-23 10:35")
    assert station.refused("check", id).word == "refused.check_out"
    station.later(minutes=20)
    station.do("checked", id, "wang", passed=True, found="确有其事")
    issue = station.case(id)
    assert (issue.status, issue.due.stage, clock(issue.due.stage_at)) == ("new", "accept", "11-23 10:35")
    assert station.refused("checked", id, "wang", passed=True, found="x").word == "refused.no_check"


def test_a_passed_check_closes_nothing(station: Station) -> None:
    id = station.resolved()
    station.do("check", id)
    station.do("checked", id, passed=True, found="好了")
    assert station.status(id) == "resolved"


def test_the_dispatch_clock_runs_until_somebody_has_it(station: Station) -> None:
    id = station.filed()
    issue = station.case(id)
    assert (issue.due.stage, clock(issue.due.stage_at)) == ("dispatch", "11-23 10:15")
    station.do("handle", id)
    assert station.case(id).due.stage == ""


def test_a_rejected_case_says_who_was_told(station: Station) -> None:
    id = station.take()
    assert station.refused("reject", id, outcome="not_ours", why="x").word == "refused.told"
    assert station.refused("reject", id, outcome="solved", why="x").word == "refused.reject_outcome"
    station.do("reject", id, outcome="not_ours", told="12345", why="不是本社区")
    assert (station.case(id).outcome, station.case(id).told) == ("not_ours", "12345")


@pytest.mark.parametrize("outcome", ["not_ours", "mistaken", "duplicate"])
def test_some_outcomes_are_set_by_rejecting_voiding_and_merging_only(station: Station, outcome: str) -> None:
    assert station.refused("close", station.resolved(), outcome=outcome).word == "refused.outcome"
    assert station.refused("answer", station.take(), answer="x", outcome=outcome).word == "refused.outcome"


def test_a_question_answered_on_the_spot_is_one_act_and_owes_no_call(station: Station) -> None:
    id = station.take(name="吴大爷", contact="138")
    before = station.desk.catch_up()
    station.do("answer", id, answer="带身份证来", satisfied="satisfied")
    issue = station.case(id)
    assert station.desk.catch_up() == before + 1
    assert (issue.outcome, issue.owed, issue.callbacks[0].solved) == ("solved", False, "yes")
    assert station.refused("answer", station.take(), answer="x", satisfied="great").word.startswith("refused.no_opinion")


def test_merging_brings_voices_and_unmerging_takes_them_back(station: Station) -> None:
    master = station.filed()
    station.do("voice", master, name="先来的")
    before = station.case(master)
    member = station.filed(name="王女士")
    station.do("voice", member, name="孙女士")
    untouched = station.case(member)
    station.do("merge", member, into=master)
    assert [v.name for v in station.case(master).voices] == ["先来的", "王女士", "孙女士"]
    assert station.case(member).outcome == "duplicate"
    station.later(days=1)
    station.do("unmerge", member)
    assert replace(station.case(member), last=None) == replace(untouched, last=None)
    assert station.case(master).voices == before.voices


def test_the_same_resident_is_not_counted_twice(station: Station) -> None:
    first, again = station.filed(), station.filed()
    before = station.case(first)
    station.do("merge", again, into=first)
    assert station.case(first).voices == ()
    station.do("unmerge", again)
    assert replace(station.case(first), last=None) == replace(before, last=None)


def test_what_the_same_resident_has_open_is_told_when_they_ring_again(station: Station) -> None:
    first = station.filed()
    done = station.do("take", text="又漏了", contact="13800000000")
    assert [(word, facts) for word, facts in done.warnings] == [("warning.same_contact", {"numbers": [number(first)]})]
    station.do("resolve", first)
    station.do("close", first, outcome="solved")
    station.do("reject", done.touched[0][1], outcome="mistaken", why="x")
    assert list(station.do("take", text="还是漏", contact="13800000000").warnings) == []


def test_the_grid_is_recognised_by_the_words_of_a_place(station: Station) -> None:
    station.system("set_place", code="g1", inside="c", facilitators=("wang",), words=("金桂苑",))
    station.system("set_place", code="g2", inside="c", words=("银桂苑",))
    done = station.do("take", text="有狗咬人", place="金桂苑4幢")
    assert (station.case(done.touched[0][1]).grid, done.warnings[0][0]) == ("g1", "warning.grid")
    assert station.case(station.take(text="金桂苑和银桂苑之间")).grid == ""
    assert station.case(station.take(text="金桂苑", grid="g2")).grid == "g2"
    assert station.case(station.take("wang", text="楼下吵")).grid == "g1"  # the only one that is theirs
    assert station.refused("take", who="wang", text="银桂苑里").word == "refused.take_grid"


def test_another_category_brings_its_severity_unless_somebody_has_said_one(station: Station) -> None:
    id = station.filed()
    station.do("edit", id, category="lift")
    assert (station.case(id).severity, station.case(id).limit) == ("p1", "30分")
    station.do("edit", id, severity="p2")
    station.do("edit", id, category="sewer")
    assert station.case(id).severity == "p2"
    fresh = station.take(category="sewer")
    station.do("file", fresh, category="hornet")
    assert station.case(fresh).severity == "p2"


def test_a_correction_tells_what_it_was_and_what_it_is(station: Station) -> None:
    id = station.filed()
    station.do("edit", id, contact="13911112222", severity="p2")
    touch = station.case(id).last
    assert touch is not None
    assert touch.facts == {
        "was.contact": "13800000000", "now.contact": "13911112222", "was.severity": "p3", "now.severity": "p2",
    }  # fmt: skip


def test_the_source_has_one_name_in_every_language(station: Station) -> None:
    for said in ("phone", "电话", " Phone "):
        assert station.case(station.take(source=said)).source == "phone"
    assert station.case(station.take(source="12345")).source == "12345"


def test_merging_the_master_moves_its_members_along_and_back(station: Station) -> None:
    small, middle, big = (station.filed(name=name) for name in ("一家", "二家", "三家"))
    station.do("merge", small, into=middle)
    voices = station.case(middle).voices
    station.do("merge", middle, into=big)
    link = station.case(small).merged
    assert link is not None
    assert (link.into, link.via) == (big, (middle,))
    assert len(station.case(big).voices) == 2
    station.do("unmerge", middle)
    link = station.case(small).merged
    assert link is not None
    assert (link.into, link.via) == (middle, ())
    assert station.case(big).voices == ()
    assert station.case(middle).voices == voices


def test_closing_the_master_closes_its_members_and_each_household_gets_its_own_call(station: Station) -> None:
    master = station.resolved()
    id = station.filed()
    station.refused("merge", id, into=id)
    station.do("merge", id, into=master)
    station.do("close", master, outcome="partly")
    member = station.case(id)
    assert (member.status, member.outcome, member.owed) == ("closed", "duplicate", True)
    assert station.case(master).owed


@pytest.mark.parametrize("end", ["reject", "void"])
def test_a_master_that_ends_without_work_lets_its_members_go(station: Station, end: str) -> None:
    master = station.take() if end == "reject" else station.filed()
    member = station.dispatched()
    untouched = station.case(member)
    station.do("merge", member, into=master)
    station.later(days=UNMERGE_DAYS + 3)
    if end == "reject":
        station.do("reject", master, outcome="mistaken", why="看错了")
    else:
        station.do("void", master, "sun", why="看错了")
    assert replace(station.case(member), last=None, due=untouched.due) == replace(untouched, last=None)


def test_news_on_a_merged_case_lands_on_its_master(station: Station) -> None:
    master = station.filed()
    member = station.merged(master)
    station.do("note", member, text="又冒水了")
    station.do("voice", member, name="楼上")
    assert station.case(master).last.facts == {"name": "楼上"}  # type: ignore[union-attr]
    assert station.case(member).last.verb == "merge"  # type: ignore[union-attr]
    for verb, fields in (("accept", {}), ("file", {"category": "sewer"}), ("dispatch", {"agency": "fire"})):
        assert station.refused(verb, member, **fields).word == "refused.not_now"


@pytest.mark.parametrize("into", ["closed", "merged", "voided"])
def test_what_has_ended_carries_nothing(station: Station, into: str) -> None:
    assert station.refused("merge", station.filed(), into=station.make(into)).word == "refused.merge_ended"


def test_an_officer_asks_for_a_void_and_a_supervisor_approves(station: Station) -> None:
    id = station.filed()
    station.do("void", id, why="重复登记")
    assert station.status(id) == "filed"
    assert station.refused("void", id, why="再说一次").word == "refused.asked"
    assert station.refused("approve", id, request=1).word == "refused.no_right"
    assert station.refused("approve", id, "sun", request=2).word == "refused.no_request"
    station.do("approve", id, "sun", request=1)
    assert (station.status(id), station.case(id).outcome) == ("voided", "mistaken")


def test_an_overdue_appeal_takes_two_and_keeps_the_fact(station: Station) -> None:
    id = station.handling()
    station.later(days=3)
    station.do("report", id, "pu", report="才修好")
    assert station.refused("appeal", id, "pu", why="停电").word == "refused.not_now"
    station.do("close", id, outcome="solved")
    station.do("appeal", id, "pu", why="停电")
    station.do("approve", id, "sun", request=1)
    assert not station.case(id).exempt
    assert station.refused("approve", id, "sun", request=1).word == "refused.approved_already"
    station.do("approve", id, "qian", request=1)
    assert station.case(id).exempt
    assert station.refused("appeal", id, "pu", why="又来").word == "refused.appeal_once"
    row = Row(id, station.desk.book.docs("issues")[id])
    figures = by([row], "category", None, None, station.moment.timestamp())[""].plain()
    assert (figures["in_time"], figures["exempted"]) == (0, 1)
    assert (figures["in_time_rate"], figures["in_time_rate_exempted"]) == (0.0, 1.0)


def test_what_was_in_time_needs_no_appeal(station: Station) -> None:
    assert station.refused("appeal", station.closed(), "pu", why="x").word == "refused.not_overdue"
    assert station.refused("appeal", station.closed(), "fang", why="x").word == "refused.not_your_case"


def test_not_solved_opens_the_case_again_with_the_resident_s_sentence(station: Station) -> None:
    id = station.closed()
    assert station.refused("callback", id, reached=True, solved="no").word == "refused.sentence"
    assert station.refused("callback", id, reached=True).word.startswith("refused.no_solved")
    station.do("callback", id, reached=False)
    assert station.case(id).owed
    station.later(hours=2)
    station.do("callback", id, reached=True, contacted=True, solved="no", note="昨晚又不亮了")
    issue = station.case(id)
    assert (issue.status, issue.reopened, issue.round, issue.outcome) == ("filed", 1, 1, "")
    assert [call.note for call in issue.callbacks] == ["", "昨晚又不亮了"]
    assert clock(issue.due.legal) == "11-23 18:00"


def test_a_note_is_struck_out_and_stays(station: Station) -> None:
    id = station.take()
    entry = station.do("note", id, text="写错了").number
    assert station.refused("strike", id, entry=entry).word == "refused.no_reason"
    assert station.refused("strike", id, entry=1, why="x").word == "refused.no_entry"
    assert station.refused("strike", id, who="zhao", entry=entry, why="x").word == "refused.strike_others"
    station.do("strike", id, entry=entry, why="认错楼")
    assert station.case(id).struck == (entry,)
    assert station.refused("strike", id, entry=entry - 1, why="x").word in ("refused.strike_notes", "refused.no_entry")


def test_a_reminder_lies_ahead(station: Station) -> None:
    id = station.take()
    assert station.refused("remind", id, at="2026-11-23 09:00", text="x").word == "refused.past"
    station.do("remind", id, at="+2h", text="回电话")
    assert clock(station.case(id).remind_at) == "11-23 12:00"
    station.do("remind", id)
    assert station.case(id).remind_at is None


def test_answering_the_master_closes_its_members(station: Station) -> None:
    master, member = station.take(name="甲"), station.filed()
    station.do("merge", member, into=master)
    station.do("answer", master, answer="已通知停水")
    issue = station.case(member)
    assert (issue.status, issue.owed, str(issue.outcome)) == ("closed", True, "duplicate")


def test_what_was_asked_lapses_with_its_round(station: Station) -> None:
    id = station.handling()
    station.do("void", id, why="重复")
    station.do("report", id, "pu", report="好了")
    station.do("close", id, outcome="solved")
    station.do("reopen", id, why="又坏了")
    assert station.case(id).requests[0].state == "lapsed"
    assert station.refused("approve", id, "sun", request=1).word == "refused.no_request"


@pytest.mark.parametrize("moment", ["9999-12-31T23:00:00Z", "+99999999999d", "0001-01-03"])
def test_a_moment_that_cannot_be_is_refused(station: Station, moment: str) -> None:
    id = station.take()
    assert station.refused("remind", id, at=moment, text="x").word == "refused.bad_moment"


def test_one_case_carries_as_many_as_fit_into_one_commit(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.merging.MOST_MEMBERS", 2)
    master = station.filed()
    for _ in range(2):
        station.merged(master)
    assert station.refused("merge", station.take(), into=master).word == "refused.many_members"


def test_a_stale_version_is_refused_and_says_who(station: Station) -> None:
    id = station.take()
    version = station.desk.book.version("issues", id)
    station.do("note", id, who="zhao", text="先看了")
    error = station.refused("file", id, category="sewer", version=version)
    assert (error.word, error.facts["by"]) == ("refused.stale", "zhao")
    station.do("file", id, category="sewer", version=station.desk.book.version("issues", id))


def test_another_system_s_number_is_taken_once(station: Station) -> None:
    station.take(source="12345", source_no="A1")
    assert station.refused("take", text="x", source="12345", source_no="A1").word == "refused.twice"
    station.take(source="phone", source_no="A1")


def test_a_number_of_its_own_without_a_system_breaks_nothing(station: Station) -> None:
    id = station.take(source_no="5")
    assert station.refused("take", text="x", source_no="5").word == "refused.twice"
    assert station.case(station.take(source="12345", source_no="5")).source == "12345"
    assert station.case(id).source == "walk-in"


def test_an_answer_waits_for_a_check_that_is_out(station: Station) -> None:
    id = station.take(grid="g1")
    station.do("check", id)
    assert station.refused("answer", id, answer="好了").word == "refused.check_out"


def test_a_master_does_not_close_over_what_a_member_has_open(station: Station) -> None:
    member, master = station.handling(name="甲"), station.filed(name="乙")
    station.do("merge", member, into=master)
    station.do("resolve", master)
    assert station.refused("close", master, outcome="solved").word == "refused.member_open"
    assert station.refused("close", master, outcome="solved", force=True, why="x").word == "refused.member_open"
    station.do("close", master, "chen", outcome="solved", force=True, why="都办了")
    assert (station.status(member), str(station.case(member).errands[0].state)) == ("closed", "withdrawn")


def test_an_answer_does_not_close_over_what_a_member_has_open(station: Station) -> None:
    member, master = station.handling(name="甲"), station.take()
    station.do("merge", member, into=master)
    assert station.refused("answer", master, answer="好了").word == "refused.member_open"
    assert station.status(member) == "merged"


@pytest.mark.parametrize(
    ("said", "at"),
    [("12-10", "2026-12-10 00:00"), ("12-10 09:30", "2026-12-10 09:30"), ("12/10 9:30", "2026-12-10 09:30"),
     ("12月10日", "2026-12-10 00:00"), ("1-5", "2027-01-05 00:00"), ("11-20", "2026-11-20 00:00"), ("8-1", "2026-08-01 00:00")],
)  # fmt: skip
def test_a_day_needs_no_year(said: str, at: str) -> None:
    assert read(said, HERE, local("2026-11-23 10:00")) == local(at)


@pytest.mark.parametrize("said", ["13-10", "2-30", "12-10 25:00", "0-0"])
def test_a_day_there_is_not_is_refused(said: str) -> None:
    with pytest.raises(ValueError):
        read(said, HERE, local("2026-11-23 10:00"))
