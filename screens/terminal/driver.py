"""A driver in one thread: the event loop reads the keys and writes the frames.

Against Textual's own: no thread that wakes ten times a second, none to wait for at the end, a hang-up ends the program
(drafts kept) instead of spinning, a terminal that does not read makes it skip frames instead of freezing, bytes of
another encoding do not crash it, and old terminals are sent nothing they do not know.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
import termios
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Iterable
from typing import Any

from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.driver import Driver
from textual.geometry import Size

from screens.terminal import early
from screens.terminal.early import ENTER, LEAVE, raw
from screens.terminal.pastes import Kind, Part, Pastes, several

HANGUP = 129
"""Exit status after a hang-up: 128 and the signal's number, as shells have it."""

TERMINATED = 143
"""The same for a program that was ended."""

MOVES = frozenset(("j", "k", "g", "G", "down", "up", "home", "end", "pagedown", "pageup"))
"""Keys that only move."""

AFTER = 0.2
"""Seconds after which it is said that something was not acted on."""

HOPS = 4
"""Queues that a key goes through before the next one may follow."""

LOST = 0.05
"""Seconds after which it is seen whether it was lost with a screen that has closed."""

PATIENCE = 3.0
"""Seconds that the next key waits for a screen that a key has opened; then it goes on all the same."""

TRIES = 60
"""Times that it is looked whether a key was lost, on a machine that is busy, ever more seldom."""

ASKED = ("xterm", "tmux", "foot", "alacritty", "wezterm", "kitty", "ghostty")
"""Terminals that understand bracketed paste, by the beginning of their name."""


CUT = 5.0
"""Seconds in the middle of a paste after which its end is not waited for any more."""


