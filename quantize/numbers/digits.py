"""Numerals as shapes: those of the font that comes along, or single strokes as a plotter draws them.

A numeral is as many boxes of one width as it has digits; a height of 1 is that of a digit. Strokes are our
own: lines and arcs in a box 0.6 wide and 1 high.
"""

from __future__ import annotations

from functools import cache
from math import cos, pi, sin
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize.rendering.lettering import FONT_FILE

Shape = NDArray[np.float64]
"""Points, float64 (n, 2): x to the right, y downwards, from the upper left corner of a digit's box."""

HIGH = 1493 / 2048
"""Height of the font's digits, in its size."""
WIDE = (1303 / 2048) / HIGH
"""Width of a digit's box, where its height is 1."""
PEN = 0.085
"""Width of the pen for strokes, where a digit's height is 1."""

_UNITS = 2048
_CURVE = 8


def measure_numeral(number: int) -> float:
    """Measure the width of a number's box, where its height is 1."""
    return WIDE * len(str(number))


@cache
def trace_digits() -> dict[str, tuple[Shape, ...]]:
    """Trace the outlines of the font's digits: closed shapes, of which what lies in two is a hole."""
    from fontTools.ttLib import TTFont

    with TTFont(FONT_FILE) as font:
        glyphs, names = font.getGlyphSet(), font.getBestCmap()
        return {digit: _trace(glyphs, names[ord(digit)]) for digit in "0123456789"}


def _trace(glyphs: Any, name: str) -> tuple[Shape, ...]:
    from fontTools.pens.recordingPen import DecomposingRecordingPen

    pen = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(pen)
    shapes: list[list[tuple[float, float]]] = []
    for command, points in pen.value:
        if command == "moveTo":
            shapes.append([points[0]])
        elif command == "lineTo":
            shapes[-1].append(points[0])
        elif command == "qCurveTo":
            _bend(shapes[-1], points)
    scale = _UNITS * HIGH
    return tuple(np.array([(x / scale, 1 - y / scale) for x, y in shape]) for shape in shapes)


def _bend(shape: list[tuple[float, float]], points: Any) -> None:
    """Add the points of quadratic curves, whose joints lie halfway between control points."""
    *controls, end = points
    for number, (x, y) in enumerate(controls):
        follower = controls[number + 1] if number + 1 < len(controls) else None
        to = ((x + follower[0]) / 2, (y + follower[1]) / 2) if follower else end
        begin = shape[-1]
        for step in range(1, _CURVE + 1):
            t = step / _CURVE
            shape.append(
                tuple((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t * t * c
                      for a, b, c in zip(begin, (x, y), to, strict=True))
            )  # fmt: skip


def _arc(x: float, y: float, wide: float, high: float, begin: float, end: float) -> list[tuple[float, float]]:
    """List points of an arc, from one angle to another in degrees; 0 is to the right, 90 downwards."""
    steps = max(2, round(abs(end - begin) / 15))
    turns = [(begin + (end - begin) * step / steps) * pi / 180 for step in range(steps + 1)]
    return [(x + wide * cos(turn), y + high * sin(turn)) for turn in turns]


_STROKES: dict[str, list[list[tuple[float, float]]]] = {
    "0": [_arc(0.3, 0.5, 0.3, 0.5, -90, 270)],
    "1": [[(0.08, 0.2), (0.33, 0), (0.33, 1)]],
    "2": [[*_arc(0.3, 0.3, 0.28, 0.3, -170, 30), (0.02, 1), (0.6, 1)]],
    "3": [[*_arc(0.27, 0.24, 0.25, 0.24, -160, 80), *_arc(0.27, 0.73, 0.31, 0.27, -80, 160)]],
    "4": [[(0.45, 1), (0.45, 0), (0, 0.7), (0.6, 0.7)]],
    "5": [[(0.55, 0), (0.09, 0), (0.05, 0.45), *_arc(0.27, 0.68, 0.32, 0.32, -130, 150)]],
    "6": [[*_arc(0.62, 0.66, 0.62, 0.66, -95, -180), *_arc(0.3, 0.69, 0.3, 0.31, 180, -180)]],
    "7": [[(0, 0), (0.6, 0), (0.2, 1)]],
    "8": [_arc(0.3, 0.24, 0.24, 0.24, 90, 450), _arc(0.3, 0.74, 0.3, 0.26, -90, 270)],
    "9": [[*_arc(-0.02, 0.34, 0.62, 0.66, 85, 0), *_arc(0.3, 0.31, 0.3, 0.31, 0, -360)]],
}


@cache
def trace_strokes() -> dict[str, tuple[Shape, ...]]:
    """Trace the single strokes of digits: open lines, whose pen stays in the digit's box."""
    room = PEN / 2
    made = {}
    for digit, strokes in _STROKES.items():
        made[digit] = tuple(
            np.array(stroke) * ((1 - PEN), (1 - PEN)) + ((WIDE - 0.6 * (1 - PEN)) / 2, room)
            for stroke in strokes
        )
    return made


def place_digits(number: int, x: float, y: float, height: float) -> list[tuple[str, float, float]]:
    """Place the digits of a number around a middle: each digit, and the upper left corner of its box."""
    text = str(number)
    left, top = x - measure_numeral(number) * height / 2, y - height / 2
    return [(digit, left + place * WIDE * height, top) for place, digit in enumerate(text)]
