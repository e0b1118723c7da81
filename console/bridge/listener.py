"""Takes bridges in and keeps what they say. One process a station; officers' sessions know nothing of it but the store.

The bridge dials us ("reverse WebSocket"), or we dial it. Frames are read in the event loop and kept by one thread, some at a
time: a store that is slow, full or gone stops the reading, so that what comes waits on the bridge's side of the line and
nowhere else; officers never wait for it. A frame of no use, or that cannot be read, is written down and the line goes on.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

import orjson
from websockets.asyncio.client import connect
from websockets.asyncio.connection import Connection
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.http11 import Request, Response

from console.bridge.history import known_groups, missed
from console.bridge.pictures import Export, fetch_on
from console.bridge.speaker import speak
from console.chat.bridges import LONGEST as FRAME
from console.chat.bridges import News, Observe, Strange
from console.chat.frames import LARGEST, Answer, Beat, Frame, Heard, Membership, Odd, Recall, Silenced, Unreadable, read
from console.chat.receiving import Receive
from console.desk import Desk
from storage.errors import StoreError

PATHS = frozenset(("/onebot/v11/ws", "/onebot/v11", "/onebot/v11/event", "/onebot/v11/api"))
"""Where bridges dial, without a slash at the end."""

WAITING = 2_000
"""Frames that may wait to be kept; then no more are read."""

AT_ONCE = 200
"""Frames that are kept together."""

STRANGE = 20
"""Strange frames of a bridge that are written down at once; of more only how many there were."""

OBSERVED = 60.0
"""Seconds between two times that it is written down how the bridges are, where nothing happens."""

PATIENCE = 5.0
"""Seconds in which what waits is kept when it ends."""

RETRY = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds until the store is tried again; the last over and over."""

KEPT = (Heard, Recall, Membership)
"""Frames that are kept; the rest is seen to at once, or written down as strange."""

Tell = Callable[..., None]
"""(word, **facts): says something to whoever watches the program."""


@dataclass
class Line:
    """One bridge, with its connections."""

    account: str
    """Its account."""

    sockets: list[Connection] = field(default_factory=list)
    """Those over which it can be asked something, the latest last."""

    open: int = 0
    """How many connections there are."""

    heard: datetime | None = None
    """When anything last came."""

    online: bool = True
    """Whether it says that its account is online."""

    ahead: int = 0
    """Seconds that its clock is ahead of ours."""

    clocked: bool = False
    """Whether a heartbeat has said so."""

    silenced: list[tuple[str, str]] = field(default_factory=list)
    """(group, banned, freed or removed), not yet written down."""

    strange: list[Strange] = field(default_factory=list)
    """Strange frames, not yet written down."""

    uncounted: int = 0
    """How many more there were."""

    changed: bool = True
    """Whether something must be written down soon."""


