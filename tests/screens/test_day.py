"""A whole day at the desk, key by key: sign on, take cases through their lives, hand over, the next officer takes over."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from console.sheets import Sheet, SheetState
from console.shifts import chain
from tests.console.helpers import Station
from tests.screens.helpers import awaited, console, text, type_in


async def keys(pilot: Pilot[Any], *names: str) -> None:
    await pilot.press(*names)
    await pilot.pause()


async def new_case(pilot: Pilot[Any], initials: str, said: str, name: str, contact: str) -> None:
    """From the queue: a telephone call, kept."""
    await keys(pilot, "n")
    await type_in(pilot, initials)
    await keys(pilot, "1", "tab", "tab")
    await type_in(pilot, name)
    await keys(pilot, "tab")
    await type_in(pilot, contact)
    await keys(pilot, "tab")
    await type_in(pilot, said)
    await keys(pilot, "enter")


@pytest.mark.parametrize("lang", ["zh", "en"])
@awaited
async def test_a_day(lang: str) -> None:
    station = Station()
    async with console(station, lang=lang, first="arrival") as pilot:
        app = pilot.app
        await keys(pilot, "S")
        assert ("已签到" if lang == "zh" else "signed on") in text(app)
        await keys(pilot, "escape")
        assert app.screen.place == "queue"
        # a telephone call, kept as new; then filed and dispatched to two agencies
        await new_case(pilot, "xsd", "污水从井盖冒出来", "王芳", "13800000001")
        assert "20261123-0001" in text(app)
        await keys(pilot, "s", "enter")
        assert station.status("202611230001") == "filed", text(app)
        await keys(pilot, "d")
        await type_in(pilot, "property")
        await keys(pilot, "enter")
        await type_in(pilot, "疏通")
        await keys(pilot, "enter")
        assert station.status("202611230001") == "dispatched", text(app)
        await keys(pilot, "d")
        await type_in(pilot, "police")
        await keys(pilot, "enter", "enter")
        assert len(station.case("202611230001").errands) == 2
        # one returns it, by telephone; it is sent on
        await keys(pilot, "x")
        assert app.screen.verb == "return"
        await type_in(pilot, "2")
        await type_in(pilot, "不归派出所管")
        await keys(pilot, "tab")
        await type_in(pilot, "老周")
        await keys(pilot, "enter")
        assert [str(errand.state) for errand in station.case("202611230001").errands] == ["sent", "returned"], text(app)
        # the other accepts and reports, the case is closed
        await keys(pilot, "t", "1")
        assert app.screen.verb == "accept", text(app)
        await type_in(pilot, "小刘")
        await keys(pilot, "enter")
        await keys(pilot, "t")
        await keys(pilot, "2")
        assert app.screen.verb == "report", text(app)
        await type_in(pilot, "已疏通")
        await keys(pilot, "tab")
        await type_in(pilot, "小刘")
        await keys(pilot, "enter")
        assert station.status("202611230001") == "returned", text(app)  # the return of the other waits for the desk
        await keys(pilot, "O", "enter", "o", "enter")
        assert station.status("202611230001") == "resolved", text(app)
        await keys(pilot, "s", "1", "enter")
        assert station.status("202611230001") == "closed", text(app)
        # two reports of one trouble are merged, undone, and merged again
        await new_case(pilot, "mfw", "树上有马蜂窝", "陆先生", "13800000002")
        await new_case(pilot, "mfw", "树上有马蜂窝", "孙女士", "13800000003")
        await keys(pilot, "g")
        other = "3" if app.screen.at.endswith("2") else "2"
        await keys(pilot, "m", other, "enter", "enter")
        station.desk.catch_up()
        assert station.status("202611230002") == "merged" or station.status("202611230003") == "merged", text(app)
        await keys(pilot, "u", "enter")
        station.desk.catch_up()
        assert station.status("202611230002") == station.status("202611230003") == "new", text(app)
        await keys(pilot, "g")
        await keys(pilot, "m", "3" if app.screen.at.endswith("2") else "2", "enter", "enter")
        # the log, and the handover
        await keys(pilot, "L", "i")
        await type_in(pilot, "周末有马拉松")
        await keys(pilot, "enter", "p", "escape")
        station.later(hours=6)
        await keys(pilot, "H", "S", "S")
        shift = chain(station.desk.book).shift
        station.desk.catch_up()
        sheet = station.desk.book.get(Sheet, chain(station.desk.book).shift)
        assert sheet is not None and sheet.state is SheetState.HANDED, (shift, text(app))
    async with console(station, who="zhao", lang=lang, first="arrival") as pilot:
        app = pilot.app
        assert "马蜂窝" in text(app)
        await keys(pilot, "S")
        assert app.screen.notice is not None
        await keys(pilot, "g", "space")
        assert ("不能打勾" if lang == "zh" else "not ticked") in text(app)
        await keys(pilot, "enter")
        await type_in(pilot, "树上有马蜂窝")
        await keys(pilot, "enter")
        assert app.focused is not None, "the words of the sheet are not one's own"
        await keys(pilot, *["backspace"] * 10)
        await type_in(pilot, "小孩常玩的地方,消防还没派,先拉线")
        await keys(pilot, "enter")
        await keys(pilot, "S")
        station.desk.catch_up()
        assert chain(station.desk.book).number == 1, text(app)
        await keys(pilot, "escape")
        assert app.screen.place == "queue"
