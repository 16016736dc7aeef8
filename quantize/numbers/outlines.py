"""What is drawn of a sheet: outlines and numbers in their colours, lines that lead to numbers.

Lengths are in mm from the picture's upper left corner, outlines in pixels of its map. SVG, PDF and the
picture on screen are drawn of the same record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.numbers.numbered import Numbered
from quantize.palettes.facts import contrast_ratios
from quantize.regions.borders import trace_borders
from quantize.regions.curves import Curves, fit_curves
from quantize.regions.parts import CLEAR

NEAR = 0.35
"""Pixels that an outline may trespass: less than a tenth of a small brush, and smooth."""
LINE, FINE, LEADER = 0.25, 0.125, 0.125
"""Width of outlines, of those around small regions, and of lines that lead to a number."""
SMALL = 4.0
"""mm² below which a region is small."""
TIP = 0.2
"""Radius of the dot in which such a line ends."""
GREY, INK = (136, 136, 136), (28, 28, 28)
"""Of outlines, and of numbers: they are read first."""

_SEEN = 3.0
"""Contrast to white paper that colours of outlines and numbers have at least."""

Color = tuple[int, int, int]


@dataclass(frozen=True)
class Numeral:
    """A number on the sheet: middle of its box, height of its digits, and where a line leads, if any."""

    number: int
    x: float
    y: float
    height: float
    color: Color
    tip: tuple[float, float] | None


@dataclass(frozen=True, eq=False)
class Drawn:
    """A sheet to be drawn: curves of all edges, int64 (n,) which of ``colors`` each has, and numbers.

    ``fine``, bool (n,), are edges of small regions.
    """

    curves: Curves
    inks: NDArray[np.int64]
    fine: NDArray[np.bool_]
    colors: tuple[Color, ...]
    numerals: tuple[Numeral, ...]


def draw_lines(numbered: Numbered, checkpoint: Callable[[], None] | None = None) -> Drawn:
    """Trace outlines, and give outlines and numbers their colours."""
    borders = trace_borders(numbered.parts, checkpoint)
    curves = fit_curves(borders, NEAR, checkpoint)
    if numbered.choices.outline == "grey":
        colors: list[Color] = [GREY]
        inks = np.zeros(len(borders), np.int64)
    else:
        colors = [darken(tuple(color)) for color in numbered.colors.tolist()]
        inks = _choose_inks(numbered, borders.sides, colors)
    areas = np.append(numbered.parts.areas * numbered.layout.step**2, np.inf)  # the last lies outside
    fine = np.asarray((areas[borders.sides] < SMALL).any(axis=1), np.bool_)
    return Drawn(curves, inks, fine, tuple(colors), tuple(_write_numerals(numbered, colors)))


def group_edges(drawn: Drawn) -> Iterator[tuple[Color, float, list[int]]]:
    """List the edges of each colour and width, mm."""
    for ink in np.unique(drawn.inks).tolist():
        for fine, width in ((False, LINE), (True, FINE)):
            edges = np.flatnonzero((drawn.inks == ink) & (drawn.fine == fine)).tolist()
            if edges:
                yield drawn.colors[ink], width, edges


def _choose_inks(numbered: Numbered, sides: NDArray[np.int32], colors: list[Color]) -> NDArray[np.int64]:
    """Choose for each edge the darker one of the two paints beside it."""
    light = np.array(colors) @ (0.2126, 0.7152, 0.0722)
    labels = np.append(numbered.parts.labels, CLEAR).astype(np.int64)[sides]  # the last lies outside
    lightness = np.append(light, np.full(CLEAR + 1 - len(light), np.inf))[labels]
    return np.take_along_axis(labels, lightness.argmin(axis=1)[:, None], axis=1)[:, 0]


def darken(color: Color) -> Color:
    """Make a colour darker until it is seen on white."""
    red, green, blue = color
    while float(contrast_ratios(np.array([(red, green, blue), (255, 255, 255)], np.uint8))[0, 1]) < _SEEN:
        red, green, blue = (int(value * 0.94) for value in (red, green, blue))
    return red, green, blue


def _write_numerals(numbered: Numbered, colors: list[Color]) -> list[Numeral]:
    found, step, labels = numbered.places, numbered.layout.step, numbered.parts.labels
    middles, poles = (places * step for places in (found.middles, found.poles))
    made = []
    for place, part in enumerate(found.parts.tolist()):
        label = int(labels[part])
        color = INK if numbered.choices.outline == "grey" else colors[label]
        x, y = middles[place].tolist()
        tip = tuple(poles[place].tolist()) if found.beside[place] else None
        height = float(found.heights[place] * step)
        made.append(Numeral(numbered.paints[label].number, x, y, height, color, tip))
    return made


def start_line(numeral: Numeral, width: float) -> tuple[float, float]:
    """Find where the line of a number begins: at the border of its box, ``width`` wide."""
    assert numeral.tip is not None
    (x, y), half, high = numeral.tip, width / 2, numeral.height / 2 + LINE
    return min(max(x, numeral.x - half), numeral.x + half), min(max(y, numeral.y - high), numeral.y + high)
