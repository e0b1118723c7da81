"""Many processes on one store: killed at any moment, counting on shared counters, reading while others keep house."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.entry import stamp
from storage.files import FileStore
from storage.verify import verify
from tests.storage.helpers import Clock, options, put, python

COMMITTER = """
import sys, os, time
from storage.files import FileStore
from storage.store import Change, Op, Number
from storage.errors import StoreError
from tests.storage.helpers import options
import storage.snapshot as snapshot
snapshot.LEAST = 2000
me, path = int(sys.argv[1]), sys.argv[2]
store = FileStore(path, options(segment=8000, reserve=0, user=f"p{me}"))
kind = sys.argv[3]
i = 0
while True:
    i += 1
    if kind == "upkeep":
        store.upkeep.checkpoint()
        store.archive("2026-08", [("issues", str(j)) for j in range(max(1, i * 9 - 9), i * 9)])
        n = store.number
    else:
        ops = [Op("issues", Number("issues"), {"by": me, "i": i}), Op("last", str(me), {"i": i, "text": "x" * 200})]
        n = store.append(Change(f"p{me}", "new", ops))
    sys.stdout.write(f"{n} {i}\\n")
    sys.stdout.flush()
"""


def test_kill_9_at_random_points_loses_nothing_that_was_acknowledged(tmp_path: Path, tally: Callable[..., None]) -> None:
    """Four writers and one that only keeps house, killed and started again 72 times: checkpoint, roll and archive too."""
    path = tmp_path / "s"
    FileStore.create(str(path), options(reserve=0)).close()
    rng, kills, acknowledged, done = random.Random(20261123), 0, 0, dict[int, int]()

    def start(me: int) -> subprocess.Popen[str]:
        log = (tmp_path / f"log-{me}-{kills}").open("w")
        return python(COMMITTER, me, path, "upkeep" if me == 0 else "write", stdout=log, stderr=subprocess.PIPE)

    running = {me: start(me) for me in range(5)}
    logs = {me: tmp_path / f"log-{me}-0" for me in range(5)}
    told: list[Path] = list(logs.values())
    time.sleep(0.6)
    while kills < 72 or (
        sum(log.read_bytes().count(b"\n") for log in told if "log-0" not in log.name) < 1100 and kills < 400
    ):
        time.sleep(rng.uniform(0.02, 0.16))
        me = rng.choice([0, 0, 1, 2, 3, 4])
        victim = running[me]
        assert victim.poll() is None, victim.stderr.read() if victim.stderr else ""
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        kills += 1
        running[me] = start(me)
        told.append(tmp_path / f"log-{me}-{kills}")
    time.sleep(0.5)
    for victim in running.values():
        victim.kill()
        victim.wait()
        kills += 1
    store = FileStore(str(path), options(reserve=0))
    entries = {e.number: e for e in store.since(0)}
    assert sorted(entries) == list(range(1, len(entries) + 1))
    for log in told:
        me = int(log.name.split("-")[1])
        for line in log.read_text().splitlines():
            if line.count(" ") != 1 or not line.split(" ")[1]:
                continue  # the last line may be half written: it was not told
            number, i = map(int, line.split(" "))
            if me:
                acknowledged += 1
                done[number] = me
                assert entries[number].who == f"p{me}" and entries[number].ops[0][2] == {"by": me, "i": i}, (log, line)
    numbers = [op[1] for e in entries.values() for op in e.ops if op[0] == "issues" and e.what == "new"]
    assert len(numbers) == len(set(numbers)), "a number was given out twice"
    assert acknowledged >= 1000, acknowledged
    assert {"checkpoint", "archive"} <= {e.what for e in entries.values()}
    assert len(list((path / "journal").iterdir())) > 10
    held = {id for e in entries.values() if e.what == "new" for kind, id, _ in e.ops if kind == "issues"}
    assert all(store.fetch("issues", id) is not None for id in held)
    store.append(put("issues", "999999", {"after": 1}))
    store.close()
    assert verify(str(path)).findings == []
    tally("kills", kills)
    tally("commits acknowledged under kills", acknowledged)


COUNTER = """
import sys, time
from storage.files import FileStore
from storage.errors import Conflict
from storage.store import Change, Op
from tinydb.operations import increment
from tests.storage.helpers import options
me, path, rounds = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
store = FileStore(path, options(reserve=0, user=f"p{me}", patience=120.0))
conflicts = 0
for i in range(rounds):
    if i % 2:
        store.db.table("counters").update(increment("n"), doc_ids=[1])
        continue
    while True:
        hot = store.load()
        body, version = hot.documents["counters"]["2"], hot.versions["counters"]["2"]
        try:
            store.append(Change(f"p{me}", "add", [Op("counters", "2", {"n": body["n"] + 1})]), {("counters", "2"): version})
            break
        except Conflict:
            conflicts += 1
