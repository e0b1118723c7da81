"""Help: the keys of the screen one came from, all others, the signs, the query language, and the first ten minutes."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.strip import Strip
from textual.widgets import Input

from console.query import describe
from screens import keys
from screens.listing import Entry, Listing
from screens.widgets.fields import Field
from screens.widgets.ink import Part, fit
from themes import signs

PLACES = ("queue", "case", "form", "log", "handover", "arrival", *keys.REVIEWS, "drafts", "palette", "confirm")
"""Screens, in the order in which they are explained."""

GUIDE = 12
"""Steps of the first ten minutes."""


class HelpScreen(Listing):
    """Everything that can be asked."""

    place = "help"

    def __init__(self, **about: Any) -> None:
        """``place``: the screen one came from; it is explained first."""
        super().__init__(**about)
        self.of: str = about.get("place", "queue")
        self.field = Field("help", "", picks=False)

    def compose(self) -> ComposeResult:
        """The canvas, and the line to search by."""
        yield from super().compose()
        yield self.field

    def on_mount(self) -> None:
        """Begin at the top, nothing searched."""
        self.field.display = False

    def entries(self) -> list[Entry]:
        """All lines that hold what is searched."""
        said = self.field.value.strip().casefold()
        found: list[Entry] = []
        for head, lines in self._parts():
            fits = [parts for parts in lines if not said or said in "".join(text for _, text in parts).casefold()]
            if fits:
                found.append(Entry([("head", head)]))
                found += [Entry(parts, f"{head} {n}") for n, parts in enumerate(fits)]
        return found

    def _parts(self) -> list[tuple[str, list[list[Part]]]]:
        """Headings with their lines."""
        say = self.say
        table = keys.table(self.remapped())
        order = [self.of, *[place for place in PLACES if place != self.of]]
        found = [(say("help.guide"), [[("text", f"{n}. {say(f'guide.{n}')}")] for n in range(1, GUIDE + 1)])]
        shown = [key for key in table if self.offered(key)]
        parts = [(say(f"place.{place}"), [self._about(key, place) for key in keys.on(place, shown)]) for place in order]
        parts = [(head, lines) for head, lines in parts if lines]
        found = [parts[0], *found, *parts[1:]]
        found.append((say("help.signs"), self._signs()))
        query: list[list[Part]] = [
            [("key", fit(f"{key}:", 12)), ("text", ", ".join(values)), ("dim", f"  {say(f'query.{key}')}")]
            for key, values in describe().items()
        ]
        return [*found, (say("help.query"), query)]

    def _about(self, key: keys.Key, place: str) -> list[Part]:
        """One key, in the words of its screen where it has its own there."""
        said = " ".join(self.spoken(each) for each in key.keys.split(",")[:3])
        return [("key", fit(said, 14)), ("strong", fit(self._word("key", key.id, place), 14)),
                ("text", self._word("does", key.id, place))]  # fmt: skip

    def _word(self, kind: str, id: str, place: str) -> str:
        """The word of a key, or what it does."""
        own = f"{kind}.{id}.{place}"
        return self.say(own if self.say.known(own) else f"{kind}.{id}")

    def _signs(self) -> list[list[Part]]:
        """What signs mean."""
        say = self.say
        found: list[list[Part]] = [
            [self.ink.sign(sign), ("text", f"  {say(f'severity.{name}')}")] for name, sign in signs.SEVERITY.items()
        ]
        return [*found, [self.ink.sign(signs.MINE), ("text", f"  {say('count.mine')}")],
                [self.ink.sign(signs.MARK), ("text", f"  {say('key.mark')}")]]  # fmt: skip

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, lines, keys."""
        head = self.header([("title", self.say("key.help"))], cells)
        self.field.styles.offset, self.field.styles.width = (3, rows - 2), max(cells - 4, 8)
        prompt = self.ink.strip([("key", " /")], cells) if self.field.display else self.divider(cells, self._hint())
        return [head, *self.body(cells, rows - 3), prompt, self.footer(cells)]

    def _hint(self) -> list[Part]:
        """How to search."""
        return [("dim", self.say("help.search"))]

    def press_filter(self) -> None:
        """Search."""
        self.field.display = True
        self.set_focus(self.field)
        self.draw()

    def on_input_changed(self) -> None:
        """Show what holds it."""
        self.top = 0
        self.refreshed()
        self.draw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep it, and read."""
        event.stop()
        self._leave()

    def on_key(self, event: Any) -> None:
        """Escape leaves the search and empties it."""
        if event.key == "escape" and (self.field.has_focus or self.field.value):
            event.stop()
            event.prevent_default()
            self.field.value = ""
            self._leave()

    def _leave(self) -> None:
        """Back to the lines."""
        self.field.display = False
        self.set_focus(None)
        self.refreshed()
        self.draw()
