"""The acts as forms: which fields are asked for, in which order, what may be chosen, and the act made of the answers.

Fields and their types are read from the acts; here stands only the order, and what a rule will ask for besides.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from enum import StrEnum
from functools import cache
from typing import Any, get_type_hints

from console.act import Act, Actor
from console.agencies import agencies
from console.book import Book
from console.categories import SEVERITIES, categories
from console.errands import LIVE
from console.issues import Issue
from console.numbers import number
from console.places import places
from console.record import Doc
from console.saying import agency_name, limit_text
from console.sheets import Weight
from console.shifts import NoteKind
from console.sources import SOURCES
from console.staff import Person, Role
from console.status import ANSWERS, MODES, OPINIONS, Outcome
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
    "urge": "why*",
    "log": "text* about pinned",
    "change_log": "strike*",
    "order": "text*",
    "edit_item": "weight next who by if_then ring title",
    "ask_back": "text*",
    "answer_back": "answer*",
    "take_over": "unsigned_why open_questions",
    "annotate": "text*",
}
"""Verb → the fields that are asked for, in order; a star: the rules will not have it empty."""

LONG = frozenset("text answer report why found note unsigned_why strike".split())
"""Fields in which people write whole sentences."""

MOST = 200
"""The most choices that are looked through for one field."""

OWN_OUTCOMES = (Outcome.SOLVED, Outcome.PARTLY, Outcome.NOT, Outcome.CANNOT)
"""Outcomes that the desk gives."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that may be chosen."""

    key: str
    """What is kept."""

    name: str
    """As people read it."""

    hint: str = ""
    """What else there is to know of it."""

    also: tuple[str, ...] = ()
    """Other words by which it is found: initials, slug, the other language's name."""

    def fits(self, said: str) -> bool:
        """Whether what was typed may mean this."""
        plain = said.strip().casefold()
        return any(plain in word.casefold() for word in (self.key, self.name)) or any(
            word.casefold().startswith(plain) for word in self.also
        )


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


@dataclass(frozen=True, slots=True)
class About:
    """What a form is about."""

    book: Book
    """The records."""

    who: Actor
    """Who fills it in."""

    say: Words
    """The language."""

    doc: Doc = field(default_factory=dict)
    """The document of the case; empty where there is none."""

    verb: str = ""
    """The act."""

    id: str = ""
    """Id of the case; empty where there is none."""


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
    inner = [arg for arg in typing.get_args(hint) if arg is not type(None)]
    return inner[0] if inner else hint


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
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return next((each for each in hint if each == text), text)
    return text


# -- what may be chosen, by the field's name


def _categories(about: About) -> list[Choice]:
    """Categories by initials, slug and both names."""
    say = about.say
    return [
        Choice(
            each.slug,
            each.name if say.language == "zh" else each.english,
            f"{say(f'family.{each.family}')} {limit_text(say, each.limit)}",
            (each.initials, each.slug, each.name, each.english),
        )
        for each in categories(about.book).values()
        if not each.retired
    ]


def _agencies(about: About) -> list[Choice]:
    """Agencies, those that the category usually goes to first; not those that have it already."""
    book, say = about.book, about.say
    usual = categories(book)[about.doc["category"]].agencies if about.doc.get("category") in categories(book) else ()
    has = {e["agency"] for e in about.doc.get("errands", ()) if e.get("state", "sent") in LIVE}
    known = agencies(book)
    order = [slug for slug in usual if slug in known] + [slug for slug in known if slug not in usual]
    return [
        Choice(
            slug,
            agency_name(book, slug, say),
            say("choice.usual") if slug in usual else "",
            (slug, known[slug].name, known[slug].english),
        )
        for slug in order
        if not known[slug].retired and slug not in has
    ]


def _grids(about: About) -> list[Choice]:
    """Grids, those one looks after where there are such."""
    mine = about.who.grids
    return [
        Choice(each.code, each.code, each.name if each.name != each.code else "", each.words)
        for each in places(about.book).values()
        if each.level == "grid" and (not mine or each.code in mine)
    ]


def _people(*roles: Role) -> Callable[[About], list[Choice]]:
    """People of these roles who have not left."""

    def choose(about: About) -> list[Choice]:
        found = [each for _, each in about.book.all(Person) if each.role in roles and not each.left]
        return [Choice(p.login, p.name or p.login, about.say(f"role.{p.role}"), (p.login,)) for p in found]

    return choose


