"""Quiet corners: grids from which nothing has been heard for longer than the station's number of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from console.act import Actor
from console.book import Book
from console.config import settings
from console.numbers import CASES
from console.places import places
from console.record import moment
from storage.store import Query


@dataclass(frozen=True, slots=True)
class Corner:
    """A grid, and when something was last heard from it."""

    code: str
    """Code of the grid."""

    name: str
    """Its name."""

    last: datetime | None
    """When something was last told from there; none where nothing ever was."""

    id: str = ""
    """Id of the case that told it."""


def quiet(book: Book, who: Actor, now: datetime) -> list[Corner]:
    """The quiet grids that somebody may see, the longest silent first."""
    heard: dict[str, tuple[str, str]] = {}
    for id, doc in book.docs(CASES).items():
        grid, at = doc.get("grid", ""), doc["reported_at"]
        if grid and at > heard.get(grid, ("", ""))[0]:
            heard[grid] = (at, id)
    since, found = now - timedelta(days=settings(book).quiet_days), []
    for code, each in places(book).items():
        if each.level != "grid" or (who.grids and code not in who.grids):
            continue
        last, id = heard.get(code, ("", ""))
        if last and moment(last) >= since:
            continue
        for old in book.find(Query(CASES, {"grid": code}, limit=1)):
            if old.body["reported_at"] > last:
                last, id = old.body["reported_at"], old.id
        if not last or moment(last) < since:
            found.append(Corner(code, each.name, moment(last) if last else None, id))
    return sorted(found, key=lambda corner: (corner.last is not None, corner.last or now, corner.code))
