"""What residents write: kept first, word for word; a case only when an officer says so. Taken back is not gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from console.book import index
from console.keys import key_id
from console.record import Doc, Record

AGAIN = timedelta(seconds=120)
"""Within which the same words of the same person in the same group are one message: bridges deliver some twice."""

BY_NAME = "name:"
"""What stands before a name where somebody's account is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture(Record):
    """A picture of a message."""

    name: str
    """Name of the file, as the bridge calls it."""

    url: str = ""
    """Where it can be fetched, for a while."""

    unique: str = ""
    """What tells it from another."""

    path: str = ""
    """Where it was kept, beside the store; empty while it was not."""

    why: str = ""
    """Why it was not kept; empty where it was, or that is not known yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Record):
    """What somebody wrote."""

    kind: ClassVar[str] = "messages"

    account: str
    """Account of the bridge that has heard it."""

    group: str = ""
    """Number of the group; empty for what was written to the account alone."""

    number: str
    """Number of the message in that group; negative ones there are."""

    sender: str = ""
    """Account of who wrote it."""

    card: str = ""
    """Their name in the group."""

    nickname: str = ""
    """Their name everywhere."""

    role: str = ""
    """owner or admin of the group; empty for a member."""

    at: datetime
    """When, by our clock."""

    clock: int = 0
    """Seconds that the bridge's clock was ahead of ours, where that was not believed."""

    text: str = ""
    """The words."""

    holds: tuple[str, ...] = ()
    """Types of what else is in it: image, record, face, json …"""

    pictures: tuple[Picture, ...] = ()
    """Its pictures."""

    called: bool = False
    """Whether the station's account was mentioned."""

    everybody: bool = False
    """Whether everybody was."""

    reply: str = ""
    """Number of the message that it answers."""

    more: int = 0
    """Characters and parts that were too many to be kept."""

    own: bool = False
    """Whether the station's account has written it itself."""

    pasted: bool = False
    """Whether somebody has pasted it, instead of a bridge hearing it."""

    anonymous: bool = False
    """Whether who wrote it has hidden who they are."""

    recalled_at: datetime | None = None
    """When it was taken back."""

    again: tuple[str, ...] = ()
    """Numbers under which the same words came once more."""

    issue: str = ""
    """Id of the case that it belongs to."""

    aside_by: str = ""
    """Login of who has said that it needs nothing."""

    @property
    def name(self) -> str:
        """Who it is from, as people of the group see them."""
        return self.card or self.nickname.strip() or self.sender

    @property
    def contact(self) -> str:
        """How whoever wrote it is reached: by their account; empty where that is not known."""
        return "" if self.sender.startswith(BY_NAME) or self.anonymous else f"QQ {self.sender}"

    @property
    def known(self) -> bool:
        """Whether the message itself has come; of some only that they were taken back is known so far."""
        return bool(self.sender)


@index(Message.kind, "sender")
def _sender(doc: Doc) -> Iterable[str]:
    """By group and sender."""
    return (f"{doc.get('group', '')}:{doc['sender']}",) if doc.get("sender") else ()


@index(Message.kind, "issue")
def _issue(doc: Doc) -> Iterable[str]:
    """By the case that it belongs to."""
    return (doc["issue"],) if doc.get("issue") else ()


@index(Message.kind, "again")
def _again(doc: Doc) -> Iterable[str]:
    """By the other numbers that it came under."""
    return [f"{doc['account']}:{doc.get('group', '')}:{number}" for number in doc.get("again", ())]


def message_id(account: str, group: str, number: str) -> str:
    """The id of a message: the same message the same id, however often it is delivered."""
    return key_id(f"message {account}:{group}:{number}")
