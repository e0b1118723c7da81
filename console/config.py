"""The station's settings: a TOML file checked by pydantic at the door, kept in the store, read by every session.

Every field has its sample value as the default, so a file need only say what differs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import ClassVar, NamedTuple

from console import limits
from console.act import Act, Actor, Decision, Put
from console.book import Book, Refused
from console.chat.settings import ChatSettings, RateSettings
from console.clock import local_day, zone
from console.record import Record
from console.workdays import Calendar, CalendarSettings, slot_minutes

ONLY = "1"
"""Id of the one document of its kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftSettings(Record):
    """One shift of the day."""

    name: str
    """Name in Chinese."""

    english: str = ""
    """Name in English."""

    hours: str
    """Station-local hours, as in ``08:00-16:00``; a shift over midnight is written ``16:00-08:00``."""

    def __post_init__(self) -> None:
        """Check the hours."""
        self.minutes()

    def minutes(self) -> tuple[int, int]:
        """First and last minute counted from the midnight the shift begins after; the last may be past 1440."""
        start, _, end = self.hours.partition("-")
        try:
            begin = slot_minutes(f"{start}-24:00")[0]
            finish = 1440 if end in ("24:00", "00:00") else slot_minutes(f"{end}-24:00")[0]
        except ValueError as error:
            raise Refused("wrong.hours", field="hours", said=self.hours) from error
        return begin, finish if finish > begin else finish + 1440


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSettings(Record):
    """Stage limits, and what a case gets whose own limit is not known. Texts as in the categories' limits."""

    accept: str = "15分"
    """From taking in to filing, answering or rejecting."""

    dispatch: str = "15分"
    """From filing, or an agency's return, to sending it on."""

    check: str = "30分"
    """For an on-site check."""

    urge: str = "2紧急工作时"
    """For the answer to an urging, where the supervisor names no other moment."""

    p1: str = "1紧急工作时"
    """Handling of a P1 whose category says nothing."""

    p2: str = "2紧急工作时"
    """Handling of a P2 whose category says nothing."""

    p3: str = "2天"
    """Handling of a P3 whose category says nothing."""

    p4: str = "5天"
    """Handling of a P4 whose category says nothing."""

    def __post_init__(self) -> None:
        """Every one must be a limit."""
        for name in ("accept", "dispatch", "check", "urge", "p1", "p2", "p3", "p4"):
            text = getattr(self, name)
            try:
                limits.parse(text)
            except limits.BadLimit as error:
                raise Refused("refused.bad_limit", field=name, said=text) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSettings(Record):
    """How the queue is ordered: points for what makes a case urgent, and when it warns."""

    p1: int = 40
    """Points of a P1."""

    p2: int = 20
    """Points of a P2."""

    p3: int = 10
    """Points of a P3."""

    p4: int = 0
    """Points of a P4."""

    overdue: int = 10
    """Points for being overdue."""

    overdue_every: int = 10
    """Minutes overdue that bring one point more."""

    overdue_most: int = 30
    """The most that being overdue can bring."""

    soon: int = 8
    """Points in the last quarter before the due moment."""

    voice: int = 2
    """Points a household that says "me too"."""

    voice_most: int = 10
    """The most that voices can bring."""

    unanswered: int = 4
    """Points for an agency that has not answered within the dispatch limit."""

    returned: int = 6
    """Points for an agency's return that waits for the desk."""

    inquiry: int = 6
    """Points for an agency's question that waits for the desk."""

    reminder: int = 6
    """Points of a reminder whose moment has come."""

    reopened: int = 30
    """Points for a case that was reopened: not solved means on top."""

    danger: int = 8
    """Points where the words say that somebody is hurt or in danger."""

    danger_words: tuple[str, ...] = (
        "受伤",
        "流血",
        "被困",
        "着火",
        "煤气",
        "救命",
        "打人",
        "被蜇",
        "injured",
        "bleeding",
        "trapped",
        "fire",
    )
    """Words that say so."""

    urged: int = 12
    """Points for a case that a supervisor urges."""

    warn_share: float = 0.25
    """The last share of a limit in which the queue warns."""

    warn_least: int = 15
    """Minutes before the due moment in which it warns in any case."""

    def __post_init__(self) -> None:
        """Check what would divide by zero."""
        if self.overdue_every < 1:
            raise Refused("wrong.minutes", field="overdue_every")
        if not 0 <= self.warn_least <= 10_000:
            raise Refused("wrong.minutes", field="warn_least")
        if not 0 <= self.warn_share <= 1:
            raise Refused("wrong.share", field="warn_share")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverSettings(Record):
    """What a handover looks at."""

    urgent_within: int = 120
    """Minutes before the due moment in which a case is handed over as urgent."""

    carried_most: int = 3
    """Shifts after which a case counts as carried too long."""

    late_after: int = 30
    """Minutes after the shift's end after which a handover counts as late."""

    thin_under: int = 8
    """Characters of a read-back below which it counts as thin."""

    def __post_init__(self) -> None:
        """Check the minutes."""
        if not 0 <= self.urgent_within <= 10_000:
            raise Refused("wrong.minutes", field="urgent_within")
        if not 0 <= self.thin_under <= 200:
            raise Refused("wrong.number", field="thin_under")


