"""A disk that fails: at the n-th call, for every n until the work completes; and disks that are really full."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.disk import Disk
from storage.errors import StoreError, Unavailable
from storage.files import FileStore
from storage.repair import repair
from storage.store import Change, Number, Op
from storage.verify import verify
from tests.storage.helpers import options, put, python
from tests.storage.mounts import Mount, needs_root
from tests.storage.work import check, small, steps


class Failing(Disk):
    """Fails at the n-th of the calls named, once or from then on; a write may do half its work first."""

    def __init__(self, calls: set[str], number: int, code: int, *, half: bool = False, on: bool = False) -> None:
        self._calls, self._left, self._code, self._half, self._on = calls, number, code, half, on
        self.fired = ""

    def _may_fail(self, call: str) -> bool:
        if call not in self._calls or (self.fired and not self._on):
            return False
        self._left -= 1
        if self._left > 0:
            return False
        self.fired = self.fired or call
        return True

    def _fail(self, call: str) -> None:
        if self._may_fail(call):
            raise OSError(self._code, os.strerror(self._code))

    def create(self, path: str) -> int:
        self._fail("create")
        return super().create(path)

    def write(self, fd: int, data: bytes) -> int:
        if self._may_fail("write"):
            if not self._half:
                raise OSError(self._code, os.strerror(self._code))
            return super().write(fd, data[: len(data) // 2])
        return super().write(fd, data)

    def put(self, fd: int, data: bytes, offset: int) -> None:
        self._fail("put")
        super().put(fd, data, offset)

    def sync_data(self, fd: int) -> None:
        self._fail("sync_data")
        super().sync_data(fd)

    def sync(self, fd: int) -> None:
        self._fail("sync")
        super().sync(fd)

    def truncate(self, fd: int, size: int) -> None:
        self._fail("truncate")
        super().truncate(fd, size)

    def rename(self, old: str, new: str) -> None:
        self._fail("rename")
        super().rename(old, new)

    def remove(self, path: str) -> None:
        self._fail("remove")
        super().remove(path)

    def sync_folder(self, path: str) -> None:
        self._fail("sync_folder")
        super().sync_folder(path)


KINDS_OF_FAILURE = [
    ({"create"}, errno.EIO, False, False),
    ({"create", "write"}, errno.ENOSPC, False, True),
    ({"write"}, errno.EIO, False, False),
    ({"write"}, errno.ENOSPC, True, False),
    ({"write", "truncate"}, errno.EIO, False, True),
    ({"put"}, errno.EIO, False, False),
    ({"sync_data"}, errno.EIO, False, False),
    ({"sync_data"}, errno.EIO, False, True),
    ({"sync", "sync_folder"}, errno.EIO, False, False),
    ({"truncate"}, errno.EIO, False, False),
    ({"rename"}, errno.EIO, False, False),
    ({"remove"}, errno.EIO, False, False),
    (set(Disk.__dict__), errno.EIO, False, True),
]


@pytest.mark.parametrize(("calls", "code", "half", "on"), KINDS_OF_FAILURE)
def test_the_disk_fails_at_the_nth_call_for_every_n(
    tmp_path: Path, calls: set[str], code: int, half: bool, on: bool, tally: Callable[..., None]
) -> None:
    number = 0
    while True:
        number += 1
        path = tmp_path / str(number)
        FileStore.create(str(path), small()).close()
        disk = Failing(calls, number, code, half=half, on=on)
        acknowledged, errors = [1], list[StoreError]()
        store = FileStore(str(path), small(disk=disk))
        for step in steps(store, acknowledged.append):
            try:
                step()
            except StoreError as caught:
                errors.append(caught)
        expected = store.since(0)
        stopped = store.trouble
        store.close()
        if not disk.fired:
            break
        for error in errors:
            assert os.strerror(code) in str(error) or "No space left" in str(error) or "stopped" in str(error), error
        if disk.fired == "sync_data":
            assert any(isinstance(error, Unavailable) and error.unknown for error in errors) and stopped
            assert (path / "STOP").exists() or "STOP could not be written" in stopped
            _assert_nobody_writes(path, (path / "STOP").exists())
            mended = repair(str(path), small())
            assert "STOP was taken away" in mended.done or not (path / "STOP").exists()
            assert not mended.lost
            store = FileStore(str(path), small(readonly=True))
            expected = store.since(0)
            store.close()
        check(path, expected, acknowledged[-1], len(expected))
    assert number > 1
    tally("failing calls", number - 1)


def _assert_nobody_writes(path: Path, stopped: bool) -> None:
    store = FileStore(str(path), small())
    if stopped:
        assert "stopped" in store.trouble
        with pytest.raises(Unavailable, match="nothing was written"):
            store.append(put("issues", "1", {}))
    store.close()


def test_after_a_failed_write_the_same_session_goes_on_once_there_is_room(tmp_path: Path) -> None:
    disk = Failing({"write"}, 2, errno.ENOSPC, half=True)
    FileStore.create(str(tmp_path / "s"), options(reserve=0)).close()
    store = FileStore(str(tmp_path / "s"), options(reserve=0, disk=disk))
    first = store.append(put("issues", "1", {"n": 1}))
    with pytest.raises(Unavailable, match="nothing was kept"):
        store.append(Change("anna", "new", [Op("issues", Number("issues"), {"draft": True})]))
    assert store.load().documents["issues"] == {"1": {"n": 1}} and store.number == first and not store.trouble
    assert store.append(Change("anna", "new", [Op("issues", Number("issues"), {"draft": True})])) == first + 1
    assert store.load().documents["issues"]["2"] == {"draft": True}
    store.close()
    assert verify(str(tmp_path / "s")).findings == []


def test_a_disk_below_its_reserve_takes_no_change_and_says_how_much_is_missing(tmp_path: Path) -> None:
    store = FileStore.create(str(tmp_path / "s"), options(kinds={}, reserve=1 << 60))
    with pytest.raises(Unavailable, match=r"kB are free .* free some space"):
        store.append(put("issues", "1", {}))
    assert store.number == 0
    store.close()


LIMITED = """
import resource, sys
from storage.files import FileStore
from storage.errors import Unavailable
from tests.storage.helpers import options, put
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = FileStore(sys.argv[1], options(reserve=0))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
kept = store.number
try:
    for i in range(10000):
        kept = store.append(put("issues", "1", {"i": i, "text": "x" * 700}))
