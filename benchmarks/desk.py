"""The desk beside the bare store: acts, the queue, ``wanjia list`` as a whole process, import; with and without an archive.

    python benchmarks/desk.py [--open 10000] [--archived 100000] [--folder FOLDER]

Everything is made up. All figures of one line come from the same run, taken in turns.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import gc
import io
import multiprocessing
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from console import sla
from console.categories import categories
from console.clock import now, whole
from console.desk import Desk
from console.exchange.importing import import_issues
from console.exchange.maps import load
from console.exchange.reading import table
from console.filing import File
from console.issues import Issue
from console.kinds import KINDS
from console.progress import timed
from console.queue import Queue, View
from console.record import replace
from console.remarks import AddVoice
from console.staff import SYSTEM
from console.status import Status
from console.taking import Take, standard
from storage.files import FileStore
from storage.options import Options
from storage.store import Change, Op

T = TypeVar("T")
TEXT = "居民反映一楼卫生间返水,污水从井盖冒出来,请尽快处理。"


def main() -> int:
    """Measure, print a table, and say of each goal whether it is met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--open", type=int, default=10_000)
    parser.add_argument("--archived", type=int, default=100_000)
    parser.add_argument("--folder", default="")
    args = parser.parse_args()
    folder = Path(args.folder or tempfile.mkdtemp(prefix="wanjia-bench-"))
    try:
        stations = {folder / "small": 0, folder / "large": args.archived}
        for place, archived in stations.items():
            apart(prepare, place, args.open, archived)
        found = [apart(measure, place) for place in stations]
    finally:
        if not args.folder:
            shutil.rmtree(folder, ignore_errors=True)
    show(found, args)
    return 0


def apart(work: Callable[..., T], *args: object) -> T:
    """Some work in a process of its own, so that none is measured in the memory that another has worn."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *args).result()


def measure(folder: Path) -> dict[str, float]:
    """All figures of one station."""
    figures = process(folder)
    store = FileStore(str(folder), Options(now=now, kinds=KINDS))
    desk = Desk(store, now, SYSTEM)
    figures |= queue(desk)
    figures |= acts(desk, store)
    figures |= lines(desk)
    store.close()
    return figures


def prepare(folder: Path, count: int, archived: int) -> None:
    """A station with cases."""
    from console.verbs.upkeep import fresh
    from console.words import words

    given = argparse.Namespace(title="", chief="bench", timezone="")
    with contextlib.redirect_stdout(io.StringIO()):
        fresh(str(folder), given, words("zh"), now)
    store = FileStore(str(folder), Options(now=now, kinds=KINDS))
    desk, chance, present = Desk(store, now, SYSTEM), random.Random(1), whole(now())
    kinds = list(categories(desk.book).values())

    def made(n: int, closed: bool) -> Op:
        kind = chance.choice(kinds)
        at = present - timedelta(minutes=chance.randint(1, 4000), days=60 if closed else 0)
        issue = Issue(
            title=f"{kind.name} 第{n}号楼", text=TEXT * chance.randint(1, 3), category=kind.slug, severity=kind.severity,
            grid=f"金桂-0{chance.randint(1, 3)}", reporter="王某", contact="13800000000", reported_at=at, taken_at=at,
            taken_by="bench", limit=kind.limit, source="open311", source_no=f"{closed}-{n}",
            status=Status.CLOSED if closed else chance.choice([Status.NEW, Status.FILED]),
            ended_at=at + timedelta(hours=3) if closed else None, outcome="solved" if closed else "",
        )  # fmt: skip
        limit, until = standard(desk.book, issue, "", at)
        issue = timed(desk.book, replace(issue, clock=sla.start(at, limit, until), accept=sla.start(at, "15分")))
        return Op(Issue.kind, f"{'2025' if closed else '2026'}0101{n:04d}", issue.dump())

    for start in range(0, archived, 500):
        ops = [made(n, True) for n in range(start, start + 500)]
        store.append(Change("bench", "import", ops))
        if (start + 500) % 10_000 == 0:
            store.archive("2025-01", [(Issue.kind, str(id)) for id in list(store.load().documents[Issue.kind])])
    for start in range(0, count, 500):
        store.append(Change("bench", "import", [made(n, False) for n in range(start, start + 500)]))
    store.upkeep.checkpoint(wait=True)
    store.close()


def queue(desk: Desk) -> dict[str, float]:
    """Views of a warm book, in milliseconds."""
    rows = Queue(desk.book, desk.now())
    asked = ("", "overdue:yes", "status:new grid:金桂-01 due:<2h", "category:xsd 污水", "severity:p1,p2 -status:new age:>3h")
    whole_view = best(lambda: View(rows, desk.book, SYSTEM, "", desk.now()), 9)
    worst = max(best(partial(View, rows, desk.book, SYSTEM, query, desk.now()), 9) for query in asked)
    view = View(rows, desk.book, SYSTEM, "", desk.now())
    times = []
    for n in range(30):
        desk.do(AddVoice(issue=view.page(n * 300, 1)[0].row.id, name=f"户{n}"))
        moment, start = desk.now(), time.perf_counter()
        view.update(moment)
        view.page(0, 50)
        times.append(time.perf_counter() - start)
    return {"view": whole_view * 1e3, "narrowed": worst * 1e3, "reorder": statistics.median(times) * 1e3}


def best(work: Callable[[], object], times: int) -> float:
    """The median of some runs, in seconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def acts(desk: Desk, store: FileStore) -> dict[str, float]:
    """An act through the desk beside the bare commit of the very same documents, in turns, in microseconds."""
    gc.collect()
    gc.freeze()
    ids = [desk.do(Take(text=f"{TEXT}{n}", category="xsd", name="王某")).touched[0][1] for n in range(600)]
    through, bare = [], []
    for id in ids:
        start = time.perf_counter()
        desk.do(File(issue=id))
        through.append(time.perf_counter() - start)
        change = Change("bench", "file", [Op(Issue.kind, id, desk.book.docs(Issue.kind)[id])])
        start = time.perf_counter()
        store.append(change)
        bare.append(time.perf_counter() - start)
    one, other = statistics.median(through) * 1e6, statistics.median(bare) * 1e6
    return {"act": one, "bare": other, "ratio": one / other}


