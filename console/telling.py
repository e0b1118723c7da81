"""The handover as somebody reads it on a screen: one case of the sheet in parts, and what changed since one was here."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from console.book import Book
from console.glance import Line, Part
from console.numbers import number
from console.plain import line
from console.saying import agency_name
from console.sheets import Item, Sheet
from console.staff import name_of
from console.words import Words


def item_line(book: Book, item: Item, say: Words, here: ZoneInfo) -> Line:
    """A case of the sheet on one line: number, what, where, status, due, the shift it is in."""
    parts: list[Part] = [("text", f"{number(item.issue)} "), ("strong", f"{line(item.title)}  ")]
    parts.append(("dim", " ".join(line(part) for part in (item.grid, item.place) if part) + "  "))
    parts.append(("text", say(f"status.{item.status}")))
    if item.due:
        due = f"{item.due.astimezone(here):%m-%d %H:%M}"
        stage = say(f"stage.{item.stage}") if item.stage else ""
        word = (
            ("sheet.stage_late" if item.overdue else "sheet.stage")
            if stage
            else "sheet.due_late"
            if item.overdue
            else "sheet.due"
        )
        parts.append(("late" if item.overdue else "dim", "  " + say.loose(word, {"at": due, "stage": stage})))
    if item.voices:
        parts.append(("dim", "  " + say.plural("voices", item.voices)))
    if item.carried > 1:
        parts.append(("soon", "  " + say("sheet.carried", n=item.carried)))
    return parts


def item_plan(book: Book, item: Item, say: Words, here: ZoneInfo) -> list[Line]:
    """What is to be done with it: next step, who, by when; if … then …; whom to ring; what the resident said."""
    who = agency_name(book, item.who, say)
    who = name_of(book, item.who) if who == item.who else who
    step = say(item.next) if item.next.startswith("next.") and say.known(item.next) else line(item.next)
    by = f" ({item.by.astimezone(here):%m-%d %H:%M})" if item.by else ""
    found: list[Line] = [[("dim", "→ "), ("text", f"{step}{': ' if who else ''}{line(who)}{by}")]]
    if item.said:
        found.append([("quote", say("sheet.said", text=line(item.said)))])
    if item.if_then:
        found.append([("strong", say("sheet.if_then", text=line(item.if_then)))])
    if item.ring:
        found.append([("strong", say("sheet.ring", text=line(item.ring)))])
    return found


def title(sheet: Sheet, say: Words, here: ZoneInfo) -> str:
    """Name and hours of the shift that a sheet is of."""
    name = sheet.shift if say.language == "zh" else sheet.english
    hours = f"{sheet.start.astimezone(here):%m-%d %H}–{sheet.end.astimezone(here):%H}" if sheet.start and sheet.end else ""
    return f"{line(name)} {hours}".strip()


def greeting(now: datetime) -> str:
    """The word with which one is greeted at an hour, station-local: its key."""
    return "greet.morning" if 5 <= now.hour < 12 else "greet.day" if 12 <= now.hour < 18 else "greet.evening"
