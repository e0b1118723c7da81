"""Getting in through a real sshd by the managed block of keys: who one is and what runs is decided there, and nowhere else."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.clock import now
from console.comings import Coming
from console.desk import Desk
from console.kinds import KINDS
from console.staff import SYSTEM
from storage.files import FileStore
from storage.options import Options
from tests.console.helpers import ROOT
from tests.screens.ptys import Terminal
from tests.screens.test_pty import made
from tests.screens.test_ssh import PATH, SSHD, interpreter, open_port

__all__ = ["made"]

EVIL = f"/tmp/wanjia-evil-{os.getpid()}"
"""A folder of a forger, of this process alone: others run the same tests beside it."""

PEOPLE = ("lina", "fire", "chen")
"""An officer, a liaison, a supervisor: each with a key of their own."""


class Gate:
    """An account of a test's own, with a station, a server, and keys put there by the command for it."""

    def __init__(self, name: str, home: Path, python: str) -> None:
        self.name, self.home, self.port = name, home, open_port()
        self.store, self.keys = home / "store", home / "authorized"
        program = home / "wanjia"
        program.write_text(f'#!/bin/sh\ncd {ROOT} && PYTHONPATH={PATH} exec {python} -m screens "$@"\n')
        program.chmod(0o755)
        self.opened: list[Terminal] = []
        for each in ("host", *PEOPLE, "desk"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(home / each)], check=True)
        subprocess.run(["chown", "-R", f"{name}:", str(home)], check=True)
        for each in PEOPLE:
            self.staff(
                "key", "add", each, str(home / f"{each}.pub"), "--authorized", str(self.keys), "--program", str(program)
            )
        self.staff("key", "add", str(home / "desk.pub"), "--terminal", "desk", "--authorized", str(self.keys))
        for each in (*PEOPLE, "desk"):  # the clients are of another account
            subprocess.run(["chown", "root", str(home / each)], check=True)
        (home / "config").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {home}/host\nAuthorizedKeysFile {self.keys}\nUsePAM no\n"
            f"StrictModes no\nPidFile {home}/pid\nPrintMotd no\nAcceptEnv LANG LC_* WANJIA_* PATH TERM HOME XDG_*\n"
        )
        Path("/run/sshd").mkdir(exist_ok=True)
        assert SSHD is not None
        self.server = subprocess.Popen([SSHD, "-D", "-e", "-f", str(home / "config")], stderr=subprocess.DEVNULL)
        time.sleep(0.5)

    def staff(self, *words: str, typed: str = "", who: str = "demo") -> subprocess.CompletedProcess[str]:
        """``wanjia staff …`` as the chief, from the account itself."""
        said = " ".join(
            f"'{word}'" for word in (str(self.home / "wanjia"), "--store", str(self.store), "--as", who, "staff", *words)
        )
        done = subprocess.run(
            ["su", self.name, "-s", "/bin/sh", "-c", said], input=typed, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done

    def argv(self, key: str, *more: str, command: Sequence[str] = ()) -> list[str]:
        options = [word for each in ("IdentitiesOnly=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR")
                   for word in ("-o", each)]  # fmt: skip
        return [
            "ssh",
            "-F",
            "none",
            "-i",
            str(self.home / key),
            "-p",
            str(self.port),
            *options,
            *more,
            "--",
            f"{self.name}@127.0.0.1",
            *command,
        ]

    def come(self, key: str, *more: str, command: Sequence[str] = (), **how: str) -> Terminal:
        found = Terminal(self.argv(key, "-tt", *more, command=command), **how)  # type: ignore[arg-type]
        self.opened.append(found)
        return found

    def came(self, *logins: str, seconds: float = 20) -> dict[str, Coming]:
        """Who came in, once all of these have: a coming is kept after the first screen stands."""
        until = time.monotonic() + seconds
        while not set(logins) <= (found := self.comings()).keys() and time.monotonic() < until:
            time.sleep(0.1)
        assert set(logins) <= found.keys()
        return found

    def comings(self) -> dict[str, Coming]:
        store = FileStore(str(self.store), Options(now=now, kinds=KINDS))
        try:
            return {each.login: each for _, each in Desk(store, now, SYSTEM).book.all(Coming)}
        finally:
            store.close()

    def close(self) -> None:
        for each in self.opened:
            each.close()
        self.server.terminate()
        self.server.wait()


@contextmanager
def account() -> Iterator[tuple[str, Path, str]]:
    """An account that is there for a while: its name, its home, a Python that it may run."""
    name = f"wanjia-gate-{os.getpid()}"
    home = Path(f"/tmp/{name}")
    home.mkdir(mode=0o755)
    subprocess.run(["useradd", "-M", "-d", str(home), "-s", "/bin/sh", "-p", "*", name], check=True)
    try:
        yield name, home, interpreter(name)
    finally:
        subprocess.run(["pkill", "-KILL", "-u", str(pwd.getpwnam(name).pw_uid)], check=False)
        subprocess.run(["userdel", "-f", name], check=False, capture_output=True)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def gate(made: Path) -> Iterator[Gate]:
    if SSHD is None or shutil.which("ssh") is None:
        pytest.skip("openssh is not on this machine")
    if os.getuid() != 0 or shutil.which("useradd") is None:
        pytest.skip("a server for another user needs root")
    with account() as (name, home, python):
        shutil.copytree(made, home / "store")
        found = Gate(name, home, python)
        try:
            yield found
        finally:
            found.close()


def test_each_key_opens_the_console_of_its_own_person(gate: Gate) -> None:
    gate.come("lina").wait("李娜,", "待你接班")
    liaison = gate.come("fire")
    liaison.wait("赵队", "马蜂窝")
    assert "下水返水" not in liaison.shown()
    gate.come("chen").wait("陈杰", "督办")
    found = gate.came(*PEOPLE)
    assert {(each.way, each.source) for login, each in found.items() if login in PEOPLE} == {("key", "127.0.0.1")}


@pytest.mark.parametrize(
    "command",
    [
        ("sh",),
        ("wanjia --as demo",),
        ("/bin/sh -c 'touch /tmp/wanjia-was-here'",),
        ("--as demo",),
        ("; touch /tmp/wanjia-was-here",),
        ("$(touch /tmp/wanjia-was-here)",),
    ],
)
def test_a_command_that_a_client_asks_for_changes_nothing(gate: Gate, command: tuple[str, ...]) -> None:
    gate.come("fire", command=command).wait("赵队", "马蜂窝")
    assert not Path("/tmp/wanjia-was-here").exists()


@pytest.mark.parametrize(
    "names",
    [
        {"WANJIA_AS": "demo", "WANJIA_STORE": "/tmp/other", "WANJIA_CONFIG": "/tmp/other.toml"},
        {"SSH_ORIGINAL_COMMAND": "wanjia --as demo", "WANJIA_LANG": "xx"},
        {"LC_ALL": "$(touch /tmp/wanjia-was-here)", "LC_CTYPE": "../../../../etc/passwd", "LANG": "\x1b[31m"},
        {"PATH": EVIL, "HOME": EVIL, "XDG_CONFIG_HOME": EVIL},
        {"LANG": "x" * 4000},
    ],
)
def test_forged_surroundings_change_nothing(gate: Gate, names: dict[str, str], tmp_path: Path) -> None:
    evil = Path(EVIL)
    evil.mkdir(exist_ok=True)
    (evil / "wanjia").mkdir(exist_ok=True)
    (evil / "wanjia" / "config.toml").write_text('name = "demo"\nstore = "/tmp/other"\n')
    for each in ("python3", "sh", "wanjia.sh"):
        (evil / each).write_text("#!/bin/sh\ntouch /tmp/wanjia-was-here\n")
        (evil / each).chmod(0o755)
    for folder in (evil, evil / "wanjia"):  # readable by the account, whatever mask other tests have left
        folder.chmod(0o755)
    (evil / "wanjia" / "config.toml").chmod(0o644)
    send = [word for name in names for word in ("-o", f"SendEnv={name}")]
    keep = {"PATH": os.environ["PATH"]}  # ssh itself is started by its own path
    argv = gate.argv("fire", "-tt", *send)
    argv[0] = str(shutil.which("ssh"))
    one = Terminal(argv, **{**keep, **names})
    gate.opened.append(one)
    one.wait("赵队", "马蜂窝")
    assert not Path("/tmp/wanjia-was-here").exists() and not Path("/tmp/other").exists()
    shutil.rmtree(evil)


@pytest.mark.parametrize("term", ["../../../etc/passwd", "$(touch /tmp/wanjia-was-here)", "x" * 500, "xterm;sh", "vt52"])
def test_a_forged_name_of_a_terminal_changes_nothing(gate: Gate, term: str) -> None:
    one = gate.come("fire", term=term)
    one.wait("赵队", "马蜂窝")
    assert not Path("/tmp/wanjia-was-here").exists()


def test_no_file_no_port_and_no_agent_goes_through(gate: Gate) -> None:
    def refused(argv: list[str]) -> str:
        done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=20, input="")
        assert done.returncode != 0, done.stdout
        return done.stdout + done.stderr

    assert "赵队" not in refused(gate.argv("fire", "-T"))
    refused(gate.argv("fire", "-W", "127.0.0.1:22"))
    refused(gate.argv("fire", "-T", "-s", command=("sftp",)))
    if shutil.which("scp"):
        options = [word for each in ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null") for word in ("-o", each)]
        base = ["scp", "-F", "none", "-i", str(gate.home / "fire"), "-P", str(gate.port), *options]
        refused([*base, f"{gate.name}@127.0.0.1:/etc/hostname", "/tmp/wanjia-was-here"])
        assert not Path("/tmp/wanjia-was-here").exists()


def test_somebody_who_is_not_on_the_list_is_refused(gate: Gate) -> None:
    said = f"{gate.home}/wanjia --store {gate.store} --as nobody --lang en"
    one = Terminal(["su", gate.name, "-s", "/bin/sh", "-c", said])
    gate.opened.append(one)
    assert one.end() == 1
    assert "nobody" in one.process.stderr.read().decode()  # type: ignore[union-attr]


def test_a_shared_terminal_asks_who_it_is_and_believes_the_pin_alone(gate: Gate) -> None:
    gate.staff("pin", "zhang", typed="482915\n482915\n")
    one = gate.come("desk")
    one.wait("登录值班台", "登录名")
    assert "下水" not in one.shown() and "李娜" not in one.shown()
    one.keys("zhang\r", 0.4)
    one.keys("111222\r", 1.0)
    one.wait("口令不对")
    assert "111222" not in one.shown()
    one.keys("482915\r", 1.0)
    one.wait("张建国")
    one.wait("输错过 1 次")
    came = gate.came("zhang")["zhang"]
    assert (came.way, came.wrong, came.source) == ("pin", 1, "127.0.0.1")
    one.keys("\x1b[18~", 0.8)  # F7
    one.wait("屏幕已锁定")
    assert "下水" not in one.shown()
    one.keys("\x1b", 0.8)
    one.wait("屏幕已锁定")
    one.keys("482915\r", 1.0)
    one.wait("张建国")


def test_whoever_has_left_is_shown_out_with_their_draft_kept_and_cannot_come_back(gate: Gate) -> None:
    one = gate.come("chen")
    one.wait("陈杰", "督办")
    one.keys("\r", 0.6)
    one.keys("i", 0.6)
    one.keys("物业说今晚一定来", 0.6)
    one.wait("物业说今晚一定来")
    gate.staff("leave", "chen", "--authorized", str(gate.keys))
    assert one.end() == 1
    assert "陈杰" in one.process.stderr.read().decode() or "陈杰" in one.raw.decode(errors="replace")  # type: ignore[union-attr]
    drafts = "".join(each.read_text() for each in gate.store.rglob("*chen*") if each.is_file())
    store = FileStore(str(gate.store), Options(now=now, kinds=KINDS))
    try:
        drafts = str(store.beside.aside("chen"))
    finally:
        store.close()
    assert "物业说今晚一定来" in drafts
    again = subprocess.run(gate.argv("chen", "-tt"), capture_output=True, text=True, check=False, timeout=20, input="")
    assert again.returncode == 255 and "denied" in (again.stdout + again.stderr)


def test_a_block_changed_by_hand_is_told_and_not_written_over(gate: Gate) -> None:
    before = gate.keys.read_text()
    gate.keys.write_text(before.replace("--as fire", "--as demo"))
    try:
        said = f"{gate.home}/wanjia --store {gate.store} --as demo staff key check --authorized {gate.keys}"
        done = subprocess.run(["su", gate.name, "-s", "/bin/sh", "-c", said], capture_output=True, text=True, check=False)
        assert done.returncode == 1 and "demo" in done.stdout
        assert "--as demo" in gate.keys.read_text()
    finally:
        gate.keys.write_text(before)
