"""A conversation that was copied out of a chat program, read back into messages: QQ's and WeChat's forms.

QQ: ``name(account) 2026/11/23 14:28:01``, ``name: 11-23 14:28:01``, ``2026-11-23 14:28:01 name(account)``. WeChat:
``name 14:28``, ``name`` with the moment on the next line, ``name:`` with none at all, days between lines of dashes. What is
said stands on the lines after that, up to the next of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from console.chat.rules import rule, spoken

_SAID = spoken("pasted")
_DATE, _HALF = _SAID["date"], _SAID["half"]
_TIME = rf"(?:{_HALF}\s*)?(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?::(?P<second>\d{{2}}))?(?:\s*(?P<half_after>(?i:am|pm)))?"
_WHEN = rf"(?:(?:{_DATE})\s*)?{_TIME}"
_ACCOUNT = r"[(\uff08](?P<account>\d{5,12})[)\uff09]|<[^<>\s]+>"

_NAMED = rule(rf"^(?P<name>\S.{{0,60}}?)\s*(?:{_ACCOUNT})?\s*[:\uff1a]?\s+{_WHEN}$")
_DATED = rule(rf"^{_WHEN}\s+(?P<name>\S.{{0,60}}?)\s*(?:{_ACCOUNT})?\s*[:\uff1a]?$")
_BARE = re.compile(r"^(?P<name>[^\s:\uff1a][^:\uff1a]{0,30})[:\uff1a]$")
_SAME = re.compile(r"^(?P<name>[^\s:\uff1a][^:\uff1a]{0,20})[:\uff1a]\s*(?P<said>\S.*)$")
_MOMENT = rule(rf"^{_WHEN}$")
_DAY = rule(rf"^[\s—─=*-]*(?:{_DATE})[\s—─=*-]*$")

COLONS = ":\uff1a"
"""What stands behind a name."""

NAME = 40
"""Characters of a name that stands on a line of its own, at most."""

MOST = 2_000
"""Lines of one conversation that are read."""


@dataclass
class Line:
    """One message of it."""

    name: str
    """Who wrote it, as it stands there."""

    account: str = ""
    """Their account, where it stands there."""

    at: datetime | None = None
    """When, where it stands there."""

    said: list[str] = field(default_factory=list)
    """Its lines."""

    @property
    def text(self) -> str:
        """Its words."""
        return "\n".join(self.said).strip()


def read(text: str, now: datetime, here: tzinfo) -> tuple[list[Line], int]:
    """The messages of a conversation, in their order, and how many lines were of none.

    ``now``: UTC; ``here``: the station's zone. A moment without a day is of the last day named, else of today; one without a
    year of this year, or the last.
    """
    reader = _Reader(now.astimezone(here))
    lines = [each.strip() for each in text.replace("\r", "").split("\n")]
    for n, each in enumerate(lines[:MOST]):
        reader.line(each, lines[n + 1] if n + 1 < len(lines) else "")
    found = [each for each in reader.found if each.text]
    return found, reader.lost + max(len(lines) - MOST, 0)


class _Reader:
    """Reads line by line."""

    def __init__(self, now: datetime) -> None:
        """``now``: station-local."""
        self._now, self._day = now, now.replace(hour=0, minute=0, second=0, microsecond=0)
        self.found: list[Line] = []
        self.lost = 0
        self._skip = False
        self._between: datetime | None = None
        self._above = False  # moments stand above the names in this conversation, not under them

    def line(self, text: str, after: str) -> None:
        """One line. ``after``: the next one."""
        if self._skip:
            self._skip = False
            return
        between = _MOMENT.match(text)
        if between is not None and (between["month"] or between["today"] or between["yesterday"]) and _is_name(after):
            self._between, self._above = self._moment(between), True
            return
        named = _NAMED.match(text) or _DATED.match(text)
        if named is not None:
            self._begin(named)
        elif _DAY.match(text) and text:
            self._set_day(_DAY.match(text))
        elif self._between is not None and text:  # under a moment that stands between messages: the name alone
            self.found.append(Line(text.rstrip(COLONS), at=self._between))
            self._between = None
        elif not self._above and _is_name(text) and _MOMENT.match(after):  # the name, the moment under it
            self._skip = True
            made = Line(text.rstrip(COLONS), at=self._moment(_MOMENT.match(after)))
            self.found.append(made)
        elif _BARE.match(text):
            self.found.append(Line(text[:-1].strip()))
        elif self.found and self.found[-1].at is not None:
            self.found[-1].said.append(text)
        elif (same := _SAME.match(text)) is not None:
            self.found.append(Line(same["name"].strip(), said=[same["said"]]))
        elif self.found:
            self.found[-1].said.append(text)
        elif text:
            self.lost += 1

    def _begin(self, found: re.Match[str]) -> None:
        """A message begins."""
        name = found["name"].strip().rstrip(COLONS)
        self.found.append(Line(name, found["account"] or "", self._moment(found)))

    def _set_day(self, found: re.Match[str] | None) -> None:
        """The day of what follows."""
        if found is None:
            return
        if found["today"]:
            self._day = self._now.replace(hour=0, minute=0, second=0, microsecond=0)
        elif found["yesterday"]:
            self._day = self._now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
        elif found["month"]:
            year = int(found["year"] or self._now.year)
            try:
                day = self._day.replace(year=year, month=int(found["month"]), day=int(found["day"]))
            except ValueError:
                return
            if not found["year"] and day > self._now + timedelta(days=1):
                day = day.replace(year=year - 1)
            self._day = day

    def _moment(self, found: re.Match[str] | None) -> datetime | None:
        """When, UTC; what lies in the future is not believed."""
        if found is None:
            return None
        self._set_day(found)
        hour, half = int(found["hour"]), (found["half"] or found["half_after"] or "").casefold()
        if hour < 12 and (half in _SAID["later"].split() or (half == _SAID["noon"] and hour < 3)):
            hour += 12
        try:
            at = self._day.replace(hour=hour % 24, minute=int(found["minute"]), second=int(found["second"] or 0))
        except ValueError:
            return None
        return min(at, self._now).astimezone(UTC)


def _is_name(text: str) -> bool:
    """Whether a line may be a name that stands alone."""
    return bool(text) and len(text) <= NAME and not _SAME.match(text)


def stickers(text: str) -> Iterator[str]:
    """What stands in a copied text for a picture, a voice and the like."""
    yield from (found[0] for found in _STICKER.finditer(text))


_STICKER = rule(_SAID["sticker"])
