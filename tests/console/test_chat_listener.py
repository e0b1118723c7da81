"""``wanjia listen`` as it runs: a process of its own, bridges over real sockets, and a day of a group through all of it."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from console.chat.bridges import bridges
from console.chat.messages import Message
from console.clock import now
from console.desk import Desk
from console.kinds import KINDS
from console.staff import SYSTEM
from storage.files import FileStore
from storage.options import Options
from tests.console.bridge import Bridge
from tests.console.helpers import ROOT
from tests.console.test_chat_messages import frames, heard, recall, truth

TOKEN = "sesame-sesame"

LATELY = 300
"""Frames that a bridge which remembers sends again."""


class Ear:
    """The listener on a store."""

    def __init__(self, folder: Path) -> None:
        self.store = folder / "store"
        (folder / "token").write_text(TOKEN + "\n")
        self.token, self.process, self.port, self.dials = folder / "token", None, 0, list[str]()
        self.run("init", "--chief", "chen")

    process: subprocess.Popen[str] | None

    def run(self, *words: str) -> str:
        argv = [sys.executable, "-m", "console", "--store", str(self.store), "--lang", "en", *words]
        done = subprocess.run(argv, cwd=ROOT, check=True, capture_output=True, text=True)
        return done.stdout

    def begin(self) -> str:
        argv = [sys.executable, "-m", "console", "--store", str(self.store), "--lang", "en", "listen",
                "--port", str(self.port), "--token-file", str(self.token)]  # fmt: skip
        argv += [word for url in self.dials for word in ("--dial", url)]
        self.process = subprocess.Popen(argv, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr is not None
        line = self.process.stderr.readline()
        assert "127.0.0.1:" in line, line
        self.port = int(line.rsplit(":", 1)[1])
        return f"ws://127.0.0.1:{self.port}/onebot/v11/ws"

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.communicate()

    def end(self) -> str:
        """End it in order; what it said."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        _, said = self.process.communicate(timeout=20)
        assert self.process.returncode == 0, said
        return said

    def desk(self) -> Desk:
        """A look at what was kept."""
        return Desk(FileStore(str(self.store), Options(now=now, kinds=KINDS)), now, SYSTEM)

    def messages(self) -> dict[str, Message]:
        desk = self.desk()
        try:
            return {each.number: each for _, each in desk.book.all(Message)}
        finally:
            desk.close()


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[Ear]:
    made = Ear(tmp_path)
    yield made
    if made.process is not None and made.process.poll() is None:
        made.kill()


async def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to be"
        await asyncio.sleep(0.05)


