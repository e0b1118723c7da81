"""How the store keeps each kind of record once it is archived: what it can be found by."""

from __future__ import annotations

from storage.store import Kind

KINDS: dict[str, Kind] = {
    "messages": Kind(indexes=("group", "sender", "issue"), text=("text", "card")),
    "issues": Kind(
        indexes=("source", "source_no", "category", "grid", "status", "outcome", "contact"),
        text=("title", "text", "place", "reporter"),
    ),
    "sheets": Kind(
        indexes=("number", "crew", "shift", "english", "marks"),
        text=(
            "items.title",
            "items.place",
            "items.said",
            "items.next",
            "items.if_then",
            "log.text",
            "orders.text",
            "read_backs.text",
            "questions.text",
            "questions.answer",
            "additions.text",
            "unsigned_why",
            "outgoing.name",
            "incoming.name",
        ),
    ),
}
"""Kind → its indexes and searched texts; what is not named is found by id alone."""
