"""What every screen has: the chair, the words, following the revision, doing an act and showing a refusal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap
from textual.message import Message
from textual.strip import Strip

from console.act import Act, no_right
from console.book import Refused
from console.chair import Chair, Trouble
from console.desk import Done
from console.issues import TAKES
from console.numbers import CASES, number
from console.plain import line
from console.saying import act_word
from console.staff import name_of
from console.words import Word
from screens import keys
from screens.doors import Doors
from screens.widgets.canvas import Canvas
from screens.widgets.ink import Part, spread


class Open(Message):
    """Somebody wants another screen; the app opens it."""

    def __init__(self, screen: str, **about: Any) -> None:
        """``screen``: its name in the keys' table. ``about``: what it shall show."""
        super().__init__()
        self.screen, self.about = screen, about

    screen: str
    """Name of the screen."""

    about: dict[str, Any]
    """What it shall show."""


if TYPE_CHECKING:  # screens know no file: the entry is only named
    from storage.store import Entry


class Base(Doors):
    """A screen made of lines, on one canvas."""

    AUTO_FOCUS: ClassVar[str | None] = ""

    def __init__(self, **about: Any) -> None:
        """``about``: what it shall show, as ``Open`` was told."""
        super().__init__()
        self.about: dict[str, Any] = about
        self.notice: Part | None = None
        self.canvas = Canvas()
        self._laters: dict[str, asyncio.TimerHandle] = {}
        self.table = keys.on(self.place, keys.table(self.remapped()))
        self._bindings = _bindings(self.table, self.place)

    about: dict[str, Any]
    """What it was opened with."""

    drawn = False
    """Whether it was drawn at least once."""

    def remapped(self) -> Mapping[str, str]:
        """The keys that the station or the officer has changed."""
        found: Mapping[str, str] = self.app.remapped  # type: ignore[attr-defined]
        return found

    # -- drawing

    def compose(self) -> ComposeResult:
        """The canvas."""
        yield self.canvas

    def on_mount(self) -> None:
        """Do what it was opened for."""
        if "press" in self.about:
            self.call_after_refresh(self.action_press, *self.about["press"])

    def on_resize(self) -> None:
        """Draw for the new size."""
        self.guarded(self.draw)

    def on_screen_resume(self) -> None:
        """What changed while another screen stood before this one."""
        self.guarded(self._again)

    def later(self, name: str, seconds: float, call: Callable[[], Any]) -> None:
        """Call something once nobody has asked for it by this name for so many seconds."""
        before = self._laters.pop(name, None)
        if before is not None:
            before.cancel()
        self._laters[name] = asyncio.get_running_loop().call_later(seconds, self._due, name, call)

    def _due(self, name: str, call: Callable[[], Any]) -> None:
        """Nobody has: call it, where the screen is still there."""
        self._laters.pop(name, None)
        if self.is_attached and not self.chair.closed:
            self.guarded(call)

    def on_unmount(self) -> None:
        """What was to be called later is not, and what was drawn is let go of.

        Textual remembers the places where lines were kept, of a thousand widgets that are gone.
        """
        for each in self._laters.values():
            each.cancel()
        self._laters.clear()
        for widget in (self, self.canvas):
            widget._styles_cache.clear()

    def _revised(self) -> None:
        """Somebody has done something, or a minute has gone by."""
        if self.is_current:
            self.guarded(self._again)

    def _again(self) -> None:
        """Bring it up to date and draw it."""
        self.refreshed()
        self.draw()

    def refreshed(self) -> None:
        """Bring what the screen knows up to date."""

    def draw(self) -> None:
        """Show the screen as it is now."""
        size = self.size
        if size.width and size.height and self.is_mounted:
            self.canvas.show(self.lines(size.width, size.height))
            if not self.drawn:
                self.drawn = True
                self.call_after_refresh(self._stands)

    def _stands(self) -> None:
        """It is there, with the cursor in its field: the next key may come."""
        if self.is_current:
            self.app.opening = False  # type: ignore[attr-defined]

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """All lines of the screen."""
        raise NotImplementedError

    def header(self, left: list[Part], cells: int, right: list[Part] | None = None) -> Strip:
        """The first line: what this is, and the time."""
        clock = self.chair.local().strftime("%H:%M")
        end: list[Part] = [*(right or []), ("title", f"  {clock} ")]
        return self.ink.strip(spread([("title", " "), *left], end, cells), cells, "title")

    # -- acting

    def action_press(self, id: str, key: str) -> None:
        """A key of the table was pressed."""
        said, self.notice = self.notice, None
        press = getattr(self, f"press_{id}", None)
        if press is not None:
            self.guarded(lambda: press(key) if id in WITH_KEY else press())
        if said is not None or self.notice is not None:
            self.draw()

    def guarded(self, call: Callable[[], Any]) -> None:
        """Do something that reads the store; where it cannot be read, that is said and the screen stays as it is."""
        try:
            call()
        except Refused as error:
            self.refuse(error)
        except Trouble as error:
            self.notice = ("alarm", f" {line(str(self.say.fact(error)))}")
            if self.drawn:
                self.canvas.show(self.last_lines())

    def last_lines(self) -> list[Strip]:
        """What was drawn last, with what the program says over its last lines."""
        size = self.size
        lines = self.canvas.lines()[: max(size.height - 2, 0)]
        return [*lines, *self.foot(size.width)]

    def tell(self, word: str, role: str = "tell", **facts: Any) -> None:
        """Say something."""
        self.notice = (role, f" {self.say(word, **facts)}")
        self.draw()

    def refuse(self, error: Refused) -> None:
        """Say why something is refused, in the words of the screens where a sentence names fields of the command line."""
        if error.word == "refused.you_left":  # the session is over; a form keeps what is half written as it goes
            self.chair.ended = error
            self.app.exit(1, return_code=1)
            return
        facts, word = dict(error.facts), error.word
        if isinstance(facts.get("hint"), Word):
            facts["hint"] = Word(f"keyhint.{str(facts['hint']).removeprefix('hint.')}")
        self.tell(f"screen.{word}" if self.say.known(f"screen.{word}") else word, "warn", **facts)

    def do(self, act: Act) -> Done | None:
        """Do an act; None where it was refused, and that is said."""
        try:
            done = self.chair.do(act)
        except Refused as error:
            if error.word == "refused.pin_needed":
                self.go("pin", act=act)
            else:
                self.refuse(error)
            return None
        self.app.follow()  # type: ignore[attr-defined]
        self.warn(done)
        return done

    def acted(self, verb: str, id: str, done: Any) -> None:
        """Say what came of an act that another screen has done."""
        if verb == "many":
            return
        self.refreshed()
        found = done.touched[0][1] if verb in TAKES and done.touched else id
        if not done.touched:
            self.tell("done.nothing", "dim")
        elif found:
            doc = self.chair.doc(found)
            waits = [each for each in doc.get("requests", ()) if each.get("state", "open") == "open"]
            if waits and waits[-1]["at"] == (doc.get("last") or {}).get("at"):
                self.tell("acted.asked", "soon", what=Word(f"request.{waits[-1]['what']}"), number=number(found))
                return
            facts = {"number": number(found), "status": Word(f"status.{doc.get('status', 'new')}")}
            if doc.get("merged"):
                self.tell("acted.merged", "good", act=act_word(self.say, verb), master=number(doc["merged"]["into"]),
                          number=number(found))  # fmt: skip
                return
            self.tell("acted.case", "good", act=act_word(self.say, verb), **facts)
        else:
            self.tell("acted", "good", act=act_word(self.say, verb))
        self.warn(done)

    def warn(self, done: Done) -> None:
        """Say what the person should know of an act all the same; what must be rung for comes first."""
        for word, facts in sorted(done.warnings, key=lambda warning: warning[0] != "warning.ring")[:1]:
            self.tell(word, "alarm" if word == "warning.ring" else "warn", **facts)

    def heard(self, news: Sequence[Entry]) -> None:
        """Others have done something: said quietly, with what is drawn next. A new case of the highest severity rings."""
        rings, quiet = list[str](), ""
        for entry in reversed(news):
            told = told_of(self.chair, entry) if not quiet or entry.what in LOUD else None
            if told is not None and told[0] == "alarm":
                rings.append(told[1])
            elif told is not None:
                quiet = quiet or told[1]
        if rings:  # none of them drives another away
            before = [self.notice[1].strip()] if self.notice is not None and self.notice[0] == "alarm" else []
            self.notice = ("alarm", " " + "  ".join([*rings, *before][:RINGS]))
            self.app.bell()
            self.draw()
        elif quiet and (self.notice is None or self.notice[0] not in ("alarm", "warn")):
            self.notice = ("dim", f" {quiet}")  # why one's own act was refused is read first

    def under(self) -> Base | None:
        """The screen that this one stands before; none where it stands alone."""
        stack = self.app.screen_stack
        found = stack[stack.index(self) - 1] if self in stack[1:] else None
        return found if isinstance(found, Base) else None

    def go(self, screen: str, **about: Any) -> None:
        """Open another screen, where one may see it."""
        right = keys.NEEDS.get(screen, "")
        if right and not self.chair.who.may(right):
            self.refuse(no_right(self.chair.who, right))
            return
        self.app.opening = True  # type: ignore[attr-defined]
        self.app.post_message(Open(screen, **about))

    # -- keys that mean the same on every screen

    def press_undo(self) -> None:
        """Undo one's own last act, once it was named and confirmed."""
        self.go("confirm", what="undo")

    def press_theme(self) -> None:
        """The next palette, for this session."""
        self.app.next_theme()  # type: ignore[attr-defined]
        self.tell("theme.now", name=self.ink.palette.name)

    def press_speak(self) -> None:
        """The other language, from now on and the next time as well."""
        from console.speaking import Speak

        other = "en" if self.say.language == "zh" else "zh"
        if self.do(Speak(language=other)) is not None:
            self.app.speak(other)  # type: ignore[attr-defined]

    def press_sign_off(self) -> None:
        """Go off duty while others stay."""
        from console.shifts import SignOff

        if self.do(SignOff()):
            self.tell("sign_off.done", "good")

    def press_quit(self) -> None:
        """Leave, once asked."""
        self.go("confirm", what="quit")


