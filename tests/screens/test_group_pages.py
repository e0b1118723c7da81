"""The screens of the group chat as pages of the manual: messages, a case of one, an answer, the outbox, call-backs."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.console.helpers import Station
from tests.screens.helpers import awaited, console, text
from tests.screens.test_inbox import answer, made, over, press
from tests.screens.test_pictures import Page

WAYS = {
    "inbox": ("J",), "takeup": ("J", "t"), "joined": ("J", "t", "enter", "1"), "answer": ("J", "a"), "member": ("J", "w"),
    "every": ("J", "full_stop", "full_stop"), "outbox": ("J", "t", "enter", "o"), "callbacks": ("K",), "call": ("K", "1"),
    "take_answer": ("K", "y"),
}  # fmt: skip
"""Name of a page → keys that lead to it from the queue."""


def station(name: str) -> Station:
    """The group's station; for call-backs with a case that is over and what its resident answered."""
    found = made()
    if name in ("callbacks", "call", "take_answer"):
        over(found)
        answer(found, "通了,谢谢,很快", 8)
    return found


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize(("lang", "size"), [("zh", (80, 24)), ("en", (80, 24)), ("zh", (160, 50)), ("zh", (40, 12))])
def test_a_screen_of_the_group(snapshot: SnapshotAssertion, name: str, lang: str, size: tuple[int, int]) -> None:
    found: list[str] = []

    @awaited
    async def look() -> None:
        async with console(station(name), lang=lang, size=size) as pilot:
            await press(pilot, *WAYS[name])
            await pilot.pause(0.3)
            found.append(text(pilot.app))

    look()
    assert found[0] == snapshot(name=f"{name}-{lang}-{size[0]}x{size[1]}", extension_class=Page)
