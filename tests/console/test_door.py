"""What comes from outside: fields of acts, files of the station with file, line, field and an example."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from console import door, sample
from console.act import ACTS
from console.book import Refused
from console.config import Settings
from console.exchange.maps import Map, known, load
from console.exchange.tables_in import import_records
from tests.console.helpers import Station


def test_every_act_can_be_told_and_has_a_sentence_for_each_field() -> None:
    for verb, cls in door.load_acts().items():
        for name, takes, needed in door.describe(cls):
            assert takes, (verb, name)
            assert isinstance(needed, bool)
    assert len(ACTS) > 50


@pytest.mark.parametrize(
    ("verb", "fields", "word", "facts"),
    [
        ("fil", {}, "refused.no_act.near", {"near": "file"}),
        ("file", {}, "refused.field_missing", {"field": "issue"}),
        ("file", {"issue": "1", "categry": "x"}, "refused.field_unknown.near", {"near": "category"}),
        ("close", {"issue": "1", "outcome": "fixed"}, "refused.field_wrong", {"field": "outcome"}),
        ("accept", {"issue": "1", "errand": "two"}, "refused.field_wrong", {"field": "errand"}),
        ("close", {"issue": "1", "outcome": "solved", "force": "perhaps"}, "refused.field_wrong", {"field": "force"}),
        ("set_agency", {"slug": "x", "name": "y", "contacts": "[{]"}, "refused.bad_json", {}),
    ],
)
def test_a_wrong_field_is_named(verb: str, fields: dict[str, Any], word: str, facts: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        door.act(verb, fields)
    assert caught.value.word == word
    assert facts.items() <= caught.value.facts.items()


def test_fields_as_typed_on_a_command_line() -> None:
    made = door.act("set_place", {"code": "g1", "words": "1幢, 2幢，3幢"})
    assert made.words == ("1幢", "2幢", "3幢")  # type: ignore[attr-defined]
    made = door.act("set_agency", {"slug": "x", "name": "y", "contacts": '[{"name": "刘", "days": [1, 2]}]'})
    assert made.contacts[0].days == (1, 2)  # type: ignore[attr-defined]
    assert door.act("rework", {"issue": "1", "by_desk": "是"}).by_desk is True  # type: ignore[attr-defined]


def broken(tmp_path: Path, kind: str, old: str, new: str) -> Path:
    """A sample file with one thing changed."""
    text = sample.text(kind)
    assert old in text
    path = tmp_path / sample.FILES[kind]
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ('slots = ["08:00-12:00"', 'slots = ["8-12"', "slots", "wrong.slot"),
        ("weekdays = [1, 2, 3, 4, 5]", "weekdays = [0]", "weekdays", "wrong.weekdays"),
        ('timezone = "Asia/Shanghai"', 'timezone = "Asia/Quzhou"', "timezone", "refused.zone"),
        ('accept = "15分"', 'accept = "soon"', "accept", "refused.bad_limit"),
        ('hours = "16:00-24:00"', 'hours = "15:00-24:00"', "hours", "wrong.shift_order"),
        ("overdue_every = 10", "overdue_every = 0", "overdue_every", "wrong.minutes"),
        ("warn_share = 0.25", 'warn_share = "much"', "queue.warn_share", "refused.field_wrong"),
        ("keep_days = 30", "keepdays = 30", "keepdays", "refused.field_unknown.near"),
    ],
)
def test_broken_settings_name_file_line_field_and_an_example(
    tmp_path: Path, station: Station, old: str, new: str, field: str, reason: str
) -> None:
    path = broken(tmp_path, "settings", old, new)
    with pytest.raises(Refused) as caught:
        import_records(station.desk, "settings", path, lambda *_: None)
    facts = caught.value.facts
    line = next(n for n, each in enumerate(path.read_text().splitlines(), 1) if new.split("=")[0].strip() + " = " in each)
    wanted = next(n for n, each in enumerate(path.read_text().splitlines(), 1) if new in each)
    assert facts["file"] == str(path)
    assert facts["reason"].word == reason
    assert facts["field"].endswith(field)
    assert facts["line"] in (line, wanted)
    assert "=" in facts["example"]


def test_a_broken_toml_names_its_line(tmp_path: Path, station: Station) -> None:
    path = broken(tmp_path, "settings", 'language = "zh"', 'language = "zh')
    with pytest.raises(Refused) as caught:
        import_records(station.desk, "settings", path, lambda *_: None)
    assert (caught.value.word, caught.value.facts["line"]) == ("refused.toml", "6")


def test_the_sample_is_taken_in_whole_and_a_second_time_changes_nothing(station: Station, tmp_path: Path) -> None:
    from console.staff import SYSTEM

    for again in (False, True):
        for kind, name in sample.FILES.items():
            path = tmp_path / name
            path.write_text(sample.text(kind), encoding="utf-8")
            station.desk.who = SYSTEM
            before = station.desk.catch_up()
            result = import_records(station.desk, kind, path, lambda *_: None)
            assert result.rejected == []
            assert not again or station.desk.catch_up() == before


def test_the_sample_says_what_the_program_has_as_its_defaults(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    text = sample.text("settings")
    said = door.checked(Settings, door.toml(path, text), path, text)
    from console.record import replace

    assert replace(said, name="x") == replace(Settings(), name="x")


def test_a_section_s_line_is_the_line_in_the_file(tmp_path: Path, station: Station) -> None:
    path = broken(tmp_path, "categories", 'severity = "p4"', 'severity = "p9"')
    wanted = next(n for n, each in enumerate(path.read_text().splitlines(), 1) if '"p9"' in each)
    from console.staff import SYSTEM

    station.desk.who = SYSTEM
    result = import_records(station.desk, "categories", path, lambda *_: None)
    (line, word, _), *more = result.rejected
    assert not more
    assert word.startswith("refused.no_severity")
    assert 0 < wanted - line.number < 10


def test_the_program_s_maps_are_sound() -> None:
    assert known() == ["boston", "newyork", "open311", "sanfrancisco", "wenzheng"]
    for name in known():
        assert isinstance(load(name), Map)


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ('case_enquiry_id = "number"', 'case_enquiry_id = "nummer"', "case_enquiry_id", "wrong.map_field"),
        ('Closed = "closed"', 'Closed = "shut"', "Closed", "wrong.map_status"),
        ('open_dt = "reported"', 'open_dt = "facts.opened"', "columns", "wrong.map_needs"),
        ('source = "boston311"', 'source = "a:b"', "source", "wrong.map_source"),
        ('timezone = "America/New_York"', 'timezone = "Boston"', "timezone", "refused.zone"),
        ("[constants]", "[constant]", "constant", "refused.field_unknown.near"),
    ],
)
def test_a_broken_map_names_file_line_field_and_an_example(
    tmp_path: Path, old: str, new: str, field: str, reason: str
) -> None:
    text = (sample.FOLDER.parent / "maps" / "boston.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refused) as caught:
        load(str(path))
    assert caught.value.facts["reason"].word == reason
    assert caught.value.facts["field"].endswith(field)
    if reason != "wrong.map_needs":
        wanted = next(n for n, each in enumerate(path.read_text().splitlines(), 1) if new in each)
        assert caught.value.facts["line"] == wanted


def test_an_unknown_map_names_the_nearest() -> None:
    with pytest.raises(Refused) as caught:
        load("bostn")
    assert caught.value.facts["near"] == "boston"


@pytest.mark.parametrize("said", ["g1", "g1,g2", "g1，g2", '["g1", "g2"]'])
def test_a_list_that_may_be_left_out_is_written_as_any_other(said: str) -> None:
    made = door.act("set_person", {"login": "w", "role": "facilitator", "grids": said})
    assert made.grids in (("g1",), ("g1", "g2"))  # type: ignore[attr-defined]
