"""What a terminal marks as pasted arrives whole and in order, in whatever pieces the line brings it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.terminal.pastes import BEGINS, ENDS, Kind, Pastes

WORDS = st.text("ab1 \r\n\x1b[~0", max_size=20).map(lambda text: text.replace(ENDS, "").replace(BEGINS, ""))
"""What somebody may paste or type: parts of the signs among it."""


def fed(pieces: list[str]) -> tuple[str, list[str]]:
    """What was typed, all together, and each paste."""
    pastes, typed, pasted = Pastes(), "", list[str]()
    for each in [*pieces, None]:
        for kind, text in pastes.feed(each) if each is not None else pastes.settled():
            if kind is Kind.PASTED:
                pasted.append(text)
            elif kind is Kind.FORGET:
                assert typed.endswith(text)
                typed = typed.removesuffix(text)
            else:
                typed += text
    return typed, pasted


@given(st.lists(st.tuples(st.booleans(), WORDS), max_size=5), st.lists(st.integers(0, 200), max_size=12))
def test_pastes_come_whole_however_the_line_cuts_them(parts: list[tuple[bool, str]], cuts: list[int]) -> None:
    stream = "".join(f"{BEGINS}{text}{ENDS}" if marked else text for marked, text in parts)
    whole = fed([stream])
    at = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    assert fed([stream[one:other] for one, other in pairwise(at)]) == whole


@pytest.mark.parametrize(("said", "kept"), [("a\rb\rc ", "a\nb\nc "), ("a\r\nb", "a\nb"), ("a\nb", "a\nb"), ("", "")])
def test_line_ends_of_a_paste_are_line_ends(said: str, kept: str) -> None:
    assert fed([BEGINS + said + ENDS]) == ("", [kept])


def test_thirty_lines_over_a_slow_line() -> None:
    text = "\r".join(f"{n:02} water in block three" for n in range(30))
    stream = f"x{BEGINS}{text}{ENDS}y"
    pieces = [stream[at : at + 250] for at in range(0, len(stream), 250)]
    assert fed(pieces) == ("xy", [text.replace("\r", "\n")])


def test_a_key_that_only_begins_like_a_sign_is_a_key() -> None:
    pastes = Pastes()
    assert list(pastes.feed("\x1b[2")) == [] and pastes.waits
    assert list(pastes.settled()) == [(Kind.TYPED, "\x1b[2")] and not pastes.waits
    assert list(pastes.feed("\x1b[A")) == [(Kind.TYPED, "\x1b[A")]


def test_a_paste_whose_end_never_comes_counts_as_far_as_it_came() -> None:
    pastes = Pastes()
    assert list(pastes.feed(f"{BEGINS}abc\x1b[20")) == [] and list(pastes.settled()) == []
    assert list(pastes.broken()) == [(Kind.PASTED, "abc\x1b[20")] and list(pastes.broken()) == [] and not pastes.waits
