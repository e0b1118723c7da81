"""The catalogues: both whole, the same messages with the same facts, compiled, and every message that is used exists."""

from __future__ import annotations

import ast
import io
import re
import string
import unicodedata
from dataclasses import fields
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from console import door
from console.figures import Sum
from console.handover import Weight
from console.progress import CaseAct
from console.query import KEYS as KEYS_OF_QUERIES
from console.shifts import NoteKind
from console.staff import RIGHTS
from console.status import Outcome, Status
from console.taking import Edit
from console.words import FOLDER, LANGUAGES, Word, choose, words
from storage.errors import Said, Unavailable
from tests.console.helpers import ROOT


def catalogue(language: str) -> Catalog:
    with open(FOLDER / language / "LC_MESSAGES" / "wanjia.po", "rb") as f:
        return read_po(f, locale=language)


ALL = {language: catalogue(language) for language in LANGUAGES}


def key(message: object) -> str:
    found = message[0] if isinstance(message, (tuple, list)) else message
    assert isinstance(found, str)
    return found


def names(text: str) -> set[str]:
    return {name.split("!")[0].split(":")[0] for _, name, _, _ in string.Formatter().parse(text) if name}


KEYS = {key(message.id) for message in ALL["en"] if message.id}


def test_both_have_the_same_messages() -> None:
    assert {key(m.id) for m in ALL["zh"] if m.id} == KEYS


def test_every_message_is_said_in_both_with_the_same_facts() -> None:
    said = {language: {key(m.id): m.string for m in each if m.id} for language, each in ALL.items()}
    for one in KEYS:
        english, chinese = said["en"][one], said["zh"][one]
        assert english, one
        assert chinese, one
        forms = [*english, *chinese] if isinstance(english, tuple) else [english, chinese]
        facts = [names(form) for form in forms]
        optional = (
            {"name", "english", "stage"} if one.startswith(("warning.", "sheet.stage")) else {"look", "what", "facilitator"}
        )
        for each in facts[1:]:
            assert each ^ facts[0] <= optional, (one, facts)


def test_the_compiled_catalogues_are_those_of_the_texts() -> None:
    for language, each in ALL.items():
        made = io.BytesIO()
        write_mo(made, each)
        assert made.getvalue() == (FOLDER / language / "LC_MESSAGES" / "wanjia.mo").read_bytes(), "run: make words"


