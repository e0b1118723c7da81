"""The handover that cannot be faked: draft, signature, read-backs, sealing, the chain of sheets."""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest

from console.book import Refused
from console.briefing import became_urgent, draft, lacking
from console.news import news
from console.queue import Queue, View
from console.record import replace
from console.seals import check_chain, faults
from console.sheets import Sheet, Weight, sheet_of
from console.shifts import chain, on_duty
from console.staff import SYSTEM
from storage.store import Change, Op
from tests.console.helpers import Station, local


@pytest.fixture
def duty(station: Station) -> Station:
    """A shift on duty with one urgent case, one to watch and one stable."""
    station.at("2026-11-23 08:05")
    station.do("sign_on")
    urgent = station.filed(category="hornet", text="树上马蜂窝")
    station.do("handle", urgent)
    station.take(text="路灯不亮了", category="lljf")
    stable = station.filed(category="lljf", text="两家吵架")
    station.do("handle", stable)
    station.at("2026-11-23 15:50")
    return station


OWN = ("先打过电话问情况", "叫网格员跑一趟再说", "夜里隔两小时催一回", "明早交给书记开会定", "留意小孩别靠近那边")


def sheet(s: Station) -> Sheet:
    return draft(s.desk.book, s.moment)[1]


def weights(s: Station) -> dict[str, str]:
    return {item.title: str(item.weight) for item in sheet(s).items}


def by_weight(s: Station, weight: Weight) -> list[str]:
    found = sheet(s)
    late = {item.issue for item in became_urgent(s.desk.book, found, s.moment)}
    told = [i.issue for i in found.items if i.weight is weight and (weight is Weight.URGENT or i.issue not in late)]
    return told + (sorted(late) if weight is Weight.URGENT else [])


def read_all(s: Station, who: str) -> None:
    for n, id in enumerate(by_weight(s, Weight.URGENT)):
        s.do("read_back", id, who, text=OWN[n])
    for weight in (Weight.WATCH, Weight.STABLE):
        for id in by_weight(s, weight):
            s.do("tick", id, who)


def seal(s: Station, out: str = "li", into: str = "zhao") -> str:
    """A whole handover; the id of the sheet."""
    id, _ = on_duty(s.desk.book)
    s.do("hand_over", who=out)
    read_all(s, into)
    s.do("take_over", who=into)
    return id


def test_the_draft_is_made_by_itself(duty: Station) -> None:
    assert weights(duty) == {"树上马蜂窝": "urgent", "路灯不亮了": "watch", "两家吵架": "stable"}
    found = sheet(duty)
    done = {"taken": 3, "filed": 2, "touch_median_s": 0}
    assert found.figures == {**done, "open": 3, "overdue": 1, "stage_late": 1, "carried_long": 0, "orders_unread": 0}
    assert [item.next for item in found.items] == ["next.filed", "next.new", "next.filed"]
    assert (found.shift, found.english) == ("早班", "early shift")


def test_the_sheet_carries_the_head_of_the_files(duty: Station) -> None:
    last = duty.desk.book.since(0)[-1]
    assert sheet(duty).head == f"{last.number}-{last.hash[:12]}"
    id = seal(duty)
    kept = sheet_of(duty.desk.book, id)
    assert kept is not None
    assert kept.head == f"{kept.entry}-{duty.desk.book.since(kept.entry - 1)[0].hash[:12]}"


def test_what_the_outgoing_officer_edits_stands_on_the_sheet(duty: Station) -> None:
    id = by_weight(duty, Weight.STABLE)[0]
    duty.do(
        "edit_item", id, weight="watch", next="明早再调解", if_then="再动手 → 打 110", ring="民警", by="2026-11-24 09:00"
    )
    item = next(item for item in sheet(duty).items if item.issue == id)
    assert (item.weight, item.next, item.if_then, item.ring) == (Weight.WATCH, "明早再调解", "再动手 → 打 110", "民警")
    duty.do("hand_over")
    assert duty.refused("edit_item", id, next="改主意").word == "refused.handed"
    assert duty.refused("hand_over").word == "refused.handed"


