"""The bridge that the listener is tried with is one that others take for a bridge as well: applications we did not write.

They are no dependency of ours: where they are not installed that is said, and nothing is tried.
    pip install aiocqhttp 'nonebot2[fastapi]' nonebot-adapter-onebot
"""

from __future__ import annotations

import asyncio
import importlib.util
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import orjson
import pytest

from tests.console.bridge import Bridge
from tests.console.test_chat_messages import frames

AIOCQHTTP = """
import json, sys
from aiocqhttp import CQHttp
bot = CQHttp(access_token="sesame-sesame")
def told(*what): print(json.dumps(what), flush=True)
@bot.on_message
async def _(event):
    told("message", event["message_id"])
    if event["message_id"] == int(sys.argv[2]):
        told("sent", (await bot.send(event, "已受理"))["message_id"])
@bot.on_notice
async def _(event): told("notice", event["message_id"])
@bot.on_meta_event
async def _(event): told("meta", 0)
bot.run(host="127.0.0.1", port=int(sys.argv[1]))
"""

NONEBOT = """
import json, sys, nonebot
from nonebot.adapters.onebot.v11 import Adapter, GroupMessageEvent, GroupRecallNoticeEvent, MetaEvent
nonebot.init(driver="~fastapi", host="127.0.0.1", port=int(sys.argv[1]), onebot_access_token="sesame-sesame", log_level="ERROR")
nonebot.get_driver().register_adapter(Adapter)
def told(*what): print(json.dumps(what), flush=True)
@nonebot.on_message().handle()
async def _(bot, event: GroupMessageEvent):
    told("message", event.message_id)
    if event.message_id == int(sys.argv[2]):
        told("sent", (await bot.send(event, "已受理"))["message_id"])
@nonebot.on_notice().handle()
async def _(event: GroupRecallNoticeEvent): told("notice", event.message_id)
@nonebot.on_metaevent().handle()
async def _(event: MetaEvent): told("meta", 0)
nonebot.run()
"""

PEERS = {"aiocqhttp": (AIOCQHTTP, "/ws/"), "nonebot": (NONEBOT, "/onebot/v11/ws")}


@pytest.mark.parametrize("name", PEERS)
def test_an_application_of_others_takes_our_bridge_for_one(name: str, tmp_path: Path) -> None:
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed")
    program, path = PEERS[name]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    sent = frames()
    last = next(each["message_id"] for each in reversed(sent) if each["post_type"] == "message")
    out = tmp_path / "out"
    with out.open("wb") as said, (tmp_path / "err").open("wb") as wrong:
        argv = [sys.executable, "-c", program, str(port), str(last)]
        process = subprocess.Popen(argv, stdout=said, stderr=wrong, cwd=tmp_path)
    bridge = Bridge(sent)

    async def talk() -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            await asyncio.sleep(0.1)
        task = asyncio.create_task(bridge.talk(f"ws://127.0.0.1:{port}{path}", "sesame-sesame", len(sent)))
        while time.monotonic() < until and b'"sent"' not in out.read_bytes():
            await asyncio.sleep(0.1)
        await asyncio.sleep(1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    try:
        asyncio.run(talk())
    finally:
        process.kill()
        process.wait()
    heard = [tuple(orjson.loads(line)) for line in out.read_bytes().splitlines() if line.startswith(b"[")]
    expected = Counter(("message", each["message_id"]) for each in sent if each["post_type"] == "message")
    expected += Counter(("notice", each["message_id"]) for each in sent if each["post_type"] == "notice")
    assert Counter(each for each in heard if each[0] in ("message", "notice")) == expected, (tmp_path / "err").read_text()[
        -2000:
    ]
    assert sum(each[0] == "meta" for each in heard) == 1 + sum(each["post_type"] == "meta_event" for each in sent)
    assert [each for each in bridge.asked if each["action"] in ("send_msg", "send_group_msg")]
    assert any(each[0] == "sent" and each[1] > 9000 for each in heard)
