"""The handover: draft, hand over, read back, take over, seal. The method is I-PASS under 情况清, 问题清, 任务清."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from console.act import Act, Actor, Decision, Put
from console.agencies import title
from console.book import Book, Refused
from console.briefing import MOST, became_urgent, came_later, draft, lacking, waiting
from console.config import ONLY, settings
from console.issues import Issue
from console.marks import letters, marks
from console.numbers import issue_id, number
from console.progress import when
from console.record import replace
from console.seals import addition_hash, sheet_hash
from console.sheets import Addition, Edited, Item, Question, ReadBack, Sheet, SheetState, Signature, Weight, sheet_of
from console.shifts import (
    Chain,
    Shift,
    ShiftState,
    chain,
    left,
    must_be_aboard,
    on_duty,
    opened,
    signed_off,
)
from console.staff import must_be_proved
from console.status import OPEN
from console.words import LANGUAGES, Word, words

LEAST_WORDS = 4
"""Characters that a read-back has at least."""

MOST_WORDS = 200
"""Characters that it has at most: a sheet must fit into one commit."""

WIDE = 0x2E80
"""Characters from here on are words of their own: Chinese."""

LEAST_OWN = 3
"""How much of it is not the sheet's, as ``own`` counts."""

OWN_SHARE = 0.3
"""Share of it that is not the sheet's, at least."""

ALIKE = 0.85
"""Share of two texts that may be the same before one counts as copied from the other."""


def alike(one: str, other: str) -> bool:
    """Whether a text is another one, or nearly."""
    from difflib import SequenceMatcher

    if one == other:
        return True
    match = SequenceMatcher(None, one, other, autojunk=False)
    return match.real_quick_ratio() >= ALIKE and match.quick_ratio() >= ALIKE and match.ratio() >= ALIKE


def own(text: str, sheet: Iterable[str]) -> int:
    """How much of a text is not the sheet's: different Chinese characters count one each, other words two."""
    there = _parts(" ".join(sheet))
    said = unicodedata.normalize("NFKC", text).casefold()
    for language in LANGUAGES:
        for filler in words(language)("readback.fillers").split("|"):  # words that say nothing of a case
            said = said.replace(filler, " ")
    return sum(1 if len(part) == 1 and ord(part) > WIDE else 2 for part in _parts(said) - there)


def _parts(text: str) -> set[str]:
    """The Chinese characters of a text and its other words, without numbers."""
    spread = "".join(
        f" {c} " if ord(c) > WIDE else c if c.isalpha() else " " for c in unicodedata.normalize("NFKC", text).casefold()
    )
    return set(spread.split())


