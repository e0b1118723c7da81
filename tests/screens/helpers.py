"""The screens with real keys, without a terminal: a station in memory, and what stands on the screen as text."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual import _wait
from textual.pilot import Pilot

from console.chair import Chair
from console.desk import Desk
from console.staff import actor
from console.words import words
from screens.app import Wanjia
from screens.start import prepare
from screens.widgets.ink import Ink
from tests.console.helpers import Station
from themes.palettes import PALETTES

prepare()

_wait.SLEEP_GRANULARITY = 0.008
"""Seconds after which Pilot looks again whether the app rests: Textual's fiftieth is most of what a key costs a test."""
_wait.SLEEP_IDLE = 0.0004


def shown(app: Wanjia) -> list[str]:
    """The screen as lines of text."""
    return ["".join(segment.text for segment in strip).rstrip() for strip in app.screen._compositor.render_strips()]


def text(app: Wanjia) -> str:
    """The screen as one text."""
    return "\n".join(shown(app))


def chair(station: Station, who: str = "li", lang: str = "zh") -> Chair:
    """A session of its own at the station's store."""
    store = station.session()
    desk = Desk(store, station.now, station.who(who))
    desk.who = actor(desk.book, who, "tty1", desk.now())
    return Chair(store, desk, words(lang))


@asynccontextmanager
async def console(
    station: Station, who: str = "li", lang: str = "zh", size: tuple[int, int] = (80, 24), theme: str = "mono", **more: Any
) -> AsyncIterator[Pilot[Any]]:
    """The console of somebody, with a pilot at its keys."""
    seat = chair(station, who, lang)
    app = Wanjia(seat, Ink(PALETTES[theme]), **more)
    try:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield pilot
    finally:
        seat.close()


async def type_in(pilot: Pilot[Any], said: str) -> None:
    """Type a text, Chinese as an input method sends it."""
    await pilot.press(*said)


def awaited(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """A test that waits, for pytest."""

    @functools.wraps(test)
    def run(*args: Any, **more: Any) -> None:
        asyncio.run(test(*args, **more))  # type: ignore[arg-type]

    return run
