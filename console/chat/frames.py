"""What a bridge sends, checked at the door and said in our own terms; what is not known is told apart from what is wrong.

After OneBot v11, "event" and "communication/ws". Any field of ``sender`` may be missing, numbers may be text, those of
messages may be negative or longer than a float holds; more fields than the standard has are passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import ValidationError

from console.chat.cq import SHORT, Said, said, writable
from console.chat.wire import AnswerModel, EventModel, MessageModel, MetaModel, NoticeModel

LARGEST = 1_048_576
"""Bytes of one frame at most."""


NO_ACTION = frozenset((404, 1404, 10002))
"""``retcode`` of a bridge that has no such action: over HTTP and WebSocket, and as OneBot v12 says it."""


class Unreadable(ValueError):
    """A frame that is refused; its text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Something that was heard."""

    account: str
    """Account of the bridge."""

    time: int
    """When, by the bridge's clock: seconds since 1970; 0 where it does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard(Frame):
    """Somebody has said something."""

    group: str
    """Number of the group; empty for a private message."""

    group_name: str
    """Its name, where the bridge says it."""

    message: str
    """Number of the message: one account's and group's own."""

    sender: str
    """Account of who said it; of somebody anonymous the one that the bridge gives."""

    card: str
    """Their name in the group."""

    nickname: str
    """Their name everywhere."""

    role: str
    """owner, admin or member."""

    own: bool
    """Whether the account itself has said it: never a report."""

    anonymous: bool
    """Whether they have hidden who they are."""

    said: Said
    """What they said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall(Frame):
    """A message was taken back."""

    group: str
    """Number of the group."""

    message: str
    """Number of the message."""

    by: str
    """Account of who took it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(Frame):
    """Somebody came, went, or calls themselves otherwise."""

    group: str
    """Number of the group."""

    member: str
    """Their account."""

    change: str
    """come, gone or card."""

    card: str
    """Their new name in the group, where that is what changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silenced(Frame):
    """The account itself may not speak in a group, for a while or for good."""

    group: str
    """Number of the group."""

    change: str
    """banned, freed or removed."""

    seconds: int
    """For how long it is banned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat(Frame):
    """The bridge is there."""

    kind: str
    """heartbeat, connect, enable or disable."""

    online: bool
    """Whether its account is said to be online; that it says so proves little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of something that was asked of the bridge."""

    echo: Any
    """What it was asked with: any JSON value."""

    ok: bool
    """Whether it was done."""

    later: bool
    """Whether the bridge only promises to do it."""

    unknown: bool
    """Whether the bridge does not know what it was asked for at all."""

    message: str
    """Number of the message that was sent."""

    why: str
    """Why it was not done, in the bridge's words."""

    data: Any
    """What was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd(Frame):
    """Something that a bridge sends and nobody here has a use for: kept and counted."""

    shape: str
    """What it is: its types, with slashes between them."""


def read(data: str | bytes) -> Frame | Answer:
    """One frame as it comes over the wire. Raises ``Unreadable`` with the reason."""
    if len(data) > LARGEST:
        raise Unreadable(f"a frame of {len(data)} bytes; {LARGEST} are read")
    try:
        frame = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"no JSON: {error}") from None
    return understood(frame)


def understood(frame: Any) -> Frame | Answer:
    """What a frame says. Raises ``Unreadable`` with the reason."""
    if not isinstance(frame, dict):
        raise Unreadable("a frame is an object")
    try:
        kind = frame.get("post_type")
        if kind is None and "retcode" in frame:
            return _answer(AnswerModel.model_validate(frame))
        if kind in ("message", "message_sent"):
            return _heard(MessageModel.model_validate(frame))
        if kind == "notice":
            return _notice(NoticeModel.model_validate(frame))
        if kind == "meta_event":
            return _beat(MetaModel.model_validate(frame))
        return _odd(EventModel.model_validate(frame), _shape(frame))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Unreadable(f"{where}: {first['msg']}") from None
    except ValueError as error:
        raise Unreadable(str(error)) from None


def _heard(event: MessageModel) -> Frame:
    """A message in a group, or to the account alone."""
    if event.message_type not in ("group", "private"):
        return _odd(event, f"message/{event.message_type}")
    if event.message_type == "group" and event.group_id is None:
        raise Unreadable("group_id: a message in a group without the group's number")
    return Heard(
        account=event.self_id,
        time=event.time,
        group=(event.group_id or "") if event.message_type == "group" else "",
        group_name=event.group_name,
        message=event.message_id,
        sender=event.user_id,
        card=event.sender.card,
        nickname=event.sender.nickname,
        role=event.sender.role,
        own=event.post_type == "message_sent" or event.user_id == event.self_id,
        anonymous=event.sub_type == "anonymous",
        said=said(event.raw_message if event.message is None else event.message),
    )


def _notice(event: NoticeModel) -> Frame:
    """What happened in a group."""
    account, time, group = event.self_id, event.time, event.group_id
    who, sub = event.user_id or "", event.sub_type
    if group is not None and event.notice_type == "group_recall" and event.message_id:
        return Recall(account=account, time=time, group=group, message=event.message_id, by=event.operator_id or who)
    if group is not None and event.notice_type in ("group_increase", "group_decrease"):
        if event.notice_type == "group_decrease" and (sub == "kick_me" or who == account):
            return Silenced(account=account, time=time, group=group, change="removed", seconds=0)
        change = "come" if event.notice_type == "group_increase" else "gone"
        return Membership(account=account, time=time, group=group, member=who, change=change, card="")
    if group is not None and event.notice_type == "group_card":
        return Membership(account=account, time=time, group=group, member=who, change="card", card=event.card_new)
    if group is not None and event.notice_type == "group_ban" and who == account:
        change = "freed" if sub == "lift_ban" else "banned"
        return Silenced(account=account, time=time, group=group, change=change, seconds=max(event.duration, 0))
    return _odd(event, "/".join(filter(None, ("notice", event.notice_type, sub))))


def _beat(event: MetaModel) -> Frame:
    """The bridge's own life."""
    if event.meta_event_type == "heartbeat":
        online = bool((event.status or {}).get("online", True))
        return Beat(account=event.self_id, time=event.time, kind="heartbeat", online=online)
    if event.meta_event_type == "lifecycle":
        kind = event.sub_type or "connect"
        return Beat(account=event.self_id, time=event.time, kind=kind, online=kind != "disable")
    return _odd(event, f"meta_event/{event.meta_event_type}")


def _answer(event: AnswerModel) -> Answer:
    """The answer to something that we asked."""
    why = event.wording or event.message
    data = event.data if isinstance(event.data, dict) else {}
    sent = data.get("message_id")
    return Answer(
        echo=event.echo,
        ok=event.status == "ok" and event.retcode == 0,
        later=event.status == "async" or event.retcode == 1,
        unknown=event.retcode in NO_ACTION,
        message=str(sent) if isinstance(sent, int | str) and not isinstance(sent, bool) else "",
        why=writable(why[:SHORT]) if isinstance(why, str) and why else f"retcode {event.retcode}",
        data=event.data,
    )


def _odd(event: EventModel, shape: str) -> Odd:
    """What is kept and counted."""
    return Odd(account=event.self_id, time=event.time, shape=writable(shape[:SHORT]))


def _shape(frame: dict[str, Any]) -> str:
    """The types of a frame of a kind that is not known."""
    names = ("post_type", "request_type", "sub_type")
    return "/".join(str(frame[name]) for name in names if isinstance(frame.get(name), str)) or "–"
