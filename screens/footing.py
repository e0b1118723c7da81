"""The last lines of every screen: what the program says, and the likely keys for what is under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.screen import Screen
from textual.strip import Strip

from console.words import Words
from screens import keys
from screens.widgets.ink import Ink, Part, shown, spread, width, wrapped

if TYPE_CHECKING:
    from console.chair import Chair

SMALL = 64
"""Cells of a line below which a screen leaves out what can be left out."""

ALWAYS = 80
"""Keys of the footer from this rank on always stand at its end."""

LIKELY = 5
"""Keys of the footer that stay, dim, where the rules refuse them now."""


class Footing(Screen[Any]):
    """A screen with keys."""

    place: ClassVar[str] = ""
    """Its name in the keys' table."""

    notice: Part | None = None
    """What the program says at the moment, until the next key."""

    table: list[keys.Key]
    """Its keys."""

    @property
    def chair(self) -> Chair:
        """The session."""
        chair: Chair = self.app.chair  # type: ignore[attr-defined]
        return chair

    @property
    def say(self) -> Words:
        """The language."""
        return self.chair.say

    @property
    def ink(self) -> Ink:
        """The palette."""
        ink: Ink = self.app.ink  # type: ignore[attr-defined]
        return ink

    def foot(self, cells: int, head: list[Part] | None = None) -> list[Strip]:
        """The last two lines: what the program says, or a line across, and the likely keys. What is long takes both."""
        said = self.notice
        if said is not None and width(shown(said[1])) > cells:
            lines = wrapped(said[1].strip(), cells - 1)[:2]
            return [self.ink.strip([(said[0], f" {part}")], cells, said[0]) for part in [*lines, ""][:2]]
        return [self.divider(cells, head), self.footer(cells)]

    def divider(self, cells: int, head: list[Part] | None = None) -> Strip:
        """A line across; what the program says stands in its place."""
        if self.notice is None:
            return self.ink.rule(cells, head or ())
        return self.ink.strip([self.notice], cells, self.notice[0])

    def footer(self, cells: int) -> Strip:
        """The likely keys for what is under the cursor; while one types, what ends that."""
        if self.place not in ("form", "palette") and self.focused is not None:
            ends = [("enter", "typing.done"), ("escape", "typing.leave")]
            return self.ink.strip([part for key, word in ends for part in self._ends(key, word)], cells)
        known = self.footed()
        if known is None:
            return self._footer(cells)
        asked = (cells, self.ink.palette.name, known)
        if self._foot is None or self._foot[0] != asked:
            self._foot = (asked, self._footer(cells))
        return self._foot[1]

    def _ends(self, key: str, word: str) -> list[Part]:
        """What a key does to what is typed."""
        return [("text", " "), ("key", self.spoken(key)), ("text", f" {self.say(word)}  ")]

    def footed(self) -> object:
        """What the footer depends on, where asking the rules again and again would be slow; None: make it anew."""
        return None

    _foot: tuple[object, Strip] | None = None

    def _footer(self, cells: int) -> Strip:
        """The footer, made anew."""
        ranked = sorted((key for key in self.table if key.rank), key=lambda key: key.rank)
        last = [self._key(key, "on") for key in ranked if key.rank >= ALWAYS and cells >= SMALL]
        left = cells - sum(size for size, _ in last)
        parts: list[Part] = []
        for key in ranked:
            state = self.state(key)
            if key.id == self.place or (key.id in keys.FOOT and not self.chair.who.may(keys.FOOT[key.id])):
                continue
            if state == "hidden" or (state == "off" and key.rank > LIKELY) or (key.rank >= ALWAYS and last):
                continue
            size, said = self._key(key, state)
            if size <= left:
                left -= size
                parts += said
        return self.ink.strip(spread(parts, [part for _, said in last for part in said], cells), cells)

    def _key(self, key: keys.Key, state: str) -> tuple[int, list[Part]]:
        """One key of the footer: its cells and its parts."""
        name, word = self.spoken(key.keys.split(",")[0]), self.word(key)
        off = state == "off"
        said: list[Part] = [("text", " "), ("key_off" if off else "key", name), ("key_off" if off else "text", f" {word}")]
        return sum(width(shown(text)) for _, text in said), said

    def spoken(self, key: str) -> str:
        """How a key is shown: by its sign, or by its name in the language."""
        return self.say(f"keyname.{key}") if key in keys.NAMED else keys.spoken(key)

    def state(self, key: keys.Key) -> str:
        """``on`` where a key works now, ``off`` where the rules refuse it, ``hidden`` where it makes no sense here."""
        right = keys.right_of(key)
        return "hidden" if right and not self.chair.who.may(right) else "on"

    def offered(self, key: keys.Key) -> bool:
        """Whether somebody with one's rights could ever do what a key does: what they never can is told to nobody."""
        from console.steps import ever

        right = keys.right_of(key)
        return (not right or self.chair.who.may(right)) and ever(self.chair.who, key.id, key.verb)

    def word(self, key: keys.Key) -> str:
        """The word of a key."""
        return self.say(f"key.{key.id}")
