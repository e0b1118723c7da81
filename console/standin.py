"""Who sees to what is somebody else's: a substitute while they are away, and a new owner where they have left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from console.act import Act, Actor, Decision, Put, no_right
from console.book import Book, Refused
from console.keys import key_id
from console.numbers import CASES
from console.progress import CaseAct, must, when
from console.record import replace
from console.staff import RIGHTS, Away, Person, Role, gone, name_of, somebody, theirs
from console.status import OPEN

LONGEST = timedelta(days=366)
"""The longest that somebody may be away with a substitute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn(Act):
    """Somebody is away until a moment, and somebody else sees to their cases, checks and grids meanwhile."""

    verb: ClassVar[str] = "stand_in"

    substitute: str
    """Login of who stands in."""

    until: datetime | str
    """Until when; then it is over by itself."""

    login: str = ""
    """Login of who is away; oneself where nothing is said."""

    since: datetime | str | None = None
    """From when; now where nothing is said."""

    why: str = ""
    """Why."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep it on the staff list. For oneself, or as somebody who keeps that list."""
        absent, other = allowed(book, who, self.login), somebody(book, self.substitute)
        since, until = when(book, self.since, now) or now, when(book, self.until, now)
        if until is None or until <= max(now, since) or until > since + LONGEST:
            raise Refused("refused.away_until")
        if other.left is not None:
            raise Refused("refused.left", who=other.name or other.login)
        fits = RIGHTS[other.role] >= RIGHTS[absent.role]
        fits = fits and (absent.role is not Role.LIAISON or other.agency == absent.agency)
        if other.login == absent.login or not fits:
            raise Refused("refused.no_substitute", who=other.name or other.login)
        theirs = other.away
        if theirs is not None and theirs.since < until and since < theirs.until:
            raise Refused("refused.substitute_away", who=other.name or other.login)
        fresh = Away(substitute=other.login, since=since, until=until, why=self.why)
        return Decision((Put(Person.kind, key_id(absent.login), replace(absent, away=fresh)),), self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComeBack(Act):
    """Be back before the substitute's time is over."""

    verb: ClassVar[str] = "come_back"

    login: str = ""
    """Login of who is back; oneself where nothing is said."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Take it from the staff list."""
        absent = allowed(book, who, self.login)
        if absent.away is None or absent.away.until <= now:
            raise Refused("refused.not_away", who=absent.name or absent.login)
        return Decision((Put(Person.kind, key_id(absent.login), replace(absent, away=None)),))


def allowed(book: Book, who: Actor, login: str) -> Person:
    """The person that one may speak for: oneself, or anybody for who keeps the staff list. Raises ``Refused``."""
    found = somebody(book, login or who.id)
    if found.login != who.id and not who.may("staff"):
        raise no_right(who, "staff")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(CaseAct):
    """Put a case into somebody's hands; a check that somebody who has left was asked for goes with it."""

    verb: ClassVar[str] = "assign"
    right: ClassVar[str] = "edit"

    owner: str
    """Login of who looks after it from now on."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Change the owner; they find it among what was handed to them."""
        id, issue = self.case(book, now, who)
        must(issue, *OPEN)
        to = somebody(book, self.owner)
        if to.left is not None:
            raise Refused("refused.left", who=to.name or to.login)
        if not RIGHTS[to.role] & {"file", "checked"}:
            raise Refused("refused.no_owner", who=to.name or to.login)
        left = gone(book)
        checks = tuple(
            replace(each, who=to.login) if not each.done_at and each.who in left and "checked" in RIGHTS[to.role] else each
            for each in issue.checks
        )
        given = replace(issue, owner=to.login, checks=checks)
        if given == issue:
            return Decision()
        return Decision((self.put(book, now, who, id, given, owner=name_of(book, to.login), why=self.why),), self.why)


def orphans(book: Book) -> list[str]:
    """Ids of open cases that somebody who has left looks after, or was asked to look at."""
    left = gone(book)
    return [id for id, doc in book.docs(CASES).items() if theirs(doc, left)] if left else []
