"""TinyDB's face of the store: its own calls and queries, whoever else is writing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tinydb import TinyDB, where
from tinydb.operations import increment
from tinydb.table import Document

from storage.errors import Invalid
from storage.files import FileStore
from tests.storage.helpers import options, put


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[FileStore, FileStore]]:
    a = FileStore.create(str(tmp_path / "s"), options())
    b = FileStore(str(tmp_path / "s"), options())
    yield a, b
    a.close()
    b.close()


def test_two_sessions_write_one_table_and_see_each_other_at_once(pair: tuple[FileStore, FileStore]) -> None:
    a, b = (store.db.table("people") for store in pair)
    assert [a.insert({"n": 1}), b.insert({"n": 2}), a.insert({"n": 3})] == [1, 2, 3]
    assert a.all() == b.all() == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert b.update({"n": 9}, where("n") == 3) == [3] and a.get(doc_id=3) == {"n": 9}
    assert a.remove(where("n") == 9) == [3] and b.get(doc_id=3) is None
    assert b.insert({}) == 4  # TinyDB would give 3 out again


def test_increments_of_two_sessions_add_up(pair: tuple[FileStore, FileStore]) -> None:
    tables = [store.db.table("counters") for store in pair]
    tables[0].insert({"n": 0})
    for i in range(20):
        tables[i % 2].update(increment("n"), doc_ids=[1])
    assert tables[0].get(doc_id=1) == {"n": 20}


def test_several_tables_change_in_one_entry_or_not_at_all(pair: tuple[FileStore, FileStore]) -> None:
    a, b = pair
    before = a.load().number
    with a.db.transaction(who="anna", what="move", why="asked to"):
        id = a.db.table("one").insert({"x": 1})
        assert a.db.table("one").get(doc_id=id) == {"x": 1} and len(a.db.table("one")) == 1
        assert "one" in a.db.tables() and b.db.tables() == set()
        a.db.table("two").insert({"of": id})
    (entry,) = b.since(before)
    assert (entry.who, entry.what, entry.why) == ("anna", "move", "asked to")
    assert entry.ops == (("one", "1", {"x": 1}), ("two", "1", {"of": 1}))
    with pytest.raises(ZeroDivisionError), a.db.transaction():
        a.db.table("one").insert({"x": 2})
        raise ZeroDivisionError
    assert b.load().number == before + 1 and a.db.table("one").all() == [{"x": 1}]


def test_a_change_that_changes_nothing_writes_nothing(pair: tuple[FileStore, FileStore]) -> None:
    table = pair[0].db.table("t")
    table.insert({"n": 1})
    number = pair[0].number
    assert table.update({"n": 1}) == [1] and table.remove(where("n") == 7) == []
    assert pair[0].load().number == number


@pytest.mark.parametrize("value", [True, 1.0, "1", None])
def test_a_change_that_only_json_can_tell_is_kept(pair: tuple[FileStore, FileStore], value: object) -> None:
    a, b = pair
    a.db.table("t").insert({"n": 1, "deep": [{"n": 1}]})
    a.db.table("t").update({"deep": [{"n": value}]})
    kept = b.db.table("t").get(doc_id=1)["deep"][0]["n"]
    assert kept == value and type(kept) is type(value)


def test_what_is_handed_out_is_the_callers_own(pair: tuple[FileStore, FileStore]) -> None:
    a, _ = pair
    table = a.db.table("t")
    table.insert({"list": [1]})
    for mine in (
        table.get(doc_id=1),
        table.all()[0],
        table.search(where("list").exists())[0],
        table.get(doc_ids=[1])[0],
    ):
        mine["list"].append(2)
    assert table.get(doc_id=1) == {"list": [1]}

    def spoil(document: dict[str, list[int]]) -> None:
        document["list"].append(9)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        table.update(spoil)
    assert table.get(doc_id=1) == {"list": [1]}


def test_tables_and_verbs_see_the_same_documents(pair: tuple[FileStore, FileStore]) -> None:
    a, b = pair
    a.append(put("issues", "7", {"title": "x"}))
    assert b.db.table("issues").all() == [{"title": "x"}] and b.db.table("issues").all()[0].doc_id == 7
    assert b.db.table("issues").insert({"title": "y"}) == 8
    assert a.load().documents["issues"]["8"] == {"title": "y"}
    assert a.load().versions["issues"]["8"] == a.number


def test_the_shelf_is_no_table(pair: tuple[FileStore, FileStore]) -> None:
    for act in (lambda t: t.all(), lambda t: t.insert({}), lambda t: t.truncate()):
        with pytest.raises(Invalid, match="shelf"):
            act(pair[0].db.table("households"))


@pytest.mark.parametrize("document", [{"x": float("nan")}, {1: 2}, {"x": "长" * 400_000}, {"x": {1}}])
def test_what_cannot_be_kept_is_refused(pair: tuple[FileStore, FileStore], document: dict[object, object]) -> None:
    table = pair[0].db.table("t")
    table.insert({"fine": 1})
    for act in (table.insert, lambda d: table.update({"y": d}), lambda d: table.insert(Document(d, 5))):
        with pytest.raises(Invalid):
            act(document)
    with pytest.raises(Invalid):
        table.insert(Document({}, -5))
    with pytest.raises(Invalid):
        pair[0].db.table(".kinds").insert({})
    assert table.all() == [{"fine": 1}] and pair[1].db.table("t").all() == [{"fine": 1}]


def test_a_second_change_within_a_change_of_the_same_thread_is_a_mistake_and_says_so(
    pair: tuple[FileStore, FileStore],
) -> None:
    with pytest.raises(RuntimeError, match="already"), pair[0].db.transaction():
        pair[0].append(put("issues", "1", {}))


def test_dropping_and_truncating_start_the_ids_over_and_keep_the_story(pair: tuple[FileStore, FileStore]) -> None:
    a, b = pair
    for clear in ("truncate", "drop"):
        assert a.db.table("t").insert({"old": 1}) == 1
        if clear == "truncate":
            a.db.table("t").truncate()
            assert b.db.tables() == {"t"}
        else:
            a.db.drop_table("t")
            assert b.db.tables() == set()
        assert b.db.table("t").all() == []
    b.db.table("t").insert({"x": 1})
    b.db.table("u").insert({"x": 1})
    a.db.drop_tables()
    assert b.db.tables() == set() and len(list(b.story("t", "1"))) == 3
    again = FileStore(a.path, options())
    assert again.db.tables() == set()
    again.close()


def test_persist_empty_keeps_the_name_and_never_empties_a_table(pair: tuple[FileStore, FileStore]) -> None:
    a, b = pair
    a.db.table("t", persist_empty=True)
    assert b.db.tables() == {"t"}
    a.db.table("t").insert({"x": 1})
    assert b.db.table("t", persist_empty=True).all() == [{"x": 1}]


def test_stock_tinydb_reads_snapshot_and_archive(pair: tuple[FileStore, FileStore], tmp_path: Path) -> None:
    a, _ = pair
    for i in range(450):
        a.append(put("issues", str(i + 1), {"title": f"下水道 {i}"}))
    a.db.table("empty", persist_empty=True)
    a.archive("2026-08", [("issues", str(i)) for i in range(1, 6)])
    a.upkeep.checkpoint()
    with TinyDB(tmp_path / "s/live.json", access_mode="r") as stock:
        assert {"issues", "empty"} <= stock.tables()
        assert len(stock.table("issues")) == 445 and stock.table("empty").all() == []
        assert stock.table("issues").get(where("title") == "下水道 99").doc_id == 100
    with TinyDB(tmp_path / "s/archive/2026-08.json", access_mode="r") as stock:
        assert [d.doc_id for d in stock.table("issues")] == [1, 2, 3, 4, 5]
        assert [d["what"] for d in stock.table(".story")] == ["put"] * 5
    assert len((tmp_path / "s/live.json").read_text().splitlines()) > 445
