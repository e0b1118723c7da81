"""Who works here: roles, the rights they bring, and acts on the staff list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from console.act import Act, Actor, Decision, Put
from console.agencies import agency
from console.book import Book, Refused
from console.keys import key_id, unknown
from console.places import place
from console.record import Record, replace


class Role(StrEnum):
    """What somebody is."""

    OFFICER = "officer"
    FACILITATOR = "facilitator"
    LIAISON = "liaison"
    SUPERVISOR = "supervisor"
    CHIEF = "chief"


_DESK = frozenset("take file answer edit note voice remind check checked reject merge errand resolve close callback".split())
_OFFICER = _DESK | frozenset("read rework reopen sign shift_log ask_void ask_suspend resume household import export".split())
_SUPERVISOR = frozenset("read annotate urge approve ask_void ask_suspend resume advise report export note".split())
RIGHTS: dict[Role, frozenset[str]] = {
    Role.OFFICER: _OFFICER,
    Role.FACILITATOR: frozenset("read_grid take note voice checked household".split()),
    Role.LIAISON: frozenset({"errand_own"}),
    Role.SUPERVISOR: _SUPERVISOR,
    Role.CHIEF: _OFFICER | _SUPERVISOR | frozenset("configure staff force_close take_unsigned".split()),
}
"""Role → rights. Acts ask for a right by name; nobody asks for a role."""


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

    left: datetime | None = None
    """When they left; they stay on the list for the story's sake."""

    signed_off: int = 0
    """Entry at which they last signed off: what came after is news to them."""

    signed_off_at: datetime | None = None
    """When that was."""


SYSTEM = Actor(id="system", name="", rights=RIGHTS[Role.CHIEF])
"""What happens by itself, and what the program does before there is anybody on the list."""


def person(book: Book, login: str) -> Person | None:
    """Somebody by login name."""
    return book.get(Person, key_id(login))


def somebody(book: Book, login: str) -> Person:
    """Somebody by login name. Raises ``Refused`` naming the nearest who is on the list and has not left."""
    found = person(book, login)
    if found is None:
        raise unknown("refused.no_person", login, (each.login for _, each in book.all(Person) if not each.left))
    return found


def actor(book: Book, login: str, source: str) -> Actor:
    """Somebody as who acts. Raises ``Refused`` where they are not on the list, or have left."""
    found = somebody(book, login)
    if found.left is not None:
        raise Refused("refused.left", who=found.name or login)
    return Actor(
        id=login,
        name=found.name or login,
        rights=RIGHTS[found.role],
        agency=found.agency if found.role is Role.LIAISON else "",
        grids=found.grids if found.role is Role.FACILITATOR else (),
        source=source,
    )


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

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Change what is said and keep the rest; a liaison has an agency, and the last chief stays one."""
        if not self.login.strip():
            raise Refused("refused.field_missing", field="login")
        before = person(book, self.login)
        given = {
            "role": self.role,
            "name": self.name,
            "agency": agency(book, self.agency).slug if self.agency else self.agency,
            "grids": self.grids,
            "phone": self.phone,
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
        return Decision((Put(Person.kind, key_id(self.login), replace(found, left=now)),))


def _another_chief(book: Book, login: str) -> None:
    """Refuse where nobody else would be chief."""
    if not any(p.role is Role.CHIEF and p.login != login and not p.left for _, p in book.all(Person)):
        raise Refused("refused.last_chief", who=login)
