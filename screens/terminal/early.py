"""Painting before anything else is there: what the person saw last, in the terminal's raw mode, without Textual.

The driver takes over from here: it finds the terminal's own settings in ``entered``, and knows what stands there.
"""

from __future__ import annotations

import os
import termios
import tty
from typing import Any

ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l"
"""Other screen, cursor hidden, no wrapping at the last column."""

LEAVE = "\x1b[m\x1b[?7h\x1b[?1049l\x1b[?25h"
"""All of that undone."""

entered: list[list[Any]] = []
"""The terminal's own settings, while this has taken it and nobody has given it back."""


def raw(fd: int) -> None:
    """Every key as it comes, no echo, nothing obeyed by the line discipline. What was typed before stays to be read."""
    mode = termios.tcgetattr(fd)
    mode[tty.LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    mode[tty.IFLAG] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    mode[tty.CC][termios.VMIN] = 1
    termios.tcsetattr(fd, termios.TCSANOW, mode)


def paint(data: bytes) -> None:
    """Take the terminal and paint."""
    try:
        settings = termios.tcgetattr(0)
        raw(0)
    except termios.error:
        return
    entered.append(settings)
    os.write(1, ENTER.encode() + data)


def leave() -> None:
    """Give the terminal back, where the program could not begin."""
    if entered:
        settings = entered.pop()
        os.write(1, LEAVE.encode())
        termios.tcsetattr(0, termios.TCSANOW, settings)
