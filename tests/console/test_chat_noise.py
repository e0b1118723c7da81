"""What is faded in the inbox and what never is; and where somebody lives, as their name in the group says it."""

from __future__ import annotations

from typing import Any

import pytest

from console.chat.cards import Card, card
from console.chat.messages import Message, Picture
from console.chat.noise import faded, me_too
from tests.console.helpers import Station, local
from tests.console.test_chat_messages import frames, kept, receive, truth

NOW = local("2026-11-23 10:00")


def message(text: str = "", **more: Any) -> Message:
    return Message(account="1", group="3", number="7", sender="2", at=NOW, text=text, **more)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("早上好", "greeting"), ("各位邻居早上好!", "greeting"), ("大家好啊~", "greeting"), ("Good morning!", "greeting"),
        ("谢谢", "thanks"), ("谢谢师傅👍", "thanks"), ("辛苦了🙏🙏", "thanks"), ("太感谢物业了", "thanks"), ("Thank you very much", "thanks"),
        ("哈哈哈哈", "laugh"), ("2333", "laugh"), ("收到", "noted"), ("好的,收到", "noted"), ("OK", "noted"), ("[强]", "sticker"),
        ("👍👍", "sticker"), ("[CQ:face,id=14]", "sticker"), ("……", "sticker"), ("@物业 收到", "noted"),
        ("早上好,楼道漏水了", ""), ("谢谢,可是还在漏", ""), ("下水道堵了", ""), ("电梯又坏了😡", ""), ("33", "laugh"), ("好大的烟", ""),
        ("是的还没好", ""), ("我家也是", ""), ("同问", ""), ("什么时候能好啊", ""), ("有人拼车吗", ""), ("119", ""), ("1", "noted"),
        ("谢谢你们把垃圾堆在我家门口", ""), ("早上好好的水管爆了", ""), ("不客气的保安打人", ""), ("救命", ""), ("好臭", ""), ("行不行啊", ""),
    ],
)  # fmt: skip
def test_what_is_faded(text: str, kind: str) -> None:
    assert faded(message(text)) == kind


def test_a_picture_and_a_stopper_word_are_never_faded() -> None:
    photo = Picture(name="a.jpg")
    assert faded(message("", holds=("image",), pictures=(photo,))) == ""
    assert faded(message("谢谢", holds=("image",), pictures=(photo,))) == ""
    assert faded(message("", holds=("image",), pictures=(Picture(name="[动画表情].gif"),))) == "sticker"
    assert faded(message("", holds=("face", "mface"))) == "sticker"
    assert faded(message("", holds=("record",))) == "" and faded(message("", holds=("video",))) == ""
    assert faded(message("好的"), stoppers=("电梯困人",)) == "noted"
    assert faded(message("收到", own=True)) == "own"
    assert faded(message("好", holds=()), stoppers=("好",)) == ""


@pytest.mark.parametrize(
    ("text", "too"),
    [("我家也是", True), ("同问", True), ("+1", True), ("加1", True), ("我们这也是这样", True), ("我家也没有了", True), ("Me too!", True),
     ("俺也一样", True), ("我家也漏水", False), ("同意", False), ("一样一样", True), ("不一样", False), ("1", False)],
)  # fmt: skip
def test_who_says_me_too_is_a_voice(text: str, too: bool) -> None:
    assert me_too(message(text)) is too
    assert not (too and faded(message(text)))


def test_no_report_of_a_real_day_is_faded_and_most_of_the_chatter_is() -> None:
    station = Station("2025-09-24 10:00")
    receive(station, frames())
    found, reports, noise, hit = kept(station), 0, 0, 0
    for each in truth():
        for number in map(str, each["message_ids"]):
            if number in found and each.get("noise"):
                noise, hit = noise + 1, hit + bool(faded(found[number]) or me_too(found[number]))
            elif number in found:
                reports += 1
                signs = not any(c.isalnum() for c in found[number].text)  # the end of a message sent in pieces
                assert signs or not faded(found[number]), found[number].text
    assert reports > 400 and hit / noise > 0.6, (reports, hit, noise)


@pytest.mark.parametrize(
    ("said", "expected", "place"),
    [
        ("3-2-501李", Card("3", "2", "501", "李"), "3幢2单元501"), ("8栋3单元303", Card("8", "3", "303"), "8幢3单元303"),
        ("12幢1803 王姐", Card("12", "", "1803", "王姐"), "12幢1803"), ("3栋王阿姨", Card("3", "", "", "王阿姨"), "3幢"),
        ("李四(5#2-301)", Card("5", "2", "301", "李四"), "5幢2单元301"), ("5-301小张", Card("5", "", "301", "小张"), "5幢301"),
        ("A座1202", Card("A", "", "1202"), "A幢1202"), ("7幢2单元-陈", Card("7", "2", "", "陈"), "7幢2单元"), ("王阿姨", Card(name="王阿姨"), ""),
        ("9-1-106[i]小坏", Card("9", "1", "106", "[i]小坏"), "9幢1单元106"), ("3-2-501 [王]", Card("3", "2", "501", "王"), "3幢2单元501"),
        ("13800000000", Card(name="13800000000"), ""), ("", Card(), ""), ("3-2-501李", Card("3", "2", "501", "李"), "3幢2单元501"),
    ],
)  # fmt: skip
def test_where_a_name_says_that_somebody_lives(said: str, expected: Card, place: str) -> None:
    assert (card(said), card(said).place) == (expected, place)
