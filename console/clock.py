"""The only place that takes "now", and how moments are told in the station's own time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FIRST = datetime(1900, 1, 1, tzinfo=UTC)
"""No moment of a case is before this."""

LAST = datetime(2200, 1, 1, tzinfo=UTC)
"""No moment of a case is after this: every zone and every limit still fits behind it."""


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def whole(moment: datetime) -> datetime:
    """A moment to the second, in UTC: what rules and records work with."""
    return moment.astimezone(UTC).replace(microsecond=0)


def zone(name: str) -> ZoneInfo:
    """The zone of that name. Raises ``ValueError`` where the system knows none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError) as error:
        raise ValueError(f"{name!r} is no time zone; write it as Asia/Shanghai") from error


def local_day(moment: datetime, at: ZoneInfo) -> date:
    """The station's day of a moment."""
    return moment.astimezone(at).date()


_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_DAY = re.compile(r"(\d{1,2})[-/月](\d{1,2})日?(?:\s*(\d{1,2}):(\d{2}))?")
_SPAN = re.compile(r"[+-]?(\d+)\s*(m|min|分|h|时|小时|d|天|日)")
_SECONDS = {"m": 60, "min": 60, "分": 60, "h": 3600, "时": 3600, "小时": 3600, "d": 86400, "天": 86400, "日": 86400}


def read(text: str, at: ZoneInfo, present: datetime) -> datetime:
    """A moment as a person writes it, in UTC; without a zone it is station-local. Raises ``ValueError``.

    ``2026-11-23 10:05``, ISO 8601 with or without zone, ``10:05`` (today), ``2026-11-23`` (its midnight), ``11-23`` and
    ``11-23 10:05`` (of the year in which that is nearest), ``+2h``, ``-30m``.
    """
    import pendulum

    said = text.strip()
    span = _SPAN.fullmatch(said)
    if span and not said.isdigit():
        ahead = timedelta(seconds=int(span[1]) * _SECONDS[span[2]])
        return present - ahead if said[0] == "-" else present + ahead
    clock = _TIME.fullmatch(said)
    if clock:
        today = datetime.combine(local_day(present, at), time(int(clock[1]), int(clock[2])), at)
        return today.astimezone(UTC)
    day = _DAY.fullmatch(said)
    if day:
        return _nearest(day, at, present)
    found = pendulum.parse(said, tz=str(at))
    if not isinstance(found, pendulum.DateTime):
        raise ValueError(f"{text!r} is no moment; write it as 2026-11-23 10:05")
    return datetime.fromtimestamp(found.timestamp(), UTC)


def _nearest(day: re.Match[str], at: ZoneInfo, present: datetime) -> datetime:
    """A day without its year, in UTC: of the year in which it is nearest. Raises ``ValueError`` for a day there is not."""
    year, found = local_day(present, at).year, list[datetime]()
    for each in (year - 1, year, year + 1):
        try:
            found.append(datetime(each, int(day[1]), int(day[2]), int(day[3] or 0), int(day[4] or 0), tzinfo=at))
        except ValueError:
            continue  # the 29th of February is in some years only
    if not found:
        raise ValueError(f"{day[0]!r} is no day")
    return min(found, key=lambda each: abs(each - present)).astimezone(UTC)
