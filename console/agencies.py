"""The bodies a case is sent to: property company, police, fire squad and others, with phone book and on-call rota."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from console.act import Act, Actor, Decision, Put
from console.book import Book, Refused
from console.keys import key_id, unknown
from console.record import Record
from console.words import Both
from console.workdays import slot_minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Record):
    """One line of an agency's phone book."""

    name: str
    """Who."""

    phone: str = ""
    """Number."""

    days: tuple[int, ...] = ()
    """Days of the week on call, 1 Monday to 7 Sunday; none where they have no rota."""

    hours: str = "00:00-24:00"
    """Hours on call, station-local; over midnight as ``18:00-08:00``."""

    def __post_init__(self) -> None:
        """Check the hours and the days."""
        try:
            self.minutes()
        except ValueError as error:
            raise Refused("wrong.hours", field="hours", said=self.hours) from error
        if not all(1 <= day <= 7 for day in self.days):
            raise Refused("wrong.weekdays", field="days")

    def minutes(self) -> tuple[int, int]:
        """First and last minute of the day; the last is not after the first where it goes over midnight."""
        begin, _, end = self.hours.partition("-")
        return slot_minutes(f"{begin}-24:00")[0], 1440 if end == "24:00" else slot_minutes(f"{end}-24:00")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency(Record):
    """A body that errands are sent to."""

    kind: ClassVar[str] = "agencies"

    slug: str
    """Short name in Latin letters that never changes: ``property``."""

    name: str
    """Name in Chinese."""

    english: str = ""
    """Name in English."""

    initials: str = ""
    """Pinyin initials for quick typing: ``pcs``."""

    phone: str = ""
    """Number of the switchboard."""

    contacts: tuple[Contact, ...] = ()
    """Phone book and rota."""

    retired: bool = False
    """Whether nothing is sent there any more."""


def agencies(book: Book) -> dict[str, Agency]:
    """All agencies by slug."""
    return book.memo(Agency.kind, "slugs", lambda: {each.slug: each for _, each in book.all(Agency)})


def agency(book: Book, said: str) -> Agency:
    """The agency by slug or either name. Raises ``Refused`` naming the nearest."""
    known = agencies(book)
    if said in known:
        return known[said]
    for each in known.values():
        if said.casefold() in (each.name.casefold(), each.english.casefold()):
            return each
    raise unknown("refused.no_agency", said, {word for a in known.values() for word in (a.slug, a.name, a.english) if word})


def title(book: Book, slug: str) -> Both:
    """Name of an agency in both languages, for sentences; the slug where it is not known."""
    found = agencies(book).get(slug)
    return Both(found.name, found.english) if found else Both(slug, slug)


def titles(book: Book, errands: Iterable[tuple[int, str]]) -> list[Both]:
    """(number of an errand, slug of its agency) as people say them: ``2 物业公司``."""
    return [
        Both(f"{n} {name.zh}", f"{n} {name.en or name.zh}") for n, name in ((n, title(book, slug)) for n, slug in errands)
    ]


def on_call(found: Agency, at: datetime, zone: ZoneInfo) -> list[Contact]:
    """Who of an agency is on call at a moment, as its rota says."""
    here = at.astimezone(zone)
    minute = here.hour * 60 + here.minute
    today, before = here.isoweekday(), (here - timedelta(days=1)).isoweekday()
    called = []
    for each in found.contacts:
        first, last = each.minutes()
        over = last <= first
        late = over and before in each.days and minute < last
        if (today in each.days and first <= minute and (over or minute < last)) or late:
            called.append(each)
    return called


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAgency(Act, Agency):
    """Enter an agency with its phone book, or change it."""

    verb: ClassVar[str] = "set_agency"
    right: ClassVar[str] = "configure"

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep it."""
        if not self.slug.strip() or not self.name.strip():
            raise Refused("refused.field_missing", field="slug, name")
        fresh = Agency.parse(self.dump())
        id = key_id(self.slug)
        return Decision() if book.get(Agency, id) == fresh else Decision((Put(Agency.kind, id, fresh),))
