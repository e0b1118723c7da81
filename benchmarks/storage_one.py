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

from benchmarks import storage_many
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


def stock(path: Path, size: int) -> Callable[[int], None]:
    """Update one document of a stock TinyDB."""
    path.write_bytes(orjson.dumps({"issues": {str(i): case(i) for i in range(1, size + 1)}}))
    table = TinyDB(path).table("issues")

    def act(i: int) -> None:
        table.update({"voices": i}, doc_ids=[i % size + 1])

    return act


def writer(store: FileStore, size: int) -> Callable[[int], None]:
    """Update one document of ours, through the contract."""

    def act(i: int) -> None:
        id = str(i % size + 1)
        store.append(Change("bench", "update", [Op("issues", id, {**case(i), "voices": i})], source="tty1"))

    return act


def updates(folder: Path, rounds: int) -> dict[str, float]:
    """Median seconds of an update by each contestant, in rounds that take turns."""
    stores = {size: filled(folder / f"ours-{size}", size) for size in SIZES}
    act = writer(stores[10_000], 10_000)
    act(1)
    line = stores[10_000]._engine.journal
    size = line.offset - line.line_at
    contestants: dict[str, tuple[Callable[[int], None], int]] = {"raw append+fdatasync": (raw(folder / "raw", size), 600)}
    for kind in ("sqlite", "sqlite-same"):
        rows = [(i, orjson.dumps(case(i)), 0) for i in range(1, 10_001)]
        storage_many.prepare(sqlite3.connect(folder / kind, isolation_level=None), rows)
        contestants[kind] = (storage_many.ACTS[kind](str(folder / kind), 5000), 600)
    for number in SIZES:
        contestants[f"ours {number:,}"] = (writer(stores[number], number), 600)
        contestants[f"stock {number:,}"] = (stock(folder / f"stock-{number}.json", number), max(2, 20_000 // number))
    times: dict[str, list[float]] = {name: [] for name in contestants}
    quick = [name for name in contestants if not name.startswith("stock")]
    for turn in range(rounds):
        for name, (act, count) in contestants.items():
            if name not in quick:
                times[name] += [_timed(act, turn * count + i + 1) for i in range(count)]
        for block in range(20):  # the quick ones take short turns: the disk is as fast for one as for the other
            for name in quick:
                act, count = contestants[name]
                first = turn * count + block * (count // 20) + 1
                times[name] += [_timed(act, first + i) for i in range(count // 20)]
    for store in stores.values():
        store.close()
    return {name: statistics.median(held) for name, held in times.items()}


def _timed(act: Callable[[int], None], i: int) -> float:
    """Seconds of one act."""
    started = time.perf_counter()
    act(i)
    return time.perf_counter() - started
