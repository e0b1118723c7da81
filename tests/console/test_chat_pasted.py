"""A conversation out of a chat window: QQ's and WeChat's forms, and what a person pastes twice."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.book import Refused
from console.chat.messages import Message
from console.chat.pasted import MOST, read
from tests.console.helpers import Station, local
from tests.console.test_chat_messages import heard, receive

NOW, HERE = local("2026-11-23 16:00"), ZoneInfo("Asia/Shanghai")

QQ = "王建国(12345678) 2026/11/23 14:28:01\n下水道又堵了\n污水往外冒\n\n3-2-501李(22345678) 14:29:10\n我家也是 10:30 开始\n"
"""As QQ copies several messages."""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (QQ, [("王建国", "12345678", "11-23 14:28:01", "下水道又堵了\n污水往外冒"),
              ("3-2-501李", "22345678", "11-23 14:29:10", "我家也是 10:30 开始")]),
        ("王建国: 11-23 14:28:01\n下水道堵了\n\n李姐: 11-23 14:29:10\n+1\n",
         [("王建国", "", "11-23 14:28:01", "下水道堵了"), ("李姐", "", "11-23 14:29:10", "+1")]),
        ("2026-11-22 14:28:01 王建国(12345678)\n你好\n\n2026-11-22 14:28:05 李<a@qq.com>\n[图片]\n",
         [("王建国", "12345678", "11-22 14:28:01", "你好"), ("李", "", "11-22 14:28:05", "[图片]")]),
        ("——————  2026-11-22  ——————\n\n张三  14:28\n\n有马蜂窝\n\n李四  下午 3:05\n在哪\n",
         [("张三", "", "11-22 14:28:00", "有马蜂窝"), ("李四", "", "11-22 15:05:00", "在哪")]),
        ("张三:\n有马蜂窝\n李四\uff1a\n在哪", [("张三", "", "", "有马蜂窝"), ("李四", "", "", "在哪")]),
        ("张三: 有马蜂窝\n李四\uff1a在哪", [("张三", "", "", "有马蜂窝"), ("李四", "", "", "在哪")]),
        ("张三\n昨天 14:28\n有马蜂窝\n李四\n14:30\n哪里",
         [("张三", "", "11-22 14:28:00", "有马蜂窝"), ("李四", "", "11-22 14:30:00", "哪里")]),
        ("张三: 9幢垃圾没人收\n2026年11月23日 下午2:15\n老王\n电动车进电梯了\n昨天 9:00\n李姐\n+1",
         [("张三", "", "", "9幢垃圾没人收"), ("老王", "", "11-23 14:15:00", "电动车进电梯了"), ("李姐", "", "11-22 09:00:00", "+1")]),
        ("John Smith 2:05 PM\nthe sewer is blocked", [("John Smith", "", "11-23 14:05:00", "the sewer is blocked")]),
        ("王\uff0812345678\uff09 12-31 23:59:59\n去年的事", [("王", "12345678", "12-31 23:59:59", "去年的事")]),
        ("王(12345678) 2026/11/23 23:59:00\n还没到的时候", [("王", "12345678", "11-23 16:00:00", "还没到的时候")]),
    ],
)  # fmt: skip
def test_the_forms_of_the_chat_programs(text: str, found: list[tuple[str, str, str, str]]) -> None:
    lines, lost = read(text, NOW, HERE)
    made = [(e.name, e.account, f"{e.at.astimezone(HERE):%m-%d %H:%M:%S}" if e.at else "", e.text) for e in lines]
    assert made == found and lost == 0


def test_a_year_that_is_not_said_is_the_last_one_where_this_one_would_be_to_come() -> None:
    [line], _ = read("王(12345678) 12-31 23:59:59\n去年的事", NOW, HERE)
    assert line.at is not None and line.at.astimezone(HERE).year == 2025


def test_what_is_no_message_is_counted() -> None:
    assert read("大家好\n今天天气不错", NOW, HERE) == ([], 2)
    lines, lost = read("王:\n" + "水\n" * (MOST + 5), NOW, HERE)
    assert len(lines) == 1 and lost == 7


@given(st.text(max_size=300))
def test_anything_at_all_can_be_pasted(text: str) -> None:
    lines, lost = read(text, NOW, HERE)
    assert lost >= 0 and all(each.text and (each.at is None or each.at <= NOW) for each in lines)


def test_what_is_pasted_waits_once_however_often_and_whether_a_bridge_heard_it(station: Station) -> None:
    station.system("set_group", number="3", name="业主群")
    station.later(minutes=1)
    receive(station, [heard()])
    text = (
        "3-2-501李: 11-23 10:00:30\n下水道堵了\n\n王: 11-23 10:00:40\n路灯不亮 [图片]\n王: 11-23 10:00:41\n路灯不亮 [图片]\n"
    )
    done = station.do("paste_in", text=text, group="3")
    assert done.counts == {"kept": 1, "twice": 2}
    assert station.do("paste_in", text=text, group="3").counts == {"kept": 0, "twice": 3}
    [fresh] = [each for _, each in station.desk.book.all(Message) if each.pasted]
    assert (fresh.text, fresh.holds, fresh.sender, fresh.contact) == ("路灯不亮", ("image",), "name:王", "")
    assert abs(fresh.at - local("2026-11-23 10:00:40")) <= timedelta(seconds=1)


def test_a_case_of_what_was_pasted_has_a_name_and_no_account(station: Station) -> None:
    station.do("paste_in", text="王大妈:\n楼道灯不亮\n刘:\n我家也是\n王大妈:\n三天了")
    ids = {each.text: id for id, each in station.desk.book.all(Message)}
    case = station.do("take_up", messages=(ids["楼道灯不亮"],), category="sewer").touched[0][1]
    station.do("join", case, messages=(ids["我家也是"], ids["三天了"]))
    issue = station.case(case)
    assert (issue.reporter, issue.contact) == ("王大妈", "")
    assert [(voice.name, voice.contact) for voice in issue.voices] == [("刘", "")], "who told it is no other household"


def test_what_holds_no_conversation_is_refused(station: Station) -> None:
    for text, word in (("", "refused.field_missing"), ("只有一句话", "refused.no_conversation")):
        with pytest.raises(Refused) as caught:
            station.do("paste_in", text=text)
        assert caught.value.word == word
