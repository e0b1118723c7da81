"""The pictures of the README and the manual: the demo, walked through in a real terminal, cell by cell on paper.

    make pictures        every screen, in both languages, at 80×24 and 160×50

Needs Pillow and the fonts Noto Sans CJK and DejaVu Sans Mono (Debian: fonts-noto-cjk fonts-dejavu-core).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.screens.ptys import Terminal, wanjia  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
FONTS = {
    False: ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"),
    True: (
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
        "/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf",
    ),
}
WIDE, TALL, SIZE = 9, 20, 15
PLAIN = {
    "black": "#000000", "red": "#cd3131", "green": "#0dbc79", "brown": "#e5e510", "blue": "#2472c8", "magenta": "#bc3fbc",
    "cyan": "#11a8cd", "white": "#e5e5e5",
}  # fmt: skip
SAY = {
    "zh": {"read": "周先生家漫水,沙袋垫了,物业在通管", "place": "金桂苑2幢3单元", "name": "许女士",
           "text": "下水道又堵了,污水返上来"},
    "en": {"read": "Mr Zhou's flat floods, sandbags are down", "place": "block 2, entrance 3", "name": "Mrs Xu",
           "text": "The drain is blocked again, dirty water comes up"},
}  # fmt: skip


def walk(lang: str) -> list[tuple[str, list[str]]]:
    """Name of a picture → keys that lead to it from the one before."""
    said = SAY[lang]
    return [
        ("arrival", []),
        ("readback", ["\r", said["read"]]),
        ("queue", ["\r", "\x1b", "j", "j"]),
        ("case", ["\r"]),
        ("why", ["y"]),
        ("dispatch", ["q", "g", "j", "d"]),
        ("new", ["\x1b", "n", "xsd", "1", said["place"], "\t\t", said["name"], "\t", "13800000001", "\t", said["text"]]),
        ("log", ["\x1b", "L"]),
        ("handover", ["q", "H"]),
        ("help", ["q", "?"]),
        ("palette", ["q", ":", "p"]),
        ("drafts", ["\x1b", "E"]),
    ]


OTHERS = {
    "liaison": ("fire", ["\r"]), "people": ("chen", ["N"]), "reviews": ("chen", ["M"]), "sheet": ("chen", ["M", "j", "\r"]),
    "plots": ("chen", ["C"]), "rounds": ("wangkan", ["F"]), "approvals": ("chen", ["Y"]),
}  # fmt: skip
"""Name of a picture → who looks, and the keys that lead there."""


SLOW = ("\x1b", "J", "K", "t", "\x1b[F")
"""Keys after which a screen takes a while to stand."""


def colour(said: str, usual: str) -> str:
    """A colour of pyte's as one of a picture."""
    if said == "default":
        return usual
    return PLAIN.get(said.removeprefix("bright"), f"#{said}")


def picture(terminal: Terminal, path: Path) -> None:
    """What stands on the terminal, as a picture."""
    from PIL import Image, ImageDraw, ImageFont

    fonts = {bold: [ImageFont.truetype(name, SIZE) for name in names] for bold, names in FONTS.items()}
    screen = terminal.screen
    image = Image.new("RGB", (screen.columns * WIDE, screen.lines * TALL), "#16181d")
    draw = ImageDraw.Draw(image)
    for y in range(screen.lines):
        for x in range(screen.columns):
            cell: Any = screen.buffer[y][x]
            fore, back = colour(cell.fg, "#c8ccd4"), colour(cell.bg, "#16181d")
            fore, back = (back, fore) if cell.reverse else (fore, back)
            if cell.data == "":
                continue
            wide = x + 1 < screen.columns and screen.buffer[y][x + 1].data == ""
            draw.rectangle([x * WIDE, y * TALL, (x + 1 + wide) * WIDE - 1, (y + 1) * TALL - 1], fill=back)
            if cell.data != " ":
                font = fonts[bool(cell.bold)][0 if wide else 1]
                draw.text(
                    (x * WIDE + (0 if not wide else 1), y * TALL + (-2 if wide else 1)), cell.data, font=font, fill=fore
                )
    image.quantize(96).save(path, optimize=True)


