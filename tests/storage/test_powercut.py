"""Power cuts on real file systems: a small image is shut down under writers, mounted again, and compared.

``FS_IOC_SHUTDOWN`` with NOLOGFLUSH drops everything the file system has not been made to keep. Unlike a real cut it
leaves the processes running, and a sync that it catches half way may return as if it had been made: ext4 finds the
transaction it waits for neither running nor committing any more, and takes it for done. So each acknowledgement is
written down with its time, and those count that came before the plug was pulled: all of them, to the very last.
"""

from __future__ import annotations

import fcntl
import os
import random
import struct
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.errors import StoreError
from storage.files import FileStore
from storage.repair import repair
from storage.verify import verify
from tests.storage.helpers import options, put, python, settled
from tests.storage.mounts import Mount, needs_root

FS_IOC_SHUTDOWN = 0x8004587D
NO_LOG_FLUSH = 2

WRITER = """
import sys, time
from storage.disk import Disk
from storage.files import FileStore
from storage.store import Change, Op
from tests.storage.helpers import options
import storage.snapshot as snapshot
snapshot.LEAST = 20000
me, path, honest = int(sys.argv[1]), sys.argv[2], sys.argv[3] == "honest"

class Liar(Disk):
    def sync_data(self, fd): pass
    def sync(self, fd): pass
    def sync_folder(self, path): pass

store = FileStore(path, options(segment=30000, reserve=0, disk=Disk() if honest else Liar()))
i = 0
while True:
    i += 1
    n = store.append(Change(f"p{me}", "new", [Op("last", str(me), {"i": i, "text": "x" * (i * 37 % 900)})]))
    sys.stdout.write(f"{n} {i} {time.monotonic_ns()}\\n")
    sys.stdout.flush()
"""


def cut(point: Path) -> int:
    """Pull the plug of one file system: the moment just before."""
    fd = os.open(point, os.O_RDONLY)
    moment = time.monotonic_ns()  # one clock for all processes of the machine
    try:
        fcntl.ioctl(fd, FS_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
    except OSError as error:
        pytest.skip(f"shutting a file system down is refused here: {error}")
    finally:
        os.close(fd)
    return moment


def unmount(point: Path) -> None:
    settled()
    subprocess.run(["umount", str(point)], check=True)


def one_cut(mount: Mount, tmp_path: Path, kind: str, image: Path, rng: random.Random, honest: bool) -> tuple[int, int]:
    """Two writers, a power cut under them: (acknowledged, lost of these)."""
    size = {"ext4": "24M", "xfs": "320M"}[kind]
    point = mount(kind, size, image)
    path = point / "s"
    if not path.exists():
        FileStore.create(str(path), options(reserve=0)).close()
        os.sync()
    logs = [(tmp_path / f"log-{me}").open("w+") for me in range(2)]
    how = "honest" if honest else "liar"
    writers = [python(WRITER, me, path, how, stdout=logs[me], stderr=subprocess.DEVNULL) for me in range(2)]
    for _ in range(400):  # until both have been acknowledged often enough, however slow the machine is today
        time.sleep(0.05)
        if all((tmp_path / f"log-{me}").read_bytes().count(b"\n") > 40 for me in range(2)):
            break
    time.sleep(rng.uniform(0.0, 0.4))
    moment = cut(point)
    for writer in writers:
        writer.kill()
        writer.wait()
    unmount(point)
    point = mount(kind, size, image)
    told = {}
    for me, log in enumerate(logs):
        log.seek(0)
        for line in log.read().splitlines():
            number, i, at = line.split()
            if int(at) < moment:
                told[int(number)] = (f"p{me}", int(i))
    lost = len(told)
    try:
        store = FileStore(str(point / "s"), options(reserve=0))
        entries = {e.number: (e.who, (e.ops[0][2] or {}).get("i")) for e in store.since(0)}
        lost = sum(entries.get(n) != t for n, t in told.items())
        trouble = store.trouble
        if not trouble:
            store.append(put("issues", "1", {"after": 1}))
        store.close()
        if honest:
            assert not trouble or "STOP" in trouble or "stopped" in trouble, trouble
            if trouble:  # the cut reached a sync: the store was stopped, as it must be, before the line went dead
                assert not repair(str(point / "s"), options(reserve=0)).lost
            assert verify(str(point / "s")).findings == []
    except StoreError:
        if honest:
            raise
    unmount(point)
    return len(told), lost


@needs_root
@pytest.mark.parametrize(("kind", "cuts"), [("ext4", 10), ("xfs", 6)])
def test_a_power_cut_loses_nothing_that_was_acknowledged(
    mounted: Mount, tmp_path: Path, kind: str, cuts: int, tally: Callable[..., None]
) -> None:
    rng, total = random.Random(7), 0
    for _ in range(cuts):
        acknowledged, lost = one_cut(mounted, tmp_path, kind, tmp_path / "disk", rng, honest=True)
        assert lost == 0, f"{lost} of {acknowledged}"
        total += acknowledged
    assert total > cuts * 20
    tally(f"power cuts on {kind}", cuts)
    tally("commits acknowledged before a power cut", total)


@needs_root
def test_the_control_that_does_not_sync_loses_in_a_power_cut(
    mounted: Mount, tmp_path: Path, tally: Callable[..., None]
) -> None:
    rng = random.Random(7)
    acknowledged, lost = one_cut(mounted, tmp_path, "ext4", tmp_path / "disk", rng, honest=False)
    assert acknowledged > 50 and lost > 0
    tally("commits the no-sync control lost in a power cut", lost)
