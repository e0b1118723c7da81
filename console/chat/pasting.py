"""Taking in what somebody pastes: a conversation out of a chat window, when no bridge has heard it or there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from console.act import Act, Actor, Decision, Put
from console.book import Book, Refused
from console.chat.groups import of_theirs
from console.chat.messages import AGAIN, BY_NAME, Message, message_id
from console.chat.pasted import Line, read, stickers
from console.clock import zone
from console.config import settings
from console.keys import key_id

UNTIMED = timedelta(days=1)
"""Within which the same words of the same name are one message, where the conversation does not say when they were said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasteIn(Act):
    """Take in a conversation that was copied out of QQ or WeChat."""

    verb: ClassVar[str] = "paste_in"
    right: ClassVar[str] = "take"

    text: str
    """The conversation, as it was copied."""

    group: str = ""
    """Number of the group that it is of; empty for what was written to the station alone."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Each message once, however often it is pasted, and whether a bridge has heard it or not."""
        if not self.text.strip():
            raise Refused("refused.field_missing", field="text")
        if self.group or who.grids:
            of_theirs(book, who, self.group)
        lines, lost = read(self.text, now, zone(settings(book).timezone))
        if not lines:
            raise Refused("refused.no_conversation")
        known = _known(book, self.group)
        puts, twice = list[Put](), 0
        for each in lines:
            fresh = _made(each, self.group, now)
            others = known.setdefault((fresh.name, fresh.text), [])
            within = AGAIN if each.at else UNTIMED
            if any(abs(at - fresh.at) <= within for at in others):
                twice += 1
                continue
            others.append(fresh.at)
            puts.append(Put(Message.kind, message_id("", self.group, fresh.number), fresh))
        told = [("warning.pasted", {"n": len(puts), "twice": twice, "lost": lost})]
        return Decision(puts, "", told, {"kept": len(puts), "twice": twice})


def _known(book: Book, group: str) -> dict[tuple[str, str], list[datetime]]:
    """When what was said in a group: (name, words) → moments."""
    found: dict[tuple[str, str], list[datetime]] = {}
    for _, each in book.all(Message):
        if each.group == group and each.known:
            found.setdefault((each.name, each.text), []).append(each.at)
    return found


def _made(each: Line, group: str, now: datetime) -> Message:
    """The record of a pasted message. Its number is made of what it says."""
    text, holds = each.text, list[str]()
    for sign in stickers(text):
        text = text.replace(sign, "", 1).strip()
        holds.append("image")
    at = each.at or now
    number = key_id(f"pasted {each.account or each.name} {at.isoformat() if each.at else ''} {each.text}")
    return Message(
        account="",
        group=group,
        number=number,
        sender=each.account or f"{BY_NAME}{each.name}",
        card=each.name,
        at=at,
        text=text,
        holds=tuple(holds),
        pasted=True,
    )
