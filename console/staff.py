"""Who works here: roles, the rights they bring, and acts on the staff list."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from console.act import Act, Actor, Decision, Put
from console.agencies import agency
from console.book import Book, Refused
from console.keys import key_id, unknown
from console.numbers import CASES
from console.places import place
from console.record import Doc, Record, replace
from console.status import OPEN
from console.words import LANGUAGES

LOGIN = re.compile(r"[a-z0-9][a-z0-9-]{0,31}", re.ASCII)
"""What a login is made of: it stands in a line of ``authorized_keys`` and in the names of files."""


LONGEST_NAME = 60
"""Characters of a name or a telephone number at most."""


class Role(StrEnum):
    """What somebody is."""

    OFFICER = "officer"
    FACILITATOR = "facilitator"
    LIAISON = "liaison"
    SUPERVISOR = "supervisor"
    CHIEF = "chief"


_DESK = frozenset(
    "take file answer edit note voice remind check checked reject merge errand resolve close callback answer_urge".split()
)
_OFFICER = _DESK | frozenset(
    "read rework reopen sign shift_log ask_void ask_suspend resume household import export say".split()
)
_SUPERVISOR = frozenset("read annotate urge approve review ask_void ask_suspend resume advise report export note".split())
RIGHTS: dict[Role, frozenset[str]] = {
    Role.OFFICER: _OFFICER,
    Role.FACILITATOR: frozenset("read_grid take note voice checked household".split()),
    Role.LIAISON: frozenset({"errand_own"}),
    Role.SUPERVISOR: _SUPERVISOR,
    Role.CHIEF: _OFFICER | _SUPERVISOR | frozenset("configure staff force_close take_unsigned".split()),
}
"""Role → rights. Acts ask for a right by name; nobody asks for a role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Away(Record):
    """Somebody is away, and somebody else sees to what is theirs."""

    substitute: str
    """Login of who stands in."""

    since: datetime
    """From when."""

    until: datetime
    """Until when; then it is over by itself."""

    why: str = ""
    """Why."""

    def holds(self, now: datetime) -> bool:
        """Whether it holds at a moment."""
        return self.since <= now < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Record):
    """Somebody on the staff list."""

    kind: ClassVar[str] = "staff"

    login: str
    """Login name."""

    name: str = ""
    """Name as people say it."""

    role: Role
    """What they are."""

    agency: str = ""
    """Slug of the agency, with a liaison."""

    grids: tuple[str, ...] = ()
    """Codes of the grids, with a facilitator."""

    phone: str = ""
    """Where to ring them."""

    language: str = ""
    """zh or en, in which they read the screens; the station's where it is empty."""

    left: datetime | None = None
    """When they left; they stay on the list for the story's sake."""

    signed_off: int = 0
    """Entry at which they last signed off: what came after is news to them."""

    signed_off_at: datetime | None = None
    """When that was."""

    pin_at: datetime | None = None
    """When their PIN was set; none where they have none. The PIN itself is nowhere in the records."""

    away: Away | None = None
    """Until when somebody else sees to their cases."""


SYSTEM = Actor(id="system", name="", rights=RIGHTS[Role.CHIEF])
"""What happens by itself, and what the program does before there is anybody on the list."""


def language(said: str) -> str:
    """A language as it is kept; nothing is the station's. Raises ``Refused``."""
    if said and said not in LANGUAGES:
        raise unknown("refused.no_language", said, LANGUAGES)
    return said


def person(book: Book, login: str) -> Person | None:
    """Somebody by login name."""
    return book.get(Person, key_id(login))


def somebody(book: Book, login: str) -> Person:
    """Somebody by login name. Raises ``Refused`` naming the nearest who is on the list and has not left."""
    found = person(book, login)
    if found is None:
        raise unknown("refused.no_person", login, (each.login for _, each in book.all(Person) if not each.left))
    return found


def actor(book: Book, login: str, source: str, now: datetime) -> Actor:
    """Somebody as who acts. Raises ``Refused`` where they are not on the list, or have left."""
    found = somebody(book, login)
    if found.left is not None:
        raise Refused("refused.left", who=found.name or login)
    absent = [each for each in away(book) if each.away and each.away.substitute == login and each.away.holds(now)]
    grids = found.grids + tuple(code for each in absent for code in each.grids if each.role is Role.FACILITATOR)
    return Actor(
        id=login,
        name=found.name or login,
        rights=RIGHTS[found.role],
        agency=found.agency if found.role is Role.LIAISON else "",
        grids=tuple(dict.fromkeys(grids)) if found.role is Role.FACILITATOR else (),
        source=source,
        stands_for=tuple(each.login for each in absent),
    )


