"""What residents write is shown literally, moves no other cell, and is obeyed by nothing."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from screens.widgets.ink import PLACEHOLDER, Ink, cut, fit, shown, width, wrapped
from tests.console.helpers import Station
from tests.screens.helpers import awaited, console, text, type_in
from tests.screens.helpers import shown as screen
from themes.palettes import MONO, PALETTES

HOSTILE = {
    "markup": "[red]救命[/red] [link=http://x]点我[/link]",
    "escape": "\x1b[31m红\x1b]0;标题\x07",
    "control": "a\x00b\x08c\x9bd",
    "bidi": "abc\u202egnol\u2066x\u2069",
    "zero width": "零\u200b宽\u200d度\ufeff",
    "combining": "e\u0301\u0302\u0303\u0304\u0305" * 4,
    "emoji": "👨‍👩‍👧‍👦 家 👍🏽 🏳️‍🌈 ☺️",
    "wide": "宽" * 400,
    "long": "x" * 100_000,
    "lines": "第一行\n第二行\r\n\t第三行",
    "surrogate": "好\ud800坏",
    "private": "\ue000\uf8ff\U000f0000",
    "arabic": "مرحبا بالعالم",
    "thai": "สวัสดีครับ",
    "hangul": "안녕 ㅎㅎ ᄀᆞ",
    "fullwidth": "ＡＢＣ　１２３",
    "tags": "\U000e0041\U000e007f",
    "filler": "a\u3164b\u115fc\uffa0d\u00ade\u034ff\u180eg",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_text_takes_as_many_cells_as_we_say(name: str) -> None:
    from wcwidth import wcswidth

    said = shown(HOSTILE[name])
    assert width(said) == cell_len(said)
    assert wcswidth(said) == width(said) or any(ord(c) in range(0x300, 0x370) for c in said), ascii(said[:40])
    assert all(c.isprintable() for c in said) and not any(c in said for c in "\x1b\x07\x9b\u202e\u2066\u200b\u200d\ufeff")
    for cells in (1, 2, 7, 20):
        assert width(fit(HOSTILE[name], cells)) == cells
        assert width(cut(said, cells)) <= cells
    ink = Ink(MONO)
    strip = ink.strip([("text", HOSTILE[name]), ("late", "后")], 30)
    assert strip.cell_length == 30 == sum(cell_len(segment.text) for segment in strip)
    for line in wrapped(HOSTILE[name], 17):
        assert width(line) <= 17


@pytest.mark.parametrize("plain", [False, True])
def test_on_an_ascii_terminal_no_sign_of_ours_is_of_doubtful_width(plain: bool) -> None:
    import unicodedata

    ink = Ink(MONO, plain_signs=plain)
    said = "".join(segment.text for segment in ink.strip([("text", "…·─▌‼–—→✓“”×")], 20))
    doubtful = [c for c in said if unicodedata.east_asian_width(c) == "A"]
    assert bool(doubtful) is not plain


@pytest.mark.parametrize("name", HOSTILE)
@awaited
async def test_on_every_screen_the_columns_stand_and_the_words_are_literal(name: str) -> None:
    station = Station()
    said = HOSTILE[name]
    if "\ud800" in said:
        said = said.encode("utf-8", "replace").decode()
    other = station.filed(text="路灯不亮")
    id = station.take(text=said, name=said[:50] or "x", place=said[:50], category="sewer")
    async with console(station, size=(80, 24)) as pilot:
        rows = {line[5:14]: line for line in screen(pilot.app) if "1123-" in line}
        assert len(rows) == 2
        ends = {cell_len(line[: line.index("剩")]) for line in rows.values()}
        assert len(ends) == 1, rows
        if name == "markup":
            assert "[red]救命[/red]" in text(pilot.app)
        await pilot.press("G" if pilot.app.screen.view.ids()[-1] == id else "g", "enter")
        await pilot.pause()
        assert all(cell_len(line) <= 80 for line in screen(pilot.app))
        if name == "markup":
            assert "[link=http://x]点我[/link]" in text(pilot.app)
        for key in ("y", "e", "escape", "escape", "L", "escape", "H"):
            await pilot.press(key)
            await pilot.pause()
            assert all(cell_len(line) <= 80 and "\x1b" not in line for line in screen(pilot.app)), key
    assert other


@awaited
async def test_what_an_officer_pastes_into_a_form_is_as_harmless() -> None:
    from textual import events

    station = Station()
    async with console(station) as pilot:
        await pilot.press("n")
        await type_in(pilot, "xsd")
        await pilot.press("1", "tab", "tab", "tab", "tab")
        pilot.app.post_message(events.Paste("第一行\x1b[31m\n第二行[bold]"))
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        station.desk.catch_up()
        kept = station.case("202611230001").text
        assert "\x1b" not in kept and "第一行" in kept and "第二行[bold]" in kept


def test_every_palette_has_a_look_for_every_role_that_is_drawn() -> None:
    from themes.palettes import ROLES

    for palette in PALETTES.values():
        assert set(palette.looks) <= set(ROLES)
        ink = Ink(palette)
        for role in ROLES:
            for base in ("text", "cursor", "title", "alarm"):
                assert ink.style(role, base) is not None
    assert PLACEHOLDER == "\N{REPLACEMENT CHARACTER}"
