"""What a message is made of: a list of segments, or the same as a string with ``[CQ:…]`` codes in it.

After OneBot v11, "message/array" and "message/string". What stands in a segment is told as plain text: words as they are, a
mention as ``@name``; pictures, voice and the like are held beside it by their type.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

CODE = re.compile(r"\[CQ:([A-Za-z0-9_.-]+)((?:,[^\]]*)?)\]")
"""A code: its type, and what it holds, each behind a comma."""

LONGEST = 8_000
"""Characters of one message at most; QQ itself ends at some five thousand."""

WHOLE = 1_000_000
"""Characters of a text before it is cut: so that it can be said how many were too many."""

SEGMENTS = 500
"""Segments of one message that are read; those behind it are counted as one that is not."""

SHORT = 200
"""Characters of a name, a file's name or a title."""

ALL = "all"
"""Who is mentioned where everybody is."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message, taken apart."""

    text: str
    """Its words."""

    holds: tuple[str, ...]
    """Types of what else is in it, in order: image, record, video, face, file, forward, json …"""

    files: tuple[tuple[str, str, str], ...]
    """Its pictures: name, address, what tells it from another."""

    mentions: tuple[str, ...]
    """Who is mentioned: account numbers, and ``all``."""

    reply: str
    """Number of the message that it answers; empty where it answers none."""

    more: int
    """Characters and segments that were too many, and are not here."""


def segments(message: Any) -> list[tuple[str, Mapping[str, Any]]]:
    """The segments of a message in either form: (type, data). Raises ``ValueError`` for what is neither."""
    if isinstance(message, str):
        return list(_codes(message))
    if isinstance(message, Mapping):
        message = [message]
    if not isinstance(message, list):
        raise ValueError("the message is neither a list of segments nor a string")
    found: list[tuple[str, Mapping[str, Any]]] = []
    for each in message:
        if isinstance(each, str):  # some bridges mix them
            found += _codes(each)
        elif isinstance(each, Mapping) and isinstance(each.get("type"), str):
            data = each.get("data")
            found.append((each["type"], data if isinstance(data, Mapping) else {}))
        else:
            raise ValueError("a segment has no type")
    return found


def _codes(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The segments of a string. ``&amp;`` is undone last, so that what was escaped twice stays once."""
    at = 0
    for code in CODE.finditer(text):
        if code.start() > at:
            yield "text", {"text": unescaped(text[at : code.start()])}
        pairs = (part.partition("=") for part in code.group(2).split(",")[1:])
        yield code.group(1), {name: unescaped(value, inside=True) for name, _, value in pairs}
        at = code.end()
    if at < len(text):
        yield "text", {"text": unescaped(text[at:])}


def unescaped(text: str, *, inside: bool = False) -> str:
    """A text of a string as it was meant; ``inside`` a code the comma is escaped as well."""
    text = text.replace("&#91;", "[").replace("&#93;", "]")
    if inside:
        text = text.replace("&#44;", ",")
    return text.replace("&amp;", "&")


def said(message: Any) -> Said:
    """A message in either form, taken apart. Raises ``ValueError``."""
    words, holds, files, mentions = list[str](), list[str](), list[tuple[str, str, str]](), list[str]()
    reply, found = "", segments(message)
    for type, data in found[:SEGMENTS]:
        if type == "text":
            words.append(_word(data, "text", WHOLE))
        elif type == "at":
            who = _word(data, "qq") or ALL
            mentions.append(who)
            words.append(f"@{_word(data, 'name') or who} ")
        elif type == "reply":
            reply = reply or _word(data, "id")
        else:
            holds.append(type[:SHORT])
            words += _titles(type, data)
            if type == "image":
                name = _word(data, "file")
                files.append((name, _word(data, "url", LONGEST), _word(data, "file_unique") or name))
    text = "".join(words)
    more = max(len(text) - LONGEST, 0) + max(len(found) - SEGMENTS, 0)
    return Said(text[:LONGEST].strip(), tuple(holds), tuple(files), tuple(mentions), reply, more)


def _titles(type: str, data: Mapping[str, Any]) -> Iterable[str]:
    """What can be read of something that is no text: the name of a file, the title of a card."""
    if type == "json":
        try:
            card = orjson.loads(_word(data, "data", LONGEST))
        except orjson.JSONDecodeError:
            return ()
        return [_word(card, "prompt")] if isinstance(card, Mapping) else ()
    if type in ("share", "music", "location"):
        return [_word(data, "title")]
    return [_word(data, "name")] if type == "file" else ()


def _word(data: Mapping[str, Any], name: str, most: int = SHORT) -> str:
    """One value of a segment as text; what cannot be written as UTF-8 becomes a question mark."""
    value = data.get(name)
    if value is None or isinstance(value, bool | float | list | dict):
        return ""
    return writable(str(value)[: most + 1])


def writable(text: str) -> str:
    """A text without halves of characters, which JSON can say and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode()


def plain(text: str) -> str:
    """A text as a string message: what would be read as a code is escaped."""
    return text.replace("&", "&amp;").replace("[", "&#91;").replace("]", "&#93;")
