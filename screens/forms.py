"""The form of an act, drawn from the act itself, with the case above it. Done on one case, on several, or on none.

A refusal, a conflict and an interruption all leave what was typed where it is.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from textual.strip import Strip

from console.asking import act_class, asked, made
from console.book import Refused
from console.card import Card
from console.categories import stoppers
from console.choosing import About
from console.issues import Issue
from console.numbers import number
from console.plain import line
from console.staff import name_of
from screens.filling import Filling
from screens.keys import Key
from screens.widgets.banner import ring_now
from screens.widgets.panel import whole

LEAST = 6
"""Lines of what may be chosen before the case above the form has any."""

SHARE = 8
"""Lines of the case that stay above the form where there is room."""

UNGUARDED = frozenset({"note", "voice", "remind", "log", "order", "ask_back", "answer_back", "set_member", "paste_in"})
"""Acts that add something and contradict nothing, no matter what others did in between."""


ON_THE_WAY = ("file", "dispatch")
"""Acts that send a case on its way: until they are done, somebody may not have rung yet."""


class FormScreen(Filling):
    """One act. It is dismissed with (verb, id, done) once that is done."""

    def __init__(self, **about: Any) -> None:
        """``verb``; ``ids`` of cases; ``given``: fields that are not asked; ``values``: what stands in others."""
        super().__init__(**about)
        self.verb: str = about["verb"]
        self.ids: list[str] = list(about.get("ids") or ())
        self.given: dict[str, str] = dict(about.get("given") or {})
        self.cls = act_class(self.verb)
        chair = self.chair
        doc = chair.doc(self.ids[0]) if len(self.ids) == 1 else {}
        self.of = About(chair.book, chair.who, chair.say, doc, self.verb, self.ids[0] if self.ids else "")
        self.versions = {id: chair.book.version(Issue.kind, id) for id in self.ids}
        self.results: list[tuple[str, str]] = []
        values = dict(about.get("values") or {})
        fields = {
            each.name: dataclasses.replace(each, value=values.get(each.name, each.value))
            for each in asked(self.verb, self.cls, self.of)
            if each.name not in self.given
        }
        named = [number(id) for id in self.ids[:3]] + [f"+{len(self.ids)}"] * (len(self.ids) > 3)
        told = {"screen": "form", "verb": self.verb, "ids": self.ids, "given": self.given}
        self.begun(" ".join([self.verb, *named, *self.given.values()]), fields, told)

    def on_mount(self) -> None:
        """Tell the others what one is writing."""
        if self.ids:
            self.chair.tell(self.ids[0], self.verb)

    def on_unmount(self) -> None:
        """One is not writing any more."""
        if not self.chair.closed:
            self.chair.tell("")

    def refreshed(self) -> None:
        """Somebody may have changed the case meanwhile: say who. What was typed stays."""
        for id in self.ids[:1]:
            last = (self.chair.book.docs(Issue.kind).get(id, {}).get("last")) or {}
            if self.chair.book.version(Issue.kind, id) != self.versions[id] and last.get("by") != self.chair.who.id:
                who, verb = name_of(self.chair.book, last.get("by", "")), last.get("verb", "")
                self.notice = ("warn", f" {self.say('form.changed', who=who, act=self.say(f'act.{verb}'))}")

    # -- what is shown

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, the case, the form, what may be chosen, keys."""
        head = [self.header([("title", f"{self.say(f'act.{self.verb}')}  {self._what()}")], cells), *self._banner(cells)]
        form = self.form(cells, rows, rows - 4 - len(head))
        spare = rows - 3 - len(head) - len(form)
        helper = self.helper(cells, spare if spare < LEAST else max(spare - SHARE, LEAST))
        above = self._above(cells, max(rows - 3 - len(head) - len(form) - len(helper), 0))
        body = [*head, *above, self.ink.rule(cells), *form, *helper][: rows - 2]
        self.lay(1 + len(head) + len(above), cells)
        body += [self.ink.strip([], cells)] * (rows - 2 - len(body))
        return [*body, *self.foot(cells)]

    def _banner(self, cells: int) -> list[Strip]:
        """Whom to ring first, as long as the case is being sent on its way."""
        if self.verb not in ON_THE_WAY or len(self.ids) != 1:
            return []
        doc = self.of.doc
        rings = stoppers(self.chair.book, f"{doc.get('title', '')} {doc.get('text', '')}")
        return ring_now(self.ink, self.say, rings, cells, 1)

    def _what(self) -> str:
        """What the act is about: the number of one case, how many of several."""
        if len(self.ids) == 1:
            return f"{number(self.ids[0])} {line(self.of.doc.get('title', ''))}"
        return self.say("form.cases", n=len(self.ids)) if self.ids else ""

    def _above(self, cells: int, room: int) -> list[Strip]:
        """The case above the form; of several cases a line each, with what came of the act."""
        ink = self.ink
        if self.results:
            told = [[("strong", f" {number(id)}"), ("text", f"  {text}")] for id, text in self.results]
            return [ink.strip(parts, cells) for parts in told][:room]
        if len(self.ids) != 1:
            titles = [(id, line(self.chair.doc(id).get("title", ""))) for id in self.ids]
            return [ink.strip([("dim", f" {number(id)}  "), ("text", title)], cells) for id, title in titles][:room]
        at = (self.ids[0], cells, self.chair.book.number, self.app.minute)  # type: ignore[attr-defined]
        if self._card[0] != at:
            self._card = (at, self._whole(cells))
        return self._card[1][:room]

    _card: tuple[object, list[Strip]] = (None, [])

    def _whole(self, cells: int) -> list[Strip]:
        """The case in full; nothing where there is none."""
        try:
            return whole(self.ink, Card(self.chair.book, self.ids[0], self.say, self.chair.now(), self.chair.who), cells)
        except KeyError:
            return []

    def press_cancel(self) -> None:
        """Put it away; of several cases those that are done are no longer marked."""
        if self.kept():
            self.dismiss(("many", "", self.ids) if self.results else None)

    def state(self, key: Key) -> str:
        """Keys of the form of a new case are hidden."""
        return "hidden" if key.id in ("and_dispatch", "same", "source", "previous_field") else super().state(key)

    # -- doing it

    def submit(self) -> None:
        """Do the act on each case."""
        if self.results and not self.ids:
            self.dismiss(("many", "", self.ids))
            return
        act: Any = None
        try:
            said = {**self.given, **self.said()}
            if len(self.ids) > 1:
                self._many(said)
                return
            id = self.ids[0] if self.ids else ""
            act = self._act(id, said)
            done = self.chair.do(act)
        except Refused as error:
            if error.word == "refused.pin_needed":
                self.go("pin", act=act)
            else:
                self._refused(error)
            return
        self.let_go()
        self.app.follow()  # type: ignore[attr-defined]
        self.dismiss((self.verb, id, done))

    def acted(self, verb: str, id: str, done: Any) -> None:
        """It was done with the signer's PIN."""
        if verb != self.verb:
            super().acted(verb, id, done)
            return
        self.let_go()
        self.dismiss((verb, self.ids[0] if self.ids else "", done))

    def _refused(self, error: Refused) -> None:
        """Say why not; where somebody was faster, the next try is made on what they left."""
        if error.word == "refused.stale":
            self.versions = {id: self.chair.book.version(Issue.kind, id) for id in self.ids}
            who = name_of(self.chair.book, str(error.facts.get("by", "")))
            error = Refused("form.stale", who=who, at=error.facts.get("at", ""))
        self.refuse(error)

    def _act(self, id: str, said: dict[str, str]) -> Any:
        """The act on one case; it is refused where somebody has changed the case since the form was opened."""
        if self.verb == "edit":  # what was not touched stays as it is, whatever others make of it meanwhile
            said = {name: text for name, text in said.items() if name == "why" or self._touched(name, text)}
        act: Any = made(self.cls, {**said, "issue": number(id)} if id else said)
        if id and self.verb not in UNGUARDED and hasattr(act, "version"):
            act = dataclasses.replace(act, version=self.versions[id])
        return act

    def _touched(self, name: str, text: str) -> bool:
        """Whether somebody has changed a field."""
        return text != self.asked[name].value and self.typed(name) != self.began[name].strip()

    def _many(self, said: dict[str, str]) -> None:
        """Do it on each case; what was refused stays, with the reason."""
        left, results = [], []
        for id in self.ids:
            try:
                self.chair.do(self._act(id, said))
                results.append((id, self.say("form.done")))
            except Refused as error:
                left.append(id)
                results.append((id, self.say(error.word, **error.facts)))
        self.results, self.ids = results, left
        self.versions = {id: self.chair.book.version(Issue.kind, id) for id in left}
        self.app.follow()  # type: ignore[attr-defined]
        if not left:
            self.let_go()
            self.tell("form.all_done", n=len(results))
        else:
            self.tell("form.some_left", "warn", n=len(results) - len(left), left=len(left))
