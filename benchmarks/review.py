"""Two years of shifts before a supervisor: first page, search, marks, a month; and the weight of an officer's session then.

    python benchmarks/review.py [--sheets 2000] [--archived 100000] [--folder FOLDER]

Every figure is taken in a process of its own, as a session that has just begun; the best and the worst of some are told.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.desk import apart, prepare  # noqa: E402
from benchmarks.made_up import TITLES  # noqa: E402

PAGE = 44
"""Lines of one page on a tall terminal."""

ITEMS = 30
"""Cases on one sheet."""

GOALS = {"first page": 300.0, "search": 500.0}
"""Milliseconds."""


def shifts(folder: Path, count: int) -> None:
    """So many sealed sheets, chained as the handover chains them; all but the last month's go to the archive."""
    from console.clock import now, whole
    from console.config import ONLY, settings, window
    from console.desk import Desk
    from console.kinds import KINDS
    from console.record import replace
    from console.seals import sheet_hash
    from console.sheets import Item, ReadBack, Sheet, SheetState, Signature, Weight
    from console.shifts import Chain, Crew, Shift, ShiftState, chain
    from console.staff import SYSTEM
    from storage.files import FileStore
    from storage.options import Options
    from storage.store import Change, Op

    store = FileStore(str(folder), Options(now=now, kinds=KINDS))
    desk, chance = Desk(store, now, SYSTEM), random.Random(3)
    said, at, present = settings(desk.book), chain(desk.book), whole(now())
    moment = present - timedelta(hours=8 * count)
    people, ops, archived = ("bench", "li", "zhao"), list[Op](), list[tuple[str, str]]()
    for n in range(count):
        found = window(said, moment)
        moment = found.end
        giver, taker = people[n % 3], people[(n + 1) % 3]
        items = tuple(
            Item(issue=f"20250101{(n * 7 + k) % 20000:04d}", weight=Weight.URGENT if k < 3 else Weight.STABLE,
                 title=f"{TITLES[(n + k) % len(TITLES)]} 第{n + k}号楼", status="handling", severity="p2", grid="金桂-01",
                 place=f"{k}幢", next="next.handling", if_then="再漫就停水" if k < 3 else "")
            for k in range(ITEMS)
        )  # fmt: skip
        late = found.end + timedelta(minutes=45 if n % 9 == 0 else 2)
        backs = tuple(ReadBack(issue=items[k].issue, by=taker, at=late, text=f"第{n}班先去看,再催物业") for k in range(3))
        sheet = Sheet(
            state=SheetState.SEALED, station=said.name, shift=found.name, english=found.english, start=found.start,
            end=found.end, made_at=found.end,
            figures={"taken": chance.randint(5, 30), "closed": chance.randint(5, 30), "open": 30},
            crew=(giver,), items=items, outgoing=Signature(login=giver, name=giver, at=found.end),
            incoming=Signature(login=taker, name=taker, at=late), read_backs=backs, marks=("late",) if n % 9 == 0 else (),
            number=at.number + 1, before=at.sheet, before_hash=at.hash,
        )  # fmt: skip
        sheet = replace(sheet, hash=sheet_hash(sheet))
        at = Chain(shift="", sheet=found.id, hash=sheet.hash, number=sheet.number)
        shift = Shift(
            name=found.name, english=found.english, start=found.start, end=found.end, opened_at=found.start, first=0, last=0,
            state=ShiftState.SEALED, crew=(Crew(login=giver, on=found.start, off=found.end),),
        )  # fmt: skip
        ops += [Op(Sheet.kind, found.id, sheet.dump()), Op(Shift.kind, found.id, shift.dump())]
        if found.end < present - timedelta(days=said.keep_days):
            archived += [(Sheet.kind, found.id), (Shift.kind, found.id)]
        if len(ops) >= 100 or n == count - 1:
            store.append(Change("bench", "import", [*ops, Op(Chain.kind, ONLY, at.dump())]))
            ops.clear()
    for start in range(0, len(archived), 1000):
        store.archive("2025-02", archived[start : start + 1000])
    store.upkeep.checkpoint(wait=True)
    store.close()


