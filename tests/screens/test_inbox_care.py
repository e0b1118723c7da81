"""What goes wrong at the group's messages when somebody is in a hurry: several at once, drafts, dangers, long stories, undo."""

from __future__ import annotations

from typing import Any

from console.chat.outbox import Move, Saying, Way
from console.staff import SYSTEM
from tests.console.helpers import Station
from tests.screens.helpers import awaited, console, shown, text, type_in
from tests.screens.test_inbox import answer, case_of, made, messages, press, said


def sent(station: Station) -> None:
    """The listener has sent everything that waits."""
    station.desk.catch_up()
    for id, each in list(station.desk.book.all(Saying)):
        if each.way is Way.WAITING:
            station.desk.who = SYSTEM
            station.desk.do(Move(saying=id, to=Way.SENDING))
            station.desk.do(Move(saying=id, to=Way.SENT, number="77"))


def notice(pilot: Any) -> str:
    """What is said at the foot."""
    found = pilot.app.screen.notice
    return found[1] if found else ""


@awaited
async def test_the_list_of_everything_opens_on_what_was_put_by_or_has_its_case() -> None:
    station = made()
    async with console(station) as pilot:
        app = pilot.app
        await press(pilot, "J", "asterisk", "x", "full_stop", "full_stop")
        assert "下水道又堵了" in text(app) and "不用处理" in text(app)
        await pilot.pause(0.3)
        await press(pilot, "home", "down", "down", "end")
        await pilot.pause(0.3)
        assert app.screen.place == "inbox"  # type: ignore[attr-defined]


@awaited
async def test_a_sentence_that_was_half_written_is_never_replaced_by_a_digit() -> None:
    station = made()
    async with console(station) as pilot:
        await press(pilot, "J", "a")
        await type_in(pilot, "We come at 5 pm")
        await press(pilot, "escape", "a", "1")
        assert pilot.app.screen.fields["words"].value == "We come at 5 pm1"  # type: ignore[attr-defined]
        assert "没有合适的" not in text(pilot.app), "what is typed freely needs no list"
        await press(pilot, "backspace", "enter")
        assert said(station) == ["We come at 5 pm"]


@awaited
async def test_messages_of_several_people_are_joined_only_when_asked_twice() -> None:
    station = made()
    async with console(station) as pilot:
        app = pilot.app
        await press(pilot, "J", "t", "enter")
        case = messages(station)["1"].issue
        await press(pilot, "home", "asterisk")
        await pilot.pause(0.3)
        assert "条并入 1123-0001" in shown(app)[-1]
        await press(pilot, "v")
        assert "再按一次" in notice(pilot) and "下水道" in notice(pilot) and not messages(station)["6"].issue
        await press(pilot, "v")
        assert messages(station)["6"].issue == case


@awaited
async def test_several_people_in_one_case_are_all_heard() -> None:
    station = made()
    async with console(station) as pilot:
        await press(pilot, "J", "down", "space", "home", "space", "down", "down", "space")
        await press(pilot, "t")
        assert pilot.app.screen.fields["name"].value == "李"  # type: ignore[attr-defined]
        await press(pilot, "enter")
    found = case_of(station, messages(station)["1"].issue)
    assert (found.title, found.reporter) == ("下水道又堵了,污水冒到一楼厨房", "李")
    assert [voice.name for voice in found.voices] == ["王姐", "陈"], "me too is a voice, and so is who tells the same"


@awaited
async def test_the_building_that_a_message_names_goes_before_where_who_wrote_it_lives() -> None:
    station = made()
    answer(station, "12幢5楼着火了", 8, who=27)
    answer(station, "7幢1单元101门口也有烟", 9, who=27)
    async with console(station) as pilot:
        await press(pilot, "J", "end", "up", "t")
        assert pilot.app.screen.fields["place"].value == "12幢"  # type: ignore[attr-defined]
        await press(pilot, "escape", "end", "space", "t")
        assert pilot.app.screen.fields["place"].value == "7幢1单元101"  # type: ignore[attr-defined]


@awaited
async def test_numbers_in_a_title_are_masked_outside_the_case() -> None:
    station = made()
    answer(station, "我电话13900001111,垃圾没人收", 8, who=27)
    async with console(station) as pilot:
        await press(pilot, "J", "end", "t", "enter")
        await pilot.pause(0.3)
        assert "13900001111" not in text(pilot.app)
        await press(pilot, "escape")
        assert "13900001111" not in "\n".join(shown(pilot.app)[:4]) and "139****1111" in text(pilot.app)
    found = case_of(station, messages(station)["8"].issue)
    assert "13900001111" in found.text and found.title == "我电话139****1111,垃圾没人收"


@awaited
async def test_who_others_are_is_masked_in_what_somebody_writes() -> None:
    station = made()
    answer(station, "王姐家漏到我家了", 8, who=27)
    async with console(station) as pilot:
        await press(pilot, "J", "end")
        assert "王*家漏到我家了" in text(pilot.app) and "王姐家漏" not in text(pilot.app)
        assert "王姐" in text(pilot.app), "who wrote a message is what an officer works by"


