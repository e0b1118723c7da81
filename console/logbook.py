"""The log of a shift: every act is a line with time and name, and officers' own notes stand among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from console.book import Book
from console.clock import zone
from console.config import settings
from console.issues import TAKES, Issue
from console.plain import line
from console.saying import act_word, short, story_line
from console.shifts import LogNote, Shift
from console.staff import name_of
from console.words import Words
from storage.store import Entry

QUIET = frozenset(("change_log", "edit_item", "tick", "configure", "archive", "read_order", "come_in", "speak"))
"""Acts that are no line of the log: they change one, or belong to the sheet."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line."""

    key: str
    """What it is known by: an entry's number, or ``note`` and the note's."""

    at: datetime
    """When, station-local."""

    who: str
    """Name of who did it."""

    act: str
    """The act in a word; of a note what it is about."""

    text: str
    """What."""

    case: str = ""
    """Id of the case."""

    note: LogNote | None = None
    """The note, where it is one."""


def log_lines(book: Book, shift: Shift, say: Words) -> list[LogLine]:
    """The lines of a shift, oldest first."""
    here = zone(settings(book).timezone)
    entries = [entry for entry in book.since(shift.first) if not shift.last or entry.number <= shift.last]
    found = [_act(book, entry, say) for entry in entries if entry.what not in QUIET and entry.what != "log" and entry.ops]
    for note in shift.notes:
        key, at, who = f"note {note.n}", note.at.astimezone(here), line(name_of(book, note.by))
        found.append(LogLine(key, at, who, say(f"notekind.{note.about}"), line(note.text), note=note))
    return sorted(found, key=lambda each: (each.at, each.key))


def _act(book: Book, entry: Entry, say: Words) -> LogLine:
    """One act."""
    here = zone(settings(book).timezone)
    case = next((id for kind, id, _ in entry.ops if kind == Issue.kind), "")
    at, text = datetime.fromisoformat(entry.at).astimezone(here), line(entry.why)
    if case:
        doc = book.docs(Issue.kind).get(case) or {}
        title = line(doc.get("title", ""))
        _, _, told = story_line(book, entry, case, say, here)
        known = not told or entry.what in TAKES
        text = f"{short(case, at)} {title}" if known else f"{short(case, at)} {title}: {told}"
    return LogLine(str(entry.number), at, line(name_of(book, entry.who)), act_word(say, entry.what), text, case)
