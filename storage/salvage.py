"""Puts a damaged journal together again from every line that still carries its own hash. Pure: bytes in, bytes out.

Lines are found by the hash of the line before them, wherever they stand: reordered lines, lines from a backup and
lines with one flipped bit fall into place. What is lost for good becomes a gap record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from storage import entry, segment

_LONGEST = 16384  # bytes of a line whose every bit is tried


@dataclass(slots=True)
class Salvaged:
    """A journal that is whole again, as far as it can be."""

    segments: dict[int, bytes] = field(default_factory=dict)
    """Segment number → its bytes."""

    gaps: list[tuple[int, int]] = field(default_factory=list)
    """First and last entry of each gap that this repair had to leave; last < first where only the link was lost."""

    mended: int = 0
    """Lines that were made whole: a flipped bit put right, a header or a seal made again."""

    number: int = 0
    """The last entry."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that carries its own hash."""

    raw: bytes
    """Its bytes without the newline."""

    fields: Mapping[str, Any]
    """What it says."""

    segment: int
    """The segment file in which it stood, 0 for a backup's."""

    @property
    def key(self) -> float:
        """Where in the order it belongs."""
        said = self.fields
        if "n" in said:
            return float(said["n"])
        if "first" in said:
            return float(said["first"] - 0.6)
        return float(said["last"] + 0.3 if "last" in said else said["gap"][0] - 0.5)


def salvage(book: str, files: Mapping[int, bytes], donors: list[bytes], acknowledged: int = 0) -> Salvaged:
    """The journal of ``book`` from its segment files and, for what is missing there, from those of backups.

    ``acknowledged``: the last entry known to have been there; numbers up to it are not given out again.
    """
    return _Salvage(book, files, donors).run(acknowledged)


