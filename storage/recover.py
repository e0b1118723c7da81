"""Opening: the documents from the first source that is good. No lock; nothing is written."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field

from storage import snapshot
from storage.disk import Disk
from storage.errors import Corrupt
from storage.folder import Folder
from storage.head import Head
from storage.journal import Journal
from storage.segment import BEGINNING
from storage.state import State


@dataclass(slots=True)
class Recovered:
    """A store as it was found."""

    state: State
    """The documents."""

    journal: Journal
    """The place in the journal."""

    size: int
    """Bytes of the snapshot they came from, 0 without one."""

    damage: Corrupt | None = None
    """What is not as it was written."""

    unvouched: dict[str, int] = field(default_factory=dict)
    """Snapshot files that the journal does not vouch for, and their inodes: damaged, foreign, or another program's."""


def recover(folder: Folder, book: str, disk: Disk, head: Head, writable: bool) -> Recovered:
    """Read the snapshot and the journal from there; else the snapshot before; else the whole journal."""
    unvouched: dict[str, int] = {}
    newest = 0
    for path in (folder.live, folder.previous, None):
        try:
            held = snapshot.read(path, book) if path else None
        except ValueError:
            _distrust(unvouched, str(path))
            continue
        if path and held is None:
            continue
        newest = max(newest, held.state.number if held else 0)
        journal = Journal(folder.journal, book, disk, writable)
        journal.acknowledged = (head.segment, head.end)
        journal.durable = head.number
        found = Recovered(held.state if held else State(), journal, held.size if held else 0, unvouched=unvouched)
        try:
            good = _replay(found, held)
        except (TypeError, AttributeError, KeyError, ValueError):
            if held is None:
                raise
            good = False  # somebody wrote into it what is no snapshot's
        if good:
            if found.damage is None and found.state.number < newest:
                found.damage = Corrupt(
                    "the journal ends at entry {number}, a snapshot is of entry {newest}: entries are missing; run repair",
                    number=found.state.number,
                    newest=newest,
                )
            return found
        journal.close()
        _distrust(unvouched, str(path))
    raise AssertionError("the whole journal is always good enough to begin with")


def _replay(found: Recovered, held: snapshot.Snapshot | None) -> bool:
    """Read the journal on from a snapshot, or all of it: whether the journal vouches for the snapshot."""
    good = held is None
    try:
        found.journal.start(held.place if held else BEGINNING)
        for fields in found.journal.whole():
            if held is not None and not good:
                good = snapshot.vouches(fields, held)
            found.state.apply(fields)
    except Corrupt as error:
        found.damage = error
    return good


def _distrust(unvouched: dict[str, int], path: str) -> None:
    """Remember a snapshot that is not to be believed, to be moved out of the way under the lock."""
    unvouched[path] = 0
    with suppress(FileNotFoundError):
        unvouched[path] = os.stat(path).st_ino
