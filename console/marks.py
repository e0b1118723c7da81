"""What a supervisor should look at in a handover: sealed into the sheet, judged by the settings of that day."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

from console.config import HandoverSettings
from console.sheets import ReadBack, Sheet, Weight

MARKS = ("unsigned", "late", "missed", "thin", "carried", "questions", "orders")
"""Taken over unsigned; taken over late; an urgent case not read back; a thin read-back; cases carried too long; signed with
a question open; standing orders that somebody of the crew had not read."""


def letters(text: str) -> str:
    """A text for comparing: letters alone, in small letters; a number more or another one makes no text one's own."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalpha())


def missed(sheet: Sheet) -> tuple[str, ...]:
    """Ids of urgent cases that whoever took over has not read back."""
    if sheet.incoming is None:
        return ()
    said = {each.issue for each in sheet.read_backs if each.by == sheet.incoming.login}
    urgent = [item.issue for item in (*sheet.items, *sheet.became_urgent) if item.weight is Weight.URGENT]
    return tuple(id for id in dict.fromkeys(urgent) if id not in said)


def thin(sheet: Sheet, said: HandoverSettings) -> tuple[ReadBack, ...]:
    """Read-backs of whoever took over that say next to nothing."""
    by = sheet.incoming.login if sheet.incoming else ""
    return tuple(each for each in sheet.read_backs if each.by == by and len(letters(each.text)) < said.thin_under)


def late_by(sheet: Sheet) -> timedelta:
    """How long after its shift's end a sheet was taken over; nothing where that was in time, or has not happened."""
    if sheet.incoming is None or sheet.end is None:
        return timedelta()
    return max(sheet.incoming.at - sheet.end, timedelta())


def marks(sheet: Sheet, said: HandoverSettings) -> tuple[str, ...]:
    """The marks of a sheet that is being taken over."""
    figures = sheet.figures or {}
    holds = {
        "unsigned": sheet.outgoing is None,
        "late": late_by(sheet) > timedelta(minutes=said.late_after),
        "missed": bool(missed(sheet)),
        "thin": bool(thin(sheet, said)),
        "carried": figures.get("carried_long", 0) > 0,
        "questions": sheet.open_questions,
        "orders": figures.get("orders_unread", 0) > 0,
    }
    return tuple(name for name in MARKS if holds[name])
