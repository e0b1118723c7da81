"""The documents in memory, and how an entry changes them. No file, no lock: shared by every kind of store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storage.errors import Conflict, Stale
from storage.store import WHOLE, Change, Document, Expected, Found, Hot, Kind, Op, Scope

KINDS = ".kinds"
"""The store's own documents: which kinds are shelved."""

SNAPSHOTS = ".snapshots"
"""The store's own documents: the digests of the checkpoints."""

ARCHIVES = ".archives"
"""The store's own documents: the archive files and their digests."""

SHELF = ".shelf"
"""The store's own documents: the shelf's files and their digests."""

Overlay = dict[str, dict[str, tuple[Document | None, int]]]
"""kind → id → (shelved document or None, entry that wrote it), for what is not yet in a shelf file."""


class State:
    """Everything a session holds in memory. Documents are replaced, never changed, so they may be shared."""

    __slots__ = ("at", "changed", "counters", "hash", "number", "overlay", "shelved", "tables", "versions")

    number: int
    """Last entry applied."""

    hash: str
    """Its hash."""

    at: str
    """Its time, as stamped."""

    tables: dict[str, dict[str, Document]]
    """kind → id → hot document; the store's own kinds begin with a dot."""

    versions: dict[str, dict[str, int]]
    """kind → id → entry that wrote it last."""

    changed: dict[str, int]
    """kind → entry that touched it last."""

    counters: dict[str, int]
    """Counter → highest number given out, or highest id of the kind of that name."""

    shelved: set[str]
    """Kinds that are not held in memory."""

    overlay: Overlay
    """Shelved documents that are not yet in a shelf file."""

    def __init__(self) -> None:
        """An empty store before its first entry."""
        self.number, self.hash, self.at = 0, "", ""
        self.tables, self.versions, self.changed, self.counters = {}, {}, {}, {}
        self.shelved, self.overlay = set(), {}

    def apply(self, fields: Mapping[str, Any]) -> None:
        """Change the documents as one entry says. ``fields``: n, t, h, ops and, where given out, counters."""
        self.number = number = fields["n"]
        self.hash, self.at = fields["h"], fields["t"]
        counters = self.counters
        for kind, id, body in fields["ops"]:
            self.changed[kind] = number
            if id == WHOLE:
                self._whole(kind, body)
                continue
            if body is not None and int(id) > counters.get(kind, 0):
                counters[kind] = int(id)
            if kind in self.shelved:
                self.overlay.setdefault(kind, {})[id] = (body, number)
            elif body is None:
                self.tables.get(kind, {}).pop(id, None)
                self.versions.get(kind, {}).pop(id, None)
            else:
                # An entry may be applied again after an interruption anywhere, so no step relies on another's being done.
                self.tables.setdefault(kind, {})[id] = body
                self.versions.setdefault(kind, {})[id] = number
                if kind[0] == ".":
                    self._own(kind, body)
        if "counters" in fields:
            counters.update(fields["counters"])

    def _whole(self, kind: str, body: Document | None) -> None:
        """Empty a kind, or take it out with its name; its ids start over, as TinyDB's do."""
        self.counters.pop(kind, None)
        if body is None:
            self.tables.pop(kind, None)
            self.versions.pop(kind, None)
        else:
            self.tables[kind], self.versions[kind] = {}, {}

    def _own(self, kind: str, body: Document) -> None:
        """What one of the store's own documents means for the memory."""
        if kind == KINDS:
            self._shelve(body["kind"])
        elif kind == SHELF:
            self._put_away(body)

    def _shelve(self, kind: str) -> None:
        """From here on a kind is not held in memory; what is hot of it waits in the overlay for its file."""
        self.shelved.add(kind)
        versions, fresh = self.versions.get(kind, {}), self.overlay.setdefault(kind, {})
        fresh.update({id: (body, versions[id]) for id, body in self.tables.get(kind, {}).items()})
        self.tables.pop(kind, None)
        self.versions.pop(kind, None)
        for about in self.own(SHELF):
            if about["kind"] == kind:
                self._put_away(about)

    def _put_away(self, about: Document) -> None:
        """A shelf file has been written: what it holds need not be held here."""
        fresh = self.overlay.get(about["kind"], {})
        for id in [id for id, (_, n) in fresh.items() if n <= about["n"] and shard(id) == about["shard"]]:
            del fresh[id]

    def version(self, kind: str, id: str) -> int:
        """The entry that wrote a hot or overlaid document last, 0 where there is none; ``*``: that touched the kind."""
        if id == WHOLE:
            return self.changed.get(kind, 0)
        if kind in self.shelved:
            body, number = self.overlay.get(kind, {}).get(id, (None, 0))
            return 0 if body is None else number
        return self.versions.get(kind, {}).get(id, 0)

    def hot(self, scope: Scope) -> Hot:
        """The hot documents of a scope, in dictionaries of the caller's own."""
        kinds = [kind for kind in self.tables if kind[0] != "." and (not scope.kinds or kind in scope.kinds)]
        return Hot(
            self.number,
            {kind: dict(self.tables[kind]) for kind in kinds},
            {kind: dict(self.versions[kind]) for kind in kinds},
        )

    def fetch(self, kind: str, id: str) -> tuple[bool, Found | None]:
        """Whether the memory knows about a document, and the document; False where only files can tell."""
        body = self.tables.get(kind, {}).get(id)
        if body is not None:
            return True, Found(kind, id, body, self.version(kind, id), "hot")
        fresh = self.overlay.get(kind, {}).get(id)
        if fresh is None:
            return False, None
        return True, None if fresh[0] is None else Found(kind, id, fresh[0], fresh[1], "shelf")

    def own(self, kind: str) -> list[Document]:
        """The store's own documents of one kind, oldest first."""
        return list(self.tables.get(kind, {}).values())

    def same(self, other: State) -> bool:
        """Whether two states hold the same; a table that is empty is as good as none."""
        return _held(self) == _held(other)

    def copy(self) -> State:
        """A state that stays as it is now: its dictionaries are its own, the documents are shared."""
        other = State()
        other.number, other.hash, other.at = self.number, self.hash, self.at
        other.tables = {kind: dict(table) for kind, table in self.tables.items()}
        other.versions = {kind: dict(table) for kind, table in self.versions.items()}
        other.changed, other.counters = dict(self.changed), dict(self.counters)
        other.shelved = set(self.shelved)
        other.overlay = {kind: dict(table) for kind, table in self.overlay.items()}
        return other


SHARD = 1000
"""Ids to a shelf file."""


def shard(id: str) -> int:
    """Which shelf file of its kind holds a document."""
    return int(id) // SHARD


def _held(state: State) -> tuple[object, ...]:
    """All of a state that a reader could tell."""
    parts = (state.tables, state.versions, state.overlay)
    return state.counters, state.shelved, *({kind: held for kind, held in part.items() if held} for part in parts)


def check_expected(expected: Expected, version: Any) -> None:
    """Raise ``Conflict`` naming every document whose ``version(kind, id)`` is not the expected one."""
    stale = [
        Stale(kind, id, wanted, found) for (kind, id), wanted in expected.items() if (found := version(kind, id)) != wanted
    ]
    if stale:
        raise Conflict(stale)


def declare(kinds: Mapping[str, Kind], state: State) -> Change | None:
    """The change that makes newly declared shelf kinds known to everyone, or None where all are known."""
    fresh = sorted(name for name, kind in kinds.items() if kind.shelf and name not in state.shelved)
    if not fresh:
        return None
    first = state.counters.get(KINDS, 0) + 1
    ops = [Op(KINDS, str(first + i), {"kind": name, "shelf": True}) for i, name in enumerate(fresh)]
    return Change(who="", what="declare", ops=ops)
