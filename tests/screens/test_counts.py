"""The tasks of docs/keys.md, pressed key by key: they take as many keys as the page says, and do what it says."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from console.shifts import chain
from tests.console.helpers import Station
from tests.screens.helpers import awaited, console, text
from tests.screens.keys_doc import FILE, TASKS
from tests.screens.keys_doc import text as page


def test_the_page_is_as_the_code_tells_it() -> None:
    assert FILE.read_text(encoding="utf-8") == page(), "run: make docs"


async def perform(pilot: Pilot[Any], task: str, *said: str) -> None:
    """Press the keys of a task, and say what a person says at each …"""
    words = list(said)
    for key in TASKS[task][2]:
        await pilot.press(*(words.pop(0) if key == "…" else (key,)))
        await pilot.pause()
    assert words == []


def station() -> Station:
    """One whose categories have a usual agency."""
    made = Station()
    limits = {"limit": "4小时", "severity": "p3", "family": "works", "initials": "xsd"}
    made.system("set_category", slug="sewer", name="下水道堵塞", english="sewer blocked", agencies=("property",), **limits)
    made.do("sign_on")
    return made


@awaited
async def test_a_call_filed_and_dispatched() -> None:
    one = station()
    async with console(one) as pilot:
        await perform(pilot, "new and dispatch", "1幢102", "王芳", "13800000001", "污水冒出来")
        case = one.case("202611230001")
        assert (str(case.status), case.errands[0].agency, case.place, case.text) == (
            "dispatched",
            "property",
            "1幢102",
            "污水冒出来",
        )
        assert pilot.app.screen.place == "queue", text(pilot.app)


@awaited
async def test_a_case_from_new_to_closed() -> None:
    one = station()
    async with console(one) as pilot:
        await perform(pilot, "new", "一楼返水")
        for task, said, status in (
            ("next", (), "filed"), ("dispatch", (), "dispatched"), ("accept", ("小刘",), "handling"),
            ("report", ("已疏通", "小刘"), "resolved"), ("note", ("居民道谢",), "resolved"), ("close", (), "closed"), ("undo", (), "resolved"),
        ):  # fmt: skip
            await perform(pilot, task, *said)
            assert one.status("202611230001") == status, (task, text(pilot.app))


@pytest.mark.parametrize("lang", ["zh", "en"])
@awaited
async def test_handing_over_and_taking_over(lang: str) -> None:
    one = station()
    one.take(text="马蜂窝", category="hornet")
    one.take(text="有人问路", category="dispute")
    async with console(one, lang=lang) as pilot:
        await perform(pilot, "hand over")
    async with console(one, "zhao", lang=lang, first="arrival") as pilot:
        await perform(pilot, "take over", "树上那一窝,蜇人,还没派人去")
        one.desk.catch_up()
        assert chain(one.desk.book).number == 1, text(pilot.app)
