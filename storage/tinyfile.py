"""A TinyDB file with one document a line: what the snapshot, the archives and the shelf are made of.

Stock TinyDB opens it (``access_mode="r"``), a text editor shows it, and one line can be read without the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import orjson

from storage.store import Document

ABOUT = ".store"
"""The table that says what the file is; its one document has the id 1 and comes first."""

_CHUNK = 200  # documents encoded between two chances for other threads


class Line(NamedTuple):
    """Where one document stands."""

    table: str
    """Its table."""

    id: str
    """Its id."""

    offset: int
    """Bytes before its opening brace."""

    length: int
    """Bytes from there to its closing brace."""

    body: bytes
    """Those bytes."""


def encode(about: Mapping[str, Any], tables: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Iterator[bytes]:
    """The bytes of a file, in pieces. The same documents in the same order make the same bytes."""
    yield b'{".store":{\n"1":%b\n}' % orjson.dumps(about)
    for table, documents in tables.items():
        yield b",\n%b:{\n" % orjson.dumps(table)
        waiting, mark = iter(documents.items()), b""
        while piece := list(islice(waiting, _CHUNK)):
            yield mark + b",\n".join([b'"%b":%b' % (id.encode(), orjson.dumps(body)) for id, body in piece])
            mark = b",\n"
        yield b"\n}"
    yield b"}\n"


def lines(data: bytes) -> Iterator[Line]:
    """Every document of a file made by ``encode``, with its place; tables that begin with a dot are left out."""
    table, offset = "", 0
    for line in data.split(b"\n"):
        if line.endswith(b":{"):
            table = orjson.loads(line[:-2].lstrip(b"{"))
        elif line.startswith(b'"') and table[0] != ".":
            id, _, body = line.partition(b":")
            body = body.removesuffix(b",")
            yield Line(table, id[1:-1].decode(), offset + len(id) + 1, len(body), body)
        offset += len(line) + 1


def tables(data: bytes) -> tuple[Document, dict[str, dict[str, Document]]]:
    """What the file is, and its tables. Raises ``ValueError`` where the bytes are no such file."""
    held = orjson.loads(data)
    try:
        about: Document = held.pop(ABOUT)["1"]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("the file does not say what it is") from error
    return about, held


def versions(held: Mapping[str, Iterable[str]], about: Document) -> dict[str, dict[str, int]]:
    """Table → id → version, from the lists that stand beside the tables in the same order."""
    same: dict[int, int] = {}  # many documents have been written by one entry: one integer for all of them
    return {
        table: {id: same.setdefault(n, n) for id, n in zip(ids, about["versions"][table], strict=True)}
        for table, ids in held.items()
    }
