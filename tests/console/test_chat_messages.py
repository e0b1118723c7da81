"""Messages are kept once each, whatever a bridge repeats, and whatever comes first; taken back is marked, not gone."""

from __future__ import annotations

import random
from typing import Any

import orjson
import pytest

from console.book import Refused
from console.chat.frames import Heard, Membership, Recall, understood
from console.chat.messages import Message, message_id
from console.chat.receiving import Receive, moment_of
from console.staff import SYSTEM
from tests.console.helpers import Station, local, shared


def frames() -> list[Any]:
    """The replay: what a bridge sent in a day."""
    return [orjson.loads(each) for each in (shared("onebot-v11") / "group_replay_dev.jsonl").read_bytes().splitlines()]


def truth() -> list[dict[str, Any]]:
    """What was really written."""
    path = shared("onebot-v11") / "group_replay_dev.truth.jsonl"
    return [orjson.loads(each) for each in path.read_bytes().splitlines()]


def receive(station: Station, events: list[Any], most: int = 50) -> None:
    """Keep frames, some at a time."""
    station.desk.who = SYSTEM
    for at in range(0, len(events), most):
        heard = [
            found for each in events[at : at + most] if isinstance(found := understood(each), Heard | Recall | Membership)
        ]
        if heard:
            station.desk.do(Receive(heard=heard, ahead={}))


def kept(station: Station) -> dict[str, Message]:
    """The messages by number."""
    return {each.number: each for _, each in station.desk.book.all(Message)}


def agrees(station: Station) -> None:
    """What was kept is what the truth says."""
    found = kept(station)
    said = [number for each in truth() for number in map(str, each["message_ids"])]
    assert len(said) == len(set(said))
    assert sorted([*found, *(number for each in found.values() for number in each.again)]) == sorted(said)
    assert {number for number, each in found.items() if each.recalled_at} == {
        str(number) for each in truth() if each.get("recalled") for number in each["message_ids"]
    }
    assert all(each.known and each.text + "".join(each.holds) for each in found.values())


def test_a_day_of_a_group_is_kept_as_it_was() -> None:
    station = Station("2025-09-24 10:00")
    receive(station, frames())
    agrees(station)


@pytest.mark.parametrize("seed", range(5))
def test_every_frame_twice_and_out_of_order_within_a_minute_changes_nothing(seed: int) -> None:
    chance, station = random.Random(seed), Station("2025-09-24 10:00")
    mixed = [(event["time"] + chance.uniform(0, 60), n, event) for event in frames() for n in range(2)]
    receive(station, [event for _, _, event in sorted(mixed, key=lambda each: each[:2])], most=chance.choice([1, 7, 200]))
    agrees(station)


def heard(text: str = "下水道堵了", number: int = 7, **more: Any) -> Any:
    """A message as a bridge sends it."""
    frame = {"self_id": 1, "post_type": "message", "message_type": "group", "message_id": number, "user_id": 2, "group_id": 3,
             "time": int(local("2026-11-23 10:00").timestamp()), "message": text, "sender": {"card": "3-2-501李"}}  # fmt: skip
    return {**frame, **more}


def recall(number: int = 7) -> Any:
    """It is taken back."""
    return {"self_id": 1, "post_type": "notice", "notice_type": "group_recall", "group_id": 3, "user_id": 2,
            "message_id": number, "operator_id": 2, "time": 0}  # fmt: skip


def test_the_same_words_of_the_same_person_soon_after_are_one_message(station: Station) -> None:
    receive(station, [heard(), heard(number=8), heard(number=9, user_id=5), heard(number=10, group_id=4)], most=2)
    found = kept(station)
    assert set(found) == {"7", "9", "10"} and found["7"].again == ("8",)
    receive(station, [heard(number=8), heard(number=7)])
    assert kept(station) == found, "a third time, by either number, is nothing new"


