"""A real sshd of a benchmark's own, with a key for each of the people, put there by ``wanjia staff key add``."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROLES = ("officer", "officer", "liaison", "officer", "facilitator", "officer", "supervisor", "liaison", "officer", "chief")
"""Who comes in, ten by ten: as a station is staffed, more officers than others."""

FIELDS = {"liaison": ["agency=property"], "facilitator": ["grids=金桂-01,金桂-02,金桂-03"]}
"""What else is said of a role."""


class Server:
    """sshd on loopback, for this account; people come in by their keys."""

    def __init__(self, folder: Path, store: Path, people: int) -> None:
        """Make keys, put them on the staff list, start the server."""
        self.folder, self.store, self._sshd = folder, store, sshd()
        folder.mkdir(exist_ok=True)
        self.port = free_port()
        _keygen(folder / "host")
        for n in range(people):
            _keygen(folder / self.name(n))
            role = ROLES[n % len(ROLES)]
            self._staff("add", self.name(n), f"role={role}", f"name={role}{n}", *FIELDS.get(role, []))
            public = str(folder / f"{self.name(n)}.pub")
            self._staff("key", "add", self.name(n), public, "--authorized", str(self.keys()))
        (folder / "config").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nAuthorizedKeysFile {self.keys()}\n"
            f"UsePAM no\nStrictModes no\nPidFile {folder}/pid\nPrintMotd no\nPermitRootLogin yes\n"
            "MaxStartups 200\nMaxSessions 200\n"
        )
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)
        self.process = subprocess.Popen([self._sshd, "-D", "-e", "-f", str(folder / "config")], stderr=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise SystemExit("sshd does not answer")

    def name(self, n: int) -> str:
        """Login of a person."""
        return f"b{n:02d}"

    def keys(self) -> Path:
        """The file of keys."""
        return self.folder / "authorized_keys"

    def program(self) -> str:
        """The command that keys open."""
        return str(Path(sys.executable).with_name("wanjia"))

    def _staff(self, *words: str) -> None:
        """One command of the staff list."""
        argv = [self.program(), "--store", str(self.store), "--as", "bench", "staff", *words]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(argv)}: {done.stderr}")

    def argv(self, n: int) -> list[str]:
        """How a person comes in."""
        key, anyone = str(self.folder / self.name(n)), ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null")
        options = [word for each in ("IdentitiesOnly=yes", "LogLevel=ERROR", *anyone) for word in ("-o", each)]
        return ["ssh", "-tt", "-F", "none", "-i", key, "-p", str(self.port), *options, "127.0.0.1"]

    def close(self) -> None:
        """End it, and every session with it."""
        for each in [*children(self.process.pid), self.process.pid]:
            try:
                os.kill(each, signal.SIGTERM)
            except ProcessLookupError:
                continue
        self.process.wait()


def sshd() -> str:
    """The server's program; empty where it is not on this machine."""
    return shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin") or ""


def _keygen(path: Path) -> None:
    """A key pair, unless it is there."""
    if not path.exists():
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def children(pid: int) -> list[int]:
    """All processes below one, as /proc has them."""
    of: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
            of.setdefault(parent, []).append(int(entry.name))
    found, waiting = list[int](), [pid]
    while waiting:
        below = of.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def cpu(pids: list[int]) -> float:
    """Seconds of CPU that these have used."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> tuple[int, int]:
    """Kilobytes of one process: its share of everything (PSS), and what is its own."""
    found = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, _, rest = line.partition(":")
        found[name] = int(rest.split()[0])
    return found.get("Pss", 0), found.get("Private_Clean", 0) + found.get("Private_Dirty", 0)
