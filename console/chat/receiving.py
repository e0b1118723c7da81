"""Keeping what was heard: every message once, word for word, before anything else is done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from console.act import Act, Actor, Decision, Put, no_right
from console.book import Book
from console.chat.cq import ALL
from console.chat.frames import Heard, Membership, Recall
from console.chat.groups import Group, Member, counted, group_id, groups, member_id
from console.chat.messages import AGAIN, Message, Picture, message_id
from console.chat.threads import landed, landing
from console.clock import zone
from console.config import settings
from console.record import replace
from console.staff import SYSTEM

TRUSTED = timedelta(minutes=10)
"""How far ahead of ours a bridge's clock may be before ours counts."""


def moment_of(said: int, now: datetime, ahead: int | None) -> tuple[datetime, int]:
    """When a message was written by our clock, and what the bridge's was ahead where that was not believed.

    ``said``: the bridge's seconds since 1970; ``ahead``: how far its heartbeats are ahead of us, in seconds, None where none
    came. A message may be old, where it waited on the way; it cannot be of the future.
    """
    off = ahead if ahead is not None and abs(ahead) > TRUSTED.total_seconds() / 10 else 0
    try:
        at = datetime.fromtimestamp(said - off, UTC) if said > 0 else now
    except (OverflowError, ValueError, OSError):
        at = datetime.max.replace(tzinfo=UTC)
    if at > now + TRUSTED:
        return now, min(said - int(now.timestamp()), 2**53)
    return min(at, now), off


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive(Act):
    """Keep what was heard. Done by the listener, never by name."""

    verb: ClassVar[str] = "receive"
    listed: ClassVar[bool] = False

    heard: Sequence[Heard | Recall | Membership]
    """Messages, recalls, and who came and went, in the order in which they came."""

    ahead: dict[str, int]
    """Account → seconds that its bridge's clock is ahead of ours."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Every message once; a recall marks the message, which may come after it."""
        if who.id != SYSTEM.id:
            raise no_right(who, "listen")
        keep = _Keep(book, now)
        twice = 0
        for each in self.heard:
            if isinstance(each, Recall):
                keep.recall(each)
            elif isinstance(each, Membership):
                keep.member(each)
            else:
                twice += not keep.message(each, self.ahead.get(each.account))
        puts = [Put(Message.kind, id, message) for id, message in keep.fresh.items()]
        if keep.landed:
            puts += landed(book, now, who, keep.landed)
        puts += [Put(Member.kind, id, each) for id, each in keep.members.items()]
        puts += [Put(Group.kind, group_id(each.number), each) for each in keep.groups()]
        return Decision(puts, counts={"kept": len(self.heard) - twice, "twice": twice})


class _Keep:
    """What one act keeps: the book with what is new over it."""

    def __init__(self, book: Book, now: datetime) -> None:
        self._book, self._now = book, now
        self._news: dict[tuple[str, str], list[str]] = {}
        self._heard: dict[str, list[Heard]] = {}
        self.fresh: dict[str, Message] = {}
        self.landed: dict[str, Message] = {}
        self.members: dict[str, Member] = {}

    def get(self, id: str) -> Message | None:
        """A message, as it stands by now."""
        return self.fresh.get(id) or self._book.anywhere(Message, id)

    def message(self, each: Heard, ahead: int | None) -> bool:
        """Keep a message; False where it is known already."""
        id = message_id(each.account, each.group, each.message)
        before = self.get(id)
        if before is not None and before.known:
            return False
        if each.group and not each.own:
            self._heard.setdefault(each.group, []).append(each)
        at, clock = moment_of(each.time, self._now, ahead)
        fresh = _made(each, at, clock)
        if before is not None:  # it was taken back before it came
            self.fresh[id] = replace(fresh, recalled_at=before.recalled_at)
            return True
        if self._book.where(Message.kind, "again", f"{each.account}:{each.group}:{each.message}"):
            return False
        same = self._same(fresh)
        if same is not None:
            told = self.get(same)
            assert told is not None
            self.fresh[same] = replace(told, again=(*told.again, each.message))
            return False
        self._add(id, fresh)
        return True

    def _add(self, id: str, fresh: Message) -> None:
        """A message that is new; one that answers another belongs to the case of that."""
        if fresh.reply:
            case = landing(self._book, fresh)
            if case:
                fresh = self.landed[id] = replace(fresh, issue=case)
        self.fresh[id] = fresh
        self._news.setdefault((fresh.group, fresh.sender), []).append(id)

    def _same(self, fresh: Message) -> str | None:
        """The message that has just said the same: another number, the same person, words and pictures."""
        near: list[str] = [*self._news.get((fresh.group, fresh.sender), ())]
        for id in near + self._book.where(Message.kind, "sender", f"{fresh.group}:{fresh.sender}"):
            other = self.get(id)
            if other is not None and abs(other.at - fresh.at) <= AGAIN and alike(other, fresh):
                return id
        return None

    def groups(self) -> list[Group]:
        """The groups in which something was heard, with their rhythm."""
        local, found = self._now.astimezone(zone(settings(self._book).timezone)), []
        for number, heard in self._heard.items():
            was = groups(self._book).get(number) or Group(number=number)
            days = (self._now - was.last).total_seconds() / 86400 if was.last else 0.0
            name = next((each.group_name for each in reversed(heard) if each.group_name), "")
            fresh = replace(was, account=heard[-1].account, name=was.name or name, last=self._now)
            found.append(counted(fresh, local, max(days, 0.0), len(heard)))
        return found

    def member(self, each: Membership) -> None:
        """Somebody of whom more is known has come, gone, or calls themselves otherwise; of others nothing is kept."""
        id = member_id(each.group, each.member)
        known = self.members.get(id) or self._book.get(Member, id)
        if known is not None:
            self.members[id] = replace(known, gone=each.change == "gone", card=each.card or known.card)

    def recall(self, each: Recall) -> None:
        """Mark a message as taken back; one that has not come yet is remembered as such."""
        id = message_id(each.account, each.group, each.message)
        known = self.get(id)
        if known is None:
            others = self._book.where(Message.kind, "again", f"{each.account}:{each.group}:{each.message}")
            if others:
                return  # of the same words said twice one was taken back: the other stands
            known = Message(account=each.account, group=each.group, number=each.message, at=self._now)
        if known.recalled_at is None:
            self.fresh[id] = replace(known, recalled_at=self._now)


def alike(one: Message, other: Message) -> bool:
    """Whether two messages say the same: one that was taken back may be said again."""
    return (
        one.recalled_at is None
        and one.text == other.text
        and one.holds == other.holds
        and [each.unique for each in one.pictures] == [each.unique for each in other.pictures]
        and one.reply == other.reply
    )


def _made(each: Heard, at: datetime, clock: int) -> Message:
    """The record of what was heard."""
    said = each.said
    return Message(
        account=each.account,
        group=each.group,
        number=each.message,
        sender=each.sender,
        card=each.card,
        nickname="" if each.card else each.nickname,
        role=each.role if each.role in ("owner", "admin") else "",
        at=at,
        clock=clock,
        text=said.text,
        holds=said.holds,
        pictures=tuple(Picture(name=name, url=url, unique=unique) for name, url, unique in said.files),
        called=each.account in said.mentions,
        everybody=ALL in said.mentions,
        reply=said.reply,
        more=said.more,
        own=each.own,
        anonymous=each.anonymous,
    )