except Unavailable as error:
    print(kept, error.unknown, str(error))
"""


@pytest.mark.parametrize("limit", [20_000, 20_001, 20_480, 65_536])
def test_a_file_that_may_not_grow(tmp_path: Path, limit: int) -> None:
    path = tmp_path / "s"
    FileStore.create(str(path), options(reserve=0)).close()
    out, _ = python(LIMITED, path, limit).communicate(timeout=60)
    kept, unknown, error = out.split(" ", 2)
    assert unknown == "False" and "nothing was kept" in error
    store = FileStore(str(path), options(reserve=0))
    assert store.number == int(kept) and not store.trouble
    assert store.append(put("issues", "1", {"more": 1})) == int(kept) + 1
    store.close()
    assert verify(str(path)).findings == []


@needs_root
@pytest.mark.parametrize(("kind", "size"), [("tmpfs", "64k"), ("ext4", "4M")])
def test_a_disk_that_is_really_full(mounted: Mount, kind: str, size: str, tally: Callable[..., None]) -> None:
    """Write until it is full, three times over: nothing acknowledged is lost, and with room again it goes on."""
    point = mounted(kind, size)
    path = point / "s"
    store = FileStore.create(str(path), options(reserve=0))
    filler = point / "filler"
    kept = 0
    for round_ in range(3):
        filler.write_bytes(b"x" * 8192)
        with pytest.raises(Unavailable) as caught:
            for i in range(100_000):
                kept = store.append(put("issues", str(i % 9 + 1), {"i": i, "round": round_, "text": "长" * 300}))
        if caught.value.unknown:
            pytest.fail(f"a full {kind} stopped the store: {caught.value}")
        assert store.number == kept and not store.trouble
        filler.unlink()
        kept = store.append(put("issues", "1", {"room": round_}))
        fresh = FileStore(str(path), options(reserve=0))
        assert fresh.number >= kept and fresh.load().documents["issues"]["1"] == {"room": round_}
        fresh.close()
    store.close()
    assert verify(str(path)).findings == []
    tally("disks filled", 3)
