"""Every key on every screen, in both languages and at both sizes: pressed, and its effect looked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from console.book import Refused
from console.words import words
from screens import keys
from screens.keys import KEYS, on, spoken, table
from tests.console.helpers import Station
from tests.console.test_chat_messages import heard, receive
from tests.screens.helpers import awaited, console, text, type_in

Press = Callable[[Pilot[Any]], Awaitable[None]]


def busy() -> Station:
    """A station with a case in every status, a shift on duty, a note, an order and a question in the sheet."""
    station = Station()
    station.do("sign_on")
    station.returned()
    station.resolved()
    station.closed()
    station.suspended()
    station.dispatched("fire", text="树上有马蜂窝")
    station.filed(text="路灯不亮")
    station.take(text="有人问路")
    station.do("log", text="周末有马拉松", about="watch")
    station.do("order", text="独居老人每班问候一次")
    station.do("check", station.take(text="墙要倒"), who="li")
    station.system("set_group", number="3", name="业主群", grids=("g1",))
    receive(station, [heard(), heard("路灯不亮", 8, user_id=5), heard("早上好", 9, user_id=6)])
    station.do("say", to=next(iter(station.desk.book.docs("messages"))), text="马上来")
    return station


async def open_place(pilot: Pilot[Any], place: str) -> None:
    """From the queue to a screen."""
    way = {
        "queue": (), "case": ("enter",), "log": ("L",), "handover": ("H",), "arrival": ("T",), "drafts": ("E",),
        "help": ("question_mark",), "palette": ("colon",), "confirm": ("u",), "form": ("n",),
        "reviews": ("M",), "sheet": ("M", "enter"), "approvals": ("Y",), "orders": ("B",), "rounds": ("F",), "people": ("N",),
        "plots": ("C",), "found": ("C", "enter"), "inbox": ("J",), "outbox": ("J", "o"), "callbacks": ("K",),
    }  # fmt: skip
    for key in way[place]:
        await pilot.press(key)
        await pilot.pause()
    assert pilot.app.screen.place == place, text(pilot.app)


def opens(verb: str) -> Callable[[Any, Any], bool]:
    """The key opens the form of an act, or says why the rules refuse it."""
    return lambda app, before: getattr(app.screen, "verb", "") == verb or app.screen.notice is not None


def on_place(place: str) -> Callable[[Any, Any], bool]:
    return lambda app, before: app.screen.place == place


def told(app: Any, before: Any) -> bool:
    """Something was said, or the screen is another."""
    return app.screen.notice is not None or app.screen is not before["screen"]


def moved(app: Any, before: Any) -> bool:
    """The cursor stands elsewhere, or what is shown has moved."""
    return text(app) != before["text"]


EFFECTS: dict[str, Callable[[Any, Any], bool]] = {
    "quit": on_place("confirm"), "undo": on_place("confirm"), "agency": lambda app, before: told(app, before) or app.screen.place == "confirm",
    "help": on_place("help"), "palette": on_place("palette"), "log": on_place("log"), "handover": on_place("handover"),
    "arrival": on_place("arrival"), "drafts": on_place("drafts"), "new": on_place("form"), "filter": lambda app, before: app.focused is not None,
    "view": lambda app, before: app.screen.view_name == app.screen.names[(int(before["key"]) - 1) % 10], "next_view": moved, "previous_view": moved, "mark": moved, "mark_all": moved, "why": moved,
    "back": lambda app, before: app.screen is not before["screen"], "to_queue": on_place("queue"), "leave": on_place("queue"),
    "repaint": lambda app, before: text(app) == before["text"], "theme": told, "speak": lambda app, before: app.chair.say.language != before["language"], "sign_off": told, "sign": lambda app, before: told(app, before) or moved(app, before), "print": told,
    "weigh": told, "reply": told, "item": on_place("form"), "order": opens("order"), "log_note": opens("log"), "pin": told,
    "strike": told, "step": told, "again": told, "check": told, "tick": told, "ask_back": told, "look": told,
    "submit": moved, "and_dispatch": told, "fresh": told, "same": told, "cancel": on_place("queue"), "yes": lambda app, before: app.screen is not before["screen"],
    "no": on_place("queue"), "choose": lambda app, before: app.screen is not before["screen"], "throw_away": moved, "run": lambda app, before: app.screen.place != "palette",
    "source": moved, "next_field": lambda app, before: app.focused is not before["focus"],
    "previous_field": lambda app, before: app.focused is not before["focus"],
    "next_line": moved, "line_before": lambda app, before: app.screen.place == "palette",
    "open": lambda app, before: app.screen is not before["screen"] or app.screen.notice is not None,
    "reviews": on_place("reviews"), "approvals": on_place("approvals"), "orders": on_place("orders"), "plots": on_place("plots"),
    "rounds": on_place("rounds"), "people": on_place("people"), "lock": told, "own_pin": on_place("own_pin"),
    "stand_in": opens("stand_in"), "come_back": told, "end": told, "seen": told, "report_check": told, "annotate": told,
    "next_item": lambda app, before: True, "again_said": told, "more": moved, "fewer": moved,
    "inbox": on_place("inbox"), "outbox": on_place("outbox"), "read": on_place("found"), "callbacks": on_place("callbacks"), "take_up": on_place("form"),
    "join": told, "join_to": told, "answer_group": on_place("form"), "put_by": told, "who_is": opens("set_member"),
    "paste": opens("paste_in"), "shows": moved, "say_again": told, "arrived": told, "unsay": told, "take_answer": told, "ask_group": told,
    **dict.fromkeys(("good", "fair", "bad", "in_part", "unsolved", "unreached"), opens("callback")),
}  # fmt: skip
EFFECTS |= dict.fromkeys(("down", "up", "first", "last", "page_down", "page_up"), moved)
EFFECTS |= {key.id: opens(key.verb) for key in KEYS if key.verb and key.id not in EFFECTS}
"""Action → whether it shows on the screen: (app, what was before)."""

STILL = {
    ("form", "more"), ("form", "fewer"),
    ("case", "first"), ("case", "up"), ("case", "page_up"), ("case", "page_down"), ("drafts", "down"), ("drafts", "up"), ("drafts", "first"), ("drafts", "last"),
    ("drafts", "page_down"), ("drafts", "page_up"), ("queue", "first"), ("queue", "up"), ("queue", "page_up"),
    ("arrival", "down"), ("arrival", "up"), ("arrival", "first"), ("arrival", "last"), ("arrival", "page_down"), ("arrival", "page_up"),
    ("log", "last"), ("log", "down"), ("log", "page_down"), ("handover", "first"), ("handover", "up"), ("handover", "page_up"),
    ("help", "first"), ("help", "up"), ("help", "page_up"), ("approvals", "down"), ("orders", "down"),
    *((place, move) for place in ("reviews", "approvals", "orders", "rounds", "people", "plots", "found", "sheet")
      for move in ("first", "last", "up", "page_up", "page_down")),
    *((place, move) for place in ("reviews", "orders", "found", "plots", "outbox", "callbacks") for move in ("down",)),
    *((place, move) for place in ("inbox", "outbox", "callbacks") for move in ("first", "last", "up", "page_up", "page_down")),
    ("sheet", "previous_view"), ("people", "come_back"), ("sheet", "annotate"),
}  # fmt: skip
"""Moves that lead nowhere from where these screens begin; tested from elsewhere below."""


def test_every_action_has_its_effect_stated() -> None:
    assert {key.id for key in KEYS} - EFFECTS.keys() == set()


BOTH = (("zh", (80, 24)), ("en", (160, 50)))
ALL = (*BOTH, ("en", (80, 24)), ("zh", (160, 50)))
FEW = (*keys.REVIEWS, *keys.CHAT)
PLACES = sorted({place for key in KEYS for place in key.on})


@pytest.mark.parametrize(
    ("place", "lang", "size"),
    [(place, lang, size) for place in PLACES for lang, size in (BOTH if place in FEW else ALL)],
)
@awaited
async def test_every_key(place: str, lang: str, size: tuple[int, int]) -> None:
    """Each key of each action does what the action does, from a fresh screen."""
    station = busy()
    async with console(station, lang=lang, size=size) as pilot:
        app = pilot.app
        for key in on(place):
            if place in FEW and set(keys.MAIN) <= set(key.on) and lang == "en":
                continue  # what every screen has was pressed there in Chinese
            for name in key.keys.split(","):
                while app.screen.place != "queue":
                    app.pop_screen()
                app.screen._look("all")
                app.screen.marked, app.screen.notice = {}, None
                app.screen._leave_filter()
                app.screen.press_first()
                app.screen.set_focus(None)
                await pilot.pause()
                await open_place(pilot, place)
                if place == "drafts":
                    app.chair.put_aside("note", {"verb": "log", "values": {"text": "写到一半"}, "screen": "form"})
                    app.screen.refreshed()
                    app.screen.draw()
                if place == "form" and key.id == "submit":
                    await type_in(pilot, "xsd")
                if key.id == "repaint":
                    await pilot.pause(0.5)  # the preview has followed
                before = {
                    "language": app.chair.say.language,
                    "text": text(app),
                    "screen": app.screen,
                    "focus": app.focused,
                    "key": name,
                }
                await pilot.press(name)
                await pilot.pause()
                if (place, key.id) in STILL:
                    continue
                assert EFFECTS[key.id](app, before), f"{place} {key.id} {name}\n{before['text']}\n{text(app)}"


def test_a_station_may_give_an_action_other_keys_and_none_is_taken_twice() -> None:
    with pytest.raises(Refused) as caught:
        table({"dispatch": "c"})
    assert caught.value.word == "refused.key_taken"
    with pytest.raises(Refused) as caught:
        table({"dispatched": "c"})
    assert caught.value.word == "refused.no_key"
    changed = {key.id: key.keys for key in table({"dispatch": "ctrl+g", "close": "d"})}
    assert (changed["dispatch"], changed["close"], changed["note"]) == ("ctrl+g", "d", "i")


def test_no_key_is_given_twice_on_a_screen_and_every_one_has_a_word() -> None:
    for place in {place for key in KEYS for place in key.on}:
        given = [name for key in on(place) for name in key.keys.split(",")]
        assert len(given) == len(set(given)), place
    for language in ("zh", "en"):
        say = words(language)
        assert [key.id for key in KEYS if not say.known(f"key.{key.id}") or not say.known(f"does.{key.id}")] == []


def test_how_keys_are_spoken() -> None:
    assert [spoken(key) for key in ("ctrl+d", "question_mark", "S", "f3", "escape", "pagedown")] == [
        "^D",
        "?",
        "S",
        "F3",
        "Esc",
        "PgDn",
    ]
    assert keys.NAMED == ("enter", "space")


@awaited
async def test_the_officers_own_keys_work_and_stand_in_the_footer() -> None:
    station = busy()
    async with console(station, remapped={"dispatch": "ctrl+g", "close": "d"}) as pilot:
        await pilot.press("down", "down")
        await pilot.pause(0.3)
        await pilot.press("ctrl+g")
        assert getattr(pilot.app.screen, "verb", "") == "dispatch" or pilot.app.screen.notice
        assert "d 结案" in text(pilot.app) or "^G" in text(pilot.app) or pilot.app.screen.place == "form"
