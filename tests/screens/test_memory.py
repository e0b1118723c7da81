"""A night at the console: what was opened and closed again is let go of, so that the last hour is as light as the first."""

from __future__ import annotations

import gc
import weakref
from typing import Any

from textual.pilot import Pilot
from textual.strip import Strip

from tests.screens.helpers import awaited, console
from tests.screens.test_keys import busy


async def there_and_back(pilot: Pilot[Any], gone: weakref.WeakSet[Any]) -> None:
    """Into a case, its help, the log and a form, and out again."""
    for way, back in (("enter", "escape"), ("question_mark", "escape"), ("L", "escape"), ("i", "escape")):
        await pilot.press(way)
        await pilot.pause()
        gone.add(pilot.app.screen)
        await pilot.press(back)
        await pilot.pause()


def strips() -> int:
    """How many lines are held by anything."""
    gc.collect()
    return sum(type(each) is Strip for each in gc.get_objects())


@awaited
async def test_screens_that_were_closed_are_gone_with_their_lines() -> None:
    async with console(busy()) as pilot:
        gone: weakref.WeakSet[Any] = weakref.WeakSet()
        await there_and_back(pilot, gone)
        before = strips()
        for _ in range(8):
            await there_and_back(pilot, gone)
        assert pilot.app.screen.place == "queue"  # type: ignore[attr-defined]
        held = strips() - before
        assert [type(each).__name__ for each in gone if each is not pilot.app.screen] == []
        assert held < 3 * 24, f"{held} lines are still held for 32 screens that were closed"
