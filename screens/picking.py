"""Choosing in a form: what fits the few letters that were typed, digits that choose, and what a field comes to."""

from __future__ import annotations

from typing import Any

from textual.strip import Strip

from console.asking import Asked
from console.book import Refused
from console.choosing import Choice
from screens.base import Base
from screens.widgets.choices import LISTED, listed, phone_book
from screens.widgets.fields import Field, LongField

NUMBERS = frozenset(("into",))
"""Fields whose choices are numbers themselves: digits are text in them."""

BOOK = 4
"""Lines of a phone book, at most."""


class Picking(Base):
    """What of a form is chosen. Who inherits lays the fields out, moves between them and keeps what was typed."""

    asked: dict[str, Asked]
    """Its fields by name, in order."""

    fields: dict[str, Field | LongField]
    """Where they are typed into."""

    _came = ""

    @property
    def at(self) -> str:
        """Name of the field one types into; empty where there is none."""
        return (self.focused.name or "") if isinstance(self.focused, (Field, LongField)) else ""

    def typed(self, name: str) -> str:
        """What stands in a field."""
        return self.fields[name].value.strip() if name in self.fields else ""

    def fill(self, name: str, text: str) -> None:
        """Write something into a field."""
        field = self.fields[name]
        if isinstance(field, Field):
            field.value = text
            field.cursor_position = len(text)
        else:
            field.load_text(text)

    def label(self) -> int:
        """Cells of the names of the fields."""
        raise NotImplementedError

    def to(self, by: int) -> None:
        """Go to another field."""
        raise NotImplementedError

    def matches(self, name: str) -> list[Choice]:
        """The choices that fit what was typed; all of them where one is chosen already."""
        choices, text = self.asked[name].choices, self.typed(name)
        if not text or any(choice.name == text for choice in choices):
            return list(choices)
        exact = [choice for choice in choices if text in choice.also]
        return exact or [choice for choice in choices if choice.fits(text)]

    def chosen(self, name: str) -> str:
        """What a field comes to: the key of the choice, or the text. Raises ``Refused``."""
        each, text = self.asked[name], self.typed(name)
        exact = next((choice.key for choice in each.choices if text in (choice.name, choice.key)), None)
        if exact is not None and text:
            return exact
        fits = self.matches(name) if each.choices and text else []
        if fits and (each.closed or len(fits) == 1):
            return fits[0].key
        if each.closed and text:
            raise Refused("form.no_choice", field=self.say(f"field.{name}"), said=text)
        return text

    def helper(self, cells: int, room: int) -> list[Strip]:
        """What may be chosen in the field one is in."""
        name = self.at
        if not name or not self.asked[name].choices or room < 1:
            return []
        fits = self.matches(name)
        picks, rest = getattr(self.fields[name], "picks", True), fits[self.skipped :]
        book = self._book(fits, cells, min(room - 3, BOOK)) if name == "agency" else []
        left = room - len(book)
        if not rest and not self.asked[name].closed:
            return book  # what is typed is as good as what is listed
        return listed(self.ink, self.chair, rest, self.typed(name), self.label() + 2, cells, left, digits=picks) + book

    def _book(self, fits: list[Choice], cells: int, room: int) -> list[Strip]:
        """The phone book of the agency that is chosen, or would be."""
        named = [each.key for each in fits if each.name == self.typed("agency")]
        slug = named[0] if named else fits[0].key if len(fits) == 1 else ""
        return phone_book(self.ink, self.chair, slug, cells, room)

    def on_descendant_focus(self) -> None:
        """Another field: its choices are shown."""
        self._came, self.skipped = self.typed(self.at), 0
        self.draw()

    def may_pick(self, digit: int) -> bool:
        """Whether a digit chooses something in the field one is in."""
        name = self.at
        return bool(name) and 0 < digit <= min(len(self.matches(name)) - self.skipped, LISTED)

    def on_key(self, event: Any) -> None:
        """A digit chooses."""
        name = self.at
        if event.key.isdigit() and getattr(self.fields.get(name), "picks", False) and self.may_pick(int(event.key)):
            event.stop()
            was, now = self.typed(name), self.matches(name)[self.skipped + int(event.key) - 1].name
            self.fill(name, now)
            self.to(1)
            if was and was != now and any(choice.name == was for choice in self.asked[name].choices):
                self.tell("form.changed_to", "soon", field=self.say(f"field.{name}"), was=was, now=now)

    skipped = 0
    """Choices of the field one is in that are scrolled away."""

    def press_more(self) -> None:
        """More of what may be chosen."""
        if self.at and self.skipped + LISTED < len(self.matches(self.at)):
            self.skipped += LISTED
            self.draw()

    def press_fewer(self) -> None:
        """Back to what may be chosen before."""
        self.skipped = max(self.skipped - LISTED, 0)
        self.draw()

    def settle(self) -> bool:
        """Where what was typed means a choice, write that: whether it did."""
        name = self.at
        if not name or not self.asked[name].choices or not self.typed(name):
            return False
        fits = self.matches(name)
        if self.typed(name) in [each.name for each in fits] or not fits:
            return False
        if self.asked[name].closed or len(fits) == 1:
            self.fill(name, fits[0].name)
            if name in NUMBERS:  # a number says little: what it is the number of stands there before it is done
                self.notice = ("soon", f" {fits[0].name}  {fits[0].hint}")
            return True
        return False
