"""Frames of a bridge: every shape that is seen on the wire is taken or refused with the reason, and none is a crash."""

from __future__ import annotations

import re
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.chat.cq import LONGEST, SEGMENTS, plain, said, segments, unescaped
from console.chat.frames import (
    LARGEST,
    Answer,
    Beat,
    Heard,
    Membership,
    Odd,
    Recall,
    Silenced,
    Unreadable,
    read,
    understood,
)
from tests.console.helpers import shared

SHAPES: dict[str, Any] = {
    "lifecycle.connect": Beat, "heartbeat": Beat, "message_sent.self": Heard, "self_echo_as_message": Heard,
    "private.friend": Heard, "private.group_temp": Heard, "notice.group_recall": Recall, "notice.group_increase": Membership,
    "notice.group_decrease.kick": Membership, "notice.group_decrease.kick_me": Silenced, "notice.group_ban.me": Silenced,
    "notice.group_card": Membership, "notice.group_upload": Odd, "notice.notify.poke": Odd, "notice.unknown": Odd,
    "request.group.add": Odd, "api.ok.echo_str": Answer, "api.ok.echo_int": Answer, "api.failed.muted": Answer,
    "api.async": Answer,
}  # fmt: skip
"""Name of a shape on the wire → what it is; a message in a group where nothing is said."""


def wire() -> dict[str, Any]:
    """The shapes by name."""
    lines = (shared("onebot-v11") / "wire_shapes.jsonl").read_bytes().splitlines()
    return {each["name"]: each["event"] for each in map(orjson.loads, lines)}


def test_every_shape_on_the_wire_is_what_it_is() -> None:
    shapes = wire()
    assert len(shapes) == 36
    assert {name: type(understood(event)) for name, event in shapes.items()} == {
        name: SHAPES.get(name, Heard) for name in shapes
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("group.text.array", {"text": "3栋电梯又坏了", "card": "3栋王阿姨", "own": False}),
        ("group.text.string", {"text": "[急]水管爆了 & 没人管", "holds": ("face",)}),
        ("group.at_bot.image", {"mentions": ("10001",), "holds": ("image",), "files": 1}),
        ("group.image.only", {"text": "", "holds": ("image",), "files": 1}),
        ("group.reply", {"reply": "1846233392", "text": "还没好吗"}),
        ("group.at_all", {"mentions": ("all",), "text": "@all  停水通知", "role": "owner"}),
        ("group.record", {"holds": ("record",), "text": ""}),
        ("group.forward", {"holds": ("forward",), "text": ""}),
        ("group.empty_card_blank_nick", {"nickname": "", "card": "", "text": "33"}),
        ("group.anonymous", {"anonymous": True, "text": "匿名反映"}),
        ("group.string_ids", {"account": "10001", "sender": "20001", "message": "401713451"}),
        ("group.negative_message_id", {"message": "-1643469028"}),
        ("group.large_message_id", {"message": "7615635860777131465"}),
        ("message_sent.self", {"own": True, "text": "已受理"}),
        ("self_echo_as_message", {"own": True}),
        ("private.friend", {"group": "", "text": "你好"}),
        ("private.group_temp", {"group": ""}),
    ],
)
def test_what_is_read_of_a_message(name: str, expected: dict[str, Any]) -> None:
    found = understood(wire()[name])
    assert isinstance(found, Heard)
    of = {**{f: getattr(found.said, f) for f in ("text", "holds", "mentions", "reply")}, "files": len(found.said.files)}
    for field, value in expected.items():
        assert of.get(field, getattr(found, field, None)) == value, field


def test_what_is_read_of_an_answer() -> None:
    shapes = wire()
    ok, number = understood(shapes["api.ok.echo_str"]), understood(shapes["api.ok.echo_int"])
    muted, later = understood(shapes["api.failed.muted"]), understood(shapes["api.async"])
    assert isinstance(ok, Answer) and ok.ok and ok.message == "9001" and ok.echo == "b66ec140-7b5c-41fe-9422-b1ee89e4f89b"
    assert isinstance(number, Answer) and number.echo == 6
    assert isinstance(muted, Answer) and not muted.ok and "禁言" in muted.why
    assert isinstance(later, Answer) and not later.ok and later.later


def test_every_example_of_the_standard_is_taken_or_refused_with_the_reason() -> None:
    taken = refused = parts = 0
    for each in orjson.loads((shared("onebot-v11") / "spec_examples.json").read_bytes()):
        body = each.get("json", each.get("text"))
        if each["doc"].startswith("message/") and "user_id" not in body:
            assert said(body).more == 0
            parts += 1
            continue
        try:
            understood(body) if not isinstance(body, str) else read(body)
            taken += 1
        except Unreadable as error:
            assert str(error)
            refused += 1
    assert (parts, taken, refused) == (27, 2, 4)


def test_frames_of_another_library_are_taken() -> None:
    for each in orjson.loads((shared("onebot-v11") / "nonebot_events.json").read_bytes()):
        found = understood(each)
        assert isinstance(found, Heard) and found.said.text == "@all  Test text"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{", "no JSON"), (b"\xff\xfe{}", "no JSON"), (b"[]", "an object"), (b"{}", "self_id"), (b'"x"', "an object"),
        (b'{"self_id": 1, "post_type": 7}', "post_type"), (b'{"self_id": true, "post_type": "message"}', "self_id"),
        (b'{"self_id": 1.5, "post_type": "notice", "notice_type": "x"}', "self_id"),
        (b'{"self_id":1,"post_type":"message","message_type":"group","message_id":1,"user_id":2,"message":"x"}', "group_id"),
        (b'{"self_id":1,"post_type":"message","message_type":"group","message_id":1,"user_id":2,"group_id":3,"message":7}',
         "neither a list"),
        (b'{"self_id":1,"post_type":"message","message_type":"group","message_id":1,"user_id":2,"group_id":3,"message":[{}]}',
         "no type"),
        (b" " * (LARGEST + 1), "bytes"), (b"[" * 100_000, "no JSON"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=re.escape(reason)):
        read(data)


def test_a_message_of_five_thousand_codes_is_cut_and_says_so() -> None:
    found = said("[CQ:face,id=1]" * 5_000)
    assert len(found.holds) == SEGMENTS and found.more == 4_500
    long = said([{"type": "text", "data": {"text": "长" * 20_000}}])
    assert len(long.text) == LONGEST and long.more == 12_000


def test_half_a_character_is_nothing_that_stops_the_store() -> None:
    found = read(rb'{"self_id":1,"post_type":"message","message_type":"group","message_id":1,"user_id":2,"group_id":3,'
                 rb'"message":[{"type":"text","data":{"text":"a"}}],"sender":{"card":"x"}}')  # fmt: skip
    assert isinstance(found, Heard)
    assert said([{"type": "text", "data": {"text": "\ud83d救"}}]).text == "?救"


@given(st.text(st.characters(codec="utf-8")))
def test_a_text_becomes_a_string_message_and_comes_back(text: str) -> None:
    assert unescaped(plain(text)) == text
    assert "".join(data["text"] for _, data in segments(plain(text))) == text


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False),
                    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
                        st.sampled_from(["type", "data", "text", "qq", "id", "file", "x"]), inner, max_size=4), max_leaves=20))  # fmt: skip
def test_no_message_is_a_crash(message: Any) -> None:
    frame = {"self_id": 1, "post_type": "message", "message_type": "group", "message_id": 1, "user_id": 2, "group_id": 3}
    try:
        understood({**frame, "message": message})
    except Unreadable as error:
        assert str(error)
