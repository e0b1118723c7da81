"""Runs TinyDB's own tests for tables, database, operations and queries against our database class.

TinyDB's source distribution is taken with pip into a scratch folder, at both ends of the range that ``pyproject.toml``
pins; nothing of it is kept. Tests that cannot hold for a journal on disk are named in DESELECTED, each with its reason,
and in ``docs/storage.md``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = ("test_tables.py", "test_tinydb.py", "test_operations.py", "test_queries.py")
ENDS = (("the lower end", "tinydb==4.8.2"), ("the upper end", "tinydb>=4.9,<5"))

DESELECTED = {
    "test_tables.py::test_query_cache": "looks into TinyDB's query cache; ours is off, another process may write",
    "test_tables.py::test_query_cache_size": "looks into the query cache",
    "test_tables.py::test_lru_cache": "looks into the query cache",
    "test_tables.py::test_table_repr": "wants the name of TinyDB's own table and storage classes",
    "test_tinydb.py::test_search": "looks into the query cache; what it finds is tested without",
    "test_tinydb.py::test_search_path": "looks into the query cache",
    "test_tinydb.py::test_query_cache": "looks into the query cache",
    "test_tinydb.py::test_storage_closed_once": "puts a storage class of its own under the database",
    "test_tinydb.py::test_empty_write": "puts a middleware of its own under the database",
    "test_tinydb.py::test_access_storage": "asks for the storage classes of TinyDB",
    "test_tinydb.py::test_storage_access": "asks for a storage class of TinyDB",
}


def main() -> int:
    """Run both ends; 0 where every test that was not deselected passes."""
    scratch = Path(tempfile.mkdtemp(prefix="tinydb-suite-"))
    try:
        return max(run(scratch / str(i), end, wanted) for i, (end, wanted) in enumerate(ENDS))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def run(folder: Path, end: str, wanted: str) -> int:
    """Run the tests of one version."""
    source = folder / "source"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    fetch = [*pip, "download", "--no-deps", "--no-binary", "tinydb", "--dest", str(source), wanted]
    done = subprocess.run(fetch, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"SKIPPED: TinyDB's source ({wanted}) cannot be had here: {done.stderr.strip().splitlines()[-1]}")
        return 0
    (archive,) = source.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(source, filter="data")
    (made,) = (p for p in source.iterdir() if p.is_dir())
    tests = made / "tests"
    shutil.copy(ROOT / "tests" / "tinydb_conftest.py", tests / "conftest.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header", "-c", os.devnull,
               "--rootdir", str(made), *(f"tests/{file}" for file in FILES)]  # fmt: skip
    env = {**os.environ, "PYTHONPATH": f"{made}:{ROOT}", "DESELECTED": " ".join(DESELECTED)}
    done = subprocess.run(command, cwd=made, env=env, capture_output=True, text=True, check=False)
    version = re.sub(r"\.tar$", "", archive.stem)
    last = (done.stdout.strip().splitlines() or ["did not run"])[-1].strip("= ")
    print(f"TinyDB's own tests on our class, {end} ({version}): {last}")
    if done.returncode:
        print(done.stdout[-6000:], done.stderr[-2000:])
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
