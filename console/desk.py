"""The one door: do an act, catch up with everyone, wait for news. Names no noun."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from console.act import Act, Actor, Decision
from console.book import Book, Refused
from console.clock import whole
from storage.errors import Conflict
from storage.store import Change, Entry, Number, Op, Store

TRIES = 5
"""How often an act is decided anew because somebody else was faster, before the person is asked."""


Renew = Callable[[Book, Actor, datetime], Actor]
"""(book, who, now) → who, with the rights of this moment; asked before every act. May raise ``Refused``."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an act."""

    number: int
    """The entry that keeps it; the last one before where nothing had to be changed."""

    touched: tuple[tuple[str, str], ...] = ()
    """(kind, id) of every document it wrote, in the act's own order, numbers filled in."""

    warnings: Sequence[tuple[str, dict[str, Any]]] = field(default_factory=tuple)
    """What the person should know all the same."""

    news: Sequence[Entry] = field(default_factory=tuple)
    """What others had done to the same documents while this was being decided."""

    counts: Mapping[str, int] = field(default_factory=dict)
    """How many things it did what to, for an act on many."""


class Desk:
    """One person's place at one store. Threads may wait; acts are done from one thread."""

    def __init__(self, store: Store, now: Callable[[], datetime], who: Actor, renew: Renew = lambda _, who, __: who) -> None:
        """Sit down: read everything that is hot. ``now``: the clock, with its zone. ``renew``: who sits here, seen anew."""
        self._store, self._now, self.who, self._renew = store, now, who, renew
        self.book = Book(store)
        self.book.load(store.load())

    book: Book
    """The records as this session has read them."""

    who: Actor
    """Who sits here."""

    def now(self) -> datetime:
        """The present moment to the second, in UTC."""
        return whole(self._now())

    def do(self, act: Act) -> Done:
        """Decide an act on the latest records and keep what it comes to.

        Raises ``Refused`` where a rule says no, and the store's errors where it cannot be kept. Where somebody else
        changes the same records in between, it is decided once more on theirs.
        """
        stale: tuple[tuple[str, str], ...] = ()
        for _ in range(TRIES):
            news = [entry for entry in self._read() if any((kind, id) in stale for kind, id, _ in entry.ops)]
            now, reads = self.now(), self.book.watch()
            self.who = self._renew(self.book, self.who, now)
            decision = act.decided(self.book, now, self.who)
            if not decision.puts:
                return Done(self.book.number, (), decision.warnings, news, decision.counts)
            try:
                number = self._store.append(self._change(act, decision, now), reads)
            except Conflict as conflict:
                stale = tuple((each.kind, each.id) for each in conflict.stale)
                continue
            return self._done(number, decision, news)
        raise Refused("refused.busy", names=", ".join(f"{kind} {id}" for kind, id in stale))

    def catch_up(self) -> int:
        """Read what everyone has done since; the number of the last entry."""
        self._read()
        return self.book.number

    def wait(self, timeout: float) -> bool:
        """Sleep until somebody has done something (True) or so many seconds are over (False); may run in a thread."""
        return self._store.wait(self.book.number, timeout)

    def put_away(self, plan: Iterable[tuple[str, Sequence[tuple[str, str]]]], why: str = "") -> int:
        """Move finished documents to archives: (archive's name, its documents) one by one; how many went."""
        gone = 0
        for name, documents in plan:
            gone += self._store.archive(name, documents, who=self.who.id, why=why, at=self.now())
        self.catch_up()
        return gone

    def close(self) -> None:
        """Leave the store."""
        self._store.close()

    def _change(self, act: Act, decision: Decision, now: datetime) -> Change:
        """The change that keeps a decision."""
        ops = [Op(put.kind, put.id, put.record.dump() if put.record else None) for put in decision.puts]
        return Change(self.who.id, act.verb, ops, decision.why, self.who.source, now)

    def _done(self, number: int, decision: Decision, news: Sequence[Entry]) -> Done:
        """Read the tail, one's own entry included."""
        touched: tuple[tuple[str, str], ...] = ()
        named = len(decision.puts) > 1 and any(isinstance(put.id, Number) for put in decision.puts)
        for entry in self._read():
            if entry.number == number:
                touched = tuple((kind, id) for kind, id, _ in entry.ops)
                for put, (kind, id) in zip(decision.puts, touched, strict=True):
                    # a record may hold the number that another was given with it: then it is read from its document
                    if put.record is not None and not named and number == self.book.version(kind, id):
                        self.book.keep(kind, id, put.record)
        return Done(number, touched, decision.warnings, news, decision.counts)

    def _read(self) -> list[Entry]:
        """Read what everyone has done since, and apply it to the book: the one path for my changes and for theirs."""
        entries = self._store.since(self.book.number)
        for entry in entries:
            self.book.apply(entry)
        return entries
