"""The language is a person's own: it is kept with them, and no client decides it."""

from __future__ import annotations

import pytest

from console.book import Refused
from console.speaking import spoken_by
from tests.console.helpers import Station
from tests.screens.helpers import awaited, console, text


@awaited
async def test_one_key_changes_the_language_for_good_and_for_oneself_alone() -> None:
    station = Station()
    station.filed(text="下水道堵了", category="sewer")
    async with console(station) as pilot:
        app = pilot.app
        await pilot.press("L", "f9")
        await pilot.pause()
        assert "Help" in text(app) or "help" in text(app)
        assert app.screen.place == "queue" and "待派遣" not in text(app)  # type: ignore[attr-defined]
        await pilot.press("down", "enter")
        await pilot.pause()
        assert "filed" in text(app)
    station.desk.catch_up()
    assert (spoken_by(station.desk.book, "li"), spoken_by(station.desk.book, "zhao")) == ("en", "zh")
    async with console(station, lang="en") as pilot:
        await pilot.press("f9")
        await pilot.pause()
        assert "帮助" in text(pilot.app)


def test_a_chief_may_set_it_and_what_is_no_language_is_refused() -> None:
    station = Station()
    station.do("set_person", who="chen", login="fang", language="en")
    assert spoken_by(station.desk.book, "fang") == "en"
    station.do("set_person", who="chen", login="fang", language="zh")
    assert spoken_by(station.desk.book, "fang") == "zh"
    with pytest.raises(Refused, match="no_language"):
        station.do("speak", who="fang", language="fr")
