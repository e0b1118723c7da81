"""The store beside what it is made of and what it could have been: raw append, SQLite, stock TinyDB.

    python benchmarks/storage.py [--json] [--quick] [--folder DIR]

One run measures everything side by side, in rounds that take turns, and prints each figure with its ratio and the goal
of ``docs/storage.md``. It prints; it asserts nothing. Absolute times are this machine's at this moment: ratios last.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import storage_many, storage_one, storage_read


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    """What was measured."""

    figure: str
    """The measured figure with its unit."""

    ratio: float | None
    """The figure that the goal is about; None where there is no goal."""

    goal: str
    """The goal as a comparison with the ratio, or what else is worth saying."""

    met: bool | None
    """Whether the goal is met, None where there is none."""


def row(what: str, figure: str, ratio: float | None = None, most: float | None = None, least: float | None = None) -> Row:
    """A line with its goal: at most or at least so much."""
    if ratio is None or (most is None and least is None):
        return Row(what, figure, ratio, "", None)
    met = ratio <= most if most is not None else ratio >= (least or 0)
    return Row(what, figure, ratio, f"≤ {most:g}" if most is not None else f"≥ {least:g}", met)


RIVALS = {"sqlite": "SQLite, a row", "sqlite-same": "SQLite, the same work"}
"""SQLite in WAL mode with synchronous=FULL: the bare update of a row, and reading others' changes and keeping the story."""


def one_writer(folder: Path, rounds: int) -> Iterator[Row]:
    """Durable updates by one process."""
    times = storage_one.updates(folder, rounds)
    ours, raw = times["ours 10,000"], times["raw append+fdatasync"]
    yield row("raw append + fdatasync", f"{raw * 1e6:,.0f} µs")
    yield row("ours against raw", f"{ours * 1e6:,.0f} µs", ours / raw, most=1.25)
    for kind, said in RIVALS.items():
        yield row(f"ours against {said}", f"{times[kind] * 1e6:,.0f} µs", ours / times[kind], most=0.9)
    for size, least in ((1000, 20), (10_000, 200), (100_000, 3000)):
        stock, mine = times[f"stock {size:,}"], times[f"ours {size:,}"]
        yield row(f"stock TinyDB against ours, {size:,} documents", f"{stock * 1e3:,.1f} ms", stock / mine, least=least)
    yield row("ours, 100,000 against 1,000 documents", f"{times['ours 100,000'] * 1e6:,.0f} µs",
              times["ours 100,000"] / times["ours 1,000"], most=1.2)  # fmt: skip


def many_writers(folder: Path, rounds: int, seconds: float) -> Iterator[Row]:
    """8 and 50 processes on one store."""
    for count, waits in ((8, 0.25), (50, 0.1)):
        scores = storage_many.contest(folder, count, rounds, seconds)
        ours = scores["ours"]
        for kind, said in RIVALS.items():
            rival = scores[kind]
            rate = f"{ours.rate:,.0f} to {rival.rate:,.0f} a second"
            waited = f"{ours.longest * 1e3:,.0f} to {rival.longest * 1e3:,.0f} ms"
            least = 1.2 if count == 8 else None
            yield row(f"{count} writers, throughput against {said}", rate, ours.rate / rival.rate, least=least)
            yield row(f"{count} writers, longest wait against {said}", waited, ours.longest / rival.longest, most=waits)
        yield row(f"{count} writers, updates lost", str(ours.lost), float(ours.lost), most=0)


def other_process(folder: Path) -> Iterator[Row]:
    """From a commit's return to its being read elsewhere."""
    for polling in (False, True):
        delays = sorted(storage_many.seen(folder, polling, 60 if polling else 300))
        if polling:
            worst = delays[int(len(delays) * 0.99)]
            yield row("seen elsewhere, polling, p99", f"{worst * 1e3:,.0f} ms", worst * 1e3, most=300)
        else:
            median = delays[len(delays) // 2]
            yield row("seen elsewhere, inotify, median", f"{median * 1e3:.2f} ms", median * 1e3, most=2)


def reading(folder: Path, quick: bool) -> Iterator[Row]:
    """Opening, memory, archives, verify."""
    opened = storage_read.opening(folder)
    yield row("open, 10,000 hot: seconds over 1.5 × orjson.loads + 5 µs a line", f"{opened.ours * 1e3:,.1f} ms",
              opened.ours / opened.allowed, most=1)  # fmt: skip
    yield row("memory a hot document", f"{opened.memory:,.0f} bytes", opened.memory, most=2000)
    lines = storage_read.verifying(folder)
    yield row("verify", f"{lines:,.0f} lines a second", lines, least=200_000)
    for size in (100_000,) if quick else (100_000, 1_000_000):
        old = storage_read.archived(folder, size)
        yield row(
            f"open with {size:,} archived against none", f"{old.opened * 1e3:,.1f} ms", old.opened / old.bare, most=1.1
        )
        yield row(f"{size:,} archived, private memory", f"{old.memory / 1e6:,.1f} MB", old.memory / 1e6,
                  most=30 if size == 1_000_000 else None)  # fmt: skip
        yield row(f"{size:,} archived, one by id", f"{old.by_id * 1e3:.2f} ms", old.by_id * 1e3, most=1)
        yield row(f"{size:,} archived, first 50 by text", f"{old.by_text * 1e3:.1f} ms", old.by_text * 1e3, most=50)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON value in the place of the table")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, and no million of archived documents")
    parser.add_argument("--folder", help="where to work (a temporary folder beside this program's temporary files)")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="wanjia-bench-", dir=args.folder))
    rounds = 2 if args.quick else 5
    parts: list[Callable[[], Iterator[Row]]] = [
        lambda: one_writer(folder, rounds),
        lambda: many_writers(folder, 1 if args.quick else 3, 2.0 if args.quick else 4.0),
        lambda: other_process(folder),
        lambda: reading(folder, args.quick),
    ]
    rows: list[Row] = []
    try:
        for part in parts:
            for one in part():
                rows.append(one)
                if not args.json:
                    show(one)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if args.json:
        print(json.dumps([asdict(one) for one in rows], ensure_ascii=False, indent=1))
    return 0


def show(one: Row) -> None:
    """Print one line of the table."""
    ratio = "" if one.ratio is None else f"{one.ratio:,.2f}"
    verdict = {True: "met", False: "NOT MET", None: ""}[one.met]
    print(f"{one.what:<66} {one.figure:>34} {ratio:>11} {one.goal:>8}  {verdict}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
