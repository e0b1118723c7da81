"""Every act, tried by every role on what is theirs and on what is somebody else's: the table of docs/roles.md.

``make docs`` writes the page from what comes of the trying; the test compares both with what was meant.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from console import door
from console.act import ACTS
from console.book import Refused
from console.chat.outbox import Move, Way
from console.pins import SetPin
from console.staff import SYSTEM
from console.words import words
from tests.console.helpers import ROOT, Station
from tests.console.test_chat_messages import heard, receive

PAGE = ROOT / "docs" / "roles.md"
BEGIN, END = "<!-- rights -->", "<!-- end -->"

ROLES = {"officer": "zhao", "facilitator": "wang", "liaison": "pu", "supervisor": "qian", "chief": "chen"}
"""Role → who tries, on what is theirs."""

OTHERS = {"facilitator": "zhou", "liaison": "fang"}
"""Role → who tries on what is somebody else's: another grid, another agency."""

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1kV0ygsr0bWd+HZQ4D5bsfGeaXR2f1xgB2x0Yk3h3B"

Tried = tuple[str, dict[str, Any]]
"""The case that an act is tried on, and the act's fields."""


def on(status: str, **fields: Any) -> Callable[[Station, str], Tried]:
    """An act on a case in a status."""
    return lambda station, login: (station.make(status), fields)


def free(**fields: Any) -> Callable[[Station, str], Tried]:
    """An act that is about no case."""
    return lambda station, login: ("", fields)


def duty(*others: str) -> Callable[[Station, str], None]:
    """A shift with these people, and with whoever tries where they may sign."""

    def begin(station: Station, login: str) -> None:
        for each in (*others, login):
            if station.who(each).may("sign"):
                station.do("sign_on", who=each)

    return begin


def signer(station: Station, login: str) -> str:
    """Who tries, or an officer in the place of who may not sign."""
    return login if station.who(login).may("sign") else "li"


def shift(verb_fields: dict[str, Any]) -> Callable[[Station, str], Tried]:
    """An act on the shift on duty."""

    def make(station: Station, login: str) -> Tried:
        duty("li")(station, login)
        station.do("log", text="备用钥匙在抽屉")
        return "", verb_fields

    return make


def handed(case: bool = False) -> Callable[[Station, str], Tried]:
    """An act of whoever takes over from another officer; on a case of the sheet."""

    def make(station: Station, login: str) -> Tried:
        urgent = station.filed(severity="p1")
        calm = station.filed(category="dispute")
        station.do("sign_on", who="li")
        station.do("hand_over", who="li")
        if case:
            return calm, {}
        return urgent, {"text": "王家漏水,物业已经在抽,八点前再去看一次"}

    return make


def take_over(station: Station, login: str) -> Tried:
    station.do("sign_on", who="li")
    station.do("hand_over", who="li")
    return "", {}


def take_back(station: Station, login: str) -> Tried:
    who = signer(station, login)
    station.do("sign_on", who=who)
    station.do("hand_over", who=who)
    return "", {}


def answer_back(station: Station, login: str) -> Tried:
    who = signer(station, login)
    station.do("sign_on", who=who)
    station.do("hand_over", who=who)
    station.do("ask_back", who="sub" if who != "sub" else "li", text="钥匙在哪")
    return "", {"question": 1, "answer": "抽屉"}


def annotate(station: Station, login: str) -> Tried:
    station.do("sign_on", who="li")
    station.do("hand_over", who="li")
    id = station.desk.book.docs("shifts").keys().__iter__().__next__()
    station.do("take_over", who="sub")
    return "", {"shift": id, "text": "看过"}


def asked(station: Station, login: str) -> Tried:
    id = station.filed()
    station.do("void", id, who="li", why="重复")
    return id, {"request": 1, "why": "x"}


def inquired(station: Station, login: str) -> Tried:
    id = station.dispatched()
    station.do("inquire", id, who="pu", text="几号楼?")
    return id, {"text": "3号楼"}


