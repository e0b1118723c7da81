"""Who may do what: every act with every role, and the bounds of a facilitator's and a liaison's view."""

from __future__ import annotations

import pytest

from console.queue import Queue, View
from console.staff import RIGHTS, Role
from console.steps import CASE_ACTS, refusal
from tests.console.helpers import Station
from tests.console.rights import ACT, PAGE, ROLES, cell, every, filled, meant, station, tried


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("verb", ACT)
def test_every_act_with_every_role_on_their_own_and_on_others(verb: str, role: str) -> None:
    assert cell(verb, role) == meant(verb, role)
    if not meant(verb, role):
        assert tried(verb, role, own=True) in ("refused.no_right", "refused.not_your_case")


def test_every_act_there_is_has_been_tried_and_the_page_says_so() -> None:
    assert every() == set(ACT)
    text = PAGE.read_text(encoding="utf-8")
    assert filled(text) == text, "run: make docs"


@pytest.mark.parametrize("role", ROLES)
def test_the_screens_are_told_the_same_as_the_rules(role: str) -> None:
    """What a screen asks before it opens a form (``refusal``) is what the act says when it is done."""
    for verb in sorted(set(CASE_ACTS) & set(ACT) - {"take"}):
        made, login = station(), ROLES[role]
        id, _ = ACT[verb][0](made, login)
        if made.case(id).grid != "g1":
            made.do("edit", id, who="boss", grid="g1", why="登记")
        error = refusal(made.desk.book, made.now(), made.who(login), verb, id)
        assert (error is None) == bool(meant(verb, role)), (verb, error)


def test_a_facilitator_sees_their_own_grids_only(station: Station) -> None:
    mine, other = station.filed(grid="g1"), station.filed(grid="g2")
    station.do("note", mine, "wang", text="看过了")
    assert station.refused("note", other, "wang", text="x").word == "refused.not_your_grid"
    assert station.refused("take", who="wang", text="x", grid="g2").word == "refused.take_grid"
    view = View(Queue(station.desk.book, station.moment), station.desk.book, station.who("wang"), "", station.moment)
    assert [seen.row.id for seen in view.page()] == [mine]


def test_a_liaison_sees_their_own_errands_only(station: Station) -> None:
    mine, _ = station.dispatched("fire"), station.dispatched("property")
    view = View(Queue(station.desk.book, station.moment), station.desk.book, station.who("fang"), "", station.moment)
    assert [seen.row.id for seen in view.page()] == [mine]


def test_only_a_liaison_speaks_for_an_agency(station: Station) -> None:
    station.do("set_person", who="chen", login="zhao", role="officer", agency="fire")
    id = station.dispatched("fire")
    assert station.refused("accept", id, "zhao").word == "refused.on_behalf"


def test_who_has_left_can_no_longer_act_and_stays_on_the_list(station: Station) -> None:
    station.do("leave", who="chen", login="zhao")
    assert station.refused("take", who="zhao", text="x").word == "refused.left"
    station.do("set_person", who="chen", login="zhao", role="officer", name="赵")
    station.do("take", who="zhao", text="x")


def test_there_is_always_a_chief(station: Station) -> None:
    assert station.refused("leave", who="chen", login="chen").word == "refused.last_chief"
    assert station.refused("set_person", who="chen", login="chen", role="officer").word == "refused.last_chief"
    station.do("set_person", who="chen", login="li", role="chief")
    station.do("leave", who="li", login="chen")


def test_a_liaison_belongs_to_an_agency(station: Station) -> None:
    assert station.refused("set_person", who="chen", login="x", role="liaison").word == "refused.liaison_agency"


def test_a_chief_has_every_right_of_officer_and_supervisor() -> None:
    assert RIGHTS[Role.CHIEF] >= RIGHTS[Role.OFFICER] | RIGHTS[Role.SUPERVISOR]


def test_whose_case_it_is_is_asked_before_what_it_is(station: Station) -> None:
    id = station.dispatched("fire", grid="g2")
    station.do("note", id, text="x")
    assert station.refused("accept", id, "pu", version=1).word == "refused.not_your_case"
    assert station.refused("note", id, "wang", text="x", version=1).word == "refused.not_your_grid"
    assert station.refused("accept", station.take(), "pu").word == "refused.not_your_case"


def test_a_facilitator_is_not_told_of_other_grids_by_a_telephone_number(station: Station) -> None:
    station.take(grid="g2", contact="13811112222")
    assert list(station.do("take", who="wang", text="x", grid="g1", contact="13811112222").warnings) == []
    assert [word for word, _ in station.do("take", text="x", contact="13811112222").warnings] == ["warning.same_contact"]
