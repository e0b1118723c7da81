"""A morning's work that goes through every path of the file store: commits, rolls, checkpoints, shelf, archives.

The fault tests run it on a disk that fails, forgets or is cut off, and then ask what is left.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tinydb.table import Table

from storage.files import FileStore
from storage.options import Options
from storage.state import State
from storage.store import Change, Number, Op
from storage.verify import verify
from tests.storage.helpers import options, put

SEGMENT = 2500
"""Bytes a segment, so that a morning fills several."""

Ack = Callable[[int], None]


def small(**more: Any) -> Options:
    """Options with small segments and no reserve."""
    return options(segment=SEGMENT, reserve=0, **more)


def morning(store: FileStore, ack: Ack) -> None:
    """Work, telling ``ack`` the number of each change once it was acknowledged."""
    for step in steps(store, ack):
        step()


def steps(store: FileStore, ack: Ack) -> list[Callable[[], None]]:
    """The work step by step; none needs the one before to have succeeded."""

    def do(change: Change) -> Callable[[], None]:
        return lambda: ack(store.append(change))

    def tinydb(act: Callable[[Table], object]) -> Callable[[], None]:
        def step() -> None:
            act(store.db.table("notes"))
            ack(store.number)

        return step

    def upkeep(act: Callable[[], object]) -> Callable[[], None]:
        def step() -> None:
            act()
            ack(store.number)

        return step

    new = [Change("anna", "new", [Op("issues", Number("issues"), {"title": f"下水道 {i}", "i": i})]) for i in range(6)]
    return [
        *(do(change) for change in new),
        do(put("issues", "3", {"title": "a long one", "text": "长" * 3000})),
        *(do(put("households", str(999 + i), {"name": f"李{i}", "phone": str(i)})) for i in range(3)),
        tinydb(lambda table: table.insert_multiple({"n": i} for i in range(3))),
        upkeep(store.upkeep.checkpoint),
        lambda: torn(store),
        do(put("issues", "1", None)),
        tinydb(lambda table: table.remove(doc_ids=[2])),
        do(put("households", "1000", {"name": "王", "phone": "9"})),
        upkeep(lambda: store.archive("2026-08", [("issues", "2"), ("issues", "4")])),
        do(put("issues", "4", {"title": "reopened"})),
        upkeep(store.upkeep.checkpoint),
        do(put("issues", "5", {"title": "last"})),
    ]


def torn(store: FileStore) -> None:
    """What a process leaves that is killed while it writes: half a line, which nobody acknowledged."""
    engine = store._engine
    with suppress(OSError):
        engine.disk.write(engine.journal._fd, b'{"v":1,"n":99,"t":"2026-')


def replayed(entries: list[Any]) -> dict[str, Any]:
    """The hot documents after these entries, by the plain rules."""
    state = State()
    for one in entries:
        state.apply({"n": one.number, "h": one.hash, "t": one.at, "ops": one.ops})
    return {kind: table for kind, table in state.tables.items() if kind[0] != "."}


def check(path: Path, expected: list[Any], acknowledged: int, most: int) -> int:
    """Hold a store after a fault against the entries it was given: all acknowledged, a prefix of the rest, nothing else.

    Then it must take a change, and be in order from its first byte to its last. Returns its last number.
    """
    store = FileStore(str(path), small(readonly=True))
    found = store.since(0)
    documents = store.load().documents
    store.close()
    assert acknowledged <= len(found) <= most, f"{acknowledged} acknowledged, {len(found)} there, {most} begun"
    assert [e.hash for e in found] == [e.hash for e in expected[: len(found)]]
    assert documents == replayed(expected[: len(found)])
    store = FileStore(str(path), small())
    assert not store.trouble, store.trouble
    store.append(put("issues", "77", {"after": True}))
    store.upkeep.checkpoint(wait=True)
    assert (store.fetch("issues", "77") or expected[0]).body == {"after": True}
    store.close()
    report = verify(str(path))
    assert report.findings == []
    return len(found)
