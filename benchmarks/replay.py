"""Years of a real dispatch log, driven through the desk shift by shift: every call a case, every unit an errand.

    python benchmarks/replay.py [--data FOLDER] [--limit N] [--store FOLDER]

The watch of a fire department is a shift from 08:00 to 08:00. Each call is taken in when it was received, filed when it
was entered, each unit dispatched, on its way and available again when the log says so; the case is closed when its last
unit is. At the end of each watch, quiet ones too, one officer hands over and another reads back, ticks and takes
over. Then the figures of every sealed sheet are counted once more, straight from the CSV, and must be equal; every case
must hold the stage times of its rows; and the chain of sheets must be whole.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from console.act import Act
from console.agencies import SetAgency
from console.briefing import became_urgent, draft
from console.categories import SetCategory
from console.config import Configure, Settings, ShiftSettings
from console.desk import Desk
from console.dispatch import Accept, Dispatch, Report
from console.filing import Close, File
from console.handover import HandOver, ReadItBack, TakeOver, Tick
from console.issues import Issue
from console.kinds import KINDS
from console.seals import check_chain
from console.sheets import Sheet, Weight
from console.shifts import SignOn, chain
from console.staff import SYSTEM, Role, SetPerson, actor
from console.status import Outcome
from console.taking import Take
from console.workdays import CalendarSettings
from storage.files import FileStore
from storage.options import Options

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "sffd-cad-10k" / "sffd_service_calls.csv"
STAGES = ("received", "entry", "dispatch", "response", "on_scene", "available")
WHO = ("our captain", "neighbours upstairs", "somebody with a key", "paramedics", "both crews together")
DOES = ("will ring me back about", "keep watching and tell us of", "left to fetch hoses for", "argue with", "have searched")
WHEN = ("the basement at noon", "smoke, every hour", "whatever is left by evening", "the gas valve", "two missing children")
FIGURES = {"take": "taken", "file": "filed", "dispatch": "dispatched", "accept": "accepted", "report": "reported"}
FIGURES["close"] = "closed"


class Event(NamedTuple):
    """One thing that happened, in the order in which it is done."""

    at: datetime
    """When."""

    rank: int
    """Order among what happened in the same second."""

    verb: str
    """Act."""

    call: str
    """Number of the call."""

    unit: str
    """Unit, with an errand."""


@dataclass
class Call:
    """One call of the log: its rows, one a unit."""

    rows: list[dict[str, str]]
    """As they stand in the file, the earliest dispatch first."""

    id: str = ""
    """Number of the case."""


def main() -> int:
    """Replay, compare, tell. Exit status 1 where anything differs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default=str(DATA))
    parser.add_argument("--limit", type=int, default=0, help="so many calls only")
    parser.add_argument("--store", default="")
    args = parser.parse_args()
    if not Path(args.data).is_file():
        print(f"skipped: the dispatch log is not on this machine ({args.data})")
        return 0
    calls = load(Path(args.data), args.limit)
    events = plan(calls)
    folder = Path(args.store or tempfile.mkdtemp(prefix="wanjia-replay-")) / "store"
    replay = Replay(folder, calls)
    start = time.perf_counter()
    try:
        replay.run(events)
        seconds = time.perf_counter() - start
        wrong = replay.compare(events)
    finally:
        replay.store.close()
        if not args.store:
            shutil.rmtree(folder.parent, ignore_errors=True)
    print(
        f"{len(calls):,} calls, {len(events):,} acts, {replay.sealed:,} watches sealed in {seconds:.0f} s; "
        f"{replay.acts / seconds:,.0f} acts a second with handovers"
    )
    print("every figure of every sheet equals the log" if not wrong else "\n".join(wrong[:20]))
    return 1 if wrong else 0


