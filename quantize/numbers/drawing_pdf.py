"""Sheet, legend and solution as a PDF to print at its real size: shapes and text, no pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from quantize.numbers.digits import HIGH, PEN, WIDE, measure_numeral, place_digits, trace_strokes
from quantize.numbers.key import SWATCH, TEXT, plan_key, say_name, say_share, say_unused
from quantize.numbers.layout import MARGIN, Layout
from quantize.numbers.numbered import Numbered, Paint
from quantize.numbers.outlines import LEADER, LINE, TIP, Color, Drawn, Numeral, group_edges, start_line
from quantize.patterns.drawing import FAINT, HAIR, INK, Drawing
from quantize.patterns.marks import POINT
from quantize.regions.borders import chain_edges, trace_borders
from quantize.regions.curves import NEAR, Curves, fit_curves
from quantize.regions.parts import CLEAR
from quantize.rendering.lettering import measure_line

_UNDER = 1.0
"""Pixels of the line below borders of the solution, as in posters."""
_ROW, _COLUMNS = 7.0, 2
_NAME = 9
"""Size of the font of a name, points."""
_BESIDE, _COLUMN_GAP = 17.0 + 58.0, 8.0
"""Of a row of the legend, what its number and figures take beside the name; between two columns."""
_AT_ONCE = 1 << 12


def draw_pdf(
    numbered: Numbered, drawn: Drawn, title: str = "", checkpoint: Callable[[], None] | None = None
) -> bytes:
    """Draw three pages or more: the sheet, the legend, the solution.

    Returns
    -------
    bytes
        The same for the same picture and choices.
    """
    checkpoint = checkpoint or (lambda: None)
    with Drawing(numbered.layout.paper, title or "Paint by numbers") as drawing:
        drawing.add_page("To paint")
        _draw_sheet(drawing, numbered, drawn, checkpoint)
        _draw_legend(drawing, numbered, title)
        drawing.add_page("Solution")
        _draw_solution(drawing, numbered, checkpoint)
        return drawing.finish()


def _draw_sheet(drawing: Drawing, numbered: Numbered, drawn: Drawn, checkpoint: Callable[[], None]) -> None:
    layout, hair = numbered.layout, numbered.choices.numerals == "stroke"
    forwards, _ = _write_edges(drawn.curves, checkpoint)
    begins = drawn.curves.begins.tolist()
    for color, width, edges in group_edges(drawn):
        paths = [f"{begins[edge][0]:.2f} {begins[edge][1]:.2f} m {forwards[edge]}" for edge in edges]
        drawing.draw_paths(paths, _place_map(layout), width / layout.step, color, None)
    checkpoint()
    _draw_numbers(drawing, layout, drawn.numerals, hair)
    _draw_key(drawing, numbered, hair)


def _place_map(layout: Layout) -> tuple[float, ...]:
    return layout.step, 0, 0, layout.step, layout.left, layout.top


def _write_edges(curves: Curves, checkpoint: Callable[[], None]) -> tuple[list[str], list[str]]:
    """Write every edge, forwards and backwards, as what follows its first point."""
    forwards, backwards = [], []
    starts, begins = curves.starts.tolist(), curves.begins.tolist()
    for edge, (first, last) in enumerate(pairwise(starts)):
        if edge % _AT_ONCE == 0:
            checkpoint()
        straight = curves.straight[first:last].tolist()
        places = [begins[edge], *curves.controls[first:last].reshape(-1, 2).tolist()]
        forwards.append(_write_edge(places, straight))
        backwards.append(_write_edge(places[::-1], straight[::-1]))
    return forwards, backwards


def _write_edge(places: list[list[float]], straight: list[bool]) -> str:
    written = []
    for k, is_line in enumerate(straight):
        ahead = places[3 * k + 3 : 3 * k + 4] if is_line else places[3 * k + 1 : 3 * k + 4]
        written += [f"{x:.2f} {y:.2f}" for x, y in ahead] + ["l" if is_line else "c"]
    return " ".join(written)


def _draw_numbers(drawing: Drawing, layout: Layout, numerals: tuple[Numeral, ...], hair: bool) -> None:
    if hair:
        for number in sorted({one.number for one in numerals}):
            mine = [one for one in numerals if one.number == number]
            for height in sorted({one.height for one in mine}):
                same = [one for one in mine if one.height == height]
                paths = [path for one in same for path in _write_strokes(one.number, one.x, one.y, height)]
                pen = min(LINE, PEN * height)
                drawing.draw_paths(paths, _move(layout), pen, same[0].color, None)
    else:
        kinds: dict[tuple[int, float, Color], list[tuple[float, float]]] = {}
        for one in numerals:
            left = layout.left + one.x - measure_numeral(one.number) * one.height / 2
            place = left, layout.top + one.y + one.height / 2
            kinds.setdefault((one.number, one.height, one.color), []).append(place)
        for (number, height, color), places in kinds.items():
            drawing.write_marks(str(number), height / HIGH, color, places)
    for one in numerals:
        if one.tip:
            _draw_leader(drawing, layout, one)


def _move(layout: Layout) -> tuple[float, ...]:
    return 1, 0, 0, 1, layout.left, layout.top


def _write_strokes(number: int, x: float, y: float, height: float) -> Iterator[str]:
    for digit, left, top in place_digits(number, x, y, height):
        for stroke in trace_strokes()[digit]:
            points = [f"{left + a * height:.3f} {top + b * height:.3f}" for a, b in stroke]
            yield f"{points[0]} m " + " ".join(f"{point} l" for point in points[1:])


def _draw_leader(drawing: Drawing, layout: Layout, one: Numeral) -> None:
    assert one.tip is not None
    (x, y), (left, top) = one.tip, start_line(one, measure_numeral(one.number) * one.height)
    line = f"{left:.3f} {top:.3f} m {x:.3f} {y:.3f} l"
    drawing.draw_paths([line], _move(layout), LEADER, one.color, None)
    # A line without length and with round ends is a dot.
    drawing.draw_paths([f"{x:.3f} {y:.3f} m {x:.3f} {y:.3f} l"], _move(layout), 2 * TIP, one.color, None)


def _draw_key(drawing: Drawing, numbered: Numbered, hair: bool) -> None:
    for cell in plan_key(numbered):
        _draw_swatch(drawing, cell.paint, cell.left, cell.top, SWATCH)
        x, y = cell.middle
        _draw_number(drawing, cell.paint.number, x, y, cell.height, hair)
        if cell.text:
            drawing.write(cell.text_left, cell.base, cell.text, TEXT / POINT)
            drawing.write(cell.share_left, cell.base, cell.share, TEXT / POINT)


def _draw_number(drawing: Drawing, number: int, x: float, y: float, height: float, hair: bool) -> None:
    if hair:
        drawing.draw_paths(_write_strokes(number, x, y, height), (1, 0, 0, 1, 0, 0), PEN * height, INK, None)
        return
    left = x - len(str(number)) * WIDE * height / 2
    drawing.write_marks(str(number), height / HIGH, INK, [(left, y + height / 2)])


def _draw_swatch(drawing: Drawing, paint: Paint, left: float, top: float, side: float) -> None:
    red, green, blue = (int(paint.hex[place : place + 2], 16) for place in (1, 3, 5))
    drawing.fill((red, green, blue), [(left, top, side, side)])
    drawing.frame((left, top, side, side), 0.1, HAIR)


def _draw_legend(drawing: Drawing, numbered: Numbered, title: str) -> None:
    """Draw every paint with its name, colour, regions and share, on as many pages as it takes."""
    layout, paints = numbered.layout, numbered.paints
    top = MARGIN + (22.0 if numbered.unused else 18.0)
    n_rows = int((layout.paper.height - MARGIN - top) / _ROW)
    columns, wide = _choose_columns(numbered)
    on_page = n_rows * columns
    for first in range(0, len(paints), on_page):
        drawing.add_page("Legend" if not first else "Legend, continued")
        drawing.write(MARGIN, MARGIN + 6, title or "Paint by numbers", 15, room=_across(layout))
        drawing.write(MARGIN, MARGIN + 12, _say_facts(numbered), 8.5, FAINT)
        if numbered.unused:
            drawing.write(MARGIN, MARGIN + 16.5, say_unused(numbered.unused), 8.5, FAINT)
        for place, paint in enumerate(paints[first : first + on_page]):
            column, row = divmod(place, n_rows)
            _draw_row(drawing, paint, MARGIN + column * (wide + _COLUMN_GAP), top + row * _ROW, wide)


def _across(layout: Layout) -> float:
    return layout.paper.width - 2 * MARGIN


def _choose_columns(numbered: Numbered) -> tuple[int, float]:
    """Choose how many columns of rows a page has and how wide a row is: as the longest name needs."""
    whole = _across(numbered.layout)
    half = (whole - _COLUMN_GAP) / _COLUMNS
    longest = max(measure_line(say_name(paint), 100) for paint in numbered.paints) / 100 * _NAME * POINT
    wide = max(half, longest + _BESIDE + 1)
    return (_COLUMNS, half) if wide == half else (1, min(wide, whole))


def _say_facts(numbered: Numbered) -> str:
    layout = numbered.layout
    regions = "1 region" if numbered.n_regions == 1 else f"{numbered.n_regions:,} regions"
    paints = "1 paint" if len(numbered.paints) == 1 else f"{len(numbered.paints)} paints"
    return (
        f"{regions} in {paints} · {layout.width:.0f} × {layout.height:.0f} mm · "
        f"for a brush of {numbered.choices.brush:g} mm · print at 100 %"
    )


def _draw_row(drawing: Drawing, paint: Paint, left: float, top: float, wide: float) -> None:
    base = top + 3.7
    _draw_swatch(drawing, paint, left, top, 5.0)
    drawing.write(left + 7.5, base, str(paint.number), 11)
    regions = "1 region" if paint.n_regions == 1 else f"{paint.n_regions:,} regions"
    drawing.write(left + 17, base, say_name(paint), _NAME, room=wide - _BESIDE)
    if paint.name:
        drawing.write(left + wide - 57, base, paint.hex, 8, FAINT)
    drawing.write(left + wide - 22, base, regions, 8, FAINT, "right")
    drawing.write(left + wide, base, say_share(paint.share), 9, align="right")


def _draw_solution(drawing: Drawing, numbered: Numbered, checkpoint: Callable[[], None]) -> None:
    """Draw every region in its paint; below that each with a line of its colour, so that no gap shows."""
    borders = trace_borders(numbered.painted, checkpoint)
    curves = fit_curves(borders, NEAR, checkpoint)
    outlines = chain_edges(borders)
    ways = _write_edges(curves, checkpoint)
    begins = curves.begins.tolist()
    ends = curves.controls[curves.starts[1:] - 1, 2].tolist()
    starts, halves = outlines.starts.tolist(), outlines.halves.tolist()
    paths: list[list[str]] = [[] for _ in range(CLEAR + 1)]
    for number, label in enumerate(numbered.painted.labels[outlines.parts].tolist()):
        way = halves[starts[number] : starts[number + 1]]
        x, y = (ends if way[0] & 1 else begins)[way[0] >> 1]
        paths[label].append(
            f"{x:.2f} {y:.2f} m " + " ".join(ways[half & 1][half >> 1] for half in way) + " h"
        )
    colors = [tuple(color) for color in numbered.colors.tolist()]
    has_clear = bool(paths[CLEAR])
    for width in (None,) if has_clear else (_UNDER, None):
        for label in reversed(range(len(colors))):
            checkpoint()
            drawing.draw_paths(paths[label], _place_map(numbered.layout), width, colors[label], colors[label])
    _draw_key(drawing, numbered, False)