def shown(book: Book, item: Item) -> list[str]:
    """Everything that stands on the sheet about a case, in both languages."""
    told = [item.title, item.grid, item.place, item.said, item.next, item.who, item.if_then, item.ring, item.remind]
    keys = [f"severity.{item.severity}", f"stage.{item.stage}"]
    keys += [f"{family}.{status}" for family in ("status", "next") for status in OPEN]  # set phrases are nobody's own
    keys += ["sheet.due", "sheet.due_late", "sheet.stage", "sheet.stage_late", "sheet.carried", "urgency.reopened"]
    said = [words(language).loose(key, {}) for language in LANGUAGES for key in keys]
    return [*told, *said, *title(book, item.who)]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditItem(Act):
    """Change a line of the handover before it is signed."""

    verb: ClassVar[str] = "edit_item"
    right: ClassVar[str] = "sign"

    issue: str
    """Number of the case."""

    weight: Weight | None = None
    """urgent, watch or stable."""

    title: str = ""
    """The case in one line."""

    next: str = ""
    """What is to be done next."""

    who: str = ""
    """Who is to do it."""

    by: datetime | str | None = None
    """By when."""

    if_then: str = ""
    """If … then …"""

    ring: str = ""
    """Whom to ring."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep the change with the draft."""
        id, shift = on_duty(book)
        must_be_aboard(shift, who)
        issue = issue_id(book, self.issue, now, who.id)
        kept = book.get(Sheet, id) or Sheet()
        if kept.state is not SheetState.DRAFT:
            raise Refused("refused.handed")
        if book.doc(Issue.kind, issue) is None:
            raise Refused("refused.no_issue", number=number(issue))
        before = (kept.edits or {}).get(issue, Edited())
        fresh = Edited(
            weight=self.weight or before.weight,
            title=self.title or before.title,
            next=self.next or before.next,
            who=self.who or before.who,
            by=when(book, self.by, now) or before.by,
            if_then=self.if_then or before.if_then,
            ring=self.ring or before.ring,
        )
        if fresh == before:
            return Decision()
        return Decision((Put(Sheet.kind, id, replace(kept, edits={**(kept.edits or {}), issue: fresh})),))


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver(Act):
    """Sign the handover as the outgoing officer. From here its content is fixed."""

    verb: ClassVar[str] = "hand_over"
    right: ClassVar[str] = "sign"

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Fix the draft under one's signature."""
        id, shift = on_duty(book)
        must_be_aboard(shift, who)
        must_be_proved(book, who)
        if shift.state is not ShiftState.OPEN:
            raise Refused("refused.handed")
        _, sheet = draft(book, now)
        signature = Signature(login=who.id, name=who.name, at=now, source=who.source)
        handed = replace(sheet, state=SheetState.HANDED, outgoing=signature, edits=None, read_backs=(), ticks=())
        shift = replace(shift, state=ShiftState.HANDING, last=book.number)
        puts = [Put(Sheet.kind, id, handed), Put(Shift.kind, id, shift), *signed_off(book, who.id, now)]
        return Decision(puts)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadItBack(Act):
    """Say an urgent case in one's own words, as the incoming officer."""

    verb: ClassVar[str] = "read_back"
    right: ClassVar[str] = "sign"

    issue: str
    """Number of the case."""

    text: str
    """What one has understood: typed, not copied."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep it, where it is the receiver's own words."""
        id, shift, sheet = waiting(book, now)
        receiver(sheet, shift, who)
        issue = issue_id(book, self.issue, now, who.id)
        urgent = {i.issue: i for i in (*sheet.items, *became_urgent(book, sheet, now)) if i.weight is Weight.URGENT}
        if issue not in urgent:
            raise Refused("refused.not_urgent", number=number(issue))
        if len(self.text) > MOST_WORDS:
            raise Refused("refused.too_long", n=MOST_WORDS)
        said = letters(self.text)
        item = urgent[issue]
        others = [letters(r.text) for r in sheet.read_backs if (r.by, r.issue) != (who.id, issue)]
        if len(said) < LEAST_WORDS:
            raise Refused("refused.read_back", why=Word("readback.short"), n=LEAST_WORDS)
        if any(alike(said, each) for each in others):
            raise Refused("refused.read_back", why=Word("readback.same"), n=LEAST_WORDS)
        mine, all_of_it = own(self.text, shown(book, item)), own(self.text, ())
        if mine < LEAST_OWN or mine < OWN_SHARE * all_of_it:
            raise Refused("refused.read_back", why=Word("readback.copied"), n=LEAST_WORDS)
        kept = tuple(r for r in sheet.read_backs if (r.issue, r.by) != (issue, who.id))
        fresh = (*kept, ReadBack(issue=issue, by=who.id, at=now, text=self.text))
        return Decision((Put(Sheet.kind, id, _kept(book, id, sheet, read_backs=fresh)),), self.text)


def receiver(sheet: Sheet, shift: Shift, who: Actor) -> None:
    """Refuse who handed the sheet over, or let somebody else sign for a shift of one's own: nobody hands over to oneself."""
    crew = {each.login for each in shift.crew}
    signer = sheet.outgoing.login if sheet.outgoing else ""
    if signer == who.id or (who.id in crew and signer not in crew):
        raise Refused("refused.same_person")


