"""The number of a case, as it is kept and as people say it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from console.book import Book, Refused
from console.clock import local_day, zone
from console.config import settings

_WRITTEN = re.compile(r"#?(?:(?P<whole>[1-9]\d{11,14})|(?:(?P<day>\d{8}|\d{4})-)?(?P<running>\d{1,6}))", re.ASCII)

CASES = "issues"
"""Kind of the documents of cases."""


def number(id: str) -> str:
    """The number people say: ``20261123-0042``."""
    return f"{id[:8]}-{id[8:]}"


def issue_id(book: Book, said: str, now: datetime, login: str = "") -> str:
    """The id for a number as people write it: whole, without the year, or the running number alone.

    That is today's, and yesterday's where today has none: after midnight the night shift goes on with the same cases.
    ``last`` is the case that ``login`` has touched last.
    """
    if said.strip() == "last":
        touched = [(d["last"]["at"], id) for id, d in book.docs(CASES).items() if (d.get("last") or {}).get("by") == login]
        if not touched:
            raise Refused("refused.no_last")
        return max(touched)[1]
    found = _WRITTEN.fullmatch(said.strip())
    if found is None:
        raise Refused("refused.bad_number", said=said)
    if found["whole"]:
        return found["whole"]
    today = local_day(now, zone(settings(book).timezone))
    day, running = found["day"] or "", f"{int(found['running']):04d}"
    if day:
        return f"{day if len(day) == 8 else f'{today:%Y}{day}'}{running}"
    id, before = f"{today:%Y%m%d}{running}", f"{today - timedelta(days=1):%Y%m%d}{running}"
    return before if id not in book.docs(CASES) and before in book.docs(CASES) else id
