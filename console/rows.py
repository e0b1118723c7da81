"""One line of the queue: what is needed to order and filter cases, read straight from their documents.

Ten thousand of these are made when a session begins, so nothing here parses a record or formats a text before it is
asked for. Moments are seconds since 1970, infinity where there is none.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple

from console.book import Book
from console.config import QueueSettings
from console.record import Doc
from console.status import OPEN

NEVER = float("inf")
"""No moment."""

_OPEN = frozenset(OPEN)
_WITH_THEM = frozenset(("", "sent", "accepted"))
_SEVERITY = {severity: f"urgency.{severity}" for severity in ("p1", "p2", "p3", "p4")}


class Reason(NamedTuple):
    """Why a case stands where it stands in the queue."""

    points: int
    """What it brings."""

    word: str
    """Key of the sentence."""

    value: Any
    """The number that stands in it."""


def seconds(moment: str | None) -> float:
    """A moment of a document in seconds since 1970."""
    return datetime.fromisoformat(moment).timestamp() if moment else NEVER


def asked(doc: Doc) -> bool:
    """Whether something about a case waits for a supervisor's approval."""
    return any(request.get("state", "open") == "open" for request in doc.get("requests", ()))


def inquired(doc: Doc) -> bool:
    """Whether an agency that has the case waits for an answer of the desk."""
    return any(
        not question.get("answer")
        for errand in doc.get("errands", ())
        if errand.get("state", "sent") in ("sent", "accepted")
        for question in errand.get("inquiries", ())
    )


def forced(doc: Doc) -> bool:
    """Whether a case was closed over an open errand and no supervisor has looked at that yet."""
    return bool(doc.get("forced")) and not doc["forced"].get("reviewed_at")


def _field(name: str) -> Any:
    """A text of the document, empty where it says nothing."""
    return property(lambda row: row.doc.get(name, ""), doc=f"The field ``{name}`` of the case.")


