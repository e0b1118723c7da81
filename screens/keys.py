"""Every key once: what it does, on which screens, and how likely it is there. Bindings, footers and help are made of it.

A station or an officer may give an action other keys, by its id; what would take a key away from another action on the
same screen is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from console.book import Refused

LISTS = ("queue", "case", "log", "handover", "arrival", "drafts", "help")
"""Screens with lines to move over."""

CASES = ("queue", "case")
"""Screens on which a case is under the cursor."""

READ = ("log", "handover", "arrival")
"""Screens that tell of everybody's work: for who may read all of it, not for agencies and facilitators."""

MAIN = ("queue", "case", "log", "handover", "arrival")
"""Screens of the work itself."""


@dataclass(frozen=True, slots=True)
class Key:
    """One action and its keys."""

    id: str
    """Name of the action; ``key.<id>`` is its word, ``does.<id>`` its sentence."""

    keys: str
    """Keys, the first one is shown; names as Textual has them, with commas between."""

    on: tuple[str, ...]
    """Screens it works on."""

    rank: int = 0
    """Place in the footer, 1 first; 0: not there."""

    verb: str = ""
    """The act that it begins, where the rules can say now whether it will be refused."""


KEYS: tuple[Key, ...] = (
    # moving
    Key("down", "down,j", LISTS),
    Key("up", "up,k", LISTS),
    Key("first", "home,g", LISTS),
    Key("last", "end,G", LISTS),
    Key("page_down", "pagedown,ctrl+f", LISTS),
    Key("page_up", "pageup,ctrl+b", LISTS),
    Key("open", "enter,right,l", ("queue", "log", "handover"), 1),
    Key("back", "escape,left,h,q", ("case", "log", "handover", "help", "drafts"), 76),
    Key("quit", "q,ctrl+c", ("queue", "arrival"), 79),
    # the queue
    Key("view", "1,2,3,4,5,6,7,8,9,0", ("queue",)),
    Key("next_view", "tab", ("queue",)),
    Key("previous_view", "shift+tab", ("queue",)),
    Key("filter", "slash", ("queue", "help"), 60),
    Key("mark", "space", ("queue",), 30),
    Key("mark_all", "asterisk", ("queue",)),
    # a case
    Key("step", "s", CASES, 2),
    Key("dispatch", "d", CASES, 3, "dispatch"),
    Key("return", "x", CASES, 4, "return"),
    Key("close", "c", CASES, 5, "close"),
    Key("again", "r", CASES, 6),
    Key("merge", "m", CASES, 7, "merge"),
    Key("edit", "e", CASES, 8, "edit"),
    Key("note", "i", CASES, 9, "note"),
    Key("remind", "p", CASES, 10, "remind"),
    Key("voice", "v", CASES, 11, "voice"),
    Key("file", "f", CASES, 12, "file"),
    Key("answer", "a", CASES, 13, "answer"),
    Key("check", "w", CASES, 14),
    Key("agency", "t", CASES, 15),
    Key("resolve", "o", CASES, 16, "resolve"),
    Key("handle", "O", CASES, 17, "handle"),
    Key("callback", "b", CASES, 18, "callback"),
    Key("suspend", "Z", CASES, 19, "suspend"),
    Key("urge", "U", CASES, 20, "urge"),
    Key("reject", "R", CASES, 21, "reject"),
    Key("void", "V", CASES, 22, "void"),
    Key("withdraw", "W", CASES, 23, "withdraw"),
    Key("approve", "A", CASES, 24, "approve"),
    Key("deny", "D", CASES, 25, "deny"),
    Key("assign", "z", CASES, 0, "assign"),
    Key("inform", "I", CASES, 0, "inform"),
    Key("strike", "X", ("case", "log")),
    Key("why", "y", CASES, 40),
    # log and handover
    Key("log_note", "i,a", ("log",), 2),
    Key("pin", "p", ("log",), 3),
    Key("order", "O", ("log",), 4),
    Key("item", "e", ("handover",), 2),
    Key("weigh", "w", ("handover",), 3),
    Key("reply", "a", ("handover",), 4),
    Key("sign", "S", ("handover", "arrival"), 3),
    Key("print", "P", ("handover",), 5),
    # arrival
    Key("next_item", "enter", ("arrival",), 1),
    Key("tick", "space", ("arrival",), 2),
    Key("again_said", "e", ("arrival",), 3),
    Key("ask_back", "a", ("arrival",), 4),
    Key("look", "l,right", ("arrival",), 5),
    Key("to_queue", "escape", ("arrival",), 6),
    # everywhere
    Key("undo", "u", MAIN, 70),
    Key("new", "n", MAIN, 71),
    Key("log", "L", MAIN, 72),
    Key("handover", "H", MAIN, 73),
    Key("arrival", "T", MAIN, 74),
    Key("drafts", "E", MAIN, 75),
    Key("palette", "colon,f2", MAIN, 80),
    Key("help", "question_mark,f1", (*MAIN, "drafts"), 81),
    Key("sign_off", "Q", ("queue", "arrival")),
    Key("theme", "ctrl+n", MAIN),
    Key("repaint", "ctrl+l", (*LISTS, "form", "confirm", "palette")),
    # forms
    Key("submit", "enter", ("form", "confirm"), 1),
    Key("next_field", "tab,down", ("form",), 2),
    Key("previous_field", "shift+tab,up", ("form",), 3),
    Key("and_dispatch", "ctrl+d,f4", ("form",), 4),
    Key("same", "f3,ctrl+t", ("form",), 5),
    Key("more", "pagedown", ("form",)),
    Key("fewer", "pageup", ("form",)),
    Key("source", "ctrl+o,f6", ("form",), 6),
    Key("cancel", "escape", ("form", "confirm"), 85),
    Key("yes", "y", ("confirm",)),
    Key("no", "n,q", ("confirm",)),
    Key("choose", "enter,right,l", ("drafts",), 1),
    # the palette
    Key("run", "enter", ("palette",), 1),
    Key("next_line", "down,tab", ("palette",)),
    Key("line_before", "up,shift+tab", ("palette",)),
    Key("leave", "escape", ("palette",), 2),
    Key("throw_away", "X", ("drafts",), 3),
)
"""The table."""

