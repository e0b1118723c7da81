"""Every screen as text, in both languages and at three sizes: what changes here is read like a page of the manual.

Accept a change with: pytest tests/screens/test_pictures.py --snapshot-update
"""

from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.pilot import Pilot

from tests.console.helpers import Station
from tests.console.past import past
from tests.screens.helpers import awaited, console, text, type_in


class Page(SingleFileSnapshotExtension):
    """One text file a screen."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture
def page(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(Page)


def station() -> Station:
    """Cases of every kind, a shift near its end, a sheet half written."""
    made = Station()
    made.do("sign_on")
    sewer = {"family": "works", "initials": "xsd", "limit": "4小时", "severity": "p3"}
    made.system("set_category", slug="sewer", name="下水道堵塞", english="sewer blocked", agencies=("property",), **sewer)
    made.system("set_agency", slug="property", name="物业公司", english="property company", phone="0570-5550101",
                contacts=({"name": "老马", "phone": "13955500013", "days": (1, 2, 3, 4, 5, 6, 7)},))  # fmt: skip
    urgent = made.filed(text="一楼卫生间返水", category="hornet", grid="g1", place="1幢102")
    made.do("dispatch", urgent, agency="property", ask="先垫沙袋")
    made.do("voice", urgent, name="许女士", contact="13800000013")
    made.returned()
    made.resolved()
    made.suspended()
    made.take(text="有人问路", name="吴大爷")
    made.do("log", text="周末有马拉松,东门封闭", about="watch", pinned=True)
    made.do("order", text="独居老人每班问候一次")
    made.do("edit_item", urgent, if_then="再往上漫就停水", ring="老马 13955500013")
    made.later(minutes=50)
    return made


async def keys(pilot: Pilot[Any], *names: str) -> None:
    await pilot.press(*names)
    await pilot.pause(0.2)


WAYS: dict[str, tuple[str, ...]] = {
    "queue": ("down",), "case": ("down", "enter"), "why": ("down", "y"), "dispatch": ("down", "d"),
    "close_refused": ("c",), "edit": ("e",), "new": ("n",), "log": ("L",), "handover": ("H",), "arrival": ("T",),
    "drafts": ("E",), "help": ("question_mark",), "palette": ("colon",), "undo": ("u",), "quit": ("q",), "filter": ("slash",),
    "bulk": ("asterisk", "i"),
}  # fmt: skip


@pytest.mark.parametrize("place", WAYS)
@pytest.mark.parametrize(
    ("lang", "size"), [("zh", (80, 24)), ("en", (80, 24)), ("zh", (160, 50)), ("en", (160, 50)), ("zh", (40, 12))]
)
@awaited
async def test_a_screen(place: str, lang: str, size: tuple[int, int], page: SnapshotAssertion) -> None:
    async with console(station(), lang=lang, size=size) as pilot:
        await pilot.pause(0.2)
        await keys(pilot, *WAYS[place])
        said = text(pilot.app)
        assert len(said.splitlines()) == size[1] and said.strip()
        assert said == page(name=f"{place}-{lang}-{size[0]}x{size[1]}")


REVIEWED: dict[str, tuple[str, tuple[str, ...]]] = {
    "reviews": ("sun", ("M", "down")), "sheet": ("sun", ("M", "down", "down", "enter")), "approvals": ("sun", ("Y", "down")),
    "orders": ("li", ("B",)), "people": ("chen", ("N",)), "plots": ("sun", ("C",)), "behind": ("sun", ("C", "enter")),
    "rounds": ("wang", ("F",)), "supervisor": ("sun", ()), "liaison": ("pu", ("down",)), "own_pin": ("li", ("N", "p")),
}  # fmt: skip
"""Screens of supervisors, facilitators and agencies: who looks, and the way there."""


def reviewed() -> Station:
    """Three shifts behind it, and something of everything that waits for somebody."""
    made = past()
    made.do("extend", made.handling(text="电梯停了"), who="pu", why="缺配件")
    made.do("urge", made.filed(text="路灯不亮", grid="g1"), who="sun", why="三天了")
    made.do("check", made.take(text="围墙要倒", grid="g1"), what="看看歪了多少")
    made.take(who="wang", text="河边护栏松了", grid="g1")
    made.do("stand_in", who="zhao", substitute="li", until="2026-12-01 08:00", why="婚假")
    made.later(minutes=12)
    return made


@pytest.mark.parametrize("place", REVIEWED)
@pytest.mark.parametrize(("lang", "size"), [("zh", (80, 24)), ("en", (80, 24)), ("zh", (160, 50)), ("en", (40, 12))])
@awaited
async def test_a_screen_of_another_role(place: str, lang: str, size: tuple[int, int], page: SnapshotAssertion) -> None:
    who, way = REVIEWED[place]
    async with console(reviewed(), who, lang=lang, size=size) as pilot:
        await pilot.pause(0.2)
        for key in way:
            await keys(pilot, key)
        said = text(pilot.app)
        assert len(said.splitlines()) == size[1] and said.strip()
        assert said == page(name=f"{place}-{lang}-{size[0]}x{size[1]}")


@pytest.mark.parametrize("lang", ["zh", "en"])
@awaited
async def test_taking_over(lang: str, page: SnapshotAssertion) -> None:
    made = station()
    made.do("hand_over")
    made.later(minutes=20)
    async with console(made, "zhao", lang=lang, first="arrival") as pilot:
        assert text(pilot.app) == page(name=f"taking-over-{lang}")
        await keys(pilot, "enter")
        await type_in(pilot, "返水那户先拉沙袋")
        assert text(pilot.app) == page(name=f"reading-back-{lang}")
        await keys(pilot, "enter", "S")
        assert text(pilot.app) == page(name=f"still-lacking-{lang}")
