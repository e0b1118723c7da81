"""The head: the last acknowledged entry, noted beside the journal without a sync.

After ``kill -9`` it is exact, after a power cut it may be older, never newer: a lower bound of what must be there.
"""

from __future__ import annotations

import os
from typing import NamedTuple
from zlib import crc32

import orjson

WIDTH = 192
"""Bytes of the file, always the same, written at once."""


class Head(NamedTuple):
    """What was acknowledged last."""

    segment: int
    """Segment in which the entry stands."""

    end: int
    """Bytes of the segment up to its end."""

    number: int
    """The entry."""

    hash: str
    """Its hash."""


NOTHING = Head(0, 0, 0, "")
"""No entry was acknowledged yet, or nobody knows which."""


def encode(head: Head) -> bytes:
    """The file's bytes."""
    note = b'{"segment":%d,"end":%d,"n":%d,"h":"%b"' % (head.segment, head.end, head.number, head.hash.encode())
    return (b'%b,"check":%d}' % (note, crc32(note))).ljust(WIDTH - 1) + b"\n"


def decode(raw: bytes) -> Head:
    """What the bytes say; NOTHING where they were torn by a power cut."""
    try:
        said = orjson.loads(raw)
        head = Head(said["segment"], said["end"], said["n"], said["h"])
        return head if encode(head) == raw else NOTHING
    except (ValueError, KeyError, TypeError, AttributeError):
        return NOTHING


def read(path: str) -> Head:
    """The head noted in a file; NOTHING where there is no such file."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return NOTHING
    try:
        return decode(os.pread(fd, WIDTH, 0))
    finally:
        os.close(fd)
