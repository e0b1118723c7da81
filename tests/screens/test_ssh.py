"""Over a real sshd on loopback, as its forced command, as an ordinary user: what an officer's day goes through."""

from __future__ import annotations

import itertools
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.console.helpers import ROOT
from tests.screens.ptys import Terminal
from tests.screens.test_pty import made

__all__ = ["made"]

USER = "wanjia-test"
COUNT = itertools.count()
SSHD = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin")
SLOW = ROOT.parent / "shared" / "tools" / "slowlink.py"


PATH = f"{ROOT}:{sysconfig.get_path('purelib')}"


def interpreter(user: str) -> str:
    """A Python that this user may run with the packages of this one; the test is skipped aloud where there is none."""
    minor = f"python3.{sys.version_info.minor}"
    for each in (sys.executable, f"/usr/bin/{minor}", f"/usr/local/bin/{minor}"):
        tried = [
            "su",
            user,
            "-s",
            "/bin/sh",
            "-c",
            f"cd {ROOT} && PYTHONPATH={PATH} {each} -c 'import textual, orjson, screens'",
        ]
        if subprocess.run(tried, check=False, capture_output=True).returncode == 0:
            return each
    pytest.skip("an ordinary user cannot read this checkout, or has no Python of this version")


def open_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def ssh(made: Path) -> Iterator[Callable[..., Terminal]]:
    """A server of this test's own; open terminals through it."""
    if SSHD is None or shutil.which("ssh") is None:
        pytest.skip("openssh is not on this machine")
    if os.getuid() != 0 or shutil.which("useradd") is None:
        pytest.skip("a server for another user needs root")
    name = f"{USER}-{os.getpid()}-{next(COUNT)}"
    home = Path(f"/tmp/{name}")
    shutil.copytree(made, home / "store")
    subprocess.run(["useradd", "-M", "-d", str(home), "-s", "/bin/sh", "-p", "*", name], check=True)
    server = None
    opened: list[Terminal] = []
    try:
        subprocess.run(["chown", "-R", f"{name}:", str(home)], check=True)
        home.chmod(0o755)
        python = interpreter(name)
        for key in ("host", "client"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(home / key)], check=True)
        shutil.copy(home / "client.pub", home / "authorized")
        (home / "authorized").chmod(0o644)
        command = (
            f"PYTHONPATH={PATH} exec {python} -m screens --lang zh --store {home}/store --as ${{SSH_ORIGINAL_COMMAND:-lina}}"
        )
        port = open_port()
        (home / "config").write_text(
            f"Port {port}\nListenAddress 127.0.0.1\nHostKey {home}/host\nAuthorizedKeysFile {home}/authorized\nUsePAM no\n"
            f"StrictModes no\nPidFile {home}/pid\nForceCommand cd {ROOT} && {command}\nPrintMotd no\n"
        )
        Path("/run/sshd").mkdir(exist_ok=True)
        server = subprocess.Popen([SSHD, "-D", "-e", "-f", str(home / "config")], stderr=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)

        def start(*more: str, who: str = "lina", **how: str) -> Terminal:
            argv = ["ssh", "-tt", "-F", "none", "-i", str(home / "client"), "-p", str(port), "-o", "StrictHostKeyChecking=no",
                    "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", *more, f"{name}@127.0.0.1", who]  # fmt: skip
            found = Terminal(argv, **how)  # type: ignore[arg-type]
            opened.append(found)
            return found

        yield start
    finally:
        for each in opened:
            each.close()
        if server is not None:
            server.terminate()
            server.wait()
        subprocess.run(["pkill", "-KILL", "-u", str(pwd.getpwnam(name).pw_uid)], check=False)
        subprocess.run(["userdel", "-f", name], check=False, capture_output=True)
        shutil.rmtree(home, ignore_errors=True)


def running() -> int:
    """How many consoles run for the users of these tests."""
    store = f"/tmp/{USER}-{os.getpid()}-"
    found = subprocess.run(["pgrep", "-f", f"[s]creens .*{store}"], capture_output=True, text=True, check=False)
    return len(found.stdout.split())


def test_a_shift_over_ssh_and_a_hang_up_in_the_middle_of_a_form(ssh: Callable[..., Terminal]) -> None:
    one = ssh()
    one.wait("待你接班", "复述")
    one.keys("\r")
    one.keys("周先生家漫水,沙袋垫了,物业在通管\r", 0.6)
    one.wait("周先生家漫水")
    one.keys("\x1b", 0.8)
    one.wait("未结 10")
    one.resize((120, 30))
    one.wait("报事")
    one.resize((80, 24))
    one.keys("n", 0.5)
    one.keys("xsd1", 0.4)
    one.keys("金桂苑2幢\t\t王芳", 1.2)
    assert running() == 1
    one.process.kill()
    until = time.monotonic() + 5
    start = time.monotonic()
    while running() and time.monotonic() < until:
        time.sleep(0.02)
    assert running() == 0 and time.monotonic() - start < 2
    other = ssh()
    other.wait("没写完")
    other.keys("n")
    other.wait("金桂苑2幢", "王芳", "下水道堵塞")


