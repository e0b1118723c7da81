"""How a session opens a store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from storage.disk import Disk
from storage.lock import PATIENCE, Waiting
from storage.segment import SEGMENT
from storage.store import Kind

RESERVE = 16 << 20
"""Bytes that must be free on the disk before a change is taken: room to mend, seal and take the last notes."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a session opens a store. Tests make the sizes small and the disk fail."""

    now: Callable[[], datetime]
    """The clock: the moment with its zone."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    """How documents are kept, by kind; what is not named is hot and not indexed."""

    user: str = ""
    """Who is shown to others while this session holds the lock."""

    waiting: Waiting | None = None
    """Told who holds the lock while a change waits for more than a second."""

    readonly: bool = False
    """Open for reading only."""

    force_network: bool = False
    """Open even on a network file system, at one's own risk."""

    polling: bool = False
    """Look for news four times a second, as where the system refuses inotify."""

    patience: float = PATIENCE
    """Seconds to wait for the lock."""

    segment: int = SEGMENT
    """Bytes after which a journal segment is sealed."""

    reserve: int = RESERVE
    """Bytes that must be free on the disk."""

    disk: Disk = field(default_factory=Disk)
    """The calls that change the disk."""
