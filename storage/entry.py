"""A change becomes an entry: numbers are filled in, documents are checked, and one journal line is made of it.

A line is JSON, ``{"v":1, … ,"p":"<hash of the line before>","h":"<sha256>"}``. ``h`` covers every byte before
``,"h":"`` and what follows is compared byte by byte, so no byte of a line is free to change unnoticed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson

from storage.errors import Invalid
from storage.numbers import Numbers
from storage.store import MAX_LINE, WHOLE, Change, Document, Entry, Number

ZERO = "0" * 64
"""The hash before the first line."""

START = b'{"v":1,'
"""How every line begins."""

_STARTS = re.compile(rb'(?=\{"v":1,)')
_SUFFIX = 72  # ,"h":" + 64 + "}
_PLAIN = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
_BACK = 60.0  # seconds a clock may go back before it is marked

RawOps = list[tuple[str, str, Document | None]]
Give = Callable[[str, int], int]
"""(counter, slot) → the number given out for it in this change."""


def seal(fields: Mapping[str, Any], previous: str) -> tuple[bytes, str]:
    """The line for these fields after the line with hash ``previous``, newline included, and its own hash."""
    return _close(orjson.dumps({**fields, "p": previous}, option=_PLAIN)[:-1])


def _close(body: bytes) -> tuple[bytes, str]:
    """A line made of everything up to its hash, and the hash."""
    digest = sha256(body).hexdigest()
    return b'%b,"h":"%b"}\n' % (body, digest.encode()), digest


def sound(line: bytes) -> bool:
    """Whether a line without its newline carries its own hash, whatever stands around it."""
    return (
        line.startswith(START)
        and line[-_SUFFIX:-66] == b',"h":"'
        and line.endswith(b'"}')
        and sha256(line[:-_SUFFIX]).hexdigest().encode() == line[-66:-2]
    )


def starts(data: bytes) -> list[bytes]:
    """The data cut before every place where a line might begin, newline or not."""
    return [part for part in _STARTS.split(data) if part]


def proves(data: bytes, number: int) -> bool:
    """Whether a sound line anywhere in the data, its newline changed or not, proves that entry ``number`` was durable.

    Writers do not wait for each other's syncs, so behind a torn line there may be whole ones that nobody acknowledged
    either. Each line says up to which entry its writer knew all to be kept (the one before it, where it says nothing).
    """
    pieces = {*data.split(b"\n"), *starts(data), *(piece[:-1] for piece in starts(data))}
    lines = [orjson.loads(piece) for piece in pieces if sound(piece)]
    return any("n" not in line or line.get("kept", line["n"] - 1) >= number for line in lines)


def read(line: bytes) -> dict[str, Any] | None:
    """The fields of a sound line, without its newline; None where a byte is not as it was written."""
    # The same test as sound(), unrolled: this runs once for every line ever read.
    if (
        line[-66:-2] != sha256(line[:-_SUFFIX]).hexdigest().encode()
        or line[-_SUFFIX:-66] != b',"h":"'
        or line[-2:] != b'"}'
        or line[:7] != START
    ):
        return None
    fields: dict[str, Any] = orjson.loads(line)
    return fields


def digest(raw: bytes) -> str:
    """SHA-256 of a file's bytes, 64 hex digits."""
    return sha256(raw).hexdigest()


def stamp(moment: datetime) -> str:
    """A moment as it stands in a line: ISO 8601 in UTC with milliseconds. Raises ``Invalid`` without a zone."""
    if moment.tzinfo is None:
        raise Invalid("the time {moment} has no time zone; give one", moment=moment.isoformat())
    if moment.tzinfo is not UTC:
        try:
            moment = moment.astimezone(UTC)
        except OverflowError as error:
            raise Invalid("the time {moment} cannot be told in UTC", moment=moment.isoformat()) from error
    return moment.isoformat(timespec="milliseconds")[:-6] + "Z"


def step_back(before: str, now: str) -> float:
    """Seconds by which the clock went back from one stamp to the next, 0 where that is 60 or less."""
    if now >= before or not before:
        return 0.0
    gone = (datetime.fromisoformat(before) - datetime.fromisoformat(now)).total_seconds()
    return gone if gone > _BACK else 0.0


def check_id(id: str) -> str:
    """The id itself. Raises ``Invalid`` unless it is at most 18 decimal digits without leading zeros."""
    if not (isinstance(id, str) and id.isascii() and id.isdigit() and len(id) <= 18 and (id[0] != "0" or id == "0")):
        raise Invalid("the id {id!r} is not a number of at most 18 digits; nothing was written", id=id)
    return id


