"""The console beside other terminal programs, from outside, through a pty: start, keys, bytes, idle, memory, a commit seen.

    python benchmarks/console.py [--rounds 5] [--full] [--folder FOLDER]

It needs ``tools/ptybench.py`` of the folder ``shared`` beside the project, and says so where that is not there. Compare
figures of one run only: all programs are measured in turns, round by round.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.desk import apart, prepare  # noqa: E402
from benchmarks.rivals import rivals  # noqa: E402

TOOL = ROOT.parent / "shared" / "tools" / "ptybench.py"
LIVE = r" \d\d:\d\d *\n(.*\n)*.*\d+/\d+ *\n"
"""What the screen shows once it is live: a clock without the mark of what was only remembered."""

ROWS = r"\d+/\d+ *\n"
"""What it shows once there are rows."""

PHASES = ["move:jx12", "warm:jx12@skip", "scroll:jx12", "page:PGDNx10", "burst:jx60@burst"]
LIST_LIVE = r" \d\d:\d\d *\n(.*\n)*.*\d+/\d+ *\n"
"""What the screen shows once it is live: a clock without the mark of what was only remembered."""

ROWS = r"\d+/\d+ *\n"
"""What it shows once there are rows."""

PHASES = ["move:jx12", "warm:jx12@skip", "scroll:jx12", "page:PGDNx10", "burst:jx60@burst"]
TOP = ["top:gx1@skip", *PHASES]
"""The same from the first row: the console begins where one left it."""


def tool() -> Any:
    """The measuring tool; None where it is not on this machine."""
    if not TOOL.exists():
        return None
    spec = importlib.util.spec_from_file_location("ptybench", TOOL)
    assert spec is not None and spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    sys.modules["ptybench"] = found
    spec.loader.exec_module(found)
    return found


def ours(folder: Path, name: str, *more: str, **spec: Any) -> dict[str, Any]:
    """The console on one station, in a home of its own."""
    program = Path(sys.executable).with_name("wanjia")
    start = [str(program)] if program.exists() else [sys.executable, "-m", "screens"]
    env = {"XDG_CACHE_HOME": str(folder / "cache"), "COLORTERM": "", "WANJIA_LANG": "zh"}
    argv = [*start, "--store", str(folder), "--as", "bench", *more]
    return {"name": name, "argv": argv, "ready": LIVE, "env": env, "cwd": str(ROOT), **spec}


def sign_on(folder: Path) -> None:
    """Be on duty, so that the console begins with the queue."""
    from console.clock import now
    from console.desk import Desk
    from console.kinds import KINDS
    from console.shifts import SignOn
    from console.staff import SYSTEM, actor
    from storage.files import FileStore
    from storage.options import Options

    store = FileStore(str(folder), Options(now=now, kinds=KINDS))
    desk = Desk(store, now, SYSTEM)
    desk.who = actor(desk.book, "bench", "bench", desk.now())
    desk.do(SignOn())
    store.close()


def targets(folder: Path, *, full: bool) -> list[dict[str, Any]]:
    """Everything that is measured."""
    stations = {"100 open": (100, 0), "10,000 open": (10_000, 0), "10,000 open, 100,000 archived": (10_000, 100_000)}
    if full:
        stations["100,000 open"] = (100_000, 0)
    found = [{**each, "idle": 5, "idle_rounds": 1} for each in rivals(folder / "rivals", 10_000)]
    for n, (name, (count, archived)) in enumerate(stations.items()):
        place = folder / f"station{n}"
        if not place.exists():
            apart(prepare, place, count, archived)
            apart(sign_on, place)
        found.append(ours(place, f"wanjia, {name}", idle=5, idle_rounds=1, phases=TOP))
        found.append(ours(place, f"wanjia, {name}: first rows", ready=ROWS, phases=[]))
        if name == "10,000 open":
            found.append(ours(place, "wanjia, arrow cursor", "--theme", "mono", idle=5, idle_rounds=1, phases=TOP))
            found.append(ours(place, "wanjia --driver textual", "--driver", "textual", phases=TOP))
    defaults = {"phases": PHASES, "term": "xterm-256color", "size": "80x24", "quiet": 0.06}
    return [{**defaults, **each} for each in found]


def seen(bench: Any, folder: Path, times: int) -> tuple[float, float]:
    """Milliseconds from another session's commit to its paint here: median and 99th percentile."""
    from console.clock import now
    from console.desk import Desk
    from console.kinds import KINDS
    from console.staff import SYSTEM
    from console.taking import Take
    from storage.files import FileStore
    from storage.options import Options

    spec = ours(folder, "seen")
    session = bench.Session(spec["argv"], (80, 24), "xterm-256color", spec["env"], cwd=spec["cwd"])
    store = FileStore(str(folder), Options(now=now, kinds=KINDS))
    taken = []
    try:
        session.wait_ready(spec["ready"], 30, 0.5)
        desk = Desk(store, now, SYSTEM)
        session.drain(0.5, 2)
        for n in range(times):
            seen_before = len(session.chunks)
            start = time.perf_counter()
            desk.do(Take(text=f"第{n}件", category="xsd"))
            while len(session.chunks) == seen_before and time.perf_counter() - start < 2:
                session.drain(0.001, 0.01)
            taken.append((session.chunks[seen_before][0] - start) * 1e3 if len(session.chunks) > seen_before else 2e3)
            session.drain(0.15, 1)
    finally:
        session.close()
        store.close()
    return statistics.median(taken), sorted(taken)[int(len(taken) * 0.99) - 1]


def main() -> int:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--full", action="store_true", help="100,000 open cases as well")
    parser.add_argument("--only", default="", help="regular expression over the targets' names")
    parser.add_argument("--folder", default="")
    args = parser.parse_args()
    bench = tool()
    if bench is None:
        print(f"{TOOL} is not on this machine: nothing is measured")
        return 0
    folder = Path(args.folder or tempfile.mkdtemp(prefix="wanjia-console-"))
    folder.mkdir(exist_ok=True)
    try:
        specs = [each for each in targets(folder, full=args.full) if re.search(args.only, each["name"])]
        result = bench.suite(specs, args.rounds, log=open(os.devnull, "w"))
        print(bench.table(result, "Textual, minimal"))
        if not args.only:
            median, worst = seen(bench, folder / "station1", 30)
            print(f"\nanother session's commit to its paint here: median {median:.1f} ms, 99th percentile {worst:.1f} ms")
    finally:
        if not args.folder:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