def told_of(chair: Chair, entry: Entry) -> Part | None:
    """What somebody else has done, in a few words; None where it is nobody's news."""
    for kind, id, doc in entry.ops:
        if kind == CASES and doc is not None and chair.sees(id) and chair.say.known(f"act.{entry.what}"):
            fresh = entry.what in TAKES and doc.get("severity") == "p1"
            facts = {"who": name_of(chair.book, entry.who), "act": act_word(chair.say, entry.what), "number": number(id)}
            word = "heard.p1" if fresh else "heard"
            return "alarm" if fresh else "dim", chair.say(word, title=line(doc.get("title", "")), **facts)
        if kind == "messages" and entry.what == "receive" and doc is not None and chair.who.may("answer"):
            from console.chat.inbox import alarming

            if alarming(chair.book, doc):
                return "alarm", chair.say("heard.message", text=line(doc["text"]))
    return None


LOUD = TAKES | {"receive"}
"""Acts of others that may ring."""

RINGS = 3
"""Alarms that are told side by side, the latest first."""

WITH_KEY = frozenset({"view", "join_to"})
"""Actions that look at the very key."""


def _bindings(table: list[keys.Key], place: str) -> BindingsMap:
    """The bindings of a screen. Forms have theirs before the field they are typed into."""
    first = place in ("form", "palette")
    made = []
    for key in table:
        for each in key.keys.split(","):
            for name in filter(None, (each, keys.ALIASES.get(each))):
                ahead = first and name not in ("left", "right", "home", "end") and len(name) > 1
                made.append(Binding(name, f"press('{key.id}', '{each}')", key.id, show=False, priority=ahead))
    return BindingsMap(made)
