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

_STOPS = {signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}
_WIDTH = 160


class Lock:
    """The lock of one store in one process. Threads queue on a lock of their own before they reach the file."""

    def __init__(self, path: str, user: str, patience: float = PATIENCE, waiting: Waiting | None = None) -> None:
        """Open the lock file. ``user``: the name shown to others who wait."""
        self._path = path
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._held = self._fd
        self._user, self._patience, self._waiting = user[:60], patience, waiting
        self._thread = threading.Lock()
        self._wanted: SimpleQueue[_Ticket | None] | None = None
        self._masked: set[signal.Signals] | set[int] = set()
        self._closed = False
        self._own = -1
        self._owner = 0

    def acquire(self) -> None:
        """Take the lock, or raise ``Unavailable`` naming the holder once the patience is over."""
        if self._owner == threading.get_ident():
            raise RuntimeError("a change is being made in this thread already; finish it before the next")
        started = time.monotonic()
        if not self._thread.acquire(blocking=False):
            self._wait(started, lambda timeout: self._thread.acquire(timeout=timeout))
        # A stopped holder (Ctrl-Z) would keep everyone waiting, so stopping waits instead.
        self._masked = pthread_sigmask(signal.SIG_BLOCK, _STOPS)
        try:
            self._held = self._fd
            if not self._try():
                ticket = self._queue()
                try:
                    self._wait(started, ticket.wait)
                except BaseException:
                    ticket.give_up()
                    raise
                self._held = ticket.fd
        except BaseException:
            pthread_sigmask(signal.SIG_SETMASK, self._masked)
            self._thread.release()
            raise
        self._owner = threading.get_ident()

    def release(self) -> None:
        """Let the next one in."""
        self._owner = 0
        fcntl.flock(self._held, fcntl.LOCK_UN)
        pthread_sigmask(signal.SIG_SETMASK, self._masked)
        self._thread.release()

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

    def _wait(self, started: float, got: Callable[[float], bool]) -> None:
        """Wait with ``got(timeout)``, telling who holds the lock from time to time."""
        while True:
            waited = time.monotonic() - started
            if got(max(0.0, min(TELL, self._patience - waited))):
                return
            waited = time.monotonic() - started
            if waited >= self._patience:
                raise Unavailable(
                    "{holder} has held the store for more than {seconds:.0f} seconds; nothing was written: "
                    "try again, or end that process if it hangs",
                    holder=self.holder(),
                    seconds=self._patience,
                )
            if self._waiting and waited >= TELL:
                self._waiting(self.holder(), waited)

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
    pthread_sigmask(signal.SIG_BLOCK, _STOPS)
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
        """Nobody waits any more: let the lock go when it comes, or now if it has just come."""
        with self._deciding:
            self._abandoned = True
            if self._ready.is_set():
                fcntl.flock(self.fd, fcntl.LOCK_UN)


def _plain(text: str) -> bytes:
    """Text for inside a JSON string."""
    return orjson.dumps(text)[1:-1]