def urged(station: Station, login: str) -> Tried:
    id = station.filed()
    station.do("urge", id, who="sun", why="三天了")
    return id, {"text": "今晚办完"}


def forced(station: Station, login: str) -> Tried:
    id = station.dispatched()
    station.do("resolve", id, who="li")
    station.do("close", id, who="boss", outcome="solved", force=True, why="居民已搬走")
    return id, {"remark": "可以"}


def late(station: Station, login: str) -> Tried:
    id = station.handling()
    station.later(days=3)
    station.do("report", id, who="pu", report="通了")
    station.do("close", id, outcome="solved")
    return id, {"why": "门锁着", "said_by": "x", "how": "y"}


def noted(station: Station, login: str) -> Tried:
    id = station.filed(grid="g1")
    who = login if station.who(login).may("note") else "li"
    entry = station.do("note", id, who, text="写错了").number
    return id, {"entry": entry, "why": "写错了"}


def check(station: Station, login: str) -> Tried:
    id = station.take(grid="g1")
    station.do("check", id)
    return id, {"passed": True, "found": "好了"}


def order(station: Station, login: str) -> Tried:
    number = station.do("order", text="东门封闭").touched[0][1]
    return "", {"order": number}


def undone(station: Station, login: str) -> Tried:
    station.do("sign_on", who="li")
    role = next(role for role, who in ROLES.items() if who == login)
    if role == "liaison":
        station.do("accept", station.dispatched(), who=login)
    elif role == "supervisor":
        station.do("urge", station.filed(), who=login, why="x")
    else:
        station.do("note", station.filed(grid="g1"), who=login, text="x")
    return "", {}


def away(station: Station, login: str) -> Tried:
    return "", {"substitute": SUBSTITUTES[login], "until": "+3d"}


def back(station: Station, login: str) -> Tried:
    station.do("stand_in", who=login, **away(station, login)[1])
    return "", {}


def key(station: Station, login: str) -> Tried:
    station.do("add_key", who="boss", key=KEY, login="li")
    return "", {"fingerprint": "SHA256:"}


def written(station: Station, login: str) -> str:
    """A message in a group of the first grid: its id."""
    station.system("set_group", number="3", grids=("g1",))
    receive(station, [heard()])
    return next(iter(station.desk.book.docs("messages")))


def message(**fields: Any) -> Callable[[Station, str], Tried]:
    """An act on a message."""
    return lambda station, login: ("", {"messages": (written(station, login),), **fields})


def joined(station: Station, login: str) -> Tried:
    id = written(station, login)
    station.do("take_up", who="li", messages=(id,))
    return "", {"messages": (id,)}


def said(station: Station, login: str) -> Tried:
    written(station, login)
    station.do("say", who="li", group="3", text="x")
    [id] = station.desk.book.docs("sayings")
    station.desk.who = SYSTEM
    station.desk.do(Move(saying=id, to=Way.FAILED))
    return "", {"saying": id}


SUBSTITUTES = {"zhao": "li", "wang": "zhou", "pu": "pu2", "qian": "sun", "chen": "boss"}

