"""What the console is measured beside: a list in stdlib curses, mutt, visidata, bare and stock Textual."""

from __future__ import annotations

import random
import shutil
import sys
from pathlib import Path
from typing import Any

WHAT = ("下水道堵塞", "垃圾桶满溢", "道路破损", "无照游商", "路灯不亮", "马蜂窝", "夜间噪音", "飞线充电", "井盖缺失", "求助")
WHERE = ("待受理", "已立案", "处置中", "退回")
"""What the rows are made of: as varied as a queue's."""

CURSES = """
import curses, locale, sys
locale.setlocale(locale.LC_ALL, "")
rows = open(sys.argv[1], encoding="utf-8").read().split("\\n")
def main(w):
    curses.curs_set(0); curses.use_default_colors()
    top = at = 0
    while True:
        h, wide = w.getmaxyx(); body = h - 2
        top = min(max(top, at - body + 1), at)
        w.erase()
        w.addnstr(0, 0, f"queue {at + 1}/{len(rows)}".ljust(wide), wide - 1, curses.A_REVERSE)
        for y, row in enumerate(rows[top:top + body]):
            w.addnstr(y + 1, 0, row, wide - 1, curses.A_REVERSE if top + y == at else 0)
        w.refresh()
        key = w.getch()
        if key in (ord("j"), curses.KEY_DOWN): at = min(at + 1, len(rows) - 1)
        elif key in (ord("k"), curses.KEY_UP): at = max(at - 1, 0)
        elif key == curses.KEY_NPAGE: at = min(at + body, len(rows) - 1); top += body
        elif key == curses.KEY_PPAGE: at = max(at - body, 0); top -= body
        elif key == ord("q"): return
curses.wrapper(main)
"""

MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self): yield Static("queue 1/1")
Minimal().run(mouse=False)
"""

TABLE = """
import sys
from textual.app import App
from textual.widgets import DataTable
class Table(App):
    BINDINGS = [("j", "down", ""), ("q", "quit", "")]
    def compose(self): yield DataTable(cursor_type="row")
    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns("queue", "what", "grid", "status")
        table.add_rows([row.split("  ", 3) for row in open(sys.argv[1], encoding="utf-8").read().split("\\n")])
    def action_down(self): self.query_one(DataTable).action_cursor_down()
Table().run(mouse=False)
"""


def rivals(folder: Path, count: int) -> list[dict[str, Any]]:
    """Targets with their data, made in a folder; what is not on this machine is left out aloud."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(2)
    rows = [
        f"20260101-{n:04d}  {chance.choice(WHAT)} 第{n}号楼  金桂-0{chance.randint(1, 3)}  {chance.choice(WHERE)}"
        for n in range(count)
    ]
    listed = folder / "rows.txt"
    listed.write_text("\n".join(rows), encoding="utf-8")
    for name, text in (("curses_list", CURSES), ("minimal", MINIMAL), ("table", TABLE)):
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    python = sys.executable
    found: list[dict[str, Any]] = [
        {"name": "curses list", "argv": [python, str(folder / "curses_list.py"), str(listed)], "ready": "queue 1/"},
        {"name": "Textual, minimal", "argv": [python, str(folder / "minimal.py")], "ready": "queue 1/1", "phases": []},
        {"name": "Textual DataTable", "argv": [python, str(folder / "table.py"), str(listed)], "ready": "20260101-0001"},
    ]
    if shutil.which("mutt"):
        box = folder / "box"
        with box.open("w", encoding="utf-8") as f:
            for row in rows:
                head = "From a@b Thu Jan  1 00:00:00 2026\nFrom: a@b\nDate: Thu, 1 Jan 2026 00:00:00 +0000\n"
                f.write(f"{head}Subject: {row}\n\nx\n\n")
        argv = [
            "mutt",
            "-n",
            "-F",
            "/dev/null",
            "-R",
            "-e",
            'set quit=yes folder=/tmp record="" header_cache="" mail_check=600 timeout=600',
            "-f",
            str(box),
        ]
        found.append({"name": "mutt", "argv": argv, "ready": "20260101-00", "env": {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}})
    else:
        print("mutt is not on this machine: it is left out")
    visidata = Path(python).with_name("vd")
    if visidata.exists():
        table = folder / "rows.tsv"
        table.write_text(
            "queue\twhat\tgrid\tstatus\n" + "\n".join("\t".join(r.split("  ", 3)) for r in rows), encoding="utf-8"
        )
        found.append({"name": "visidata", "argv": [str(visidata), str(table)], "ready": "20260101-0001"})
    else:
        print("visidata is not on this machine (pip install visidata): it is left out")
    return found
