"""The group's messages with real keys: a case, voices, answers, what needs nothing; call-backs and their rates."""

from __future__ import annotations

from typing import Any

from console.chat.inbox import Inbox
from console.chat.messages import Message
from console.chat.outbox import Saying
from console.issues import Issue
from console.numbers import number
from tests.console.helpers import Station
from tests.console.test_chat_messages import heard, receive
from tests.screens.helpers import awaited, console, shown, text, type_in

SAID = (
    (1, 21, "3-2-501李", "下水道又堵了,污水冒到一楼厨房"), (2, 22, "3-2-402王姐", "我家也是"), (3, 23, "6-1-302周", "大家早上好"),
    (4, 24, "3-1-101陈", "3幢下水道堵了,污水味道很大"), (5, 25, "3-2-601赵", "+1"), (6, 26, "5-1-202孙", "5幢树上有个马蜂窝"),
    (7, 27, "7-1-101吴", "谢谢大家"),
)  # fmt: skip
"""What five residents write about one sewer and a hornet nest: number, account, name in the group, words."""


def made() -> Station:
    """A station with a group in which a trouble is told by several."""
    station = Station()
    for slug, name, limit in (("sewer", "下水道", "4小时"), ("hornet", "马蜂窝", "2紧急工作时")):
        station.system(
            "set_category", slug=slug, family="people", name=name, english=slug, limit=limit, agencies=("property",)
        )
    station.system("set_group", number="3", name="金桂苑业主群", grids=("g1",))
    station.later(minutes=1)
    at = heard()["time"]
    receive(station, [heard(words, n, user_id=who, time=at + n, sender={"card": card}) for n, who, card, words in SAID])
    station.later(minutes=1)
    return station


def case_of(station: Station, id: str) -> Issue:
    """A case as it is by now."""
    station.desk.catch_up()
    return station.case(id)


def messages(station: Station) -> dict[str, Message]:
    """The messages by number."""
    station.desk.catch_up()
    return {each.number: each for _, each in station.desk.book.all(Message)}


def said(station: Station) -> list[str]:
    """What the station has said, in its order."""
    station.desk.catch_up()
    return [each.words for _, each in station.desk.book.all(Saying)]


def answer(station: Station, words: str, number: int, who: int = 21, **more: Any) -> None:
    """Somebody writes something more."""
    card = next(card for _, account, card, _ in SAID if account == who)
    receive(
        station, [heard(words, number, user_id=who, time=int(station.moment.timestamp()), sender={"card": card}, **more)]
    )