@awaited
async def test_what_went_out_is_said_to_have_gone_out_before_anything_is_undone() -> None:
    station = made()
    station.do("sign_on")
    async with console(station) as pilot:
        app = pilot.app
        await press(pilot, "J", "t", "enter")
        sent(station)
        await press(pilot, "u")
        assert "收不回" in text(app) and "已登记" in text(app)
        await press(pilot, "y")
        assert messages(station)["1"].issue == ""
        await press(pilot, "a")
        await type_in(pilot, "马上来人")
        await press(pilot, "enter")
        sent(station)
        await press(pilot, "u", "y")
        assert "收不回" in text(app) and said(station)[-1] == "马上来人"
    assert [each.way for _, each in station.desk.book.all(Saying)] == ["sent", "sent"]


@awaited
async def test_a_slip_in_the_outbox_is_undone() -> None:
    station = made()
    station.do("sign_on")
    async with console(station) as pilot:
        await press(pilot, "J", "a", "1", "enter", "o", "x")
        station.desk.catch_up()
        assert [each.way for _, each in station.desk.book.all(Saying)] == ["dropped"]
        await press(pilot, "u", "y")
        station.desk.catch_up()
        assert [each.way for _, each in station.desk.book.all(Saying)] == ["waiting"]


@awaited
async def test_a_message_that_was_answered_says_so() -> None:
    station = made()
    async with console(station) as pilot:
        await press(pilot, "J")
        assert "已回" not in text(pilot.app)
        await press(pilot, "a", "1", "enter")
        line = next(line for line in shown(pilot.app) if "下水道又堵了" in line)
        assert "已回" in line


@awaited
async def test_a_danger_anywhere_in_the_list_raises_the_banner_and_none_drives_another_away() -> None:
    station = made()
    async with console(station) as pilot:
        app = pilot.app
        answer(station, "6幢电梯困人了", 8)
        app.follow()  # type: ignore[attr-defined]
        answer(station, "9幢也是电梯困人", 9, who=24)
        app.follow()  # type: ignore[attr-defined]
        assert "6幢电梯困人了" in notice(pilot) and "9幢也是电梯困人" in notice(pilot)
        await press(pilot, "J", "home")
        assert "119" in "\n".join(shown(app)[:4]), "the cursor stands elsewhere"


@awaited
async def test_all_of_a_long_message_can_be_read() -> None:
    station = made()
    story = "。".join(f"第{n}次漏水" for n in range(400))
    answer(station, story, 8)
    for size in ((80, 24), (40, 12)):
        async with console(station, size=size) as pilot:
            await press(pilot, "J", "end")
            assert "第0次漏水" in text(pilot.app) and "行" in text(pilot.app)
            await press(pilot, "r")
            assert "第0次漏水" in text(pilot.app)
            await press(pilot, "end")
            assert "399" in text(pilot.app)
            await press(pilot, "escape")
            assert pilot.app.screen.place == "inbox"  # type: ignore[attr-defined]


@awaited
async def test_what_was_pasted_is_not_answered_in_the_group() -> None:
    station = made()
    station.do("paste_in", group="3", text="钱大爷: 楼道灯坏了")
    async with console(station) as pilot:
        await press(pilot, "J", "home")
        ids = [id for id, each in station.desk.book.docs("messages").items() if each.get("pasted")]
        pilot.app.screen.cursor = ids[0]  # type: ignore[attr-defined]
        pilot.app.screen.refreshed()  # type: ignore[attr-defined]
        await press(pilot, "t", "enter")
        assert messages(station) and said(station) == []


@awaited
async def test_a_choice_that_is_replaced_by_a_digit_is_told() -> None:
    station = made()
    async with console(station) as pilot:
        await press(pilot, "n", "1")
        was = pilot.app.screen.fields["category"].value  # type: ignore[attr-defined]
        await press(pilot, "shift+tab", "2")
        now = pilot.app.screen.fields["category"].value  # type: ignore[attr-defined]
        assert was != now and f"{was} → {now}" in notice(pilot)


def test_the_duty_phone_of_an_agency_may_be_told() -> None:
    station = made()
    contacts = ({"name": "老马", "phone": "13955500013"},)
    station.system("set_agency", slug="property", name="物业公司", english="property", contacts=contacts)
    first = next(id for id, each in station.desk.book.docs("messages").items() if each["number"] == "1")
    station.do("say", to=first, text="请打物业 139-5550-0013")
    assert station.refused("say", to=first, text="请打 13955500014").word == "refused.leaks"


@awaited
async def test_an_answer_that_begins_with_a_number_is_sent_as_it_was_typed() -> None:
    station = made()
    async with console(station) as pilot:
        await press(pilot, "J", "a", "1", "2")
        await type_in(pilot, "幢的已经派了")
        await press(pilot, "enter", "a", "5")
        await type_in(pilot, "点到")
        await press(pilot, "enter", "a", "1")
        await type_in(pilot, "谢谢")
        await press(pilot, "enter")
    assert said(station)[:2] == ["12幢的已经派了", "5点到"] and said(station)[2].endswith("?谢谢")


@awaited
async def test_the_group_is_told_in_the_stations_language_whatever_an_officer_reads() -> None:
    station = made()
    async with console(station, lang="en") as pilot:
        await press(pilot, "J", "t", "enter", "a")
        assert "请问在哪一幢" in text(pilot.app)
    assert said(station)[0].startswith("收到")


@awaited
async def test_a_danger_is_not_put_by_with_one_key() -> None:
    station = made()
    answer(station, "7幢电梯困人了", 8)
    async with console(station) as pilot:
        await press(pilot, "J", "end", "x")
        assert not messages(station)["8"].aside_by and "再按一次" in notice(pilot)
        await press(pilot, "x")
        assert messages(station)["8"].aside_by == "li"