def timed(folder: Path, what: str) -> float:
    """Milliseconds of one look by a session that has just begun."""
    from console.clock import now
    from console.desk import Desk
    from console.kinds import KINDS
    from console.reviews import Reviews
    from console.staff import SYSTEM
    from storage.files import FileStore
    from storage.options import Options

    store = FileStore(str(folder), Options(now=now, kinds=KINDS))
    desk = Desk(store, now, SYSTEM)
    looks: dict[str, Callable[[], int]] = {
        "first page": lambda: len(Reviews(desk.book, desk.now()).upto(PAGE)),
        "the page after": lambda: len(Reviews(desk.book, desk.now()).upto(2 * PAGE)),
        "search": lambda: len(Reviews(desk.book, desk.now(), "马蜂窝 停水").upto(PAGE)),
        "search, one sheet": lambda: len(Reviews(desk.book, desk.now(), "第77班").upto(PAGE)),
        "mark": lambda: len(Reviews(desk.book, desk.now(), "mark:late").upto(PAGE)),
        "a month": lambda: len(Reviews(desk.book, desk.now(), f"day:{desk.now() - timedelta(days=200):%Y-%m}").upto(PAGE)),
        "all of them": lambda: len(Reviews(desk.book, desk.now()).upto(10**6)),
    }
    start = time.perf_counter()
    count = looks[what]()
    taken = (time.perf_counter() - start) * 1e3
    assert count, what
    store.close()
    return taken


def weight(folder: Path) -> tuple[float, float]:
    """An officer's session: megabytes of its own memory, and milliseconds until its queue is there."""
    from console.chair import Chair
    from console.clock import now
    from console.desk import Desk
    from console.kinds import KINDS
    from console.staff import SYSTEM, actor
    from console.words import words
    from storage.files import FileStore
    from storage.options import Options

    start = time.perf_counter()
    store = FileStore(str(folder), Options(now=now, kinds=KINDS))
    desk = Desk(store, now, SYSTEM)
    desk.who = actor(desk.book, "bench", "bench", desk.now())
    chair = Chair(store, desk, words("zh"))
    chair.view("").page(0, 20)
    taken = (time.perf_counter() - start) * 1e3
    own = 0
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]:
        if line.startswith("Private_"):
            own += int(line.split()[1])
    chair.close()
    return own / 1024, taken


def main() -> int:
    """Make the station, measure, say of each goal whether it is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheets", type=int, default=2000)
    parser.add_argument("--archived", type=int, default=100_000)
    parser.add_argument("--open", type=int, default=300)
    parser.add_argument("--folder", default="")
    args = parser.parse_args()
    folder = Path(args.folder or tempfile.mkdtemp(prefix="wanjia-review-"))
    met = True
    try:
        store = folder / "store"
        if not store.exists():
            apart(prepare, store, args.open, args.archived)
            before = [apart(weight, store) for _ in range(5)]
            apart(shifts, store, args.sheets)
            after = [apart(weight, store) for _ in range(5)]
            for what, n, unit in (("memory of an officer's session", 0, "MB"), ("its start", 1, "ms")):
                was, now_ = (statistics.median(each[n] for each in of) for of in (before, after))
                print(f"{what}: {was:.1f} {unit} without these shifts, {now_:.1f} {unit} with them")
        start = time.perf_counter()
        apart(timed, store, "search, one sheet")
        print(f"the index of the archive, made once: {time.perf_counter() - start:.1f} s")
        for what in ("first page", "the page after", "search", "search, one sheet", "mark", "a month", "all of them"):
            taken = sorted(apart(timed, store, what) for _ in range(7))
            goal = GOALS.get(what)
            met &= goal is None or taken[-1] <= goal
            told = "" if goal is None else f", goal {goal:.0f}: {'met' if taken[-1] <= goal else 'MISSED'}"
            print(f"{what}: median {taken[3]:.1f} ms, worst {taken[-1]:.1f} ms{told}", flush=True)
    finally:
        if not args.folder:
            shutil.rmtree(folder, ignore_errors=True)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
