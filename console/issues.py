"""A case: its fields and its number. What may become of it is in ``status`` and ``progress``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from console.book import index
from console.errands import Errand
from console.parts import Callback, Check, Dues, Forced, Merged, Request, Suspension, Touch, Urging, Voice
from console.record import Doc, Record
from console.sla import Clock
from console.status import OPEN, Status

TAKES = frozenset(("take", "take_up"))
"""Acts that make a new case: of what somebody tells, of messages of the group."""


@dataclass(frozen=True, kw_only=True)
class Issue(Record):
    """One case."""

    kind: ClassVar[str] = "issues"

    title: str
    """What it is, in a few words."""

    text: str = ""
    """What happened, as it was told."""

    category: str = ""
    """Slug of the category; empty while nobody has said."""

    severity: str = "p3"
    """p1 to p4."""

    grid: str = ""
    """Code of the grid."""

    place: str = ""
    """Where, in words."""

    reporter: str = ""
    """Who told it."""

    contact: str = ""
    """How to reach them."""

    household: str = ""
    """Id of their household, where known."""

    source: str = "walk-in"
    """group, phone, walk-in, patrol, 12345 or another system's name."""

    source_no: str = ""
    """That system's own number."""

    source_digest: str = ""
    """Digest of the line it was imported from: the same line a second time changes nothing."""

    edited: tuple[str, ...] = ()
    """Fields that the desk has corrected: another import leaves them alone."""

    source_facts: dict[str, str] | None = None
    """What else the line said, by the map's names: agency, the source's own status, its category."""

    reported_at: datetime
    """When it was told."""

    taken_at: datetime
    """When the station took it in."""

    taken_by: str = ""
    """Who took it in."""

    mode: str = ""
    """at_once 即办, joint 联办 or supervised 督办; empty while it is nobody's."""

    owner: str = ""
    """Login of who looks after it now."""

    status: Status = Status.NEW
    """Where it is."""

    outcome: str = ""
    """What came of it."""

    told: str = ""
    """Who was told, where it was not ours."""

    touched_at: datetime | None = None
    """When it was first filed or answered."""

    late: int = 0
    """How many rounds were not done by their due moment."""

    filed_at: datetime | None = None
    """When it was filed, the last time."""

    resolved_at: datetime | None = None
    """When it was resolved, the last time."""

    ended_at: datetime | None = None
    """When it was closed, rejected or voided."""

    limit: str = ""
    """Text of its limit, as given."""

    clock: Clock = ()
    """What the resident is owed."""

    accept: Clock = ()
    """The clock of accepting it."""

    due: Dues = Dues()  # noqa: RUF009 - frozen
    """Due moments as last computed."""

    errands: tuple[Errand, ...] = ()
    """Agencies it was sent to, in order."""

    desk: str = ""
    """working: the desk handles it itself; done: the desk says it is done."""

    round: int = 0
    """How often it began anew: rework and reopening."""

    checks: tuple[Check, ...] = ()
    """On-site checks."""

    requests: tuple[Request, ...] = ()
    """What was asked of supervisors."""

    voices: tuple[Voice, ...] = ()
    """Who said "me too"."""

    merged: Merged | None = None
    """The case that carries this one."""

    suspended: Suspension | None = None
    """Why it stands, while it does."""

    suspensions: int = 0
    """How often it was suspended."""

    reopened: int = 0
    """How often it was reopened."""

    follows: str = ""
    """Id of an older case that this one takes up again."""

    sensitive: bool = False
    """Whether it must be handled with care."""

    urged: str = ""
    """Why a supervisor urges it, the last time."""

    urgings: tuple[Urging, ...] = ()
    """How often it was urged, and what was answered."""

    forced: Forced | None = None
    """Who closed it over an open errand; the last time, where it was opened again."""

    remind_at: datetime | None = None
    """Next reminder."""

    remind: str = ""
    """Of what."""

    exempt: bool = False
    """Whether an appeal has exempted it from the overdue count; the fact stays."""

    callbacks: tuple[Callback, ...] = ()
    """Calls to the resident."""

    owed: bool = False
    """Whether a call-back is owed."""

    warning: str = ""
    """Key of what the import found odd, with ``source_facts``."""

    struck: tuple[int, ...] = ()
    """Entries of its story that were struck out."""

    last: Touch | None = None
    """The act that wrote it last."""


@index(Issue.kind, "source")
def _by_source(doc: Doc) -> Iterable[str]:
    """Cases by the other system's own number."""
    return [f"{doc.get('source', 'walk-in')}:{doc['source_no']}"] if doc.get("source_no") else []


@index(Issue.kind, "contact")
def _by_contact(doc: Doc) -> Iterable[str]:
    """Open cases by how to reach who told them."""
    return [doc["contact"]] if doc.get("contact") and doc.get("status", "new") in OPEN else []


@index(Issue.kind, "merged")
def _by_master(doc: Doc) -> Iterable[str]:
    """Cases by the case that carries them."""
    return [doc["merged"]["into"]] if doc.get("merged") else []
