"""The journal: the append-only truth of the store. Reading on needs no lock; writing and mending need the store's."""

from __future__ import annotations

import os

from storage.disk import Disk
from storage.errors import Unavailable
from storage.segment import SEGMENT, Reader, closing, header, name

_FULL = "the change could not be written ({reason}); nothing was kept: free some space or have the disk looked at"


class SyncFailed(Exception):
    """The line was written and could not be made durable: nobody knows whether it is there after a power cut."""


class Journal(Reader):
    """One session's journal, to be written as well."""

    def __init__(self, folder: str, book: str, disk: Disk, writable: bool) -> None:
        """Of the journal in ``folder``, which must belong to ``book``; ``start`` comes next."""
        super().__init__(folder, book)
        if writable:
            self._mode = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC
        self._disk = disk

    def mend(self, quarantine: str) -> int:
        """Cut a torn end off, under the lock and after ``entries``, with a copy in quarantine: the bytes cut."""
        self.complete()
        rest = os.pread(self._fd, self._length() - self.offset, self.offset)
        base = f"{name(self.segment)}.{self.offset}"
        copy = os.path.join(quarantine, f"{base}.torn")
        again = 0
        while os.path.exists(copy):
            again += 1
            copy = os.path.join(quarantine, f"{base}-{again}.torn")
        self._disk.write_whole(copy, [rest])
        self._disk.sync_folder(quarantine)
        self._disk.truncate(self._fd, self.offset)
        self._disk.sync(self._fd)
        self.torn = 0
        return len(rest)

    def write(self, line: bytes, hashed: str) -> None:
        """Add one entry's line; it is durable only after ``sync``.

        Under the lock, with everything read and mended, after ``prepare``, the line made for this very place.
        Raises ``Unavailable`` with nothing changed.
        """
        self._write(line)
        self.line_at = self.offset
        self.offset += len(line)
        self.total += len(line)
        self.number += 1
        self.hash = hashed

    def sync(self) -> None:
        """Make everything durable that was read or written here, or raise ``SyncFailed``. Needs no lock."""
        upto = self.number
        try:
            self._disk.sync_data(self._fd)
        except OSError as error:
            raise SyncFailed(error.strerror or str(error)) from error
        self.durable = max(self.durable, upto)

    def prepare(self, at: str, segment: int = SEGMENT) -> None:
        """Make room for one more entry: seal a full segment, or last month's, and begin the next. Under the lock."""
        if not self.sealed and self.offset < segment and at[:7] <= self.month:
            return
        if not self.sealed:
            self.sync()  # nobody may find a sealed segment with a torn line in it
            line, hashed = closing(self.segment, self.number, self.hash)
            self._write(line)
            self.sync()
            self.offset += len(line)
            self.hash, self.sealed = hashed, True
        if not self.behind():
            path = os.path.join(self._folder, name(self.segment + 1))
            line, _ = header(self._book, self.segment + 1, self.number + 1, max(at[:7], self.month), self.hash)
            try:
                self._disk.replace(path, line)
            except OSError as error:
                raise Unavailable(_FULL, reason=error.strerror or str(error)) from error
        for _ in self.entries():
            raise self._corrupt("stands in a segment that was only now begun")

    def _write(self, line: bytes) -> None:
        """One write to the open segment, whole or not at all."""
        try:
            written = self._disk.write(self._fd, line)
            if written != len(line):
                raise OSError(28, os.strerror(28))
        except OSError as error:
            try:
                self._disk.truncate(self._fd, self.offset)
            except OSError:
                pass  # what is left is a torn end, and whoever writes next cuts it off
            raise Unavailable(_FULL, reason=error.strerror or str(error)) from error
