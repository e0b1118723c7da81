"""Where fields from outside become acts and records: pydantic checks them, and every mistake is named in words."""

from __future__ import annotations

import re
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from functools import cache
from pathlib import Path
from typing import Any

from console.act import ACTS, Act
from console.book import Refused
from console.categories import SEVERITIES
from console.keys import nearest, unknown
from console.status import ANSWERS, MODES, OPINIONS
from console.words import LANGUAGES, words

Fields = dict[str, Any]
"""Names and values as they came."""


WINGS = ("console", "console.chat")
"""Where nouns are."""


def load_acts() -> dict[str, type[Act]]:
    """Every act of the console: imports every noun."""
    import importlib
    import pkgutil

    for wing in WINGS:
        for module in pkgutil.iter_modules(importlib.import_module(wing).__path__):
            if not module.ispkg and not module.name.startswith("__"):
                importlib.import_module(f"{wing}.{module.name}")
    return ACTS


def act(verb: str, given: Mapping[str, Any]) -> Act:
    """The act of that name with these fields. Raises ``Refused`` naming what is missing, wrong or unknown."""
    known = load_acts()
    if verb not in known:
        raise unknown("refused.no_act", verb, known)
    made: Act = build(known[verb], given)
    return made


def build(cls: type[Any], given: Mapping[str, Any]) -> Any:
    """A record or act made of fields from outside. Raises ``Refused``."""
    from pydantic import ValidationError

    hints = _hints(cls)  # type: ignore[arg-type]
    for name in given:
        if name not in hints:
            near = nearest(name, hints)
            raise Refused("refused.field_unknown.near" if near else "refused.field_unknown", field=name, near=near)
    plain = {name: _spread(hints[name], _key(name, hints[name], value)) for name, value in given.items()}
    try:
        return _adapter(cls).validate_python(plain)  # type: ignore[arg-type] # a class is hashable
    except ValidationError as error:
        raise mistake(error) from error


_WORDS = {
    "severity": ("severity", SEVERITIES), "mode": ("mode", MODES), "satisfied": ("opinion", OPINIONS),
    "solved": ("answer", ANSWERS),
}  # fmt: skip
"""Field whose values are words of a list, without a type of its own → family of their sentences, the words."""


def _key(field: str, hint: Any, value: Any) -> Any:
    """The word of the program for what a person says in one of the languages: 已解决 is ``solved``."""
    from enum import StrEnum

    if not isinstance(value, str):
        return value
    of = [each for each in (typing.get_args(hint) or (hint,)) if isinstance(each, type) and issubclass(each, StrEnum)]
    family, names = (of[0].__name__.lower(), tuple(map(str, of[0]))) if of else _WORDS.get(field, ("", ()))
    said = value.strip().casefold()
    for language in LANGUAGES if said not in names else ():
        for name in names:
            if said == words(language)(f"{family}.{name}").casefold():
                return name
    return value