def _kept(book: Book, id: str, sheet: Sheet, **changes: Any) -> Sheet:
    """The sheet as it is kept with a change: a draft's computed content is not kept, it is made when it is asked for."""
    return replace(sheet if sheet.state is not SheetState.DRAFT else book.get(Sheet, id) or Sheet(), **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick(Act):
    """Tick one case of the sheet that is not urgent, as the incoming officer. One at a time; there is no tick-all."""

    verb: ClassVar[str] = "tick"
    right: ClassVar[str] = "sign"

    issue: str
    """Number of the case."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Mark it as seen."""
        id, shift, sheet = waiting(book, now)
        receiver(sheet, shift, who)
        issue = issue_id(book, self.issue, now, who.id)
        found = next((item for item in sheet.items if item.issue == issue), None)
        if found is None:
            raise Refused("refused.not_on_sheet", number=number(issue))
        if found.weight is Weight.URGENT:
            raise Refused("refused.tick_urgent", number=number(issue))
        mark = f"{who.id}:{issue}"
        if mark in sheet.ticks:
            return Decision()
        return Decision((Put(Sheet.kind, id, _kept(book, id, sheet, ticks=(*sheet.ticks, mark))),))


@dataclass(frozen=True, slots=True, kw_only=True)
class AskBack(Act):
    """Ask the outgoing officer about the sheet."""

    verb: ClassVar[str] = "ask_back"
    right: ClassVar[str] = "sign"

    text: str
    """The question."""

    issue: str = ""
    """Number of the case it is about."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep the question with the sheet."""
        id, shift, sheet = waiting(book, now)
        receiver(sheet, shift, who)
        if not self.text.strip():
            raise Refused("refused.field_missing", field="text")
        about = issue_id(book, self.issue, now, who.id) if self.issue else ""
        fresh = Question(n=len(sheet.questions) + 1, issue=about, by=who.id, at=now, text=self.text)
        return Decision((Put(Sheet.kind, id, _kept(book, id, sheet, questions=(*sheet.questions, fresh))),), self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerBack(Act):
    """Answer what the incoming officer asked."""

    verb: ClassVar[str] = "answer_back"
    right: ClassVar[str] = "sign"

    question: int
    """Its place on the sheet."""

    answer: str
    """What to say."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep the answer; who asked cannot answer."""
        id, shift, sheet = waiting(book, now)
        found = next((q for q in sheet.questions if q.n == self.question), None)
        if found is None:
            raise Refused("refused.no_question", n=self.question)
        told = {each.login for each in shift.crew} | ({sheet.outgoing.login} if sheet.outgoing else set())
        if found.by == who.id or who.id not in told:
            raise Refused("refused.same_person")
        if not self.answer.strip():
            raise Refused("refused.field_missing", field="answer")
        fresh = replace(found, answer=self.answer, answered_at=now, answered_by=who.id)
        questions = tuple(fresh if q.n == found.n else q for q in sheet.questions)
        return Decision((Put(Sheet.kind, id, _kept(book, id, sheet, questions=questions)),), self.answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver(Act):
    """Sign as the incoming officer: the sheet is sealed, and one's own shift begins."""

    verb: ClassVar[str] = "take_over"
    right: ClassVar[str] = "sign"

    unsigned_why: str = ""
    """Why the draft is taken as it stands, where the outgoing officer left without signing."""

    open_questions: bool = False
    """Whether to sign although a question is open."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Refuse until every urgent case is read back and every other ticked; then seal, chain, open the next shift."""
        id, shift, sheet = waiting(book, now)
        receiver(sheet, shift, who)
        self._allowed(book, sheet, who, now)
        must_be_proved(book, who)
        at, last = chain(book), shift.last if sheet.state is SheetState.HANDED else book.number
        sealed = replace(
            sheet,
            state=SheetState.SEALED,
            edits=None,
            unsigned_why=self.unsigned_why if sheet.state is SheetState.DRAFT else "",
            incoming=Signature(login=who.id, name=who.name, at=now, source=who.source),
            became_urgent=tuple(became_urgent(book, sheet, now)),
            came_later=tuple(came_later(book, sheet, now))[:MOST],
            open_questions=any(not q.answer for q in sheet.questions),
            number=at.number + 1,
            before=at.sheet,
            before_hash=at.hash,
        )
        sealed = replace(sealed, marks=marks(sealed, settings(book).handover))
        sealed = replace(sealed, hash=sheet_hash(sealed))
        gone = replace(shift, state=ShiftState.SEALED, last=last)
        puts = []
        for each in shift.crew:
            gone = left(gone, each.login, now)
            if each.off is None and each.login != who.id and sheet.state is SheetState.DRAFT:
                puts += signed_off(book, each.login, now)
        signed = sheet.outgoing.at if sheet.outgoing else None
        next_id, fresh = opened(book, now, who.id, last, shift.notes, signed)
        fresh_chain = replace(at, shift=next_id, sheet=id, hash=sealed.hash, number=sealed.number)
        puts += [Put(Sheet.kind, id, sealed), Put(Shift.kind, id, gone), Put(Shift.kind, next_id, fresh)]
        return Decision((*puts, Put(Chain.kind, ONLY, fresh_chain)), self.unsigned_why)

    def _allowed(self, book: Book, sheet: Sheet, who: Actor, now: datetime) -> None:
        """Refuse where something is lacking."""
        if sheet.state is SheetState.DRAFT:
            if not self.unsigned_why.strip():
                raise Refused("refused.not_handed")
            _, shift = on_duty(book)
            if any(c.login == who.id for c in shift.crew):
                raise Refused("refused.same_person")
        unread, unticked = lacking(book, sheet, who, now)
        if unread:
            raise Refused("refused.unread", n=len(unread), numbers=[number(each) for each in unread[:5]])
        if unticked:
            raise Refused("refused.unticked", n=len(unticked), numbers=[number(each) for each in unticked[:5]])
        if any(not q.answer for q in sheet.questions) and not self.open_questions:
            raise Refused("refused.questions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotate(Act):
    """Add a remark to a sealed sheet, as a supervisor; it is marked as added later."""

    verb: ClassVar[str] = "annotate"
    right: ClassVar[str] = "annotate"

    shift: str
    """Id of the shift."""

    text: str
    """The remark."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Add it on top of the sheet's hash."""
        sheet = sheet_of(book, self.shift)
        if sheet is None or sheet.state is not SheetState.SEALED:
            raise Refused("refused.no_sheet", shift=self.shift)
        if not self.text.strip():
            raise Refused("refused.field_missing", field="text")
        fresh = Addition(by=who.id, at=now, text=self.text)
        fresh = replace(fresh, hash=addition_hash(sheet.additions[-1].hash if sheet.additions else sheet.hash, fresh))
        added, at = replace(sheet, additions=(*sheet.additions, fresh)), chain(book)
        counted = replace(at, added={**(at.added or {}), self.shift: fresh.hash})
        return Decision((Put(Sheet.kind, self.shift, added), Put(Chain.kind, ONLY, counted)), self.text)