ACT: dict[str, tuple[Callable[[Station, str], Tried], str]] = {
    "take": (free(text="x", grid="g1"), "officer facilitator=own chief"),
    "file": (on("new", category="sewer"), "officer chief"),
    "answer": (on("new", answer="x"), "officer chief"),
    "edit": (on("new", title="y"), "officer chief"),
    "note": (on("new", text="x"), "officer facilitator=own supervisor chief"),
    "strike": (noted, "officer facilitator=own supervisor chief"),
    "voice": (on("new", name="x"), "officer facilitator=own chief"),
    "remind": (on("new", at="+2h", text="x"), "officer chief"),
    "check": (on("new"), "officer chief"),
    "checked": (check, "officer facilitator=own chief"),
    "reject": (on("new", outcome="mistaken", why="x"), "officer chief"),
    "restore": (on("rejected"), "officer chief"),
    "merge": (lambda s, _: (s.take(), {"into": s.filed()}), "officer chief"),
    "unmerge": (on("merged"), "officer chief"),
    "assign": (on("filed", owner="li2"), "officer chief"),
    "dispatch": (on("filed", agency="police"), "officer chief"),
    "accept": (on("dispatched", said_by="x", how="y"), "officer liaison=own chief"),
    "refuse": (on("dispatched", why="x", said_by="x", how="y"), "officer liaison=own chief"),
    "return": (on("handling", why="x", said_by="x", how="y"), "officer liaison=own chief"),
    "report": (on("handling", report="x", said_by="x", how="y"), "officer liaison=own chief"),
    "extend": (on("handling", why="x", said_by="x", how="y"), "officer liaison=own chief"),
    "inquire": (on("handling", text="x", said_by="x", how="y"), "officer liaison=own chief"),
    "inform": (inquired, "officer chief"),
    "appeal": (late, "officer liaison=own chief"),
    "withdraw": (on("handling", errand=1, why="x"), "officer chief"),
    "handle": (on("filed"), "officer chief"),
    "resolve": (on("filed"), "officer chief"),
    "rework": (on("resolved", why="x"), "officer chief"),
    "close": (on("resolved", outcome="solved"), "officer chief"),
    "reopen": (on("closed", why="x"), "officer chief"),
    "callback": (on("closed", reached=False), "officer chief"),
    "void": (on("filed", why="x"), "officer supervisor chief"),
    "suspend": (on("handling", until="+9d", why="x"), "officer liaison=own supervisor chief"),
    "resume": (on("suspended"), "officer supervisor chief"),
    "approve": (asked, "supervisor chief"),
    "deny": (asked, "supervisor chief"),
    "urge": (on("filed", why="x"), "supervisor chief"),
    "answer_urge": (urged, "officer chief"),
    "review": (forced, "supervisor chief"),
    "sign_on": (free(), "officer chief"),
    "sign_off": (lambda s, who: (duty("li", "sub")(s, who), ("", {}))[1], "officer chief"),
    "log": (shift({"text": "x"}), "officer chief"),
    "change_log": (shift({"note": 1, "pinned": True}), "officer chief"),
    "edit_item": (lambda s, who: (s.filed(), {"next": "x", **shift({})(s, who)[1]}), "officer chief"),
    "hand_over": (shift({}), "officer chief"),
    "take_back": (take_back, "officer chief"),
    "read_back": (handed(), "officer chief"),
    "tick": (handed(case=True), "officer chief"),
    "ask_back": (lambda s, who: ("", {"text": "x", **take_over(s, who)[1]}), "officer chief"),
    "answer_back": (answer_back, "officer chief"),
    "take_over": (take_over, "officer chief"),
    "annotate": (annotate, "supervisor chief"),
    "order": (free(text="x"), "officer chief"),
    "read_order": (order, "officer chief"),
    "speak": (free(language="en"), "officer facilitator liaison supervisor chief"),
    "take_up": (message(), "officer facilitator=own chief"),
    "join": (lambda s, who: (s.take(grid="g1"), message()(s, who)[1]), "officer facilitator=own chief"),
    "part": (joined, "officer facilitator=own chief"),
    "put_by": (message(), "officer facilitator=own chief"),
    "set_member": (lambda s, who: ("", {"group": written(s, who) and "3", "account": "9"}), "officer facilitator=own chief"),
    "paste_in": (
        lambda s, who: ("", {"group": written(s, who) and "3", "text": "王:\n堵了"}),
        "officer facilitator=own chief",
    ),
    "take_answer": (lambda s, who: (s.make("closed"), {"messages": (written(s, who),), "solved": "yes"}), "officer chief"),
    "say": (lambda s, who: ("", {"to": written(s, who), "text": "x"}), "officer chief"),
    "say_again": (said, "officer chief"),
    "unsay": (said, "officer chief"),
    "set_group": (free(number="5"), "chief"),
    "undo": (undone, "officer facilitator liaison supervisor chief"),
    "stand_in": (away, "officer facilitator liaison supervisor chief"),
    "come_back": (back, "officer facilitator liaison supervisor chief"),
    "set_pin": (free(), "officer facilitator liaison supervisor chief"),
    "configure": (free(settings={"name": "x"}), "chief"),
    "set_category": (free(slug="n", family="city", name="n", english="n"), "chief"),
    "set_place": (free(code="g7"), "chief"),
    "set_agency": (free(slug="n", name="n"), "chief"),
    "set_person": (free(login="new", role="officer"), "chief"),
    "leave": (free(login="li"), "chief"),
    "add_key": (free(login="li", key=KEY), "chief"),
    "remove_key": (key, "chief"),
    "set_gate": (free(program="/usr/bin/wanjia", address="/srv/wanjia"), "chief"),
}
"""Act → how it is set up, and the roles that may: ``=own`` on what is theirs only."""

