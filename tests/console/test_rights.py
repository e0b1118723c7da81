"""Who may do what: every act with every role, and the bounds of a facilitator's and a liaison's view."""

from __future__ import annotations

from typing import Any

import pytest

from console.queue import Queue, View
from console.staff import RIGHTS, Role
from tests.console.helpers import Station

ROLES = {"officer": "li", "facilitator": "wang", "liaison": "pu", "supervisor": "sun", "chief": "chen"}

# act → the case it is tried on, its fields, and the roles that may
MAY: dict[str, tuple[str, dict[str, Any], set[str]]] = {
    "take": ("", {"text": "x", "grid": "g1"}, {"officer", "facilitator", "chief"}),
    "file": ("new", {"category": "sewer"}, {"officer", "chief"}),
    "answer": ("new", {"answer": "x"}, {"officer", "chief"}),
    "edit": ("new", {"title": "y"}, {"officer", "chief"}),
    "note": ("new", {"text": "x"}, {"officer", "facilitator", "supervisor", "chief"}),
    "voice": ("new", {"name": "x"}, {"officer", "facilitator", "chief"}),
    "remind": ("new", {"at": "+2h", "text": "x"}, {"officer", "chief"}),
    "check": ("new", {}, {"officer", "chief"}),
    "reject": ("new", {"outcome": "mistaken", "why": "x"}, {"officer", "chief"}),
    "urge": ("filed", {"why": "x"}, {"supervisor", "chief"}),
    "dispatch": ("filed", {"agency": "fire"}, {"officer", "chief"}),
    "handle": ("filed", {}, {"officer", "chief"}),
    "resolve": ("filed", {}, {"officer", "chief"}),
    "void": ("filed", {"why": "x"}, {"officer", "supervisor", "chief"}),
    "accept": ("dispatched", {"said_by": "x", "how": "y"}, {"officer", "liaison", "chief"}),
    "return": ("handling", {"why": "x", "said_by": "x", "how": "y"}, {"officer", "liaison", "chief"}),
    "report": ("handling", {"report": "x", "said_by": "x", "how": "y"}, {"officer", "liaison", "chief"}),
    "extend": ("handling", {"why": "x", "said_by": "x", "how": "y"}, {"officer", "liaison", "chief"}),
    "withdraw": ("handling", {"errand": 1, "why": "x"}, {"officer", "chief"}),
    "suspend": ("handling", {"until": "+9d", "why": "x"}, {"officer", "supervisor", "chief"}),
    "resume": ("suspended", {}, {"officer", "supervisor", "chief"}),
    "rework": ("resolved", {"why": "x"}, {"officer", "chief"}),
    "close": ("resolved", {"outcome": "solved"}, {"officer", "chief"}),
    "reopen": ("closed", {"why": "x"}, {"officer", "chief"}),
    "callback": ("closed", {"reached": False}, {"officer", "chief"}),
    "restore": ("rejected", {}, {"officer", "chief"}),
    "unmerge": ("merged", {}, {"officer", "chief"}),
    "sign_on": ("", {}, {"officer", "chief"}),
    "order": ("", {"text": "x"}, {"officer", "chief"}),
    "set_category": (
        "", {"slug": "n", "family": "city", "name": "n", "english": "n"}, {"chief"}
    ),
    "set_place": ("", {"code": "g7"}, {"chief"}),
    "set_agency": ("", {"slug": "n", "name": "n"}, {"chief"}),
    "set_person": ("", {"login": "new", "role": "officer"}, {"chief"}),
    "leave": ("", {"login": "li"}, {"chief"}),
}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("verb", MAY)
def test_every_act_with_every_role(station: Station, verb: str, role: str) -> None:
    made, fields, may = MAY[verb]
    id = station.make(made) if made else ""
    if id and role == "facilitator":
        station.do("edit", id, grid="g1", why="登记错了")
    if role in may:
        station.do(verb, id, ROLES[role], **fields)
    else:
        assert station.refused(verb, id, ROLES[role], **fields).word == "refused.no_right"


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