def test_notes_that_are_pinned_and_orders_are_carried(duty: Station) -> None:
    duty.do("log", text="东大门周日封闭", about="watch", pinned=True)
    duty.do("log", text="访客一名")
    duty.do("log", text="写错了", pinned=True)
    duty.do("change_log", note=3, strike="认错门")
    duty.do("order", text="夜里两小时巡一次")
    found = sheet(duty)
    assert [(note.text, note.pinned, note.struck) for note in found.log] == [
        ("东大门周日封闭", True, ""),
        ("访客一名", False, ""),
        ("写错了", True, "认错门"),
    ]
    assert [order.text for order in found.orders] == ["夜里两小时巡一次"]
    assert duty.refused("change_log", note=9, pinned=True).word == "refused.no_note"
    seal(duty)
    assert [(note.n, note.text, note.pinned) for note in sheet(duty).log] == [("1", "东大门周日封闭", True)]
    duty.do("change_log", who="zhao", note=1, pinned=False)
    seal(duty, "zhao", "li")
    assert sheet(duty).log == ()


def test_who_is_not_on_duty_does_not_write_into_the_log(duty: Station) -> None:
    assert duty.refused("log", who="zhao", text="x").word == "refused.not_aboard"
    duty.do("log", who="chen", text="值班长总可以")


def test_what_was_planned_stands_until_the_case_is_touched(duty: Station) -> None:
    id = by_weight(duty, Weight.STABLE)[0]
    duty.do("edit_item", id, next="明早再调解", if_then="再动手 → 打 110", ring="民警")
    seal(duty)
    item = next(item for item in sheet(duty).items if item.issue == id)
    assert (item.next, item.if_then, item.ring, item.carried) == ("明早再调解", "再动手 → 打 110", "民警", 2)
    duty.do("note", id, "zhao", text="双方约好了")
    item = next(item for item in sheet(duty).items if item.issue == id)
    assert (item.next, item.if_then, item.ring) == ("next.filed", "再动手 → 打 110", "民警")


def test_a_reminder_is_handed_over_and_rises_when_its_moment_comes(duty: Station) -> None:
    id = by_weight(duty, Weight.STABLE)[0]
    duty.do("remind", id, at="2026-11-24 06:00", text="问派出所")
    item = next(item for item in sheet(duty).items if item.issue == id)
    assert (item.weight, item.remind, item.remind_at) == (Weight.WATCH, "问派出所", local("2026-11-24 06:00"))
    queue = Queue(duty.desk.book, duty.moment)
    assert [seen.row.id for seen in View(queue, duty.desk.book, SYSTEM, "reminder:yes", duty.moment).page()] == [id]
    before = queue.keys[id][0]
    duty.at("2026-11-24 06:00")
    queue.refresh(duty.moment)
    assert ("urgency.reminder", 6) in [(reason.word, reason.points) for reason in queue.reasons(id, duty.moment)]
    assert queue.keys[id][0] < before


def test_the_view_of_what_is_urgent_is_what_is_read_back(duty: Station) -> None:
    duty.do("urge", by_weight(duty, Weight.STABLE)[0], "sun", why="市里催")
    queue = Queue(duty.desk.book, duty.moment)
    seen = {each.row.id for each in View(queue, duty.desk.book, SYSTEM, "urgent:yes", duty.moment).page()}
    assert seen == set(by_weight(duty, Weight.URGENT))


def test_the_signature_is_refused_until_everything_is_read(duty: Station) -> None:
    duty.do("hand_over")
    urgent, watch, stable = (by_weight(duty, weight)[0] for weight in Weight)
    assert duty.refused("take_over", who="zhao").word == "refused.unread"
    duty.do("read_back", urgent, "zhao", text="蜂窝还在,自己处理")
    assert duty.refused("take_over", who="zhao").word == "refused.unticked"
    duty.do("tick", watch, "zhao")
    error = duty.refused("take_over", who="zhao")
    assert (error.word, error.facts["n"]) == ("refused.unticked", 1)
    duty.do("tick", stable, "zhao")
    duty.do("take_over", who="zhao")
    assert chain(duty.desk.book).number == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "知道了",
        "树上马蜂窝",
        " 树上·马蜂窝 ",
        "树上马蜂窝了",
        "aaaa",
        "!!!!",
        "12345",
        "1 2 3 4 5 6",
        "yes yes",
        "马蜂窝树上",
        "加急 树上马蜂窝 已立案 超时",
        "派遣或自办 树上马蜂窝",
        "dispatch or handle overdue",
        "awaits its report",
    ],
)
def test_a_read_back_is_in_own_words(duty: Station, text: str) -> None:
    duty.do("hand_over")
    id = by_weight(duty, Weight.URGENT)[0]
    assert duty.refused("read_back", id, "zhao", text=text).word == "refused.read_back"


