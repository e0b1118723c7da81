"""What may be chosen in the fields of a form, by the name of the field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from console.act import Actor
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
            (slug, known[slug].name, known[slug].english, *filter(None, (known[slug].initials,))),
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


def _staff(about: About) -> list[Choice]:
    """Everybody who has not left, for who keeps the staff list; oneself for everybody else."""
    mine = _people(*Role)(about)
    return (
        mine if about.who.may("staff") or about.verb == "set_member" else [each for each in mine if each.key == about.who.id]
    )


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
    if about.verb == "inform":
        found = [e for e in found if any(not each.get("answer") for each in e.get("inquiries", ()))]
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
    return [
        Choice(number(id), number(id), each.get("title", ""), (str(int(id[8:])), id[8:], f"{id[4:8]}-{id[8:]}", id))
        for _, _, id, each in found[:MOST]
    ]


def _chats(about: About) -> list[Choice]:
    """Groups of the chat that are open; facilitators see those of their own grids."""
    from console.chat.groups import groups

    mine = set(about.who.grids)
    known = [each for each in groups(about.book).values() if not each.closed and (not mine or mine & set(each.grids))]
    return [Choice(each.number, each.name or each.number, about.say("list.comma").join(each.grids)) for each in known]


CHOICES: dict[str, Callable[[About], list[Choice]]] = {
    "category": _categories,
    "agency": _agencies,
    "grid": _grids,
    "owner": _people(Role.OFFICER, Role.CHIEF, Role.FACILITATOR),
    "substitute": _people(Role.OFFICER, Role.CHIEF, Role.FACILITATOR, Role.SUPERVISOR, Role.LIAISON),
    "login": _staff,
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
    "group": _chats,
    "about": _words("notekind", tuple(map(str, NoteKind))),
}
"""Field → what may be chosen in it."""