def renewed(book: Book, who: Actor, now: datetime) -> Actor:
    """Who acts, as the staff list has them now: a right that was taken away is gone at the next act, and so is a person.

    Raises ``Refused`` where they are not on the list any more.
    """
    found = person(book, who.id)
    if found is None or found.left is not None:
        raise Refused("refused.you_left", who=who.name or who.id)
    return dataclasses.replace(actor(book, who.id, who.source, now), proved=who.proved)


def away(book: Book) -> tuple[Person, ...]:
    """The people who have a substitute, now or at another time, and have not left."""
    return book.memo(Person.kind, "away", lambda: tuple(p for _, p in book.all(Person) if p.away and not p.left))


def gone(book: Book) -> frozenset[str]:
    """Logins of the people who have left: what was theirs is nobody's."""
    return book.memo(Person.kind, "gone", lambda: frozenset(p.login for _, p in book.all(Person) if p.left))


def must_be_proved(book: Book, who: Actor) -> None:
    """Refuse a signature without the signer's own PIN, where they have one."""
    found = person(book, who.id)
    if found is not None and found.pin_at is not None and not who.proved:
        raise Refused("refused.pin_needed")


def name_of(book: Book, login: str) -> str:
    """How people say somebody's name; the login where they are not on the list."""
    found = person(book, login)
    return found.name or login if found else login


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPerson(Act):
    """Put somebody on the staff list, or change what stands there; takes back who had left."""

    verb: ClassVar[str] = "set_person"
    right: ClassVar[str] = "staff"

    login: str
    """Login name."""

    role: Role | None = None
    """officer, facilitator, liaison, supervisor or chief; an officer where nothing was said before."""

    name: str | None = None
    """Name as people say it."""

    agency: str | None = None
    """Slug or name of the agency, with a liaison."""

    grids: tuple[str, ...] | None = None
    """Codes of the grids, with a facilitator."""

    phone: str | None = None
    """Where to ring them."""

    language: str | None = None
    """zh or en, in which they read the screens; empty for the station's."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Change what is said and keep the rest; a liaison has an agency, and the last chief stays one."""
        if not self.login.strip():
            raise Refused("refused.field_missing", field="login")
        before = person(book, self.login)
        if before is None and (not LOGIN.fullmatch(self.login) or self.login == SYSTEM.id):
            raise Refused("refused.login", said=self.login)
        for name, text in (("name", self.name), ("phone", self.phone)):
            if text is not None and (not (text.isprintable() or not text) or len(text) > LONGEST_NAME):
                raise Refused("refused.name", field=name, most=LONGEST_NAME)
        given = {
            "role": self.role,
            "name": self.name,
            "agency": agency(book, self.agency).slug if self.agency else self.agency,
            "grids": self.grids,
            "phone": self.phone,
            "language": None if self.language is None else language(self.language),
        }
        said = {field: value for field, value in given.items() if value is not None}
        fresh = replace(before or Person(login=self.login, role=Role.OFFICER), **said, left=None)
        if fresh.role is Role.LIAISON and not fresh.agency:
            raise Refused("refused.liaison_agency", who=self.login)
        if fresh.role is Role.FACILITATOR and not fresh.grids:
            raise Refused("refused.facilitator_grids", who=self.login)
        for code in fresh.grids:
            place(book, code)
        if before and before.role is Role.CHIEF and fresh.role is not Role.CHIEF:
            _another_chief(book, self.login)
        return Decision() if fresh == before else Decision((Put(Person.kind, key_id(self.login), fresh),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave(Act):
    """Somebody leaves: they can no longer act, and stay on the list."""

    verb: ClassVar[str] = "leave"
    right: ClassVar[str] = "staff"

    login: str
    """Login name."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Mark them; the last chief cannot leave."""
        found = somebody(book, self.login)
        if found.role is Role.CHIEF:
            _another_chief(book, self.login)
        if found.left is not None:
            return Decision()
        behind = left_behind(book, self.login)
        warnings = [("warning.orphans", {"n": behind})] if behind else []
        return Decision((Put(Person.kind, key_id(self.login), replace(found, left=now, away=None)),), "", warnings)


def left_behind(book: Book, login: str) -> int:
    """How many open cases are somebody's: what will be nobody's once they have left."""
    return sum(theirs(doc, frozenset((login,))) for doc in book.docs(CASES).values())


def theirs(doc: Doc, logins: frozenset[str]) -> bool:
    """Whether a case is open and one of these people looks after it, or is to look at it on site."""
    if doc.get("status", "new") not in OPEN:
        return False
    return doc.get("owner") in logins or any(c.get("who") in logins and not c.get("done_at") for c in doc.get("checks", ()))


def _another_chief(book: Book, login: str) -> None:
    """Refuse where nobody else would be chief."""
    if not any(p.role is Role.CHIEF and p.login != login and not p.left for _, p in book.all(Person)):
        raise Refused("refused.last_chief", who=login)
