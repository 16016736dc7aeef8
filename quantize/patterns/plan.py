"""All that is settled before a chart is drawn: sizes, pages, colours and marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from quantize.errors import QuantizeError
from quantize.palettes.facts import contrast_ratios
from quantize.patterns.drawing import INK, WHITE, Box, Color
from quantize.patterns.entries import Entry
from quantize.patterns.kinds import KINDS, Kind
from quantize.patterns.layout import PAPERS, Layout, Sheet, make_layout
from quantize.patterns.marks import Mark, make_codes, make_symbols
from quantize.patterns.pattern import Pattern

MARKS = ("codes", "symbols")


@dataclass(frozen=True)
class Chart:
    """What a person chooses of a chart.

    Attributes
    ----------
    kind : str
        A key of ``KINDS``.
    cell : float or None
        Length of a cell on paper, 1.5 to 20 mm; None is the kind's own.
    board : (int, int) or None
        Cells of a board, at which pages are cut, each at least 5; None is the kind's own.
    paper : str
        A key of ``PAPERS``.
    marks : {"codes", "symbols"} or None
        What stands in the cells. None is the kind's own, and symbols where codes could not be read.
    mono : bool
        Whether cells are white and their marks black, for printers and copies without colours.
    title, palette : str
        Names of the picture and of the palette, in any language.
    """

    kind: str = "beads"
    cell: float | None = None
    board: tuple[int, int] | None = None
    paper: str = "a4"
    marks: str | None = None
    mono: bool = False
    title: str = ""
    palette: str = ""


@dataclass(frozen=True, eq=False)
class Plan:
    """A chart about to be drawn; fills, inks and marks, perhaps codes, are one for each entry."""

    pattern: Pattern
    chart: Chart
    kind: Kind
    layout: Layout
    fills: tuple[Color, ...]
    inks: tuple[Color, ...]
    marks: tuple[Mark, ...]
    coded: bool

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The pattern's."""
        return self.pattern.entries

    def runs(self, sheet: Sheet | None = None, join: bool = True) -> list[list[tuple[int, int, int]]]:
        """List where each entry is: of its cells, or of rows of them, column, row and length.

        Columns and rows count from the first of the page, or of the pattern. Not joined, lengths are 1.
        """
        found: list[list[tuple[int, int, int]]] = [[] for _ in self.entries]
        for place, row, start, stop in _find_runs(self.part(sheet), join):
            if place >= 0:
                found[place].append((start, row, stop - start))
        return found

    def part(self, sheet: Sheet | None) -> np.ndarray:
        """Take what of the pattern is on a page: int16 (h, w)."""
        if sheet is None:
            return self.pattern.indices
        return self.pattern.indices[slice(*sheet.rows), slice(*sheet.columns)]


def lay_out(size: tuple[int, int], chart: Chart) -> Layout:
    """Cut a pattern of so many cells into pages, as a person chose.

    Raises
    ------
    QuantizeError
        If a choice is none, or it takes too many pages.
    """
    kind, paper = KINDS.find(chart.kind), PAPERS.find(chart.paper)
    own = (kind.board, kind.board) if kind.board else None
    return make_layout(size, paper, kind.cell if chart.cell is None else chart.cell, chart.board or own)


def make_plan(pattern: Pattern, chart: Chart) -> Plan:
    """Settle all that a person left open.

    Raises
    ------
    QuantizeError
        If a choice is none, or codes could not be read and were asked for.
    """
    kind, layout = KINDS.find(chart.kind), lay_out(pattern.size, chart)
    colors = [entry.color for entry in pattern.entries]
    fills = [WHITE] * len(colors) if chart.mono else colors
    marks, coded = _make_marks(pattern, chart.marks, kind, layout.cell)
    inks = tuple(map(find_ink, fills))
    return Plan(pattern, chart, kind, layout, tuple(fills), inks, tuple(marks), coded)


def find_ink(color: Color) -> Color:
    """Find what is read better on a colour, near black or white: at least 4.3 : 1."""
    ratios = contrast_ratios(np.array([color, INK, WHITE], np.uint8))[0]
    return INK if ratios[1] >= ratios[2] else WHITE


def _make_marks(pattern: Pattern, marks: str | None, kind: Kind, cell: float) -> tuple[list[Mark], bool]:
    if marks not in (*MARKS, None):
        raise QuantizeError(f"marks must be {' or '.join(MARKS)}, got {marks!r}")
    if (marks or kind.marks) == "codes":
        try:
            return make_codes(pattern.entries, cell), True
        except QuantizeError:
            if marks:
                raise
    return make_symbols(len(pattern.entries), cell), False


def _find_runs(part: np.ndarray, join: bool) -> Iterator[tuple[int, int, int, int]]:
    """Find in every row where one entry begins and ends: entry, row, start, stop."""
    breaks = np.ones((part.shape[0], part.shape[1] + 1), bool)
    if join:
        breaks[:, 1:-1] = part[:, 1:] != part[:, :-1]
    for row, (line, ends) in enumerate(zip(part, breaks, strict=True)):
        edges = np.flatnonzero(ends).tolist()
        yield from ((int(line[start]), row, start, stop) for start, stop in pairwise(edges))


def boxes(
    runs: list[tuple[int, int, int]], left: float, top: float, cell: float, over: float = 0.0
) -> list[Box]:
    """Turn runs of cells into boxes on paper, each larger by ``over`` so that no gap shows between them."""
    return [(left + x * cell, top + y * cell, length * cell + over, cell + over) for x, y, length in runs]
