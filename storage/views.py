"""What one change sees and does: the tables as they stand under the lock, with its own writes over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, cast

import orjson

from storage.entry import RawOps, check_id, check_kind
from storage.errors import Invalid
from storage.numbers import Numbers
from storage.state import State
from storage.store import WHOLE


class View(MutableMapping[int, Any]):
    """One table as a change sees it: reads fall through to the store, writes stay here until they are recorded.

    What is taken out to be changed is a deep copy, so nothing reaches the store but through its journal.
    """

    def __init__(self, table: Mapping[str, Mapping[str, Any]]) -> None:
        """Over the documents of the table as they stand under the lock."""
        self._table = table
        self._mine: dict[str, Any] = {}
        self._gone: set[str] = set()
        self._cleared = False

    def peek(self, id: str) -> Mapping[str, Any]:
        """A document to look at, not to change. Raises ``KeyError`` where there is none."""
        if id in self._mine:
            return cast(Mapping[str, Any], self._mine[id])
        if self._cleared or id in self._gone:
            raise KeyError(id)
        return self._table[id]

    def ids(self) -> list[str]:
        """The ids as TinyDB's files have them: strings, in the order of the table."""
        old = [] if self._cleared else [id for id in self._table if id not in self._gone]
        return old + [id for id in self._mine if self._cleared or id not in self._table or id in self._gone]

    def documents(self) -> dict[str, Any]:
        """The whole table as a read in the middle of the change sees it."""
        return {id: self.peek(id) for id in self.ids()}

    def __getitem__(self, id: int) -> Any:
        """A document to be changed in place."""
        key = str(id)
        if key not in self._mine:
            self._mine[key] = copied(self.peek(key))
            self._gone.discard(key)
        return self._mine[key]

    def __setitem__(self, id: int, document: Any) -> None:
        """A new whole document."""
        self._mine[str(id)] = document

    def __delitem__(self, id: int) -> None:
        """Take a document out."""
        key = str(id)
        self.peek(key)
        self._mine.pop(key, None)
        self._gone.add(key)

    def __contains__(self, id: object) -> bool:
        """Whether there is such a document."""
        try:
            self.peek(str(id))
        except KeyError:
            return False
        return True

    def __iter__(self) -> Iterator[int]:
        """The ids as TinyDB's calls have them: integers."""
        return iter([int(id) for id in self.ids()])

    def __len__(self) -> int:
        """How many documents there are."""
        return len(self.ids())

    def clear(self) -> None:
        """Empty the table."""
        self._cleared = True
        self._mine.clear()
        self._gone.clear()

    def ops(self, kind: str, dropped: bool = False) -> RawOps:
        """What changed, as operations of an entry."""
        found: RawOps = [(kind, WHOLE, None if dropped else {})] if self._cleared else []
        if not self._cleared:
            found += [(kind, id, None) for id in self._gone if id in self._table and id not in self._mine]
        same = {} if self._cleared else self._table
        return found + [(kind, id, body) for id, body in self._mine.items() if _differs(same.get(id), body)]


class Transaction:
    """The tables as one change sees them, and the numbers it takes."""

    def __init__(self, state: State) -> None:
        """On the latest state, under the lock."""
        self._state = state
        self._views: dict[str, View] = {}
        self._dropped: set[str] = set()
        self.numbers = Numbers(state.counters)
        self.refused = False

    numbers: Numbers
    """The numbers given out in this change."""

    refused: bool
    """Whether a call within it has failed: then nothing of it is kept."""

    def view(self, kind: str) -> View:
        """One table."""
        if kind in self._state.shelved:
            raise Invalid("{kind} is kept on the shelf and not as a table; use fetch, find and append", kind=kind)
        if kind not in self._views:
            self._views[kind] = View(self._state.tables.get(kind, {}))
        return self._views[kind]

    def clear(self, kind: str, drop: bool) -> None:
        """Empty a table, or take it out with its name; its ids start over."""
        self.view(kind).clear()
        self.numbers.restart(kind)
        if drop:
            self._dropped.add(kind)

    def kinds(self) -> set[str]:
        """The names of the tables as this change sees them."""
        held = {kind for kind in self._state.tables if kind[0] != "."} | set(self._views)
        return {kind for kind in held if kind not in self._dropped or len(self._views[kind])}

    def ops(self) -> RawOps:
        """Everything that changed."""
        return [op for kind, view in self._views.items() for op in view.ops(kind, kind in self._dropped)]


def copied(body: Mapping[str, Any]) -> dict[str, Any]:
    """A deep copy of a document from the store: by way of JSON, which is what it came from."""
    copy: dict[str, Any] = orjson.loads(orjson.dumps(body))
    return copy


def _differs(old: Mapping[str, Any] | None, new: Any) -> bool:
    """Whether a document is another than before: to Python 1, 1.0 and True are equal, in JSON they are not."""
    if old is None or old != new:
        return True
    try:
        return orjson.dumps(old) != orjson.dumps(new)
    except TypeError:
        return True  # not JSON: the commit says why


def checked(ops: RawOps) -> RawOps:
    """The operations, if their kinds and ids are such as a store takes."""
    for kind, id, _ in ops:
        check_kind(kind)
        if id != WHOLE:
            check_id(id)
    return ops
