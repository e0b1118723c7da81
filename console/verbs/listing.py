"""``list``: the queue on the command line. Nothing that it does not need is imported: it is asked often."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

from console.act import no_right
from console.clock import zone
from console.config import settings
from console.numbers import CASES, number
from console.queue import VIEWS, Queue, View
from console.rows import NEVER, Row
from console.saying import iso_local, row_line
from console.sight import bounded
from console.verbs.seat import DONE, Seat, out, out_json, terminal_cells


def show_list(args: argparse.Namespace) -> int:
    """The queue: a view of it, narrowed by a query."""
    with Seat(args) as seat:
        book, now, who = seat.desk.book, seat.desk.now(), seat.desk.who
        if args.view == "archive":
            return _archive(seat, args)
        if args.view not in VIEWS:
            from console.keys import unknown

            raise unknown("refused.no_view", args.view, [*VIEWS, "archive"])
        queue = Queue(book, now, who=who)
        view = View(queue, book, who, f"{VIEWS[args.view]} {args.query}", now)
        shown = view.page(0, max(args.limit, 0) or None)
        if args.json:
            out_json([row_json(seat, seen.row, seen.points, now) for seen in shown])
            return DONE
        width = terminal_cells()
        out("\n".join(row_line(book, seen.row, seat.words, now, width, who.id) for seen in shown) or seat.words("list.none"))
        if len(view) > len(shown):
            out(seat.words("list.more", n=len(view) - len(shown), of=len(view)))
        return DONE


def _archive(seat: Seat, args: argparse.Namespace) -> int:
    """What is closed and archived, by words."""
    from storage.store import Query

    book, now = seat.desk.book, seat.desk.now()
    if bounded(seat.desk.who):
        raise no_right(seat.desk.who, "read")
    found = book.find(Query(CASES, {}, args.query, args.limit or 1_000_000))
    rows = [Row(each.id, each.body) for each in found]
    if args.json:
        out_json([row_json(seat, row, 0, now) for row in rows])
        return DONE
    width = terminal_cells()
    out("\n".join(row_line(book, row, seat.words, now, width) for row in rows) or seat.words("list.none"))
    return DONE


def row_json(seat: Seat, row: Row, points: int, now: datetime) -> dict[str, Any]:
    """One row as JSON."""
    here, moment = zone(settings(seat.desk.book).timezone), now.timestamp()
    return {
        "number": number(row.id),
        "title": row.doc.get("title", ""),
        "status": row.status,
        "severity": row.severity,
        "category": row.category,
        "grid": row.grid,
        "owner": row.owner,
        "outcome": row.outcome,
        "reported_at": iso_local(row.reported, here),
        "due_at": iso_local(row.legal, here),
        "due_in_s": None if row.legal == NEVER else round(row.legal - moment),
        "on_duty_due_at": iso_local(row.duty, here),
        "stage": row.stage,
        "stage_due_at": iso_local(row.stage_at, here),
        "overdue": row.open and row.legal < moment,
        "points": points,
        "voices": len(row.doc.get("voices", ())),
        "source": row.doc.get("source", "walk-in"),
        "source_number": row.doc.get("source_no", ""),
    }
