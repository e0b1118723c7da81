"""Stores for tests: a clock in the test's hand, two sessions on one store, a process that commits until it is told."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from storage.files import FileStore
from storage.memory import MemoryBook, MemoryStore
from storage.options import Options
from storage.store import Change, Kind, Op, Store

ROOT = Path(__file__).resolve().parents[2]

KINDS = {
    "issues": Kind(indexes=("grid", "reporter.phone"), text=("title", "story")),
    "households": Kind(shelf=True, indexes=("phone",), text=("name", "note")),
}


class Clock:
    """A clock that goes on by a second a look, and can be set."""

    def __init__(self, moment: datetime = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


def options(clock: Clock | None = None, **more: Any) -> Options:
    more.setdefault("kinds", KINDS)
    return Options(now=clock or Clock(), **more)


def put(kind: str, id: Any, body: dict[str, Any] | None, who: str = "anna", **more: Any) -> Change:
    return Change(who=who, what="put" if body is not None else "take", ops=[Op(kind, id, body)], **more)


class Backend:
    """One store, and as many sessions on it as a test wants."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder, self.clock = name, folder, Clock()
        self._book = MemoryBook()
        self._sessions: list[Store] = []

    def session(self, **more: Any) -> Store:
        store: Store
        if self.name == "memory":
            store = MemoryStore(self.clock, KINDS, self._book)
        else:
            settings = replace(options(self.clock), **more)
            fresh = not (self.folder / "FORMAT").exists()
            store = FileStore.create(str(self.folder), settings) if fresh else FileStore(str(self.folder), settings)
        self._sessions.append(store)
        return store

    def close(self) -> None:
        for store in self._sessions:
            store.close()


def python(code: str, *args: object, **more: Any) -> subprocess.Popen[str]:
    """A Python of its own, with the project on its path."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    more.setdefault("stdout", subprocess.PIPE)
    return subprocess.Popen([sys.executable, "-c", code, *map(str, args)], text=True, env=env, **more)


def settled() -> None:
    """Wait until closed stores have let go of their files: upkeep in the background may outlive them a little."""
    for thread in threading.enumerate():
        if thread.name in ("wanjia-upkeep", "wanjia-leave"):
            thread.join(60)


def content(path: str | Path) -> tuple[int, dict[str, Any]]:
    """The last number and the hot documents of a store as a fresh session sees them."""
    store = FileStore(str(path), options())
    try:
        hot = store.load()
        return hot.number, hot.documents
    finally:
        store.close()
