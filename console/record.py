"""What every record shares: a frozen dataclass that becomes a plain document and comes back from one.

A document leaves out what stands at its default, so it stays small; a field that a later version adds reads as its
default from an older document, and a field that this version does not know is refused, never dropped.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, ClassVar, Self, TypeVar

Doc = dict[str, Any]
"""A document of the store: shared, never to be changed in place."""

_Convert = Callable[[Any], Any]
R = TypeVar("R", bound="Record")


class Record:
    """Base of every record: ``@dataclass(frozen=True, slots=True, kw_only=True)``, the largest without slots."""

    __slots__ = ()

    kind: ClassVar[str] = ""
    """Kind of the documents in the store; empty for parts of other records."""

    @classmethod
    def parse(cls, doc: Mapping[str, Any]) -> Self:
        """The record that a document holds. Raises ``TypeError`` for a field this version does not know."""
        plan = _plan(cls)  # type: ignore[arg-type] # a class is hashable; mypy looks at its instances
        given: dict[str, Any] = {}
        for name, value in doc.items():
            convert = plan[name][1] if name in plan else None
            given[name] = value if convert is None or value is None else convert(value)
        open_fields = _open(cls)  # type: ignore[arg-type]
        if open_fields is None:
            return cls(**given)
        defaults, needed = open_fields
        if not (given.keys() <= plan.keys() and needed <= given.keys()):
            return cls(**given)  # which says what is wrong
        record = object.__new__(cls)
        record.__dict__.update(defaults)
        record.__dict__.update(given)
        record.__dict__[_FROM] = (doc, given)
        return record

    def dump(self) -> Doc:
        """The document of this record: plain JSON values, without what stands at its default."""
        if _open(type(self)) is not None:  # type: ignore[arg-type]
            return _dump_changes(self)
        read, plan = _writing(type(self))  # type: ignore[arg-type]
        return {
            name: value if convert is None or value is None else convert(value)
            for (name, default, convert), value in zip(plan, read(self), strict=True)
            if value is not default and value != default
        }


_FROM = " from"  # where a record without slots keeps the document it came from; no field's name
_ELSE = object()


def _dump_changes(record: Any) -> Doc:
    """The document of a record without slots: what is as in the document that it came from is taken from there.

    A case is written anew by every act and most of it is as before, so this halves what an act spends on it.
    """
    fields = record.__dict__
    doc, was = fields.get(_FROM, ({}, {}))
    made: Doc = {}
    held: dict[str, Any] = {}
    for name, default, convert in _writing(type(record))[1]:  # type: ignore[arg-type]
        value = fields[name]
        if value is default:
            continue
        if value is was.get(name, _ELSE):
            made[name] = doc[name]
        elif value != default:
            made[name] = value if convert is None or value is None else convert(value)
        else:
            continue
        held[name] = value
    fields[_FROM] = (made, held)
    return made


def replace(record: R, **changes: Any) -> R:
    """A record with some fields changed: ``dataclasses.replace``, several times faster where a record has no slots.

    That is what the largest records do without them for: an act changes a case three or four times.
    """
    cls = type(record)
    if _open(cls) is None or not changes.keys() <= _plan(cls).keys():  # type: ignore[arg-type]
        return dataclasses.replace(record, **changes)  # type: ignore[type-var] # every record is a dataclass
    made = object.__new__(cls)
    made.__dict__.update(record.__dict__)
    made.__dict__.update(changes)
    return made


@cache
def _open(cls: type[Any]) -> tuple[dict[str, Any], frozenset[str]] | None:
    """The defaults of a record without slots and the fields that have none; None for one with slots or checks."""
    if "__slots__" in cls.__dict__ or hasattr(cls, "__post_init__"):
        return None
    plan = _plan(cls)  # type: ignore[arg-type]
    defaults = {name: default for name, (default, _, _) in plan.items() if default is not MISSING}
    return defaults, frozenset(plan) - defaults.keys()


@lru_cache(4096)
def iso(moment: datetime) -> str:
    """A moment as it stands in documents: ISO 8601 in UTC, to the second where it is whole."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    text = moment.isoformat(timespec="milliseconds") if moment.microsecond else moment.isoformat()
    return text[:-6] + "Z"


@lru_cache(4096)  # a case names most of its moments several times over, and so do its neighbours
def moment(text: str) -> datetime:
    """A moment read from a document."""
    return datetime.fromisoformat(text)


@cache
def _plan(cls: type[Any]) -> dict[str, tuple[Any, _Convert | None, _Convert | None]]:
    """Field → default, how it is read, how it is written. Made once a class."""
    hints = typing.get_type_hints(cls)
    return {field.name: (_default(field), *_converters(hints[field.name])) for field in fields(cls)}


@cache
def _writing(cls: type[Any]) -> tuple[Callable[[Any], tuple[Any, ...]], tuple[tuple[str, Any, _Convert | None], ...]]:
    """All fields of a record at once, and for each its name, its default and how it is written."""
    plan = tuple((name, default, write) for name, (default, _, write) in _plan(cls).items())  # type: ignore[arg-type]
    names = [name for name, _, _ in plan]
    get = attrgetter(*names)
    return (get if len(names) > 1 else lambda record: (get(record),)), plan


def _default(field: Any) -> Any:
    """What a field is where nothing is said; MISSING where something must be."""
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


def _converters(hint: Any) -> tuple[_Convert | None, _Convert | None]:
    """How values of a type are read from JSON and written to it; None where they are the same."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _converters(args[0])
    if origin in (typing.Union, types.UnionType):
        inner = [arg for arg in args if arg is not type(None)]
        return _converters(inner[0]) if len(inner) == 1 else (None, None)
    if origin is tuple:
        read, write = _converters(args[0])
        if read is None or write is None:
            return tuple, list
        come, go = read, write
        return lambda values: tuple([come(value) for value in values]), lambda values: [go(value) for value in values]
    if origin is dict:
        read, write = _converters(args[1])
        if read is None or write is None:
            return None, None
        reads, writes = read, write
        return (
            lambda values: {key: reads(value) for key, value in values.items()},
            lambda values: {key: writes(value) for key, value in values.items()},
        )
    if not isinstance(hint, type):
        return None, None
    if issubclass(hint, datetime):
        return moment, iso
    if issubclass(hint, StrEnum):
        return hint, str
    if issubclass(hint, Record):
        return hint.parse, lambda value: value.dump()
    return None, None
