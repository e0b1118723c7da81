"""The contract: six verbs on documents, the same for files, memory and PostgreSQL.

A document is a JSON object with a kind and an id. A ``Change`` proposes whole new documents; the store puts it into
one order with everyone else's as an ``Entry`` with a number. Nothing here knows what the documents mean.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

Document = dict[str, Any]
"""A JSON object. Documents handed out by a store are shared: read them, never change them in place."""

MAX_LINE = 1 << 20
"""Bytes that one entry may take as a journal line, and so the most a document may take."""

WHOLE = "*"
"""In place of an id: the whole kind."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number that is not known yet: the store gives it out under its lock, one after the other, never twice.

    It may stand for the id of an operation and, at any depth, inside its document. Equal placeholders in one change
    get the same number, so a document can name another that is made with it.
    """

    counter: str
    """Name of the counter; the kind's own name continues after its highest id."""

    slot: int = 0
    """Tells two numbers of one counter in one change apart."""

    form: str = ""
    """``str.format`` pattern for the number, as in ``"20261123{:04d}"``; empty keeps the integer."""

    def text(self, value: int) -> int | str:
        """The number as it stands in a document."""
        return self.form.format(value) if self.form else value


class Op(NamedTuple):
    """One document's new state."""

    kind: str
    """Kind of the document."""

    id: str | Number
    """Decimal digits without leading zeros, at most 18; or a placeholder for them."""

    body: Mapping[str, Any] | None
    """The whole new document, or None to take it out."""


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants kept, and the story of it."""

    who: str
    """Who acts, as the caller knows them."""

    what: str
    """The verb."""

    ops: Sequence[Op]
    """New states of documents; all of them are kept, or none."""

    why: str = ""
    """The reason given."""

    source: str = ""
    """From where: terminal, address, bridge."""

    at: datetime | None = None
    """The moment as the caller's clock read it, with its zone; None takes the store's clock."""

    act: str = ""
    """The caller's own id of the act, kept with it, to find out later whether an act of unknown outcome was kept."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A change that was kept: its place in the one order, and everything it said."""

    number: int
    """Place in the order, from 1, without gaps."""

    at: str
    """The moment as it was read, ISO 8601 in UTC with milliseconds and ``Z``."""

    who: str
    """Who acted."""

    source: str
    """From where."""

    what: str
    """The verb."""

    why: str
    """The reason given."""

    act: str
    """The caller's own id of the act, or empty."""

    ops: tuple[tuple[str, str, Document | None], ...]
    """(kind, id, whole new document or None). Id ``*`` empties the kind ({}), or removes it (None)."""

    hash: str
    """SHA-256 of the entry and, through it, of all before it; 64 hex digits."""

    step: float = 0.0
    """Seconds by which the clock had gone back against the entry before, where that is over 60; else 0."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How documents of one kind are kept; declared by the program, the same in every process."""

    shelf: bool = False
    """True for large kinds that no session needs whole: not loaded, read by id and by index."""

    indexes: tuple[str, ...] = ()
    """Fields (dotted paths) that ``find`` can match exactly once the document is shelved or archived."""

    text: tuple[str, ...] = ()
    """Fields (dotted paths) whose words ``find`` can search."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which hot documents a session wants."""

    kinds: frozenset[str] = frozenset()
    """Kinds wanted; empty means all."""


@dataclass(frozen=True, slots=True)
class Hot:
    """The hot documents at one moment. The dictionaries are the caller's own, the documents are shared."""

    number: int
    """The last entry in it."""

    documents: dict[str, dict[str, Document]]
    """kind → id → document."""

    versions: dict[str, dict[str, int]]
    """kind → id → number of the entry that wrote it last."""


@dataclass(frozen=True, slots=True)
class Found:
    """One document, wherever it is."""

    kind: str
    """Kind of the document."""

    id: str
    """Its id."""

    body: Document
    """The document."""

    version: int
    """What a change that read it must expect: the entry that wrote it last; 0 in the archive."""

    place: str
    """``hot``, ``shelf``, or the name of the archive."""


Expected = Mapping[tuple[str, str], int]
"""(kind, id) → the version that was read, 0 for "there is none". Id ``*``: the last entry that touched the kind."""


