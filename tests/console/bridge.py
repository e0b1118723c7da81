"""A bridge of our own: it sends frames as a bridge in use does, answers what it is asked, and remembers what it was sent."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

LIFE = {"post_type": "meta_event", "meta_event_type": "lifecycle", "sub_type": "connect"}
"""What every bridge says first."""


class Bridge:
    """One account, with what happened in its groups."""

    def __init__(self, frames: Sequence[Any], account: str = "10001") -> None:
        self.frames, self.account, self.sent = list(frames), account, 0
        self.asked = list[dict[str, Any]]()
        self.answers: Callable[[dict[str, Any]], dict[str, Any] | None] = self.answer

    async def talk(self, url: str, token: str, until: int, since: int | None = None, now: int = 0) -> None:
        """Come in, send the frames up to ``until``, beginning with ``since``; then stay until the line is cut."""
        headers = {"X-Self-ID": self.account, "X-Client-Role": "Universal", "Authorization": f"Bearer {token}"}
        async with connect(url, additional_headers=headers, compression=None, max_size=None) as socket:
            await socket.send(orjson.dumps({**LIFE, "time": now, "self_id": int(self.account)}).decode())
            answering = asyncio.create_task(self._answer(socket))
            try:
                for n in range(self.sent if since is None else since, until):
                    self.sent = max(self.sent, n + 1)
                    await socket.send(orjson.dumps(self.frames[n]).decode())
                await answering
            except ConnectionClosed:
                return
            finally:
                answering.cancel()

    async def _answer(self, socket: ClientConnection) -> None:
        """Answer until the line is cut."""
        with contextlib.suppress(ConnectionClosed):
            async for data in socket:
                said = orjson.loads(data)
                self.asked.append(said)
                answer = self.answers(said)
                if answer is not None:
                    await socket.send(orjson.dumps({**answer, "echo": said.get("echo")}).decode())

    def answer(self, said: dict[str, Any]) -> dict[str, Any] | None:
        """What a bridge in use answers."""
        params = said["params"]
        if said["action"] == "get_group_msg_history":
            gone = self.gone()
            past = [each for each in self.frames[: self.sent] if each["post_type"] == "message"]
            past = [each for each in past if each["group_id"] == params["group_id"] and each["message_id"] not in gone]
            return {"status": "ok", "retcode": 0, "data": {"messages": past[-params["count"] :]}}
        if said["action"] == "get_msg":
            known = params["message_id"] not in self.gone()
            return (
                {"status": "ok", "retcode": 0, "data": {}} if known else {"status": "failed", "retcode": 1200, "data": None}
            )
        if said["action"] in ("send_group_msg", "send_msg"):
            return {"status": "ok", "retcode": 0, "data": {"message_id": 9000 + len(self.asked)}}
        return {"status": "failed", "retcode": 1404, "data": None}

    def gone(self) -> set[int]:
        """Numbers of the messages that were taken back so far."""
        return {each["message_id"] for each in self.frames[: self.sent] if each.get("notice_type") == "group_recall"}
