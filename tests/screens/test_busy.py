"""A machine that is busy: screens open late, and no key is obeyed by the screen before the one that it was meant for."""

from __future__ import annotations

import sys
from pathlib import Path

from console.clock import now
from console.kinds import KINDS
from storage.files import FileStore
from storage.options import Options
from tests.screens.ptys import Terminal
from tests.screens.test_pty import made, store

__all__ = ["made", "store"]


SLOW = """
import sys, time
import screens.forms, screens.issues
for cls in (screens.forms.FormScreen, screens.issues.CaseScreen):
    def slow(self, began=cls.__init__, **about):
        time.sleep(0.4)
        began(self, **about)
    cls.__init__ = slow
mounted = screens.forms.FormScreen.on_mount
async def later(self):
    import asyncio
    await asyncio.sleep(0.2)
    mounted(self)
screens.forms.FormScreen.on_mount = later
from screens.__main__ import main
sys.exit(main())
"""


def test_on_a_machine_that_is_busy_keys_wait_for_the_screen_that_they_were_meant_for(store: Path, tmp_path: Path) -> None:
    one = Terminal([sys.executable, "-c", SLOW, "--store", str(store), "--as", "wangq", "--lang", "zh"],
                   XDG_CACHE_HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path))  # fmt: skip
    one.wait("王强")
    one.keys("\x1b", 0.8)
    one.wait("未结 10")
    for said in ("第一句", "第二句", "第三句"):
        for key in ("\r", "i", said, "\r", "q"):
            one.keys(key, 0.03)
    one.keys("", 6)
    one.wait("未结 10")
    one.close()
    files = FileStore(str(store), Options(now=now, kinds=KINDS))
    try:
        notes = [
            doc["last"]["facts"]["text"]
            for entry in files.since(0)
            if entry.what == "note"
            for _, _, doc in entry.ops
            if doc
        ]
        assert notes[-3:] == ["第一句", "第二句", "第三句"]
        assert files.beside.aside("wangq") == {}
    finally:
        files.close()
