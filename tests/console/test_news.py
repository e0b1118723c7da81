"""What is counted of a shift and told of it: group and desk alike, what was undone not at all, what came late as well."""

from __future__ import annotations

import pytest

from console.briefing import came_later, draft
from console.issues import Issue
from console.news import news
from console.sheets import Sheet, Weight
from console.telling import item_line
from console.words import words
from tests.console.helpers import Station
from tests.console.test_chat_messages import heard, receive
from tests.console.test_chat_taking import chat, ids
from tests.console.test_handover import duty, read_all, seal

__all__ = ["chat", "duty"]


def figures(station: Station) -> dict[str, int]:
    return draft(station.desk.book, station.moment)[1].figures or {}


def behind(station: Station, name: str) -> tuple[str, ...]:
    return (draft(station.desk.book, station.moment)[1].behind or {}).get(name, ())


@pytest.mark.parametrize(
    ("verb", "fields", "figure"), [("close", {"outcome": "solved"}, "closed"), ("reopen", {"why": "又堵了"}, "reopened")]
)
def test_what_was_undone_is_not_counted(duty: Station, verb: str, fields: dict[str, str], figure: str) -> None:
    case = {"close": duty.resolved, "reopen": duty.closed}[verb]()
    before = figures(duty).get(figure, 0)
    duty.do(verb, case, **fields)
    assert figures(duty)[figure] == before + 1 and case in behind(duty, figure)
    duty.do("undo")
    assert figures(duty).get(figure, 0) == before
    duty.do(verb, case, **fields)
    assert figures(duty)[figure] == before + 1, "done once more it counts once"


def test_a_case_that_was_taken_in_by_mistake_is_not_counted(duty: Station) -> None:
    before = figures(duty)["taken"]
    duty.take(text="打错了")
    assert figures(duty)["taken"] == before + 1
    duty.do("undo")
    assert figures(duty)["taken"] == before and "rejected" not in figures(duty)


def test_what_comes_from_the_group_counts_like_what_is_told_at_the_desk(chat: Station) -> None:
    chat.do("sign_on")
    at = ids(chat)
    done = chat.do("take_up", messages=(at["1"], at["2"]), category="sewer")
    case = done.touched[0][1]
    assert figures(chat)["taken"] == 1 and behind(chat, "taken") == (case,)
    chat.do("join", case, messages=(at["3"],))
    assert figures(chat)["voices"] == 1 and behind(chat, "voices") == (case,)
    receive(chat, [heard("现在更臭了", 9, user_id=21, time=heard()["time"] + 60)])
    chat.do("join", case, messages=(ids(chat)["9"],))
    assert figures(chat)["voices"] == 1, "the next word of who reported it is no further voice"


def test_an_answer_in_the_group_counts_as_a_call_and_opens_again(chat: Station) -> None:
    chat.do("sign_on")
    case = chat.do("take_up", messages=(ids(chat)["1"],), category="sewer").touched[0][1]
    chat.do("file", case)
    chat.do("handle", case)
    chat.do("resolve", case)
    chat.do("close", case, outcome="solved")
    chat.later(minutes=5)
    receive(chat, [heard("没解决,还是堵", 9, user_id=21, time=int(chat.moment.timestamp()))])
    chat.do("take_answer", case, messages=(ids(chat)["9"],), solved="no")
    assert chat.status(case) == "filed"
    assert (figures(chat)["called_back"], figures(chat)["reopened"]) == (1, 1)


def test_a_case_that_came_in_after_the_signature_stands_apart_and_is_sealed_with_the_sheet(duty: Station) -> None:
    duty.do("hand_over")
    duty.later(minutes=3)
    id, late = "202611232", duty.take(text="签字以后才报的路灯", category="lljf")
    waits = duty.desk.book.get(Sheet, id)
    assert waits is not None
    assert [item.issue for item in came_later(duty.desk.book, waits, duty.moment)] == [late]
    read_all(duty, "zhao")
    duty.do("take_over", who="zhao")
    sealed = duty.desk.book.anywhere(Sheet, id)
    assert sealed is not None and [item.issue for item in sealed.came_later] == [late]
    assert late not in [item.issue for item in sealed.items]
    assert came_later(duty.desk.book, sealed, duty.moment) == [], "of a sealed sheet nothing comes later"


def test_a_sealed_sheet_tells_how_late_things_were_then(duty: Station) -> None:
    id = seal(duty)
    sheet = duty.desk.book.anywhere(Sheet, id)
    assert sheet is not None and sheet.made_at is not None
    item = next(each for each in sheet.items if each.weight is Weight.STABLE)
    say = words("en")
    then = item_line(item, say, sheet.made_at)
    duty.later(days=30)
    assert item_line(item, say, duty.moment, sheet.made_at)[3] == then[3] and then[3][0] == "dim"
    assert item_line(item, say, duty.moment)[3][0] == "late"


