"""``staff`` and ``demo``."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from console import door
from console.act import no_right
from console.book import Refused
from console.staff import Leave, Person, SetPerson
from console.verbs.seat import DONE, Seat, out, out_json


def staff(args: argparse.Namespace) -> int:
    """Put somebody on the staff list, show it, or let somebody leave."""
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
        if args.what == "leave":
            done = seat.desk.do(Leave(login=args.login))
        else:
            done = seat.desk.do(door.build(SetPerson, {"login": args.login, **given}))
        out(
            say("done.act", act=say("act.leave" if args.what == "leave" else "act.set_person"))
            if done.touched
            else say("done.nothing")
        )
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
        if args.opens is not None and sys.stdin.isatty() and sys.stdout.isatty():
            status = args.opens(argparse.Namespace(**{**vars(args), **seat}))
        else:
            show_list(argparse.Namespace(**seat, view="all", query="", limit=40, json=False))
        out(say("demo.kept" if args.keep else "demo.gone", folder=str(folder)))
    finally:
        if not args.keep:
            shutil.rmtree(folder.parent, ignore_errors=True)
    return status
