"""Merging is a link, not a move: the merged case keeps its story and its clocks, and another one carries it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from console.act import Actor, Decision, Put
from console.book import Book, Refused
from console.errands import taken_back
from console.issues import Issue
from console.numbers import issue_id, number
from console.parts import Merged, Voice
from console.progress import UNMERGE_DAYS, CaseAct, moved, must, stamped
from console.record import replace
from console.status import ENDED, Outcome, S

MOST_MEMBERS = 300
"""Cases that one can carry: they are closed with it in one commit."""


def members(book: Book, id: str) -> list[tuple[str, Issue]]:
    """The cases that one carries, by id."""
    found = [(each, book.get(Issue, each)) for each in book.where(Issue.kind, "merged", id)]
    return [(each, issue) for each, issue in found if issue is not None and issue.status is S.MERGED]


def voices_of(id: str, issue: Issue) -> tuple[Voice, ...]:
    """The residents of a case as voices of the one that will carry it."""
    own = Voice(name=issue.reporter or number(id), contact=issue.contact, at=issue.reported_at, of=id)
    return (own, *(replace(voice, of=voice.of or id) for voice in issue.voices))


def _theirs(carrier: Issue, voice: Voice) -> bool:
    """Whether a voice is the very resident who told the other case: nobody is counted twice."""
    return bool(voice.contact) and (voice.name, voice.contact) == (carrier.reporter, carrier.contact)


def unmerged(issue: Issue, now: datetime) -> Issue:
    """A merged case back where it was, its clocks never having stopped."""
    assert issue.merged is not None
    back = replace(moved(issue, issue.merged.was, now), filed_at=issue.filed_at, resolved_at=issue.resolved_at)
    return replace(back, merged=None, outcome=issue.merged.outcome)


def without(master: Issue, gone: set[str]) -> Issue:
    """The master without the voices that these cases brought."""
    return replace(master, voices=tuple(voice for voice in master.voices if voice.of not in gone))


def released(book: Book, now: datetime, who: Actor, verb: str, id: str) -> list[Put]:
    """The members of a master that is rejected or voided, each back where it was."""
    return [
        stamped(book, now, who, verb, each, unmerged(issue, now), {"master": number(id)})
        for each, issue in members(book, id)
    ]


def closed_with(book: Book, now: datetime, who: Actor, verb: str, id: str, *, force: bool = False) -> list[Put]:
    """The members of a master that is closed: closed with it, each household owed its own call-back.

    What holds up closing a member by itself holds it up here: a check that is out, and without ``force`` an open errand.
    """
    puts = []
    for each, issue in members(book, id):
        out = any(check.done_at is None for check in issue.checks)
        if out or (not force and any(errand.live or errand.waits for errand in issue.errands)):
            raise Refused("refused.member_open", number=number(each))
        gone = replace(
            moved(issue, S.CLOSED, now),
            outcome=str(Outcome.DUPLICATE),
            owed=bool(issue.reporter or issue.contact),
            errands=taken_back(issue.errands, now, number(id)),
        )
        puts.append(stamped(book, now, who, verb, each, gone, {"master": number(id)}))
    return puts


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(CaseAct):
    """Let another case carry this one; what this one carried moves along."""

    verb: ClassVar[str] = "merge"
    right: ClassVar[str] = "merge"

    into: str
    """Number of the case that will carry it."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Link them; the residents become voices of the master."""
        id, issue = self.case(book, now, who)
        must(issue, S.NEW, S.FILED, S.DISPATCHED, S.HANDLING, S.RETURNED)
        target = issue_id(book, self.into, now, who.id)
        carrier = book.anywhere(Issue, target)
        if carrier is None:
            raise Refused("refused.no_issue", number=number(target))
        if target == id:
            raise Refused("refused.merge_self")
        if carrier.status in ENDED or carrier.status is S.MERGED:
            raise Refused("refused.merge_ended", number=number(target))
        if len(members(book, target)) + len(members(book, id)) >= MOST_MEMBERS:
            raise Refused("refused.many_members", number=number(target), n=MOST_MEMBERS)
        there = {voice.of for voice in carrier.voices if voice.of}
        voices = [voice for voice in voices_of(id, issue) if voice.of not in there and not _theirs(carrier, voice)]
        brought = tuple(dict.fromkeys(voice.of for voice in voices))
        link = Merged(into=target, at=now, was=issue.status, outcome=issue.outcome, brought=brought)
        gone = replace(moved(issue, S.MERGED, now), merged=link, outcome=str(Outcome.DUPLICATE))
        puts = [self.put(book, now, who, id, gone, master=number(target))]
        for each, member in members(book, id):
            assert member.merged is not None
            along = replace(member.merged, into=target, via=(*member.merged.via, id))
            facts = {"master": number(target)}
            puts.append(stamped(book, now, who, self.verb, each, replace(member, merged=along), facts))
        bigger = replace(carrier, voices=(*carrier.voices, *voices))
        puts.append(stamped(book, now, who, self.verb, target, bigger, {"member": number(id), "variant": "member"}))
        return Decision(puts, self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmerge(CaseAct):
    """Take a merged case out again: it is what it was before."""

    verb: ClassVar[str] = "unmerge"
    right: ClassVar[str] = "merge"

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Undo the link, within seven days."""
        id, issue = self.case(book, now, who)
        must(issue, S.MERGED)
        assert issue.merged is not None
        carrier = book.anywhere(Issue, issue.merged.into)
        gone = carrier is None or carrier.status in (S.REJECTED, S.VOIDED)
        if not gone and now > issue.merged.at + timedelta(days=UNMERGE_DAYS):
            raise Refused("refused.too_late", days=UNMERGE_DAYS)
        puts = [self.put(book, now, who, id, unmerged(issue, now), master=number(issue.merged.into))]
        back = set(issue.merged.brought)
        for each, member in members(book, issue.merged.into):
            assert member.merged is not None
            if member.merged.via and member.merged.via[-1] == id:
                home = replace(member.merged, into=id, via=member.merged.via[:-1])
                facts = {"master": number(id), "variant": "home"}
                puts.append(stamped(book, now, who, self.verb, each, replace(member, merged=home), facts))
        facts = {"member": number(id), "variant": "member"}
        if carrier is not None:
            puts.append(stamped(book, now, who, self.verb, issue.merged.into, without(carrier, back), facts))
        for each in issue.merged.via:  # they moved on with it, and are still where they moved to
            passed = book.anywhere(Issue, each)
            if passed is not None and passed.status is S.MERGED:
                puts.append(stamped(book, now, who, self.verb, each, without(passed, back), facts))
        return Decision(puts, self.why)
