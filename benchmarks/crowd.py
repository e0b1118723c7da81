"""Many people at once over real SSH: each presses keys, and what is painted is timed."""

from __future__ import annotations

import fcntl
import heapq
import os
import pty
import random
import selectors
import struct
import subprocess
import termios
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.server import ROLES, Server, children

EVERY = 2.0
"""Seconds between two keys of one person."""

SCREEN = 600
"""Bytes from which on what comes is another screen, and not what somebody else has done."""

QUIET = 0.2
"""Seconds around a move in which nobody may have written anything: else what was painted may be news."""

ROUND = ("j", "j", "\r", "h", "k", "?", "h", "j", "2", "1", "j", "k")
"""Keys of one round; screens open and close within it. Not Escape, which over a slow line is waited for on purpose."""

OPENS = frozenset(("\r", "h", "?"))
"""Keys after which another screen comes."""

STILL = 4.0
"""Seconds without a byte for anybody after which everything that was typed has been answered."""

PATIENCE = 180.0
"""Seconds at most until then."""


@dataclass
class Person:
    """One session."""

    n: int
    """Their place among the people."""

    process: subprocess.Popen[bytes]
    """Their ssh."""

    fd: int
    """Their terminal."""

    keys: list[str] = field(default_factory=list)
    """Keys to come."""

    sent: float = 0.0
    """When the last key was pressed; 0 once it was answered."""

    key: str = ""
    """That key."""

    got: int = 0
    """Bytes since."""

    first: float = 0.0
    """When the first of them came."""

    total: int = 0
    """Bytes altogether."""

    rounds: int = 0
    """Rounds begun."""

    note: str = ""
    """The note that they write, or wrote last."""


class Crowd:
    """Everybody at once."""

    def __init__(self, server: Server, count: int) -> None:
        """They come in one after another."""
        self.selector, self.people, self.server = selectors.DefaultSelector(), list[Person](), server
        self.moves, self.screens, self.notes = list[tuple[float, float]](), list[float](), list[str]()
        self.acts: list[float] = []
        self.unanswered, self.behind = 0, 0.0
        self._chance, self._run = random.Random(count), count
        for n in range(count):
            self.people.append(self._come(n))
            self._drain(0.7)
        until = time.monotonic() + 60
        while any(each.total < 500 for each in self.people) and time.monotonic() < until:
            self._drain(0.5)
        self._drain(3)
        for each in self.people:  # past the arrival, to the queue
            os.write(each.fd, b"\x1b")
        self._drain(3)
        for each in self.people:
            each.sent, each.got = 0.0, 0
        self.moves.clear()
        self.screens.clear()

    def _come(self, n: int) -> Person:
        """One of them."""
        master, slave = pty.openpty()
        fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        env = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": os.environ.get("HOME", "/")}
        process = subprocess.Popen(
            self.server.argv(n), stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True, close_fds=True
        )
        os.close(slave)
        os.set_blocking(master, False)
        found = Person(n, process, master)
        self.selector.register(master, selectors.EVENT_READ, found)
        return found

    def _drain(self, seconds: float) -> None:
        """Read what comes for a while."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self._read(left)

    def _read(self, seconds: float) -> None:
        """Read what comes, at most for so long."""
        for key, _ in self.selector.select(seconds):
            person: Person = key.data
            try:
                data = os.read(person.fd, 65536)
            except BlockingIOError:
                continue
            except OSError:
                data = b""
            if not data:
                self.selector.unregister(person.fd)
                continue
            self._heard(person, len(data), time.perf_counter())

    def _heard(self, person: Person, size: int, now: float) -> None:
        """Something was painted."""
        person.total += size
        if not person.sent:
            return
        person.first = person.first or now
        person.got += size
        if person.key not in OPENS:
            if person.key in "jk":
                self.moves.append((person.sent, now))
            person.sent = 0.0
        elif person.got >= SCREEN:
            self.screens.append(now - person.sent)
            person.sent = 0.0

    def _next(self, person: Person) -> str:
        """The next key: a round, then perhaps a note in three steps."""
        if not person.keys:
            person.rounds += 1
            person.keys = list(ROUND)
            if ROLES[person.n % len(ROLES)] != "liaison":
                token = f"{self._run:02d}{person.n:02d}{person.rounds:03d}{self._chance.randrange(1000):03d}"
                person.keys += ["i", f"note{token}", "\r"]
        return person.keys.pop(0)

    def work(self, seconds: float) -> None:
        """A key every two seconds each, for so long."""
        start = time.perf_counter()
        due = [(start + self._chance.random() * EVERY, each.n) for each in self.people]
        heapq.heapify(due)
        while (now := time.perf_counter()) < start + seconds:
            at, n = due[0]
            if at > now:
                self._read(min(at - now, 0.5))
                continue
            heapq.heapreplace(due, (at + EVERY, n))
            person = self.people[n]
            if person.sent and person.got and person.key in OPENS:  # the other screen was not much different
                self.screens.append(person.first - person.sent)
            self.unanswered += person.sent > 0 and not person.got
            key = self._next(person)
            person.note = key if key.startswith("note") else person.note
            person.key, person.got, person.first = key, 0, 0.0
            os.write(person.fd, key.encode())
            person.sent = time.perf_counter()
            if key == "\r" and not person.keys:
                self._saved(person)
        for each in self.people:  # whoever is in the middle of a note finishes it
            if each.keys and each.keys[0].startswith("note"):
                os.write(each.fd, b"\x1b")
            elif each.keys == ["\r"]:
                os.write(each.fd, b"\r")
                self._saved(each)
        self._catch_up()

    def _saved(self, person: Person) -> None:
        """A note was saved, as far as whoever wrote it knows."""
        self.notes.append(person.note)
        self.acts.append(time.perf_counter())

    def _catch_up(self) -> None:
        """Wait until everything that was typed has been answered."""
        start = now = time.perf_counter()
        before = -1
        while now < start + PATIENCE and before != (before := sum(each.total for each in self.people)):
            self._drain(STILL)
            now = time.perf_counter()
        self.behind = max(now - start - STILL, 0.0)

    def alone(self) -> list[float]:
        """Moves around which nobody wrote anything: what was painted is their answer."""
        found = []
        for sent, painted in self.moves:
            if not any(sent - QUIET < act < painted + 0.05 for act in self.acts):
                found.append(painted - sent)
        return found

    def programs(self) -> list[int]:
        """The console's processes."""
        found = []
        for pid in children(self.server.process.pid):
            try:
                said = Path(f"/proc/{pid}/cmdline").read_bytes()
            except OSError:
                continue
            if b"wanjia" in said and b"--store" in said and not said.startswith((b"sh", b"bash", b"sshd")):
                found.append(pid)
        return found

    def leave(self) -> int:
        """All of them hang up; how many programs are still there after three seconds."""
        for each in self.people:
            each.process.terminate()
        until = time.monotonic() + 3
        while self.programs() and time.monotonic() < until:
            time.sleep(0.1)
        left = len(self.programs())
        for each in self.people:
            each.process.wait()
            os.close(each.fd)
        self.selector.close()
        return left
