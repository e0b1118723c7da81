"""Two sessions at one store: what one does the other sees, nobody's typing is lost, and nothing is overwritten unseen."""

from __future__ import annotations

from textual.app import App

from tests.console.helpers import Station
from tests.screens.helpers import awaited, chair, console, text, type_in


@awaited
async def test_a_row_follows_and_the_cursor_stays_on_its_case() -> None:
    station = Station()
    first, second = station.filed(text="路灯不亮"), station.filed(text="垃圾没收")
    async with console(station) as pilot:
        await pilot.press("down")
        at = pilot.app.screen.at
        assert at == second
        station.do("voice", second, who="zhao", name="陆先生")
        for _ in range(6):
            station.do("voice", second, who="zhao", name=f"户{_}")
        await pilot.pause(0.3)
        assert pilot.app.screen.at == second and pilot.app.screen.view.ids() == [second, first]
        assert "+7户" in text(pilot.app) and "Zhao 同诉 20261123-0002" in text(pilot.app)


@awaited
async def test_a_new_p1_rings_and_raises_a_banner(monkeypatch: object) -> None:
    station = Station()
    rung: list[int] = []
    async with console(station) as pilot:
        App.bell, before = (lambda self: rung.append(1)), App.bell  # type: ignore[method-assign]
        try:
            station.take(who="zhao", text="3幢电梯困人", category="lift")
            await pilot.pause(0.3)
        finally:
            App.bell = before  # type: ignore[method-assign]
        assert rung == [1] and "特急 20261123-0001 3幢电梯困人" in text(pilot.app)
        station.take(who="zhao", text="有人问路")
        await pilot.pause(0.3)
        assert "特急" in text(pilot.app), "what is less does not take its place"


@awaited
async def test_somebody_was_faster_the_second_sees_what_and_decides_and_the_typing_is_kept() -> None:
    station = Station()
    id = station.resolved()
    async with console(station) as pilot:
        await pilot.press("c", "1")
        await type_in(pilot, "已疏通")
        station.do("rework", id, who="zhao", why="又堵了")
        await pilot.pause(0.3)
        assert "Zhao" in text(pilot.app) and "已疏通" in text(pilot.app)
        await pilot.press("enter")
        await pilot.pause()
        assert station.status(id) == "dispatched" and "已疏通" in text(pilot.app), text(pilot.app)
        assert "你写的还在" in text(pilot.app)
        await pilot.press("enter")
        await pilot.pause()
        assert station.status(id) == "dispatched", "the rules say no to closing what was sent back"
        assert "已疏通" in text(pilot.app) and pilot.app.screen.place == "form"


@awaited
async def test_a_change_that_leaves_room_is_gone_over_once_it_was_seen() -> None:
    station = Station()
    id = station.filed()
    async with console(station) as pilot:
        await pilot.press("e")
        await pilot.press(*["backspace"] * 10)
        await type_in(pilot, "新的标题")
        station.do("remind", id, who="zhao", at="+2h", text="看看")
        await pilot.pause(0.2)
        await pilot.press("enter")
        await pilot.pause()
        station.desk.catch_up()
        assert station.case(id).title != "新的标题" and pilot.app.screen.place == "form"
        await pilot.press("enter")
        await pilot.pause()
        station.desk.catch_up()
        assert station.case(id).title == "新的标题" and station.case(id).remind == "看看"


@awaited
async def test_who_looks_and_who_writes_is_seen_in_the_line_and_ends_with_the_session() -> None:
    station = Station()
    id = station.filed()
    other = chair(station, "zhao")
    async with console(station) as pilot:
        other.tell(id)
        await pilot.pause(0.3)
        assert "Zhao" in text(pilot.app).splitlines()[2]
        await pilot.press("enter")
        await pilot.pause()
        assert "Zhao 也在看这件" in text(pilot.app)
        other.tell(id, "dispatch")
        await pilot.pause(1.3)  # who comes and goes is looked at once a second
        assert "Zhao 正在写: 派遣" in text(pilot.app)
        assert [(each["name"], each["case"]) for each in other.others()] == [("Li", id)]
        other.close()
        await pilot.pause(1.3)
        assert "Zhao" not in text(pilot.app)


@awaited
async def test_drafts_are_offered_at_the_next_sign_on_and_let_go_when_done() -> None:
    station = Station()
    id = station.filed()
    async with console(station) as pilot:
        await pilot.press("i")
        await type_in(pilot, "写到一半")
        await pilot.press("escape")
        await pilot.pause()
    async with console(station, who="zhao") as pilot:
        assert "没写完" not in text(pilot.app)
    async with console(station) as pilot:
        await pilot.pause(0.1)
        assert "1 份没写完" in text(pilot.app)
        await pilot.press("E", "enter")
        await pilot.pause()
        assert "写到一半" in text(pilot.app) and "接着写" in text(pilot.app)
        await type_in(pilot, "的话")
        await pilot.press("enter")
        await pilot.pause()
        assert pilot.app.chair.aside() == {}
    entry = next(iter(station.desk.book.story("issues", id)))
    assert (entry.ops[0][2] or {})["last"]["facts"]["text"] in ("写到一半的话", "的话写到一半")


@awaited
async def test_a_bulk_act_says_what_came_of_each_and_keeps_what_was_refused() -> None:
    station = Station()
    one, two, three = station.resolved(), station.filed(), station.resolved()
    async with console(station) as pilot:
        await pilot.press("asterisk", "c", "1", "enter")
        await pilot.pause()
        shown = text(pilot.app)
        station.desk.catch_up()
        assert station.status(one) == station.status(three) == "closed" and station.status(two) == "filed"
        assert shown.count("已办") == 2 and "没办成" in shown and "20261123-0002" in shown
        assert pilot.app.screen.ids == [two]


@awaited
async def test_the_palette_takes_any_command_of_any_screen_by_name_letters_or_key() -> None:
    station = Station()
    station.do("sign_on")
    station.filed()
    for said, verb in (
        ("常备令", "order"),
        ("cbl", "order"),
        ("standing", "order"),
        ("派遣", "dispatch"),
        ("pq", "dispatch"),
    ):
        async with console(station) as pilot:
            await pilot.press("colon")
            await type_in(pilot, said)
            await pilot.press("enter")
            await pilot.pause(0.2)
            assert getattr(pilot.app.screen, "verb", "") == verb, (said, text(pilot.app))