def test_what_others_did_while_one_was_away_is_never_nothing(duty: Station) -> None:
    case = duty.filed(text="旧的", category="lljf")
    duty.do("edit", case, owner="zhao")
    seal(duty)
    duty.later(minutes=1)
    assert news(duty.desk.book, duty.moment, duty.who("li")).moved == ()
    duty.do("note", case, who="zhao", text="物业说明天来")
    found = news(duty.desk.book, duty.moment, duty.who("li"))
    assert found.moved == (case,) and found.new == found.closed == found.handed == ()
    duty.do("note", case, who="li", text="我也打过电话")
    assert news(duty.desk.book, duty.moment, duty.who("li")).moved == (case,)
    duty.do("edit", case, who="zhao", owner="li")
    found = news(duty.desk.book, duty.moment, duty.who("li"))
    assert found.handed == (case,) and found.moved == (), "a case is told once"


def test_a_close_that_was_undone_is_no_news(duty: Station) -> None:
    case = duty.resolved()
    seal(duty)
    duty.later(minutes=1)
    duty.do("close", case, who="zhao", outcome="solved")
    assert news(duty.desk.book, duty.moment, duty.who("li")).closed == (case,)
    duty.do("undo", who="zhao")
    assert isinstance(duty.case(case), Issue)
    found = news(duty.desk.book, duty.moment, duty.who("li"))
    assert found.closed == found.moved == ()


def test_a_leading_agency_that_has_not_accepted_is_waited_for_first(duty: Station) -> None:
    case = duty.dispatched("property", "police")
    duty.do("accept", case, errand=2, said_by="老周", how="phone")
    item = next(each for each in draft(duty.desk.book, duty.moment)[1].items if each.issue == case)
    assert (item.status, item.next, item.who) == ("handling", "next.dispatched", "property")
    duty.do("accept", case, errand=1, said_by="小刘", how="phone")
    item = next(each for each in draft(duty.desk.book, duty.moment)[1].items if each.issue == case)
    assert (item.next, item.who) == ("next.handling", "property")


def test_what_was_opened_again_and_undone_is_no_news(duty: Station) -> None:
    case = duty.closed()
    seal(duty)
    duty.later(minutes=1)
    duty.do("reopen", case, who="zhao", why="又堵了")
    assert news(duty.desk.book, duty.moment, duty.who("li")).reopened == (case,)
    duty.do("undo", who="zhao")
    found = news(duty.desk.book, duty.moment, duty.who("li"))
    assert found.reopened == found.moved == ()


def test_what_came_after_the_signature_is_in_its_first_shift(duty: Station) -> None:
    duty.do("hand_over")
    duty.later(minutes=1)
    urgent, calm = duty.take(text="电梯困人", category="lift"), duty.take(text="路灯", category="lljf")
    read_all(duty, "zhao")
    duty.do("take_over", who="zhao")
    carried = {item.issue: item.carried for item in draft(duty.desk.book, duty.moment)[1].items}
    assert carried[urgent] == carried[calm] == 1 and 2 in carried.values()


def test_an_act_that_another_has_undone_does_not_stand_in_the_way_of_undoing(duty: Station) -> None:
    case = duty.filed(text="旧的", category="lljf")
    duty.do("edit", case, title="新的")
    duty.do("sign_on", who="zhao")
    duty.do("voice", case, who="zhao", name="王芳")
    assert duty.refused("undo").word == "refused.undo_gone_on"
    duty.do("undo", who="zhao")
    duty.do("undo")
    assert duty.case(case).title == "旧的"


def test_the_figures_of_a_list_of_shifts_add_up(duty: Station) -> None:
    from console.reviews import balance

    before = balance(figures(duty))
    case = duty.take(text="问一句")
    duty.do("answer", case, answer="周一到周五")
    after = balance(figures(duty))
    assert after["taken"] - before["taken"] == after["closed"] - before["closed"] == 1 and after["open"] == before["open"]


def test_a_case_that_was_handed_on_and_taken_back_is_not_told_as_given(duty: Station) -> None:
    case = duty.filed(text="旧的", category="lljf")
    duty.do("edit", case, owner="zhao")
    seal(duty)
    duty.later(minutes=1)
    duty.do("edit", case, who="zhao", owner="li")
    assert news(duty.desk.book, duty.moment, duty.who("li")).handed == (case,)
    duty.do("undo", who="zhao")
    assert news(duty.desk.book, duty.moment, duty.who("li")).handed == ()
