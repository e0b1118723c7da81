"""``wanjia listen``: takes the group chat's bridges in."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import secrets
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.book import Refused
from console.staff import SYSTEM
from console.verbs.seat import DONE, Seat, out
from console.words import Word
from storage.store import Beside, Document

if TYPE_CHECKING:
    from console.bridge.listener import Listener

SECRET = "bridge"  # noqa: S105
"""Name of the secret that holds the token."""


def listen(args: argparse.Namespace) -> int:
    """Listen until somebody ends it."""
    with Seat(args, needs=False) as seat:
        token = _token(seat.store.beside, args.token_file)
        if args.show_token:
            out(token)
            return DONE
        try:
            from console.bridge.listener import Listener
        except ModuleNotFoundError as error:
            raise Refused("listen.not_installed") from error
        seat.desk.who = dataclasses.replace(SYSTEM, source="listen")
        asyncio.run(_listen(seat, Listener(seat.desk, token, _teller(seat), seat.store.beside.export), args))
    return DONE


def _token(beside: Beside, path: str) -> str:
    """What bridges must say: of a file, or of the station's secrets; made where there is none. Raises ``Refused``."""
    if path:
        said = Path(path).read_text(encoding="utf-8").strip()
        if not (said and said.isascii() and said.isprintable()):
            raise Refused("listen.bad_token", file=path)
        return said

    def made(before: Document | None) -> Document | None:
        return before if before and before.get("token") else {"token": secrets.token_urlsafe(32)}

    return str((beside.secret(SECRET) or beside.change_secret(SECRET, made) or {})["token"])


def _teller(seat: Seat) -> Any:
    """Says a line with its time on the error stream, as a journal keeps it."""

    def tell(word: str, **facts: Any) -> None:
        said = seat.words(word, **{name: Word(value) if name == "state" else value for name, value in facts.items()})
        stamp = f"{seat.local(seat.desk.now()):%m-%d %H:%M:%S}"
        print(f"{stamp} {_line(said)}", file=sys.stderr, flush=True)

    return tell


def _line(text: str) -> str:
    """One line, shown literally."""
    from console.plain import line

    return line(text)


async def _listen(seat: Seat, listener: Listener, args: argparse.Namespace) -> None:
    """Serve, dial, and leave in order when asked to."""
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, ended.set)
    began: datetime = seat.desk.now()
    try:
        async with listener.serving(args.host, args.port) as server:
            for socket in server.sockets:
                host, port = socket.getsockname()[:2]
                _teller(seat)("listen.ready", address=f"{host}:{port}")
            dials = [asyncio.create_task(listener.dial(url)) for url in args.dial]
            await ended.wait()
            for each in dials:
                each.cancel()
    except OSError as error:
        raise Refused("listen.no_port", host=args.host, port=args.port, reason=error.strerror or str(error)) from error
    minutes = int((seat.desk.now() - began).total_seconds() // 60)
    _teller(seat)("listen.ended", kept=listener.kept, twice=listener.twice, frames=listener.frames, minutes=minutes)
