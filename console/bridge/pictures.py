"""Fetches the pictures of messages while their links are good. One at a time, with limits: nobody's picture fills the disk.

Only pictures, by how they begin; only from addresses of the open internet, so that a message cannot make the station's
machine ask something of its own network.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import urllib.error
import urllib.request
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Protocol
from urllib.parse import urlsplit

from console.chat.pictures import GONE, INSIDE, KIND, LARGE, OFF, PLACE, Fetched, KeepPictures, kind_of, wanted
from console.config import settings
from console.desk import Desk
from storage.errors import StoreError

LOOK = 5.0
"""Seconds between two looks for pictures that were not fetched."""

SECONDS = 20.0
"""Seconds in which a picture must begin to come."""

AT_ONCE = 4
"""Pictures that are fetched and written down together."""

Export = Callable[[str, bytes], str]
"""(name, data) → where it lies."""


class Hands(Protocol):
    """What fetching needs of a listener."""

    desk: Desk
    """The system's own."""

    async def safely(self, work: Any) -> Any:
        """Do something with the store until it can be done."""


def inside(url: str) -> bool:
    """Whether an address leads into a private network, to this machine, or nowhere that is known."""
    try:
        host = urlsplit(url).hostname or ""
        found = {str(each[4][0]) for each in socket.getaddrinfo(host, None)}
    except (OSError, ValueError):
        return False  # it cannot be fetched, which is found out when it is tried
    return any(not ipaddress.ip_address(each.split("%")[0]).is_global for each in found)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no link into a private network."""

    def __init__(self, private: bool) -> None:
        self._private = private

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        """The next request, where it may be made."""
        if not newurl.startswith(("http://", "https://")) or (not self._private and inside(newurl)):
            raise urllib.error.URLError("private")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(url: str, most: int, *, private: bool = False) -> tuple[bytes, str]:
    """A picture, or why there is none. ``most``: bytes; ``private``: whether private networks may be asked."""
    if not url.startswith(("http://", "https://")):
        return b"", GONE
    if not private and inside(url):
        return b"", INSIDE
    opener = urllib.request.build_opener(_Stay(private))
    try:
        with opener.open(url, timeout=SECONDS) as answer:
            data = answer.read(most + 1)
    except (OSError, ValueError):
        return b"", GONE
    if len(data) > most:
        return b"", LARGE
    return (data, "") if kind_of(data) else (b"", KIND)


async def fetch_on(hands: Hands, export: Export, *, private: bool = False) -> None:
    """Fetch what comes, until cancelled."""
    while True:
        missing = await hands.safely(lambda: wanted(hands.desk.book))
        megabytes = await hands.safely(lambda: settings(hands.desk.book).chat.picture_megabytes)
        for start in range(0, len(missing), AT_ONCE):
            part = missing[start : start + AT_ONCE]
            found = await asyncio.gather(*(asyncio.to_thread(_one, each, megabytes, export, private) for each in part))
            await hands.safely(lambda found=found: hands.desk.do(KeepPictures(fetched=found)))
        await asyncio.sleep(LOOK)


def _one(wanted_: tuple[str, int, str], megabytes: int, export: Export, private: bool) -> Fetched:
    """Fetch one and put it among the exports, under a name made of what it holds."""
    id, n, url = wanted_
    data, why = (b"", OFF) if not megabytes else fetch(url, megabytes * 1_000_000, private=private)
    if why:
        return Fetched(message=id, n=n, why=why)
    try:
        path = export(f"picture-{sha256(data).hexdigest()[:20]}.{kind_of(data)}", data)
    except StoreError:
        return Fetched(message=id, n=n, why=PLACE)
    return Fetched(message=id, n=n, path=path)
