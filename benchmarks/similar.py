"""Grouping and guessing on real Chinese messages: is the right case offered, and what else.

    python benchmarks/similar.py

Three questions. A resident who writes one trouble in several messages: is the case of the first among the first three
offered for the others, by their words alone, and where whose message it is counts as well. The same trouble told by
another resident (the same subject in the same collection): is the first one's case offered among five hundred others. And
the category of 495 labelled messages, learned from the other four fifths, against always the commonest. Everything is
reported as it is.
"""

from __future__ import annotations

import csv
import random
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from console.chat.cq import said  # noqa: E402
from console.chat.guess import Guesser, sure  # noqa: E402
from console.rows import Row  # noqa: E402
from console.similar import similar  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
OPEN = 500
"""Cases that are open when somebody tells something."""

FOLDS = 5
"""Parts of the labelled messages; each is guessed from the others."""


@dataclass
class Cases:
    """Open cases, as the rules look at them."""

    kept: list[Row] = field(default_factory=list)
    """Their rows."""

    def rows(self) -> Iterable[Row]:
        """All of them."""
        return self.kept

    def add(self, id: str, text: str, at: float, title: str = "") -> None:
        """One more."""
        moment = datetime.fromtimestamp(at).astimezone().isoformat()
        self.kept.append(Row(id, {"title": title or text[:40], "text": text, "reported_at": moment, "taken_at": moment}))
        del self.kept[:-OPEN]


def offered(cases: Cases, text: str, at: float) -> list[str]:
    """Ids of the cases that are offered for a text, by its words."""
    return [each.row.id for each in similar(cases, text=text, category="", grid="", now=at)]  # type: ignore[arg-type]


def split() -> None:
    """Messages that belong together, in the replay of a group."""
    folder = DATA / "onebot-v11"
    messages: dict[int, tuple[float, str, int]] = {}
    for line in (folder / "group_replay_dev.jsonl").read_text(encoding="utf-8").splitlines():
        frame = orjson.loads(line)
        if frame.get("post_type") == "message":
            messages.setdefault(frame["message_id"], (frame["time"], said(frame["message"]).text, frame["user_id"]))
    first: dict[int, str] = {}
    belongs: dict[int, str] = {}
    for n, line in enumerate((folder / "group_replay_dev.truth.jsonl").read_text(encoding="utf-8").splitlines()):
        truth = orjson.loads(line)
        if truth.get("noise"):
            continue
        first[truth["message_ids"][0]] = str(n)
        belongs.update(dict.fromkeys(truth["message_ids"][1:], str(n)))
    cases, senders = Cases(), dict[int, str]()
    words, people, rest, wrong, spent = [0, 0], 0, 0, 0, list[float]()
    for number, (at, text, sender) in sorted(messages.items(), key=lambda each: each[1][0]):
        began = time.perf_counter()
        found = offered(cases, text, at)
        spent.append((time.perf_counter() - began) * 1000)
        if number in belongs:
            rest += 1
            words[0] += belongs[number] in found
            words[1] += len(found)
            people += belongs[number] in [senders.get(sender, ""), *found][:3]
        else:
            wrong += bool(found)
            if number in first:
                cases.add(first[number], text, at)
                senders[sender] = first[number]
    others = len(messages) - rest
    print(f"split messages: {rest} later pieces of {len(set(belongs.values()))} troubles, {OPEN} cases open at most")
    precision = words[0] / words[1] if words[1] else 0
    print(f"     by words alone: recall in the first three {words[0] / rest:.0%}, precision {precision:.0%}")
    print(f"     with who wrote it: recall in the first three {people / rest:.0%}")
    print(f"     offered for {wrong} of {others} messages that belong to no case yet ({wrong / others:.0%})")
    print(f"     {statistics.median(spent):.1f} ms a message, 99% {sorted(spent)[int(len(spent) * 0.99)]:.1f} ms")


def twins() -> None:
    """The same trouble told by another."""
    with (DATA / "zh-taidi2020c-dev" / "a3.utf8.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows.sort(key=lambda row: row["留言时间"])
    by: dict[str, list[int]] = defaultdict(list)
    for n, row in enumerate(rows):
        by[row["留言主题"].strip()].append(n)
    pairs = [(one, other) for found in by.values() for one, other in pairwise(found)]
    at = datetime(2026, 11, 23, 8).timestamp()
    chance, hits, given, wrong = random.Random(1), 0, 0, 0
    for one, other in pairs:
        cases = Cases()
        same = rows[other]["留言主题"].strip()
        others = [n for n in chance.sample(range(len(rows)), OPEN) if rows[n]["留言主题"].strip() != same][: OPEN - 1]
        for minute, n in enumerate([*others, one]):
            cases.add(str(n), rows[n]["留言详情"], at + minute * 60, rows[n]["留言主题"])
        found = offered(cases, rows[other]["留言详情"], at + OPEN * 60)
        hits += str(one) in found
        given += len(found)
        cases.kept = [row for row in cases.kept if row.id != str(one)]
        wrong += bool(offered(cases, rows[other]["留言详情"], at + OPEN * 60))
    print(f"near-duplicates: {len(pairs)} pairs, each among {OPEN} open cases")
    print(f"     recall in the first three {hits / len(pairs):.0%}, precision of what was offered {hits / given:.0%}")
    print(f"     with the right case taken away something is still offered for {wrong / len(pairs):.0%}")


def categories() -> None:
    """The category of labelled messages."""
    with (DATA / "zh-taidi2020c-dev" / "a2s.utf8.csv").open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file))
    random.Random(1).shuffle(rows)
    told = [(f"{row['留言主题']} {row['留言详情']}", row["一级分类"]) for row in rows]
    right = usual = written = written_right = 0
    for part in range(FOLDS):
        guesser = Guesser()
        known = [each for n, each in enumerate(told) if n % FOLDS != part]
        for text, label in known:
            guesser.learn(text, label)
        commonest = Counter(label for _, label in known).most_common(1)[0][0]
        for text, label in (each for n, each in enumerate(told) if n % FOLDS == part):
            likely = guesser.likely(text)
            right += bool(likely) and likely[0][0] == label
            usual += commonest == label
            if sure(likely):
                written += 1
                written_right += likely[0][0] == label
    labels = len({label for _, label in told})
    print(f"categories: {len(told)} messages, {labels} labels, {FOLDS} parts")
    print(f"     guessed right {right / len(told):.1%}; always the commonest {usual / len(told):.1%}")
    print(f"     likely enough for a form {written / len(told):.0%}, of those right {written_right / written:.1%}")


def main() -> None:
    """All three."""
    if not DATA.exists():
        print(f"similar: skipped, {DATA} is not there")
        return
    split()
    twins()
    categories()


if __name__ == "__main__":
    main()
