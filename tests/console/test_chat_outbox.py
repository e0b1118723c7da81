"""What is said in a group: sent once, in its turn; where nobody knows whether it arrived, a person decides."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from console import door
from console.book import Refused
from console.chat.outbox import NEXT, Move, Saying, Way, sayings
from console.record import replace
from console.staff import SYSTEM
from tests.console.bridge import Bridge
from tests.console.helpers import Station
from tests.console.test_chat_listener import TOKEN, Ear, cut, ear, until
from tests.console.test_chat_messages import heard
from tests.console.test_chat_taking import chat, ids

__all__ = ["chat", "ear"]


def test_something_said_waits_in_the_store(chat: Station) -> None:
    at = ids(chat)
    case = chat.do("take_up", messages=(at["1"],), category="sewer").touched[0][1]
    chat.do("say", to=at["1"], text="已受理,编号 0001,4 小时内有回音")
    [(_, said)] = sayings(chat.desk.book, Way.WAITING)
    assert (said.group, said.reply, said.issue, said.by) == ("3", "1", case, "li")


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("to", Way)
def test_what_may_become_of_it(chat: Station, way: Way, to: Way) -> None:
    chat.do("say", group="3", text="请关阀门")
    [(id, said)] = sayings(chat.desk.book, Way.WAITING)
    assert NEXT.keys() == set(Way)
    chat.desk.who = SYSTEM
    path = {Way.WAITING: [], Way.DROPPED: [Way.DROPPED]}.get(way, [Way.SENDING, *([way] if way is not Way.SENDING else [])])
    for step in path:
        chat.desk.do(Move(saying=id, to=step))
    assert chat.desk.book.get(Saying, id).way is way  # type: ignore[union-attr]
    if to in NEXT[way]:
        chat.desk.do(Move(saying=id, to=to))
        tries = [*path, to].count(Way.SENDING)
        assert chat.desk.book.get(Saying, id) == replace(said, way=to, moved=chat.moment, tries=tries)
    else:
        with pytest.raises(Refused) as caught:
            chat.desk.do(Move(saying=id, to=to))
        assert caught.value.word == "refused.saying_way"


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"group": "3", "text": " "}, "refused.field_missing"), ({"group": "3", "text": "长" * 1001}, "refused.long"),
        ({"group": "99", "text": "x"}, "refused.no_group"), ({"to": "1", "text": "x"}, "refused.no_message"),
        ({"group": "3", "text": "打 13900000001"}, "refused.leaks"),
    ],
)  # fmt: skip
def test_what_is_not_said(chat: Station, fields: dict[str, Any], word: str) -> None:
    with pytest.raises(Refused) as caught:
        chat.do("say", **fields)
    assert caught.value.word.removesuffix(".near") == word
    assert sayings(chat.desk.book, *Way) == []


class Answers:
    """A bridge that answers as it is told, and remembers what it was asked to say."""

    def __init__(self, how: dict[str, Any]) -> None:
        self.how, self.said = how, list[Any]()

    def __call__(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        if asked["action"] != "send_group_msg":
            return {"status": "failed", "retcode": 1404, "data": None}
        self.said.append(asked["params"])
        text = asked["params"]["message"][-1]["data"]["text"]
        answer: dict[str, Any] | None = self.how[text]
        return answer


OK = {"status": "ok", "retcode": 0, "data": {"message_id": -77}}
MUTED = {"status": "failed", "retcode": 1200, "data": None, "wording": "你已被禁言"}


def test_what_waits_goes_out_in_its_turn_and_is_marked_by_what_came_of_it(ear: Ear) -> None:
    bridge = Bridge([heard(self_id=10001)])
    bridge.answers = answers = Answers({"一": OK, "二": MUTED, "三": None, "四": OK})

    def do(verb: str, **fields: Any) -> None:
        desk = ear.desk()
        desk.do(door.act(verb, fields))
        desk.close()

    def ways() -> dict[str, Way]:
        desk = ear.desk()
        try:
            return {said.text: said.way for _, said in sayings(desk.book, *Way)}
        finally:
            desk.close()

    async def work() -> None:
        url = ear.begin()
        task = asyncio.create_task(bridge.talk(url, TOKEN, 1))
        await until(lambda: "7" in ear.messages())
        for text in ("一", "二", "三"):
            do("say", group="3", text=text)
        do("say", to=next(iter(ids_of(ear))), text="四")
        await until(lambda: Way.WAITING not in ways().values() and Way.SENDING not in ways().values(), 40)
        await cut(task)
        ear.end()
        url = ear.begin()  # nobody sends the unknown one again
        task = asyncio.create_task(bridge.talk(url, TOKEN, 1, since=0))
        await asyncio.sleep(4)
        await cut(task)

    asyncio.run(work())
    ear.end()
    assert ways() == {"一": Way.SENT, "二": Way.FAILED, "三": Way.UNKNOWN, "四": Way.SENT}
    assert [each["message"][-1]["data"]["text"] for each in answers.said] == ["一", "二", "三", "四"]
    assert all(each["group_id"] == 3 for each in answers.said)
    assert answers.said[3]["message"][0] == {"type": "reply", "data": {"id": "7"}}
    desk = ear.desk()
    said = {each.text: each for _, each in sayings(desk.book, *Way)}
    desk.close()
    assert said["一"].number == "-77" and "禁言" in said["二"].why


def ids_of(ear: Ear) -> list[str]:
    """Ids of the messages."""
    from console.chat.messages import Message

    desk = ear.desk()
    try:
        return [id for id, _ in desk.book.all(Message)]
    finally:
        desk.close()


def test_what_was_being_sent_when_the_listener_died_is_unknown(ear: Ear) -> None:
    desk = ear.desk()
    receive_into(desk)
    desk.do(door.act("say", {"group": "3", "text": "半路"}))
    [(id, _)] = sayings(desk.book, Way.WAITING)
    desk.do(Move(saying=id, to=Way.SENDING))
    desk.close()

    async def work() -> None:
        ear.begin()
        await asyncio.sleep(1)

    asyncio.run(work())
    ear.end()
    desk = ear.desk()
    assert [said.way for _, said in sayings(desk.book, *Way)] == [Way.UNKNOWN]
    desk.close()


def receive_into(desk: Any) -> None:
    """One message, so that there is a group."""
    from console.chat.frames import understood
    from console.chat.receiving import Receive

    desk.do(Receive(heard=[understood(heard())], ahead={}))
