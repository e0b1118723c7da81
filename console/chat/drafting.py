"""What a case made of messages would say: reporter, place, grid and category guessed, for an officer to look at."""

from __future__ import annotations

from collections.abc import Sequence

from console.book import Book
from console.categories import stoppers
from console.chat.answers import AGENCY, NUMBER
from console.chat.groups import groups
from console.chat.guess import guessed
from console.chat.inbox import seen
from console.chat.messages import Message
from console.chat.taking import cases_of, chosen, first, story, where
from console.config import settings
from console.places import recognised
from console.queue import Queue
from console.rows import Row
from console.similar import similar
from console.words import words


def drafted(book: Book, ids: Sequence[str]) -> dict[str, str]:
    """The fields of a new case, by name. Raises ``Refused`` where a message is gone."""
    messages = chosen(book, ids)
    id, lead = first(messages)
    item, text, place = seen(book, id, lead), story(messages), where(book, messages)
    group = groups(book).get(lead.group)
    grids = group.grids if group else ()
    rings = stoppers(book, text)
    return {
        "text": text,
        "name": item.name,
        "contact": lead.contact,
        "place": place,
        "grid": recognised(book, f"{place} {text}") or (grids[0] if len(grids) == 1 else ""),
        "category": rings[0].slug if rings else guessed(book, text),
    }


def alike(book: Book, queue: Queue, ids: Sequence[str], now: float, most: int = 3) -> list[Row]:
    """Open cases that messages may belong to: those of their threads and senders first, then the most similar.

    ``now``: seconds since 1970.
    """
    messages = chosen(book, ids)
    threads = dict.fromkeys(id for _, message in messages for id in cases_of(book, message))
    found = [row for id in threads if (row := queue.row(id)) is not None and row.open]
    said = drafted(book, ids)
    told = f"{said['text']} {said['place']}"
    near = similar(queue, text=told, category=said["category"], grid=said["grid"], now=now, most=most)
    found += [each.row for each in near if each.row.id not in threads]
    return found[:most]


def canned(book: Book, name: str, message: Message) -> str:
    """What the group is told by itself when a message becomes a case (``taken``) or a voice (``joined``).

    In the station's language: what whoever sits there reads is no matter of the residents.
    """
    known = settings(book).chat.tell and message.group in groups(book)
    return words(settings(book).language)(f"canned.{name}", number=NUMBER, agency=AGENCY) if known else ""
