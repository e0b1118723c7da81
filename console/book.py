"""The records in memory, by kind and id, with declared indexes, parsed when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, Protocol, TypeVar

from console.record import Doc, Record
from storage.store import Entry, Found, Hot, Query, Store

R = TypeVar("R", bound=Record)
T = TypeVar("T")

Keys = Callable[[Doc], Iterable[str]]
"""The keys under which an index finds a document."""


class Refused(Exception):
    """A rule says no. ``word``: key of the sentence in the catalogues; ``facts``: what stands in it."""

    word: str
    """Key of the sentence."""

    facts: dict[str, Any]
    """What goes into it, by name."""

    def __init__(self, word: str, **facts: Any) -> None:
        """Say which rule, and about what."""
        super().__init__(word, facts)
        self.word, self.facts = word, facts


class Listener(Protocol):
    """Something that follows the book."""

    def changed(self, kind: str, id: str, doc: Doc | None) -> None:
        """A document is now another, or gone."""


class Book:
    """All hot documents of one store as this session has read them. Knows no noun."""

    indexes: ClassVar[dict[tuple[str, str], Keys]] = {}
    """(kind, index) → keys of a document; nouns declare theirs with ``index``."""

    def __init__(self, store: Store) -> None:
        """Empty; ``load`` fills it."""
        self._store = store
        self.number = 0
        self._docs: dict[str, dict[str, Doc]] = {}
        self._versions: dict[str, dict[str, int]] = {}
        self._records: dict[tuple[str, str], Record] = {}
        self._indexes: dict[tuple[str, str], dict[str, dict[str, None]]] = {}
        self._memo: dict[str, dict[object, Any]] = {}
        self._listeners: list[Listener] = []
        self._reads: dict[tuple[str, str], int] | None = None

    number: int
    """The last entry in it."""

    def load(self, hot: Hot) -> None:
        """Take over everything that is hot."""
        self.number, self._docs, self._versions = hot.number, hot.documents, hot.versions
        self._records.clear()
        self._indexes.clear()
        self._memo.clear()

    def apply(self, entry: Entry) -> None:
        """Change the documents as an entry says, and tell who follows."""
        self.number = entry.number
        for kind, id, doc in entry.ops:
            if kind[0] == ".":
                continue
            if id == "*":
                for each in list(self._docs.get(kind, ())):
                    self._set(kind, each, None, entry.number)
            else:
                self._set(kind, id, doc, entry.number)

    def _set(self, kind: str, id: str, doc: Doc | None, number: int) -> None:
        """One document is now another, or gone."""
        docs, versions = self._docs.setdefault(kind, {}), self._versions.setdefault(kind, {})
        before = docs.get(id)
        self._records.pop((kind, id), None)
        self._memo.pop(kind, None)
        if doc is None:
            docs.pop(id, None)
            versions.pop(id, None)
        else:
            docs[id], versions[id] = doc, number
        for (of, name), found in self._indexes.items():
            if of == kind:
                keys = self.indexes[of, name]
                for key in keys(before) if before is not None else ():
                    found.get(key, {}).pop(id, None)
                for key in keys(doc) if doc is not None else ():
                    found.setdefault(key, {})[id] = None
        for listener in self._listeners:
            listener.changed(kind, id, doc)

    def keep(self, kind: str, id: str, record: Record) -> None:
        """Remember the record that a document was just made from, so that it need not be parsed again."""
        if id in self._docs.get(kind, {}):
            self._records[kind, id] = record

    def follow(self, listener: Listener) -> None:
        """Tell a listener of every document that changes from now on."""
        self._listeners.append(listener)

    def watch(self) -> dict[tuple[str, str], int]:
        """From here on remember what is read by id: (kind, id) → version. What a change must expect."""
        self._reads = {}
        return self._reads

    def doc(self, kind: str, id: str) -> Doc | None:
        """A hot document."""
        found = self._docs.get(kind, {}).get(id)
        if self._reads is not None:
            self._reads[kind, id] = self._versions[kind][id] if found is not None else 0
        return found

    def docs(self, kind: str) -> dict[str, Doc]:
        """All hot documents of a kind, by id; to be read only."""
        return self._docs.get(kind, {})

    def version(self, kind: str, id: str) -> int:
        """The entry that wrote a hot document last, 0 where there is none."""
        return self._versions.get(kind, {}).get(id, 0)

    def get(self, cls: type[R], id: str) -> R | None:
        """The hot record of an id, or None."""
        doc = self.doc(cls.kind, id)
        return None if doc is None else self._parsed(cls, id, doc)

    def anywhere(self, cls: type[R], id: str) -> R | None:
        """The record of an id, from the archive where it is not hot; a change of an archived one makes it hot again."""
        doc = self.anywhere_doc(cls.kind, id)
        if doc is None:
            return None
        return self._parsed(cls, id, doc) if id in self.docs(cls.kind) else cls.parse(doc)

    def anywhere_doc(self, kind: str, id: str) -> Doc | None:
        """The document of an id, hot or archived."""
        doc = self.doc(kind, id)
        if doc is None:
            other = self._store.fetch(kind, id)
            doc = None if other is None else other.body
        return doc

    def all(self, cls: type[R]) -> Iterator[tuple[str, R]]:
        """All hot records of a kind with their ids, in the order they were first written."""
        for id, doc in self._docs.get(cls.kind, {}).items():
            yield id, self._parsed(cls, id, doc)

    def _parsed(self, cls: type[R], id: str, doc: Doc) -> R:
        """The record of a document, made once."""
        record = self._records.get((cls.kind, id))
        if record is None:
            record = self._records[cls.kind, id] = cls.parse(doc)
        return record  # type: ignore[return-value] # a kind has one class

    def where(self, kind: str, index: str, key: str) -> list[str]:
        """Ids of the hot documents that a declared index has under a key."""
        found = self._indexes.get((kind, index))
        if found is None:
            keys, found = self.indexes[kind, index], {}
            for id, doc in self._docs.get(kind, {}).items():
                for each in keys(doc):
                    found.setdefault(each, {})[id] = None
            self._indexes[kind, index] = found
        return list(found.get(key, ()))

    def memo(self, kind: str, key: object, make: Callable[[], T]) -> T:
        """Something computed from the documents of one kind, kept until one of them changes."""
        kept = self._memo.setdefault(kind, {})
        if key not in kept:
            kept[key] = make()
        return kept[key]  # type: ignore[no-any-return]

    def since(self, number: int) -> list[Entry]:
        """The entries after a number that this book has read, in order."""
        return [entry for entry in self._store.since(number) if entry.number <= self.number]

    def story(self, kind: str, id: str) -> Iterator[Entry]:
        """The entries that touched one document, newest first."""
        return self._store.story(kind, id)

    def find(self, query: Query) -> list[Found]:
        """Documents of shelf and archives that match."""
        return self._store.find(query)


def index(kind: str, name: str) -> Callable[[Keys], Keys]:
    """Declare an index of a kind: the decorated function gives the keys of a document."""

    def declare(keys: Keys) -> Keys:
        Book.indexes[kind, name] = keys
        return keys

    return declare
