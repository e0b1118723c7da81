"""The rules of the house, read from the code."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("console", "screens", "storage", "themes")
ARROWS = {"screens": {"console", "themes"}, "console": {"storage"}, "storage": set[str](), "themes": set[str]()}
FILES = sorted(file for floor in FLOORS for file in (ROOT / floor).rglob("*.py"))
LIBRARIES = {
    "textual": {"screens", "themes"},
    "rich": {"screens", "themes"},
    "tinydb": {"storage"},
    "psycopg": {"storage"},
}


def rel(file: Path) -> str:
    return str(file.relative_to(ROOT))


def module(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def imports(node: ast.AST) -> Iterator[str]:
    """Every module that is imported, at the top or inside a function; not what is only for the type checker."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert not child.level, "imports are absolute"
            yield child.module or ""
            yield from (f"{child.module}.{alias.name}" for alias in child.names)
        yield from imports(child)


@pytest.mark.parametrize("file", FILES, ids=rel)
def test_the_folder_arrows_and_no_others(file: Path) -> None:
    floor = file.relative_to(ROOT).parts[0]
    for name in imports(tree(file)):
        top = name.split(".")[0]
        assert top not in FLOORS or top == floor or top in ARROWS[floor], f"{rel(file)} imports {name}"
        assert floor in LIBRARIES.get(top, {floor}), f"{rel(file)} imports {name}"


def test_no_import_circle() -> None:
    modules = {module(file): file for file in FILES}
    graph = {name: {n for n in imports(tree(file)) if n in modules and n != name} for name, file in modules.items()}
    done: set[str] = set()

    def walk(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " → ".join([*path[path.index(name) :], name])
        if name not in done:
            for other in sorted(graph[name]):
                walk(other, (*path, name))
            done.add(name)

    for name in graph:
        walk(name, ())


@pytest.mark.parametrize("file", [f for f in FILES if rel(f) != "console/clock.py"], ids=rel)
def test_now_is_taken_in_one_place_only(file: Path) -> None:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Attribute):
            said = ast.unparse(node)
            assert said not in ("datetime.now", "datetime.utcnow", "date.today", "time.time", "pendulum.now"), rel(file)


def test_console_leaves_the_terminal_unloaded_and_storage_everything_above_it() -> None:
    for floor, barred in (("console", "textual"), ("storage", "console"), ("storage", "pydantic")):
        names = [module(file) for file in FILES if file.relative_to(ROOT).parts[0] == floor]
        code = f"import sys\nfor n in {names!r}: __import__(n)\nprint({barred!r} in sys.modules)"
        out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
        assert out == "False\n", f"{floor} loads {barred}"


@pytest.mark.parametrize("file", FILES, ids=rel)
def test_sizes(file: Path) -> None:
    most = {"screens/app.py": 200, "console/desk.py": 220}.get(rel(file), 400)
    assert len(file.read_text().splitlines()) <= most, rel(file)
    for node in ast.walk(tree(file)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            size = (node.end_lineno or 0) - node.lineno + 1
            assert size <= (300 if isinstance(node, ast.ClassDef) else 50), f"{rel(file)}: {node.name} has {size} lines"


@pytest.mark.parametrize("file", FILES, ids=rel)
def test_everything_public_says_what_it_is(file: Path) -> None:
    top = tree(file)
    assert ast.get_docstring(top), rel(file)
    for node in ast.walk(top):
        if isinstance(node, ast.ClassDef):
            assert ast.get_docstring(node), f"{rel(file)}: {node.name}"
            _fields(file, node)
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                    assert ast.get_docstring(inner), f"{rel(file)}: {node.name}.{inner.name}"
    for node in top.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{rel(file)}: {node.name}"


def _fields(file: Path, node: ast.ClassDef) -> None:
    """Every public field declared in a class has a line under it that says what it is."""
    for field, after in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(field, ast.AnnAssign) and "ClassVar" in ast.unparse(field.annotation):
            continue  # a word of the class that its base describes
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and not field.target.id.startswith("_"):
            said = (
                isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str)
            )
            assert said, f"{rel(file)}: {node.name}.{field.target.id}"


def test_every_dependency_carries_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)["project"]
    wanted = project["dependencies"] + [d for extra in project["optional-dependencies"].values() for d in extra]
    for dependency in wanted:
        line = next(line for line in text.splitlines() if f'"{dependency}"' in line)
        assert len(line.partition("#")[2].split()) >= 2, dependency
    names = {re.split("[<>=]", d)[0] for d in wanted}
    assert {"textual", "tinydb", "pydantic", "pendulum", "pytest", "textual-dev"} <= names


