"""The snapshot: the hot documents at one entry, so that opening does not replay the whole journal.

It is believed only if the journal, read on from where the snapshot stands, records its digest.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import orjson

from storage import entry, tinyfile
from storage.disk import TEMPORARY, Disk
from storage.folder import FORMAT, Folder
from storage.segment import Place
from storage.state import SNAPSHOTS, State

LEAST = 4 << 20
"""Bytes of journal below which no new snapshot is worth its while."""

_LARGE = 1 << 20  # bytes from which on a digest is worth a thread

KEPT = 2
"""Checkpoint records that stay among the store's own documents."""


class Snapshot(NamedTuple):
    """A snapshot as it was read, not yet vouched for."""

    state: State
    """The documents."""

    place: Place
    """Where the journal goes on."""

    digest: str
    """SHA-256 of the file."""

    size: int
    """Its bytes."""


def due(since: int, size: int) -> bool:
    """Whether so many bytes of journal since a snapshot of that size are worth a new one."""
    return since > max(LEAST, size // 4)


def encode(state: State, place: Place, book: str) -> Any:
    """The bytes of a snapshot of a state that will not change meanwhile, in pieces."""
    about = {
        "format": FORMAT,
        "book": book,
        "number": state.number,
        "at": state.at,
        "hash": state.hash,
        "segment": place.segment,
        "offset": place.offset,
        "line": place.hash,
        "counters": state.counters,
        "changed": state.changed,
        "shelved": sorted(state.shelved),
        # as finished JSON: a document may be as deep as JSON goes, and here it lies deeper
        "overlay": {
            kind: {id: (None if body is None else orjson.Fragment(orjson.dumps(body)), n) for id, (body, n) in fresh.items()}
            for kind, fresh in state.overlay.items()
        },
        "versions": {kind: list(table.values()) for kind, table in state.versions.items()},
    }
    return tinyfile.encode(about, state.tables)


def decode(data: bytes, book: str) -> Snapshot:
    """The snapshot in these bytes. Raises ``ValueError`` where they are none, or another store's."""
    digest = _beside(lambda: entry.digest(data)) if len(data) > _LARGE else lambda: entry.digest(data)
    about, tables = tinyfile.tables(data)
    try:
        if about["book"] != book or about["format"] != FORMAT:
            raise ValueError("the snapshot is another store's")
        if not all(type(about[name]) is int for name in ("number", "segment", "offset")):
            raise ValueError("the snapshot does not say where it stands")
        state = State()
        state.number, state.at, state.hash = about["number"], about["at"], about["hash"]
        state.counters, state.changed = about["counters"], about["changed"]
        state.shelved = set(about["shelved"])
        state.overlay = {
            kind: {id: (body, version) for id, (body, version) in fresh.items()} for kind, fresh in about["overlay"].items()
        }
        state.tables, state.versions = tables, tinyfile.versions(tables, about)
        place = Place(about["segment"], about["offset"], about["number"], about["line"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("the snapshot is not as it was written") from error
    return Snapshot(state, place, digest(), len(data))


def _beside(work: Callable[[], str]) -> Callable[[], str]:
    """Begin some work on another core, which hashing leaves the interpreter for; the call gives what came of it."""
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(work()), name="wanjia-digest", daemon=True)
    thread.start()

    def wait() -> str:
        thread.join()
        return found[0]

    return wait


def read(path: str, book: str) -> Snapshot | None:
    """The snapshot in a file, None where there is no file. Raises ``ValueError`` where it is not one of ours."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return None
    return decode(data, book)


def record(state: State, number: int, digest: str, size: int) -> entry.RawOps:
    """The operations that record a checkpoint at ``number``, and let go of the records that are too old."""
    ids = sorted((int(id) for id in state.tables.get(SNAPSHOTS, {})), reverse=True)
    ops: entry.RawOps = [(SNAPSHOTS, str(id), None) for id in ids[KEPT - 1 :] if id != number]
    return [*ops, (SNAPSHOTS, str(number), {"n": number, "sha256": digest, "bytes": size})]


def vouches(fields: dict[str, Any], snapshot: Snapshot) -> bool:
    """Whether an entry records this very snapshot."""
    return any(
        kind == SNAPSHOTS and body is not None and body["n"] == snapshot.state.number and body["sha256"] == snapshot.digest
        for kind, _, body in fields["ops"]
    )


def place(folder: Folder, disk: Disk) -> None:
    """Put the finished snapshot in its place, keeping the one before. A crash leaves at least one of them."""
    if os.path.exists(folder.live):
        disk.rename(folder.live, folder.previous)
    disk.rename(folder.live + TEMPORARY, folder.live)
    disk.sync_folder(folder.path)
