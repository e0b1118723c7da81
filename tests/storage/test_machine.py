"""Any sequence of acts in any of three sessions, against a plain dictionary: reopen, checkpoint and archive included."""

from __future__ import annotations

import shutil
import tempfile
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from storage.errors import Conflict
from storage.files import FileStore
from storage.store import Change, Number, Op
from storage.verify import verify
from tests.storage.helpers import Clock, options, put

ids = st.integers(1, 6).map(str)
bodies = st.dictionaries(
    st.text(max_size=5),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53), 2**53)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=5,
    ),
    max_size=3,
)
sessions = st.integers(0, 2)


class Machine(RuleBasedStateMachine):
    """Three sessions on one store."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.mkdtemp()
        self.settings = options(Clock(), segment=3000, reserve=0)
        self.stores = [FileStore.create(self.folder, self.settings)]
        self.stores += [FileStore(self.folder, self.settings) for _ in range(2)]
        self.hot: dict[str, Any] = {}
        self.cold: dict[str, Any] = {}
        self.shelf: dict[str, Any] = {}
        self.highest = 0
        self.last = self.stores[0].number

    def teardown(self) -> None:
        if hasattr(self, "stores"):
            for store in self.stores:
                store.close()
            report = verify(self.folder)
            assert report.findings == [] and report.entries == self.last
            shutil.rmtree(self.folder)

    @rule(who=sessions, id=ids, body=bodies)
    def put(self, who: int, id: str, body: dict[str, Any]) -> None:
        self.last = self.stores[who].append(put("issues", id, body))
        self.hot[id] = body
        self.highest = max(self.highest, int(id))

    @rule(who=sessions, id=ids)
    def take(self, who: int, id: str) -> None:
        self.last = self.stores[who].append(put("issues", id, None))
        self.hot.pop(id, None)

    @rule(who=sessions, body=bodies)
    def new(self, who: int, body: dict[str, Any]) -> None:
        self.last = self.stores[who].append(Change("p", "new", [Op("issues", Number("issues"), body)]))
        self.highest += 1
        self.hot[str(self.highest)] = body

    @rule(who=sessions, other=sessions, id=ids)
    def conflict(self, who: int, other: int, id: str) -> None:
        """Two sessions decide on the same version; the second is refused."""
        version = self.stores[who].load().versions.get("issues", {}).get(id, 0)
        self.last = self.stores[other].append(put("issues", id, {"first": other}), {("issues", id): version})
        self.hot[id] = {"first": other}
        self.highest = max(self.highest, int(id))
        try:
            self.stores[who].append(put("issues", id, {"second": who}), {("issues", id): version})
        except Conflict:
            return
        raise AssertionError("a stale version got through")

    @rule(who=sessions, id=ids, body=bodies)
    def shelve(self, who: int, id: str, body: dict[str, Any]) -> None:
        self.last = self.stores[who].append(put("households", id, body))
        self.shelf[id] = body

    @rule(who=sessions, id=ids, body=bodies)
    def tinydb(self, who: int, id: str, body: dict[str, Any]) -> None:
        found = self.stores[who].db.table("issues").update(lambda d: (d.clear(), d.update(body)), doc_ids=[int(id)])
        if found:
            self.hot[id] = body
        self.last = self.stores[who].load().number

    @rule(who=sessions, chosen=st.sets(ids))
    def archive(self, who: int, chosen: set[str]) -> None:
        moved = self.stores[who].archive("2026-08", [("issues", id) for id in chosen])
        assert moved == len(chosen & set(self.hot))
        for id in chosen & set(self.hot):
            self.cold[id] = self.hot.pop(id)
        self.last = self.stores[who].load().number

    @rule(who=sessions)
    def checkpoint(self, who: int) -> None:
        assert self.stores[who].upkeep.checkpoint()
        self.last = self.stores[who].number

    @rule(who=sessions)
    def reopen(self, who: int) -> None:
        self.stores[who].close()
        self.stores[who] = FileStore(self.folder, self.settings)

    @invariant()
    def everyone_sees_the_same(self) -> None:
        if not hasattr(self, "stores"):
            return
        for store in self.stores:
            hot = store.load()
            assert hot.number == self.last
            assert hot.documents.get("issues", {}) == self.hot
        entries = self.stores[0].since(0)
        assert [e.number for e in entries] == list(range(1, self.last + 1))
        for id in ("1", "2", "3"):
            found = self.stores[1].fetch("issues", id)
            assert (found.body if found else None) == self.hot.get(id, self.cold.get(id))
            found = self.stores[2].fetch("households", id)
            assert (found.body if found else None) == self.shelf.get(id)


Machine.TestCase.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
TestMachine = Machine.TestCase
