"""What is over goes to the archive, so that cost follows what is open: a plan, carried out by the desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from console.book import Book
from console.clock import zone
from console.config import settings
from console.issues import Issue
from console.record import Doc
from console.rows import asked, forced
from console.sheets import Sheet
from console.shifts import Shift, chain
from console.status import ENDED

Plan = list[tuple[str, Sequence[tuple[str, str]]]]
"""Archive's name → its documents."""


def plan(book: Book, now: datetime) -> Plan:
    """What may go: cases ended long enough ago that wait for nobody, sealed shifts and sheets but the last."""
    said = settings(book)
    here, before = zone(said.timezone), now - timedelta(days=said.keep_days)
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    carriers = {doc["merged"]["into"] for doc in book.docs(Issue.kind).values() if doc.get("merged")}
    for id, doc in book.docs(Issue.kind).items():
        if doc.get("status") in ENDED and not _waits(doc) and doc.get("ended_at") and id not in carriers:
            ended = datetime.fromisoformat(doc["ended_at"])
            if ended < before:
                found[f"{ended.astimezone(here):%Y-%m}"].append((Issue.kind, id))
    at = chain(book)
    for id, doc in book.docs(Shift.kind).items():
        if doc.get("state") == "sealed" and id not in (at.sheet, at.shift):
            ended = datetime.fromisoformat(doc["end"])
            if ended < before:
                pair = [(Shift.kind, id)] + ([(Sheet.kind, id)] if book.version(Sheet.kind, id) else [])
                found[f"{ended.astimezone(here):%Y-%m}"] += pair
    if book.docs("messages") or book.docs("sayings"):
        from console.chat.tidying import over

        for kind, id, when in over(book, now):
            found[f"{when.astimezone(here):%Y-%m}"].append((kind, id))
    return sorted(found.items())


def _waits(doc: Doc) -> bool:
    """Whether a call is owed, a supervisor's word is asked for, or a forced close was not looked at yet."""
    return bool(doc.get("owed")) or asked(doc) or forced(doc)
