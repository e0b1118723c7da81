"""The working calendar: which seconds count for a limit in working hours or working days.

Public holidays and make-up days come from maintained libraries (``chinesecalendar`` for China, ``holidays`` for other
places), and the station adds days of its own. Everything is computed in station-local time and told in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple
from zoneinfo import ZoneInfo

from console.book import Refused
from console.record import Record

MOST_DAYS = 3700
"""Days that are looked through for working time before giving up."""

_ZERO = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSettings(Record):
    """When the station's agencies work."""

    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)
    """Days of the week that are worked, 1 Monday to 7 Sunday."""

    slots: tuple[str, ...] = ("08:00-12:00", "14:00-18:00")
    """Working slots of a worked day, station-local, in order, as in ``08:00-12:00``."""

    country: str = "CN"
    """Whose public holidays are off, as a two-letter code; empty for none."""

    region: str = ""
    """Region of the country, where its holidays differ, as the ``holidays`` library names it."""

    off: dict[str, str] = field(default_factory=dict)
    """The station's own days off: date → its name; they win over the public calendar."""

    on: dict[str, str] = field(default_factory=dict)
    """The station's own days worked: date → why; they win over everything."""

    def __post_init__(self) -> None:
        """Check what the types do not say."""
        if not self.weekdays or not all(1 <= day <= 7 for day in self.weekdays):
            raise Refused("wrong.weekdays", field="weekdays")
        last = -1
        if not self.slots:
            raise Refused("wrong.slot", field="slots", said="")
        for slot in self.slots:
            try:
                start, end = slot_minutes(slot)
            except ValueError as error:
                raise Refused("wrong.slot", field="slots", said=slot) from error
            if start < last:
                raise Refused("wrong.slot_order", field="slots", said=slot)
            last = end
        if self.country and not (len(self.country) == 2 and self.country.isalpha()):
            raise Refused("wrong.country", field="country", said=self.country)
        for day in [*self.off, *self.on]:
            try:
                date.fromisoformat(day)
            except ValueError as error:
                raise Refused("wrong.day", field=day, said=day) from error


def slot_minutes(slot: str) -> tuple[int, int]:
    """The first and last minute of a slot such as ``08:00-12:00``, counted from midnight; ``24:00`` may end a day."""
    try:
        start, end = ((int(part[:2]) * 60 + int(part[3:])) for part in slot.split("-"))
    except ValueError:
        start = end = -1
    if not (0 <= start < end <= 1440 and len(slot) == 11 and slot[2] == slot[8] == ":"):
        raise ValueError(f"{slot!r} is no slot; write it as 08:00-12:00")
    return start, end


class Day(NamedTuple):
    """One day of the calendar."""

    worked: bool
    """Whether it is worked."""

    why: str
    """``weekday``, ``weekend``, ``holiday``, ``makeup``, ``own`` or ``unknown`` (the year is not published yet)."""

    name: str
    """Name of the holiday, or the station's own word."""


class Skipped(NamedTuple):
    """A stretch that did not count, for the explanation of a due moment."""

    start: datetime
    """When it began."""

    end: datetime
    """When counting went on."""

    why: str
    """``night`` (out of the slots) or the ``Day.why`` of the day."""

    name: str
    """Name of the day, where it has one."""


class NoWorkingTime(ValueError):
    """The calendar has no working time for years ahead."""


