"""What the kernel was really asked to do: every acknowledgement after a sync of the active segment, every new name after
a sync of its folder."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from storage.files import FileStore
from storage.segment import name
from tests.storage.helpers import ROOT, settled
from tests.storage.work import small

CODE = """
import sys
sys.path.insert(0, sys.argv[2])
from storage.files import FileStore
from tests.storage.work import morning, small
store = FileStore(sys.argv[1], small())
def ack(number):
    sys.stdout.write(f"acknowledged {number}\\n")
    sys.stdout.flush()
morning(store, ack)
"""

CALL = re.compile(r"^(?:\d+ +)?(?:[\d:.]+ )?(\w+)\((.*)\) += (-?\d+)")


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace (Debian: apt-get install strace)")
def test_every_acknowledgement_follows_a_sync_and_every_new_name_a_sync_of_its_folder(tmp_path: Path) -> None:
    path, log = tmp_path / "s", tmp_path / "strace"
    FileStore.create(str(path), small()).close()
    settled()
    watched = "trace=write,pwrite64,fdatasync,fsync,ftruncate,rename,renameat,renameat2"
    done = subprocess.run(
        ["strace", "-f", "-y", "-s", "60", "-e", watched, "-o", log, sys.executable, "-c", CODE, path, str(ROOT)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode and "ptrace" in done.stderr.lower():
        pytest.skip(f"tracing is refused here: {done.stderr.strip()[:200]}")
    assert done.returncode == 0, done.stderr

    unsynced: dict[str, int] = {}
    unnamed: set[str] = set()
    acknowledged = renames = segments = 0
    for line in log.read_text().splitlines():
        found = CALL.match(line)
        if not found or int(found[3]) < 0:
            continue
        call, args = found[1], found[2]
        file = (re.search(r"<([^>]*)>", args) or [None, ""])[1]
        if call == "write" and '"acknowledged' in args:
            acknowledged += 1
            assert not unsynced, f"acknowledged with {unsynced} not synced: {line}"
            assert not unnamed, f"acknowledged with names in {unnamed} not synced: {line}"
        elif "/index/" in args or "/lock" in file or file.endswith("/head"):
            continue
        elif call in ("write", "pwrite64", "ftruncate") and str(path) in file:
            unsynced[file] = unsynced.get(file, 0) + 1
            segments += "/journal/" in file
        elif call in ("fdatasync", "fsync"):
            unsynced.pop(file, None)
            unnamed.discard(file)
        elif call.startswith("rename"):
            old, new = re.findall(r'"([^"]*)"', args)[:2]
            assert old not in unsynced, f"renamed before it was synced: {line}"
            unnamed |= {str(Path(old).parent), str(Path(new).parent)}
            renames += 1
    assert acknowledged >= 18 and segments > 20 and renames >= 8
    assert (path / "journal" / name(3)).exists()