def test_one_sentence_does_not_do_for_two_cases(duty: Station) -> None:
    duty.filed(category="hornet", text="另一个蜂窝")
    duty.do("hand_over")
    first, second = by_weight(duty, Weight.URGENT)
    duty.do("read_back", first, "zhao", text="小孩被蜇,等消防来")
    for text in ("小孩被蜇 等消防来", "小孩被蜇,等消防来2", "小孩被蜇,等消防来呢"):
        assert duty.refused("read_back", second, "zhao", text=text).word == "refused.read_back", text


def test_what_says_nothing_and_what_is_copied_with_a_tail_is_refused(duty: Station) -> None:
    duty.do("hand_over")
    first = by_weight(duty, Weight.URGENT)[0]
    title = duty.case(first).title
    for text in ("知道了知道了", "收到收到,明白", "OK, got it. Noted", f"{title} 知道了", f"{title} 甲"):
        assert duty.refused("read_back", first, "zhao", text=text).word == "refused.read_back", text
    duty.do("read_back", first, "zhao", text="小孩被蜇,消防没签收,先拉线")


def test_an_urgent_case_is_not_ticked_and_another_not_read_back(duty: Station) -> None:
    duty.do("hand_over")
    assert duty.refused("tick", by_weight(duty, Weight.URGENT)[0], "zhao").word == "refused.tick_urgent"
    assert (
        duty.refused("read_back", by_weight(duty, Weight.WATCH)[0], "zhao", text="知道了知道了").word == "refused.not_urgent"
    )
    assert duty.refused("tick", "20260101-0001", "zhao").word == "refused.not_on_sheet"


def test_nobody_reads_for_somebody_else(duty: Station) -> None:
    duty.do("hand_over")
    read_all(duty, "zhao")
    assert duty.refused("take_over", who="chen").word == "refused.unread"
    duty.do("take_over", who="zhao")


def test_nobody_hands_over_to_oneself(duty: Station) -> None:
    duty.do("hand_over")
    for verb, fields in (
        ("read_back", {"issue": by_weight(duty, Weight.URGENT)[0], "text": "都知道了,在处理"}),
        ("tick", {"issue": by_weight(duty, Weight.WATCH)[0]}),
        ("ask_back", {"text": "?"}),
        ("take_over", {}),
    ):
        assert duty.refused(verb, who="li", **fields).word == "refused.same_person"


def test_from_the_signature_on_the_content_is_fixed(duty: Station) -> None:
    duty.do("hand_over")
    before = sheet(duty)
    duty.do("log", who="chen", text="交班后的事")
    fresh = duty.filed(text="新来的事", category="lljf")
    assert replace(sheet(duty), made_at=before.made_at) == before
    assert fresh not in [item.issue for item in sheet(duty).items]


def test_what_became_urgent_after_the_signature_is_read_back_too(duty: Station) -> None:
    duty.do("hand_over")
    late = duty.filed(category="hornet", text="又一个蜂窝")
    read_all(duty, "zhao")
    duty.do("take_over", who="zhao")
    found = duty.desk.book.anywhere(Sheet, "202611232")
    assert found is not None
    assert [item.issue for item in found.became_urgent] == [late]
    assert late in [r.issue for r in found.read_backs]


def test_a_question_is_answered_or_both_sign_with_it_open(duty: Station) -> None:
    duty.do("hand_over")
    duty.do("ask_back", who="zhao", text="蜂窝在哪一侧?")
    read_all(duty, "zhao")
    assert duty.refused("take_over", who="zhao").word == "refused.questions"
    assert duty.refused("answer_back", who="zhao", question=1, answer="南侧").word == "refused.same_person"
    assert duty.refused("answer_back", who="li", question=2, answer="南侧").word == "refused.no_question"
    duty.do("answer_back", who="li", question=1, answer="南侧")
    duty.do("take_over", who="zhao")
    found = duty.desk.book.anywhere(Sheet, "202611232")
    assert found is not None
    assert not found.open_questions
    assert found.questions[0].answer == "南侧"


