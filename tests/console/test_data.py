"""Real service requests and messages. The data is not part of the project; without it these tests are skipped aloud."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.exchange.importing import Outcome, import_issues
from console.exchange.maps import guess, load
from console.exchange.reading import open_table
from console.figures import by, every_row
from console.issues import Issue
from console.staff import SYSTEM
from storage.store import Query
from tests.console.helpers import FileStation, Station, shared


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    """On files: looking up what is archived by its number takes an index."""
    made = FileStation(tmp_path / "store")
    yield made
    made.close()


def bring(s: Station, path: Path, name: str = "") -> Outcome:
    found = open_table(path)
    s.desk.who = SYSTEM
    return import_issues(s.desk, found, load(name or guess(found.columns)), lambda *_: None)


def everything(s: Station) -> dict[str, Issue]:
    book = s.desk.book
    found = {issue.source_no: issue for _, issue in book.all(Issue)}
    return found | {f.body["source_no"]: Issue.parse(f.body) for f in book.find(Query(Issue.kind, limit=10**6))}


def again(s: Station, path: Path, name: str = "") -> None:
    before = s.desk.catch_up()
    counts = bring(s, path, name).counts
    assert (counts["taken"], counts["updated"], s.desk.catch_up()) == (0, 0, before)


def test_boston_agrees_with_the_source_on_every_closed_case(station: Station) -> None:
    """15,478 closed cases with a target; and the ten that close before they open are named."""
    agreed = timed = early = overdue = 0
    truth: dict[str, dict[str, str]] = {}
    for path in sorted(shared("boston311-sla").glob("*.csv")):
        result = bring(station, path)
        assert result.rejected == []
        early += sum(word == "import.closed_early" for _, _, word, _ in result.warnings)
        with open(path, encoding="utf-8", newline="") as f:
            truth |= {row["case_enquiry_id"]: row for row in csv.DictReader(f)}
        again(station, path)
    found = everything(station)
    assert set(found) == set(truth)
    for number, row in truth.items():
        issue = found[number]
        if row["sla_target_dt"] and row["closed_dt"]:
            timed += 1
            assert issue.due.legal is not None
            assert issue.ended_at is not None
            agreed += ("OVERDUE" if issue.ended_at > issue.due.legal else "ONTIME") == row["on_time"]
        elif row["sla_target_dt"]:
            overdue += issue.due.legal is not None and issue.due.legal < station.moment
    assert (timed, agreed, early, overdue) == (15_478, 15_478, 10, 2_022)
    figures = by(every_row(station.desk.book), "source", None, None, station.moment.timestamp())[""].plain()
    late = sum(bool(row["sla_target_dt"] and row["closed_dt"] and row["on_time"] == "OVERDUE") for row in truth.values())
    assert (figures["in_time_n"], figures["overdue"], figures["open_overdue"]) == (15_478, late, 2_022)


@pytest.mark.parametrize(
    ("folder", "name", "rows", "ended"),
    [
        ("sf311-10k", "sf311_service_requests.csv", 10_000, 9_630),
        ("nyc311-mixed-small", "nyc311_2019-12-31_1000.csv", 1_000, 997),
        ("nyc311-mixed-small", "nyc311_2024-04-16_1000.csv", 1_000, 293),
        ("nyc311-mixed-small", "nyc311_original_headers_100.csv", 100, 98),
    ],
)
def test_whole_files_come_in_whole(station: Station, folder: str, name: str, rows: int, ended: int) -> None:
    path = shared(folder) / name
    result = bring(station, path)
    assert result.counts == {"taken": rows, "updated": 0, "unchanged": 0, "rejected": 0}
    assert result.archived == ended
    assert len(everything(station)) == rows
    again(station, path)


SAME = ["csv", "csv.gz", "csv.multimember.gz", "csv.zip", "csv.zst", "tab", "jsonl"]


def test_the_same_hundred_rows_in_seven_forms_are_the_same_hundred_cases(tmp_path: Path) -> None:
    folder = shared("csv-torture-boston311")
    wanted: dict[str, Issue] = {}
    for form in SAME:
        station = FileStation(tmp_path / form)
        path = folder / f"boston311-100.{form}"
        result = bring(station, path, "boston")
        assert (result.counts["taken"], result.rejected) == (100, []), form
        found = everything(station)
        wanted = wanted or found
        assert found == wanted, form
        for other in SAME:
            again(station, folder / f"boston311-100.{other}", "boston")
        station.close()


@pytest.mark.parametrize(
    ("name", "counts", "refused"),
    [
        ("boston311-100-20dupes-random.csv", (80, 0, 20, 0), []),
        ("boston311-100-deduped.csv", (80, 0, 0, 0), []),
        ("boston311-100-bad.tsv", (99, 0, 0, 1), [(41, "import.ragged")]),
        ("boston311-100-diff.csv", (100, 0, 0, 0), []),
        ("boston311-dmy-100.csv", (100, 0, 0, 0), []),
        ("boston311-100-notime.csv", (100, 0, 0, 0), []),
        ("boston311-100-untrimmed.jsonl", (100, 0, 0, 0), []),
        ("boston311-100-with-nonascii.csv", (100, 0, 0, 0), []),
        ("boston311-100-with-fake-pii.csv", (100, 0, 0, 0), []),
        ("boston311-10-boolean-tf.csv", (10, 0, 0, 0), []),
        ("boston311-10.jsonl", (10, 0, 0, 0), []),
        ("boston311-extdedup-dupeoutput.csv", (20, 0, 0, 0), []),
        ("NYC311-5.csv", (5, 0, 0, 0), []),
        ("NYC311-5.ssv", (5, 0, 0, 0), []),
    ],
)
def test_the_other_files_are_as_they_are_described(
    station: Station, name: str, counts: tuple[int, ...], refused: list[tuple[int, str]]
) -> None:
    path = shared("csv-torture-boston311") / name
    map_name = "" if name.startswith("NYC") else "boston"
    result = bring(station, path, map_name)
    assert tuple(result.counts.values()) == counts
    assert [(line.number, word) for line, word, _ in result.rejected] == refused
    again(station, path, map_name)


def test_days_first_and_days_without_a_time_mean_the_same_days(station: Station) -> None:
    folder = shared("csv-torture-boston311")
    bring(station, folder / "boston311-100.csv")
    counts = bring(station, folder / "boston311-dmy-100.csv").counts
    assert (counts["unchanged"], counts["updated"]) == (100, 0)
    counts = bring(station, folder / "boston311-100-diff.csv").counts
    assert (counts["unchanged"], counts["updated"]) == (98, 2)


def test_chinese_messages_come_in_alike_in_three_forms(station: Station) -> None:
    folder = shared("zh-taidi2020c-dev")
    book, part = folder / "a3.utf8.csv", folder / "a3.first500.gb18030.csv"
    assert bring(station, part).counts["taken"] == 500
    assert bring(station, book).counts == {"taken": 3826, "updated": 0, "unchanged": 500, "rejected": 0}
    for path in (folder / "附件3_全部.xlsx", part, book):
        again(station, path)
    assert len(everything(station)) == 4326


def test_a_number_with_two_contents_is_taken_once_and_told(station: Station) -> None:
    folder = shared("zh-taidi2020c-dev")
    for path in (folder / "a2s.utf8.csv", folder / "附件2_示例_一级分类.xlsx"):
        result = bring(station, path)
        assert [(word, facts["number"]) for _, word, facts in result.rejected] == [("import.twice", "37042")]
    assert len(everything(station)) == 494
