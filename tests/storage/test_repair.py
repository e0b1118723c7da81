"""Verify, repair, backup, restore: what is damaged is named, mended where that can be, and never thrown away."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.backup import backup, restore
from storage.errors import Corrupt, StoreError, Unavailable
from storage.files import FileStore
from storage.repair import repair
from storage.segment import name
from storage.verify import short, verify
from tests.storage.helpers import content, put
from tests.storage.work import morning, small


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A morning's work, closed in good order: several segments, a snapshot, an archive, shelf files."""
    made = FileStore.create(str(tmp_path / "s"), small())
    morning(made, lambda number: None)
    made.close()
    return tmp_path / "s"


def changed(path: Path, at: int, new: bytes) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:at] + new + data[at + len(new) :])


def is_whole(store: Path) -> None:
    assert verify(str(store)).findings == []
    opened = FileStore(str(store), small())
    assert not opened.trouble
    opened.append(put("issues", "50", {"goes": "on"}))
    opened.close()
    assert verify(str(store)).findings == []


def test_verify_of_a_good_store_counts_everything(store: Path) -> None:
    report = verify(str(store))
    opened = FileStore(str(store), small(readonly=True))
    assert report.findings == [] and report.entries == opened.number and report.segments >= 3
    assert report.head == short(opened.number, opened.hash) and len(report.head.split("-")[1]) == 12
    assert (report.documents, report.archived, report.shelved) == (6, 2, 3)
    assert verify(str(store), heads=(report.head,)).findings == []
    opened.close()


def test_heads_kept_on_paper_find_a_journal_that_was_rewritten(store: Path, tmp_path: Path) -> None:
    """A chain without a key can be made anew from any place on; the paper cannot."""
    paper = verify(str(store)).head
    other = FileStore.create(str(tmp_path / "forged"), small())
    morning(other, lambda number: None)
    other.close()
    assert verify(str(tmp_path / "forged")).findings == []
    assert "rewritten" in verify(str(tmp_path / "forged"), heads=(paper,)).findings[0]
    assert "no entry in short form" in verify(str(store), heads=("banana",)).findings[0]
    number = int(paper.split("-")[0])
    assert "not in the journal" in verify(str(store), heads=(f"{number + 5}-000000000000",)).findings[0]


def test_records_can_be_checked_by_whoever_knows_what_they_mean(store: Path) -> None:
    report = verify(str(store), check=lambda kind, id, body: "no title" if kind == "issues" and "title" not in body else "")
    assert report.findings == []
    report = verify(str(store), check=lambda kind, id, body: "no" if (kind, id) == ("issues", "5") else "")
    assert report.findings == ["issues 5: no"]


def test_a_repair_of_a_good_store_changes_nothing(store: Path) -> None:
    before = {p: p.read_bytes() for p in store.rglob("*") if p.is_file() and "index" not in p.parts and p.name != "lock"}
    result = repair(str(store), small())
    assert result.done == [] and result.lost == [] and result.quarantine == ""
    after = {p: p.read_bytes() for p in before if p.exists()}
    assert {p.name for p in before if after.get(p) != before[p]} <= {"head"}
    is_whole(store)


def test_one_flipped_bit_anywhere_in_the_journal_is_put_right(store: Path, tally: Callable[..., None]) -> None:
    """The bit is found by trying: the line's own hash says when it is right again. Nothing is lost."""
    rng = random.Random(5)
    files = sorted((store / "journal").iterdir())
    number, documents = content(store)
    for _ in range(40):
        file = rng.choice(files)
        whole = file.read_bytes()
        while True:
            at = rng.randrange(len(whole))
            if len(whole[: at + 1].rpartition(b"\n")[2]) < 8000 and b"\xe9\x95\xbf" * 50 not in whole[at - 200 : at + 200]:
                break
        changed(file, at, bytes([whole[at] ^ 1 << rng.randrange(8)]))
        assert verify(str(store)).findings
        result = repair(str(store), small())
        assert result.lost == [] and any(file.name in line for line in result.done)
        kept = Path(result.quarantine) / file.name
        assert kept.read_bytes() != whole
        now, held = content(store)
        assert held == documents and now > number
        assert verify(str(store)).findings == []
        number = now
    is_whole(store)
    tally("flipped bits put right", 40)


def test_lines_in_the_wrong_order_fall_into_place(store: Path) -> None:
    file = store / "journal" / name(1)
    whole = file.read_bytes()
    lines = whole.splitlines(keepends=True)
    file.write_bytes(b"".join([lines[0], lines[3], lines[2], lines[2], lines[1], *lines[4:]]))
    assert "does not follow" in verify(str(store)).findings[0]
    assert repair(str(store), small()).lost == []
    assert file.read_bytes() == whole
    is_whole(store)


def test_a_header_and_a_seal_are_made_again(store: Path) -> None:
    for at in ("first", "last"):
        file = store / "journal" / name(2)
        whole = file.read_bytes()
        lines = whole.splitlines(keepends=True)
        file.write_bytes(b"x" * 80 + b"\n" + b"".join(lines[1:]) if at == "first" else b"".join(lines[:-1]) + b"zzz\n")
        assert verify(str(store)).findings
        assert repair(str(store), small()).lost == []
        assert file.read_bytes() == whole
        is_whole(store)


