"""A station for every test of the console."""

from __future__ import annotations

import pytest

from tests.console.helpers import Station


@pytest.fixture
def station() -> Station:
    return Station()
