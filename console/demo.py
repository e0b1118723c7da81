"""A made-up community with a month of history, a shift under way and a handover that waits. All of it is invented.

What happens stands in ``sample_files/demo.toml`` in both languages; here it is done, act by act, at the moment it says.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from console import door
from console.briefing import lacking, waiting
from console.clock import now, whole, zone
from console.config import settings, window
from console.desk import Desk
from console.kinds import KINDS
from console.numbers import number
from console.sample import FOLDER
from console.staff import SYSTEM, actor
from console.tidy import plan
from storage.disk import Disk
from storage.files import FileStore
from storage.options import Options

LONG = 310
"""How many minutes ago the shift under way began."""

DAYS = 40
"""Days of history; what is older than the station keeps goes to the archive."""

A_DAY = 4
"""Old cases a day."""

Told = Callable[[str, int, int], None]
"""Told how far it has come: (what, done, of)."""


class Unsynced(Disk):
    """A disk that may forget: what is made here is thrown away, or made again."""

    def sync_data(self, fd: int) -> None:
        """Not waited for."""

    def sync(self, fd: int) -> None:
        """Not waited for."""

    def sync_folder(self, path: str) -> None:
        """Not waited for."""


def ago(minutes: int, present: datetime) -> datetime:
    """A moment so many minutes ago; soon after midnight those of this shift are short, so that all of it is of one day."""
    if minutes > LONG:
        return present - timedelta(minutes=minutes)
    here = present.astimezone(zone("Asia/Shanghai"))
    today = here - here.replace(hour=0, minute=0, second=0, microsecond=0)
    return present - min(timedelta(minutes=LONG), today) * (minutes / LONG)


class Community:
    """The community in one language, being made."""

    def __init__(self, store: FileStore, present: datetime, language: str, moment: list[datetime]) -> None:
        """At a store that has the sample's categories and agencies. ``moment``: the store's clock, moved from here."""
        with open(FOLDER / "demo.toml", "rb") as f:
            self._said = tomllib.load(f)
        self._side = 0 if language == "zh" else 1
        self._present, self._moment = present, moment
        self.desk = Desk(store, lambda: moment[0], SYSTEM)
        self._known: dict[str, str] = {}

    desk: Desk
    """Where it is made."""

    def text(self, value: Any) -> Any:
        """A value in the language: one of a pair, also within tables and lists."""
        if isinstance(value, list) and len(value) == 2 and all(isinstance(each, str) for each in value):
            return value[self._side]
        if isinstance(value, list):
            return [self.text(each) for each in value]
        if isinstance(value, dict):
            return {name: self.text(each) for name, each in value.items()}
        return value

    def act(self, who: str, verb: str, at: datetime, **fields: Any) -> Any:
        """Do one act as somebody at a moment."""
        self._moment[0] = max(whole(at), self._moment[0])
        if who:
            self.desk.who = actor(self.desk.book, who, "demo", self._moment[0])
        else:
            self.desk.who = replace(SYSTEM, id="demo")
        return self.desk.do(door.act(verb, fields))

    def people(self) -> None:
        """Grids, staff, telephone numbers."""
        start = self._moment[0]
        if self._side:  # what the group is told is in the station's language
            self.act("", "configure", start, settings={"language": "en"})
        places = [self.text(each) for each in self._said["place"]]
        for each in places:
            looks_after = each.pop("facilitator", "")
            each.setdefault("level", "grid")
            if each["level"] == "grid":
                each |= {"inside": places[0]["code"], "facilitators": (looks_after,)}
            self.act("", "set_place", start, **each)
        for each in self._said["staff"]:
            self.act("", "set_person", start, **self.text(each))
        known = {doc["slug"]: doc for doc in self.desk.book.docs("agencies").values()}
        for each in self._said["contact"]:
            said = self.text(each)
            fields = {**known[said["agency"]], "phone": said["phone"], "contacts": said["people"]}
            self.act("", "set_agency", start, **fields)

    def old(self) -> Iterator[int]:
        """A month of cases, each done within hours: how many are made, one by one."""
        chance, kinds = random.Random(7), self._said["old"]
        officers, count = ("lina", "zhang", "wangq"), DAYS * A_DAY
        for n in range(count):
            day = DAYS - n // A_DAY
            start = ago(day * 1440 - (n % A_DAY) * 150 - chance.randint(0, 120), self._present)
            if start > ago(9000, self._present):
                return
            self._one(self.text(kinds[chance.randrange(len(kinds))]), officers[n % 3], start, chance, n)
            yield n + 1

    def _one(self, said: dict[str, Any], who: str, start: datetime, chance: random.Random, n: int) -> None:
        """One old case from its beginning to the call-back."""
        told = {"text": said["text"], "category": said["category"], "place": said["place"], "name": said["name"]}
        told["contact"] = f"138{chance.randint(0, 9999):04d}{n:04d}"
        done = self.act(who, "take", start, source=chance.choice(("phone", "group", "walk-in", "patrol")), **told)
        issue = done.touched[0][1]

        def after(minutes: int) -> datetime:
            return start + timedelta(minutes=minutes)

        if "answer" in said:
            self.act(who, "answer", after(3), issue=issue, answer=said["answer"], satisfied="satisfied")
            return
        self.act(who, "file", after(4), issue=issue)
        self.act(who, "dispatch", after(6), issue=issue, agency=said["agency"], ask="")
        by = {"said_by": said["name"], "how": self.text(["电话", "phone"])}
        self.act(who, "accept", after(12), issue=issue, **by)
        long = chance.randint(30, 400)
        self.act(who, "report", after(long), issue=issue, report=said["report"], **by)
        self.act(who, "close", after(long + 10), issue=issue, outcome="solved" if chance.random() < 0.9 else "partly")
        if chance.random() < 0.9:
            opinion = chance.choice(("satisfied", "satisfied", "fairly", "dissatisfied"))
            self.act(who, "callback", after(long + 60), issue=issue, reached="yes", contacted="yes", solved="yes",
                     satisfied=opinion)  # fmt: skip

    def before(self, count: int, *, begins: bool) -> datetime:
        """When a shift began or ended, so many before the one under way."""
        said = settings(self.desk.book)
        found = window(said, ago(LONG, self._present))
        for _ in range(count):
            found = window(said, found.start - timedelta(minutes=1))
        return found.start if begins else found.end

    def change(self, taker: str, at: datetime, giver: str = "", late: int = 0, why: str = "") -> None:
        """One shift to the next, read back and ticked as the rules want it; unsigned where nobody gives."""
        book = self.desk.book
        if giver:
            self.act(giver, "hand_over", at)
        after = at + timedelta(minutes=late)
        who = actor(book, taker, "demo", after)
        _, _, sheet = waiting(book, after)
        unread, unticked = lacking(book, sheet, who, after)
        for n, id in enumerate(unread):
            said = self._said["readback"][n % len(self._said["readback"])][self._side]
            self.act(taker, "read_back", after, issue=number(id), text=said)
        for id in unticked:
            self.act(taker, "tick", after, issue=number(id))
        self.act(taker, "take_over", after, unsigned_why=why)

    def now(self) -> None:
        """What happens in these hours."""
        for step in self._said["step"]:
            said = self.text(step)
            at, who, verb, case = (said.pop(name, "") for name in ("ago", "who", "act", "case"))
            moment = ago(at, self._present) if at else self.before(said.pop("shift"), begins=verb == "sign_on")
            if case in self._known:
                said["issue"] = self._known[case]
            if verb == "change":
                self.change(who, moment, said.get("from", ""), said.get("late", 0), said.get("why", ""))
                continue
            done = self.act(who, verb, moment, **said)
            if case and case not in self._known:
                self._known[case] = done.touched[0][1]


def make(folder: str, options: Options, language: str = "zh", told: Told = lambda *_: None) -> None:
    """Fill a store that has the sample station."""
    present = whole(now())
    moment = [ago(DAYS * 1440, present)]
    store = FileStore(folder, Options(now=lambda: moment[0], kinds=KINDS, user=options.user, disk=Unsynced()))
    try:
        community = Community(store, present, language, moment)
        community.people()
        for done in community.old():
            told("demo", done, DAYS * A_DAY)
        community.now()
        community.desk.put_away(plan(community.desk.book, present), "keep_days")
        told("demo", DAYS * A_DAY, DAYS * A_DAY)
    finally:
        store.close()
