"""Pictures of messages: what kinds are kept, where each lies, or why it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from console.act import Act, Actor, Decision, Put, no_right
from console.book import Book
from console.chat.messages import Message
from console.record import replace
from console.staff import SYSTEM

KINDS = {
    b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF87a": "gif", b"GIF89a": "gif", b"BM": "bmp",
}  # fmt: skip
"""How a picture begins → its kind. Nothing else is kept, whatever it calls itself."""

LARGE, KIND, GONE, INSIDE, OFF, PLACE = "large", "kind", "gone", "inside", "off", "place"
"""Why a picture is not kept: too large, no picture, its link has gone or leads inside, none are kept, no room."""


def kind_of(data: bytes) -> str:
    """The kind of a picture by how it begins; empty for what is none."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((kind for begins, kind in KINDS.items() if data.startswith(begins)), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What became of one picture."""

    message: str
    """Id of its message."""

    n: int
    """Which of its pictures, from 0."""

    path: str = ""
    """Where it lies."""

    why: str = ""
    """Why it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepPictures(Act):
    """Write down where pictures lie. Done by the listener, never by name."""

    verb: ClassVar[str] = "keep_pictures"
    listed: ClassVar[bool] = False

    fetched: Sequence[Fetched]
    """What became of them."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Each beside its message."""
        if who.id != SYSTEM.id:
            raise no_right(who, "listen")
        puts: dict[str, Message] = {}
        for each in self.fetched:
            message = puts.get(each.message) or book.get(Message, each.message)
            if message is None or each.n >= len(message.pictures):
                continue
            pictures = list(message.pictures)
            pictures[each.n] = replace(pictures[each.n], path=each.path, why=each.why)
            puts[each.message] = replace(message, pictures=tuple(pictures))
        return Decision([Put(Message.kind, id, message) for id, message in puts.items()])


def wanted(book: Book, ids: Sequence[str] = ()) -> list[tuple[str, int, str]]:
    """Pictures that were not fetched yet: (id of the message, which, address). ``ids``: messages that are looked at."""
    found = []
    for id in ids or [id for id, doc in book.docs(Message.kind).items() if doc.get("pictures")]:
        message = book.get(Message, id)
        for n, each in enumerate(message.pictures if message else ()):
            if each.url and not each.path and not each.why:
                found.append((id, n, each.url))
    return found
