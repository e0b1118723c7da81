"""The handover as somebody reads it on a screen: one case of the sheet in parts, and what changed since one was here."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from console.book import Book
from console.glance import Line, Part
from console.plain import line
from console.saying import agency_name, remaining, short, span
from console.sheets import Item, Sheet
from console.staff import name_of
from console.words import Words


def item_line(item: Item, say: Words, now: datetime, at: datetime | None = None) -> Line:
    """A case of the sheet on one line: number, what, status, how long there is, the shift it is in, where.

    ``at``: the moment of which it tells, where that is not now.
    """
    parts: list[Part] = [("text", f"{short(item.issue, now)} "), ("strong", f"{line(item.title)}  ")]
    parts.append(("text", say(f"status.{item.status}")))
    if item.due:
        left = (item.due - (at or now)).total_seconds()
        parts.append(("late" if left < 0 else "dim", f"  {remaining(say, left, item.stage)}"))
    if item.voices:
        parts.append(("dim", "  " + say.plural("voices", item.voices)))
    if item.carried > 1:
        parts.append(("soon", "  " + say("sheet.carried", n=item.carried)))
    where = " ".join(line(part) for part in (item.grid, item.place) if part)
    return [*parts, ("dim", f"  {where}" if where else "")]


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


def figure(name: str, n: int, say: Words) -> str:
    """A figure of a sheet: its name and how much; one whose name ends in ``_s`` is a time."""
    return say("sheet.figure", name=say(f"figure.{name}"), n=span(say, n) if name.endswith("_s") else n)


def title(sheet: Sheet, say: Words, here: ZoneInfo) -> str:
    """Name and hours of the shift that a sheet is of."""
    name = sheet.shift if say.language == "zh" else sheet.english
    hours = f"{sheet.start.astimezone(here):%m-%d %H}–{sheet.end.astimezone(here):%H}" if sheet.start and sheet.end else ""
    return f"{line(name)} {hours}".strip()


def greeting(now: datetime) -> str:
    """The word with which one is greeted at an hour, station-local: its key."""
    return "greet.morning" if 5 <= now.hour < 12 else "greet.day" if 12 <= now.hour < 18 else "greet.evening"
