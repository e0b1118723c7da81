"""From messages to a case and back: made, joined, put by; and what may be said in a group."""

from __future__ import annotations

from typing import Any

import pytest

from console.book import Refused
from console.chat.groups import Group, counted, groups, member, quiet, silent
from console.chat.inbox import Inbox
from console.chat.messages import Message
from console.chat.privacy import leaks, masked, named_in
from console.chat.taking import cases_of, thread
from console.issues import Issue
from console.numbers import number
from console.record import replace
from tests.console.helpers import HERE, Station, local
from tests.console.test_chat_messages import heard, recall, receive


@pytest.fixture
def chat(station: Station) -> Station:
    """Five residents of one group, one of whom says good morning."""
    station.system("set_group", number="3", name="金桂苑业主群", grids=("g1",))
    at = heard()["time"]
    said = [
        (1, 21, "3-2-501李", "下水道堵了,污水都返到厨房了"), (2, 21, "3-2-501李", "[CQ:image,file=a.jpg,url=http://x/a]"),
        (3, 22, "3-2-401王", "我家也是"), (4, 23, "5-1-101赵", "早上好各位邻居"), (5, 24, "7栋陈", "7幢门口树上有个马蜂窝,有没有人管"),
    ]  # fmt: skip
    station.later(minutes=1)
    receive(station, [heard(t, n, user_id=u, time=at + n // 2, sender={"card": c}) for n, u, c, t in said])
    station.later(minutes=2)
    return station


def ids(station: Station) -> dict[str, str]:
    """Number of a message → its id."""
    return {message.number: id for id, message in station.desk.book.all(Message)}


def test_the_inbox_shows_what_waits_and_fades_what_is_no_report(chat: Station) -> None:
    inbox, at = Inbox(chat.desk.book), ids(chat)
    shown = [inbox.item(id) for id in inbox.ids("3")]
    assert [(each.message.number, each.faded, each.too, each.place, each.name) for each in shown if each] == [
        ("1", "", False, "3幢2单元501", "李"), ("2", "", False, "3幢2单元501", "李"), ("3", "", True, "3幢2单元401", "王"),
        ("4", "greeting", False, "5幢1单元101", "赵"), ("5", "", False, "7幢", "陈"),
    ]  # fmt: skip
    assert inbox.open() == 4 and inbox.ids() == inbox.ids("3") and inbox.ids("4") == []
    assert inbox.pieces(at["1"]) == [at["1"], at["2"]] and inbox.pieces(at["5"]) == [at["5"]]
    receive(chat, [recall(5), heard("新的", 6, user_id=30, time=heard()["time"] - 5)])
    assert [inbox.item(id).message.number for id in inbox.ids()] == ["6", "1", "2", "3", "4", "5"]  # type: ignore[union-attr]
    assert inbox.item(at["5"]).message.recalled_at  # type: ignore[union-attr]
    chat.do("put_by", messages=(at["4"],))
    assert at["4"] not in inbox.ids()
    chat.do("put_by", messages=(at["4"],), back=True)
    assert at["4"] in inbox.ids() and Inbox(chat.desk.book).ids() == inbox.ids()


def test_messages_become_a_case_with_reporter_moment_words_and_place(chat: Station) -> None:
    inbox, at = Inbox(chat.desk.book), ids(chat)
    done = chat.do("take_up", messages=(at["2"], at["1"]), category="sewer")
    issue: Issue = chat.case(done.touched[0][1])
    assert (issue.reporter, issue.place, issue.grid, issue.source) == ("李", "3幢2单元501", "g1", "group")
    assert issue.contact == "QQ 21" and issue.text == "下水道堵了,污水都返到厨房了"
    assert issue.reported_at == local("2026-11-23 10:00:00") and issue.taken_at == chat.moment
    assert [message.number for _, message in thread(chat.desk.book, done.touched[0][1])] == ["1", "2"]
    assert at["1"] not in inbox.ids()
    with pytest.raises(Refused) as caught:
        chat.do("take_up", messages=(at["1"],), who="zhao")
    assert caught.value.word == "refused.message_taken" and caught.value.facts["number"] == number(done.touched[0][1])


def test_the_fifth_report_is_a_voice_and_the_reporters_next_word_lands_on_the_case(chat: Station) -> None:
    at = ids(chat)
    case = chat.do("take_up", messages=(at["1"],), category="sewer").touched[0][1]
    chat.do("join", case, messages=(at["3"], at["2"]))
    assert [(voice.name, voice.contact) for voice in chat.case(case).voices] == [("王", "QQ 22")]
    receive(chat, [heard("[CQ:reply,id=1]还没来人", 7, user_id=21), heard("[CQ:reply,id=1]楼上也堵", 8, user_id=29)])
    at = ids(chat)
    book = chat.desk.book
    assert cases_of(book, book.get(Message, at["8"])) == [case]  # type: ignore[arg-type]
    assert book.get(Message, at["7"]).issue == case, "who is on a case and answers in its thread need not be joined"  # type: ignore[union-attr]
    assert chat.case(case).last.facts == {"text": "3-2-501李: 还没来人"}
    assert len(chat.case(case).voices) == 1, "the reporter is no other household"
    chat.do("part", messages=(at["7"],))
    assert book.get(Message, at["7"]).issue == ""  # type: ignore[union-attr]


def test_who_is_of_the_staff_or_an_agency_is_no_household(chat: Station) -> None:
    at = ids(chat)
    case = chat.do("take_up", messages=(at["1"],), category="sewer").touched[0][1]
    chat.do("set_member", group="3", account="22", agency="property", name="马工")
    chat.do("join", case, messages=(at["3"],))
    assert chat.case(case).voices == ()
    assert member(chat.desk.book, "3", "22").name == "马工"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("verb", "fields", "word"),
    [
        ("take_up", {"messages": ()}, "refused.field_missing"), ("take_up", {"messages": ("12345",)}, "refused.no_message"),
        ("put_by", {"messages": ("1",)}, "refused.no_message"), ("take_up", {"messages": tuple("123456789") * 9}, "refused.no_message"),
        ("take_up", {"messages": tuple(map(str, range(51)))}, "refused.many_messages"),
        ("set_group", {"number": "x"}, "refused.group_number"), ("set_group", {"number": "9", "grids": ("nowhere",)}, "refused.no_place"),
        ("set_member", {"group": "99", "account": "1"}, "refused.no_group"),
        ("set_member", {"group": "3", "account": "1", "login": "nobody"}, "refused.no_person"),
    ],
)  # fmt: skip
def test_what_is_refused(chat: Station, verb: str, fields: dict[str, Any], word: str) -> None:
    with pytest.raises(Refused) as caught:
        chat.do(verb, who="chen", **fields)
    assert caught.value.word.removesuffix(".near") == word


def test_a_facilitator_sees_to_the_groups_of_their_own_grids(chat: Station) -> None:
    at = ids(chat)
    chat.do("put_by", messages=(at["4"],), who="wang")
    receive(chat, [heard("别的群", 9, group_id=4)])
    with pytest.raises(Refused) as caught:
        chat.do("put_by", messages=(ids(chat)["9"],), who="wang")
    assert caught.value.word == "refused.not_your_group"


# -- groups


def test_a_group_is_named_and_its_rhythm_learned(chat: Station) -> None:
    found = groups(chat.desk.book)["3"]
    assert (found.name, found.account, found.grids, found.last) == ("金桂苑业主群", "1", ("g1",), local("2026-11-23 10:01"))
    assert sum(found.hours) == 5 and found.hours[10] == 5


def test_a_group_warns_by_its_own_rhythm() -> None:
    group, before = Group(number="3"), local("2026-11-01 08:00")
    for day in range(1, 15):  # ten an hour by day, nothing by night
        for hour in range(8, 22):
            moment = local(f"2026-11-{day:02d} {hour:02d}:30")
            group = counted(group, moment.astimezone(HERE), (moment - before).total_seconds() / 86400, 10)
            before = moment
    assert 7 < group.hours[12] < 13 and group.hours[3] == 0
    group = replace(group, last=local("2026-11-14 21:59"))
    night, morning = local("2026-11-15 07:50"), local("2026-11-15 09:30")
    assert quiet(group, night, night.astimezone(HERE)) < 1
    assert not silent(group, night, night.astimezone(HERE)) and silent(group, morning, morning.astimezone(HERE))
    assert not silent(replace(group, closed=True), morning, morning.astimezone(HERE))
    assert not silent(Group(number="3", last=group.last), morning, morning.astimezone(HERE)), "nobody knows its rhythm yet"


# -- privacy


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("打13800000000", "打138****0000"), ("+86 138-0000-0000", "138****0000"), ("0570-5550101", "0570-****101"),
        ("330802199001011234", "330802********4"), ("编号20261123-0001", "编号20261123-0001"), ("3-2-501", "3-2-501"), ("没有号码", "没有号码"),
        ("114857600000", "114857600000"),
    ],
)  # fmt: skip
def test_numbers_that_lead_to_a_person_are_masked(text: str, expected: str) -> None:
    assert masked(text) == expected


