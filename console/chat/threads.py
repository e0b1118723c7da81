"""Which case a message belongs to by itself: it answers one of that case's messages, or what the station said about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from console.act import Actor, Put
from console.book import Book
from console.chat.groups import member
from console.chat.messages import Message, message_id
from console.chat.noise import faded
from console.chat.outbox import Saying
from console.issues import Issue
from console.progress import stamped
from console.status import ENDED


def landing(book: Book, message: Message) -> str:
    """Id of the open case in whose thread somebody who is on it, or is asked about it, has written; else it waits: empty."""
    if not message.reply or message.own:
        return ""
    answered = book.get(Message, message_id(message.account, message.group, message.reply))
    case = answered.issue if answered is not None else ""
    for id in [] if case else book.where(Saying.kind, "number", f"{message.group}:{message.reply}"):
        said = book.get(Saying, id)
        case = said.issue if said is not None else case
    issue = book.get(Issue, case) if case else None
    if issue is None or issue.status in ENDED:
        return ""
    known = member(book, message.group, message.sender)
    theirs = message.contact in {issue.contact, *(voice.contact for voice in issue.voices)} - {""}
    return case if theirs or (known is not None and (known.login or known.agency)) else ""


def landed(book: Book, now: datetime, who: Actor, fresh: Mapping[str, Message]) -> list[Put]:
    """The cases on which messages have just landed, with what they say in their stories; thanks are not told there."""
    told: dict[str, list[str]] = {}
    for message in fresh.values():
        if message.issue and not faded(message):
            told.setdefault(message.issue, []).append(f"{message.name}: {message.text}")
    found = []
    for id, said in told.items():
        issue = book.get(Issue, id)
        if issue is not None:
            found.append(stamped(book, now, who, "join", id, issue, {"text": "\n".join(said)}))
    return found
