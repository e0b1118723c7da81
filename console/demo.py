"""A made-up community with a shift under way. All names and troubles in it are invented."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from console import door
from console.clock import now, whole, zone
from console.desk import Desk
from console.kinds import KINDS
from console.staff import SYSTEM, actor
from storage.files import FileStore
from storage.options import Options

STAFF: tuple[dict[str, Any], ...] = (
    {"login": "lina", "name": "李娜", "role": "officer"},
    {"login": "zhang", "name": "张建国", "role": "officer"},
    {"login": "wangkan", "name": "王看", "role": "facilitator", "grids": ("金桂-01", "金桂-02", "金桂-03")},
    {"login": "fire", "name": "赵队", "role": "liaison", "agency": "fire"},
    {"login": "chen", "name": "陈杰", "role": "supervisor"},
)
"""Who works there."""

LONG = 310
"""How many minutes ago the made-up station began."""


def ago(minutes: int, present: datetime) -> datetime:
    """A moment so many minutes ago; soon after midnight they are short ones, so that all of it is of one day."""
    here = present.astimezone(zone("Asia/Shanghai"))
    today = here - here.replace(hour=0, minute=0, second=0, microsecond=0)
    return present - min(timedelta(minutes=LONG), today) * (minutes / LONG)


Step = tuple[int, str, str, dict[str, Any]]
"""Minutes ago, who, act, its fields; the case is the one taken in last with the same ``#`` mark."""

STEPS: tuple[Step, ...] = (
    (300, "zhang", "sign_on", {}),
    (
        290,
        "zhang",
        "take",
        {
            "#": 1,
            "text": "一楼卫生间返水",
            "category": "xsyh",
            "grid": "金桂-01",
            "place": "1幢102",
            "name": "周先生",
            "contact": "13800000001",
            "source": "phone",
        },
    ),
    (286, "zhang", "file", {"#": 1}),
    (285, "zhang", "dispatch", {"#": 1, "agency": "property", "ask": "疏通,先垫沙袋"}),
    (280, "zhang", "accept", {"#": 1, "said_by": "物业小刘", "how": "电话"}),
    (
        200,
        "zhang",
        "take",
        {
            "#": 2,
            "text": "12幢楼道拉线给电瓶车充电",
            "category": "fxcd",
            "grid": "金桂-02",
            "name": "孙女士",
            "contact": "13800000002",
            "source": "group",
        },
    ),
    (195, "zhang", "file", {"#": 2}),
    (194, "zhang", "dispatch", {"#": 2, "agency": "property", "ask": "清理飞线"}),
    (120, "zhang", "return", {"#": 2, "why": "业主不在家,进不了门", "said_by": "物业小刘", "how": "电话"}),
    (110, "zhang", "log", {"text": "周末社区马拉松,东大门 06–12 点封闭", "about": "watch", "pinned": True}),
    (60, "zhang", "hand_over", {}),
    (
        54,
        "lina",
        "take",
        {
            "#": 3,
            "text": "3幢楼下树上有个很大的马蜂窝,小孩被蜇了",
            "category": "mfw",
            "grid": "金桂-01",
            "place": "3幢南侧",
            "name": "王女士",
            "contact": "13800000003",
            "source": "group",
        },
    ),
    (48, "lina", "file", {"#": 3}),
    (41, "lina", "dispatch", {"#": 3, "agency": "fire", "ask": "摘除马蜂窝", "leading": True}),
    (37, "lina", "dispatch", {"#": 3, "agency": "property", "ask": "拉警戒线,劝离小孩"}),
    (36, "lina", "accept", {"#": 3, "errand": 2, "said_by": "物业小刘", "how": "电话"}),
    (30, "lina", "voice", {"#": 3, "name": "陆先生", "contact": "13800000004"}),
    (
        20,
        "lina",
        "take",
        {"#": 4, "text": "菜场门口摊贩堵路", "category": "zdjy", "grid": "金桂-03", "name": "何阿姨", "source": "walk-in"},
    ),
    (12, "lina", "take", {"#": 5, "text": "社保卡丢了去哪里补?", "category": "zx", "name": "吴大爷", "source": "walk-in"}),
    (11, "lina", "answer", {"#": 5, "answer": "带身份证到社区一楼窗口", "satisfied": "satisfied"}),
)
"""What has happened so far."""


def make(folder: str, options: Options) -> None:
    """Fill a new store."""
    present = whole(now())
    moment = [ago(LONG - 1, present)]

    def clock() -> datetime:
        return moment[0]

    store = FileStore(folder, Options(now=clock, kinds=KINDS, user=options.user))
    try:
        desk = Desk(store, clock, SYSTEM)
        desk.who = actor(desk.book, "demo", "demo")
        for person in STAFF:
            desk.do(door.act("set_person", person))
        known: dict[int, str] = {}
        for minutes, who, verb, fields in STEPS:
            moment[0] = whole(ago(minutes, present))
            desk.who = actor(desk.book, who, "demo")
            given = {name: value for name, value in fields.items() if name != "#"}
            mark = fields.get("#", 0)
            if mark in known:
                given["issue"] = known[mark]
            done = desk.do(door.act(verb, given))
            if mark and mark not in known:
                known[mark] = done.touched[0][1]
    finally:
        store.close()
