"""The front door: without a verb it opens the screens, with one it hands over to the headless verbs."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from console import glimpse

if TYPE_CHECKING:
    import argparse


def main() -> int:
    """Run the command ``wanjia`` and return its exit status."""
    sight = glimpse.sight()
    paint = glimpse.load(sight) if sight else b""
    if paint:
        from screens.terminal import early

        early.paint(paint)
    from console.__main__ import main as headless

    status = headless(sys.argv[1:], opens)
    import threading

    if threading.active_count() == 1:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(status)  # the store is closed; giving ten thousand documents back one by one helps nobody
    return status


def opens(args: argparse.Namespace) -> int:
    """Open the screens: they are imported when they are."""
    try:
        from screens.start import console

        return console(args)
    finally:
        early = sys.modules.get("screens.terminal.early")
        if early is not None:
            early.leave()  # where the program did not come as far as taking the terminal over


if __name__ == "__main__":
    sys.exit(main())
