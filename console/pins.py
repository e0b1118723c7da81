"""PINs: for a station terminal that several people share, and for signing a handover.

The hash and the count of wrong guesses lie among the store's secrets, never in an entry; the staff list says only that
there is one. Wrong guesses cost time that grows, for the one name that is guessed at and nobody else, and a restart
forgives nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, ClassVar

from console.act import Act, Actor, Decision, Put
from console.book import Book, Refused
from console.desk import Desk
from console.keys import key_id
from console.record import iso
from console.record import replace as changed
from console.staff import Person, must_be_proved, person
from console.standin import allowed
from storage.store import Beside

LEAST, MOST = 6, 12
"""Digits that a PIN has."""

FREE = 3
"""Wrong guesses that cost nothing: fingers slip."""

FIRST, LONGEST = 5, 900
"""Seconds to wait after the first guess that does cost something, and at most: the wait doubles in between."""


NOBODY, NOBODIES, LONGEST_NAME = "guessed", 200, 32
"""Name of the secret that counts guesses at names without a PIN, how many of these it counts, letters of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPin(Act):
    """Note on the staff list that somebody has a PIN, or has none any more. ``give`` keeps the PIN itself."""

    verb: ClassVar[str] = "set_pin"
    listed: ClassVar[bool] = False

    login: str = ""
    """Whose; one's own where nothing is said."""

    clear: bool = False
    """Whether it is taken away."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """For oneself, or as somebody who keeps the staff list; who has a PIN gives it first."""
        found = allowed(book, who, self.login)
        if person(book, who.id) is not None:
            must_be_proved(book, who)
        if found.left is not None:
            raise Refused("refused.left", who=found.name or found.login)
        fresh = changed(found, pin_at=None if self.clear else now)
        return Decision() if fresh == found else Decision((Put(Person.kind, key_id(found.login), fresh),))


def give(desk: Desk, beside: Beside, login: str, pin: str) -> None:
    """Give somebody a PIN, or take it away where it is empty. Raises ``Refused`` where it is too easy, or not allowed.

    The list is changed first: should the program stop in between, there is a PIN that nobody knows, never none.
    """
    if pin:
        check(pin)
    desk.do(SetPin(login=login, clear=not pin))
    body = {"hash": _hasher().hash(pin), "failed": 0, "until": ""} if pin else None
    beside.change_secret(_name(login or desk.who.id), lambda _: body)


def check(pin: str) -> None:
    """Refuse a PIN that is no number, too short, too long, or among the first that anybody tries."""
    if not (pin.isascii() and pin.isdigit() and LEAST <= len(pin) <= MOST):
        raise Refused("refused.pin_form", least=LEAST, most=MOST)
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    halves = len(pin) % 2 == 0 and pin[: len(pin) // 2] == pin[len(pin) // 2 :]
    if steps in ({0}, {1}, {9}) or halves or len(set(pin)) < 3:
        raise Refused("refused.pin_easy")


def wait_after(failed: int) -> int:
    """Seconds to wait after so many wrong guesses in a row."""
    return 0 if failed < FREE else int(min(FIRST * 2 ** min(failed - FREE, 20), LONGEST))


def prove(beside: Beside, login: str, pin: str, now: datetime) -> int:
    """See that a PIN is somebody's: how many wrong guesses there were before. Raises ``Refused``.

    A guess is counted before it is looked at, so that guesses at the same time gain nothing. A name that nobody has
    takes as long and is told the same.
    """
    if not pin:  # nothing was guessed
        raise Refused("refused.pin_wrong")
    known = beside.secret(_name(login)) is not None
    kept: dict[str, Any] = {}

    def count(body: dict[str, Any] | None) -> dict[str, Any] | None:
        if body is None:
            return None
        kept.update(body)
        left = _left(body, now)
        if left > 0:
            raise Refused("refused.pin_wait", n=left)
        failed = int(body["failed"]) + 1
        until = iso(now + timedelta(seconds=wait_after(failed))) if wait_after(failed) else ""
        return {**body, "failed": failed, "until": until}

    if known:
        beside.change_secret(_name(login), count)
    else:
        _count_nobody(beside, login, now)
    if not _fits(kept.get("hash") or _nobody(), pin) or not kept:
        wait = wait_after(int(kept["failed"]) + 1) if kept else _waits_of_nobody(beside, login)
        raise Refused("refused.pin_wrong.wait" if wait else "refused.pin_wrong", n=wait)
    fresh = _hasher().hash(pin) if _hasher().check_needs_rehash(kept["hash"]) else kept["hash"]
    beside.change_secret(_name(login), lambda body: {**(body or {}), "hash": fresh, "failed": 0, "until": ""})
    return int(kept["failed"])


def _count_nobody(beside: Beside, login: str, now: datetime) -> None:
    """Count a guess at a name that has no PIN as one at any other, so that waiting does not tell who has one."""

    def count(body: dict[str, Any] | None) -> dict[str, Any]:
        guessed = dict((body or {}).get("guessed", {}))
        mine = guessed.pop(login[:LONGEST_NAME], {"failed": 0, "until": ""})
        if (left := _left(mine, now)) > 0:
            raise Refused("refused.pin_wait", n=left)
        failed = int(mine["failed"]) + 1
        until = iso(now + timedelta(seconds=wait_after(failed))) if wait_after(failed) else ""
        kept = dict(list(guessed.items())[-NOBODIES:])
        return {"guessed": {**kept, login[:LONGEST_NAME]: {"failed": failed, "until": until}}}

    beside.change_secret(NOBODY, count)


def _waits_of_nobody(beside: Beside, login: str) -> int:
    """Seconds to wait before such a name is guessed at again."""
    guessed = (beside.secret(NOBODY) or {}).get("guessed", {})
    return wait_after(int(guessed.get(login[:LONGEST_NAME], {}).get("failed", 0)))


def _left(body: dict[str, Any], now: datetime) -> int:
    """Seconds that are still to be waited; a clock that was put back makes nobody wait for longer than the longest."""
    if not body.get("until"):
        return 0
    left = (datetime.fromisoformat(body["until"]) - now).total_seconds()
    return min(-int(-left // 1), LONGEST) if left > 0 else 0


@contextmanager
def proving(desk: Desk, beside: Beside, pin: str) -> Iterator[None]:
    """Whoever sits at a desk acts for a moment as somebody who has given their PIN. Raises ``Refused`` for a wrong one."""
    who = desk.who
    prove(beside, who.id, pin, desk.now())
    desk.who = proved(who)
    try:
        yield
    finally:
        desk.who = who


def proved(who: Actor) -> Actor:
    """Somebody who has just given their PIN."""
    return replace(who, proved=True)


def _name(login: str) -> str:
    """Under which the secret of a person is kept."""
    return f"pin {login}"


@cache
def _hasher() -> Any:
    """How hashes are made: argon2id, as RFC 9106 recommends where memory is scarce. Loaded when the first PIN is typed."""
    from argon2 import PasswordHasher, profiles

    return PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)


@cache
def _nobody() -> str:
    """The hash that a name which nobody has is compared with."""
    return str(_hasher().hash("-"))


def _fits(kept: str, pin: str) -> bool:
    """Whether a PIN is the one of a hash."""
    from argon2.exceptions import VerificationError

    try:
        return bool(_hasher().verify(kept, pin))
    except VerificationError:
        return False