class Calendar:
    """Counts working time. Immutable; days are looked up once."""

    def __init__(self, settings: CalendarSettings, zone: str) -> None:
        """For a station's settings in its zone, as in ``Asia/Shanghai``."""
        self.settings, self.zone = settings, ZoneInfo(zone)
        self._slots = tuple(slot_minutes(slot) for slot in settings.slots)
        self._days: dict[date, Day] = {}
        self._spans: dict[date, tuple[tuple[datetime, datetime], ...]] = {}
        self._other: dict[int, dict[date, str]] = {}

    settings: CalendarSettings
    """What the station has set."""

    zone: ZoneInfo
    """The station's zone."""

    @cached_property
    def version(self) -> str:
        """A short name for all that decides a working moment: settings, zone, the library's edition."""
        edition = ""
        if self.settings.country == "CN":
            from chinese_calendar import constants

            edition = f"{max(constants.holidays)} {len(constants.holidays)} {len(constants.workdays)}"
        elif self.settings.country:
            import holidays

            edition = str(vars(holidays)["__version__"])
        said = repr((sorted(self.settings.dump().items()), str(self.zone), edition))
        return sha256(said.encode()).hexdigest()[:8]

    def day(self, day: date) -> Day:
        """Whether and why a day is worked."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = self._look(day)
        return found

    def _look(self, day: date) -> Day:
        """Own days first, then the public calendar, then the weekday."""
        key = day.isoformat()
        if key in self.settings.on:
            return Day(True, "own", self.settings.on[key])
        if key in self.settings.off:
            return Day(False, "own", self.settings.off[key])
        usual = day.isoweekday() in self.settings.weekdays
        plain = Day(usual, "weekday" if usual else "weekend", "")
        if self.settings.country == "CN":
            return self._chinese(day, usual, plain)
        if self.settings.country:
            name = self._holidays(day.year).get(day)
            if name:
                return Day(False, "holiday", name)
        return plain

    def _chinese(self, day: date, usual: bool, plain: Day) -> Day:
        """The official Chinese calendar: holidays, and weekends that are worked for them."""
        import chinese_calendar

        try:
            off, name = chinese_calendar.get_holiday_detail(day)
            worked = chinese_calendar.is_workday(day)
        except NotImplementedError:
            return plain._replace(why="unknown")
        if name and off:
            return Day(False, "holiday", name)
        if name and worked and day.isoweekday() >= 6:
            return Day(True, "makeup", name)
        return Day(usual, plain.why, "")

    def _holidays(self, year: int) -> dict[date, str]:
        """Holidays of other countries, a year at a time."""
        if year not in self._other:
            import holidays

            found = holidays.country_holidays(self.settings.country, subdiv=self.settings.region or None, years=year)
            self._other[year] = dict(found.items())
        return self._other[year]

    def spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The working slots of a day, in UTC; empty where it is off."""
        found = self._spans.get(day)
        if found is None:
            midnight = datetime.combine(day, time(), self.zone)
            found = self._spans[day] = (
                tuple(
                    (
                        (midnight + timedelta(minutes=start)).astimezone(UTC),
                        (midnight + timedelta(minutes=end)).astimezone(UTC),
                    )
                    for start, end in self._slots
                )
                if self.day(day).worked
                else ()
            )
        return found

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from one moment to another; zero where the second is not later."""
        total, day, last = _ZERO, start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        while day <= last:
            for opens, closes in self.spans(day):
                inside = min(closes, end) - max(opens, start)
                if inside > _ZERO:
                    total += inside
            day += timedelta(days=1)
        return total

    def add(self, start: datetime, seconds: float) -> datetime:
        """The moment at which that much working time has passed. Raises ``NoWorkingTime`` where there is none."""
        left, day = timedelta(seconds=seconds), start.astimezone(self.zone).date()
        if left <= _ZERO:
            return start
        for _ in range(MOST_DAYS):
            for opens, closes in self.spans(day):
                begin = max(opens, start)
                if closes > begin:
                    if begin + left <= closes:
                        return begin + left
                    left -= closes - begin
            day += timedelta(days=1)
        raise NoWorkingTime(f"no working time within {MOST_DAYS} days of {start}")

    def skipped(self, start: datetime, end: datetime) -> list[Skipped]:
        """What lay between two moments and did not count, in order; neighbours of one kind are told as one."""
        found: list[Skipped] = []
        at, day, last = start, start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        while day <= last:
            about = self.day(day)
            midnight = datetime.combine(day + timedelta(days=1), time(), self.zone).astimezone(UTC)
            for opens, closes in self.spans(day):
                if closes > at:
                    _skip(found, at, min(opens, end), "night", "")
                    at = max(at, min(closes, end))
            why = "night" if about.worked else about.why
            _skip(found, at, min(midnight, end), why, about.name)
            at = max(at, min(midnight, end))
            day += timedelta(days=1)
        return found


def _skip(found: list[Skipped], start: datetime, end: datetime, why: str, name: str) -> None:
    """Add a stretch; one that goes on from the last for the same reason makes it longer."""
    if end <= start:
        return
    if found and found[-1].end == start and (found[-1].why, found[-1].name) == (why, name):
        found[-1] = found[-1]._replace(end=end)
    else:
        found.append(Skipped(start, end, why, name))
