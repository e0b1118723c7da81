"""The parts of a case: voices, checks, requests, links, call-backs, due moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from console.record import Record
from console.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice(Record):
    """A household that says "me too"."""

    name: str = ""
    """Who."""

    contact: str = ""
    """How to reach them."""

    at: datetime
    """When they said so."""

    of: str = ""
    """Id of the merged case that brought this voice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Record):
    """An on-site check asked of the facilitator of the grid."""

    n: int
    """Its place among the checks of the case, from 1."""

    who: str = ""
    """Login of the facilitator; empty where the grid has none."""

    what: str = ""
    """What to look at."""

    asked_at: datetime
    """When it was asked."""

    done_at: datetime | None = None
    """When it was answered."""

    passed: bool = False
    """Whether all was as it should be."""

    found: str = ""
    """What was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Record):
    """Something that needs approval: extension, suspension, void, appeal."""

    n: int
    """Its place among the requests of the case, from 1."""

    what: str
    """extend, suspend, void or appeal."""

    by: str
    """Login of who asks."""

    at: datetime
    """When."""

    why: str
    """The reason."""

    errand: int = 0
    """The errand it is about, with extend, and where an agency asks for something else."""

    until: datetime | None = None
    """Until when, with suspend."""

    approved: tuple[str, ...] = ()
    """Logins of who has approved so far."""

    state: str = "open"
    """open, granted, denied, or lapsed with its round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Urging(Record):
    """A case urged from above (督办), with the answer that is demanded."""

    n: int
    """Its place among the urgings of the case, from 1."""

    by: str
    """Login of who urges."""

    at: datetime
    """When."""

    why: str
    """The reason."""

    answer_by: datetime
    """By when an answer is demanded."""

    answer: str = ""
    """What the desk has answered."""

    answered_by: str = ""
    """Login of who answered."""

    answered_at: datetime | None = None
    """When."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forced(Record):
    """A case closed while an agency still had it, for a supervisor to look at."""

    by: str
    """Login of who closed it."""

    at: datetime
    """When."""

    why: str
    """The reason."""

    left: tuple[str, ...] = ()
    """Slugs of the agencies that still had it."""

    reviewed_by: str = ""
    """Login of who has looked at it since."""

    reviewed_at: datetime | None = None
    """When."""

    remark: str = ""
    """What they say of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension(Record):
    """Why and until when a case cannot go on."""

    until: datetime
    """When it goes on by itself."""

    since: datetime
    """From when it stood."""

    was: Status
    """What it was before."""

    why: str = ""
    """The reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged(Record):
    """The link to the case that carries this one."""

    into: str
    """Id of the master."""

    at: datetime
    """When."""

    was: Status
    """What it was before."""

    outcome: str = ""
    """Its outcome before."""

    brought: tuple[str, ...] = ()
    """Where the voices come from that this link brought to the other case: what un-merging takes back."""

    via: tuple[str, ...] = ()
    """Ids of the cases that carried it before and moved on with it, the first one first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback(Record):
    """One call to the resident after closing."""

    at: datetime
    """When."""

    by: str
    """Login of who rang."""

    reached: bool
    """Whether anybody answered."""

    contacted: bool = False
    """Whether whoever handled it had got in touch."""

    solved: str = ""
    """yes, partly or no."""

    satisfied: str = ""
    """satisfied, fairly or dissatisfied."""

    note: str = ""
    """What the resident said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dues(Record):
    """What is derived and kept beside the case, so that a queue need not compute it; the clock's events are the truth."""

    legal: datetime | None = None
    """What the resident is owed, by the rule."""

    duty: datetime | None = None
    """The same round the clock."""

    warn: datetime | None = None
    """From when the queue warns."""

    stage: str = ""
    """The stage that is due next: accept, dispatch, check or errand."""

    stage_at: datetime | None = None
    """When it is due."""

    danger: str = ""
    """The first word in the case that says that somebody is in danger."""

    events: int = 0
    """Events of the case's clock that they were computed from; a clock only grows, so as many are the same ones."""

    edition: str = ""
    """Edition of the calendar and the settings that they were computed with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch(Record):
    """The act that wrote the case last: what its story shows."""

    verb: str
    """Name of the act."""

    by: str
    """Who."""

    at: datetime
    """When."""

    facts: dict[str, str]
    """What stands in the line."""
