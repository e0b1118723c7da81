"""Durable updates by one process: raw append, SQLite, stock TinyDB and ours, taking turns."""

from __future__ import annotations

import os
import sqlite3
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import orjson
from tinydb import TinyDB

from benchmarks.made_up import case, options
from storage.files import FileStore
from storage.store import Change, Op

SIZES = (1000, 10_000, 100_000)


def filled(path: Path, size: int) -> FileStore:
    """A store with so many hot documents and a fresh snapshot."""
    store = FileStore.create(str(path), options())
    for start in range(1, size + 1, 1000):
        ops = [Op("issues", str(i), case(i)) for i in range(start, min(start + 1000, size + 1))]
        store.append(Change("bench", "fill", ops))
    store.upkeep.checkpoint(wait=True)
    return store


def raw(path: Path, size: int) -> Callable[[int], None]:
    """Append a line of that size, and sync it."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def act(i: int) -> None:
        os.write(fd, b"%010d" % i + b"x" * (size - 11) + b"\n")
        os.fdatasync(fd)

    return act


def sqlite(path: Path) -> Callable[[int], None]:
    """Update one row of a table in WAL mode with full syncs."""
    db = sqlite3.connect(path, isolation_level=None, timeout=120)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE IF NOT EXISTS issues (id INTEGER PRIMARY KEY, body BLOB)")
    db.execute("BEGIN")
    db.executemany("INSERT OR REPLACE INTO issues VALUES (?,?)", ((i, orjson.dumps(case(i))) for i in range(1, 10_001)))
    db.execute("COMMIT")

    def act(i: int) -> None:
        body = orjson.dumps({**case(i), "voices": i})
        db.execute("UPDATE issues SET body=? WHERE id=?", (body, i % 10_000 + 1))

    return act


def stock(path: Path, size: int) -> Callable[[int], None]:
    """Update one document of a stock TinyDB."""
    path.write_bytes(orjson.dumps({"issues": {str(i): case(i) for i in range(1, size + 1)}}))
    table = TinyDB(path).table("issues")

    def act(i: int) -> None:
        table.update({"voices": i}, doc_ids=[i % size + 1])

    return act


def ours(store: FileStore, size: int) -> Callable[[int], None]:
    """Update one document of ours, through the contract."""

    def act(i: int) -> None:
        id = str(i % size + 1)
        store.append(Change("bench", "update", [Op("issues", id, {**case(i), "voices": i})], source="tty1"))

    return act


def updates(folder: Path, rounds: int) -> dict[str, float]:
    """Median seconds of an update by each contestant, in rounds that take turns."""
    stores = {size: filled(folder / f"ours-{size}", size) for size in SIZES}
    act = ours(stores[10_000], 10_000)
    act(1)
    line = stores[10_000]._engine.journal
    size = line.offset - line.line_at
    contestants: dict[str, tuple[Callable[[int], None], int]] = {
        "raw append+fdatasync": (raw(folder / "raw", size), 300),
        "sqlite": (sqlite(folder / "sqlite.db"), 300),
    }
    for number in SIZES:
        contestants[f"ours {number:,}"] = (ours(stores[number], number), 300)
        contestants[f"stock {number:,}"] = (stock(folder / f"stock-{number}.json", number), max(2, 20_000 // number))
    times: dict[str, list[float]] = {name: [] for name in contestants}
    quick = [name for name in contestants if not name.startswith("stock")]
    for turn in range(rounds):
        for name, (_, count) in contestants.items():
            if name not in quick:
                times[name] += [_timed(contestants[name][0], turn * count + i) for i in range(count)]
        # The quick ones take turns update by update: the disk is as fast for one as for the other.
        for i in range(contestants[quick[0]][1]):
            for name in quick:
                times[name].append(_timed(contestants[name][0], turn * 1000 + i))
    for store in stores.values():
        store.close()
    return {name: statistics.median(held) for name, held in times.items()}


def _timed(act: Callable[[int], None], i: int) -> float:
    """Seconds of one act."""
    started = time.perf_counter()
    act(i)
    return time.perf_counter() - started
