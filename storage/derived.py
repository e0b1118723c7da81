"""SQLite files in ``index/``: derived from journal and archives, deleted without regret, made again at need."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress


def open_index(path: str, schema: str) -> sqlite3.Connection:
    """The index at ``path``, made if need be; one in memory where the folder may not be written."""
    try:
        return _open(path, schema)
    except sqlite3.OperationalError:
        return _open(":memory:", schema)
    except sqlite3.DatabaseError:  # not a database: something else lies there
        delete_index(path)
        return _open(path, schema)


def _open(path: str, schema: str) -> sqlite3.Connection:
    """A connection ready for use by one thread at a time."""
    db = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        db.executescript(schema)
    except BaseException:
        db.close()
        raise
    return db


def delete_index(path: str) -> None:
    """Take an index away."""
    for ending in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            os.unlink(path + ending)
