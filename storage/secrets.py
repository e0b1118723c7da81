"""What must never be in the journal: hashes and tokens, each a small file that its owner alone may read."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from hashlib import sha256

import orjson

from storage.disk import Disk
from storage.errors import Corrupt, Unavailable
from storage.store import Document

Change = Callable[[Document | None], Document | None]
"""What is there, or None → what shall be there, or None."""

_NOT_READ = "{path} cannot be read: {reason}; what it kept must be set anew"
_NOT_KEPT = "{path} could not be written: {reason}"


class FileSecrets:
    """The folder ``secrets`` of a store. One process at a time changes one of them."""

    def __init__(self, path: str, disk: Disk) -> None:
        """Of the store in the folder ``path``; nothing is opened yet."""
        self._path, self._disk = os.path.join(path, "secrets"), disk

    def get(self, name: str) -> Document | None:
        """One secret; None where there is none. Raises ``Corrupt`` where it cannot be understood."""
        path = self._file(name)
        try:
            with open(path, "rb") as f:
                said = orjson.loads(f.read())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise Corrupt(_NOT_READ, path=path, reason=str(error)) from error
        if not isinstance(said, dict) or said.get("name") != name or not isinstance(said.get("body"), dict):
            raise Corrupt(_NOT_READ, path=path, reason="it is not what was written")
        body: Document = said["body"]
        return body

    def change(self, name: str, change: Change) -> Document | None:
        """Put something in the place of a secret while nobody else does: what is there now. Durable on return."""
        path = self._file(name)
        try:
            os.makedirs(self._path, mode=0o700, exist_ok=True)
            fd = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Unavailable(_NOT_KEPT, path=path, reason=error.strerror or str(error)) from error
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            fresh = change(self.get(name))
            if fresh is not None:
                self._disk.replace(path, orjson.dumps({"name": name, "body": fresh}))
            elif os.path.exists(path):
                self._disk.remove(path)
        except OSError as error:
            raise Unavailable(_NOT_KEPT, path=path, reason=error.strerror or str(error)) from error
        else:
            return fresh
        finally:
            os.close(fd)

    def _file(self, name: str) -> str:
        """Where it lies: the digest of its name, so that no name is a path."""
        return os.path.join(self._path, f"{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}.json")