def literals(file: Path) -> list[tuple[str, ast.Constant]]:
    """Every text in a file but docstrings."""
    tree = ast.parse(file.read_text())
    docs = {
        id(node.body[i].value)  # type: ignore[attr-defined]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        for i, each in enumerate(node.body)
        if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
    }
    return [
        (node.value, node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


FILES = sorted(file for floor in ("console", "screens", "themes") for file in (ROOT / floor).rglob("*.py"))
FAMILIES = (
    "refused.",
    "wrong.",
    "warning.",
    "import.",
    "sheet.",
    "done.",
    "show.",
    "clock.",
    "urgency.",
    "news.",
    "verify.",
)


def test_every_message_that_is_used_exists() -> None:
    used = {
        text for file in FILES for text, _ in literals(file) if text.startswith(FAMILIES) and re.fullmatch(r"[\w.]+", text)
    }
    used = {text for text in used if not text.endswith((".", "_", ".toml", ".json", ".csv"))}
    assert used - KEYS == set()
    for file in FILES:
        tree = ast.parse(file.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("say", "Refused", "Word"):
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    assert first.value in KEYS, (file, first.value)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "unknown":
                first = node.args[0]
                if not isinstance(first, ast.Constant):
                    continue  # a factory of query terms hands its own key on
                assert {first.value, f"{first.value}.near"} <= KEYS, (file, first.value)


@pytest.mark.parametrize(
    ("family", "members"),
    [
        ("status", [str(each) for each in Status]),
        ("outcome", [str(each) for each in Outcome]),
        ("weight", [str(each) for each in Weight]),
        ("act", list(door.load_acts())),
        ("story", [verb for verb, cls in door.load_acts().items() if issubclass(cls, CaseAct) or verb == "take"]),
        ("column", list(Sum().plain())),
        ("severity", ["p1", "p2", "p3", "p4"]),
        ("mode", ["at_once", "joint", "supervised"]),
        ("stage", ["accept", "dispatch", "check", "errand"]),
        ("hint", [str(each) for each in Status]),
        ("right", sorted(frozenset[str]().union(*RIGHTS.values()))),
        ("query", list(KEYS_OF_QUERIES)),
        ("notekind", [str(each) for each in NoteKind]),
        ("field", [*{field.name for field in fields(Edit)} - {"issue", "version", "why", "name"}, "reporter"]),
    ],
)
def test_every_word_of_a_family_has_a_message(family: str, members: list[str]) -> None:
    assert {f"{family}.{each}" for each in members} - KEYS == set()


def test_every_message_is_used() -> None:
    """A key that no code can say is a mistake or a leftover."""
    code = "\n".join(file.read_text() for file in FILES)
    families = set(re.findall(r"""f["']([a-z_]+\.(?:[a-z]+\.)?)\{""", code))
    families |= {"urgency.stage_", "limit.", "answer.", "opinion.", "request.", "outcome.", "query."}
    families |= {"lock.", "sign_on.", "own_pin."}  # by the place of the screen that asks
    for one in KEYS:
        if " " in one or one.startswith(tuple(families)) or one.removesuffix(".near").removesuffix(".example") in code:
            continue
        assert f'"{one}"' in code or f"'{one}'" in code, one


def test_every_sentence_of_the_store_is_said_in_both() -> None:
    """Errors, findings of a check, what a repair did: literals, or constants of their module."""
    sayers = {"Invalid", "Corrupt", "Unavailable", "Replaced", "Said", "found", "note", "did", "lose", "_corrupt"}
    said = set()
    for file in sorted((ROOT / "storage").glob("*.py")):
        tree = ast.parse(file.read_text())
        constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in sayers:
                first = node.args[0] if node.args else None
                text = first.value if isinstance(first, ast.Constant) else constants.get(getattr(first, "id", ""))
                said |= {text} if isinstance(text, str) else set()
    assert len(said) > 60
    assert said - KEYS == set()


def test_what_a_check_found_is_said_in_the_language_asked_for() -> None:
    found = Said("{file} was made again", file="FORMAT")
    assert (str(found), words("zh").fact(found)) == ("FORMAT was made again", "FORMAT 已重新生成")
    error = Unavailable("{trouble}; nothing was written", trouble=Said("the store is closed"))
    assert words("zh")(error.template, **error.facts) == "库已关闭;没有写入"


CHINESE_MAY_STAND_IN = {
    "config.py": "the sample's own names",
    "categories.py": "the sample's own limit",
    "limits.py": "the words a limit is written with",
    "demo.py": "a made-up community",
    "query.py": "words that mean yes and no",
    "door.py": "words that mean yes and no",
    "clock.py": "units of a span",
    "plain.py": "which characters are wide",
    "exporting.py": "characters that XML forbids",
    "ink.py": "which characters are wide",
}


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_no_text_for_people_stands_in_the_code(file: Path) -> None:
    for text, node in literals(file):
        if file.name not in CHINESE_MAY_STAND_IN:
            wide = [c for c in text if unicodedata.east_asian_width(c) in "WF"]
            assert not wide or set(wide) <= set("，、："), (file.name, node.lineno, text)


def test_facts_are_said_in_the_same_language() -> None:
    for language, said in (("zh", "不能从待受理到已结案"), ("en", "a case cannot go from new to closed")):
        assert words(language)("refused.status", was=Word("status.new"), to=Word("status.closed")) == said


def test_a_text_with_braces_is_a_fact_and_no_template() -> None:
    assert "{0.__class__}" in words("en")("refused.bad_moment", said="{0.__class__}")


def test_one_and_many() -> None:
    english = words("en")
    assert (english.plural("voices", 1), english.plural("voices", 3)) == ("1 voice", "3 voices")
    assert words("zh").plural("voices", 3) == "3户同诉"


def test_the_language_that_is_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WANJIA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert choose() == "zh"
    assert choose("", "en") == "en"
    assert choose("zh", "en") == "zh"
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert (choose(), choose("", "zh")) == ("en", "zh")
    with pytest.raises(ValueError, match="none of"):
        words("de")
