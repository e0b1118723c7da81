"""What all tests share: a clock that stands still, and the count of what the fault tests tried."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.storage.helpers import Clock
from tests.storage.mounts import mounted

__all__ = ["mounted"]


@pytest.fixture(autouse=True)
def mask() -> Iterator[None]:
    """The mask of new files as it was: the program makes it narrower, and other tests of the process would not know."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Callable[[str, int], None]:
    """Count something that was tried; the sums stand under the test run's summary."""

    def count(what: str, number: int = 1) -> None:
        request.node.user_properties.append(("tally", (what, number)))

    return count


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    sums: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == "tally" and getattr(report, "when", "") == "call":
                    sums[value[0]] += value[1]
    if sums:
        terminalreporter.section("what was tried")
        for what in sorted(sums):
            terminalreporter.write_line(f"{what}: {sums[what]:,}")
