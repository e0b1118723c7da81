"""On-site checks (核查): a task for the facilitator of the grid, asked of a new case or a resolved one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from console import sla
from console.act import Actor, Decision
from console.book import Book, Refused
from console.config import calendar, settings
from console.parts import Check
from console.places import places
from console.progress import CaseAct, must
from console.record import replace
from console.staff import somebody
from console.status import S


def check_due(book: Book, asked_at: datetime) -> datetime:
    """By when a check that was asked for at a moment is to be answered."""
    found = sla.due(sla.start(asked_at, settings(book).limits.check), calendar(book))
    return found.legal if found is not None else asked_at


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCheck(CaseAct):
    """Ask the facilitator of the grid to look at a new or a resolved case on site, within 30 minutes."""

    verb: ClassVar[str] = "check"
    right: ClassVar[str] = "check"

    what: str = ""
    """What to look at."""

    who: str = ""
    """Login of the facilitator; the grid's first where nothing is said."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """A task with a clock of its own; the accept clock stands while it is out."""
        id, issue = self.case(book, now, who)
        must(issue, S.NEW, S.RESOLVED)
        if any(check.done_at is None for check in issue.checks):
            raise Refused("refused.check_out")
        grid = places(book).get(issue.grid)
        login = self.who or (grid.facilitators[0] if grid and grid.facilitators else "")
        if self.who:
            somebody(book, self.who)
        fresh = Check(n=len(issue.checks) + 1, who=login, what=self.what, asked_at=now)
        asked = replace(issue, checks=(*issue.checks, fresh), accept=sla.add(issue.accept, sla.Tick.PAUSE, now))
        return Decision((self.put(book, now, who, id, asked, facilitator=login, look=self.what),), self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked(CaseAct):
    """Report what an on-site check has found. A passed check closes nothing by itself."""

    verb: ClassVar[str] = "checked"
    right: ClassVar[str] = "checked"

    passed: bool
    """Whether all was as it should be."""

    found: str
    """What was found."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Answer the check that is out; the accept clock goes on."""
        id, issue = self.case(book, now, who)
        must(issue, S.NEW, S.RESOLVED)
        out = next((check for check in issue.checks if check.done_at is None), None)
        if out is None:
            raise Refused("refused.no_check")
        if not self.found.strip():
            raise Refused("refused.field_missing", field="found")
        answer = replace(out, done_at=now, passed=self.passed, found=self.found)
        accept = sla.add(issue.accept, sla.Tick.RESUME, now) if issue.status is S.NEW else issue.accept
        told = replace(issue, checks=tuple(answer if c.n == out.n else c for c in issue.checks), accept=accept)
        facts = {"found": self.found, "passed": "yes" if self.passed else "no"}
        return Decision((self.put(book, now, who, id, told, **facts),), self.why)
