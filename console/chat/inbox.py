"""The inbox: messages as they came, per group or all; what is most likely no report is faded, by a rule's name.

Follows the book: a message that comes, is taken back or becomes a case moves one line and nothing else.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass
from datetime import timedelta
from itertools import count, islice

from console.book import Book
from console.categories import categories, named
from console.chat.cards import card
from console.chat.groups import Group, Member, groups, member
from console.chat.messages import Message
from console.chat.noise import faded, me_too
from console.chat.outbox import Saying, Way
from console.chat.privacy import is_name
from console.record import Doc

PIECES = timedelta(minutes=5)
"""Within which two messages of the same person may be pieces of one: they are marked together."""

AT_ONCE = 500
"""Messages that are judged at once at most: some hundredths of a second."""

KEPT = 500
"""Messages that are kept as they are shown; the rest is made when it is seen."""

Key = tuple[str, int, str]
"""Order in the inbox: moment, which came first, id. Moments are whole seconds, and people are faster."""


@dataclass(frozen=True, slots=True)
class Item:
    """One message as the inbox shows it."""

    id: str
    """Its id."""

    message: Message
    """The message."""

    faded: str
    """Why it is most likely no report, as a rule's name; empty where it may be one."""

    answered: bool
    """Whether something was said to it, or is about to be."""

    too: bool
    """Whether somebody only says that they have the same trouble."""

    place: str
    """Where whoever wrote it lives, as far as is known."""

    name: str
    """Who wrote it, in a word."""

    login: str
    """Their login, where they are on the staff list."""

    agency: str
    """Slug of their agency, where they answer for one."""


class Inbox:
    """Every message that waits for somebody, in the order in which they were written. Follows the book."""

    def __init__(self, book: Book) -> None:
        """Look at every message at hand once."""
        self._book = book
        self._order: list[Key] = []
        self._came: dict[str, int] = {}
        self.names, self._uncalled = set[str](), set[str]()
        self._next = count()
        self._keys: dict[str, Key] = {}
        self._items: dict[str, Item] = {}
        self._likely, self._unjudged, self._danger = set[str](), set[str](), set[str]()
        for id, doc in book.docs(Message.kind).items():
            self._set(id, doc)
        book.follow(self)

    names: set[str]
    """How people are called whose messages are at hand, as far as it is a name: masked in what others write."""

    def changed(self, kind: str, id: str, doc: Doc | None) -> None:
        """The book says that a document is another now."""
        if kind == Message.kind:
            self._set(id, doc)
        elif kind == Saying.kind:
            self._items.clear()
        elif kind in (Member.kind, "categories"):
            self._items.clear()
            self._likely.clear()
            self._danger.clear()
            self._unjudged = set(self._keys)

    def _set(self, id: str, doc: Doc | None) -> None:
        """One message is another now, or gone."""
        old = self._keys.pop(id, None)
        self._items.pop(id, None)
        self._likely.discard(id)
        self._danger.discard(id)
        self._unjudged.discard(id)
        if old is not None:
            del self._order[bisect_left(self._order, old)]
        if doc is None:
            self._came.pop(id, None)
            self._uncalled.discard(id)
            return
        self._uncalled.add(id)
        if waits(doc):
            key = self._keys[id] = (doc["at"], self._came.setdefault(id, next(self._next)), id)
            insort(self._order, key)
            self._unjudged.add(id)

    def ids(self, group: str | None = None) -> list[str]:
        """Ids of the messages of a group, or of all, oldest first; those written to the account alone are of group ""."""
        docs = self._book.docs(Message.kind)
        return [id for _, _, id in self._order if group is None or docs[id].get("group", "") == group]

    def every(self, group: str | None = None) -> list[str]:
        """Ids of everything at hand of a group, or of all, oldest first: also what became a case, or was put by."""
        docs = self._book.docs(Message.kind)
        found = [(doc["at"], id) for id, doc in docs.items() if doc.get("sender") and group in (None, doc.get("group", ""))]
        return [id for _, id in sorted(found)]

    def item(self, id: str) -> Item | None:
        """One message; None where it is not here any more."""
        found = self._items.get(id)
        if found is None:
            if len(self._items) > KEPT:
                self._items.clear()
            message = self._book.get(Message, id)
            if message is not None:
                found = self._items[id] = seen(self._book, id, message)
        return found

    def open(self) -> int:
        """How many of them may be reports, as far as they were looked at: each is once, so many at a time."""
        docs = self._book.docs(Message.kind)
        for id in list(islice(self._uncalled, AT_ONCE)):
            self._uncalled.discard(id)
            called = card(docs[id].get("card", "") or docs[id].get("nickname", "")).name
            if is_name(called):
                self.names.add(called)
        for id in list(islice(self._unjudged, AT_ONCE)):
            self._unjudged.discard(id)
            if alarming(self._book, docs[id]):
                self._danger.add(id)
                self._likely.add(id)
            elif not faded(Message.parse(docs[id])):
                self._likely.add(id)
        return len(self._likely)

    @property
    def danger(self) -> list[str]:
        """Those that say that somebody is in danger, oldest first, as far as they were looked at."""
        return sorted(self._danger, key=lambda id: self._keys[id])

    @property
    def more(self) -> bool:
        """Whether some were not looked at yet."""
        return bool(self._unjudged or self._uncalled)

    def pieces(self, id: str) -> list[str]:
        """The messages that are most likely pieces of one with this: the same person's, one after another, soon.

        One that waits no longer, since it has its case or was put by, stands alone.
        """
        item = self.item(id)
        if item is None:
            return []
        if id not in self._keys:
            return [id]
        message, found = item.message, [id]
        same = [
            other
            for other in self._book.where(Message.kind, "sender", f"{message.group}:{message.sender}")
            if other in self._keys and other != id
        ]
        for other in sorted(same, key=lambda each: self._keys[each]):
            near = self.item(other)
            if near is not None and abs(near.message.at - message.at) <= PIECES and not (near.faded or near.too):
                found.append(other)
        return sorted(found, key=lambda each: self._keys[each])