def test_an_open_question_is_marked(duty: Station) -> None:
    duty.do("hand_over")
    duty.do("ask_back", who="zhao", text="蜂窝在哪一侧?")
    read_all(duty, "zhao")
    duty.do("take_over", who="zhao", open_questions=True)
    found = duty.desk.book.anywhere(Sheet, "202611232")
    assert found is not None
    assert found.open_questions


def test_who_left_without_signing_is_marked(duty: Station) -> None:
    assert duty.refused("take_over", who="zhao").word == "refused.not_handed"
    assert duty.refused("take_over", who="li", unsigned_why="我自己接").word in ("refused.same_person", "refused.unread")
    read_all(duty, "zhao")
    duty.do("take_over", who="zhao", unsigned_why="李娜送孩子去医院")
    found = duty.desk.book.anywhere(Sheet, "202611232")
    assert found is not None
    assert (found.outgoing, found.unsigned_why) == (None, "李娜送孩子去医院")
    assert [str(item.weight) for item in found.items] == ["urgent", "watch", "stable"]


def test_who_is_on_duty_cannot_take_over_from_themselves_unsigned(duty: Station) -> None:
    assert duty.refused("tick", by_weight(duty, Weight.STABLE)[0], "li").word == "refused.same_person"
    assert duty.refused("ask_back", who="li", text="问自己").word == "refused.same_person"
    assert duty.refused("take_over", who="li", unsigned_why="没人来").word == "refused.same_person"


def test_the_next_shift_begins_with_the_signature(duty: Station) -> None:
    seal(duty)
    id, shift = on_duty(duty.desk.book)
    assert (id, shift.name, [c.login for c in shift.crew]) == ("202611233", "中班", ["zhao"])
    first = shift.first
    duty.do("log", who="zhao", text="接班")
    assert [entry.what for entry in duty.desk.book.since(first)][-1] == "log"
    assert duty.refused("take_over", who="li").word == "refused.not_handed"


def test_a_handover_waits_for_whoever_comes(duty: Station) -> None:
    duty.do("hand_over")
    duty.at("2026-11-23 20:00")
    assert duty.refused("sign_on", who="zhao").word == "refused.sheet_waits"
    read_all(duty, "zhao")
    duty.do("take_over", who="zhao")
    assert on_duty(duty.desk.book)[0] == "202611233"


def test_how_many_shifts_a_case_was_carried(duty: Station) -> None:
    people = ["li", "zhao", "chen", "li"]
    for out, into in itertools.pairwise(people):
        seal(duty, out, into)
        duty.later(hours=8)
    assert {item.carried for item in sheet(duty).items} == {4}
    assert sheet(duty).figures["carried_long"] == 3  # type: ignore[index]


def test_the_last_one_on_duty_hands_over_and_does_not_sign_off(duty: Station) -> None:
    duty.do("sign_on", who="zhao")
    duty.do("sign_off", who="zhao")
    assert duty.refused("sign_off", who="li").word == "refused.last_aboard"
    assert duty.refused("sign_off", who="zhao").word == "refused.not_aboard"
    assert duty.refused("hand_over", who="zhao").word == "refused.not_aboard"


def test_without_a_shift_there_is_nothing_to_hand_over(station: Station) -> None:
    for verb, fields in (("hand_over", {}), ("log", {"text": "x"}), ("take_over", {}), ("sign_off", {})):
        assert station.refused(verb, **fields).word == "refused.no_shift"


def test_what_changed_since_i_signed_off(duty: Station) -> None:
    old = duty.filed(text="旧的", category="lljf")
    duty.do("edit", old, owner="zhao")
    seal(duty)
    fresh = duty.filed(text="新的", category="hornet", who="zhao")
    gone = duty.resolved()
    duty.do("close", gone, outcome="solved")
    back = duty.closed()
    duty.do("reopen", back, who="zhao", why="又坏了")
    duty.do("edit", old, who="zhao", owner="li")
    duty.do("order", who="zhao", text="巡楼")
    duty.later(hours=4)
    found = news(duty.desk.book, duty.moment, duty.who("li"))
    assert found.new[0] == fresh
    assert set(found.new) >= {fresh, gone, back}
    assert found.closed == (gone,)
    assert found.reopened == (back,)
    assert fresh in found.overdue
    assert old in found.handed
    assert len(found.orders) == 1
    assert news(duty.desk.book, duty.moment, duty.who("sun")).since is None