print(conflicts)
"""


@pytest.mark.parametrize(("processes", "rounds"), [(8, 60), (50, 8)])
def test_processes_on_shared_counters_lose_no_update(
    tmp_path: Path, processes: int, rounds: int, tally: Callable[..., None]
) -> None:
    path = tmp_path / "s"
    store = FileStore.create(str(path), options(reserve=0))
    store.append(put("counters", "1", {"n": 0}))
    store.append(put("counters", "2", {"n": 0}))
    running = [python(COUNTER, me, path, rounds) for me in range(processes)]
    conflicts = [int(p.communicate(timeout=240)[0]) for p in running]
    assert [p.returncode for p in running] == [0] * processes
    total = processes * rounds
    documents = store.load().documents["counters"]
    assert documents == {"1": {"n": total // 2}, "2": {"n": total // 2}}
    assert sum(conflicts) > 0, "there was no contest"
    store.close()
    assert verify(str(path)).findings == []
    tally("updates on shared counters", total)


def test_readers_through_checkpoint_roll_and_archive_and_one_asleep_over_three_segments(tmp_path: Path) -> None:
    path = tmp_path / "s"
    writer = FileStore.create(str(path), options(segment=2000, reserve=0))
    asleep = FileStore(str(path), options(reserve=0))
    start = asleep.number
    readers = [FileStore(str(path), options(reserve=0)) for _ in range(2)]
    seen: list[list[int]] = [[], []]
    for i in range(60):
        writer.append(put("issues", str(i + 1), {"i": i, "text": "x" * 100}))
        if i % 20 == 10:
            writer.upkeep.checkpoint()
        if i % 20 == 15:
            writer.archive("2026-08", [("issues", str(i - 1)), ("issues", str(i - 2))])
        for reader, numbers in zip(readers, seen, strict=True):
            numbers += [e.number for e in reader.since(reader.number)]
            assert reader.load().documents == writer.load().documents
            assert reader.fetch("issues", str(max(1, i - 14))) is not None
    assert len(list((path / "journal").iterdir())) >= 4
    assert asleep.number == start
    late = asleep.since(start)
    assert [e.number for e in late] == seen[0] == seen[1] == list(range(start + 1, writer.number + 1))
    assert asleep.load() == writer.load()
    assert len(list(asleep.story("issues", "3"))) == len(list(writer.story("issues", "3")))
    for store in (writer, asleep, *readers):
        store.close()


def test_two_sessions_open_at_the_same_moment_on_a_new_store(tmp_path: Path) -> None:
    path = tmp_path / "s"
    FileStore.create(str(path), options(kinds={}, reserve=0)).close()
    code = "import sys\nfrom storage.files import FileStore\nfrom tests.storage.helpers import options\n"
    code += "s = FileStore(sys.argv[1], options(reserve=0))\nprint(s.number)\ns.close()"
    running = [python(code, path) for _ in range(6)]
    assert {p.communicate(timeout=60)[0] for p in running} == {"1\n"}
    assert verify(str(path)).entries == 1


def test_the_clock_set_back_and_forward_changes_no_order(tmp_path: Path) -> None:
    clock = Clock()
    store = FileStore.create(str(tmp_path / "s"), options(clock, reserve=0))
    start = store.number
    moments = [0, 4000, -86400 * 40, 86400 * 400, 0]
    for i, seconds in enumerate(moments):
        clock.moment = Clock().moment.replace(microsecond=0)
        clock.moment = clock.moment.fromtimestamp(clock.moment.timestamp() + seconds, tz=clock.moment.tzinfo)
        store.append(put("issues", "1", {"i": i}))
    entries = store.since(start)
    assert [e.ops[0][2] for e in entries] == [{"i": i} for i in range(5)]
    assert [e.at[:7] for e in entries] == ["2026-11", "2026-11", "2026-10", "2027-12", "2026-11"]
    assert [round(e.step) for e in entries] == [0, 0, 86400 * 40 + 4000, 0, 86400 * 400]
    names = sorted(f.name for f in (tmp_path / "s/journal").iterdir())
    assert names == ["0000000001.jsonl", "0000000002.jsonl"], "a month that goes back begins no segment"
    assert stamp(clock.moment).startswith("2026-11")
    store.close()
    report = verify(str(tmp_path / "s"))
    assert report.findings == [] and len(report.notes) == 2 and "gone back" in report.notes[0]


SHELL = """
import sys
from storage.files import FileStore
from tests.storage.helpers import options, put
store = FileStore(sys.argv[1], options(reserve=0))
for line in sys.stdin:
    print(eval(line), flush=True)
"""


def test_two_python_shells_on_one_folder(tmp_path: Path) -> None:
    """One commits, the other sees it at once."""
    path = tmp_path / "s"
    FileStore.create(str(path), options(reserve=0)).close()
    shells = [python(SHELL, path, stdin=subprocess.PIPE) for _ in range(2)]

    def ask(shell: subprocess.Popen[str], line: str) -> str:
        assert shell.stdin and shell.stdout
        shell.stdin.write(line + "\n")
        shell.stdin.flush()
        return shell.stdout.readline().strip()

    assert ask(shells[1], "store.load().documents") == "{}"
    number = int(ask(shells[0], "store.append(put('issues', '1', {'title': '马蜂窝'}))"))
    assert ask(shells[1], "store.load().documents") == "{'issues': {'1': {'title': '马蜂窝'}}}"
    assert ask(shells[1], "store.number") == str(number)
    assert ask(shells[0], f"store.wait({number}, 0.01)") == "False"
    for shell in shells:
        shell.kill()
        shell.wait()
    assert os.path.exists(path / "head")


OPENER = """
import sys
from storage.files import FileStore
from storage.verify import verify
from tests.storage.helpers import options
for i in range(int(sys.argv[2])):
    store = FileStore(sys.argv[1], options(reserve=0, readonly=bool(i % 2)))
    assert not store.damage, store.damage
    store.close()
    assert not verify(sys.argv[1]).findings
print("opened")
"""


def test_opening_and_verifying_while_others_begin_new_segments(tmp_path: Path) -> None:
    """Neither takes the lock: a segment that is begun at that very moment is no stray one."""
    path = tmp_path / "s"
    store = FileStore.create(str(path), options(segment=300, reserve=0))
    openers = [python(OPENER, path, 40, stderr=subprocess.PIPE) for _ in range(2)]
    i = 0
    while any(opener.poll() is None for opener in openers) and i < 20_000:
        i += 1
        store.append(put("issues", str(i % 5 + 1), {"i": i}))
    assert [opener.communicate(timeout=60) for opener in openers] == [("opened\n", "")] * 2
    store.close()
