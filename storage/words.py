"""How text is cut into words for searching: Latin words by their beginnings, Chinese by any run of characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from storage.errors import Invalid
from storage.store import Kind, Query

_WORD = r"[⺀-鿿ꀀ-꓏가-힯豈-﫿぀-ヿ\U00020000-\U0003FFFF]+|[^\W_]+"
_WIDE = r"[⺀-鿿ꀀ-꓏가-힯豈-﫿぀-ヿ\U00020000-\U0003FFFF]"


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """A pattern, compiled when it is first needed: most sessions search nothing, and these take milliseconds."""
    return re.compile(text)


def _wide(text: str) -> re.Match[str] | None:
    """Whether a text begins with a Chinese character."""
    return _pattern(_WIDE).match(text)


def _word(text: str) -> list[str]:
    """The runs of letters and digits in a text."""
    return _pattern(_WORD).findall(text)


def tokens(text: str) -> list[str]:
    """The tokens of a text, in order. A Chinese run becomes its pairs of neighbours and its last character alone."""
    found: list[str] = []
    for word in _words(text):
        if _wide(word):
            found.extend(word[i : i + 2] for i in range(len(word)))
        else:
            found.append(word)
    return found


def phrases(text: str) -> list[tuple[list[str], bool]]:
    """What must be found for a search: for each word its tokens in a row, and whether the last one is a beginning."""
    found: list[tuple[list[str], bool]] = []
    for word in _words(text):
        if _wide(word) and len(word) > 1:
            found.append(([word[i : i + 2] for i in range(len(word) - 1)], False))
        else:
            found.append(([word], True))
    return found


def matches(text: str, search: str) -> bool:
    """Whether every word of ``search`` stands in the text. The index must give the same answer."""
    held = tokens(text)
    return all(_stands(held, wanted, beginning) for wanted, beginning in phrases(search))


def _stands(held: list[str], wanted: list[str], beginning: bool) -> bool:
    """Whether the wanted tokens stand in a row."""
    if beginning:
        return any(token.startswith(wanted[0]) for token in held)
    size = len(wanted)
    return any(held[i : i + size] == wanted for i in range(len(held) - size + 1))


def _words(text: str) -> Iterable[str]:
    """Runs of Chinese characters, and words of other letters and digits; compatible forms and cases made alike."""
    for part in _word(unicodedata.normalize("NFKC", text).casefold()):
        # the second pattern swallows Chinese that follows Latin letters: cut it there
        yield from _split(part)


def _split(part: str) -> Iterable[str]:
    """The runs of one kind of character in a run of letters."""
    start, wide = 0, bool(_wide(part[0]))
    for i, char in enumerate(part):
        if bool(_wide(char)) != wide:
            yield part[start:i]
            start, wide = i, not wide
    yield part[start:]


def values(body: Mapping[str, Any], path: str) -> list[str]:
    """The values at a dotted path of a document, as text; lists are entered, what is not there gives none."""
    waiting: list[Any] = [body]
    for step in path.split("."):
        waiting = [item[step] for item in _flat(waiting) if isinstance(item, Mapping) and step in item]
    return [str(item) for item in _flat(waiting) if item is not None and not isinstance(item, Mapping)]


def _flat(items: Iterable[Any]) -> Iterable[Any]:
    """The items, those of lists one by one."""
    for item in items:
        if isinstance(item, (list, tuple)):
            yield from _flat(item)
        else:
            yield item


def text(body: Mapping[str, Any], paths: Iterable[str]) -> str:
    """All text at these paths, a line each."""
    return "\n".join(value for path in paths for value in values(body, path))


def declared(kinds: Mapping[str, Kind], query: Query) -> Kind:
    """How the kind of a query is kept. Raises ``Invalid`` where the query asks for what is not indexed."""
    kind = kinds.get(query.kind, Kind())
    for field in query.where:
        if field not in kind.indexes:
            raise Invalid(
                "{kind} has no index on {field}; declared are: {known}",
                kind=query.kind,
                field=field,
                known=", ".join(kind.indexes) or "none",
            )
    if query.text and not kind.text:
        raise Invalid("{kind} has no text that is indexed", kind=query.kind)
    return kind


def fits(body: Mapping[str, Any], kind: Kind, query: Query) -> bool:
    """Whether a document matches. The index must give the same answer."""
    return all(str(value) in values(body, field) for field, value in query.where.items()) and (
        not query.text or matches(text(body, kind.text), query.text)
    )
