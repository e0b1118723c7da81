"""What a store does for itself: checkpoints, the shelf's files, archives, bad snapshots into quarantine.

One process at a time does any of it (a lock on the store's folder itself); nobody waits for it, writers least of all.
"""

from __future__ import annotations

import fcntl
import os
import signal
import threading
import time
from _signal import pthread_sigmask
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import islice

from storage import archive, entry, snapshot
from storage.disk import TEMPORARY
from storage.engine import Engine
from storage.errors import StoreError, Unavailable
from storage.lock import HELD_OFF
from storage.segment import leftovers
from storage.state import SHELF, State
from storage.store import Change, Document, Entry, Kind

_TOLD = 1000  # entries that are kept from one archive to the next: an import's are told in the archives of many months
_OVERDUE = 4  # times the due size at which a session that is leaving stays for the checkpoint


class Upkeep:
    """The upkeep of one session's store."""

    def __init__(self, engine: Engine, kinds: Mapping[str, Kind]) -> None:
        """For the store of ``engine``; nothing is started."""
        self._engine, self._kinds = engine, kinds
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._held = False
        self._told: dict[int, Entry] = {}
        self.notice = ""

    notice: str
    """Why the last upkeep in the background failed; empty where it did not. Nothing is lost by it."""

    def due(self, times: int = 1) -> bool:
        """Whether the journal has grown enough since the last snapshot for a new one."""
        engine = self._engine
        return snapshot.due((engine.journal.total - engine.snapshot_at) // times, engine.snapshot_size)

    def begin(self) -> None:
        """Do what is due in the background, unless it is being done."""
        if not self._starting.acquire(blocking=False):
            return
        try:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._background, name="wanjia-upkeep", daemon=True)
                self._thread.start()
        finally:
            self._starting.release()

    def finish(self, then: Callable[[], None]) -> None:
        """Leave: ``then`` is called once the background has ended, by it if need be, so that nobody waits."""
        with self._starting:
            thread, self._thread = self._thread, threading.current_thread()  # nothing is begun from here on
        if thread is not None and thread.is_alive():
            threading.Thread(target=_after, args=(thread, then), name="wanjia-leave", daemon=True).start()
            return
        if not self._engine.trouble and self.due(_OVERDUE):
            try:
                self.checkpoint()
            except StoreError as error:
                self.notice = str(error)
        then()

    def _background(self) -> None:
        """A checkpoint; what goes wrong is kept as a notice."""
        pthread_sigmask(signal.SIG_BLOCK, HELD_OFF)
        try:
            self.checkpoint()
            self.notice = ""
        except (StoreError, OSError, ValueError, TypeError) as error:
            self.notice = str(error)

    @contextmanager
    def alone(self, wait: bool) -> Iterator[bool]:
        """Keep other processes from doing upkeep: whether it came to that."""
        fd = -1
        try:
            fd = os.open(self._engine.folder.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            patience = time.monotonic() + (2 * self._engine.options.patience if wait else 0.0)
            while not (got := _try(fd)) and time.monotonic() < patience:
                time.sleep(0.02)
            if wait and not got:
                raise Unavailable("another process has been at the upkeep of the store for long; try again later")
            yield got
        except OSError as error:
            raise Unavailable(
                "the upkeep of the store failed ({reason}); nothing was lost, it is tried again",
                reason=error.strerror or str(error),
            ) from error
        finally:
            if fd >= 0:
                os.close(fd)

    def checkpoint(self, wait: bool = False) -> bool:
        """Write a new snapshot, unless another process is at it. Others commit meanwhile."""
        engine = self._engine
        with self.alone(wait) as got:
            if not got:
                return False
            self._tidy()
            self._flush()
            with engine.guard:
                engine.catch_up()
                state, place = engine.state.copy(), engine.journal.place
            path = engine.folder.live + TEMPORARY
            digest, size = engine.disk.write_whole(path, snapshot.encode(state, place, engine.book))
            with engine.exclusive() as at:
                ops = snapshot.record(engine.state, state.number, digest, size)
                engine.commit(Change(who="", what="checkpoint", ops=()), at, ops)
            snapshot.place(engine.folder, engine.disk)
            from storage.story import Story

            story = Story(engine.folder, engine.book)
            story.update()
            story.close()
        return True

    def _tidy(self) -> None:
        """Move snapshots that nobody vouches for into quarantine, delete what a crash left unfinished."""
        engine, folder = self._engine, self._engine.folder
        with engine.exclusive():
            for path in engine.unvouched:
                if os.path.exists(path) and _same(path, engine.unvouched_inodes.get(path)):
                    to = os.path.join(folder.quarantine, f"{os.path.basename(path)}.{engine.state.number}")
                    engine.disk.rename(path, to)
                    engine.disk.sync_folder(folder.quarantine)
                    engine.disk.sync_folder(folder.path)
            engine.unvouched.clear()
            for part in (folder.path, folder.journal, folder.archive, folder.shelf):
                for path in leftovers(part):
                    engine.disk.remove(path)

    def _flush(self) -> None:
        """Put the shelf's fresh documents into its files."""
        engine = self._engine
        with engine.guard:
            engine.catch_up()
            state = engine.state.copy()
        fresh = archive.fresh(state)
        while batch := list(islice(fresh, 2000)):
            del fresh[: len(batch)]
            self._flush_some(state, batch)

    def _flush_some(self, state: State, fresh: list[tuple[str, int]]) -> None:
        """Write these parts of the shelf anew as of the state, and record them in one entry."""
        engine = self._engine
        written: list[tuple[Document, Document | None]] = []
        for kind, number in fresh:
            _, old = archive.shelved(state, kind, number)
            path = os.path.join(engine.folder.shelf, old["file"]) if old else ""
            part = archive.decode(archive.read(path, old["sha256"])) if old else None
            documents, versions = archive.merge(state, kind, number, part)
            file = archive.shelf_file(kind, number, state.number)
            chunks = archive.encode(engine.book, state.number, {kind: documents}, {kind: versions})
            about = self._put(engine.folder.shelf, file, chunks)
            written.append((about | {"kind": kind, "shard": number, "n": state.number, "documents": len(documents)}, old))
        with engine.exclusive() as at:
            next_id = engine.state.counters.get(SHELF, 0)
            ops: entry.RawOps = []
            for about, old in written:
                id, _ = archive.shelved(engine.state, about["kind"], about["shard"])
                if old is None:
                    next_id += 1
                    id = str(next_id)
                ops.append((SHELF, id, about))
            engine.commit(Change(who="", what="shelve", ops=()), at, ops)
        for about, old in written:
            if old and old["file"] != about["file"]:
                with suppress(FileNotFoundError):
                    engine.disk.remove(os.path.join(engine.folder.shelf, old["file"]))

    def _put(self, folder: str, file: str, chunks: Iterable[bytes]) -> Document:
        """A new file, durable with its name: what is recorded of it."""
        disk, path = self._engine.disk, os.path.join(folder, file)
        digest, size = disk.write_whole(path + TEMPORARY, chunks)
        disk.rename(path + TEMPORARY, path)
        disk.sync_folder(folder)
        return {"file": file, "sha256": digest, "bytes": size}

    def archive(self, name: str, documents: Iterable[tuple[str, str]], who: str, why: str, at: datetime | None) -> int:
        """Move hot documents into archive files of this name: how many went. What is not hot is passed over."""
        archive.check_name(name)
        moved, waiting = 0, iter(documents)
        with self.alone(wait=True):
            while batch := list(islice(waiting, archive.BATCH)):
                moved += self._archive_some(name, batch, Change(who=who, what="archive", ops=(), why=why, at=at))
        from storage.search import Search

        with self._engine.guard:
            search = Search(self._engine.folder, self._kinds, self._engine.book)
            search.update(self._engine.state)
            search.close()
        return moved

    def _archive_some(self, name: str, batch: list[tuple[str, str]], change: Change) -> int:
        """One archive file and the entry that records it. Written before the lock; what changes meanwhile stays hot."""
        from storage.story import Story

        engine = self._engine
        story = Story(engine.folder, engine.book)
        try:
            while True:
                with engine.guard:
                    engine.catch_up()
                    state = engine.state.copy()
                versions = archive.hot(state, batch)
                if not versions:
                    return 0
                tables = {kind: {id: state.tables[kind][id] for id in ids} for kind, ids in versions.items()}
                if len(self._told) > _TOLD:
                    self._told.clear()
                told = story.told(((kind, id) for kind, ids in tables.items() for id in ids), self._told)
                chunks = list(archive.encode(engine.book, state.number, tables, versions, told))
                with engine.exclusive() as at:
                    now = archive.hot(engine.state, batch)
                    if now == versions:
                        about = self._put(engine.folder.archive, archive.free_name(engine.state, name), chunks)
                        ops = archive.record(state.number, engine.state, about, versions)
                        engine.commit(change, at, ops)
                        return sum(len(ids) for ids in versions.values())
                batch = [(k, id) for k, ids in versions.items() for id, n in ids.items() if now.get(k, {}).get(id) == n]
        finally:
            story.close()


def _try(fd: int) -> bool:
    """Lock a file if it is free."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _after(thread: threading.Thread, then: Callable[[], None]) -> None:
    """Call ``then`` once the thread has ended."""
    thread.join()
    then()


def _same(path: str, inode: int | None) -> bool:
    """Whether the file is still the one that was read."""
    return inode is None or os.stat(path).st_ino == inode
