"""Every key once: what it does, on which screens, and how likely it is there. Bindings, footers and help are made of it.

A station or an officer may give an action other keys, by its id; what would take a key away from another action on the
same screen is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from console.book import Refused

REVIEWS = ("reviews", "sheet", "approvals", "orders", "rounds", "people", "plots", "found")
"""Screens of who answers for the shifts, goes the rounds, or wants to know who is who."""

CHAT = ("inbox", "outbox", "callbacks")
"""Screens of the residents' group chat, and of the calls that residents are owed."""

LISTS = ("queue", "case", "log", "handover", "arrival", "drafts", "help", *REVIEWS, *CHAT)
"""Screens with lines to move over."""

CASES = ("queue", "case")
"""Screens on which a case is under the cursor."""

NEEDS = {
    "new": "take", "rounds": "checked", "inbox": "voice", "outbox": "say", "callbacks": "callback",
    **dict.fromkeys(("log", "handover", "arrival", "reviews", "sheet", "approvals", "orders", "plots"), "read"),
}  # fmt: skip
"""Screen → the right that it takes: those that tell of everybody's work are not for agencies and facilitators."""

FOOT = {
    "approvals": "approve", "reviews": "annotate", "rounds": "read_grid", "arrival": "sign", "handover": "sign",
}  # fmt: skip
"""Keys that stand in the footer of those alone who have a right; they work for others as well."""

MAIN = ("queue", "case", "log", "handover", "arrival", *REVIEWS, *CHAT)
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

    right: str = ""
    """The right without which it is not there at all."""


KEYS: tuple[Key, ...] = (
    # moving
    Key("down", "down,j", LISTS),
    Key("up", "up,k", LISTS),
    Key("first", "home,g", LISTS),
    Key("last", "end,G", LISTS),
    Key("page_down", "pagedown,ctrl+f", LISTS),
    Key("page_up", "pageup,ctrl+b", LISTS),
    Key("open", "enter,right,l", ("queue", "log", "handover", *REVIEWS, *CHAT), 1),
    Key("back", "escape,left,h,q", ("case", "log", "handover", "help", "drafts", *REVIEWS, *CHAT), 76),
    Key("quit", "q,ctrl+c", ("queue", "arrival"), 79),
    # the queue
    Key("view", "1,2,3,4,5,6,7,8,9,0", ("queue",)),
    Key("next_view", "tab", ("queue",)),
    Key("previous_view", "shift+tab", ("queue",)),
    Key("filter", "slash", ("queue", "help", "reviews"), 60),
    Key("mark", "space", ("queue", "inbox"), 30),
    Key("mark_all", "asterisk", ("queue", "inbox")),
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
    # reviewing, rounds, people
    Key("annotate", "i,a", ("sheet",), 2, right="annotate"),
    Key("print", "P", ("sheet", "reviews", "plots"), 5),
    Key("previous_view", "shift+tab", ("reviews",)),
    Key("next_view", "tab", ("reviews", "plots"), 3),
    Key("approve", "A", ("approvals",), 2),
    Key("deny", "D", ("approvals",), 3),
    Key("end", "X", ("orders",), 2, right="shift_log"),
    Key("order", "O", ("orders",), 3, right="shift_log"),
    Key("seen", "space", ("orders",), 4, right="shift_log"),
    Key("report_check", "w,s", ("rounds",), 2, right="checked"),
    Key("own_pin", "p", ("people",), 2),
    Key("stand_in", "s", ("people",), 3),
    Key("come_back", "b", ("people",), 4),
    # the group chat, call-backs
    Key("take_up", "t", ("inbox",), 0, right="take"),
    Key("join", "v", ("inbox",), 2),
    Key("join_to", "1,2,3", ("inbox",)),
    Key("answer_group", "a", ("inbox",), 3, right="say"),
    Key("put_by", "x", ("inbox",), 4),
    Key("who_is", "w", ("inbox",), 5),
    Key("paste", "p", ("inbox",), 7, right="take"),
    Key("shows", "full_stop", ("inbox",), 6),
    Key("outbox", "o", ("inbox",), 8, right="say"),
    Key("read", "r", ("inbox",), 9),
    Key("next_view", "tab", ("inbox",)),
    Key("previous_view", "shift+tab", ("inbox",)),
    Key("say_again", "r", ("outbox",), 2, right="say"),
    Key("arrived", "y", ("outbox",), 3, right="say"),
    Key("unsay", "x", ("outbox",), 4, right="say"),
    Key("good", "1", ("callbacks",), 2),
    Key("fair", "2", ("callbacks",), 3),
    Key("bad", "3", ("callbacks",), 4),
    Key("in_part", "4", ("callbacks",), 5),
    Key("unsolved", "5", ("callbacks",), 6),
    Key("unreached", "0", ("callbacks",), 7),
    Key("take_answer", "y", ("callbacks",), 8),
    Key("ask_group", "a", ("callbacks",), 9, right="say"),
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
    Key("approvals", "Y", MAIN, 50),
    Key("reviews", "M", MAIN, 51),
    Key("orders", "B", MAIN, 0),
    Key("plots", "C", MAIN, 0),
    Key("rounds", "F", MAIN, 52),
    Key("people", "N", MAIN, 0),
    Key("inbox", "J", MAIN, 77),
    Key("callbacks", "K", MAIN, 78),
    Key("lock", "f7,ctrl+k", MAIN, 0),
    Key("sign_off", "Q", ("queue", "arrival"), right="sign"),
    Key("theme", "ctrl+n", MAIN),
    Key("speak", "f9", MAIN),
    Key("repaint", "ctrl+l", (*LISTS, "form", "confirm", "palette")),
    # forms
    Key("submit", "enter", ("form", "confirm"), 1),
    Key("next_field", "tab,down", ("form",), 2),
    Key("previous_field", "shift+tab,up", ("form",), 3),
    Key("and_dispatch", "ctrl+d,f4", ("form",), 4),
    Key("same", "f3,ctrl+t", ("form",), 5),
    Key("more", "pagedown", ("form",)),
    Key("fewer", "pageup", ("form",)),
    Key("source", "ctrl+o,f6", ("form",), 7),
    Key("fresh", "f8,ctrl+y", ("form",), 6),
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
    "asterisk": "fullwidth_asterisk", "space": "ideographic_space", "full_stop": "ideographic_full_stop",
}  # fmt: skip
"""What an input method that was left on sends for a key."""

NAMES = {
    "question_mark": "?", "colon": ":", "full_stop": ".", "slash": "/", "asterisk": "*", "escape": "Esc", "down": "↓",
    "up": "↑",
    "left": "←", "right": "→", "home": "Home", "end": "End", "pagedown": "PgDn", "pageup": "PgUp", "tab": "Tab",
    "shift+tab": "S-Tab",
}  # fmt: skip
"""How a key is shown where its name is not it."""

NAMED = ("enter", "space")
"""Keys that are called by their names in a language."""


def right_of(key: Key) -> str:
    """The right without which a key is not there; empty where anybody has it."""
    return key.right or NEEDS.get(key.id, "")


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
