"""The sample station: files that a town can edit, written by ``init`` and taken in through the same door as theirs."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "sample_files"
"""Where they lie."""

FILES = {
    "settings": "station.toml",
    "agencies": "agencies.toml",
    "categories": "categories.toml",
    "grids": "places.toml",
    "staff": "staff.toml",
}
"""Kind, as ``import`` names it → file; in the order in which they are taken in."""

_CLASSES = {
    "Settings": "settings", "SetAgency": "agencies", "SetCategory": "categories", "SetPlace": "grids", "SetPerson": "staff",
}  # fmt: skip


def text(kind: str) -> str:
    """A sample file."""
    return (FOLDER / FILES[kind]).read_text(encoding="utf-8")


def lines(cls: str) -> list[str]:
    """The lines of the sample that a class is read from; none for a class that has no file."""
    if cls == "Map":
        return (FOLDER.parent / "maps" / "boston.toml").read_text(encoding="utf-8").splitlines()
    kind = _CLASSES.get(cls)
    return text(kind).splitlines() if kind else []
