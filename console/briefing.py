"""What a shift has to tell the next: figures, and open cases by weight."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

from console.act import Actor
from console.book import Book
from console.config import edition, settings
from console.errands import LIVE
from console.figures import percentile
from console.issues import Issue
from console.record import Doc, replace
from console.rows import NEVER, Row, as_of, seconds
from console.sheets import Carried, Edited, Item, Sheet, SheetState, Weight
from console.shifts import Order, Shift, chain, on_duty, unread
from console.status import OPEN, S
from storage.store import Entry

MOST = 800
"""Cases that one sheet can hold, the most urgent first; of more it tells the number, so that nobody thinks that was all."""

MOST_STABLE = 300
"""Stable cases that are listed one by one; of more the sheet tells the number."""

MOST_BEHIND = 300
"""Cases that a sheet names behind one figure."""

FIGURES = {
    "take": "taken", "take_up": "taken", "file": "filed", "answer": "answered", "dispatch": "dispatched",
    "accept": "accepted",
    "refuse": "given_back", "return": "given_back", "report": "reported", "resolve": "resolved", "close": "closed",
    "reject": "rejected", "void": "voided", "merge": "merged", "reopen": "reopened", "rework": "reworked",
    "callback": "called_back", "take_answer": "called_back",
    "voice": "voices", "join": "voices", "urge": "urged", "log": "notes",
}  # fmt: skip
"""Verb of an act → name of the figure that counts it."""


def figures(entries: Iterable[Entry]) -> tuple[dict[str, int], dict[str, tuple[str, ...]]]:
    """What a shift did, counted from its entries: by name, and the ids of the cases behind each figure.

    What was undone is not counted, since it did not come about. Messages count as the voices that they brought.
    """
    entries = list(entries)
    undone = {undid(entry) for entry in entries if entry.what == "undo"}
    counted: Counter[str] = Counter()
    behind: dict[str, dict[str, None]] = defaultdict(dict)
    waits: dict[str, float] = {}
    for entry in entries:
        if entry.number in undone:
            continue
        case = next(((id, doc) for kind, id, doc in entry.ops if kind == Issue.kind and doc is not None), None)
        names = [FIGURES[entry.what]] if entry.what in FIGURES else []
        if entry.what in ("callback", "take_answer") and any(
            doc and doc.get("status") == "filed" for _, _, doc in entry.ops
        ):
            names.append("reopened")
        for name in names:
            n = _voices(case) if entry.what == "join" else 1
            counted[name] += n
            if n and case is not None:
                behind[name][case[0]] = None
        if case is not None and str(case[1].get("touched_at"))[:19] == entry.at[:19]:
            waits[case[0]] = max(seconds(case[1]["touched_at"]) - seconds(case[1].get("taken_at")), 0.0)
    if waits:
        counted["touch_median_s"] = int(percentile(list(waits.values()), 0.5) or 0)
        behind["touch_median_s"] = dict.fromkeys(sorted(waits, key=lambda id: -waits[id]))
    return dict(sorted(counted.items())), {name: tuple(ids)[:MOST_BEHIND] for name, ids in sorted(behind.items())}


def undid(entry: Entry) -> int:
    """The number of the entry that an undoing undid: it is its reason."""
    return int(entry.why) if entry.why.isdigit() else 0


def _voices(case: tuple[str, Doc] | None) -> int:
    """How many voices messages have brought to a case."""
    said = (case[1].get("last") or {}).get("facts", {}) if case else {}
    return int(said.get("voices", 0))


def weigh(book: Book, row: Row, now: datetime) -> Weight:
    """How much a case weighs: overdue, due soon or P1 is urgent; what waits for somebody is to be watched."""
    within = settings(book).handover.urgent_within * 60
    if row.urgent(now.timestamp(), within):
        return Weight.URGENT
    waits = row.status in ("new", "returned", "resolved") or row.stage_at < now.timestamp() + within
    if row.asked or waits or row.reopened or row.sensitive or row.reminds != NEVER:
        return Weight.WATCH
    return Weight.STABLE


def _item(book: Book, row: Row, now: datetime, before: dict[str, Item], told: int) -> Item:
    """One case as the sheet tells of it by itself. ``before``: the last sheet's, which told of everything up to ``told``.

    What the officer before wrote there of danger and numbers to ring stands until the case ends, the next step until
    somebody has touched the case.
    """
    doc, last = row.doc, before.get(row.id)
    errands = [errand for errand in doc.get("errands", ()) if errand.get("state", "sent") in LIVE]
    due = None if row.due == NEVER else datetime.fromtimestamp(row.due, UTC)
    words = doc.get("callbacks", ())[-1:] if row.reopened else ()
    item = Item(
        issue=row.id,
        weight=weigh(book, row, now),
        severity=row.severity,
        title=doc.get("title", ""),
        status=row.status,
        grid=row.grid,
        place=doc.get("place", ""),
        voices=len(doc.get("voices", ())),
        reopened=row.reopened,
        said=words[0].get("note", "") if words else "",
        due=due,
        stage=row.stage if row.stage_at <= row.legal and row.stage_at != NEVER else "",
        overdue=row.due < now.timestamp(),
        next=_next(row, errands),
        who=errands[0]["agency"] if errands else next(iter(row.checkers), ""),
        by=due,
        remind_at=None if row.reminds == NEVER else datetime.fromtimestamp(row.reminds, UTC),
        remind=doc.get("remind", ""),
        carried=last.carried + 1 if last else 1,
    )
    if last is None:
        return item
    planned = not last.next.startswith("next.") and book.version(Issue.kind, row.id) <= told
    step = {"next": last.next, "who": last.who, "by": last.by} if planned else {}
    return replace(item, if_then=last.if_then, ring=last.ring, **step)


def _next(row: Row, errands: list[Doc]) -> str:
    """What is to be done next, as the key of a sentence: a leading agency that has not accepted is waited for first."""
    waits = bool(errands) and errands[0].get("state", "sent") == "sent" and row.status == S.HANDLING
    return f"next.{S.DISPATCHED if waits else row.status}"


def open_rows(book: Book, now: datetime) -> list[Row]:
    """Every open case as it is now."""
    moment, made = now.timestamp(), edition(book)
    docs = book.docs(Issue.kind).items()
    return [Row(id, as_of(book, doc, moment, made)) for id, doc in docs if doc.get("status", "new") in OPEN]


def items(book: Book, rows: list[Row], now: datetime) -> list[Item]:
    """Open cases as the sheet tells of them, urgent ones first, then by what is due first."""
    last = book.anywhere(Sheet, chain(book).sheet) if chain(book).sheet else None
    before = {item.issue: replace(item, carried=0) for item in last.became_urgent} if last else {}
    before |= {item.issue: item for item in last.items} if last else {}  # what came later was handed on by nobody
    found = [_item(book, row, now, before, last.entry if last else 0) for row in rows]
    order = list(Weight)
    return sorted(found, key=lambda item: (order.index(item.weight), item.due or _LATER, item.issue))


_LATER = datetime(9999, 1, 1, tzinfo=UTC)


def draft(book: Book, now: datetime) -> tuple[str, Sheet]:
    """The sheet as it would be handed over now, with what the outgoing officer has changed so far."""
    id, shift = on_duty(book)
    kept = book.get(Sheet, id) or Sheet()
    if kept.state is not SheetState.DRAFT:
        return id, kept
    rows = open_rows(book, now)
    all_items = items(book, rows, now)
    edits = kept.edits or {}
    listed = [_edited(item, edits.get(item.issue)) for item in all_items]
    order = list(Weight)
    listed.sort(key=lambda item: order.index(item.weight))
    stable = [item for item in listed if item.weight is Weight.STABLE]
    cut = {item.issue for item in stable[MOST_STABLE:] if item.issue not in edits}
    listed = [item for item in listed if item.issue not in cut]
    entries = book.since(shift.first)
    done, behind = figures(entries)
    standing = _standing(book, rows, all_items, now)
    return id, replace(
        kept,
        station=settings(book).name,
        shift=shift.name,
        english=shift.english,
        start=shift.start,
        end=shift.end,
        made_at=now,
        entry=book.number,
        head=f"{entries[-1].number}-{entries[-1].hash[:12]}" if entries else "",
        figures={**done, **{name: len(ids) for name, ids in standing.items()}, "orders_unread": _unread(book, shift)},
        behind={**behind, **{name: tuple(ids[:MOST_BEHIND]) for name, ids in standing.items() if ids and name != "open"}},
        crew=tuple(dict.fromkeys(each.login for each in shift.crew)),
        items=tuple(listed[:MOST]),
        stable_more=len(cut),
        more=max(len(listed) - MOST, 0),
        log=tuple(
            Carried(n=str(n.n), at=n.at, by=n.by, text=n.text, about=str(n.about), pinned=n.pinned, struck=n.struck)
            for n in shift.notes
        ),
        orders=tuple(Carried(n=id, at=o.at, by=o.by, text=o.text) for id, o in book.all(Order) if o.ended is None),
        owed=tuple(id for id, doc in book.docs(Issue.kind).items() if doc.get("owed")),
    )


def _standing(book: Book, rows: list[Row], all_items: list[Item], now: datetime) -> dict[str, list[str]]:
    """Figures of the moment, as ids of their cases."""
    most, moment = settings(book).handover.carried_most, now.timestamp()
    return {
        "open": [item.issue for item in all_items],
        "overdue": [row.id for row in rows if row.legal < moment],
        "stage_late": [row.id for row in rows if row.stage_at < moment <= row.legal],
        "carried_long": [item.issue for item in all_items if item.carried > most],
    }


def _unread(book: Book, shift: Shift) -> int:
    """How many standing orders somebody of the crew has not read, each counted for each of them."""
    crew = {each.login for each in shift.crew}
    return sum(len(unread(book, login)) for login in crew)


def _edited(item: Item, edit: Edited | None) -> Item:
    """A line with what the outgoing officer has changed."""
    if edit is None:
        return item
    return replace(
        item,
        weight=edit.weight or item.weight,
        title=edit.title or item.title,
        next=edit.next or item.next,
        who=edit.who or item.who,
        by=edit.by or item.by,
        if_then=edit.if_then or item.if_then,
        ring=edit.ring or item.ring,
    )


def waiting(book: Book, now: datetime) -> tuple[str, Shift, Sheet]:
    """The sheet that is to be taken over: the one handed over, or the draft as it stands."""
    id, shift = on_duty(book)
    _, sheet = draft(book, now)
    return id, shift, sheet


def became_urgent(book: Book, sheet: Sheet, now: datetime) -> list[Item]:
    """Cases that are urgent now and were not on the sheet, or not as urgent."""
    if sheet.state is SheetState.SEALED:
        return []
    told = {item.issue for item in sheet.items if item.weight is Weight.URGENT}
    if sheet.more:
        return []
    return [
        item for item in items(book, open_rows(book, now), now) if item.weight is Weight.URGENT and item.issue not in told
    ]


def came_later(book: Book, sheet: Sheet, now: datetime) -> list[Item]:
    """Cases taken in after the outgoing signature that are not urgent: the next shift's, who takes over sees them all."""
    if sheet.state is not SheetState.HANDED or sheet.made_at is None:
        return []
    made, within = sheet.made_at.timestamp(), settings(book).handover.urgent_within * 60
    told = {item.issue for item in sheet.items}
    rows = [row for row in open_rows(book, now) if seconds(row.doc.get("taken_at")) >= made and row.id not in told]
    return items(book, [row for row in rows if not row.urgent(now.timestamp(), within)], now)


def lacking(book: Book, sheet: Sheet, who: Actor, now: datetime) -> tuple[list[str], list[str]]:
    """What a receiver has not done yet: ids of urgent cases not read back, and of others not ticked."""
    said = {r.issue for r in sheet.read_backs if r.by == who.id}
    urgent = [i.issue for i in (*sheet.items, *became_urgent(book, sheet, now)) if i.weight is Weight.URGENT]
    again = set(urgent)
    ticked = [i.issue for i in sheet.items if f"{who.id}:{i.issue}" not in sheet.ticks and i.issue not in again]
    return [issue for issue in dict.fromkeys(urgent) if issue not in said], ticked
