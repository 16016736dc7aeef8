"""Edges as paths of SVG: lines and cubic curves relative to where each begins, in whole units."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from quantize.regions.curves import Curves

SCALE = 10
"""Units of a drawing's coordinates in a pixel: whole numbers are shorter than fractions."""

_AT_ONCE = 1 << 12


def round_ends(curves: Curves) -> NDArray[np.int64]:
    """Round where every edge ends to units, int64 (n, 2)."""
    return np.rint(curves.controls[curves.starts[1:] - 1, 2] * SCALE).astype(np.int64)


def write_ways(curves: Curves, checkpoint: Callable[[], None]) -> tuple[list[str], list[str]]:
    """Write every edge, forwards and backwards, as what follows a point in a path, in units."""
    begins = np.rint(curves.begins * SCALE).astype(np.int64)
    points = np.rint(curves.controls * SCALE).astype(np.int64)
    forwards, backwards = [], []
    starts = curves.starts.tolist()
    for first in range(0, len(begins), _AT_ONCE):
        checkpoint()
        for edge in range(first, min(first + _AT_ONCE, len(begins))):
            span = slice(starts[edge], starts[edge + 1])
            straight = curves.straight[span].tolist()
            places = [begins[edge].tolist(), *points[span].reshape(-1, 2).tolist()]
            forwards.append(_write_way(places, straight))
            backwards.append(_write_way(places[::-1], straight[::-1]))
    return forwards, backwards


def _write_way(places: list[list[int]], straight: list[bool]) -> str:
    """Write lines and curves one after the other, relative to where each begins."""
    written, before = [], ""
    for k, is_line in enumerate(straight):
        x, y = places[3 * k]
        ahead = places[3 * k + 3 : 3 * k + 4] if is_line else places[3 * k + 1 : 3 * k + 4]
        command = "l" if is_line else "c"
        text = "" if command == before else command
        for place in ahead:
            for value in (place[0] - x, place[1] - y):
                text += f"{value}" if value < 0 or text in ("l", "c") else f" {value}"
        written.append(text)
        before = command
    return "".join(written)
