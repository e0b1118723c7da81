"""A PIN before a signature, what a liaison's screens show, and a session whose person has left."""

from __future__ import annotations

from pathlib import Path

import pytest
from argon2 import PasswordHasher

from console import pins
from console.pins import give
from tests.console.helpers import Station
from tests.screens.helpers import awaited, console, text, type_in


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(pins, "_hasher", lambda: hasher)
    pins._nobody.cache_clear()


@awaited
async def test_a_handover_is_signed_with_one_s_own_pin_and_with_no_other() -> None:
    station = Station()
    station.do("sign_on")
    station.desk.who = station.who("li")
    give(station.desk, station.store.beside, "", "482915")
    async with console(station) as pilot:
        app = pilot.app
        await pilot.press("H")
        await pilot.pause()
        await pilot.press("S", "S")
        await pilot.pause()
        assert "口令" in text(app) and "482915" not in text(app)
        await type_in(pilot, "482916")
        await pilot.press("enter")
        await pilot.pause()
        assert "口令不对" in text(app)
        await type_in(pilot, "482915")
        assert "482915" not in text(app)
        await pilot.press("enter")
        await pilot.pause()
    station.desk.catch_up()
    assert [doc.get("state") for doc in station.desk.book.docs("shifts").values()] == ["handing"]
    assert not station.store.beside.aside("li"), "a PIN is never kept as a draft"


@awaited
async def test_no_key_and_no_command_of_textual_s_own_writes_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with console(Station()) as pilot:
        await pilot.press("ctrl+p", "ctrl+s", "f12", "ctrl+backslash")
        pilot.app.action_screenshot()
        await pilot.app.run_action("screenshot('x.svg', '.')")
        await pilot.pause()
        assert pilot.app.screen.place == "queue"  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []


@awaited
async def test_escape_signs_nothing() -> None:
    station = Station()
    station.do("sign_on")
    station.desk.who = station.who("li")
    give(station.desk, station.store.beside, "", "482915")
    async with console(station) as pilot:
        await pilot.press("H")
        await pilot.pause()
        await pilot.press("S", "S")
        await pilot.pause()
        await pilot.press("4", "escape")
        await pilot.pause()
    station.desk.catch_up()
    assert [doc.get("state", "open") for doc in station.desk.book.docs("shifts").values()] == ["open"]


@awaited
async def test_a_liaison_s_screens_show_their_own_errand_alone() -> None:
    station = Station()
    id = station.filed(text="污水从井盖冒出来", name="王芳")
    station.do("dispatch", id, agency="property", ask="物业去通")
    station.do("dispatch", id, agency="fire", ask="消防去烧")
    station.do("note", id, text="备注给值班员")
    station.dispatched("fire", text="马蜂窝在树上")
    async with console(station, who="pu") as pilot:
        app = pilot.app
        queue = text(app)
        assert "污水从井盖" in queue and "马蜂窝在树上" not in queue and "消防" not in queue
        await pilot.press("enter")
        await pilot.pause()
        case = text(app)
        assert "物业去通" in case and "消防" not in case and "备注给值班员" not in case
        station.do("note", id, text="又一条给值班员的话")
        station.take(who="zhao", text="别人家的事")
        app.follow()  # type: ignore[attr-defined]
        await pilot.pause()
        assert "别人家的事" not in text(app) and "又一条" not in text(app)


@awaited
async def test_a_session_whose_person_has_left_ends_with_the_draft_kept() -> None:
    station = Station()
    async with console(station) as pilot:
        app = pilot.app
        await pilot.press("n")
        await pilot.pause()
        await type_in(pilot, "xsd")
        await pilot.pause(0.6)
        station.do("leave", who="chen", login="li")
        app.follow()  # type: ignore[attr-defined]
        await pilot.pause()
        assert app.return_code == 1 and app.chair.ended.word == "refused.you_left"  # type: ignore[attr-defined]
    assert any("下水" in str(draft) or "xsd" in str(draft) for draft in station.store.beside.aside("li").values())


@awaited
@pytest.mark.parametrize("who", ["pu", "wang"])
async def test_agencies_and_facilitators_read_no_log_and_no_sheet(who: str) -> None:
    station = Station()
    station.do("sign_on")
    station.do("log", text="备用钥匙在抽屉")
    async with console(station, who=who) as pilot:
        app = pilot.app
        assert "交班" not in text(app).splitlines()[-1]
        for key in "LHT":
            await pilot.press(key)
            await pilot.pause()
            assert app.screen.place == "queue" and "备用钥匙" not in text(app)  # type: ignore[attr-defined]
