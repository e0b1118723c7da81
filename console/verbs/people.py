"""``staff``, with its keys and PINs, and ``demo``."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from console import door
from console.act import no_right
from console.book import Refused
from console.staff import SYSTEM, Person, SetPerson, name_of, person, somebody
from console.verbs.seat import DONE, Seat, out, out_json, typed


def staff(args: argparse.Namespace) -> int:
    """Put somebody on the staff list, show it, let somebody leave, give a PIN or a key."""
    if args.what == "key":
        from console.verbs.keys import key

        return key(args)
    if args.what == "pin":
        return _pin(args)
    if args.what == "comings":
        return _comings(args)
    if args.what == "leave":
        from console.verbs.keys import leave

        return leave(args)
    with Seat(args) as seat:
        say, book = seat.words, seat.desk.book
        if args.what == "list":
            if not (seat.desk.who.may("read") or seat.desk.who.may("staff")):
                raise no_right(seat.desk.who, "read")
            people = [person for _, person in book.all(Person)]
            if args.json:
                out_json([person.dump() for person in people])
                return DONE
            for person in people:
                gone = f" ({say('staff.left')})" if person.left else ""
                where = " ".join([person.agency, *person.grids])
                out(f"{person.login}  {person.name}  {say(f'role.{person.role}')}  {where}".rstrip() + gone)
            return DONE
        given: dict[str, Any] = {}
        for pair in args.fields:
            name, equals, value = pair.partition("=")
            if not equals:
                raise Refused("refused.no_equals", said=pair)
            given[name] = value
        done = seat.desk.do(door.build(SetPerson, {"login": args.login, **given}))
        out(say("done.act", act=say("act.set_person")) if done.touched else say("done.nothing"))
        return DONE


def _comings(args: argparse.Namespace) -> int:
    """When somebody came in, from where and how, the latest first; oneself where nobody is named."""
    from console.comings import comings, may_see

    with Seat(args) as seat:
        say, desk = seat.words, seat.desk
        login = args.login or desk.who.id
        somebody(desk.book, login)
        may_see(desk.who, login)
        found = comings(desk.book, login)
        if args.json:
            out_json([{**each.dump(), "at": seat.local(each.at).isoformat()} for each in found])
            return DONE
        for each in found:
            wrong = f"  {say.plural('people.wrong', each.wrong)}" if each.wrong else ""
            out(f"{seat.local(each.at):%Y-%m-%d %H:%M:%S}  {say(f'way.{each.way}')}  {each.source}{wrong}")
        if not found:
            out(say("people.never", who=name_of(desk.book, login)))
        return DONE


def _pin(args: argparse.Namespace) -> int:
    """Give somebody a PIN, or take it away. Whoever has one gives it first."""
    from console.pins import check, give, prove, proved

    with Seat(args) as seat:
        say, desk, beside = seat.words, seat.desk, seat.store.beside
        login = args.login or desk.who.id
        if args.forgot:  # the story says that it was not the person, and who it was
            if not desk.who.may("staff"):
                raise no_right(desk.who, "staff")
            desk.who = replace(SYSTEM, source=f"{desk.who.id} {desk.who.source}".strip())
            somebody(desk.book, args.login)
        else:
            mine = person(desk.book, desk.who.id)
            if mine is not None and mine.pin_at is not None:
                prove(beside, desk.who.id, typed(say("pin.own", who=mine.name or mine.login)), desk.now())
                desk.who = proved(desk.who)
        fresh = ""
        if not (args.clear or args.forgot):
            fresh = typed(say("pin.new", who=name_of(desk.book, login)))
            if typed(say("pin.again")) != fresh:
                raise Refused("refused.pin_differs")
            check(fresh)  # nothing typed takes no PIN away: that is what --clear is for
        give(desk, beside, login, fresh)
        out(say("pin.set" if fresh else "pin.cleared", who=name_of(desk.book, login)))
        return DONE


def demo(args: argparse.Namespace) -> int:
    """The console on a made-up community with a shift under way, in a throw-away folder; without a terminal its queue."""
    from console.clock import now
    from console.demo import DAYS, ago, make
    from console.verbs.listing import show_list
    from console.verbs.seat import options, progress
    from console.verbs.upkeep import fresh
    from console.words import choose, words

    say = words(choose(args.lang))
    folder = Path(args.keep) if args.keep else Path(tempfile.mkdtemp(prefix="wanjia-demo-")) / "store"
    given = argparse.Namespace(title=say("demo.station"), chief="demo", timezone="", without=("staff", "grids"))
    try:
        fresh(str(folder), given, say, lambda: ago(DAYS * 1440 + 60, now()))
        make(str(folder), options(say), say.language, lambda _, done, of: progress(say("demo.making"), done, of))
        status, seat = DONE, {"store": str(folder), "name": args.name or "lina", "lang": say.language}
        if args.group:
            _group(str(folder), say.language)
        if args.opens is not None and sys.stdin.isatty() and sys.stdout.isatty():
            status = args.opens(argparse.Namespace(**{**vars(args), **seat}))
        else:
            show_list(argparse.Namespace(**seat, view="all", query="", limit=40, json=False))
        out(say("demo.kept" if args.keep else "demo.gone", folder=str(folder)))
    finally:
        if not args.keep:
            shutil.rmtree(folder.parent, ignore_errors=True)
    return status


def _group(store: str, language: str) -> None:
    """A group that a script plays, beside the console; it ends with us. Raises ``Refused`` where it cannot be heard."""
    import importlib.util
    import subprocess

    if importlib.util.find_spec("websockets") is None:
        raise Refused("listen.not_installed")
    argv = [sys.executable, "-m", "console.bridge.scripted", store, language]
    quiet = subprocess.DEVNULL
    subprocess.Popen(argv, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
