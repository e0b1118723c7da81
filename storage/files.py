"""The file store: the contract on TinyDB files that many sessions can trust."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from storage import folder as folders
from storage import words
from storage.engine import Engine
from storage.entry import check_id, entry, fill
from storage.errors import Corrupt, Unavailable
from storage.folder import Folder
from storage.numbers import Numbers
from storage.options import Options
from storage.state import check_expected, declare
from storage.store import Change, Entry, Expected, Found, Hot, Query, Scope, Store
from storage.upkeep import Upkeep
from storage.watch import Watch

if TYPE_CHECKING:  # each is imported when it is first asked for: who lists the queue searches nothing
    from storage.beside import FileBeside
    from storage.search import Search
    from storage.story import Story
    from storage.tables import Database

T = TypeVar("T")
_SHORT = 0.05
_PAUSES = (0.0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6)  # seconds between looks at an index that runs ahead


class FileStore(Store):
    """One session in a store of files. Any number of processes may have one open; threads may share one."""

    def __init__(self, path: str, options: Options) -> None:
        """Open the store in a folder. Raises ``Unavailable`` or ``Corrupt`` where it cannot be read at all."""
        collecting = gc.isenabled()
        gc.disable()  # nothing that is loaded is garbage; looking for some takes longer than loading
        try:
            self._engine = Engine(Folder(path), options)
        except OSError as error:
            raise Unavailable(
                "{path} cannot be read ({reason}); have the disk looked at, or restore a backup",
                path=path,
                reason=error.strerror or str(error),
            ) from error
        finally:
            gc.freeze()
            if collecting:
                gc.enable()
        self._kinds = options.kinds
        self.upkeep = Upkeep(self._engine, options.kinds)
        self._watch: Watch | None = None
        self._closed = False
        if not self.trouble:
            self._declare()
            if self._engine.unvouched or self.upkeep.due():
                self.upkeep.begin()

    upkeep: Upkeep
    """Checkpoints and what else the store does for itself."""

    @classmethod
    def create(cls, path: str, options: Options, book: str | None = None) -> FileStore:
        """Make a new, empty store in an empty folder, and open it. ``book``: its name, a UUID."""
        folders.create(path, options.now(), book, options.disk)
        return cls(path, options)

    @property
    def book(self) -> str:
        """Which store this is: a UUID that every segment names."""
        return self._engine.book

    @property
    def path(self) -> str:
        """The folder."""
        return self._engine.folder.path

    @property
    def number(self) -> int:
        """The last entry this session has read."""
        return self._engine.state.number

    @property
    def hash(self) -> str:
        """The hash of that entry: printed on paper, it vouches for everything before it."""
        return self._engine.state.hash

    @property
    def trouble(self) -> str:
        """Why this session can only read; empty where it can write."""
        return self._engine.trouble

    @property
    def damage(self) -> str:
        """What is not as it was written, as one line; empty where nothing is known to be. ``trouble`` says it too."""
        return self._engine.damage

    @cached_property
    def db(self) -> Database:
        """The same documents as a TinyDB."""
        from storage.tables import Database

        return Database(self._engine, self._committed)

    @cached_property
    def _search(self) -> Search:
        """The index of shelf and archives."""
        from storage.search import Search

        return Search(self._engine.folder, self._kinds, self._engine.book)

    @cached_property
    def _story(self) -> Story:
        """The index of the journal by document."""
        from storage.story import Story

        return Story(self._engine.folder, self._engine.book)

    def load(self, scope: Scope = Scope()) -> Hot:  # noqa: B008 - immutable
        """Catch up, then the hot documents of the scope."""
        with self._engine.guard:
            self._engine.catch_up()
            return self._engine.state.hot(scope)

    def append(self, change: Change, expected: Expected | None = None) -> int:
        """Keep a change and return its number; it is durable then, and everyone sees it."""
        engine = self._engine
        with engine.exclusive() as at:
            if expected:
                check_expected(expected, self._version)
            numbers = Numbers(engine.state.counters)
            ops = fill(change, numbers.give)
            number = engine.commit(change, at, ops, numbers)
        self._committed()
        return number

    def since(self, number: int) -> list[Entry]:
        """Catch up, then every entry after ``number``, in order."""
        engine, number = self._engine, max(number, 0)
        with engine.guard:
            engine.catch_up()
            if number >= engine.state.number:
                return []
            recent: list[Entry] = []
            for fields, _ in reversed(engine.recent):
                if fields["n"] <= number:
                    break
                recent.append(entry(fields))
            if not recent or recent[-1].number > number + 1:
                return [entry(fields) for fields in engine.journal.after(number)]
            recent.reverse()
            return recent

    @cached_property
    def beside(self) -> FileBeside:
        """Drafts, and who is here."""
        from storage.beside import FileBeside

        return FileBeside(self._engine.folder.path, self._engine.options.disk)

    def wait(self, number: int, timeout: float, crowd: int | None = None) -> bool:
        """Sleep until there is an entry after ``number``, or the time is over, or the store is closed."""
        engine = self._engine
        with engine.guard:
            if self._closed:
                return False
            if self._watch is None:
                self._watch = Watch(engine.folder.journal, engine.options.polling, engine.folder.presence)
        if crowd is None:
            return self._watch.sleep(lambda: engine.news(number), timeout)
        beside = self.beside
        return self._watch.sleep(lambda: engine.news(number) or beside.crowd != crowd, timeout)

    def story(self, kind: str, id: str) -> Iterator[Entry]:
        """The entries that touched one document, newest first."""
        with self._engine.guard:
            return iter([entry(fields) for fields in self._story.of([(kind, check_id(id))])])

    def fetch(self, kind: str, id: str) -> Found | None:
        """One document wherever it is: hot before shelf before the latest archive."""
        engine = self._engine
        with engine.guard:
            engine.catch_up()
            known, found = engine.state.fetch(kind, check_id(id))
            return found if known else self._searched(lambda: self._search.fetch(engine.state, kind, id))

    def find(self, query: Query) -> list[Found]:
        """Documents of shelf and archives that match, the latest written first; hot ones are not searched."""
        engine = self._engine
        with engine.guard:
            engine.catch_up()
            state = engine.state
            hot, fresh = state.tables.get(query.kind, {}), state.overlay.get(query.kind, {})
            kind = words.declared(self._kinds, query)
            if query.limit <= 0:
                return []
            found = self._searched(lambda: self._search.find(state, query, lambda id: id in hot or id in fresh))
            mine = [
                Found(query.kind, id, body, version, "shelf")
                for id, (body, version) in fresh.items()
                if body is not None and words.fits(body, kind, query)
            ]
        if mine:
            found = sorted([*mine, *found], key=lambda one: one.version, reverse=True)[: query.limit]
        return found

    def archive(
        self,
        name: str,
        documents: Iterable[tuple[str, str]],
        *,
        who: str = "",
        why: str = "",
        at: datetime | None = None,
    ) -> int:
        """Move hot documents into an archive that no session loads: how many went; what is not hot is passed over."""
        return self.upkeep.archive(name, documents, who, why, at)

    def close(self) -> None:
        """Let go of everything; safe to call twice and while another thread waits."""
        with self._engine.guard:
            if self._closed:
                return
            self._closed = True
            if self._watch is not None:
                self._watch.close()
            for index in ("_search", "_story", "beside"):
                if index in self.__dict__:
                    self.__dict__[index].close()
        self.upkeep.finish(self._engine.close)

    def _version(self, kind: str, id: str) -> int:
        """The version of a document under the lock, wherever it is."""
        with self._engine.guard:
            state = self._engine.state
            if kind in state.shelved and id != "*" and id not in state.overlay.get(kind, {}):
                return self._searched(lambda: self._search.version(state, kind, id))
            return state.version(kind, id)

    def _searched(self, ask: Callable[[], T]) -> T:
        """What the index says. Another session may be further than this one, and have replaced what this one looks for."""
        from storage.search import Behind

        for pause in _PAUSES:
            try:
                return ask()
            except (Behind, Corrupt, FileNotFoundError) as error:
                if pause > _SHORT and not isinstance(error, Behind):
                    break  # not on its way here, but ruined
                time.sleep(pause)
                self._engine.catch_up()
        self._search.forget()  # made by nobody who could still be ahead
        try:
            return ask()
        except Behind as error:  # a writer that archives without a pause
            raise Unavailable("another process has been at the upkeep of the store for long; try again later") from error

    def _committed(self) -> None:
        """After each change: begin upkeep where it is due."""
        if self.upkeep.due():
            self.upkeep.begin()

    def _declare(self) -> None:
        """Make the kinds known that this program shelves."""
        engine = self._engine
        if declare(self._kinds, engine.state) is None:
            return
        with engine.exclusive() as at:
            change = declare(self._kinds, engine.state)
            if change is not None:
                engine.commit(change, at, [(op.kind, str(op.id), dict(op.body or {})) for op in change.ops])
