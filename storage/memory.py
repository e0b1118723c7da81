"""The contract in memory: for tests, and for work that nothing need outlive. Everything is gone with the process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from storage import archive, words
from storage.entry import ZERO, check_id, encode, entry, fill, stamp, step_back, touched
from storage.errors import Unavailable
from storage.numbers import Numbers
from storage.state import State, check_expected, declare
from storage.store import Beside, Change, Document, Entry, Expected, Found, Hot, Kind, Query, Scope, Store


class MemoryBook:
    """What several sessions of a ``MemoryStore`` share: the entries, in their order."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.entries: list[dict[str, Any]] = []
        self.hash = ZERO
        self.changed = threading.Condition()
        self.archived: dict[tuple[str, str], tuple[dict[str, Any], int, str]] = {}
        self.aside: dict[tuple[str, str], bytes] = {}
        self.present: dict[int, bytes] = {}
        self.exports: dict[str, bytes] = {}
        self.secrets: dict[str, bytes] = {}
        self.crowd = 0

    exports: dict[str, bytes]
    """Name → a file for people."""

    secrets: dict[str, bytes]
    """Name → what is never in an entry."""

    aside: dict[tuple[str, str], bytes]
    """(person, name) → what is not finished."""

    present: dict[int, bytes]
    """Session → what it tells the others."""

    crowd: int
    """How often that has changed."""

    entries: list[dict[str, Any]]
    """The fields of every entry."""

    hash: str
    """The hash of the last."""

    changed: threading.Condition
    """Held by whoever writes; told to whoever waits."""

    archived: dict[tuple[str, str], tuple[dict[str, Any], int, str]]
    """(kind, id) → document, entry that wrote it last, archive."""


class MemoryBeside(Beside):
    """Drafts and who is here, in memory."""

    def __init__(self, book: MemoryBook) -> None:
        """Of one session."""
        self._book = book

    def put_aside(self, owner: str, name: str, body: Document | None) -> None:
        """Keep something unfinished of a person, or let go of it."""
        if body is None:
            self._book.aside.pop((owner, name), None)
        else:
            self._book.aside[owner, name] = orjson.dumps(body)

    def aside(self, owner: str) -> dict[str, Document]:
        """What a person has not finished, by name."""
        return {name: orjson.loads(body) for (whose, name), body in sorted(self._book.aside.items()) if whose == owner}

    def present(self, body: Document | None) -> None:
        """Tell the other sessions something about this one, or nothing any more."""
        with self._book.changed:
            if body is None:
                self._book.present.pop(id(self), None)
            else:
                self._book.present[id(self)] = orjson.dumps(body)
            self._book.crowd += 1
            self._book.changed.notify_all()

    def others(self) -> list[Document]:
        """What the other sessions tell."""
        return [orjson.loads(body) for session, body in list(self._book.present.items()) if session != id(self)]

    def export(self, name: str, data: bytes) -> str:
        """Save a file for people."""
        self._book.exports[name] = data
        return f"memory:{name}"

    def secret(self, name: str) -> Document | None:
        """What is kept under a name and never in an entry."""
        body = self._book.secrets.get(name)
        return None if body is None else orjson.loads(body)

    def change_secret(self, name: str, change: Callable[[Document | None], Document | None]) -> Document | None:
        """Put what ``change`` makes of it in its place."""
        with self._book.changed:
            fresh = change(self.secret(name))
            if fresh is None:
                self._book.secrets.pop(name, None)
            else:
                self._book.secrets[name] = orjson.dumps(fresh)
            return fresh

    @property
    def crowd(self) -> int:
        """A number that changes when ``others`` may say something else."""
        return self._book.crowd