async def press(pilot: Any, *keys: str) -> None:
    """Press keys one after the other, each once the screen stands."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


@awaited
async def test_five_reports_of_one_sewer_and_a_hornet_nest_are_two_cases_in_ten_keys() -> None:
    station = made()
    async with console(station) as pilot:
        app = pilot.app
        await press(pilot, "J")
        assert "5 条待看" in text(app) and "问候 大家早上好" in text(app) and "同诉 +1" in text(app)
        await press(pilot, "t")
        assert "下水道又堵了" in text(app) and "3幢2单元501" in text(app) and "QQ 21" in text(app)
        await press(pilot, "enter", "1", "j", "1", "1", "t", "enter")
        assert "0 条待看" in text(app)
    found = messages(station)
    first, second = found["1"].issue, found["6"].issue
    assert [found[str(n)].issue for n in range(1, 8)] == [first, first, "", first, first, second, ""]
    issue = case_of(station, first)
    assert [voice.contact for voice in issue.voices] == ["QQ 22", "QQ 24", "QQ 25"] and issue.reporter == "李"
    assert case_of(station, second).place == "5幢1单元202"
    assert said(station)[0].startswith("收到") and number(first) in said(station)[0] and len(said(station)) == 5


@awaited
async def test_a_message_becomes_a_dispatched_case_in_five_keys() -> None:
    station = made()
    async with console(station) as pilot:
        await press(pilot, "J", "t")
        await press(pilot, "ctrl+d")
        assert "派遣" in text(pilot.app)
        await press(pilot, "enter")
    case = messages(station)["1"].issue
    assert case_of(station, case).status == "dispatched"


@awaited
async def test_what_was_joined_or_taken_up_can_be_undone_and_waits_again() -> None:
    station = made()
    station.do("sign_on")
    async with console(station) as pilot:
        app = pilot.app
        await press(pilot, "J", "t", "enter")
        case = messages(station)["1"].issue
        await press(pilot, "1")
        assert len(case_of(station, case).voices) == 1
        await press(pilot, "u", "y")
        assert messages(station)["2"].issue == "" and case_of(station, case).voices == ()
        await press(pilot, "u", "y")
        assert messages(station)["1"].issue == "" and case_of(station, case).status == "rejected"
        assert "5 条待看" in text(app)
    assert [each.way for _, each in station.desk.book.all(Saying)] == ["dropped", "dropped"], (
        "what had not gone out is not said"
    )


@awaited
async def test_marked_messages_go_together_and_are_put_by_and_back() -> None:
    station = made()
    async with console(station) as pilot:
        app = pilot.app
        await press(pilot, "J", "space", "space")
        assert "已标 2" in text(app)
        await press(pilot, "x")
        assert "2 条不用处理" in text(app) and "下水道又堵了" not in text(app)
        await press(pilot, "full_stop", "full_stop")
        assert "下水道又堵了" in text(app) and "不用处理 " in text(app), "nothing is hidden for good"
        await press(pilot, "home", "x")
        assert not messages(station)["1"].aside_by and messages(station)["2"].aside_by == "li"


@awaited
async def test_pieces_of_one_persons_trouble_go_together_and_are_shown_to() -> None:
    station = made()
    answer(station, "五楼也在漏", 8)
    async with console(station) as pilot:
        await press(pilot, "J")
        await pilot.pause(0.3)
        assert [line[1] for line in shown(pilot.app)[2:10]] == ["+", " ", " ", " ", " ", " ", " ", "+"]
        await press(pilot, "t", "enter")
    found = messages(station)
    assert found["1"].issue == found["8"].issue != "" and case_of(station, found["1"].issue).text.endswith("五楼也在漏")


@awaited
async def test_only_what_may_be_a_report_is_shown_where_one_asks_for_that() -> None:
    station = made()
    async with console(station) as pilot:
        await press(pilot, "J", "full_stop")
        assert "大家早上好" not in text(pilot.app) and "马蜂窝" in text(pilot.app)


@awaited
async def test_a_stopper_word_raises_the_banner_and_rings() -> None:
    station = made()
    answer(station, "6幢电梯困人了,快来人", 8)
    async with console(station) as pilot:
        await press(pilot, "J", "end")
        assert "119" in "\n".join(shown(pilot.app)[:4])


@awaited
async def test_the_banner_stays_until_the_case_is_on_its_way() -> None:
    station = made()
    answer(station, "6幢电梯困人了,快来人", 8)
    async with console(station) as pilot:
        app = pilot.app
        await press(pilot, "J", "end", "t")
        assert app.screen.place == "form" and "119" in "\n".join(shown(app)[:3])  # type: ignore[attr-defined]
        await press(pilot, "ctrl+d")
        assert app.screen.verb == "dispatch" and "119" in "\n".join(shown(app)[:3])  # type: ignore[attr-defined]


@awaited
async def test_an_answer_is_sent_with_one_digit_and_tells_nothing_of_others() -> None:
    station = made()
    async with console(station) as pilot:
        app = pilot.app
        await press(pilot, "J", "a")
        assert "请问在哪一幢" in text(app)
        await press(pilot, "1", "enter")
        assert said(station) == ["请问在哪一幢、哪个单元?"]
        await press(pilot, "a")
        await type_in(pilot, "请打13812345678")
        await press(pilot, "enter")
        assert "别的居民" in text(app) and "13812345678" in text(app), "what was typed stays"
    assert len(said(station)) == 1


@awaited
async def test_a_telephone_number_is_masked_outside_its_case() -> None:
    station = made()
    answer(station, "漏水找我 13812345678", 8)
    async with console(station) as pilot:
        await press(pilot, "J", "end")
        assert "138****5678" in text(pilot.app) and "13812345678" not in text(pilot.app)


@awaited
async def test_hostile_words_move_nothing() -> None:
    station = made()
    answer(station, "\x1b[2J[red]急[/red]\u202e👨‍👩‍👧 \n" + "长" * 300, 8)
    async with console(station, size=(40, 12)) as pilot:
        await press(pilot, "J", "end")
        lines = shown(pilot.app)
        assert len(lines) == 12 and "\x1b" not in text(pilot.app) and "\u202e" not in text(pilot.app)
        assert "[red]" in text(pilot.app)


@awaited
async def test_who_somebody_is_is_taken_from_their_name_with_one_yes() -> None:
    station = made()
    async with console(station) as pilot:
        await press(pilot, "J", "w")
        assert "3幢2单元501" in text(pilot.app)
        await press(pilot, "enter")
    station.desk.catch_up()
    [member] = station.desk.book.docs("members").values()
    assert (member["place"], member["name"], member["account"]) == ("3幢2单元501", "李", "21")


@awaited
async def test_people_of_the_staff_and_of_agencies_are_shown_as_such() -> None:
    station = made()
    station.do("set_member", group="3", account="25", login="wang")
    station.do("set_member", group="3", account="26", agency="fire", name="赵队")
    async with console(station) as pilot:
        await press(pilot, "J")
        assert "Wang 网格员" in text(pilot.app) and "赵队 消防中队" in text(pilot.app)


@awaited
async def test_a_conversation_that_is_pasted_goes_the_same_way() -> None:
    station = made()
    async with console(station) as pilot:
        app = pilot.app
        await press(pilot, "J", "p")
        app.screen.fields["text"].load_text(
            "8-1-101郑: 11-23 10:01:30\n路灯不亮\n\n3-2-501李: 11-23 10:00:01\n下水道又堵了,污水冒到一楼厨房\n"
        )  # type: ignore[attr-defined]
        await press(pilot, "enter")
        assert "读入 1 条, 已有 1 条" in text(app), text(app)
        assert "路灯不亮" in text(app)


@awaited
async def test_a_message_that_comes_while_one_looks_appears_and_the_cursor_stays() -> None:
    station = made()
    async with console(station) as pilot:
        await press(pilot, "J", "j")
        at = pilot.app.screen.cursor  # type: ignore[attr-defined]
        answer(station, "现在楼上也不通了", 8)
        await pilot.pause(0.6)
        assert "6 条待看" in text(pilot.app) and pilot.app.screen.cursor == at  # type: ignore[attr-defined]


@awaited
async def test_a_case_that_others_have_made_of_it_is_told_and_the_draft_stays() -> None:
    station = made()
    async with console(station) as pilot:
        await press(pilot, "J", "t", "tab")
        await type_in(pilot, "x")
        station.do("take_up", who="zhao", messages=(next(iter(Inbox(station.desk.book).ids())),), category="sewer")
        await press(pilot, "enter")
        assert "已在" in text(pilot.app), text(pilot.app)


# -- call-backs


def over(station: Station) -> str:
    """The sewer's case, made of the first message, and closed."""
    first = next(iter(Inbox(station.desk.book).ids()))
    case = str(station.do("take_up", messages=(first,), category="sewer").touched[0][1])
    station.do("file", case)
    station.do("resolve", case)
    station.do("close", case, outcome="solved")
    station.later(minutes=5)
    return case


