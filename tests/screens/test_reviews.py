"""A supervisor's screens with real keys: search, seal, remarks, numbers that open, approvals; and what others see of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.sheets import Sheet
from screens.widgets.plot import bars
from tests.console.helpers import FileStation, Station
from tests.console.past import past
from tests.screens.helpers import awaited, console, text, type_in


@awaited
async def test_shift_logs_are_narrowed_by_mark_and_by_words() -> None:
    async with console(past(), "sun") as pilot:
        app = pilot.app
        await pilot.press("M")
        await pilot.pause()
        assert "在班" in text(app) and text(app).count("11-23") == 2
        await pilot.press("tab")
        assert "–      → Li" in text(app) and text(app).count("→") == 1
        await pilot.press("escape", "slash")
        await type_in(pilot, "检查组")
        await pilot.press("enter")
        await pilot.pause()
        assert "1/1" in text(app) and "Li     → Zhao" in text(app)
        await pilot.press("slash")
        await type_in(pilot, " mark:lat")
        await pilot.press("enter")
        await pilot.pause()
        assert "late" in text(app), "the nearest word is named, what was typed stays"
        assert app.screen.field.value.endswith("mark:lat")  # type: ignore[attr-defined]


@awaited
async def test_a_remark_is_added_and_the_sheet_stays_as_it_was_sealed() -> None:
    station = past()
    before = station.desk.book.anywhere_doc(Sheet.kind, "202611232")
    async with console(station, "sun") as pilot:
        app = pilot.app
        await pilot.press("M")
        await pilot.pause()
        await pilot.press("end", "enter")
        await pilot.pause()
        assert "封存至今一字未改" in text(app)
        await pilot.press("i")
        await pilot.pause()
        await type_in(pilot, "交得好")
        await pilot.press("enter")
        await pilot.pause()
        assert "批注: 交得好" in text(app) and "封存至今一字未改" in text(app)
    station.desk.catch_up()
    after = station.desk.book.anywhere_doc(Sheet.kind, "202611232")
    assert before and after and {**after, "additions": None} == {**before, "additions": None}


@awaited
async def test_a_sheet_that_was_changed_says_so_in_red() -> None:
    station = past()
    docs = station.desk.book.docs(Sheet.kind)
    forged = {**docs["202611232"], "read_backs": [{**docs["202611232"]["read_backs"][0], "text": "都复述过了,没问题"}]}
    async with console(station, "sun", theme="night") as pilot:
        pilot.app.chair.book._docs[Sheet.kind]["202611232"] = forged
        await pilot.press("M")
        await pilot.pause()
        await pilot.press("end", "enter")
        await pilot.pause()
        assert "封存至今一字未改" not in text(pilot.app) and "202611232" in text(pilot.app)


@awaited
async def test_every_number_opens_into_its_cases() -> None:
    async with console(past(), "sun") as pilot:
        app = pilot.app
        await pilot.press("M")
        await pilot.pause()
        await pilot.press("end", "enter")
        await pilot.pause()
        await pilot.press("home", "enter")
        await pilot.pause()
        assert app.screen.place == "found" and "受理 2" in text(app) and "树上马蜂窝" in text(app)  # type: ignore[attr-defined]
        await pilot.press("down", "enter")
        await pilot.pause()
        assert app.screen.place == "case"  # type: ignore[attr-defined]


@awaited
async def test_what_waits_is_approved_and_denied_from_the_list() -> None:
    station = Station()
    one, two = station.handling(), station.handling()
    for id in (one, two):
        station.do("extend", id, who="pu", why="缺配件")
    async with console(station, "sun") as pilot:
        app = pilot.app
        await pilot.press("Y")
        await pilot.pause()
        assert "申请 2" in text(app)
        await pilot.press("A")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert "申请 1" in text(app)
        await pilot.press("D")
        await pilot.pause()
        await type_in(pilot, "自己想办法")
        await pilot.press("enter")
        await pilot.pause()
        assert "没有什么在等" in text(app)
    station.desk.catch_up()
    assert {station.case(one).requests[0].state, station.case(two).requests[0].state} == {"granted", "denied"}


@awaited
async def test_an_officer_sees_what_waits_and_decides_nothing() -> None:
    station = Station()
    station.do("extend", station.handling(), who="pu", why="缺配件")
    async with console(station) as pilot:
        await pilot.press("Y")
        await pilot.pause()
        assert "申请 1" in text(pilot.app) and "同意" not in text(pilot.app).splitlines()[-1]
        await pilot.press("A")
        await pilot.pause()
        assert pilot.app.screen.place == "approvals" and pilot.app.screen.notice is not None  # type: ignore[attr-defined]


@awaited
@pytest.mark.parametrize("who", ["pu", "wang"])
async def test_agencies_and_facilitators_have_none_of_it(who: str) -> None:
    async with console(past(), who) as pilot:
        app = pilot.app
        for key in "MYBC":
            await pilot.press(key)
            await pilot.pause()
            assert app.screen.place == "queue" and app.screen.notice is not None  # type: ignore[attr-defined]
        await pilot.press("N")
        await pilot.pause()
        assert text(app).count("上次登录") == 0 and "Zhao" not in text(app)
        await pilot.press("escape", "question_mark")
        await pilot.pause()
        assert "交接班记录" not in text(app) and "派遣" not in text(app)


@awaited
async def test_a_facilitator_answers_a_check_from_the_rounds() -> None:
    station = Station()
    id = station.take(text="围墙要倒", grid="g1")
    station.do("check", id, what="看看歪了多少")
    station.later(minutes=10)
    async with console(station, "wang") as pilot:
        app = pilot.app
        await pilot.press("F")
        await pilot.pause()
        assert "要核查 1" in text(app) and "剩20分" in text(app) and "看看歪了多少" in text(app)
        await pilot.press("down", "w")
        await pilot.pause()
        await pilot.press("1")
        await type_in(pilot, "没有歪")
        await pilot.press("enter")
        await pilot.pause()
        assert "要核查 0" in text(app)
    station.desk.catch_up()
    assert station.case(id).checks[0].found == "没有歪"


@awaited
async def test_printing_includes_the_shift_on_duty(tmp_path: Path) -> None:
    station = FileStation(tmp_path / "store")
    past(station)
    async with console(station, "sun") as pilot:
        await pilot.press("M")
        await pilot.pause()
        await pilot.press("P", "C")
        await pilot.pause()
        await pilot.press("P")
        await pilot.pause()
    station.close()
    saved = {each.suffix: each.read_text() for each in (tmp_path / "store" / "exports").iterdir()}
    assert "2026-11-24" in saved[".html"] and "未交" in saved[".html"] and "<script" not in saved[".html"]
    assert "█" in saved[".txt"] and "收件" in saved[".txt"]


def test_columns_are_told_apart_without_colour_and_without_unicode() -> None:
    drawn = "\n".join(bars(["0", "1"], [[3, 1], [1, 2]], 40, 10))
    assert "█" in drawn and "░" in drawn and "\x1b" not in drawn
    plain = "\n".join(bars(["0", "1"], [[3, 1], [1, 2]], 40, 10, plain=True))
    assert "#" in plain and ":" in plain and plain.isascii()
    assert all(len(line) <= 40 for line in drawn.splitlines())


@pytest.mark.parametrize(("cells", "every"), [(160, 1), (80, 1), (60, 2), (40, 3), (24, 4)])
def test_hours_stand_under_their_columns_evenly_or_not_at_all(cells: int, every: int) -> None:
    drawn = bars([str(hour) for hour in range(24)], [[1] * 24], cells, 10)
    assert [int(each) for each in drawn[-1].split()] == list(range(0, 24, every))


@awaited
async def test_what_came_in_after_the_signature_and_all_that_is_news_can_be_looked_at() -> None:
    station = Station("2026-11-23 08:05")
    station.do("sign_on", who="zhao")
    station.do("sign_on")
    station.do("sign_off", who="zhao")
    for n in range(9):
        station.take(text=f"楼道灯坏了第{n}盏", category="lljf")
    station.at("2026-11-23 15:50")
    station.do("hand_over")
    late = station.take(text="签字以后才报的树枝", category="lljf")
    async with console(station, "zhao", first="arrival", size=(100, 50)) as pilot:
        app = pilot.app
        assert "交班签字后新收 1" in text(app) and "签字以后才报的树枝" in text(app)
        await pilot.press("H", "end")
        await pilot.pause()
        assert "交班签字后新收 1" in text(app), "the handover shows what arrival shows"
        await pilot.press("T")
        await pilot.pause()
        assert "新 10" in text(app) and "另有 4 件 (新)" in text(app)
        await pilot.press(*["down"] * (list(app.screen.keys()).index("more new") - app.screen.index()))  # type: ignore[attr-defined]
        await pilot.press("l")
        await pilot.pause()
        assert app.screen.place == "found"  # type: ignore[attr-defined]
        assert all(f"第{n}盏" in text(app) for n in range(9)) and "签字以后才报的树枝" in text(app)
        await pilot.press("escape")
        await pilot.pause()
        for id in [key for key in list(app.screen.keys()) if key.startswith("2026")]:  # type: ignore[attr-defined]
            station.desk.catch_up()
            station.do("tick", id, "zhao")
        station.do("take_over", who="zhao")
    async with console(station, "sun", size=(100, 60)) as pilot:
        await pilot.press("M")
        await pilot.pause()
        await pilot.press("end", "enter")
        await pilot.pause()
        assert "交班签字后新收 1" in text(pilot.app) and late[-4:] in text(pilot.app)
