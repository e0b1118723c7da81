"""The parts of docs/domain.md that the code itself tells. ``make docs`` writes them; a test compares them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from console import door
from console.config import Settings
from console.query import describe
from console.sla import due, start
from console.staff import RIGHTS
from console.status import TABLE
from console.words import words
from console.workdays import Calendar, CalendarSettings
from tests.console.helpers import HERE, ROOT
from tests.console.test_workdays import CHECK

PAGE = ROOT / "docs" / "domain.md"


def statuses() -> list[str]:
    zh, en = words("zh"), words("en")
    lines = ["| status | | next |", "|---|---|---|"]
    for was, to in TABLE.items():
        after = ", ".join(en(f"status.{each}") for each in TABLE if each in to) or "nothing"
        lines.append(f"| {en(f'status.{was}')} | {zh(f'status.{was}')} | {after} |")
    return lines


def clocks() -> list[str]:
    days = Calendar(CalendarSettings(), "Asia/Shanghai")
    lines = ["| start | limit | legal due | on-duty due |", "|---|---|---|---|"]
    from tests.console.helpers import local

    for begin, limit, _ in CHECK:
        found = due(start(local(begin), limit), days)
        assert found is not None
        said = [f"{moment.astimezone(HERE):%a %Y-%m-%d %H:%M}" for moment in (local(begin), found.legal, found.duty)]
        lines.append(f"| {said[0]} | {limit} | {said[1]} | {said[2]} |")
    return lines


def rights() -> list[str]:
    known = sorted({right for rights in RIGHTS.values() for right in rights})
    lines = ["| right | " + " | ".join(str(role) for role in RIGHTS) + " |", "|---|" + "---|" * len(RIGHTS)]
    return lines + [
        f"| {right} | " + " | ".join("yes" if right in RIGHTS[r] else "" for r in RIGHTS) + " |" for right in known
    ]


def acts() -> list[str]:
    zh, en = words("zh"), words("en")
    lines = ["| act | | what | fields (* needed) |", "|---|---|---|---|"]
    for verb, cls in sorted(door.load_acts().items()):
        fields = " ".join(f"{name}{'*' if needed else ''}" for name, _, needed in door.describe(cls) if name != "version")
        lines.append(f"| `{verb}` | {zh(f'act.{verb}')} | {en(f'act.{verb}')} | {fields} |")
    return lines


def query() -> list[str]:
    return [f"* `{key}:` {', '.join(values)}" for key, values in describe().items()]


def points() -> list[str]:
    said = Settings().queue
    names = (
        "p1 p2 p3 p4 overdue overdue_every overdue_most soon voice voice_most unanswered returned reopened urged danger"
    ).split()
    return ["| setting | sample |", "|---|---|", *(f"| {name} | {getattr(said, name)} |" for name in names)]


PARTS: dict[str, Callable[[], list[str]]] = {
    "statuses": statuses, "clocks": clocks, "rights": rights, "acts": acts, "query": query, "points": points,
}  # fmt: skip


def filled(text: str) -> str:
    """The page with every generated part as the code tells it now."""
    for name, make in PARTS.items():
        block = f"<!-- {name} -->\n" + "\n".join(make()) + f"\n<!-- end {name} -->"
        text, count = re.subn(f"<!-- {name} -->.*?<!-- end {name} -->", lambda _, b=block: b, text, flags=re.S)
        assert count == 1, name
    return text


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
