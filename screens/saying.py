"""Saying something in a group: what is said often stands ready under a digit, anything else is typed."""

from __future__ import annotations

from typing import Any

from textual.strip import Strip

from console.asking import Asked
from console.book import Refused
from console.chat.answers import answers, filled
from console.chat.groups import groups
from console.chat.messages import Message
from console.chat.outbox import Say
from console.chat.privacy import masked
from console.chat.rules import rule, spoken
from console.choosing import Choice
from console.issues import Issue
from console.numbers import number
from console.plain import line
from screens.filling import Filling
from screens.keys import Key
from screens.widgets.ink import wrapped

COUNTS = rule(spoken("say")["counts"])
"""What follows a digit that begins a number: of a building, an hour."""


class SayScreen(Filling):
    """One sentence. It is dismissed with ("say", "", done)."""

    def __init__(self, **about: Any) -> None:
        """``to``: id of the message that is answered; ``issue``: id of the case, where the message is of none."""
        super().__init__(**about)
        given = {**about.get("given", {}), **about}
        self.answering: str = given["to"]
        book = self.chair.book
        found = book.get(Message, self.answering)
        if found is None:
            raise Refused("refused.no_message", id=self.answering)
        self.message = found
        self.issue = str(given.get("issue") or found.issue)
        issue = book.anywhere(Issue, self.issue) if self.issue else None
        self.ready = answers(book, issue)
        choices = tuple(Choice(text, filled(text, self.issue)) for text in self.ready)
        told = {"screen": "say", "verb": "say", "given": {"to": self.answering, "issue": self.issue}}
        self.begun(f"say {self.answering}", {"words": Asked("words", True, False, choices)}, told)

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, what is answered, the sentence, what stands ready, keys."""
        group = groups(self.chair.book).get(self.message.group)
        named = line(group.name or group.number) if group else ""
        case = number(self.issue) if self.issue else ""
        head = self.header([("title", f"{self.say('act.say')}  {named}  {case}")], cells)
        words = line(masked(self.message.text, self.chair.inbox.names))
        quote = wrapped(f" {line(self.message.name)}: {words}", cells - 1)[:3]
        above = [head, *(self.ink.strip([("quote", part)], cells) for part in quote), self.ink.rule(cells)]
        form = self.form(cells, rows, 3)
        body = [*above, *form, *self.helper(cells, rows - 2 - len(above) - len(form))][: rows - 2]
        self.lay(len(above), cells)
        body += [self.ink.strip([], cells)] * (rows - 2 - len(body))
        return [*body, *self.foot(cells)]

    def may_pick(self, digit: int) -> bool:
        """Digits choose until one types something else: in a sentence they are text."""
        return not self.typed("words") and super().may_pick(digit)

    def on_key(self, event: Any) -> None:
        """A digit takes a sentence; where what follows says that it began a number, it was text after all."""
        picked = event.key if event.key.isdigit() and self.may_pick(int(event.key)) else ""
        super().on_key(event)
        if picked:
            self._picked = (picked, self.typed("words"))

    def changed(self) -> None:
        """Somebody types: see what the digit before it was."""
        digit, sentence = self._picked
        more = self.fields["words"].value.removeprefix(sentence) if digit else ""
        if digit and len(more) == 1:
            self._picked = ("", "")
            if COUNTS.match(more):
                self.fill("words", digit + more)
        super().changed()

    _picked = ("", "")

    def chosen(self, name: str) -> str:
        """What is sent: a sentence that stands ready only where all of it stands there."""
        text = self.typed(name)
        return next((each.key for each in self.asked[name].choices if each.name == text), text)

    def settle(self) -> bool:
        """What is half typed stays as it is."""
        return False

    def state(self, key: Key) -> str:
        """One field: nothing to go on to."""
        hidden = ("and_dispatch", "same", "source", "previous_field", "next_field")
        return "hidden" if key.id in hidden else super().state(key)

    def submit(self) -> None:
        """Put it into the queue of what goes out."""
        try:
            text = self.said()["words"]
            done = self.chair.do(Say(text=text, to=self.answering, issue=number(self.issue) if self.issue else ""))
        except Refused as error:
            self.refuse(error)
            return
        self.let_go()
        self.app.follow()  # type: ignore[attr-defined]
        self.dismiss(("say", "", done))
