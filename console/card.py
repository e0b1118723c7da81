"""A case told in full: lines of parts, each part with its role; how wide they are is for whoever shows them.

Roles are those of the palettes: ``dim``, ``strong``, ``late``, ``soon``, ``quote``, ``struck`` and so on.
"""

from __future__ import annotations

from datetime import datetime

from console import sla
from console.act import Actor
from console.book import Book
from console.clock import local_day, zone
from console.config import calendar, settings
from console.errands import Errand, State
from console.glance import Line
from console.issues import Issue
from console.numbers import number
from console.parts import Forced, Urging
from console.plain import clean, line
from console.progress import awake, timed
from console.record import Doc
from console.rows import Row
from console.saying import agency_name, category_name, left, limit_text, reasons, status_word, story_line
from console.sight import bounded, readable, seen, sees
from console.staff import name_of
from console.words import Words


class Card:
    """One case as somebody reads it at a moment."""

    def __init__(self, book: Book, id: str, say: Words, now: datetime, who: Actor) -> None:
        """Read it, as this person may. Raises ``KeyError`` where there is no such case, or it is not theirs to see."""
        found = book.anywhere(Issue, id)
        if found is None:
            raise KeyError(id)
        self._book, self._say, self._now, self._who = book, say, now, who
        self._here = zone(settings(book).timezone)
        self.id = id
        whole = timed(book, awake(found, now))
        self.doc: Doc = whole.dump()
        if bounded(who):
            if not sees(self.doc, who):
                raise KeyError(id)
            self.doc = seen(book, self.doc, who)
        self.issue = whole if not who.agency else Issue.parse({k: v for k, v in self.doc.items() if k != "leg"})
        self.row = Row(id, self.doc)

    id: str
    """Id of the case."""

    issue: Issue
    """Its record, as it is at this moment."""

    doc: Doc
    """The same as a document."""

    row: Row
    """The same as a row of the queue."""

    def head(self) -> Line:
        """Number, category, severity, status, mode."""
        say, issue = self._say, self.issue
        words = [f"{say(f'severity.{issue.severity}')}", status_word(self.row, say)]
        words += [say(f"outcome.{issue.outcome}")] if issue.outcome else []
        words += [say(f"mode.{issue.mode}")] if issue.mode else []
        words += [say("card.sensitive")] if issue.sensitive else []
        kind = category_name(self._book, issue.category, say) or say("card.no_category")
        return [("title", f"{number(self.id)}  {kind}  "), ("title", "  ".join(words))]

    def where(self) -> Line:
        """Grid and place."""
        return [("title", f"{self.issue.grid} {line(self.issue.place)}".strip())]

    def body(self) -> list[Line]:
        """Everything but the story."""
        parts = (
            [[("strong", line(self.issue.title))]],
            self._text(),
            self._pictures(),
            self._due(),
            [self._told()],
            self._standing(),
            self._errands(),
            self._asked(),
            self._voices(),
        )
        return [each for part in parts for each in part]

    def _text(self) -> list[Line]:
        """What happened, in the resident's words."""
        issue = self.issue
        if not issue.text or issue.text == issue.title:
            return []
        return [[("quote", f"  {part}")] for part in clean(issue.text).split("\n")]

    def _pictures(self) -> list[Line]:
        """Where the pictures of its messages lie, to be opened elsewhere; agencies are not told."""
        if self._who.agency or not self._book.docs("messages"):
            return []
        from console.chat.taking import thread

        kept = [each.path for _, message in thread(self._book, self.id) for each in message.pictures if each.path]
        return [[("dim", f"  {self._say('holds.image')} "), ("text", line(path))] for path in kept]

    def _due(self) -> list[Line]:
        """Both due moments, and how much is left."""
        due, say, issue = self.issue.due, self._say, self.issue
        if due.legal is None:
            return []
        found: Line = [
            ("dim", say("card.own_due" if self._who.agency else "card.legal") + " "),
            ("text", self.at(due.legal)),
        ]
        found += [("dim", f" ({limit_text(say, issue.limit)})")] if issue.limit else []
        if due.duty is not None and due.duty != due.legal:
            found += [("dim", "  " + say("card.duty") + " "), ("text", self.at(due.duty))]
        if self.row.open:
            moment = self._now.timestamp()
            role = "late" if self.row.legal < moment else "soon" if self.row.warn <= moment else "text"
            found += [(role, "  " + left(say, self.row.legal, moment))]
        ran = [event.at for event in issue.clock if event.tick is sla.Tick.PAUSE]
        found += [("dim", "  " + say("card.paused", n=len(ran)))] if ran else []
        if issue.late or (issue.resolved_at and due.legal < issue.resolved_at):
            found.append(("late", "  " + say("card.late_exempt" if issue.exempt else "card.late")))
        return [found]

    def _told(self) -> Line:
        """Who told it, when, by which way."""
        say, issue = self._say, self.issue
        named = f"source.{issue.source}"
        source = say(named) if say.known(named) else line(issue.source)
        number_there = f" {line(issue.source_no)}" if issue.source_no else ""
        who = [line(issue.reporter), line(issue.contact)]
        told = "  ".join(part for part in (*who, f"{source}{number_there}", self.at(issue.reported_at)) if part)
        owner = name_of(self._book, issue.owner) if issue.owner else ""
        found: Line = [("dim", say("card.told") + " "), ("text", told)]
        return [*found, ("dim", f"  {say('card.owner')} "), ("text", owner)] if owner else found

    def _standing(self) -> list[Line]:
        """What holds it, carries it or is to be remembered."""
        say, issue, found = self._say, self.issue, list[Line]()
        if issue.suspended:
            facts = {"until": self.at(issue.suspended.until, day=True), "why": line(issue.suspended.why)}
            found.append([("soon", say("card.suspended", **facts))])
        if issue.merged:
            found.append([("soon", say("card.merged", number=number(issue.merged.into)))])
        if issue.follows:
            found.append([("dim", say("card.follows", number=number(issue.follows)))])
        if issue.reopened:
            found.append([("soon", say.plural("card.reopened", issue.reopened))])
        if issue.urged:
            found.append([("late", say("card.urged", why=line(issue.urged)))])
        found += [self._urging(each) for each in issue.urgings]
        if issue.forced:
            found.append(self._forced(issue.forced))
        if issue.remind_at:
            role = "late" if issue.remind_at <= self._now else "text"
            found.append([(role, say("card.remind", at=self.at(issue.remind_at), text=line(issue.remind)))])
        if issue.owed:
            found.append([("soon", say("card.owed"))])
        return found

    def _urging(self, each: Urging) -> Line:
        """One urging, with what was answered or by when that is demanded."""
        say = self._say
        head = say("card.urging", who=name_of(self._book, each.by), at=self.at(each.at), why=line(each.why))
        if each.answer:
            who = name_of(self._book, each.answered_by)
            return [("dim", head), ("text", "  " + say("card.urging_answer", who=who, text=line(each.answer)))]
        role = "late" if each.answer_by <= self._now else "soon"
        return [("dim", head), (role, "  " + say("card.urging_open", at=self.at(each.answer_by)))]

    def _forced(self, each: Forced) -> Line:
        """Who closed it over an open errand, and whether a supervisor has looked at that."""
        say, comma = self._say, self._say("list.comma")
        agencies = comma.join(agency_name(self._book, slug, say) for slug in each.left)
        head = say("card.forced", who=name_of(self._book, each.by), agencies=agencies, why=line(each.why))
        if each.reviewed_at is None:
            return [("late", head), ("soon", "  " + say("card.not_reviewed"))]
        who = name_of(self._book, each.reviewed_by)
        return [("dim", head), ("text", "  " + say("card.reviewed", who=who, text=line(each.remark)))]

    def _errands(self) -> list[Line]:
        """What each agency has, where it is with it, and what it asks."""
        return [part for errand in self.issue.errands for part in (self._errand(errand), *self._inquiries(errand))]

    def _inquiries(self, errand: Errand) -> list[Line]:
        """What the agency asked, and what it was told."""
        say, found = self._say, list[Line]()
        for each in errand.inquiries:
            answer: Line = [("text", line(each.answer))] if each.answer else [("soon", say("card.inquiry_open"))]
            found.append([("dim", f"  {say('card.inquiry')} "), ("text", f"{line(each.text)} → "), *answer])
        return found

    def _errand(self, errand: Errand) -> Line:
        """One errand."""
        say = self._say
        old = errand.round != self.issue.round
        role = "dim" if old else {"sent": "soon", "accepted": "wait", "done": "good"}.get(errand.state, "late")
        name = agency_name(self._book, errand.agency, say)
        lead = say("show.leading") if errand.leading and errand.state is not State.WITHDRAWN else ""
        found: Line = [("dim" if old else "text", f"{errand.n} {name}{lead} "), (role, say(f"errand.{errand.state}"))]
        due = sla.due(errand.clock, calendar(self._book)) if errand.live else None
        if due is not None and not due.paused:
            late = due.legal < self._now
            when = left(say, due.legal.timestamp(), self._now.timestamp())
            found.append(("late" if late else "dim", f" {self.at(errand.sent_at)} {when}"))
        told = "  ".join(line(part) for part in (errand.ask, errand.report, errand.on_behalf) if part)
        return [*found, ("dim" if old else "text", f"  {told}")] if told else found

    def _asked(self) -> list[Line]:
        """On-site checks, and what waits for approval."""
        say, found = self._say, list[Line]()
        for check in self.issue.checks:
            who = name_of(self._book, check.who) or say("card.nobody")
            if check.done_at is None:
                found.append([("soon", say("card.check_out", who=who, at=self.at(check.asked_at), what=line(check.what)))])
            else:
                word, role = ("card.check_passed", "good") if check.passed else ("card.check_failed", "late")
                found.append([(role, say(word, who=who, found=line(check.found)))])
        for request in self.issue.requests:
            state, what = say(f"request_state.{request.state}"), say(f"request.{request.what}")
            by, role = name_of(self._book, request.by), "soon" if request.state == "open" else "dim"
            found.append([(role, say("card.request", n=request.n, what=what, state=state, by=by, why=line(request.why)))])
        return found

    def _voices(self) -> list[Line]:
        """Who says "me too", and what residents said when they were rung."""
        say, issue, found = self._say, self.issue, list[Line]()
        if issue.voices:
            names = say("list.comma").join(filter(None, (f"{line(v.name)} {line(v.contact)}".strip() for v in issue.voices)))
            found.append([("dim", say.plural("voices", len(issue.voices)) + " "), ("text", names)])
        for call in issue.callbacks:
            said = [say(f"answer.{call.solved}")] if call.solved else []
            said += [say(f"opinion.{call.satisfied}")] if call.satisfied else []
            word = "card.called" if call.reached else "card.missed"
            told = say(word, at=self.at(call.at), said=" ".join(said), note=line(call.note))
            found.append([("text", told.rstrip(" :,"))])
        return found

    def story(self) -> list[Line]:
        """The story, newest first: when, who, what."""
        found = []
        for entry in self._book.story(Issue.kind, self.id):
            if not readable(entry, self._who):
                continue
            at, who, text = story_line(self._book, entry, self.id, self._say, self._here)
            struck = entry.number in self.issue.struck
            moment = f"{at:%H:%M}" if at.date() == local_day(self._now, self._here) else f"{at:%m-%d %H:%M}"
            found.append([("dim", f"{moment:<11} "), ("dim", f"{line(who)} "), ("struck" if struck else "text", text)])
        return found

    def why(self) -> list[Line]:
        """How the due moment came about, and why the case stands where it stands."""
        say, found = self._say, list[Line]()
        for step in sla.explain(self.issue.clock, calendar(self._book)):
            start = f"{step.start.astimezone(self._here):%m-%d %H:%M}"
            end = f"{step.end.astimezone(self._here):%m-%d %H:%M}" if step.end else ""
            found.append([("text", say(step.word, start=start, end=end, text=limit_text(say, step.text)))])
        if self.row.open:
            why = reasons(say, self.row.reasons(settings(self._book).queue, self._now.timestamp()))
            found.append([("dim", say("show.points", why=why))])
        return found

    def at(self, moment: datetime, *, day: bool = False) -> str:
        """A moment: the time today, the day as well on another."""
        here = moment.astimezone(self._here)
        today = local_day(self._now, self._here)
        if day or here.date() != today:
            return f"{here:%m-%d %H:%M}" if here.year == today.year else f"{here:%Y-%m-%d %H:%M}"
        return f"{here:%H:%M}"
