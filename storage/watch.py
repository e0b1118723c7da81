"""Wakes a session when somebody commits: inotify on the journal's folder, or looking four times a second."""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Callable
from typing import Any

POLL = 0.25
"""Seconds between two looks where the system refuses inotify (128 instances a user)."""


class Watch:
    """A bell on some folders; any number of threads may sleep by it."""

    def __init__(self, folder: str, polling: bool = False, touched: str = "") -> None:
        """Watch writing in ``folder`` and the touching of ``touched``; with ``polling`` as where inotify is refused."""
        self._bell, self._rope = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._inotify = None if polling else _inotify(folder, touched)
        self._counting, self._sleepers, self._closed = threading.Lock(), 0, False

    @property
    def polling(self) -> bool:
        """Whether inotify was refused."""
        return self._inotify is None

    def sleep(self, done: Callable[[], bool], timeout: float) -> bool:
        """Sleep until ``done()``; False once ``timeout`` seconds are over or it was closed."""
        with self._counting:
            if self._closed:
                return False
            self._sleepers += 1
        try:
            return self._sleep(done, timeout)
        finally:
            with self._counting:
                self._sleepers -= 1
                if self._closed and not self._sleepers:
                    self._let_go()

    def _sleep(self, done: Callable[[], bool], timeout: float) -> bool:
        """The sleep itself."""
        deadline, eyes = time.monotonic() + timeout, select.poll()
        eyes.register(self._bell, select.POLLIN)
        if self._inotify is not None:
            eyes.register(self._inotify, select.POLLIN)
        while not done():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            ready = {fd for fd, _ in eyes.poll((min(left, POLL) if self._inotify is None else left) * 1000)}
            if self._bell in ready:
                return False
            if ready and self._inotify is not None:
                self._inotify.read(timeout=0)
        return True

    def close(self) -> None:
        """Wake whoever sleeps here, for good, and let go once the last is awake."""
        with self._counting:
            if self._closed:
                return
            self._closed = True
            os.write(self._rope, b"!")
            if not self._sleepers:
                self._let_go()

    def _let_go(self) -> None:
        """Close the files."""
        os.close(self._bell)
        os.close(self._rope)
        if self._inotify is not None:
            self._inotify.close()


def _inotify(folder: str, touched: str) -> Any:
    """An inotify instance on the folders, or None where the system has none to give."""
    from inotify_simple import INotify, flags

    try:
        watch = INotify()
        watch.add_watch(folder, flags.MODIFY | flags.MOVED_TO | flags.CREATE)
        if touched and os.path.isdir(touched):
            watch.add_watch(touched, flags.ATTRIB | flags.DELETE)
    except OSError:
        return None  # not an error: the session looks by itself, a quarter of a second later
    return watch
