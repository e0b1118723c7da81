"""A group that a script plays, for the demo: it is heard by a real listener, over a real line, as any bridge is.

    python -m console.bridge.scripted STORE LANGUAGE

Who is asked whether it is solved answers. It ends with whoever began it.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect

from console.bridge.listener import Listener
from console.chat.groups import SetGroup
from console.desk import Desk
from console.kinds import KINDS
from console.sample import FOLDER
from console.staff import SYSTEM
from storage.files import FileStore
from storage.options import Options

THINKS = 3.0
"""Seconds after which somebody answers."""


class Group:
    """The residents."""

    def __init__(self, said: dict[str, Any], language: str) -> None:
        """``said``: the script."""
        self._said, self._side = said, 0 if language == "zh" else 1
        self._number = 1000
        self._who: dict[str, dict[str, Any]] = {}

    def _text(self, of: Any) -> str:
        """A text in the language."""
        return str(of[self._side])

    async def play(self, url: str, token: str) -> None:
        """Say everything in its turn, and answer."""
        headers = {"X-Self-ID": str(self._said["account"]), "Authorization": f"Bearer {token}"}
        async with connect(url, additional_headers=headers) as socket:
            answering = asyncio.create_task(self._answer(socket))
            before = 0.0
            for line in self._said["line"]:
                await asyncio.sleep(line["after"] - before)
                before = line["after"]
                await self._say(socket, line, self._text(line["text"]))
            await answering

    async def _say(self, socket: ClientConnection, line: dict[str, Any], text: str) -> None:
        """Somebody says something."""
        self._number += 1
        self._who[str(self._number)] = line
        user = 30_000 + self._said["line"].index(line)
        frame = {
            "self_id": self._said["account"], "post_type": "message", "message_type": "group", "time": _now(),
            "message_id": self._number, "group_id": self._said["number"], "user_id": user,
            "group_name": self._text(self._said["name"]), "message": [{"type": "text", "data": {"text": text}}],
            "sender": {"user_id": user, "card": self._text(line["card"])},
        }  # fmt: skip
        await socket.send(orjson.dumps(frame).decode())

    async def _answer(self, socket: ClientConnection) -> None:
        """Take what the station says, and answer where one is asked whether it is solved."""
        async for data in socket:
            asked = orjson.loads(data)
            if asked["action"] != "send_group_msg":
                answer: dict[str, Any] = {"status": "failed", "retcode": 1404, "data": None}
                await socket.send(orjson.dumps({**answer, "echo": asked.get("echo")}).decode())
                continue
            self._number += 1
            answer = {"status": "ok", "retcode": 0, "data": {"message_id": self._number}, "echo": asked.get("echo")}
            await socket.send(orjson.dumps(answer).decode())
            parts = asked["params"]["message"]
            to = next((each["data"]["id"] for each in parts if each["type"] == "reply"), "")
            text = "".join(each["data"]["text"] for each in parts if each["type"] == "text")
            line = self._who.get(str(to))
            if line is not None and "answer" in line and any(words in text for words in self._said["asks"]):
                await asyncio.sleep(THINKS)
                await self._say(socket, line, self._text(line["answer"]))


def _now() -> int:
    """Seconds since 1970."""
    from console.clock import now

    return int(now().timestamp())


def script() -> dict[str, Any]:
    """The script."""
    return tomllib.loads((FOLDER / "group.toml").read_text(encoding="utf-8"))


async def run(store: str, language: str) -> None:
    """Listen and play, until whoever began it is gone."""
    from console.clock import now

    files = FileStore(store, Options(now=now, kinds=KINDS))
    desk, said = Desk(files, now, SYSTEM), script()
    side = 0 if language == "zh" else 1
    desk.do(SetGroup(number=str(said["number"]), name=said["name"][side], grids=tuple(each[side] for each in said["grids"])))
    token, group = secrets.token_urlsafe(16), Group(said, language)
    began = os.getppid()
    listener = Listener(desk, token, lambda word, **facts: None)
    async with listener.serving("127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        playing = asyncio.create_task(group.play(f"ws://127.0.0.1:{port}/onebot/v11/ws", token))
        while os.getppid() == began:
            await asyncio.sleep(0.5)
        playing.cancel()
        with suppress(asyncio.CancelledError):
            await playing
    files.close()


if __name__ == "__main__":
    asyncio.run(run(str(Path(sys.argv[1])), sys.argv[2]))
