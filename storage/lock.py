"""One writer at a time: the store's lock file and who holds it.

The kernel keeps the queue (``flock``, blocking), so waits are fair and a killed holder lets go at once. A helper
thread does the blocking, so that whoever waits can be told who holds the lock, and can give up.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import threading
import time
from _signal import pthread_sigmask  # the module's own wraps each answer in enums, at ten times the price
from collections.abc import Callable
from queue import SimpleQueue

import orjson

from storage.errors import Unavailable

PATIENCE = 15.0
"""Seconds to wait for the lock before giving up."""

TELL = 1.0
"""Seconds after which, and between which, whoever waits is told who holds the lock."""

Waiting = Callable[[str, float], None]
"""Told (who holds the lock, seconds waited) while a change waits."""

HELD_OFF = frozenset(
    {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGALRM, signal.SIGUSR1, signal.SIGUSR2}
    | {signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}
)
"""Signals that must not reach a thread that holds the lock, nor one of ours in its place."""

_BREATH = 0.1  # seconds of a wait after which signals are let through
_WIDTH = 160


class Lock:
    """The lock of one store in one process. Threads queue on a lock of their own before they reach the file."""

    def __init__(self, path: str, user: str, patience: float = PATIENCE, waiting: Waiting | None = None) -> None:
        """Open the lock file. ``user``: the name shown to others who wait."""
        self._path = path
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._user, self._patience, self._waiting = user[:60], patience, waiting
        self._thread = threading.Lock()
        self._wanted: SimpleQueue[_Ticket | None] | None = None
        self._masked: set[int] = set()
        self._ticket: _Ticket | None = None
        self._closed = False
        self._own = -1
        self._owner = 0

    @property
    def mine(self) -> bool:
        """Whether this thread has the lock, or is waiting for it."""
        return self._owner == threading.get_ident()

    def acquire(self) -> None:
        """Take the lock, or raise ``Unavailable`` naming the holder once the patience is over.

        From here to the end of ``release`` no signal interrupts this thread, but at the breaths of a long wait: Ctrl-C
        would leave the lock held, Ctrl-Z would keep everyone waiting.
        """
        started = time.monotonic()
        masked = pthread_sigmask(signal.SIG_BLOCK, HELD_OFF)
        try:
            self._wait(started, masked, lambda timeout: self._thread.acquire(timeout=timeout))
        except BaseException:
            pthread_sigmask(signal.SIG_SETMASK, masked)
            raise
        self._owner, self._masked = threading.get_ident(), masked
        try:
            if not self._try():
                self._ticket = self._queue()
                self._wait(started, masked, self._ticket.wait)
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Let the next one in; also after an ``acquire`` that did not come to its end. Nothing if it is not ours."""
        if not self.mine:
            return
        ticket, self._ticket = self._ticket, None
        try:
            if ticket is not None:
                ticket.give_up()
            else:
                fcntl.flock(self._fd, fcntl.LOCK_UN)
        finally:
            self._owner = 0
            self._thread.release()
            pthread_sigmask(signal.SIG_SETMASK, self._masked)

    def sign(self, since: str) -> None:
        """Write into the lock file who holds it and since when, for those who wait."""
        note = b'{"pid":%d,"user":"%b","since":"%b"}' % (os.getpid(), _plain(self._user), since.encode())
        os.pwrite(self._fd, note.ljust(_WIDTH - 1) + b"\n", 0)

    def holder(self) -> str:
        """Who signed the lock last, as ``anna (process 4711) since 2026-11-23T08:00:00.000Z``."""
        try:
            said = orjson.loads(os.pread(self._fd, _WIDTH, 0))
            return f"{said['user']} (process {said['pid']}) since {said['since']}"
        except (ValueError, KeyError, TypeError, OSError):
            return "another process"

    def close(self) -> None:
        """Let go of the lock file and end the helper."""
        if self._closed:
            return
        self._closed = True
        os.close(self._fd)
        if self._wanted is not None:
            self._wanted.put(None)

    def _try(self) -> bool:
        """Take the file's lock if it is free."""
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                return False
            raise
        return True

    def _wait(self, started: float, masked: set[int], got: Callable[[float], bool]) -> None:
        """Wait with ``got(timeout)``, telling who holds the lock from time to time."""
        if got(0.0):
            return
        told = started
        while True:
            now = time.monotonic()
            if got(max(0.0, min(_BREATH, self._patience - (now - started)))):
                return
            now = time.monotonic()
            pthread_sigmask(signal.SIG_SETMASK, masked)  # what came in meanwhile interrupts here
            pthread_sigmask(signal.SIG_BLOCK, HELD_OFF)
            if now - started >= self._patience:
                raise Unavailable(
                    "{holder} has held the store for more than {seconds:.0f} seconds; nothing was written: "
                    "try again, or end that process if it hangs",
                    holder=self.holder(),
                    seconds=self._patience,
                )
            if self._waiting and now - told >= TELL:
                told = now
                self._waiting(self.holder(), now - started)

    def _queue(self) -> _Ticket:
        """Ask the helper to wait for the file's lock."""
        if self._wanted is None:
            # A file of its own: two locks on one open file are one lock, and a wait given up would let ours go.
            self._own = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
            self._wanted = SimpleQueue()
            threading.Thread(target=_help, args=(self._wanted, self._own), name="wanjia-lock", daemon=True).start()
        ticket = _Ticket(self._own)
        self._wanted.put(ticket)
        return ticket


def _help(wanted: SimpleQueue[_Ticket | None], fd: int) -> None:
    """The helper's life: block for one ticket after the other."""
    pthread_sigmask(signal.SIG_BLOCK, HELD_OFF)
    while (ticket := wanted.get()) is not None:
        fcntl.flock(fd, fcntl.LOCK_EX)
        ticket.arrived()
    os.close(fd)


class _Ticket:
    """One wait for the file's lock, which may be given up while the kernel still queues for it."""

    def __init__(self, fd: int) -> None:
        """Wait for the lock on ``fd``."""
        self.fd = fd
        self._ready = threading.Event()
        self._deciding = threading.Lock()
        self._abandoned = False

    fd: int
    """The open file that holds the lock once it has come."""

    def wait(self, timeout: float) -> bool:
        """Whether the lock has come within ``timeout`` seconds."""
        return self._ready.wait(timeout)

    def arrived(self) -> None:
        """The lock is here: hand it over, or back to the kernel if nobody wants it any more."""
        with self._deciding:
            if self._abandoned:
                fcntl.flock(self.fd, fcntl.LOCK_UN)
            else:
                self._ready.set()

    def give_up(self) -> None:
        """Let the lock go: when it comes, or now if it is here."""
        with self._deciding:
            self._abandoned = True
            if self._ready.is_set():
                fcntl.flock(self.fd, fcntl.LOCK_UN)


def _plain(text: str) -> bytes:
    """Text for inside a JSON string."""
    return orjson.dumps(text)[1:-1]
