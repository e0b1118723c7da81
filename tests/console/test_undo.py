"""Undoing one's own last act: everything back as it was, as long as nobody has gone on from it."""

from __future__ import annotations

import pytest

from console.undo import STRUCK, last_act
from tests.console.helpers import Station


@pytest.fixture
def on_duty() -> Station:
    station = Station()
    station.do("sign_on")
    return station


@pytest.mark.parametrize(
    ("made", "verb", "fields"),
    [
        ("new", "file", {"category": "sewer"}),
        ("new", "answer", {"answer": "带身份证"}),
        ("new", "reject", {"outcome": "mistaken", "why": "看错了"}),
        ("filed", "dispatch", {"agency": "fire"}),
        ("filed", "handle", {}),
        ("dispatched", "accept", {"said_by": "刘", "how": "电话"}),
        ("dispatched", "return", {"said_by": "刘", "how": "电话", "why": "不归我们"}),
        ("handling", "report", {"said_by": "刘", "how": "电话", "report": "好了"}),
        ("resolved", "close", {"outcome": "solved"}),
        ("resolved", "rework", {"why": "又堵了"}),
        ("closed", "reopen", {"why": "又坏了"}),
        ("closed", "callback", {"reached": True, "solved": "no", "note": "没修好"}),
        ("rejected", "restore", {}),
        ("suspended", "resume", {}),
        ("merged", "unmerge", {}),
        ("new", "note", {"text": "x"}),
        ("new", "remind", {"at": "+2h", "text": "x"}),
        ("filed", "voice", {"name": "陆"}),
        ("filed", "edit", {"title": "别的"}),
    ],
)
def test_a_case_is_as_it_was_and_the_story_keeps_both(
    on_duty: Station, made: str, verb: str, fields: dict[str, object]
) -> None:
    id = on_duty.make(made)
    before = on_duty.case(id)
    on_duty.later(minutes=3)
    on_duty.do(verb, id, **fields)
    on_duty.later(minutes=2)
    on_duty.do("undo")
    after = on_duty.case(id)
    plain = lambda case: {k: v for k, v in case.dump().items() if k not in ("last", "due")}  # noqa: E731
    assert plain(after) == plain(before)
    assert (after.due.legal, after.due.stage) == (before.due.legal, before.due.stage)
    assert [entry.what for entry in on_duty.desk.book.story("issues", id)][:2] == ["undo", verb]


def test_several_are_undone_one_after_the_other_the_last_one_first(on_duty: Station) -> None:
    id = on_duty.take()
    for verb, fields in (("file", {"category": "sewer"}), ("dispatch", {"agency": "fire"}), ("note", {"text": "x"})):
        on_duty.do(verb, id, **fields)
    on_duty.do("undo")
    on_duty.do("undo")
    assert on_duty.status(id) == "filed"
    on_duty.do("dispatch", id, agency="police")
    on_duty.do("undo")
    on_duty.do("undo")
    assert on_duty.status(id) == "new"
    on_duty.do("undo")
    assert (on_duty.status(id), on_duty.case(id).outcome) == ("rejected", "mistaken")
    assert on_duty.refused("undo").word == "refused.nothing_to_undo"


def test_a_merge_is_undone_on_both_sides(on_duty: Station) -> None:
    master, member = on_duty.filed(name="甲"), on_duty.take(name="乙", contact="13811110000")
    on_duty.do("merge", member, into=master)
    assert len(on_duty.case(master).voices) == 1
    on_duty.do("undo")
    assert on_duty.case(master).voices == () and on_duty.status(member) == "new"


def test_what_somebody_has_gone_on_from_stays(on_duty: Station) -> None:
    id = on_duty.dispatched()
    on_duty.do("accept", id, who="pu")
    assert on_duty.refused("undo").word == "refused.undo_gone_on"


def test_nobody_undoes_anothers_act_nor_one_of_an_earlier_shift(on_duty: Station) -> None:
    id = on_duty.take()
    assert on_duty.refused("undo", who="zhao").word == "refused.nothing_to_undo"
    on_duty.at("2026-11-23 16:00")
    on_duty.do("hand_over")
    for item in (id,):
        on_duty.do("read_back", item, who="zhao", text="树上那窝蜂,蜇人,还没人去") if _urgent(on_duty, id) else on_duty.do(
            "tick", item, who="zhao"
        )
    on_duty.do("take_over", who="zhao")
    assert on_duty.refused("undo").word in ("refused.nothing_to_undo", "refused.undo_first")
    assert on_duty.status(id) == "new"


def _urgent(station: Station, id: str) -> bool:
    from console.briefing import waiting

    _, _, sheet = waiting(station.desk.book, station.now())
    return any(item.issue == id and item.weight == "urgent" for item in sheet.items)


def test_a_line_of_the_log_stays_struck_out(on_duty: Station) -> None:
    on_duty.do("log", text="周末马拉松", pinned=True)
    on_duty.do("undo")
    from console.shifts import on_duty as current

    _, shift = current(on_duty.desk.book)
    assert [(note.text, note.struck) for note in shift.notes] == [("周末马拉松", STRUCK)]


def test_signatures_and_words_to_others_are_not_undone(on_duty: Station) -> None:
    assert last_act(on_duty.desk.book, "li") is None
    on_duty.take()
    on_duty.do("order", text="常备令")
    assert on_duty.refused("undo").word == "refused.undo_first", "no older act is undone in its place"


def test_the_act_that_was_shown_is_the_one_that_is_undone(on_duty: Station) -> None:
    id = on_duty.filed()
    entry = last_act(on_duty.desk.book, "li")
    assert entry is not None
    on_duty.do("note", id, text="又一笔")
    assert on_duty.refused("undo", entry=entry.number).word == "refused.nothing_to_undo"