def test_what_a_gap_has_lost_is_taken_from_the_snapshot(store: Path) -> None:
    """The lines are gone, the documents they wrote are not: the snapshot has them, and the journal is told."""
    number, documents = content(store)
    file = store / "journal" / name(1)
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:3], b"#" * 900 + b"\n", *lines[6:]]))
    result = repair(str(store), small())
    assert result.lost and result.lost[0].startswith("entries 3 to 5 are lost")
    now, held = content(store)
    assert held == documents and now > number
    opened = FileStore(str(store), small())
    said = opened.since(number)
    assert said[0].what == "repair" and "entries 3 to 5" in said[0].why
    assert (Path(result.quarantine) / file.name).read_bytes().count(b"#") == 900
    opened.close()
    (store / "live.json").unlink(missing_ok=True)
    (store / "live.prev.json").unlink(missing_ok=True)
    assert content(store)[1] == documents
    is_whole(store)


def test_a_segment_that_is_gone_comes_back_from_a_backup(store: Path, tmp_path: Path) -> None:
    backup(str(store), str(tmp_path / "b"), small())
    whole = (store / "journal" / name(2)).read_bytes()
    (store / "journal" / name(2)).unlink()
    number, documents = content(tmp_path / "b")
    result = repair(str(store), small(), donor=str(tmp_path / "b"))
    assert result.lost == [] and (store / "journal" / name(2)).read_bytes() == whole
    now, held = content(store)
    assert held == documents and now > number
    is_whole(store)


def test_a_segment_that_is_gone_without_a_backup_leaves_a_gap(store: Path) -> None:
    number, documents = content(store)
    for missing in (2, 1, max(int(f.stem) for f in (store / "journal").iterdir())):
        (store / "journal" / name(missing)).unlink()
        result = repair(str(store), small())
        assert "are lost" in result.lost[0]
        assert content(store)[1] == documents and content(store)[0] > number
        is_whole(store)
        documents["issues"]["50"] = {"goes": "on"}


@pytest.mark.parametrize("place", ["archive", "shelf"])
def test_archives_and_shelf_files_are_made_again_from_the_journal(store: Path, place: str) -> None:
    for file in (store / place).iterdir():
        whole = file.read_bytes()
        for ruin in (whole[:-5], None):
            if ruin is None:
                file.unlink()
            else:
                file.write_bytes(ruin)
            assert any(file.name in finding for finding in verify(str(store)).findings)
            result = repair(str(store), small())
            assert result.lost == [] and result.done == [f"{place}/{file.name} was made again"]
            assert file.read_bytes() == whole
    is_whole(store)


def test_damage_of_every_kind_never_ends_worse(store: Path, tmp_path: Path, tally: Callable[..., None]) -> None:
    """Random ruin, then repair: always whole again, never a document that nobody wrote, everything in quarantine."""
    rng, rounds = random.Random(13), 120
    opened = FileStore(str(store), small(readonly=True))
    written = {(k, i, repr(b)) for e in opened.since(0) for k, i, b in e.ops}
    opened.close()
    for number in range(rounds):
        ruined = tmp_path / f"r{number}"
        shutil.copytree(store, ruined)
        targets = [p for p in ruined.rglob("*.json*") if "quarantine" not in p.parts]
        for _ in range(rng.randrange(1, 4)):
            file = rng.choice(targets)
            data = file.read_bytes() if file.exists() else b""
            at, size = rng.randrange(len(data) + 1), rng.randrange(1, 1500)
            match rng.randrange(5):
                case 0:
                    data = data[:at] + data[at + size :]
                case 1:
                    data = data[:at] + bytes(rng.randbytes(size)) + data[at:]
                case 2:
                    data = data[:at] + bytes(size) + data[at + size :]
                case 3:
                    data = data[:at]
                case 4:
                    file.unlink(missing_ok=True)
                    continue
            file.write_bytes(data)
        repair(str(ruined), small())
        report = verify(str(ruined))
        assert all("could not be made again" in f or "missing" in f or "changed" in f for f in report.findings), (
            report.findings
        )
        assert not any("journal" in f or "live" in f for f in report.findings), report.findings
        opened = FileStore(str(ruined), small())
        assert not opened.trouble, opened.trouble
        for kind, table in opened.load().documents.items():
            for id, body in table.items():
                assert (kind, id, repr(body)) in written, f"round {number}: nobody wrote {kind} {id} {body}"
        opened.close()
        shutil.rmtree(ruined)
    tally("random ruins repaired", rounds)


def test_a_repair_is_refused_while_sessions_are_open_and_names_them(store: Path) -> None:
    for readonly in (False, True):
        session = FileStore(str(store), small(readonly=readonly))
        with pytest.raises(Unavailable, match=f"processes {os.getpid()}.*end them first"):
            repair(str(store), small())
        session.close()
    assert repair(str(store), small()).done == []


