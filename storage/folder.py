"""The store's folder: what lies where, what it must look like, and what makes it unfit to be written."""

from __future__ import annotations

import os
import uuid
from datetime import datetime

import orjson

from storage import entry, segment
from storage.disk import Disk
from storage.errors import Said, StoreError, Unavailable

FORMAT = 1
"""The version of the files that this program reads and writes."""

FOLDERS = ("journal", "archive", "shelf", "index", "quarantine", "drafts", "presence", "exports", "secrets")
"""The folders of a store, all open to its owner only."""

NETWORK = frozenset(
    "nfs nfs4 cifs smb3 smbfs smb2 9p afs ncpfs ceph lustre gfs2 ocfs2 davfs fuse.sshfs fuse.glusterfs fuse.davfs "
    "fuse.s3fs fuse.rclone fuse.ceph virtiofs vboxsf prl_fs".split()
)
"""File systems on which locks or syncs do not hold between machines."""

_NOT_ONE = (
    "{path} is not a store of this program ({reason}); name another folder, or make a store with: wanjia --store FOLDER init"
)
_FOREIGN = "{path} may not be written by this account; use the account that owns the store"
_STOPPED = "the store was stopped and can only be read: {reason} - once that is seen to, run repair"


class Folder:
    """Paths of one store."""

    def __init__(self, path: str) -> None:
        """Name the parts of the store in ``path``; nothing is opened."""
        self.path = os.path.abspath(path)
        self.live = os.path.join(self.path, "live.json")
        self.previous = os.path.join(self.path, "live.prev.json")
        self.journal = os.path.join(self.path, "journal")
        self.archive = os.path.join(self.path, "archive")
        self.shelf = os.path.join(self.path, "shelf")
        self.index = os.path.join(self.path, "index")
        self.quarantine = os.path.join(self.path, "quarantine")
        self.presence = os.path.join(self.path, "presence")
        self.lock = os.path.join(self.path, "lock")
        self.head = os.path.join(self.path, "head")
        self.stop = os.path.join(self.path, "STOP")

    path: str
    """The folder itself, absolute."""

    live: str
    """The latest snapshot."""

    previous: str
    """The snapshot before."""

    journal: str
    """Folder of the segments."""

    archive: str
    """Folder of the archives."""

    shelf: str
    """Folder of the shelf's files."""

    index: str
    """Folder of what can be made again from the rest."""

    quarantine: str
    """Folder of all that was ever cut off or refused."""

    presence: str
    """Folder of the signs that sessions are here."""

    lock: str
    """The file that whoever writes holds locked."""

    head: str
    """The last acknowledged entry, not synced."""

    stop: str
    """Present: nobody writes."""

    def book(self) -> str:
        """Which store this is. Raises ``Unavailable`` where the folder is not a store of this version."""
        file = os.path.join(self.path, "FORMAT")
        try:
            with open(file, "rb") as f:
                said = orjson.loads(f.read(4096))
            version, book = said["format"], str(uuid.UUID(said["book"]))
        except FileNotFoundError:
            reason = "there is no such folder" if not os.path.isdir(self.path) else "it has no FORMAT file"
            raise Unavailable(_NOT_ONE, path=self.path, reason=reason) from None
        except OSError as error:
            raise Unavailable(
                "{path} cannot be read ({reason}); the account that owns the store must open it",
                path=self.path,
                reason=error.strerror,
            ) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unavailable(_NOT_ONE, path=self.path, reason="its FORMAT file cannot be read") from error
        if version != FORMAT:
            raise Unavailable(
                "{path} was written in format {version} and this program knows format {known}; use a newer program",
                path=self.path,
                version=version,
                known=FORMAT,
            )
        if not os.path.isdir(self.journal):
            raise Unavailable("{path} has lost its journal folder; restore a backup into another folder", path=self.path)
        return book

    def stopped(self) -> str:
        """Why the store was stopped, as one line; empty where it was not."""
        try:
            with open(self.stop, "rb") as f:
                raw = f.read(2000)
        except FileNotFoundError:
            return ""
        reason = " ".join(raw.decode("utf-8", "replace").split()) or "no reason given"
        return Said(_STOPPED, reason=reason)

    def put_stop(self, disk: Disk, reason: str, at: str) -> None:
        """Stop the store for everyone. The first reason stays."""
        if os.path.exists(self.stop):
            return
        disk.write_whole(self.stop, [f"{at} {reason}\n".encode()])
        disk.sync_folder(self.path)

    def unwritable(self) -> str:
        """Why this session may not write here, as one line; empty where it may."""
        stopped = self.stopped()
        if stopped:
            return stopped
        if os.statvfs(self.path).f_flag & os.ST_RDONLY:
            return Said("{path} is on a file system mounted read-only; have it mounted for writing", path=self.path)
        for part in (self.path, self.journal, self.quarantine):
            if not os.path.isdir(part):
                return Said("{path} is missing; make the folder again, empty", path=part)
            if not os.access(part, os.R_OK | os.W_OK | os.X_OK):
                return Said(_FOREIGN, path=part)
        for file in [self.lock, self.head, *(os.path.join(self.journal, f) for f in os.listdir(self.journal))]:
            if os.path.exists(file) and not os.access(file, os.R_OK | os.W_OK):
                return Said(_FOREIGN, path=file)
        return ""


def network(path: str, mounts: str = "/proc/self/mountinfo") -> str:
    """The name of the network file system under ``path``, or empty. Source: the kernel's table of mounts."""
    try:
        device = os.stat(path).st_dev
        with open(mounts, encoding="utf-8", errors="replace") as table:
            for line in table:
                left, _, right = line.partition(" - ")
                if left.split()[2] == f"{os.major(device)}:{os.minor(device)}" and right.split()[0] in NETWORK:
                    return right.split()[0]
    except FileNotFoundError:
        return ""
    return ""


def write_format(path: str, book: str, disk: Disk) -> None:
    """Write the file that makes a folder a store."""
    disk.replace(os.path.join(path, "FORMAT"), b'{"format":%d,"book":"%b"}\n' % (FORMAT, book.encode()))


def create(path: str, now: datetime, book: str | None = None, disk: Disk | None = None) -> Folder:
    """Make a new, empty store in a folder that is empty or does not exist yet. ``book``: its name, a UUID."""
    folder, disk, book = Folder(path), disk or Disk(), book or str(uuid.uuid4())
    if os.path.isdir(folder.path) and os.listdir(folder.path):
        raise Unavailable("{path} is not empty; a new store needs an empty folder", path=folder.path)
    try:
        os.makedirs(folder.path, mode=0o700, exist_ok=True)
        os.chmod(folder.path, 0o700)
        for part in FOLDERS:
            os.mkdir(os.path.join(folder.path, part), 0o700)
        segment.create(folder.journal, book, entry.stamp(now)[:7], disk)
        # FORMAT comes last: a folder that has it is whole.
        write_format(folder.path, book, disk)
        disk.sync_folder(os.path.dirname(folder.path))
    except StoreError:
        raise
    except OSError as error:
        raise Unavailable(
            "no store could be made in {path}: {reason}", path=folder.path, reason=error.strerror or str(error)
        ) from error
    return folder
