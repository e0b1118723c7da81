"""Call-backs: who is owed one, by household; three keys and a note. Above them the month's rates, each with its N."""

from __future__ import annotations

from typing import Any

from textual.strip import Strip

from console import rates
from console.chat.owed import Owed, owed
from console.chat.taking import thread
from console.config import settings
from console.plain import line
from console.saying import agency_name, short, span
from screens.keys import Key
from screens.listing import Entry, Listing
from screens.widgets.ink import Part

CALLS: dict[str, dict[str, str]] = {
    "good": {"reached": "yes", "contacted": "yes", "solved": "yes", "satisfied": "satisfied"},
    "fair": {"reached": "yes", "contacted": "yes", "solved": "yes", "satisfied": "fairly"},
    "bad": {"reached": "yes", "contacted": "yes", "solved": "yes", "satisfied": "dissatisfied"},
    "in_part": {"reached": "yes", "contacted": "yes", "solved": "partly", "satisfied": "fairly"},
    "unsolved": {"reached": "yes", "contacted": "yes", "solved": "no", "satisfied": "dissatisfied"},
    "unreached": {"reached": "no"},
}
"""Key → what stands in the form of the call; only the note is left to be written."""

LISTED = {"yes": "solved", "partly": "partly", "no": "unsolved"}
"""What somebody says of it → the list of the rates in which it is counted."""

FIGURES = ("contacted", "solved", "satisfied", "overall")
"""The rates, in the order in which they are told."""


