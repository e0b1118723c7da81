"""What the app does by itself: it begins, listens for what others do, counts the minutes, and locks a screen left alone."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from textual import events
from textual.app import App
from textual.reactive import reactive

from console.book import Refused
from console.chair import Chair
from screens.base import Base

SETTLE = 1.0
"""Seconds between two looks at who comes and goes."""

SPREAD = 60
"""Twentieths of a second over which sessions begin their minute: sixty clocks that strike at once fill a machine."""

EACH = 0.03
"""Seconds between two looks at what was done, for each of the others who are here."""


class Following(App[int], inherit_bindings=False):
    """An app that follows the station."""

    revision: reactive[int] = reactive(0)
    """The last entry that this session has read."""

    minute: reactive[int] = reactive(0)
    """Minutes since 1970: remaining times are told in minutes."""

    chair: Chair
    """The session."""

    first = "queue"
    """The screen that stands on top to begin with; the queue lies under it."""

    sight = ""
    """The name under which what stands here is kept for the next start."""

    at = ""
    """The case under the cursor in what was painted before."""

    way = ""
    """How whoever sits here has shown who they are, where that is to be kept: key, pin or account."""

    welcome: tuple[str, dict[str, Any]] | None = None
    """What is said first."""

    pressed = 0.0
    """When a key was last pressed, by the loop's clock."""

    def made(self, name: str, about: Mapping[str, Any]) -> Base:
        """A screen by its name."""
        raise NotImplementedError

    @property
    def opening(self) -> bool:
        """Whether a key has opened a screen that does not stand yet: the next key waits for it."""
        return self._opening

    @opening.setter
    def opening(self, opening: bool) -> None:
        """Once the screen stands, the driver hands on the keys that waited."""
        before, self._opening = self._opening, opening
        if before and not opening:
            getattr(self._driver, "opened", lambda: None)()

    _opening = False

    @property
    def top(self) -> Base | None:
        """The screen on top; none while the program begins or ends."""
        stack = self.screen_stack
        return stack[-1] if stack and isinstance(stack[-1], Base) else None

    def watch_revision(self) -> None:
        """The one number that flows down has changed: the screen on top follows; the others do when they are seen again.

        Screens do not watch it themselves: Textual would hold every one that has closed until the number changes next.
        """
        if self.top is not None and self.top.drawn:
            self.top._revised()

    watch_minute = watch_revision

    def on_mount(self) -> None:
        """Open the first screens, and listen for what others do."""
        self._loop_of = asyncio.get_running_loop()
        self.pressed = self._loop_of.time()
        if self.first == "sign_on":
            self.push_screen(self.made("sign_on", {}))
        else:
            self.push_screen(self.made("queue", {}))
            if self.first != "queue":
                self.push_screen(self.made(self.first, {}))
            self.call_after_refresh(self._welcome)
        self.call_after_refresh(self._listen)
        self._tick()

    def seated(self, wrong: int) -> None:
        """Somebody has signed on: their screens take the place of the question."""
        first = "arrival" if self.chair.arriving() else "queue"
        self.switch_screen(self.made("queue", {}))
        if first != "queue":
            self.push_screen(self.made(first, {}))
        if wrong:
            self.welcome = ("sign_on.wrong", {"n": wrong})
        self.call_after_refresh(self._welcome, wrong)

    def _welcome(self, wrong: int = 0) -> None:
        """Say what must be known first: what is wrong with the store or the keys; else what is half written."""
        top = self.top
        if top is None:
            return
        self._noted(wrong)
        if self.chair.trouble:
            top.tell("welcome.trouble", "alarm", reason=self.chair.trouble)
        elif self.welcome is not None:
            top.tell(self.welcome[0], "warn", **self.welcome[1])
        else:
            half, waits = len(self.chair.aside()), self._waits()
            told = [self.chair.say.plural("welcome.drafts", half)] if half else []
            told += [self.chair.say("welcome.waiting", n=waits)] if waits else []
            if told:
                top.notice = ("soon", f" {'  '.join(told)}")
                top.draw()

    def _waits(self) -> int:
        """How many things wait for a word of whoever sits here."""
        if not self.chair.who.may("approve"):
            return 0
        from console.waiting import waiting_for_word

        return len(waiting_for_word(self.chair.book))

    def _noted(self, wrong: int) -> None:
        """Keep that somebody came in: once the first screen stands, so that nobody waits for it."""
        if self.way and self.top is not None:
            from console.comings import Way
            from console.entrance import came

            self.top.guarded(lambda: came(self.chair, Way(self.way), wrong))

    # -- what others do

    def _listen(self) -> None:
        """Sleep beside the store in a thread of its own, and ring when there is news."""
        gc.freeze()  # what is there by now stays: nobody need look through it for garbage between two keys
        threading.Thread(target=self._wait, daemon=True, name="wanjia-news").start()

    def _wait(self) -> None:
        """The thread: it reads nothing itself."""
        while not self._exit:
            heard = threading.Event()
            if self.chair.wait():
                self._let_them_settle(heard)
                try:
                    self._loop_of.call_soon_threadsafe(self.call_next, self._rung, heard)
                except RuntimeError:  # the loop has ended
                    return
                heard.wait(5)
                self._looked = self._loop_of.time()
            elif self._exit or self.chair.closed:
                return

    def _let_them_settle(self, heard: threading.Event) -> None:
        """Let several things that the others do be looked at together: the more others, the more of them.

        Everybody is rung by everybody, and the work would grow with the square of the sessions. So what was done is looked
        at as often a second, by all sessions together, however many there are; what comes after a while of quiet at once.
        Where somebody only came, went or looks elsewhere, it waits until a second has passed since that was last looked at.
        """
        heard.wait(max(self._looked + EACH * len(self._here) - self._loop_of.time(), 0))
        if self.chair.acted():
            return
        left = self._settled + SETTLE - self._loop_of.time()
        if left > 0:
            self.chair.acted(left)
        self._settled = self._loop_of.time()

    _looked = 0.0

    _settled = 0.0

    def _rung(self, heard: threading.Event) -> None:
        """Somebody has done something."""
        if not self._exit:
            self.follow()
        heard.set()

    def follow(self) -> None:
        """Catch up with everyone and say the new revision."""
        try:
            news = self.chair.news()
        except Refused as error:
            if self.top is not None:
                self.top.refuse(error)
            return
        before, top = self._here, self.top
        self._here = self.chair.others()
        if top is not None and news:
            top.heard(news)
        revision, self.revision = self.revision, self.chair.book.number  # which tells the screen on top
        if top is not None and before != self._here and revision == self.revision:
            top._revised()

    _here: Sequence[object] = ()

    # -- time

    def _tick(self) -> None:
        """A minute has begun."""
        now = self.chair.desk.now()
        self.chair.look_anew()
        self.minute = int(now.timestamp()) // 60
        self.set_timer(60.05 + os.getpid() % SPREAD / 20 - now.timestamp() % 60, self._tick)
        self._watch()

    async def on_event(self, event: events.Event) -> None:
        """Remember that somebody is there."""
        if isinstance(event, events.Key):
            self.pressed = self._loop_of.time()
        await super().on_event(event)

    def _watch(self) -> None:
        """Lock the screen of somebody who has gone away from a shared terminal. One's own machine has a lock of its own."""
        if self.first != "sign_on" or not self.chair.who.rights:
            return
        from console.entrance import lock_seconds

        after = lock_seconds(self.chair)
        if after and self._loop_of.time() - self.pressed >= after - 1:
            self.lock()

    def lock(self) -> None:
        """Cover what stands here until its owner is back; what lies under it stays as it is."""
        if self.top is not None and self.top.place != "lock":
            self.push_screen(self.made("lock", {}))
