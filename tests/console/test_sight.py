"""A liaison sees the errand of their own agency and no more, wherever a case is shown; a facilitator their own grids."""

from __future__ import annotations

import json

import pytest

from console.card import Card
from console.chair import Chair
from console.queue import Queue, View
from console.words import words
from tests.console.helpers import Station

SECRET = ("消防去烧", "陆先生", "13911112222", "备注给值班员", "周老师满意", "fire", "消防中队")


def crowded(station: Station) -> str:
    """A case with two agencies, another household, a note, a request of the other agency."""
    id = station.filed(text="污水从井盖冒出来", name="王芳", contact="13800000000", grid="g1")
    station.do("dispatch", id, agency="property", ask="物业去通")
    station.do("dispatch", id, agency="fire", ask="消防去烧")
    station.do("voice", id, name="陆先生", contact="13911112222")
    station.do("note", id, text="备注给值班员")
    station.do("accept", id, who="fang")
    station.do("extend", id, who="fang", why="消防去烧别处")
    station.do("remind", id, at="+2h", text="周老师满意")
    return id


def told(station: Station, id: str, who: str) -> str:
    card = Card(station.desk.book, id, words("zh"), station.moment, station.who(who))
    lines = [card.head(), card.where(), *card.body(), *card.story(), *card.why()]
    return "\n".join("".join(text for _, text in line) for line in lines)


def test_a_liaison_reads_their_own_errand_and_nothing_of_the_others(station: Station) -> None:
    id = crowded(station)
    text = told(station, id, "pu")
    assert "物业去通" in text and "王芳 " in text and "13800000000" in text and "污水从井盖冒出来" in text
    for secret in SECRET:
        assert secret not in text, secret
    assert all(secret in told(station, id, "li") for secret in ("消防去烧", "陆先生", "备注给值班员"))


def test_the_whole_document_that_a_liaison_gets_holds_nothing_else(station: Station) -> None:
    id = crowded(station)
    seat = Chair(station.session(), station.desk, words("zh"))
    station.desk.who = station.who("pu")
    text = json.dumps(seat.doc(id), ensure_ascii=False)
    for secret in SECRET:
        assert secret not in text, secret


def test_whom_to_ring_is_told_as_long_as_the_agency_has_the_errand(station: Station) -> None:
    id = station.dispatched()
    assert "13800000000" in told(station, id, "pu")
    station.do("return", id, who="pu", why="不归我们")
    text = told(station, id, "pu")
    assert "13800000000" not in text and "王芳" not in text and "不归我们" in text


def test_a_liaison_s_queue_counts_by_their_own_errand(station: Station) -> None:
    mine = station.filed(category="hornet")
    station.do("dispatch", mine, agency="property", limit="1紧急工作时")
    station.do("dispatch", mine, agency="fire", limit="8紧急工作时")
    station.dispatched("fire")
    pu, book = station.who("pu"), station.desk.book
    station.later(minutes=90)
    queue = Queue(book, station.moment, who=pu)
    view = View(queue, book, pu, "overdue:yes", station.moment)
    assert view.ids() == [mine]
    assert View(Queue(book, station.moment, who=station.who("fang")), book, station.who("fang"), "overdue:yes",
                station.moment).ids() == []  # fmt: skip
    station.do("report", mine, who="pu", report="通了")
    view.update(station.moment)
    assert View(queue, book, pu, "", station.moment).ids() == []
    assert View(queue, book, pu, "open:no", station.moment).ids() == [mine]


def test_a_query_for_another_agency_tells_a_liaison_nothing(station: Station) -> None:
    id = crowded(station)
    pu, book = station.who("pu"), station.desk.book
    queue = Queue(book, station.moment, who=pu)
    assert View(queue, book, pu, "agency:fire", station.moment).ids() == []
    assert View(queue, book, pu, "agency:property", station.moment).ids() == [id]
    assert View(queue, book, pu, "陆先生", station.moment).ids() == []
    assert View(queue, book, pu, "13911112222", station.moment).ids() == []


def test_a_queue_in_part_follows_what_comes_and_goes(station: Station) -> None:
    wang, book = station.who("wang"), station.desk.book
    queue = Queue(book, station.moment, who=wang)
    view = View(queue, book, wang, "", station.moment)
    id = station.filed(grid="g2")
    view.update(station.moment)
    assert view.ids() == []
    station.do("edit", id, grid="g1", why="登记错了")
    view.update(station.moment)
    assert view.ids() == [id] and queue.row(id) is not None
    station.do("edit", id, grid="g2", why="登记错了")
    view.update(station.moment)
    assert view.ids() == [] and queue.row(id) is None


def test_somebody_else_s_case_is_no_card(station: Station) -> None:
    id = station.filed(grid="g2")
    for who in ("wang", "pu"):
        with pytest.raises(KeyError):
            Card(station.desk.book, id, words("zh"), station.moment, station.who(who))
