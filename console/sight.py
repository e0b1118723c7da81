"""What somebody may see of a case: all of it, that of their own grids, or the errand of their own agency and no more."""

from __future__ import annotations

from typing import Any

from console.act import Actor
from console.book import Book
from console.config import calendar
from console.numbers import CASES
from console.record import Doc, iso
from console.sla import due
from storage.store import Entry

HELD = frozenset(("sent", "accepted", "done"))
"""States of an errand in which its agency may know whom to ring."""

KEPT = frozenset(
    "title text category severity grid place reporter contact reported_at taken_at status outcome mode round sensitive "
    "urged suspended suspensions merged ended_at resolved_at filed_at reopened limit last exempt errands source".split()
)
"""Fields of a case that belong to an errand; what is not named here is the station's own."""

TOLD = frozenset(
    "take file dispatch accept refuse return report extend withdraw inquire inform suspend resume approve deny appeal close "
    "reopen rework void urge".split()
)
"""Acts whose line in the story an agency may read, where they are about its own errand or about nobody's."""


def bounded(who: Actor) -> bool:
    """Whether somebody sees a part of the cases only."""
    return bool(who.agency or who.grids)


def sees(doc: Doc, who: Actor) -> bool:
    """Whether somebody may see a case at all."""
    if who.agency:
        return any(errand["agency"] == who.agency for errand in doc.get("errands", ()))
    return not who.grids or doc.get("grid", "") in who.grids


def seen(book: Book, doc: Doc, who: Actor) -> Doc:
    """A case as somebody may see it: itself, or for a liaison what belongs to the errand of their own agency.

    Its due moment is that of their errand. Other households stand there as a number, other agencies not at all; whom to
    ring is told as long as the agency has the errand.
    """
    if not who.agency:
        return doc
    mine = [errand for errand in doc.get("errands", ()) if errand["agency"] == who.agency]
    numbers = {errand["n"] for errand in mine}
    found: dict[str, Any] = {name: value for name, value in doc.items() if name in KEPT}
    found["errands"] = mine
    if mine:
        found["leg"] = mine[-1].get("state", "sent")
    if not any(errand.get("state", "sent") in HELD for errand in mine):
        found.pop("reporter", None)
        found.pop("contact", None)
    requests = [each for each in doc.get("requests", ()) if each.get("errand") in numbers]
    voices = [{"at": each["at"]} for each in doc.get("voices", ())]
    found |= {"requests": requests} if requests else {}
    found |= {"voices": voices} if voices else {}
    found["due"] = _due(book, doc, mine)
    if not _theirs(doc.get("last") or {}, who):
        found.pop("last", None)
    return found


def _due(book: Book, doc: Doc, mine: list[Doc]) -> Doc:
    """When their own errand is due."""
    from console.errands import Errand

    was = doc.get("due") or {}
    kept = {name: was[name] for name in ("danger", "edition") if name in was}
    live = [Errand.parse(errand) for errand in mine if errand.get("state", "sent") in ("sent", "accepted")]
    days = calendar(book)
    moments = [found for errand in live if (found := due(errand.clock, days)) and not found.paused]
    if not moments:
        return kept
    first = min(moments, key=lambda found: found.legal)
    return {**kept, "legal": iso(first.legal), "duty": iso(first.duty)}


def readable(entry: Entry, who: Actor) -> bool:
    """Whether somebody may read an entry of a case's story."""
    if not who.agency:
        return True
    doc: Doc = next((doc for kind, _, doc in entry.ops if kind == CASES and doc), {})
    return _theirs({**(doc.get("last") or {}), "verb": entry.what}, who)


def _theirs(touch: dict[str, Any], who: Actor) -> bool:
    """Whether an act is one that an agency may read of. ``touch``: what the case says of the act that wrote it."""
    return touch.get("verb") in TOLD and touch.get("facts", {}).get("agency", who.agency) == who.agency
