"""Who has a store open: each session holds a shared lock on FORMAT, and a repair wants it for itself."""

from __future__ import annotations

import fcntl
import os

from storage.errors import Unavailable


class Sessions:
    """One process's sign that it has the store open. It goes with the process, however that ends."""

    def __init__(self, path: str) -> None:
        """Of the store in the folder ``path``, which has a FORMAT file."""
        self._fd = os.open(os.path.join(path, "FORMAT"), os.O_RDONLY | os.O_CLOEXEC)

    def join(self) -> None:
        """Be one of those who have it open; waits for a repair to end."""
        fcntl.flock(self._fd, fcntl.LOCK_SH)

    def alone(self) -> None:
        """Be the only one, or raise ``Unavailable`` naming the processes that have it open."""
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unavailable(
                "other sessions have the store open (processes {processes}); end them first", processes=self._others()
            ) from None

    def _others(self) -> str:
        """The processes that hold the file locked. Source: the kernel's table of locks."""
        inode = str(os.fstat(self._fd).st_ino)
        try:
            with open("/proc/locks", encoding="ascii") as table:
                rows = [line.split() for line in table]
        except OSError:
            return "unknown"
        found = {row[4] for row in rows if len(row) > 5 and row[1] == "FLOCK" and row[5].rpartition(":")[2] == inode}
        return ", ".join(sorted(found, key=int)) or "unknown"

    def close(self) -> None:
        """Let go."""
        os.close(self._fd)
