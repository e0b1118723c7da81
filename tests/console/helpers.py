"""A small station in memory: a clock in the test's hand, one person of each role, and short ways to do acts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from console import door
from console.act import Actor
from console.book import Refused
from console.desk import Desk, Done
from console.issues import Issue
from console.kinds import KINDS
from console.staff import SYSTEM, actor
from storage.files import FileStore
from storage.memory import MemoryBook, MemoryStore
from storage.options import Options
from storage.store import Store
from tests.storage.helpers import settled

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
HERE = ZoneInfo("Asia/Shanghai")

PEOPLE = {
    "li": ("officer", {}),
    "zhao": ("officer", {}),
    "chen": ("chief", {}),
    "sun": ("supervisor", {}),
    "qian": ("supervisor", {}),
    "wang": ("facilitator", {"grids": ("g1",)}),
    "fang": ("liaison", {"agency": "fire"}),
    "pu": ("liaison", {"agency": "property"}),
}
"""Login → role and the rest."""


def local(text: str) -> datetime:
    """A moment written in the station's own time."""
    return datetime.fromisoformat(text).replace(tzinfo=HERE).astimezone(UTC)


def shared(name: str) -> Path:
    """A folder of real data; the test is skipped aloud where it is not there."""
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(f"the shared data {name} is not on this machine")
    return folder


class Station:
    """One station, and any number of people at it."""

    def __init__(self, start: str = "2026-11-23 10:00", store: Store | None = None) -> None:
        self.moment = local(start)
        self.memory = MemoryBook()
        self._stores: list[Store] = []
        self.store = store or self.session()
        self.desk = Desk(self.store, self.now, SYSTEM)
        self.setup()

    def session(self) -> Store:
        store = MemoryStore(self.now, KINDS, self.memory)
        self._stores.append(store)
        return store

    def now(self) -> datetime:
        return self.moment

    def later(self, **span: float) -> None:
        self.moment += timedelta(**span)

    def at(self, text: str) -> None:
        self.moment = local(text)

    def setup(self) -> None:
        for slug, name in (("fire", "消防中队"), ("property", "物业公司"), ("police", "派出所")):
            self.system("set_agency", slug=slug, name=name, english=slug)
        for slug, initials, limit, severity in (
            ("hornet", "mfw", "2紧急工作时", "p2"),
            ("sewer", "xsd", "4小时", "p3"),
            ("dispute", "lljf", "15天", "p4"),
            ("question", "zx", "本班", "p4"),
            ("praise", "by", "无", "p4"),
        ):
            names = {"name": f"{slug}名", "english": slug}
            self.system(
                "set_category", slug=slug, family="people", initials=initials, limit=limit, severity=severity, **names
            )
        lift = {"name": "电梯困人", "english": "lift", "stopper": ("电梯困人",), "ring": "119"}
        self.system("set_category", slug="lift", family="safety", limit="30分", severity="p1", **lift)
        self.system("set_place", code="c", level="community")
        for code in ("g1", "g2"):
            self.system("set_place", code=code, inside="c", facilitators=("wang",) if code == "g1" else ())
        for login, (role, more) in PEOPLE.items():
            self.system("set_person", login=login, role=role, name=login.title(), **more)

    def system(self, verb: str, **fields: Any) -> Done:
        self.desk.who = SYSTEM
        return self.desk.do(door.act(verb, fields))

    def who(self, login: str) -> Actor:
        return actor(self.desk.book, login, "tty1", self.moment)

    def do(self, verb: str, issue: str = "", who: str = "li", **fields: Any) -> Done:
        """Do an act as somebody; on a case where one is named."""
        self.desk.who = self.who(who)
        given = {"issue": issue, **fields} if issue else fields
        return self.desk.do(door.act(verb, given))

    def take(self, who: str = "li", **fields: Any) -> str:
        """Take a case in: its id."""
        fields.setdefault("text", "楼道里有个马蜂窝")
        return self.do("take", who=who, **fields).touched[0][1]

    def case(self, id: str) -> Issue:
        found = self.desk.book.anywhere(Issue, id)
        assert found is not None
        return found

    def status(self, id: str) -> str:
        return str(self.case(id).status)

    def filed(self, **fields: Any) -> str:
        id = self.take(**{"name": "王芳", "contact": "13800000000", **fields})
        self.do("file", id, category=fields.get("category", "sewer"))
        return id

    def dispatched(self, *agencies: str, **fields: Any) -> str:
        id = self.filed(**fields)
        for agency in agencies or ("property",):
            self.do("dispatch", id, agency=agency, ask="去看看")
        return id

    def handling(self, **fields: Any) -> str:
        id = self.dispatched(**fields)
        self.do("accept", id, who="pu")
        return id

    def returned(self) -> str:
        id = self.dispatched()
        self.do("return", id, who="pu", why="不归我们")
        return id

    def resolved(self) -> str:
        id = self.handling()
        self.do("report", id, who="pu", report="已疏通")
        return id

    def closed(self) -> str:
        id = self.resolved()
        self.do("close", id, outcome="solved")
        return id

    def rejected(self) -> str:
        id = self.take()
        self.do("reject", id, outcome="mistaken", why="看错了")
        return id

    def voided(self) -> str:
        id = self.filed()
        self.do("void", id, who="sun", why="重复登记")
        return id

    def suspended(self) -> str:
        id = self.handling()
        self.do("suspend", id, who="sun", until="2026-12-20 09:00", why="等配件")
        return id

    def merged(self, into: str = "") -> str:
        id = self.take(name="陆先生")
        self.do("merge", id, into=into or self.filed())
        return id

    def make(self, status: str) -> str:
        """A case in a status."""
        made = {"new": self.take, "filed": self.filed, "dispatched": self.dispatched, "handling": self.handling}
        made |= {"returned": self.returned, "resolved": self.resolved, "closed": self.closed, "rejected": self.rejected}
        made |= {"voided": self.voided, "suspended": self.suspended, "merged": self.merged}
        id: str = made[status]()
        assert self.status(id) == status
        return id

    def refused(self, verb: str, issue: str = "", who: str = "li", **fields: Any) -> Refused:
        """Do an act that must be refused, and see that nothing was written."""
        before = self.desk.catch_up()
        with pytest.raises(Refused) as caught:
            self.do(verb, issue, who, **fields)
        assert self.desk.catch_up() == before, "a refused act wrote something"
        return caught.value


class FileStation(Station):
    """The same station on files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = False
        super().__init__()

    def session(self) -> Store:
        make = FileStore if self._made else FileStore.create
        self._made = True
        store = make(str(self.folder), Options(now=self.now, kinds=KINDS))
        if not hasattr(self, "_stores"):
            self._stores = []
        self._stores.append(store)
        return store

    def close(self) -> None:
        for store in self._stores:
            store.close()
        settled()