def test_a_donor_that_is_none_is_refused_by_name(store: Path, tmp_path: Path) -> None:
    FileStore.create(str(tmp_path / "other"), small()).close()
    changed(store / "journal" / name(1), 700, b"!!")
    for donor, word in ((tmp_path / "other", "another store"), (tmp_path / "none", "no such folder")):
        with pytest.raises(Unavailable, match=f"{donor.name}.*{word}"):
            repair(str(store), small(), donor=str(donor))
    assert not list((store / "quarantine").glob("repair*"))


def test_a_backup_found_later_fills_the_gap_of_an_earlier_repair(store: Path, tmp_path: Path) -> None:
    backup(str(store), str(tmp_path / "b"), small())
    changed(store / "journal" / name(1), 700, b"!!")
    assert repair(str(store), small()).lost
    assert any("lost" in note for note in verify(str(store)).notes)
    result = repair(str(store), small(), donor=str(tmp_path / "b"))
    assert result.lost == [] and result.done == [f"journal/{name(1)} was put together again"]
    assert not any("lost" in note for note in verify(str(store)).notes)
    is_whole(store)


@pytest.mark.parametrize("noted", [True, False], ids=["head noted", "head lost"])
def test_without_any_journal_the_documents_come_from_the_snapshot_and_it_is_said(store: Path, noted: bool) -> None:
    opened = FileStore(str(store), small())
    opened.upkeep.checkpoint(wait=True)
    documents, number = opened.load().documents, opened.number
    opened.close()
    for file in (store / "journal").iterdir():
        file.unlink()
    if not noted:
        (store / "head").unlink()
    report = verify(str(store))
    assert "do not delete live.json" in report.notes[-1] and not any("live.json" in f for f in report.findings)
    result = repair(str(store), small())
    assert "nothing vouches for now" in result.lost[-1]
    now, held = content(store)
    assert held == documents and now >= number
    is_whole(store)


def test_the_last_segment_and_the_head_gone_are_missed_all_the_same(store: Path) -> None:
    opened = FileStore(str(store), small())
    for i in range(20):
        opened.append(put("issues", "1", {"i": i, "text": "x" * 400}))
    opened.upkeep.checkpoint(wait=True)
    opened.close()
    for file in sorted((store / "journal").iterdir())[-3:]:
        file.unlink()
    (store / "head").unlink()
    fresh = FileStore(str(store), small())
    assert "entries are missing" in fresh.trouble
    fresh.close()


def test_format_is_made_again_from_the_journal(store: Path) -> None:
    whole = (store / "FORMAT").read_bytes()
    (store / "FORMAT").unlink()
    assert repair(str(store), small()).done == ["FORMAT was made again"]
    assert (store / "FORMAT").read_bytes() == whole
    is_whole(store)


def test_backup_and_restore_of_a_store_at_work(store: Path, tmp_path: Path) -> None:
    running = FileStore(str(store), small())
    running.append(put("households", "5", {"name": "fresh"}))
    report = backup(str(store), str(tmp_path / "b"), small())
    assert report.entries == running.number and report.findings == []
    running.append(put("issues", "1", {"later": True}))
    ended = report.head
    restored = restore(str(tmp_path / "b"), str(tmp_path / "again"), small(user="chen"))
    assert restored.entries == report.entries + 1
    opened = FileStore(str(tmp_path / "again"), small())
    said = opened.since(report.entries)[0]
    assert said.what == "restored" and said.who == "chen" and ended in said.why and str(tmp_path / "b") in said.why
    assert opened.fetch("households", "5").body == {"name": "fresh"}  # type: ignore[union-attr]
    assert opened.fetch("issues", "2").place == "2026-08"  # type: ignore[union-attr]
    opened.close()
    running.close()
    is_whole(tmp_path / "again")


def test_a_plain_copy_works_too(store: Path, tmp_path: Path) -> None:
    shutil.copytree(store, tmp_path / "copy")
    assert content(tmp_path / "copy") == content(store)
    is_whole(tmp_path / "copy")


def test_a_backup_goes_only_where_nothing_is_and_a_bad_copy_is_named(store: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/x").write_text("")
    with pytest.raises(Unavailable, match="not empty"):
        backup(str(store), str(tmp_path / "full"), small())
    with pytest.raises(Unavailable, match="inside the store"):
        backup(str(store), str(store / "exports/b"), small())
    changed(store / "journal" / name(1), 700, b"!!")
    with pytest.raises(Corrupt, match=r"copy in .* is not good and may be deleted: journal/0000000001"):
        backup(str(store), str(tmp_path / "b"), small())
    assert not (tmp_path / "b/FORMAT").exists()
    with pytest.raises(StoreError):
        restore(str(tmp_path / "nothing"), str(tmp_path / "c"), small())
    assert not (tmp_path / "c").exists()


def test_progress_is_told(store: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    backup(str(store), str(tmp_path / "b"), small(), lambda what, done, of: told.append((what, done, of)))
    assert told[0] == ("copy", 0, told[0][2]) and told[-1][1] == told[-1][2] - 1 and os.path.exists(tmp_path / "b/FORMAT")
