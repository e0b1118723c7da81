"""Where cases come from, each under one name, in whatever language it is said."""

from __future__ import annotations

from console.words import LANGUAGES, words

SOURCES = ("group", "phone", "walk-in", "patrol")
"""What has no system of its own."""


def source_key(said: str) -> str:
    """The name of a source: 电话 and Phone are both ``phone``; another system keeps its own."""
    plain = said.strip().casefold()
    for name in SOURCES:
        if plain == name or any(plain == words(language)(f"source.{name}").casefold() for language in LANGUAGES):
            return name
    return said.strip()
