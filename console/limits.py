"""The text of a limit becomes a limit: ``2紧急工作时``, ``4小时``, ``2 days``, ``this shift``, ``none``."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache

HOUR = 3600
"""Seconds in an hour."""

WORKDAY = 8 * HOUR
"""Working seconds that one working day counts for."""


class Counts(StrEnum):
    """Which hours a limit counts."""

    URGENT = "urgent"
    NATURAL = "natural"
    HOURS = "hours"
    DAYS = "days"
    SHIFT = "shift"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take."""

    counts: Counts
    """Which hours it counts."""

    seconds: int
    """How many of them; 0 for "this shift" and "none"."""

    text: str
    """As it was written."""

    @property
    def working(self) -> bool:
        """Whether only working slots count."""
        return self.counts in (Counts.HOURS, Counts.DAYS)

    @property
    def clock(self) -> bool:
        """Whether there is a due moment at all."""
        return self.counts is not Counts.NONE

    @property
    def span(self) -> timedelta:
        """The limit as a span of time, for one that counts round the clock."""
        return timedelta(seconds=self.seconds)

    @property
    def duty_seconds(self) -> int:
        """The same limit as the desk counts it, round the clock: a working day is 24 hours."""
        return self.seconds * 3 if self.counts is Counts.DAYS else self.seconds


class BadLimit(ValueError):
    """A text that is no limit."""


_NUMBER = re.compile(r"(\d+(?:\.\d+)?|[半一两二三四五六七八九十]+)\s*(?:个\s*)?(.+)")
_UNITS: tuple[tuple[str, Counts, int], ...] = (
    ("分 分钟 min mins minute minutes", Counts.URGENT, 60),
    ("紧急时 紧急小时 紧急工作时 紧急工作小时 urgenthour urgenthours urgenth", Counts.URGENT, HOUR),
    ("自然时 自然小时 naturalhour naturalhours naturalh", Counts.URGENT, HOUR),
    ("紧急日 紧急天 紧急工作日 紧急工作天 自然日 自然天", Counts.NATURAL, 24 * HOUR),
    ("naturalday naturaldays naturald urgentday urgentdays urgentd", Counts.NATURAL, 24 * HOUR),
    ("calendarday calendardays calendard", Counts.NATURAL, 24 * HOUR),
    ("时 小时 工作时 工作小时 hour hours h", Counts.HOURS, HOUR),
    ("workinghour workinghours workingh businesshour businesshours businessh", Counts.HOURS, HOUR),
    ("日 天 工作日 工作天 day days d", Counts.DAYS, WORKDAY),
    ("workingday workingdays workingd businessday businessdays businessd", Counts.DAYS, WORKDAY),
)
_WORDS = {word: (counts, seconds) for words, counts, seconds in _UNITS for word in words.split()}
_ROUND = {Counts.HOURS: (Counts.URGENT, HOUR), Counts.DAYS: (Counts.NATURAL, 24 * HOUR)}
_SHIFT = frozenset({"本班", "当班", "本班次", "this shift", "shift"})
_NONE = frozenset({"无", "无时限", "不限", "none", "no limit"})
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_MOST = 10 * 366 * 24 * HOUR


@cache
def parse(text: str) -> Limit:
    """The limit that a text says. Raises ``BadLimit`` where it says none; where 紧急 stands, it counts round the clock."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if plain in _SHIFT:
        return Limit(Counts.SHIFT, 0, text)
    if plain in _NONE:
        return Limit(Counts.NONE, 0, text)
    found = _NUMBER.fullmatch(plain.replace("紧急", "").replace("urgent", "").strip())
    urgent = "紧急" in plain or "urgent" in plain
    if found:
        unit = _WORDS.get("".join(found[2].split()))
        whole = _NUMBER.fullmatch(plain)
        known = (_WORDS.get("".join(whole[2].split())) if whole else None) or unit
        if known:
            counts, seconds = _ROUND.get(known[0], known) if urgent else known
            total = round(min(_number(found[1]), _MOST) * seconds)
            if 0 < total <= _MOST:
                return Limit(counts, total, text)
    raise BadLimit(text)


def _number(text: str) -> float:
    """A number in digits or in Chinese words up to 99."""
    if text[0].isdigit():
        return float(text)
    if text == "半":
        return 0.5
    tens, ten, ones = text.partition("十")
    if ten:
        return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)
    if len(text) == 1 and text in _DIGITS:
        return _DIGITS[text]
    raise BadLimit(text)
