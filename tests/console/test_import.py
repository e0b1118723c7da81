"""Import: encodings, compressions, delimiters, workbooks, maps; idempotent, rejected line by line, straight to the archive."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import zstandard

from console.book import Refused
from console.exchange.importing import Outcome, import_issues, write_rejected
from console.exchange.maps import Map, guess
from console.exchange.reading import open_table, table
from console.issues import Issue
from console.words import words
from storage.store import Query
from tests.console.helpers import Station, local

PLAN = Map(
    source="desk9",
    timezone="Asia/Shanghai",
    time_formats=("iso", "%Y/%m/%d %H:%M"),
    columns={"号": "number", "时间": "reported", "结束": "closed", "应结": "target", "题": "title", "文": "text", "类": "category", "限": "limit", "态": "status", "人": "reporter", "备": "facts.note"},
    status={"办结": "closed", "在办": "filed"},
    category={"下水": "sewer"},
)  # fmt: skip
HEAD = "号,时间,结束,应结,题,文,类,限,态,人,备".split(",")
ROWS = [
    ["1", "2026-11-02 09:00", "2026-11-02 11:00", "2026-11-02 12:00", "井盖响", "车一过就响", "", "", "办结", "张", ""],
    ["2", "2026/11/03 09:00", "2026-11-05 11:00", "2026-11-04 12:00", "路灯不亮", "", "", "", "办结", "", "老小区"],
    ["3", "2026-11-20 09:00", "", "", "下水堵", "一楼返水,“臭”", "下水", "", "在办", "李", ""],
    ["4", "2026-11-21 09:00", "", "", "飞线", "", "", "马上", "在办", "", ""],
    ["5", "2026-11-22 09:00", "", "", "", "只有正文\n第二行", "", "", "", "", ""],
]


def text(rows: list[list[str]] = ROWS, delimiter: str = ",", head: list[str] = HEAD) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([head, *rows])
    return out.getvalue()


def bring(s: Station, raw: bytes | str, plan: Map = PLAN, *, dry: bool = False) -> Outcome:
    from console.staff import SYSTEM

    s.desk.who = SYSTEM
    found = table(raw.encode() if isinstance(raw, str) else raw, "made up", plan.encoding)
    return import_issues(s.desk, found, plan, lambda *_: None, dry=dry)


def cases(s: Station) -> dict[str, Issue]:
    """Every imported case by their number, open and archived."""
    book = s.desk.book
    found = {issue.source_no: issue for _, issue in book.all(Issue)}
    found |= {each.body["source_no"]: Issue.parse(each.body) for each in book.find(Query(Issue.kind, limit=1000))}
    return found


def test_cases_come_in_with_their_clocks(station: Station) -> None:
    result = bring(station, text())
    assert result.counts == {"taken": 5, "updated": 0, "unchanged": 0, "rejected": 0}
    assert result.archived == 2
    found = cases(station)
    assert {n: str(i.status) for n, i in found.items()} == {
        "1": "closed",
        "2": "closed",
        "3": "filed",
        "4": "filed",
        "5": "new",
    }
    assert found["1"].due.legal == local("2026-11-02 12:00")
    assert found["1"].ended_at == local("2026-11-02 11:00")
    assert (found["3"].category, found["3"].limit, found["3"].due.legal) == ("sewer", "4小时", local("2026-11-20 15:00"))
    assert (found["5"].title, found["5"].text) == ("只有正文", "只有正文\n第二行")
    assert found["2"].source_facts == {"note": "老小区"}
    assert not any(issue.owed or issue.accept or issue.due.stage for issue in found.values())
    assert set(station.desk.book.docs(Issue.kind)) == {"202611200001", "202611210001", "202611220001"}


def test_a_limit_that_cannot_be_read_gets_the_severity_s_and_is_kept(station: Station) -> None:
    result = bring(station, text())
    assert [(line, theirs, word) for line, theirs, word, _ in result.warnings] == [(5, "4", "import.bad_limit")]
    issue = cases(station)["4"]
    assert (issue.limit, issue.source_facts) == ("2天", {"limit": "马上"})


FORMS = {
    "utf-8": text().encode(),
    "utf-8 with mark": text().encode("utf-8-sig"),
    "gb18030": text().encode("gb18030"),
    "utf-16": text().encode("utf-16"),
    "semicolons": text(delimiter=";").encode(),
    "tabs": text(delimiter="\t").encode(),
    "pipes": text(delimiter="|").encode(),
    "gz": gzip.compress(text().encode()),
    "gz of two members": gzip.compress(text().encode()[:200]) + gzip.compress(text().encode()[200:]),
    "zst": zstandard.compress(text().encode()),
    "unix lines": text().replace("\r\n", "\n").encode(),
}


def packed(name: str) -> bytes:
    out = io.BytesIO()
    if name == "zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as f:
            f.writestr("in/made.csv", text())
    else:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(HEAD)
        for row in ROWS:
            cells: list[Any] = [int(row[0]), datetime.fromisoformat(row[1].replace("/", "-")), *row[2:]]
            sheet.append([cell if cell != "" else None for cell in cells])
        book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("form", [*FORMS, "zip", "xlsx"])
def test_every_form_of_a_table_brings_the_same_cases_and_a_second_one_changes_nothing(station: Station, form: str) -> None:
    raw = FORMS[form] if form in FORMS else packed(form)
    assert bring(station, raw).counts["taken"] == 5
    before, found = station.desk.catch_up(), cases(station)
    other = Station()
    bring(other, text())
    same = {n: (i.title, i.text, i.reported_at, i.due.legal, i.source_digest) for n, i in cases(other).items()}
    assert {n: (i.title, i.text, i.reported_at, i.due.legal, i.source_digest) for n, i in found.items()} == same
    for again in (raw, text().encode()):
        assert bring(station, again).counts == {"taken": 0, "updated": 0, "unchanged": 5, "rejected": 0}
    assert station.desk.catch_up() == before


def test_latin_1_is_told_from_chinese(station: Station) -> None:
    rows = [
        [str(n), "2026-11-20 09:00", "", "", f"Café près de la forêt numéro {n}, éclairage cassé", *[""] * 6]
        for n in range(9)
    ]
    head = ["n", "when", *HEAD[2:]]
    plan = Map(source="fr", columns={"n": "number", "when": "reported", head[4]: "title"})
    raw = text(rows, head=["n", "when", "c", "d", "title", *"efghij"])
    plan = Map(source="fr", columns={"n": "number", "when": "reported", "title": "title"})
    assert bring(station, raw.encode("latin-1"), plan).counts["taken"] == 9
    assert cases(station)["0"].title == "Café près de la forêt numéro 0, éclairage cassé"


def test_what_changed_there_is_updated_here_and_what_the_desk_did_stays(station: Station) -> None:
    bring(station, text())
    station.do("dispatch", "20261120-0001", agency="property")
    rows = [list(row) for row in ROWS]
    rows[2][4], rows[3][8], rows[3][2] = "下水又堵", "办结", "2026-11-22 10:00"
    rows[0][5] = "换了说法"
    result = bring(station, text(rows))
    assert result.counts == {"taken": 0, "updated": 3, "unchanged": 2, "rejected": 0}
    found = cases(station)
    assert (found["3"].title, str(found["3"].status)) == ("下水又堵", "dispatched")
    assert str(found["4"].status) == "closed"
    assert found["1"].text == "换了说法"
    assert result.archived == 2
    assert bring(station, text(rows)).counts["unchanged"] == 5


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (["", "2026-11-02 09:00", *ROWS[0][2:]], "import.no_number"),
        (["9", "", *ROWS[0][2:]], "import.no_time"),
        (["9", "gestern", *ROWS[0][2:]], "import.bad_time"),
        (["9", "2026-11-02 09:00", "11:00 Uhr", *ROWS[0][3:]], "import.bad_time"),
        (["9", "2026-11-02 09:00", "", "", "", "", *ROWS[0][6:]], "import.no_text"),
        (["9", *ROWS[0][1:8], "搁置", "", ""], "import.no_status"),
        ([*ROWS[0], "多一列"], "import.ragged"),
        (ROWS[0][:5], "import.ragged"),
        (["1", *ROWS[1][1:]], "import.twice"),
        (["9", "2026-11-02 09:00", "", "9999-12-31T23:00:00Z", *ROWS[0][4:]], "import.bad_time"),
        (["9", "0001-01-03T00:00:00Z", *ROWS[0][2:]], "import.bad_time"),
    ],
)
def test_a_bad_line_is_rejected_and_the_rest_is_kept(station: Station, tmp_path: Path, row: list[str], word: str) -> None:
    result = bring(station, text([ROWS[0], row, ROWS[2]]))
    assert result.counts == {"taken": 2, "updated": 0, "unchanged": 0, "rejected": 1}
    line, why, _ = result.rejected[0]
    assert (line.number, why) == (3, word)
    write_rejected(tmp_path / "r.csv", HEAD, result.rejected, words("zh"))
    with open(tmp_path / "r.csv", encoding="utf-8-sig", newline="") as f:
        kept = list(csv.reader(f))
    assert kept[1][0] == "3"
    assert kept[1][2:][: len(row)] == row[: len(HEAD)] + [""] * 0 or kept[1][2:][: len(row)] == row[:11]
    assert bring(station, text([ROWS[0], row, ROWS[2]])).counts["unchanged"] == 2


def test_broken_quotes_cost_their_own_line(station: Station) -> None:
    raw = text(ROWS[:1]) + '9,"2026-11-02" 09:00,,,x,,,,,,\r\n' + text(ROWS[2:4]).split("\r\n", 1)[1]
    result = bring(station, raw)
    assert (result.counts["taken"], [w for _, w, _ in result.rejected]) == (3, ["import.csv"])


def test_json_lines_may_have_bad_ones(station: Station) -> None:
    good = '{"号": 1, "时间": "2026-11-02T09:00:00+08:00", "题": "x", "文": null, "备": {"a": [1]}}'
    result = bring(station, "\n".join([good, "{broken", "[1]", "", good.replace("1,", "2,", 1)]))
    assert (result.counts["taken"], [w for _, w, _ in result.rejected]) == (2, ["import.json", "import.json"])
    assert cases(station)["1"].source_facts == {"note": '{"a":[1]}'}


def test_closed_before_it_was_opened_is_taken_and_said(station: Station) -> None:
    row = ["7", "2026-11-02 09:00", "2026-11-02 08:59", "", "x", "", "", "", "办结", "", ""]
    result = bring(station, text([row]))
    assert [(line, word) for line, _, word, _ in result.warnings] == [(2, "import.closed_early")]
    assert result.counts["taken"] == 1


def test_a_dry_run_keeps_nothing(station: Station) -> None:
    before = station.desk.catch_up()
    assert bring(station, text(), dry=True).counts["taken"] == 5
    assert station.desk.catch_up() == before


def test_a_batch_is_one_commit_and_fits_the_journal(station: Station) -> None:
    rows = [[str(n), "2026-11-20 09:00", "", "", f"第{n}件", "水" * 2000, "", "", "在办", "", ""] for n in range(400)]
    before = station.desk.catch_up()
    assert bring(station, text(rows)).counts["taken"] == 400
    entries = station.store.since(before)
    assert {entry.what for entry in entries} == {"import"}
    assert 3 <= len(entries) <= 6


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (b"", "refused.empty"),
        (b"\n\n", "refused.empty"),
        (b"\x1f\x8bnot gz at all", "refused.packed"),
        (b"PK\x03\x04 broken", "refused.packed"),
        (b"\x28\xb5\x2f\xfd broken", "refused.packed"),
        (gzip.compress(b"x" * 5000, mtime=0)[:-20], "refused.packed"),
        (gzip.compress(bytes(range(256)) * 50, mtime=0)[:40] + b"\xff" * 80, "refused.packed"),
        ("号,号\n1,2".encode(), "refused.header"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(raw: bytes, word: str) -> None:
    with pytest.raises(Refused) as caught:
        list(table(raw, "made up").lines)
    assert caught.value.word == word


def test_a_folder_and_nothing_are_no_files(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(Refused) as caught:
            open_table(path)
        assert caught.value.word == "refused.file"


def test_the_map_is_guessed_by_the_header() -> None:
    assert guess(["unique_key", "created_date", "complaint_type", "status_notes", "neighborhood"]) == "sanfrancisco"
    assert guess(["留言编号", "留言主题", "留言时间"]) == "wenzheng"
    with pytest.raises(Refused) as caught:
        guess(["a", "b"])
    assert caught.value.word == "refused.which_map"


BROKEN = """service_request_id,requested_datetime,status,service_name,description
1,2026-11-20T10:00:00Z,open,a,b
2,2026-11-20T10:00:00Z,open,"a,b
3,2026-11-20T10:00:00Z,open,c,d
4,2026-11-20T10:00:00Z,open,"x ""y"" z",d
5,2026-11-20T10:00:00Z,open,e,"two
lines"
"""


def test_a_quote_that_is_not_closed_takes_no_other_line_along() -> None:
    read = list(table(BROKEN.encode(), "broken.csv").lines)
    assert [(line.number, line.fields["service_request_id"]) for line in read if not line.wrong] == [
        (2, "1"), (4, "3"), (5, "4"), (6, "5"),
    ]  # fmt: skip
    wrong = [line for line in read if line.wrong]
    assert [(line.number, line.fields["service_request_id"]) for line in wrong] == [(3, BROKEN.splitlines()[2])]


def test_a_file_of_broken_quotes_is_refused_line_by_line() -> None:
    text = "service_request_id,requested_datetime\n" + "".join(f'{n},"x\n' if n % 2 else f'{n},y"\n' for n in range(3000))
    read = list(table(text.encode(), "broken.csv").lines)
    assert {line.number for line in read if line.wrong} | {line.number for line in read if not line.wrong} <= set(
        range(2, 3002)
    )
    told = {line.number for line in read if line.wrong}
    taken = {n for line in read if not line.wrong for n in (line.number, line.number + 1)}
    assert told | taken >= set(range(2, 3002))


def test_a_device_without_an_end_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        open_table(Path("/dev/zero"))
    assert caught.value.word == "refused.no_file"


def test_what_the_desk_has_corrected_is_not_taken_back_by_the_next_import(station: Station) -> None:
    bring(station, text())
    station.do("edit", "20261120-0001", title="燃气味", contact="13900000000", place="3-201")
    rows = [list(row) for row in ROWS]
    rows[2][1], rows[2][4], rows[2][9], rows[2][10] = "2026-11-19 09:00", "下水又堵", "李四", "新话"
    before = cases(station)["3"]
    assert bring(station, text(rows)).counts["updated"] == 1
    after = cases(station)["3"]
    assert (after.title, after.contact, after.place) == ("燃气味", "13900000000", "3-201")
    assert (after.reporter, after.source_facts) == ("李四", {"note": "新话"})  # what the desk did not correct is theirs
    assert (after.reported_at, after.clock) == (before.reported_at, before.clock)
    assert bring(station, text(rows)).counts["unchanged"] == 5


def sheet_with(rows: str) -> bytes:
    """A workbook whose first sheet holds these rows of XML, whatever they claim."""
    made = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["号", "时间", "题"])
    book.save(made)
    out = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.infolist():
            data = old.read(each)
            if each.filename.endswith("sheet1.xml"):
                data = data.replace(b"</sheetData>", rows.encode() + b"</sheetData>")
            new.writestr(each.filename, data)
    return out.getvalue()


def test_a_row_that_claims_to_stand_far_down_is_told_and_not_walked_to() -> None:
    raw = sheet_with('<row r="99999999999999"><c r="A99999999999999" t="inlineStr"><is><t>7</t></is></c></row>')
    assert [line.wrong for line in table(raw, "far.xlsx").lines] == ["import.sheet"]


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.exchange.reading.MOST_SHEET", 1000)
    with pytest.raises(Refused) as caught:
        table(sheet_with(""), "large.xlsx")
    assert caught.value.word == "refused.packed"
