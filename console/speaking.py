"""The language in which somebody reads the screens, kept with them: over SSH nothing that a client sends decides it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from console.act import Act, Actor, Decision, Put
from console.book import Book
from console.config import settings
from console.keys import key_id
from console.record import replace
from console.staff import Person, language, person, somebody


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak(Act):
    """Choose the language in which one reads the screens oneself."""

    verb: ClassVar[str] = "speak"

    language: str
    """zh, en, or nothing for the station's."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep it with the person."""
        found = somebody(book, who.id)
        fresh = replace(found, language=language(self.language))
        return Decision() if fresh == found else Decision((Put(Person.kind, key_id(who.id), fresh),))


def spoken_by(book: Book, login: str) -> str:
    """The language of a person: their own, else the station's."""
    found = person(book, login)
    return (found.language if found else "") or settings(book).language
