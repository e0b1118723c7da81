"""Crash states: whatever the disk had not yet been made to keep is dropped, cut, zeroed or written out of order.

Every call that changes the disk is logged; at every point of the log the states are built in which a machine could
come back, and the store must come back with all that was acknowledged and a prefix of the rest. Idea: ALICE (Pillai
et al., OSDI 2014). No root is needed.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest

from storage.disk import Disk
from storage.errors import StoreError, Unavailable
from storage.files import FileStore
from storage.folder import FOLDERS
from tests.storage.helpers import put
from tests.storage.work import check, morning, small

PAGE = 4096


class Forgetful(Disk):
    """The real calls, and a log of them. ``honest`` False leaves the syncs out: the control that must lose."""

    def __init__(self, honest: bool = True) -> None:
        self.log: list[tuple[object, ...]] = []
        self._files: dict[int, int] = {}
        self._count = itertools.count()
        self._honest = honest

    def _file(self, fd: int) -> int:
        inode = os.fstat(fd).st_ino
        if inode not in self._files:
            self._files[inode] = next(self._count)
            self.log.append(("link", os.readlink(f"/proc/self/fd/{fd}"), self._files[inode]))
        return self._files[inode]

    def create(self, path: str) -> int:
        fd = super().create(path)
        self._files[os.fstat(fd).st_ino] = file = next(self._count)
        self.log.append(("link", path, file))
        return fd

    def write(self, fd: int, data: bytes) -> int:
        at = os.fstat(fd).st_size
        self.log.append(("write", self._file(fd), at, data))
        return super().write(fd, data)

    def put(self, fd: int, data: bytes, offset: int) -> None:
        super().put(fd, data, offset)
        self.log.append(("write", self._file(fd), offset, data))

    def sync_data(self, fd: int) -> None:
        super().sync_data(fd)
        if self._honest:
            self.log.append(("sync", self._file(fd)))

    sync = sync_data

    def truncate(self, fd: int, size: int) -> None:
        super().truncate(fd, size)
        self.log.append(("cut", self._file(fd), size))

    def rename(self, old: str, new: str) -> None:
        super().rename(old, new)
        self.log.append(("rename", old, new))

    def remove(self, path: str) -> None:
        super().remove(path)
        self.log.append(("unlink", path))

    def sync_folder(self, path: str) -> None:
        super().sync_folder(path)
        if self._honest:
            self.log.append(("sync folder", path))

    def acknowledge(self, number: int) -> None:
        self.log.append(("ack", number))


@dataclass
class World:
    """What the disk surely holds, and what it may or may not hold yet."""

    data: dict[int, bytes] = field(default_factory=dict)
    pending: dict[int, list[tuple[object, ...]]] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    changes: list[tuple[object, ...]] = field(default_factory=list)
    acknowledged: int = 0

    def step(self, op: tuple[object, ...]) -> None:
        match op:
            case ("ack", int(number)):
                self.acknowledged = number
            case ("sync", int(file)):
                self.data[file] = apply(self.data.get(file, b""), self.pending.pop(file, []))
            case ("sync folder", str(folder)):
                kept = [c for c in self.changes if os.path.dirname(str(c[-2] if c[0] == "link" else c[-1])) != folder]
                self.names = rename(self.names, [c for c in self.changes if c not in kept])
                self.changes = kept
            case ("write" | "cut", int(file), *_):
                self.pending.setdefault(file, []).append(op)
            case _:
                self.changes.append(op)

    def states(self) -> Iterator[dict[str, bytes]]:
        """Every folder of files in which the machine could come back."""
        for some in subsets(self.changes):
            names = rename(self.names, list(some))
            choices = [list(variants(self.data.get(file, b""), self.pending.get(file, []))) for file in names.values()]
            most = max((len(c) for c in choices), default=1)
            for i in range(most):  # each file's variants by themselves, and all of them together in step
                yield {name: c[min(i, len(c) - 1)] for name, c in zip(names, choices, strict=True)}
            for j, choice in enumerate(choices):
                for variant in choice[1:]:
                    yield {name: variant if k == j else c[0] for k, (name, c) in enumerate(zip(names, choices, strict=True))}


def subsets(changes: list[tuple[object, ...]]) -> Iterator[tuple[tuple[object, ...], ...]]:
    """Prefixes of the changes to names, and all but one of them."""
    for i in range(len(changes) + 1):
        yield tuple(changes[:i])
    for i in range(len(changes)):
        yield tuple(changes[:i] + changes[i + 1 :])


def rename(names: dict[str, int], changes: list[tuple[object, ...]]) -> dict[str, int]:
    names = dict(names)
    for change in changes:
        match change:
            case ("link", str(path), int(file)):
                names[path] = file
            case ("rename", str(old), str(new)) if old in names:
                names[new] = names.pop(old)
            case ("unlink", str(path)):
                names.pop(path, None)
    return names


def apply(data: bytes, ops: list[tuple[object, ...]]) -> bytes:
    for op in ops:
        match op:
            case ("write", _, int(at), bytes(new)):
                data = data[:at].ljust(at, b"\0") + new + data[at + len(new) :]
            case ("cut", _, int(size)):
                data = data[:size]
    return data


def variants(data: bytes, ops: list[tuple[object, ...]]) -> Iterator[bytes]:
    """Nothing of the unsynced, all of it, its beginnings, and each write of it by itself cut, zeroed or out of order."""
    yield data
    for i in range(len(ops)):
        yield apply(data, ops[: i + 1])
    for i, op in enumerate(ops):
        if op[0] != "write":
            continue
        at, new = int(str(op[2])), bytes(op[3])  # type: ignore[call-overload]
        for cut in {1, len(new) // 2, len(new) - 1, *range(PAGE - at % PAGE, len(new), PAGE)}:
            if i == len(ops) - 1:
                yield apply(data, [*ops[:i], ("write", 0, at, new[:cut])])
            yield apply(data, [*ops[:i], ("write", 0, at, new[:cut] + bytes(len(new) - cut)), *ops[i + 1 :]])
        yield apply(data, [*ops[:i], ("write", 0, at, bytes(len(new))), *ops[i + 1 :]])
        yield apply(data, [*ops[:i], *ops[i + 1 :]])
        if len(new) > PAGE:
            first = PAGE - at % PAGE
            yield apply(data, [*ops[:i], ("write", 0, at, bytes(first) + new[first:]), *ops[i + 1 :]])
            later = new[:first] + bytes(PAGE) + new[first + PAGE :]
            yield apply(data, [*ops[:i], ("write", 0, at, later), *ops[i + 1 :]])


def lay(root: Path, state: dict[str, bytes], base: str) -> None:
    shutil.rmtree(root, ignore_errors=True)
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True)
    for name, data in state.items():
        (root / os.path.relpath(name, base)).write_bytes(data)


def scratch(tmp_path: Path) -> Path:
    """A folder in memory where there is one: these tests build their own losses."""
    shared = Path("/dev/shm")
    return (shared if os.access(shared, os.W_OK) else tmp_path) / f"wanjia-{os.getpid()}"


def crash(disk: Forgetful, base: str, every: int, offset: int) -> Iterator[tuple[dict[str, bytes], int]]:
    """The crash states after every ``every``-th call, without repeats, and what had been acknowledged by then."""
    world, seen = World(), set[bytes]()
    for i, op in enumerate(disk.log):
        world.step(op)
        if i % every != offset:
            continue
        for state in world.states():
            mark = sha256(repr((sorted(state.items()), world.acknowledged)).encode()).digest()
            if mark not in seen:
                seen.add(mark)
                yield {os.path.relpath(k, base): v for k, v in state.items()}, world.acknowledged


@pytest.mark.parametrize("part", range(4))
def test_every_crash_state_gives_all_acknowledged_and_a_prefix_of_the_rest(
    tmp_path: Path, part: int, tally: Callable[..., None]
) -> None:
    disk = Forgetful()
    base = str(tmp_path / "store")
    store = FileStore.create(base, small(disk=disk))
    morning(store, disk.acknowledge)
    expected = store.since(0)
    store.close()
    root, count = scratch(tmp_path), 0
    try:
        for state, acknowledged in crash(disk, base, 4, part):
            count += 1
            lay(root, {os.path.join(base, k): v for k, v in state.items()}, base)
            try:
                check(root, expected, acknowledged, len(expected))
            except Unavailable as error:
                assert acknowledged == 0 and "FORMAT" in str(error), f"state {count}: {error}"
            except BaseException:
                shutil.copytree(root, tmp_path / "failed", dirs_exist_ok=True)
                raise
    finally:
        shutil.rmtree(root, ignore_errors=True)
    assert count > 300
    tally("crash states", count)


class Overlapping(Forgetful):
    """While one session waits for its sync, the next one commits: what a busy evening leaves unsynced together."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: list[Callable[[], None]] = []

    def sync_data(self, fd: int) -> None:
        if self.meanwhile and self._lock_is_free(fd):
            self.meanwhile.pop(0)()
        super().sync_data(fd)

    def _lock_is_free(self, fd: int) -> bool:
        """A roll syncs under the lock: nobody commits meanwhile."""
        lock = os.open(Path(os.readlink(f"/proc/self/fd/{fd}")).parents[1] / "lock", os.O_RDWR)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(lock)
        return True


