"""The command line: exit statuses, JSON and nothing else, refusals in both languages, the README's own commands."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from console.__main__ import main
from storage.errors import Unavailable
from tests.console.helpers import ROOT


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A station of one's own."""
    for name in ("WANJIA_STORE", "WANJIA_AS", "WANJIA_LANG", "LC_ALL", "LANG", "SSH_CLIENT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "100")
    folder = tmp_path / "store"
    monkeypatch.setenv("WANJIA_STORE", str(folder))
    monkeypatch.setenv("WANJIA_AS", "chen")
    assert main(["--lang", "en", "init", "--name", "Test {desk}", "--chief", "chen"]) == 0
    return folder


def run(capsys: pytest.CaptureFixture[str], *argv: str, status: int = 0) -> tuple[str, str]:
    capsys.readouterr()
    got = main(list(argv))
    out, err = capsys.readouterr()
    assert got == status, (argv, got, out, err)
    return out, err


def read(capsys: pytest.CaptureFixture[str], *argv: str) -> Any:
    return json.loads(run(capsys, *argv, "--json")[0])


def test_a_whole_life_by_the_command_line(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two errands, one returned and sent on, one extended, one reported by telephone; resolved, rework, closed, reopened."""
    run(capsys, "staff", "add", "sun", "role=supervisor", "name=孙")
    run(capsys, "staff", "add", "pu", "role=liaison", "agency=property")
    number = read(capsys, "add", "一楼卫生间返水")["cases"][0]["number"]
    do = lambda verb, *fields, who="chen": read(capsys, "--as", who, "do", verb, f"issue={number}", *fields)["cases"][0]  # noqa: E731
    assert do("file", "category=xsd", "grid=金桂-01")["status"] == "filed"
    do("dispatch", "agency=property", "ask=疏通")
    do("dispatch", "agency=综合执法队", "ask=看看是谁倒的")
    do("return", "errand=2", "why=不归我们", "said_by=老周", "how=电话")
    do("dispatch", "agency=police", "ask=看看是谁倒的", "answers=2")
    assert do("accept", who="pu")["status"] == "handling"
    do("extend", "why=等工具", who="pu")
    do("approve", "request=1", who="sun")
    do("report", "errand=3", "report=劝过了", "said_by=民警小何", "how=电话")
    assert do("report", "report=通了", who="pu")["status"] == "resolved"
    assert do("rework", "why=还在漏")["status"] == "dispatched"
    do("report", "report=换了管", who="pu")
    do("report", "errand=3", "report=再劝", "said_by=民警小何", "how=电话")
    closed = do("close", "outcome=solved")
    assert (closed["status"], closed["outcome"]) == ("closed", "solved")
    assert do("reopen", "why=昨晚又返水")["status"] == "filed"
    story = read(capsys, "show", number)["story"]
    assert [each["verb"] for each in story][:2] == ["reopen", "close"]
    assert all(each["at"].endswith("+08:00") and each["at_utc"].endswith("Z") and each["who"] for each in story)


def test_a_question_in_one_act_and_a_merged_case_whose_master_is_rejected(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked, master, member = (
        read(capsys, "add", text)["cases"][0]["number"] for text in ("哪里补卡?", "路灯不亮", "路灯又不亮")
    )
    assert read(capsys, "do", "answer", f"issue={asked}", "answer=一楼窗口")["cases"][0]["status"] == "closed"
    read(capsys, "do", "merge", f"issue={member}", f"into={master}")
    assert read(capsys, "show", member)["status"] == "merged"
    run(capsys, "do", "reject", f"issue={master}", "outcome=mistaken", "why=看错了")
    assert read(capsys, "show", member)["status"] == "new"


def test_every_refusal_is_one_line_in_the_language_asked_for(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "add", "x")
    for lang, said in (("zh", "只有待核查时可以"), ("en", "only when it is resolved")):
        out, err = run(capsys, "--lang", lang, "do", "close", "issue=1", "outcome=solved", status=1)
        assert out == ""
        assert said in err
        assert err.count("\n") == 1
    for argv in (["do", "clos", "issue=1"], ["do", "close", "issue"], ["list", "--query", "staus:new"], ["show", "99"]):
        _, err = run(capsys, *argv, status=1)
        assert err.startswith("wanjia: ")
        assert "Traceback" not in err


def test_exit_statuses(store: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run(capsys, "list")
    with pytest.raises(SystemExit) as wrong:
        main(["lst"])
    assert wrong.value.code == 2
    for lang, said in (("zh", "不是本程序的数据"), ("en", "is not a store of this program")):
        assert said in run(capsys, "--lang", lang, "--store", str(tmp_path / "none"), "list", status=3)[1]
    assert "nobody" in run(capsys, "--lang", "zh", "--as", "nobody", "list", status=1)[1]
    run(capsys, "verify")
    (store / "journal").rename(store / "j")
    run(capsys, "list", status=3)


def test_json_is_one_value_and_nothing_else(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "add", "[bold]x[/] \x1b[31m 蜂窝 {x}")
    row = read(capsys, "list")[0]
    assert row["due_in_s"] > 0
    assert row["due_at"].endswith("+08:00")
    assert isinstance(json.loads(run(capsys, "handover", "--format", "json", status=1)[0] or "{}"), dict)
    run(capsys, "do", "sign_on")
    assert json.loads(run(capsys, "handover", "--format", "json")[0])["sheet"]["items"][0]["title"].startswith("[bold]")


def test_a_resident_s_text_is_shown_and_never_obeyed(
    store: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    nasty = "=1+1 \x1b[2J\x07\u202e{0}[red]\u200b\n第二行 🐝 <b>|"
    number = read(capsys, "add", nasty)["cases"][0]["number"]
    assert read(capsys, "show", number)["record"]["text"] == nasty
    run(capsys, "do", "sign_on")
    shown = [run(capsys, *argv)[0] for argv in (["list"], ["show", number], ["handover"], ["handover", "--format", "md"])]
    shown.append(run(capsys, "handover", "--format", "html")[0])
    for text in shown:
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\u200b]", text)
    assert "<b>" not in shown[-1]
    for form in ("csv", "md", "html", "jsonl", "xlsx"):
        run(capsys, "export", "issues", "--out", str(tmp_path / f"out.{form}"))
    assert "'=1+1" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    import openpyxl

    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert sheet is not None
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_an_import_says_what_came_of_it(store: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text(
        "service_request_id,requested_datetime,status,service_name\n1,2026-01-02T10:00:00Z,open,x\n2,soon,open,y\n"
    )
    out, _ = run(capsys, "--lang", "en", "import", "issues", str(file), status=1)
    assert "taken 1, updated 0, unchanged 0, rejected 1" in out
    assert (tmp_path / "in.csv.rejected.csv").exists()
    out, _ = run(capsys, "--lang", "en", "import", "issues", str(file), status=1)
    assert "taken 0, updated 0, unchanged 1, rejected 1" in out
    lines = tmp_path / "in.jsonl"
    lines.write_text(
        "".join(
            f'{{"service_request_id": {n}, "requested_datetime": "2026-01-02T10:00:00Z", "service_name": "x"}}\n'
            for n in (7, 8, 9)
        )
    )
    assert "taken 3" in run(capsys, "--lang", "en", "import", "issues", str(lines))[0]
    for kind in ("categories", "agencies", "grids"):
        run(capsys, "import", kind, str(store / "station" / {"grids": "places.toml"}.get(kind, f"{kind}.toml")))
    for report in ("times", "sources", "grids", "states", "shifts"):
        for form in ("text", "csv", "md", "html", "json"):
            run(capsys, "report", report, "--format", form)


def test_handover_in_both_languages_and_all_formats(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "add", "着火了")
    run(capsys, "do", "sign_on")
    for lang, word in (("zh", "情况清"), ("en", "Situation")):
        for form in ("text", "md", "html"):
            assert word in run(capsys, "--lang", lang, "handover", "--format", form)[0]


def test_who_and_which_station_from_a_file_of_one_s_own(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from console.verbs.seat import personal

    monkeypatch.delenv("WANJIA_STORE")
    monkeypatch.delenv("WANJIA_AS")
    (tmp_path / "config" / "wanjia").mkdir(parents=True)
    path = tmp_path / "config" / "wanjia" / "config.toml"
    path.write_text(f'store = "{store}"\nname = "chen"\nlang = "en"\n')
    personal.cache_clear()
    assert "no case fits" in run(capsys, "list")[0]
    path.write_text("stroe = 1\n")
    personal.cache_clear()
    _, err = run(capsys, "list", status=1)
    assert str(path) in err
    assert "store" in err
    personal.cache_clear()


def commands(readme: str) -> list[str]:
    """The commands of a README's first quarter of an hour."""
    text = (ROOT / readme).read_text()
    blocks = re.findall(r"```\n(.*?)```", text, flags=re.S)
    lines = [line.split("  #")[0].strip() for block in blocks[1:] for line in block.splitlines()]
    return [line for line in lines if line.startswith("wanjia ")]


@pytest.mark.parametrize(("readme", "lang"), [("README.md", "en"), ("README.zh.md", "zh")])
def test_the_readme_does_what_it_says(
    readme: str, lang: str, store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = commands(readme)
    assert len(lines) > 15
    folder = tmp_path / "demo"
    for line in lines:
        argv = shlex.split(line)[1:]
        argv = [str(folder) if word == "/tmp/demo" else word for word in argv]
        run(capsys, "--lang", lang, *argv)
        monkeypatch.setenv("WANJIA_STORE", str(folder))
        monkeypatch.setenv("WANJIA_AS", "lina")


def test_an_export_is_never_written_over_the_store(store: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    inside = [store / "journal" / "0000000001.jsonl", store / "FORMAT", store / "new.csv", store / "exports" / ".." / "head"]
    link = tmp_path / "innocent.csv"
    link.symlink_to(store / "FORMAT")
    twin = tmp_path / "twin.csv"
    os.link(store / "FORMAT", twin)
    for target in [*inside, link, twin]:
        before = (store / "FORMAT").read_bytes(), (store / "journal" / "0000000001.jsonl").read_bytes()
        assert main(["export", "issues", "--format", "csv", "--out", str(target)]) == 1, target
        after = (store / "FORMAT").read_bytes(), (store / "journal" / "0000000001.jsonl").read_bytes()
        assert after == before, target
    for target in (tmp_path / "out.csv", store / "exports" / "out.csv"):
        assert main(["export", "issues", "--out", str(target)]) == 0
        assert target.read_bytes().startswith(b"\xef\xbb\xbf")


def test_it_starts_with_its_input_closed(store: Path) -> None:
    command = f"exec {sys.executable} -m screens list <&-"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_runs_as_a_program_of_its_own(store: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "screens", "list"], env=env, capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (done.returncode, done.stderr) == (0, "")
    piped = f"{sys.executable} -m screens --lang en do --list | head -1"
    done = subprocess.run(["sh", "-c", piped], env=env, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stderr == ""


def test_json_escapes_what_a_terminal_would_obey(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "\u009b31mX\u202ey\u200b\u2028\U000e0041"
    run(capsys, "add", hostile)
    assert main(["show", "last", "--json"]) == 0
    out = capsys.readouterr().out
    assert not (set(hostile) - set("31mXy")) & set(out)
    assert json.loads(out)["record"]["text"] == hostile


def test_a_settings_file_without_a_word_changes_nothing(
    store: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for text in ("", "# half saved\n", "a=" + "[" * 5000):
        (tmp_path / "s.toml").write_text(text)
        assert main(["import", "settings", str(tmp_path / "s.toml")]) == 1
        assert "Traceback" not in capsys.readouterr().err


def test_the_width_that_is_claimed_is_not_believed(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(capsys, "add", "路灯不亮")
    monkeypatch.setenv("COLUMNS", "99999999999")
    assert main(["list"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 500


def test_a_journal_that_is_gone_is_no_matter_of_the_staff_list(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    segment = store / "journal" / "0000000001.jsonl"
    lines = segment.read_bytes().splitlines(keepends=True)
    segment.write_bytes(b"".join(lines[:3] + lines[4:]))
    assert main(["--lang", "en", "do", "sign_on"]) == 3
    said = capsys.readouterr().err
    assert "run repair" in said
    assert "staff" not in said


def test_a_station_that_could_not_be_made_leaves_nothing(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(*_: object, **__: object) -> None:
        raise Unavailable("{trouble}; nothing was written", trouble="full")

    with monkeypatch.context() as patch:
        patch.setattr("console.exchange.tables_in.import_records", full)
        assert main(["--store", str(tmp_path / "new"), "init", "--chief", "chen"]) == 3
    assert list((tmp_path / "new").iterdir()) == []
    assert main(["--store", str(tmp_path / "new"), "init", "--chief", "chen"]) == 0
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "letter.txt").write_text("mine")
    assert main(["--store", str(kept), "init", "--chief", "chen"]) == 3
    assert (kept / "letter.txt").read_text() == "mine"


def test_a_query_may_begin_with_a_minus(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "add", "路灯不亮")
    assert "路灯不亮" not in run(capsys, "list", "--query", "-status:new")[0]
    assert "路灯不亮" in run(capsys, "list", "--query", "-status:filed")[0]
    for wrong in (["--query"], ["--query", "--json"]):
        with pytest.raises(SystemExit):
            main(["list", *wrong])


def test_an_account_without_a_name_may_still_work(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    run(capsys, "list")


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        ("agencies", "a.toml", "agency=[1,2]"),
        ("grids", "g.toml", "place=[[1]]"),
        ("settings", "s.toml", "keep_days=" + "9" * 5000),
        (
            "issues",
            "i.jsonl",
            '{"service_request_id":"1","requested_datetime":"2026-11-20","x":' + "[" * 500 + "]" * 500 + "}",
        ),
    ],
)
def test_no_file_gets_through_to_the_interpreter(
    store: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text)
    map_name = ["--map", "open311"] if kind == "issues" else []
    assert main(["import", kind, str(tmp_path / name), *map_name]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_an_export_is_written_whole_or_not_at_all(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target = tmp_path / "out.csv"
    target.write_text("the one before")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert main(["export", "issues", "--out", str(target)]) == 1
    assert [file.name for file in tmp_path.iterdir() if "out" in file.name] == ["out.csv"]
    assert target.read_text() == "the one before"


def test_a_person_is_spoken_to_in_their_own_language(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Chinese" not in run(capsys, "list")[0]
    run(capsys, "do", "speak", "language=zh")
    run(capsys, "add", "下水道堵了")
    assert "待受理" in run(capsys, "list")[0]
    assert "new" in run(capsys, "--lang", "en", "list")[0], "what the command line says goes before it"
    run(capsys, "do", "speak", "language=en")
    assert "待受理" not in run(capsys, "list")[0]
