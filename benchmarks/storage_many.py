"""Many processes on one store, ours and SQLite in turns; and how soon a commit is seen in another process."""

from __future__ import annotations

import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import orjson

from benchmarks.made_up import case, options
from storage.files import FileStore
from storage.store import Change, Op

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Score:
    """How one contestant did."""

    rate: float
    """Commits a second, all writers together; the median of the rounds."""

    longest: float
    """The longest that one commit took, in seconds; the median of the rounds."""

    lost: int
    """Updates that were acknowledged and are not there."""


CONTESTANTS = ("ours", "sqlite", "sqlite-same")


def contest(folder: Path, writers: int, rounds: int, seconds: float) -> dict[str, Score]:
    """Ours, SQLite updating a row, and SQLite doing the same work as ours, taking turns."""
    held: dict[str, list[tuple[float, float, int]]] = {kind: [] for kind in CONTESTANTS}
    for turn in range(rounds):
        for kind in CONTESTANTS if turn % 2 == 0 else CONTESTANTS[::-1]:
            held[kind].append(_round(folder / f"{kind}-{writers}-{turn}", kind, writers, seconds))
    return {
        kind: Score(statistics.median(h[0] for h in rows), statistics.median(h[1] for h in rows), sum(h[2] for h in rows))
        for kind, rows in held.items()
    }


def _round(path: Path, kind: str, writers: int, seconds: float) -> tuple[float, float, int]:
    """One round: commits a second, longest wait, lost updates."""
    if kind == "ours":
        store = FileStore.create(str(path), options())
        store.append(Change("bench", "fill", [Op("issues", str(me + 1), {**case(me), "n": 0}) for me in range(writers)]))
    else:
        db = sqlite3.connect(path, isolation_level=None)
        prepare(db, [(me + 1, b"", 0) for me in range(writers)])
    start = time.time() + 1.0 + writers * 0.12  # every writer has been imported and opened by then
    command = [sys.executable, "-m", "benchmarks.storage_many", kind, str(path), str(start), str(seconds)]
    running = [subprocess.Popen([*command, str(me)], stdout=subprocess.PIPE, text=True, cwd=ROOT) for me in range(writers)]
    told = [json.loads(p.communicate()[0]) for p in running]
    if kind == "ours":
        held = {int(id) - 1: body["n"] for id, body in store.load().documents["issues"].items()}
        store.close()
    else:
        held = {id - 1: n for id, n in db.execute("SELECT id, n FROM issues")}
        db.close()
    lost = sum(t["done"] - held[me] for me, t in enumerate(told))
    return sum(t["done"] for t in told) / seconds, max(t["longest"] for t in told), lost


def prepare(db: sqlite3.Connection, rows: list[tuple[int, bytes, int]]) -> None:
    """The tables of a SQLite contestant: the documents, and the story that only one of the two keeps."""
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE issues (id INTEGER PRIMARY KEY, body BLOB, n INTEGER)")
    db.execute("CREATE TABLE journal (n INTEGER PRIMARY KEY, line BLOB)")
    db.execute("BEGIN")
    db.executemany("INSERT INTO issues VALUES (?,?,?)", rows)
    db.execute("COMMIT")


def ours(path: str, me: int) -> Callable[[int], None]:
    """A change of one document through the contract."""
    store = FileStore(path, options(user=f"p{me}", patience=600.0))

    def act(n: int) -> None:
        store.append(Change(f"p{me}", "update", [Op("issues", str(me + 1), {**case(me), "n": n})], source="tty1"))

    return act


def sqlite(path: str, me: int) -> Callable[[int], None]:
    """The update of one row, and nothing else."""
    db = sqlite3.connect(path, isolation_level=None, timeout=600)
    db.execute("PRAGMA synchronous=FULL")

    def act(n: int) -> None:
        db.execute("UPDATE issues SET body=?, n=? WHERE id=?", (orjson.dumps({**case(me), "n": n}), n, me + 1))

    return act


def sqlite_same(path: str, me: int) -> Callable[[int], None]:
    """What ours does in one change: read what others have committed, keep the document, keep the story."""
    db = sqlite3.connect(path, isolation_level=None, timeout=600)
    db.execute("PRAGMA synchronous=FULL")
    known: dict[int, object] = {}
    last = 0

    def act(n: int) -> None:
        nonlocal last
        db.execute("BEGIN IMMEDIATE")
        for number, line in db.execute("SELECT n, line FROM journal WHERE n>? ORDER BY n", (last,)):
            last, said = number, orjson.loads(line)
            known[said["id"]] = said["body"]
        body = {**case(me), "n": n}
        last += 1
        known[me + 1] = body
        line = orjson.dumps({"n": last, "t": "2026-11-23T00:00:00.000Z", "who": f"p{me}", "id": me + 1, "body": body})
        db.execute("INSERT INTO journal VALUES (?,?)", (last, line))
        db.execute("UPDATE issues SET body=?, n=? WHERE id=?", (orjson.dumps(body), n, me + 1))
        db.execute("COMMIT")

    return act


ACTS: dict[str, Callable[[str, int], Callable[[int], None]]] = {"ours": ours, "sqlite": sqlite, "sqlite-same": sqlite_same}


def write(kind: str, path: str, start: float, seconds: float, me: int) -> None:
    """One writer's life: commit as fast as may be for so many seconds, then tell how many and the longest wait."""
    act = ACTS[kind](path, me)
    time.sleep(max(0.0, start - time.time()))
    end, done, longest = time.monotonic() + seconds, 0, 0.0
    while True:
        begun = time.monotonic()
        if begun >= end:
            break
        act(done + 1)
        done += 1
        longest = max(longest, time.monotonic() - begun)
    print(json.dumps({"done": done, "longest": longest}))


WATCHER = """
import sys, time
import orjson

from benchmarks.made_up import options
from storage.files import FileStore
store = FileStore(sys.argv[1], options(polling=sys.argv[2] == "True"))
number = store.load().number
print("ready", flush=True)
while True:
    if store.wait(number, 60):
        store.since(number)
        if store.number > number:
            number = store.number
            print(number, time.monotonic(), flush=True)
"""


def seen(folder: Path, polling: bool, count: int) -> list[float]:
    """Seconds from the return of a commit here to its having been read in another process, for each of them."""
    path = folder / f"seen-{polling}"
    store = FileStore.create(str(path), options())
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    watcher = subprocess.Popen(
        [sys.executable, "-c", WATCHER, str(path), str(polling)], stdout=subprocess.PIPE, text=True, env=env
    )
    assert watcher.stdout is not None
    watcher.stdout.readline()
    delays = []
    for i in range(count):
        time.sleep(0.02 + (i * 37 % 100) / 1000 * (3 if polling else 0.2))
        number = store.append(Change("bench", "put", [Op("issues", "1", case(i))]))
        returned = time.monotonic()
        told, moment = watcher.stdout.readline().split()
        assert int(told) == number
        delays.append(max(0.0, float(moment) - returned))
    watcher.kill()
    watcher.wait()
    store.close()
    return delays


if __name__ == "__main__":
    write(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]))
