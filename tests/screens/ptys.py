"""The real program in a pseudo-terminal, and the terminal it talks to, played by pyte."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path

import pyte

from tests.console.helpers import ROOT

UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b\[[0-9;]* q|\x1b\[\?[0-9;]*m")
"""Sequences that pyte does not know and would print."""


class Terminal:
    """One program on one terminal."""

    def __init__(
        self,
        argv: Sequence[str],
        size: tuple[int, int] = (80, 24),
        term: str = "xterm-256color",
        charset: str = "utf-8",
        **environment: str,
    ) -> None:
        self.size, self.charset, self.raw = size, charset, b""
        self.screen = pyte.Screen(*size)
        self.stream = pyte.ByteStream(self.screen)
        self._decode = codecs.getincrementaldecoder(charset)("replace").decode
        self.master, slave = pty.openpty()
        self._resize(size)
        env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        env |= {"TERM": term, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", **environment}

        def begin() -> None:
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            argv,
            stdin=slave,
            stdout=slave,
            stderr=slave if "textual" in argv else subprocess.PIPE,
            env=env,
            preexec_fn=begin,
            close_fds=True,
            cwd=ROOT,
        )
        os.close(slave)

    def _resize(self, size: tuple[int, int]) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def resize(self, size: tuple[int, int]) -> None:
        self.size = size
        self.screen.resize(size[1], size[0])
        self._resize(size)
        os.killpg(self.process.pid, signal.SIGWINCH)

    def read(self, seconds: float = 0.05) -> bytes:
        """What comes within a while."""
        found = b""
        until = time.monotonic() + seconds
        while True:
            left = until - time.monotonic()
            if left < 0 or not select.select((self.master,), (), (), max(left, 0))[0]:
                break
            try:
                data = os.read(self.master, 65536)
            except OSError:
                break
            if not data:
                break
            found += data
        self.raw += found
        self.stream.feed(UNKNOWN.sub(b"", self._decode(found).encode()))
        return found

    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait(self, *words: str, seconds: float = 20) -> str:
        """Until all these words stand on the screen."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.read(0.05)
            if all(word in self.shown() for word in words):
                return self.text()
            if self.process.poll() is not None:
                self.read(0.2)
                if all(word in self.shown() for word in words):
                    return self.text()
                break
        problem = self.process.stderr.read().decode() if self.process.stderr and self.process.poll() is not None else ""
        raise AssertionError(f"{words} not in\n{self.text()}\n{problem}")

    def shown(self) -> str:
        """The screen without the second cells of wide characters."""
        return "\n".join(
            "".join(self.screen.buffer[y][x].data for x in range(self.screen.columns)) for y in range(self.screen.lines)
        )

    def keys(self, said: str, pause: float = 0.25) -> None:
        os.write(self.master, said.encode(self.charset))
        self.read(pause)

    def end(self, seconds: float = 30) -> int:
        """Wait for the end: the exit status."""
        until = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < until:
            self.read(0.02)
        return self.process.wait(1)

    def hang_up(self) -> None:
        os.close(self.master)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.process.stderr:
            self.process.stderr.close()
        try:
            os.close(self.master)
        except OSError:
            pass


def wanjia(folder: Path, *more: str, who: str = "lina") -> list[str]:
    """The command line of the console on a store."""
    return [sys.executable, "-m", "screens", "--store", str(folder), "--as", who, *more]
