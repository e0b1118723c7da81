"""Cases that may be the same, and what a telephone reported before."""

from __future__ import annotations

import pytest

from console.queue import Queue
from console.similar import pieces, reported_before, similar
from tests.console.helpers import Station


def found(station: Station, **said: str) -> list[str]:
    given = {"text": "", "category": "", "grid": "", **said}
    queue = Queue(station.desk.book, station.now())
    return [each.row.id for each in similar(queue, now=station.now().timestamp(), **given)]


def test_the_same_trouble_is_found_by_place_category_and_words() -> None:
    station = Station()
    same = station.take(text="污水从井盖冒出来", category="sewer", grid="g1", place="3幢门口")
    station.take(text="楼道里有个马蜂窝", category="hornet", grid="g2")
    assert found(station, text="3幢井盖往外冒污水", category="sewer", grid="g1") == [same]
    assert found(station, category="sewer", grid="g1") == [same]
    assert found(station, text="井盖冒污水了") == [same]
    assert found(station, text="路灯不亮", category="dispute") == []
    assert found(station, text="冒") == []


def test_what_is_closed_or_long_past_is_not_the_same() -> None:
    station = Station()
    station.closed()
    old = station.take(text="污水从井盖冒出来", category="sewer", grid="g1")
    assert found(station, text="井盖冒污水", category="sewer") == [old]
    station.later(days=8)
    assert found(station, text="井盖冒污水", category="sewer") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("井盖冒水", {"井盖", "盖冒", "冒水"}),
        ("The drain, block 3", {"drain", "block"}),
        ("a马蜂窝b", {"马蜂", "蜂窝"}),
        ("", set()),
    ],
)
def test_a_text_in_pieces(text: str, said: set[str]) -> None:
    assert pieces(text) == said


def test_what_a_telephone_reported_before_open_closed_and_archived() -> None:
    station = Station()
    first = station.take(contact="13800000000")
    done = station.closed()
    assert [id for id, _ in reported_before(station.desk.book, "13800000000")] == [done, first]
    station.store.archive("2026-11", [("issues", done)], at=station.now())
    station.desk.catch_up()
    assert [id for id, _ in reported_before(station.desk.book, "13800000000")] == [first, done]
    assert reported_before(station.desk.book, "138") == []
