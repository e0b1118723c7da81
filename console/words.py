"""The words people read: gettext catalogues in Chinese and English, bound when a sentence is said, not before.

Code names a message by its key (``refused.no_reason``); both catalogues hold every key. The store's errors bring their
English sentence as the key, with the facts kept apart.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

LANGUAGES = ("zh", "en")
"""What there is, the first being the station's own where nothing is said."""

FOLDER = Path(__file__).parent / "locale"
"""Where the catalogues lie: ``<language>/LC_MESSAGES/wanjia.po`` and, made from it, ``wanjia.mo``."""


class Word(str):
    """A key that stands as a fact inside another sentence and is said in the same language."""

    __slots__ = ()


class Both(NamedTuple):
    """A name that stands as a fact inside a sentence and has its own form in each language."""

    zh: str
    """In Chinese."""

    en: str
    """In English."""


class _Blank(dict[str, Any]):
    """Facts of which some may be missing."""

    def __missing__(self, key: str) -> str:
        """Nothing."""
        return ""


class Words:
    """One language. ``words("key", fact=…)`` is the sentence; a key nobody knows is said as it is."""

    def __init__(self, language: str) -> None:
        """Load a catalogue. Raises ``ValueError`` for a language there is none of."""
        if language not in LANGUAGES:
            raise ValueError(f"{language!r} is none of {', '.join(LANGUAGES)}")
        self.language = language
        with open(FOLDER / language / "LC_MESSAGES" / "wanjia.mo", "rb") as f:
            self._catalogue = gettext.GNUTranslations(f)

    language: str
    """``zh`` or ``en``."""

    def __call__(self, key: str, /, **facts: Any) -> str:
        """The sentence of a key with its facts in place."""
        said = self._catalogue.gettext(key)
        return said.format_map({name: self.fact(value) for name, value in facts.items()}) if facts else said

    def known(self, key: str) -> bool:
        """Whether the catalogue has this key."""
        return self._catalogue.gettext(key) != key

    def loose(self, key: str, facts: Mapping[str, Any]) -> str:
        """The sentence of a key where some of its facts may be missing: they are left empty."""
        return self._catalogue.gettext(key).format_map(_Blank({name: self.fact(value) for name, value in facts.items()}))

    def plural(self, key: str, number: int, /, **facts: Any) -> str:
        """The sentence of a key for a number of things, which stands in it as ``{n}``."""
        said = self._catalogue.ngettext(key, key, number)
        return said.format_map({"n": number, **{name: self.fact(value) for name, value in facts.items()}})

    def fact(self, value: Any) -> Any:
        """A fact as it is said: keys in this language, several of them with its comma."""
        if isinstance(value, Word):
            return self(str(value))
        if hasattr(value, "template") and hasattr(value, "facts"):  # a sentence of the store's, error or not
            return self(value.template, **value.facts)
        if isinstance(value, Exception) and hasattr(value, "word") and hasattr(value, "facts"):
            return self(value.word, **value.facts)
        if isinstance(value, Both):
            return getattr(value, self.language) or value.zh
        if isinstance(value, (list, tuple)):
            return self("list.comma").join(str(self.fact(item)) for item in value)
        return value


@cache
def words(language: str) -> Words:
    """The words of a language, loaded once."""
    return Words(language)


def choose(asked: str = "", station: str = "") -> str:
    """The language to speak: the one asked for, then the login's, then the station's, then Chinese."""
    for said in (asked, os.environ.get("WANJIA_LANG", ""), station):
        if said[:2] in LANGUAGES:
            return said[:2]
    login = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return login[:2] if login[:2] in LANGUAGES else LANGUAGES[0]
