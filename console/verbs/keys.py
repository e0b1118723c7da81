"""``staff key``: who comes in by which SSH key, and the block of ``authorized_keys`` that says so. ``staff leave``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from console.act import no_right
from console.book import Book, Refused
from console.config import ONLY
from console.keys import unknown
from console.sshkeys import AddKey, Gate, Key, RemoveKey, SetGate, block, differs, rewritten
from console.staff import Leave, name_of
from console.verbs.seat import DONE, FOUND, Seat, address, out, out_json
from console.words import Words

LONGEST = 1 << 20
"""Bytes of a file of keys that are read, at most."""

WORDS = ("add", "list", "remove", "check", "write")
"""What may be done with keys."""


def key(args: argparse.Namespace) -> int:
    """Add a key, list them, remove one, compare the file with the records, or write its block anew."""
    if args.login not in WORDS:
        raise unknown("refused.key_verb", args.login or "–", WORDS)
    with Seat(args) as seat:
        if not seat.desk.who.may("staff"):
            raise no_right(seat.desk.who, "staff")
        if args.login == "list":
            return _list(seat, as_json=args.json)
        file = _file(args)
        if args.login == "check":
            return _check(seat, file)
        if args.login == "write":
            return _write(seat, args, file)
        return _change(seat, args, file)


def _file(args: argparse.Namespace) -> Path:
    """The file that sshd reads for this account."""
    return Path(args.authorized) if args.authorized else Path.home() / ".ssh" / "authorized_keys"


def _list(seat: Seat, *, as_json: bool) -> int:
    """Every key with whose it is."""
    book, say = seat.desk.book, seat.words
    keys = [each for _, each in book.all(Key)]
    if as_json:
        out_json([{**each.dump(), "fingerprint": each.fingerprint} for each in keys])
        return DONE
    for each in keys:
        who = f"{each.login} {name_of(book, each.login)}" if each.login else say("keys.terminal", name=each.terminal)
        out(f"{each.fingerprint}  {each.type}  {who}  {seat.local(each.added_at):%Y-%m-%d}")
    if not keys:
        out(say("keys.none"))
    return DONE


def _check(seat: Seat, file: Path) -> int:
    """Compare the file with the records; what is otherwise is told and left as it is."""
    book, say = seat.desk.book, seat.words
    found = differs(book, _read(file))
    for word, facts in found:
        out(say("verify.found", text=say(word, **facts)))
    out(say("keys.differs" if found else "keys.same", n=len(block(book)[1:-1]), file=str(file)))
    return FOUND if found else DONE


def _change(seat: Seat, args: argparse.Namespace, file: Path) -> int:
    """Add or remove a key, in the records and then in the file. A file that is otherwise than recorded is not touched."""
    desk, words = seat.desk, args.fields
    if args.login == "add":
        needed = 1 if args.terminal else 2
        if len(words) != needed:
            raise Refused("refused.key_usage")
        text = _key_file(Path(words[-1]))
        act: AddKey | RemoveKey = AddKey(key=text, login="" if args.terminal else words[0], terminal=args.terminal)
    else:
        if len(words) != 1:
            raise Refused("refused.key_usage_remove")
        act = RemoveKey(fingerprint=words[0])
    before = _as_recorded(desk.book, file, seat.words)
    act.decided(desk.book, desk.now(), desk.who)
    gate = desk.book.get(Gate, ONLY)
    if gate is not None and args.program and _program(args) != gate.program:
        raise Refused("refused.key_program")
    if gate is None:
        desk.do(SetGate(program=_program(args), address=_where(args)))
    done = desk.do(act)
    _put(file, rewritten(desk.book, before, _gate(desk.book).address))
    verb = "add_key" if args.login == "add" else "remove_key"
    out(seat.words("done.act", act=seat.words(f"act.{verb}")) if done.touched else seat.words("done.nothing"))
    return DONE


def _write(seat: Seat, args: argparse.Namespace, file: Path) -> int:
    """Write the block as the records say, and tell every line that changes by it."""
    desk, say = seat.desk, seat.words
    gate = desk.book.get(Gate, ONLY)
    was = gate.address if gate is not None else _where(args)
    if gate is None or args.program or gate.address != _where(args):
        desk.do(SetGate(program=_program(args), address=_where(args)))
    text = _read(file)
    fresh = rewritten(desk.book, text, was)
    old, new = text.splitlines(), fresh.splitlines()
    for line in old:
        if line.strip() and line not in new:
            out(f"- {line}")
    for line in new:
        if line not in old:
            out(f"+ {line}")
    _put(file, fresh)
    out(say("keys.written", n=len(block(desk.book)[1:-1]), file=str(file)))
    return DONE


def leave(args: argparse.Namespace) -> int:
    """Let somebody leave, and their keys with them."""
    with Seat(args) as seat:
        desk, say, file = seat.desk, seat.words, _file(args)
        keys = [each for _, each in desk.book.all(Key) if each.login == args.login]
        wrong = differs(desk.book, _read(file)) if keys else []
        done = desk.do(Leave(login=args.login))
        for each in keys:
            desk.do(RemoveKey(fingerprint=each.fingerprint))
        for word, facts in done.warnings:
            print(f"wanjia: {say(word, **facts)}", file=sys.stderr)
        out(say("done.act", act=say("act.leave")) if done.touched else say("done.nothing"))
        if not keys:
            return DONE
        if wrong:  # they have left all the same: a session in their name is refused
            for word, facts in wrong:
                out(say("verify.found", text=say(word, **facts)))
            out(say("keys.left_alone", file=str(file)))
            return FOUND
        _put(file, rewritten(desk.book, _read(file), _gate(desk.book).address))
        out(say("keys.gone", n=len(keys)))
        return DONE


def _as_recorded(book: Book, file: Path, say: Words) -> str:
    """The file's text. Raises ``Refused`` where its block is not what the records say."""
    text = _read(file)
    found = differs(book, text)
    if found:
        word, facts = found[0]
        raise Refused("refused.keys_differ", n=len(found), file=str(file), first=say(word, **facts))
    return text


