"""What residents write after a case is closed, and what becomes of messages that nobody needs any more."""

from __future__ import annotations

from typing import Any

import pytest

from console.book import Refused
from console.chat.guess import Guesser, guessed, sure
from console.chat.messages import Message
from console.chat.owed import owed
from console.chat.replies import Verdict, verdict
from console.tidy import plan
from tests.console.helpers import Station
from tests.console.test_chat_messages import heard, receive


@pytest.mark.parametrize(
    ("text", "solved", "satisfied"),
    [
        ("通了,谢谢你们,很快", "yes", "satisfied"), ("好了", "yes", ""), ("修好了,满意", "yes", "satisfied"), ("不漏了", "yes", ""),
        ("没问题了,基本满意", "yes", "fairly"), ("解决了,就是太慢", "yes", "dissatisfied"), ("搞定,师傅辛苦", "yes", "satisfied"),
        ("还没解决", "no", ""), ("没修好", "no", ""), ("还是堵", "no", ""), ("又堵了", "no", ""), ("没人来", "no", ""), ("还在漏水", "no", ""),
        ("好一点了,还要看看", "partly", ""), ("一半,西边还没弄", "partly", ""), ("一般般", "", "fairly"), ("请问几点来", "", ""), ("", "", ""),
        ("it works, thanks", "yes", "satisfied"), ("not fixed", "no", ""), ("still blocked", "no", ""),
    ],
)  # fmt: skip
def test_what_somebody_most_likely_means(text: str, solved: str, satisfied: str) -> None:
    assert verdict(text) == Verdict(solved, satisfied)


@pytest.fixture
def over(station: Station) -> tuple[Station, str]:
    """A case made of a message, closed five minutes ago."""
    station.system("set_group", number="3", name="业主群", grids=("g1",))
    station.later(minutes=1)
    receive(station, [heard(), heard("路灯不亮", 8, user_id=5)])
    first = next(id for id, each in station.desk.book.all(Message) if each.number == "7")
    case = station.do("take_up", messages=(first,), category="sewer").touched[0][1]
    station.do("file", case)
    station.do("resolve", case)
    station.do("close", case, outcome="solved")
    station.later(minutes=5)
    return station, case


def later(station: Station, words: str, number: int, who: int = 2) -> str:
    """Somebody writes something more: its id."""
    receive(station, [heard(words, number, user_id=who, time=int(station.moment.timestamp()))])
    return next(id for id, each in station.desk.book.all(Message) if each.number == str(number))


def test_answers_of_who_told_it_are_offered_and_of_nobody_else(over: tuple[Station, str]) -> None:
    station, case = over
    yes, _ = later(station, "好了,谢谢", 20), later(station, "好了", 21, who=5)
    [(who, [each])] = owed(station.desk.book)
    assert who == "李  QQ 2" and each.id == case and [id for id, _ in each.answers] == [yes]
    assert (each.said, each.means) == ("好了,谢谢", Verdict("yes", "satisfied"))
    station.do("put_by", messages=(yes,))
    assert owed(station.desk.book)[0][1][0].answers == ()


def test_an_answer_is_taken_once_and_belongs_to_the_case(over: tuple[Station, str]) -> None:
    station, case = over
    yes = later(station, "好了,谢谢", 20)
    station.do("take_answer", case, messages=(yes,), solved="yes", satisfied="satisfied")
    assert owed(station.desk.book) == [] and station.desk.book.get(Message, yes).issue == case  # type: ignore[union-attr]
    [call] = station.case(case).callbacks
    assert (call.reached, call.contacted, call.solved, call.satisfied, call.note) == (
        True,
        True,
        "yes",
        "satisfied",
        "好了,谢谢",
    )


def test_not_solved_opens_it_again_with_their_sentence(over: tuple[Station, str]) -> None:
    station, case = over
    no = later(station, "还是堵,没人来", 20)
    station.do("take_answer", case, messages=(no,), solved="no")
    issue = station.case(case)
    assert issue.status == "filed" and issue.reopened == 1 and issue.callbacks[0].note == "还是堵,没人来"


@pytest.mark.parametrize(
    ("fields", "word"),
    [({"messages": (), "solved": "yes"}, "refused.field_missing"), ({"solved": "maybe"}, "refused.no_solved"),
     ({"messages": ("1",), "solved": "yes"}, "refused.no_message")],
)  # fmt: skip
def test_what_is_no_answer_is_refused(over: tuple[Station, str], fields: dict[str, Any], word: str) -> None:
    station, case = over
    fields = {"messages": (later(station, "好了", 20),), **fields}
    with pytest.raises(Refused) as caught:
        station.do("take_answer", case, **fields)
    assert caught.value.word.removesuffix(".near") == word


def test_what_nobody_needs_goes_to_the_archive_and_what_waits_stays(over: tuple[Station, str]) -> None:
    station, case = over
    later(station, "大家早上好", 30, who=9)
    station.do("put_by", messages=(later(station, "丢了一把伞", 31, who=9),))
    station.later(days=6)
    assert plan(station.desk.book, station.now()) == []
    station.later(days=2)
    gone = [id for _, documents in plan(station.desk.book, station.now()) for kind, id in documents if kind == "messages"]
    numbers = {station.desk.book.get(Message, id).number for id in gone}  # type: ignore[union-attr]
    assert numbers == {"30", "31"}, "the case's own stays as long as a call is owed, and what nobody has looked at stays"
    station.do("callback", case, reached=True, solved="yes")
    gone = [id for _, documents in plan(station.desk.book, station.now()) for kind, id in documents if kind == "messages"]
    assert {station.desk.book.get(Message, id).number for id in gone} == {"7", "30", "31"}  # type: ignore[union-attr]
    station.desk.put_away(plan(station.desk.book, station.now()), "keep_days")
    receive(station, [heard()])
    assert "7" not in {each.number for _, each in station.desk.book.all(Message)}, (
        "a bridge that says it again tells nothing new"
    )


# -- guessing


def test_a_category_is_guessed_from_what_was_filed(station: Station) -> None:
    for n in range(5):
        station.filed(text=f"{n}幢污水从井盖冒出来了", category="sewer")
        station.take(text=f"{n}楼邻居半夜吵架打牌", category="dispute")
    book = station.desk.book
    assert guessed(book, "井盖又冒污水") == "sewer" and guessed(book, "楼上半夜打牌") == "dispute"
    assert guessed(book, "今天天气不错") == "" and guessed(book, "") == ""
    assert guessed(book, "hornet 在树上") == "hornet", "one that is named needs no guessing"


def test_a_guess_is_made_only_where_one_is_likelier_by_far() -> None:
    guesser = Guesser()
    guesser.learn("污水井盖", "sewer")
    assert guesser.likely("污水井盖") == [], "what knows one category guesses nothing"
    guesser.learn("污水吵架", "dispute")
    assert abs(sum(share for _, share in guesser.likely("污水井盖")) - 1) < 1e-9
    assert sure(guesser.likely("污水污水")) == "" and sure([]) == ""
    assert sure([("a", 0.7), ("b", 0.2)]) == "a" and sure([("a", 0.5), ("b", 0.4)]) == ""
