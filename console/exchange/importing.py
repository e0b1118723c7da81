"""Bring cases in from another system: idempotent by its own numbers, in batches, the rejected lines kept apart."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import orjson

from console.act import Act, Actor, Decision, Put
from console.book import Book
from console.clock import zone
from console.config import settings
from console.desk import Desk
from console.exchange.issues_in import Read, Reader, Rejected
from console.exchange.maps import Map
from console.exchange.reading import Line, Progress, Table
from console.issues import Issue
from console.keys import key_id
from console.plain import cell
from console.progress import timed
from console.record import Record, replace
from console.status import ENDED
from console.taking import numbered
from console.words import Words
from storage.store import Number, Query

BATCH = 700_000
"""Bytes of documents that go into one commit, well under the journal's megabyte."""

KEPT = timedelta(days=30)
"""How long a case that the desk has worked on stays here after another system has ended it."""

Fault = tuple[Line, str, dict[str, Any]]
"""A refused line, and the sentence with its facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Record):
    """Another system that cases come from. Every batch writes it, so two imports at once see each other."""

    kind: ClassVar[str] = "sources"

    name: str
    """Its name."""

    taken: int = 0
    """Cases taken in from it so far."""

    at: datetime
    """When something last came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportIssues(Act):
    """Take in a batch of another system's cases: what is new is taken, what differs updated, the rest left alone."""

    verb: ClassVar[str] = "import"
    right: ClassVar[str] = "import"
    listed: ClassVar[bool] = False

    source: str
    """Name of the other system."""

    issues: tuple[Issue, ...]
    """The cases, each with its number there."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Compare each with what is here under the same number."""
        claim = book.get(Source, key_id(self.source))
        puts: dict[str, Put] = {}
        counts = {"taken": 0, "updated": 0, "unchanged": 0}
        slots: dict[str, int] = defaultdict(int)
        for each in self.issues:
            fresh = replace(each, taken_by=who.id)
            if each.source_no in puts:  # the same line once more: a table may not say two things of one number
                counts["unchanged"] += 1
                continue
            id, before = _here(book, each)
            if before is not None and before.source_digest == each.source_digest:
                counts["unchanged"] += 1
            elif before is not None and id is not None:
                puts[each.source_no] = Put(Issue.kind, id, timed(book, _updated(before, fresh)))
                counts["updated"] += 1
            else:
                number = numbered(book, each.reported_at)
                number = Number(number.counter, slots[number.counter], number.form)
                slots[number.counter] += 1
                puts[each.source_no] = Put(Issue.kind, number, timed(book, fresh))
                counts["taken"] += 1
        if not puts:
            return Decision(counts=counts)
        mark = Source(name=self.source, taken=(claim.taken if claim else 0) + counts["taken"], at=now)
        return Decision((Put(Source.kind, key_id(self.source), mark), *puts.values()), "", counts=counts)


def _here(book: Book, issue: Issue) -> tuple[str | None, Issue | None]:
    """The case that is here under the same number of the same system, open or archived."""
    for id in book.where(Issue.kind, "source", f"{issue.source}:{issue.source_no}"):
        return id, book.get(Issue, id)
    for found in book.find(Query(Issue.kind, {"source_no": issue.source_no, "source": issue.source}, limit=1)):
        return found.id, Issue.parse(found.body)
    return None, None


def _updated(before: Issue, fresh: Issue) -> Issue:
    """A case as the other system now tells it; what the desk has done to it since stays."""
    own = {"owner", "mode", "errands", "checks", "requests", "voices", "callbacks", "struck", "merged", "grid"}
    worked = before.last is not None
    if worked:
        own |= {
            "status",
            "outcome",
            "clock",
            "accept",
            "limit",
            "filed_at",
            "resolved_at",
            "ended_at",
            "severity",
            "category",
        }
        own |= {"desk", "round", "reopened", "suspended", "suspensions", "exempt", "owed", "urged", "remind_at", "remind"}
        own |= {"reported_at", "edited", *before.edited}
        own |= {"last", "taken_at", "taken_by", "told", "household", "sensitive", "follows"}
    return replace(fresh, **{name: getattr(before, name) for name in own})


