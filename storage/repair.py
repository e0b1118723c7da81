"""Makes a damaged store whole again. Nothing is thrown away: what is replaced goes to ``quarantine/`` first."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from storage import archive, entry, head, snapshot
from storage.derived import delete_index
from storage.engine import Engine
from storage.errors import Corrupt, Said, Unavailable
from storage.folder import FOLDERS, Folder, write_format
from storage.lock import Lock
from storage.numbers import Numbers
from storage.options import Options
from storage.salvage import salvage
from storage.segment import BEGINNING, Reader, leftovers, name, segments
from storage.sessions import Sessions
from storage.state import ARCHIVES, KINDS, SHELF, State
from storage.store import MAX_LINE, Change, Document, Entry
from storage.upkeep import Upkeep

_Shelf = dict[str, dict[str, list[tuple[Document | None, int]]]]
"""kind → id → every version of a shelved document: body and entry, oldest first."""


@dataclass(slots=True)
class Repaired:
    """What a repair did."""

    done: list[str] = field(default_factory=list)
    """What was changed, a line each; empty where nothing was wrong."""

    lost: list[str] = field(default_factory=list)
    """What could not be had back, a line each."""

    quarantine: str = ""
    """The folder with everything that was replaced; empty where nothing was."""

    def did(self, template: str, **facts: object) -> None:
        """Add what was changed."""
        self.done.append(Said(template, **facts))

    def lose(self, template: str, **facts: object) -> None:
        """Add what could not be had back."""
        self.lost.append(Said(template, **facts))


def repair(path: str, options: Options, donor: str | None = None) -> Repaired:
    """Make the store in ``path`` whole, with lines and files from the backup in ``donor`` where its own are lost.

    Close every other session first. Raises ``Unavailable`` where somebody is writing or the folder is no store.
    """
    folder, result = Folder(path), Repaired()
    book = _book(folder, options, result)
    source = _donor(donor, book) if donor else None
    for part in FOLDERS:
        os.makedirs(os.path.join(folder.path, part), mode=0o700, exist_ok=True)
    lock = Lock(folder.lock, options.user, options.patience, options.waiting)
    sessions = Sessions(folder.path)
    try:
        sessions.alone()
        lock.acquire()
        try:
            at = entry.stamp(options.now())
            lock.sign(at)
            work = _Work(folder, book, options, source, result, at)
            work.journal()
            work.snapshots()
            work.files()
            work.rest()
        finally:
            lock.release()
    except OSError as error:
        raise Unavailable(
            "the repair could not be finished ({reason}); nothing was thrown away, try it again",
            reason=error.strerror or str(error),
        ) from error
    finally:
        lock.close()
        sessions.close()
    _record(folder, options, work, result)
    return result


def _book(folder: Folder, options: Options, result: Repaired) -> str:
    """Which store it is; where FORMAT is lost, the headers of the journal know. Raises ``Unavailable`` where nobody does."""
    try:
        return folder.book()
    except Unavailable:
        if os.path.exists(os.path.join(folder.path, "FORMAT")) or not os.path.isdir(folder.journal):
            raise
        for number in segments(folder.journal):
            said = entry.read(_read(os.path.join(folder.journal, name(number))).partition(b"\n")[0])
            if said is not None and "book" in said:
                write_format(folder.path, said["book"], options.disk)
                result.did("{file} was made again", file="FORMAT")
                return folder.book()
        raise


def _donor(path: str, book: str) -> Folder:
    """The backup to take from. Raises ``Unavailable`` where it is none of this store."""
    source = Folder(path)
    if source.book() != book:
        raise Unavailable("{path} is a backup of another store; name one of this store", path=source.path)
    return source


class _Work:
    """One repair, under the lock."""

    def __init__(self, folder: Folder, book: str, options: Options, donor: Folder | None, result: Repaired, at: str) -> None:
        """Of one store."""
        self._folder, self._book, self._disk, self._donor, self._result = folder, book, options.disk, donor, result
        self._safe = os.path.join(folder.quarantine, "repair-" + at.replace(":", ""))
        self.better: entry.RawOps = []
        self.counters: dict[str, int] = {}

    better: entry.RawOps
    """Documents that a snapshot knows better than the journal with its gap."""

    counters: dict[str, int]
    """Counters that a snapshot knows to be further."""

    def journal(self) -> None:
        """Put the journal together again, and take from the snapshots what its gaps have lost."""
        journal, result = self._folder.journal, self._result
        files = {number: _read(os.path.join(journal, name(number))) for number in segments(journal)}
        donated = (
            []
            if self._donor is None
            else [_read(os.path.join(self._donor.journal, name(number))) for number in segments(self._donor.journal)]
        )
        noted = max(head.read(self._folder.head).number, *(held.state.number for held in self._held()), 0)
        found = salvage(self._book, files, donated, noted)
        for number in sorted(set(files) | set(found.segments)):
            if files.get(number) != found.segments.get(number):
                self._replace(os.path.join(journal, name(number)), found.segments.get(number))
                result.did("{file} was put together again", file=f"journal/{name(number)}")
        for first, last in found.gaps:
            if last >= first:
                result.lose(
                    "entries {first} to {last} are lost; documents they wrote are as a snapshot or an older entry has them",
                    first=first,
                    last=last,
                )
        if found.gaps:
            self._from_snapshots(found.gaps)

    def _held(self) -> list[snapshot.Snapshot]:
        """The snapshots that can be read, the latest first, whoever vouches for them."""
        found = []
        for file in (self._folder.live, self._folder.previous):
            try:
                held = snapshot.read(file, self._book)
            except ValueError:
                continue
            found += [held] if held is not None else []
        return sorted(found, key=lambda held: held.state.number, reverse=True)

    def _from_snapshots(self, gaps: list[tuple[int, int]]) -> None:
        """Find what a snapshot from behind the first gap knows better than the journal.

        One that is vouched for comes first. One whose record may have been in a gap is the best there is without.
        """
        last_resort: tuple[State, State, int] | None = None
        for held in self._held():
            number = held.state.number
            if number < gaps[0][0]:
                continue
            thin, vouched = State(), False
            for fields in self._fields():
                thin.apply(fields)
                if fields["n"] > number:
                    vouched = vouched or snapshot.vouches(fields, held)
                    held.state.apply(fields)
            if vouched:
                return self._better(thin, held.state)
            if last_resort is None and any(last >= number for _, last in gaps):
                last_resort = (thin, held.state, number)
        if last_resort is not None:
            thin, best, number = last_resort
            self._better(thin, best)
            self._result.lose(
                "documents were taken from a snapshot of entry {number} that nothing vouches for now: look at them",
                number=number,
            )
        return None

    def _better(self, thin: State, best: State) -> None:
        """Remember what has to be written so that the journal gives the better state."""
        self.better = _difference(thin, best)
        self.counters = {k: n for k, n in best.counters.items() if thin.counters.get(k) != n}

    def _fields(self) -> list[Document]:
        """Every entry of the journal as it is now."""
        journal = Reader(self._folder.journal, self._book)
        try:
            journal.start(BEGINNING)
            return list(journal.entries())
        finally:
            journal.close()

    def snapshots(self) -> None:
        """Set the snapshots aside that the journal does not vouch for; it has all that they should hold."""
        story = self._fields()
        for file in (self._folder.live, self._folder.previous):
            try:
                held = snapshot.read(file, self._book)
                if held is None or any(snapshot.vouches(fields, held) for fields in story):
                    continue
            except ValueError:
                pass  # not one of ours any more: it goes as well
            self._replace(file, None)
            self._result.did("{file} was not as it was written and was set aside", file=os.path.basename(file))

    def files(self) -> None:
        """Make archives and shelf files again that are missing or changed: from the journal, else from the donor."""
        state, shelf = State(), _Shelf()
        story = [entry.entry(fields) for fields in self._fields()]
        wanted = _damaged(self._folder, story)
        for one in story:
            for own, about in wanted.pop(one.number, ()):
                self._again(own, about, state, shelf, story)
            state.apply({"n": one.number, "h": one.hash, "t": one.at, "ops": one.ops})
            for kind in {kind for kind, _, _ in one.ops} | {b["kind"] for k, _, b in one.ops if k == KINDS and b}:
                for id, held in state.overlay.get(kind, {}).items():
                    versions = shelf.setdefault(kind, {}).setdefault(id, [])
                    if held not in versions:
                        versions.append(held)

    def _again(
        self,
        own: str,
        about: Document,
        state: State,
        shelf: _Shelf,
        story: list[Entry],
    ) -> None:
        """Make one file again as it was when it was recorded."""
        number, place = about["number" if own == ARCHIVES else "n"], "archive" if own == ARCHIVES else "shelf"
        path = os.path.join(self._folder.path, place, about["file"])
        if own == ARCHIVES:
            gone = [(k, i) for k, i, b in next(e for e in story if about in [b for _, _, b in e.ops]).ops if b is None]
            versions = archive.hot(state, gone)
            tables = {kind: {id: state.tables[kind][id] for id in ids} for kind, ids in versions.items()}
            told = [e for e in story if e.number <= number and any(i in tables.get(k, {}) for k, i, _ in e.ops)]
            data = b"".join(archive.encode(self._book, number, tables, versions, told))
        else:
            old = State()
            held = {id: [h for h in versions if h[1] <= number] for id, versions in shelf.get(about["kind"], {}).items()}
            old.overlay = {about["kind"]: {id: versions[-1] for id, versions in held.items() if versions}}
            documents, numbers = archive.merge(old, about["kind"], about["shard"], None)
            data = b"".join(archive.encode(self._book, number, {about["kind"]: documents}, {about["kind"]: numbers}))
        if entry.digest(data) != about["sha256"] and self._donor is not None:
            data = _read(os.path.join(self._donor.path, place, about["file"]))
        if entry.digest(data) == about["sha256"]:
            self._replace(path, data)
            self._result.did("{file} was made again", file=f"{place}/{about['file']}")
        else:
            self._result.lose("{file} is damaged and could not be made again", file=f"{place}/{about['file']}")

    def rest(self) -> None:
        """Take STOP, head and the indexes away: the first is answered, the others are made again."""
        folder = self._folder
        for file in (folder.stop, folder.head):
            if os.path.exists(file):
                if file == folder.stop:
                    self._result.did("STOP was taken away")
                    self._keep(file)
                self._disk.remove(file)
        for file in os.listdir(folder.index):
            if file.endswith(".sqlite"):
                delete_index(os.path.join(folder.index, file))
        for part in (folder.path, folder.journal, folder.archive, folder.shelf):
            for file in leftovers(part):
                self._keep(file)
                self._disk.remove(file)
        self._disk.sync_folder(folder.path)

    def _replace(self, path: str, data: bytes | None) -> None:
        """Put other bytes in the place of a file, or take it away, with a copy of it in quarantine."""
        if os.path.exists(path):
            self._keep(path)
        if data is None:
            self._disk.remove(path)
            self._disk.sync_folder(os.path.dirname(path))
        else:
            self._disk.replace(path, data)

    def _keep(self, path: str) -> None:
        """Copy a file to quarantine, durably."""
        os.makedirs(self._safe, mode=0o700, exist_ok=True)
        self._result.quarantine = self._safe
        self._disk.write_whole(os.path.join(self._safe, os.path.basename(path)), [_read(path)])
        self._disk.sync_folder(self._safe)
        self._disk.sync_folder(self._folder.quarantine)


def _record(folder: Folder, options: Options, work: _Work, result: Repaired) -> None:
    """Write into the journal that and what was repaired, and put a fresh snapshot beside it."""
    if not result.done and not result.lost:
        return
    engine = Engine(folder, options)
    try:
        if engine.trouble:
            raise Corrupt("{trouble}; the repair did not get through: restore a backup", trouble=engine.trouble)
        said = Change(who=options.user, what="repair", why="; ".join(result.done + result.lost)[:10000], ops=())
        with engine.exclusive() as at:
            numbers = Numbers({})
            numbers.used.update(work.counters)
            for ops in _batches(work.better):
                engine.commit(said, at, ops, numbers)
        Upkeep(engine, options.kinds).checkpoint(wait=True)
    finally:
        engine.close()


def _difference(old: State, new: State) -> entry.RawOps:
    """The operations that make the first state the second; what differs only in its version is written again."""
    ops: entry.RawOps = []
    for kind in {*old.tables, *new.tables}:
        mine, theirs = old.tables.get(kind, {}), new.tables.get(kind, {})
        ops += [(kind, id, None) for id in mine if id not in theirs and kind not in new.shelved]
        ops += [(kind, id, body) for id, body in theirs.items() if old.version(kind, id) != new.version(kind, id)]
    for kind, fresh in new.overlay.items():
        known = old.overlay.get(kind, {})
        ops += [(kind, id, held[0]) for id, held in fresh.items() if known.get(id) != held]
    return ops


def _batches(ops: entry.RawOps) -> list[entry.RawOps]:
    """The operations in parts that each fit into one entry; at least one part."""
    parts: list[entry.RawOps] = [[]]
    room = MAX_LINE // 2
    for op in ops:
        size = len(entry.seal({"o": op}, "")[0])
        if parts[-1] and size > room:
            parts.append([])
            room = MAX_LINE // 2
        parts[-1].append(op)
        room -= size
    return parts


def _damaged(folder: Folder, story: list[Entry]) -> dict[int, list[tuple[str, Document]]]:
    """Number of the entry that recorded it → archives and shelf files that are current, and missing or changed."""
    found: dict[int, list[tuple[str, Document]]] = {}
    latest: dict[tuple[str, str], tuple[int, Document | None]] = {}
    for one in story:
        for kind, id, body in one.ops:
            if kind in (ARCHIVES, SHELF):
                latest[kind, id] = (one.number, body)
    for (own, _), (number, about) in latest.items():
        place = folder.archive if own == ARCHIVES else folder.shelf
        try:
            if about is not None:
                archive.read(os.path.join(place, about["file"]), about["sha256"])
        except Corrupt:
            found.setdefault(number, []).append((own, about or {}))
    return found


def _read(path: str) -> bytes:
    """A file's bytes, none where it is not there."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""