class ThinDriver(Driver):
    """The terminal that the program was started on."""

    charset = "utf-8"
    """Encoding of the terminal, both ways."""

    def __init__(self, app: Any, *, debug: bool = False, mouse: bool = False, size: tuple[int, int] | None = None) -> None:
        """Of one app; the terminal is opened when the application begins."""
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._fd: int | None = None
        self._attributes: list[Any] | None = None
        self._out = bytearray()
        self._waiting = self._gone = False
        self._parser, self._pastes = XTermParser(debug), Pastes()
        self._decode = getincrementaldecoder(self.charset)("replace").decode
        self._tick: asyncio.TimerHandle | None = None
        self._keys: deque[Any] = deque()
        self._turn, self._flying, self._awaiting = 0, False, False
        self._search: asyncio.TimerHandle | None = None
        self._held: str | None = "" if early.entered else None

    @property
    def can_suspend(self) -> bool:
        """Never: a suspended program leaves the shell without echo."""
        return False

    # -- output

    @property
    def behind(self) -> bool:
        """Whether a frame may wait: the terminal has not taken the last one, or more keys have come already."""
        return self._waiting or bool(self._keys)

    def write(self, data: str) -> None:
        """Send something to the terminal."""
        if self._fd is None or self._gone:
            return
        if not self._out and not self._waiting:
            self._loop.call_soon(self.flush)  # what nobody flushes
        self._out += data.encode(self.charset, "replace")

    def flush(self) -> None:
        """Write what there is; where the terminal does not take it, go on when it does."""
        if not self._waiting and self._fd is not None:
            self._pump()

    def _pump(self) -> None:
        """Write as much as the terminal takes."""
        assert self._fd is not None
        while self._out:
            try:
                done = os.write(self._fd, self._out)
            except BlockingIOError:
                if not self._waiting:
                    self._waiting = True
                    self._loop.add_writer(self._fd, self._pump)
                return
            except OSError:
                self._hang_up()
                return
            del self._out[:done]
        if self._waiting:
            self._waiting = False
            self._loop.remove_writer(self._fd)
            getattr(self._app, "caught_up", lambda: None)()

    # -- input

    def _readable(self) -> None:
        """Keys have come; nothing to read means that the line is gone."""
        assert self._fd is not None
        try:
            data = os.read(self._fd, 65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._hang_up()
            return
        text = self._decode(data)
        if "\N{REPLACEMENT CHARACTER}" in text:
            text = text.replace("\N{REPLACEMENT CHARACTER}", "")
            getattr(self._app, "tell", str)("terminal.charset")
        if self._held is not None:
            self._held += text
            return
        self._read(text)

    def live(self) -> None:
        """What stands there is live now. Of what was typed before moves are kept; nothing acts on what it did not see."""
        held, self._held = self._held, None
        if not held:
            return
        typed: list[Any] = list(self._parser.feed(held))
        moves = list(itertools.takewhile(lambda event: getattr(event, "key", "") in MOVES, typed))
        self._deliver(moves)
        if len(moves) < len(typed):
            self._loop.call_later(AFTER, getattr(self._app, "tell", str), "early.dropped")  # behind the moves

    def _read(self, text: str) -> None:
        """Keys as text, and what the terminal says was pasted."""
        self._sort(self._pastes.feed(text))
        # an escape that may be a key or the beginning of a sequence is settled by a tick
        if self._tick is not None:
            self._tick.cancel()
        self._tick = self._loop.call_later(constants.ESCAPE_DELAY + 0.01, self._settle)

    def _sort(self, parts: Iterable[Part]) -> None:
        """What was pasted goes on whole, what was typed key by key."""
        for kind, text in parts:
            if kind is Kind.FORGET:
                self._parser = XTermParser(self._debug)
            elif kind is Kind.PASTED:
                self._deliver([events.Paste(text)])
            elif self._pasted(text):
                body = text.rstrip("\r\n")
                self._deliver([events.Paste(body.replace("\r\n", "\n").replace("\r", "\n"))])
            else:
                self._deliver(self._parser.feed(text))

    @property
    def _late(self) -> bool:
        """Whether the app is still at a key that came before: then what is read at once may have been typed one by one."""
        return self._flying or bool(self._keys)

    @property
    def _asks(self) -> bool:
        """Whether the terminal is one that says of what is pasted that it is."""
        return os.environ.get("TERM", "").startswith(ASKED)

    def _pasted(self, text: str) -> bool:
        """Whether many keys came at once into a field, as nobody types.

        Not where somebody has typed on while the machine was behind, on a terminal that marks a paste by itself: the line
        end that was to save a note would become a letter of it.
        """
        return several(text) and not (self._late and self._asks) and bool(getattr(self._app, "typing", False))

    def _settle(self) -> None:
        """Nothing more came: what was waited for is as it is."""
        self._tick = None
        self._sort(self._pastes.settled())
        self._deliver(self._parser.tick())
        if self._pastes.waits:  # in the middle of a paste: a line may be slow, but an end that never comes holds nobody up
            self._tick = self._loop.call_later(CUT, lambda: self._sort(self._pastes.broken()))

    def _deliver(self, events: Iterable[Any]) -> None:
        """Hand keys to the app one after the other.

        The app, its screens and its fields have a queue each. A key that came soon after another would overtake it: a
        letter would reach the list before the key before it has opened a field, and be obeyed as a command there. So
        the next key waits until the last one has gone through all of them, and until the screen that it has opened
        stands; what is painted meanwhile is painted once, at the end.
        """
        self._keys.extend(events)
        if not self._flying:
            self._next()

    def _next(self) -> None:
        """The next key."""
        if not self._keys or self._gone:
            return
        self._turn, self._flying = self._turn + 1, True
        self.process_message(self._keys.popleft())
        self._app.call_later(self._passed, self._turn, 0)
        self._search = self._loop.call_later(LOST, self._lost, self._turn, TRIES)

    def _passed(self, turn: int, hops: int) -> None:
        """The key has gone through the app, what has the focus, the screen, and up to the app, which knows its action."""
        if hops == HOPS:
            self._go_on(turn)
            return
        app = self._app
        target = (app.focused or app.screen) if hops == 0 else app if hops == 2 else app.screen
        target.call_later(self._passed, turn, hops + 1)

    def _lost(self, turn: int, tries: int) -> None:
        """A screen that closes may take along what was to say that the key has passed: see whether all is quiet."""
        if turn != self._turn or not self._flying or self._gone:
            return
        at_work = (self._app, self._app.screen, self._app.focused)
        if tries and any(each is not None and not each._message_queue.empty() for each in at_work):
            self._search = self._loop.call_later(LOST * min(TRIES - tries + 2, 10), self._lost, turn, tries - 1)
        else:
            self._go_on(turn)

    def opened(self) -> None:
        """The screen that a key has opened stands: the app says so, since looking for it would keep a busy machine busy."""
        if self._awaiting:
            self._loop.call_soon(self._go_on, self._turn)

    def _go_on(self, turn: int, patient: bool = True) -> None:
        """It has: on with the next, once what it has opened stands."""
        if turn != self._turn or not self._flying or self._gone:
            return
        self._awaiting = patient and getattr(self._app, "opening", False)
        if self._awaiting:
            self._loop.call_later(PATIENCE, self._go_on, turn, False)
            return
        self._flying = False
        if self._search is not None:
            self._search.cancel()
        self._next()
        if not self._keys:
            self._app.call_later(getattr(self._app, "caught_up", lambda: None))

    def send_message(self, message: Any) -> None:
        """Hand something to the app."""
        self._app.post_message(message)

    def _hang_up(self) -> None:
        """The line is gone, or somebody ends the program: leave through the usual door."""
        if self._gone:
            return
        self._gone = True
        self._out.clear()
        if self._fd is not None:
            self._loop.remove_reader(self._fd)
            if self._waiting:
                self._loop.remove_writer(self._fd)
        self._app.exit(return_code=HANGUP)

    def _terminated(self) -> None:
        """Somebody ends the program: the terminal is given back as it was."""
        self._app.exit(return_code=TERMINATED)

    # -- modes

    def _resized(self) -> None:
        """The terminal is of another size; one that claims to have none is taken for 80 by 24."""
        assert self._fd is not None
        try:
            width, height = os.get_terminal_size(self._fd)
        except OSError:
            width = height = 0
        size = Size(width or 80, height or 24)
        self._app.post_message(events.Resize(size, size))

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        # an open file of our own: O_NONBLOCK on standard input would be seen by the shell that shares it
        self._fd = os.open(os.ttyname(0), os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
        before = bool(early.entered)
        self._attributes = early.entered.pop() if before else termios.tcgetattr(self._fd)
        raw(self._fd)
        for number, call in (
            (signal.SIGWINCH, self._resized),
            (signal.SIGHUP, self._hang_up),
            (signal.SIGTERM, self._terminated),
        ):
            self._loop.add_signal_handler(number, call)
        self._resized()
        term = os.environ.get("TERM", "")
        said = "" if before else ENTER
        said += "\x1b[?2004h" if self._asks else ""
        said += "\x1b[?1000h\x1b[?1002h\x1b[?1006h" if self._mouse else ""
        said += "\x1b[?2026$p" if term.startswith("xterm") else ""
        self.write(said)
        self.flush()
        self._loop.add_reader(self._fd, self._readable)

    def disable_input(self) -> None:
        """Read no more; what was typed and not read is dropped, so that no shell obeys it."""
        if self._fd is not None and not self._gone:
            self._loop.remove_reader(self._fd)
            with contextlib.suppress(termios.error):
                termios.tcflush(self._fd, termios.TCIFLUSH)

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        if self._fd is None:
            return
        self.disable_input()
        if not self._gone:
            off = "\x1b[?2004l" if self._asks else ""
            off += "\x1b[?1000l\x1b[?1002l\x1b[?1006l" if self._mouse else ""
            if self._waiting:
                self._loop.remove_writer(self._fd)
                self._waiting = False
                self._out.clear()
            self.write(off + LEAVE)
            _last_words(self._fd, self._out)
        with contextlib.suppress(OSError, termios.error):
            termios.tcsetattr(self._fd, termios.TCSANOW, self._attributes)  # type: ignore[arg-type]
        os.close(self._fd)
        self._fd = None

    def close(self) -> None:
        """Nothing is left to be let go."""
        if self._tick is not None:
            self._tick.cancel()


def _last_words(fd: int, out: bytearray) -> None:
    """Write what is left; a terminal that does not take it within a moment goes without."""
    import select

    while out:
        if not select.select((), (fd,), (), 0.5)[1]:
            return
        try:
            del out[: os.write(fd, out)]
        except OSError:
            return
