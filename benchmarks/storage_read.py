"""Opening, memory, searching of archives, verify: each measured in a process of its own where memory matters."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import orjson

from benchmarks.made_up import case, options
from benchmarks.storage_one import filled
from storage.files import FileStore
from storage.store import Change, Op
from storage.verify import verify

ROOT = Path(__file__).resolve().parents[1]

OPENER = """
import gc, json, sys, time
from benchmarks.made_up import options
from storage.files import FileStore
from storage.store import Query
import storage.search, orjson

def private():
    with open("/proc/self/smaps_rollup") as f:
        return sum(int(l.split()[1]) for l in f if l.startswith(("Private_Dirty", "Private_Clean"))) * 1024

gc.collect()
before = private()
started = time.perf_counter()
store = FileStore(sys.argv[1], options(readonly=True))
opened = time.perf_counter() - started
memory = private() - before
print(json.dumps({"opened": opened, "memory": memory, "hot": sum(map(len, store._engine.state.tables.values()))}))
"""

FINDER = """
import json, random, sys, time
from benchmarks.made_up import options
from storage.files import FileStore
from storage.store import Query

def private():
    with open("/proc/self/smaps_rollup") as f:
        return sum(int(l.split()[1]) for l in f if l.startswith(("Private_Dirty", "Private_Clean"))) * 1024

size = int(sys.argv[2])
before = private()
store = FileStore(sys.argv[1], options(readonly=True))
store.fetch("issues", "7")
rng = random.Random(3)
ids, texts = [], []
for _ in range(400):
    started = time.perf_counter()
    found = store.fetch("issues", str(rng.randrange(1, size + 1)))
    ids.append(time.perf_counter() - started)
    assert found is not None and found.place != "hot"
for words in ("下水道", "污水 井盖", "路灯", "blocked", "第%d号" % rng.randrange(size), "7幢 噪声", "nowhere", "水") * 5:
    started = time.perf_counter()
    store.find(Query("issues", text=words))
    texts.append(time.perf_counter() - started)
print(json.dumps({"id": sorted(ids)[len(ids) // 2], "text": max(sorted(texts)[:-2]), "memory": private() - before}))
"""


@dataclass(frozen=True)
class Opened:
    """Opening a store of 10,000 hot documents."""

    ours: float
    """Seconds."""

    allowed: float
    """Seconds that the goal allows: 1.5 × orjson.loads of the same bytes + 5 µs a journal line."""

    memory: float
    """Bytes of private memory a document."""


@dataclass(frozen=True)
class Archived:
    """A store with many archived documents."""

    opened: float
    """Seconds to open it."""

    bare: float
    """Seconds to open one with the same hot documents and no archive."""

    memory: float
    """Bytes of private memory of a session that has searched."""

    by_id: float
    """Seconds to fetch one by id, median."""

    by_text: float
    """Seconds to find the first 50 by words, the slowest but two of 40."""


def _run(code: str, *args: object) -> dict[str, float]:
    """What a process of its own tells."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, *map(str, args)]
    told: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout)
    return told


def opening(folder: Path) -> Opened:
    """Open 10,000 hot documents with 2,000 journal lines behind the snapshot, and load the same bytes, in turns."""
    store = filled(folder / "open", 10_000)
    for i in range(2000):
        store.append(Change("bench", "update", [Op("issues", str(i + 1), case(i))]))
    store.close()
    ours, loads, memory = [], [], []
    raw = (folder / "open/live.json").read_bytes()
    for _ in range(9):
        told = _run(OPENER, folder / "open")
        ours.append(told["opened"])
        memory.append(told["memory"] / 10_000)
        started = time.perf_counter()
        held = orjson.loads(raw)
        loads.append(time.perf_counter() - started)
        del held
    allowed = 1.5 * statistics.median(loads) + 2001 * 5e-6
    return Opened(statistics.median(ours), allowed, statistics.median(memory))


def verifying(folder: Path) -> float:
    """Lines a second of ``verify`` over 60,000 updates."""
    path = folder / "verify"
    store = FileStore.create(str(path), options())
    journal = store._engine.journal
    store._engine.disk.sync_data = lambda fd: None  # type: ignore[method-assign] # only to make the journal quickly
    for i in range(60_000):
        store.append(Change("bench", "update", [Op("issues", str(i % 500 + 1), case(i))]))
    assert journal.number >= 60_000
    store.close()
    rates = []
    for _ in range(3):
        started = time.perf_counter()
        report = verify(str(path))
        rates.append(report.entries / (time.perf_counter() - started))
        assert not report.findings, report.findings
    return statistics.median(rates)


def archived(folder: Path, size: int) -> Archived:
    """Make a store with so many archived documents and 2,000 hot ones, and one with the hot ones only; open in turns."""
    path, bare = folder / f"archived-{size}", folder / f"bare-{size}"
    store = FileStore.create(str(path), options())
    step = 20_000
    for start in range(1, size + 1, step):
        for batch in range(start, start + step, 1000):
            store.append(Change("bench", "fill", [Op("issues", str(i), case(i)) for i in range(batch, batch + 1000)]))
        store.archive(f"part-{start:07d}", [("issues", str(i)) for i in range(start, start + step)])
        if sys.stderr.isatty():
            print(f"\rarchiving {start + step - 1:,} of {size:,} ", end="", file=sys.stderr, flush=True)
    other = FileStore.create(str(bare), options())
    for one in (store, other):
        for batch in range(size + 1, size + 2001, 1000):
            one.append(Change("bench", "fill", [Op("issues", str(i), case(i)) for i in range(batch, batch + 1000)]))
        one.upkeep.checkpoint(wait=True)
        one.close()
    opened, alone = [], []
    for _ in range(11):
        opened.append(_run(OPENER, path)["opened"])
        alone.append(_run(OPENER, bare)["opened"])
    told = _run(FINDER, path, size)
    return Archived(statistics.median(opened), statistics.median(alone), told["memory"], told["id"], told["text"])