class CallbacksScreen(Listing):
    """One line a case, under the household that is owed the call."""

    place = "callbacks"
    calm = 0.5

    def entries(self) -> list[Entry]:
        """The month's rates; then who is owed a call, those first who have answered in the group."""
        found = self._rates()
        waits = owed(self.chair.book)
        found.append(Entry([("head", self.say("callbacks.owed", n=sum(len(cases) for _, cases in waits), who=len(waits)))]))
        for who, cases in waits:
            found.append(Entry([("strong", f" {line(who) or self.say('card.nobody')}")]))
            found += [self._case(each) for each in cases]
        return found

    def _rates(self) -> list[Entry]:
        """The rates of this month and of the last, on a line each that opens into its cases."""
        chair, say = self.chair, self.say
        of = settings(chair.book).rates
        month = rates.month(of, chair.local())
        before = rates.month(of, chair.local(month[0]) - rates.DAY)
        found = []
        for name, (since, until) in (("this", month), ("last", before)):
            sum_ = rates.rates(rates.cases(chair.book, archived=False), "", since, until)[""]
            shares = sum_.shares(of)
            parts: list[Part] = [("text", f" {say(f'callbacks.{name}')} "), ("strong", f"N={sum_.n} ")]
            for each in FIGURES:
                share = shares[f"{each}_rate"]
                parts += [("dim", f"{say(f'rate.{each}')} "), ("text", "– " if share is None else f"{share:.1%} ")]
            parts.append(("dim", say("callbacks.unsolved", n=len(sum_.unsolved)) if sum_.unsolved else ""))
            found.append(Entry(parts, f"rates {name}", about=sum_))
        return found

    def _case(self, each: Owed) -> Entry:
        """One case: number, what, who did it, since when; what they have written."""
        chair, say, issue = self.chair, self.say, each.issue
        done = [agency_name(chair.book, errand.agency, say) for errand in issue.errands if errand.state == "done"]
        ago = span(say, (chair.now() - issue.ended_at).total_seconds()) if issue.ended_at else ""
        parts: list[Part] = [("text", f"  {short(each.id, chair.now())}  "), ("strong", f"{line(issue.title)}  ")]
        parts += [("text", f"{say(f'outcome.{issue.outcome}')}  " if issue.outcome else "")]
        parts += [("dim", f"{say('list.comma').join(dict.fromkeys(done))}  {say('new.ago', span=ago)}")]
        parts += [("soon", f"  {say.plural('callbacks.tries', each.tries)}")] if each.tries else []
        more: list[list[Part]] = []
        if each.answers:
            means = each.means
            told = [say(f"rate.of.{LISTED[means.solved]}")] if means.solved else []
            told += [say(f"opinion.{means.satisfied}")] if means.satisfied else []
            guess: list[Part] = (
                [("good" if means.solved != "no" else "late", f"  {say('list.comma').join(told)}?")] if told else []
            )
            more.append([("text", "      "), ("quote", line(each.said)), *guess])
        return Entry(parts, each.id, each.id, tuple(more), each)

    def on_mount(self) -> None:
        """On the first case that is owed a call."""
        super().on_mount()
        self.cursor = next((each.key for each in self.found if isinstance(each.about, Owed)), self.cursor)

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, rates, cases, keys."""
        head = self.header([("title", self.say("place.callbacks"))], cells)
        owed = [each.key for each in self.found if isinstance(each.about, Owed)]
        at = owed.index(self.cursor) + 1 if self.cursor in owed else 0
        place: list[Part] = [("dim", f"{at}/{len(owed)}" if at else "")]
        return [head, *self.body(cells, rows - 3), *self.foot(cells, place)]

    def state(self, key: Key) -> str:
        """What works on this line."""
        found = self.chosen()
        case = found.about if found is not None and isinstance(found.about, Owed) else None
        if key.id in CALLS:
            return "on" if case is not None else "hidden"
        if key.id == "take_answer":
            return "on" if case is not None and case.answers else "hidden"
        if key.id == "ask_group":
            return "on" if case is not None and self._asked(case) else "hidden"
        if key.id == "open":
            return "on" if found is not None else "hidden"
        return super().state(key)

    def press_open(self) -> None:
        """The case; of a line of rates, the cases behind each figure."""
        found = self.chosen()
        if found is not None and isinstance(found.about, rates.Rates):
            of = found.about
            groups = [
                (f"{self.say(f'rate.of.{name}')} {len(ids)}", ids)
                for name, ids in ((name, getattr(of, name)) for name in rates.LISTS)
            ]
            self.go("found", title=self.say("place.callbacks"), groups=groups)
            return
        super().press_open()

    def _owed(self) -> Owed | None:
        """The case under the cursor; None where there is none, and that is said."""
        found = self.chosen()
        if found is None or not isinstance(found.about, Owed):
            self.tell("callbacks.none", "dim")
            return None
        return found.about

    def _call(self, name: str) -> None:
        """The form of the call, filled in but for the note."""
        found = self._owed()
        if found is not None:
            self.go("form", verb="callback", ids=[found.id], values=CALLS[name], at="note")

    def press_take_answer(self) -> None:
        """Take what they have written as their call-back; only what it means is left to be said yes to."""
        found = self._owed()
        if found is None or not found.answers:
            self.tell("callbacks.no_answer", "dim")
            return
        means = found.means
        given = {"messages": " ".join(id for id, _ in found.answers)}
        values = {"contacted": "yes", "solved": means.solved, "satisfied": means.satisfied, "note": found.said}
        self.go("form", verb="take_answer", ids=[found.id], given=given, values=values)

    def _asked(self, case: Owed) -> str:
        """Id of the message under which one would ask; empty where the case did not come from a group."""
        told = [id for id, each in thread(self.chair.book, case.id) if each.group and not each.pasted]
        return told[0] if told else ""

    def press_ask_group(self) -> None:
        """Ask in the group whether it is solved."""
        found = self._owed()
        to = self._asked(found) if found is not None else ""
        if found is None or not to:
            self.tell("callbacks.no_group", "dim")
            return
        self.go("say", to=to, issue=found.id)


def _press(name: str) -> Any:
    """The method of a key that begins one kind of call."""

    def press(self: CallbacksScreen) -> None:
        self._call(name)

    return press


for _name in CALLS:
    setattr(CallbacksScreen, f"press_{_name}", _press(_name))
