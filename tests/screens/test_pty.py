"""The real program in a real terminal: it begins, paints, survives what terminals do, and ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.console.helpers import ROOT
from tests.screens.ptys import Terminal, wanjia


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up community, made once."""
    folder = tmp_path_factory.mktemp("demo") / "store"
    done = subprocess.run(
        [sys.executable, "-m", "screens", "--lang", "zh", "demo", "--keep", str(folder)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    assert done.returncode == 0
    return folder


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "store"))


@pytest.fixture
def terminal(store: Path, tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Open the console on a terminal of its own."""
    opened: list[Terminal] = []

    def start(*more: str, who: str = "lina", **how: str) -> Terminal:
        found = Terminal(wanjia(store, *more, who=who), XDG_CACHE_HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path), **how)
        opened.append(found)
        return found

    yield start
    for each in opened:
        each.close()


@pytest.mark.parametrize("driver", ["thin", "textual"])
def test_it_begins_paints_obeys_and_ends(terminal: Callable[..., Terminal], driver: str) -> None:
    one = terminal("--driver", driver, "--lang", "zh")
    one.wait("待你接班", "复述")
    one.keys("\x1b", 0.6)
    one.wait("未结 10", "马蜂窝", "命令")
    one.keys("j\r")
    one.wait("法定")
    one.keys("q")
    one.wait("未结 10")
    one.keys("q")
    one.wait("退出控制台")
    one.keys("\r")
    assert one.end() == 0
    assert b"\x1b[?1049l" in one.raw


TERMS = ("xterm-256color", "xterm", "linux", "vt220", "screen", "tmux", "tmux-256color")


@pytest.mark.parametrize("term", TERMS)
def test_on_every_terminal_nothing_it_does_not_know(terminal: Callable[..., Terminal], term: str) -> None:
    one = terminal("--lang", "zh", term=term)
    one.wait("待你接班")
    one.keys("\x1b", 0.6)
    one.wait("未结 10", "处置中")
    for asked in (b"?2048", b"]22;", b"?1003", b">1u", b"?1016"):
        assert asked not in one.raw, asked
    if term in ("linux", "vt220", "xterm", "screen", "tmux"):
        assert b"38;2;" not in one.raw and b"38;5;" not in one.raw
    if term in ("linux", "vt220", "screen"):
        assert b"?2004" not in one.raw and b"?2026" not in one.raw
    if term == "vt220":
        assert b"\x1b[3" not in one.raw.replace(b"\x1b[3;", b"").replace(b"\x1b[3H", b"")


@pytest.mark.parametrize(("term", "said"), [("dumb", "TERM=dumb"), ("", "TERM=dumb")])
def test_a_terminal_that_cannot_show_it_is_told_so(terminal: Callable[..., Terminal], term: str, said: str) -> None:
    one = terminal("--lang", "zh", term=term)
    assert one.end() == 2
    assert one.process.stderr is not None and said in one.process.stderr.read().decode()
    assert one.raw == b""


def test_without_a_terminal_there_is_a_clear_word(store: Path) -> None:
    done = subprocess.run(wanjia(store, "--lang", "en"), input="", capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 2 and "needs a terminal" in done.stderr and done.stdout == ""


def test_a_terminal_of_no_size_is_told_so(terminal: Callable[..., Terminal]) -> None:
    one = terminal("--lang", "en", size=(0, 0))  # type: ignore[arg-type]
    assert one.end() == 2
    assert one.process.stderr is not None and "no size" in one.process.stderr.read().decode()


def test_a_hang_up_in_the_middle_of_a_form_ends_it_and_keeps_the_draft(
    store: Path, terminal: Callable[..., Terminal]
) -> None:
    one = terminal("--lang", "zh")
    one.wait("待你接班")
    one.keys("n", 0.5)
    one.keys("xsd1", 0.3)
    one.keys("金桂苑2幢\t\t王芳\t13800001234\t一楼返", 0.2)
    one.hang_up()
    start = time.monotonic()
    one.process.wait(5)
    assert time.monotonic() - start < 2
    other = terminal("--lang", "zh")
    other.wait("没写完")
    other.keys("E")
    other.wait("王芳", "一楼返")
    other.keys("\r")
    other.wait("13800001234", "一楼返")


def test_kill_minus_nine_loses_no_more_than_the_last_pause(store: Path, terminal: Callable[..., Terminal]) -> None:
    one = terminal("--lang", "zh")
    one.wait("待你接班")
    one.keys("n", 0.5)
    one.keys("xsd1", 0.3)
    one.keys("金桂苑2幢", 1.5)
    os.kill(one.process.pid, signal.SIGKILL)
    one.process.wait()
    other = terminal("--lang", "zh")
    other.wait("没写完")
    other.keys("n")
    other.wait("金桂苑2幢", "下水道堵塞")


def test_a_terminated_session_ends_cleanly(terminal: Callable[..., Terminal]) -> None:
    one = terminal("--lang", "zh")
    one.wait("待你接班")
    one.process.send_signal(signal.SIGTERM)
    assert one.end() == 143
    assert b"\x1b[?1049l" in one.raw


@pytest.mark.parametrize("driver", ["thin", "textual"])
def test_a_window_changes_its_size(terminal: Callable[..., Terminal], driver: str) -> None:
    one = terminal("--lang", "zh", "--driver", driver)
    one.wait("待你接班")
    one.keys("\x1b", 0.6)
    one.wait("未结 10")
    for size in ((40, 12), (160, 50), (80, 24)):
        one.resize(size)
        one.read(0.6)
        one.wait("-0005" if size[0] < 160 else "报事")


def test_bytes_that_are_no_utf8_do_no_harm_and_are_explained(terminal: Callable[..., Terminal]) -> None:
    one = terminal("--lang", "zh")
    one.wait("待你接班")
    os.write(one.master, "中文".encode("gb18030"))
    one.wait("UTF-8")
    one.keys("\x1b", 0.6)
    one.wait("未结 10")


def test_a_terminal_that_speaks_gb18030(terminal: Callable[..., Terminal]) -> None:
    one = terminal("--lang", "zh", "--charset", "gb18030", charset="gb18030")
    one.wait("待你接班")
    one.keys("n", 0.5)
    one.keys("xsd1", 0.3)
    one.keys("金桂苑", 0.5)
    one.wait("金桂苑", "下水道堵塞")


@pytest.mark.parametrize("bracketed", [True, False])
def test_a_paste_is_taken_whole_and_submits_nothing(terminal: Callable[..., Terminal], bracketed: bool) -> None:
    one = terminal("--lang", "zh")
    one.wait("待你接班")
    one.keys("n", 0.5)
    one.keys("xsd1\t\t\t\t", 0.4)
    said = "第一行 污水\r第二行 冒出来\r第三行 快来"
    one.keys(f"\x1b[200~{said}\x1b[201~" if bracketed else said, 0.5)
    one.wait("第一行 污水", "第二行 冒出来", "第三行 快来", "新建")


def test_escape_codes_of_residents_are_shown_and_never_sent(store: Path, terminal: Callable[..., Terminal]) -> None:
    said = "\x1b]0;hacked\x07\x1b[2J[red]救命[/red]\u202e倒着\u200b\x9b31m"
    run = [sys.executable, "-m", "screens", "--store", str(store), "--as", "lina", "add", said]
    subprocess.run(run, cwd=ROOT, check=True, capture_output=True)
    one = terminal("--lang", "zh")
    one.wait("待你接班")
    one.keys("\x1b", 0.6)
    one.wait("[2J[red]救命")
    one.keys("/救命\r", 0.5)
    one.keys("\r", 0.5)
    one.wait("[red]救命[/red]")
    assert b"hacked\x07" not in one.raw and b"\x1b[2J[red]" not in one.raw and "\u202e".encode() not in one.raw
    assert "\x9b".encode() not in one.raw


def test_an_idle_console_is_silent(terminal: Callable[..., Terminal]) -> None:
    """Nothing is written and nothing wakes it between two minutes, when the clock changes."""
    one = terminal("--lang", "zh")
    one.wait("待你接班")
    one.read(1.5)
    left = 60 - time.time() % 60
    if left < 8:  # the minute would fall into it
        one.read(left + 3)
    woken = switches(one.process.pid)
    assert one.read(3.0) == b""
    assert switches(one.process.pid) - woken <= 1


def switches(pid: int) -> int:
    """How often the threads of a process went to sleep of their own will."""
    count = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        status = Path(f"/proc/{pid}/task/{task}/status").read_text()
        count += next(int(line.split()[1]) for line in status.splitlines() if line.startswith("voluntary"))
    return count
