"""Undoing one's own last act by an act that puts the records back as they were; the story keeps both.

Possible until the shift is sealed and while nobody has gone on from it. What other people have already been told
(signatures, read-backs) is not undone; a case that was taken in is turned away as a mistake, since numbers stay given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from console.act import Act, Actor, Decision, Put
from console.book import Book, Refused
from console.briefing import undid
from console.filing import Reject
from console.issues import TAKES, Issue
from console.numbers import number
from console.parts import Touch
from console.progress import awake, timed
from console.record import Record, replace
from console.sheets import Sheet
from console.shifts import Shift, chain
from console.status import Outcome
from console.words import Word
from storage.store import Entry

SIGNED = frozenset(
    "hand_over take_over take_back ask_back answer_back annotate order import configure set_person set_place set_agency "
    "set_category leave".split()
)
"""Acts that are not undone: signatures, words to others, and the station's own tables."""

PASSED = frozenset("undo sign_on sign_off read_back tick read_order archive come_in speak".split())
"""Acts that are passed over: they change nothing that anybody would want back."""

CHAT = frozenset(("messages", "members", "sayings"))
"""Kinds of the group chat, which says itself how it is put back."""

STRUCK = "\N{ANTICLOCKWISE TOP SEMICIRCLE ARROW}"
"""Why a line of the log is struck out that its writer has undone."""


def last_act(book: Book, login: str) -> Entry | None:
    """The last act of somebody in this shift that was not undone."""
    at = chain(book).shift
    shift = book.get(Shift, at) if at else None
    undone: set[int] = set()
    for entry in reversed(book.since(shift.first if shift else book.number)):
        if entry.who != login:
            continue
        if entry.what == "undo":
            undone.add(undid(entry))
        elif entry.number not in undone and entry.ops and entry.what not in PASSED:
            return entry
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(Act):
    """Undo one's own last act of this shift."""

    verb: ClassVar[str] = "undo"

    entry: int | None = None
    """The entry that is meant, as it was shown; refused where it is not the last one any more."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Every record of that act as it was before; refused where somebody has gone on from it."""
        entry = last_act(book, who.id)
        if entry is not None and entry.what in SIGNED:
            raise Refused("refused.undo_first", what=Word(f"act.{entry.what}"))
        if entry is None or self.entry not in (None, entry.number):
            raise Refused("refused.nothing_to_undo")
        puts, ops = list[Put](), list(entry.ops)
        if entry.what in TAKES:
            _, id, _ = ops.pop(0)
            _nobody_went_on(book, entry, Issue.kind, id)
            reject = Reject(issue=number(id), outcome=Outcome.MISTAKEN, why=str(entry.number))
            signed = _signed(reject.decide(book, now, who), entry, now, who)
            if not ops:
                return signed
            puts += signed.puts
        puts += [self._back(book, now, who, entry, kind, id) for kind, id, _ in ops]
        said = told_group(book, entry)
        if said and entry.what in ("say", "say_again"):
            raise Refused("refused.said_already", text=said)
        return Decision(tuple(puts), str(entry.number), [("warning.said_already", {"text": said})] if said else [])

    def _back(self, book: Book, now: datetime, who: Actor, entry: Entry, kind: str, id: str) -> Put:
        """One record as it was before the act."""
        told = kind in CHAT and entry.what not in SIGNED
        story = list(book.story(kind, id)) if told and kind != "messages" else _nobody_went_on(book, entry, kind, id)
        before = next(
            (doc for each in story if each.number < entry.number for k, i, doc in each.ops if (k, i) == (kind, id)), None
        )
        if told:
            from console.chat.back import back

            put = back(book, now, kind, id, before)
            if put is not None:
                return put
        if before is None and entry.what == "edit_item":
            return Put(kind, id, Sheet())
        if before is None:
            raise Refused("refused.undo_first", what=Word(f"act.{entry.what}"))
        if kind == Issue.kind:
            was = awake(Issue.parse(before), now)
            touch = Touch(verb="undo", by=who.id, at=now, facts={"undone": entry.what, "entry": str(entry.number)})
            return Put(kind, id, timed(book, was, last=touch))
        if kind == Shift.kind:
            return Put(kind, id, _shift(book, id, Shift.parse(before), entry))
        if kind == Sheet.kind:
            return Put(kind, id, Sheet.parse(before))
        raise Refused("refused.undo_first", what=Word(f"act.{entry.what}"))


def told_group(book: Book, entry: Entry) -> str:
    """What an act has told a group and nobody can take back; empty where nothing has gone out."""
    if entry.what in ("unsay", "move_saying"):
        return ""
    from console.chat.back import gone_out

    return next((words for kind, id, _ in entry.ops if kind == "sayings" and (words := gone_out(book, id))), "")


def _shift(book: Book, id: str, before: Shift, entry: Entry) -> Shift:
    """The shift as it was before a change of its log; a line that was added stays, struck out."""
    now = book.get(Shift, id)
    if entry.what != "log" or now is None:
        return before
    fresh = replace(now.notes[-1], struck=STRUCK)
    return replace(now, notes=(*now.notes[:-1], fresh))


def _nobody_went_on(book: Book, entry: Entry, kind: str, id: str) -> list[Entry]:
    """The story of a record, newest first. Raises ``Refused`` where something stands that came after the act."""
    story = list(book.story(kind, id))
    later = [each for each in story if each.number > entry.number]
    if not _all_undone(later):
        raise Refused("refused.undo_gone_on", what=Word(f"act.{entry.what}"))
    return story


def _all_undone(later: list[Entry]) -> bool:
    """Whether what came after an act is only acts that were undone themselves, whoever did them, and their undoings."""
    undone = {undid(each) for each in later if each.what == "undo"}
    return all(each.what == "undo" or each.number in undone for each in later)


def _signed(decision: Decision, entry: Entry, now: datetime, who: Actor) -> Decision:
    """A decision whose cases say that they were written by undoing."""

    def signed(record: Record | None) -> Record | None:
        if not isinstance(record, Issue):
            return record
        facts = {"undone": entry.what, "entry": str(entry.number)}
        return replace(record, last=Touch(verb="undo", by=who.id, at=now, facts=facts))

    puts = tuple(Put(put.kind, put.id, signed(put.record)) for put in decision.puts)
    return Decision(puts, str(entry.number), decision.warnings)
