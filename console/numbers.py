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


def issue_id(book: Book, said: str, now: datetime) -> str:
    """The id for a number as people write it: whole, without the year, or the running number alone.

    That is today's, and yesterday's where today has none: after midnight the night shift goes on with the same cases.
    """
    found = _WRITTEN.fullmatch(said.strip())
    today = f"{local_day(now, zone(settings(book).timezone)):%Y%m%d}"
    if found and found["whole"]:
        return found["whole"]
    if found:
        day = found["day"] or today[4:]
        id = f"{day if len(day) == 8 else today[:4] + day}{int(found['running']):04d}"
        if not found["day"] and id not in book.docs(CASES):
            before = f"{local_day(now, zone(settings(book).timezone)) - timedelta(days=1):%Y%m%d}{id[8:]}"
            return before if before in book.docs(CASES) else id
        return id
    raise Refused("refused.bad_number", said=said)