def test_nothing_of_another_resident_goes_to_a_group(chat: Station) -> None:
    chat.system("set_agency", slug="property", name="物业公司", english="property", phone="0570-5550101")
    at = ids(chat)
    case = chat.do("take_up", messages=(at["1"],), category="sewer", name="李秀英").touched[0][1]
    chat.do("voice", case, name="王建国", contact="13900000001")
    book, issue = chat.desk.book, chat.case(case)
    said = {
        "已受理,物业电话 0570-5550101": [], "请打 13900000001": ["13900000001"], "和王建国家是同一处": ["王建国"],
        "李秀英女士,已通": [], "3幢2单元501的管子已通": [],
    }  # fmt: skip
    assert {text: leaks(book, text, issue, "QQ 21") for text in said} == said
    assert leaks(book, "李秀英家3幢2单元501已通", issue, "QQ 22") == ["李秀英", "3幢2单元501"]
    with pytest.raises(Refused) as caught:
        chat.do("say", to=at["3"], text="李秀英家也堵了", issue=case)
    assert caught.value.word == "refused.leaks" and caught.value.facts["what"] == ["李秀英"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我叫张三,5幢漏水", "我叫张*,5幢漏水"), ("联系人:王小明 13900001111", "联系人:王** 139****1111"),
        ("王姐家也漏,李建国家也漏", "王*家也漏,李**家也漏"), ("树上有马蜂窝", "树上有马蜂窝"), ("下水道堵了", "下水道堵了"),
        ("我是金桂苑的业主", "我是金桂苑的业主"), ("老王修好了", "老*修好了"),
    ],
)  # fmt: skip
def test_names_are_masked_outside_the_case_and_words_are_not(text: str, expected: str) -> None:
    called = ("3-2-501王姐", "5-1-101 李建国", "马蜂窝", "下水道", "老王", "7幢金桂苑", "物业")
    assert masked(text, named_in(called)) == expected


