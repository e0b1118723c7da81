"""A person's chair at the screens: the desk, the queue that follows it, what is half written, who else is here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from console.act import Act, Actor
from console.book import Book, Refused
from console.clock import zone
from console.config import settings
from console.desk import Desk, Done
from console.numbers import CASES
from console.queue import Queue, View, counted
from console.record import Doc
from console.sight import bounded, seen, sees
from console.staff import renewed
from console.tally import Tally
from console.words import Words
from storage.errors import StoreError
from storage.store import Beside, Entry, Store

if TYPE_CHECKING:  # the group chat is loaded once somebody looks at it
    from console.chat.inbox import Inbox

STATION = ".station"
"""Whose what is kept for every session is; no login begins with a dot."""

FEW = 500
"""Cases up to which finding their places again costs nothing."""

Trouble = StoreError
"""What the store raises where it cannot be read or written: for the screens, which know no store."""

AWAY = 3600.0
"""Seconds after which whoever waits for news looks whether the program is still there."""


class Chair:
    """One session at the screens. Everything but ``wait`` is done from one thread."""

    def __init__(self, store: Store, desk: Desk, say: Words) -> None:
        """Sit down; the queue is made when it is first asked for."""
        self._store, self.desk, self.say = store, desk, say
        self._queue: Queue | None = None
        self._tally: Tally | None = None
        self._views: dict[str, View] = {}
        self._told: dict[str, Any] | None = None
        self._others: list[dict[str, Any]] | None = None
        self.crowd = store.beside.crowd
        self._asked = self.book.number
        self._counted: tuple[tuple[int, int], dict[str, int]] | None = None
        self.closed = False

    unseen = ""
    """Why the others do not see that one is here; empty where they do."""

    closed: bool
    """Whether one has got up."""

    ended: Refused | None = None
    """Why the session is over although nobody has left; none where it is not."""

    desk: Desk
    """The one door."""

    say: Words
    """The language."""

    crowd: int
    """The signs of presence as they were last read."""

    @property
    def words(self) -> Words:
        """The language, as whoever prints a sheet calls it."""
        return self.say

    @property
    def book(self) -> Book:
        """The records."""
        return self.desk.book

    @property
    def who(self) -> Actor:
        """Who sits here."""
        return self.desk.who

    @property
    def beside(self) -> Beside:
        """What lies beside the records: secrets among it."""
        return self._store.beside

    def sit(self, who: Actor) -> None:
        """Somebody sits down on a chair that was empty."""
        self.desk.who = who
        self._queue, self._tally, self._counted = None, None, None
        self._views.clear()

    @property
    def here(self) -> ZoneInfo:
        """The station's zone."""
        return zone(settings(self.book).timezone)

    @property
    def trouble(self) -> str:
        """Why nothing can be written, in the language; empty where it can."""
        return str(self.say.fact(self._store.trouble)) if self._store.trouble else ""

    def now(self) -> datetime:
        """The present moment, UTC."""
        return self.desk.now()

    def local(self, moment: datetime | None = None) -> datetime:
        """A moment, or the present one, in the station's time."""
        return (moment or self.now()).astimezone(self.here)

    # -- what one may see

    def doc(self, id: str) -> Doc:
        """A case, open or archived, as this person may see it; empty where there is none, or it is not theirs to see."""
        doc = self.book.anywhere_doc(CASES, id) if id else None
        return seen(self.book, doc, self.who) if doc is not None and sees(doc, self.who) else {}

    def sees(self, id: str) -> bool:
        """Whether a case that is there is theirs to see."""
        doc = self.book.docs(CASES).get(id)
        return doc is None or sees(doc, self.who)

    def renew(self) -> None:
        """See anew who sits here: a right may have come or gone. Raises ``Refused`` where they have left."""
        was = self.who
        self.desk.who = renewed(self.book, was, self.now())
        if (was.agency, was.grids, was.own) != (self.who.agency, self.who.grids, self.who.own):
            self.sit(self.who)

    # -- the queue

    @property
    def queue(self) -> Queue:
        """Every open case in order."""
        if self._queue is None:
            known = self._store.beside.aside(STATION).get("queue")
            self._queue = Queue(self.book, self.now(), known, self.who)
        return self._queue

    @property
    def inbox(self) -> Inbox:
        """The group chat's messages that wait for somebody; looked at from when they are first asked for."""
        if self._inbox is None:
            from console.chat.inbox import Inbox

            self._inbox = Inbox(self.book)
        return self._inbox

    _inbox: Inbox | None = None

    def waiting_messages(self) -> int:
        """How many messages may be reports; 0 until somebody has looked at them, and for who does not see to all of them."""
        return self._inbox.open() if self._inbox is not None and self.who.may("answer") else 0

    def remember(self) -> None:
        """Keep where every case stands for the next session, where that would save it much. Derived, never the truth."""
        if bounded(self.who):
            return
        queue = self.queue
        if queue.fresh * 10 > len(queue.keys) and len(queue.keys) > FEW:
            queue.fresh = 0
            try:
                self._store.beside.put_aside(STATION, "queue", queue.known())
            except StoreError:
                return  # the next start is a little slower, nothing else

    def counts(self) -> dict[str, int]:
        """How many cases are open, overdue and one's own."""
        now = self.now()
        if not bounded(self.who):
            if self._tally is None:
                self._tally = Tally(self.book, self.who)
            return self._tally.counts(now)
        at = (self.book.number, int(now.timestamp()) // 60)
        if self._counted is None or self._counted[0] != at:
            self.queue.refresh(now)
            self._counted = (at, counted(self.queue.rows(), self.who, now))
        return self._counted[1]

    def view(self, query: str) -> View:
        """The rows of a query, brought up to date. Raises ``Refused`` where the query is wrong."""
        view = self._views.get(query)
        if view is None:
            if len(self._views) > 20:
                self._views.clear()
            view = self._views[query] = View(self.queue, self.book, self.who, query, self.now())
        else:
            view.update(self.now())
        return view

    def arriving(self) -> bool:
        """Whether something is to be read or signed before the queue: not on duty, a sheet waits, orders are unread."""
        from console.shifts import Shift, ShiftState, aboard, chain, unread

        if not self.who.may("sign"):
            return False
        shift = self.book.get(Shift, chain(self.book).shift)
        if shift is None or shift.state is ShiftState.HANDING or not aboard(shift, self.who.id):
            return True
        return bool(unread(self.book, self.who.id))

    # -- acts and news

    def do(self, act: Act) -> Done:
        """Do an act. Raises ``Refused``, also where the store cannot keep it."""
        try:
            return self.desk.do(act)
        except StoreError as error:
            raise Refused("refused.store", reason=error) from error

    def sign(self, act: Act, pin: str) -> Done:
        """Do an act that asks for one's own PIN. Raises ``Refused`` where it is another's, or the act is refused."""
        from console.pins import proving

        try:
            with proving(self.desk, self._store.beside, pin):
                return self.do(act)
        except StoreError as error:
            raise Refused("refused.store", reason=error) from error

    def news(self) -> list[Entry]:
        """Catch up: what others have done since this was last asked, oldest first. Raises ``Refused``."""
        before = self._asked
        try:
            self._asked = self.desk.catch_up()
            self.renew()
            return [entry for entry in self.book.since(before) if entry.who != self.who.id]
        except StoreError as error:
            raise Refused("refused.store", reason=error) from error

    def wait(self) -> bool:
        """Sleep until somebody has done something, came or went; may run in a thread. False: the time is over."""
        return self._store.wait(self.book.number, AWAY, self.crowd)

    def acted(self, seconds: float = 0.0) -> bool:
        """Whether somebody has done something, or does within these seconds; who comes and goes does not count."""
        return self._store.wait(self.book.number, seconds)

    def keys(self, own: Mapping[str, str]) -> dict[str, str]:
        """Keys that the station has changed, and over them the officer's own: id of the action → keys."""
        return {**(settings(self.book).keys or {}), **own}

    # -- what is half written

    def put_aside(self, name: str, body: Mapping[str, Any] | None) -> None:
        """Keep a half-written form, or let go of it. Raises ``Refused``."""
        try:
            self._store.beside.put_aside(self.who.id, name, None if body is None else dict(body))
        except StoreError as error:
            raise Refused("refused.store", reason=error) from error

    def aside(self) -> dict[str, dict[str, Any]]:
        """What this person has half written, by name, the latest first."""
        found = self._store.beside.aside(self.who.id)
        return dict(sorted(found.items(), key=lambda pair: str(pair[1].get("at", "")), reverse=True))

    def export(self, name: str, data: bytes) -> str:
        """Save a file for people: where it lies. Raises ``Refused``."""
        try:
            return self._store.beside.export(name, data)
        except StoreError as error:
            raise Refused("refused.store", reason=error) from error

    # -- who else is here

    def tell(self, case: str, doing: str = "") -> None:
        """Tell the others which case one looks at, and what one is writing. Advisory: it locks nothing."""
        said = {"who": self.who.id, "name": self.who.name, "case": case, "doing": doing}
        if said == self._told:
            return
        self._told = said
        try:
            self._store.beside.present(said)
            self.unseen = ""
        except StoreError as error:  # advisory: that the others do not see one is shown, and stops nothing
            self.unseen = str(self.say.fact(error))

    def others(self) -> list[dict[str, Any]]:
        """Who else is here: ``who``, ``name``, ``case``, ``doing``."""
        crowd = self._store.beside.crowd
        if self._others is None or crowd != self.crowd:  # reading a file of each session is not done twice for one change
            self.crowd = crowd
            self._others = [dict(each) for each in self._store.beside.others() if isinstance(each.get("name"), str)]
        return self._others

    def look_anew(self) -> None:
        """The next look at who is here reads everything: somebody may have gone without a sign."""
        self._others = None

    def close(self) -> None:
        """Get up."""
        self.closed = True
        self._store.close()
