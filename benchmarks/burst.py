"""Ten thousand messages at once: is one lost, does an officer's key wait, does anything grow.

    python benchmarks/burst.py [--messages 10000] [--open 300] [--archived 20000]

A console stands on the queue and moves its cursor; beside it a listener, first with a bridge that is silent, then with one
that says everything it has. Key to paint is the time until the place of the cursor is another on the terminal. Then the
same with the console on the group's messages. All of it shares one machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import orjson

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.console import sign_on  # noqa: E402
from benchmarks.desk import apart, prepare  # noqa: E402
from benchmarks.server import memory  # noqa: E402
from tests.screens.ptys import Terminal, wanjia  # noqa: E402

TOKEN = "sesame-sesame"
"""What the bridge says at the door."""

RATE = 100.0
"""Messages a second that are no burst: a hundred groups whose everybody talks."""

PAUSE = 0.12
"""Seconds between two keys."""

KEYS = 150
"""Keys of one measurement."""


def frames(count: int) -> list[bytes]:
    """What is said: reports of many people, greetings among them."""
    said = []
    for n in range(count):
        text = "大家早上好" if n % 3 == 0 else f"{n % 40 + 1}幢{n % 4 + 1}单元楼道灯不亮了,第{n}次说"
        event = {"self_id": 1, "post_type": "message", "message_type": "group", "message_id": n + 1, "group_id": 3,
                 "user_id": 1000 + (n if n % 3 == 0 else n % 800), "time": int(time.time()), "message": text,
                 "sender": {"card": f"{n % 40 + 1}-{n % 4 + 1}-{n % 30 + 101}王"}}  # fmt: skip
        said.append(orjson.dumps(event))
    return said


class Listener:
    """``wanjia listen`` on a store, and a bridge that has come in."""

    def __init__(self, store: Path, folder: Path) -> None:
        """Begin it."""
        (folder / "token").write_text(TOKEN, encoding="ascii")
        argv = [sys.executable, "-m", "console", "--store", str(store), "--lang", "en", "listen", "--port", "0"]
        argv += ["--token-file", str(folder / "token")]
        self.process = subprocess.Popen(argv, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr is not None
        self.port = int(self.process.stderr.readline().rsplit(":", 1)[1])
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def say(self, said: list[bytes], rate: float = 0.0) -> None:
        """Everything, so many a second; 0: as fast as it is taken."""

        async def work() -> None:
            from websockets.asyncio.client import connect

            headers = {"X-Self-ID": "1", "Authorization": f"Bearer {TOKEN}"}
            async with connect(f"ws://127.0.0.1:{self.port}/onebot/v11/ws", additional_headers=headers) as socket:
                began = time.monotonic()
                for n, each in enumerate(said):
                    await socket.send(each.decode())
                    if rate and n % 10 == 9:
                        await asyncio.sleep(max(began + n / rate - time.monotonic(), 0))

        asyncio.run(work())

    def end(self) -> None:
        """End it in order."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def place(terminal: Terminal) -> str:
    """Where the cursor stands, as the screen says it."""
    return terminal.screen.display[1].rstrip().rsplit(" ", 1)[-1]


def keys(terminal: Terminal, stop: threading.Event | None = None) -> list[float]:
    """Milliseconds from a key to the cursor's new place: so many keys, or until asked to stop."""
    found: list[float] = []
    while (len(found) < KEYS) if stop is None else not stop.is_set():
        terminal.read(PAUSE)
        before, began = place(terminal), time.perf_counter()
        os.write(terminal.master, b"j" if len(found) % 40 < 20 else b"k")
        while place(terminal) == before and time.perf_counter() - began < 5:
            terminal.read(0.001)
        found.append((time.perf_counter() - began) * 1000)
    return found


def told(name: str, found: list[float]) -> None:
    """One line of figures."""
    last = sorted(found)[min(int(len(found) * 0.99), len(found) - 1)]
    print(f"     {name}: a move {statistics.median(found):.1f} ms, 99% {last:.1f} ms ({len(found)})")


