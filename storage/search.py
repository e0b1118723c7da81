"""The index of archives and shelf: where each document stands, its declared values, its words. Made again at need.

A SQLite file in ``index/``, which may be deleted at any time. What it says is checked against the file it points to.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import TypeVar

import orjson

from storage import archive, tinyfile, words
from storage.derived import delete_index, open_index
from storage.folder import Folder
from storage.state import ARCHIVES, SHELF, State
from storage.store import Document, Found, Kind, Query

T = TypeVar("T")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (file TEXT PRIMARY KEY, sha256 TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS docs (row INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, file TEXT NOT NULL,
    offset INTEGER NOT NULL, length INTEGER NOT NULL, version INTEGER NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS docs_id ON docs (kind, id);
CREATE INDEX IF NOT EXISTS docs_file ON docs (file);
CREATE TABLE IF NOT EXISTS keys (kind TEXT, field TEXT, value TEXT, row INTEGER, PRIMARY KEY (kind, field, value, row))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS upto (one INTEGER PRIMARY KEY, n INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS retired (row INTEGER PRIMARY KEY);
CREATE VIRTUAL TABLE IF NOT EXISTS words
    USING fts5(text, content='', columnsize=0, tokenize="ascii", prefix='1 2');
"""
_ROWS = 20  # bits of a row that tell documents of one entry apart; the rest is the entry, so rows are in its order


class Search:
    """One session's handle on the index. Opened when it is first asked, brought up to date with what is recorded."""

    def __init__(self, folder: Folder, kinds: Mapping[str, Kind], book: str) -> None:
        """Of the store in ``folder``; ``kinds`` says what is indexed: another declaration has another index."""
        said = sorted((name, kind.indexes, kind.text) for name, kind in kinds.items())
        self._path = os.path.join(folder.index, f"search-{sha256(orjson.dumps([book, said])).hexdigest()[:12]}.sqlite")
        self._folder, self._kinds = folder, kinds
        self._db: sqlite3.Connection | None = None

    def close(self) -> None:
        """Let go of the index."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def fetch(self, state: State, kind: str, id: str) -> Found | None:
        """The document in the shelf's files or the latest archive that holds it."""
        return self._ask(
            state,
            lambda db: next(
                self._found(
                    db.execute("SELECT kind, id, file, offset, length, version FROM docs WHERE kind=? AND id=?", (kind, id))
                ),
                None,
            ),
        )

    def version(self, state: State, kind: str, id: str) -> int:
        """The entry that wrote a document in the shelf's files last, 0 where there is none."""
        found = self.fetch(state, kind, id)
        return found.version if found else 0

    def find(self, state: State, query: Query, skip: Callable[[str], bool]) -> list[Found]:
        """What matches, latest written first, without the ids for which ``skip`` is true."""
        sql, values = _statement(query)

        def ask(db: sqlite3.Connection) -> list[Found]:
            found: list[Found] = []
            for one in self._found(row for row in db.execute(sql, values) if not skip(row[1])):
                found.append(one)
                if len(found) >= query.limit:
                    break
            return found

        return self._ask(state, ask)

    def update(self, state: State) -> None:
        """Take in what has been recorded since."""
        self._ask(state, lambda db: None)

    def _ask(self, state: State, ask: Callable[[sqlite3.Connection], T]) -> T:
        """The answer of the up-to-date index; one that is damaged is made again, once."""
        try:
            return ask(self._current(state))
        except (sqlite3.DatabaseError, _Wrong):
            self.forget()
            return ask(self._current(state))

    def forget(self) -> None:
        """Delete the index; it is made again when it is next asked."""
        self.close()
        delete_index(self._path)

    def _current(self, state: State) -> sqlite3.Connection:
        """The index, holding every file that the state records and no other."""
        if self._db is None:
            self._db = open_index(self._path, _SCHEMA)
        mark = max(state.changed.get(ARCHIVES, 0), state.changed.get(SHELF, 0))
        if self._upto(mark) != mark:
            wanted = _wanted(state)
            with self._db:
                self._db.execute("BEGIN IMMEDIATE")
                if self._upto(mark) != mark:
                    known = dict(self._db.execute("SELECT file, sha256 FROM files"))
                    for file in [file for file, digest in known.items() if wanted.get(file) != digest]:
                        _drop(self._db, file)
                    for file, digest in wanted.items():
                        if known.get(file) != digest:
                            self._take(self._db, file, digest)
                    self._db.execute("INSERT OR REPLACE INTO upto VALUES (1,?)", (mark,))
        return self._db

    def _upto(self, mark: int) -> int:
        """The entry up to which the index is made. Raises ``Behind`` where that is further than this session has read."""
        assert self._db is not None
        row = self._db.execute("SELECT n FROM upto").fetchone()
        if row and row[0] > mark:
            raise Behind
        return row[0] if row else -1

    def _take(self, db: sqlite3.Connection, file: str, digest: str) -> None:
        """Take one file's documents in; the same document in an older file gives way."""
        data = archive.read(os.path.join(self._folder.path, file), digest)
        part = archive.decode(data)
        row = bound = 0
        held = sorted(tinyfile.lines(data), key=lambda line: part.versions[line.table][line.id])
        for line in held:
            version = part.versions[line.table][line.id]
            old = db.execute("SELECT row, file FROM docs WHERE kind=? AND id=?", (line.table, line.id)).fetchone()
            if old is not None:
                if old[1].startswith("shelf/") and not file.startswith("shelf/"):
                    continue  # archived once, and put on the shelf since: the shelf is the later
                _retire(db, old[0])
            if version << _ROWS != bound:
                bound = version << _ROWS
                row = db.execute(
                    "SELECT max(coalesce((SELECT max(row) FROM docs WHERE row>=?1 AND row<?2), ?1-1),"
                    " coalesce((SELECT max(row) FROM retired WHERE row>=?1 AND row<?2), ?1-1))",
                    (bound, bound + (1 << _ROWS)),
                ).fetchone()[0]
            row += 1
            place = (row, line.table, line.id, file, line.offset, line.length, version)
            db.execute("INSERT INTO docs VALUES (?,?,?,?,?,?,?)", place)
            self._index(db, row, line.table, part.tables[line.table][line.id])
        db.execute("INSERT INTO files VALUES (?,?)", (file, digest))

    def _index(self, db: sqlite3.Connection, row: int, name: str, body: Document) -> None:
        """Take in the declared values and words of one document."""
        kind = self._kinds.get(name)
        if kind is None:
            return
        for field in kind.indexes:
            db.executemany(
                "INSERT OR IGNORE INTO keys VALUES (?,?,?,?)",
                [(name, field, value, row) for value in words.values(body, field)],
            )
        if kind.text:
            said = " ".join(words.tokens(words.text(body, kind.text)))
            db.execute("INSERT INTO words (rowid, text) VALUES (?,?)", (row, said))

    def _found(self, rows: Iterator[tuple[str, str, str, int, int, int]] | sqlite3.Cursor) -> Iterator[Found]:
        """The documents that rows of the index point to."""
        for kind, id, file, offset, length, version in rows:
            fd = os.open(os.path.join(self._folder.path, file), os.O_RDONLY | os.O_CLOEXEC)
            try:
                raw = os.pread(fd, length, offset)
                before = os.pread(fd, len(id) + 3, max(0, offset - len(id) - 3))
            finally:
                os.close(fd)
            if before != b'"%b":' % id.encode() or raw[-1:] != b"}":
                raise _Wrong(file)
            place, _, name = file.partition("/")
            yield Found(
                kind,
                id,
                orjson.loads(raw),
                version if place == "shelf" else 0,
                "shelf" if place == "shelf" else name.removesuffix(".json"),
            )


