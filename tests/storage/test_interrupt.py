"""Ctrl-C at any moment: the session goes on, the lock is free, memory and files agree, nobody is stopped."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from storage.errors import Unavailable
from storage.files import FileStore
from storage.store import Change, Number, Op
from storage.verify import verify
from tests.storage.helpers import put, python
from tests.storage.work import small

Trace = Callable[[FrameType, str, object], object]
STORAGE = str(Path(__file__).resolve().parents[2] / "storage")


class Interrupted(BaseException):
    """What Ctrl-C raises, under a name of our own."""


def ring(number: int, frame: FrameType | None) -> None:
    raise Interrupted


def interrupt(lines: int) -> None:
    """Send this process a signal once so many lines of ``storage`` have run: a moment that no machine's speed decides.

    A real signal, so what holds signals off holds this one off as well. 0: never.
    """
    signal.signal(signal.SIGALRM, ring)
    left = lines

    def trace(frame: FrameType, event: str, arg: object) -> Trace | None:
        nonlocal left
        if not frame.f_code.co_filename.startswith(STORAGE):
            return None
        if event == "line":
            left -= 1
            if left == 0:
                signal.raise_signal(signal.SIGALRM)
        return trace

    sys.settrace(trace if lines else None)


def main(path: str) -> None:
    """Be interrupted at random lines, 1,500 times over. In a process without other threads, as a command is."""
    store, other = FileStore(path, small(patience=5.0)), FileStore(path, small(patience=5.0))
    store.db.table("notes").insert({"n": 0})
    rng, interrupted, acknowledged = random.Random(4), 0, 0
    acts: list[Callable[[int], object]] = [
        lambda i: store.append(Change("anna", "new", [Op("issues", Number("issues"), {"i": i, "text": "x" * 300})])),
        lambda i: store.append(put("issues", str(i % 7 + 1), {"i": i})),
        lambda i: store.db.table("notes").update({"n": i}, doc_ids=[1]),
        lambda i: store.load(),
        lambda i: store.since(max(0, store.number - 3)),
    ]
    for i in range(1500):
        other.append(put("others", str(i % 5 + 1), {"i": i}))
        try:
            interrupt(rng.randint(1, 300))
            acts[i % len(acts)](i)
            interrupt(0)
            acknowledged += 1
        except Interrupted:
            interrupt(0)
            interrupted += 1
        assert not store.trouble, store.trouble
        if i % 50 == 0:
            assert store.load() == other.load()
            assert [e.number for e in store.since(0)] == list(range(1, store.number + 1))
    assert store.append(put("issues", "1", {"last": True})) == other.load().number
    assert store.load() == other.load()
    store.close()
    other.close()
    print(interrupted, acknowledged)


def test_an_interruption_anywhere_in_a_change_leaves_the_session_whole(tmp_path: Path, tally: Callable[..., None]) -> None:
    path = tmp_path / "s"
    FileStore.create(str(path), small()).close()
    code = "import sys\nfrom tests.storage.test_interrupt import main\nmain(sys.argv[1])"
    process = python(code, path, stderr=subprocess.PIPE)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    interrupted, acknowledged = map(int, out.split())
    assert interrupted > 500 and acknowledged > 100, (interrupted, acknowledged)
    assert verify(str(path)).findings == []
    tally("interruptions", interrupted)


WAITER = """
import signal, sys, time
from storage.files import FileStore
from tests.storage.helpers import options, put
store = FileStore(sys.argv[1], options(reserve=0))
signal.signal(signal.SIGALRM, lambda number, frame: (_ for _ in ()).throw(KeyboardInterrupt))
print("open", flush=True)
sys.stdin.readline()
signal.setitimer(signal.ITIMER_REAL, 0.3)
started = time.monotonic()
try:
    store.append(put("issues", "1", {}))
except KeyboardInterrupt:
    print("interrupted", time.monotonic() - started < 5, flush=True)
sys.stdin.readline()
print(store.append(put("issues", "1", {})), flush=True)
"""


def test_a_wait_for_the_lock_can_be_interrupted(tmp_path: Path) -> None:
    holder = FileStore.create(str(tmp_path / "s"), small())
    waiter = python(WAITER, tmp_path / "s", stdin=subprocess.PIPE)
    assert waiter.stdout and waiter.stdin and waiter.stdout.readline() == "open\n"
    with holder._engine.exclusive():
        waiter.stdin.write("\n")
        waiter.stdin.flush()
        assert waiter.stdout.readline() == "interrupted True\n"
    assert waiter.communicate("\n", timeout=30)[0].strip() == str(holder.load().number)
    holder.close()


def test_a_child_process_does_not_write_with_its_parents_session(tmp_path: Path) -> None:
    """Parent and child would hold one lock together."""
    store = FileStore.create(str(tmp_path / "s"), small())
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            store.append(put("issues", "1", {"by": "child"}))
            os.write(write, b"written")
        except Unavailable as error:
            os.write(write, str(error).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert b"forked; open it again" in os.read(read, 1000)
    store.append(put("issues", "1", {"by": "parent"}))
    store.close()


def test_a_session_that_has_lost_its_place_stops_nobody_else(tmp_path: Path) -> None:
    """Before a store is stopped for everybody, a fresh reader must find the damage too."""
    store = FileStore.create(str(tmp_path / "s"), small())
    store.append(put("issues", "1", {}))
    store._engine.journal.hash = "f" * 64
    FileStore(str(tmp_path / "s"), small()).append(put("issues", "1", {"by": "another"}))
    with pytest.raises(Exception, match="does not follow"):
        store.append(put("issues", "1", {}))
    assert store.trouble and not (tmp_path / "s/STOP").exists()
    fresh = FileStore(str(tmp_path / "s"), small())
    fresh.append(put("issues", "1", {"goes": "on"}))
    assert not fresh.trouble
    fresh.close()
    store.close()
