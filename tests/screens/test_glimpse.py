"""Painted before the program is there: what one saw last, marked as such; moves are kept, acts are not done unseen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console import glimpse
from screens.terminal.stage import Stage
from tests.console.helpers import ROOT
from tests.screens.ptys import Terminal, wanjia


@pytest.fixture
def station(tmp_path: Path) -> Path:
    """A station with somebody on duty and three cases."""
    store = tmp_path / "store"
    run = [sys.executable, "-m", "screens", "--lang", "zh", "--store", str(store)]
    env = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}
    subprocess.run([*run, "init", "--chief", "lina"], cwd=ROOT, env=env, check=True, capture_output=True)
    for argv in (["do", "sign_on"], ["add", "路灯不亮"], ["add", "下水道堵了"], ["add", "有人问路"]):
        subprocess.run([*run, "--as", "lina", *argv], cwd=ROOT, env=env, check=True, capture_output=True)
    return store


@pytest.fixture
def start(station: Path, tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def begin(*more: str) -> Terminal:
        argv = wanjia(station, "--lang", "zh", *more)
        opened.append(Terminal(argv, XDG_CACHE_HOME=str(tmp_path / "cache"), XDG_CONFIG_HOME=str(tmp_path)))
        return opened[-1]

    yield begin
    for each in opened:
        each.close()


def leave(one: Terminal) -> None:
    one.wait("路灯不亮", "下一步")
    one.keys("q", 0.4)
    one.keys("\r", 0.4)
    assert one.end() == 0


def first_burst(one: Terminal) -> bytes:
    """What comes first, until a while nothing comes."""
    until = time.monotonic() + 5
    found = b""
    while time.monotonic() < until and not found:
        found = one.read(0.01)
    return found


def test_the_second_start_paints_at_once_what_was_seen_and_then_becomes_live(start: Callable[..., Terminal]) -> None:
    leave(start())
    two = start()
    assert "路灯不亮".encode() in first_burst(two)
    assert "~" in two.text().splitlines()[0]
    two.read(1.5)
    assert "~" not in two.text().splitlines()[0] and "未结 3" in two.text().splitlines()[0]
    assert two.raw.count("路灯不亮".encode()) <= 3, "the rows are not painted again, the preview is"


def test_moves_typed_meanwhile_are_kept_and_an_act_is_not_done(start: Callable[..., Terminal], station: Path) -> None:
    leave(start())
    two = start()
    first_burst(two)
    os.write(two.master, b"jjfd")
    two.wait("没有执行")
    assert "3/3" in two.text() and "立案" not in two.text().splitlines()[0]
    listed = subprocess.run(
        [sys.executable, "-m", "screens", "--store", str(station), "--as", "lina", "list", "--query", "status:new"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert len(listed.stdout.splitlines()) == 3


def test_nothing_is_painted_for_another_or_once_one_is_off_duty(
    start: Callable[..., Terminal], station: Path, tmp_path: Path
) -> None:
    leave(start())
    other = Terminal(
        wanjia(station, "--lang", "zh", who="nobody"), XDG_CACHE_HOME=str(tmp_path / "cache"), XDG_CONFIG_HOME=str(tmp_path)
    )
    assert other.end() != 0 and "路灯不亮".encode() not in other.raw
    other.close()
    subprocess.run(
        [sys.executable, "-m", "screens", "--store", str(station), "--as", "lina", "do", "hand_over"], cwd=ROOT, check=True
    )
    two = start()
    two.wait("你已交班签字")
    two.keys("\x1b", 0.6)
    two.keys("q", 0.4)
    two.keys("\r", 0.4)
    two.end()
    three = start()
    three.wait("你已交班签字")
    assert "路灯不亮".encode() not in three.raw.split(b"\x1b[2J")[0]


def test_a_program_that_cannot_begin_gives_the_terminal_back(start: Callable[..., Terminal], station: Path) -> None:
    leave(start())
    shutil.rmtree(station)
    two = start()
    assert two.end() == 3
    assert two.raw.index(b"\x1b[?1049l") > two.raw.index(b"\x1b[?1049h")
    assert two.process.stderr is not None and "wanjia:" in two.process.stderr.read().decode()


@pytest.mark.parametrize(
    ("argv", "opens"),
    [
        ([], True), (["--as", "li"], True), (["--store=x", "--ascii"], True), (["list"], False), (["--as", "list", "list"], False),
        (["--driver", "textual"], False), (["--driver=thin"], True), (["--help"], False), (["demo"], False),
    ],
)  # fmt: skip
def test_which_command_lines_open_the_console(argv: list[str], opens: bool) -> None:
    assert glimpse.opens_console(argv) is opens


def test_what_is_kept_is_the_owners_alone_and_a_ruined_file_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    glimpse.save("a", b"paint", "cells")
    assert (glimpse.load("a"), glimpse.cells("a"), glimpse.load("b")) == (b"paint", "cells", b"")
    for file in (tmp_path / "wanjia").iterdir():
        assert file.stat().st_mode & 0o077 == 0
        file.write_bytes(b"\xff\xfe rubbish")
    assert (glimpse.load("a"), glimpse.cells("a")) == (b"", "")
    glimpse.forget("a")
    assert list((tmp_path / "wanjia").iterdir()) == []
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    glimpse.save("a", b"paint", "cells")
    assert glimpse.load("a") == b""


def test_a_stage_is_told_and_read_again_and_rubbish_is_none() -> None:
    stage = Stage(6, 2)
    row = stage.row(0)
    stage.put(row, 0, [("马a", None, None)], lambda _: "")
    stage.show({0: row})
    again = Stage.told(stage.tell())
    assert again is not None and again.chars == stage.chars and again.whole() == stage.whole()
    for rubbish in ("", "{}", "[1,2,true,[],[]]", "[2,1,true,[[1]],[[1]]]", "null"):
        assert Stage.told(rubbish) is None
