"""``import``, ``export`` and ``report``: tables in and out."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import nullcontext
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from console.act import no_right
from console.book import Refused
from console.clock import zone
from console.config import settings
from console.keys import unknown
from console.plain import cell, fit, folded, html, line, markdown
from console.progress import when
from console.saying import group_name
from console.verbs.seat import DONE, FOUND, Seat, address, out, out_json, progress, terminal_cells

SHOWN = 20
"""Warnings and refused lines that are shown; all refused ones stand in the file."""


def bring_in(args: argparse.Namespace) -> int:
    """Import a file: cases of another system by a map, or the station's own tables."""
    from console.exchange.importing import import_issues, write_rejected
    from console.exchange.maps import guess, load
    from console.exchange.reading import open_table
    from console.exchange.tables_in import ACTS, import_records

    path = Path(args.file)
    if args.kind not in ("issues", "settings", *ACTS):
        raise unknown("refused.no_kind", args.kind, ("issues", "settings", *ACTS))
    with Seat(args) as seat:
        columns: list[str] = []
        say = seat.words
        try:
            if args.kind == "issues":
                if not seat.desk.who.may("import"):
                    raise no_right(seat.desk.who, "import")
                given = load(args.map) if args.map else None
                table = open_table(path, given.encoding if given else "")
                columns, table = _peek(table)
                name = args.map or guess(columns)
                plan = given or load(name)
                print(f"wanjia: {say('import.about', about=table.about, map=name)}", file=sys.stderr)
                result = import_issues(seat.desk, table, plan, progress, dry=args.dry_run)
            else:
                result = import_records(seat.desk, args.kind, path, progress, dry=args.dry_run)
        except KeyboardInterrupt:
            print(f"\nwanjia: {say('import.stopped')}", file=sys.stderr)
            return FOUND
        out(say("import.dry" if args.dry_run else "import.sum", **result.counts, archived=result.archived))
        for number, theirs, word, facts in result.warnings[:SHOWN]:
            out(say("import.line", line=number, text=f"{theirs}: {say(word, **facts)}"))
        if len(result.warnings) > SHOWN:
            out(say("import.more", n=len(result.warnings) - SHOWN))
        for fault, word, facts in result.rejected[:SHOWN]:
            out(say("import.refused", line=fault.number, text=say(word, **facts)))
        if result.rejected and not args.dry_run:
            target = _beside(path, address(args))
            write_rejected(target, columns, result.rejected, say)
            out(say("import.rejected_file", n=len(result.rejected), file=str(target)))
        return FOUND if result.rejected else DONE


def _peek(table: Any) -> tuple[list[str], Any]:
    """The columns of a table, of JSON lines from the first one, and the table as if nothing had been read."""
    from itertools import chain, islice

    if table.columns:
        return table.columns, table

    lines = iter(table.lines)
    first = list(islice(lines, 1))
    return list(first[0].fields) if first else [], table._replace(lines=chain(first, lines))


def _beside(path: Path, store: str) -> Path:
    """Where the refused lines go: beside the file, or among the store's exports where that may not be written."""
    name = f"{path.name}.rejected.csv"
    target = path.with_name(name)
    try:
        with open(target, "ab"):
            return target
    except OSError:
        folder = Path(store, "exports")
        return folder / name if folder.is_dir() else Path.cwd() / name


def _moment(seat: Seat, said: str) -> datetime | None:
    """A moment of the command line."""
    if not said:
        return None
    return when(seat.desk.book, said, seat.desk.now())


def _outside(target: Path, store: str) -> None:
    """Refuse to write over the store's own files: only its ``exports`` folder takes what is exported."""
    folder = Path(store).resolve()
    place = target.resolve()  # links followed, so that no other name of a file of the store gets through
    inside = place.is_relative_to(folder) and not place.is_relative_to(folder / "exports")
    named_twice = place.is_file() and place.stat().st_nlink > 1
    if inside or (named_twice and any(place.samefile(each) for each in folder.rglob("*"))):
        raise Refused("refused.into_store", file=str(target), folder=str(folder / "exports"))


def _put(target: Path, data: bytes) -> None:
    """Write a file whole or not at all: a full disk leaves the one that was there."""
    if target.exists() and not target.is_file():  # a pipe or a terminal
        target.write_bytes(data)
        return
    place = target.resolve()  # beside the file itself: a link may lead to another disk
    aside = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        aside.write_bytes(data)
        os.replace(aside, place)
    finally:
        aside.unlink(missing_ok=True)


def send_out(args: argparse.Namespace) -> int:
    """Export cases or the station's own tables."""
    from console.exchange.exporting import KINDS, rows, write

    if args.kind not in KINDS:
        raise unknown("refused.no_kind", args.kind, KINDS)
    with Seat(args) as seat:
        who, book = seat.desk.who, seat.desk.book
        if not who.may("export"):
            raise no_right(who, "export")
        form = args.format or (Path(args.out).suffix.lstrip(".") if args.out else "csv")
        if form not in ("csv", "xlsx", "jsonl", "md", "html"):
            raise unknown("refused.no_format", form, ("csv", "xlsx", "jsonl", "md", "html"))
        here, now = zone(settings(book).timezone), seat.desk.now()
        found = list(rows(book, args.kind, args.query, _moment(seat, args.since), _moment(seat, args.until), here, now))
        made = BytesIO()
        write(made, form, args.kind, found, seat.words)
        if args.out:
            _outside(Path(args.out), address(args))
            try:
                _put(Path(args.out), made.getvalue())
            except OSError as error:
                raise Refused("refused.file", file=args.out, reason=error.strerror or str(error)) from error
            out(seat.words("export.sum", n=len(found), file=args.out))
            return DONE
        if form == "xlsx" and sys.stdout.isatty():
            raise Refused("refused.xlsx_terminal")
        with nullcontext(sys.stdout.buffer) as target:
            target.write(made.getvalue())
        return DONE


