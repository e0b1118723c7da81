"""What a terminal marks as pasted, taken out of what is typed, in whatever pieces a line brings it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

BEGINS, ENDS = "\x1b[200~", "\x1b[201~"
"""Signs before and behind what is pasted."""

HELD = 3
"""Letters of such a sign from which on the rest of it is waited for; fewer may be any key's."""


PASTE = 8
"""Keys within one read from which on, a line end among them, they were pasted and not typed."""

MUCH = 64
"""Letters within one read from which on they were pasted, even without a line end."""


class Kind(Enum):
    """What a part of the stream is."""

    TYPED = "typed"
    PASTED = "pasted"
    FORGET = "forget"
    """What was handed on as typed last was the beginning of a sign: it is no key."""


Part = tuple[Kind, str]
"""What it is, and its text."""


class Pastes:
    """Takes pastes out of a stream."""

    def __init__(self) -> None:
        """Outside of any."""
        self._paste: list[str] | None = None
        self._rest = self._tail = ""

    @property
    def waits(self) -> bool:
        """Whether something is held until more comes."""
        return bool(self._rest) or self._paste is not None

    def feed(self, text: str) -> Iterator[Part]:
        """The parts, in order. What was pasted comes whole, its line ends as they are in a text."""
        tail, self._tail = self._tail, ""
        if tail and (text.startswith(BEGINS[len(tail) :]) or (text and BEGINS[len(tail) :].startswith(text))):
            yield Kind.FORGET, tail
            text = tail + text
        text, self._rest = self._rest + text, ""
        while text:
            sign = BEGINS if self._paste is None else ENDS
            before, found, text = text.partition(sign)
            if not found:
                held = _begun(before, sign, HELD if self._paste is None else 1)
                before, self._rest = before[: len(before) - held], before[len(before) - held :]
            if self._paste is not None:
                self._paste.append(before)
                if found:
                    yield from self._whole()
            else:
                if before:
                    self._tail = "" if found or self._rest else before[len(before) - _begun(before, BEGINS, 1) :]
                    yield Kind.TYPED, before
                self._paste = [] if found else None

    def _whole(self) -> Iterator[Part]:
        """The paste is over."""
        body, self._paste = "".join(self._paste or ()), None
        yield Kind.PASTED, body.replace("\r\n", "\n").replace("\r", "\n")

    def settled(self) -> Iterator[Part]:
        """Nothing more came: the beginning of a sign was a key's after all."""
        self._tail = ""
        if self._paste is None and self._rest:
            text, self._rest = self._rest, ""
            yield Kind.TYPED, text

    def broken(self) -> Iterator[Part]:
        """The end of a paste has not come for long: what there is of it counts."""
        if self._paste is not None:
            self._paste.append(self._rest)
            self._rest = ""
            yield from self._whole()


def _begun(text: str, sign: str, least: int) -> int:
    """How many letters at the end of a text may be the beginning of a sign."""
    return next((n for n in range(len(sign) - 1, least - 1, -1) if text.endswith(sign[:n])), 0)


def several(text: str) -> bool:
    """Whether so many keys within one read, with a line end among them and not only behind them, were pasted."""
    lines = len(text) > PASTE and "\r" in text.rstrip("\r\n")
    return "\x1b" not in text and (lines or (len(text) > MUCH and text.isprintable()))
