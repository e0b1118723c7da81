"""The handover on paper: one page that a browser prints, with room for both signatures at its foot."""

from __future__ import annotations

from console.act import no_right
from console.briefing import draft
from console.chair import Chair
from console.plain import html
from console.sheets import Sheet, SheetState
from console.verbs.sheet import Lines

FOOT = "<p style='margin-top:3em'>{outgoing} ______________________ &nbsp;&nbsp; {incoming} ______________________</p>"
"""Where two people sign."""

STYLE = "body{font:10pt sans-serif;margin:2em}table{border-collapse:collapse}td,th{border:1px solid #999;padding:.2em .5em}"
"""How a table looks on paper."""


def page(chair: Chair, id: str = "", sheet: Sheet | None = None) -> tuple[str, str]:
    """Name of the file and the page of a sheet; of the one on duty as it stands now where none is named.

    Raises ``Refused`` where no shift is on duty.
    """
    if sheet is None:
        id, sheet = draft(chair.book, chair.now())
    said = Lines(chair, id, sheet, chair.now()).html()
    foot = FOOT.format(outgoing=html(chair.say("paper.outgoing")), incoming=html(chair.say("paper.incoming")))
    if sheet.state is SheetState.SEALED:
        return f"handover-{id}.html", said
    return f"handover-{id}.html", said.replace("</body>", f"{foot}</body>")


def saved(chair: Chair, id: str = "", sheet: Sheet | None = None) -> str:
    """Save the page among the store's exports: where it lies. Raises ``Refused``."""
    _readable(chair)
    name, text = page(chair, id, sheet)
    return chair.export(name, text.encode())


def _readable(chair: Chair) -> None:
    """Refuse who may not read everybody's work."""
    if not chair.who.may("read"):
        raise no_right(chair.who, "read")


def saved_table(chair: Chair, name: str, head: str, columns: list[str], rows: list[list[str]]) -> str:
    """Save a list as a page that a browser prints: where it lies. Raises ``Refused``."""
    _readable(chair)
    lang = "zh-CN" if chair.say.language == "zh" else "en"
    cells = ["".join(f"<th>{html(each)}</th>" for each in columns)]
    cells += ["".join(f"<td>{html(each)}</td>" for each in row) for row in rows]
    table = "\n".join(f"<tr>{row}</tr>" for row in cells)
    text = (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{html(head)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{html(head)}</h1><table>\n{table}\n</table></body></html>"
    )
    return chair.export(name, text.encode())


def saved_text(chair: Chair, name: str, text: str) -> str:
    """Save lines as they stand on the screen: where they lie. Raises ``Refused``."""
    _readable(chair)
    return chair.export(name, text.encode())
