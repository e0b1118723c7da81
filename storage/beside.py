"""What is kept beside the journal: what somebody has not finished yet, who is here, secrets. No entry, no version.

Drafts are files that outlive the session; the last one who writes wins. A sign of presence is a file that its session
holds locked: it goes with the session, however that ends, and nobody waits for it.
"""

from __future__ import annotations

import fcntl
import os
import uuid
from hashlib import sha256
from urllib.parse import quote, unquote

import orjson

from storage.disk import TEMPORARY, Disk
from storage.errors import Unavailable
from storage.secrets import Change, FileSecrets
from storage.store import Beside, Document

LONGEST = 90
"""Characters of a file's name that tell whose it is; of a longer one its beginning and a digest."""

_NO_DRAFT = "what is not finished yet could not be kept in {path}: {reason}"
_NO_FILE = "{path} could not be written: {reason}"
_NO_SIGN = "the others cannot be told that you are here ({path}: {reason})"


class FileBeside(Beside):
    """The folders ``drafts`` and ``presence`` of a store."""

    def __init__(self, path: str, disk: Disk) -> None:
        """Of the store in the folder ``path``; nothing is opened yet."""
        self._drafts, self._presence, self._disk = os.path.join(path, "drafts"), os.path.join(path, "presence"), disk
        self._exports = os.path.join(path, "exports")
        self._secrets = FileSecrets(path, disk)
        self._sign: int | None = None
        self._name = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"

    @property
    def folder(self) -> str:
        """The folder whose change may mean that somebody came, went or does something else."""
        return self._presence

    def put_aside(self, owner: str, name: str, body: Document | None) -> None:
        """Keep something unfinished of a person, or let go of it."""
        path = os.path.join(self._drafts, f"{_file(owner)}~{_file(name)}.json")
        try:
            if body is None:
                if os.path.exists(path):
                    self._disk.remove(path)
                return
            self._disk.replace(path, orjson.dumps({"owner": owner, "name": name, "body": body}))
        except OSError as error:
            raise Unavailable(_NO_DRAFT, path=path, reason=error.strerror or str(error)) from error

    def aside(self, owner: str) -> dict[str, Document]:
        """What a person has not finished, by name; a file that cannot be read is passed over and stays."""
        found, begin = {}, f"{_file(owner)}~"
        try:
            names = sorted(os.listdir(self._drafts))
        except OSError:
            return {}
        for each in names:
            if not each.startswith(begin) or each.endswith(TEMPORARY):
                continue
            try:
                with open(os.path.join(self._drafts, each), "rb") as f:
                    said = orjson.loads(f.read())
                if said["owner"] == owner:
                    found[str(said["name"])] = said["body"]
            except (OSError, ValueError, KeyError, TypeError):
                continue
        return found

    def present(self, body: Document | None) -> None:
        """Tell the other sessions something about this one, or nothing any more."""
        path = os.path.join(self._presence, self._name)
        try:
            if body is None:
                if self._sign is not None:
                    self._disk.remove(path)
                    self._close()
                return
            if self._sign is None:
                self._sign = self._disk.create(path + TEMPORARY)
                fcntl.flock(self._sign, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._disk.rename(path + TEMPORARY, path)  # nobody sees it before it is locked
            data = orjson.dumps(body)
            self._disk.put(self._sign, data, 0)
            self._disk.truncate(self._sign, len(data))
            os.utime(self._presence)  # rings the others
        except OSError as error:
            raise Unavailable(_NO_SIGN, path=path, reason=error.strerror or str(error)) from error

    def others(self) -> list[Document]:
        """What the other living sessions tell. The sign of one that is gone is taken away."""
        found = []
        try:
            names = sorted(os.listdir(self._presence))
        except OSError:
            return []
        for each in names:
            if each == self._name or each.endswith(TEMPORARY):
                continue
            said = self._read(os.path.join(self._presence, each))
            if said is not None:
                found.append(said)
        return found

    def _read(self, path: str) -> Document | None:
        """What one sign says; None where its session is gone, or writes it at this moment."""
        try:
            fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
            self._disk.remove(path)
        except BlockingIOError:
            try:
                said = orjson.loads(os.pread(fd, 65536, 0))
            except ValueError:
                return None
            return said if isinstance(said, dict) else None
        except OSError:
            return None
        finally:
            os.close(fd)
        return None

    def export(self, name: str, data: bytes) -> str:
        """Save a file for people: where it lies."""
        path = os.path.join(self._exports, quote(name, safe=""))
        try:
            self._disk.replace(path, data)
        except OSError as error:
            raise Unavailable(_NO_FILE, path=path, reason=error.strerror or str(error)) from error
        return path

    def secret(self, name: str) -> Document | None:
        """What is kept under a name and never in an entry."""
        return self._secrets.get(name)

    def change_secret(self, name: str, change: Change) -> Document | None:
        """Put what ``change`` makes of it in its place."""
        return self._secrets.change(name, change)

    @property
    def crowd(self) -> int:
        """A number that changes when ``others`` may say something else."""
        try:
            return os.stat(self._presence).st_mtime_ns
        except OSError:
            return 0

    def close(self) -> None:
        """Take one's own sign away."""
        if self._sign is not None:
            try:
                self._disk.remove(os.path.join(self._presence, self._name))
            except OSError:
                pass  # whoever looks next sees that it is nobody's
            self._close()

    def _close(self) -> None:
        """Let go of the sign."""
        if self._sign is not None:
            os.close(self._sign)
            self._sign = None


def _file(name: str) -> str:
    """A name as a part of a file's name."""
    said = quote(name, safe="")
    if len(said) <= LONGEST and unquote(said) == name:
        return said
    return f"{said[:LONGEST]}-{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
