"""What an act is: ``decide(book, now, who)`` gives new records or refuses. Pure: no file, no clock, no terminal."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from console.book import Book, Refused
from console.record import Record
from console.words import Word
from storage.store import Number

ACTS: dict[str, type[Act]] = {}
"""Every act by its verb, filled as the modules of the nouns are imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, and from where."""

    id: str
    """Login name, as on the staff list; ``system`` for what happens by itself."""

    name: str = ""
    """Name as people say it."""

    rights: frozenset[str] = frozenset()
    """What they may do, by the names that acts ask for."""

    agency: str = ""
    """Slug of the agency they belong to; empty for the station's own people."""

    grids: tuple[str, ...] = ()
    """Codes of the grids they look after; empty for all."""

    source: str = ""
    """Terminal, address or bridge they act from."""

    stands_for: tuple[str, ...] = ()
    """Logins of the people whose substitute they are at the moment."""

    proved: bool = False
    """Whether they have just given their own PIN."""

    @property
    def own(self) -> frozenset[str]:
        """Logins whose cases are theirs to see to: their own, and those of the people they stand in for."""
        return frozenset((self.id, *self.stands_for))

    def may(self, right: str) -> bool:
        """Whether they have a right."""
        return right in self.rights


def no_right(who: Actor, right: str) -> Refused:
    """The refusal of somebody who may not."""
    return Refused("refused.no_right", who=who.name or who.id, right=Word(f"right.{right}"))


@dataclass(frozen=True, slots=True)
class Put:
    """One record as it shall stand from now on, or None to take it out."""

    kind: str
    """Kind of the document."""

    id: str | Number
    """Its id, or the number the store shall give it."""

    record: Record | None
    """The whole new record."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What an act comes to."""

    puts: Sequence[Put] = field(default_factory=tuple)
    """The new records; all of them are kept, or none. Nothing means: it is already so."""

    why: str = ""
    """The reason given, for the story."""

    warnings: Sequence[tuple[str, dict[str, Any]]] = field(default_factory=tuple)
    """What the person should know all the same: keys of sentences, with their facts."""

    counts: Mapping[str, int] = field(default_factory=dict)
    """How many things it did what to, for an act on many."""


class Act(ABC):
    """Something a person does. Subclasses are frozen dataclasses with the fields that are asked for."""

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "arbitrary_types_allowed": True}

    verb: ClassVar[str] = ""
    """Name of the act in the story and on the command line."""

    right: ClassVar[str] = ""
    """The right that it takes; empty where the rules look closer."""

    listed: ClassVar[bool] = True
    """Whether it can be done by its name; not what a program must put together first."""

    def __init_subclass__(cls) -> None:
        """Put the act on the list. A dataclass with slots is made twice; the second one counts."""
        verb = cls.__dict__.get("verb", "")
        if verb and cls.listed:
            ACTS[verb] = cls

    def decided(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Check the right, then decide."""
        if self.right and not who.may(self.right):
            raise no_right(who, self.right)
        return self.decide(book, now, who)

    @abstractmethod
    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """The new records, or ``Refused`` with the rule that says no."""
