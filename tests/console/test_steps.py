"""What may be done with a case now is what the acts themselves say, and the next step is one of it."""

from __future__ import annotations

import pytest

from console.issues import Issue
from console.status import Status
from console.steps import CASE_ACTS, next_step, refusal
from tests.console.helpers import Station

MAY = {
    "new": "answer assign check edit file merge note reject remind urge voice",
    "filed": "assign dispatch edit handle merge note remind resolve urge voice void",
    "dispatched": "accept assign dispatch edit extend inquire merge note refuse remind report resolve return urge voice void withdraw",
    "handling": "assign dispatch edit extend inquire merge note remind report resolve return suspend urge voice void withdraw",
    "suspended": "assign edit note remind resume urge voice void",
    "returned": "assign dispatch edit handle merge note remind urge voice void",
    "resolved": "assign check close edit note remind rework urge voice",
    "closed": "callback edit note remind reopen",
    "rejected": "edit note remind restore",
    "voided": "edit note remind",
    "merged": "edit note remind unmerge voice",
}


@pytest.mark.parametrize("status", [str(each) for each in Status])
def test_what_a_chief_may_do_in_a_status(status: str) -> None:
    station = Station()
    id = station.make(status)
    who = station.who("chen")
    may = [verb for verb in CASE_ACTS if refusal(station.desk.book, station.now(), who, verb, id) is None]
    assert sorted(set(may) - {"take", "strike"}) == MAY[status].split()


@pytest.mark.parametrize("status", [str(each) for each in Status])
def test_the_next_step_is_one_that_may_be_done(status: str) -> None:
    station = Station()
    id = station.make(status)
    step = next_step(station.desk.book.docs(Issue.kind)[id], station.who("li"))
    if status == "voided":
        assert step == ""
    else:
        assert refusal(station.desk.book, station.now(), station.who("chen"), step, id) is None


def test_asking_writes_nothing_and_a_right_that_lacks_is_said() -> None:
    station = Station()
    id = station.handling()
    number = station.desk.book.number
    error = refusal(station.desk.book, station.now(), station.who("li"), "urge", id)
    assert error is not None and error.word == "refused.no_right"
    assert station.desk.catch_up() == number


def test_a_check_that_is_out_is_reported_first_and_the_desk_finishes_what_it_took() -> None:
    station = Station()
    id = station.take(grid="g1")
    station.do("check", id)
    assert next_step(station.desk.book.docs(Issue.kind)[id], station.who("li")) == "checked"
    other = station.filed()
    station.do("handle", other)
    assert next_step(station.desk.book.docs(Issue.kind)[other], station.who("li")) == "resolve"
