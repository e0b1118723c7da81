"""The one door: two sessions on one store, conflicts decided anew, nothing written by a refusal, the book as the store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console import door
from console.act import Act, Actor, Decision
from console.book import Book, Refused
from console.desk import TRIES, Desk
from console.issues import Issue
from console.staff import SYSTEM
from console.tidy import plan
from storage.errors import Unavailable
from storage.files import FileStore
from tests.console.helpers import FileStation, Station


@pytest.fixture(params=["memory", "files"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Station]:
    if request.param == "memory":
        yield Station()
        return
    station = FileStation(tmp_path / "store")
    yield station
    station.close()


def other(station: Station, who: str) -> Desk:
    """Another session of somebody."""
    desk = Desk(station.session(), station.now, SYSTEM)
    desk.who = station.who(who)
    return desk


def test_what_one_does_the_other_sees(either: Station) -> None:
    second = other(either, "zhao")
    id = either.take()
    assert second.book.get(Issue, id) is None
    second.catch_up()
    assert second.book.get(Issue, id) is not None
    second.do(door.act("file", {"issue": id, "category": "sewer"}))
    either.desk.catch_up()
    assert either.status(id) == "filed"


def test_an_act_is_decided_on_the_latest_records(either: Station) -> None:
    id = either.take()
    second = other(either, "zhao")
    either.do("file", id, category="sewer")
    with pytest.raises(Refused) as caught:
        second.do(door.act("file", {"issue": id, "category": "sewer"}))
    assert caught.value.word == "refused.not_now"


class Race(Act):
    """Lets somebody else be faster, a number of times."""

    __slots__ = ("inner", "left", "rival")

    def __init__(self, inner: Act, rival: Any, times: int) -> None:
        self.inner, self.rival, self.left = inner, rival, times

    def decide(self, book: Book, now: Any, who: Actor) -> Decision:
        decision = self.inner.decided(book, now, who)
        if self.left:
            self.left -= 1
            self.rival()
        return decision


def test_two_sessions_on_one_case_lose_nothing(either: Station) -> None:
    id = either.filed()
    second = other(either, "zhao")
    voice = door.act("voice", {"issue": id, "name": "甲"})
    done = either.desk
    done.who = either.who("li")
    result = done.do(Race(voice, lambda: second.do(door.act("voice", {"issue": id, "name": "乙"})), 1))
    assert [v.name for v in either.case(id).voices] == ["乙", "甲"]
    assert [entry.what for entry in result.news] == ["voice"], "the person is told what changed in between"


def test_somebody_who_is_always_faster_ends_it_with_a_sentence(either: Station) -> None:
    id = either.filed()
    second = other(either, "zhao")
    count = iter(range(100))
    either.desk.who = either.who("li")
    rival = lambda: second.do(door.act("note", {"issue": id, "text": str(next(count))}))  # noqa: E731
    with pytest.raises(Refused) as caught:
        either.desk.do(Race(door.act("voice", {"issue": id, "name": "甲"}), rival, TRIES))
    assert caught.value.word == "refused.busy"
    assert either.case(id).voices == ()


def test_numbers_are_never_given_twice(either: Station) -> None:
    second = other(either, "zhao")
    made = []
    for n in range(6):
        desk = (either.desk, second)[n % 2]
        desk.who = either.who("li")
        made.append(desk.do(door.act("take", {"text": f"第{n}件"})).touched[0][1])
    assert made == [f"20261123000{n}" for n in range(1, 7)]


def test_a_session_wakes_when_another_acts(either: Station) -> None:
    second = other(either, "zhao")
    assert not second.wait(0.01)
    either.take()
    assert second.wait(5)


def test_what_is_over_goes_to_the_archive_and_comes_back_when_it_is_opened(either: Station) -> None:
    kept, gone, owes = either.filed(), either.closed(), either.closed()
    either.do("callback", gone, reached=True, solved="yes", satisfied="satisfied")
    either.later(days=31)
    assert either.desk.put_away(plan(either.desk.book, either.moment)) == 1
    assert set(either.desk.book.docs(Issue.kind)) == {kept, owes}
    assert either.status(gone) == "closed"
    assert next(entry.what for entry in either.desk.book.story(Issue.kind, gone)) == "archive"
    either.do("reopen", gone, why="又漏了")
    assert set(either.desk.book.docs(Issue.kind)) == {kept, owes, gone}
    fresh = other(either, "zhao")
    assert fresh.book.docs(Issue.kind) == either.desk.book.docs(Issue.kind)


def test_a_closed_store_says_so(either: Station) -> None:
    if isinstance(either.store, FileStore):
        either.store.close()
        with pytest.raises(Unavailable):
            either.take()


def test_an_index_follows_every_change(station: Station) -> None:
    id = station.take(source="12345", source_no="A1")
    assert station.desk.book.where(Issue.kind, "source", "12345:A1") == [id]
    master = station.filed()
    station.do("merge", id, into=master)
    assert station.desk.book.where(Issue.kind, "merged", master) == [id]
    station.do("unmerge", id)
    assert station.desk.book.where(Issue.kind, "merged", master) == []


def test_a_field_of_a_later_version_is_refused_and_not_dropped() -> None:
    with pytest.raises(TypeError):
        Issue.parse({"title": "x", "reported_at": "2026-11-23T00:00:00Z", "taken_at": "2026-11-23T00:00:00Z", "later": 1})
