"""Secrets: never in an entry or a copy, one change at a time, and whole whatever fails or is killed in the middle."""

from __future__ import annotations

import errno
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storage.backup import backup
from storage.disk import Disk
from storage.errors import Corrupt, Unavailable
from storage.files import FileStore
from tests.storage.helpers import Backend, options, put, python
from tests.storage.test_faults import Failing

COUNT = """
import sys
from tests.storage.helpers import options
from storage.files import FileStore
store = FileStore(sys.argv[1], options())
def more(body):
    return {**(body or {}), "n": (body or {}).get("n", 0) + 1, "pad": "x" * 3000}
print("ready", flush=True)
for _ in range(int(sys.argv[2])):
    store.beside.change_secret("pin li", more)
"""


@pytest.fixture(params=["files", "memory"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    made = Backend(request.param, tmp_path / "store")
    yield made
    made.close()


def test_what_one_session_keeps_another_reads_and_nothing_else_changes(backend: Backend) -> None:
    a, b = backend.session(), backend.session()
    number = a.load().number
    assert a.beside.secret("pin li") is None
    assert a.beside.change_secret("pin li", lambda was: {"hash": "h", "was": was}) == {"hash": "h", "was": None}
    assert b.beside.secret("pin li") == {"hash": "h", "was": None} and b.beside.secret("pin zhao") is None
    assert b.beside.change_secret("pin li", lambda was: {**(was or {}), "hash": "i"}) == {"hash": "i", "was": None}
    assert a.beside.change_secret("pin li", lambda was: None) is None and b.beside.secret("pin li") is None
    assert b.load().number == number, "no entry tells of it"


def test_a_change_that_is_refused_changes_nothing(backend: Backend) -> None:
    a = backend.session()
    a.beside.change_secret("x", lambda _: {"n": 1})

    def refuse(_: Any) -> dict[str, Any]:
        raise KeyError("no")

    with pytest.raises(KeyError):
        a.beside.change_secret("x", refuse)
    assert a.beside.secret("x") == {"n": 1}
    assert a.beside.change_secret("x", lambda was: {"n": was["n"] + 1 if was else 0}) == {"n": 2}, "and nobody is locked out"


@pytest.mark.parametrize("name", ["..", "a/b", "", "李" * 300, "\x00", "pin ../../etc/passwd"])
def test_no_name_is_a_path(tmp_path: Path, name: str) -> None:
    store = FileStore.create(str(tmp_path / "store"), options())
    store.beside.change_secret(name, lambda _: {"mine": 1})
    assert store.beside.secret(name) == {"mine": 1}
    store.close()
    outside = [each for each in tmp_path.rglob("*") if b'"mine"' in (each.read_bytes() if each.is_file() else b"")]
    assert [each.parent.name for each in outside] == ["secrets"]


def test_processes_at_once_lose_no_change(tmp_path: Path) -> None:
    store = FileStore.create(str(tmp_path / "store"), options())
    working = [python(COUNT, tmp_path / "store", 100) for _ in range(3)]
    assert [each.wait(60) for each in working] == [0, 0, 0]
    found = store.beside.secret("pin li")
    assert found is not None and found["n"] == 300
    store.close()


def test_a_kill_in_the_middle_leaves_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    store = FileStore.create(str(tmp_path / "store"), options())
    seen = 0
    for round in range(12):
        working = python(COUNT, tmp_path / "store", 100_000)
        assert working.stdout is not None and working.stdout.readline() == "ready\n"
        time.sleep(0.02 + round * 0.004)
        working.send_signal(signal.SIGKILL)
        working.wait()
        found = store.beside.secret("pin li")
        assert found is not None and found["n"] >= seen and len(found["pad"]) == 3000
        seen = found["n"]
        assert store.beside.change_secret("pin li", lambda was: was) == found, "and nobody holds it"
    store.close()


@pytest.mark.parametrize(
    ("calls", "code"),
    [
        ({"create"}, errno.EACCES),
        ({"write"}, errno.ENOSPC),
        ({"sync"}, errno.EIO),
        ({"rename"}, errno.EIO),
        ({"sync_folder"}, errno.EIO),
    ],
)
def test_a_disk_that_fails_leaves_the_old_one_or_the_new_one_and_says_so(tmp_path: Path, calls: set[str], code: int) -> None:
    from storage.secrets import FileSecrets

    folder = str(tmp_path)
    FileSecrets(folder, Disk()).change("x", lambda _: {"n": 1})
    failing = FileSecrets(folder, Failing(calls, 1, code))
    with pytest.raises(Unavailable) as caught:
        failing.change("x", lambda _: {"n": 2})
    assert os.strerror(code) in str(caught.value)
    assert FileSecrets(folder, Disk()).get("x") in ({"n": 1}, {"n": 2})
    assert FileSecrets(folder, Disk()).change("x", lambda _: {"n": 3}) == {"n": 3}


@pytest.mark.parametrize("data", [b"", b"{", b'{"name":"y","body":{}}', b"\xff\xfe", b"[]", b'{"name":"x","body":[]}'])
def test_what_cannot_be_understood_is_said_and_lets_nobody_in(tmp_path: Path, data: bytes) -> None:
    from storage.secrets import FileSecrets

    kept = FileSecrets(str(tmp_path), Disk())
    kept.change("x", lambda _: {"n": 1})
    kept.change("other", lambda _: {"n": 5})
    Path(kept._file("x")).write_bytes(data)
    with pytest.raises(Corrupt):
        kept.get("x")
    with pytest.raises(Corrupt):
        kept.change("x", lambda _: {"n": 2})
    assert Path(kept._file("x")).read_bytes() == data, "it is not written over"
    assert kept.get("other") == {"n": 5}


def test_it_is_the_owner_s_alone_and_in_no_entry_and_no_copy(tmp_path: Path) -> None:
    store = FileStore.create(str(tmp_path / "store"), options())
    store.beside.change_secret("pin li", lambda _: {"hash": "$argon2id$geheim"})
    store.append(put("issues", "1", {"a": 1}))
    store.close()
    backup(str(tmp_path / "store"), str(tmp_path / "copy"), options())
    folder = tmp_path / "store" / "secrets"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {each.stat().st_mode & 0o777 for each in folder.iterdir()} == {0o600}
    holds = [each for each in tmp_path.rglob("*") if each.is_file() and b"geheim" in each.read_bytes()]
    assert [each.parent for each in holds] == [folder]
