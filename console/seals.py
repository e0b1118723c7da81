"""What makes a handover sheet that cannot be faked: its hash, and the chain of hashes through all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from console.book import Book
from console.record import replace
from console.sheets import Addition, Sheet, SheetState
from console.shifts import chain
from storage.entry import check_id


def sheet_hash(sheet: Sheet) -> str:
    """The hash of a sheet's content and, through it, of every sheet before it."""
    content = replace(sheet, hash="", additions=()).dump()
    return _sha(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def addition_hash(before: str, addition: Addition) -> str:
    """The hash of an addition on top of the hash before it."""
    content = replace(addition, hash="").dump()
    return _sha(before + json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def _sha(text: str) -> str:
    """SHA-256 of a text, in hex."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def faults(id: str, doc: dict[str, Any]) -> list[str]:
    """Keys of sentences that say what is wrong with one sealed sheet by itself; none where every byte is as sealed."""
    try:
        sheet = Sheet.parse(doc)
        plain = sheet.dump() == doc
        if not (isinstance(sheet.additions, tuple) and all(isinstance(t, str) for t in (sheet.hash, sheet.before_hash))):
            return ["sheet.unreadable"]
        if sheet.before and check_id(sheet.before) != sheet.before:
            return ["sheet.unreadable"]
    except (TypeError, ValueError, KeyError, AttributeError):
        return ["sheet.unreadable"]
    found = []
    if sheet.state is not SheetState.SEALED or sheet_hash(sheet) != sheet.hash or not plain:
        found.append("sheet.changed")
    before = sheet.hash
    for addition in sheet.additions:
        if addition_hash(before, addition) != addition.hash:
            found.append("sheet.addition_changed")
            break
        before = addition.hash
    return found


def check_chain(book: Book) -> Iterator[tuple[str, str]]:
    """Walk the chain from the last sealed sheet to the first: (id of the sheet, key of what is wrong with it)."""
    at = chain(book)
    id, wanted, number, added = at.sheet, at.hash, at.number, dict(at.added or {})
    passed: set[str] = set()
    while id:
        doc = book.anywhere_doc(Sheet.kind, id)
        if doc is None or id in passed:
            yield id, "sheet.missing"
            break
        passed.add(id)
        wrong = faults(id, doc)
        yield from ((id, word) for word in wrong)
        if "sheet.unreadable" in wrong:
            break
        sheet = Sheet.parse(doc)
        if sheet.hash != wanted and "sheet.changed" not in wrong:
            yield id, "sheet.replaced"
        if sheet.number != number:
            yield id, "sheet.number"
        last = sheet.additions[-1].hash if sheet.additions else ""
        if added.pop(id, "") != last:
            yield id, "sheet.addition_changed"
        id, wanted, number = sheet.before, sheet.before_hash, number - 1
    else:
        if number != 0:
            yield "", "sheet.missing"
        yield from ((each, "sheet.addition_changed") for each in added)
    for each, doc in book.docs(Sheet.kind).items():
        if doc.get("state") == SheetState.SEALED and each not in passed:
            yield each, "sheet.outside"
