"""Which messages go to the archive: settled ones after some days, so that every session holds what somebody may need."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from console.book import Book
from console.chat.inbox import stopping, waits
from console.chat.messages import Message
from console.chat.noise import faded
from console.chat.outbox import Saying, Way
from console.config import settings
from console.numbers import CASES
from console.record import moment
from console.status import ENDED

SETTLED = frozenset((Way.SENT, Way.DROPPED))
"""How far something that was said must be to be over."""


def over(book: Book, now: datetime) -> Iterator[tuple[str, str, datetime]]:
    """(kind, id, when it was) of what may go."""
    before = now - timedelta(days=settings(book).chat.keep_days)
    for id, doc in book.docs(Message.kind).items():
        at = moment(doc["at"])
        if at < before and _settled(book, id):
            yield Message.kind, id, at
    for id, doc in book.docs(Saying.kind).items():
        at = moment(doc["at"])
        if at < before and doc.get("way", Way.WAITING) in SETTLED:
            yield Saying.kind, id, at


def _settled(book: Book, id: str) -> bool:
    """Whether nobody needs a message any more: its case is over, or there was never anything to do about it."""
    doc = book.docs(Message.kind)[id]
    if doc.get("issue"):
        case = book.docs(CASES).get(doc["issue"])
        return case is None or (case.get("status") in ENDED and not case.get("owed"))
    if not waits(doc):
        return True
    message = book.get(Message, id)
    return message is not None and (message.recalled_at is not None or bool(faded(message, stopping(book))))
