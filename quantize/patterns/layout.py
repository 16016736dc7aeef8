"""Where cells go on paper: which part of a pattern is on which page. Lengths are in mm."""

from __future__ import annotations

from dataclasses import dataclass

from quantize.errors import QuantizeError
from quantize.records import Records

MARGIN = 12.0
RULER = 6.0
"""Beside and above cells, for their numbers."""
HEAD = 17.0
FOOT = 6.0
MOST_SHEETS = 400
LEAST_CELL, LARGEST_CELL = 1.5, 20.0
LEAST_BOARD = 5
TEN = 10


@dataclass(frozen=True)
class Paper:
    """A size of paper, upright."""

    key: str
    title: str
    width: float
    height: float


PAPERS = Records("paper", (Paper("a4", "A4", 210.0, 297.0), Paper("letter", "US Letter", 215.9, 279.4)))

Span = tuple[int, int]
"""First cell, and the one after the last."""


@dataclass(frozen=True)
class Sheet:
    """A page of cells: its place among all pages, from 1, and which columns and rows are on it."""

    number: int
    columns: Span
    rows: Span


@dataclass(frozen=True)
class Layout:
    """How a pattern is cut: spans of columns and of rows, each of which is on one page with each."""

    paper: Paper
    cell: float
    board: tuple[int, int] | None
    columns: tuple[Span, ...]
    rows: tuple[Span, ...]

    def sheets(self, first: int) -> list[Sheet]:
        """List the pages in reading order, of which the first has this number."""
        parts = [(columns, rows) for rows in self.rows for columns in self.columns]
        return [Sheet(first + place, *part) for place, part in enumerate(parts)]


def make_layout(
    size: tuple[int, int], paper: Paper, cell: float, board: tuple[int, int] | None
) -> Layout:  # fmt: skip
    """Cut a pattern into pages.

    Parameters
    ----------
    size : (int, int)
        Cells across and down.
    paper : Paper
    cell : float
        Length of one, mm.
    board : (int, int), or None
        Cells of a board. A page has as many whole boards as fit. Of one that does not fit the parts are as
        equal as can be. None: as many tens of cells as fit.

    Raises
    ------
    QuantizeError
        If a length is out of its limits, or it takes more than 400 pages.
    """
    if not LEAST_CELL <= cell <= LARGEST_CELL:
        raise QuantizeError(f"cell must be {LEAST_CELL:g} to {LARGEST_CELL:g} mm, got {cell:g}")
    if board and min(board) < LEAST_BOARD:
        raise QuantizeError(
            f"board must be at least {LEAST_BOARD} × {LEAST_BOARD} cells, got {board[0]} × {board[1]}"
        )
    room = paper.width - 2 * (MARGIN + RULER), paper.height - 2 * (MARGIN + RULER) - HEAD - FOOT
    fits = [int(length / cell + 1e-6) for length in room]
    columns, rows = (_cut(size[axis], fits[axis], board[axis] if board else None) for axis in (0, 1))
    if len(columns) * len(rows) > MOST_SHEETS:
        raise QuantizeError(
            f"chart must have at most {MOST_SHEETS} pages of cells, got {len(columns) * len(rows):,}: "
            "choose fewer cells, or a smaller cell"
        )
    return Layout(paper, cell, board, columns, rows)


def _cut(n: int, fit: int, board: int | None) -> tuple[Span, ...]:
    if n <= fit and (board is None or n <= board):
        return ((0, n),)
    if board is None:
        return _step(0, n, fit - fit % TEN or fit)
    if board <= fit:
        return _step(0, n, fit // board * board)
    part = -(-board // -(-board // fit))
    starts = range(0, n, board)
    return tuple(span for start in starts for span in _step(start, min(start + board, n), part))


def _step(start: int, stop: int, step: int) -> tuple[Span, ...]:
    return tuple((first, min(first + step, stop)) for first in range(start, stop, step))