@dataclass
class Outcome:
    """What came of an import."""

    counts: dict[str, int] = field(default_factory=lambda: {"taken": 0, "updated": 0, "unchanged": 0, "rejected": 0})
    """taken, updated, unchanged, rejected."""

    warnings: list[tuple[int, str, str, dict[str, Any]]] = field(default_factory=list)
    """(line, their number, key of the sentence, facts) of what was taken and is odd."""

    rejected: list[Fault] = field(default_factory=list)
    """The lines that were refused."""

    archived: int = 0
    """Ended cases that went straight to the archive."""


def import_issues(desk: Desk, table: Table, plan: Map, progress: Progress, *, dry: bool = False) -> Outcome:
    """Read a table by a map and take its cases in. ``dry``: look only, keep nothing."""
    result, reader = Outcome(), Reader(desk.book, plan, desk.now())
    ended: dict[str, list[tuple[str, str]]] = defaultdict(list)
    done = 0
    for batch, lines in _batches(table, reader, result):
        act = ImportIssues(source=plan.source, issues=tuple(read.issue for read in batch))
        if dry:
            desk.catch_up()
            counts = act.decided(desk.book, desk.now(), desk.who).counts
        else:
            counts = desk.do(act).counts
        for name, number in counts.items():
            result.counts[name] += number
        done += lines
        progress("import", done, table.size)
    for id, doc in desk.book.docs(Issue.kind).items() if not dry else ():
        mine = doc.get("source") == plan.source and doc.get("status") in ENDED and not doc.get("owed")
        if mine and (not doc.get("last") or desk.now() - datetime.fromisoformat(doc["ended_at"]) > KEPT):
            ended[_month(desk.book, doc["ended_at"])].append((Issue.kind, id))
    if ended:
        result.archived = desk.put_away(sorted(ended.items()), f"import {plan.source}")
    result.counts["rejected"] = len(result.rejected)
    return result


def _month(book: Book, moment: str) -> str:
    """The archive of a moment."""
    return f"{datetime.fromisoformat(moment).astimezone(zone(settings(book).timezone)):%Y-%m}"


def _batches(table: Table, reader: Reader, result: Outcome) -> Iterator[tuple[list[Read], int]]:
    """The rows that could be read, as many at a time as fit into one commit; the others go to the result."""
    batch: list[Read] = []
    size = lines = 0
    seen: dict[str, tuple[int, str]] = {}
    for line in table.lines:
        lines += 1
        try:
            read = reader.read(line)
            first, digest = seen.setdefault(read.issue.source_no, (line.number, read.issue.source_digest))
            if digest != read.issue.source_digest:
                raise Rejected("import.twice", {"number": read.issue.source_no, "first": first})
        except Rejected as error:
            result.rejected.append((line, error.word, error.facts))
            continue
        if read.warning:
            result.warnings.append((read.line, read.issue.source_no, *read.warning))
        weight = len(orjson.dumps(read.issue.dump())) + 400
        if weight > BATCH:
            result.rejected.append((line, "import.too_long", {"n": weight}))
            continue
        if batch and size + weight > BATCH:
            yield batch, lines
            batch, size, lines = [], 0, 0
        batch.append(read)
        size += weight
    if batch or lines:
        yield batch, lines


def write_rejected(path: Path, columns: list[str], rejected: list[Fault], words: Words) -> None:
    """The refused lines as a table of their own: line, reason, and the fields as they came."""
    names = columns or sorted({name for line, _, _ in rejected for name in line.fields})
    with open(path, "w", encoding="utf-8-sig", newline="") as f:
        writer = csv.writer(f)
        writer.writerow([words("import.column_line"), words("import.column_reason"), *map(cell, names)])
        for line, word, facts in rejected:
            writer.writerow([line.number, cell(words(word, **facts)), *(cell(line.fields.get(name, "")) for name in names)])