@awaited
async def test_a_call_back_takes_three_keys_and_a_note() -> None:
    station = made()
    case = over(station)
    async with console(station) as pilot:
        app = pilot.app
        await press(pilot, "K")
        assert "欠回访 1 件" in text(app) and "N=0" in text(app) and "–" in text(app)
        await press(pilot, "1")
        await type_in(pilot, "很快")
        await press(pilot, "enter")
        assert "欠回访 0 件" in text(app) and "解决率 100.0%" in text(app)
    call = case_of(station, case).callbacks[0]
    assert (call.reached, call.contacted, call.solved, call.satisfied, call.note) == (True, True, "yes", "satisfied", "很快")


@awaited
async def test_an_answer_in_the_group_is_a_call_back_once_somebody_says_so() -> None:
    station = made()
    case = over(station)
    answer(station, "通了,谢谢,很快", 8)
    async with console(station) as pilot:
        app = pilot.app
        await press(pilot, "K")
        assert "解决、满意?" in text(app) and not case_of(station, case).callbacks
        await press(pilot, "y", "enter")
        assert "欠回访 0 件" in text(app), text(app)
    assert case_of(station, case).callbacks[0].note == "通了,谢谢,很快" and messages(station)["8"].issue == case


@awaited
async def test_not_solved_in_the_group_opens_it_again_on_top() -> None:
    station = made()
    case = over(station)
    answer(station, "还是堵,没人来", 8)
    async with console(station) as pilot:
        app = pilot.app
        await press(pilot, "K")
        assert "没解决?" in text(app)
        await press(pilot, "y", "enter", "escape")
        assert number(case)[-4:] in shown(app)[2], "on top of the queue"
    assert case_of(station, case).status == "filed" and case_of(station, case).reopened


@awaited
async def test_one_asks_in_the_group_and_every_rate_opens_into_its_cases() -> None:
    station = made()
    case = over(station)
    async with console(station) as pilot:
        app = pilot.app
        await press(pilot, "K", "a", "1", "enter")
        assert said(station)[-1].startswith(number(case))
        await press(pilot, "1", "enter", "home", "enter")
        assert "接通 1" in text(app) and number(case)[-4:] in text(app)


@awaited
async def test_what_nobody_knows_of_waits_in_the_outbox_for_a_person() -> None:
    station = made()
    station.do("say", to=next(iter(Inbox(station.desk.book).ids())), text="马上来")
    saying = next(iter(station.desk.book.docs("sayings")))
    from console.chat.outbox import Move, Way
    from console.staff import SYSTEM

    before, station.desk.who = station.desk.who, SYSTEM
    station.desk.do(Move(saying=saying, to=Way.SENDING))
    station.desk.do(Move(saying=saying, to=Way.UNKNOWN))
    station.desk.who = before
    async with console(station) as pilot:
        app = pilot.app
        await press(pilot, "J")
        assert "1 条没发出 o" in text(app)
        await press(pilot, "o")
        assert "不知发出没有" in text(app) and "马上来" in text(app)
        await press(pilot, "y")
        assert "记为已发" in text(app)
    station.desk.catch_up()
    assert station.desk.book.docs("sayings")[saying]["way"] == "sent"


@awaited
async def test_facilitators_see_the_groups_of_their_grids_and_agencies_none() -> None:
    station = made()
    station.system("set_group", number="4", name="别处", grids=("g2",))
    receive(station, [heard("别处的事", 9, group_id=4)])
    async with console(station, "wang") as pilot:
        await press(pilot, "J")
        assert "下水道" in text(pilot.app) and "别处" not in text(pilot.app)
    async with console(station, "pu") as pilot:
        await press(pilot, "J")
        assert "下水道" not in text(pilot.app)
