"""No sequence of acts loses a case, breaks its story or makes a clock run backwards; the journal replayed is the book."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from console import door
from console.act import ACTS
from console.book import Book, Refused
from console.config import calendar
from console.desk import Desk
from console.issues import Issue
from console.queue import Queue, View
from console.record import replace
from console.sla import due
from console.staff import SYSTEM
from console.status import ENDED, TABLE, Status
from tests.console.helpers import Station

WORDS = st.sampled_from(["马蜂窝", "漏水了,快来", "[bold]x[/]", "\x1b[2J", "=1+1", "路灯 {x}", "🐝"])
REASON = st.sampled_from(["看过了", "居民说的", ""])
WHO = st.sampled_from(["chen", "chen", "chen", "li", "sun", "pu", "fang", "wang"])
AGENCY = st.sampled_from(["fire", "property", "police"])

FIELDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "file": {"category": st.sampled_from(["sewer", "hornet", "question", "praise"])},
    "answer": {"answer": WORDS},
    "edit": {"category": st.sampled_from(["sewer", "hornet"]), "severity": st.sampled_from(["p1", "p4"])},
    "note": {"text": WORDS},
    "voice": {"name": WORDS},
    "urge": {},
    "reject": {"outcome": st.just("mistaken")},
    "restore": {},
    "dispatch": {"agency": AGENCY},
    "accept": {"said_by": st.just("x"), "how": st.just("y")},
    "refuse": {"said_by": st.just("x"), "how": st.just("y")},
    "return": {"said_by": st.just("x"), "how": st.just("y")},
    "report": {"said_by": st.just("x"), "how": st.just("y"), "report": WORDS},
    "withdraw": {"errand": st.integers(1, 3)},
    "handle": {},
    "extend": {"said_by": st.just("x"), "how": st.just("y")},
    "approve": {"request": st.integers(1, 3)},
    "deny": {"request": st.integers(1, 3)},
    "resolve": {},
    "rework": {"by_desk": st.booleans()},
    "close": {"outcome": st.sampled_from(["solved", "partly", "not"]), "force": st.booleans()},
    "reopen": {},
    "callback": {"reached": st.booleans(), "solved": st.sampled_from(["yes", "no"]), "note": WORDS},
    "suspend": {"until": st.sampled_from(["+2d", "+400d"])},
    "resume": {},
    "void": {},
    "unmerge": {},
    "check": {},
    "checked": {"passed": st.booleans(), "found": WORDS},
    "appeal": {"said_by": st.just("x"), "how": st.just("y")},
    "inquire": {"said_by": st.just("x"), "how": st.just("y"), "text": WORDS},
    "inform": {"text": WORDS},
    "answer_urge": {"text": WORDS},
    "review": {"remark": WORDS},
    "assign": {"owner": st.sampled_from(["li", "chen", "wang"])},
}


LIKELY = {
    "new": "file file file answer reject merge check checked",
    "filed": "dispatch dispatch resolve handle void merge",
    "dispatched": "accept accept return refuse report dispatch withdraw merge",
    "handling": "report return suspend dispatch withdraw extend approve resolve inquire inform urge answer_urge",
    "suspended": "resume void",
    "returned": "dispatch handle void merge",
    "resolved": "close close rework check",
    "closed": "reopen callback appeal approve review",
    "rejected": "restore",
    "voided": "note",
    "merged": "unmerge voice",
}
"""What is worth trying; anything else is tried as well, to be refused."""


class Life(RuleBasedStateMachine):
    """Random acts by random people on a handful of cases."""

    @initialize()
    def begin(self) -> None:
        self.station = Station()
        self.queue = Queue(self.station.desk.book, self.station.moment)
        self.view = View(self.queue, self.station.desk.book, SYSTEM, "", self.station.moment)
        self.ids: list[str] = []
        self.before: dict[str, Issue] = {}
        self.stories: dict[str, list[str]] = {}
        self.done = self.refused = 0

    def teardown(self) -> None:
        if hasattr(self, "ids"):
            self.merges_come_apart()

    @precondition(lambda self: len(self.ids) < 4)
    @rule(text=WORDS, category=st.sampled_from(["", "sewer", "hornet"]))
    def take(self, text: str, category: str) -> None:
        id = self.station.take(text=text, category=category, name="王")
        self.ids.append(id)
        self.stories[id] = ["take"]

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), who=WHO, why=REASON, minutes=st.integers(0, 300), likely=st.integers(0, 4))
    def act(self, data: st.DataObject, who: str, why: str, minutes: int, likely: int) -> None:
        id = data.draw(st.sampled_from(self.ids))
        verbs = LIKELY[self.station.status(id)].split() if likely else [*FIELDS, "merge"]
        verb = data.draw(st.sampled_from(verbs))
        fields = {name: data.draw(strategy) for name, strategy in FIELDS.get(verb, {}).items()}
        if verb == "merge":
            fields["into"] = data.draw(st.sampled_from(self.ids))
        if why:
            fields["why"] = why
        self.station.later(minutes=minutes)
        self.before = {each: self.station.case(each) for each in self.ids}
        number = self.station.desk.book.number
        try:
            done = self.station.do(verb, id, who, **fields)
        except Refused:
            assert self.station.desk.catch_up() == number, "a refused act wrote something"
            self.refused += 1
            return
        self.done += 1
        for _, touched in done.touched:
            if touched in self.stories:
                self.stories[touched].append(verb)

    @invariant()
    def the_table_holds(self) -> None:
        for id, before in getattr(self, "before", {}).items():
            after = self.station.case(id)
            reached = {before.status, *TABLE[before.status]}
            if before.status is Status.SUSPENDED:  # it may have gone on by itself and then further
                reached |= TABLE[Status.HANDLING] | {Status.HANDLING}
            assert after.status in reached | {each for step in list(reached) for each in TABLE[step] if before.suspended}
            assert (after.status in ENDED) == (after.ended_at is not None), (before.status, after.status)
            assert (after.status is Status.MERGED) == (after.merged is not None) or after.status is Status.CLOSED

    @invariant()
    def clocks_only_grow(self) -> None:
        days = calendar(self.station.desk.book) if hasattr(self, "station") else None
        for id, before in getattr(self, "before", {}).items():
            after = self.station.case(id)
            assert after.clock[: len(before.clock)] == before.clock
            assert after.accept[: len(before.accept)] == before.accept
            assert [e.at for e in after.clock] == sorted(e.at for e in after.clock)
            for old, new in zip(before.errands, after.errands, strict=False):
                assert new.clock[: len(old.clock)] == old.clock
                assert new.evidence[: len(old.evidence)] == old.evidence
            assert days is not None
            found = due(after.clock, days)
            if after.status not in ENDED and after.status is not Status.MERGED:
                assert after.due.legal == (None if found is None or found.paused else found.legal)

    @invariant()
    def the_story_is_whole(self) -> None:
        for id, verbs in getattr(self, "stories", {}).items():
            told = [entry.what for entry in self.station.desk.book.story(Issue.kind, id)]
            assert told[::-1] == verbs

    @invariant()
    def nothing_is_lost_and_the_journal_is_the_book(self) -> None:
        if not hasattr(self, "station"):
            return
        fresh = Desk(self.station.session(), self.station.now, SYSTEM)
        mine: Book = self.station.desk.book
        assert fresh.book.docs(Issue.kind) == mine.docs(Issue.kind)
        assert set(mine.docs(Issue.kind)) == set(self.ids)
        replayed: dict[str, Any] = {}
        for entry in self.station.store.since(0):
            for kind, id, doc in entry.ops:
                if kind == Issue.kind:
                    replayed[id] = doc
        assert replayed == mine.docs(Issue.kind)
        for id in self.ids:
            doc = mine.docs(Issue.kind)[id]
            assert Issue.parse(doc).dump() == doc
        self.view.update(self.station.moment)
        again = View(Queue(mine, self.station.moment), mine, SYSTEM, "", self.station.moment)
        assert [s.row.id for s in self.view.page()] == [s.row.id for s in again.page()]

    def merges_come_apart(self) -> None:
        """Whatever was done: a case merged and taken out again is what it was."""
        for id in self.ids:
            issue = self.station.case(id)
            open_masters = [each for each in self.ids if each != id and self.station.case(each).status not in ENDED]
            masters = [each for each in open_masters if self.station.case(each).status is not Status.MERGED]
            mergeable = Status.MERGED in TABLE[issue.status] and not (issue.suspended and issue.suspended.until)
            if mergeable and masters:
                others = {each: self.station.case(each) for each in self.ids}
                self.station.do("merge", id, into=masters[0])
                self.station.moment += timedelta(hours=1)
                self.station.do("unmerge", id)
                for each, was in others.items():
                    now = self.station.case(each)
                    assert replace(now, last=None, due=was.due) == replace(was, last=None), each


Life.TestCase.settings = settings(
    max_examples=100, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestLife = Life.TestCase


def test_every_act_on_a_case_is_tried() -> None:
    """A new act on a case must be given to the machine above."""
    from console.progress import CaseAct

    door.load_acts()
    cases = {verb for verb, cls in ACTS.items() if issubclass(cls, CaseAct)}
    assert cases - {"remind", "strike", "join", "take_answer"} == {*FIELDS, "merge"}  # the last two: test_chat_*
