"""A pattern as a PDF to print and make it by: an overview, the legend, and pages of cells.

The file holds shapes and text, no pixels. The first page shows the whole and which page is where; every other
one has a part, cut where a board ends, with numbers beside it, and what is used there where there is room.
"""

from __future__ import annotations

from collections.abc import Callable

from quantize.patterns.drawing import FAINT, HAIR, INK, WHITE, Drawing, is_whole
from quantize.patterns.layout import MARGIN, Sheet
from quantize.patterns.legend import colors_in_words, count_pages, draw_legend
from quantize.patterns.pattern import Pattern
from quantize.patterns.plan import Chart, Plan, boxes, make_plan
from quantize.patterns.sheets import draw_sheet

_PICTURE_TOP, _GAP = MARGIN + 24, 12.0
_HIGH, _LOW = 150.0, 110.0
_FEW = 24
_RULE = 50.0


def draw_chart(
    pattern: Pattern, chart: Chart | None = None, *, checkpoint: Callable[[], None] | None = None
) -> bytes:
    """Draw a pattern as a chart.

    Parameters
    ----------
    pattern : Pattern
    chart : Chart, optional
        What a person chooses of it.
    checkpoint : callable, optional
        Called before every page of cells; may raise to end the work.

    Returns
    -------
    bytes
        A PDF, the same for the same pattern and choices.

    Raises
    ------
    QuantizeError
        If a choice is none, codes cannot be read at that size, or it takes more than 400 pages.
    """
    plan = make_plan(pattern, chart or Chart())
    scale = _find_scale(plan)
    bottom = _PICTURE_TOP + pattern.size[1] * scale + _GAP
    first = 2 + count_pages(len(plan.entries), plan, bottom)
    sheets = plan.layout.sheets(first)
    n_pages = first + len(sheets) - 1
    with Drawing(plan.layout.paper, plan.chart.title or "Chart") as drawing:
        drawing.add_page("Overview")
        _write_head(drawing, plan, n_pages)
        _draw_whole(drawing, plan, sheets, scale)
        _draw_rule(drawing, plan, bottom - _GAP + 4)
        draw_legend(drawing, plan, bottom)
        for sheet in sheets:
            if checkpoint:
                checkpoint()
            draw_sheet(drawing, plan, sheet, n_pages)
        return drawing.finish()


def _find_scale(plan: Plan) -> float:
    """Find how large a cell is on the overview, mm."""
    width, height = plan.pattern.size
    most = _HIGH if len(plan.entries) <= _FEW else _LOW
    return min((plan.layout.paper.width - 2 * MARGIN) / width, most / height, 8.0)


def _write_head(drawing: Drawing, plan: Plan, n_pages: int) -> None:
    room = plan.layout.paper.width - 2 * MARGIN
    width, height = plan.pattern.size
    across, down = (f"{n * plan.kind.pitch / 10:.1f}" for n in (width, height))
    total, colors = int(plan.pattern.counts.sum()), colors_in_words(len(plan.entries))
    said = f"{plan.kind.count_in_words(total)} in {colors}"
    drawing.write(MARGIN, MARGIN + 6, plan.chart.title or "Chart", 17, room=room)
    facts = f"{plan.kind.title} · {width} × {height}, {across} × {down} cm · {said}"
    drawing.write(MARGIN, MARGIN + 12.5, facts, 9.5, room=room)
    drawing.write(MARGIN, MARGIN + 17.5, _say_more(plan, n_pages), 9, FAINT, room=room)


def _say_more(plan: Plan, n_pages: int) -> str:
    cell, pitch = plan.layout.cell, plan.kind.pitch
    size = "real size" if abs(cell - pitch) < 0.05 else f"{cell / pitch:.2g} times its size"
    said = [plan.chart.palette, f"drawn in cells of {cell:g} mm, {size}", f"{n_pages} pages"]
    if not all(is_whole(entry.name) for entry in plan.entries):
        said.append("letters that cannot be printed here are left out")
    return " · ".join(filter(None, said))


def _draw_whole(drawing: Drawing, plan: Plan, sheets: list[Sheet], scale: float) -> None:
    """Draw the whole pattern in its colours, and over it which page is where."""
    width, height = plan.pattern.size
    for entry, runs in zip(plan.entries, plan.runs(), strict=True):
        drawing.fill(entry.color, boxes(runs, MARGIN, _PICTURE_TOP, scale, over=0.02))
    drawing.frame((MARGIN, _PICTURE_TOP, width * scale, height * scale), 0.2, HAIR)
    if len(sheets) == 1:
        return
    for sheet in sheets:
        (left, right), (top, bottom) = sheet.columns, sheet.rows
        box = (
            MARGIN + left * scale, _PICTURE_TOP + top * scale, (right - left) * scale, (bottom - top) * scale
        )  # fmt: skip
        drawing.frame(box, 0.6, WHITE)
    points = min(_fit_label(sheet, scale) for sheet in sheets)
    for sheet in sheets:
        _label(drawing, sheet, scale, points)


def _fit_label(sheet: Sheet, scale: float) -> float:
    """Find how large the number of a page may be on the overview, in points."""
    (left, right), (top, bottom) = sheet.columns, sheet.rows
    wide, high = 2.4 * (right - left) * scale / len(f"{sheet.number}"), 1.9 * (bottom - top) * scale
    return max(3.5, min(10.0, wide, high))


def _label(drawing: Drawing, sheet: Sheet, scale: float, points: float) -> None:
    """Draw the border of a page on the overview, and its number."""
    (left, right), (top, bottom) = sheet.columns, sheet.rows
    width, height = (right - left) * scale, (bottom - top) * scale
    x, y = MARGIN + left * scale, _PICTURE_TOP + top * scale
    drawing.frame((x, y, width, height), 0.25, INK)
    text = f"{sheet.number}"
    wide, high = 0.235 * points * len(text) + 0.15 * points, 0.36 * points
    middle, center = x + width / 2, y + height / 2
    drawing.fill(WHITE, [(middle - wide / 2, center - high / 2, wide, high)])
    drawing.write(middle, center + 0.128 * points, text, points, align="center")


def _draw_rule(drawing: Drawing, plan: Plan, top: float) -> None:
    """Draw a line by which a print can be measured."""
    right = plan.layout.paper.width - MARGIN
    left = right - _RULE
    ends = [(x, top - 0.8, x, top + 0.8) for x in (left, right)]
    drawing.draw_lines([(left, top, right, top), *ends], 0.2, INK)
    drawing.write(left - 2, top + 0.8, "5 cm: print at 100 %", 7, FAINT, "right")