def test_three_sheets_make_a_chain(duty: Station) -> None:
    ids = [seal(duty, "li", "zhao"), seal(duty, "zhao", "chen"), seal(duty, "chen", "li")]
    sheets = [duty.desk.book.anywhere(Sheet, id) for id in ids]
    assert [s.number for s in sheets if s] == [1, 2, 3]
    assert [s.before for s in sheets if s] == ["", *ids[:2]]
    assert list(check_chain(duty.desk.book)) == []


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of everything in a document that is not itself a container."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not isinstance(value, (dict, list)):
        yield path
    for key, each in items:
        yield from leaves(each, (*path, key))


def set_at(doc: Any, path: tuple[Any, ...], value: Any) -> None:
    for key in path[:-1]:
        doc = doc[key]
    doc[path[-1]] = value


def test_any_changed_value_of_a_sealed_sheet_is_found(duty: Station) -> None:
    duty.do("order", text="巡楼")
    duty.do("log", text="记着", pinned=True)
    duty.do("hand_over")
    duty.do("ask_back", who="zhao", text="在哪?")
    duty.do("answer_back", question=1, answer="南侧")
    read_all(duty, "zhao")
    duty.do("take_over", who="zhao")
    duty.do("annotate", who="sun", shift="202611232", text="复述很好")
    doc = duty.desk.book.docs(Sheet.kind)["202611232"]
    assert faults("202611232", doc) == []
    tried = 0
    for path in leaves(doc):
        old: Any = doc
        for key in path:
            old = old[key]
        for new in {str: [old + "x" if isinstance(old, str) else old, ""], int: [old, 0], bool: [not old]}.get(
            type(old), []
        ):
            if new == old:
                new = f"{old}x" if isinstance(old, str) else old + 1
            changed = copy.deepcopy(doc)
            set_at(changed, path, new)
            assert faults("202611232", changed), path
            tried += 1
    for key in doc:
        assert faults("202611232", {k: v for k, v in doc.items() if k != key}) or key == "additions", key
    assert tried > 80


