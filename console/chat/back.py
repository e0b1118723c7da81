"""Undoing what was done with messages: a case made of them is turned away as a mistake, and they wait again."""

from __future__ import annotations

from datetime import datetime

from console.act import Put
from console.book import Book
from console.chat.groups import Member
from console.chat.messages import Message
from console.chat.outbox import Saying, Way
from console.record import Doc, Record, replace

RECORDS: dict[str, type[Record]] = {Message.kind: Message, Member.kind: Member}
"""Kinds whose records are put back as they were."""


def gone_out(book: Book, id: str) -> str:
    """The words of something that was said and cannot be taken back; empty where it has not gone out."""
    said = book.get(Saying, id)
    return said.words if said is not None and said.way in (Way.SENDING, Way.SENT, Way.UNKNOWN) else ""


def back(book: Book, now: datetime, kind: str, id: str, before: Doc | None) -> Put | None:
    """One record as it was before an act; None where it can not be put back. What has gone out stays said."""
    if kind == Saying.kind:
        said = book.get(Saying, id)
        if said is None:
            return None
        if before is None:
            return Put(kind, id, replace(said, way=Way.DROPPED, moved=now) if said.way is Way.WAITING else said)
        was = Saying.parse(before)
        if said.way is not Way.DROPPED or was.way is Way.SENDING:
            return None
        return Put(kind, id, replace(said, way=was.way, moved=now))
    if kind == Member.kind and before is None:
        return Put(kind, id, None)
    if kind in RECORDS and before is not None:
        return Put(kind, id, RECORDS[kind].parse(before))
    return None