def in_words(n: int) -> str:
    """A read-back of one's own, another for each case of a sheet, as different as people's sentences are."""
    who, does, when = WHO[n % 5], DOES[n // 5 % 5], WHEN[n // 25 % 5]
    return f"{who} {does} {when}"


def moment(text: str) -> datetime | None:
    """A time of the log; its +00:00 is the wall clock of the city."""
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def load(path: Path, limit: int) -> dict[str, Call]:
    """The calls of the log."""
    calls: dict[str, Call] = {}
    with open(path, encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f):
            calls.setdefault(row["call_number"], Call([])).rows.append(row)
    for call in calls.values():
        call.rows.sort(key=lambda row: (row["dispatch_timestamp"], row["row_id"]))
    chosen = sorted(calls.items(), key=lambda item: item[1].rows[0]["received_timestamp"])
    return dict(chosen[:limit] if limit else chosen)


def stages(row: dict[str, str]) -> dict[str, datetime]:
    """The stage times of one unit that can be: a time before the stage it follows is left out, as a clerk would."""
    found: dict[str, datetime] = {}
    last = datetime.min.replace(tzinfo=UTC)
    for name in STAGES:
        at = moment(row[f"{name}_timestamp"])
        if at is not None and at >= last:
            found[name] = last = at
    return found


def plan(calls: dict[str, Call]) -> list[Event]:
    """Everything that happens, in order of time."""
    events: list[Event] = []
    for name, call in calls.items():
        first = stages(call.rows[0])
        events.append(Event(first["received"], 0, "take", name, ""))
        entered = max(first.get("entry", first["received"]), first["received"])
        events.append(Event(entered, 1, "file", name, ""))
        ends = []
        for row in call.rows:
            at = stages(row)
            sent = max(at.get("dispatch", entered), entered)
            taken = max(at.get("response", at.get("on_scene", sent)), sent)
            events.append(Event(sent, 2, "dispatch", name, row["row_id"]))
            events.append(Event(taken, 3, "accept", name, row["row_id"]))
            done = max(at.get("available", taken), taken)
            events.append(Event(done, 4, "report", name, row["row_id"]))
            ends.append(done)
        events.append(Event(max(ends), 5, "close", name, ""))
    return sorted(events)


def watch(at: datetime) -> date:
    """The duty day of a moment: the watch begins at eight."""
    return (at - timedelta(hours=8)).date()


class Replay:
    """A station whose clock is the log's."""

    def __init__(self, folder: Path, calls: dict[str, Call]) -> None:
        """A new store with one category a call type and one agency a unit type."""
        self.calls, self.moment = calls, datetime(2000, 1, 1, 8, tzinfo=UTC)
        folder.parent.mkdir(parents=True, exist_ok=True)
        self.store = FileStore.create(str(folder), Options(now=lambda: self.moment, kinds=KINDS))
        self.desk = Desk(self.store, lambda: self.moment, SYSTEM)
        self.acts = self.sealed = 0
        self.errands: dict[tuple[str, str], int] = {}
        shift = ShiftSettings(name="当值", english="watch", hours="08:00-08:00")
        self.do(Configure(settings=Settings(timezone="UTC", shifts=(shift,), calendar=CalendarSettings(country=""))))
        units = sorted({row["unit_id"] for call in calls.values() for row in call.rows})
        for unit in units:
            self.do(SetAgency(slug=unit, name=unit))
        types = sorted({call.rows[0]["call_type"] for call in calls.values()})
        for place, name in enumerate(types):
            self.do(SetCategory(slug=f"c{place}", family="safety", name=name, english=name, limit="4紧急工作时"))
        self.types = {name: f"c{place}" for place, name in enumerate(types)}
        for login in ("first", "second"):
            self.do(SetPerson(login=login, role=Role.OFFICER, name=login))
        self.people = [actor(self.desk.book, login, "replay", self.desk.now()) for login in ("first", "second")]

    def do(self, act: Act) -> tuple[tuple[str, str], ...]:
        """Do an act; what it touched."""
        self.acts += 1
        return self.desk.do(act).touched

    def run(self, events: list[Event]) -> None:
        """Everything, watch by watch."""
        self.moment = events[0].at
        self.desk.who = self.people[0]
        self.do(SignOn())
        today = watch(events[0].at)
        for event in events:
            while watch(event.at) > today:  # quiet watches are handed over too
                self.hand_over(today)
                today += timedelta(days=1)
            self.moment = event.at
            self.one(event)
        self.hand_over(today)

    def one(self, event: Event) -> None:
        """One act."""
        call = self.calls[event.call]
        row = next((row for row in call.rows if row["row_id"] == event.unit), call.rows[0])
        unit = row["unit_id"]
        errand = self.errands.get((event.call, event.unit), 0)
        if event.verb == "take":
            title = f"{row['call_type']} {row['address']}"
            touched = self.do(Take(text=title, source="cad", source_no=event.call, category=self.types[row["call_type"]]))
            call.id = touched[0][1]
        elif event.verb == "file":
            self.do(File(issue=call.id))
        elif event.verb == "dispatch":
            self.do(Dispatch(issue=call.id, agency=row["unit_id"], ask=row["priority"]))
            issue = self.desk.book.get(Issue, call.id)
            assert issue is not None
            self.errands[event.call, event.unit] = len(issue.errands)
        elif event.verb == "accept":
            self.do(Accept(issue=call.id, errand=errand, said_by=unit, how="radio"))
        elif event.verb == "report":
            self.do(Report(issue=call.id, errand=errand, report=row["call_final_disposition"], said_by=unit, how="radio"))
        else:
            self.do(Close(issue=call.id, outcome=Outcome.SOLVED))

    def hand_over(self, day: date) -> None:
        """The end of a watch: signed by one, read back, ticked and taken over by the other."""
        self.moment = max(self.moment, datetime(day.year, day.month, day.day, 8, tzinfo=UTC) + timedelta(days=1))
        self.do(HandOver())
        self.people.reverse()
        self.desk.who = self.people[0]
        _, sheet = draft(self.desk.book, self.moment)
        late = became_urgent(self.desk.book, sheet, self.moment)
        for n, item in enumerate((*sheet.items, *late)):
            if item.weight is Weight.URGENT:
                self.do(ReadItBack(issue=item.issue, text=in_words(n)))
            else:
                self.do(Tick(issue=item.issue))
        self.do(TakeOver())
        self.sealed += 1
        ended = [id for id, doc in self.desk.book.docs(Issue.kind).items() if doc.get("status") == "closed"]
        if len(ended) > 500:
            self.desk.put_away([(f"{self.moment:%Y-%m}", [(Issue.kind, id) for id in ended])])

    def compare(self, events: list[Event]) -> list[str]:
        """What differs between the sheets, the cases and the log."""
        wanted: dict[date, Counter[str]] = defaultdict(Counter)
        for event in events:
            wanted[watch(event.at)][FIGURES[event.verb]] += 1
        wrong = [f"chain: {id} {word}" for id, word in check_chain(self.desk.book)]
        found: dict[date, Counter[str]] = {}
        id = chain(self.desk.book).sheet
        while id:
            sheet = self.desk.book.anywhere(Sheet, id)
            if sheet is None or sheet.figures is None or sheet.start is None:
                wrong.append(f"sheet {id} cannot be read")
                break
            found[sheet.start.date()] = Counter({k: n for k, n in sheet.figures.items() if k in FIGURES.values()})
            id = sheet.before
        wrong += [
            f"watch {day}: the log says {dict(wanted.get(day, {}))}, the sheet {dict(found.get(day, {}))}"
            for day in sorted(wanted.keys() | found.keys())
            if wanted.get(day, Counter()) != found.get(day, Counter())
        ]
        return wrong + self.times()

    def times(self) -> list[str]:
        """Cases that do not hold the stage times of their rows."""
        wrong = []
        for name, call in self.calls.items():
            issue = self.desk.book.anywhere(Issue, call.id)
            if issue is None or str(issue.status) != "closed" or len(issue.errands) != len(call.rows):
                wrong.append(f"call {name}: not closed with all its units")
                continue
            if issue.taken_at != stages(call.rows[0])["received"]:
                wrong.append(f"call {name}: taken at {issue.taken_at}")
            for row in call.rows:
                errand = issue.errands[self.errands[name, row["row_id"]] - 1]
                at = stages(row)
                for stage, held in (("dispatch", errand.sent_at), ("available", errand.ended_at)):
                    if stage in at and at[stage] >= errand.sent_at and held != at[stage]:
                        wrong.append(f"call {name} {row['unit_id']}: {stage} is {held}, the log says {at[stage]}")
        return wrong


if __name__ == "__main__":
    sys.exit(main())
