"""Where every verb sits down: which store, who, which language; and how a refusal is told."""

from __future__ import annotations

import argparse
import getpass
import os
import re
import shutil
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from console.act import Actor
from console.book import Book, Refused
from console.clock import now, zone
from console.config import settings
from console.desk import Desk
from console.kinds import KINDS
from console.plain import clean, escaped, line
from console.record import Record
from console.speaking import spoken_by
from console.staff import SYSTEM, actor, person, renewed
from console.words import Words, choose, words
from storage.errors import Corrupt, StoreError
from storage.options import Options
from storage.store import Store

DONE, FOUND, USAGE, NO_STORE = 0, 1, 2, 3
"""Exit statuses: done; refused, or something was found; wrong usage; the store is not available."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal(Record):
    """A login's own configuration file: what it uses where the command line says nothing."""

    store: str = ""
    """Folder or address of the store."""

    name: str = ""
    """Who one is, as on the staff list."""

    lang: str = ""
    """zh or en."""

    theme: str = ""
    """Name of the palette of the console."""

    keys: dict[str, str] | None = None
    """Keys of the console that one has changed: id of the action → keys."""


@cache
def personal() -> Personal:
    """The login's configuration file; all empty where there is none. Raises ``Refused`` where it is wrong."""
    path = Path(os.environ.get("WANJIA_CONFIG") or _platform("config") / "config.toml")
    if not path.is_file():
        return Personal()
    from console.door import checked, toml

    text = path.read_text(encoding="utf-8-sig", errors="replace")
    found: Personal = checked(Personal, toml(path, text), path, text)
    return found


def _platform(what: str) -> Path:
    """The login's folder for configuration or data, as the XDG specification has it."""
    variable, usual = ("XDG_CONFIG_HOME", ".config") if what == "config" else ("XDG_DATA_HOME", ".local/share")
    return Path(os.environ.get(variable) or Path.home() / usual, "wanjia")


def address(args: argparse.Namespace) -> str:
    """Which store: ``--store``, WANJIA_STORE, the configuration file, the platform's data folder."""
    said = args.store or os.environ.get("WANJIA_STORE") or personal().store
    return said or str(_platform("data"))


def login(args: argparse.Namespace, known: Any = lambda name: True) -> str:
    """Who acts: ``--as``, WANJIA_AS, the configuration file, then the login name where it is on the staff list."""
    said: str = args.name or os.environ.get("WANJIA_AS") or personal().name
    if said:
        return said
    name = account_login()
    if not known(name):
        raise Refused("refused.who", login=name)
    return name


def account() -> str:
    """The login name; the number of the account where it has none, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid-{os.getuid()}"


def account_login() -> str:
    """The login name as it may stand on the staff list: what a login is not made of is a hyphen there."""
    return re.sub(r"[^a-z0-9-]", "-", account().lower()).strip("-")[:32] or "chief"


def source() -> str:
    """From where: the SSH address, else the terminal, else nothing."""
    client = os.environ.get("SSH_CLIENT", "").split(" ")[0]
    if client:
        return client
    try:
        return os.ttyname(sys.stdin.fileno())
    except (OSError, ValueError, AttributeError):  # no terminal, or started with its input closed
        return "pipe"


def typed(what: str) -> str:
    """Something that must not be seen, typed on the terminal, or a line of a pipe. Raises ``Refused``."""
    try:
        said = getpass.getpass(f"{what}: ") if sys.stdin.isatty() else sys.stdin.readline()
    except (EOFError, OSError) as error:
        raise Refused("refused.pin_needed") from error
    return said.strip()


def options(say: Words, **more: Any) -> Options:
    """How every verb opens a store."""

    def waiting(holder: str, seconds: float) -> None:
        print(f"wanjia: {say('store.waiting', holder=line(holder), n=round(seconds))}", file=sys.stderr)

    return Options(now=now, kinds=KINDS, user=account(), waiting=waiting, **more)


def terminal_cells() -> int:
    """Cells of a line of the terminal; what the other side of a line claims is not believed beyond reason."""
    return min(max(shutil.get_terminal_size((110, 24)).columns, 20), 500)


def progress(what: str, done: int, of: int) -> None:
    """Show on a terminal how far a long work has come; silent in a pipe."""
    if sys.stderr.isatty():
        share = f"{done / of:4.0%}" if of else f"{done}"
        print(f"\r\x1b[K{what} {share} ", end="\n" if of and done >= of else "", file=sys.stderr, flush=True)


class Seat:
    """A desk, the words to speak, and the person."""

    def __init__(self, args: argparse.Namespace, *, needs: bool = True) -> None:
        """Open the store and sit down. ``needs``: whether this verb needs to know who it is."""
        from storage.connect import connect

        self.words = words(choose(args.lang))
        self.store: Store = connect(address(args), options(self.words))
        try:
            nobody = replace(SYSTEM, rights=frozenset(), source=source())
            self.desk = Desk(self.store, now, nobody, _renewed)
            self.words = words(choose(args.lang or _login_language(), settings(self.desk.book).language))
            if needs or args.name:
                self.desk.who = self._who(args)
                self.words = words(choose(args.lang or _login_language(), spoken_by(self.desk.book, self.desk.who.id)))
            if self.store.damage:
                print(f"wanjia: {line(self.words.fact(self.store.damage))}", file=sys.stderr)
        except BaseException:
            self.store.close()
            raise

    words: Words
    """The language."""

    store: Store
    """The store."""

    desk: Desk
    """The desk."""

    def _who(self, args: argparse.Namespace) -> Actor:
        """Who sits here. In a damaged store the list of people may be what is missing: then that is said, not them."""
        book = self.desk.book
        try:
            return actor(book, login(args, lambda name: person(book, name) is not None), source(), self.desk.now())
        except Refused as error:
            if self.store.damage:
                raise Corrupt("{trouble}; nothing was written", trouble=self.store.damage) from error
            raise

    def local(self, moment: datetime) -> datetime:
        """A moment in the station's own time."""
        return moment.astimezone(zone(settings(self.desk.book).timezone))

    def __enter__(self) -> Seat:
        """Itself."""
        return self

    def __exit__(self, *exc: object) -> None:
        """Leave the store."""
        self.store.close()


def _renewed(book: Book, who: Actor, moment: datetime) -> Actor:
    """Who acts, as the staff list has them now; the program itself where nobody sits here."""
    return who if who.id == SYSTEM.id else renewed(book, who, moment)


def _login_language() -> str:
    """The language of the configuration file or the login, where it is one of ours and is no mere default."""
    said = os.environ.get("WANJIA_LANG") or personal().lang
    return said if said[:2] in ("zh", "en") else ""


def told(error: Refused | StoreError, say: Words) -> str:
    """A refusal as one line a person can act on."""
    if isinstance(error, Refused):
        return line(say(error.word, **error.facts))
    return line(say(error.template, **error.facts))


def out(text: str = "") -> None:
    """Print a line of text; what a terminal would obey is shown, not sent."""
    print(clean(text))


def out_json(value: Any) -> None:
    """Print one JSON value."""
    import orjson

    option = orjson.OPT_INDENT_2 if sys.stdout.isatty() else 0
    print(escaped(orjson.dumps(value, option=option).decode()))
