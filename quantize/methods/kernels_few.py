"""numba loops for few points: the best cuts of a line, and the two nearest entries of each point."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int32, uint64

from quantize.compiling import loop


@loop
def two_nearest(axes: Any, palette: Any, labels: Any, first: Any, second: Any) -> None:
    """Find the nearest of ``palette`` float64 (k, 3) to points ``axes`` float64 (3, n), the first of equals.

    Its number goes to ``labels`` int32 (n,), its squared distance to ``first`` and that of the next one, or
    infinity if there is none, to ``second``, both float64 (n,).
    """
    labels[:] = 0
    first[:] = np.inf
    second[:] = np.inf
    for j in range(palette.shape[0]):
        x, y, z, number = palette[j, 0], palette[j, 1], palette[j, 2], int32(j)
        for i in range(uint64(labels.shape[0])):
            dx, dy, dz = axes[0, i] - x, axes[1, i] - y, axes[2, i] - z
            distance = dx * dx + dy * dy + dz * dz
            second[i] = min(second[i], max(first[i], distance))
            labels[i] = number if distance < first[i] else labels[i]
            first[i] = min(first[i], distance)


@loop
def cut_line(costs: Any, bounds: Any, firsts: Any) -> None:
    """Find where the runs begin that cost least in total.

    ``costs`` float64 (n, n) holds at ``[last, first]`` that of the run between them, ``bounds`` the least of
    any run to ``last`` from ``first`` or before. ``firsts`` int32 (runs, n) gets at ``[r, last]`` where the
    last of r + 1 runs that end with ``last`` begins; -1 where there are not so many.
    """
    n = costs.shape[0]
    before, least = np.empty(n), np.empty(n)
    for last in range(n):
        before[last] = costs[last, 0]
        firsts[0, last] = 0
    for r in range(1, firsts.shape[0]):
        for last in range(n):
            best, begins = np.inf, -1
            for first in range(last, r - 1, -1):
                if bounds[last, first] >= best:
                    break
                total = before[first - 1] + costs[last, first]
                if total < best:
                    best, begins = total, first
            least[last], firsts[r, last] = best, begins
        before[:] = least
