"""The acts as forms: which fields are asked for, in which order, what may be chosen, and the act made of the answers.

Fields and their types are read from the acts; here stands only the order, and what a rule will ask for besides.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from functools import cache
from typing import Any, get_type_hints

from console.act import Act
from console.choosing import CHOICES, MOST, About, Choice
from console.words import Words

FORMS = {
    "take": "category place grid name contact text",
    "file": "category* severity grid mode limit why",
    "answer": "answer* outcome satisfied why",
    "edit": "title text place category severity grid mode owner name contact sensitive limit why",
    "reject": "outcome* told why*",
    "dispatch": "agency* ask contact limit leading answers why",
    "accept": "errand said_by* how*",
    "refuse": "errand why* said_by* how*",
    "return": "errand why* said_by* how*",
    "report": "errand report* said_by* how*",
    "extend": "errand why* said_by* how*",
    "withdraw": "errand* why*",
    "appeal": "why* said_by* how*",
    "handle": "why",
    "resolve": "report",
    "close": "outcome* why force",
    "rework": "why* by_desk",
    "reopen": "why*",
    "restore": "why",
    "resume": "why",
    "callback": "reached* contacted solved satisfied note",
    "take_answer": "solved* satisfied contacted note",
    "check": "what who",
    "checked": "passed* found*",
    "merge": "into* why",
    "unmerge": "why",
    "suspend": "until* why*",
    "void": "why*",
    "approve": "request*",
    "deny": "request* why*",
    "note": "text*",
    "strike": "entry* why*",
    "voice": "name* contact",
    "remind": "at text",
    "urge": "why* answer_by",
    "answer_urge": "text*",
    "inquire": "errand text* said_by* how*",
    "inform": "errand text*",
    "review": "remark*",
    "assign": "owner* why",
    "stand_in": "substitute* until* since why login",
    "come_back": "login",
    "log": "text* about pinned",
    "change_log": "strike*",
    "order": "text*",
    "edit_item": "next who by if_then ring weight title",
    "ask_back": "text*",
    "answer_back": "answer*",
    "take_over": "unsigned_why open_questions",
    "annotate": "text*",
    "set_member": "place name login agency household",
    "paste_in": "group text*",
}
"""Verb → the fields that are asked for, in order; a star: the rules will not have it empty."""

CHAT = frozenset(("set_member", "paste_in", "take_answer"))
"""Those about the group chat."""

LONG = frozenset("text answer report why found note unsigned_why strike remark".split())
"""Fields in which people write whole sentences."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a form."""

    name: str
    """Its name in the act."""

    needed: bool
    """Whether the rules will not have it empty."""

    long: bool
    """Whether people write whole sentences into it."""

    choices: tuple[Choice, ...] = ()
    """What may be chosen; none where it is text."""

    closed: bool = False
    """Whether it must be one of these."""

    value: str = ""
    """What stands in it to begin with."""


def asked(verb: str, cls: type[Act], about: About) -> list[Asked]:
    """The fields of an act's form."""
    found = []
    known = {each.name: each for each in fields(cls)}  # type: ignore[arg-type] # every act is a dataclass
    for word in FORMS[verb].split():
        name = word.rstrip("*")
        if name not in known or (about.who.agency and name in ("said_by", "how")):
            continue
        choose = CHOICES.get(name)
        choices = tuple(choose(about))[:MOST] if choose else _by_type(cls, name, about.say)
        if name in ("errand", "answers", "request") and not choices:
            continue
        if name == "force" and not about.who.may("force_close"):
            continue
        value = _value(name, about, choices)
        several = name in ("errand", "answers") and len(choices) > 1
        found.append(
            Asked(name, several or word.endswith("*"), name in LONG, choices, bool(choices) and name not in OPEN, value)
        )
    return found


OPEN = frozenset(("how", "who", "source", "contact", "into"))
"""Fields with choices that also take other words."""


def _by_type(cls: type[Act], name: str, say: Words) -> tuple[Choice, ...]:
    """The choices of a field that takes yes or no, or a word of a list."""
    hint = _plain(get_type_hints(cls)[name])
    if hint is bool:
        return (Choice("yes", say("answer.yes"), also=("y",)), Choice("no", say("answer.no"), also=("n",)))
    return ()


def _plain(hint: Any) -> Any:
    """A type without the None it may be."""
    if typing.get_origin(hint) not in (typing.Union, types.UnionType):
        return hint
    return next(arg for arg in typing.get_args(hint) if arg is not type(None))


def _value(name: str, about: About, choices: tuple[Choice, ...]) -> str:
    """What stands in a field to begin with."""
    doc = about.doc
    if about.verb == "edit":
        kept = {"name": "reporter"}.get(name, name)
        if name == "sensitive":
            return "yes" if doc.get("sensitive") else "no"
        return "" if name in ("limit", "why") else str(doc.get(kept, "p3" if name == "severity" else ""))
    if about.verb == "file" and name in ("category", "grid"):
        return str(doc.get(name, ""))
    if name == "how":
        return choices[0].name if choices else ""
    if name in ("errand", "request", "entry") or (name == "answers" and len(choices) == 1):
        return choices[0].key if len(choices) == 1 else ""
    if name == "agency" and choices and choices[0].hint:
        return choices[0].key
    return {"outcome": "solved" if about.verb == "answer" else "", "about": "situation"}.get(name, "")


def made(cls: type[Act], said: Mapping[str, str]) -> Act:
    """The act of what was filled in; what was left empty is left to the act."""
    hints, given = get_type_hints(cls), dict[str, Any]()
    for each in fields(cls):  # type: ignore[arg-type] # every act is a dataclass
        text = said.get(each.name, "").strip()
        optional = each.default is None and str(hints[each.name]).startswith("str")
        if each.name not in said or (not text and not optional and not _must(each)):
            continue
        given[each.name] = _typed(_plain(hints[each.name]), text)
    return cls(**given)


def _must(each: Any) -> bool:
    """Whether an act's field has no default."""
    return each.default is MISSING and each.default_factory is MISSING


def _typed(hint: Any, text: str) -> Any:
    """A text as the type that a field has."""
    if hint is bool:
        return text in ("yes", "true", "1")
    if hint is int:
        return int(text) if text.isdigit() and len(text) < 12 else 0
    if hint == tuple[str, ...]:
        return tuple(text.split())
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return next((each for each in hint if each == text), text)
    return text


@cache
def act_class(verb: str) -> type[Act]:
    """The act of a verb that has a form; its room is imported when it is first asked for."""
    from console import handover, shifts, standin, takeback, undo
    from console.steps import CASE_ACTS

    if verb in CASE_ACTS:
        return CASE_ACTS[verb]
    rooms: tuple[Any, ...] = (handover, shifts, standin, takeback, undo)
    if verb in CHAT:
        from console.chat import groups, pasting, replies

        rooms = (groups, pasting, replies)
    return next(
        cls for room in rooms for cls in vars(room).values() if isinstance(cls, type) and getattr(cls, "verb", "") == verb
    )
