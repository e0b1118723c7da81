"""A station with three shifts behind it: one in order, one taken over late with a thin read-back, one left unsigned."""

from __future__ import annotations

from console.sheets import Weight
from tests.console.helpers import Station
from tests.console.test_handover import by_weight, read_all, seal

THIN = ("叫他们快点来", "等明早再说吧", "先看着别急")
"""Read-backs that are one's own words, and next to nothing."""


def past(station: Station | None = None) -> Station:
    """The station in the fourth shift, with the ids of its sheets in their order in ``sheets``."""
    s = station or Station()
    sheets: list[str] = []
    s.at("2026-11-23 08:05")
    s.do("sign_on")
    s.filed(text="下水道堵了,污水漫到院子", grid="g1", place="3幢")
    s.do("log", text="东门来了检查组", about="visitor")
    late = s.take(text="树上马蜂窝", grid="g1", name="王芳", contact="13800000000")
    s.later(minutes=9)
    s.do("file", late, category="hornet")
    s.do("dispatch", late, agency="fire", ask="去摘")
    s.at("2026-11-23 15:50")
    sheets.append(seal(s))
    s.closed()
    s.at("2026-11-24 00:40")
    s.do("hand_over", who="zhao")
    for n, id in enumerate(by_weight(s, Weight.URGENT)):
        s.do("read_back", id, "chen", text=THIN[n])
    for weight in (Weight.WATCH, Weight.STABLE):
        for id in by_weight(s, weight):
            s.do("tick", id, "chen")
    s.do("take_over", who="chen")
    sheets.append("202611233")
    s.at("2026-11-24 09:00")
    read_all(s, "li")
    s.do("take_over", who="li", unsigned_why="站长去医院了")
    sheets.append("202611241")
    s.do("annotate", who="sun", shift=sheets[1], text="跟赵说过要按时接班")
    s.do("order", who="chen", text="独居老人每班问候一次")
    s.later(minutes=5)
    s.sheets = sheets  # type: ignore[attr-defined]
    return s
