"""What is not a report: greetings, thanks, laughter, stickers. Faded by rule, by name, and never hidden for good.

A short message is judged only where nothing is left of it once the words of one of these kinds are taken away: "早上好,楼道
漏水了" is a report. Stopper words of the station always win, and so does a picture: it may show the trouble.
"""

from __future__ import annotations

import re
import unicodedata

from console.categories import named
from console.chat.messages import Message
from console.chat.rules import rule, said, spoken

LONG = 24
"""Characters from which on a message is always read."""

STICKERS = frozenset("face mface bface sface dice rps poke shake markdown keyboard".split())
"""Types that only show a mood."""

_RULES = {name: rule(f"(?:{pattern})+") for name, pattern in spoken("noise").items()}
"""Name of a kind → what a message of it is made of, once signs and spaces are gone."""

_CODE = rule(said("sticker"))
"""A sticker as it stands in copied text."""

_TOO = rule(said("too"))
"""Somebody says that they have the same trouble."""


def bare(text: str) -> str:
    """A text without signs, spaces, stickers and mentions."""
    words = _CODE.sub("", re.sub(r"@\S+\s?", "", unicodedata.normalize("NFKC", text)))
    return "".join(c for c in words if unicodedata.category(c)[0] in "LN" or c == "+").casefold()


def me_too(message: Message) -> bool:
    """Whether somebody only says that they have the same trouble: a voice for a case, not a case."""
    words = bare(message.text)
    return bool(words) and len(words) <= LONG and _TOO.fullmatch(words) is not None


def faded(message: Message, stoppers: tuple[str, ...] = ()) -> str:
    """Why a message is most likely no report, as a rule's name; empty where it may be one."""
    if message.own:
        return "own"
    if named(stoppers, message.text):
        return ""
    if message.pictures and not _sticker(message):
        return ""
    words = bare(message.text)
    if not words:
        other = [each for each in message.holds if each not in STICKERS and each != "image"]
        return "" if other else "sticker"
    if len(words) > LONG or me_too(message):
        return ""
    return next((name for name, kind in _RULES.items() if kind.fullmatch(words)), "")


def _sticker(message: Message) -> bool:
    """Whether its pictures are stickers: bridges hold those as pictures that say so in their name."""
    return all(each.name.endswith(".gif") or _CODE.search(each.name) for each in message.pictures)