class Behind(Exception):
    """The index is made from later entries than this session has read: catch up, and ask again."""


class _Wrong(Exception):
    """The index points to something else than it says."""


def _wanted(state: State) -> dict[str, str]:
    """File → digest of every archive and every part of the shelf, archives in the order they were made."""
    found = {"archive/" + about["file"]: about["sha256"] for about in state.own(ARCHIVES)}
    return found | {"shelf/" + about["file"]: about["sha256"] for about in state.own(SHELF)}


def _drop(db: sqlite3.Connection, file: str) -> None:
    """Forget a file that is no longer recorded."""
    for (row,) in db.execute("SELECT row FROM docs WHERE file=?", (file,)).fetchall():
        _retire(db, row)
    db.execute("DELETE FROM files WHERE file=?", (file,))


def _retire(db: sqlite3.Connection, row: int) -> None:
    """Forget a document. Its words stay, so its row must not be used again."""
    db.execute("DELETE FROM docs WHERE row=?", (row,))
    db.execute("INSERT OR IGNORE INTO retired VALUES (?)", (row,))


def _statement(query: Query) -> tuple[str, list[str | int]]:
    """The SQL of a query and its values."""
    sql, values = "SELECT d.kind, d.id, d.file, d.offset, d.length, d.version FROM docs d", list[str | int]()
    order, where, filters = "d.row", ["d.kind=?"], list[str | int]([query.kind])
    wanted = words.phrases(query.text)
    if wanted:
        sql += " JOIN words w ON w.rowid=d.row"
        order = "w.rowid"
        said = " AND ".join('"' + " ".join(row) + '"' + ("*" if beginning else "") for row, beginning in wanted)
        where.insert(0, "w.words MATCH ?")
        filters.insert(0, said)
    for i, (field, value) in enumerate(query.where.items()):
        sql += f" JOIN keys k{i} ON k{i}.kind=? AND k{i}.field=? AND k{i}.value=? AND k{i}.row=d.row"
        values += [query.kind, field, str(value)]
        if not wanted and i == 0:
            order = "k0.row"
    return f"{sql} WHERE {' AND '.join(where)} ORDER BY {order} DESC", values + filters