def waits(doc: Doc) -> bool:
    """Whether a message waits for somebody: it has come, belongs to no case, and nobody has said that it needs nothing."""
    return bool(doc.get("sender")) and not (doc.get("issue") or doc.get("aside_by") or doc.get("own"))


def seen(book: Book, id: str, message: Message) -> Item:
    """A message as the inbox shows it."""
    known = member(book, message.group, message.sender)
    read = card(message.card or message.nickname)
    return Item(
        id=id,
        message=message,
        faded=faded(message, stopping(book)),
        answered=answered(book, message),
        too=me_too(message),
        place=(known.place if known else "") or read.place,
        name=(known.name if known else "") or read.name or message.name,
        login=known.login if known else "",
        agency=known.agency if known else "",
    )


def answered(book: Book, message: Message) -> bool:
    """Whether the station has answered a message in its group, or is about to."""
    said = book.where(Saying.kind, "reply", f"{message.group}:{message.number}") if message.number else ()
    return any(book.docs(Saying.kind)[id].get("way") != Way.DROPPED for id in said)


def stopping(book: Book) -> tuple[str, ...]:
    """The station's stopper words."""
    return book.memo("categories", "stopping", lambda: tuple(w for each in categories(book).values() for w in each.stopper))


def alarming(book: Book, doc: Doc) -> bool:
    """Whether a message says that somebody is in danger, and nobody has seen to it."""
    return waits(doc) and not doc.get("recalled_at") and named(stopping(book), doc.get("text", ""))


def heard_in(book: Book) -> list[Group]:
    """The groups that are open, the latest heard first."""
    found = [each for each in groups(book).values() if not each.closed]
    return sorted(found, key=lambda each: each.last.timestamp() if each.last else 0.0, reverse=True)