def three() -> None:
    """An officer, an agency and a supervisor on one case, each by their own key through one sshd, at the same time."""
    from tests.screens.test_gate import Gate, account

    with tempfile.TemporaryDirectory() as folder, account() as (name, home, python):
        demo = [sys.executable, "-m", "screens", "--lang", "zh", "demo", "--keep", f"{folder}/store"]
        subprocess.run(demo, check=True, capture_output=True, cwd=ROOT)
        shutil.copytree(f"{folder}/store", home / "store")
        gate = Gate(name, home, python)
        try:
            here = {key: gate.come(key) for key in ("lina", "fire", "chen")}
            for terminal in here.values():
                terminal.read(2.5)
            here["lina"].keys("\x1b", 0.8)
            for terminal in here.values():
                terminal.keys("/马蜂窝\r", 0.8)
                terminal.keys("\r", 0.8)
            here["chen"].keys("U", 0.6)
            here["chen"].keys("孩子被蜇了,一小时内要有人到", 0.6)
            here["fire"].keys("s", 0.6)
            here["fire"].keys("\r", 1.0)
            for key, terminal in here.items():
                terminal.read(1.5)
                picture(terminal, FOLDER / f"zh-80x24-three-{key}.png")
        finally:
            gate.close()


def main() -> None:
    """Make them all."""
    FOLDER.mkdir(exist_ok=True)
    if os.getuid() == 0 and shutil.which("useradd") and shutil.which("sshd"):
        three()
    else:
        print("three roles at once need root, useradd and sshd: left as they are")
    for lang in ("zh", "en"):
        for size in ((80, 24), (160, 50)):
            folder = Path(tempfile.mkdtemp())
            demo = [sys.executable, "-m", "screens", "--lang", lang, "demo", "--keep", str(folder / "store")]
            subprocess.run(demo, check=True, capture_output=True, cwd=ROOT)
            walked(folder, lang, size, "lina", walk(lang))
            for name, (who, keys) in OTHERS.items():
                walked(folder, lang, size, who, [(name, keys)])
            group(folder, lang, size)
            shutil.rmtree(folder)


def walked(folder: Path, lang: str, size: tuple[int, int], who: str, steps: list[tuple[str, list[str]]]) -> None:
    """One person's way through some screens, with a picture of each; one without a name is passed by."""
    argv = wanjia(folder / "store", "--lang", lang, who=who)
    terminal = Terminal(argv, size, XDG_CACHE_HOME=str(folder / who), XDG_CONFIG_HOME=str(folder))
    terminal.read(2)
    for name, keys in steps:
        for key in keys:
            terminal.keys(key, 0.6 if key in SLOW else 0.35)
        terminal.read(0.4)
        if name:
            picture(terminal, FOLDER / f"{lang}-{size[0]}x{size[1]}-{name}.png")
    terminal.close()


def group(folder: Path, lang: str, size: tuple[int, int]) -> None:
    """The residents' group, played by its script: messages, two cases of them, answers, call-backs."""
    argv = [sys.executable, "-m", "console.bridge.scripted", str(folder / "store"), lang]
    script = subprocess.Popen(argv, cwd=ROOT)
    time.sleep(24)
    acts = [f"do {verb} issue=10" for verb in ("handle", "resolve")] + ["do close issue=10 outcome=solved"]
    walked(
        folder,
        lang,
        size,
        "lina",
        [("inbox", ["J"]), ("takeup", ["t"]), ("", ["\r", "1", "j"]), ("join", []), ("", ["1", "1"])],
    )
    for each in ("do file issue=10 category=sewer-blocked", *acts):
        seat = ["--store", str(folder / "store"), "--as", "lina", "--lang", lang]
        subprocess.run([sys.executable, "-m", "console", *seat, *each.split()], cwd=ROOT, check=True, capture_output=True)
    to_case = ["K", "\x1b[F"]
    walked(folder, lang, size, "lina", [("", to_case), ("answer", ["a"]), ("", ["1", "\r"])])
    time.sleep(9)
    walked(
        folder,
        lang,
        size,
        "lina",
        [("callbacks", ["K"]), ("takeanswer", ["y"]), ("", ["\x1b"]), ("outbox", ["\x1b", "J", "o"])],
    )
    script.kill()
    script.wait()


if __name__ == "__main__":
    main()