def test_any_changed_byte_of_a_sealed_sheet_is_found(duty: Station) -> None:
    seal(duty)
    doc = duty.desk.book.docs(Sheet.kind)["202611232"]
    raw = json.dumps(doc, ensure_ascii=False).encode()
    for place in range(0, len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        try:
            read = json.loads(changed)
        except ValueError:
            continue  # no longer a document: the store says so
        if read != doc:
            assert not isinstance(read, dict) or faults("202611232", read), (place, changed[place - 20 : place + 20])


def rewrite(s: Station, kind: str, id: str, doc: dict[str, Any] | None) -> list[tuple[str, str]]:
    """Put a document past the desk, as a forger would; what the check finds."""
    s.store.append(Change("forger", "edit", [Op(kind, id, doc)]))
    s.desk.catch_up()
    return list(check_chain(s.desk.book))


def test_a_forger_is_found(duty: Station) -> None:
    first, second = seal(duty, "li", "zhao"), seal(duty, "zhao", "chen")
    docs = {id: copy.deepcopy(duty.desk.book.docs(Sheet.kind)[id]) for id in (first, second)}
    changed = copy.deepcopy(docs[first])
    changed["items"][0]["title"] = "没有这回事"
    assert (first, "sheet.changed") in rewrite(duty, Sheet.kind, first, changed)
    from console.seals import sheet_hash

    changed["hash"] = sheet_hash(Sheet.parse(changed))
    assert (first, "sheet.replaced") in rewrite(duty, Sheet.kind, first, changed)
    assert (first, "sheet.missing") in rewrite(duty, Sheet.kind, first, None)
    assert rewrite(duty, Sheet.kind, first, docs[first]) == []
    assert (second, "sheet.missing") in rewrite(duty, Sheet.kind, second, None)
    rewrite(duty, Sheet.kind, second, docs[second])
    duty.do("annotate", who="sun", shift=second, text="晚了")
    assert list(check_chain(duty.desk.book)) == []
    without = {k: v for k, v in duty.desk.book.docs(Sheet.kind)[second].items() if k != "additions"}
    assert (second, "sheet.addition_changed") in rewrite(duty, Sheet.kind, second, without)


def test_a_chain_that_was_begun_anew_is_found(duty: Station) -> None:
    id = seal(duty)
    at = chain(duty.desk.book)
    assert (id, "sheet.outside") in rewrite(duty, "chain", "1", {"shift": at.shift})


def test_a_backlog_that_no_sheet_can_hold_is_told(duty: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.briefing.MOST", 2)
    assert (len(sheet(duty).items), sheet(duty).more) == (2, 1)
    seal(duty)
    assert list(check_chain(duty.desk.book)) == []


def test_a_rewritten_addition_is_found(duty: Station) -> None:
    id = seal(duty)
    duty.do("annotate", who="sun", shift=id, text="晚了")
    doc = copy.deepcopy(duty.desk.book.docs(Sheet.kind)[id])
    from console.seals import addition_hash

    doc["additions"][0]["text"] = "很好"
    doc["additions"][0]["hash"] = addition_hash(doc["hash"], Sheet.parse(doc).additions[0])
    assert (id, "sheet.addition_changed") in rewrite(duty, Sheet.kind, id, doc)


@pytest.mark.parametrize(
    ("field", "value"), [("before", "202611232"), ("before", "x"), ("before", 5), ("additions", None), ("hash", None)]
)
def test_a_ruined_sheet_is_told_and_the_check_comes_to_an_end(duty: Station, field: str, value: Any) -> None:
    id = seal(duty)
    doc = {**duty.desk.book.docs(Sheet.kind)[id], field: value}
    assert rewrite(duty, Sheet.kind, id, doc)


def test_what_was_made_less_urgent_is_read_back_all_the_same(duty: Station) -> None:
    id = by_weight(duty, Weight.URGENT)[0]
    duty.do("edit_item", id, weight="stable")
    for each in [item.issue for item in sheet(duty).items]:
        if each != id:
            duty.do("tick", each, "zhao")
    assert duty.refused("take_over", who="zhao", unsigned_why="走了").word == "refused.unread"


def test_who_was_in_the_crew_does_not_take_the_shift_over(duty: Station) -> None:
    duty.do("sign_on", who="zhao")
    duty.do("sign_off", who="zhao")
    assert duty.refused("take_over", who="zhao", unsigned_why="走了").word == "refused.same_person"
    duty.do("hand_over", who="chen")
    assert duty.refused("take_over", who="li").word == "refused.same_person"


def test_what_is_written_after_the_signature_goes_to_the_next_shift(duty: Station) -> None:
    duty.do("hand_over")
    duty.later(minutes=5)
    duty.do("log", text="电话响了")
    assert duty.refused("change_log", note=1, pinned=True).word == "refused.handed"
    read_all(duty, "zhao")
    duty.do("take_over", who="zhao")
    assert [note.text for note in sheet(duty).log] == ["电话响了"]


def test_a_case_whose_suspension_is_over_weighs_as_it_is_now(duty: Station) -> None:
    id = duty.handling(category="hornet")
    duty.do("suspend", id, "sun", until="2026-11-23 18:00", why="等配件")
    assert next(item.weight for item in sheet(duty).items if item.issue == id) is Weight.STABLE
    duty.at("2026-11-23 21:00")
    item = next(item for item in sheet(duty).items if item.issue == id)
    assert (item.weight, item.status, item.overdue) == (Weight.URGENT, "handling", True)


def test_only_a_sealed_sheet_is_annotated(duty: Station) -> None:
    assert duty.refused("annotate", who="sun", shift="202611232", text="x").word == "refused.no_sheet"


def test_a_refusal_names_what_is_lacking(duty: Station) -> None:
    duty.do("hand_over")
    unread, unticked = lacking(duty.desk.book, sheet(duty), duty.who("zhao"), duty.moment)
    assert (len(unread), len(unticked)) == (1, 2)
    with pytest.raises(Refused) as caught:
        duty.do("take_over", who="zhao")
    assert len(caught.value.facts["numbers"]) == 1
