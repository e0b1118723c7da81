"""A new case, as it is told on the telephone: what it is, where, who; the same trouble of others is offered meanwhile."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from itertools import count
from typing import Any

from textual.strip import Strip

from console.act import Act
from console.asking import Asked, act_class, asked, made
from console.book import Refused
from console.categories import stoppers
from console.choosing import About
from console.desk import Done
from console.filing import File
from console.numbers import number
from console.places import recognised
from console.plain import line
from console.remarks import AddVoice
from console.rows import Row
from console.saying import category_name, short, span
from console.similar import reported_before, similar
from console.sources import SOURCES
from screens.filling import Filling
from screens.keys import Key
from screens.widgets.banner import ring_now
from screens.widgets.ink import Part

LOOK = 0.2
"""Seconds without a key after which it is looked for the same trouble."""


class NewScreen(Filling):
    """A new case. It is dismissed with (verb, id, done)."""

    def __init__(self, **about: Any) -> None:
        """``source``: how it is told, the telephone where nothing is said."""
        super().__init__(**about)
        self.messages: tuple[str, ...] = tuple(about.get("messages") or about.get("given", {}).get("messages") or ())
        self.source: str = (
            "group" if self.messages else str(about.get("given", {}).get("source") or about.get("source") or "phone")
        )
        self.cls = act_class("take")
        of = About(self.chair.book, self.chair.who, self.say, {}, "take")
        self.same: list[Row] = []
        self.before: list[tuple[str, Any]] = []
        fields = {each.name: each for each in asked("take", self.cls, of)}
        if self.messages:
            self._of_messages(fields)
        else:
            self.begun(str(about.get("draft") or self._latest()), fields, {"screen": "new", "verb": "take"})

    def _of_messages(self, fields: dict[str, Asked]) -> None:
        """A case of messages of the group: what they say stands there already. Raises ``Refused`` where one is gone."""
        from console.chat.drafting import drafted
        from console.chat.taking import TakeUp

        self.cls = TakeUp
        said = drafted(self.chair.book, self.messages)
        filled = {name: dataclasses.replace(each, value=said.get(name, each.value)) for name, each in fields.items()}
        told: dict[str, Any] = {"screen": "new", "verb": "take_up", "given": {"messages": list(self.messages)}}
        self.begun(f"take_up {self.messages[0]}", filled, told)

    def on_mount(self) -> None:
        """Look at what is there already."""
        self._looked()

    # -- what is shown

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, the banner where somebody must be rung first, the form, what may be chosen, the same trouble of others."""
        said = f"{self.say('key.new')}  {self.say('field.source')} {self.say(f'source.{self.source}')}"
        said += f"  {self.say.plural('new.messages', len(self.messages))}" if self.messages else ""
        body = [self.header([("title", said)], cells), *self._banner(cells)]
        form = self.form(cells, rows, rows - 4 - len(body))
        helper = self.helper(cells, max(rows - 4 - len(body) - len(form) - min(len(self.same) + len(self.before) + 2, 5), 3))
        top = len(body)
        body = [*body, *form, *helper]
        body = body[: rows - 2]
        body += [self.ink.strip([], cells)] * max(rows - 2 - len(body) - 6, 0)
        body += self._others(cells, rows - 2 - len(body))
        body += [self.ink.strip([], cells)] * (rows - 2 - len(body))
        self.lay(top, cells)
        return [*body, *self.foot(cells)]

    def _banner(self, cells: int) -> list[Strip]:
        """Ring now, before anything else."""
        found = stoppers(self.chair.book, " ".join(self.typed(name) for name in ("text", "place")))
        chosen = self._category()
        return ring_now(self.ink, self.say, [*found, *([chosen] if chosen is not None and chosen.ring else [])], cells)

    def _category(self) -> Any:
        """The category that is chosen; none where none is."""
        from console.categories import categories

        try:
            return categories(self.chair.book).get(self.chosen("category"))
        except Refused:
            return None

    def _others(self, cells: int, room: int) -> list[Strip]:
        """The same trouble of others, and what this telephone reported before."""
        ink, say, book = self.ink, self.say, self.chair.book
        now = self.chair.now()
        found: list[Strip] = []
        if self.same:
            found.append(ink.rule(cells, [("head", say("new.same"))]))
        for n, row in enumerate(self.same, 1):
            voices = len(row.doc.get("voices", ()))
            told = [short(row.id, now), category_name(book, row.category, say), row.grid, line(row.doc.get("title", ""))]
            ago = say("new.ago", span=span(say, now.timestamp() - row.reported))
            parts: list[Part] = [("key", f" {n} " if n == 1 else "   "), ("text", "  ".join(filter(None, told)))]
            parts += [("dim", f"  {ago}"), ("dim", f" ({say.plural('voices', voices)})" if voices else "")]
            found.append(ink.strip(parts, cells))
        if self.before:
            found.append(ink.rule(cells, [("head", say("new.before"))]))
        for id, doc in self.before:
            status = say(f"status.{doc.get('status', 'new')}")
            found.append(ink.strip([("text", f"   {number(id)}  {status}  {line(doc.get('title', ''))}")], cells))
        return found[: max(room, 0)]

    def state(self, key: Key) -> str:
        """The key that makes a voice of it works where there is a case to add it to."""
        if key.id == "same":
            return "on" if self.same else "hidden"
        if key.id == "fresh":
            return "hidden" if self.messages or not self._begun() else "on"
        hidden = ("previous_field", "source") if self.messages else ("previous_field",)
        return "hidden" if key.id in hidden else super().state(key)

    def word(self, key: Key) -> str:
        """What Enter does here."""
        return self.say("new.keep") if key.id == "submit" else super().word(key)

    # -- meanwhile

    def changed(self) -> None:
        """Somebody types: look for the same trouble at the next pause."""
        super().changed()
        self.later("look", LOOK, self._looked)

    def _looked(self) -> None:
        """Look for the same trouble, and for what this telephone reported before; guess the grid from the place."""
        text, place = self.typed("text"), self.typed("place")
        dangers = stoppers(self.chair.book, f"{text} {place}")
        if dangers and "category" in self.fields and not self.typed("category") and self.at != "category":
            self.fill("category", self._named("category", dangers[0].slug))
        found = self._category()
        grid = self._grid()
        if not self.typed("grid") and self.at != "grid":
            guess = recognised(self.chair.book, f"{place} {text}")
            if guess:
                self.fill("grid", guess)
        slug = found.slug if found is not None else ""
        now = self.chair.now().timestamp()
        self.chair.queue.refresh(self.chair.now())
        if self.messages:
            from console.chat.drafting import alike

            self.same = alike(self.chair.book, self.chair.queue, self.messages, now)
            self.draw()
            return
        told = f"{text} {place}"
        self.same = [each.row for each in similar(self.chair.queue, text=told, category=slug, grid=grid, now=now)]
        self.before = reported_before(self.chair.book, self.typed("contact"))
        self.draw()

    def _grid(self) -> str:
        """The grid that is chosen; empty where none is."""
        try:
            return self.chosen("grid")
        except Refused:
            return ""

    # -- doing it

    def submit(self) -> None:
        """Take it in."""
        self._take(then="")

    def press_and_dispatch(self) -> None:
        """Take it in, file it, and open the form that sends it on."""
        self.settle()
        self._take(then="dispatch")

    def _take(self, then: str) -> None:
        """Take it in; with ``then`` file it as well, and go on to that."""
        try:
            said: dict[str, Any] = {**self.said(), **({} if self.messages else {"source": self.source})}
            if not said["text"].strip():
                kind = self._category()
                if not said["place"]:
                    self.set_focus(self.fields["text"])
                    raise Refused("new.say_what")
                said["title"] = kind.name if kind and self.say.language == "zh" else kind.english if kind else said["place"]
            if then and not said["category"]:
                self.set_focus(self.fields["category"])
                raise Refused("refused.no_standard")
            done = self.chair.do(self._act(said))
        except Refused as error:
            self.refuse(error)
            return
        self.let_go()
        id = done.touched[0][1]
        if then:
            try:
                self.chair.do(File(issue=number(id)))
            except Refused as error:
                self.refuse(error)
        self.app.follow()  # type: ignore[attr-defined]
        self.dismiss(("take", id, done))
        if then:
            self.go("form", verb=then, ids=[id])

    def _act(self, said: dict[str, Any]) -> Act:
        """The act of what was filled in; of messages, with what their group is told."""
        if not self.messages:
            return made(self.cls, said)
        return made(self.cls, {**said, "messages": " ".join(self.messages), "tell": self._told("taken")})

    def _told(self, name: str) -> str:
        """What the group is told when messages become a case, or a voice of one."""
        from console.chat.drafting import canned
        from console.chat.taking import chosen

        return canned(self.chair.book, name, chosen(self.chair.book, self.messages)[0][1])

    def press_same(self) -> None:
        """Count it as a voice of the first case shown."""
        if not self.same:
            self.tell("new.no_same", "warn")
            return
        id = self.same[0].id
        name = self.typed("name") or self.typed("contact") or self.say(f"source.{self.source}")
        text = self.typed("text")
        try:
            if self.messages:
                from console.chat.taking import Join

                self._joined(id, self.chair.do(Join(issue=number(id), messages=self.messages, tell=self._told("joined"))))
                return
            done = self.chair.do(AddVoice(issue=number(id), name=name, contact=self.typed("contact"), why=text))
        except Refused as error:
            self.refuse(error)
            return
        self._joined(id, done)

    def _joined(self, id: str, done: Done) -> None:
        """It belongs to a case that is there already."""
        self.let_go()
        self.app.follow()  # type: ignore[attr-defined]
        self.dismiss(("voice", id, done))

    def told_taken_up(self) -> None:
        """Whose half-written call it is, so that the next caller does not get the name of the last."""
        kept = self.chair.aside().get(self.draft, {})
        said = next((text for name in ("name", "contact", "text", "place") if (text := self.typed(name))), "–")
        at = self.chair.local(datetime.fromisoformat(str(kept["at"]))) if kept.get("at") else None
        self.tell("new.taken_up", "soon", at=f"{at:%H:%M}" if at else "–", said=line(said))

    def _latest(self) -> str:
        """The half-written call that was left last; a first one where there is none."""
        told = self.chair.aside().items()
        names = (name for name, body in told if (body.get("screen"), body.get("verb")) == ("new", "take"))
        return next(names, "take")

    def _begun(self) -> bool:
        """Whether something stands in the form."""
        return any(self.typed(name) for name in self.fields)

    def press_fresh(self) -> None:
        """Somebody else rings meanwhile: an empty form, the half-written one stays among the drafts."""
        if not self._begun():
            self.tell("new.is_empty", "dim")
            return
        if not self.kept():
            return
        names = {self.draft, *self.chair.aside()}
        free = next(name for n in count(2) if (name := f"take {n}") not in names)
        self.dismiss(None)
        self.go("new", draft=free, source=self.source)

    def press_source(self) -> None:
        """The next way in which it may be told."""
        self.source = SOURCES[(SOURCES.index(self.source) + 1) % len(SOURCES)] if self.source in SOURCES else SOURCES[0]
        self.draw()
