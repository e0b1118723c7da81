"""What the driver makes of many letters that come at once: pasted, or typed on while the machine was behind."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual import events

from screens.terminal.driver import ThinDriver


class App:
    """As much of an app as a driver needs: it keeps what it is handed, and says when it is done with it."""

    def __init__(self, typing: bool) -> None:
        self.typing, self.got, self.waiting = typing, list[str](), list[tuple[Any, ...]]()
        self.focused = self.screen = self
        self._message_queue = asyncio.Queue[Any]()

    def call_later(self, *call: Any) -> None:
        self.waiting.append(call)

    def done(self) -> None:
        """The key has gone through."""
        while self.waiting:
            call, *about = self.waiting.pop(0)
            call(*about)


class Driver(ThinDriver):
    """A driver without a terminal: keys go straight to the app."""

    def process_message(self, message: Any) -> None:
        self._app.got.append("paste" if isinstance(message, events.Paste) else message.key)  # type: ignore[attr-defined]


async def came(monkeypatch: pytest.MonkeyPatch, *, term: str, typing: bool, behind: bool) -> list[str]:
    """What becomes of a note, its Enter and a key behind it that are read at once."""
    monkeypatch.setenv("TERM", term)
    app = App(typing)
    driver = Driver(app)
    if behind:
        driver._read("x")
    driver._read("note 12345\rj")
    app.done()
    driver.close()
    await asyncio.sleep(0)
    return app.got[1:] if behind else app.got


KEYS = [*"note", "space", *"12345", "enter", "j"]


@pytest.mark.parametrize(
    ("term", "typing", "behind", "expected"),
    [
        ("xterm-256color", True, False, ["paste"]),  # it may be one that marks nothing: better a longer note than an act
        ("xterm-256color", True, True, KEYS),  # the machine was busy with another key: the Enter is an Enter
        ("vt100", True, True, ["paste"]),  # never marks a paste
        ("vt100", False, True, KEYS),
        ("xterm-256color", False, False, KEYS),
    ],
)
def test_many_letters_at_once(
    monkeypatch: pytest.MonkeyPatch, term: str, typing: bool, behind: bool, expected: list[str]
) -> None:
    assert asyncio.run(came(monkeypatch, term=term, typing=typing, behind=behind)) == expected
