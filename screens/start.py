"""How the console begins and ends: the terminal is looked at, the person sits down, the app runs."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from console.book import Refused
from console.chair import Chair
from console.verbs.seat import DONE, USAGE, Seat, personal, told
from console.words import choose, words
from themes.palettes import PALETTES, Palette, usual


def fit_for_screens(stdin: Any, stdout: Any) -> str:
    """Why the console cannot be shown here, as a key of the catalogues; empty where it can."""
    if not (stdin and stdout and stdin.isatty() and stdout.isatty()):
        return "terminal.none"
    if os.environ.get("TERM", "dumb") in ("dumb", ""):
        return "terminal.dumb"
    size = os.get_terminal_size(stdin.fileno())
    return "" if size.columns and size.lines else "terminal.no_size"


def palette(args: argparse.Namespace) -> Palette:
    """The palette that was asked for, or the usual one of the terminal. Raises ``Refused`` for one that is not known."""
    name = args.theme or personal().theme
    if not name:
        environment = os.environ
        return usual(
            environment.get("TERM", ""), environment.get("COLORTERM", ""), no_colour=bool(environment.get("NO_COLOR"))
        )
    if name not in PALETTES:
        from console.keys import unknown

        raise unknown("refused.no_theme", name, PALETTES)
    return PALETTES[name]


def prepare() -> None:
    """What Textual and others read from the environment when they are imported."""
    for name, value in (
        ("TEXTUAL_DISABLE_KITTY_KEY", "1"),
        ("TEXTUAL_ANIMATIONS", "none"),
        ("ESCDELAY", "400" if os.environ.get("SSH_CONNECTION") else "100"),
    ):
        os.environ.setdefault(name, value)
    os.environ.pop("NO_COLOR", None)  # the palette has heard it; Textual's own way with it breaks on some styles


def console(args: argparse.Namespace) -> int:
    """Open the console: the exit status."""
    unfit = fit_for_screens(sys.stdin, sys.stdout)
    if unfit:
        print(f"wanjia: {words(choose(args.lang))(unfit)}", file=sys.stderr)
        return USAGE
    look = palette(args)
    prepare()
    if args.sign_on:
        args.name = ""
    seat = Seat(args, needs=not args.sign_on)
    chair = Chair(seat.store, seat.desk, seat.words)
    try:
        return run(chair, look, args)
    finally:
        chair.close()


def run(chair: Chair, look: Palette, args: argparse.Namespace) -> int:
    """The app on this terminal, until somebody leaves."""
    from console import glimpse
    from screens import keys
    from screens.app import Wanjia
    from screens.terminal import early
    from screens.widgets.ink import Ink

    cls: Any = Wanjia
    driver: Any = None
    if args.driver != "textual":
        from screens.terminal.driver import ThinDriver
        from screens.terminal.thin import Thin

        class Console(Thin, Wanjia):
            """The app on the thin line."""

        class Driver(ThinDriver):
            """The driver in the terminal's encoding."""

            charset = args.charset or "utf-8"

        cls, driver = Console, Driver
    remapped = chair.keys(personal().keys or {})
    wrong: Refused | None = None
    try:
        keys.table(remapped)
    except Refused as error:
        remapped, wrong = {}, error
    first = "sign_on" if args.sign_on else "arrival" if chair.arriving() else "queue"
    app = cls(chair, Ink(look, plain_signs=args.ascii), remapped, first, driver=driver)
    if wrong is not None:
        app.welcome = ("warning.keys", {"reason": wrong})
    sight = glimpse.sight() if args.opens and not hasattr(args, "keep") else ""
    app.way = "pin" if args.sign_on else "key" if os.environ.get("SSH_CONNECTION") else "account"
    app.sight = sight if args.driver != "textual" else ""
    if early.entered and first == "queue":
        at, _, cells = glimpse.cells(sight).partition("\n")
        app.at = at
        app.known(cells)
    elif sight:
        glimpse.forget(sight)
    app.run(mouse=False)
    if chair.ended is not None:
        print(f"wanjia: {told(chair.ended, chair.say)}", file=sys.stderr)
    return app.return_code or DONE
