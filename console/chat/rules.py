"""The words that rules on messages go by: ``rules.toml`` beside this, regular expressions in which spaces do not count."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _all() -> dict[str, Any]:
    """The file."""
    return tomllib.loads((files("console.chat") / "rules.toml").read_text(encoding="utf-8"))


def said(name: str) -> str:
    """One pattern by its name."""
    found: str = _all()[name]
    return found


def spoken(name: str) -> dict[str, str]:
    """The patterns of one table, by their names."""
    found: dict[str, str] = _all()[name]
    return found


def rule(pattern: str) -> re.Pattern[str]:
    """A pattern, to be used; spaces and line ends in it do not count."""
    return re.compile(pattern, re.VERBOSE)
