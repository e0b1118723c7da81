"""Cases and the station's own tables to files: CSV, xlsx, JSON lines, Markdown, HTML. No formula gets into a cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any, BinaryIO

import orjson

from console.agencies import agencies
from console.book import Book
from console.categories import categories
from console.issues import Issue
from console.numbers import number
from console.places import places
from console.plain import cell, html, markdown
from console.query import parse
from console.record import Doc
from console.rows import Row
from console.staff import SYSTEM, Person
from console.words import Words
from storage.store import Query

CASE = (
    "number", "reported_at", "title", "text", "category", "severity", "grid", "place", "reporter", "contact", "source",
    "source_no", "status", "outcome", "mode", "owner", "taken_at", "filed_at", "resolved_at", "ended_at", "due_at",
    "overdue", "exempt", "reopened", "voices", "errands",
)  # fmt: skip
"""Columns of exported cases."""

KINDS = ("issues", "categories", "agencies", "grids", "staff")
"""What can be exported."""


def rows(
    book: Book, kind: str, query: str, since: datetime | None, until: datetime | None, here: tzinfo, now: datetime
) -> Iterator[Doc]:
    """The rows of an export: plain values by column. Cases, open and archived, by when they were told."""
    if kind == "issues":
        yield from _cases(book, query, since, until, here, now.timestamp())
    elif kind == "staff":
        hidden = {"signed_off", "signed_off_at"}  # the program's own marks, nobody's data
        yield from ({k: v for k, v in person.dump().items() if k not in hidden} for _, person in book.all(Person))
    else:
        tables: dict[str, Any] = {"categories": categories, "agencies": agencies, "grids": places}
        found = tables[kind](book)
        yield from (found[key].dump() for key in sorted(found))


def _cases(
    book: Book, query: str, since: datetime | None, until: datetime | None, here: tzinfo, now: float
) -> Iterator[Doc]:
    """Every case that fits, open ones first."""
    parsed = parse(query, book, SYSTEM) if query else None
    hot = [Row(id, doc) for id, doc in book.docs(Issue.kind).items()]
    old = [Row(found.id, found.body) for found in book.find(Query(Issue.kind, limit=10_000_000))]
    for part in (hot, old):
        fits = parsed.fits(part, now) if parsed else part
        for row in sorted(fits, key=lambda row: row.id):
            if (since is None or row.reported >= since.timestamp()) and (until is None or row.reported < until.timestamp()):
                yield _case(row, here)


def _case(row: Row, here: tzinfo) -> Doc:
    """One case as a row."""
    doc = row.doc
    values: Doc = {name: doc.get(name, "") for name in CASE}
    values |= {
        "number": number(row.id),
        "severity": row.severity,
        "status": row.status,
        "source": doc.get("source", "walk-in"),
        "due_at": (doc.get("due") or {}).get("legal", ""),
        "overdue": row.late,
        "exempt": bool(doc.get("exempt")),
        "reopened": row.reopened,
        "voices": len(doc.get("voices", ())),
        "errands": "; ".join(f"{e['agency']} {e.get('state', 'sent')}" for e in doc.get("errands", ())),
    }
    for name in ("reported_at", "taken_at", "filed_at", "resolved_at", "ended_at", "due_at"):
        if values[name]:
            values[name] = datetime.fromisoformat(values[name]).astimezone(here).isoformat()
    return values


def _text(value: Any) -> str:
    """A value in a cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    if isinstance(value, (list, tuple, dict)):
        return orjson.dumps(value).decode()
    return str(value)


def write(target: BinaryIO, form: str, kind: str, found: list[Doc], say: Words) -> None:
    """Write the rows in a format: csv, xlsx, jsonl, md or html."""
    columns = list(CASE) if kind == "issues" else list(dict.fromkeys(name for row in found for name in row))
    if form == "jsonl":
        for row in found:
            target.write(orjson.dumps(row) + b"\n")
    elif form == "csv":
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(columns)
        writer.writerows([cell(_text(row.get(name, ""))) for name in columns] for row in found)
        target.write(b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace"))
    elif form == "xlsx":
        _workbook(target, columns, found)
    else:
        target.write(_page(form, kind, columns, found, say).encode("utf-8", "replace"))


def _workbook(target: BinaryIO, columns: list[str], found: list[Doc]) -> None:
    """A workbook of one sheet; every cell is text or a number, never a formula."""
    import re

    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(columns)
    for row in found:
        cells = []
        for name in columns:
            value = row.get(name, "")
            if isinstance(value, int) and not isinstance(value, bool):
                cells.append(value)
                continue
            text = re.sub(
                "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", cell(_text(value))
            )
            made = WriteOnlyCell(sheet, value=text[:32000])
            made.data_type = "s"
            cells.append(made)
        sheet.append(cells)
    book.save(target)


def _page(form: str, kind: str, columns: list[str], found: list[Doc], say: Words) -> str:
    """A table in Markdown or HTML."""
    if form == "md":
        lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
        lines += ["| " + " | ".join(markdown(_text(row.get(name, ""))) for name in columns) + " |" for row in found]
        return "\n".join(lines) + "\n"
    head = "".join(f"<th>{html(name)}</th>" for name in columns)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{html(_text(row.get(name, '')))}</td>" for name in columns) + "</tr>" for row in found
    )
    lang = "zh-CN" if say.language == "zh" else "en"
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{html(kind)}</title></head>'
        f"<body><table><tr>{head}</tr>\n{body}\n</table></body></html>\n"
    )