def test_the_same_words_later_or_with_another_picture_are_another_message(station: Station) -> None:
    station.later(minutes=10)
    picture = [{"type": "image", "data": {"file": "a.png", "file_unique": "a"}}]
    other = [{"type": "image", "data": {"file": "b.png", "file_unique": "b"}}]
    at = heard()["time"]
    receive(station, [heard(), heard(number=8, time=at + 121), heard(picture, 9), heard(other, 10)])
    assert set(kept(station)) == {"7", "8", "9", "10"}


def test_two_accounts_in_one_group_hear_one_message(station: Station) -> None:
    receive(station, [heard(), heard(number=77, self_id=9)])
    found = kept(station)
    assert set(found) == {"7"} and found["7"].again == ("77",)


def test_a_message_taken_back_before_it_came_is_marked_when_it_comes(station: Station) -> None:
    receive(station, [recall()])
    assert not kept(station)["7"].known
    receive(station, [heard()])
    found = kept(station)["7"]
    assert found.known and found.recalled_at == station.moment and found.text == "下水道堵了"
    receive(station, [heard(number=8)])
    assert kept(station)["8"].recalled_at is None, "what was taken back may be said again"


def test_nobody_but_the_listener_hears(station: Station) -> None:
    station.desk.who = station.who("chen")
    with pytest.raises(Refused) as caught:
        station.desk.do(Receive(heard=[understood(heard())], ahead={}))  # type: ignore[list-item]
    assert caught.value.word == "refused.no_right"


@pytest.mark.parametrize(
    ("said", "ahead", "expected", "clock"),
    [
        ("09:59:50", None, "09:59:50", 0),
        ("10:05:00", None, "10:00:00", 0),  # a little ahead: it was now
        ("09:00:00", None, "09:00:00", 0),  # it waited on the way
        ("11:00:00", None, "10:00:00", 3600),  # an hour ahead, and no heartbeat says so
        ("11:00:00", 3600, "10:00:00", 3600),
        ("10:30:00", 3600, "09:30:00", 3600),
        ("08:59:00", -3600, "09:59:00", -3600),  # an hour behind, as its heartbeats are
        ("09:59:50", 3, "09:59:50", 0),
    ],
)
def test_a_clock_that_is_off_is_put_right_by_its_heartbeats(said: str, ahead: int | None, expected: str, clock: int) -> None:
    day = "2026-11-23 "
    at, off = moment_of(int(local(day + said).timestamp()), local(day + "10:00:00"), ahead)
    assert (at, off) == (local(day + expected), clock)


@pytest.mark.parametrize("said", [0, -5, 3_604_833_392, 7_615_635_862_535_731_465, 10**30])
def test_a_clock_that_is_nonsense_is_ours(said: int) -> None:
    now = local("2026-11-23 10:00")
    assert moment_of(said, now, None)[0] == now


def test_ids_are_the_same_for_the_same_message_only() -> None:
    ids = {message_id(a, g, m) for a in ("1", "11") for g in ("1", "11", "") for m in ("1", "-1", "11")}
    assert len(ids) == 18 and message_id("1", "2", "3") == message_id("1", "2", "3")


def test_who_goes_or_calls_themselves_otherwise_is_known_where_more_is_known_of_them(station: Station) -> None:
    station.system("set_group", number="3", name="业主群")
    station.do("set_member", group="3", account="2", place="3幢2单元501", name="李", card="3-2-501李")
    notice = {"self_id": 1, "post_type": "notice", "group_id": 3, "user_id": 2, "time": 0}
    left = {**notice, "notice_type": "group_decrease", "sub_type": "leave", "operator_id": 2}
    receive(
        station,
        [left, {**left, "user_id": 77}, {**notice, "notice_type": "group_card", "card_new": "李(已搬)", "card_old": ""}],
    )
    [member] = station.desk.book.docs("members").values()
    assert (member["card"], member["place"]) == ("李(已搬)", "3幢2单元501") and not member.get("gone")
    receive(station, [left])
    assert next(iter(station.desk.book.docs("members").values()))["gone"]
