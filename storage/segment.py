"""Segments: the files of the journal, and reading them. No lock is needed for that.

A segment begins with a header line (book, segment, first number, month) and ends with a seal line once the next one
is there to be made. Each line names the hash of the line before it, across segments too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, NamedTuple

from storage import entry
from storage.disk import TEMPORARY, Disk
from storage.errors import Corrupt, Replaced, Said

SEGMENT = 8 << 20
"""Bytes after which a segment is sealed."""

_CHUNK = 1 << 17  # bytes read at once: what is decoded at once should not leave holes in the memory
_LOST = "journal/{file} is missing or was replaced; close every session, put it back from a backup or run repair"


class Place(NamedTuple):
    """A place between two lines of the journal."""

    segment: int
    """Number of the segment, from 1."""

    offset: int
    """Bytes before the place in the segment."""

    number: int
    """Last entry before the place."""

    hash: str
    """Hash of the line before the place."""


BEGINNING = Place(1, 0, 0, entry.ZERO)
"""Before the first line of the first segment."""


def name(segment: int) -> str:
    """File name of a segment."""
    return f"{segment:010d}.jsonl"


def header(book: str, segment: int, first: int, month: str, previous: str) -> tuple[bytes, str]:
    """First line of a segment and its hash. It can be made again from its neighbours, should it be damaged."""
    return entry.seal({"v": 1, "book": book, "segment": segment, "first": first, "month": month}, previous)


def closing(segment: int, last: int, previous: str) -> tuple[bytes, str]:
    """Last line of a segment and its hash. It can be made again from its neighbours, should it be damaged."""
    return entry.seal({"v": 1, "seal": segment, "last": last}, previous)


def segments(folder: str) -> list[int]:
    """Numbers of the segment files that lie in the journal folder, in order."""
    found = [int(file[:-6]) for file in os.listdir(folder) if file.endswith(".jsonl") and file[:-6].isdigit()]
    return sorted(found)


class Reader:
    """A place in the journal, and reading on from it. The place moves only past lines that were checked."""

    _mode = os.O_RDONLY | os.O_CLOEXEC

    def __init__(self, folder: str, book: str) -> None:
        """Of the journal in ``folder``, which must belong to ``book``; ``start`` comes next."""
        self._folder, self._book = folder, book
        self._fd = -1
        self._path = ""
        self._inode = (0, 0)
        self.segment, self.offset, self.line_at, self.number = 1, 0, 0, 0
        self.hash, self.month, self.sealed = entry.ZERO, "", False
        self.acknowledged = (0, 0)
        self.total = self.durable = self.torn = 0

    segment: int
    """Number of the open segment."""

    offset: int
    """Bytes of it that were read and found good."""

    line_at: int
    """Where in it the last entry read begins."""

    number: int
    """Last entry read."""

    hash: str
    """Hash of the last line read."""

    month: str
    """Month of the open segment, ``2026-11``."""

    sealed: bool
    """Whether the open segment's seal was read: the next entry stands in another."""

    total: int
    """Bytes of all lines read and written in this session."""

    torn: int
    """Bytes behind the place that ``entries`` found to be no whole line."""

    durable: int
    """Last entry that is known to be durable: by a sync here, or because a later line says so."""

    acknowledged: tuple[int, int]
    """(segment, bytes) that are known to have been acknowledged: what is damaged before it is never a torn end."""

    @property
    def place(self) -> Place:
        """Where this session stands."""
        return Place(self.segment, self.offset, self.number, self.hash)

    def start(self, place: Place) -> None:
        """Open a segment at a place. The first line read after it tells whether the place is of this journal."""
        self._open(place.segment)
        self.offset, self.number, self.hash = place.offset, place.number, place.hash
        if place.offset:
            end = os.pread(self._fd, 1, place.offset - 1)
            first = os.pread(self._fd, 4096, 0).partition(b"\n")[0]
            fields = entry.read(first) or {}
            self._check_header(fields, fields.get("first", 0), str(fields.get("p", "")))
            if end != b"\n":
                raise self._corrupt("ends before the place where the snapshot continues")

    def close(self) -> None:
        """Let go of the open segment."""
        fd, self._fd = self._fd, -1  # first: should an interruption come between, its number may soon be another file's
        if fd >= 0:
            os.close(fd)

    def behind(self) -> bool:
        """Whether the journal has more bytes than were read here: one ``stat``, no lock."""
        return self._followed() if self.sealed else self._length() > self.offset

    def _length(self) -> int:
        """Bytes of the open segment. Raises ``Corrupt`` where its name is another file's now, or it was cut."""
        try:
            now = os.stat(self._path)
        except FileNotFoundError:
            raise Replaced(_LOST, file=name(self.segment)) from None
        if now.st_ino != self._inode[0] or now.st_dev != self._inode[1] or now.st_size < self.offset:
            raise Replaced(_LOST, file=name(self.segment))
        return now.st_size

    def signature(self) -> tuple[int, int, bool]:
        """Changes whenever anybody writes to the journal: what whoever waits compares."""
        now = os.stat(self._path)
        return now.st_size, now.st_mtime_ns, self._followed()

    def entries(self) -> Iterator[dict[str, Any]]:
        """The fields of the entries that were not read yet, up to the last whole line.

        Raises ``Corrupt`` where a line is not as it was written, unless it can only be the torn end of a write that
        nobody acknowledged: then it ends before it.
        """
        while True:
            if self.sealed:
                if not self._followed():
                    return
                self._open(self.segment + 1)
            size, before, most = self._length(), -1, _CHUNK
            while self.offset < size and not self.sealed:
                if self.offset == before:  # not one whole line in it: longer than a chunk, or torn
                    if most >= size - before:
                        break
                    most *= 2
                before = self.offset
                yield from self._chunk(os.pread(self._fd, min(most, size - before), before))
            self.torn = 0 if self.sealed else size - self.offset
            if not self.sealed:
                return

    def after(self, number: int) -> Iterator[dict[str, Any]]:
        """The fields of every entry after ``number`` up to where this session stands, read anew from the files."""
        for segment in reversed(segments(self._folder)):
            first = self._first(segment)
            if first is not None and first["first"] <= number + 1:
                break
        else:
            raise self._corrupt("is missing")
        reader = self._fresh(segment, first)
        try:
            for fields in reader.entries():
                if fields["n"] > number:
                    yield fields
                if fields["n"] >= self.number:
                    return
        finally:
            reader.close()

    def recheck(self) -> None:
        """Read the open segment from its beginning with a fresh reader. Raises ``Corrupt`` where it finds damage."""
        first = self._first(self.segment)
        if first is None:
            raise self._corrupt("is damaged at its header")
        reader = self._fresh(self.segment, first)
        try:
            reader.acknowledged = self.acknowledged
            for _ in reader.whole():
                pass
        finally:
            reader.close()

    def _first(self, segment: int) -> dict[str, Any] | None:
        """The fields of a segment's header, None where it is damaged."""
        with open(os.path.join(self._folder, name(segment)), "rb") as file:
            return entry.read(file.readline().rstrip(b"\n"))

    def _fresh(self, segment: int, first: dict[str, Any]) -> Reader:
        """Another reader, at the beginning of a segment with that header."""
        reader = Reader(self._folder, self._book)
        reader.start(Place(segment, 0, first["first"] - 1, first["p"]))
        return reader

    def _chunk(self, data: bytes) -> Iterator[dict[str, Any]]:
        """The entries among these bytes, which begin where this session stands."""
        lines = data.split(b"\n")
        lines.pop()  # what stands behind the last newline is not finished
        read = entry.read
        for line in lines:
            fields = read(line)
            if fields is None:
                if self._torn():
                    return
                raise self._corrupt("was changed")
            if fields["p"] != self.hash:
                if fields.get("book", self._book) != self._book:
                    raise self._corrupt("belongs to another store")
                raise self._corrupt("does not follow the line before it (missing, doubled, reordered or foreign)")
            size = len(line) + 1
            number = fields.get("n")
            if number is None:
                self._special(fields)
                self.offset += size
                self.total += size
                continue
            if number != self.number + 1 or self.offset == 0 or self.sealed:
                raise self._corrupt("is out of order")
            kept = fields.get("kept", self.number)
            self.durable = max(self.durable, kept)
            self.number = number
            self.hash = fields["h"]
            self.line_at = self.offset
            self.offset += size
            self.total += size
            yield fields

    def _special(self, fields: dict[str, Any]) -> None:
        """Take in a header, a seal or a gap record."""
        if "book" in fields:
            if self.offset:
                raise self._corrupt("is a header in the middle of a segment")
            self._check_header(fields, self.number + 1, self.hash)
        elif self.offset == 0:
            raise self._corrupt("should be the header of the segment")
        elif "seal" in fields:
            if fields["seal"] != self.segment or fields["last"] != self.number or self.sealed:
                raise self._corrupt("seals another segment")
            self.sealed = True
        elif "gap" not in fields:
            raise self._corrupt("is of a kind this program does not know; use a newer one")
        self.hash = fields["h"]
        if "gap" in fields:
            self.number, self.hash = fields["gap"][1], fields["next"]
            self.durable = max(self.durable, self.number)

    def _check_header(self, fields: dict[str, Any], first: int, previous: str) -> None:
        """Refuse a segment of another journal, or in another's place."""
        if fields.get("book") != self._book:
            raise self._corrupt("belongs to another store")
        if fields["segment"] != self.segment or fields["first"] != first or fields["p"] != previous:
            raise self._corrupt("belongs in another place of the journal")
        self.month = fields["month"]

    def _torn(self) -> bool:
        """Whether the rest can only be writes that nobody acknowledged: no line after it was written knowing better."""
        last = (self.segment, self.offset) >= self.acknowledged and not self._followed()
        before = None
        while True:
            rest = os.pread(self._fd, max(0, os.fstat(self._fd).st_size - self.offset), self.offset)
            if entry.read(rest.partition(b"\n")[0]) is not None:
                return True
            if rest == before:
                return last and not entry.proves(rest, self.number + 1)
            before = rest  # without the lock, somebody may be mending these bytes: look again before crying wolf

    def _corrupt(self, what: str) -> Corrupt:
        """The error for the line at the place reached."""
        return Corrupt(
            "journal/{file}, the line after byte {offset} (entry {number}) {what}; run repair",
            file=name(self.segment),
            offset=self.offset,
            number=self.number + 1,
            what=Said(what),
        )

    def _followed(self) -> bool:
        """Whether there is a segment after the open one."""
        return os.path.exists(os.path.join(self._folder, name(self.segment + 1)))

    def whole(self) -> Iterator[dict[str, Any]]:
        """The fields of all entries from here to the end. Raises ``Corrupt`` also where that is not the end it should be."""
        failed: Place | None = None
        while True:
            yield from self.entries()
            try:
                self.complete()
            except Corrupt:
                if self.place == failed:
                    raise
                failed = self.place  # somebody may have begun a new segment just now: read on before crying wolf
            else:
                return

    def complete(self) -> None:
        """Raise ``Corrupt`` where acknowledged bytes are missing, or another segment lies behind the end."""
        if self.offset == 0:
            raise self._corrupt("should be the header of the segment, and is not there")
        stray = segments(self._folder)[-1]
        if stray > self.segment:
            raise Corrupt(
                "journal/{file} does not belong to the journal, or one before it is missing; run repair",
                file=name(stray),
            )
        if (self.segment, self.offset) < self.acknowledged:
            raise self._corrupt("was cut off or changed, though it had been acknowledged")

    def _open(self, segment: int) -> None:
        """Continue at the beginning of a segment."""
        path = os.path.join(self._folder, name(segment))
        try:
            fd = os.open(path, self._mode)
        except FileNotFoundError:
            raise Replaced(_LOST, file=name(segment)) from None
        now = os.fstat(fd)
        self.close()
        self._fd, self._path, self._inode = fd, path, (now.st_ino, now.st_dev)
        self.segment, self.offset, self.sealed = segment, 0, False

    def fetch(self, segment: int, offset: int, length: int) -> dict[str, Any] | None:
        """The fields of one line elsewhere in the journal, or None where it is not as it was written."""
        fd = os.open(os.path.join(self._folder, name(segment)), os.O_RDONLY | os.O_CLOEXEC)
        try:
            return entry.read(os.pread(fd, length - 1, offset))
        finally:
            os.close(fd)


def create(folder: str, book: str, month: str, disk: Disk) -> None:
    """A journal with one empty segment."""
    line, _ = header(book, 1, 1, month, entry.ZERO)
    disk.replace(os.path.join(folder, name(1)), line)


def leftovers(folder: str) -> list[str]:
    """Files that a crash left unfinished in a folder."""
    return [os.path.join(folder, file) for file in sorted(os.listdir(folder)) if file.endswith(TEMPORARY)]
