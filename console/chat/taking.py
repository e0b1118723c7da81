"""From messages to a case: a new one, a voice for an open one, the next word in its thread; or nothing that needs one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from console.act import Act, Actor, Decision, Put
from console.book import Book, Refused
from console.chat.cards import told_place
from console.chat.groups import groups, member, of_theirs
from console.chat.inbox import seen
from console.chat.messages import Message
from console.chat.noise import me_too
from console.chat.outbox import Saying
from console.chat.privacy import check, masked, named_in
from console.issues import Issue
from console.parts import Voice
from console.progress import CaseAct, must
from console.record import replace
from console.remarks import master
from console.status import ENDED, OPEN
from console.taking import Take, headline, numbered
from storage.store import Number

MOST = 50
"""Messages that are put together at most."""

TALK = timedelta(hours=1)
"""Within which "me too" is about what the group was told before."""


def chosen(book: Book, ids: Sequence[str]) -> list[tuple[str, Message]]:
    """Messages by their ids, in the order in which they were written.

    Raises ``Refused`` where one is not there, or somebody has made a case of it meanwhile.
    """
    if not ids:
        raise Refused("refused.field_missing", field="messages")
    if len(set(ids)) > MOST:
        raise Refused("refused.many_messages", most=MOST)
    found = []
    for id in dict.fromkeys(ids):
        message = book.get(Message, id)
        if message is None or not message.known:
            raise Refused("refused.no_message", id=id)
        found.append((id, message))
    return sorted(found, key=lambda each: each[1].at)  # of the same second: as they are given


def free(messages: Sequence[tuple[str, Message]]) -> None:
    """Refuse messages of which a case was made already, with its number."""
    from console.numbers import number

    for _, message in messages:
        if message.issue:
            raise Refused("refused.message_taken", number=number(message.issue), name=message.name)


def story(messages: Sequence[tuple[str, Message]]) -> str:
    """What messages say, one a line, each once."""
    return "\n".join(dict.fromkeys(message.text for _, message in messages if message.text))


def first(messages: Sequence[tuple[str, Message]]) -> tuple[str, Message]:
    """The message that a case is made of before all others: the first that says more than "me too"."""
    return next((each for each in messages if not me_too(each[1])), messages[0])


def where(book: Book, messages: Sequence[tuple[str, Message]]) -> str:
    """Where it is: the building that the words name, else where whoever wrote them lives.

    Where both are of one building what is known of the flat is kept.
    """
    id, message = first(messages)
    home = seen(book, id, message).place
    named = next((place for _, each in messages if (place := told_place(each.text))), "")
    return home if not named or home.startswith(named) else named


def brought(book: Book, issue: Issue, messages: Sequence[tuple[str, Message]]) -> tuple[Voice, ...]:
    """The voices that messages add to a case: everybody who has not been heard on it yet and is no staff or agency."""
    heard = {voice.contact or voice.name for voice in issue.voices}
    heard |= {issue.contact, *([] if issue.contact else [issue.reporter])}
    fresh = list[Voice]()
    for id, message in messages:
        contact, item = message.contact, seen(book, id, message)
        if (contact or item.name) not in heard and not (item.login or item.agency):
            heard.add(contact or item.name)
            fresh.append(Voice(name=item.name, contact=contact, at=message.at))
    return tuple(fresh)


def _called(book: Book, group: str) -> frozenset[str]:
    """The names by which people of a group are called."""
    docs = book.docs(Message.kind).values()
    return named_in(each.get("card") or each.get("nickname", "") for each in docs if each.get("group", "") == group)


def theirs(book: Book, who: Actor, messages: Sequence[tuple[str, Message]]) -> None:
    """Refuse messages of groups that are not of one's own grids."""
    if who.grids:
        for _, message in messages:
            of_theirs(book, who, message.group)


