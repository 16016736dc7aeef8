"""Sheet and solution as SVG, in mm on the chosen paper. Numbers are shapes, and need no font."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from xml.sax.saxutils import escape

import numpy as np

from quantize.colors.hexadecimal import to_hex
from quantize.numbers.digits import PEN, measure_numeral, place_digits, trace_digits, trace_strokes
from quantize.numbers.key import SWATCH, Cell, plan_key
from quantize.numbers.layout import Layout
from quantize.numbers.numbered import Numbered
from quantize.numbers.outlines import LEADER, LINE, TIP, Color, Drawn, Numeral, group_edges, start_line
from quantize.regions.names import clean_text
from quantize.regions.poster import draw_fills
from quantize.regions.ways import SCALE, write_ways

_BY_LABEL = re.compile(r'^(<use href="#|<path id=")region-(\d+)"')
_TEXT = 'font-family="DejaVu Sans, Verdana, Arial, sans-serif" font-size="2.6" fill="#1c1c1c"'


def draw_sheet_svg(
    numbered: Numbered, drawn: Drawn, title: str = "", checkpoint: Callable[[], None] | None = None
) -> str:
    """Draw the sheet: outlines, numbers, and the key below."""
    checkpoint = checkpoint or (lambda: None)
    hair = numbered.choices.numerals == "stroke"
    body = [
        *_begin(numbered.layout, title, "" if hair else _define_digits()),
        *_draw_outlines(numbered.layout, drawn, checkpoint),
        f'<g id="numbers" transform="translate({numbered.layout.left:.3f} {numbered.layout.top:.3f})" '
        'fill-rule="evenodd" stroke-linecap="round" stroke-linejoin="round">',
        *_draw_numbers(drawn.numerals, hair, checkpoint),
        "</g>",
        *_draw_key(numbered, hair),
        "</svg>",
    ]
    return "\n".join(body) + "\n"


def draw_solution_svg(
    numbered: Numbered, title: str = "", checkpoint: Callable[[], None] | None = None
) -> str:
    """Draw the solution: every region in its paint, at the same place on the same paper."""
    layout, names = numbered.layout, [f"{paint.number} {paint.name}".strip() for paint in numbered.paints]
    fills = draw_fills(numbered.painted, numbered.colors, names=names, checkpoint=checkpoint)
    body = [
        *_begin(layout, title, ""),
        f'<g transform="{_place_map(layout)}">',
        *(_name_paint(element, numbered) for element in fills),
        "</g>",
        *_draw_key(numbered, True),
        "</svg>",
    ]
    return "\n".join(body) + "\n"


def _name_paint(element: str, numbered: Numbered) -> str:
    """Name what has a label by the number of its paint, as on the sheet."""
    return _BY_LABEL.sub(
        lambda found: f'{found[1]}paint-{numbered.paints[int(found[2]) - 1].number}"', element, count=1
    )


def _begin(layout: Layout, title: str, definitions: str) -> list[str]:
    width, height = layout.paper.width, layout.paper.height
    named = clean_text(title)
    return [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {width:g} {height:g}">',
        *([f"<title>{escape(named)}</title>"] if named else []),
        *([f"<defs>{definitions}</defs>"] if definitions else []),
    ]


def _place_map(layout: Layout) -> str:
    return f"translate({layout.left:.3f} {layout.top:.3f}) scale({layout.step / SCALE:.6g})"


def _define_digits() -> str:
    made = []
    for digit, shapes in trace_digits().items():
        path = "".join("M" + "L".join(f"{x:.3f} {y:.3f}" for x, y in shape) + "z" for shape in shapes)
        made.append(f'<path id="digit-{digit}" d="{path}"/>')
    return "".join(made)


def _draw_outlines(layout: Layout, drawn: Drawn, checkpoint: Callable[[], None]) -> Iterable[str]:
    """Draw every edge once, those of a colour in one path."""
    ways, _ = write_ways(drawn.curves, checkpoint)
    begins = np.rint(drawn.curves.begins * SCALE).astype(np.int64).tolist()
    yield (
        f'<g id="outlines" transform="{_place_map(layout)}" fill="none" stroke-linejoin="round" '
        'stroke-linecap="round">'
    )
    for color, width, edges in group_edges(drawn):
        path = "".join(f"M{begins[edge][0]} {begins[edge][1]}{ways[edge]}" for edge in edges)
        pen = f'stroke-width="{width / layout.step * SCALE:.4g}"'
        yield f'<path stroke="{to_hex(color)}" {pen} d="{path}"/>'
    yield "</g>"


def _draw_numbers(numerals: tuple[Numeral, ...], hair: bool, checkpoint: Callable[[], None]) -> Iterable[str]:
    """Draw numbers, those of a paint in one group."""
    checkpoint()
    by_number: dict[int, list[Numeral]] = {}
    for numeral in numerals:
        by_number.setdefault(numeral.number, []).append(numeral)
    for number, ones in sorted(by_number.items()):
        color = to_hex(ones[0].color)
        yield f'<g id="paint-{number}" ' + (
            f'fill="none" stroke="{color}" stroke-width="{LINE:g}">' if hair else f'fill="{color}">'
        )
        for one in ones:
            yield write_digits(one.number, one.x, one.y, one.height, hair)
        led = [one for one in ones if one.tip]
        if led:
            yield from _draw_leaders(led, one.color)
        yield "</g>"


def write_digits(number: int, x: float, y: float, height: float, hair: bool) -> str:
    """Write a number around a middle: shapes that were defined, or strokes."""
    if not hair:
        scale = f"{height:.3f} 0 0 {height:.3f}"
        return "".join(
            f'<use href="#digit-{digit}" transform="matrix({scale} {left:.3f} {top:.3f})"/>'
            for digit, left, top in place_digits(number, x, y, height)
        )
    strokes = [
        "M" + "L".join(f"{left + a * height:.3f} {top + b * height:.3f}" for a, b in stroke)
        for digit, left, top in place_digits(number, x, y, height)
        for stroke in trace_strokes()[digit]
    ]
    pen = f' stroke-width="{min(LINE, PEN * height):.3f}"'
    return f'<path{pen} d="{"".join(strokes)}"/>'


def _draw_leaders(numerals: list[Numeral], color: Color) -> Iterable[str]:
    lines, dots = [], []
    for one in numerals:
        assert one.tip is not None
        (x, y), (left, top) = one.tip, start_line(one, measure_numeral(one.number) * one.height)
        lines.append(f"M{left:.3f} {top:.3f}L{x:.3f} {y:.3f}")
        dots.append(f'<circle cx="{x:.3f}" cy="{y:.3f}" r="{TIP:g}" fill="{to_hex(color)}" stroke="none"/>')
    yield f'<path fill="none" stroke="{to_hex(color)}" stroke-width="{LEADER:g}" d="{"".join(lines)}"/>'
    yield from dots


def _draw_key(numbered: Numbered, hair: bool) -> Iterable[str]:
    cells = plan_key(numbered, whole=True)
    if not cells:
        return
    yield f'<g id="key" fill-rule="evenodd" {_TEXT}>'
    for cell in cells:
        yield from _draw_cell(cell, hair)
    yield "</g>"


def _draw_cell(cell: Cell, hair: bool) -> Iterable[str]:
    yield (
        f'<rect x="{cell.left:.3f}" y="{cell.top:.3f}" width="{SWATCH:g}" height="{SWATCH:g}" '
        f'fill="{cell.paint.hex}" stroke="#808080" stroke-width="0.1"/>'
    )
    number = write_digits(cell.paint.number, *cell.middle, cell.height, hair)
    yield f'<g fill="none" stroke="#1c1c1c">{number}</g>' if hair else number
    if cell.text:
        for left, text in ((cell.text_left, cell.text), (cell.share_left, cell.share)):
            yield f'<text x="{left:.3f}" y="{cell.base:.3f}">{escape(clean_text(text))}</text>'
