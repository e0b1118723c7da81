"""The events of OneBot v11 as they stand on the wire, checked by pydantic: what is read of them, and no more."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from console.chat.cq import SHORT, writable


def _number(value: Any) -> str:
    """A number as text, as which it is kept: some bridges send it so, and none is lost in a float."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("is no number")
    text = str(value).strip()
    if not 0 < len(text) <= 64:
        raise ValueError("is no number")
    return writable(text)


def _name(value: Any) -> str:
    """A name; where a bridge sends something else it is nobody's."""
    return writable(value.strip()[:SHORT]) if isinstance(value, str) else ""


Id = Annotated[str, BeforeValidator(_number)]
"""The number of an account, a group or a message, as text."""

Name = Annotated[str, BeforeValidator(_name)]
"""A name as somebody has given it to themselves."""


class WireModel(BaseModel):
    """More fields than are asked for are passed over."""

    model_config = ConfigDict(extra="ignore")


class SenderModel(WireModel):
    """Who says it."""

    nickname: Name = ""
    """Their name everywhere."""

    card: Name = ""
    """Their name in the group."""

    role: Name = ""
    """owner, admin or member."""


class EventModel(WireModel):
    """What all events have."""

    self_id: Id
    """Account of the bridge."""

    time: int = 0
    """When: seconds since 1970."""

    post_type: str
    """message, message_sent, notice, request or meta_event."""


class MessageModel(EventModel):
    """Somebody says something."""

    message_id: Id
    """Number of the message."""

    user_id: Id
    """Account of who it is about."""

    group_id: Id | None = None
    """Number of the group."""

    group_name: Name = ""
    """Its name."""

    message_type: str
    """group or private."""

    sub_type: Name = ""
    """What kind of it."""

    sender: SenderModel = SenderModel()
    """Who says it."""

    message: Any = None
    """What is said, in either form."""

    raw_message: Any = None
    """The same as a string."""


class NoticeModel(EventModel):
    """Something has happened in a group."""

    notice_type: str
    """What has happened."""

    sub_type: Name = ""
    """What kind of it."""

    group_id: Id | None = None
    """Number of the group."""

    user_id: Id | None = None
    """Account of who it is about."""

    operator_id: Id | None = None
    """Account of who has done it."""

    message_id: Id | None = None
    """Number of the message."""

    card_new: Name = ""
    """Their new name in the group."""

    duration: int = 0
    """Seconds for which somebody may not speak."""


class MetaModel(EventModel):
    """The bridge speaks of itself."""

    meta_event_type: str
    """heartbeat or lifecycle."""

    sub_type: Name = ""
    """What kind of it."""

    status: dict[str, Any] | None = None
    """How it is, or how it went."""

    interval: int = 0
    """Milliseconds between two heartbeats."""


class AnswerModel(WireModel):
    """What became of an action."""

    status: str
    """How it is, or how it went."""

    retcode: int
    """0 where it went well."""

    data: Any = None
    """What was asked for."""

    message: Any = ""
    """What is said, in either form."""

    wording: Any = ""
    """Why not, for people."""

    echo: Any = None
    """What it was asked with."""