class Row:
    """One case in the queue."""

    def __init__(self, id: str, doc: Doc) -> None:
        """Read what orders it; the rest is read when it is asked for."""
        due = doc.get("due") or {}
        self.id, self.doc = id, doc
        self.status: str = doc.get("status", "new")
        self.severity: str = doc.get("severity", "p3")
        self.grid: str = doc.get("grid", "")
        self.category: str = doc.get("category", "")
        self.leg: str = doc.get("leg", "")
        self.open = self.status in _OPEN and self.leg in _WITH_THEM
        self.legal = seconds(due.get("legal"))
        self.warn = seconds(due.get("warn"))
        self.stage: str = due.get("stage", "")
        self.stage_at = seconds(due.get("stage_at"))
        self.danger: str = due.get("danger", "")
        self.reminds = seconds(doc["remind_at"]) if "remind_at" in doc else NEVER
        self.wakes = seconds(doc["suspended"]["until"]) if doc.get("suspended") else NEVER

    id: str
    """Id of the case."""

    doc: Doc
    """Its document."""

    leg: str
    """Where the agency's own errand is, in a row that shows no more than that; empty in every other."""

    open: bool
    """Whether something is still to be done; by that agency, in such a row."""

    legal: float
    """What the resident is owed."""

    warn: float
    """From when the queue warns."""

    stage: str
    """The stage that is due next."""

    stage_at: float
    """When it is due."""

    danger: str
    """The word that says that somebody is in danger."""

    reminds: float
    """When somebody wants to be reminded of it."""

    wakes: float
    """When a suspension ends."""

    owner = _field("owner")
    taken_by = _field("taken_by")
    outcome = _field("outcome")
    mode = _field("mode")

    @property
    def owed(self) -> bool:
        """Whether a call-back is owed."""
        return bool(self.doc.get("owed"))

    @property
    def sensitive(self) -> bool:
        """Whether it must be handled with care."""
        return bool(self.doc.get("sensitive"))

    @property
    def reopened(self) -> int:
        """How often it was opened again."""
        return self.doc.get("reopened", 0)  # type: ignore[no-any-return]

    @cached_property
    def reported(self) -> float:
        """When it was told."""
        return seconds(self.doc["reported_at"])

    @property
    def duty(self) -> float:
        """What the resident is owed, round the clock."""
        return seconds((self.doc.get("due") or {}).get("duty"))

    @cached_property
    def text(self) -> str:
        """What bare words of a query are looked for in, in small letters."""
        doc = self.doc
        number, told = f"{self.id[:8]}-{self.id[8:]}", ("title", "text", "place", "reporter", "contact", "source_no")
        parts = [number, *(doc.get(name) for name in told)]
        return "\n".join(part for part in parts if part).casefold()

    @cached_property
    def agencies(self) -> frozenset[str]:
        """Slugs of the agencies it was sent to."""
        return frozenset(errand["agency"] for errand in self.doc.get("errands", ()))

    @property
    def checkers(self) -> frozenset[str]:
        """Logins of who is to look at it on site."""
        return frozenset(each.get("who", "") for each in self.doc.get("checks", ()) if not each.get("done_at"))

    @property
    def asked(self) -> bool:
        """Whether something waits for a supervisor's approval."""
        return asked(self.doc)

    @property
    def inquired(self) -> bool:
        """Whether an agency's question waits for the desk."""
        return inquired(self.doc)

    @property
    def urging(self) -> bool:
        """Whether an answer to an urging is owed."""
        return any(not each.get("answer") for each in self.doc.get("urgings", ()))

    @property
    def forced(self) -> bool:
        """Whether it was closed over an open errand and no supervisor has looked at that yet."""
        return forced(self.doc)

    def of(self, logins: Set[str]) -> bool:
        """Whether one of these people looks after it, took it in, or is to look at it on site."""
        return self.owner in logins or self.taken_by in logins or bool(self.checkers & logins)

    @property
    def done(self) -> float:
        """When it was resolved, or ended without that."""
        return min(seconds(self.doc.get("resolved_at")), seconds(self.doc.get("ended_at")))

    @property
    def late(self) -> bool:
        """Whether it, or an earlier round of it, was done after its legal due moment; an exemption changes nothing."""
        return self.doc.get("late", 0) > 0 or self.legal < self.done < NEVER

    @property
    def due(self) -> float:
        """What is due first: the case itself, or its stage."""
        return min(self.legal, self.stage_at)

    def urgent(self, now: float, within: float) -> bool:
        """P1, overdue or due within so many seconds, or urged from above: what is read back at a handover."""
        return self.severity == "p1" or self.legal <= now + within or bool(self.doc.get("urged"))

    def score(self, said: QueueSettings, now: float) -> tuple[int, float]:
        """Its points, and the moment at which they may be others."""
        found, until = self._reasons(said, now)
        return sum([reason[0] for reason in found]), until

    def reasons(self, said: QueueSettings, now: float) -> list[Reason]:
        """Why it stands where it stands: what brings points, most first."""
        return sorted(
            (Reason(*reason) for reason in self._reasons(said, now)[0] if reason[0]), key=lambda each: -each.points
        )

    def _reasons(self, said: QueueSettings, now: float) -> tuple[list[tuple[int, str, Any]], float]:
        """Every reason as (points, word, value), and the moment at which one of them changes."""
        severity = self.severity
        found: list[tuple[int, str, Any]] = [(getattr(said, severity), _SEVERITY[severity], 0)]
        if not self.open or self.status == "suspended":
            return found, self.wakes
        until, late = NEVER, now - self.legal
        if late >= 0:
            every, most = said.overdue_every * 60, said.overdue_most - said.overdue
            more = min(int(late // every), most)
            found.append((said.overdue + max(more, 0), "urgency.overdue", int(late // 60)))
            until = self.legal + (more + 1) * every if more < most else NEVER
        elif self.warn <= now:
            found.append((said.soon, "urgency.soon", int(-late // 60)))
            until = self.legal
        else:
            until = self.warn
        if self.stage_at <= now:
            found.append((said.unanswered, "urgency.stage_" + self.stage, int((now - self.stage_at) // 60)))
        elif self.stage_at < until:
            until = self.stage_at
        if self.reminds <= now:
            found.append((said.reminder, "urgency.reminder", int((now - self.reminds) // 60)))
        elif self.reminds < until:
            until = self.reminds
        self._lasting(found, said)
        return found, until

    def _lasting(self, found: list[tuple[int, str, Any]], said: QueueSettings) -> None:
        """Add the reasons that do not change with time."""
        doc = self.doc
        if self.status == "returned":
            found.append((said.returned, "urgency.returned", 0))
        voices = doc.get("voices")
        if voices:
            found.append((min(len(voices) * said.voice, said.voice_most), "urgency.voices", len(voices)))
        if "reopened" in doc:
            found.append((said.reopened, "urgency.reopened", doc["reopened"]))
        if "urged" in doc:
            found.append((said.urged, "urgency.urged", 0))
        if self.inquired:
            found.append((said.inquiry, "urgency.inquiry", 0))
        if self.danger:
            found.append((said.danger, "urgency.danger", self.danger))


def as_of(book: Book, doc: Doc, now: float, made: str) -> Doc:
    """A case as it is at a moment: gone on where its suspension is over, its due moments of the edition ``made``."""
    due, stands = doc.get("due"), doc.get("suspended")
    over = stands and seconds(stands["until"]) <= now
    if not over and not (due and due.get("edition", made) != made and "clock" in doc):
        return doc
    from console.issues import Issue
    from console.progress import awake, timed

    return timed(book, awake(Issue.parse(doc), datetime.fromtimestamp(now, UTC))).dump()
