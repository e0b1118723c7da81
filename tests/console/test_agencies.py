"""Agencies: who is on call."""

from __future__ import annotations

import pytest

from console.agencies import Agency, Contact, on_call
from tests.console.helpers import HERE, local

FIRE = Agency(
    slug="fire",
    name="消防中队",
    contacts=(
        Contact(name="day", days=(1, 2, 3, 4, 5), hours="08:00-18:00"),
        Contact(name="night", days=(1, 5), hours="18:00-08:00"),
        Contact(name="desk"),
    ),
)


@pytest.mark.parametrize(
    ("at", "names"),
    [
        ("2026-11-23 08:00", ["day"]),
        ("2026-11-23 17:59", ["day"]),
        ("2026-11-23 18:00", ["night"]),
        ("2026-11-24 07:59", ["night"]),
        ("2026-11-24 18:00", []),
        ("2026-11-28 03:00", ["night"]),
        ("2026-11-28 09:00", []),
    ],
)
def test_who_is_on_call(at: str, names: list[str]) -> None:
    assert [contact.name for contact in on_call(FIRE, local(at), HERE)] == names
