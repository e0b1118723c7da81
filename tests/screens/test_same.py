"""The thin line beside Textual's own stage and driver: after the same keys both terminals show the same cells."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pytest

from tests.screens.ptys import Terminal, wanjia
from tests.screens.test_pty import made

__all__ = ["made"]

WALK = (
    "\x1b", "j", "j", "k", "G", "g", " ", " ", "\x1b[6~", "\x1b[5~", "2", "1", "\t", "1", "/", "菜场\r", "\x1b", "\r", "y", "j",
    "\x1b[6~", "q", "n", "xsd", "1", "金桂苑2幢\t\t王芳", "\x1b", "d", "1", "要求", "\x1b", "L", "k", "q", "H", "j", "w", "q", "?", "\x1b[6~", "q", ":",
    "pq", "\x1b", "T", "j", "\r", "我来说一遍", "\x1b", "\x1b", "E", "q", "\x0e", "j", "\x0e", "j", "u", "\x1b", "q", "\x1b",
)  # fmt: skip
"""A walk over every screen, forms and the palette among them."""


def cells(terminal: Terminal) -> list[list[tuple[object, ...]]]:
    """The cells but the clock's; of a blank only what shows."""
    found = []
    for y in range(terminal.screen.lines):
        row: list[tuple[object, ...]] = []
        for x in range(terminal.screen.columns):
            cell = terminal.screen.buffer[y][x]
            look = (cell.bg, cell.reverse, cell.underscore, cell.strikethrough)
            row.append((" ", *look) if cell.data in ("", " ") else (cell.data, *look, cell.fg, cell.bold))
        found.append(row)
    return found


def differing(one: Terminal, other: Terminal) -> list[str]:
    """The rows that differ, times of day aside."""
    found = []
    for y, (a, b) in enumerate(zip(cells(one), cells(other), strict=True)):
        if a != b:
            lines = ["".join(str(cell[0]) for cell in row) for row in (a, b)]
            plain = [re.sub(r"\d+", "#", line) for line in lines]
            if plain[0] != plain[1] or [cell[1:] for cell in a] != [cell[1:] for cell in b]:
                found += [f"{y}: {lines[0]}", f"{y}: {lines[1]}"]
    return found


def pair(made: Path, tmp_path: Path, theme: str, size: tuple[int, int]) -> tuple[Terminal, Terminal]:
    terminals = []
    for driver in ("thin", "textual"):
        store = Path(shutil.copytree(made, tmp_path / driver))
        argv = wanjia(store, "--lang", "zh", "--theme", theme, "--driver", driver)
        terminals.append(Terminal(argv, size, XDG_CACHE_HOME=str(tmp_path / f"{driver}c"), XDG_CONFIG_HOME=str(tmp_path)))
    for each in terminals:
        each.wait("复述")
    return terminals[0], terminals[1]


def settle(one: Terminal, other: Terminal) -> list[str]:
    """Read on until both show the same, or for a while."""
    wrong: list[str] = []
    for _ in range(40):
        one.read(0.03)
        other.read(0.03)
        wrong = differing(one, other)
        if not wrong and not one.read(0.12) and not other.read(0.12):
            return differing(one, other)
    return wrong


@pytest.mark.parametrize(
    ("theme", "size"),
    [("night", (80, 24)), ("day", (160, 50)), ("contrast", (80, 24)), ("sixteen", (80, 24)), ("mono", (40, 12))],
)
def test_the_same_cells_after_the_same_keys(made: Path, tmp_path: Path, theme: str, size: tuple[int, int]) -> None:
    one, other = pair(made, tmp_path, theme, size)
    try:
        assert settle(one, other) == []
        for key in WALK:
            for each in (one, other):
                if key == "\x1b":
                    each.keys(key, 0.2)
                else:
                    for char in [key] if key.startswith("\x1b") else key:
                        each.keys(char, 0.03)
            assert settle(one, other) == [], (theme, size, key)
    finally:
        one.close()
        other.close()


def test_the_same_cells_after_random_keys_and_sizes(made: Path, tmp_path: Path) -> None:
    chance = random.Random(11)
    one, other = pair(made, tmp_path, "night", (80, 24))
    names = ["j", "k", "G", "g", "\x1b[6~", " ", "\r", "\x1b", "L", "H", "?", "1", "2", "y", "\x0e"]
    try:
        for n in range(60):
            if n % 12 == 11:
                size = chance.choice([(40, 12), (100, 30), (160, 50), (80, 24)])
                one.resize(size)
                other.resize(size)
            key = chance.choice(names)
            for each in (one, other):
                each.keys(key, 0.2 if key == "\x1b" else 0.05)
            assert settle(one, other) == [], (n, key)
    finally:
        one.close()
        other.close()
