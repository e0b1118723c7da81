"""What was missed: after a line was down, the bridge is asked for the latest messages of each group.

``get_group_msg_history`` is no part of the standard, but the bridges in use have it; one that has not says so, and then
nothing is known of the time between. A recall that was missed shows in a message that is gone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from console.book import Book
from console.chat.frames import Answer, Heard, Recall, Unreadable, understood
from console.chat.messages import Message

Ask = Callable[[str, dict[str, Any]], Awaitable[Answer | None]]
"""(action, params) → the bridge's answer; None where none comes."""

MOST = 200
"""Messages of a group that are asked for."""

BEFORE = timedelta(minutes=10)
"""How long before the last message that was heard of a group it is asked for again: some may have been on the way."""

CHECKED = 20
"""Messages of a group of which it is asked one by one whether they were taken back."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one group."""

    group: str
    """Its number."""

    last: datetime
    """When its last message was written."""

    numbers: frozenset[str]
    """Numbers of the messages shortly before that which nobody has taken back."""


def known_groups(book: Book, account: str) -> list[Known]:
    """The groups from which an account has heard, as far as their messages are at hand."""
    found: dict[str, list[Message]] = {}
    for _, each in book.all(Message):
        if each.account == account and each.group and each.known:
            found.setdefault(each.group, []).append(each)
    made = []
    for group, messages in sorted(found.items()):
        last = max(each.at for each in messages)
        near = [each for each in messages if each.at >= last - BEFORE and each.recalled_at is None]
        made.append(Known(group, last, frozenset(number for each in near for number in (each.number, *each.again))))
    return made


def as_param(number: str) -> int | str:
    """A number as the standard's actions want it."""
    return int(number) if number.lstrip("-").isdigit() else number


async def missed(ask: Ask, account: str, known: Known) -> list[Heard | Recall]:
    """The latest messages of a group, oldest first, and recalls of those that are gone. Some of it is known already."""
    answer = await ask("get_group_msg_history", {"group_id": as_param(known.group), "count": MOST})
    if answer is None or not answer.ok or not isinstance(answer.data, dict):
        return []
    events = answer.data.get("messages")
    heard: list[Heard | Recall] = []
    numbers, oldest = set[str](), 0
    for event in events if isinstance(events, list) else ():
        try:
            found = understood({"post_type": "message", "message_type": "group", "self_id": account, **event})
        except (Unreadable, TypeError):
            continue  # of what is past nobody counts what cannot be read
        if isinstance(found, Heard) and found.group == known.group:
            heard.append(found)
            numbers.add(found.message)
            oldest = min(oldest or found.time, found.time)
    if oldest and oldest <= (known.last - BEFORE).timestamp():
        heard += await _gone(ask, account, known, sorted(known.numbers - numbers)[:CHECKED])
    return heard


async def _gone(ask: Ask, account: str, known: Known, numbers: list[str]) -> list[Recall]:
    """Of messages that are not in the history any more: those that the bridge does not know either were taken back."""
    found = []
    for number in numbers:
        answer = await ask("get_msg", {"message_id": as_param(number)})
        if answer is not None and not answer.ok and not answer.later and not answer.unknown:
            found.append(Recall(account=account, time=0, group=known.group, message=number, by=""))
    return found