REPORTS = {"times": "category", "sources": "source", "grids": "grid", "states": "status", "shifts": "", "rates": ""}
"""Report → the field it groups by."""


def report(args: argparse.Namespace) -> int:
    """Figures over a period."""
    from console.figures import by, every_row, period

    if args.report not in REPORTS:
        raise unknown("refused.no_report", args.report, REPORTS)
    with Seat(args) as seat:
        book, now, say = seat.desk.book, seat.desk.now(), seat.words
        if not seat.desk.who.may("read"):
            raise no_right(seat.desk.who, "read")
        since, until = period(book, args.period, now)
        if args.report == "rates":
            found = _rates(seat, args.period, args.by, cases=args.cases)
        elif args.report == "shifts":
            found = _shifts(seat, args.period, plain=args.format == "json")
        else:
            sums = by(every_row(book), REPORTS[args.report], since, until, now.timestamp())
            named = sorted(sums.items(), key=lambda item: (item[0] == "", -item[1].cases, item[0]))
            told = group_name if args.format != "json" else lambda book, key, name, say: name
            found = [
                {"group": told(book, REPORTS[args.report], name, say) if name else say("report.sum"), **each.plain()}
                for name, each in named
            ]
        _print(args.format, found, seat)
        return DONE


def _shifts(seat: Seat, said: str, *, plain: bool) -> list[dict[str, Any]]:
    """The shift on duty as it stands, then every sealed sheet of the period, newest first, with its figures and marks."""
    from console.reviews import Reviews

    asked = "" if said in ("", "all") else f"day:{said}"
    found: list[dict[str, Any]] = []
    for each in Reviews(seat.desk.book, seat.desk.now(), asked).upto(10**9):
        names = {"out": each.outgoing or "–", "in": each.incoming or "–"}
        items = (*each.doc.get("items", ()), *each.doc.get("became_urgent", ()))
        marks: Any = [*each.marks] if plain else seat.words("list.comma").join(seat.words(f"mark.{m}") for m in each.marks)
        counts = {
            "urgent": sum(item["weight"] == "urgent" for item in items),
            "read_backs": len(each.doc.get("read_backs", ())),
        }
        found.append({"group": each.id, **names, **each.figures, **counts, "marks": marks})
    return found


def _rates(seat: Seat, said: str, by: str, *, cases: bool) -> list[dict[str, Any]]:
    """Rates of call-backs over a period, the sum last. ``cases``: with the numbers of the cases behind each figure."""
    from console import rates
    from console.numbers import number
    from console.saying import agency_name
    from console.staff import name_of

    book, say = seat.desk.book, seat.words
    since, until = rates.span(book, said, seat.desk.now())
    sums = rates.rates(rates.cases(book, archived=True), by, since, until)

    def named(name: str) -> str:
        if by == "agency":
            return agency_name(book, name, say)
        return name_of(book, name) if by == "officer" else group_name(book, by, name, say)

    found = []
    for name, each in sorted(sums.items(), key=lambda item: (item[0] == "", -item[1].n, item[0])):
        row: dict[str, Any] = {"group": named(name) if name else say("report.sum"), "n": each.n}
        row |= {**each.shares(settings(book).rates), "unsolved": len(each.unsolved), "missed": len(each.missed)}
        if cases:
            row |= {f"cases_{list_}": " ".join(map(number, getattr(each, list_))) or None for list_ in rates.LISTS}
        found.append(row)
    return found


def _print(form: str, found: list[dict[str, Any]], seat: Seat) -> None:
    """A report in a format."""
    say = seat.words
    if form == "json":
        out_json(found)
        return
    columns = list(dict.fromkeys(name for row in found for name in row))
    heads = [_head(name, say) for name in columns]
    cells = [[_said(name, row.get(name)) for name in columns] for row in found]
    if form == "csv":
        import csv

        writer = csv.writer(sys.stdout)
        writer.writerow(heads)
        writer.writerows([[cell(text) for text in row] for row in cells])
    elif form == "md":
        out("| " + " | ".join(markdown(head) for head in heads) + " |\n|" + " --- |" * len(heads))
        for row in cells:
            out("| " + " | ".join(markdown(text) for text in row) + " |")
    elif form == "html":
        body = "".join("<tr>" + "".join(f"<td>{html(text)}</td>" for text in row) + "</tr>\n" for row in cells)
        head = "".join(f"<th>{html(text)}</th>" for text in heads)
        top = '<!doctype html><html><head><meta charset="utf-8"></head><body><table>'
        print(f"{top}<tr>{head}</tr>\n{body}</table></body></html>")
    else:
        room = min(terminal_cells(), 110)
        for row in cells:
            rest = zip(heads[1:], row[1:], strict=True)
            out(folded(fit(row[0], 22), [f"{line(head)} {text}" for head, text in rest if text != "–"], room))


def _head(name: str, say: Any) -> str:
    """What stands over a column."""
    if name.startswith("cases_"):
        return str(say(f"rate.of.{name.removeprefix('cases_')}"))
    return str(say(f"column.{name}") if say.known(f"column.{name}") else say(f"figure.{name}"))


def _said(name: str, value: Any) -> str:
    """A figure in words: shares in percent, spans in minutes, nothing as –."""
    if value is None:
        return "–"
    if name.endswith("_rate") or name.endswith("_rate_exempted"):
        return f"{value:.1%}"
    if name.endswith("_s"):
        return f"{value / 60:.1f}"
    return str(value)
