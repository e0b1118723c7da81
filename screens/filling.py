"""What every form has: fields over the canvas, choices with digits, and the draft that is kept at each pause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.app import ComposeResult
from textual.strip import Strip

from console.asking import Asked
from console.book import Refused
from console.choosing import Choice
from console.plain import clean, line
from console.record import iso
from screens.base import Base
from screens.widgets.choices import LISTED, listed, phone_book
from screens.widgets.fields import Field, LongField
from screens.widgets.ink import Part, fit, shown, width

PAUSE = 0.5
"""Seconds without a key after which what is half written is kept."""

LABEL = {"zh": 10, "en": 16}
"""Cells of a field's name, at most."""

TALL = 3
"""Lines of a field for whole sentences."""

NUMBERS = frozenset(("into",))
"""Fields whose choices are numbers themselves: digits are text in them."""

BOOK = 4
"""Lines of a phone book, at most."""

ROOMY = 20
"""Rows of a screen from which on such a field has all of them."""


class Filling(Base):
    """A form. Who inherits says what is asked in ``asked`` and what the draft is called in ``draft``."""

    place = "form"

    asked: dict[str, Asked]
    """Its fields by name, in order."""

    draft: str
    """Name of what is half written."""

    def begun(self, draft: str, asked: dict[str, Asked], given: Mapping[str, Any]) -> None:
        """Take up what is half written. ``given``: what else is to be known to go on with it."""
        self.draft, self.asked, self.told = draft, asked, given
        kept = self.chair.aside().get(draft, {})
        self.taken_up = bool(kept)
        self._on_file, self._over = bool(kept), False
        before = {name: str(text) for name, text in dict(kept.get("values", {})).items() if name in asked}
        self.began = {name: self._named(name, each.value) for name, each in asked.items()}
        self.fields: dict[str, Field | LongField] = {}
        for name, each in asked.items():
            value = before.get(name, self.began[name])
            picks = bool(each.choices) and name not in NUMBERS
            self.fields[name] = LongField(name, value) if each.long else Field(name, value, picks=picks)
        self._rows: dict[str, int] = {}
        self._tall: dict[str, int] = {}
        self._placed: dict[str, object] = {}

    def _named(self, name: str, key: str) -> str:
        """How a choice is written in its field; a text without what a terminal would obey."""
        found = next((each.name for each in self.asked[name].choices if each.key == key), key)
        return clean(found) if self.asked[name].long else line(found)

    def compose(self) -> ComposeResult:
        """The canvas, and the fields."""
        yield from super().compose()
        yield from self.fields.values()

    def on_mount(self) -> None:
        """Begin in the first field that wants something, or where whoever opened it says."""
        empty = [name for name, each in self.asked.items() if each.needed and not self.fields[name].value]
        first = str(self.about.get("at") or next(iter(empty), next(iter(self.fields), "")))
        if first:
            self.set_focus(self.fields[first])
        if self.taken_up:
            self.tell("form.taken_up")

    def on_unmount(self) -> None:
        """Keep what is half written, however this ends."""
        if not self.chair.closed:
            self.keep()

    # -- what was filled in

    @property
    def at(self) -> str:
        """Name of the field one types into; empty where there is none."""
        return (self.focused.name or "") if isinstance(self.focused, (Field, LongField)) else ""

    def typed(self, name: str) -> str:
        """What stands in a field."""
        return self.fields[name].value.strip() if name in self.fields else ""

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

    def said(self) -> dict[str, str]:
        """What all fields come to. Raises ``Refused`` for one that is needed and empty; the cursor goes there."""
        found = {}
        for name, each in self.asked.items():
            try:
                found[name] = self.chosen(name)
                if each.needed and not found[name]:
                    raise Refused("form.missing", field=self.say(f"field.{name}"))
            except Refused:
                self.set_focus(self.fields[name])
                raise
        return found

    def fill(self, name: str, text: str) -> None:
        """Write something into a field."""
        field = self.fields[name]
        if isinstance(field, Field):
            field.value = text
            field.cursor_position = len(text)
        else:
            field.load_text(text)

    # -- the draft

    def on_input_changed(self) -> None:
        """Somebody types."""
        self.changed()

    def on_text_area_changed(self) -> None:
        """Somebody types."""
        self.changed()

    def changed(self) -> None:
        """Draw what follows from what was typed, and keep it at the next pause."""
        self.later("keep", PAUSE, self.keep)
        self.draw()

    def keep(self) -> bool:
        """Keep what is half written; what was never touched is not kept. False where it could not be."""
        if self._over:
            return True
        values = {name: field.value for name, field in self.fields.items()}
        body = {"at": iso(self.chair.now()), "values": values, **self.told} if values != self.began else None
        if body is None and not self._on_file:
            return True
        try:
            self.chair.put_aside(self.draft, body)
            self._on_file = body is not None
        except Refused as error:
            self.refuse(error)
            return False
        return True

    def let_go(self) -> None:
        """It is done: the draft is not needed any more."""
        self._over = True
        if self._on_file:
            try:
                self.chair.put_aside(self.draft, None)
            except Refused as error:
                self.refuse(error)

    # -- what is shown

    def label(self) -> int:
        """Cells of the longest name of a field."""
        longest = max((width(shown(self.say(f"field.{name}"))) for name in self.asked), default=4)
        return min(longest, LABEL[self.say.language])

    def form(self, cells: int, rows: int, most: int) -> list[Strip]:
        """The names of the fields; where there is no room for all, those about the one that is filled in."""
        tall = {name: self._height(name, rows) for name in self.asked}
        names = _around(list(self.asked), self.at, tall, max(most, 1))
        found: list[Strip] = []
        self._rows, self._tall = {}, tall
        for name in names:
            self._rows[name] = len(found)
            each, here = self.asked[name], name == self.at
            lacks = each.needed and not self.typed(name)
            parts: list[Part] = [("text", " "), ("strong" if here else "dim", fit(self.say(f"field.{name}"), self.label()))]
            parts.append(("soon" if lacks else "dim", "*" if each.needed else " "))
            found += [self.ink.strip(parts, cells), *[self.ink.strip([], cells)] * (tall[name] - 1)]
        return found

    def _height(self, name: str, rows: int) -> int:
        """Lines of a field: more where whole sentences are being written."""
        wanted = self.asked[name].long and (name == self.at or bool(self.typed(name)))
        return TALL if wanted and rows >= ROOMY else 1

    def lay(self, first: int, cells: int) -> None:
        """Lay the fields over the canvas beside their names. ``first``: the row of the first name."""
        left = self.label() + 3
        for name, field in self.fields.items():
            row = self._rows.get(name)
            place = None if row is None else (left, first + row, max(cells - left - 1, 8), self._tall[name])
            if self._placed.get(name, ()) == place:
                continue
            self._placed[name] = place
            field.display = place is not None
            if place is not None:
                field.styles.offset, field.styles.width, field.styles.height = place[:2], place[2], place[3]

    def helper(self, cells: int, room: int) -> list[Strip]:
        """What may be chosen in the field one is in."""
        name = self.at
        if not name or not self.asked[name].choices or room < 1:
            return []
        fits = self.matches(name)
        picks, rest = getattr(self.fields[name], "picks", True), fits[self.skipped :]
        book = self._book(fits, cells, min(room - 3, BOOK)) if name == "agency" else []
        left = room - len(book)
        return listed(self.ink, self.chair, rest, self.typed(name), self.label() + 2, cells, left, digits=picks) + book

    def _book(self, fits: list[Choice], cells: int, room: int) -> list[Strip]:
        """The phone book of the agency that is chosen, or would be."""
        named = [each.key for each in fits if each.name == self.typed("agency")]
        slug = named[0] if named else fits[0].key if len(fits) == 1 else ""
        return phone_book(self.ink, self.chair, slug, cells, room)

    # -- keys

    def on_descendant_focus(self) -> None:
        """Another field: its choices are shown."""
        self._came, self.skipped = self.typed(self.at), 0
        self.draw()

    _came = ""

    def may_pick(self, digit: int) -> bool:
        """Whether a digit chooses something in the field one is in."""
        name = self.at
        return bool(name) and 0 < digit <= min(len(self.matches(name)) - self.skipped, LISTED)

    def on_key(self, event: Any) -> None:
        """A digit chooses."""
        name = self.at
        if event.key.isdigit() and getattr(self.fields.get(name), "picks", False) and self.may_pick(int(event.key)):
            event.stop()
            self.fill(name, self.matches(name)[self.skipped + int(event.key) - 1].name)
            self.to(1)

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

    def press_next_field(self) -> None:
        """The next field."""
        self.settle()
        self.to(1)

    def press_previous_field(self) -> None:
        """The field before."""
        self.settle()
        self.to(-1)

    def to(self, by: int) -> None:
        """Go to another field."""
        names = list(self.fields)
        if names:
            at = names.index(self.at) if self.at in names else 0
            self.set_focus(self.fields[names[(at + by) % len(names)]])
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

    def press_submit(self) -> None:
        """Do it; in a field whose choice was just typed, go on to the next."""
        name = self.at
        typed = bool(name and self.asked[name].closed and self.typed(name) and self.typed(name) != self._came)
        settled = self.settle()
        if (settled or typed) and self.matches(name) and len(self.fields) > 1:
            self.to(1)
            return
        self.submit()

    def submit(self) -> None:
        """Do it."""
        raise NotImplementedError

    def press_cancel(self) -> None:
        """Put it away; the draft stays. Where it cannot be kept the form stays, until that was read."""
        if self.kept():
            self.dismiss(None)

    def kept(self) -> bool:
        """Whether the form may close: what is half written is kept, or it was said that it cannot be."""
        before, self._warned = self._warned, False
        if not self.keep():
            self._warned = True
            return before
        return True

    _warned = False


def _around(names: list[str], at: str, tall: dict[str, int], most: int) -> list[str]:
    """As many fields about one as so many lines hold."""
    if not names or sum(tall[name] for name in names) <= most:
        return names
    first = last = names.index(at) if at in names else 0
    used = tall[names[first]]
    while True:
        if last + 1 < len(names) and used + tall[names[last + 1]] <= most:
            last += 1
            used += tall[names[last]]
        elif first > 0 and used + tall[names[first - 1]] <= most:
            first -= 1
            used += tall[names[first]]
        else:
            return names[first : last + 1]
