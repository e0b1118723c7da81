"""The ways a store says no: each with a sentence a person can act on, ready to be translated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Said(str):
    """A sentence of the store's that is no error: its English text, and what another language needs to say it."""

    template: str
    """The sentence with ``{names}`` for the facts: the message id of the catalogues."""

    facts: dict[str, object]
    """What goes into the sentence, by name."""

    def __new__(cls, template: str, **facts: object) -> Said:
        """The sentence with its facts in place."""
        said = super().__new__(cls, template.format(**facts))
        said.template, said.facts = template, facts
        return said

    @staticmethod
    def of(error: Exception) -> str:
        """What an error says; one of the store's so that it can still be said in another language."""
        return Said(error.template, **error.facts) if isinstance(error, StoreError) else str(error)


class StoreError(Exception):
    """A refusal by the store. ``str()`` is one English line; ``template`` and ``facts`` let another language say it."""

    template: str
    """The sentence with ``{names}`` for the facts: the message id of the catalogues."""

    facts: dict[str, object]
    """What goes into the sentence, by name."""

    def __init__(self, template: str, **facts: object) -> None:
        """Keep the sentence and its facts apart, so that it can be said in any language."""
        super().__init__(template.format(**facts))
        self.template = template
        self.facts = facts


class Stale(NamedTuple):
    """One document that was not as the change had read it."""

    kind: str
    """Kind of the document."""

    id: str
    """Its id, or "*" where the change had read the whole kind."""

    expected: int
    """The number of the entry the change had read, 0 for "there is none"."""

    found: int
    """The number of the entry that wrote it last, 0 for "there is none now"."""


class Conflict(StoreError):
    """Somebody else changed what this change had read. Nothing was written; decide again on fresh data."""

    stale: tuple[Stale, ...]
    """Every document that had changed, not only the first."""

    def __init__(self, stale: Sequence[Stale]) -> None:
        """Name the documents that had changed."""
        names = ", ".join(f"{s.kind} {s.id}" for s in stale)
        super().__init__("changed by somebody else in the meantime: {names}; nothing was written", names=names)
        self.stale = tuple(stale)


class Invalid(StoreError, ValueError, TypeError):
    """The change itself cannot be kept (too large, not JSON, a bad id). Nothing was written.

    Both of the built-in errors, for code that knows which of them TinyDB raises.
    """


class Corrupt(StoreError):
    """The files are not as they were written. The store is read-only until ``repair``."""


class Replaced(Corrupt):
    """A file was taken away or exchanged under this session. It cannot go on; another may find all in order."""


class Unavailable(StoreError):
    """The store cannot be read or written now: full, locked, stopped, read-only, foreign or not there."""

    unknown: bool
    """True where the last change may or may not have been kept (a sync failed after the write)."""

    def __init__(self, template: str, *, unknown: bool = False, **facts: object) -> None:
        """Say why, and whether the outcome of the last change is unknown."""
        super().__init__(template, **facts)
        self.unknown = unknown