SHIFTS = (
    ShiftSettings(name="夜班", english="night shift", hours="00:00-08:00"),
    ShiftSettings(name="早班", english="early shift", hours="08:00-16:00"),
    ShiftSettings(name="中班", english="late shift", hours="16:00-24:00"),
)
"""The sample's three shifts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Record):
    """Everything that differs from town to town."""

    kind: ClassVar[str] = "settings"

    name: str = "社区值班台"
    """Name of the station, as it stands on screens and sheets."""

    timezone: str = "Asia/Shanghai"
    """Zone of the station: its days, shifts and working hours."""

    language: str = "zh"
    """Language where a login says none: zh or en."""

    calendar: CalendarSettings = field(default_factory=CalendarSettings)
    """When agencies work."""

    shifts: tuple[ShiftSettings, ...] = SHIFTS
    """Shifts of a day, in order."""

    limits: LimitSettings = field(default_factory=LimitSettings)
    """Stage limits and defaults."""

    queue: QueueSettings = field(default_factory=QueueSettings)
    """Points of urgency."""

    handover: HandoverSettings = field(default_factory=HandoverSettings)
    """What a handover looks at."""

    chat: ChatSettings = field(default_factory=ChatSettings)
    """The group chat."""

    rates: RateSettings = field(default_factory=RateSettings)
    """How call-backs become rates."""

    keys: dict[str, str] | None = None
    """Keys of the console that this station has changed: id of the action → keys."""

    quiet_days: int = 14
    """Days without a report after which a grid is quiet."""

    lock_after: int = 10
    """Minutes without a key after which the screen of a shared terminal is locked; 0: never."""

    keep_days: int = 30
    """Days that an ended case stays among the open ones before it goes to the archive."""

    def __post_init__(self) -> None:
        """Check zone, language and that shifts do not overlap."""
        try:
            zone(self.timezone)
        except ValueError as error:
            raise Refused("refused.zone", field="timezone", said=self.timezone) from error
        if self.language not in ("zh", "en"):
            raise Refused("wrong.language", field="language", said=self.language)
        for name in ("keep_days", "quiet_days"):
            if not 1 <= getattr(self, name) <= 3650:
                raise Refused("wrong.days", field=name)
        if not 0 <= self.lock_after <= 1440:
            raise Refused("wrong.minutes", field="lock_after")
        if not 1 <= len(self.shifts) <= 9:
            raise Refused("wrong.shifts", field="shifts")
        ends = -1
        for each in self.shifts:
            begin, end = each.minutes()
            if begin < ends:
                raise Refused("wrong.shift_order", field="hours", said=each.name)
            ends = end
        if ends - self.shifts[0].minutes()[0] > 1440:
            raise Refused("wrong.shift_day", field="hours")

    def severity_limit(self, severity: str) -> str:
        """The limit of a case whose own is not known. ``severity``: p1 to p4."""
        return str(getattr(self.limits, severity))


def settings(book: Book) -> Settings:
    """The station's settings; the sample's where nothing was set."""
    return book.memo(Settings.kind, "settings", lambda: book.get(Settings, ONLY) or Settings())


def calendar(book: Book) -> Calendar:
    """The working calendar, made once for these settings."""
    said = settings(book)
    return book.memo(Settings.kind, "calendar", lambda: Calendar(said.calendar, said.timezone))


def edition(book: Book) -> str:
    """A short name for all that due moments are computed with: calendar, stage limits, warning, words of danger."""
    return book.memo(Settings.kind, "edition", lambda: _edition(settings(book), calendar(book).version))


def _edition(said: Settings, version: str) -> str:
    """The edition of these settings with a calendar of that version."""
    queue = said.queue
    parts = (version, sorted(said.limits.dump().items()), queue.warn_share, queue.warn_least, queue.danger_words)
    return sha256(repr(parts).encode()).hexdigest()[:8]


class Window(NamedTuple):
    """One shift of one day, as the settings have it."""

    id: str
    """Day and place in the day: ``202611232``."""

    name: str
    """Name in Chinese."""

    english: str
    """Name in English."""

    start: datetime
    """When it begins, UTC."""

    end: datetime
    """When it ends, UTC."""


def window(said: Settings, at: datetime) -> Window:
    """The shift that a moment falls into; between two shifts, the one that comes next."""
    here = zone(said.timezone)
    day = local_day(at, here) - timedelta(days=1)
    for _ in range(3):
        midnight = datetime.combine(day, time(), here)
        for place, each in enumerate(said.shifts, 1):
            begin, end = each.minutes()
            ends = (midnight + timedelta(minutes=end)).astimezone(UTC)
            if at < ends:
                starts = (midnight + timedelta(minutes=begin)).astimezone(UTC)
                return Window(f"{day:%Y%m%d}{place}", each.name, each.english or each.name, starts, ends)
        day += timedelta(days=1)
    raise AssertionError("a day has at least one shift")


@dataclass(frozen=True, slots=True, kw_only=True)
class Configure(Act):
    """Take new settings of the station, from now on and for every session."""

    verb: ClassVar[str] = "configure"
    right: ClassVar[str] = "configure"

    settings: Settings
    """All of them."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep them, unless they are already so."""
        if book.get(Settings, ONLY) == self.settings:
            return Decision()
        try:
            Calendar(self.settings.calendar, self.settings.timezone).day(now.date())
        except (NotImplementedError, KeyError, AttributeError) as error:
            raise Refused("wrong.country", field="country", said=self.settings.calendar.country) from error
        return Decision((Put(Settings.kind, ONLY, self.settings),))
