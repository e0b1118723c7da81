"""The index of words must answer as the plain rule does, whatever is written and whatever is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.files import FileStore
from storage.store import Change, Op, Query
from storage.words import matches, phrases, tokens, values
from tests.storage.helpers import options


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("下水道堵塞", ["下水", "水道", "道堵", "堵塞", "塞"]),
        ("3-2-501李", ["3", "2", "501", "李"]),
        ("Blocked SEWER", ["blocked", "sewer"]),
        ("ＷＣ漏水abc", ["wc", "漏水", "水", "abc"]),
        ("𠮷野家", ["𠮷野", "野家", "家"]),
        ("", []),
    ],
)
def test_text_is_cut_into_tokens(text: str, cut: list[str]) -> None:
    assert tokens(text) == cut


def test_what_is_looked_for() -> None:
    assert phrases("水道堵 sew") == [(["水道", "道堵"], False), (["sew"], True)]
    assert phrases("塞") == [(["塞"], True)]


@pytest.mark.parametrize(
    ("text", "search", "answer"),
    [
        ("下水道堵塞", "水", True),
        ("下水道堵塞", "塞", True),
        ("下水道堵塞", "水堵", False),
        ("污水 道路", "水道", False),
        ("street light", "light str", True),
        ("street light", "reet", False),
    ],
)
def test_whether_a_text_matches(text: str, search: str, answer: bool) -> None:
    assert matches(text, search) is answer


def test_values_at_a_path_of_lists_and_objects() -> None:
    body = {"a": [{"b": 1}, {"b": [2, None, {"c": 3}]}, 4], "d": "x"}
    assert values(body, "a.b") == ["1", "2"] and values(body, "d") == ["x"] and values(body, "a.b.c") == ["3"]
    assert values(body, "z") == [] and values(body, "d.e") == []


alphabet = st.text(st.sampled_from("下水道堵塞ab1 -AＢ'\"*𠮷éı"), max_size=12)


@given(texts=st.lists(alphabet, min_size=1, max_size=8), searches=st.lists(alphabet, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_the_index_answers_as_the_rule_does(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], searches: list[str]
) -> None:
    path: Path = tmp_path_factory.mktemp("words") / "s"
    store = FileStore.create(str(path), options())
    store.append(Change("p", "new", [Op("issues", str(i + 1), {"title": t}) for i, t in enumerate(texts)]))
    store.archive("2026-08", [("issues", str(i + 1)) for i in range(len(texts))])
    for search in searches:
        wanted = {str(i + 1) for i, t in enumerate(texts) if matches(t, search)}
        assert {found.id for found in store.find(Query("issues", text=search))} == wanted, search
    store.close()
