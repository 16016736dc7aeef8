"""numba loops over tiles: what each would cost in every small palette, and k-means with palettes as centres.

``points`` float32 (n, 3) in one space and ``weights`` float64 (n,) are the tiles' colours, tile after tile;
``starts`` int64 (t + 1,) says where each begins. ``centers`` float32 (p, c, 3) are the palettes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import float32, uint64

from quantize.compiling import loop, part


@part
def _nearest(points: Any, i: Any, centers: Any, p: Any) -> Any:
    """Find the entry of palette ``p`` that is nearest to point ``i``, and its squared distance."""
    best, least = 0, float32(np.inf)
    x, y, z = points[i, 0], points[i, 1], points[i, 2]
    for c in range(centers.shape[1]):
        dx, dy, dz = centers[p, c, 0] - x, centers[p, c, 1] - y, centers[p, c, 2] - z
        away = dx * dx + dy * dy + dz * dz
        if away < least:
            best, least = c, away
    return best, least


@loop
def weigh_tiles(points: Any, weights: Any, starts: Any, centers: Any, first: Any, errors: Any) -> None:
    """Fill ``errors`` float64 (m, p) of the tiles from ``first`` on: their squared error in each palette."""
    for row in range(errors.shape[0]):
        for p in range(centers.shape[0]):
            total = 0.0
            for i in range(uint64(starts[first + row]), uint64(starts[first + row + 1])):
                total += weights[i] * _nearest(points, i, centers, p)[1]
            errors[row, p] = total


@loop
def sum_tiles(
    points: Any, weights: Any, starts: Any, chosen: Any, centers: Any, sums: Any, farthest: Any, entries: Any
) -> float:
    """Add up what every entry gets, and return the squared error.

    ``chosen`` int64 (t,) is each tile's palette. Fills ``sums`` float64 (p, c, 4): weighted coordinates and
    weight; ``farthest`` int64 (p,), the row that is served worst, -1 if none is off; ``entries`` uint8 (n,).
    """
    sums[:], farthest[:] = 0, -1
    worst, total = np.zeros(centers.shape[0]), 0.0
    for t in range(chosen.shape[0]):
        p = chosen[t]
        for i in range(uint64(starts[t]), uint64(starts[t + 1])):
            c, away = _nearest(points, i, centers, p)
            entries[i] = c
            error = weights[i] * away
            total += error
            if error > worst[p]:
                worst[p], farthest[p] = error, i
            for axis in range(3):
                sums[p, c, axis] += weights[i] * points[i, axis]
            sums[p, c, 3] += weights[i]
    return total