def new_case(one: Terminal, initials: str, place: str, name: str, contact: str, said: str, last: str) -> None:
    """A telephone call, as it is typed."""
    one.keys("n", 0.5)
    one.keys(initials, 0.4)
    one.keys("1", 0.3)
    for text in (place, "", name, contact):
        one.keys(text, 0.2) if text else None
        one.keys("\t", 0.2)
    one.keys(said, 0.6)
    one.keys(last, 0.8)


def test_a_whole_day_over_ssh(ssh: Callable[..., Terminal]) -> None:
    """Take over, a call, two agencies, one returned, close, merge, undo, log, hand over, sign off; the next takes over."""
    one = ssh()
    one.wait("待你接班", "复述")
    words = (
        "周先生家漫水,沙袋垫了,等物业通管",
        "东门摊位挡婴儿车,叫执法来劝",
        "菜贩占道第二次报,跟上一件一起办",
        "孩子被蜇,等赵队来摘,先拉线",
        "电瓶车拉线那件被退了,换一家再派一次",
        "桶倒了先扶起来,回头看谁撞的",
    )
    for said in words:  # the cursor goes from one that is lacking to the next; ticks lie between
        lacks = re.search(r"还差复述 (\d+) 条", one.shown().replace("\0", ""))
        if lacks is None or lacks[1] == "0":
            break  # how many are urgent depends on the hours of the day
        for _ in range(12):
            one.keys("\r", 0.3)
            if "确定" in one.shown().splitlines()[-1]:
                break
            one.keys(" ", 0.3)
        one.keys(said, 0.3)
        one.keys("\r", 0.5)
    one.keys("g", 0.2)
    for _ in range(14):
        one.keys(" ", 0.15)
        one.keys("j", 0.1)
    one.wait("都看过了")
    one.keys("S", 0.8)
    one.wait("已接班")
    one.keys("\x1b", 0.8)
    one.wait("未结 10", "我的")
    new_case(one, "xsd", "金桂苑2幢", "王芳", "13800001234", "污水从井盖冒出来", "\x04")
    one.wait("派遣", "污水从井盖冒出来")
    one.keys("\r", 0.6)  # the usual agency
    one.wait("待处置")
    one.keys("/污水从井盖\r", 0.6)
    one.wait("1/1")
    one.keys("d", 0.5)
    one.keys("派出所", 0.3)
    one.keys("\r", 0.3)
    one.keys("\r", 0.6)
    one.keys("x", 0.5)
    one.keys("2", 0.4)
    one.keys("不归派出所管\t", 0.4)
    one.keys("周警官\r", 0.6)
    one.keys("t", 0.4)
    one.keys("1", 0.4)
    one.keys("小刘\r", 0.6)
    one.keys("O", 0.4) if "退回" in one.shown().splitlines()[2] else None
    one.keys("\x1b", 0.6)
    one.keys("t", 0.4)
    one.keys("2", 0.4)
    one.keys("已疏通\t", 0.3)
    one.keys("小刘\r", 0.6)
    one.wait("退回")
    one.keys("O", 0.5)
    one.keys("\r", 0.5)
    one.keys("o", 0.5)
    one.keys("\r", 0.6)
    one.wait("待核查")
    one.keys("c", 0.5)
    one.keys("1", 0.3)
    one.keys("\r", 0.8)
    one.wait("已结案")
    one.keys("\x1b", 0.8)
    one.keys("/摊贩堵路\r", 0.6)
    one.wait("1/1", "菜场门口摊贩堵路")
    one.keys("m", 0.5)
    one.keys("8\r", 0.5)
    one.wait("东门又是卖菜的")
    one.keys("\r", 0.8)
    one.wait("0008")
    one.keys("u", 0.5)
    one.wait("撤销自己的上一步", "并案")
    one.keys("\r", 0.8)
    one.keys("L", 0.6)
    one.keys("i", 0.5)
    one.keys("东门摊贩答应明早不来\r", 0.8)
    one.wait("东门摊贩答应明早不来")
    one.keys("p", 0.5)
    one.wait("已置顶")
    one.keys("H", 0.8)
    one.wait("情况清")
    one.keys("S", 0.4)
    one.wait("再按 S 签字")
    one.keys("S", 0.8)
    one.wait("已签字")
    one.keys("q", 0.5)
    one.keys("\x1b", 0.6)
    one.keys("Q", 0.5)
    two = ssh(who="zhang")
    two.wait("待你接班", "李娜")
    two.wait("还差复述")


def test_on_a_line_of_9600_bits_a_second(ssh: Callable[..., Terminal]) -> None:
    if not SLOW.exists():
        pytest.skip("the slow line of the folder shared is not on this machine")
    one = ssh("-o", f"ProxyCommand={sys.executable} {SLOW} %h %p 9600 150", "-o", "Compression=yes")
    one.wait("待你接班", "复述", seconds=60)
    one.keys("\x1b", 1.5)
    one.wait("未结 10", "处置中", seconds=30)
    one.keys("jjjj", 2.5)
    one.wait("占道经营", seconds=20)


def test_without_a_locale_and_on_a_terminal_without_a_name(ssh: Callable[..., Terminal]) -> None:
    one = ssh(LANG="C", LC_ALL="C")
    one.wait("待你接班")
    dumb = ssh(term="dumb")
    assert dumb.end() == 2 and "TERM=dumb" in dumb.raw.decode()