def told(book: Book, who: Actor, now: datetime, text: str, to: Message, case: Any, issue: Issue) -> list[Put]:
    """The answer to a message about a case; nothing where nobody wants to say anything, may, or there is no such group.

    Nor to a message that was pasted: it has no number in the group by which it could be answered.

    Raises ``Refused`` where it tells what is another resident's.
    """
    found = groups(book).get(to.group)
    if not text.strip() or found is None or to.pasted or not who.may("say"):
        return []
    check(book, text, issue, to.contact)
    said = Saying(group=found.number, text=text.strip(), reply=to.number, issue=case, by=who.id, at=now, moved=now)
    return [Put(Saying.kind, Number(Saying.kind), said)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeUp(Take):
    """Make a case of messages: reporter, moment and words are theirs unless something else is said."""

    verb: ClassVar[str] = "take_up"

    messages: tuple[str, ...]
    """Ids of the messages."""

    text: str = ""
    """What happened; the messages' own words where nothing is said."""

    tell: str = ""
    """What is said in the group, ``{number}`` standing for the case's number; nothing where it is empty."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """The case, the messages joined to it and the answer to the group, or nothing of all."""
        messages = chosen(book, self.messages)
        theirs(book, who, messages)
        free(messages)
        id, lead = first(messages)
        item = seen(book, id, lead)
        known, group = member(book, lead.group, lead.sender), groups(book).get(lead.group)
        grids = group.grids if group else ()
        told_so = story(messages)
        taken = Take(
            text=self.text or told_so or self.title,
            title=self.title
            or masked(headline(lead.text if self.text in ("", told_so) else self.text), _called(book, lead.group)),
            category=self.category,
            severity=self.severity,
            grid=self.grid or (grids[0] if len(grids) == 1 else ""),
            place=self.place or where(book, messages),
            name=self.name or item.name,
            contact=self.contact or lead.contact,
            household=self.household or (known.household if known else ""),
            source="group",
            reported=self.reported or min(*(each.at for _, each in messages), now),
            sensitive=self.sensitive,
            follows=self.follows,
        ).decide(book, now, who)
        case: Any = numbered(book, now)
        made = taken.puts[0].record
        assert isinstance(made, Issue) and made.last is not None
        made = replace(made, last=replace(made.last, verb=self.verb), voices=brought(book, made, messages))
        joined = [Put(Message.kind, id, replace(message, issue=case)) for id, message in messages]
        said = told(book, who, now, self.tell, lead, case, made)
        return Decision((Put(Issue.kind, case, made), *joined, *said), taken.why, taken.warnings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(CaseAct):
    """Join messages to a case: the reporter's next word, or another household that says "me too"."""

    verb: ClassVar[str] = "join"
    right: ClassVar[str] = "voice"

    messages: tuple[str, ...]
    """Ids of the messages."""

    tell: str = ""
    """What is said in the group, ``{number}`` standing for the case's number; nothing where it is empty."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Everybody who has not been heard on it yet becomes a voice; what they say stands in the story."""
        id, issue = master(book, *self.case(book, now, who))
        messages = chosen(book, self.messages)
        theirs(book, who, messages)
        free(messages)
        if issue.status not in ENDED:
            must(issue, *OPEN)
        fresh = brought(book, issue, messages) if issue.status not in ENDED else ()
        names = list(dict.fromkeys(seen(book, mid, message).name for mid, message in messages))
        said = f"{', '.join(names)}: {story(messages)}"
        more = {"voices": str(len(fresh))} if fresh else {}
        put = self.put(book, now, who, id, replace(issue, voices=(*issue.voices, *fresh)), text=said, **more)
        joined = [Put(Message.kind, mid, replace(message, issue=id)) for mid, message in messages]
        return Decision((put, *joined, *told(book, who, now, self.tell, messages[-1][1], id, issue)), self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Act):
    """Take messages out of the case that they were joined to by mistake: they wait again."""

    verb: ClassVar[str] = "part"
    right: ClassVar[str] = "voice"

    messages: tuple[str, ...]
    """Ids of the messages."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Each waits again; what it has brought to the case stays in its story."""
        messages = chosen(book, self.messages)
        theirs(book, who, messages)
        return Decision([Put(Message.kind, id, replace(each, issue="")) for id, each in messages if each.issue])


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBy(Act):
    """Say that messages need nothing, or that they do after all."""

    verb: ClassVar[str] = "put_by"
    right: ClassVar[str] = "voice"

    messages: tuple[str, ...]
    """Ids of the messages."""

    back: bool = False
    """Whether they wait again."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Mark them; one of a case stays with it."""
        messages = chosen(book, self.messages)
        theirs(book, who, messages)
        free(messages)
        by = "" if self.back else who.id
        return Decision(
            [Put(Message.kind, id, replace(each, aside_by=by)) for id, each in messages if bool(each.aside_by) == self.back]
        )


def thread(book: Book, id: str) -> list[tuple[str, Message]]:
    """The messages of a case, oldest first."""
    found = [(mid, message) for mid in book.where(Message.kind, "issue", id) if (message := book.get(Message, mid))]
    return sorted(found, key=lambda each: each[1].at)


def _told_before(other: Message, message: Message) -> bool:
    """Whether a message became a case, and was written shortly before this one in the same group."""
    return bool(other.issue) and other.group == message.group and timedelta() <= message.at - other.at <= TALK


def cases_of(book: Book, message: Message) -> list[str]:
    """Ids of the cases that a message may be the next word of.

    What it answers; where it only says "me too", what the group talks about; then what its sender has open.
    """
    found = dict[str, None]()
    if message.reply:
        from console.chat.messages import message_id

        answered = book.get(Message, message_id(message.account, message.group, message.reply))
        if answered is not None and answered.issue:
            found[answered.issue] = None
    if me_too(message):
        spoken = [other for _, other in book.all(Message) if _told_before(other, message)]
        found |= {other.issue: None for other in sorted(spoken, key=lambda other: other.at, reverse=True)[:1]}
    for id in reversed(book.where(Message.kind, "sender", f"{message.group}:{message.sender}")):
        other = book.get(Message, id)
        if other is not None and other.issue:
            issue = book.get(Issue, other.issue)
            if issue is not None and issue.status not in ENDED:
                found[other.issue] = None
    return list(found)
