"""numba loops that take one colour for each cell of a grid."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import uint64

from quantize.compiling import loop, part

MOST = 8
"""Pixels that are looked at along each side of a cell's middle, at most."""

ALIKE = 32 * 32
"""Squared sRGB distance up to which two pixels of a cell count as one colour: noise, a JPEG's waves."""


@part
def _median(values: Any, n: Any) -> Any:
    """Return the median of the first ``n`` values, which are sorted then; of two, the lower one."""
    for i in range(1, n):
        value, j = values[i], i
        while j > 0 and values[j - 1] > value:
            values[j] = values[j - 1]
            j -= 1
        values[j] = value
    return values[(n - 1) // 2]


@part
def _most_alike(found: Any, n: Any) -> Any:
    """Find the one that most others are equal to, and among those that most are like; the first of equals."""
    best, most = 0, -1
    for i in range(n):
        alike = 0
        for j in range(n):
            away = 0
            for c in range(3):
                away += (found[i, c] - found[j, c]) ** 2
            alike += (MOST * MOST + 1) * (away <= ALIKE) + (away == 0)
        if alike > most:
            best, most = i, alike
    return best


@loop
def take_cells(
    pixels: Any, alpha: Any, columns: Any, rows: Any, by_mode: Any, cells: Any, shown: Any
) -> None:
    """Fill ``cells`` uint8 (h, w, 3) and ``shown`` bool (h, w): whether at least half of a cell is visible.

    ``pixels`` uint8 (H, W, 3), ``alpha`` uint8 (H, W) or of no pixels, ``columns`` int64 (w, 2) and ``rows``
    (h, 2), the first and the last pixel of cells' middles. By mode, the colour that most of these pixels are
    like, the median of these; else the median of all of them. Only visible pixels count, if there are any.
    """
    found, values = np.empty((MOST * MOST, 3), np.int64), np.empty(MOST * MOST, np.int64)
    has_alpha = alpha.shape[0] > 0
    for i in range(uint64(cells.shape[0])):
        top, bottom = rows[i, 0], rows[i, 1] + 1
        step_down = (bottom - top + MOST - 1) // MOST
        for j in range(uint64(cells.shape[1])):
            left, right = columns[j, 0], columns[j, 1] + 1
            step = (right - left + MOST - 1) // MOST
            n = seen = 0
            for y in range(top, bottom, step_down):
                for x in range(left, right, step):
                    seen += 1
                    if has_alpha and alpha[y, x] < 128:
                        continue
                    for c in range(3):
                        found[n, c] = pixels[y, x, c]
                    n += 1
            shown[i, j] = 2 * n >= seen
            if n == 0:
                for c in range(3):
                    cells[i, j, c] = pixels[top, left, c]
                continue
            if by_mode:
                n = _keep_alike(found, n)
            for c in range(3):
                values[:n] = found[:n, c]
                cells[i, j, c] = _median(values, n)


@part
def _keep_alike(found: Any, n: Any) -> Any:
    """Keep those that are like the most common colour; exactly it, where most of them are equal."""
    best = _most_alike(found, n)
    colour = found[best].copy()
    equal = alike = 0
    for i in range(n):
        away = 0
        for c in range(3):
            away += (found[i, c] - colour[c]) ** 2
        equal += away == 0
        if away <= ALIKE:
            found[alike] = found[i]
            alike += 1
    if 2 * equal >= alike:
        found[0] = colour
        return 1
    return alike
