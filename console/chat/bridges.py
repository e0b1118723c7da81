"""Bridges: the programs that stand between a group and the station. What each sends, how it is, when it was last heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from console.act import Act, Actor, Decision, Put, no_right
from console.book import Book
from console.keys import key_id
from console.record import Record
from console.staff import SYSTEM

ODD = 50
"""Frames of no known use that are kept of each bridge, the latest."""

LONGEST = 2_000
"""Characters of such a frame that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strange(Record):
    """A frame that was not taken for anything."""

    at: datetime
    """When it came."""

    why: str
    """What it is, or why it could not be read."""

    frame: str
    """The frame, or its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge(Record):
    """One bridge, by its account."""

    kind: ClassVar[str] = "bridges"

    account: str
    """Account of the group chat that it uses."""

    connected: bool = False
    """Whether it was connected when this was written."""

    since: datetime | None = None
    """Since when it is, or is not."""

    heard: datetime | None = None
    """When anything last came from it."""

    online: bool = True
    """Whether it says that its account is online."""

    ahead: int = 0
    """Seconds that its clock is ahead of ours."""

    silenced: dict[str, str] | None = None
    """Group → why the account may not speak there: banned or removed."""

    counts: dict[str, int] | None = None
    """What was not taken for anything → how often."""

    strange: tuple[Strange, ...] = ()
    """The latest of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is new of a bridge since it was last written down."""

    account: str
    """Its account."""

    connected: bool
    """Whether it is connected."""

    heard: datetime
    """When anything last came from it."""

    online: bool = True
    """Whether it says that its account is online."""

    ahead: int = 0
    """Seconds that its clock is ahead of ours."""

    silenced: tuple[tuple[str, str], ...] = ()
    """(group, banned, freed or removed), in the order in which it was heard."""

    strange: tuple[Strange, ...] = ()
    """Frames that were not taken for anything."""

    uncounted: int = 0
    """How many more of these there were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observe(Act):
    """Write down how bridges are. Done by the listener, never by name."""

    verb: ClassVar[str] = "observe"
    listed: ClassVar[bool] = False

    news: Sequence[News]
    """What is new, one a bridge."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Over what was known."""
        if who.id != SYSTEM.id:
            raise no_right(who, "listen")
        return Decision([self._put(book, each, now) for each in self.news])

    def _put(self, book: Book, each: News, now: datetime) -> Put:
        """One of them."""
        id = key_id(f"bridge {each.account}")
        was = book.get(Bridge, id) or Bridge(account=each.account, since=now)
        silenced, counts = dict(was.silenced or {}), dict(was.counts or {})
        for group, change in each.silenced:
            silenced.pop(group, None)
            if change != "freed":
                silenced[group] = change
        for frame in each.strange:
            counts[frame.why] = counts.get(frame.why, 0) + 1
        if each.uncounted:
            counts["…"] = counts.get("…", 0) + each.uncounted
        fresh = Bridge(
            account=each.account,
            connected=each.connected,
            since=now if each.connected != was.connected or was.since is None else was.since,
            heard=each.heard,
            online=each.online,
            ahead=each.ahead,
            silenced=silenced or None,
            counts=counts or None,
            strange=(*was.strange, *each.strange)[-ODD:],
        )
        return Put(Bridge.kind, id, fresh)


def bridges(book: Book) -> list[Bridge]:
    """All bridges that were ever there, by account."""
    return sorted((each for _, each in book.all(Bridge)), key=lambda each: each.account)
