"""The group's messages as they come: mark, and make a case of them, join them to one, answer, or put them by."""

from __future__ import annotations

from typing import Any

from console.chat.drafting import canned
from console.chat.taking import Join, PutBy, chosen
from console.issues import TAKES
from console.numbers import number
from console.plain import line
from console.saying import short
from screens.keys import Key
from screens.messagelist import SHOWS, MessageList


class InboxScreen(MessageList):
    """One line a message."""

    place = "inbox"

    def state(self, key: Key) -> str:
        """What works on this message."""
        item = self.item()
        if key.id in ("take_up", "join", "join_to", "put_by", "who_is", "answer_group", "mark"):
            right = {"take_up": "take", "answer_group": "say", "mark": ""}.get(key.id, "voice")
            if item is None or (right and not self.chair.who.may(right)):
                return "hidden"
            if key.id in ("join", "join_to") and not self.same:
                return "hidden"
            if key.id == "answer_group" and (item.message.pasted or not item.message.group):
                return "hidden"
            if key.id == "who_is" and (item.login or item.agency or not item.message.group):
                return "hidden"
            return "off" if item.message.issue and key.id in ("take_up", "join", "put_by") else "on"
        if key.id == "open":
            return "on" if item is not None else "hidden"
        return super().state(key)

    def word(self, key: Key) -> str:
        """What Enter and the joining key do here."""
        item = self.item()
        if key.id == "open" and item is not None and not item.message.issue:
            return self.say("key.take_up")
        if key.id == "put_by" and item is not None and item.message.aside_by:
            return self.say("inbox.back")
        if key.id == "join" and self.same:
            at, n = short(self.same[0].id, self.chair.now()).strip(), len(self.marked)
            return self.say("inbox.join_n", number=at, n=n) if n else self.say("inbox.join", number=at)
        return super().word(key)

    def press_open(self) -> None:
        """Open the case of the message, or make one of it."""
        item = self.item()
        if item is not None and item.message.issue:
            self.go("case", id=item.message.issue)
        else:
            self.press_take_up()

    def press_take_up(self) -> None:
        """Make a case of what is chosen."""
        ids = self.targets()
        if not ids:
            self.tell("inbox.none", "dim")
            return
        chosen(self.chair.book, ids)
        self.go("new", messages=ids)

    def press_new(self) -> None:
        """A new case: of what is chosen, where something is."""
        item = self.item()
        if item is not None and not item.message.issue:
            self.press_take_up()
        else:
            super().press_new()

    def press_join(self) -> None:
        """Join what is chosen to the first case shown."""
        self.press_join_to("1")

    def press_join_to(self, key: str) -> None:
        """Join what is chosen to one of the cases shown."""
        ids = self.targets()
        if tuple(ids) != self.same_of:
            self._rests()
        if not key.isdigit() or not ids or int(key) > len(self.same):
            self.tell("inbox.no_same", "warn")
            return
        case = self.same[int(key) - 1].id
        people = len({(each := item.message).group + each.sender for id in ids if (item := self.inbox.item(id)) is not None})
        if people > 1 and self._sure != (case, *ids):
            self._sure = (case, *ids)
            title = line(self.chair.doc(case).get("title", ""))
            self.tell("inbox.join_many", "warn", n=len(ids), people=people, number=number(case), title=title)
            return
        first = chosen(self.chair.book, ids)[-1][1]
        done = self.do(Join(issue=number(case), messages=tuple(ids), tell=canned(self.chair.book, "joined", first)))
        if done is not None:
            self._done("inbox.joined", n=len(ids), number=number(case))

    _sure: tuple[str, ...] = ()
    """The case and the messages of several people of which it was asked whether they belong together."""

    def press_put_by(self) -> None:
        """It needs nothing; or it does after all."""
        ids, item = list(self.marked) or ([self.cursor] if self.cursor else []), self.item()
        if not ids or item is None:
            self.tell("inbox.none", "dim")
            return
        back = bool(item.message.aside_by)
        if not back and set(ids) & set(self.inbox.danger) and self._sure != ("", *ids):
            self._sure = ("", *ids)
            self.tell("inbox.danger", "alarm")
            return
        if self.do(PutBy(messages=tuple(ids), back=back)) is not None:
            self._done("inbox.put_back" if back else "inbox.put_by", n=len(ids))

    def _done(self, word: str, **facts: Any) -> None:
        """Said and done: nothing is marked any more."""
        self.marked.clear()
        self.refreshed()
        self._rests()
        self.tell(word, "good", **facts)

    def acted(self, verb: str, id: str, done: Any) -> None:
        """A form has done something with what was marked."""
        if verb in (*TAKES, "voice", "join"):
            self.marked.clear()
        super().acted(verb, id, done)

    def press_mark(self) -> None:
        """Mark the message, or unmark it, and go on to the next."""
        if self.cursor in self.marked:
            del self.marked[self.cursor]
        elif self.cursor:
            self.marked[self.cursor] = None
        self.press_down()

    def press_mark_all(self) -> None:
        """Mark what may be a report among what is listed, or nothing."""
        likely = [
            id for id in self.ids if (item := self.inbox.item(id)) is not None and not item.faded and not item.message.issue
        ]
        self.marked = {} if self.marked else dict.fromkeys(likely[:50])
        self.draw()

    def press_next_view(self) -> None:
        """The next group."""
        self._turn(1)

    def press_previous_view(self) -> None:
        """The group before."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        """Another group, or all."""
        numbers: list[str | None] = [None, *(each.number for each in self.groups())]
        at = numbers.index(self.group) if self.group in numbers else 0
        self.group, self.top = numbers[(at + by) % len(numbers)], 0
        self.refreshed()
        self._rests()

    def press_shows(self) -> None:
        """What waits, what may be a report, or everything."""
        self.shows = SHOWS[(SHOWS.index(self.shows) + 1) % len(SHOWS)]
        self.refreshed()
        self._rests()

    def press_answer_group(self) -> None:
        """Say something to whoever wrote it, in the group."""
        item = self.item()
        if item is None:
            self.tell("inbox.none", "dim")
        elif not item.message.group or item.message.pasted:
            self.tell("inbox.no_bridge", "warn")
        else:
            self.go("say", to=item.id)

    def press_who_is(self) -> None:
        """Say who it is: what their name in the group says stands there already."""
        item = self.item()
        if item is None or not item.message.group:
            self.tell("inbox.none", "dim")
            return
        each = item.message
        given = {"group": each.group, "account": each.sender, "card": each.card}
        values = {"place": item.place, "name": item.name}
        self.go("form", verb="set_member", given=given, values=values)

    def press_paste(self) -> None:
        """Paste a conversation."""
        groups = [each.number for each in self.groups()]
        self.go("form", verb="paste_in", values={"group": self.group or (groups[0] if len(groups) == 1 else "")})

    def press_read(self) -> None:
        """All of a long message."""
        item = self.item()
        if item is None:
            self.tell("inbox.none", "dim")
        else:
            self.go("reading", id=item.id)

    def press_outbox(self) -> None:
        """What was said, and how far it is."""
        self.go("outbox")
