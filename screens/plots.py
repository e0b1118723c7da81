"""Figures to look at: cases in and out by hour and day, time to the first touch, what is overdue by agency."""

from __future__ import annotations

from datetime import date
from typing import Any

from textual.strip import Strip

from console.plain import line
from console.plots import NAMES, TOUCH, Column, Plot, plot
from console.words import Both
from screens.keys import Key
from screens.listing import Entry, Listing
from screens.widgets.ink import Part, spread
from screens.widgets.plot import FILLS, PLAIN, bars

LEAST = 8
"""Rows of a picture at least."""

SHARE = 2
"""Share of the screen that the columns as numbers have below the picture: one in so many."""


class PlotsScreen(Listing):
    """One picture at a time, and under it each column as a number that opens into its cases."""

    place = "plots"
    calm = 2.0

    def __init__(self, **about: Any) -> None:
        """The first picture."""
        super().__init__(**about)
        self.name_of_plot = NAMES[0]

    plot: Plot
    """The picture that is looked at."""

    def refreshed(self) -> None:
        """Count anew what is looked at, and no other."""
        self.plot = plot(self.chair.book, self.name_of_plot, self.chair.now())
        super().refreshed()

    def label(self, plot: Plot, n: int, column: Column, *, under: bool) -> str:
        """What a column is of; ``under`` it, where only ASCII stands in its place, names are numbers."""
        label = column.label
        if plot.name == "touch":
            ends = f"<{label}" if label else f">{TOUCH[-1]}"
            return ends if under else self.say("plot.minutes", span=ends)
        if isinstance(label, date):
            return f"{label.day}" if under else f"{label:%m-%d}"
        if isinstance(label, Both):
            return f"{n + 1}" if under else line(str(self.say.fact(label)))
        return f"{label}" if under else f"{label:02}:00"

    def entries(self) -> list[Entry]:
        """The columns that are not empty."""
        plot, found = self.plot, list[Entry]()
        for n, column in enumerate(plot.columns):
            if not any(column.ids):
                continue
            counts = "  ".join(
                f"{self.say(f'plot.series.{name}')} {len(ids)}" for name, ids in zip(plot.series, column.ids, strict=True)
            )
            number = f"{n + 1} " if isinstance(column.label, Both) else ""
            name = self.label(plot, n, column, under=False)
            parts: list[Part] = [("text", "  "), ("dim", number), ("strong", name), ("text", f"  {counts}")]
            found.append(Entry(parts, f"{plot.name} {n}", about=column))
        return found

    def lines(self, cells: int, rows: int) -> list[Strip]:
        """Title, which picture, the picture, its numbers, keys."""
        say, plot = self.say, self.plot
        head = self.header([("title", say("place.plots"))], cells)
        names: list[Part] = [("tab_on" if name == plot.name else "tab", f" {say(f'plot.{name}')} ") for name in NAMES]
        tabs = self.ink.strip(spread([("text", " "), *names], [], cells), cells)
        room = max(rows - 5, 1)
        high = max(room - max(room // SHARE - 2, 3), min(LEAST, room))
        fills = PLAIN if self.ink.plain else FILLS
        told = "  ".join(f"{fill * 2} {say(f'plot.series.{name}')}" for fill, name in zip(fills, plot.series, strict=False))
        drawn = [self.ink.strip([("text", each)], cells) for each in self._drawn(cells, high)]
        legend = self.ink.strip([("text", f"  {told}  "), ("dim", say("plot.of"))], cells)
        return [head, tabs, *drawn, legend, *self.body(cells, max(rows - 5 - len(drawn), 0)), *self.foot(cells)][:rows]

    def _drawn(self, cells: int, rows: int) -> list[str]:
        """The picture; the words for nothing where there is nothing."""
        plot = self.plot
        if not any(any(column.ids) for column in plot.columns):
            return [f"  {self.say('plot.nothing')}", *[""] * (rows - 1)]
        labels = [self.label(plot, n, column, under=True) for n, column in enumerate(plot.columns)]
        series = [[len(column.ids[n]) for column in plot.columns] for n in range(len(plot.series))]
        return bars(labels, series, cells, rows, plain=self.ink.plain)

    def state(self, key: Key) -> str:
        """What works on this column."""
        return ("on" if self.chosen() else "hidden") if key.id == "open" else super().state(key)

    def press_open(self) -> None:
        """The cases of this column."""
        found = self.chosen()
        if found is None:
            self.tell("plot.nothing", "dim")
            return
        column: Column = found.about
        groups = [
            (f"{self.say(f'plot.series.{name}')} {len(ids)}", ids)
            for name, ids in zip(self.plot.series, column.ids, strict=True)
        ]
        n = self.plot.columns.index(column)
        title = f"{self.say(f'plot.{self.plot.name}')} {self.label(self.plot, n, column, under=False)}"
        self.go("found", title=title, groups=groups)

    def press_next_view(self) -> None:
        """The next picture."""
        self.name_of_plot = NAMES[(NAMES.index(self.name_of_plot) + 1) % len(NAMES)]
        self.cursor, self.top = "", 0
        self._again()

    def press_print(self) -> None:
        """Save the picture with its numbers, as it stands here."""
        from console.paper import saved_text

        size = self.size
        text = "\n".join(
            "".join(segment.text for segment in each).rstrip() for each in self.lines(size.width, size.height)[:-2]
        )
        name = f"plot-{self.plot.name}-{self.chair.local():%Y%m%d-%H%M}.txt"
        self.tell("handover.printed", "good", path=saved_text(self.chair, name, text + "\n"))
