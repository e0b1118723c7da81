"""The station's own tables: settings, agencies, categories, grids, staff, from TOML or any table of rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from console.act import Act
from console.agencies import SetAgency
from console.book import Refused
from console.categories import SetCategory
from console.config import Configure, Settings
from console.desk import Desk
from console.door import build, checked, line_of, toml
from console.exchange.importing import Outcome
from console.exchange.reading import Line, Progress, open_table
from console.places import SetPlace
from console.staff import SetPerson

ACTS: dict[str, tuple[str, type[Act]]] = {
    "agencies": ("agency", SetAgency),
    "categories": ("category", SetCategory),
    "grids": ("place", SetPlace),
    "staff": ("person", SetPerson),
}
"""Kind, as ``import`` names it → section of its TOML file, and the act that takes one in."""


def import_records(desk: Desk, kind: str, path: Path, progress: Progress, *, dry: bool = False) -> Outcome:
    """Take a table of the station's own in, one by one; what is refused is told with its line."""
    if kind == "settings":
        return _settings(desk, path, dry=dry)
    section, cls = ACTS[kind]
    if dry:
        return import_records(_scratch(desk), kind, path, progress)
    rows = _toml_rows(path, section, cls) if path.suffix == ".toml" else _table_rows(path)
    result = Outcome()
    for done, (line, given) in enumerate(rows, 1):
        try:
            if isinstance(given, Refused):
                raise given
            act = build(cls, given) if isinstance(given, dict) else given
            before = desk.book.number
            changed = desk.do(act).number != before
            result.counts["taken" if changed else "unchanged"] += 1
        except Refused as error:
            result.rejected.append((line, error.word, error.facts))
        progress(kind, done, len(rows))
    result.counts["rejected"] = len(result.rejected)
    return result


def _scratch(desk: Desk) -> Desk:
    """A desk on a copy in memory, for looking what would come of something."""
    from storage.memory import MemoryStore
    from storage.store import Change, Op

    store = MemoryStore(desk.now)
    for kind in ("settings", "agencies", "categories", "places", "staff"):
        ops = [Op(kind, id, doc) for id, doc in desk.book.docs(kind).items()]
        if ops:
            store.append(Change("", "copy", ops))
    return Desk(store, desk.now, desk.who)


def _settings(desk: Desk, path: Path, *, dry: bool) -> Outcome:
    """The settings, whole."""
    text = _read(path)
    given = toml(path, text)
    if not given:  # emptied or half saved: it would put everything back to the sample, hours and zone too
        raise Refused("refused.empty", file=str(path))
    act = Configure(settings=checked(Settings, given, path, text))
    result = Outcome()
    desk.catch_up()
    if dry:
        changed = bool(act.decided(desk.book, desk.now(), desk.who).puts)
    else:
        before = desk.book.number
        changed = desk.do(act).number != before
    result.counts["updated" if changed else "unchanged"] += 1
    return result


def _read(path: Path) -> str:
    """A text file. Raises ``Refused``."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", "") or str(error)
        raise Refused("refused.file", file=str(path), reason=reason) from error


def _toml_rows(path: Path, section: str, cls: type[Act]) -> list[tuple[Line, Any]]:
    """The sections of a TOML file: each an act, or the refusal that names file, line, field and an example."""
    text = _read(path)
    found = toml(path, text)
    rows = found.get(section, [])
    if not isinstance(rows, list) or set(found) - {section} or not all(isinstance(each, dict) for each in rows):
        odd = sorted(set(found) - {section}) or [section]
        raise Refused("refused.section", file=str(path), said=odd[0], section=section)
    made: list[tuple[Line, Any]] = []
    for place, given in enumerate(rows):
        line = Line(line_of(text, (section, place)), {str(k): str(v) for k, v in given.items()}, "", {})
        try:
            made.append((line, checked(cls, given, path, text, (section, place))))
        except Refused as error:
            made.append((line._replace(number=int(error.facts.get("line", place + 1))), error))
    return made


def _table_rows(path: Path) -> list[tuple[Line, Any]]:
    """The rows of a table with our own column names; empty cells say nothing."""
    made: list[tuple[Line, Any]] = []
    for line in open_table(path).lines:
        given = {name: value.strip() for name, value in line.fields.items() if value.strip()}
        made.append((line, Refused(line.wrong, **line.facts) if line.wrong else given))
    return made
