"""Groups and who is in them: which grids a group is of, whose household a member is, how long a group is usually quiet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from console.act import Act, Actor, Decision, Put
from console.agencies import agency
from console.book import Book, Refused, index
from console.keys import key_id, unknown
from console.places import place
from console.record import Doc, Record, replace

LIKELY = 6.0
"""So many messages would have come by now: a group that is quiet as long as that has lost its bridge, not its voice."""

FADES = 14
"""Days over which the rhythm of a group is remembered."""

LEAST = 30
"""Messages from which on a group has a rhythm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Record):
    """One group."""

    kind: ClassVar[str] = "groups"

    number: str
    """Its number in the group chat."""

    name: str = ""
    """What it is called there."""

    account: str = ""
    """Account of the bridge that has heard from it last: through it one answers."""

    grids: tuple[str, ...] = ()
    """Codes of the grids whose people are in it."""

    agency: str = ""
    """Slug of the agency, where it is one's own."""

    last: datetime | None = None
    """When something was last heard in it."""

    hours: tuple[float, ...] = ()
    """How many messages an hour of the day usually has, 24 of them, station-local; empty while nobody knows."""

    counted: float = 0.0
    """How many days these are counted over."""

    closed: bool = False
    """Whether nobody wants to hear of it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Record):
    """Somebody in a group of whom more is known than their name there."""

    kind: ClassVar[str] = "members"

    group: str
    """Number of the group."""

    account: str
    """Their account."""

    card: str = ""
    """Their name in the group when this was said."""

    household: str = ""
    """Id of their household."""

    place: str = ""
    """Where they live, in words."""

    name: str = ""
    """What they are called."""

    login: str = ""
    """Their login, where they are on the staff list."""

    agency: str = ""
    """Slug of their agency, where they answer for one."""

    gone: bool = False
    """Whether they have left the group."""


@index(Member.kind, "account")
def _account(doc: Doc) -> Iterable[str]:
    """By their account."""
    return (doc["account"],)


def group_id(number: str) -> str:
    """The id of a group."""
    return key_id(f"group {number}")


def member_id(group: str, account: str) -> str:
    """The id of a member."""
    return key_id(f"member {group}:{account}")


def groups(book: Book) -> dict[str, Group]:
    """All groups by number."""
    return book.memo(Group.kind, "numbers", lambda: {group.number: group for _, group in book.all(Group)})


def group(book: Book, number: str) -> Group:
    """The group of a number. Raises ``Refused`` naming the nearest."""
    known = groups(book)
    if number not in known:
        raise unknown("refused.no_group", number, known)
    return known[number]


def of_theirs(book: Book, who: Actor, number: str) -> Group:
    """The group of a number, where it is theirs to see to: facilitators look after those of their own grids alone.

    Raises ``Refused``.
    """
    if not who.grids:
        return group(book, number)
    found = groups(book).get(number)
    if found is None or not set(found.grids) & set(who.grids):
        raise Refused("refused.not_your_group", group=number or "–")
    return found


def member(book: Book, number: str, account: str) -> Member | None:
    """What is known of somebody in a group."""
    return book.get(Member, member_id(number, account))


def quiet(of: Group, now: datetime, local: datetime) -> float:
    """How many messages would usually have come since the last one; 0 where there is no rhythm yet.

    ``local``: the same moment in the station's time. From ``LIKELY`` on the silence is not one of people.
    """
    if of.last is None or len(of.hours) != 24 or sum(of.hours) * max(of.counted, 1.0) < LEAST:
        return 0.0
    span = min((now - of.last).total_seconds(), 7 * 86400.0)
    expected, at, left = 0.0, local, span
    while left > 0:
        part = min(left, at.minute * 60 + at.second + at.microsecond / 1e6 or 3600.0)
        hour = (at - timedelta(seconds=part / 2)).hour
        expected += of.hours[hour] * part / 3600.0
        at -= timedelta(seconds=part)
        left -= part
    return expected


def counted(of: Group, local: datetime, days: float, number: int = 1) -> Group:
    """The group with some more messages in its rhythm. ``days``: since the last were counted; older ones fade."""
    whole = max(of.counted + days, 1.0)
    kept = max(of.counted, 1.0) / whole
    hours = [each * kept for each in of.hours or (0.0,) * 24]
    hours[local.hour] += number / whole
    return replace(of, hours=tuple(round(each, 4) for each in hours), counted=round(min(of.counted + days, FADES), 4))


def silent(of: Group, now: datetime, local: datetime) -> bool:
    """Whether a group has been quiet for so long that its bridge should be looked at."""
    return not of.closed and quiet(of, now, local) >= LIKELY


@dataclass(frozen=True, slots=True, kw_only=True)
class SetGroup(Act):
    """Join a group to its grids or an agency, name it, or close it."""

    verb: ClassVar[str] = "set_group"
    right: ClassVar[str] = "configure"

    number: str
    """Its number."""

    name: str = ""
    """What it is called; as it is called there where nothing is said."""

    grids: tuple[str, ...] = ()
    """Codes of the grids whose people are in it."""

    agency: str = ""
    """Slug of the agency, where it is one's own."""

    closed: bool = False
    """Whether nobody wants to hear of it any more."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep it; its rhythm stays."""
        if not self.number.lstrip("-").isdigit():
            raise Refused("refused.group_number", said=self.number)
        for code in self.grids:
            place(book, code)
        if self.agency:
            agency(book, self.agency)
        was = book.get(Group, group_id(self.number)) or Group(number=self.number)
        fresh = replace(was, name=self.name or was.name, grids=self.grids, agency=self.agency, closed=self.closed)
        return Decision((Put(Group.kind, group_id(self.number), fresh),) if fresh != was else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMember(Act):
    """Say who somebody in a group is: a household, somebody of the staff, or an agency's."""

    verb: ClassVar[str] = "set_member"
    right: ClassVar[str] = "voice"

    group: str
    """Number of the group."""

    account: str
    """Their account."""

    card: str = ""
    """Their name in the group."""

    place: str = ""
    """Where they live, in words."""

    name: str = ""
    """What they are called."""

    household: str = ""
    """Id of their household."""

    login: str = ""
    """Their login, where they are on the staff list."""

    agency: str = ""
    """Slug of their agency, where they answer for one."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep it over what was known."""
        from console.staff import somebody

        of_theirs(book, who, self.group)
        if self.login:
            somebody(book, self.login)
        if self.agency:
            agency(book, self.agency)
        fresh = Member(
            group=self.group,
            account=self.account,
            card=self.card,
            place=self.place,
            name=self.name,
            household=self.household,
            login=self.login,
            agency=self.agency,
        )
        id = member_id(self.group, self.account)
        return Decision((Put(Member.kind, id, fresh),) if fresh != book.get(Member, id) else ())