@pytest.mark.parametrize("part", range(2))
def test_crash_states_of_sessions_that_sync_at_the_same_time(tmp_path: Path, part: int, tally: Callable[..., None]) -> None:
    """Several lines are unsynced at once: a torn one with whole ones behind it is no damage, if nobody acknowledged them."""
    disk, base = Overlapping(), str(tmp_path / "store")
    stores = [FileStore.create(base, small(disk=disk))]
    stores += [FileStore(base, small(disk=disk)) for _ in range(3)]

    def commit(who: int, text: str) -> None:
        number = stores[who].append(put("issues", str(who + 1), {"by": who, "text": text}))
        disk.acknowledge(max(number, acknowledged[0]))
        acknowledged[0] = max(number, acknowledged[0])

    acknowledged = [0]
    for turn in range(4):
        for depth in range(1, 4):
            text = "长" * (10 if turn % 2 else 1700)
            disk.meanwhile = [lambda who=who, text=text: commit(who, text) for who in range(1, depth + 1)]
            commit(0, f"turn {turn}")
            assert not disk.meanwhile
    expected = stores[0].since(0)
    assert any(
        '"kept":' in line for line in (tmp_path / "store/journal").joinpath("0000000001.jsonl").read_text().split("\n")
    )
    for store in stores:
        store.close()
    root, count = scratch(tmp_path), 0
    try:
        for state, acknowledged_then in crash(disk, base, 2, part):
            count += 1
            lay(root, {os.path.join(base, k): v for k, v in state.items()}, base)
            try:
                check(root, expected, acknowledged_then, len(expected))
            except Unavailable as error:
                assert acknowledged_then == 0 and "FORMAT" in str(error), f"state {count}: {error}"
    finally:
        shutil.rmtree(root, ignore_errors=True)
    assert count > 300
    tally("crash states with several sessions unsynced", count)


def test_the_control_that_does_not_sync_loses(tmp_path: Path, tally: Callable[..., None]) -> None:
    """The same search on a store that leaves its syncs out must find losses, or it would find none anywhere."""
    disk = Forgetful(honest=False)
    base = str(tmp_path / "store")
    store = FileStore.create(base, small(disk=disk))
    for i in range(5):
        disk.acknowledge(store.append(put("issues", "1", {"i": i})))
    expected = store.since(0)
    store.close()
    root, lost = scratch(tmp_path), 0
    for state, acknowledged in crash(disk, base, 1, 0):
        lay(root, {os.path.join(base, k): v for k, v in state.items()}, base)
        try:
            check(root, expected, acknowledged, len(expected))
        except (AssertionError, StoreError):
            lost += acknowledged > 0
    shutil.rmtree(root, ignore_errors=True)
    assert lost > 0
    tally("crash states in which the no-sync control lost something", lost)