ALIASES = {
    "colon": "fullwidth_colon", "slash": "fullwidth_solidus", "question_mark": "fullwidth_question_mark",
    "asterisk": "fullwidth_asterisk", "space": "ideographic_space",
}  # fmt: skip
"""What an input method that was left on sends for a key."""

NAMES = {
    "question_mark": "?", "colon": ":", "slash": "/", "asterisk": "*", "escape": "Esc", "down": "↓", "up": "↑",
    "left": "←", "right": "→", "home": "Home", "end": "End", "pagedown": "PgDn", "pageup": "PgUp", "tab": "Tab",
    "shift+tab": "S-Tab",
}  # fmt: skip
"""How a key is shown where its name is not it."""

NAMED = ("enter", "space")
"""Keys that are called by their names in a language."""


def table(given: Mapping[str, str] | None = None) -> tuple[Key, ...]:
    """The keys with what a station or an officer has changed. Raises ``Refused`` for an unknown id or a key taken twice."""
    return _table(tuple(sorted((given or {}).items())))


@lru_cache(8)
def _table(given: tuple[tuple[str, str], ...]) -> tuple[Key, ...]:
    """The same, made once."""
    if not given:
        return KEYS
    changes, known = dict(given), {key.id for key in KEYS}
    for id in changes:
        if id not in known:
            raise Refused("refused.no_key", said=id)
    made = tuple(replace(key, keys=changes.get(key.id, key.keys).replace(" ", "")) for key in KEYS)
    taken: dict[tuple[str, str], str] = {}
    for key in made:
        if not all(key.keys.split(",")):
            raise Refused("refused.key_empty", said=key.id)
        if "form" in key.on and key.id in changes and any(len(each) == 1 for each in key.keys.split(",")):
            raise Refused("refused.key_text", said=key.id)
        for screen in key.on:
            for each in key.keys.split(","):
                other = taken.setdefault((screen, each), key.id)
                if other != key.id:
                    raise Refused("refused.key_taken", key=each, one=other, other=key.id)
    return made


def on(screen: str, keys: Iterable[Key] = KEYS) -> list[Key]:
    """The keys of a screen."""
    return [key for key in keys if screen in key.on]


def spoken(key: str) -> str:
    """How a key is shown: ``ctrl+d`` is ``^D``."""
    if key.startswith("ctrl+") and len(key) == 6:
        return f"^{key[5:].upper()}"
    return NAMES.get(key, key.upper() if len(key) > 1 else key)
