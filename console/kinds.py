"""How the store keeps each kind of record once it is archived: what it can be found by."""

from __future__ import annotations

from storage.store import Kind

KINDS: dict[str, Kind] = {
    "issues": Kind(
        indexes=("source", "source_no", "category", "grid", "status", "outcome", "contact"),
        text=("title", "text", "place", "reporter"),
    ),
    "sheets": Kind(indexes=("number",)),
}
"""Kind → its indexes and searched texts; what is not named is found by id alone."""
