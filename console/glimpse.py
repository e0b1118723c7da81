"""What a person saw last, painted before the program is there: a few bytes in their own cache, read by nothing but ``os``.

It is theirs alone (the folder is closed to others), marked as not live, and gone once the queue is no longer what they
would see first. Imported before everything else, so it imports next to nothing.
"""

from __future__ import annotations

import os
import sys

MAGIC = "wanjia glimpse 1"
"""First line of a file."""

MOST = 65536
"""Bytes of a file at most."""

FILES = 400
"""Files of a cache at most; then it begins anew."""

OPTIONS = ("--store", "--as", "--lang", "--theme", "--charset", "--driver")
"""Options with a value that the console takes."""

ENVIRONMENT = (
    "WANJIA_STORE",
    "WANJIA_AS",
    "WANJIA_LANG",
    "WANJIA_CONFIG",
    "TERM",
    "COLORTERM",
    "NO_COLOR",
    "LANG",
    "LC_ALL",
)
"""What else decides what is seen."""


def cache() -> str:
    """The folder of the login's cache."""
    return os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "wanjia")


def opens_console(argv: list[str]) -> bool:
    """Whether a command line opens the console on this terminal, without a verb and on the thin line."""
    at = 0
    while at < len(argv):
        name, equals, value = argv[at].partition("=")
        if name not in OPTIONS and name not in ("--ascii", "--debug"):
            return False
        if name == "--driver" and (value or "".join(argv[at + 1 : at + 2])) != "thin":
            return False
        at += 1 if equals or name in ("--ascii", "--debug") else 2
    return True


def key(argv: list[str], size: tuple[int, int]) -> str:
    """What the same sight depends on: command line, environment, the size of the terminal."""
    said = [*argv, *(f"{name}={os.environ.get(name, '')}" for name in ENVIRONMENT), f"{size[0]}x{size[1]}", f"{os.getuid()}"]
    return " ".join(said).encode("ascii", "backslashreplace").decode().replace("\n", " ")


def _path(name: str) -> str:
    """The file of a sight."""
    from zlib import adler32, crc32

    raw = name.encode()
    return os.path.join(cache(), f"{crc32(raw):08x}{adler32(raw):08x}")


def load(name: str) -> bytes:
    """What was painted last; nothing where there is none."""
    try:
        fd = os.open(_path(name), os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return b""
    try:
        raw = os.read(fd, MOST)
    except OSError:
        return b""
    finally:
        os.close(fd)
    head = f"{MAGIC}\n{name}\n".encode()
    return raw[len(head) :] if raw.startswith(head) else b""


def save(name: str, paint: bytes, cells: str) -> None:
    """Keep what is painted, and the cells that it makes. A cache that cannot be written is none."""
    try:
        os.makedirs(cache(), mode=0o700, exist_ok=True)
        kept = os.listdir(cache())
        if len(kept) > FILES:  # whoever comes in may call their terminal by any name: that must not fill the disk
            for each in kept:
                os.unlink(os.path.join(cache(), each))
        for path, data in ((_path(name), f"{MAGIC}\n{name}\n".encode() + paint), (_path(name) + ".cells", cells.encode())):
            fd = os.open(path + ".tmp", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                os.write(fd, data)
            finally:
                os.close(fd)
            os.replace(path + ".tmp", path)
    except OSError:
        return  # the next start is a little slower, nothing else


def cells(name: str) -> str:
    """The cells that were kept with it; nothing where there are none."""
    try:
        with open(_path(name) + ".cells", encoding="utf-8") as f:
            return f.read(4 * MOST)
    except (OSError, ValueError):
        return ""


def forget(name: str) -> None:
    """It is no longer what one would see first."""
    for path in (_path(name), _path(name) + ".cells"):
        try:
            os.unlink(path)
        except OSError:
            continue


def sight() -> str:
    """The key of this command line on this terminal; empty where it opens no console here."""
    argv = sys.argv[1:]
    if not opens_console(argv) or os.environ.get("TERM", "dumb") in ("dumb", "") or not (os.isatty(0) and os.isatty(1)):
        return ""
    try:
        size = os.get_terminal_size(0)
    except OSError:
        return ""
    return key(argv, (size.columns, size.lines)) if size.columns and size.lines else ""
