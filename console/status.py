"""The status table: where a case may be, and what may come next. Status says where it is, outcome what came of it."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a case is."""

    NEW = "new"
    FILED = "filed"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    SUSPENDED = "suspended"
    RETURNED = "returned"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"
    VOIDED = "voided"
    MERGED = "merged"


class Outcome(StrEnum):
    """What came of a case. Closed is not the same as fixed."""

    SOLVED = "solved"
    PARTLY = "partly"
    NOT = "not"
    CANNOT = "cannot"
    NOT_OURS = "not_ours"
    MISTAKEN = "mistaken"
    DUPLICATE = "duplicate"


S = Status
TABLE: dict[Status, frozenset[Status]] = {
    S.NEW: frozenset({S.FILED, S.CLOSED, S.REJECTED, S.MERGED}),
    S.FILED: frozenset({S.DISPATCHED, S.RESOLVED, S.VOIDED, S.MERGED}),
    S.DISPATCHED: frozenset({S.HANDLING, S.RETURNED, S.RESOLVED, S.FILED, S.VOIDED, S.MERGED}),
    S.HANDLING: frozenset({S.RESOLVED, S.SUSPENDED, S.RETURNED, S.DISPATCHED, S.FILED, S.VOIDED, S.MERGED}),
    S.SUSPENDED: frozenset({S.HANDLING, S.VOIDED}),
    S.RETURNED: frozenset({S.DISPATCHED, S.FILED, S.VOIDED, S.MERGED}),
    S.RESOLVED: frozenset({S.CLOSED, S.DISPATCHED, S.HANDLING, S.FILED}),
    S.CLOSED: frozenset({S.FILED}),
    S.REJECTED: frozenset({S.NEW}),
    S.VOIDED: frozenset(),
    S.MERGED: frozenset({S.CLOSED, S.NEW, S.FILED, S.DISPATCHED, S.HANDLING, S.RETURNED}),
}
"""Status → what may come next.

``filed`` from dispatched and handling: every errand was withdrawn. ``handling`` from resolved: rework while an agency still
works on its errand.
"""

ENDED = frozenset({S.CLOSED, S.REJECTED, S.VOIDED})
"""Nothing more is to be done."""

OPEN = tuple(status for status in TABLE if status not in ENDED and status is not S.MERGED)
"""Something is still to be done, by nobody else's case."""

FOLLOWING = frozenset({S.FILED, S.DISPATCHED, S.HANDLING, S.RETURNED, S.RESOLVED})
"""The statuses that the errands decide."""

ANSWERS = ("yes", "partly", "no")
"""Whether it is solved, in the resident's view."""

OPINIONS = ("satisfied", "fairly", "dissatisfied")
"""满意, 基本满意, 不满意."""

MODES = ("at_once", "joint", "supervised")
"""即办, 联办, 督办."""