def test_the_title_of_a_case_of_messages_names_no_other_resident(chat: Station) -> None:
    receive(chat, [heard("楼上李建国家漏水到我家", 8, user_id=31, sender={"card": "6-1-101吴"}),
                   heard("哪有", 9, user_id=32, sender={"card": "6-1-201李建国"})])  # fmt: skip
    issue = chat.case(chat.do("take_up", messages=(ids(chat)["8"],), category="sewer").touched[0][1])
    assert issue.title == "楼上李**家漏水到我家" and issue.text == "楼上李建国家漏水到我家"


@pytest.mark.parametrize(
    "text",
    ["听3幢2单元501说的", "3-2-501先报的", "陈阿姨家也返水", "周先生家也返水", "金桂苑1幢102也返水", "住9幢803的"],
)
def test_nobody_elses_name_or_flat_goes_to_a_group_whichever_case_it_is_of(chat: Station, text: str) -> None:
    receive(chat, [heard("也堵了", 8, user_id=31, sender={"card": "8-1-101 陈阿姨"})])
    chat.take(text="返水", name="周先生", contact="13800000001", place="金桂苑1幢102")
    assert chat.refused("say", to=ids(chat)["5"], text=text).word == "refused.leaks"


def test_whoever_is_spoken_to_may_be_called_by_a_name_that_others_have_as_well(chat: Station) -> None:
    cards = ((8, 31, "8-1-101 陈阿姨"), (9, 32, "9-2-202陈阿姨"))
    receive(chat, [heard(f"也堵了{n}", n, user_id=who, sender={"card": card}) for n, who, card in cards])
    chat.do("say", to=ids(chat)["8"], text="陈阿姨, 8幢1单元101这就来人")
    assert chat.refused("say", to=ids(chat)["8"], text="先去9幢2单元202").word == "refused.leaks"
    assert chat.refused("say", to=ids(chat)["5"], text="陈阿姨家也堵了").word == "refused.leaks"


@pytest.mark.parametrize(
    "text", ["5幢1单元101的您好", "12幢的都派了", "编号 20261123-0001, 11-27 20:00 前到", "8-10点来人", "Li 马上到"]
)
def test_what_is_nobody_elses_is_said(chat: Station, text: str) -> None:
    chat.do("say", to=ids(chat)["4"], text=text)
