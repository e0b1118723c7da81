"""Cut at every byte, every bit of every byte flipped: noticed, named, refused or quarantined, never silently different."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.entry import digest
from storage.errors import Corrupt, StoreError
from storage.files import FileStore
from storage.options import Options
from storage.segment import name
from storage.store import Query
from storage.verify import verify
from tests.storage.helpers import options, put
from tests.storage.test_crash import scratch


def made(path: Path, count: int = 5, **more: object) -> tuple[FileStore, list[str]]:
    store = FileStore.create(str(path), options(reserve=0, **more))
    for i in range(count):
        store.append(put("issues", str(i + 1), {"title": f"下水道 {i}", "i": i}))
    return store, [e.hash for e in store.since(0)]


def look(path: Path, settings: Options) -> tuple[list[str], str, bool]:
    """Open to write, commit if that may be done: the hashes that were there, the trouble, whether it took a change."""
    store = FileStore(str(path), settings)
    try:
        found = [e.hash for e in store.since(0)]
        if not store.trouble:
            try:
                store.append(put("issues", "9", {}))
                return found, "", True
            except StoreError as error:
                return found, str(error), False
        return found, store.trouble, False
    finally:
        store.close()


@pytest.mark.parametrize("noted", [True, False], ids=["head noted", "head lost"])
def test_the_journal_cut_at_every_byte(tmp_path: Path, noted: bool, tally: Callable[..., None]) -> None:
    """Where the head is known, a cut into what was acknowledged stops the store; else the torn line is quarantined."""
    store, hashes = made(tmp_path / "made", kinds={})
    store.close()
    whole = (tmp_path / "made/journal" / name(1)).read_bytes()
    ends = [i + 1 for i, byte in enumerate(whole) if byte == 10]
    root = scratch(tmp_path)
    settings = options(reserve=0, kinds={})
    for cut in range(len(whole)):
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(tmp_path / "made", root)
        os.truncate(root / "journal" / name(1), cut)
        if not noted:
            os.unlink(root / "head")
        found, trouble, wrote = look(root, settings)
        kept = sum(end <= cut for end in ends) - 1
        assert found == hashes[: max(kept, 0)]
        if noted or kept < 0:
            assert not wrote and "journal/0000000001.jsonl" in trouble and "repair" in trouble
        else:
            assert wrote
            torn = cut - max(end for end in ends if end <= cut)
            quarantined = [f.read_bytes() for f in (root / "quarantine").iterdir() if f.suffix == ".torn"]
            assert quarantined == ([whole[cut - torn : cut]] if torn else [])
    shutil.rmtree(root)
    tally("cuts", len(whole))


@pytest.mark.parametrize("noted", [True, False], ids=["head noted", "head lost"])
def test_every_bit_of_the_journal_flipped(tmp_path: Path, noted: bool, tally: Callable[..., None]) -> None:
    """A flip is found by whoever opens; only in the last line, and with the head lost, may it be a torn write."""
    store, hashes = made(tmp_path / "made", count=3)
    store.close()
    root = scratch(tmp_path)
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(tmp_path / "made", root)
    path = root / "journal" / name(1)
    whole = path.read_bytes()
    last = whole.rindex(b"\n", 0, len(whole) - 1) + 1
    if not noted:
        os.unlink(root / "head")
    settings = options(reserve=0, readonly=True)
    fd = os.open(path, os.O_WRONLY)
    for at in range(len(whole)):
        for bit in range(8):
            os.pwrite(fd, bytes([whole[at] ^ 1 << bit]), at)
            store = FileStore(str(root), settings)
            found, damaged = [e.hash for e in store.since(0)], bool(store.damage)
            store.close()
            assert found == hashes[: len(found)] and len(found) < len(hashes), f"byte {at} bit {bit} was not noticed"
            assert damaged or (not noted and at >= last), f"byte {at} bit {bit} was not named"
            if not damaged:
                assert len(found) == len(hashes) - 1
        os.pwrite(fd, whole[at : at + 1], at)
    os.close(fd)
    shutil.rmtree(root)
    tally("flips", len(whole) * 8)


@pytest.mark.parametrize("where", [0.05, 0.5, 0.999])
def test_a_flip_is_quarantined_or_stops_the_store_for_writers(tmp_path: Path, where: float) -> None:
    """In the middle: STOP, with the file named. In the last line, when nobody remembers it: quarantine, and on."""
    store, hashes = made(tmp_path / "s")
    store.close()
    path = tmp_path / "s/journal" / name(1)
    whole = bytearray(path.read_bytes())
    whole[int(len(whole) * where)] ^= 4
    path.write_bytes(bytes(whole))
    if where > 0.9:
        os.unlink(tmp_path / "s/head")
    found, trouble, wrote = look(tmp_path / "s", options(reserve=0))
    assert wrote == (where > 0.9)
    if wrote:
        assert found == hashes[:-1]
        (kept,) = (tmp_path / "s/quarantine").iterdir()
        assert kept.read_bytes() in bytes(whole)
    else:
        assert "0000000001.jsonl" in trouble and "repair" in trouble


def test_damage_that_comes_while_sessions_run_is_found_by_reader_and_writer(tmp_path: Path) -> None:
    store, _ = made(tmp_path / "s")
    reader = FileStore(str(tmp_path / "s"), options(reserve=0))
    late = FileStore(str(tmp_path / "s"), options(reserve=0))
    for i in range(3):
        store.append(put("issues", "1", {"new": i}))
    path = tmp_path / "s/journal" / name(1)
    whole = bytearray(path.read_bytes())
    at = whole.rindex(b'"new":1')
    whole[at + 7] ^= 1
    fd = os.open(path, os.O_WRONLY)
    os.pwrite(fd, bytes(whole), 0)
    os.close(fd)
    with pytest.raises(Corrupt, match=r"0000000001\.jsonl"):
        reader.load()
    assert reader.trouble and reader.load().documents["issues"]["1"] == {"new": 0}
    assert reader.since(reader.number) == []
    with pytest.raises(Corrupt):
        late.append(put("issues", "1", {}))
    assert (tmp_path / "s/STOP").exists()
    with pytest.raises(StoreError, match="stopped"):
        store.append(put("issues", "1", {}))
    for session in (store, reader, late):
        session.close()


def every_flip(path: Path, step: int = 1) -> list[tuple[int, int]]:
    return [(at, bit) for at in range(0, path.stat().st_size, step) for bit in range(8)]


def test_every_bit_of_the_snapshot_flipped_is_refused_and_rebuilt_from_the_journal(
    tmp_path: Path, tally: Callable[..., None]
) -> None:
    store, _ = made(tmp_path / "s", count=3)
    store.upkeep.checkpoint()
    store.append(put("issues", "2", {"later": True}))
    expected = store.load().documents
    store.close()
    path = tmp_path / "s/live.json"
    whole = path.read_bytes()
    settings = options(reserve=0, readonly=True)
    flips = every_flip(path)
    for at, bit in flips:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
        store = FileStore(str(tmp_path / "s"), settings)
        assert store.load().documents == expected
        assert store._engine.unvouched == [str(path)], f"byte {at} bit {bit} was believed"
        store.close()
    for cut in range(0, len(whole), 7):
        path.write_bytes(whole[:cut])
        store = FileStore(str(tmp_path / "s"), settings)
        assert store.load().documents == expected and store._engine.unvouched == [str(path)]
        store.close()
    bad = path.read_bytes()
    store = FileStore(str(tmp_path / "s"), options(reserve=0))
    store.upkeep.checkpoint(wait=True)
    store.close()
    assert [f.read_bytes() for f in (tmp_path / "s/quarantine").iterdir()] == [bad]
    assert verify(str(tmp_path / "s")).findings == []
    tally("flips", len(flips))
    tally("cuts", len(whole) // 7)


@pytest.mark.parametrize("place", ["archive", "shelf"])
def test_every_bit_of_an_archive_and_of_a_shelf_file_flipped_is_found(
    tmp_path: Path, place: str, tally: Callable[..., None]
) -> None:
    store, _ = made(tmp_path / "s", count=3)
    store.append(put("households", "7", {"name": "李娜", "phone": "1"}))
    store.archive("2026-08", [("issues", "2")])
    store.upkeep.checkpoint()
    (path,) = (tmp_path / "s" / place).iterdir()
    whole = path.read_bytes()
    flips = every_flip(path)
    for at, bit in flips:
        bad = whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :]
        assert digest(bad) != digest(whole)
        path.write_bytes(bad)
        if at % 40 == 0:
            assert any(path.name in finding for finding in verify(str(tmp_path / "s")).findings)
            fresh = FileStore(str(tmp_path / "s"), options(reserve=0))
            shutil.rmtree(tmp_path / "s/index")
            (tmp_path / "s/index").mkdir()
            with pytest.raises(Corrupt, match=path.name):
                fresh.fetch(*(("issues", "2") if place == "archive" else ("households", "7")))
            fresh.close()
    path.write_bytes(whole)
    fresh = FileStore(str(tmp_path / "s"), options(reserve=0))
    assert fresh.find(Query("issues", text="1"))[0].id == "2"
    fresh.close()
    store.close()
    tally("flips", len(flips))


def test_a_damaged_index_is_made_again(tmp_path: Path) -> None:
    store, _ = made(tmp_path / "s", count=3)
    store.archive("2026-08", [("issues", "2")])
    assert [e.what for e in store.story("issues", "2")] == ["archive", "put"]
    store.close()
    for ruin in (b"", b"not a database" * 500, None):
        for file in (tmp_path / "s/index").iterdir():
            if ruin is None:
                file.unlink()
            elif file.suffix == ".sqlite":
                file.write_bytes(ruin)
        fresh = FileStore(str(tmp_path / "s"), options(reserve=0))
        assert fresh.find(Query("issues", text="下水道"))[0].body["i"] == 1
        assert [e.what for e in fresh.story("issues", "2")] == ["archive", "put"]
        fresh.close()


def test_an_index_of_another_store_is_not_believed(tmp_path: Path) -> None:
    one, _ = made(tmp_path / "a", count=3)
    two, _ = made(tmp_path / "b", count=3)
    two.append(put("issues", "2", {"title": "other"}))
    for store in (one, two):
        store.archive("2026-08", [("issues", "2")])
        store.fetch("issues", "2")
        list(store.story("issues", "2"))
        store.close()
    shutil.rmtree(tmp_path / "a/index")
    shutil.copytree(tmp_path / "b/index", tmp_path / "a/index")
    fresh = FileStore(str(tmp_path / "a"), options(reserve=0))
    assert fresh.fetch("issues", "2").body["i"] == 1  # type: ignore[union-attr]
    assert len(list(fresh.story("issues", "2"))) == 2
    fresh.close()