class _Salvage:
    """One walk along the chain."""

    def __init__(self, book: str, files: Mapping[int, bytes], donors: list[bytes]) -> None:
        """Gather every sound line."""
        self._book = book
        self._out = Salvaged()
        self._after: dict[str, list[_Line]] = {}
        self._all: list[_Line] = []
        for number in sorted(files):
            for raw, mended in _sound(files[number]):
                self._add(raw, number, mended)
        for data in donors:
            for raw, _ in _sound(data):
                self._add(raw, 0, False)
        self._all.sort(key=lambda line: line.key)
        self._next, self._placed = 0, set[str]()
        self._segment, self._open = 0, False
        self._number, self._hash, self._month = 0, entry.ZERO, ""

    def _add(self, raw: bytes, file: int, mended: bool) -> None:
        """One more line to choose from."""
        fields = entry.read(raw)
        if fields is None or fields.get("book", self._book) != self._book:
            return
        line = _Line(raw, fields, file)
        self._after.setdefault(fields["p"], []).append(line)
        if file:
            self._all.append(line)
        self._out.mended += mended

    def run(self, acknowledged: int) -> Salvaged:
        """Walk from the beginning; where nothing follows, make again what can be, else leave a gap."""
        while True:
            fitting = [line for line in self._after.get(self._hash, ()) if self._fits(line)]
            # a backup may have what an earlier repair had to give up: an entry comes before the record of its gap
            line = min(fitting, key=lambda line: "gap" in line.fields, default=None)
            if line is not None:
                self._place(line.raw, line.fields)
            elif not self._remake():
                ahead = self._ahead()
                if ahead is None:
                    break
                self._bridge(ahead)
        if not self._out.segments or (self._number < acknowledged and not self._open):
            self._fresh_header(self._month or "0000-01")
        if self._number < acknowledged:
            self._gap(acknowledged, self._hash)
        self._out.number = self._number
        return self._out

    def _fits(self, line: _Line) -> bool:
        """Whether a line may stand here; a foreign one could bear the right hash only by intent."""
        said = line.fields
        if "book" in said:
            return not self._open and said["segment"] == self._segment + 1
        return self._open and ("n" not in said or said["n"] == self._number + 1)

    def _place(self, raw: bytes, said: Mapping[str, Any]) -> None:
        """Put a line at the end of what is whole."""
        if "book" in said:
            self._segment, self._open, self._month = said["segment"], True, said["month"]
            self._out.segments[self._segment] = b""
        self._out.segments[self._segment] += raw + b"\n"
        self._hash = said["h"]
        self._placed.add(said["h"])
        if "n" in said:
            self._number = said["n"]
        elif "seal" in said:
            self._open = False
        elif "gap" in said:
            self._number, self._hash = said["gap"][1], said["next"]

    def _put(self, made: tuple[bytes, str]) -> None:
        """Place a line that was made here."""
        raw = made[0].rstrip(b"\n")
        self._place(raw, entry.read(raw) or {})

    def _remake(self) -> bool:
        """Make a header or a seal again, if the line after it proves that it was just so."""
        if self._open:
            made = [segment.closing(self._segment, self._number, self._hash)]
        else:
            months = {str(line.fields["t"])[:7] for line in self._all if "n" in line.fields} | {self._month or "0000-01"}
            made = [
                segment.header(self._book, self._segment + 1, self._number + 1, month, self._hash)
                for month in sorted(months)
            ]
        for one in made:
            if one[1] in self._after:
                self._put(one)
                self._out.mended += 1
                return True
        return False

    def _ahead(self) -> _Line | None:
        """The first sound line that belongs behind what is whole; each is offered once."""
        while self._next < len(self._all):
            line = self._all[self._next]
            self._next += 1
            if line.key > self._number and line.fields["h"] not in self._placed:
                return line
        return None

    def _bridge(self, line: _Line) -> None:
        """Leave a gap before ``line`` so that the chain goes on with it."""
        said = line.fields
        month = said["month"] if "book" in said else str(said.get("t", self._month))[:7]
        if self._open and line.segment > self._segment:
            self._put(segment.closing(self._segment, self._number, self._hash))
        while self._segment < line.segment or not self._open:
            self._fresh_header(month)
            if self._segment < line.segment:
                self._put(segment.closing(self._segment, self._number, self._hash))
        last = said["n"] - 1 if "n" in said else said["first"] - 1 if "book" in said else said.get("last", self._number)
        wanted = said["h"] if "book" in said else said["p"]
        self._gap(last, wanted)
        if "book" in said:
            self._month = said["month"]

    def _gap(self, last: int, following: str) -> None:
        """Leave a gap up to entry ``last``; the line after it names the hash ``following``."""
        self._out.gaps.append((self._number + 1, last))
        self._put(entry.seal({"v": 1, "gap": [self._number + 1, last], "next": following}, self._hash))

    def _fresh_header(self, month: str) -> None:
        """Begin the next segment with a header of our own."""
        self._put(segment.header(self._book, self._segment + 1, self._number + 1, month, self._hash))


def _sound(data: bytes) -> Iterator[tuple[bytes, bool]]:
    """Every line that carries its own hash, and whether it had to be mended for that."""
    pieces = data.split(b"\n")
    for i, piece in enumerate(pieces):
        if entry.sound(piece):
            yield piece, False
        elif piece:
            yield from ((fixed, True) for fixed in _mend(piece, pieces[i + 1] if i + 1 < len(pieces) else b""))


def _mend(piece: bytes, following: bytes) -> Iterator[bytes]:
    """Sound lines that one flipped bit has made of a damaged piece: in the line, in its newline, or into a newline."""
    inner = entry.starts(piece)
    for part in inner if len(inner) > 1 else ():
        for candidate in (part, part[:-1]):
            if entry.sound(candidate):
                yield candidate
    for bit in range(8):
        joined = piece + bytes([10 ^ 1 << bit]) + following
        if following and entry.sound(joined):
            yield joined
            return
    if len(piece) <= _LONGEST:
        flipped = bytearray(piece)
        for at in range(len(flipped)):
            for bit in range(8):
                flipped[at] ^= 1 << bit
                if entry.sound(bytes(flipped)):
                    yield bytes(flipped)
                    return
                flipped[at] ^= 1 << bit
