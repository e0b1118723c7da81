"""``handover``: a shift's sheet as text, Markdown, HTML or JSON, in either language."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from console.act import no_right
from console.book import Refused
from console.briefing import became_urgent, came_later, draft, lacking
from console.clock import zone
from console.config import settings
from console.desk import Desk
from console.news import NEWS, News, news
from console.numbers import number
from console.plain import html, line, markdown
from console.saying import agency_name
from console.seals import check_chain
from console.sheets import Carried, Item, Sheet, SheetState, Weight, sheet_of
from console.staff import name_of
from console.telling import figure
from console.verbs.cases import local_doc
from console.verbs.seat import DONE, FOUND, Seat, out, out_json
from console.words import Words

Mark = Callable[[str], str]
"""Makes a text from a person fit for a format."""


def handover(args: argparse.Namespace) -> int:
    """Print the draft of the shift on duty, the sheet that waits, or a sealed one."""
    with Seat(args) as seat:
        book, now = seat.desk.book, seat.desk.now()
        if not seat.desk.who.may("read"):
            raise no_right(seat.desk.who, "read")
        if args.shift:
            id = args.shift
            sheet = sheet_of(book, id)
            if sheet is None or sheet.state is SheetState.DRAFT:
                raise Refused("refused.no_sheet", shift=args.shift)
        else:
            id, sheet = draft(book, now)
        form = args.format
        wrong = [word for where, word in check_chain(book) if where in (id, "")] if args.shift else []
        if form == "json":
            out_json(_json(seat, id, sheet, now))
            for word in wrong:
                print(f"wanjia: {seat.words(word, id=id)}", file=sys.stderr)
            return FOUND if wrong else DONE
        lines = Lines(seat, id, sheet, now)
        if form == "html":
            print(lines.html())
        elif form == "md":
            print(lines.markdown())
        else:
            out(lines.text())
        for word in wrong:
            out(seat.words(word, id=id))
        return FOUND if wrong else DONE


def _nested(lines: list[str]) -> list[str]:
    """Lines as items of a list; those that begin with a space belong to the one before them."""
    found: list[str] = []
    for each in lines:
        if each[:1] == " " and found:
            inner = f"<ul><li>{each.strip()}</li></ul></li>"
            last = found[-1].removesuffix("</li>")
            found[-1] = last.removesuffix("</ul>") + inner.removeprefix("<ul>") if last.endswith("</ul>") else last + inner
        else:
            found.append(f"<li>{each.strip()}</li>")
    return found


def _json(seat: Seat, id: str, sheet: Sheet, now: datetime) -> dict[str, Any]:
    """The sheet, and what changed since one last signed off."""
    here = zone(settings(seat.desk.book).timezone)
    unread, unticked = lacking(seat.desk.book, sheet, seat.desk.who, now)
    since = news(seat.desk.book, now, seat.desk.who)
    return {
        "shift": id,
        "sheet": local_doc(sheet.dump(), here),
        "lacking": {"read_back": [number(each) for each in unread], "tick": [number(each) for each in unticked]},
        "since_signed_off": {
            "since": since.since.astimezone(here).isoformat() if since.since else None,
            **{
                name: [number(id) for id in getattr(since, name)]
                for name in ("new", "closed", "reopened", "overdue", "handed")
            },
            "orders_unread": list(since.orders),
        },
    }


class Reader(Protocol):
    """Whoever reads it: a seat, or a chair at the screens."""

    @property
    def desk(self) -> Desk:
        """The desk."""

    @property
    def words(self) -> Words:
        """The language."""


class Lines:
    """A sheet as sections of lines, the same for every format."""

    def __init__(self, seat: Reader, id: str, sheet: Sheet, now: datetime) -> None:
        """For one reader."""
        self.seat, self.id, self.sheet, self.now = seat, id, sheet, now
        self.say: Words = seat.words
        self._here = zone(settings(seat.desk.book).timezone)

    def text(self) -> str:
        """For a terminal and for paper."""
        parts = [self.title(line), *self.facts(line), ""]
        for head, lines in self.sections(line):
            parts += [f"── {head} " + "─" * 20, *lines, ""]
        return "\n".join(parts).rstrip()

    def markdown(self) -> str:
        """For a document."""
        parts = [f"# {self.title(markdown)}", "", *(f"{fact}  " for fact in self.facts(markdown)), ""]
        for head, lines in self.sections(markdown):
            parts += [f"## {head}", "", *(f"{'    ' if each[:1] == ' ' else ''}* {each.strip()}" for each in lines), ""]
        return "\n".join(parts).rstrip()

    def html(self) -> str:
        """For a browser and its printer: one page, nothing fetched from anywhere."""
        lang = "zh-CN" if self.say.language == "zh" else "en"
        parts = [
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{self.title(html)}</title>',
            "<style>body{font:11pt sans-serif;margin:2em auto;max-width:60em}li{margin:.3em 0}</style></head><body>",
            f"<h1>{self.title(html)}</h1>",
            *(f"<p>{fact}</p>" for fact in self.facts(html)),
        ]
        for head, lines in self.sections(html):
            parts += [f"<h2>{head}</h2><ul>", *_nested(lines), "</ul>"]
        return "\n".join([*parts, "</body></html>"])

    def title(self, mark: Mark) -> str:
        """Station, shift, day."""
        sheet = self.sheet
        name = sheet.shift if self.say.language == "zh" else sheet.english
        hours = f"{self.at(sheet.start)}–{self.at(sheet.end, '%H:%M')}" if sheet.start and sheet.end else self.id
        return self.say("sheet.title", station=mark(sheet.station), name=mark(name), hours=hours, id=self.id)

    def at(self, moment: datetime | None, form: str = "%Y-%m-%d %H:%M") -> str:
        """A moment in the station's own time."""
        return moment.astimezone(self._here).strftime(form) if moment else "–"

    def facts(self, mark: Mark) -> list[str]:
        """Who signed and when, the figures, the chain."""
        say, sheet = self.say, self.sheet
        found = [say(f"sheet.{sheet.state}", at=self.at(sheet.made_at))]
        if sheet.outgoing:
            found.append(say("sheet.outgoing", name=mark(sheet.outgoing.name), at=self.at(sheet.outgoing.at)))
        if sheet.unsigned_why:
            found.append(say("sheet.unsigned", why=mark(sheet.unsigned_why)))
        if sheet.incoming:
            found.append(say("sheet.incoming", name=mark(sheet.incoming.name), at=self.at(sheet.incoming.at)))
        if sheet.ticks and sheet.incoming:
            found.append(say("sheet.ticks", n=sum(mark.startswith(f"{sheet.incoming.login}:") for mark in sheet.ticks)))
        if sheet.open_questions:
            found.append(say("sheet.open_questions"))
        if sheet.head:
            found.append(say("sheet.head", head=sheet.head))
        if sheet.hash:
            found.append(say("sheet.chain", n=sheet.number, hash=sheet.hash[:12], before=sheet.before_hash[:12] or "–"))
        return found

    def sections(self, mark: Mark) -> list[tuple[str, list[str]]]:
        """情况清 situation, 问题清 problems, 任务清 tasks, and what else there is."""
        say, sheet = self.say, self.sheet
        figures = [figure(name, n, say) for name, n in (sheet.figures or {}).items()]
        found = [(say("sheet.situation"), [say("list.comma").join(figures) or "–"])]
        for weight in Weight:
            lines = [part for item in sheet.items if item.weight is weight for part in self.item(item, mark)]
            if weight is Weight.STABLE and sheet.stable_more:
                lines.append(say("sheet.stable_more", n=sheet.stable_more))
            if lines:
                found.append((say(f"weight.{weight}"), lines))
        if sheet.more:
            found.append((say("sheet.more_head"), [say("sheet.more", n=sheet.more)]))
        late = sheet.became_urgent or tuple(became_urgent(self.seat.desk.book, sheet, self.now))
        if late:
            found.append((say("sheet.became_urgent"), [part for item in late for part in self.item(item, mark)]))
        later = sheet.came_later or tuple(came_later(self.seat.desk.book, sheet, self.now))
        if later:
            found.append((say("sheet.came_later"), [part for item in later for part in self.item(item, mark)]))
        tasks = [self.note(n, mark) for n in sheet.log if n.pinned and not n.struck]
        tasks += [
            say("sheet.reminder", at=self.at(i.remind_at, "%m-%d %H:%M"), number=number(i.issue), text=mark(i.remind))
            for i in sheet.items
            if i.remind_at
        ]
        tasks += [say("sheet.order", n=n.n, text=mark(n.text), by=self.name(n.by, mark)) for n in sheet.orders]
        tasks += [say("sheet.owed", numbers=say("list.comma").join(number(id) for id in sheet.owed))] if sheet.owed else []
        found.append((say("sheet.tasks"), tasks or ["–"]))
        log = [self.note(n, mark) for n in sheet.log if not n.pinned or n.struck]
        found += [(say("log.head"), log)] if log else []
        asked = [
            f"{q.n} {self.name(q.by, mark)}: {mark(q.text)} → {mark(q.answer) or say('sheet.no_answer')}"
            for q in sheet.questions
        ]
        found += [(say("sheet.questions"), asked)] if asked else []
        added = [f"{self.at(a.at)} {self.name(a.by, mark)}: {mark(a.text)}" for a in sheet.additions]
        found += [(say("sheet.additions"), added)] if added else []
        if sheet.state is not SheetState.SEALED:
            found += self.since(mark)
        return found

    def note(self, note: Carried, mark: Mark) -> str:
        """One line of the log, with the number by which it can be struck out."""
        pinned = f" ({self.say('log.pinned')})" if note.pinned else ""
        pinned = f" ({self.say('log.struck', why=mark(note.struck))})" if note.struck else pinned
        kind = self.say(f"notekind.{note.about}") if note.about else ""
        return f"{note.n} {self.at(note.at, '%m-%d %H:%M')} {self.name(note.by, mark)} {kind}: {mark(note.text)}{pinned}"

    def name(self, login: str, mark: Mark) -> str:
        """How people say somebody's name."""
        return mark(name_of(self.seat.desk.book, login))

    def item(self, item: Item, mark: Mark) -> list[str]:
        """One case of the sheet: what, how far, what next, who by when, if … then …, whom to ring, the read-back."""
        say, book = self.say, self.seat.desk.book
        late = "_late" if item.overdue else ""
        at = self.at(item.due, "%m-%d %H:%M")
        due = say(f"sheet.due{late}", at=at) if item.due else ""
        if item.stage:
            due = say(f"sheet.stage{late}", stage=say(f"stage.{item.stage}"), at=at)
        carried = say("sheet.carried", n=item.carried) if item.carried > 1 else ""
        marks = [say(f"severity.{item.severity}")] if item.severity else []
        marks += [say("urgency.reopened")] if item.reopened else []
        marks += [say.plural("voices", item.voices)] if item.voices else []
        where = " ".join(mark(part) for part in (item.grid, item.place) if part)
        status = say(f"status.{item.status}")
        parts = [number(item.issue), " ".join(marks), mark(item.title), where, status, due, carried]
        found = ["  ".join(part for part in parts if part)]
        found += [f"    {say('sheet.said', text=mark(item.said))}"] if item.said else []
        who = agency_name(book, item.who, say)
        who = name_of(book, item.who) if who == item.who else who
        step = say(item.next) if item.next.startswith("next.") and say.known(item.next) else mark(item.next)
        by = f" ({self.at(item.by, '%m-%d %H:%M')})" if item.by else ""
        found.append(f"    → {step}{': ' if who else ''}{mark(who)}{by}")
        if item.if_then:
            found.append(f"    {say('sheet.if_then', text=mark(item.if_then))}")
        if item.ring:
            found.append(f"    {say('sheet.ring', text=mark(item.ring))}")
        found += [
            f"    {say('sheet.read_back', name=self.name(r.by, mark), text=mark(r.text))}"
            for r in self.sheet.read_backs
            if r.issue == item.issue
        ]
        return found

    def since(self, mark: Mark) -> list[tuple[str, list[str]]]:
        """What changed since the reader last signed off."""
        found: News = news(self.seat.desk.book, self.now, self.seat.desk.who)
        if found.since is None:
            return []
        say = self.say
        lines = []
        for name in NEWS:
            ids = getattr(found, name)
            if ids:
                shown = say("list.comma").join(number(id) for id in ids[:8]) + (" …" if len(ids) > 8 else "")
                lines.append(f"{say(f'news.{name}')} {len(ids)}: {shown}")
        if found.orders:
            lines.append(f"{say('news.orders')} {len(found.orders)}")
        return [(say("news.head", at=self.at(found.since)), lines or [say("news.nothing")])]
