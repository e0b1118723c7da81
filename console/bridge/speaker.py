"""Sends what waits in the outbox, one by one and not too fast; what nobody answered is never sent again by itself."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from console.book import Book, Refused
from console.bridge.history import as_param
from console.chat.frames import Answer
from console.chat.groups import groups
from console.chat.outbox import Move, Saying, Way, sayings
from console.desk import Desk

PACE = 1.5
"""Seconds between two messages: bridges that speak faster are frozen."""

LOOK = 2.0
"""Seconds after which the store is looked at even where nothing rings."""

ANSWER = 15.0
"""Seconds in which a bridge answers; then nobody knows."""


class Mouth(Protocol):
    """What the speaker needs of a listener."""

    desk: Desk
    """The system's own."""

    async def safely(self, work: Any) -> Any:
        """Do something with the store until it can be done."""

    def reaches(self, account: str) -> str:
        """The account over which something can be said; empty where none is connected."""

    async def ask(self, account: str, action: str, params: dict[str, Any], seconds: float = ANSWER) -> Answer | None:
        """Ask a bridge; None where no answer comes."""


async def speak(mouth: Mouth) -> None:
    """Send what waits, until cancelled. What was being sent when it last ended is not known to have arrived."""
    for id, _ in await mouth.safely(lambda: sayings(_fresh(mouth.desk), Way.SENDING)):
        await _moved(mouth, id, Way.UNKNOWN)
    while True:
        for id, said in await mouth.safely(lambda: sayings(_fresh(mouth.desk), Way.WAITING)):
            if await _send(mouth, id, said):
                await asyncio.sleep(PACE)
        await asyncio.to_thread(mouth.desk.wait, LOOK)


def _fresh(desk: Desk) -> Book:
    """The book with everything in it."""
    desk.catch_up()
    return desk.book


async def _send(mouth: Mouth, id: str, said: Saying) -> bool:
    """Send one; False where there is nobody to send it through, and it goes on waiting."""
    group = groups(mouth.desk.book).get(said.group)
    account = mouth.reaches(group.account if group else "")
    if not account or not await _moved(mouth, id, Way.SENDING):
        return False
    parts: list[dict[str, Any]] = [{"type": "reply", "data": {"id": said.reply}}] if said.reply else []
    parts.append({"type": "text", "data": {"text": said.words}})
    answer = await mouth.ask(account, "send_group_msg", {"group_id": as_param(said.group), "message": parts}, ANSWER)
    if answer is None or answer.later:
        await _moved(mouth, id, Way.UNKNOWN)
    elif answer.ok:
        await _moved(mouth, id, Way.SENT, number=answer.message)
    else:
        await _moved(mouth, id, Way.FAILED, why=answer.why)
    return True


async def _moved(mouth: Mouth, id: str, to: Way, **more: str) -> bool:
    """Write down how far it is; False where somebody has let go of it meanwhile."""

    def move() -> bool:
        try:
            mouth.desk.do(Move(saying=id, to=to, **more))
        except Refused:
            return False
        return True

    done: bool = await mouth.safely(move)
    return done
