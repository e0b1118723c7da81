"""The app: it starts things, opens what is asked for, and tells everyone the revision. Nothing else of ours is on it."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any, ClassVar

from console.chair import Chair
from console.words import words
from screens.base import Base, Open
from screens.following import Following
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
    "own_pin": "screens.ownpin:OwnPinScreen",
    "lock": "screens.lock:LockScreen",
    "sign_on": "screens.signon:SignOnScreen",
    "reviews": "screens.reviews:ReviewsScreen",
    "sheet": "screens.sheet:SheetScreen",
    "approvals": "screens.approvals:ApprovalsScreen",
    "orders": "screens.orders:OrdersScreen",
    "rounds": "screens.rounds:RoundsScreen",
    "people": "screens.people:PeopleScreen",
    "plots": "screens.plots:PlotsScreen",
    "found": "screens.found:FoundScreen",
    "reading": "screens.reading:ReadingScreen",
    "inbox": "screens.inbox:InboxScreen",
    "outbox": "screens.outbox:OutboxScreen",
    "say": "screens.saying:SayScreen",
    "callbacks": "screens.callbacks:CallbacksScreen",
    "help": "screens.help:HelpScreen",
    "palette": "screens.palette:PaletteScreen",
}
"""Name of a screen → where it is; imported when it is first opened."""

ONCE = frozenset(
    "queue log handover arrival drafts help reviews approvals orders rounds people plots lock inbox outbox callbacks".split()
)
"""Screens that are open once at most."""


class Wanjia(Following):
    """The console."""

    CSS_PATH: ClassVar[Any] = ["../themes/base.tcss"]
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[Any]] = []

    def __init__(
        self, chair: Chair, ink: Ink, remapped: Mapping[str, str] | None = None, first: str = "queue", driver: Any = None
    ) -> None:
        """``first``: the screen that stands on top to begin with; the queue lies under it. ``driver``: not Textual's own."""
        self.chair, self.ink, self.remapped, self.first = chair, ink, remapped or {}, first
        super().__init__(driver_class=driver)
        self.ansi_color = None
        self.animation_level = "none"
        for palette in PALETTES.values():
            self.register_theme(themed(palette))
        self.theme = themed(ink.palette).name

    ink: Ink
    """The palette."""

    remapped: Mapping[str, str]
    """Keys that were changed: id of the action → keys."""

    def on_open(self, message: Open) -> None:
        """Open a screen; what came of it is said on the one under it. One that is open already is gone back to."""
        places = [getattr(screen, "place", "") for screen in self.screen_stack]
        if message.screen in ONCE and message.screen in places:
            for _ in range(len(places) - 1 - places.index(message.screen)):
                self.pop_screen()
            self.opening = False
            return
        if self.top is not None:
            self.top.guarded(lambda: self.push_screen(self.made(message.screen, message.about), self._came))
        self.opening = self.top is not None and not self.top.drawn

    def _came(self, result: Any) -> None:
        """A screen has closed: with (verb, id, done) where it did something."""
        if result and self.top is not None:
            self.top.acted(*result)

    def made(self, name: str, about: Mapping[str, Any]) -> Base:
        """A screen by its name."""
        module, _, cls = SCREENS[name].partition(":")
        made: Base = getattr(importlib.import_module(module), cls)(**about)
        return made

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        """Off: a session writes no file anywhere but among the store's exports."""

    def next_theme(self) -> None:
        """Another palette."""
        names = list(PALETTES)
        found = PALETTES[names[(names.index(self.ink.palette.name) + 1) % len(names)]]
        self.ink.use(found)
        self.theme = themed(found).name

    def speak(self, language: str) -> None:
        """Another language from here on: what stands over the queue closes, and the queue is made anew."""
        self.chair.say = words(language)
        while len(self.screen_stack) > 2:
            self.pop_screen()
        self.switch_screen(self.made("queue", {}))

    @property
    def typing(self) -> bool:
        """Whether what is typed goes into a field: then a line end among many keys was pasted."""
        return bool(self.screen_stack) and self.focused is not None

    def tell(self, word: str) -> None:
        """The terminal has something to say: keys that were not acted on, bytes that are no UTF-8."""
        if self.top is not None:
            self.top.tell(word, "warn")
