"""Where somebody lives, as their name in the group says it: ``3-2-501李``, ``8栋3单元303``, ``12幢1803 王姐``."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from console.chat.rules import rule, spoken

_SAID = spoken("cards")
_BUILDING = r"(?<!\d)(?P<building>\d{1,3}|[A-Za-z])\s*"
_UNIT, _ROOM = r"(?P<unit>\d{1,2})\s*", rf"(?P<room>\d{{2,4}})(?!\d)\s*(?:{_SAID['room']})?"

FORMS = (
    rule(rf"{_BUILDING}(?:{_SAID['building']}+|-)\s*{_UNIT}(?:{_SAID['unit']}|-)\s*{_ROOM}"),
    rule(rf"{_BUILDING}(?:{_SAID['building']}+-?|-)\s*(?=\d{{3}}){_ROOM}"),
    rule(rf"{_BUILDING}{_SAID['building']}+\s*{_UNIT}{_SAID['unit']}"),
    rule(rf"{_BUILDING}{_SAID['building']}+"),
)
"""From the fullest to the barest."""

_TOLD = rule(rf"{_BUILDING}{_SAID['building']}\s*(?:{_UNIT}{_SAID['unit']}\s*)?(?:{_ROOM})?")
"""A building in a sentence, with entrance and flat where they follow."""

_PHONE = rule(r"(?<!\d)\+?\d[\d-]{6,}\d(?!\d)")
"""A number of a telephone, or of a case: no flat."""

AROUND = "".join(sorted(set(_SAID["around"])))
"""Signs that stand around a name and are no part of it."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a name in the group says."""

    building: str = ""
    """Number or letter of the building; empty where it is not said."""

    unit: str = ""
    """Number of the entrance."""

    room: str = ""
    """Number of the flat."""

    name: str = ""
    """What they are called besides."""

    latin: bool = False
    """Whether nothing in it is Chinese."""

    @property
    def place(self) -> str:
        """In the words of a place: 3幢2单元501; where nothing in the name is Chinese, 3-2-501."""
        if self.latin:
            return "-".join(filter(None, (self.building, self.unit, self.room)))
        form = spoken("place")["room" if self.room else "unit" if self.unit else "building"] if self.building else ""
        return form.format(
            building=self.building, unit=self.unit and spoken("place")["entrance"].format(self.unit), room=self.room
        )


def _bare(name: str) -> str:
    """A name without the signs around it; brackets that stand around a part of it stay, as in ``[i]Li``."""
    bare = name.strip(AROUND)
    at = name.find(bare) if bare else 0
    for pair in _SAID["brackets"].split():
        begin, end = pair[0], pair[1]
        if bare.count(end) > bare.count(begin) and name[:at].endswith(begin):
            bare = begin + bare
        if bare.count(begin) > bare.count(end) and name[at + len(bare) :].startswith(end):
            bare += end
    return bare


def told_place(text: str) -> str:
    """The place that a message names itself, where it names a building as such: 12幢, 3号楼2单元; else empty.

    What only looks like a flat (3-2-501) is believed of a name in the group, not of a sentence: it may be a time, a price.
    """
    said = unicodedata.normalize("NFKC", text)
    found = _TOLD.search(said)
    if found is None:
        return ""
    parts = found.groupdict()
    return Card(parts["building"].upper(), parts["unit"] or "", parts["room"] or "").place


def flats(text: str) -> list[str]:
    """The flats that a sentence names, as places: with their room, since a building is no one's own."""
    said = _PHONE.sub(" ", unicodedata.normalize("NFKC", text))
    found = list[str]()
    for form in FORMS[:2]:
        for each in form.finditer(said):
            parts = each.groupdict()
            found.append(Card(parts["building"].upper(), parts.get("unit") or "", parts["room"] or "").place)
        said = form.sub(" ", said)
    return list(dict.fromkeys(found))


def card(text: str) -> Card:
    """What a name says; only the name where nothing is said of a place."""
    said = unicodedata.normalize("NFKC", text).strip()
    for form in FORMS:
        found = form.search(said)
        if found is not None:
            parts = found.groupdict()
            rest = _bare(f"{said[: found.start()]} {said[found.end() :]}")
            return Card(parts["building"].upper(), parts.get("unit") or "", parts.get("room") or "", rest, said.isascii())
    return Card(name=said)
