"""Ten, thirty, sixty people at once over real SSH: key to paint, memory, CPU, lost updates, stuck locks; and what follows.

    python benchmarks/sessions.py [--sessions 10,30,60] [--minutes 5] [--open 300] [--archived 20000]

Each of them presses a key every two seconds: up and down, into a case and back, help, views; who may write notes writes one
every half minute. A note carries a number of its own, by which it is looked for afterwards: in the journal, else among what
is half written and kept; what is in neither is lost. Nobody hangs up before the program has answered what was typed.
Clients, this program and the server share one machine, so a machine of the station's own does better.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.console import sign_on  # noqa: E402
from benchmarks.crowd import Crowd  # noqa: E402
from benchmarks.desk import apart, prepare  # noqa: E402
from benchmarks.server import Server, children, cpu, memory, sshd  # noqa: E402


def errands(store: Path, count: int) -> None:
    """Give an agency something to do, so that its people have a list."""
    from console.book import Refused
    from console.clock import now
    from console.desk import Desk
    from console.dispatch import Dispatch
    from console.filing import File
    from console.kinds import KINDS
    from console.numbers import number
    from console.staff import SYSTEM
    from storage.files import FileStore
    from storage.options import Options

    files = FileStore(str(store), Options(now=now, kinds=KINDS))
    desk = Desk(files, now, SYSTEM)
    sent = 0
    for id in list(desk.book.docs("issues")):
        try:
            if desk.book.docs("issues")[id].get("status", "new") == "new":
                desk.do(File(issue=number(id)))
            desk.do(Dispatch(issue=number(id), agency="property", ask=""))
        except Refused:
            continue  # a question or a thank-you goes to no agency
        sent += 1
        if sent == count:
            break
    files.close()


@dataclass
class Kept:
    """What became of the notes."""

    otherwise: int = 0
    """Kept within a longer note: other keys had got into it."""

    aside: int = 0
    """Not saved, but half written and kept."""

    lost: int = 0
    """Nowhere."""

    twice: int = 0
    """Saved more often than once."""

    free: float = 0.0
    """Milliseconds of one more act afterwards."""


def kept(store: Path, notes: list[str]) -> Kept:
    """Look for the notes that people believe they have saved."""
    from console.clock import now
    from console.desk import Desk
    from console.kinds import KINDS
    from console.shifts import WriteLog
    from console.staff import SYSTEM
    from storage.files import FileStore
    from storage.options import Options

    files, found = FileStore(str(store), Options(now=now, kinds=KINDS)), Kept()
    try:
        said = Counter[str]()
        for entry in files.since(0):
            if entry.what == "note":
                said[next((doc["last"]["facts"]["text"] for kind, _, doc in entry.ops if kind == "issues" and doc), "")] += 1
        longer = "\n".join(said)
        drafts = "\n".join(path.read_text() for path in (store / "drafts").glob("*.json"))
        for note in notes:
            found.twice += max(said[note] - 1, 0)
            if note not in said:
                where = "otherwise" if note in longer else "aside" if note in drafts else "lost"
                setattr(found, where, getattr(found, where) + 1)
        start, desk = time.perf_counter(), Desk(files, now, SYSTEM)
        desk.do(WriteLog(text="nobody holds the lock"))
        found.free = (time.perf_counter() - start) * 1e3
    finally:
        files.close()
    return found


def ms(values: list[float], share: float) -> float:
    """Milliseconds below which such a share lies."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)] * 1e3 if values else float("nan")


def line(points: list[tuple[int, float]]) -> tuple[float, float]:
    """Least squares through points: what there is without anybody, and what each adds."""
    if len(points) < 2:
        return 0.0, points[0][1] / points[0][0]
    slope, start = statistics.linear_regression([n for n, _ in points], [value for _, value in points])
    return start, slope


def main() -> int:
    """Measure, print a table and what it says of a machine with four cores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", default="10,30,60")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--open", type=int, default=300)
    parser.add_argument("--archived", type=int, default=20_000)
    args = parser.parse_args()
    if not sshd() or not shutil.which("ssh") or not Path("/proc/self/smaps_rollup").exists():
        print("openssh or /proc is not on this machine: nothing is measured")
        return 0
    folder = Path(tempfile.mkdtemp(prefix="wanjia-sessions-"))
    counts = [int(each) for each in args.sessions.split(",")]
    store = folder / "store"
    apart(prepare, store, args.open, args.archived)
    apart(sign_on, store)
    apart(errands, store, 40)
    server = Server(folder / "ssh", store, max(counts))
    print(f"{args.open} open, {args.archived} archived, {os.cpu_count()} cores, {args.minutes:g} minutes each", flush=True)
    load, share, own = list[tuple[int, float]](), list[tuple[int, float]](), list[float]()
    try:
        for count in counts:
            crowd = Crowd(server, count)
            programs = crowd.programs()
            began, start = cpu(children(server.process.pid)), time.perf_counter()
            alone, since = cpu(programs), time.perf_counter()
            crowd.work(args.minutes * 60)
            seconds = time.perf_counter() - start
            used = (cpu(children(server.process.pid)) - began) / seconds
            each = (cpu(programs) - alone) / (time.perf_counter() - since) / max(len(programs), 1)
            held = [memory(pid) for pid in programs]
            pss, private = sum(p for p, _ in held) / 1024, statistics.median(p for _, p in held) / 1024
            left = crowd.leave()
            notes = apart(kept, store, crowd.notes)
            moves = crowd.alone()
            said = [f"{count:3} sessions ({len(programs)} programs)"]
            said.append(f"a move {ms(moves, 0.5):.1f} ms, 99% {ms(moves, 0.99):.1f} ms ({len(moves)})")
            screens = crowd.screens
            said.append(f"another screen {ms(screens, 0.5):.1f} ms, 99% {ms(screens, 0.99):.1f} ms ({len(screens)})")
            said.append(
                f"{crowd.unanswered} keys without an answer before the next; {crowd.behind:.1f} s until all were answered"
            )
            said.append(f"memory {pss / count:.1f} MB a session shared out, {private:.1f} MB of its own")
            said.append(f"CPU {used:.2f} cores, {each * 1e3:.1f} ms a second each")
            said.append(
                f"{len(crowd.notes)} notes: {notes.lost} lost, {notes.twice} twice, {notes.aside} kept as half written, "
                f"{notes.otherwise} with other keys in them"
            )
            said.append(f"{left} programs left after hanging up; one more act takes {notes.free:.0f} ms")
            print("\n     ".join(said), flush=True)
            load.append((count, used))
            share.append((count, pss))
            own.append(private)
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)
    start_cpu, per = line(load)
    start_mb, mb = line(share)
    print(
        f"line: CPU {start_cpu:+.3f} + {per * 1e3:.1f} mcores a session; memory {start_mb:+.0f} + {mb:.1f} MB a session\n"
        f"four cores at 70%: {(2.8 - start_cpu) / per:.0f} sessions by CPU; 8 GB with 6 for sessions: "
        f"{(6144 - start_mb) / mb:.0f} by memory"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
