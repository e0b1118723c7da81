"""A map tells whose columns are which of ours: TOML, checked by pydantic; five come with the program."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from console.book import Refused
from console.door import checked, toml
from console.keys import unknown
from console.record import Record

FOLDER = Path(__file__).parents[1] / "maps"
"""Where the program's own maps lie."""

OURS = (
    "number", "title", "text", "reported", "closed", "updated", "target", "limit", "status", "outcome", "category",
    "severity",
    "grid", "place", "reporter", "contact", "resolution",
)  # fmt: skip
"""Fields of a case that a column may be; ``facts.<name>`` keeps anything else with the case."""

_SOME = datetime(2026, 1, 2, 3, 4, 5)

STATUSES = ("new", "filed", "closed", "rejected", "voided")
"""What a word of theirs for a status may become: only the desk itself sends errands out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Map(Record):
    """How to read somebody else's table."""

    source: str
    """Name of their system; with their number it says which case is which."""

    timezone: str = "Asia/Shanghai"
    """Zone of times that name none."""

    time_formats: tuple[str, ...] = ("iso",)
    """How times are written: ``iso``, or patterns of strptime."""

    encoding: str = ""
    """Encoding of the file, where it is not to be found out."""

    columns: dict[str, str]
    """Their column → our field, or ``facts.<name>``; several columns of one field are joined."""

    status: dict[str, str] = field(default_factory=dict)
    """Their word → our status."""

    category: dict[str, str] = field(default_factory=dict)
    """Their word → slug of our category."""

    severity: dict[str, str] = field(default_factory=dict)
    """Their word → our severity."""

    constants: dict[str, str] = field(default_factory=dict)
    """Our field → its value, where the row says nothing."""

    def __post_init__(self) -> None:
        """Check the names of our fields and statuses, and the zone."""
        from console.clock import zone

        try:
            zone(self.timezone)
        except ValueError as error:
            raise Refused("refused.zone", field="timezone", said=self.timezone) from error
        for form in self.time_formats:
            try:
                good = form == "iso" or datetime.strptime(_SOME.strftime(form), form).year
            except Exception as error:
                raise Refused("wrong.map_time", field="time_formats", said=form) from error
            if not good:
                raise Refused("wrong.map_time", field="time_formats", said=form)
        for theirs, ours in (*self.columns.items(), *((name, name) for name in self.constants)):
            if ours not in OURS and not (ours.startswith("facts.") and len(ours) > 6):
                raise Refused("wrong.map_field", field=theirs, said=ours, known=", ".join(OURS))
        for theirs, ours in self.status.items():
            if ours not in STATUSES:
                raise Refused("wrong.map_status", field=theirs, said=ours, known=", ".join(STATUSES))
        if not self.source.strip() or ":" in self.source:
            raise Refused("wrong.map_source", field="source")
        for needed in ("number", "reported"):
            if needed not in self.columns.values():
                raise Refused("wrong.map_needs", field="columns", said=needed)


def known() -> list[str]:
    """Names of the program's own maps."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def load(name: str) -> Map:
    """A map by the name of one of ours, or by the path of a file. Raises ``Refused`` naming file, line, field, example."""
    path = Path(name) if name.endswith(".toml") or "/" in name else FOLDER / f"{name}.toml"
    if path.parent == FOLDER and path.stem not in known():
        raise unknown("refused.no_map", name, known())
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", "") or str(error)
        raise Refused("refused.file", file=str(path), reason=reason) from error
    found: Map = checked(Map, toml(path, text), path, text)
    return found


def guess(columns: list[str]) -> str:
    """The program's own map that knows most of these columns, number and time among them. Raises ``Refused``."""
    best, most = "", 0
    for name in known():
        each = load(name)
        here = {ours for theirs, ours in each.columns.items() if theirs in columns}
        size = sum(column in each.columns for column in columns)
        if {"number", "reported"} <= here and size > most:
            best, most = name, size
    if not best:
        raise Refused("refused.which_map", columns=", ".join(columns[:8]), names=", ".join(known()))
    return best
