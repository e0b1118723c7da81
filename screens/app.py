"""The app: it starts things, opens what is asked for, and tells everyone the revision. Nothing else of ours is on it."""

from __future__ import annotations

import asyncio
import gc
import importlib
import threading
from collections.abc import Mapping
from typing import Any, ClassVar

from textual.app import App
from textual.reactive import reactive

from console.book import Refused
from console.chair import Chair
from screens.base import Base, Open
from screens.looks import themed
from screens.widgets.ink import Ink
from themes.palettes import PALETTES

SCREENS = {
    "queue": "screens.queue:QueueScreen",
    "case": "screens.issues:CaseScreen",
    "form": "screens.forms:FormScreen",
    "new": "screens.taking:NewScreen",
    "log": "screens.shifts:LogScreen",
    "handover": "screens.handover:HandoverScreen",
    "arrival": "screens.arrival:ArrivalScreen",
    "drafts": "screens.drafts:DraftsScreen",
    "confirm": "screens.confirm:ConfirmScreen",
    "pin": "screens.pin:PinScreen",
    "help": "screens.help:HelpScreen",
    "palette": "screens.palette:PaletteScreen",
}
"""Name of a screen → where it is; imported when it is first opened."""

ONCE = frozenset(("queue", "log", "handover", "arrival", "drafts", "help"))
"""Screens that are open once at most."""


class Wanjia(App[int]):
    """The console."""

    CSS_PATH: ClassVar[Any] = ["../themes/base.tcss"]
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[Any]] = []

    revision: reactive[int] = reactive(0)
    """The last entry that this session has read."""

    minute: reactive[int] = reactive(0)
    """Minutes since 1970: remaining times are told in minutes."""

    def __init__(
        self, chair: Chair, ink: Ink, remapped: Mapping[str, str] | None = None, first: str = "queue", driver: Any = None
    ) -> None:
        """``first``: the screen that stands on top to begin with; the queue lies under it. ``driver``: not Textual's own."""
        self.chair, self.ink, self.remapped, self._first = chair, ink, remapped or {}, first
        super().__init__(driver_class=driver)
        self.ansi_color = None
        self.animation_level = "none"
        for palette in PALETTES.values():
            self.register_theme(themed(palette))
        self.theme = themed(ink.palette).name

    chair: Chair
    """The session."""

    ink: Ink
    """The palette."""

    remapped: Mapping[str, str]
    """Keys that were changed: id of the action → keys."""

    def on_mount(self) -> None:
        """Open the first screens, and listen for what others do."""
        self._loop_of = asyncio.get_running_loop()
        self.push_screen(self._made("queue", {}))
        if self._first != "queue":
            self.push_screen(self._made(self._first, {}))
        self.call_after_refresh(self._listen)
        self.call_after_refresh(self._welcome)
        self._tick()

    sight = ""
    """The name under which what stands here is kept for the next start."""

    at = ""
    """The case under the cursor in what was painted before."""

    welcome: tuple[str, dict[str, Any]] | None = None
    """What is said first."""

    def _welcome(self) -> None:
        """Say what must be known first: what is wrong with the store or the keys; else what is half written."""
        top = self.top
        if top is None:
            return
        if self.chair.trouble:
            top.tell("welcome.trouble", "alarm", reason=self.chair.trouble)
        elif self.welcome is not None:
            top.tell(self.welcome[0], "warn", **self.welcome[1])
        else:
            half = len(self.chair.aside())
            if half:
                top.notice = ("soon", f" {self.chair.say.plural('welcome.drafts', half)}")
                top.draw()

    def _listen(self) -> None:
        """Sleep beside the store in a thread of its own, and ring when there is news."""
        gc.freeze()  # what is there by now stays: nobody need look through it for garbage between two keys
        threading.Thread(target=self._wait, daemon=True, name="wanjia-news").start()

    def _wait(self) -> None:
        """The thread: it reads nothing itself."""
        while not self._exit:
            heard = threading.Event()
            if self.chair.wait():
                try:
                    self._loop_of.call_soon_threadsafe(self.call_next, self._rung, heard)
                except RuntimeError:  # the loop has ended
                    return
                heard.wait(5)
            elif self._exit or self.chair.closed:
                return

    def _rung(self, heard: threading.Event) -> None:
        """Somebody has done something."""
        if not self._exit:
            self.follow()
        heard.set()

    @property
    def top(self) -> Base | None:
        """The screen on top; none while the program begins or ends."""
        stack = self.screen_stack
        return stack[-1] if stack and isinstance(stack[-1], Base) else None

    def follow(self) -> None:
        """Catch up with everyone and say the new revision."""
        try:
            news = self.chair.news()
        except Refused as error:
            if self.top is not None:
                self.top.refuse(error)
            return
        crowd = self.chair.crowd
        self.chair.others()
        revision, self.revision = self.revision, self.chair.book.number
        top = self.top
        if top is not None and crowd != self.chair.crowd and revision == self.revision:
            top._revised()
        if top is not None and news:
            top.heard(news)

    def _tick(self) -> None:
        """A minute has begun."""
        now = self.chair.desk.now()
        self.minute = int(now.timestamp()) // 60
        self.set_timer(60.05 - now.timestamp() % 60, self._tick)

    def on_open(self, message: Open) -> None:
        """Open a screen; what came of it is said on the one under it. One that is open already is gone back to."""
        places = [getattr(screen, "place", "") for screen in self.screen_stack]
        if message.screen in ONCE and message.screen in places:
            for _ in range(len(places) - 1 - places.index(message.screen)):
                self.pop_screen()
            return
        if self.top is not None:
            self.top.guarded(lambda: self.push_screen(self._made(message.screen, message.about), self._came))

    def _came(self, result: Any) -> None:
        """A screen has closed: with (verb, id, done) where it did something."""
        if result and self.top is not None:
            self.top.acted(*result)

    def _made(self, name: str, about: Mapping[str, Any]) -> Base:
        """A screen by its name."""
        module, _, cls = SCREENS[name].partition(":")
        made: Base = getattr(importlib.import_module(module), cls)(**about)
        return made

    def next_theme(self) -> None:
        """Another palette."""
        names = list(PALETTES)
        found = PALETTES[names[(names.index(self.ink.palette.name) + 1) % len(names)]]
        self.ink.use(found)
        self.theme = themed(found).name

    @property
    def typing(self) -> bool:
        """Whether what is typed goes into a field: then a line end among many keys was pasted."""
        return bool(self.screen_stack) and self.focused is not None

    def tell(self, word: str) -> None:
        """The terminal has something to say: keys that were not acted on, bytes that are no UTF-8."""
        if self.top is not None:
            self.top.tell(word, "warn")
