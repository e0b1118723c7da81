"""``do``, ``add``, ``list`` and ``show``: cases from the command line."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime, tzinfo
from typing import Any

from console import sla
from console.act import Act
from console.book import Refused
from console.clock import zone
from console.config import calendar, settings
from console.desk import Done
from console.errands import State
from console.issues import Issue
from console.numbers import issue_id, number
from console.plain import clean, line
from console.progress import awake, must_be_theirs, timed
from console.record import Doc, iso
from console.rows import Row
from console.saying import agency_name, category_name, limit_text, now_line, reasons, story_line
from console.sight import readable, seen
from console.verbs.listing import row_json
from console.verbs.seat import DONE, Seat, out, out_json, typed
from console.words import Word

FEW = 4
"""Nights and breaks that an explanation names one by one."""


def do(args: argparse.Namespace) -> int:
    """Do any act of the desk by its name, with its fields."""
    from console import door
    from console.tidy import plan

    if args.list or not args.act:
        return _acts(args)
    given: dict[str, Any] = {}
    for pair in args.fields:
        name, equals, value = pair.partition("=")
        if not equals:
            raise Refused("refused.no_equals", said=pair)
        given[name] = value
    with Seat(args) as seat:
        act = door.act(args.act, given)
        try:
            done = seat.desk.do(act)
        except Refused as error:
            if error.word != "refused.pin_needed":
                raise
            done = _proved(seat, act)
        if args.act == "take_over":
            seat.desk.put_away(plan(seat.desk.book, seat.desk.now()), "keep_days")
        return _told(seat, args, args.act, done)


def _proved(seat: Seat, act: Act) -> Done:
    """A signature, with the signer's own PIN."""
    from console.pins import proving

    with proving(seat.desk, seat.store.beside, typed(seat.words("pin.own", who=seat.desk.who.name))):
        return seat.desk.do(act)


def _told(seat: Seat, args: argparse.Namespace, verb: str, done: Done) -> int:
    """Tell what came of an act."""
    say, book = seat.words, seat.desk.book
    cases = [id for kind, id in done.touched if kind == Issue.kind]
    for word, facts in done.warnings:
        print(f"wanjia: {say(word, **facts)}", file=sys.stderr)
    if args.json:
        who = seat.desk.who
        found = [_case(seat, id, seen(book, doc, who)) for id in cases if (doc := book.docs(Issue.kind).get(id))]
        touched = [{"kind": kind, "id": id} for kind, id in done.touched]
        out_json({"act": verb, "entry": done.number, "cases": found, "touched": touched})
        return DONE
    if not done.touched:
        out(say("done.nothing"))
    for id in cases:
        doc = book.docs(Issue.kind).get(id, {})
        out(
            say(
                "done.case",
                number=number(id),
                status=Word(f"status.{doc.get('status', 'new')}"),
                title=line(doc.get("title", "")),
            )
        )
        for n, request in enumerate(doc.get("requests", ()), 1):
            if request.get("state", "open") == "open" and request["at"] == (doc.get("last") or {}).get("at"):
                out(say("done.request", n=n, what=Word(f"request.{request['what']}")))
    if done.touched and not cases:
        out(say("done.act", act=Word(f"act.{verb}")))
    return DONE


def _acts(args: argparse.Namespace) -> int:
    """Every act with its fields."""
    from console import door
    from console.words import choose, words

    say = words(choose(args.lang))
    known = sorted(door.load_acts().items())
    if args.json:
        out_json(
            {
                verb: [{"field": name, "takes": takes, "needed": needed} for name, takes, needed in door.describe(cls)]
                for verb, cls in known
            }
        )
        return DONE
    for verb, cls in known:
        out(f"{verb}  {say(f'act.{verb}')}")
        for name, takes, needed in door.describe(cls):
            out(f"    {name}={takes}{' *' if needed else ''}")
    out(say("acts.foot"))
    return DONE


def add(args: argparse.Namespace) -> int:
    """Take a trouble in."""
    from console.taking import Take

    with Seat(args) as seat:
        return _told(seat, args, "take", seat.desk.do(Take(text=" ".join(args.text), source="walk-in")))


def show(args: argparse.Namespace) -> int:
    """One case with its clocks, errands and story."""
    with Seat(args) as seat:
        book, now = seat.desk.book, seat.desk.now()
        id = issue_id(book, args.number, now, seat.desk.who.id)
        issue = book.anywhere(Issue, id)
        if issue is None:
            raise Refused("refused.no_issue", number=number(id))
        must_be_theirs(id, issue, seat.desk.who)
        issue = awake(issue, now)
        doc = seen(book, timed(book, issue).dump(), seat.desk.who)
        issue = Issue.parse({k: v for k, v in doc.items() if k != "leg"}) if seat.desk.who.agency else issue
        if args.json:
            out_json({**_case(seat, id, doc), "story": _story(seat, id)})
            return DONE
        _card(seat, id, doc, issue, now)
        return DONE


def _case(seat: Seat, id: str, doc: Doc) -> dict[str, Any]:
    """A case as JSON: the row's fields, and the document with its moments in the station's zone."""
    here = zone(settings(seat.desk.book).timezone)
    return {
        **row_json(seat, Row(id, doc), 0, seat.desk.now()),
        "version": seat.desk.book.version(Issue.kind, id),
        "record": local_doc(doc, here),
    }


