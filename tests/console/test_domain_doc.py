"""docs/domain.md says what the code does."""

from __future__ import annotations

from tests.console.domain import PAGE, filled


def test_the_generated_parts_are_as_the_code_tells_them() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert filled(text) == text, "run: make docs"
