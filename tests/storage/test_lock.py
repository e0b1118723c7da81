"""The lock: fair, told who holds it, free at once when the holder dies, given up without harm."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from storage.errors import Unavailable
from storage.files import FileStore
from storage.lock import Lock
from tests.storage.helpers import options, put, python

HOLDER = """
import sys, time
from storage.files import FileStore
from tests.storage.helpers import options
store = FileStore(sys.argv[1], options(reserve=0, user="李娜"))
with store._engine.exclusive():
    print("held", flush=True)
    time.sleep(120)
"""


def holding(path: Path) -> subprocess.Popen[str]:
    holder = python(HOLDER, path)
    assert holder.stdout and holder.stdout.readline() == "held\n"
    return holder


def test_whoever_waits_is_told_who_holds_it_then_gives_up_and_nothing_was_written(tmp_path: Path) -> None:
    FileStore.create(str(tmp_path / "s"), options(reserve=0)).close()
    holder = holding(tmp_path / "s")
    told: list[tuple[str, float]] = []
    settings = options(reserve=0, patience=2.4, waiting=lambda who, seconds: told.append((who, seconds)))
    store = FileStore(str(tmp_path / "s"), settings)
    number, started = store.number, time.monotonic()
    with pytest.raises(Unavailable, match=f"李娜 \\(process {holder.pid}\\).*nothing was written"):
        store.append(put("issues", "1", {}))
    assert 2.3 < time.monotonic() - started < 10
    assert len(told) == 2 and all("李娜" in who for who, _ in told) and 1 <= told[0][1] < told[1][1]
    assert store.load().number == number, "reading needs no lock"
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert store.append(put("issues", "1", {})) == number + 1, "a wait that was given up does not get in the way"
    store.close()


def test_a_killed_holder_frees_the_lock_at_once(tmp_path: Path) -> None:
    store = FileStore.create(str(tmp_path / "s"), options(reserve=0, patience=60.0))
    holder = holding(tmp_path / "s")
    done: list[float] = []
    waiter = threading.Thread(target=lambda: (store.append(put("issues", "1", {})), done.append(time.monotonic())))
    waiter.start()
    time.sleep(0.3)
    assert not done
    killed = time.monotonic()
    holder.send_signal(signal.SIGKILL)
    waiter.join(30)
    assert done and done[0] - killed < 5
    holder.wait()
    store.close()


def test_a_stopped_holder_keeps_others_waiting_only_until_it_goes_on(tmp_path: Path) -> None:
    store = FileStore.create(str(tmp_path / "s"), options(reserve=0, patience=1.2))
    holder = holding(tmp_path / "s")
    holder.send_signal(signal.SIGSTOP)
    with pytest.raises(Unavailable, match=str(holder.pid)):
        store.append(put("issues", "1", {}))
    holder.send_signal(signal.SIGCONT)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    store.append(put("issues", "1", {}))
    store.close()


def test_ctrl_z_waits_while_the_lock_is_held(tmp_path: Path) -> None:
    FileStore.create(str(tmp_path / "s"), options(reserve=0)).close()
    holder = holding(tmp_path / "s")
    holder.send_signal(signal.SIGTSTP)
    time.sleep(0.3)
    state = Path(f"/proc/{holder.pid}/stat").read_text().rpartition(")")[2].split()[0]
    holder.kill()
    holder.wait()
    assert state != "T"


def test_threads_of_one_process_queue_too(tmp_path: Path) -> None:
    store = FileStore.create(str(tmp_path / "s"), options(reserve=0, patience=60.0))
    start = store.number

    def work(me: int) -> None:
        for i in range(20):
            store.append(put("issues", str(me + 1), {"i": i}))

    threads = [threading.Thread(target=work, args=(me,)) for me in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert store.number == start + 120 and len(store.since(start)) == 120
    store.close()


def test_a_wait_given_up_never_lets_go_of_a_lock_that_was_taken_later(tmp_path: Path) -> None:
    """The kernel may still grant the wait that was given up: that must not undo the lock of the same process."""
    path = str(tmp_path / "lock")
    mine = Lock(path, "me", patience=0.1)
    other = os.open(path, os.O_RDWR)
    fcntl.flock(other, fcntl.LOCK_EX)
    with pytest.raises(Unavailable):
        mine.acquire()
    fcntl.flock(other, fcntl.LOCK_UN)
    time.sleep(0.2)
    mine.acquire()
    time.sleep(0.2)
    with pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    mine.release()
    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(other)
    mine.close()
    mine.close()


def test_the_lock_file_says_who_holds_it_even_with_odd_names(tmp_path: Path) -> None:
    lock = Lock(str(tmp_path / "lock"), 'a"b\\\n李')
    assert lock.holder() == "another process"
    lock.acquire()
    lock.sign("2026-11-23T08:00:00.000Z")
    assert lock.holder() == f'a"b\\\n李 (process {os.getpid()}) since 2026-11-23T08:00:00.000Z'
    lock.release()
    lock.close()
