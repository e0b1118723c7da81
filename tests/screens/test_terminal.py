"""The thin line: what the stage writes makes a terminal show what Textual's own stage makes it show, cell by cell."""

from __future__ import annotations

import random
from typing import Any

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style

from screens.terminal.sgr import blank, change, parts
from screens.terminal.stage import Stage

STYLES = ["", "1", "31", "1;31", "7", "4", "38;5;102", "38;5;102;48;5;233", "48;5;233", "1;97;41", "9;90"]
PIECES = [
    "a",
    "bc d",
    " ",
    "     ",
    "马蜂窝",
    "下水道 ",
    "e\N{COMBINING ACUTE ACCENT}",
    "‼",
    "…",
    "─" * 6,
    "x" * 90,
    "宽" * 50,
]


class Terminal:
    """A terminal that pyte plays."""

    def __init__(self, width: int, height: int) -> None:
        self.screen = pyte.Screen(width, height)
        self.screen.reset_mode(pyte.modes.DECAWM)
        self.stream = pyte.Stream(self.screen)

    def cells(self) -> list[list[tuple[str, ...]]]:
        """What stands in each cell and how it looks; on a blank only what shows there."""
        found = []
        for y in range(self.screen.lines):
            row = []
            for x in range(self.screen.columns):
                cell = self.screen.buffer[y][x]
                back = cell.fg if cell.reverse else cell.bg
                look = (back, str(cell.underscore), str(cell.strikethrough), str(cell.reverse))
                row.append((cell.data, *look) if cell.data == " " else (cell.data, *look, cell.fg, cell.bg, str(cell.bold)))
            found.append(row)
        return found


def drawn(stage: Stage, lines: dict[int, list[tuple[str, str]]]) -> dict[int, Any]:
    """Rows for a stage: each whole, of (text, style)."""
    rows = {}
    for y, line in lines.items():
        row = stage.row(y)
        size = sum(2 if ord(c) > 0x2E80 else 0 if ord(c) == 0x301 else 1 for text, _ in line for c in text)
        padded = [*line, (" " * max(stage.width - size, 0), "")]
        stage.put(row, 0, [Segment(text, Style(), None) for text, _ in padded], style_of=iter_styles([s for _, s in padded]))
        rows[y] = row
    return rows


def iter_styles(styles: list[str]) -> Any:
    """The styles one after the other, whatever is asked for."""
    left = iter(styles)
    return lambda style: next(left)


def plain(stage: Stage) -> str:
    """What a stage that knows nothing would write: everything, each cell by itself."""
    out = ["\x1b[m\x1b[2J"]
    for y in range(stage.height):
        x = 0
        while x < stage.width:
            char = stage.chars[y][x]
            if char:
                out.append(f"\x1b[{y + 1};{x + 1}H\x1b[0;{stage.styles[y][x]}m{char}")
            x += 1
    return "".join(out)


def wanted(width: int, height: int, held: dict[int, list[tuple[str, str]]]) -> list[list[tuple[str, ...]]]:
    """What a terminal shows on which these rows were written from nothing."""
    stage, terminal = Stage(width, height), Terminal(width, height)
    for y, row in drawn(stage, held).items():
        stage.chars[y], stage.styles[y] = row
    terminal.stream.feed(plain(stage))
    return terminal.cells()


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_what_is_written_makes_the_terminal_show_what_the_stage_holds(data: st.DataObject) -> None:
    width, height = data.draw(st.sampled_from([(20, 6), (40, 12), (80, 24)]))
    stage, terminal = Stage(width, height), Terminal(width, height)
    line = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(STYLES)), max_size=5)
    lines: dict[int, list[tuple[str, str]]] = {}
    held: dict[int, list[tuple[str, str]]] = {}
    for _ in range(data.draw(st.integers(1, 6))):
        kind = data.draw(st.sampled_from(["some", "all", "scroll", "back"]))
        if kind == "some":
            lines = {data.draw(st.integers(0, height - 1)): data.draw(line)}
        elif kind == "all":
            lines = {y: data.draw(line) for y in range(height)}
        else:
            by = data.draw(st.integers(1, 3)) * (1 if kind == "scroll" else -1)
            before, left_out = held, data.draw(st.sets(st.integers(0, height - 1), max_size=height // 2))
            lines = {y: before.get(y + by, [(f"new {y} {by}", "")]) for y in range(height) if y not in left_out}
        held |= lines
        terminal.stream.feed(stage.show(drawn(stage, lines)))
        assert terminal.cells() == wanted(width, height, held)


def test_a_cursor_that_moves_one_line_costs_a_few_bytes_and_a_scrolled_page_is_scrolled() -> None:
    stage = Stage(80, 24)
    listed = {y: [(" ", ""), (f"20261123-{y:04d} 下水道堵塞 第{y}号楼", "")] for y in range(24)}
    stage.show(drawn(stage, listed))
    first = drawn(stage, {3: [(" ", ""), *listed[3][1:]], 4: [("▌", "1"), *listed[4][1:]]})
    assert len(stage.show(first).encode()) <= 20
    assert stage.show(first) == ""
    scrolled = {y: [(" ", ""), (f"20261123-{y + 1:04d} 下水道堵塞 第{y + 1}号楼", "")] for y in range(24)}
    said = stage.show(drawn(stage, scrolled))
    assert "\x1b[1;24r" in said and len(said.encode()) < 120


@pytest.mark.parametrize("old", STYLES)
@pytest.mark.parametrize("new", STYLES)
def test_a_change_of_style_leads_to_the_very_style(old: str, new: str) -> None:
    one, other = Terminal(4, 1), Terminal(4, 1)
    one.stream.feed(f"\x1b[{old}m{change(old, new)}x")
    other.stream.feed(f"\x1b[0;{new}mx")
    assert one.screen.buffer[0][0] == other.screen.buffer[0][0]


def test_a_style_is_taken_apart() -> None:
    assert parts("1;38;2;1;2;3;48;5;9;4") == ({"1", "4"}, "38;2;1;2;3", "48;5;9")
    assert blank("1;31;44") == "44" and blank("7;31;44") == "7;31;44" and blank("") == ""


def test_random_walks_on_one_stage_never_leave_a_stray_cell() -> None:
    chance = random.Random(5)
    stage, terminal = Stage(60, 10), Terminal(60, 10)
    for _ in range(400):
        y = chance.randrange(10)
        line = [(chance.choice(PIECES), chance.choice(STYLES)) for _ in range(chance.randint(0, 4))]
        terminal.stream.feed(stage.show(drawn(stage, {y: line})))
    other = Terminal(60, 10)
    other.stream.feed(plain(stage))
    assert terminal.cells() == other.cells()


def test_rows_that_look_alike_are_not_moved_from_under_those_that_stay() -> None:
    """Some rows change to what other rows showed; the rows between them are not in the update and must stay."""
    chance = random.Random(3)
    stage, terminal, held = Stage(40, 16), Terminal(40, 16), {}
    for _ in range(300):
        some = chance.sample(range(16), chance.randint(5, 10))
        lines = {y: [(chance.choice(["│ bar", "一行", "another line"]), chance.choice(["", "48;5;233"]))] for y in some}
        held |= lines
        terminal.stream.feed(stage.show(drawn(stage, lines)))
        assert terminal.cells() == wanted(40, 16, held)
    assert len(held) == 16
