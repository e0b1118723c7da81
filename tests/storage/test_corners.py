"""Corners that were once wrong: found by somebody who tried to break the store."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from storage.errors import Conflict, Invalid, StoreError, Unavailable
from storage.files import FileStore
from storage.repair import repair
from storage.store import Change, Kind, Number, Op, Query
from storage.verify import verify
from tests.storage.helpers import options, put
from tests.storage.work import small


@pytest.fixture
def path(tmp_path: Path) -> str:
    FileStore.create(str(tmp_path / "s"), options(kinds={}, reserve=0)).close()
    return str(tmp_path / "s")


def test_closing_while_other_threads_commit_touches_no_foreign_file(path: str, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious " * 100)
    for _ in range(15):
        store = FileStore(path, options(reserve=0, patience=5.0))
        errors: list[BaseException] = []

        def work(me: int, store: FileStore = store, errors: list[BaseException] = errors) -> None:
            try:
                for i in range(10_000):
                    store.append(put("issues", str(me), {"i": i}))
            except BaseException as failed:
                errors.append(failed)

        threads = [threading.Thread(target=work, args=(me,)) for me in (1, 2)]
        for thread in threads:
            thread.start()
        while store.number < 5:
            pass
        store.close()
        fds = [os.open(precious, os.O_RDWR) for _ in range(20)]
        for thread in threads:
            thread.join(20)
        for fd in fds:
            os.close(fd)
        assert [type(error) for error in errors] == [Unavailable, Unavailable], errors
        assert all("closed" in str(error) for error in errors)
    assert precious.read_bytes() == b"precious " * 100
    assert verify(path).findings == []


def test_a_kind_that_was_archived_and_is_shelved_later(path: str) -> None:
    old = FileStore(path, options(kinds={}, reserve=0))
    old.append(put("households", "1", {"name": "old", "phone": "1"}))
    old.archive("2026-01", [("households", "1")])
    old.close()
    store = FileStore(path, options(reserve=0))
    number = store.append(put("households", "1", {"name": "new", "phone": "2"}))
    store.upkeep.checkpoint(wait=True)
    found = store.fetch("households", "1")
    assert found is not None and (found.body["name"], found.version) == ("new", number)
    with pytest.raises(Conflict):
        store.append(put("households", "1", {}), {("households", "1"): 0})
    store.close()


def test_shelf_files_of_a_kind_that_was_hot_before_are_made_again(path: str) -> None:
    old = FileStore(path, options(kinds={}, reserve=0))
    for i in range(3):
        old.append(put("households", str(i + 1), {"name": f"李{i}", "phone": "1"}))
    old.close()
    store = FileStore(path, options(reserve=0))
    store.append(put("households", "2", {"name": "王", "phone": "2"}))
    store.upkeep.checkpoint(wait=True)
    store.append(put("households", "3", {"name": "later", "phone": "3"}))
    store.close()
    (file,) = (Path(path) / "shelf").iterdir()
    file.unlink()
    result = repair(path, options(reserve=0))
    assert result.lost == [] and result.done == [f"shelf/{file.name} was made again"]
    assert verify(path).findings == []
    store = FileStore(path, options(reserve=0))
    assert [(store.fetch("households", str(i)) or pytest.fail("lost")).body["name"] for i in (1, 2, 3)] == [
        "李0",
        "王",
        "later",
    ]
    store.close()


def test_a_session_that_stands_earlier_does_not_turn_the_index_back(path: str) -> None:
    late, ahead = FileStore(path, options(reserve=0)), FileStore(path, options(reserve=0))
    ahead.append(put("issues", "1", {"title": "下水道"}))
    late.load()
    before = late._engine.state.copy()
    ahead.archive("2026-01", [("issues", "1")])
    assert ahead.fetch("issues", "1") is not None
    from storage.search import Behind

    with pytest.raises(Behind):
        late._search.fetch(before, "issues", "1")
    for store in (late, ahead):
        assert store.fetch("issues", "1") is not None
        store.close()


def test_a_number_that_the_change_names_itself_is_refused(path: str) -> None:
    store = FileStore(path, options(reserve=0))
    ops = [Op("issues", "1", {"t": "explicit"}), Op("issues", Number("issues"), {"t": "numbered"})]
    for order in (ops, ops[::-1]):
        with pytest.raises(Invalid, match="same number"):
            store.append(Change("a", "x", order))
    assert store.load().documents == {}
    store.close()


def test_half_of_a_refused_call_is_not_kept_though_its_error_was_swallowed(path: str) -> None:
    store = FileStore(path, options(reserve=0))
    with pytest.raises(Invalid, match="half-way"), store.db.transaction():
        try:
            store.db.table("t").insert_multiple([{"a": 1}, {"a": 2}, 5])  # type: ignore[list-item]
        except ValueError:
            pass
    assert store.db.table("t").all() == []
    store.close()


@pytest.mark.parametrize(
    ("field", "value"),
    [("overlay", 5), ("counters", [1]), ("changed", "x"), ("offset", "9"), ("segment", None), ("number", {})],
)
def test_a_snapshot_whose_fields_have_another_type_is_not_believed(path: str, field: str, value: object) -> None:
    store = FileStore(path, options(reserve=0))
    store.append(put("issues", "1", {"i": 1}))
    store.upkeep.checkpoint(wait=True)
    store.close()
    live = Path(path) / "live.json"
    held = json.loads(live.read_text())
    held[".store"]["1"][field] = value
    live.write_text(json.dumps(held))
    store = FileStore(path, options(reserve=0, readonly=True))
    assert store.load().documents["issues"] == {"1": {"i": 1}} and store._engine.unvouched
    store.close()


def test_small_corners(path: str) -> None:
    store = FileStore(path, options(reserve=0))
    store.append(put("issues", "1", {"title": "foo_bar"}))
    store.archive("2026-01", [("issues", "1")])
    for words in ("foo", "bar", "_bar", "foo_bar"):
        assert [found.id for found in store.find(Query("issues", text=words))] == ["1"], words
    assert store.find(Query("issues", text="foo", limit=0)) == []
    assert len(store.since(-5)) == store.number
    deep: dict[str, object] = {}
    for _ in range(240):
        deep = {"d": deep}
    name = "很长的名字" * 12
    shelved = FileStore(path, small(kinds={name: Kind(shelf=True)}))
    shelved.append(put(name, "1", {"deep": deep}))
    shelved.upkeep.checkpoint(wait=True)
    shelved.append(put(name, "2", {"deep": deep}))
    state, place = shelved._engine.state, shelved._engine.journal.place
    from storage import snapshot

    assert snapshot.decode(b"".join(snapshot.encode(state, place, shelved.book)), shelved.book).state.same(state)
    assert (shelved.fetch(name, "1") or pytest.fail("lost")).body == {"deep": deep}
    for one in (store, shelved):
        one.close()


def test_a_store_that_was_moved_away_says_so(path: str, tmp_path: Path) -> None:
    store = FileStore(path, options(reserve=0))
    os.rename(path, tmp_path / "elsewhere")
    for act in (lambda: store.append(put("issues", "1", {})), lambda: store.upkeep.checkpoint(wait=True)):
        with pytest.raises(StoreError):
            act()
    store.close()
