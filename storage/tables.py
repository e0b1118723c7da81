"""TinyDB on the store: its tables take TinyDB's own calls and queries, and every change is a journal entry.

TinyDB's underscore names carry no promise; ``pyproject.toml`` pins the range, and TinyDB's own tests run on both ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import get_ident as _here
from typing import TYPE_CHECKING, Any, cast

from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from storage.errors import Invalid
from storage.store import Change
from storage.views import Transaction, View, checked, copied

if TYPE_CHECKING:
    from storage.engine import Engine

_Rewrite = Mapping[str, Any] | Callable[[Any], None]


class StateStorage(Storage):
    """TinyDB's way to the documents in memory. Its ``write`` is never used: tables record what changed instead."""

    def __init__(self, database: Database) -> None:
        """For the tables of ``database``."""
        self._database = database

    def read(self) -> dict[str, dict[str, Any]] | None:
        """All tables, with what the running change has done to them."""
        return self._database.read_all()

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Replace everything: what changed becomes one entry."""
        with self._database.transaction(what="write") as change:
            for kind in change.kinds() - set(data):
                change.clear(kind, drop=True)
            for kind, documents in data.items():
                view = change.view(kind)
                for id in set(view.ids()) - {str(id) for id in documents}:
                    del view[int(id)]
                for id, body in documents.items():
                    view[int(id)] = dict(body)


class JournalTable(Table):
    """A TinyDB table whose changes are journal entries. Documents it hands out are the caller's own."""

    default_query_cache_capacity = 0  # another process may write at any time

    _database: Database

    def __init__(self, storage: Storage, name: str, cache_size: int = 0, persist_empty: bool = False) -> None:
        """As TinyDB's; ``cache_size`` is taken and ignored, for a cache would go stale when another process writes."""
        del cache_size
        self._database = cast(StateStorage, storage)._database
        super().__init__(storage, name, cache_size=0, persist_empty=False)
        if persist_empty and name not in self._database.tables():
            self.truncate()

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        """The documents by string id, up to date."""
        return self._database.read(self.name)

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        """Let ``updater`` work on a view, and record what it changed."""
        with self._database.transaction() as change:
            updater(change.view(self.name))

    def _get_next_id(self) -> int:
        """The next number of the table's persistent counter; given out for good, even outside a change."""
        with self._database.transaction(what="number") as change:
            view = change.view(self.name)
            while (number := change.numbers.next(self.name)) in view:
                pass  # a document with an id of its own was put in earlier in this change
            return number

    def insert(self, document: Mapping[str, Any]) -> int:
        """As TinyDB's, in one entry with its number."""
        with self._database.transaction(what="insert"):
            return super().insert(document)

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        """As TinyDB's, in one entry."""
        with self._database.transaction(what="insert"):
            return super().insert_multiple(documents)

    def upsert(self, document: Mapping[str, Any], cond: QueryLike | None = None) -> list[int]:
        """As TinyDB's, in one entry: nobody comes between looking and inserting."""
        with self._database.transaction(what="upsert"):
            return super().upsert(document, cond)

    def truncate(self) -> None:
        """As TinyDB's: the table stays, its ids start over."""
        with self._database.transaction(what="truncate") as change:
            change.clear(self.name, drop=False)

    def get(self, cond: QueryLike | None = None, doc_id: int | None = None, doc_ids: list[int] | None = None) -> Any:
        """As TinyDB's; by id without looking at any other document."""
        if doc_id is not None:
            found = self._read_table().get(str(doc_id))
            return None if found is None else self._own(str(doc_id), found)
        if doc_ids is not None:
            table, wanted = self._read_table(), {str(id) for id in doc_ids}
            return [self._own(id, table[id]) for id in table if id in wanted]
        if cond is not None:
            return next(self._matching(cond), None)
        raise RuntimeError("You have to pass either cond or doc_id or doc_ids")

    def search(self, cond: QueryLike) -> list[Document]:
        """As TinyDB's, never from a cache."""
        return list(self._matching(cond))

    def __iter__(self) -> Iterator[Document]:
        """As TinyDB's."""
        return iter([self._own(id, body) for id, body in self._items()])

    def _items(self) -> list[tuple[str, Mapping[str, Any]]]:
        """The documents as they are now, whoever writes meanwhile."""
        with self._database.guard:
            return list(self._read_table().items())

    def _matching(self, cond: QueryLike) -> Iterator[Document]:
        """The documents for which the query holds."""
        return (self._own(id, body) for id, body in self._items() if cond(body))

    def _own(self, id: str, body: Mapping[str, Any]) -> Document:
        """A copy for the caller: what he does to it stays his."""
        return self.document_class(copied(body), self.document_id_class(id))

    def update(self, fields: _Rewrite, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        """As TinyDB's 4.9; only the documents that match are copied."""
        with self._database.transaction(what="update") as change:
            view = change.view(self.name)
            if doc_ids is not None:
                found = [id for id in doc_ids if id in view]
            else:
                found = [int(id) for id in view.ids() if cond is None or cond(view.peek(id))]
            for id in found:
                _rewrite(view, id, fields)
            return found

    def update_multiple(self, updates: Iterable[tuple[_Rewrite, QueryLike]]) -> list[int]:
        """As TinyDB's: every pair is tried on every document, each seeing what the one before did."""
        pairs, found = list(updates), list[int]()
        with self._database.transaction(what="update") as change:
            view = change.view(self.name)
            for id in view.ids():
                for fields, cond in pairs:
                    if cond(view.peek(id)):
                        _rewrite(view, int(id), fields)
                        found.append(int(id))
        return found

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        """As TinyDB's 4.9. The ids are never given out again."""
        if cond is None and doc_ids is None:
            raise RuntimeError("Use truncate() to remove all documents")
        with self._database.transaction(what="remove") as change:
            view = change.view(self.name)
            if doc_ids is not None:
                found = [id for id in doc_ids if id in view]
            else:
                found = [int(id) for id in view.ids() if cond is not None and cond(view.peek(id))]
            for id in found:
                del view[id]
            return found


class Database(TinyDB):
    """A TinyDB whose tables stand in the store's journal, for any number of sessions at once."""

    table_class = JournalTable

    def __init__(self, engine: Engine, committed: Callable[[], None]) -> None:
        """On one session's store. ``committed`` is called after every change, outside the lock."""
        self._engine, self._committed = engine, committed
        self.guard = engine.guard
        self._running: Transaction | None = None
        self._thread = 0
        super().__init__(self, storage=StateStorage)

    def __len__(self) -> int:
        """Documents in the default table."""
        return len(self.table(self.default_table_name))

    def read(self, kind: str) -> dict[str, Any]:
        """One table by string id: within a change as the change sees it, else the latest."""
        change = self._mine()
        if change is not None:
            return change.view(kind).documents()
        if kind in self._engine.state.shelved:
            raise Invalid("{kind} is kept on the shelf and not as a table; use fetch and find", kind=kind)
        self._engine.catch_up()
        return self._engine.state.tables.get(kind, {})

    def read_all(self) -> dict[str, dict[str, Any]] | None:
        """All tables but the store's own; None where there are none."""
        change = self._mine()
        if change is None:
            self._engine.catch_up()
            return {kind: held for kind, held in self._engine.state.tables.items() if kind[0] != "."} or None
        return {kind: change.view(kind).documents() for kind in change.kinds()} or None

    @contextmanager
    def transaction(self, who: str = "", what: str = "change", why: str = "", source: str = "") -> Iterator[Transaction]:
        """Several calls on several tables as one entry: all of them are kept, or none. Calls inside see each other.

        Within another transaction of this thread it is part of that one.
        """
        running = self._mine()
        if running is not None:
            try:
                yield running
            except BaseException:
                running.refused = True  # half of a call may have been done
                raise
            return
        engine = self._engine
        with engine.exclusive() as at:
            change = Transaction(engine.state)
            self._running, self._thread = change, _here()
            try:
                yield change
            finally:
                self._running = None
            if change.refused:
                raise Invalid("a call within the change was refused half-way; nothing of the change was written")
            ops = change.ops()
            if ops or change.numbers.used:
                said = Change(who=who, what=what, ops=(), why=why, source=source)
                engine.commit(said, at, checked(ops), change.numbers)
        self._committed()

    def drop_table(self, name: str) -> None:
        """As TinyDB's."""
        self._tables.pop(name, None)
        with self.transaction(what="drop") as change:
            if name in change.kinds():
                change.clear(name, drop=True)

    def drop_tables(self) -> None:
        """As TinyDB's; the store's own documents and the story stay."""
        with self.transaction(what="drop") as change:
            for kind in change.kinds():
                change.clear(kind, drop=True)
        self._tables.clear()

    def _mine(self) -> Transaction | None:
        """The running change, if it is this thread's."""
        return self._running if self._running is not None and self._thread == _here() else None


def _rewrite(view: View, id: int, fields: _Rewrite) -> None:
    """Apply TinyDB's ``fields`` to one document."""
    if callable(fields):
        fields(view[id])
    else:
        view[id].update(fields)
