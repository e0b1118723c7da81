"""A palette as a theme of Textual, for the widgets that are Textual's own."""

from __future__ import annotations

from functools import cache

from rich.style import Style
from textual.theme import Theme

from themes.palettes import Palette


@cache
def theme(palette_name: str, dark: bool, ansi: bool, colours: tuple[tuple[str, str], ...]) -> Theme:
    """The theme of these colours."""
    given = dict(colours)
    usual = "ansi_default"
    fore, back = given.get("text", usual), given.get("text.on", usual)
    field, field_on = given.get("field.on", back), given.get("field_on.on", given.get("cursor.on", back))
    variables = {
        "input-cursor-background": given.get("strong", fore),
        "input-cursor-foreground": back,
        "input-cursor-text-style": "reverse" if ansi else "none",
        "input-selection-background": given.get("cursor.on", field_on),
        "field": field,
        "field-on": field_on,
        "field-text": given.get("field", fore),
        "field-text-on": given.get("field_on", fore),
        "ansi-background": back,
        "ansi-foreground": fore,
    }
    return Theme(
        name=f"wanjia-{palette_name}",
        primary=given.get("key", fore),
        foreground=fore,
        background=back,
        surface=field,
        panel=back,
        dark=dark,
        ansi=ansi,
        variables=variables,
    )


def themed(palette: Palette) -> Theme:
    """The theme of a palette."""
    found: list[tuple[str, str]] = []
    for role in ("text", "strong", "key", "field", "field_on", "cursor"):
        style = Style.parse(palette.looks.get(role, ""))
        for name, colour in ((role, style.color), (f"{role}.on", style.bgcolor)):
            if colour is not None and not colour.is_default:
                triplet = colour.triplet
                found.append((name, triplet.hex if triplet and not palette.ansi else f"ansi_{colour.name}"))
    return theme(palette.name, palette.dark, palette.ansi, tuple(found))
