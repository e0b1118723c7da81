"""Stores that may not be written, or are none: one line that says what is wrong and what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tinydb import TinyDB

from storage.connect import connect
from storage.errors import Corrupt, StoreError, Unavailable
from storage.files import FileStore
from storage.folder import create, network
from storage.memory import MemoryStore
from storage.segment import name
from storage.verify import verify
from tests.storage.helpers import Clock, options, put, python, settled
from tests.storage.mounts import Mount, needs_root, run


@pytest.fixture
def store(tmp_path: Path) -> Path:
    made = FileStore.create(str(tmp_path / "s"), options(segment=1500, reserve=0))
    for i in range(12):
        made.append(put("issues", str(i + 1), {"i": i}))
    made.upkeep.checkpoint()
    made.append(put("issues", "1", {"last": True}))
    made.close()
    return tmp_path / "s"


def one_line(error: BaseException | str) -> str:
    said = str(error)
    assert said and "\n" not in said and len(said) < 400
    return said


@pytest.mark.parametrize(
    ("ruin", "word"),
    [
        (lambda p: shutil.rmtree(p), "no such folder"),
        (lambda p: (p / "FORMAT").unlink(), "no FORMAT"),
        (lambda p: (p / "FORMAT").write_bytes(b""), "FORMAT file cannot be read"),
        (lambda p: (p / "FORMAT").write_bytes(b"[1]"), "FORMAT file cannot be read"),
        (lambda p: (p / "FORMAT").write_bytes(b'{"format":1,"book":"x"}'), "FORMAT file cannot be read"),
        (
            lambda p: (p / "FORMAT").write_bytes((p / "FORMAT").read_bytes().replace(b'"format":1', b'"format":2')),
            "newer program",
        ),
        (lambda p: shutil.rmtree(p / "journal"), "journal"),
    ],
)
def test_what_is_no_store_of_ours_is_not_opened(store: Path, ruin: object, word: str) -> None:
    ruin(store)  # type: ignore[operator]
    with pytest.raises(StoreError) as caught:
        FileStore(str(store), options())
    assert word in one_line(caught.value)


@pytest.mark.parametrize(
    ("ruin", "word", "left"),
    [
        (lambda j: (j / name(1)).unlink(), None, 13),
        (lambda j: (j / name(3)).rename(j / name(99)), "0000000099", None),
        (lambda j: shutil.copy(j / name(1), j / name(9)), "0000000009", None),
        (lambda j: max(j.iterdir()).unlink(), "acknowledged", None),
        (lambda j: [f.unlink() for f in sorted(j.iterdir())[2:]], None, None),
        (lambda j: (j / name(2)).replace(j / name(1)), None, 13),
    ],
)
def test_a_segment_missing_renamed_or_doubled(store: Path, ruin: object, word: str | None, left: int | None) -> None:
    """What the snapshot covers may be missing for the work to go on, and ``verify`` still says so."""
    ruin(store / "journal")  # type: ignore[operator]
    try:
        opened = FileStore(str(store), options(reserve=0))
    except StoreError as error:
        assert "journal/" in one_line(error)
    else:
        if left is None:
            assert "journal/" in one_line(opened.trouble) and "repair" in opened.trouble
            assert word is None or word in opened.trouble
            with pytest.raises(StoreError):
                opened.append(put("issues", "1", {}))
        else:
            assert not opened.trouble and opened.load().documents["issues"]["1"] == {"last": True}
        opened.close()
    findings = verify(str(store)).findings
    assert findings and "journal/" in one_line(findings[0])


def test_a_segment_of_another_store_in_the_place_of_ours(store: Path, tmp_path: Path) -> None:
    other = FileStore.create(str(tmp_path / "other"), options(segment=1500, reserve=0))
    for i in range(12):
        other.append(put("issues", str(i + 1), {"other": i}))
    other.close()
    for number in (1, 3):
        spoiled = tmp_path / f"spoiled-{number}"
        shutil.copytree(store, spoiled)
        shutil.copy(tmp_path / "other/journal" / name(number), spoiled / "journal" / name(number))
        shutil.rmtree(spoiled / "index")
        (spoiled / "live.json").unlink()
        opened = FileStore(str(spoiled), options(reserve=0))
        assert "another store" in one_line(opened.trouble) and name(number) in opened.trouble
        assert all("other" not in body for body in opened.load().documents.get("issues", {}).values())
        opened.close()
        assert "another store" in verify(str(spoiled)).findings[0]


def test_an_older_copy_put_back_under_a_running_session(store: Path, tmp_path: Path) -> None:
    shutil.copytree(store, tmp_path / "older")
    running = FileStore(str(store), options(reserve=0))
    running.append(put("issues", "1", {"newer": True}))
    shutil.rmtree(store / "journal")
    shutil.copytree(tmp_path / "older/journal", store / "journal")
    with pytest.raises(Corrupt, match="missing or was replaced"):
        running.append(put("issues", "1", {"lost": True}))
    assert running.trouble and running.load().documents["issues"]["1"] == {"newer": True}
    running.close()
    fresh = FileStore(str(store), options(reserve=0))
    assert "acknowledged" in fresh.trouble or "stopped" in fresh.trouble
    fresh.close()
    assert any("acknowledged" in finding for finding in verify(str(store)).findings)


def test_live_json_written_by_stock_tinydb_is_quarantined_and_rebuilt(store: Path) -> None:
    with TinyDB(store / "live.json") as stock:
        stock.table("issues").update({"forged": True}, doc_ids=[5])
    forged = (store / "live.json").read_bytes()
    assert any("live.json" in finding for finding in verify(str(store)).findings)
    opened = FileStore(str(store), options(reserve=0))
    assert not opened.trouble and opened.load().documents["issues"]["5"] == {"i": 4}
    opened.close()
    settled()
    assert [f.read_bytes() for f in (store / "quarantine").iterdir()] == [forged]
    assert verify(str(store)).findings == []
    assert b"forged" not in (store / "live.json").read_bytes()


def test_another_stores_snapshot_is_not_believed(store: Path, tmp_path: Path) -> None:
    other = FileStore.create(str(tmp_path / "other"), options(reserve=0))
    for i in range(14):
        other.append(put("issues", str(i + 1), {"other": i}))
    other.upkeep.checkpoint()
    other.close()
    shutil.copy(tmp_path / "other/live.json", store / "live.json")
    opened = FileStore(str(store), options(reserve=0, readonly=True))
    assert opened.load().documents["issues"]["1"] == {"last": True}
    opened.close()


def test_without_a_snapshot_everything_is_in_the_journal(store: Path) -> None:
    (store / "live.json").unlink()
    opened = FileStore(str(store), options(reserve=0, readonly=True))
    assert len(opened.load().documents["issues"]) == 12
    opened.close()


def test_a_stopped_store_is_read_only_for_sessions_old_and_new(store: Path) -> None:
    running = FileStore(str(store), options(reserve=0))
    (store / "STOP").write_text("2026-11-23 the disk is being looked at\nby Chen\n")
    with pytest.raises(Unavailable, match="disk is being looked at by Chen"):
        running.append(put("issues", "1", {}))
    fresh = FileStore(str(store), options(reserve=0))
    assert "looked at" in one_line(fresh.trouble) and "repair" in fresh.trouble
    assert fresh.load().documents["issues"]["1"] == {"last": True}
    running.close()
    fresh.close()
    assert "stopped" in verify(str(store)).findings[0]


READER = """
import os, sys
sys.path.insert(0, sys.argv[2])
import storage.search, storage.story  # while this account may still read the program
from storage.files import FileStore
from storage.errors import StoreError
from tests.storage.helpers import options, put
if sys.argv[3] == "nobody":
    os.setgid(65534)
    os.setuid(65534)
