"""``init``, ``verify``, ``repair``, ``backup``, ``restore``: the store itself from the command line."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from console import sample
from console.book import Refused
from console.clock import now, zone
from console.config import settings
from console.desk import Desk
from console.seals import check_chain
from console.staff import SYSTEM, Role, SetPerson
from console.verbs.seat import DONE, FOUND, Seat, account_login, address, options, out, progress
from console.words import Words, choose, words


def _words(args: argparse.Namespace) -> Words:
    """The language, before any store is open."""
    return words(choose(args.lang))


def init(args: argparse.Namespace) -> int:
    """Make a new store with the sample station, and its first chief."""
    say, where = _words(args), address(args)
    if args.timezone:
        try:
            zone(args.timezone)
        except ValueError as error:
            raise Refused("refused.zone", said=args.timezone) from error
    fresh(where, args, say, now)
    out(say("init.done", folder=str(Path(where).resolve())))
    out(say("init.next", folder=str(Path(where, "station").resolve()), chief=args.chief or account_login()))
    return DONE


def fresh(where: str, args: argparse.Namespace, say: Words, clock: Callable[[], datetime]) -> None:
    """The store, the files a town can edit, and what they say taken in."""
    empty = not Path(where).exists() or (Path(where).is_dir() and not any(Path(where).iterdir()))
    try:
        _station(where, args, say, clock)
    except BaseException:
        if empty:  # half a station works for nobody and keeps the next try from its place
            for each in Path(where).iterdir() if Path(where).is_dir() else ():
                shutil.rmtree(each, ignore_errors=True) if each.is_dir() else each.unlink(missing_ok=True)
        raise


def _station(where: str, args: argparse.Namespace, say: Words, clock: Callable[[], datetime]) -> None:
    """The same, which may break off half way."""
    from console.exchange.tables_in import import_records
    from storage.files import FileStore

    store = FileStore.create(where, replace(options(say), now=clock))
    try:
        desk = Desk(store, clock, SYSTEM)
        folder = Path(where, "station")
        folder.mkdir(mode=0o700)
        for kind, name in sample.FILES.items():
            text = sample.text(kind)
            if kind == "settings":
                text = _adapted(text, args, say)
            (folder / name).write_text(text, encoding="utf-8")
            if kind not in (getattr(args, "without", None) or ("staff",)):
                result = import_records(desk, kind, folder / name, lambda *_: None)
                if result.rejected:
                    _, word, facts = result.rejected[0]
                    raise Refused(word, **facts)
        chief = args.chief or account_login()
        desk.do(SetPerson(login=chief, role=Role.CHIEF, name=chief))
    finally:
        store.close()


def _adapted(text: str, args: argparse.Namespace, say: Words) -> str:
    """The settings with the name, zone and language that were asked for."""
    given = {"name": args.title, "timezone": args.timezone, "language": say.language}
    for field, value in given.items():
        if value:
            quoted = json.dumps(value, ensure_ascii=False)  # as TOML writes a text, too
            text = re.sub(rf'^{field} = "[^"]*"', lambda _, f=field, q=quoted: f"{f} = {q}", text, count=1, flags=re.M)  # type: ignore[misc]
    return text


def verify(args: argparse.Namespace) -> int:
    """Check the store from its first byte to its last, then the chain of the handover sheets."""
    from storage.folder import Folder
    from storage.verify import verify as check

    say = _words(args)
    Folder(address(args)).book()  # which says what is wrong where this is no store at all
    report = check(address(args), heads=tuple(args.head), progress=progress)
    for note in report.notes:
        out(say("verify.note", text=note))
    found = [say.fact(each) for each in report.findings]
    sheets = 0
    if not found:
        with Seat(args, needs=False) as seat:
            from console.shifts import chain

            sheets = chain(seat.desk.book).number
            found += [seat.words(word, id=id or "–") for id, word in check_chain(seat.desk.book)]
    for each in found:
        out(say("verify.found", text=each))
    out(
        say(
            "verify.sum",
            entries=report.entries,
            segments=report.segments,
            documents=report.documents,
            archived=report.archived,
            shelved=report.shelved,
            sheets=sheets,
            head=report.head,
        )
    )
    return FOUND if found else DONE


def repair(args: argparse.Namespace) -> int:
    """Repair the store and print what was done and what is lost."""
    from storage.repair import repair as mend

    say = _words(args)
    result = mend(address(args), options(say), args.donor)
    for each in result.done:
        out(say("repair.done", text=each))
    for each in result.lost:
        out(say("repair.lost", text=each))
    if result.quarantine:
        out(say("repair.quarantine", folder=result.quarantine))
    if not result.done and not result.lost:
        out(say("repair.nothing"))
    return FOUND if result.lost else DONE


def backup(args: argparse.Namespace) -> int:
    """Copy the store to another folder."""
    from storage.backup import backup as copy

    say = _words(args)
    report = copy(address(args), args.folder, options(say), progress)
    out(say("backup.done", n=report.entries, folder=str(Path(args.folder).resolve()), head=report.head))
    return DONE


def restore(args: argparse.Namespace) -> int:
    """Copy a backup back."""
    from storage.backup import restore as copy

    say = _words(args)
    report = copy(args.folder, address(args), options(say), progress)
    out(say("restore.done", n=report.entries, folder=str(Path(address(args)).resolve()), head=report.head))
    return DONE


def _shift(seat: Seat, id: str) -> str:
    """Name of a shift and its id; – where none is on duty."""
    from console.shifts import Shift

    shift = seat.desk.book.get(Shift, id) if id else None
    return f"{shift.name if seat.words.language == 'zh' else shift.english} ({id})" if shift else "–"


def console(args: argparse.Namespace) -> int:
    """The screens; where there are none, what stands open: station, shift, queue."""
    if args.opens is not None:
        status: int = args.opens(args)
        return status
    from console.queue import Queue, View
    from console.shifts import chain

    with Seat(args, needs=False) as seat:
        book, moment = seat.desk.book, seat.desk.now()
        said = settings(book)
        view = View(Queue(book, moment), book, SYSTEM, "", moment)
        late = View(Queue(book, moment), book, SYSTEM, "overdue:yes", moment)
        out(
            seat.words(
                "console.head", name=said.name, open=len(view), overdue=len(late), shift=_shift(seat, chain(book).shift)
            )
        )
        out(seat.words("console.verbs"))
        if seat.store.trouble:
            print(f"wanjia: {seat.words.fact(seat.store.trouble)}", file=sys.stderr)
    return DONE