class MemoryStore(Store):
    """One session on a book in memory."""

    def __init__(
        self, now: Callable[[], datetime], kinds: Mapping[str, Kind] | None = None, book: MemoryBook | None = None
    ) -> None:
        """On a book of its own, or on one that other sessions share."""
        self._now, self._kinds, self._book = now, dict(kinds or {}), book or MemoryBook()
        self._state = State()
        self._closed = False
        self._beside = MemoryBeside(self._book)
        with self._book.changed:
            self._catch_up()
            change = declare(self._kinds, self._state)
            if change is not None:
                self._commit(change, [(op.kind, str(op.id), dict(op.body or {})) for op in change.ops])

    @property
    def number(self) -> int:
        """The last entry this session has read."""
        return self._state.number

    @property
    def trouble(self) -> str:
        """Empty until it is closed."""
        return "the store is closed" if self._closed else ""

    def load(self, scope: Scope = Scope()) -> Hot:  # noqa: B008 - immutable
        """Catch up, then the hot documents of the scope."""
        with self._book.changed:
            self._catch_up()
            return self._state.hot(scope)

    def append(self, change: Change, expected: Expected | None = None) -> int:
        """Keep a change and return its number."""
        if self._closed:
            raise Unavailable("{trouble}; nothing was written", trouble=self.trouble)
        with self._book.changed:
            self._catch_up()
            if expected:
                check_expected(expected, self._state.version)
            numbers = Numbers(self._state.counters)
            return self._commit(change, fill(change, numbers.give), numbers)

    def since(self, number: int) -> list[Entry]:
        """Catch up, then every entry after ``number``, in order."""
        with self._book.changed:
            self._catch_up()
            return [entry(fields) for fields in self._book.entries[number:]]

    @property
    def beside(self) -> MemoryBeside:
        """Drafts, and who is here."""
        return self._beside

    def wait(self, number: int, timeout: float, crowd: int | None = None) -> bool:
        """Sleep until there is an entry after ``number``, or the time is over, or the store is closed."""
        deadline, book = time.monotonic() + timeout, self._book
        with book.changed:
            while not self._closed and not self._news(number, crowd):
                left = deadline - time.monotonic()
                if left <= 0 or not book.changed.wait(left):
                    break
            return not self._closed and self._news(number, crowd)

    def _news(self, number: int, crowd: int | None) -> bool:
        """Whether there is something to wake for."""
        return len(self._book.entries) > number or crowd not in (None, self._book.crowd)

    def story(self, kind: str, id: str) -> Iterator[Entry]:
        """The entries that touched one document, newest first."""
        check_id(id)
        with self._book.changed:
            return iter([entry(f) for f in reversed(self._book.entries) if (kind, id) in touched(f["ops"])])

    def fetch(self, kind: str, id: str) -> Found | None:
        """One document wherever it is: hot before shelf before the latest archive."""
        with self._book.changed:
            self._catch_up()
            known, found = self._state.fetch(kind, check_id(id))
            old = self._book.archived.get((kind, id))
            return found if known or old is None else Found(kind, id, old[0], 0, old[2])

    def find(self, query: Query) -> list[Found]:
        """Documents of shelf and archive that match, the latest written first."""
        kind = words.declared(self._kinds, query)
        with self._book.changed:
            self._catch_up()
            hot, shelf = self._state.tables.get(query.kind, {}), self._state.overlay.get(query.kind, {})
            held = [(n, Found(query.kind, id, body, n, "shelf")) for id, (body, n) in shelf.items() if body is not None]
            held += [
                (n, Found(of, id, body, 0, place))
                for (of, id), (body, n, place) in self._book.archived.items()
                if of == query.kind and id not in hot
            ]
        fitting = [(n, one) for n, one in held if words.fits(one.body, kind, query)]
        return [one for _, one in sorted(fitting, key=lambda item: item[0], reverse=True)][: query.limit]

    def archive(
        self,
        name: str,
        documents: Iterable[tuple[str, str]],
        *,
        who: str = "",
        why: str = "",
        at: datetime | None = None,
    ) -> int:
        """Move hot documents to where they are found but not loaded: how many went."""
        archive.check_name(name)
        with self._book.changed:
            self._catch_up()
            versions = archive.hot(self._state, documents)
            place = archive.free_name(self._state, name)
            if not versions:
                return 0
            for kind, ids in versions.items():
                for id, n in ids.items():
                    self._book.archived[kind, id] = (self._state.tables[kind][id], n, place.removesuffix(".json"))
            ops = archive.record(self._state.number, self._state, {"file": place}, versions)
            self._commit(Change(who=who, what="archive", ops=(), why=why, at=at), ops)
            return sum(len(ids) for ids in versions.values())

    def close(self) -> None:
        """Wake whoever waits; the book stays with the other sessions."""
        self._beside.present(None)
        with self._book.changed:
            self._closed = True
            self._book.changed.notify_all()

    def _catch_up(self) -> None:
        """Apply what the others have committed."""
        for fields in self._book.entries[self._state.number :]:
            self._state.apply(fields)

    def _commit(self, change: Change, ops: list[Any], numbers: Numbers | None = None) -> int:
        """Add one entry: the very line that a journal would hold."""
        at = stamp(change.at or self._now())
        step = step_back(self._state.at, at)
        more: dict[str, Any] = {"step": step} if step else {}
        line, self._book.hash = encode(change, at, self._state.number + 1, ops, numbers, more, self._book.hash)
        self._book.entries.append(orjson.loads(line))
        self._catch_up()
        self._book.changed.notify_all()
        return self._state.number