class Listener:
    """The station's ear."""

    def __init__(self, desk: Desk, token: str, tell: Tell, export: Export | None = None) -> None:
        """``desk``: the system's own, used by one thread of ours alone. ``token``: what bridges must say.

        ``export``: where pictures are put; without it none are fetched.
        """
        self._export = export
        self.desk, self._token, self._tell = desk, token, tell
        self._lines: dict[str, Line] = {}
        self._waiting: asyncio.Queue[tuple[Line, Frame]] = asyncio.Queue(WAITING)
        self._asked: dict[str, asyncio.Future[Answer]] = {}
        self._number = 0
        self._thread = ThreadPoolExecutor(1, "wanjia-store")
        self.kept = self.twice = self.frames = 0

    private = False
    """Whether pictures may be fetched from private networks."""

    desk: Desk
    """The system's own; but for waiting it is used through ``safely`` alone."""

    kept: int
    """Messages and recalls that were kept since it began."""

    twice: int
    """Messages that had come before."""

    frames: int
    """Frames of any kind."""

    # -- at the door

    def door(self, connection: ServerConnection, request: Request) -> Response | None:
        """Whether a bridge may come in: the path, the token, the account; compared without regard to case."""
        path, _, query = request.path.partition("?")
        given = _header(request, "Authorization")
        scheme, _, token = given.partition(" ")
        token = token.strip() if scheme.casefold() in ("bearer", "token") else given
        token = token or next((each[13:] for each in query.split("&") if each.startswith("access_token=")), "")
        if path.rstrip("/").casefold() not in PATHS:
            return self._refused(connection, HTTPStatus.NOT_FOUND, "listen.no_path", path)
        if not token:
            return self._refused(connection, HTTPStatus.UNAUTHORIZED, "listen.no_token", "")
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            return self._refused(connection, HTTPStatus.FORBIDDEN, "listen.wrong_token", "")
        if not _header(request, "X-Self-ID"):
            return self._refused(connection, HTTPStatus.BAD_REQUEST, "listen.no_account", "")
        return None

    def _refused(self, connection: ServerConnection, status: HTTPStatus, word: str, what: str) -> Response:
        """Turn a bridge away, and say why on both sides."""
        self._tell(word, address=_peer(connection), what=what)
        return connection.respond(status, f"{status.phrase}\n")

    # -- listening

    @asynccontextmanager
    async def serving(self, host: str, port: int) -> AsyncIterator[Server]:
        """Take bridges in, and keep what they say, until left."""
        tasks = [asyncio.create_task(self._keep_on()), asyncio.create_task(speak(self))]
        if self._export is not None:
            tasks.append(asyncio.create_task(fetch_on(self, self._export, private=self.private)))
        try:
            async with serve(
                self._came_in, host, port, process_request=self.door, max_size=LARGEST, compression=None, close_timeout=2
            ) as server:
                yield server
        finally:
            with suppress(TimeoutError):  # a store that keeps nothing does not keep us either
                await asyncio.wait_for(self._waiting.join(), PATIENCE)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._write_down(force=True)
            self._thread.shutdown()

    async def dial(self, url: str) -> None:
        """Call a bridge that waits for us, again and again, until cancelled. Its first frame says whose it is."""
        tries = 0
        while True:
            try:
                async with connect(
                    url, additional_headers={"Authorization": f"Bearer {self._token}"}, max_size=LARGEST, compression=None
                ) as socket:
                    tries = 0
                    await self._listen(socket, _first(await socket.recv(decode=False)), asks=True)
            except (OSError, WebSocketException, Unreadable) as error:
                self._tell("listen.no_bridge", address=url, what=str(error))
            await asyncio.sleep(RETRY[min(tries, len(RETRY) - 1)])
            tries += 1

    async def _came_in(self, socket: ServerConnection) -> None:
        """A bridge has come in."""
        assert socket.request is not None
        role = _header(socket.request, "X-Client-Role").casefold()
        await self._listen(socket, _header(socket.request, "X-Self-ID"), asks=role != "event")

    async def _listen(self, socket: Connection, account: str, asks: bool) -> None:
        """Everything that comes over one connection."""
        line = self._lines.setdefault(account, Line(account))
        line.open += 1
        line.changed = True
        if asks:
            line.sockets.append(socket)
        self._tell("listen.in", address=_peer(socket), what=account, n=line.open)
        past = asyncio.create_task(self._catch_up(line)) if asks else None
        try:
            while True:
                await self._came(line, await socket.recv(decode=False))
        except ConnectionClosed as error:
            self._tell("listen.out", address=_peer(socket), what=account, reason=str(error))
        finally:
            line.open -= 1
            line.changed = True
            if past is not None:
                past.cancel()
            if asks:
                line.sockets.remove(socket)

    async def _came(self, line: Line, data: bytes) -> None:
        """One frame: what is to be kept waits for that, the rest is seen to at once."""
        self.frames += 1
        line.heard = self.desk.now()
        try:
            frame = read(data)
        except Unreadable as error:
            self._wonder(line, str(error), data)
            return
        if isinstance(frame, Answer):
            asked = self._asked.pop(str(frame.echo), None)
            if asked is not None and not asked.done():
                asked.set_result(frame)
        elif isinstance(frame, KEPT):
            if frame.account != line.account:
                self._wonder(line, "another account's", data)
                return
            await self._waiting.put((line, frame))
        elif isinstance(frame, Beat):
            line.changed |= line.online != frame.online
            line.online = frame.online
            if frame.time:
                line.ahead, line.clocked = frame.time - int(line.heard.timestamp()), True
        elif isinstance(frame, Silenced):
            line.silenced.append((frame.group, frame.change))
            line.changed = True
        else:
            self._wonder(line, frame.shape if isinstance(frame, Odd) else type(frame).__name__, data)

    async def _catch_up(self, line: Line) -> None:
        """Ask for what was said while the line was down."""

        async def ask(action: str, params: dict[str, Any]) -> Answer | None:
            return await self.ask(line.account, action, params)

        for known in await self.safely(lambda: known_groups(self.desk.book, line.account)):
            for each in await missed(ask, line.account, known):
                await self._waiting.put((line, each))

    def _wonder(self, line: Line, why: str, data: bytes) -> None:
        """Write down a frame of no use."""
        if len(line.strange) < STRANGE:
            assert line.heard is not None
            said = data[: FRAME * 4].decode("utf-8", "replace")[:FRAME]
            line.strange.append(Strange(at=line.heard, why=why[:200], frame=said))
        else:
            line.uncounted += 1

    # -- keeping

    async def _keep_on(self) -> None:
        """Keep what waits, some at a time, and how the bridges are."""
        written = asyncio.get_running_loop().time()
        while True:
            try:
                frames = [await asyncio.wait_for(self._waiting.get(), 1.0)]
            except TimeoutError:
                frames = []
            while frames and len(frames) < AT_ONCE and not self._waiting.empty():
                frames.append(self._waiting.get_nowait())
            if frames:
                await self._store(frames)
                for _ in frames:
                    self._waiting.task_done()
            now = asyncio.get_running_loop().time()
            if now - written > OBSERVED or any(line.changed for line in self._lines.values()):
                written = now
                await self._write_down(force=False)

    async def _store(self, frames: Sequence[tuple[Line, Frame]]) -> None:
        """Keep some frames; where that fails, again and again: nothing is read meanwhile."""
        heard = [frame for _, frame in frames if isinstance(frame, KEPT)]
        ahead = {line.account: line.ahead for line, _ in frames if line.clocked}
        done = await self.safely(lambda: self.desk.do(Receive(heard=heard, ahead=ahead)))
        self.kept += done.counts.get("kept", 0)
        self.twice += done.counts.get("twice", 0)

    async def safely(self, work: Callable[[], Any]) -> Any:
        """Do something with the store, in its thread, until it can be done."""
        tries = 0
        while True:
            try:
                return await asyncio.get_running_loop().run_in_executor(self._thread, work)
            except StoreError as error:
                self._tell("listen.no_store", address="", what="", reason=error)
            await asyncio.sleep(RETRY[min(tries, len(RETRY) - 1)])
            tries += 1

    async def _write_down(self, *, force: bool) -> None:
        """Write down how the bridges are; at the end once, whether it works or not."""
        news = [self._news(line) for line in self._lines.values() if line.heard is not None or line.changed]
        if not news:
            return
        act = Observe(news=news)
        if not force:
            await self.safely(lambda: self.desk.do(act))
            return
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self.desk.do, act)
        except StoreError as error:
            self._tell("listen.no_store", address="", what="", reason=error)

    def _news(self, line: Line) -> News:
        """What is new of one; from here on it is written down."""
        found = News(
            account=line.account,
            connected=line.open > 0,
            heard=line.heard or self.desk.now(),
            online=line.online,
            ahead=line.ahead,
            silenced=tuple(line.silenced),
            strange=tuple(line.strange),
            uncounted=line.uncounted,
        )
        line.silenced, line.strange, line.uncounted, line.changed = [], [], 0, False
        return found

    # -- asking

    def reaches(self, account: str) -> str:
        """The account over which something can be said: this one where it is connected, else any; empty where none is."""
        there = [line.account for line in self._lines.values() if line.sockets]
        return account if account in there else there[0] if there and not account else ""

    async def ask(self, account: str, action: str, params: dict[str, Any], seconds: float = 10.0) -> Answer | None:
        """Ask a bridge for something; None where no answer comes, or there is nobody to ask."""
        line = self._lines.get(account)
        if line is None or not line.sockets:
            return None
        self._number += 1
        echo = f"wanjia-{self._number}"
        self._asked[echo] = answer = asyncio.get_running_loop().create_future()
        try:
            await line.sockets[-1].send(orjson.dumps({"action": action, "params": params, "echo": echo}).decode())
            return await asyncio.wait_for(answer, seconds)
        except (ConnectionClosed, TimeoutError):
            return None
        finally:
            self._asked.pop(echo, None)


def _header(request: Request, name: str) -> str:
    """A header, the first of its name, whatever the case of that."""
    return next((each.strip() for each in request.headers.get_all(name)), "")


def _first(data: bytes) -> str:
    """The account that a bridge's first frame is of. Raises ``Unreadable`` where it says none."""
    frame = read(data)
    if isinstance(frame, Answer):
        raise Unreadable("the first frame is an answer")
    return frame.account


def _peer(connection: Connection) -> str:
    """Where a connection comes from."""
    found = connection.remote_address
    return f"{found[0]}:{found[1]}" if isinstance(found, tuple) and len(found) >= 2 else str(found or "")