def local_doc(value: Any, here: tzinfo) -> Any:
    """A document with its moments in the station's zone."""
    if isinstance(value, dict):
        return {key: local_doc(each, here) for key, each in value.items()}
    if isinstance(value, list):
        return [local_doc(each, here) for each in value]
    if isinstance(value, str) and len(value) in (20, 24) and value[4:5] == "-" and value.endswith("Z") and value[10] == "T":
        try:
            return datetime.fromisoformat(value).astimezone(here).isoformat()
        except ValueError:
            return value
    return value


def _story(seat: Seat, id: str) -> list[dict[str, Any]]:
    """The story of a case as JSON, newest first."""
    here, book = zone(settings(seat.desk.book).timezone), seat.desk.book
    found = []
    for entry in filter(lambda each: readable(each, seat.desk.who), book.story(Issue.kind, id)):
        at, _, text = story_line(book, entry, id, seat.words, here)
        found.append(
            {
                "entry": entry.number, "at": at.isoformat(), "at_utc": entry.at, "who": entry.who, "verb": entry.what,
                "from": entry.source, "why": entry.why, "text": text,
            }
        )  # fmt: skip
    return found


def _card(seat: Seat, id: str, doc: Doc, issue: Issue, now: datetime) -> None:
    """A case in words."""
    say, book = seat.words, seat.desk.book
    row = Row(id, doc)
    head = [
        number(id),
        category_name(book, issue.category, say),
        say(f"severity.{issue.severity}"),
        say(f"status.{issue.status}"),
    ]
    if issue.outcome:
        head.append(say(f"outcome.{issue.outcome}"))
    if issue.mode:
        head.append(say(f"mode.{issue.mode}"))
    out("  ".join(part for part in head if part) + f"   {issue.grid} {line(issue.place)}".rstrip())
    out(line(issue.title))
    if issue.text and issue.text != issue.title:
        out("\n".join(f"  | {part}" for part in clean(issue.text).split("\n")))
    named = f"source.{issue.source}"
    source = say(named) if say.known(named) else line(issue.source)
    told = say("show.told", who=line(issue.reporter) or "–", contact=line(issue.contact) or "–", source=source)
    out(f"{told}  {now_line(doc['reported_at'], say, book)}")
    due = doc.get("due", {})
    if due.get("legal"):
        moments = {name: now_line(due[name], say, book) for name in ("legal", "duty")}
        out(say("show.due", limit=limit_text(say, issue.limit), **moments))
    _explained(seat, issue)
    if row.open:
        out(say("show.points", why=reasons(say, row.reasons(settings(book).queue, now.timestamp()))))
    _errands(seat, issue)
    for request in issue.requests:
        kind, state = Word(f"request.{request.what}"), Word(f"request_state.{request.state}")
        out(say("show.request", n=request.n, what=kind, state=state, why=line(request.why)))
    if issue.remind_at:
        out(say("show.remind", at=now_line(iso(issue.remind_at), say, book), text=line(issue.remind)))
    for voice in issue.voices:
        out(say("show.voice", name=line(voice.name), contact=line(voice.contact) or "–"))
    out()
    here = zone(settings(book).timezone)
    for entry in filter(lambda each: readable(each, seat.desk.who), book.story(Issue.kind, id)):
        at, who, text = story_line(book, entry, id, say, here)
        struck = say("show.struck") if entry.number in issue.struck else ""
        out(f"{at:%m-%d %H:%M} {entry.number:>6} {who}  {struck}{text}")


def _errands(seat: Seat, issue: Issue) -> None:
    """Until when the case stands, and its errands with their own due moments."""
    say, book = seat.words, seat.desk.book
    here = zone(settings(book).timezone)
    if issue.suspended:
        out(say("show.suspended", until=now_line(iso(issue.suspended.until), say, book), why=issue.suspended.why))
    for errand in issue.errands:
        lead = say("show.leading") if errand.leading and errand.state is not State.WITHDRAWN else ""
        state = say(f"errand.{errand.state}")
        report = f" — {line(errand.report)}" if errand.report else ""
        due_at = sla.due(errand.clock, calendar(book)) if errand.live else None
        running = due_at is not None and not due_at.paused
        when = say("show.errand_due", at=f"{due_at.legal.astimezone(here):%m-%d %H:%M}") if due_at and running else ""
        parts = [f"{errand.n} {agency_name(book, errand.agency, say)}{lead}", state, when, line(errand.ask)]
        out("  " + "  ".join(part for part in parts if part) + report)


def _explained(seat: Seat, issue: Issue) -> None:
    """How the legal due moment came about."""
    from console.sla import explain

    book, say = seat.desk.book, seat.words
    here = zone(settings(book).timezone)
    steps = explain(issue.clock, calendar(book))
    nights = [step for step in steps if step.word in ("clock.skip.night", "clock.skip.makeup", "clock.skip.weekday")]
    few = len(nights) <= FEW
    for step in steps:
        if not few and step in nights:
            continue
        start = f"{step.start.astimezone(here):%m-%d %H:%M}"
        end = f"{step.end.astimezone(here):%m-%d %H:%M}" if step.end else ""
        out("  " + say(step.word, start=start, end=end, text=limit_text(say, step.text)))
    if not few:
        out("  " + say("show.skips", n=len(nights)))