def _words(family: str, names: tuple[str, ...]) -> Callable[[About], list[Choice]]:
    """Words of a list, said in the language."""
    return lambda about: [Choice(str(name), about.say(f"{family}.{name}"), also=(str(name),)) for name in names]


def _outcomes(about: About) -> list[Choice]:
    """The outcomes that this act may give."""
    names = (Outcome.NOT_OURS, Outcome.MISTAKEN) if about.verb == "reject" else OWN_OUTCOMES
    return _words("outcome", tuple(map(str, names)))(about)


def _how(about: About) -> list[Choice]:
    """Ways in which an agency says something; kept as they are said."""
    return [Choice(name, name) for name in (about.say(f"how.{way}") for way in ("phone", "person", "message"))]


def _errands(about: About) -> list[Choice]:
    """The errands that this act may be about."""
    wanted = {"accept": ("sent",), "refuse": ("sent",)}.get(about.verb, ("sent", "accepted"))
    mine = about.who.agency
    found = [e for e in about.doc.get("errands", ()) if e.get("state", "sent") in wanted and mine in ("", e["agency"])]
    return [_leg(about, errand) for errand in found]


def _returned(about: About) -> list[Choice]:
    """The returned errands that wait for the desk, where there are several."""
    found = [e for e in about.doc.get("errands", ()) if e.get("state") in ("refused", "returned") and not e.get("answered")]
    return [_leg(about, errand) for errand in found] if len(found) > 1 else []


def _leg(about: About, errand: Doc) -> Choice:
    """One errand."""
    name = agency_name(about.book, errand["agency"], about.say)
    return Choice(str(errand["n"]), f"{errand['n']} {name}", about.say(f"errand.{errand.get('state', 'sent')}"))


def _notes(about: About) -> list[Choice]:
    """The notes of the case that were not struck out yet, the latest first."""
    struck, found = about.doc.get("struck", ()), list[Choice]()
    for entry in about.book.story(Issue.kind, about.id) if about.id else ():
        if entry.what == "note" and entry.number not in struck:
            said = next((((doc or {}).get("last") or {}).get("facts", {}).get("text", "") for _, _, doc in entry.ops), "")
            found.append(Choice(str(entry.number), str(entry.number), said))
    return found


def _requests(about: About) -> list[Choice]:
    """What waits for approval."""
    found = [each for each in about.doc.get("requests", ()) if each.get("state", "open") == "open"]
    return [Choice(str(each["n"]), f"{each['n']} {about.say('request.' + each['what'])}", each["why"]) for each in found]


def _masters(about: About) -> list[Choice]:
    """Open cases that may carry this one: the same grid and category first."""
    doc = about.doc
    found = []
    for id, each in about.book.docs(Issue.kind).items():
        if each is not doc and each.get("status", "new") not in ("closed", "rejected", "voided", "merged", "resolved"):
            near = (each.get("category") == doc.get("category")) + (each.get("grid") == doc.get("grid"))
            found.append((-near, -int(id), id, each))
    found.sort(key=lambda one: one[:2])
    return [Choice(number(id), number(id), each.get("title", "")) for _, _, id, each in found[:MOST]]


CHOICES: dict[str, Callable[[About], list[Choice]]] = {
    "category": _categories,
    "agency": _agencies,
    "grid": _grids,
    "owner": _people(Role.OFFICER, Role.CHIEF, Role.FACILITATOR),
    "severity": _words("severity", SEVERITIES),
    "mode": _words("mode", MODES),
    "outcome": _outcomes,
    "satisfied": _words("opinion", OPINIONS),
    "solved": _words("answer", ANSWERS),
    "how": _how,
    "entry": _notes,
    "errand": _errands,
    "answers": _returned,
    "request": _requests,
    "into": _masters,
    "source": _words("source", SOURCES),
    "weight": _words("weight", tuple(map(str, Weight))),
    "about": _words("notekind", tuple(map(str, NoteKind))),
}
"""Field → what may be chosen in it."""


@cache
def act_class(verb: str) -> type[Act]:
    """The act of a verb that has a form; its room is imported when it is first asked for."""
    from console import handover, shifts, undo
    from console.steps import CASE_ACTS

    if verb in CASE_ACTS:
        return CASE_ACTS[verb]
    rooms = (handover, shifts, undo)
    return next(
        cls for room in rooms for cls in vars(room).values() if isinstance(cls, type) and getattr(cls, "verb", "") == verb
    )
