"""What waits for a supervisor or the chief, in one list: requests, forced closes, urgings without an answer, orphans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from console.book import Book
from console.numbers import CASES
from console.record import Doc, moment
from console.rows import asked, forced
from console.standin import orphans

KINDS = ("request", "forced", "urging", "orphan")
"""In the order in which they are listed."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits."""

    kind: str
    """One of ``KINDS``."""

    id: str
    """Id of the case."""

    title: str
    """The case in one line."""

    what: str = ""
    """Of a request: extend, suspend, void or appeal."""

    n: int = 0
    """Number of the request or the urging on the case; 0 for what has none."""

    by: str = ""
    """Login of who asked, forced or urged; of an orphan, of who left it behind."""

    at: datetime | None = None
    """When; none for an orphan."""

    why: str = ""
    """The reason given."""

    until: datetime | None = None
    """Until when something is asked; by when an answer is demanded."""

    approved: tuple[str, ...] = ()
    """Logins of who has approved a request so far."""


def waiting_for_word(book: Book) -> list[Waiting]:
    """All of it, by kind, the longest waiting first."""
    found = [each for id, doc in book.docs(CASES).items() for each in _of(id, doc)]
    docs = book.docs(CASES)
    found += [Waiting("orphan", id, docs[id].get("title", ""), by=docs[id].get("owner", "")) for id in orphans(book)]
    return sorted(found, key=lambda each: (KINDS.index(each.kind), each.at.timestamp() if each.at else 0.0, each.id))


def _of(id: str, doc: Doc) -> Iterator[Waiting]:
    """What waits about one case."""
    title = doc.get("title", "")
    if asked(doc):
        for each in doc["requests"]:
            if each.get("state", "open") == "open":
                until = moment(each["until"]) if each.get("until") else None
                yield Waiting("request", id, title, each["what"], each["n"], each["by"], moment(each["at"]), each["why"],
                              until, tuple(each.get("approved", ())))  # fmt: skip
    if forced(doc):
        said = doc["forced"]
        yield Waiting("forced", id, title, "", 0, said["by"], moment(said["at"]), said["why"])
    for each in doc.get("urgings", ()):
        if not each.get("answer"):
            yield Waiting("urging", id, title, "", each["n"], each["by"], moment(each["at"]), each["why"],
                          moment(each["answer_by"]))  # fmt: skip
