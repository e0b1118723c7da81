"""Shift logs as a supervisor goes through them: order, marks, search, seal, figures and the cases behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.book import Refused
from console.marks import MARKS, late_by, missed, thin
from console.plots import NAMES, plot
from console.reviews import Reviews
from console.seals import check_chain, faults
from console.sheets import Sheet, SheetState, sheet_of
from console.tidy import plan
from console.waiting import waiting_for_word
from tests.console.helpers import FileStation, Station
from tests.console.past import past


@pytest.fixture(scope="module")
def station() -> Station:
    return past()


def ids(station: Station, said: str = "") -> list[str]:
    return [each.id for each in Reviews(station.desk.book, station.moment, said).upto(100)]


def test_today_comes_first_then_the_sealed_ones_newest_first(station: Station) -> None:
    assert ids(station) == ["202611242", "202611241", "202611233", "202611232"]
    first = Reviews(station.desk.book, station.moment).upto(1)[0]
    assert first.state is SheetState.DRAFT and not first.incoming


def test_no_more_is_read_than_somebody_looks_at(station: Station) -> None:
    found = Reviews(station.desk.book, station.moment)
    assert len(found.upto(2)) == 2 and not found.whole
    assert len(found.upto(50)) == 4 and found.whole


def test_the_marks_are_sealed_with_the_sheet(station: Station) -> None:
    found = {each.id: each.marks for each in Reviews(station.desk.book, station.moment).upto(10)}
    assert found == {
        "202611242": (), "202611241": ("unsigned", "late"), "202611233": ("late", "thin"), "202611232": (),
    }  # fmt: skip
    sheet = sheet_of(station.desk.book, "202611233")
    assert sheet is not None and sheet.crew == ("zhao",)
    assert late_by(sheet).total_seconds() == 40 * 60 and missed(sheet) == ()
    assert [each.by for each in thin(sheet, station_settings(station))] == ["chen", "chen"]


def station_settings(station: Station):  # type: ignore[no-untyped-def]
    from console.config import settings

    return settings(station.desk.book).handover


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("污水", ["202611242", "202611241", "202611233", "202611232"]),
        ("检查组", ["202611232"]),
        ("按时接班", ["202611233"]),
        ("站长去医院", ["202611241"]),
        ("mark:late", ["202611241", "202611233"]),
        ("mark:late crew:zhao", ["202611233"]),
        ("crew:li", ["202611242", "202611232"]),
        ("day:2026-11-23", ["202611233", "202611232"]),
        ("day:2026-11", ["202611242", "202611241", "202611233", "202611232"]),
        ("day:today mark:late", ["202611241"]),
        ("day:2025", []),
        ("shift:夜班", ["202611241"]),
        ("shift:Night", []),
        ("没有这样的字", []),
    ],
)
def test_searching(station: Station, said: str, found: list[str]) -> None:
    assert ids(station, said) == found


@pytest.mark.parametrize("said", ["mark:lat", "crow:li", "day:gestern"])
def test_what_cannot_be_understood_is_refused_with_the_nearest(station: Station, said: str) -> None:
    with pytest.raises(Refused) as caught:
        Reviews(station.desk.book, station.moment, said)
    assert caught.value.word in ("refused.no_mark.near", "refused.no_key_word.near", "refused.period")


def test_archived_sheets_are_found_as_those_at_hand(tmp_path: Path) -> None:
    station = FileStation(tmp_path / "store")
    past(station)
    before = {said: ids(station, said) for said in ("", "污水", "mark:late", "crew:zhao", "day:2026-11", "按时接班")}
    station.later(days=40)
    archived = [pair for _, pairs in plan(station.desk.book, station.moment) for pair in pairs]
    station.desk.put_away(plan(station.desk.book, station.moment), "keep_days")
    assert {("sheets", "202611232"), ("sheets", "202611233")} <= set(archived)
    station.later(days=-40)
    assert {said: ids(station, said) for said in before} == before
    station.do("annotate", who="sun", shift="202611232", text="事后又看过")
    assert "202611232" in ids(station, "又看过")
    assert list(check_chain(station.desk.book)) == []
    station.close()


def test_every_figure_names_its_cases(station: Station) -> None:
    sheet = sheet_of(station.desk.book, "202611232")
    assert sheet is not None and sheet.figures and sheet.behind
    assert {name: len(ids) for name, ids in sheet.behind.items() if name in ("taken", "filed", "dispatched")} == {
        "taken": 2, "filed": 2, "dispatched": 1,
    }  # fmt: skip
    assert sheet.figures["touch_median_s"] == 0
    titles = [station.case(id).title for id in sheet.behind["touch_median_s"]]
    assert titles[0] == "树上马蜂窝", "the one that waited longest comes first"
    assert all(station.desk.book.anywhere_doc("issues", id) for of in sheet.behind.values() for id in of)


def test_marks_crew_and_figures_are_under_the_seal(station: Station) -> None:
    doc = station.desk.book.anywhere_doc(Sheet.kind, "202611241")
    assert doc is not None and faults("202611241", doc) == []
    for field, value in (("marks", []), ("crew", ["li"]), ("behind", {}), ("figures", {"taken": 99})):
        assert faults("202611241", {**doc, field: value}) == ["sheet.changed"], field


def test_what_waits_for_a_supervisor_is_one_list() -> None:
    s = Station()
    extend = s.handling()
    s.do("extend", extend, who="pu", why="缺配件")
    forced = s.dispatched()
    s.do("resolve", forced)
    s.do("close", forced, who="chen", outcome="partly", force=True, why="物业失联")
    urged = s.filed(text="路灯不亮")
    s.do("urge", urged, who="sun", why="三天了")
    left = s.filed(text="墙要倒", grid="g1")
    s.do("assign", left, owner="zhao")
    s.do("leave", who="chen", login="zhao")
    found = {(each.kind, each.id): each for each in waiting_for_word(s.desk.book)}
    assert set(found) == {("request", extend), ("forced", forced), ("urging", urged), ("orphan", left)}
    assert found["request", extend].what == "extend" and found["orphan", left].by == "zhao"
    s.do("approve", extend, who="sun", request=1)
    s.do("review", forced, who="sun", remark="看过了")
    s.do("answer_urge", urged, text="已派电工")
    s.do("assign", left, who="chen", owner="li")
    assert waiting_for_word(s.desk.book) == []


def test_plots_count_what_there_is_and_name_it() -> None:
    s = Station("2026-11-20 09:30")
    one = s.dispatched()
    s.later(days=1)
    s.take()
    s.do("reject", s.take(text="看错"), outcome="mistaken", why="看错了")
    s.later(days=2)
    found = {name: plot(s.desk.book, name, s.moment) for name in NAMES}
    hours = {column.label: [len(ids) for ids in column.ids] for column in found["hours"].columns}
    assert hours[9] == [3, 1] and sum(sum(counts) for counts in hours.values()) == 4 and len(hours) == 24
    days = {f"{column.label}": [len(ids) for ids in column.ids] for column in found["days"].columns}
    assert days["2026-11-20"] == [1, 0] and days["2026-11-21"] == [2, 1] and list(days)[-1] == "2026-11-23"
    assert next(len(column.ids[0]) for column in found["touch"].columns) >= 1
    (agency,) = found["agencies"].columns
    assert agency.ids == ((one,), ())


def test_every_mark_can_be_told() -> None:
    from console.words import words

    assert all(words(language).known(f"mark.{name}") for language in ("zh", "en") for name in MARKS)
