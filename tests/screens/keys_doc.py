"""docs/keys.md, generated: every key on every screen in both languages, and how many keys the common tasks take."""

from __future__ import annotations

from console.words import words
from screens.keys import CHAT, KEYS, REVIEWS, on, spoken
from tests.console.helpers import ROOT

FILE = ROOT / "docs" / "keys.md"
PLACES = (
    "queue", "case", "form", *CHAT, "log", "handover", "arrival", *(each for each in REVIEWS if each != "found"), "drafts",
    "palette", "confirm", "help",
)  # fmt: skip

TASKS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "new and dispatch": (
        "来电: 新建、立案并派遣",
        "a call: new case, filed and dispatched",
        ("n", "x", "s", "d", "1", "…", "tab", "tab", "…", "tab", "…", "tab", "…", "ctrl+d", "enter"),
    ),
    "new": ("来电: 存为待受理", "a call: kept as new", ("n", "x", "s", "d", "1", "tab", "tab", "tab", "tab", "…", "enter")),
    "next": ("下一步: 立案", "next status: file", ("s", "enter")),
    "dispatch": ("下一步: 派给常派的单位", "next status: dispatch to the usual agency", ("s", "enter")),
    "accept": ("单位来电签收", "an agency accepts by telephone", ("s", "…", "enter")),
    "report": ("单位来电办结", "an agency reports by telephone", ("s", "…", "tab", "…", "enter")),
    "close": ("结案,已解决", "close as solved", ("c", "1", "enter")),
    "note": ("记一笔", "a note on a case", ("i", "…", "enter")),
    "undo": ("撤销上一步", "undo the last act", ("u", "enter")),
    "hand over": ("交班签字", "hand over", ("H", "S", "S")),
    "take over": (
        "接班: 一件紧急、一件关注",
        "take over: one urgent case, one to watch",
        ("enter", "…", "enter", "space", "S"),
    ),
}
"""Task → its name in both languages, and its keys from the queue (taking over: from the arrival); … is what a person says."""


def keys_of(task: str) -> int:
    """Keys that a task takes, what a person says not counted."""
    return sum(key != "…" for key in TASKS[task][2])


def table(place: str) -> list[str]:
    """The keys of one screen."""
    zh, en = words("zh"), words("en")
    found = [f"## {en(f'place.{place}')} · {zh(f'place.{place}')}", "", "| id | keys 键 | | |", "|---|---|---|---|"]
    for key in on(place, KEYS):
        said = " ".join(
            f"`{en(f'keyname.{name}') if name in ('enter', 'space') else spoken(name)}`".replace("|", "\\|")
            for name in key.keys.split(",")
        )
        does = own if zh.known(own := f"does.{key.id}.{place}") else f"does.{key.id}"
        found.append(f"| `{key.id}` | {said} | {zh(does)} | {en(does)} |")
    return [*found, ""]


def text() -> str:
    """The whole page."""
    lines = [
        "# Keys · 键",
        "",
        "Generated from `screens/keys.py` by `make docs`. Another key for an action: in the station's `station.toml` or in one's",
        'own `config.toml`, a table `[keys]` with `id = "key,key"`, as in `dispatch = "ctrl+g"`. A key that another action has',
        "on the same screen is refused, and said.",
        "",
        "由 `screens/keys.py` 生成 (`make docs`)。要换键:在站的 `station.toml` 或自己的 `config.toml` 里写 `[keys]`,",
        '如 `dispatch = "ctrl+g"`。同一屏上别的动作已占用的键会被拒绝并说明。',
        "",
        "## How many keys · 各要按几下",
        "",
        "What a person says (a name, what happened) is not counted; …marks it. 人说的话 (姓名、经过) 不算,用 … 表示。",
        "",
        "| | | keys 键 | |",
        "|---|---|---|---|",
    ]
    for task, (zh, en, keys) in TASKS.items():
        said = " ".join(
            "…" if key == "…" else f"`{spoken(key) if key not in ('enter', 'space') else key.title()}`" for key in keys
        )
        lines.append(f"| {zh} | {en} | {keys_of(task)} | {said} |")
    lines.append("")
    for place in PLACES:
        lines += table(place)
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
