"""Fields that ask for a PIN or for who one is, over an otherwise empty screen: nothing of the work is seen meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.strip import Strip
from textual.widgets import Input

from console.book import Refused
from console.config import settings
from console.plain import line
from screens.base import Base
from screens.widgets.ink import Part, width

MOST = 12
"""Digits of a PIN at most."""


class Proof(Base):
    """Some fields; what is typed into them is no command and is kept nowhere."""

    readable: Sequence[str] = ()
    """Fields in which one sees what one types."""

    ends: Sequence[tuple[str, str]] = (("enter", "typing.done"), ("escape", "typing.leave"))
    """Keys of the footer, with the words for what they do."""

    given: tuple[str, ...] = ()
    """The fields that are there."""

    def names(self) -> Sequence[str]:
        """The fields, in order; ``<place>.<name>`` is the word before each."""
        return ("pin",)

    def compose(self) -> ComposeResult:
        """The canvas, and the fields."""
        yield from super().compose()
        self.given = tuple(self.names())
        for name in self.given:
            hidden = name not in self.readable
            yield Input(id=name, password=hidden, max_length=MOST if hidden else 32, compact=True, select_on_focus=False)

    def on_mount(self) -> None:
        """Begin in the first one."""
        self.set_focus(self.field(self.given[0]))

    def field(self, name: str) -> Input:
        """A field."""
        return self.query_one(f"#{name}", Input)

    def said(self) -> list[list[Part]]:
        """What stands over the fields."""
        return [[("strong", self.say(f"{self.place}.head"))], [("dim", self.say(f"{self.place}.hint"))]]

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Name and time, what is asked, how to leave."""
        head = self.header([("title", line(settings(self.chair.book).name))], cells)
        above = max((rows - 9) // 3, 0)
        body = [[], *self.said(), []][: max(rows - 5, 1)]
        found = [head, *[self.ink.strip([], cells)] * above]
        found += [self.ink.strip([("text", "  "), *parts], cells) for parts in body]
        fields = [(self.say(f"{self.place}.{name}"), self.field(name)) for name in self.given]
        room = max(width(word) for word, _ in fields) + 4
        for word, field in fields:
            field.styles.offset = (room, len(found))
            field.styles.width = max(min(cells - room, 40), 4)
            found.append(self.ink.strip([("text", "  "), ("strong", word)], cells))
        found += [self.ink.strip([], cells)] * max(rows - 2 - len(found), 0)
        return [*found[: rows - 2], *self.foot(cells)]

    def footer(self, cells: int) -> Strip:
        """What Enter does, and how to leave."""
        return self.ink.strip([part for key, word in self.ends for part in self._ends(key, word)], cells)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """To the next field; after the last one, see whether it is right."""
        event.stop()
        names = list(self.given)
        at = names.index(str(event.input.id))
        if at + 1 < len(names):
            self.set_focus(self.field(names[at + 1]))
            return
        self.prove({name: self.field(name).value for name in names})

    def prove(self, said: dict[str, str]) -> None:
        """See whether what was typed is right."""
        raise NotImplementedError

    def refuse(self, error: Refused) -> None:
        """Say why not; where no login was asked it is not the login that may be wrong."""
        if error.word.startswith("refused.pin_wrong") and "login" not in self.given:
            error = Refused(error.word.replace("refused.pin_wrong", "refused.own_pin_wrong"), **error.facts)
        super().refuse(error)

    def empty(self) -> None:
        """It was wrong: nothing of what was hidden stays."""
        hidden = [name for name in self.given if name not in self.readable]
        for name in hidden:
            self.field(name).value = ""
        self.set_focus(self.field(hidden[0]))
