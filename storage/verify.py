"""Checks a store from its first byte to its last, and says in plain lines what is not as it was written."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from storage import archive, head, snapshot, tinyfile
from storage.errors import Corrupt, Said, StoreError
from storage.folder import Folder
from storage.segment import BEGINNING, Reader, segments
from storage.state import ARCHIVES, SHELF, SNAPSHOTS, State
from storage.store import Document

Check = Callable[[str, str, Document], str]
"""(kind, id, document) → what is wrong with the record, empty where nothing is."""

Progress = Callable[[str, int, int], None]
"""Told (what, done, of how many) from time to time."""


@dataclass(slots=True)
class Report:
    """What a check found."""

    findings: list[str] = field(default_factory=list)
    """What is wrong, a line each; empty where all is well."""

    notes: list[str] = field(default_factory=list)
    """What is worth knowing and not wrong."""

    segments: int = 0
    """Segments read."""

    entries: int = 0
    """Entries read, and the number of the last."""

    size: int = 0
    """Bytes of journal read."""

    documents: int = 0
    """Hot documents."""

    archived: int = 0
    """Documents in archives, counted once a file."""

    shelved: int = 0
    """Documents on the shelf."""

    head: str = ""
    """The last entry in short form, as it is printed on paper."""

    def found(self, template: str, **facts: object) -> None:
        """Add a finding."""
        self.findings.append(Said(template, **facts))

    def note(self, template: str, **facts: object) -> None:
        """Add what is worth knowing."""
        self.notes.append(Said(template, **facts))


_HEAD = re.compile(r"[0-9]+-[0-9a-f]{12}")


def short(number: int, hashed: str) -> str:
    """An entry in short form: its number and the first 12 digits of its hash. Everything before it hangs on them."""
    return f"{number}-{hashed[:12]}"


def verify(
    path: str, *, heads: tuple[str, ...] = (), check: Check | None = None, progress: Progress | None = None
) -> Report:
    """Check everything. ``heads``: short forms kept elsewhere (on paper), which the journal must still contain."""
    report, folder = Report(), Folder(path)
    stopped = folder.stopped()
    if stopped:
        report.findings.append(stopped)
    try:
        book = folder.book()
        walk = _Walk(folder, book, report, heads, progress)
        walk.journal()
        walk.heads()
        if walk.broken:
            report.note(
                "what lies behind the damage cannot be judged before a repair; do not delete live.json: "
                "the repair takes from it what the journal has lost"
            )
            return report
        walk.unlike()
        for file in (folder.live, folder.previous):
            walk.compare(file)
        _files(ARCHIVES, folder.archive, walk.state, report)
        _files(SHELF, folder.shelf, walk.state, report)
        if check is not None:
            _records(walk.state, check, report)
    except (StoreError, OSError) as error:
        report.findings.append(Said.of(error))
    return report


class _Walk:
    """One reading of the whole journal."""

    def __init__(self, folder: Folder, book: str, report: Report, heads: tuple[str, ...], progress: Progress | None) -> None:
        """Of the store in ``folder``; ``journal`` does it."""
        self._folder, self._book, self._report, self._progress = folder, book, report, progress
        self._noted = head.read(folder.head)
        self._wanted = {given.partition("-")[0]: given for given in heads}
        self._digests: set[tuple[int, str]] = set()
        self._snapshots: dict[int, list[tuple[str, snapshot.Snapshot]]] = {}
        self._unlike: list[tuple[int, str]] = []
        self._gaps, self._repaired = False, 0
        self.broken = False
        self.state = State()

    def journal(self) -> None:
        """Read it, keeping count, holding the snapshots against the state they are of."""
        for file in (self._folder.live, self._folder.previous):
            self._read_snapshot(file)
        journal = Reader(self._folder.journal, self._book)
        journal.acknowledged = (self._noted.segment, self._noted.end)
        report, state, wanted = self._report, self.state, self._wanted
        held = segments(self._folder.journal)
        try:
            journal.start(BEGINNING)
            for fields in journal.whole():
                number = fields["n"]
                if number != state.number + 1:
                    report.note("entries {first} to {last} are lost", first=state.number + 1, last=number - 1)
                    self._gaps = True
                if fields["what"] == "repair":
                    self._repaired = number
                state.apply(fields)
                if number in self._snapshots:
                    self._hold(number)
                if wanted and str(number) in wanted:
                    self._head(wanted.pop(str(number)), number, fields["h"])
                if fields["what"] == "checkpoint":
                    self._digests.update((b["n"], b["sha256"]) for k, _, b in fields["ops"] if k == SNAPSHOTS and b)
                if "step" in fields:
                    report.note(
                        "entry {number}: the clock had gone back by {n} seconds", number=number, n=round(fields["step"])
                    )
                if self._progress and not number % 20000:
                    self._progress("journal", journal.segment, len(held))
            left = os.path.getsize(os.path.join(self._folder.journal, f"{journal.segment:010d}.jsonl")) - journal.offset
            if left and not journal.sealed:
                report.note(
                    "{n} bytes at the end of the journal were never acknowledged; the next change moves them to quarantine",
                    n=left,
                )
        except Corrupt as error:
            self.broken = True
            report.findings.append(Said.of(error))
        report.segments, report.entries, report.size = journal.segment, state.number, journal.total
        report.documents = sum(len(table) for kind, table in state.tables.items() if kind[0] != ".")
        report.head = short(state.number, state.hash)
        journal.close()

    def _read_snapshot(self, file: str) -> None:
        """Read a snapshot, to be held against the journal when it comes to its entry."""
        try:
            found = snapshot.read(file, self._book)
        except ValueError:
            self._report.found("{file} is not as it was written; the journal has all of it", file=os.path.basename(file))
            return
        if found is not None:
            self._snapshots.setdefault(found.state.number, []).append((file, found))

    def _hold(self, number: int) -> None:
        """Hold the snapshots of this entry against the state that the journal gives."""
        for file, found in self._snapshots[number]:
            if not self.state.same(found.state):
                said = Said(
                    "{file} differs from what the journal says at entry {number}", file=os.path.basename(file), number=number
                )
                self._unlike.append((number, said))

    def unlike(self) -> None:
        """Say which snapshots differ. Where there is a gap, one from before the last repair knows what was lost."""
        for number, said in self._unlike:
            if not (self._gaps and number < self._repaired):
                self._report.findings.append(said)

    def compare(self, file: str) -> None:
        """Say where a snapshot's digest was never recorded."""
        for number, held in self._snapshots.items():
            for name, found in held:
                if name == file and (number, found.digest) not in self._digests:
                    self._report.found(
                        "{file} was changed by another program; the journal has all of it", file=os.path.basename(file)
                    )

    def _head(self, given: str, number: int, hashed: str) -> None:
        """Compare one short form kept elsewhere."""
        if short(number, hashed) != given:
            self._report.found(
                "entry {number} is not the one kept as {given}: the journal was rewritten", number=number, given=given
            )

    def heads(self) -> None:
        """Say which heads were not met."""
        for given in self._wanted.values():
            if not _HEAD.fullmatch(given):
                self._report.found("{given!r} is no entry in short form; they look like 4711-9d76e861dd83", given=given)
                continue
            self._report.found(
                "the entry kept as {given} is not in the journal: it ends at {number}",
                given=given,
                number=self.state.number,
            )


def _files(own: str, place: str, state: State, report: Report) -> None:
    """Check the archives, or the shelf's files."""
    known = set()
    for about in state.own(own):
        known.add(about["file"])
        try:
            data = archive.read(os.path.join(place, about["file"]), about["sha256"])
        except Corrupt as error:
            report.findings.append(Said.of(error))
            continue
        count = sum(1 for _ in tinyfile.lines(data))
        if own == ARCHIVES:
            report.archived += count
        else:
            report.shelved += count
    for file in sorted(set(os.listdir(place)) - known):
        if not file.endswith(".tmp"):
            report.note("{file} is not recorded in the journal", file=f"{os.path.basename(place)}/{file}")


def _records(state: State, check: Check, report: Report) -> None:
    """Let the caller look at every hot record."""
    for kind, table in state.tables.items():
        for id, body in table.items() if kind[0] != "." else ():
            wrong = check(kind, id, body)
            if wrong:
                report.findings.append(f"{kind} {id}: {wrong}")
