"""Pictures of messages: fetched while their links are good, within limits, and from nowhere inside."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from console.bridge.pictures import fetch, fetch_on, inside
from console.card import Card
from console.chat.messages import Message
from console.chat.pictures import kind_of, wanted
from console.config import Settings
from console.desk import Desk
from console.staff import SYSTEM
from console.words import words
from storage.errors import Unavailable
from tests.console.helpers import Station
from tests.console.test_chat_messages import heard, receive

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A web server with pictures, and what is none."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = {"/a.png": PNG, "/big": PNG + b"y" * 3_000_000, "/page": b"<html>", "/b.webp": b"RIFF1234WEBPVP8 "}
            if self.path == "/inward":
                self.send_response(302)
                self.send_header("Location", "http://127.0.0.1:1/a.png")
                self.end_headers()
                return
            data = found.get(self.path)
            self.send_response(200 if data is not None else 404)
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, *args: object) -> None:
            """Quiet."""

    made = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()


@pytest.mark.parametrize(
    ("path", "why"),
    [("/a.png", ""), ("/b.webp", ""), ("/big", "large"), ("/page", "kind"), ("/nothing", "gone"), ("/inward", "gone")],
)
def test_a_picture_is_kept_or_it_is_said_why_not(server: str, path: str, why: str) -> None:
    data, said = fetch(server + path, 1_000_000, private=True)
    assert said == why and bool(data) == (not why)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://x/a.png", "", "http://[::1/a", "http:///a.png", "http://127.0.0.1:9/a"]
)
def test_what_is_no_address_of_a_picture_is_not_asked(url: str) -> None:
    data, why = fetch(url, 1000)
    assert not data and why in ("gone", "inside")
    assert fetch(url, 1000, private=True) == (b"", "gone"), "nor where private networks may be asked"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a",
        "http://localhost/a",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://[::1]/a",
        "http://169.254.169.254/",
    ],
)
def test_nothing_inside_is_asked_for_a_message(url: str) -> None:
    assert inside(url)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PNG, "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"GIF89a", "gif"),
        (b"RIFF0000WEBP", "webp"),
        (b"BM", "bmp"),
        (b"MZ", ""),
        (b"", ""),
        (b"<svg", ""),
    ],
)
def test_a_picture_is_known_by_how_it_begins(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind


class Hands:
    """What fetching needs of a listener."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def safely(self, work: object) -> object:
        return work()  # type: ignore[operator]


def fetched(station: Station, server: str, *paths: str, export: object = None) -> list[tuple[str, str]]:
    """What became of the pictures of one message."""
    code = "".join(f"[CQ:image,file={n}.png,url={server}{path}]" for n, path in enumerate(paths))
    receive(station, [heard(f"漏水了{code}")])
    store = station.session()
    hands = Hands(Desk(store, station.now, SYSTEM))

    async def work() -> None:
        task = asyncio.create_task(fetch_on(hands, export or store.beside.export, private=True))  # type: ignore[arg-type]
        for _ in range(500):
            await asyncio.sleep(0.01)
            hands.desk.catch_up()
            if not wanted(hands.desk.book):
                break
        task.cancel()

    asyncio.run(work())
    station.desk.catch_up()
    [message] = [each for _, each in station.desk.book.all(Message)]
    return [(each.path, each.why) for each in message.pictures]


def test_pictures_of_a_message_lie_among_the_exports(station: Station, server: str) -> None:
    found = fetched(station, server, "/a.png", "/page", "/nothing")
    assert [why for _, why in found] == ["", "kind", "gone"]
    path = found[0][0]
    assert path.endswith(".png") and Path(path.removeprefix("memory:")).name.startswith("picture-")


def test_the_case_says_where_its_pictures_lie_and_not_to_agencies(station: Station, server: str) -> None:
    [(path, _)] = fetched(station, server, "/a.png")
    case = station.do("take_up", messages=tuple(station.desk.book.docs("messages")), category="sewer").touched[0][1]
    station.do("file", case)
    station.do("dispatch", case, agency="property", ask="x")

    def told(who: str) -> str:
        card = Card(station.desk.book, case, words("zh"), station.now(), station.who(who))
        return "".join(text for each in card.body() for _, text in each)

    assert path in told("li") and path not in told("pu")


def test_where_a_station_keeps_none_none_is_asked_for(station: Station, server: str) -> None:
    station.system("configure", settings={**Settings().dump(), "chat": {"picture_megabytes": 0}})
    assert fetched(station, server, "/a.png") == [("", "off")]


def test_a_disk_that_takes_none_is_told(station: Station, server: str) -> None:
    def full(name: str, data: bytes) -> str:
        raise Unavailable("no space", path=name, reason="full")

    assert fetched(station, server, "/a.png", export=full) == [("", "place")]
