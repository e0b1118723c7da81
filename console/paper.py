"""The handover on paper: one page that a browser prints, with room for both signatures at its foot."""

from __future__ import annotations

from console.book import Refused
from console.briefing import draft
from console.chair import Chair
from console.plain import html
from console.verbs.sheet import Lines

FOOT = "<p style='margin-top:3em'>{outgoing} ______________________ &nbsp;&nbsp; {incoming} ______________________</p>"
"""Where two people sign."""


def page(chair: Chair) -> tuple[str, str]:
    """Name of the file and the page of the sheet as it stands now. Raises ``Refused`` where no shift is on duty."""
    id, sheet = draft(chair.book, chair.now())
    said = Lines(chair, id, sheet, chair.now()).html()
    foot = FOOT.format(outgoing=html(chair.say("paper.outgoing")), incoming=html(chair.say("paper.incoming")))
    return f"handover-{id}.html", said.replace("</body>", f"{foot}</body>")


def saved(chair: Chair) -> str:
    """Save the page among the store's exports: where it lies. Raises ``Refused``."""
    if not chair.who.may("read"):
        raise Refused("refused.no_right", who=chair.who.name, right=chair.say("right.read"))
    name, text = page(chair)
    return chair.export(name, text.encode())
