"""Stands in the place of TinyDB's own ``conftest.py``: wherever its tests say ``TinyDB``, our database answers."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import tinydb

from storage.files import FileStore
from storage.options import Options
from storage.tables import Database

stock = tinydb.TinyDB


class TinyDB(Database):
    """Our database, opened by the path that TinyDB's tests name, or in a folder of its own."""

    def __init__(self, path: Any = None, **_: Any) -> None:
        folder = f"{path}.store" if path is not None else os.path.join(tempfile.mkdtemp(), "store")
        settings = Options(now=lambda: datetime.now(UTC))
        known = os.path.exists(os.path.join(folder, "FORMAT"))
        self._store = FileStore(folder, settings) if known else FileStore.create(folder, settings)
        super().__init__(self._store._engine, self._store._committed)

    def close(self) -> None:
        super().close()
        self._store.close()


tinydb.TinyDB = TinyDB  # type: ignore[misc]


@pytest.fixture
def db(tmp_path: Path) -> Any:
    """What TinyDB's fixture gives, on our class."""
    made = TinyDB(tmp_path / "test.db")
    made.drop_tables()
    made.insert_multiple({"int": 1, "char": c} for c in "abc")
    yield made
    made.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that were named, each exactly, and no other."""
    named = set(os.environ["DESELECTED"].split())
    left_out = [item for item in items if f"{item.path.name}::{item.name}" in named]
    assert len(left_out) == len(named), named - {f"{item.path.name}::{item.name}" for item in items}
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def pytest_configure(config: pytest.Config) -> None:
    """Nothing is proved if the wrong TinyDB is tested."""
    assert Path(tinydb.__file__).is_relative_to(config.rootpath), tinydb.__file__
    assert tinydb.TinyDB is not stock
