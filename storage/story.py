"""The index of the journal by document: which entries touched it. Made again at need, brought up to date when asked."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from storage import entry
from storage.derived import delete_index, open_index
from storage.errors import Corrupt
from storage.folder import Folder
from storage.segment import BEGINNING, Place, Reader
from storage.store import Entry

T = TypeVar("T")
_Line = tuple[int, int, int]
"""Where a line stands: segment, byte, length."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS touched (kind TEXT, id INTEGER, n INTEGER, segment INTEGER, offset INTEGER, length INTEGER,
    PRIMARY KEY (kind, id, n)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS upto (one INTEGER PRIMARY KEY, segment INTEGER, offset INTEGER, n INTEGER, hash TEXT);
"""


class Story:
    """One session's handle on the index, with a place in the journal of its own."""

    def __init__(self, folder: Folder, book: str) -> None:
        """Of the store in ``folder``; nothing is opened yet."""
        self._folder, self._book = folder, book
        self._path = os.path.join(folder.index, "story.sqlite")
        self._db: sqlite3.Connection | None = None

    def close(self) -> None:
        """Let go of the index."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def of(self, documents: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
        """The fields of the entries that touched any of these documents (kind, id), each once, newest first."""
        return self._sound(documents, lambda number, place: self._fetch(*place, number))

    def told(self, documents: Iterable[tuple[str, str]], known: dict[int, Entry]) -> list[Entry]:
        """The same entries without the documents that they wrote. ``known``: what earlier calls have read; it grows."""

        def one(number: int, place: _Line) -> Entry:
            if number not in known:
                read = entry.entry(self._fetch(*place, number))
                known[number] = replace(read, ops=tuple((kind, id, None) for kind, id, _ in read.ops))
            return known[number]

        return self._sound(documents, one)

    def _sound(self, documents: Iterable[tuple[str, str]], read: Callable[[int, _Line], T]) -> list[T]:
        """What ``read`` makes of each of the entries, newest first; from an index made anew where it was not sound."""
        wanted = [(kind, int(id)) for kind, id in documents]
        try:
            return self._of(wanted, read)
        except (sqlite3.DatabaseError, OSError, Corrupt, _Wrong):
            self.forget()
            return self._of(wanted, read)

    def _of(self, wanted: list[tuple[str, int]], read: Callable[[int, _Line], T]) -> list[T]:
        """The same from the index as it is."""
        db, places = self._current(), dict[int, _Line]()
        for key in wanted:
            for number, *place in db.execute("SELECT n, segment, offset, length FROM touched WHERE kind=? AND id=?", key):
                places[number] = (place[0], place[1], place[2])
        return [read(number, places[number]) for number in sorted(places, reverse=True)]

    def forget(self) -> None:
        """Delete the index; it is made again when it is next asked."""
        self.close()
        delete_index(self._path)

    def update(self) -> None:
        """Read on to the end of the journal."""
        self._current()

    def _current(self) -> sqlite3.Connection:
        """The index, up to the end of the journal."""
        db = self._db = self._db or open_index(self._path, _SCHEMA)
        with db:
            db.execute("BEGIN IMMEDIATE")
            row = db.execute("SELECT segment, offset, n, hash FROM upto").fetchone()
            journal = Reader(self._folder.journal, self._book)
            try:
                journal.start(Place(*row) if row else BEGINNING)
                if journal.behind():
                    db.executemany("INSERT OR REPLACE INTO touched VALUES (?,?,?,?,?,?)", _rows(journal))
                    db.execute(
                        "INSERT OR REPLACE INTO upto VALUES (1,?,?,?,?)",
                        (journal.segment, journal.offset, journal.number, journal.hash),
                    )
            finally:
                journal.close()
        return db

    def _fetch(self, segment: int, offset: int, length: int, number: int) -> dict[str, Any]:
        """One entry from the journal, if it is what the index says."""
        journal = Reader(self._folder.journal, self._book)
        fields = journal.fetch(segment, offset, length)
        if fields is None or fields.get("n") != number:
            raise _Wrong(number)
        return fields


class _Wrong(Exception):
    """The index points to something else than it says."""


def _rows(journal: Reader) -> Iterator[tuple[str, int, int, int, int, int]]:
    """A row for every document that the entries from here on touched."""
    for fields in journal.entries():
        place = (fields["n"], journal.segment, journal.line_at, journal.offset - journal.line_at)
        for kind, id in entry.touched(fields["ops"]):
            yield (kind, int(id), *place)