store = FileStore(sys.argv[1], options(reserve=0))
print(len(store.load().documents["issues"]), store.trouble)
try:
    store.append(put("issues", "1", {}))
    print("written")
except StoreError as error:
    print(error)
print([e.what for e in store.story("issues", "1")], store.since(12)[0].number)
"""


@needs_root
@pytest.mark.parametrize("what", ["folder", "journal", "segment"])
def test_an_account_that_may_not_write(store: Path, what: str) -> None:
    for root, folders, files in os.walk(store):
        for entry in [*folders, *files]:
            os.chmod(os.path.join(root, entry), 0o777)
    os.chmod(store, 0o777)
    point = store
    while point != Path("/tmp") and point != point.parent:
        point = point.parent
        os.chmod(point, os.stat(point).st_mode | 0o755)
    spared = {"folder": store, "journal": store / "journal", "segment": max((store / "journal").iterdir())}[what]
    os.chmod(spared, 0o555 if spared.is_dir() else 0o444)
    reader = python(READER, store, os.getcwd(), "nobody", stderr=subprocess.PIPE)
    out, err = reader.communicate(timeout=60)
    if "Permission denied" in err and "storage" not in err.split("Permission denied")[0][-300:]:
        pytest.skip("another account cannot reach the project's files here")
    lines = out.splitlines()
    assert lines[0].startswith("12 ") and "may not be written by this account" in lines[0], (out, err)
    assert "may not be written" in lines[1] and lines[2] == "['put', 'put'] 13"


@needs_root
def test_a_mount_that_is_read_only(mounted: Mount, store: Path) -> None:
    point = mounted("tmpfs", "8m")
    shutil.copytree(store, point / "s")
    run("mount", "-o", "remount,ro", str(point))
    opened = FileStore(str(point / "s"), options(reserve=0))
    assert "mounted read-only" in one_line(opened.trouble)
    assert len(opened.load().documents["issues"]) == 12
    assert len(list(opened.story("issues", "1"))) == 2
    with pytest.raises(Unavailable, match="read-only"):
        opened.append(put("issues", "1", {}))
    opened.close()


def test_a_folder_that_is_not_empty_is_not_made_a_store(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s/mine").write_text("x")
    with pytest.raises(Unavailable, match="not empty"):
        FileStore.create(str(tmp_path / "s"), options())
    assert os.listdir(tmp_path / "s") == ["mine"]
    (tmp_path / "file").write_text("x")
    with pytest.raises(Unavailable, match="no store could be made"):
        FileStore.create(str(tmp_path / "file/s"), options())


def test_a_new_store_is_open_to_its_owner_only(tmp_path: Path) -> None:
    folder = create(str(tmp_path / "deep/s"), Clock()(), "c488259d-6f87-486c-b638-dd58a5a12006")
    assert folder.book() == "c488259d-6f87-486c-b638-dd58a5a12006"
    FileStore(folder.path, options()).close()
    for root, folders, files in os.walk(folder.path):
        assert os.stat(root).st_mode & 0o777 == 0o700
        assert {os.stat(os.path.join(root, f)).st_mode & 0o777 for f in files if f != "x"} <= {0o600}
        assert folders is not None


MOUNTS = """\
22 1 {major}:{minor} / / rw,relatime - {kind} /dev/root rw
23 22 0:99 / /proc rw - proc proc rw
"""


@pytest.mark.parametrize(
    ("kind", "named"), [("ext4", ""), ("nfs4", "nfs4"), ("cifs", "cifs"), ("fuse.sshfs", "fuse.sshfs"), ("tmpfs", "")]
)
def test_network_file_systems_are_known(tmp_path: Path, kind: str, named: str) -> None:
    device = os.stat(tmp_path).st_dev
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTS.format(major=os.major(device), minor=os.minor(device), kind=kind))
    assert network(str(tmp_path), str(table)) == named
    assert network(str(tmp_path), str(tmp_path / "none")) == ""


def test_a_network_file_system_is_refused_unless_forced(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.engine.network", lambda path: "nfs4")
    with pytest.raises(Unavailable, match=r"nfs4.*local disk"):
        FileStore(str(store), options(reserve=0))
    forced = FileStore(str(store), options(reserve=0, force_network=True))
    forced.append(put("issues", "1", {"forced": True}))
    forced.close()


def test_an_address_becomes_a_store(store: Path) -> None:
    opened = connect(str(store), options(reserve=0))
    assert isinstance(opened, FileStore)
    opened.close()
    assert isinstance(connect("memory:", options()), MemoryStore)
    with pytest.raises(Unavailable, match="address"):
        connect("postgresql://host/db", options())


def test_without_inotify_a_session_looks_by_itself(store: Path) -> None:
    a, b = FileStore(str(store), options(reserve=0)), FileStore(str(store), options(reserve=0, polling=True))
    number = b.load().number
    assert not b.wait(number, 0.05)
    a.append(put("issues", "1", {}))
    assert b.wait(number, 5) and b._watch is not None and b._watch.polling
    a.close()
    b.close()


def test_a_torn_end_wakes_a_waiter_once_and_not_for_ever(store: Path) -> None:
    reader = FileStore(str(store), options(reserve=0))
    number = reader.load().number
    with max((store / "journal").iterdir()).open("ab") as segment:
        segment.write(b'{"v":1,"n":1')
    assert reader.wait(number, 5) and reader.since(number) == []
    assert not reader.wait(number, 0.1)
    assert reader.append(put("issues", "1", {})) == number + 1
    (torn,) = [f for f in (store / "quarantine").iterdir() if f.suffix == ".torn"]
    assert torn.read_bytes() == b'{"v":1,"n":1'
    reader.close()
