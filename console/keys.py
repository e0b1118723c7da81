"""Names people give become ids of documents: the same name the same id, so nothing is entered twice."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from console.book import Refused


def key_id(name: str) -> str:
    """The id for a name within its kind: 17 digits at most."""
    return str(int.from_bytes(sha256(name.encode()).digest()[:7]))


def nearest(said: str, known: Iterable[str]) -> str:
    """The known word that is most like what was said; empty where none is."""
    import difflib

    found = difflib.get_close_matches(said, list(known), n=1, cutoff=0.5)
    return found[0] if found else ""


def unknown(word: str, said: str, known: Iterable[str]) -> Refused:
    """The refusal of a name that is not known, with the nearest that is. ``word``: key of the sentence."""
    near = nearest(said, known)
    return Refused(f"{word}.near" if near else word, said=said, near=near)