def check_kind(kind: str) -> str:
    """The kind itself. Raises ``Invalid`` unless it is printable, 1 to 64 characters, not starting with a dot."""
    if not (isinstance(kind, str) and 0 < len(kind) <= 64 and kind.isprintable() and kind[0] != "."):
        raise Invalid("{kind!r} cannot be the name of a kind; nothing was written", kind=kind)
    return kind


def fill(change: Change, give: Give) -> RawOps:
    """The operations of a change, checked, with their ids; placeholders inside documents stay until ``encode``."""
    for said in (change.who, change.what, change.why, change.source, change.act):
        if type(said) is not str:
            raise Invalid("a change is told in words, not with {said!r}; nothing was written", said=said)
    filled: RawOps = []
    named = {(kind, given) for kind, given, _ in change.ops if not isinstance(given, Number)}
    for kind, given, body in change.ops:
        check_kind(kind)
        id = str(given.text(give(given.counter, given.slot))) if isinstance(given, Number) else given
        check_id(id)
        if body is not None and not isinstance(body, (dict, Mapping)):
            raise Invalid("{kind} {id} is not a document but {type}", kind=kind, id=id, type=type(body).__name__)
        if isinstance(given, Number):
            if (kind, id) in named:
                raise Invalid(
                    "the change names {kind} {id} and is given the same number; nothing was written", kind=kind, id=id
                )
            named.add((kind, id))
        filled.append((kind, id, body))  # type: ignore[arg-type] # a mapping; a dict once it is read back
    return filled


def encode(
    change: Change, at: str, number: int, ops: RawOps, numbers: Numbers | None, more: dict[str, Any], previous: str
) -> tuple[bytes, str]:
    """The journal line of an entry and its hash, with the placeholders filled from ``numbers``.

    ``more``: step, kept. Raises ``Invalid`` for what is not JSON, or too much.
    """

    def other(value: Any) -> Any:
        """What JSON does not know: a placeholder, or a mapping of another type."""
        if isinstance(value, Number) and numbers is not None:
            return value.text(numbers.give(value.counter, value.slot))
        if isinstance(value, Mapping):
            return dict(value)
        raise TypeError(type(value).__name__)

    fields: dict[str, Any] = {
        "v": 1,
        "n": number,
        "t": at,
        "who": change.who,
        "from": change.source,
        "what": change.what,
        "why": change.why,
    }
    if change.act:
        fields["act"] = change.act
    fields.update(more)
    try:
        done = orjson.dumps(ops, default=other, option=_PLAIN)
        if numbers is not None and numbers.used:
            fields["counters"] = numbers.used
        said = orjson.dumps(fields, option=_PLAIN)
    except TypeError as error:
        # orjson's own word: a non-string key, an integer over 64 bits, half a surrogate pair, an unknown type
        raise Invalid("a document is not plain JSON: {reason}; nothing was written", reason=str(error)) from error
    line, hashed = _close(b'%b,"ops":%b,"p":"%b"' % (said[:-1], done, previous.encode()))
    if len(line) > MAX_LINE:
        raise Invalid(
            "the change takes {size} bytes, at most {most} fit; split it or shorten a text; nothing was written",
            size=len(line),
            most=MAX_LINE,
        )
    if b"null" in done:  # NaN and the infinities have become null on the way: look for them only where there is one
        for kind, id, body in ops:
            _check_floats(kind, id, body)
    return line, hashed


def _check_floats(kind: str, id: str, body: Document | None) -> None:
    """Raises ``Invalid`` where a document holds a number that JSON does not know."""
    waiting: list[Any] = [body]
    while waiting:
        value = waiting.pop()
        if isinstance(value, float) and not math.isfinite(value):
            raise Invalid(
                "{kind} {id} holds {value}, which is not a JSON number; nothing was written",
                kind=kind,
                id=id,
                value=value,
            )
        if isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, (list, tuple)):
            waiting.extend(value)


def entry(fields: dict[str, Any]) -> Entry:
    """The entry of a line's fields."""
    return Entry(
        fields["n"],
        fields["t"],
        fields["who"],
        fields["from"],
        fields["what"],
        fields["why"],
        fields.get("act", ""),
        tuple((kind, id, body) for kind, id, body in fields["ops"]),
        fields["h"],
        fields.get("step", 0.0),
    )


def touched(ops: Iterable[tuple[str, str, Any]]) -> set[tuple[str, str]]:
    """The documents an entry touched, without the store's own."""
    return {(kind, id) for kind, id, _ in ops if kind[0] != "." and id != WHOLE}
