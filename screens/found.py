"""The cases behind a number: every figure of a screen opens into them."""

from __future__ import annotations

from textual.strip import Strip

from console.plain import line
from console.saying import short, status_word
from screens.keys import Key
from screens.listing import Entry, Listing


class FoundScreen(Listing):
    """A list of cases under the figures that count them."""

    place = "found"

    def entries(self) -> list[Entry]:
        """Each figure, and its cases. ``groups``: (what stands over them, ids)."""
        found: list[Entry] = []
        for n, (head, ids) in enumerate(self.about["groups"]):
            found.append(Entry([("head", str(head))], "" if ids else f"none {n}"))
            found += [self._case(id, f"{n} {id}") for id in ids]
        return found

    def _case(self, id: str, key: str) -> Entry:
        """One case: number, what, where it is now."""
        from console.rows import Row

        chair, say = self.chair, self.say
        doc = chair.doc(id)
        if not doc:
            return Entry([("dim", f"  {short(id, chair.now())}  {say('found.gone')}")], key)
        status = status_word(Row(id, doc), say)
        parts = [("text", f"  {short(id, chair.now())}  "), ("strong", line(doc.get("title", ""))), ("dim", f"  {status}")]
        return Entry([*parts, ("dim", f"  {line(doc.get('grid', ''))} {line(doc.get('place', ''))}")], key, id)

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, cases, keys."""
        head = self.header([("title", f"{self.say('place.found')}  {line(str(self.about.get('title', '')))}")], cells)
        total = len(self.keys())
        place = [("dim", f"{self.index() + 1 if total else 0}/{total}")]
        return [head, *self.body(cells, rows - 3), *self.foot(cells, place)]

    def state(self, key: Key) -> str:
        """What works on this line."""
        found = self.chosen()
        if key.id == "open":
            return "on" if found and found.case else "hidden"
        return super().state(key)
