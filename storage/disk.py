"""Every call that changes the disk, in one place: the seam where tests make the disk fail or forget."""

from __future__ import annotations

import os
from collections.abc import Iterable
from hashlib import sha256

TEMPORARY = ".tmp"
"""Ending of a file that is not finished; one that is found lying about may be deleted."""


class Disk:
    """The operating system's calls as they are. ``OSError`` goes through to whoever called."""

    def create(self, path: str) -> int:
        """A new empty file, or an old one emptied, open for writing; readable by its owner only."""
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)

    def write(self, fd: int, data: bytes) -> int:
        """Write at the file's position (its end, when opened to append): the bytes that were written."""
        return os.write(fd, data)

    def put(self, fd: int, data: bytes, offset: int) -> None:
        """Write at a place of the file."""
        os.pwrite(fd, data, offset)

    def sync_data(self, fd: int) -> None:
        """Make a file's bytes and size durable."""
        os.fdatasync(fd)

    def sync(self, fd: int) -> None:
        """Make a file durable with all that belongs to it."""
        os.fsync(fd)

    def truncate(self, fd: int, size: int) -> None:
        """Cut a file."""
        os.ftruncate(fd, size)

    def rename(self, old: str, new: str) -> None:
        """Give a file another name, in the place of what bore it."""
        os.replace(old, new)

    def remove(self, path: str) -> None:
        """Take a file away."""
        os.unlink(path)

    def sync_folder(self, path: str) -> None:
        """Make the names in a folder durable."""
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def free(self, path: str) -> int:
        """Bytes that may still be written to the file system of ``path``."""
        room = os.statvfs(path)
        return room.f_bavail * room.f_frsize

    def write_whole(self, path: str, chunks: Iterable[bytes]) -> tuple[str, int]:
        """A new file of these bytes, durable but for its name: its SHA-256 and its size."""
        digest, size = sha256(), 0
        fd = self.create(path)
        try:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                left = chunk
                while left:
                    left = left[self.write(fd, left) :]
            self.sync(fd)
        finally:
            os.close(fd)
        return digest.hexdigest(), size

    def replace(self, path: str, data: bytes) -> None:
        """Put these bytes in the place of a file: it is the old one or the new one, never a part. Durable on return."""
        self.write_whole(path + TEMPORARY, [data])
        self.rename(path + TEMPORARY, path)
        self.sync_folder(os.path.dirname(path))
