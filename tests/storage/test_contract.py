"""The contract, over every backend: whatever keeps the documents, these hold."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from storage.errors import Conflict, Invalid, StoreError, Unavailable
from storage.store import Change, Number, Op, Query, Scope
from tests.storage.helpers import Backend, put


@pytest.fixture(params=["files", "memory"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    made = Backend(request.param, tmp_path / "store")
    yield made
    made.close()


def test_an_append_is_seen_by_every_session_with_its_whole_story(backend: Backend) -> None:
    a, b = backend.session(), backend.session()
    before = a.load().number
    ops = [Op("issues", "1", {"title": "下水道堵塞"}), Op("log", "1", {"line": "taken in"})]
    number = a.append(Change("anna", "take", ops, why="rang twice", source="tty1", act="a-1"))
    assert number == before + 1
    (seen,) = b.since(before)
    assert (seen.number, seen.who, seen.what, seen.why, seen.source, seen.act) == (
        number, "anna", "take", "rang twice", "tty1", "a-1",
    )  # fmt: skip
    assert seen.ops == (("issues", "1", {"title": "下水道堵塞"}), ("log", "1", {"line": "taken in"}))
    assert b.load().documents == {"issues": {"1": {"title": "下水道堵塞"}}, "log": {"1": {"line": "taken in"}}}
    assert b.load().versions == {"issues": {"1": number}, "log": {"1": number}}
    assert a.since(number) == [] and b.number == number


def test_numbers_have_no_gaps_and_hashes_are_a_chain_of_different_values(backend: Backend) -> None:
    a, b = backend.session(), backend.session()
    start = a.load().number
    for i in range(6):
        (a if i % 2 else b).append(put("issues", str(i + 1), {"i": i}))
    entries = b.since(start)
    assert [e.number for e in entries] == list(range(start + 1, start + 7))
    assert len({e.hash for e in entries}) == 6
    assert entries == a.since(start)


def test_since_tells_only_what_is_newer_however_far_back_one_asks(backend: Backend) -> None:
    a, b = backend.session(), backend.session()
    start = a.load().number
    numbers = [a.append(put("issues", "1", {"i": i})) for i in range(5)]
    for asked, left in ((start, 5), (numbers[1], 3), (numbers[4], 0), (numbers[4] + 9, 0)):
        assert [e.ops[0][2] for e in b.since(asked)] == [{"i": i} for i in range(5)][5 - left :]


def test_a_stale_version_is_a_conflict_that_names_every_stale_document_and_writes_nothing(backend: Backend) -> None:
    a, b = backend.session(), backend.session()
    one, two = a.append(put("issues", "1", {"s": 1})), a.append(put("issues", "2", {"s": 1}))
    b.since(0)
    newer = a.append(put("issues", "1", {"s": 2}))
    gone = a.append(put("issues", "2", None))
    with pytest.raises(Conflict) as caught:
        b.append(put("issues", "1", {"s": 9}), {("issues", "1"): one, ("issues", "2"): two, ("issues", "3"): 0})
    assert [(s.kind, s.id, s.expected, s.found) for s in caught.value.stale] == [
        ("issues", "1", one, newer),
        ("issues", "2", two, 0),
    ]
    assert b.load().number == gone and b.load().documents["issues"] == {"1": {"s": 2}}
    assert b.append(put("issues", "1", {"s": 3}), {("issues", "1"): newer}) == gone + 1


def test_expecting_none_and_expecting_a_whole_kind(backend: Backend) -> None:
    a, b = backend.session(), backend.session()
    first = a.append(put("issues", "1", {"s": 1}), {("issues", "1"): 0, ("issues", "*"): 0})
    with pytest.raises(Conflict):
        b.append(put("issues", "1", {"s": 1}), {("issues", "1"): 0})
    with pytest.raises(Conflict):
        b.append(put("issues", "2", {"s": 1}), {("issues", "*"): 0})
    b.append(put("other", "1", {}), {("issues", "*"): first})
    b.append(put("issues", "2", {"s": 1}), {("issues", "*"): first})


def test_numbers_are_given_out_under_the_lock_and_stand_wherever_they_are_named(backend: Backend) -> None:
    a, b = backend.session(), backend.session()
    id, day = Number("issues"), Number("day-20261123", form="20261123-{:04d}")
    ops = [
        Op("issues", id, {"number": day, "me": id, "deep": [{"again": (id,)}]}),
        Op("errands", Number("errands"), {"issue": id}),
        Op("errands", Number("errands", slot=1), {"issue": id}),
    ]
    for n, session in enumerate((a, b, a), start=1):
        before = session.load().number
        session.append(Change("anna", "new", ops))
        (done,) = session.since(before)
        assert done.ops == (
            ("issues", str(n), {"number": f"20261123-{n:04d}", "me": n, "deep": [{"again": [n]}]}),
            ("errands", str(2 * n - 1), {"issue": n}),
            ("errands", str(2 * n), {"issue": n}),
        )


def test_a_number_is_never_given_out_twice_though_its_document_is_gone(backend: Backend) -> None:
    a, b = backend.session(), backend.session()
    for session in (a, b, a):
        session.append(Change("anna", "new", [Op("issues", Number("issues"), {})]))
    b.append(put("issues", "3", None))
    b.append(Change("anna", "new", [Op("issues", Number("issues"), {})]))
    assert sorted(a.load().documents["issues"]) == ["1", "2", "4"]
    a.append(put("issues", "40", {}))
    b.append(Change("anna", "new", [Op("issues", Number("issues"), {})]))
    assert "41" in b.load().documents["issues"]
    with pytest.raises(Conflict):  # what is not kept uses up no number
        b.append(Change("anna", "new", [Op("issues", Number("issues"), {})]), {("issues", "1"): 999})
    b.append(Change("anna", "new", [Op("issues", Number("issues"), {})]))
    assert "42" in b.load().documents["issues"]


DEEP: dict[str, object] = {}
for _ in range(300):
    DEEP = {"d": DEEP}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (put("issues", "1", {"x": float("nan")}), "nan"),
        (put("issues", "1", {"deep": [{"x": [float("-inf")]}], "n": None}), "-inf"),
        (put("issues", "1", {1: "x"}), "JSON"),  # type: ignore[dict-item]
        (put("issues", "1", {"x": {2: "y"}}), "JSON"),
        (put("issues", "1", {"x": "\ud800"}), "JSON"),
        (put("issues", "1", {"x": 1 << 70}), "JSON"),
        (put("issues", "1", {"x": {1, 2}}), "JSON"),
        (put("issues", "1", {"x": b"bytes"}), "JSON"),
        (put("issues", "1", {"x": datetime(2026, 1, 1)}), "JSON"),
        (put("issues", "1", DEEP), "JSON"),
        (put("issues", "1", {"x": "长" * 400_000}), "1048576"),
        (put("issues", "01", {}), "'01'"),
        (put("issues", "", {}), "''"),
        (put("issues", "-1", {}), "'-1'"),
        (put("issues", "１", {}), "'１'"),
        (put("issues", "1" * 19, {}), "digits"),
        (put("issues", 7, {}), "7"),
        (put("", "1", {}), "kind"),
        (put(".kinds", "1", {"kind": "issues"}), "kind"),
        (put("a\nb", "1", {}), "kind"),
        (put("issues", "1", [1]), "document"),  # type: ignore[arg-type]
        (put("issues", Number("issues", form="case {}"), {}), "digits"),
        (put("issues", "1", {}, who=7), "words"),  # type: ignore[arg-type]
        (put("issues", "1", {}, why=None), "words"),
        (put("issues", "1", {}, at=datetime(2026, 11, 23)), "zone"),
    ],
)
def test_what_cannot_be_kept_is_refused_before_anything_is_written(backend: Backend, change: Change, word: str) -> None:
    store = backend.session()
    before = store.append(put("issues", "5", {"fine": None}))
    with pytest.raises(Invalid) as caught:
        store.append(change)
    assert word in str(caught.value)
    assert isinstance(caught.value, StoreError)
    assert store.load().number == before and store.load().documents == {"issues": {"5": {"fine": None}}}
    assert store.append(put("issues", "6", {})) == before + 1


def test_a_document_just_under_the_limit_is_kept(backend: Backend) -> None:
    store = backend.session()
    text = "x" * ((1 << 20) - 2000)
    store.append(put("issues", "1", {"t": text}))
    assert backend.session().load().documents["issues"]["1"]["t"] == text


def test_all_operations_are_kept_or_none(backend: Backend) -> None:
    store = backend.session()
    before = store.load().number
    with pytest.raises(Invalid):
        store.append(Change("anna", "new", [Op("issues", "1", {}), Op("issues", "2", {"x": float("inf")})]))
    assert store.load().number == before and store.load().documents == {}


def test_what_the_caller_does_to_his_own_document_afterwards_changes_nothing(backend: Backend) -> None:
    store = backend.session()
    mine = {"list": [1, 2], "tuple": (1, 2)}
    store.append(put("issues", "1", mine))
    mine["list"].append(3)  # type: ignore[attr-defined]
    assert store.load().documents["issues"]["1"] == {"list": [1, 2], "tuple": [1, 2]}
    hot = store.load()
    hot.documents["issues"]["2"] = {}
    del hot.documents["issues"]["1"]
    assert set(store.load().documents["issues"]) == {"1"}


def test_a_scope_loads_only_its_kinds(backend: Backend) -> None:
    store = backend.session()
    store.append(Change("anna", "new", [Op("issues", "1", {}), Op("log", "1", {})]))
    assert set(store.load(Scope(frozenset({"log", "nothing"}))).documents) == {"log"}


def test_the_time_is_kept_as_it_was_read_and_a_step_back_is_marked(backend: Backend) -> None:
    store = backend.session()
    shanghai = datetime.fromisoformat
    start = store.load().number
    for at in ("2026-11-23T08:00:00+08:00", "2026-11-23T07:59:10+08:00", "2026-11-23T07:00:00+08:00"):
        store.append(put("issues", "1", {}, at=shanghai(at)))
    entries = store.since(start)
    assert [e.at for e in entries] == [
        "2026-11-23T00:00:00.000Z",
        "2026-11-22T23:59:10.000Z",
        "2026-11-22T23:00:00.000Z",
    ]
    assert [e.step for e in entries] == [0.0, 0.0, 3550.0]


def test_wait_wakes_on_a_commit_of_another_session(backend: Backend) -> None:
    a, b = backend.session(), backend.session()
    number = b.load().number
    woken: list[tuple[bool, float]] = []

    def sleep() -> None:
        result = b.wait(number, 20)
        woken.append((result, time.monotonic()))

    thread = threading.Thread(target=sleep)
    thread.start()
    time.sleep(0.1)
    assert not woken
    committed = time.monotonic()
    a.append(put("issues", "1", {}))
    thread.join(20)
    assert woken[0][0] and woken[0][1] - committed < 10
    assert len(b.since(number)) == 1
    assert b.wait(number, 0) and not b.wait(b.number, 0.05)


def test_closing_wakes_whoever_waits_and_nothing_is_written_any_more(backend: Backend) -> None:
    store = backend.session()
    number = store.load().number
    answers: list[bool] = []
    thread = threading.Thread(target=lambda: answers.append(store.wait(number, 30)))
    thread.start()
    time.sleep(0.1)
    store.close()
    thread.join(10)
    assert answers == [False]
    store.close()
    assert not store.wait(number, 5)
    with pytest.raises(Unavailable):
        store.append(put("issues", "1", {}))
    assert "closed" in store.trouble


def test_the_story_of_a_document_newest_first_through_archive_and_back(backend: Backend) -> None:
    a, b = backend.session(), backend.session()
    numbers = [a.append(put("issues", "1", {"i": i}, who=f"p{i}")) for i in range(3)]
    a.append(put("issues", "2", {}))
    assert [e.number for e in b.story("issues", "1")] == numbers[::-1]
    b.archive("2026-11", [("issues", "1")], who="upkeep")
    again = a.append(put("issues", "1", {"i": 9}))
    told = list(b.story("issues", "1"))
    assert [e.what for e in told] == ["put", "archive", "put", "put", "put"] and told[0].number == again
    assert list(b.story("issues", "77")) == []


def test_fetch_prefers_hot_to_the_latest_archive(backend: Backend) -> None:
    a, b = backend.session(), backend.session()
    for state in ("first", "second"):
        a.append(put("issues", "1", {"state": state}))
        assert b.fetch("issues", "1").place == "hot"  # type: ignore[union-attr]
        assert a.archive("2026-08", [("issues", "1"), ("issues", "99")]) == 1
        assert b.load().documents["issues"] == {}
        found = b.fetch("issues", "1")
        assert found is not None and found.body == {"state": state} and found.version == 0
    assert found.place == "2026-08-2"
    number = b.append(put("issues", "1", {"state": "reopened"}), {("issues", "1"): found.version})
    with pytest.raises(Conflict):
        a.append(put("issues", "1", {"state": "reopened too"}), {("issues", "1"): found.version})
    found = a.fetch("issues", "1")
    assert found is not None and (found.place, found.version, found.body) == ("hot", number, {"state": "reopened"})
    assert a.fetch("issues", "2") is None
    with pytest.raises(Invalid):
        a.archive("../evil", [("issues", "1")])


def test_shelved_documents_are_not_loaded_but_fetched_found_and_versioned(backend: Backend) -> None:
    a, b = backend.session(), backend.session()
    one = a.append(put("households", "1", {"name": "李娜", "phone": "13800001234"}))
    a.append(put("households", "2500", {"name": "王强", "phone": "13900001234"}))
    assert "households" not in b.load().documents
    if hasattr(a, "upkeep"):
        assert a.upkeep.checkpoint()
    found = b.fetch("households", "1")
    assert found is not None and (found.version, found.place) == (one, "shelf")
    newer = b.append(put("households", "1", {"name": "李娜", "phone": "1"}), {("households", "1"): one})
    with pytest.raises(Conflict):
        a.append(put("households", "1", {"name": "x"}), {("households", "1"): one})
    with pytest.raises(Conflict):
        a.append(put("households", "2500", {"name": "x"}), {("households", "2500"): 0})
    for _ in range(2):
        assert [f.id for f in a.find(Query("households", {"phone": "13900001234"}))] == ["2500"]
        assert a.find(Query("households", {"phone": "13800001234"})) == []
        assert [(f.id, f.version) for f in a.find(Query("households", text="李"))] == [("1", newer)]
        if hasattr(b, "upkeep"):
            assert b.upkeep.checkpoint()
    a.append(put("households", "1", None))
    for _ in range(2):
        assert b.fetch("households", "1") is None and b.find(Query("households", text="李娜")) == []
        if hasattr(a, "upkeep"):
            assert a.upkeep.checkpoint()


CASES = {
    "1": {"title": "下水道堵塞", "story": "一楼返水 3-2-501", "grid": "金桂-01", "reporter": {"phone": "138"}},
    "2": {"title": "马蜂窝", "story": "3幢楼下", "grid": "金桂-01", "reporter": [{"phone": "139"}, {"phone": "138"}]},
    "3": {"title": "Blocked Sewer", "story": "sewage 漏水了", "grid": "银桂-02"},
    "4": {"title": "路灯不亮", "story": None, "grid": None, "number": 4},
}


@pytest.mark.parametrize(
    ("where", "text", "ids"),
    [
        ({}, "", ["4", "3", "2", "1"]),
        ({"grid": "金桂-01"}, "", ["2", "1"]),
        ({"reporter.phone": "138"}, "", ["2", "1"]),
        ({"reporter.phone": 138, "grid": "金桂-01"}, "堵塞", ["1"]),
        ({}, "水", ["3", "1"]),
        ({}, "水道", ["1"]),
        ({}, "道水", []),
        ({}, "下水道堵塞", ["1"]),
        ({}, "sew", ["3"]),
        ({}, "ewer", []),
        ({}, "BLOCK sewage", ["3"]),
        ({}, "漏水 blocked", ["3"]),
        ({}, "3 501", ["1"]),
        ({}, '"*()', ["4", "3", "2", "1"]),
        ({}, "AND OR NOT", []),
        ({"grid": "nowhere"}, "水", []),
    ],
)
def test_find_in_the_archive(backend: Backend, where: dict[str, str], text: str, ids: list[str]) -> None:
    a, b = backend.session(), backend.session()
    for id, body in CASES.items():
        a.append(put("issues", id, body))
    a.append(put("issues", "9", {"title": "下水道", "grid": "金桂-01"}))
    a.archive("2026-08", [("issues", id) for id in CASES])
    assert [found.id for found in b.find(Query("issues", where, text))] == ids
    assert [found.id for found in b.find(Query("issues", where, text, limit=1))] == ids[:1]


def test_a_reopened_case_is_not_found_in_the_archive_and_the_newest_archive_wins(backend: Backend) -> None:
    a, b = backend.session(), backend.session()
    a.append(put("issues", "1", {"title": "旧的"}))
    a.archive("2026-08", [("issues", "1")])
    a.append(put("issues", "1", {"title": "新的"}))
    assert b.find(Query("issues", text="旧")) == [] and b.find(Query("issues", text="新")) == []
    a.archive("2026-09", [("issues", "1")])
    assert b.find(Query("issues", text="旧")) == []
    assert [f.place for f in b.find(Query("issues", text="新"))] == ["2026-09"]


def test_asking_for_what_is_not_indexed_is_refused(backend: Backend) -> None:
    store = backend.session()
    with pytest.raises(Invalid, match="grid"):
        store.find(Query("households", {"grid": "x"}))
    with pytest.raises(Invalid, match="text"):
        store.find(Query("log", text="x"))


def test_an_error_keeps_sentence_and_facts_apart_for_another_language(backend: Backend) -> None:
    store = backend.session()
    with pytest.raises(Invalid) as caught:
        store.append(put("issues", "x", {}))
    error = caught.value
    assert error.template.format(**error.facts) == str(error) and error.facts["id"] == "x"


def test_a_kind_that_is_put_on_the_shelf_later_takes_its_documents_along(tmp_path: Path) -> None:
    from storage.files import FileStore
    from tests.storage.helpers import options

    before = FileStore.create(str(tmp_path / "s"), options(kinds={}))
    number = before.append(put("households", "5", {"name": "李娜", "phone": "1"}))
    before.upkeep.checkpoint()
    after = FileStore(str(tmp_path / "s"), options())
    for _ in range(2):
        assert "households" not in after.load().documents and "households" not in before.load().documents
        found = after.fetch("households", "5")
        assert found is not None and (found.version, found.place) == (number, "shelf")
        assert [f.id for f in after.find(Query("households", {"phone": "1"}))] == ["5"]
        with pytest.raises(Conflict):
            before.append(put("households", "5", {}), {("households", "5"): 0})
        after.upkeep.checkpoint()
    before.close()
    after.close()
