"""Messages of the group chat as lines: one each, and the one under the cursor in full with what it may belong to."""

from __future__ import annotations

from textual.strip import Strip

from console.categories import named
from console.chair import Chair
from console.chat.inbox import Item, stopping
from console.chat.privacy import masked
from console.plain import clean, line
from console.rows import Row
from console.saying import agency_name, category_name, short, span
from console.staff import person
from screens.widgets.ink import Ink, Part, fit, wrapped
from themes import signs

NAME = {"zh": 18, "en": 20}
"""Cells of who wrote a message."""

NARROW = 60
"""Cells below which only the name of who wrote a message stands there, without the place."""


class Messages:
    """Draws them."""

    def __init__(self, ink: Ink, chair: Chair) -> None:
        """``chair``: the session, whose language and clock it is told by."""
        self.ink, self.chair, self.say = ink, chair, chair.say

    def row(self, item: Item, cells: int, *, at: bool, mark: str) -> Strip:
        """One message: when, who, what; where it went.

        ``at``: whether the cursor stands on it; ``mark``: one cell, whether it is marked, or a piece of what is chosen.
        """
        ink, say, chair = self.ink, self.say, self.chair
        each, here = item.message, at
        local = chair.local(each.at)
        when = f"{local:%H:%M}" if local.date() == chair.local().date() else f"{local:%m-%d}"
        role = "dim" if item.faded or each.issue or each.aside_by or each.recalled_at else "text"
        danger = named(stopping(chair.book), each.text) and not each.issue
        parts: list[Part] = [ink.sign(signs.CURSOR) if here else ("text", " ")]
        parts.append(("marked" if mark.strip() else "text", mark))
        who = self._who(item) if cells >= NARROW else line(item.name)
        known = "wait" if item.login or item.agency else "strong" if role == "text" else "dim"
        parts += [("dim", f"{when} "), (known, fit(who, min(NAME[say.language], cells // 4)) + " ")]
        parts += self._state(item)
        parts.append(("alarm" if danger else "struck" if each.recalled_at else role, self._said(item)))
        return ink.strip(parts, cells, "cursor" if here and not ink.palette.arrow else "text")

    def _who(self, item: Item) -> str:
        """Who wrote it: name and place; of staff and agencies, what they are."""
        if item.agency:
            return f"{line(item.name)} {agency_name(self.chair.book, item.agency, self.say)}"
        found = person(self.chair.book, item.login) if item.login else None
        if found is not None:
            return f"{line(found.name or found.login)} {self.say(f'role.{found.role}')}"
        return line(f"{item.place} {item.name}".strip())

    def _state(self, item: Item) -> list[Part]:
        """What became of it: its case, recalled, put by, why it is faded."""
        each, say = item.message, self.say
        found: list[Part] = []
        if each.issue:
            found.append(("good", f"{short(each.issue, self.chair.now())} "))
        if each.recalled_at:
            found.append(("late", f"{say('inbox.recalled')} "))
        if item.answered and not each.issue:
            found.append(("good", f"{say('inbox.answered')} "))
        if each.aside_by:
            found.append(("dim", f"{say('inbox.by')} "))
        if item.too:
            found.append(("soon", f"{say('inbox.too')} "))
        elif item.faded:
            found.append(("dim", f"{say(f'faded.{item.faded}')} "))
        return found

    def _said(self, item: Item) -> str:
        """Its words, numbers masked, and what else is in it."""
        each, say = item.message, self.say
        holds = [say(f"holds.{name}") if say.known(f"holds.{name}") else line(name) for name in dict.fromkeys(each.holds)]
        return " ".join([line(masked(each.text, self.chair.inbox.names)), *(f"[{name}]" for name in holds)]).strip()

    def under(self, item: Item | None, same: list[Row], cells: int, least: int, most: int) -> list[Strip]:
        """The message in full, its pictures, and the cases that it may belong to, within these bounds."""
        ink = self.ink
        if item is None:
            return [ink.strip([], cells)] * least
        whole, pictures = self.text(item, cells), self._pictures(item, cells)
        room = max(least, min(len(whole) + len(pictures) + len(same), most))
        kept = max(room - len(same) - len(pictures[:1]), 1)
        rest: list[Part] = [("dim", f" … {self.say('inbox.longer', n=len(whole) - kept + 1)}")]
        found = [ink.strip([("quote", f" {part}")], cells) for part in whole[:kept]]
        found = found if len(whole) <= kept else [*found[:-1], ink.strip(rest, cells)]
        found += pictures[: max(room - len(found) - len(same), 0)]
        found += [self._same(n, row, cells) for n, row in enumerate(same, 1)]
        return [*found, *[ink.strip([], cells)] * (room - len(found))][:room]

    def text(self, item: Item, cells: int) -> list[str]:
        """The words of a message, numbers masked, as lines."""
        told = " / ".join(filter(None, clean(masked(item.message.text, self.chair.inbox.names)).split("\n")))
        return list(wrapped(told, cells - 2)) or [""]

    def _pictures(self, item: Item, cells: int) -> list[Strip]:
        """Where its pictures lie, to be opened elsewhere; or why they were not kept."""
        found = []
        for each in item.message.pictures:
            told = line(each.path) if each.path else self.say(f"picture.{each.why or 'coming'}")
            found.append(self.ink.strip([("dim", f" {self.say('holds.image')} {told}")], cells))
        return found

    def _same(self, n: int, row: Row, cells: int) -> Strip:
        """A case that it may belong to, with the key that joins it."""
        say, chair = self.say, self.chair
        told = [short(row.id, chair.now()), category_name(chair.book, row.category, say), row.grid]
        ago = say("new.ago", span=span(say, chair.now().timestamp() - row.reported))
        voices = len(row.doc.get("voices", ()))
        parts: list[Part] = [("key", f" {n} "), ("text", "  ".join(filter(None, told)) + "  ")]
        parts += [("strong", line(row.doc.get("title", ""))), ("dim", f"  {ago}")]
        return self.ink.strip([*parts, ("dim", f" ({say.plural('voices', voices)})" if voices else "")], cells)
