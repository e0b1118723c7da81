"""Columns as lines of text, drawn by plotext: told apart by their fill, so that a screen without colour shows as much."""

from __future__ import annotations

from collections.abc import Sequence

FILLS = ("█", "░", "▒")
"""What the columns of one series are filled with."""

PLAIN = ("#", ":", "=")
"""The same where nothing outside ASCII may be used."""

EVERY = (1, 2, 3, 4, 6, 8, 12)
"""Every which label is shown, as far as all do not fit."""


def bars(labels: Sequence[str], series: Sequence[Sequence[int]], cells: int, rows: int, *, plain: bool = False) -> list[str]:
    """So many lines with a group of columns for each label; the labels are ASCII, since they must stand under them."""
    import plotext

    figure = plotext
    figure.clear_figure()
    figure.theme("clear")
    figure.plotsize(cells, rows)
    figure.frame(not plain)
    most = max([1, *(value for each in series for value in each)])
    parts = max(min(4, (rows - 3) // 2), 1)
    steps = sorted({round(most * part / parts) for part in range(parts + 1)})
    figure.multiple_bar(
        list(labels), [list(each) for each in series], marker=list((PLAIN if plain else FILLS)[: len(series)])
    )
    figure.ylim(0, most)
    every = _every(labels, cells)
    figure.xticks(list(range(1, len(labels) + 1, every)), list(labels[::every]))
    figure.yticks(steps, [str(each) for each in steps])
    drawn = figure.uncolorize(figure.build())
    return [line[:cells] for line in drawn.splitlines()][:rows]


def _every(labels: Sequence[str], cells: int) -> int:
    """Every which label is shown, so that they stand beside each other, evenly. Plotext would drop any."""
    longest = max((len(each) for each in labels), default=0)
    return next((n for n in EVERY if len(labels) / n * (longest + 1) <= cells - 6), EVERY[-1])
