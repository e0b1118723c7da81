"""Sentences that are said in a group again and again: ready to be sent, the case's number and agency filled in."""

from __future__ import annotations

from console.book import Book
from console.config import settings
from console.issues import Issue
from console.numbers import number
from console.saying import agency_name
from console.words import words

CASE = ("taken", "joined", "sent", "done")
"""Those about a case, by when they are likely: their keys are ``canned.<name>``."""

PLAIN = ("where", "photo", "ring", "not_ours", "thanks")
"""Those that need none."""

NUMBER = "{number}"
"""Stands in a sentence for the number of the case: of a new one it is known only once the case is kept."""

AGENCY = "{agency}"
"""Stands in a sentence for who has the case."""


def answers(book: Book, issue: Issue | None) -> list[str]:
    """The sentences that fit, in the station's language, likely ones first. ``issue``: what they are about, or none."""
    say = words(settings(book).language)
    own = list(settings(book).chat.answers)
    found = [say(f"canned.{name}", number=NUMBER, agency=AGENCY) for name in (*_fitting(issue), *PLAIN)]
    slugs = [errand.agency for errand in issue.errands if errand.live] if issue else []
    agency = say("list.comma").join(agency_name(book, slug, say) for slug in slugs)
    told = [text.replace(AGENCY, agency) for text in (*found, *own) if agency or AGENCY not in text]
    return [text for text in told if issue is not None or NUMBER not in text]


def _fitting(issue: Issue | None) -> tuple[str, ...]:
    """The sentences about a case that are true of it."""
    if issue is None:
        return ()
    if issue.ended_at is not None:
        return ("done",)
    return ("sent", "taken", "joined") if any(errand.live for errand in issue.errands) else ("taken", "joined")


def filled(text: str, id: str) -> str:
    """A sentence with the number of its case."""
    return text.replace(NUMBER, number(id)) if id else text
