"""What a chart is made of: every entry with its swatch, mark, code, name and how many of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from quantize.patterns.drawing import FAINT, HAIR, Drawing, is_whole
from quantize.patterns.layout import FOOT, MARGIN
from quantize.patterns.plan import Plan

_ROW, _SMALL_ROW, _HEAD, _TOTAL = 6.0, 4.8, 7.0, 6.0
_SWATCH, _GAP = 5.0, 6.0
_COLUMNS = 2
_NAMED = 3


def name_of(plan: Plan, place: int) -> str:
    """Say what an entry is called; by its colour's code where it has no name, or none that can be written."""
    entry = plan.entries[place]
    seen = any(is_whole(letter) for letter in entry.name if not letter.isspace())
    return entry.name if seen else entry.hex


def count_pages(n: int, plan: Plan, top: float) -> int:
    """Count the pages after the first that a legend of ``n`` entries takes if it begins at ``top``."""
    left = n - _COLUMNS * _rows_in(plan, top)
    return max(0, -(-left // (_COLUMNS * _rows_in(plan, MARGIN + 14))))


def draw_legend(drawing: Drawing, plan: Plan, top: float) -> None:
    """Draw the legend from ``top`` of this page on, and on as many more as it takes."""
    left = list(range(len(plan.entries)))
    while True:
        n_rows = max(0, _rows_in(plan, top))
        here, left = left[: n_rows * _COLUMNS], left[n_rows * _COLUMNS :]
        _draw_columns(drawing, plan, here, top, -(-len(here) // _COLUMNS))
        if not left:
            return _add_total(drawing, plan, top + _HEAD + -(-len(here) // _COLUMNS) * _ROW)
        drawing.add_page("Legend, continued")
        drawing.write(MARGIN, MARGIN + 5, "Legend, continued", 13)
        top = MARGIN + 14


def _add_total(drawing: Drawing, plan: Plan, top: float) -> None:
    right = plan.layout.paper.width - MARGIN
    drawing.draw_lines([(MARGIN, top, right, top)], 0.2, HAIR)
    drawing.write(MARGIN, top + 4.4, f"{colors_in_words(len(plan.entries))}", 9)
    total = int(plan.pattern.counts.sum())
    drawing.write(right, top + 4.4, f"{plan.kind.count_in_words(total)} in all", 9, align="right")


def _code_room(plan: Plan, letter: float, most: float) -> float:
    """Find how wide the column of codes is."""
    return min(max(4, *(len(entry.code) for entry in plan.entries)) * letter, most)


def colors_in_words(n: int) -> str:
    """Say how many colours."""
    return "1 colour" if n == 1 else f"{n} colours"


def _rows_in(plan: Plan, top: float) -> int:
    room = plan.layout.paper.height - MARGIN - FOOT - _HEAD - _TOTAL - top
    return int(room / _ROW)


def _draw_columns(drawing: Drawing, plan: Plan, here: Sequence[int], top: float, n_rows: int) -> None:
    width = (plan.layout.paper.width - 2 * MARGIN - _GAP * (_COLUMNS - 1)) / _COLUMNS
    code_room = _code_room(plan, 2.2, 26.0)
    for column in range(-(-len(here) // n_rows) if here else 0):
        left = MARGIN + column * (width + _GAP)
        right, name = left + width, left + _SWATCH + 3 + code_room + 2
        drawing.write(left + _SWATCH + 3, top + 3, "Code", 7, FAINT)
        drawing.write(name, top + 3, "Name", 7, FAINT)
        drawing.write(right, top + 3, plan.kind.noun.capitalize(), 7, FAINT, "right")
        drawing.draw_lines([(left, top + 4.6, right, top + 4.6)], 0.2, HAIR)
        for row, place in enumerate(here[column * n_rows : (column + 1) * n_rows]):
            base = top + _HEAD + row * _ROW + 3.2
            draw_swatch(drawing, plan, place, left, base - 3.7, _SWATCH)
            drawing.write(left + _SWATCH + 3, base, plan.entries[place].code, 9, room=code_room)
            drawing.write(name, base, name_of(plan, place), 9, room=right - name - 15)
            drawing.write(right, base, f"{plan.pattern.counts[place]:,}", 9, align="right")


def draw_swatch(drawing: Drawing, plan: Plan, place: int, left: float, top: float, side: float) -> None:
    """Draw one cell as it looks on the chart; where codes are in cells, which stand beside it, its colour."""
    coded = plan.coded
    drawing.fill(plan.entries[place].color if coded else plan.fills[place], [(left, top, side, side)])
    drawing.frame((left, top, side, side), 0.1, HAIR)
    if not coded:
        mark = plan.marks[place].scaled(side / plan.layout.cell)
        at = left + side / 2 + mark.x, top + side / 2 + mark.y
        drawing.write_marks(mark.text, mark.size, plan.inks[place], [at])


def draw_items(
    drawing: Drawing, plan: Plan, used: Sequence[int], counts: np.ndarray, n_columns: int, top: float,
    room: float,
) -> bool:  # fmt: skip
    """Draw a short legend of what a page uses, in so many columns, with names if there are few; or nothing.

    Returns
    -------
    bool
        Whether there was room for all.
    """
    n_rows = -(-len(used) // n_columns)
    if n_rows * _SMALL_ROW > room or not used:
        return False
    width = (plan.layout.paper.width - 2 * MARGIN) / n_columns
    code_room = _code_room(plan, 1.95, 15.0)
    for number, place in enumerate(used):
        left, base = MARGIN + number // n_rows * width, top + number % n_rows * _SMALL_ROW + 3
        draw_swatch(drawing, plan, place, left, base - 3.1, 4)
        drawing.write(left + 5.5, base, plan.entries[place].code, 8, room=code_room)
        if n_columns == _NAMED:
            name = left + 7 + code_room
            drawing.write(name, base, name_of(plan, place), 8, FAINT, room=left + width - 14 - name)
        drawing.write(left + width - 4, base, f"{counts[place]:,}", 8, FAINT, "right")
    return True