@dataclass(frozen=True, slots=True)
class Query:
    """What ``find`` looks for among what is shelved and archived. All conditions must hold."""

    kind: str
    """Kind of the documents."""

    where: Mapping[str, str | int] = field(default_factory=dict)
    """Declared index → value, compared as text."""

    text: str = ""
    """Words: each must stand in a declared text field, Latin words by their beginning, Chinese anywhere."""

    limit: int = 50
    """At most this many, the latest written first."""


class Beside(ABC):
    """What is kept beside the entries: drafts, and who is here. No version, no story; the last one who writes wins."""

    @abstractmethod
    def put_aside(self, owner: str, name: str, body: Document | None) -> None:
        """Keep something unfinished of a person, or let go of it (None). Raises ``Unavailable`` where it cannot be kept."""

    @abstractmethod
    def aside(self, owner: str) -> dict[str, Document]:
        """What a person has not finished, by name."""

    @abstractmethod
    def present(self, body: Document | None) -> None:
        """Tell the other sessions something about this one; it goes with the session. None: nothing any more."""

    @abstractmethod
    def others(self) -> list[Document]:
        """What the other living sessions tell."""

    @abstractmethod
    def export(self, name: str, data: bytes) -> str:
        """Save a file for people: where it lies; one of the same name is replaced. Raises ``Unavailable``."""

    @abstractmethod
    def secret(self, name: str) -> Document | None:
        """What is kept under a name and never in an entry; None where nothing is. Raises ``Corrupt``."""

    @abstractmethod
    def change_secret(self, name: str, change: Callable[[Document | None], Document | None]) -> Document | None:
        """Put what ``change`` makes of it in its place, None for nothing, while nobody else does: what is there now.

        Raises ``Unavailable`` where it cannot be kept, ``Corrupt`` where what is there cannot be understood.
        """

    @property
    @abstractmethod
    def crowd(self) -> int:
        """A number that changes when ``others`` may say something else."""


class Store(ABC):
    """The six verbs. Every store answers the same way; ``tests/storage/test_contract.py`` is the proof."""

    @property
    @abstractmethod
    def number(self) -> int:
        """The last entry this session has read, 0 in a new store."""

    @property
    @abstractmethod
    def trouble(self) -> str:
        """Why this session can only read, as one line a person can act on; empty when it can write."""

    @property
    def damage(self) -> str:
        """What is not as it was written, as one line; empty where nothing is known to be."""
        return ""

    @abstractmethod
    def load(self, scope: Scope = Scope()) -> Hot:
        """Catch up, then the hot documents of the scope."""

    @abstractmethod
    def append(self, change: Change, expected: Expected | None = None) -> int:
        """Keep a change and return its number; it is durable then, and everyone sees it.

        Raises ``Conflict`` where something expected has changed, ``Invalid`` where the change cannot be kept,
        ``Unavailable`` or ``Corrupt`` where the store cannot: nothing was written, unless ``unknown`` says so.
        """

    @abstractmethod
    def since(self, number: int) -> list[Entry]:
        """Catch up, then every entry after ``number``, in order."""

    @property
    @abstractmethod
    def beside(self) -> Beside:
        """Drafts, and who is here."""

    @abstractmethod
    def wait(self, number: int, timeout: float, crowd: int | None = None) -> bool:
        """Sleep until there is an entry after ``number``: True; or ``timeout`` seconds are over or it is closed: False.

        With ``crowd``, as ``beside`` last said it, also until somebody has come, gone or does something else.
        May be called from a thread of its own; reads nothing, so ``number`` moves only with the other verbs.
        """

    @abstractmethod
    def story(self, kind: str, id: str) -> Iterator[Entry]:
        """The entries that touched one document, newest first."""

    @abstractmethod
    def fetch(self, kind: str, id: str) -> Found | None:
        """One document wherever it is: hot before shelf before the latest archive."""

    @abstractmethod
    def find(self, query: Query) -> list[Found]:
        """Documents of shelf and archives that match, the latest written first; hot ones are not searched."""

    @abstractmethod
    def archive(
        self,
        name: str,
        documents: Iterable[tuple[str, str]],
        *,
        who: str = "",
        why: str = "",
        at: datetime | None = None,
    ) -> int:
        """Upkeep, not a seventh verb: move hot documents (kind, id) to where no session loads them; how many went.

        They are found by ``fetch`` and ``find``; writing one again makes it hot again. ``name``: as in ``2026-08``.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of everything; safe to call twice and while another thread waits."""
