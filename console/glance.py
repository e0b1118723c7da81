"""A case at a glance: what the queue shows of it besides its line, read straight from its document.

Roles are those of the palettes: ``dim``, ``strong``, ``late``, ``soon``, ``quote`` and so on.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from console.book import Book
from console.clock import local_day, zone
from console.config import settings
from console.plain import line
from console.rows import NEVER, Row
from console.saying import agency_name, reasons, remaining
from console.words import Words

Part = tuple[str, str]
"""(role, text)."""

Line = list[Part]
"""One line; the last part is folded where it is too long."""


def preview(book: Book, row: Row, say: Words, now: datetime) -> list[Line]:
    """Two lines of a case under the cursor: who said what, and who has it, with why it stands where it stands."""
    doc, here = row.doc, zone(settings(book).timezone)
    told = datetime.fromtimestamp(row.reported, here)
    day = "" if told.date() == local_day(now, here) else f"{told:%m-%d} "
    who = " ".join(part for part in (line(doc.get("reporter", "")), line(doc.get("contact", ""))) if part)
    first: Line = [("dim", f"{who} {day}{told:%H:%M} ".lstrip()), ("quote", line(doc.get("text") or doc.get("title", "")))]
    first += [("dim", f"  {line(doc.get('place', ''))}")] if doc.get("place") else []
    second: Line = []
    for errand in doc.get("errands", ()):
        state = errand.get("state", "sent")
        if state in ("sent", "accepted", "returned", "refused") and not errand.get("answered"):
            role = {"sent": "soon", "accepted": "wait"}.get(state, "late")
            second += [("text", agency_name(book, errand["agency"], say) + " "), (role, say(f"errand.{state}") + "  ")]
    if row.open:
        why = reasons(say, row.reasons(settings(book).queue, now.timestamp()))
        second.append(("dim", why))
    return [first, second]


def due_part(row: Row, say: Words, now: float, here: tzinfo, *, staged: bool = True) -> Part:
    """How long there is, as the queue shows it: role and a few words. ``staged``: with the name of the stage."""
    stands = row.doc.get("suspended")
    if stands:
        return "dim", say("due.until", day=f"{datetime.fromisoformat(stands['until']).astimezone(here):%m-%d}")
    if not row.open or row.due == NEVER:
        return "dim", say("row.owed") if row.owed else ""
    late = row.due < now
    stage = row.stage if row.stage and row.stage_at <= row.legal else ""
    role = "late" if late else "soon" if row.warn <= now or stage in ("accept", "dispatch") else "text"
    return role, remaining(say, row.due - now, stage if staged else "")