def test_the_top_level_is_what_was_agreed() -> None:
    tracked = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=False, cwd=ROOT).stdout.split("\n")
    if not tracked[0]:
        pytest.skip("not a git checkout")
    top = {file.split("/")[0] for file in tracked if file}
    agreed = {*FLOORS, "tests", "docs", "benchmarks", ".ci", "pyproject.toml", "Makefile", "README.md", "README.zh.md"}
    assert top <= {*agreed, "CHANGELOG.md", "LICENSE", ".gitignore", ".gitattributes"}, top - agreed


def test_every_error_sentence_can_be_translated() -> None:
    """The sentence of an error is a literal with names for its facts, never an f-string: it is a catalogue's message id."""
    for file in FILES:
        for node in ast.walk(tree(file)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id in ("Invalid", "Corrupt", "Unavailable") and node.args:
                assert not isinstance(node.args[0], ast.JoinedStr), f"{rel(file)}:{node.lineno}"


def test_the_desk_is_small_and_names_no_noun() -> None:
    top = tree(ROOT / "console/desk.py")
    desk = next(node for node in top.body if isinstance(node, ast.ClassDef) and node.name == "Desk")
    public = {node.name for node in desk.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")}
    public |= {node.target.id for node in desk.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)}
    assert len(public) <= 8, public
    said = {name.split(".")[-1] for name in imports(top) if name.startswith("console.")}
    assert said <= {"act", "book", "clock", "record", "Act", "Actor", "Decision", "Book", "Refused", "whole", "Record"}


def test_a_headless_verb_leaves_the_heavy_libraries_for_those_who_need_them() -> None:
    """``list`` is asked often: it loads neither pydantic nor pendulum nor a workbook."""
    code = "import sys\nimport console.__main__, console.verbs.listing, storage.files\n"
    code += "print(sorted({'pydantic', 'pendulum', 'openpyxl', 'holidays', 'textual'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert out == "[]\n"


def test_the_program_knows_its_version() -> None:
    from console.__main__ import version

    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == version()


def test_ci_calls_make_test() -> None:
    assert "make test" in (ROOT / ".ci/run").read_text() and os.access(ROOT / ".ci/run", os.X_OK)


def test_no_screen_imports_a_screen_or_the_app() -> None:
    from screens.app import SCREENS

    screens = {where.split(":")[0] for where in SCREENS.values()}
    for name in screens:
        file = ROOT / f"{name.replace('.', '/')}.py"
        seen = {each for each in imports(tree(file)) if each in screens | {"screens.app"}}
        assert seen == set(), f"{name} imports {seen}"


def test_nothing_but_the_start_knows_the_thin_line() -> None:
    for file in FILES:
        if rel(file).startswith(("screens/terminal/", "screens/start.py", "screens/__main__.py")):
            continue
        assert not any(each.startswith("screens.terminal") for each in imports(tree(file))), rel(file)


def test_colours_stand_in_the_palettes_alone_and_style_sheets_are_small() -> None:
    for file in FILES:
        if rel(file) == "themes/palettes.py":
            continue
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.fullmatch(r"#[0-9a-fA-F]{3,8}", node.value), rel(file)
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                assert node.target.id not in ("CSS", "DEFAULT_CSS"), rel(file)
    for sheet in (ROOT / "themes").glob("*.tcss"):
        text = sheet.read_text()
        assert len(text.splitlines()) <= 80 and not re.search(r"#[0-9a-fA-F]{3,8}|rgb", text), sheet


def test_the_first_screen_leaves_the_heavy_libraries_unloaded(tmp_path: Path) -> None:
    """What a session does not need at start is imported when it is needed."""
    code = (
        "import sys\nimport console.__main__, screens.start, screens.app, screens.queue, screens.terminal.thin\n"
        "import screens.terminal.driver, console.chair, storage.files\n"
        "print(sorted({'pydantic', 'pendulum', 'openpyxl', 'holidays', 'tinydb', 'psycopg', 'console.steps'} & set(sys.modules)))"
    )
    env = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env=env)
    assert done.stdout == "[]\n"


def test_screens_open_no_file() -> None:
    for file in FILES:
        if not rel(file).startswith("screens/") or rel(file).startswith("screens/terminal/"):
            continue
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "open", f"{rel(file)}:{node.lineno}"
