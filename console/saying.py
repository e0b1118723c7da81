"""How cases, spans of time and stories are told in words: shared by the headless verbs and, later, the screens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from typing import Any

from console.agencies import title
from console.book import Book
from console.categories import categories
from console.clock import zone as clock_zone
from console.config import settings
from console.limits import BadLimit, Counts, parse
from console.numbers import CASES, number
from console.plain import fit, line, width
from console.record import Doc
from console.rows import NEVER, Reason, Row
from console.staff import name_of
from console.words import Word, Words
from storage.store import Entry

NARROW = 72
"""Cells below which a line of the queue leaves out category, grid and who."""

SIGNS = {"p1": "‼", "p2": "!", "p3": "·", "p4": " "}
"""Severity as a sign."""

_KEYED = {
    "outcome": "outcome", "solved": "answer", "satisfied": "opinion", "reached": "answer", "passed": "answer",
    "what": "request",
}  # fmt: skip


def span(say: Words, seconds: float) -> str:
    """A span of time as a person says it: 14分, 2时, 3天."""
    seconds = abs(seconds)
    for unit, size in (("day", 86400), ("hour", 3600)):
        if seconds >= 2 * size:
            return say.plural(f"span.{unit}", int(seconds // size))
    return say.plural("span.minute", int(seconds // 60))


def brief(say: Words, seconds: float) -> str:
    """The same where there is little room: 14m, 2h, 3d."""
    seconds = abs(seconds)
    for unit, size in (("day", 86400), ("hour", 3600)):
        if seconds >= 2 * size:
            return say(f"brief.{unit}", n=int(seconds // size))
    return say("brief.minute", n=int(seconds // 60))


def remaining(say: Words, seconds: float, stage: str = "") -> str:
    """How long there is, or how late it is, as lists show it; ``stage``: what is due, where it is not the case itself."""
    word = f"row.{'late' if seconds < 0 else 'left'}{'_stage' if stage else ''}"
    return say(word, span=brief(say, seconds), **({"stage": say(f"rowstage.{stage}")} if stage else {}))


def status_word(row: Row, say: Words) -> str:
    """Where a case is; for an agency where its own errand is, unless the case itself stands or is over."""
    if row.leg and row.status in _RUNS:
        return say(f"leg.{row.leg}")
    return say(f"status.{row.status}")


_RUNS = frozenset(("filed", "dispatched", "handling", "returned", "resolved"))
"""Statuses that tell an agency less of a case than its own errand does."""


def act_word(say: Words, verb: str) -> str:
    """An act in a word: its key's where it has one, which is the shorter."""
    return say(f"key.{verb}") if say.known(f"key.{verb}") else say(f"act.{verb}")


def left(say: Words, moment: float, now: float) -> str:
    """How long there is, or how late it is; empty where nothing is due."""
    if moment == NEVER:
        return ""
    return say("due.left" if moment >= now else "due.late", span=span(say, moment - now))


