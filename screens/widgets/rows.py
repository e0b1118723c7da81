"""One line of the queue as a strip: cursor, mark, sign, number, category, what, where, status, how long, who looks."""

from __future__ import annotations

from datetime import datetime, tzinfo

from textual.strip import Strip

from console.book import Book
from console.glance import due_part
from console.rows import Row
from console.saying import category_name, short, status_word
from console.words import Words
from screens.widgets.ink import Ink, Part, cut, fit, shown, width
from themes import signs

NARROW = 64
"""Cells below which category, grid and status are left out."""

WAITING = frozenset(("dispatched", "handling", "suspended", "merged"))
"""Statuses in which a case waits for others."""

LOOKS = 8
"""Cells of the names of who looks."""

KEPT = 600
"""Strips that are kept at most."""

COLUMNS = {"zh": (10, 8, 6, 12), "en": (12, 8, 10, 14)}
"""Cells of category, grid, status and time, by language."""


class Rows:
    """Strips of rows, made once for what they show."""

    def __init__(self, ink: Ink, book: Book, say: Words, me: str, here: tzinfo) -> None:
        """For one reader."""
        self._ink, self._book, self._say, self._me, self._here = ink, book, say, me, here
        self._kept: dict[tuple[object, ...], Strip] = {}

    def strip(
        self, row: Row, now: datetime, cells: int, *, at: bool = False, marked: bool = False, looks: str = ""
    ) -> Strip:
        """One row. ``at``: under the cursor; ``looks``: who else looks at it."""
        due = due_part(row, self._say, now.timestamp(), self._here, staged=cells >= NARROW)
        key = (self._ink.palette.name, row, due, cells, at, marked, looks)  # not its id(): another may come to lie there
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) > KEPT:
                self._kept.clear()
            head, rest = self._parts(row, due, now, cells, at, marked, looks)
            bar = sum(width(text) for _, text in head)
            base = "cursor" if at and not self._ink.palette.arrow else "text"
            found = Strip.join([self._ink.strip(head, bar, base), self._ink.strip(rest, cells - bar)])
            self._kept[key] = found
        return found

    def _parts(
        self,
        row: Row,
        due: Part,
        now: datetime,
        cells: int,
        at: bool,
        marked: bool,
        looks: str,
    ) -> tuple[list[Part], list[Part]]:
        """The parts of a row: those that the cursor lights up, and the others.

        It has one role but for its sign and its time, and the bar is no longer than what tells the case: that is calm,
        and short on the line.
        """
        ink, say = self._ink, self._say
        mine = bool(self._me) and row.owner == self._me
        waits = row.leg not in ("sent", "accepted") if row.leg else row.status in WAITING
        role = "mine" if mine else "dim" if waits or row.status == "suspended" else "text"
        left: list[Part] = [ink.sign(signs.CURSOR) if at else ("text", " ")]
        left.append(ink.sign(signs.MARK) if marked else ink.sign(signs.MINE) if mine else ("text", " "))
        left.append(ink.sign(signs.SEVERITY.get(row.severity, signs.SEVERITY["p4"])))
        kind, grid, status, time = COLUMNS[say.language]
        wide = cells >= NARROW
        head = f" {fit(short(row.id, now), 13 if row.id[:4] != f'{now.year}' else 9)} "
        head += fit(category_name(self._book, row.category, say), kind) + " " if wide else ""
        time = time if wide else min(time, 9)
        tail = f" {fit(row.grid, grid)} {fit(status_word(row, say), status)} " if wide else " "
        told = cut(due[1], time)
        end: list[Part] = [
            (due[0] if due[0] in ("late", "soon") else role, " " * (time - width(told)) + told),
            ("text", " "),
        ]
        end += [("tell", fit(looks, LOOKS) + " ")] if looks else []
        voices = len(row.doc.get("voices", ()))
        heard = f" {say('row.voices', n=voices)}" if voices else ""
        room = cells - sum(width(text) for _, text in (*left, (role, head), (role, tail), *end))
        title = row.doc.get("title", "")
        title = cut(shown(title), room - width(heard)) + heard if width(heard) < room else title
        return [*left, (role, head)], [(role, f"{fit(title, room)}{tail}"), *end]