def kept(store: Path) -> tuple[int, int]:
    """How many messages there are, and how many numbers they have: twice the same would be one number too few."""
    from console.clock import now
    from console.kinds import KINDS
    from storage.files import FileStore
    from storage.options import Options

    files = FileStore(str(store), Options(now=now, kinds=KINDS))
    docs = files.load().documents.get("messages", {})
    files.close()
    again = [number for each in docs.values() for number in each.get("again", ())]
    return len(docs), len({*(each["number"] for each in docs.values()), *again})


def burst(
    terminal: Terminal, listener: Listener, said: list[bytes], store: Path, want: int, rate: float = 0.0
) -> tuple[list[float], float]:
    """Everything is said while somebody moves the cursor: key to paint, and seconds until all of it was kept."""
    stop, took = threading.Event(), list[float]()

    def speak() -> None:
        began = time.monotonic()
        listener.say(said, rate)
        while time.monotonic() - began < 120 and journalled(store) < want:
            time.sleep(0.1)
        took.append(time.monotonic() - began)
        stop.set()

    speaker = threading.Thread(target=speak)
    speaker.start()
    found = keys(terminal, stop)
    speaker.join()
    return found, took[0]


def journalled(store: Path) -> int:
    """How many messages the journal holds, counted from outside."""
    for path in store.glob("journal/*"):
        try:
            _SEEN[path.name] = path.read_bytes().count(b'["messages",')
        except OSError:
            continue  # it has become part of a snapshot: what was counted stays
    return sum(_SEEN.values())


_SEEN: dict[str, int] = {}
"""File of the journal → messages that were seen in it."""


def main() -> None:
    """Idle, burst, and what is left of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--open", type=int, default=300)
    parser.add_argument("--archived", type=int, default=20_000)
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="wanjia-burst-"))
    store = folder / "store"
    try:
        apart(prepare, store, args.open, args.archived)
        sign_on(store)
        print(f"{args.open} open, {args.archived} archived; {args.messages} messages; {os.cpu_count()} cores")
        listener = Listener(store, folder)
        terminal = Terminal(wanjia(store, who="bench"), size=(80, 24), XDG_CACHE_HOME=str(folder))
        try:
            _measure(terminal, listener, store, args.messages)
        finally:
            terminal.close()
            listener.end()
        count, numbers = kept(store)
        print(f"     kept {count}: {args.messages - numbers} lost, {numbers - count} twice")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(terminal: Terminal, listener: Listener, store: Path, count: int) -> None:
    """The officer's keys with a silent bridge, and with everything said in two halves: on the queue, on the messages."""
    terminal.wait("回车")
    terminal.read(8)
    before = (memory(listener.process.pid), memory(terminal.process.pid))
    told("the queue, nobody speaks", keys(terminal))
    said = frames(count)
    half, pace = count // 2, count // 4
    found, took = burst(terminal, listener, said[:pace], store, pace, RATE)
    told(f"the queue, {pace} messages at {RATE:.0f} a second", found)
    found, took = burst(terminal, listener, said[pace:half], store, half)
    told(f"the queue, {half - pace} at once, kept after {took:.1f} s", found)
    between = (memory(listener.process.pid), memory(terminal.process.pid))
    terminal.keys("J", 3)
    told("the group's messages, nobody speaks", keys(terminal))
    found, took = burst(terminal, listener, said[half : half + pace], store, half + pace, RATE)
    told(f"the group's messages, {pace} at {RATE:.0f} a second", found)
    found, took = burst(terminal, listener, said[half + pace :], store, count)
    told(f"the group's messages, {count - half - pace} at once, kept after {took:.1f} s", found)
    after = (memory(listener.process.pid), memory(terminal.process.pid))
    for n, name in enumerate(("listener", "console")):
        row = " → ".join(f"{_megabytes(each[n]):.1f}" for each in (before, between, after))
        print(f"     memory of the {name}, before, after half, after all: {row} MB")


def _megabytes(found: tuple[int, int]) -> float:
    """What ``memory`` tells, in megabytes of its own."""
    return found[1] / 1024


if __name__ == "__main__":
    main()
