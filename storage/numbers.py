"""Numbers given out under the lock: one after the other, never twice, used up only by what is kept."""

from __future__ import annotations

from collections.abc import Mapping


class Numbers:
    """Gives out the numbers of one change, from copies of the counters: nothing is used up if it is not kept."""

    def __init__(self, counters: Mapping[str, int]) -> None:
        """Start from the counters as they stand under the lock."""
        self._counters = counters
        self._given: dict[tuple[str, int], int] = {}
        self.used: dict[str, int] = {}

    used: dict[str, int]
    """Counter → highest number given out here: what the entry must record."""

    def restart(self, counter: str) -> None:
        """Begin a counter anew, as TinyDB does with the ids of a table it empties."""
        self._counters = {**self._counters, counter: 0}
        self.used.pop(counter, None)

    def give(self, counter: str, slot: int) -> int:
        """The number of one placeholder; the same one for an equal placeholder."""
        given = self._given.get((counter, slot))
        if given is None:
            given = self.next(counter)
            self._given[counter, slot] = given
        return given

    def next(self, counter: str) -> int:
        """One more number of a counter."""
        value = self.used.get(counter, self._counters.get(counter, 0)) + 1
        self.used[counter] = value
        return value