def lines(desk: Desk) -> dict[str, float]:
    """Lines of another system taken in a second, and known again a second."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["service_request_id", "requested_datetime", "status", "service_name", "description", "address"])
    for n in range(10_000):
        status = "closed" if n % 2 else "open"
        writer.writerow([f"{n}", f"2026-0{n % 9 + 1}-11T10:{n % 60:02d}:00+08:00", status, "sewer", TEXT, f"{n} Main St"])
    raw, plan, rates = out.getvalue().encode(), load("open311"), {}
    for name in ("import", "again"):
        start = time.perf_counter()
        import_issues(desk, table(raw, "made up"), plan, lambda *_: None)
        rates[name] = 10_000 / (time.perf_counter() - start)
    return rates


def process(folder: Path) -> dict[str, float]:
    """``wanjia list`` as a whole process beside bare Python, in turns, in milliseconds."""
    root = Path(__file__).resolve().parents[1]
    script = Path(sys.executable).with_name("wanjia")  # as people type it, where it is installed
    program = [str(script)] if script.exists() else [sys.executable, "-m", "screens"]
    listing = [*program, "--store", str(folder), "--as", "bench", "list"]
    rivals = {"list": listing, "python": [sys.executable, "-c", "pass"]}
    task = shutil.which("task")
    if task:
        rivals["task"] = [task, "list"]
    taken: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(15):
        for name, command in rivals.items():
            start = time.perf_counter()
            subprocess.run(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=name != "task")
            taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) * 1e3 for name, each in taken.items()}


def show(found: list[dict[str, float]], args: argparse.Namespace) -> None:
    """The table."""
    small, large = found
    print(f"{args.open:,} open cases; on the right with {args.archived:,} closed ones in the archive besides\n")
    rows = [
        ("an act through the desk, µs", "act", ""),
        ("the same documents committed bare, µs", "bare", ""),
        ("ratio", "ratio", "≤ 1.5"),
        ("queue of all, ordered, ms", "view", "≤ 5"),
        ("slowest of five queries, ms", "narrowed", "≤ 5"),
        ("re-order after one change, ms", "reorder", "≤ 1"),
        ("wanjia list, whole process, ms", "list", ""),
        ("python -c pass, ms", "python", ""),
        ("import, lines/s", "import", ""),
        ("the same lines again, lines/s", "again", ""),
    ]
    for title, name, goal in rows:
        print(f"{title:42}{small[name]:12,.2f}{large[name]:12,.2f}  {goal}")
    for each in found:
        each["over"] = each["list"] - each["python"]
    print(f"{'list over bare Python, ms':42}{small['over']:12,.2f}{large['over']:12,.2f}  ≤ 200")
    if "task" in small:
        print(f"{'task list, ms':42}{small['task']:12,.2f}")
    else:
        print("taskwarrior is not installed: not compared")
    print("\nchange through the archive (goal: at most a tenth)")
    for name in ("act", "view", "narrowed", "reorder", "list", "import"):
        more = large[name] / small[name] - 1 if name != "import" else small[name] / large[name] - 1
        print(f"  {name:10}{more:+8.1%}  {'met' if more <= 0.1 else 'missed'}")


if __name__ == "__main__":
    sys.exit(main())
