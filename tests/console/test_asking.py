"""Forms drawn from the acts: every act on a case has one, and what is filled in becomes the very act."""

from __future__ import annotations

import pytest

from console.asking import FORMS, act_class, asked, made
from console.choosing import About
from console.filing import Close
from console.issues import Issue
from console.status import Outcome
from console.steps import CASE_ACTS
from console.words import LANGUAGES, words
from tests.console.helpers import Station


def about(station: Station, verb: str, id: str = "", who: str = "li", lang: str = "zh") -> About:
    doc = station.desk.book.docs(Issue.kind).get(id, {})
    return About(station.desk.book, station.who(who), words(lang), doc, verb, id)


def test_every_act_on_a_case_has_a_form() -> None:
    assert CASE_ACTS.keys() <= FORMS.keys()


@pytest.mark.parametrize("verb", sorted(FORMS))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_field_is_one_of_the_act_and_has_a_name(verb: str, lang: str) -> None:
    station = Station()
    fields = asked(verb, act_class(verb), about(station, verb, station.dispatched("fire", "police"), "chen", lang))
    names = {name.rstrip("*") for name in FORMS[verb].split()}
    assert {each.name for each in fields} <= names
    say = words(lang)
    for each in fields:
        assert say.known(f"field.{each.name}"), each.name
        assert all(choice.name for choice in each.choices)


def test_what_is_chosen_is_found_by_letters_slug_and_either_name() -> None:
    station = Station()
    (field,) = [each for each in asked("file", act_class("file"), about(station, "file")) if each.name == "category"]
    for said in ("xsd", "sewer", "sewer名", "SEW"):
        assert [choice.key for choice in field.choices if choice.fits(said)] == ["sewer"], said


def test_agencies_that_have_it_are_not_offered_and_the_usual_ones_come_first() -> None:
    station = Station()
    station.system(
        "set_category", slug="hornet", family="safety", name="马蜂窝", english="hornet", agencies=("fire", "property")
    )
    id = station.filed(category="hornet")
    offered = lambda: asked("dispatch", act_class("dispatch"), about(station, "dispatch", id))[0]  # noqa: E731
    assert [choice.key for choice in offered().choices][:2] == ["fire", "property"] and offered().value == "fire"
    station.do("dispatch", id, agency="fire")
    assert [choice.key for choice in offered().choices] == ["property", "police"]


def test_one_errand_is_chosen_by_itself_and_of_several_one_must_be_said() -> None:
    station = Station()
    one, two = station.dispatched("fire"), station.dispatched("fire", "police")
    first = lambda id: asked("return", act_class("return"), about(station, "return", id))[0]  # noqa: E731
    assert (first(one).value, first(one).needed) == ("1", False)
    assert (first(two).value, first(two).needed) == ("", True)


def test_an_agency_speaks_for_itself() -> None:
    station = Station()
    id = station.dispatched("fire")
    names = [each.name for each in asked("accept", act_class("accept"), about(station, "accept", id, "fang"))]
    assert "said_by" not in names and "how" not in names


def test_what_was_filled_in_becomes_the_act() -> None:
    act = made(Close, {"issue": "20261123-0001", "outcome": "partly", "why": " 还差一点 ", "force": "no"})
    assert act == Close(issue="20261123-0001", outcome=Outcome.PARTLY, why="还差一点", force=False)
    station = Station()
    id = station.filed()
    edit = made(act_class("edit"), {"issue": id, "title": "新的", "place": "", "limit": "", "sensitive": "yes"})
    assert (edit.title, edit.place, edit.limit, edit.sensitive) == ("新的", "", "", True)  # type: ignore[attr-defined]
