"""What may be done with a case now: the likely next step, and why the rules would refuse another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, get_type_hints

from console import approvals, checks, dispatch, filing, inquiries, merging, remarks, standin, taking
from console.act import ACTS, Act, Actor
from console.book import Book, Refused
from console.errands import LIVE
from console.issues import Issue
from console.numbers import number
from console.progress import CaseAct
from console.record import Doc
from console.rows import asked, forced, inquired
from console.status import S

CASE_ACTS: dict[str, type[Act]] = {
    cls.verb: cls
    for room in (approvals, checks, dispatch, filing, inquiries, merging, remarks, standin, taking)
    for cls in vars(room).values()
    if isinstance(cls, type) and issubclass(cls, CaseAct | taking.Take) and cls.verb and cls.__module__ == room.__name__
}
"""Every act on a case, and taking one in, by verb."""

NEVER_NOW = frozenset(
    f"refused.{word}"
    for word in (
        "not_now no_right status not_your_case not_your_grid no_issue check_out no_check suspended_once merge_ended "
        "no_errand too_late appeal_once not_overdue open_errands errand_state no_request rework_agency member_open window "
        "extend_overdue extensions not_urged own_urging not_forced own_force no_inquiry inquired not_extendable"
    ).split()
)
"""Refusals that no other word in the form would change."""


OFFERS = {
    "again": ("reopen", "rework", "restore", "resume", "unmerge"), "check": ("check", "checked"), "agency": ("accept",),
    "strike": ("note",), "urge": ("urge", "answer_urge"), "log_note": ("log",), "reply": ("answer_back",),
    "sign": ("hand_over",), "item": ("edit_item",), "weigh": ("edit_item",), "tick": ("tick",), "ask_back": ("ask_back",),
    "again_said": ("read_back",),
}  # fmt: skip
"""A key that begins one of several acts, or one that is not about a case → these acts."""

_AGENCY = frozenset(("errand", "errand_own"))

_CLOSER = {"suspend": _AGENCY | {"ask_suspend"}}
"""Acts whose rules look closer than at one right → the rights of which one is needed; of others here an agency's."""


def ever(who: Actor, key: str, verb: str = "") -> bool:
    """Whether somebody with these rights could ever do what a key begins. ``verb``: the act that it is known to begin."""
    verbs = OFFERS.get(key, (verb,) if verb else ())
    rights = [{ACTS[each].right} if each in ACTS and ACTS[each].right else _CLOSER.get(each, _AGENCY) for each in verbs]
    return not verbs or any(who.rights & each for each in rights)


def next_step(doc: Doc, who: Actor) -> str:
    """The verb of somebody's likely next step of a case as its document stands; empty where there is none."""
    status = doc.get("status", "new")
    errands = doc.get("errands", ())
    if who.agency:
        states = [errand.get("state", "sent") for errand in errands if errand.get("round", 0) == doc.get("round", 0)]
        return "accept" if "sent" in states else "report" if "accepted" in states else ""
    if who.may("approve") and asked(doc):
        return "approve"
    if who.may("review") and forced(doc):
        return "review"
    if who.may("answer_urge") and any(not u.get("answer") and u["by"] != who.id for u in doc.get("urgings", ())):
        return "answer_urge"
    if who.may("errand") and inquired(doc):
        return "inform"
    if any(not check.get("done_at") for check in doc.get("checks", ())):
        return "checked"
    if status == S.RESOLVED and any(errand.get("state", "sent") in LIVE for errand in doc.get("errands", ())):
        return "withdraw"
    if status == S.FILED and doc.get("desk") == "working":
        return "resolve"
    if status == S.CLOSED:
        return "callback" if doc.get("owed") else ""
    return _NEXT.get(status, "")


_NEXT = {
    "new": "file", "filed": "dispatch", "dispatched": "accept", "handling": "report", "returned": "dispatch",
    "resolved": "close", "suspended": "resume", "rejected": "restore", "merged": "unmerge",
}  # fmt: skip


def refusal(book: Book, now: datetime, who: Actor, verb: str, id: str) -> Refused | None:
    """Why the rules would refuse an act on a case now, whatever one filled in; None where they would not.

    The act decides itself, with something in every field: no rule is written twice.
    """
    cls = CASE_ACTS[verb]
    issue = book.get(Issue, id)
    parts = _parts(cls, issue) if issue else [0]
    said: Refused | None = None
    for part in parts:
        try:
            cls(**_anything(cls, id, part, now)).decided(book, now, who)
        except Refused as error:
            if error.word not in NEVER_NOW:
                return None
            said = error
        else:
            return None
    return said


@cache
def _needs(cls: type[Act]) -> tuple[tuple[str, Any], ...]:
    """The fields that something must stand in for an act to be decided, with their types."""
    hints = get_type_hints(cls)
    wanted = []
    for each in fields(cls):  # type: ignore[arg-type] # every act is a dataclass
        needed = each.default is MISSING and each.default_factory is MISSING
        if needed or each.name in ("errand", "request", "why", "said_by", "how", "until"):
            wanted.append((each.name, hints[each.name]))
    return tuple(wanted)


def _parts(cls: type[Act], issue: Issue) -> list[int]:
    """The parts of a case that an act may be about: its errands, its requests."""
    names = [name for name, _ in _needs(cls)]
    if "errand" in names:
        return [errand.n for errand in issue.errands] or [1]
    if "request" in names:
        return [request.n for request in issue.requests] or [1]
    return [0]


def _anything(cls: type[Act], id: str, part: int, now: datetime) -> Mapping[str, Any]:
    """Something for every field that an act needs. ``part``: the errand or the request it is about."""
    given: dict[str, Any] = {}
    for name, hint in _needs(cls):
        if name == "issue":
            given["issue"] = number(id)
        elif name in ("errand", "request"):
            given[name] = part
        elif name == "until":
            given["until"] = now + timedelta(days=1)
        elif isinstance(hint, type) and issubclass(hint, StrEnum):
            given[name] = next(iter(hint))
        elif hint is bool:
            given[name] = False
        else:
            given[name] = "?"
    return given