def _gate(book: Book) -> Gate:
    """What the keys open."""
    return book.get(Gate, ONLY) or Gate(program="", address="")


def _where(args: argparse.Namespace) -> str:
    """The address of the store, as it stands in the block: a folder as its absolute path."""
    said = address(args)
    return said if "://" in said else str(Path(said).resolve())


def _program(args: argparse.Namespace) -> str:
    """The absolute path of this command. Raises ``Refused`` where it is no program."""
    named = Path(args.program or sys.argv[0])
    found = named if args.program or named.name == "wanjia" else Path(sys.executable).with_name("wanjia")
    path = Path(os.path.abspath(found))
    if not (path.is_file() and os.access(path, os.X_OK)):
        raise Refused("refused.gate", said=str(path))
    return str(path)


def _key_file(path: Path) -> str:
    """A file with a public key. Raises ``Refused``."""
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read(LONGEST)
    except OSError as error:
        raise Refused("refused.file", file=str(path), reason=error.strerror or str(error)) from error


def _read(file: Path) -> str:
    """The file of keys; empty where there is none."""
    try:
        with open(file, encoding="utf-8", errors="surrogateescape") as f:
            return f.read()
    except FileNotFoundError:
        return ""


def _put(file: Path, text: str) -> None:
    """The file of keys in the place of the old one, readable by its owner alone; it is the one or the other."""
    real = Path(os.path.realpath(file))
    real.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = real.with_name(f"{real.name}.wanjia-{os.getpid()}")
    fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(fd, "w", encoding="utf-8", errors="surrogateescape") as f:
            f.write(text)
            f.flush()
            os.fsync(f.fileno())
        os.replace(fresh, real)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
