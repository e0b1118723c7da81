"""What the documents say is done here as they say it, so that they cannot fall behind."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tinydb import TinyDB

from storage.files import FileStore
from tests.storage.helpers import ROOT, python
from tests.storage.work import morning, small
from tests.tinydb_suite import DESELECTED


@pytest.fixture
def store(tmp_path: Path) -> Path:
    made = FileStore.create(str(tmp_path / "s"), small())
    morning(made, lambda number: None)
    made.close()
    return tmp_path / "s"


def test_the_example_in_python_runs_as_it_stands(tmp_path: Path) -> None:
    text = (ROOT / "docs/storage.md").read_text()
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert code
    done = python(code[1].replace("/tmp/station", str(tmp_path / "s")))
    out = done.communicate(timeout=60)[0]
    assert done.returncode == 0 and "['archive', 'close', 'new']" in out


@pytest.mark.parametrize("document", ["docs/storage.md", "docs/storage.zh.md"])
def test_the_recovery_by_hand_finds_documents_and_archived_ones(store: Path, document: str) -> None:
    text = (ROOT / document).read_text()
    commands = re.findall(r"`(grep -h [^`]*)`", text)
    assert len(commands) == 2

    def ask(command: str, id: int) -> str:
        command = command.replace('"17"', f'"{id}"')
        return subprocess.run(command, shell=True, capture_output=True, text=True, check=True, cwd=store).stdout

    assert json.loads(ask(commands[0], 5))["ops"] == [["issues", "5", {"title": "last"}]]
    archived = json.loads(ask(commands[0], 2))
    assert archived["what"] == "archive" and ["issues", "2", None] in archived["ops"]
    assert ask(commands[1], 2).startswith('"2":{"title":"下水道 1"')


def test_jq_and_stock_tinydb_read_the_files(store: Path) -> None:
    with TinyDB(store / "live.json", access_mode="r") as stock:
        assert {"issues", "notes"} <= stock.tables()
    if shutil.which("jq") is None:
        pytest.skip("there is no jq here (Debian: apt-get install jq)")
    files = sorted((store / "journal").iterdir())
    done = subprocess.run(["jq", "-c", ".", *files], capture_output=True, text=True, check=True)
    assert done.stdout == "".join(file.read_text() for file in files)


def test_the_deselected_tests_of_tinydb_are_named_with_a_reason() -> None:
    text = (ROOT / "docs/storage.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("| `test_") and "`: `" in line]
    named = {
        f"{file}::{test}"
        for row in rows
        for file, tests in re.findall(r"`(test_\w+\.py)`: ((?:`test_\w+`(?:, )?)+)", row)
        for test in re.findall(r"test_\w+", tests)
    }
    assert named == set(DESELECTED) and all(DESELECTED.values())


def test_the_verbs_do_what_the_documents_say(store: Path, tmp_path: Path) -> None:
    def wanjia(*args: object) -> tuple[int, str]:
        command = [sys.executable, "-m", "screens", "--lang", "en", *map(str, args)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
        return done.returncode, done.stdout + done.stderr

    assert wanjia("--store", tmp_path / "none", "list")[0] == 3
    code, said = wanjia("--store", tmp_path / "new", "init")
    assert (code, said.splitlines()[0]) == (0, f"a new store was made in {tmp_path / 'new'}")
    assert "documents 6" in wanjia("--store", store, "verify")[1]
    assert wanjia("--store", store, "backup", tmp_path / "b")[0] == 0
    (store / "STOP").write_text("looked at by Chen\n")
    code, said = wanjia("--store", store, "verify")
    assert code == 1 and "found: the store was stopped" in said and "Chen" in said
    code, said = wanjia("--store", store, "repair", "--donor", tmp_path / "b")
    assert code == 0 and "done: STOP was taken away" in said
    code, said = wanjia("--store", store, "verify")
    head = said.split()[-1]
    assert code == 0 and wanjia("--store", store, "verify", "--head", head)[0] == 0
    code, said = wanjia("--store", tmp_path / "again", "restore", tmp_path / "b")
    assert code == 0 and "restored" in said
    code, said = wanjia("--store", store, "restore", tmp_path / "b")
    assert code == 3 and said.startswith("wanjia: ") and "not empty" in said
