"""A page of cells: colours and marks, lines to count by, numbers beside them, and what is used here."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from quantize.patterns.drawing import ACCENT, FAINT, HAIR, INK, WHITE, Box, Color, Drawing
from quantize.patterns.layout import FOOT, HEAD, MARGIN, RULER, TEN, Sheet, Span
from quantize.patterns.legend import draw_items
from quantize.patterns.plan import Plan, boxes

_MAP = 13.0  # the small map of all pages, mm
_THIN, _TENTH, _EDGE = 0.1, 0.35, 0.6


def draw_sheet(drawing: Drawing, plan: Plan, sheet: Sheet, n_pages: int) -> None:
    """Draw a page of cells."""
    columns, rows = (f"{first + 1}–{last}" for first, last in (sheet.columns, sheet.rows))
    where = f"Columns {columns}, rows {rows}"
    drawing.add_page(where)
    _draw_head(drawing, plan, sheet, where, n_pages)
    left, top, cell = MARGIN + RULER, MARGIN + HEAD + RULER, plan.layout.cell
    _draw_cells(drawing, plan, sheet, left, top)
    _draw_grid(drawing, plan, sheet, left, top)
    _number(drawing, sheet, left, top, cell)
    bottom = top + (sheet.rows[1] - sheet.rows[0]) * cell + RULER
    _list_used(drawing, plan, sheet, bottom)


def _draw_head(drawing: Drawing, plan: Plan, sheet: Sheet, where: str, n_pages: int) -> None:
    right = plan.layout.paper.width - MARGIN
    drawing.write(MARGIN, MARGIN + 5, where, 13)
    page = f"Page {sheet.number} of {n_pages}"
    said = " · ".join(filter(None, (page, plan.chart.title)))
    drawing.write(MARGIN, MARGIN + 10.5, said, 9, FAINT, room=right - MARGIN - 40)
    if len(plan.layout.columns) * len(plan.layout.rows) > 1:
        _draw_map(drawing, plan, sheet, right)


def _draw_map(drawing: Drawing, plan: Plan, sheet: Sheet, right: float) -> None:
    """Draw all pages as boxes, this one filled."""
    width, height = plan.pattern.size
    scale = min(_MAP / height, 30 / width)
    left = right - width * scale

    def place(columns: Span, rows: Span) -> Box:
        return (
            left + columns[0] * scale, MARGIN + rows[0] * scale,
            (columns[1] - columns[0]) * scale, (rows[1] - rows[0]) * scale,
        )  # fmt: skip

    drawing.fill(INK, [place(sheet.columns, sheet.rows)])
    for columns in plan.layout.columns:
        for rows in plan.layout.rows:
            drawing.frame(place(columns, rows), 0.1, FAINT)


def _draw_cells(drawing: Drawing, plan: Plan, sheet: Sheet, left: float, top: float) -> None:
    cell = plan.layout.cell
    if not plan.chart.mono:
        for color, runs in zip(plan.fills, plan.runs(sheet), strict=True):
            drawing.fill(color, boxes(runs, left, top, cell))
    for mark, ink, cells in zip(plan.marks, plan.inks, plan.runs(sheet, join=False), strict=True):
        places = [
            (left + (x + 0.5) * cell + mark.x, top + (y + 0.5) * cell + mark.y) for x, y, _ in cells
        ]  # fmt: skip
        if places:
            drawing.write_marks(mark.text, mark.size, ink, places)


def _draw_grid(drawing: Drawing, plan: Plan, sheet: Sheet, left: float, top: float) -> None:
    """Draw thin lines between all cells, heavier ones every ten and between boards, and the middle."""
    cell, ink = plan.layout.cell, ACCENT if not plan.chart.mono else INK
    spans = sheet.columns, sheet.rows

    def lines(axis: int, borders: list[int]) -> Iterator[Box]:
        length = (spans[1 - axis][1] - spans[1 - axis][0]) * cell
        for border in borders:
            at = (border - spans[axis][0]) * cell
            yield (
                (left + at, top, left + at, top + length)
                if axis == 0
                else (left, top + at, left + length, top + at)
            )

    def draw(axis: int, borders: list[int], width: float, color: Color) -> None:
        drawing.draw_lines(lines(axis, borders), width, color)

    within = [range(first, last + 1) for first, last in spans]
    for axis in (0, 1):
        draw(axis, list(within[axis]), _THIN, HAIR)
    for axis in (0, 1):
        tens = [border for border in within[axis] if border % TEN == 0]
        # Seen on dark cells too
        draw(axis, tens, _TENTH + 0.2, WHITE)
        draw(axis, tens, _TENTH, INK)
    for axis in (0, 1):
        board = plan.layout.board
        ends = [
            b for b in within[axis] if b in (0, plan.pattern.size[axis]) or (board and b % board[axis] == 0)
        ]
        draw(axis, sorted({*ends, *spans[axis]}), _EDGE, INK)
    for axis in (0, 1):
        middle = [b for b in find_middle(plan.pattern.size[axis]) if b in within[axis]]
        draw(axis, middle, _TENTH + 0.25, WHITE)
        draw(axis, middle, _TENTH + 0.1, ink)
        _point_to_middle(drawing, plan, sheet, axis, (left, top), ink)


def find_middle(n: int) -> tuple[int, ...]:
    """Find the border in the middle of ``n`` cells; of an odd number those beside the middle one."""
    return () if n < 3 else (n // 2,) if n % 2 == 0 else (n // 2, n // 2 + 1)


def _point_to_middle(
    drawing: Drawing, plan: Plan, sheet: Sheet, axis: int, corner: tuple[float, float], color: Color
) -> None:
    """Draw a small triangle at either end of the middle of a pattern."""
    cell, spans = plan.layout.cell, (sheet.columns, sheet.rows)
    middle = plan.pattern.size[axis] / 2
    if plan.pattern.size[axis] < 3 or not spans[axis][0] < middle < spans[axis][1]:
        return
    at = corner[axis] + (middle - spans[axis][0]) * cell
    start, stop = corner[1 - axis], corner[1 - axis] + (spans[1 - axis][1] - spans[1 - axis][0]) * cell
    for tip, away in ((start - 0.3, -1.8), (stop + 0.3, 1.8)):
        points = [(at, tip), (at - 1.1, tip + away), (at + 1.1, tip + away)]
        drawing.fill_shape(points if axis == 0 else [(y, x) for x, y in points], color)


def _number(drawing: Drawing, sheet: Sheet, left: float, top: float, cell: float) -> None:
    """Write numbers of columns and rows on all sides."""
    width, height = ((last - first) * cell for first, last in (sheet.columns, sheet.rows))
    for number in find_numbers(sheet.columns, cell):
        x = left + (number - sheet.columns[0] - 0.5) * cell
        for y in (top - 2.4, top + height + 4.4):
            drawing.write(x, y, f"{number}", 7, FAINT, "center")
    for number in find_numbers(sheet.rows, cell):
        y = top + (number - sheet.rows[0] - 0.5) * cell + 0.9
        drawing.write(left - 2.4, y, f"{number}", 7, FAINT, "right")
        drawing.write(left + width + 2.4, y, f"{number}", 7, FAINT)


def find_numbers(span: Span, cell: float) -> list[int]:
    """Find which columns or rows are numbered: each tenth, and the first and last if they have room."""
    tens = [number for number in range(span[0] + 1, span[1] + 1) if number % TEN == 0]
    room = -(-6 // cell)
    ends = sorted({span[0] + 1, span[1]})
    if len(ends) == 2 and ends[1] - ends[0] < room:
        ends = ends[:1]
    return sorted({*tens, *(end for end in ends if all(abs(end - ten) >= room for ten in tens))})


def _list_used(drawing: Drawing, plan: Plan, sheet: Sheet, top: float) -> None:
    """List what is used on a page under its cells, if there is room."""
    counts = plan.pattern.count(plan.part(sheet))
    used = np.flatnonzero(counts).tolist()
    room = plan.layout.paper.height - MARGIN - FOOT - top
    for n_columns in (3, 6):
        if draw_items(drawing, plan, used, counts, n_columns, top + 2, room - 2):
            return