def limit_text(say: Words, text: str) -> str:
    """A limit in a language: 2紧急工作时, 2 urgent hours; what is no limit as it stands."""
    try:
        found = parse(text)
    except BadLimit:
        return text
    if found.counts in (Counts.SHIFT, Counts.NONE):
        return say(f"limit.{found.counts}")
    unit = {"natural": 86400, "days": 28800}.get(found.counts, 3600)
    if found.seconds % unit:
        return say.plural("limit.minutes", found.seconds // 60)
    return say.plural(f"limit.{found.counts}", found.seconds // unit)


def category_name(book: Book, slug: str, say: Words) -> str:
    """Name of a category in a language; the slug where it is not known."""
    found = categories(book).get(slug)
    return slug if found is None else found.name if say.language == "zh" else found.english


def agency_name(book: Book, slug: str, say: Words) -> str:
    """Name of an agency in a language; the slug where it is not known."""
    return str(say.fact(title(book, slug)))


def group_name(book: Book, key: str, name: str, say: Words) -> str:
    """Name of a group of cases by category, source, status or grid, in a language."""
    if key == "category":
        return category_name(book, name, say)
    return say(f"{key}.{name}") if say.known(f"{key}.{name}") else name


def short(id: str, now: datetime) -> str:
    """The number without the year where it is this one's."""
    whole = number(id)
    return whole[4:] if id[:4] == f"{now.year}" else whole


def row_line(book: Book, row: Row, say: Words, now: datetime, cells: int, me: str = "") -> str:
    """One line of the queue in so many cells: sign, number, category, what, where, status, how long, who."""
    moment = now.timestamp()
    stands = row.doc.get("suspended")
    due = left(say, row.due, moment) if row.open else ""
    if stands:
        due = say("due.until", day=now_line(stands["until"], say, book)[5:10])
    stage = say(f"stage.{row.stage}") + " " if row.open and row.stage and row.stage_at <= row.legal else ""
    who = next(
        (agency_name(book, e["agency"], say) for e in row.doc.get("errands", ()) if e.get("state", "sent") in _LIVE), ""
    )
    mark = "*" if me and row.owner == me else " "
    voices = len(row.doc.get("voices", ()))
    what = row.doc.get("title", "") + (f" ({say.plural('voices', voices)})" if voices else "")
    english = say.language == "en"
    narrow = cells < NARROW
    fixed = [
        mark + SIGNS.get(row.severity, " "),
        fit(short(row.id, now), 13 if row.id[:4] != str(now.year) else 9),
        *([] if narrow else [fit(category_name(book, row.category, say), 12 if english and cells > 90 else 10)]),
        *([] if narrow else [fit(row.grid, 7)]),
        fit(status_word(row, say), 10 if english else 8),
        fit(stage + due, 20 if english else 14),
        *([] if narrow else [fit(who or name_of(book, row.owner), 8)]),
    ]
    room, at = max(cells - _width(fixed), 8), 2 if narrow else 3
    return " ".join([*fixed[:at], fit(what, room), *fixed[at:]]).rstrip()


_LIVE = ("sent", "accepted")


def _width(parts: list[str]) -> int:
    """Cells that parts take with a space before each."""
    return sum(width(part) + 1 for part in parts)


def reasons(say: Words, found: Iterable[Reason]) -> str:
    """Why a case stands where it stands: "overdue 22 min +12, 3 voices +4"."""
    return say("list.comma").join(f"{say(reason.word, n=reason.value)} +{reason.points}" for reason in found)


def story_line(book: Book, entry: Entry, id: str, say: Words, zone: tzinfo) -> tuple[datetime, str, str]:
    """One line of a case's story: when, who, what."""
    doc: Doc = next((doc for kind, of, doc in entry.ops if kind == CASES and of == id and doc), {})
    touch = doc.get("last") or {}
    facts = said_facts(book, touch.get("facts", {}), say) if touch.get("verb") == entry.what else {}
    key = f"story.{entry.what}" + (f".{facts['variant']}" if facts.get("variant") else "")
    text = say.loose(key, {"why": entry.why, **facts}) if say.known(key) else entry.what
    return datetime.fromisoformat(entry.at).astimezone(zone), name_of(book, entry.who), line(text.strip(" :：,，"))


def said_facts(book: Book, facts: dict[str, Any], say: Words) -> dict[str, Any]:
    """The facts of an act with names in a language instead of keys."""
    said: dict[str, Any] = {"changes": changes(book, facts, say)}
    for name, value in facts.items():
        if name == "undone":
            said[name] = Word(f"act.{value}")
        elif name in ("facilitator", "who"):
            said[name] = name_of(book, value)
        elif name == "agency":
            said[name] = agency_name(book, value, say)
        elif name == "category":
            said[name] = category_name(book, value, say)
        elif name in ("until", "at") and "T" in value:
            said[name] = now_line(value, say, book)
        elif name == "limit":
            said[name] = limit_text(say, value)
        elif name in _KEYED and value:
            said[name] = Word(f"{_KEYED[name]}.{value}")
        else:
            said[name] = value
    return said


def changes(book: Book, facts: dict[str, Any], say: Words) -> str:
    """What a correction changed, field by field: what it was → what it is."""
    told = []
    for key in facts:
        name = key.removeprefix("now.")
        if key != name:
            was, now = (_field(book, name, facts.get(f"{side}.{name}", ""), say) for side in ("was", "now"))
            told.append(f"{say(f'field.{name}')} {was or '–'} → {now or '–'}")
    return say("list.semicolon").join(told)


def _field(book: Book, name: str, value: str, say: Words) -> str:
    """A field's value with names in a language instead of keys."""
    if not value:
        return ""
    if name in ("severity", "mode"):
        return say(f"{name}.{value}")
    if name == "sensitive":
        return say("answer.yes" if value == "True" else "answer.no")
    if name == "category":
        return category_name(book, value, say)
    if name == "owner":
        return name_of(book, value)
    return limit_text(say, value) if name == "limit" else value


def now_line(moment: str, say: Words, book: Book) -> str:
    """A moment of a document in station-local time, to the minute."""
    if not moment:
        return "–"
    return f"{datetime.fromisoformat(moment).astimezone(clock_zone(settings(book).timezone)):%Y-%m-%d %H:%M}"


def iso_local(seconds: float, zone: tzinfo) -> str | None:
    """Seconds since 1970 as ISO 8601 with offset; None where there is no moment."""
    return None if seconds == NEVER else datetime.fromtimestamp(seconds, UTC).astimezone(zone).isoformat()