def mistake(error: Any) -> Refused:
    """The first mistake that pydantic has found, in words; of missing fields all."""
    mistakes = error.errors(include_url=False)
    missing = [".".join(map(str, each["loc"])) for each in mistakes if each["type"] == "missing"]
    first = next((each for each in mistakes if each["type"] != "missing"), mistakes[0])
    field = ".".join(str(part) for part in first["loc"] if not str(part).startswith("function"))
    if first["type"] == "missing":
        return Refused("refused.field_missing", field=", ".join(missing))
    if first["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return Refused("refused.field_unknown", field=field, near="")
    word = _KINDS.get(first["type"].partition("_")[0], "wrong.other")
    expected = str(first.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
    reason = Refused(word, expected=expected, reason=first["msg"])
    return Refused("refused.field_wrong", field=field or "–", said=str(first.get("input"))[:80], reason=reason)


_KINDS = {
    "enum": "wrong.one_of", "literal": "wrong.one_of", "int": "wrong.number", "float": "wrong.number",
    "bool": "wrong.yes_no", "string": "wrong.text", "tuple": "wrong.list", "dict": "wrong.table", "dataclass": "wrong.table",
}  # fmt: skip
"""First word of pydantic's kind of mistake → key of our sentence."""


@cache
def _adapter(cls: type[Any]) -> Any:
    """Pydantic's checker of a class, made once."""
    from pydantic import TypeAdapter

    return TypeAdapter(cls)


@cache
def _hints(cls: type[Any]) -> dict[str, Any]:
    """The fields of a class with their types, without what belongs to the class itself."""
    hints = typing.get_type_hints(cls)
    return {field.name: hints[field.name] for field in dataclass_fields(cls)}


def _spread(hint: Any, value: Any) -> Any:
    """A value as typed on a command line: JSON and lists with commas where the field is no text."""
    if not isinstance(value, str):
        return value
    if typing.get_origin(hint) in (typing.Union, types.UnionType) and type(None) in typing.get_args(hint) and value == "":
        return None
    if any(typing.get_origin(each) is tuple for each in (hint, *typing.get_args(hint))):
        if value.lstrip().startswith("["):
            return _json(value)
        return tuple(part.strip() for part in re.split("[,，、]", value) if part.strip())
    if value.lstrip().startswith("{") and hint is not str:
        return _json(value)
    return {"是": "yes", "否": "no"}.get(value, value) if hint is bool or hint == bool | None else value


def _json(text: str) -> Any:
    """A JSON value. Raises ``Refused``."""
    import json

    try:
        return json.loads(text)
    except RecursionError as error:
        raise Refused("refused.too_deep", said=text[:40]) from error
    except ValueError as error:
        raise Refused("refused.bad_json", said=text[:80]) from error


def describe(cls: type[Act]) -> list[tuple[str, str, bool]]:
    """The fields of an act: name, what it takes, whether it must be given."""
    from dataclasses import MISSING

    found = []
    for field in dataclass_fields(cls):  # type: ignore[arg-type] # every act is a dataclass
        needed = field.default is MISSING and field.default_factory is MISSING
        found.append((field.name, _said(_hints(cls)[field.name]), needed))
    return found


def _said(hint: Any) -> str:
    """A type as it is told to people."""
    from enum import StrEnum

    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return _said(next(arg for arg in typing.get_args(hint) if arg is not type(None)))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return "|".join(str(each) for each in hint)
    if typing.get_origin(hint) is tuple:
        return f"{_said(typing.get_args(hint)[0])},…"
    name = getattr(hint, "__name__", str(hint))
    return {"str": "text", "bool": "yes|no", "int": "number", "datetime": "moment"}.get(name, name)


def toml(path: Path, text: str) -> dict[str, Any]:
    """A TOML file. Raises ``Refused`` naming file and line."""
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise Refused("refused.too_deep", said=str(path)) from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        reason = str(error).partition(" (at")[0]
        raise Refused("refused.toml", file=str(path), line=found[1] if found else "?", reason=reason) from error
    except ValueError as error:  # a number longer than Python reads
        raise Refused("refused.toml", file=str(path), line="?", reason=str(error)) from error


def checked(cls: type[Any], given: Mapping[str, Any], path: Path, text: str, where: tuple[Any, ...] = ()) -> Any:
    """A record from a part of a TOML file. Raises ``Refused`` naming file, line, field and a valid example.

    ``where``: the part's place in the file, as in ("category", 3).
    """
    try:
        return build(cls, given)
    except Refused as error:
        field = str(error.facts.get("field", ""))
        loc = (*where, *(int(part) if part.isdigit() else part for part in field.split(".")))
        sound = example(cls, field) or example(cls, str(error.facts.get("near", "")))
        raise Refused(
            "refused.in_file.example" if sound else "refused.in_file",
            file=str(path),
            line=line_of(text, loc),
            field=".".join(str(part) for part in loc if part != ""),
            reason=error,
            example=sound,
        ) from error


def line_of(text: str, loc: tuple[Any, ...]) -> int:
    """The line on which a field of a TOML file stands, or its section where the field is missing; 1 where neither is."""
    table: tuple[Any, ...] = ()
    counts: dict[str, int] = {}
    best, depth = 1, 0
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*(\[\[?)\s*([^\]]+?)\s*\]", line)
        if header:
            names = tuple(part.strip().strip('"') for part in header[2].split("."))
            if header[1] == "[[":
                counts[header[2]] = counts.get(header[2], -1) + 1
                table = (*names, counts[header[2]])
            else:
                table = names
            at = table
        else:
            key = re.match(r'\s*("?[^"=#\s]+"?)\s*=', line)
            if not key:
                continue
            at = (*table, key[1].strip('"'))
        if best == 1 and not depth and loc and at[-1:] == loc[-1:]:
            best = number  # the same name elsewhere, where the place itself is not known
        same = 0
        for have, want in zip(at, loc, strict=False):
            if have != want:
                break
            same += 1
        if same == len(at) and same > depth:
            best, depth = number, same
    return best


def example(cls: type[Any], field: str) -> str:
    """A valid line for a field, out of the sample's own values; empty where the sample has none."""
    from console import sample

    name = field.rsplit(".", maxsplit=1)[-1] if field else ""
    for line in sample.lines(cls.__name__):
        if re.match(rf'#?\s*"?{re.escape(name)}"?\s*=', line) and name:
            return line.lstrip("# ").partition("  #")[0].strip()
    return ""
