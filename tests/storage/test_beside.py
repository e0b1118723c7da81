"""Beside the journal: drafts that outlive the session, and signs of presence that go with it, over every backend."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.errors import Unavailable
from tests.storage.helpers import Backend, put, python


@pytest.fixture(params=["files", "memory"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    made = Backend(request.param, tmp_path / "store")
    yield made
    made.close()


def test_a_draft_is_there_for_every_session_of_its_owner_until_it_is_let_go(backend: Backend) -> None:
    a, b = backend.session(), backend.session()
    before = a.load().number
    a.beside.put_aside("李娜", "take", {"text": "一楼返水"})
    a.beside.put_aside("李娜", "close 20261123-0042", {"why": "…"})
    a.beside.put_aside("zhang", "take", {"text": "his"})
    a.close()
    assert b.beside.aside("李娜") == {"close 20261123-0042": {"why": "…"}, "take": {"text": "一楼返水"}}
    b.beside.put_aside("李娜", "take", {"text": "一楼返水,淹到客厅"})
    assert b.beside.aside("李娜")["take"] == {"text": "一楼返水,淹到客厅"}
    b.beside.put_aside("李娜", "take", None)
    b.beside.put_aside("李娜", "take", None)
    assert list(b.beside.aside("李娜")) == ["close 20261123-0042"]
    assert b.beside.aside("zhang") == {"take": {"text": "his"}} and b.load().number == before


@pytest.mark.parametrize("owner", ["..", "a/b", "a~b", "", "李" * 90, "李" * 91, "a.json", "%2F"])
def test_no_name_reaches_another_file(backend: Backend, owner: str) -> None:
    a = backend.session()
    a.beside.put_aside("a", "b", {"mine": 1})
    a.beside.put_aside(owner, "../../x" + owner, {"theirs": 1})
    assert a.beside.aside(owner) == {"../../x" + owner: {"theirs": 1}} and a.beside.aside("a") == {"b": {"mine": 1}}
    if backend.name == "files":
        assert len(list((backend.folder / "drafts").iterdir())) == 2


def test_who_is_here_is_seen_by_the_others_and_never_by_oneself(backend: Backend) -> None:
    a, b = backend.session(), backend.session()
    crowd = b.beside.crowd
    a.beside.present({"who": "李娜", "at": "20261123-0042"})
    assert b.beside.others() == [{"who": "李娜", "at": "20261123-0042"}] and a.beside.others() == []
    assert b.beside.crowd != crowd
    a.beside.present({"who": "李娜", "at": ""})
    assert b.beside.others() == [{"who": "李娜", "at": ""}]
    a.beside.present(None)
    assert b.beside.others() == []
    a.beside.present({"who": "李娜"})
    a.close()
    assert b.beside.others() == []


def test_whoever_waits_is_woken_by_a_sign_of_presence_where_they_ask_for_it(backend: Backend) -> None:
    a, b = backend.session(), backend.session()
    number, crowd, woken = b.load().number, b.beside.crowd, []

    def sleep() -> None:
        woken.append((b.wait(number, 20, crowd), time.monotonic()))

    thread = threading.Thread(target=sleep)
    thread.start()
    time.sleep(0.1)
    a.beside.present({"who": "a"})
    thread.join(20)
    assert woken[0][0] is True
    assert b.wait(number, 0.05, b.beside.crowd) is False
    assert b.wait(number, 0.05) is False
    a.append(put("issues", "1", {"i": 1}))
    assert b.wait(number, 5, b.beside.crowd) is True


def test_a_sign_dies_with_its_process_and_what_lies_about_is_taken_away(tmp_path: Path) -> None:
    backend = Backend("files", tmp_path / "store")
    mine = backend.session()
    code = """
import sys, time
from tests.storage.helpers import options
from storage.files import FileStore
store = FileStore(sys.argv[1], options())
store.beside.present({"who": "killed"})
print("here", flush=True)
time.sleep(60)
"""
    other = python(code, backend.folder)
    assert other.stdout is not None and other.stdout.readline() == "here\n"
    assert mine.beside.others() == [{"who": "killed"}]
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert mine.beside.others() == [] and list((backend.folder / "presence").iterdir()) == []
    backend.close()


def test_a_ruined_draft_is_passed_over_and_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    backend = Backend("files", tmp_path / "store")
    a = backend.session()
    a.beside.put_aside("li", "one", {"x": 1})
    a.beside.put_aside("li", "two", {"x": 2})
    (backend.folder / "drafts" / "li~one.json").write_bytes(b'{"owner":')
    assert a.beside.aside("li") == {"two": {"x": 2}}
    (backend.folder / "drafts").rename(backend.folder / "gone")
    assert a.beside.aside("li") == {}
    with pytest.raises(Unavailable, match="could not be kept"):
        a.beside.put_aside("li", "two", {"x": 3})
    backend.close()
