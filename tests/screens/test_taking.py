"""A new case told by telephone, and a second call that comes in before the first is written down."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from console.issues import Issue
from tests.console.helpers import Station
from tests.screens.helpers import awaited, console, shown, text, type_in


async def press(pilot: Pilot[Any], *names: str) -> None:
    await pilot.press(*names)
    await pilot.pause()


def fields(pilot: Pilot[Any]) -> dict[str, str]:
    """What stands in the form."""
    return {name: field.value for name, field in pilot.app.screen.fields.items() if field.value}  # type: ignore[attr-defined]


@awaited
async def test_a_second_caller_gets_an_empty_form_and_the_first_is_not_lost() -> None:
    station = Station()
    async with console(station, size=(100, 30)) as pilot:
        app = pilot.app
        await press(pilot, "n")
        assert "另写一张" not in text(app)
        await press(pilot, "f8")
        assert "这张就是空的" in text(app) and not app.chair.aside()  # type: ignore[attr-defined]
        await press(pilot, "tab", "tab", "tab")
        await type_in(pilot, "王芳")
        station.later(minutes=2)
        await press(pilot, "escape", "n")
        assert fields(pilot) == {"name": "王芳"} and "没写完的: 王芳" in text(app) and "另写一张" in text(app)
        await press(pilot, "f8")
        station.later(minutes=2)
        assert fields(pilot) == {}
        await press(pilot, "tab", "tab", "tab")
        await type_in(pilot, "陈杰")
        await press(pilot, "tab", "tab")
        await type_in(pilot, "路灯不亮")
        await press(pilot, "escape", "E")
        listed = "\n".join(shown(app))
        assert "王芳" in listed and "陈杰" in listed
        await press(pilot, "enter")
        assert fields(pilot) == {"name": "陈杰", "text": "路灯不亮"}, "the latest draft stands first"
        await press(pilot, "enter")
        assert [issue.reporter for _, issue in app.chair.book.all(Issue)] == ["陈杰"]  # type: ignore[attr-defined]
        await press(pilot, "n")
        assert fields(pilot) == {"name": "王芳"}
        assert [*app.chair.aside()] == ["take"]  # type: ignore[attr-defined]
        await press(pilot, "f8")
        await type_in(pilot, "x")
        station.later(minutes=2)
        await press(pilot, "escape", "n")
        assert fields(pilot) == {"category": "x"}, "the one that was left last"


@awaited
async def test_a_call_that_comes_in_while_the_form_is_open_needs_one_key() -> None:
    station = Station()
    async with console(station) as pilot:
        await press(pilot, "n", "tab", "tab", "tab")
        await type_in(pilot, "王芳")
        await press(pilot, "f8")
        assert fields(pilot) == {}
        await press(pilot, "escape", "n")
        assert fields(pilot) == {"name": "王芳"}


@awaited
async def test_a_danger_in_the_words_is_its_own_category() -> None:
    station = Station()
    async with console(station) as pilot:
        app = pilot.app
        await press(pilot, "n", "tab", "tab", "tab", "tab", "tab")
        await type_in(pilot, "7幢电梯困人")
        await pilot.pause(0.4)
        assert fields(pilot)["category"] == "电梯困人" and "119" in "\n".join(shown(app)[:3])
        await press(pilot, "ctrl+d")
        assert app.screen.verb == "dispatch", text(app)  # type: ignore[attr-defined]
    station.desk.catch_up()
    [(_, issue)] = station.desk.book.all(Issue)
    assert (issue.category, issue.severity, issue.limit) == ("lift", "p1", "30分")
