"""Sheet and solution as pixels, drawn of the same curves and places as what is printed."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from quantize.numbers.digits import measure_numeral, place_digits, trace_digits, trace_strokes
from quantize.numbers.numbered import Numbered
from quantize.numbers.outlines import LEADER, TIP, Drawn, Numeral, group_edges, start_line
from quantize.regions.borders import Borders, chain_edges, trace_borders
from quantize.regions.curves import NEAR, Curves, fit_curves
from quantize.regions.parts import CLEAR
from quantize.rendering.encode import encode_png

PER_MM = 8
"""Pixels to a mm: an outline takes two."""

_SHIFT = 6
_STEPS = 5
"""Lines that stand for a curve."""

Points = NDArray[np.float64]


def measure_flat(numbered: Numbered) -> tuple[int, int]:
    """Measure how many pixels the picture takes across and down."""
    layout = numbered.layout
    return max(1, round(layout.width * PER_MM)), max(1, round(layout.height * PER_MM))


def draw_sheet_flat(
    numbered: Numbered, drawn: Drawn, checkpoint: Callable[[], None] | None = None
) -> NDArray[np.uint8]:
    """Draw outlines and numbers on white, without margins and key: uint8 (h, w, 3)."""
    checkpoint = checkpoint or (lambda: None)
    width, height = measure_flat(numbered)
    canvas = np.full((height, width, 3), 255, np.uint8)
    edges = flatten(drawn.curves)
    for color, width_mm, chosen in group_edges(drawn):
        checkpoint()
        mine = [_to_units(edges[edge], numbered.layout.step) for edge in chosen]
        cv2.polylines(canvas, mine, False, color, round(width_mm * PER_MM), cv2.LINE_AA, _SHIFT)
    hair = numbered.choices.numerals == "stroke"
    for numeral in drawn.numerals:
        _draw_numeral(canvas, numeral, hair)
    return canvas


def draw_solution_flat(numbered: Numbered, checkpoint: Callable[[], None] | None = None) -> NDArray[np.uint8]:
    """Draw the solution without margins and key: labels, uint8 (h, w), ``CLEAR`` where nothing is painted."""
    checkpoint = checkpoint or (lambda: None)
    width, height = measure_flat(numbered)
    labels = np.full((height, width), CLEAR, np.uint8)
    borders = trace_borders(numbered.painted, checkpoint)
    curves = fit_curves(borders, NEAR, checkpoint)
    shapes = _chain(borders, flatten(curves), numbered.painted.labels)
    for label in range(len(numbered.paints)):
        checkpoint()
        ways = [_to_units(way, numbered.layout.step) for way in shapes[label]]
        cv2.fillPoly(labels, ways, label, cv2.LINE_8, _SHIFT)
    return labels


def flatten(curves: Curves) -> list[Points]:
    """Draw lines for the curves of every edge: points, float64 (n, 2) each, in pixels of the map."""
    n = len(curves.straight)
    starts = curves.starts
    before = np.empty((n, 2), np.float64)
    before[1:] = curves.controls[:-1, 2]
    before[starts[:-1]] = curves.begins
    t = (np.arange(1, _STEPS + 1) / _STEPS)[None, :, None]
    one, two, end = (curves.controls[:, None, place].astype(np.float64) for place in range(3))
    begin = before[:, None]
    bent = (1 - t) ** 3 * begin + 3 * t * (1 - t) ** 2 * one + 3 * t * t * (1 - t) * two + t**3 * end
    counts = np.where(curves.straight, 1, _STEPS)
    kept = np.arange(_STEPS)[None] >= (_STEPS - counts)[:, None]  # of a line only its end
    points = bent[kept]
    ends = np.concatenate([[0], np.cumsum(counts)])[starts]
    return [
        np.concatenate([curves.begins[edge : edge + 1], points[ends[edge] : ends[edge + 1]]])
        for edge in range(len(starts) - 1)
    ]


def _chain(borders: Borders, edges: list[Points], labels: NDArray[np.uint8]) -> dict[int, list[Points]]:
    """Chain edges to closed ways, by label."""
    outlines = chain_edges(borders)
    starts, halves = outlines.starts.tolist(), outlines.halves.tolist()
    shapes: dict[int, list[Points]] = {label: [] for label in range(CLEAR + 1)}
    for way, part in enumerate(outlines.parts.tolist()):
        gone = [edges[half >> 1][::-1] if half & 1 else edges[half >> 1]
                for half in halves[starts[way] : starts[way + 1]]]  # fmt: skip
        shapes[int(labels[part])].append(np.concatenate(gone))
    return shapes


def _to_units(points: Points, step: float) -> NDArray[np.int32]:
    """Turn points into what OpenCV draws: corners of pixels lie half a pixel before their middles."""
    return np.rint((points * (step * PER_MM) - 0.5) * (1 << _SHIFT)).astype(np.int32)


def _draw_numeral(canvas: NDArray[np.uint8], numeral: Numeral, hair: bool) -> None:
    for digit, left, top in place_digits(numeral.number, numeral.x, numeral.y, numeral.height):
        shapes = (trace_strokes() if hair else trace_digits())[digit]
        placed = [_to_units(shape * numeral.height + (left, top), 1.0) for shape in shapes]
        if hair:
            cv2.polylines(canvas, placed, False, numeral.color, 1, cv2.LINE_AA, _SHIFT)
        else:
            cv2.fillPoly(canvas, placed, numeral.color, cv2.LINE_AA, _SHIFT)
    if numeral.tip:
        begin = start_line(numeral, measure_numeral(numeral.number) * numeral.height)
        line = _to_units(np.array([begin, numeral.tip]), 1.0)
        cv2.polylines(canvas, [line], False, numeral.color, round(LEADER * PER_MM), cv2.LINE_AA, _SHIFT)
        x, y = line[1].tolist()
        radius = round(TIP * PER_MM * (1 << _SHIFT))
        cv2.circle(canvas, (x, y), radius, numeral.color, -1, cv2.LINE_AA, _SHIFT)


def encode_sheet(canvas: NDArray[np.uint8], size: tuple[int, int] | None = None) -> bytes:
    """Write a drawn sheet, or a part of it, as PNG; smaller if a size is given, across and down."""
    if size and size != canvas.shape[1::-1]:
        canvas = np.asarray(cv2.resize(canvas, size, interpolation=cv2.INTER_AREA), np.uint8)
    image, file = Image.fromarray(np.ascontiguousarray(canvas)), BytesIO()
    if (canvas[..., 0] == canvas[..., 1]).all() and (canvas[..., 1] == canvas[..., 2]).all():
        image = image.convert("L")
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()


def encode_solution(labels: NDArray[np.uint8], numbered: Numbered) -> bytes:
    """Write a drawn solution, or a part of it, as an indexed PNG of exactly the paints."""
    clear = labels == CLEAR
    indices = np.where(clear, np.uint8(0), labels)
    alpha = np.where(clear, np.uint8(0), np.uint8(255)) if clear.any() else None
    return encode_png(numbered.colors, np.ascontiguousarray(indices), alpha, optimize=False)
