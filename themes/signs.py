"""Signs: what a colour says is said by a sign as well. Of each there is one that every terminal can show."""

from __future__ import annotations

from typing import NamedTuple


class Sign(NamedTuple):
    """A sign and its role."""

    sign: str
    """One or two cells wide, as its family says."""

    plain: str
    """The same in ASCII, as wide."""

    role: str
    """The role that colours it."""


SEVERITY: dict[str, Sign] = {
    "p1": Sign("‼", "#", "p1"),
    "p2": Sign("!", "!", "p2"),
    "p3": Sign("·", ".", "text"),
    "p4": Sign(" ", " ", "dim"),
}
"""特急, 加急, 一般, 低; one cell."""

CURSOR = Sign("▌", ">", "key")
"""The line under the cursor."""

MARK = Sign("✓", "+", "marked")
"""A marked line, a ticked one."""

MINE = Sign("*", "*", "mine")
"""One's own case."""

RULE = Sign("─", "-", "rule")
"""A line across."""

MORE = Sign("…", "~", "dim")
"""Something was cut."""

STATUS: dict[str, str] = {
    "new": "strong", "filed": "text", "dispatched": "wait", "handling": "wait", "returned": "soon", "suspended": "dim",
    "resolved": "good", "closed": "dim", "rejected": "dim", "voided": "dim", "merged": "dim",
}  # fmt: skip
"""Status → role; its word is the sign."""

WEIGHT: dict[str, Sign] = {
    "urgent": Sign("!", "!", "p1"),
    "watch": Sign("·", ".", "soon"),
    "stable": Sign(" ", " ", "dim"),
}
"""紧急, 关注, 平稳; one cell."""

NOTE: dict[str, Sign] = {"pinned": Sign("^", "^", "soon"), "struck": Sign("×", "x", "dim"), "note": Sign("·", ".", "text")}
"""A line of the log; one cell."""
