"""The heart of the file store: documents in memory, a place in the journal, the lock, and how a change gets through.

Opening takes no lock. A commit holds the lock from the look at the latest entries to the write of its own, and is
acknowledged once that is synced.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

import orjson

from storage import entry, head
from storage.errors import Corrupt, Replaced, Said, Unavailable
from storage.folder import Folder, network
from storage.head import Head
from storage.journal import Journal, SyncFailed
from storage.lock import Lock
from storage.numbers import Numbers
from storage.options import Options
from storage.recover import recover
from storage.segment import BEGINNING
from storage.sessions import Sessions
from storage.state import SNAPSHOTS, State
from storage.store import Change

_RECENT = 1 << 20  # bytes of latest entries that are kept decoded for those who ask what is new


class Engine:
    """One session in one store. ``guard`` covers memory and place, ``exclusive`` keeps all other sessions out."""

    def __init__(self, folder: Folder, options: Options) -> None:
        """Read the store: the snapshot that the journal vouches for, and the journal from there."""
        self.folder, self.options, self.disk = folder, options, options.disk
        self.book = folder.book()
        self.guard = threading.RLock()
        self.recent: deque[tuple[dict[str, Any], int]] = deque()
        self._recent_size = 0
        self._looked: tuple[int, int, bool] = (0, 0, False)
        self._written: Head | None = None
        self._pid = os.getpid()
        self._users, self._closing = 0, False
        kind = "" if options.force_network else network(folder.path)
        if kind:
            raise Unavailable(
                "{path} is on a network file system ({kind}), where locks cannot be trusted; move the store to a local disk",
                path=folder.path,
                kind=kind,
            )
        self.damage = ""
        self.trouble = Said("opened for reading only") if options.readonly else folder.unwritable()
        self.sessions = Sessions(folder.path)
        self.sessions.join()
        self.head = head.read(folder.head)
        found = recover(folder, self.book, self.disk, self.head, not self.trouble)
        self.state, self.journal, self.snapshot_size, self.snapshot_at = found.state, found.journal, found.size, 0
        self.unvouched, self.unvouched_inodes = list(found.unvouched), found.unvouched
        if found.damage is not None:
            self._harmed(found.damage)
        self.lock: Lock | None = None
        self._head = -1
        if not self.trouble:
            self.lock = Lock(folder.lock, options.user, options.patience, options.waiting)
            self._head = os.open(folder.head, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    trouble: str
    """Why this session can only read; empty where it can write."""

    damage: str
    """What is not as it was written; empty where nothing is known to be. Reads serve what stood before it."""

    state: State
    """The documents."""

    journal: Journal
    """The place in the journal."""

    unvouched: list[str]
    """Snapshot files that the journal does not vouch for: damaged, foreign, or written by another program."""

    snapshot_size: int
    """Bytes of the latest snapshot known."""

    snapshot_at: int
    """``journal.total`` when it was recorded."""

    def catch_up(self) -> None:
        """Read what others have committed. Damage is raised once; after that the session serves what it knows."""
        with self.guard:
            if self.damage or self._closing:
                return
            try:
                if not self._astray and not self.journal.behind():  # nothing new, as three times of four in a change
                    self.journal.torn = 0
                    return
                with self._careful():
                    for fields in self.journal.entries():
                        self._applied(fields)
                    if self.journal.torn:
                        self._looked = self.journal.signature()
            except Corrupt as error:
                self._harmed(error)
                raise

    @contextmanager
    def _careful(self) -> Iterator[None]:
        """Move on in the journal so that it may be interrupted (Ctrl-C) anywhere: next time it begins from here again.

        Entries hold whole documents, so to apply one twice does no harm.
        """
        if self._astray:
            self.journal.start(self._sure)
        self._sure, self._astray = self.journal.place, True
        yield
        self._astray = False

    _astray = False
    _sure = BEGINNING

    def _harmed(self, error: Corrupt) -> None:
        """Remember damage: from here on the session serves what it knows, and writes nothing."""
        self.damage = Said.of(error)
        self.trouble = self.trouble or self.damage

    def _applied(self, fields: dict[str, Any]) -> None:
        """Take one entry into memory."""
        self.state.apply(fields)
        if self.recent and self.recent[-1][0]["n"] >= fields["n"]:
            return  # read again after an interruption
        size = self.journal.offset - self.journal.line_at
        self.recent.append((fields, size))
        self._recent_size += size
        while self._recent_size > _RECENT:
            self._recent_size -= self.recent.popleft()[1]
        for kind, _, body in fields["ops"]:
            if kind == SNAPSHOTS and body is not None:
                self.snapshot_size, self.snapshot_at = body["bytes"], self.journal.total

    def news(self, number: int) -> bool:
        """Whether somebody has written since this session last looked. No lock, any thread."""
        if self.state.number > number:
            return True
        try:
            return self.journal.behind() and self.journal.signature() != self._looked
        except (Corrupt, OSError):
            return not self.damage

    @contextmanager
    def exclusive(self) -> Iterator[str]:
        """Keep everyone else out, on the latest state: the stamp of its beginning. Raises where nothing can be written."""
        with self.guard:
            lock = self.lock
            if self.trouble or lock is None:
                raise Unavailable("{trouble}; nothing was written", trouble=self.trouble or Said("the store is closed"))
            self._users += 1  # whoever closes meanwhile leaves the files to whoever is last
        try:
            with self._locked(lock) as at:
                yield at
        finally:
            with self.guard:
                self._users -= 1
                if self._closing and not self._users:
                    self._let_go()

    @contextmanager
    def _locked(self, lock: Lock) -> Iterator[str]:
        """The same for a session that stays open meanwhile."""
        if os.getpid() != self._pid:
            raise Unavailable("the store was opened before this process was forked; open it again; nothing was written")
        if lock.mine:
            raise RuntimeError("a change is being made in this thread already; finish it before the next")
        try:
            lock.acquire()
            at = entry.stamp(self.options.now())
            with suppress(OSError):  # only a courtesy to those who wait, and the disk may be full
                lock.sign(at)
            self._fit()
            yield at
        finally:
            written, self._written = (self._written, None) if lock.mine else (None, None)
            lock.release()
        if written is not None:
            self._settle(written)

    def _fit(self) -> None:
        """Refuse a closed, stopped or full store, read the latest, cut off a torn end."""
        if self._closing:
            raise Unavailable("the store is closed; nothing was written")
        if os.access(self.folder.stop, os.F_OK):
            self.trouble = self.folder.stopped() or Said("the store was stopped")
            raise Unavailable("{trouble}; nothing was written", trouble=self.trouble)
        try:
            free = self.disk.free(self.folder.path)
        except OSError as error:
            raise Unavailable(
                "{path} cannot be reached any more ({reason}); nothing was written",
                path=self.folder.path,
                reason=error.strerror or str(error),
            ) from error
        if free < self.options.reserve:
            raise Unavailable(
                "only {free} kB are free on the disk of {path}, {reserve} kB must stay free; "
                "nothing was written: free some space",
                free=free >> 10,
                path=self.folder.path,
                reserve=self.options.reserve >> 10,
            )
        with self.guard:
            try:
                self.catch_up()
                if self.journal.torn:
                    self.journal.mend(self.folder.quarantine)
            except Corrupt as error:
                if not isinstance(error, Replaced) and self._confirmed():
                    self.stop(str(error))
                raise
            except OSError as error:
                raise Unavailable(
                    "the journal could not be read or mended ({reason}); nothing was written",
                    reason=error.strerror or str(error),
                ) from error

    def _confirmed(self) -> bool:
        """Whether a fresh reader of the segment finds damage too, before everybody is stopped for it."""
        try:
            self.journal.recheck()
        except (Corrupt, OSError):
            return True
        return False

    def commit(self, change: Change, at: str, ops: entry.RawOps, numbers: Numbers | None = None) -> int:
        """Write one entry, within ``exclusive``, whose end makes it durable. Its number.

        ``at``: the stamp that ``exclusive`` gave, for a change without a time of its own.
        """
        with self.guard, self._careful():
            journal = self.journal
            if change.at is not None:
                at = entry.stamp(change.at)
            try:
                journal.prepare(at, self.options.segment)
            except SyncFailed as error:
                self._poisoned(error)
            number = journal.number + 1
            more: dict[str, Any] = {}
            if step := entry.step_back(self.state.at, at):
                more["step"] = step
            if journal.durable < number - 1:
                more["kept"] = journal.durable
            line, hashed = entry.encode(change, at, number, ops, numbers, more, journal.hash)
            journal.write(line, hashed)
            # What is in memory is what was written: decoded from the line, shared with nobody outside.
            self._applied(orjson.loads(line))
            self._written = Head(journal.segment, journal.offset, number, hashed)
            return number

    def _settle(self, written: Head) -> None:
        """Make an entry durable, and with it all before it; then it is acknowledged and may be noted in the head.

        Not under the lock: the next writer need not wait for this sync, and one sync of the disk serves them all.
        """
        with self.guard:
            try:
                if self.journal.segment == written.segment and self.journal.durable < written.number:
                    self.journal.sync()
            except SyncFailed as error:
                self._poisoned(error)
            if os.access(self.folder.stop, os.F_OK):
                self.trouble = self.folder.stopped() or Said("the store was stopped")
                raise Unavailable(
                    "{trouble}; the last change may or may not have been kept", unknown=True, trouble=self.trouble
                )
            with suppress(OSError):  # only a lower bound: without the note it is lower
                self.disk.put(self._head, head.encode(written), 0)

    def _poisoned(self, error: SyncFailed) -> NoReturn:
        """A sync failed: the kernel may have dropped the bytes, and a second sync would lie. Stop everyone."""
        self.stop(f"the disk reported an error on writing ({error})")
        raise Unavailable(
            "the disk reported an error ({reason}): the last change may or may not have been kept, and the store is "
            "read-only now; have the disk looked at, then run repair",
            unknown=True,
            reason=str(error),
        ) from error

    def stop(self, reason: str) -> None:
        """Make the store read-only for everyone, or at least for this session where even that cannot be written."""
        at = entry.stamp(self.options.now())
        try:
            self.folder.put_stop(self.disk, reason, at)
        except OSError as error:
            reason = f"{reason}; and STOP could not be written ({error.strerror})"
        self.trouble = self.folder.stopped() or reason

    def close(self) -> None:
        """Let go of journal, lock and head."""
        with self.guard:
            if self._closing:
                return
            self._closing = True
            self.trouble = self.trouble or Said("the store is closed")
            if not self._users:
                self._let_go()

    def _let_go(self) -> None:
        """Close the files, once nobody uses them any more."""
        self.journal.close()
        self.sessions.close()
        if self.lock is not None:
            self.lock.close()
            os.close(self._head)
            self.lock = None