OF_ONESELF = {"undo", "stand_in", "come_back", "set_pin"}
"""Acts about oneself; of these a chief may do some for others."""


def station() -> Station:
    """The station, with a second person of every role."""
    made = Station()
    made.system("set_person", login="boss", role="chief", name="Boss")
    made.system("set_person", login="sub", role="officer", name="Sub")
    made.system("set_person", login="li2", role="officer", name="Li the second")
    made.system("set_person", login="zhou", role="facilitator", name="Zhou", grids=("g2",))
    made.system("set_person", login="pu2", role="liaison", name="Pu the second", agency="property")
    return made


def tried(verb: str, role: str, *, own: bool) -> str:
    """What comes of an act: empty where it is done, else the word of the refusal."""
    made, login = station(), ROLES[role]
    setup, _ = ACT[verb]
    id, fields = setup(made, login)
    if id and made.case(id).grid != "g1":
        made.do("edit", id, who="boss", grid="g1", why="登记")
    if not own and verb == "take":
        fields = {**fields, "grid": "g2"}
    who = login if own or verb == "take" else OTHERS.get(role, login)
    if verb == "set_pin":
        made.desk.who = made.who(who)
        made.desk.do(SetPin())
        return ""
    try:
        made.do(verb, id, who, **fields)
    except Refused as error:
        return error.word
    return ""


def cell(verb: str, role: str) -> str:
    """yes, own or nothing: what the trying comes to."""
    if tried(verb, role, own=True):
        return ""
    if role in OTHERS and verb not in OF_ONESELF and tried(verb, role, own=False):
        return "own"
    return "yes"


def meant(verb: str, role: str) -> str:
    """The same, as the table has it."""
    for word in ACT[verb][1].split():
        name, _, bound = word.partition("=")
        if name == role:
            return bound or "yes"
    return ""


def table() -> list[str]:
    """The page's table, from trying."""
    zh, en = words("zh"), words("en")
    lines = ["| act | " + " | ".join(f"{zh(f'role.{r}')} {r}" for r in ROLES) + " |", "|---|" + "---|" * len(ROLES)]
    signs = {"yes": "●", "own": "○", "": ""}
    for verb in ACT:
        cells = " | ".join(signs[cell(verb, role)] for role in ROLES)
        lines.append(f"| `{verb}` {zh(f'act.{verb}')} · {en(f'act.{verb}')} | {cells} |")
    return lines


def filled(text: str) -> str:
    """The page with its table made anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n" + "\n".join(table()) + f"\n{END}{after}"


def every() -> set[str]:
    """Every act there is."""
    return set(door.load_acts()) | {"set_pin"} if ACTS else set()


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