async def cut(task: asyncio.Task[Any]) -> None:
    """Nobody talks any more."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def everything(found: dict[str, Message]) -> list[str]:
    """Every number under which something came."""
    return sorted([*found, *(number for each in found.values() for number in each.again)])


def said() -> tuple[list[str], set[str]]:
    """Of the truth: every number, and those taken back."""
    gone = {str(number) for each in truth() if each.get("recalled") for number in each["message_ids"]}
    return sorted(str(number) for each in truth() for number in each["message_ids"]), gone


def test_a_day_of_a_group_comes_through(ear: Ear) -> None:
    async def day() -> None:
        bridge = Bridge(frames())
        task = asyncio.create_task(bridge.talk(ear.begin(), TOKEN, len(bridge.frames)))
        await until(lambda: len(everything(ear.messages())) == len(said()[0]))
        await cut(task)

    asyncio.run(day())
    told, found = ear.end(), ear.messages()
    numbers, gone = said()
    assert everything(found) == numbers and {number for number, each in found.items() if each.recalled_at} == gone
    assert f"{len(found) + len(gone)} kept" in told


@pytest.mark.parametrize("remembers", [True, False])
def test_killed_at_random_frames_nothing_is_lost_or_doubled(ear: Ear, remembers: bool) -> None:
    """``remembers``: the bridge sends again what it has sent lately; without that it is asked for the latest messages.

    Then the listener lives long enough to be told them at every third start: nobody can hear what is never said to them.
    """
    chance, all_of = random.Random(7), frames()
    points = sorted(chance.sample(range(60, len(all_of)), 50 if remembers else 15))
    bridge = Bridge(all_of)
    lost, (numbers, gone) = set[str](), said()

    async def day() -> None:
        for n, point in enumerate([*points, len(all_of)]):
            kept = set(everything(ear.messages()))
            url = ear.begin()
            since = max(bridge.sent - LATELY, 0) if remembers else None
            task = asyncio.create_task(bridge.talk(url, TOKEN, point, since=since))
            await until(lambda point=point: bridge.sent >= point)  # type: ignore[misc]
            if not remembers and n % 3 == 2:
                gone_by = {str(each) for each in bridge.gone()}
                said_by = {str(each["message_id"]) for each in all_of[:point] if each["post_type"] == "message"}
                await until(lambda: said_by - gone_by <= set(everything(ear.messages())))  # noqa: B023
            if point == len(all_of):
                await until(lambda: set(numbers) - set(everything(ear.messages())) <= {str(each) for each in bridge.gone()})
                await asyncio.sleep(0.5)
                ear.end()
            else:
                await asyncio.sleep(chance.choice([0, 0.01, 0.05, 0.2]))
                ear.kill()
            await cut(task)
            here = set(everything(ear.messages()))
            assert kept <= here
            lost.clear()
            lost.update({str(number) for number in bridge.gone()} - here)
        lost.intersection_update(set(numbers) - set(everything(ear.messages())))

    asyncio.run(day())
    found = ear.messages()
    if remembers:
        lost.clear()
    assert lost <= gone, "what was taken back while nobody listened was never heard of"
    assert everything(found) == sorted(set(numbers) - lost)
    assert {number for number, each in found.items() if each.recalled_at} == gone - lost
    ear.run("verify")


def dial(url: str, **headers: str) -> Any:
    """A bridge that comes in with these headers."""
    given = {"X-Self-ID": "10001", "X-Client-Role": "Universal", "Authorization": f"Bearer {TOKEN}"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return connect(url, additional_headers={name: value for name, value in given.items() if value}, max_size=None)


async def send(socket: Any, *events: Any) -> None:
    for each in events:
        await socket.send(each if isinstance(each, str | bytes) else orjson.dumps(each).decode())


def on(ear: Ear, work: Callable[[str], Awaitable[None]]) -> None:
    """Do something with the listener."""
    url = ear.begin()
    asyncio.run(work(url))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/onebot/v11/ws", {}, 0), ("/onebot/v11/ws/", {}, 0), ("/onebot/v11/", {}, 0), ("/onebot/v11", {}, 0),
        ("/OneBot/V11/ws", {"authorization": f"bearer {TOKEN}"}, 0), ("/onebot/v11/ws", {"Authorization": f"BEARER  {TOKEN}"}, 0),
        ("/onebot/v11/ws", {"Authorization": f"Token {TOKEN}"}, 0), ("/onebot/v11/ws", {"X_Client_Role": ""}, 0),
        (f"/onebot/v11/ws?access_token={TOKEN}", {"Authorization": ""}, 0),
        ("/onebot/v11/ws", {"Authorization": ""}, 401), ("/onebot/v11/ws", {"Authorization": "Bearer "}, 401),
        ("/onebot/v11/ws", {"Authorization": "Bearer wrong"}, 403), ("/onebot/v11/ws", {"Authorization": f"Bearer {TOKEN}x"}, 403),
        ("/onebot/v11/ws", {"X_Self_ID": ""}, 400), ("/", {}, 404), ("/onebot/v12/ws", {}, 404),
    ],
)  # fmt: skip
def test_who_may_come_in(listening: tuple[Ear, str], path: str, headers: dict[str, str], status: int) -> None:
    url = listening[1].removesuffix("/onebot/v11/ws") + path

    async def come() -> int:
        try:
            async with dial(url, **headers):
                return 0
        except InvalidStatus as error:
            return error.response.status_code

    assert asyncio.run(come()) == status


@pytest.fixture(scope="module")
def listening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ear, str]]:
    """One listener for the tests that only knock."""
    made = Ear(tmp_path_factory.mktemp("ear"))
    url = made.begin()
    yield made, url
    made.kill()


def test_what_is_wrong_is_written_down_and_the_line_goes_on(ear: Ear) -> None:
    async def work(url: str) -> None:
        async with dial(url, X_Self_ID="1") as socket:
            await send(
                socket,
                "{",
                b"\xff\xfe",
                "[]",
                {"post_type": "message"},
                "[CQ:face]",
                heard("\u0000\x1b[2J[red]急[/red]\u202e"),
            )
            await send(socket, {"self_id": 1, "post_type": "notice", "notice_type": "group_msg_emoji_like", "group_id": 3})
            await send(socket, {"self_id": 2, "post_type": "notice", "notice_type": "x"}, heard("别人的", 8, self_id=2))
            await send(socket, heard("[CQ:face,id=1]" * 5_000, 9), recall(9))
            await until(lambda: set(ear.messages()) == {"7", "9"})
        with pytest.raises(
            (ConnectionClosed, AttributeError)
        ):  # the other: asyncio closes a line twice that was cut in a frame
            async with dial(url, X_Self_ID="1") as socket:
                await send(socket, heard("大" * 4_000_000, 10))
                await socket.recv()
                await socket.recv()
        async with dial(url, X_Self_ID="1") as socket:
            await send(socket, heard("还在", 11))
            await until(lambda: "11" in ear.messages())

    on(ear, work)
    ear.end()
    desk = ear.desk()
    [bridge] = bridges(desk.book)
    desk.close()
    assert not bridge.connected and bridge.counts is not None
    assert sum(bridge.counts.values()) == len(bridge.strange) == 8
    assert bridge.counts["another account's"] == 1 and bridge.counts["notice/group_msg_emoji_like"] == 1
    assert ear.messages()["9"].more == 4_500 and ear.messages()["9"].recalled_at


def test_two_connections_of_one_account_are_both_heard_and_the_later_is_asked(ear: Ear) -> None:
    async def work(url: str) -> None:
        async with dial(url, X_Self_ID="1") as one, dial(url, X_Self_ID="1") as two:
            await send(one, heard("先来的"))
            await send(two, heard("后到的", 8), heard("先来的"))
            await until(lambda: set(ear.messages()) == {"7", "8"})

    on(ear, work)
    assert "connections of it: 2" in ear.end()


def test_a_bridge_whose_clock_is_an_hour_ahead_is_put_right(ear: Ear) -> None:
    async def work(url: str) -> None:
        ahead = int(time.time()) + 3600
        beat = {
            "self_id": 1,
            "post_type": "meta_event",
            "meta_event_type": "heartbeat",
            "status": {"online": True},
            "time": ahead,
        }
        async with dial(url, X_Self_ID="1") as socket:
            await send(socket, beat, heard("现在", time=ahead))
            await until(lambda: "7" in ear.messages())

    on(ear, work)
    [message] = ear.messages().values()
    assert abs(message.at.timestamp() - time.time()) < 60 and 3590 < message.clock < 3610


def test_a_bridge_that_is_dialled_is_heard_as_well(ear: Ear) -> None:
    from websockets.asyncio.server import serve

    came = asyncio.Event()

    async def bridge(socket: Any) -> None:
        assert socket.request.headers["Authorization"] == f"Bearer {TOKEN}"
        await send(
            socket,
            {"self_id": 1, "post_type": "meta_event", "meta_event_type": "lifecycle", "sub_type": "connect"},
            heard("你打来的"),
        )
        came.set()
        await socket.wait_closed()

    async def work() -> None:
        async with serve(bridge, "127.0.0.1", 0) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            ear.dials = [f"ws://127.0.0.1:{port}/"]
            ear.begin()
            await asyncio.wait_for(came.wait(), 20)
            await until(lambda: "7" in ear.messages())
            ear.end()

    asyncio.run(work())


def test_a_burst_of_ten_thousand_is_kept_whole(ear: Ear) -> None:
    async def work(url: str) -> None:
        async with dial(url, X_Self_ID="1") as socket:
            await send(socket, *(heard(f"第 {n} 句", n, user_id=n % 100) for n in range(10_000)))
            await until(lambda: len(ear.messages()) == 10_000, 90)

    on(ear, work)
    ear.end()


@pytest.mark.root
def test_a_disk_that_is_full_stops_the_reading_and_nothing_is_lost(mounted: Any) -> None:
    folder = Path(mounted("ext4", "48M"))
    ear = Ear(folder)
    ballast = folder / "ballast"

    async def work(url: str) -> None:
        async with dial(url, X_Self_ID="1") as socket:
            await send(socket, heard("满之前", 1))
            await until(lambda: "1" in ear.messages())
            with open(ballast, "wb") as f:
                try:
                    while f.write(b"x" * 65536):
                        f.flush()
                except OSError:
                    pass
            await send(socket, *(heard(f"满了之后 {n} " + "长" * 500, n) for n in range(2, 400)))
            await asyncio.sleep(2.5)
            assert len(ear.messages()) < 399
            os.remove(ballast)
            await until(lambda: len(ear.messages()) == 399, 60)

    on(ear, work)
    assert "cannot be kept" in ear.end()
