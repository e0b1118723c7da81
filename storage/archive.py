"""Archives and shelf files: documents no session holds in memory, in TinyDB files that never change once written."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from storage import entry, tinyfile
from storage.errors import Corrupt, Invalid
from storage.folder import FORMAT
from storage.state import ARCHIVES, SHELF, State, shard
from storage.store import Document, Entry

BATCH = 2000
"""Documents that go into one archive file at the most: the time others wait for the lock."""

STORY = ".story"
"""The table of an archive with what happened to its documents: number → who, when, what, why, which documents."""

_LONG = 150
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,80}")


class Part(NamedTuple):
    """One file of documents."""

    about: Document
    """What the file says of itself."""

    tables: dict[str, dict[str, Document]]
    """kind → id → document."""

    versions: dict[str, dict[str, int]]
    """kind → id → entry that wrote it last."""


def check_name(name: str) -> str:
    """The name itself. Raises ``Invalid`` unless it can be a file's name everywhere."""
    if not _NAME.fullmatch(name):
        raise Invalid("{name!r} cannot name an archive; use letters, digits, dot, dash, as in 2026-08", name=name)
    return name


def free_name(state: State, name: str) -> str:
    """The name, or with ``-2``, ``-3`` … behind it, so that no archive bears it yet."""
    taken = {about["file"] for about in state.own(ARCHIVES)}
    number, fresh = 1, f"{name}.json"
    while fresh in taken:
        number += 1
        fresh = f"{name}-{number}.json"
    return fresh


def encode(
    book: str,
    number: int,
    tables: Mapping[str, Mapping[str, Document]],
    versions: Mapping[str, Mapping[str, int]],
    story: Iterable[Entry] = (),
) -> Any:
    """The bytes of a file with these documents as they were after entry ``number``, in pieces."""
    about = {
        "format": FORMAT,
        "book": book,
        "number": number,
        "versions": {kind: [versions[kind][id] for id in table] for kind, table in tables.items()},
    }
    held: dict[str, Mapping[str, Mapping[str, Any]]] = dict(tables)
    told = {str(e.number): _told(e, tables) for e in sorted(story, key=lambda e: e.number)}
    if told:
        held[STORY] = told
    return tinyfile.encode(about, held)


def _told(e: Entry, tables: Mapping[str, Mapping[str, Document]]) -> Document:
    """One entry as an archive tells it: without the documents, which the journal keeps."""
    touched = [[kind, id] for kind, id, _ in e.ops if id in tables.get(kind, {})]
    return {"t": e.at, "who": e.who, "from": e.source, "what": e.what, "why": e.why, "of": touched}


def decode(data: bytes) -> Part:
    """The documents in these bytes. Raises ``ValueError`` where they are not such a file."""
    about, tables = tinyfile.tables(data)
    for own in [kind for kind in tables if kind[0] == "."]:
        del tables[own]
    return Part(about, tables, tinyfile.versions(tables, about))


def read(path: str, digest: str) -> bytes:
    """The bytes of a file. Raises ``Corrupt`` where it is missing or its digest is not the recorded one."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        raise Corrupt("{file} is missing; put it back from a backup or run repair", file=_short(path)) from None
    if entry.digest(data) != digest:
        raise Corrupt("{file} was changed; put it back from a backup or run repair", file=_short(path))
    return data


def _short(path: str) -> str:
    """``archive/2026-08.json`` of a longer path."""
    return os.path.join(os.path.basename(os.path.dirname(path)), os.path.basename(path))


def hot(state: State, documents: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """The versions, kind → id → version, of those documents that are hot, oldest written first."""
    found: dict[str, dict[str, int]] = {}
    for kind, id in documents:
        version = state.versions.get(kind, {}).get(id)
        if version is not None and kind[0] != ".":
            found.setdefault(kind, {})[id] = version
    return {kind: dict(sorted(ids.items(), key=lambda item: (item[1], int(item[0])))) for kind, ids in found.items()}


def record(number: int, state: State, about: Document, versions: Mapping[str, Mapping[str, int]]) -> entry.RawOps:
    """The operations that record an archive file made at ``number``, and take its documents out of the hot tables."""
    said = about | {"number": number, "documents": {kind: len(ids) for kind, ids in versions.items()}}
    ops: entry.RawOps = [(ARCHIVES, str(state.counters.get(ARCHIVES, 0) + 1), said)]
    return ops + [(kind, id, None) for kind, ids in versions.items() for id in ids]


def shelf_file(kind: str, number: int, n: int) -> str:
    """File name of one part of the shelf as of entry ``n``."""
    said = quote(kind, safe="")
    if len(said) > _LONG:  # a file's name may have 255 bytes
        said = f"{said[:40]}-{entry.digest(kind.encode())[:16]}"
    return f"{said}-{number:07d}-{n}.json"


def shelved(state: State, kind: str, number: int) -> tuple[str, Document | None]:
    """The store's own document about one part of the shelf: its id, and the document if there is one."""
    for id, about in state.tables.get(SHELF, {}).items():
        if about["kind"] == kind and about["shard"] == number:
            return id, about
    return str(state.counters.get(SHELF, 0) + 1), None


def fresh(state: State) -> list[tuple[str, int]]:
    """The parts of the shelf that have documents which are in no file yet."""
    return sorted({(kind, shard(id)) for kind, ids in state.overlay.items() for id in ids})


def merge(state: State, kind: str, number: int, part: Part | None) -> tuple[dict[str, Document], dict[str, int]]:
    """The documents of one part of the shelf, those in its file overlaid with the fresh ones, by id: and versions."""
    documents = dict(part.tables.get(kind, {})) if part else {}
    versions = dict(part.versions.get(kind, {})) if part else {}
    for id, (body, version) in state.overlay.get(kind, {}).items():
        if shard(id) == number:
            documents.pop(id, None)
            if body is not None:
                documents[id], versions[id] = body, version
    ordered = sorted(documents, key=int)
    return {id: documents[id] for id in ordered}, {id: versions[id] for id in ordered}
