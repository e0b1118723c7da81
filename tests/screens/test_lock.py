"""Signing on, locking, one's own PIN, a substitute: with real keys."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from console import pins
from console.comings import comings, last_coming
from console.config import Settings
from console.pins import give
from console.record import replace
from console.staff import SYSTEM
from tests.console.helpers import Station
from tests.screens.helpers import awaited, console, text, type_in


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(pins, "_hasher", lambda: hasher)
    pins._nobody.cache_clear()


def with_pin(who: str = "li", pin: str = "482915") -> Station:
    station = Station()
    station.do("sign_on")
    station.filed(text="下水道堵了")
    station.desk.who = station.who(who)
    give(station.desk, station.store.beside, "", pin)
    return station


@awaited
async def test_a_locked_screen_shows_nothing_and_gives_everything_back() -> None:
    station = with_pin()
    async with console(station) as pilot:
        app = pilot.app
        await pilot.press("i")
        await pilot.pause()
        await type_in(pilot, "写到一半")
        app.lock()  # type: ignore[attr-defined]
        await pilot.pause()
        assert "下水道" not in text(app) and "写到一半" not in text(app) and "Li 的屏幕已锁定" in text(app)
        assert "未结 1" in text(app)
        station.take(who="zhao", text="新来的一件")
        app.follow()  # type: ignore[attr-defined]
        await pilot.pause()
        assert "新来的一件" not in text(app) and "未结 2" in text(app), "how many there are, and no more"
        await pilot.press("escape", "q", "f7")
        await pilot.pause()
        assert app.screen.place == "lock"  # type: ignore[attr-defined]
        await type_in(pilot, "111222")
        await pilot.press("enter")
        await pilot.pause()
        assert "口令不对" in text(app) and "111222" not in text(app)
        for each in ("backspace",) * 12:
            await pilot.press(each)
        await type_in(pilot, "482915")
        await pilot.press("enter")
        await pilot.pause(0.1)
        assert app.screen.place == "form" and "写到一半" in text(app)  # type: ignore[attr-defined]


@awaited
async def test_a_screen_is_locked_after_the_station_s_minutes_without_a_key() -> None:
    station = with_pin()
    station.desk.who = SYSTEM
    from console.config import Configure, settings

    station.desk.do(Configure(settings=replace(settings(station.desk.book), lock_after=5)))
    async with console(station) as pilot:
        app = pilot.app
        app.pressed -= 6 * 60  # type: ignore[attr-defined]
        app._watch()  # type: ignore[attr-defined]
        await pilot.pause()
        assert app.screen.place == "queue", "one's own machine has a lock of its own"  # type: ignore[attr-defined]
        app.first = "sign_on"  # type: ignore[attr-defined]
        app.pressed += 6 * 60 - (4 * 60 - 5)  # type: ignore[attr-defined]
        app._watch()  # type: ignore[attr-defined]
        await pilot.pause()
        assert app.screen.place == "queue"  # type: ignore[attr-defined]
        app.pressed -= 60  # type: ignore[attr-defined]
        await pilot.press("down")
        app._watch()  # type: ignore[attr-defined]
        await pilot.pause()
        assert app.screen.place == "queue", "a key counts"  # type: ignore[attr-defined]
        app.pressed -= 5 * 60  # type: ignore[attr-defined]
        app._watch()  # type: ignore[attr-defined]
        await pilot.pause()
        assert app.screen.place == "lock"  # type: ignore[attr-defined]


@awaited
async def test_without_a_pin_nothing_is_locked() -> None:
    station = Station()
    async with console(station) as pilot:
        app = pilot.app
        app.pressed -= 86_400  # type: ignore[attr-defined]
        app._watch()  # type: ignore[attr-defined]
        await pilot.press("f7")
        await pilot.pause()
        assert app.screen.place == "queue" and app.screen.notice is not None  # type: ignore[attr-defined]


@awaited
async def test_signing_on_is_before_everything_and_is_kept() -> None:
    station = with_pin()
    async with console(station, first="sign_on") as pilot:
        app = pilot.app
        app.chair.desk.who = replace_rights(station)  # type: ignore[attr-defined]
        app.way = "pin"  # type: ignore[attr-defined]
        assert "登录值班台" in text(app) and "下水道" not in text(app)
        await type_in(pilot, "li")
        await pilot.press("enter")
        await type_in(pilot, "999999")
        await pilot.press("enter")
        await pilot.pause()
        assert "口令不对" in text(app)
        await type_in(pilot, "482915")
        await pilot.press("enter")
        await pilot.pause(0.2)
        assert app.screen.place == "queue" and "下水道" in text(app)  # type: ignore[attr-defined]
        assert "输错过 1 次" in text(app)
    station.desk.catch_up()
    last = last_coming(station.desk.book, "li")
    assert last is not None and (last.way, last.wrong) == ("pin", 1)


@awaited
async def test_tab_goes_from_the_login_to_the_pin_which_nobody_sees() -> None:
    station = with_pin()
    async with console(station, first="sign_on") as pilot:
        app = pilot.app
        app.chair.desk.who = replace_rights(station)  # type: ignore[attr-defined]
        await type_in(pilot, "li")
        await pilot.press("tab")
        await type_in(pilot, "482915")
        assert "482915" not in text(app)
        await pilot.press("shift+tab", "tab", "enter")
        await pilot.pause(0.2)
        assert app.screen.place == "queue"  # type: ignore[attr-defined]


@awaited
async def test_no_key_of_textuals_own_ends_the_console_or_saves_a_picture() -> None:
    async with console(with_pin()) as pilot:
        for key in ("ctrl+q", "ctrl+p", "ctrl+s"):
            await pilot.press(key)
            await pilot.pause()
        assert pilot.app.is_running and pilot.app.screen.place == "queue" and pilot.app.return_code is None  # type: ignore[attr-defined]


def replace_rights(station: Station):  # type: ignore[no-untyped-def]
    from dataclasses import replace as changed

    return changed(SYSTEM, rights=frozenset(), source="tty9")


@awaited
async def test_a_name_that_nobody_has_is_told_the_same() -> None:
    station = with_pin()
    async with console(station, first="sign_on") as pilot:
        app = pilot.app
        app.chair.desk.who = replace_rights(station)  # type: ignore[attr-defined]
        said = []
        for login in ("li", "nobody"):
            await pilot.press("escape")
            app.screen.field("login").value = ""  # type: ignore[attr-defined]
            await type_in(pilot, login)
            await pilot.press("enter")
            await type_in(pilot, "135790")
            await pilot.press("enter")
            await pilot.pause()
            said.append(app.screen.notice)  # type: ignore[attr-defined]
        assert said[0] == said[1] and said[0] is not None


@awaited
async def test_a_pin_of_one_s_own_is_given_and_changed_in_the_console() -> None:
    station = Station()
    async with console(station) as pilot:
        app = pilot.app
        await pilot.press("N")
        await pilot.pause()
        for steps, ends in (
            (("123456", "123456"), "own_pin"),
            (("482915", "482916"), "own_pin"),
            (("482915", "482915"), "people"),
            (("482915", "739104", "739104"), "people"),
        ):
            if app.screen.place != "own_pin":  # type: ignore[attr-defined]
                await pilot.press("p")
                await pilot.pause()
            for each in steps:
                await type_in(pilot, each)
                await pilot.press("enter")
                await pilot.pause()
            assert app.screen.place == ends, (steps, text(app))  # type: ignore[attr-defined]
            assert not any(each in text(app) for each in steps)
    pins.prove(station.store.beside, "li", "739104", station.moment)
    assert station.store.beside.aside("li") == {}


@awaited
async def test_a_substitute_is_named_and_taken_back() -> None:
    station = Station()
    async with console(station) as pilot:
        app = pilot.app
        await pilot.press("N", "home")
        await pilot.pause()
        await pilot.press("s")
        await pilot.pause()
        await type_in(pilot, "zhao")
        await pilot.press("tab")
        await type_in(pilot, "2026-11-30 08:00")
        await pilot.press("enter")
        await pilot.pause()
        assert "Zhao 代管到 11-30 08:00" in text(app)
        await pilot.press("b")
        await pilot.pause()
        assert "代管" not in "\n".join(text(app).splitlines()[:-2])


def test_comings_are_kept_one_by_one_and_told_to_who_answers_for_them() -> None:
    from console.comings import ComeIn, Way, answers_for

    station = Station()
    station.desk.who = station.who("li")
    for n in range(3):
        station.desk.do(ComeIn(way=Way.KEY, wrong=n))
        station.later(hours=1)
    assert [each.wrong for each in comings(station.desk.book, "li")] == [2, 1, 0]
    assert [answers_for(station.who(who), "li") for who in ("li", "zhao", "sun", "chen", "pu")] == [
        True,
        False,
        True,
        True,
        False,
    ]


def test_nobody_can_say_by_name_that_they_came_in() -> None:
    from console.act import ACTS

    assert "come_in" not in ACTS and Settings().lock_after == 10
