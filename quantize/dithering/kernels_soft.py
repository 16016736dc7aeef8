"""numba loop of error diffusion among partly transparent entries."""

from __future__ import annotations

from typing import Any

import numpy as np

from quantize.colors.kernels_soft import nearest_of
from quantize.compiling import loop
from quantize.dithering.kernels_dither import MARGIN


@loop
def diffuse_places(
    positions: Any, places: Any, guesses: Any, solid: Any, centers: Any, order: Any, apart: Any,
    taps: Any, weights: Any, limits: Any, rows: Any, indices: Any,
) -> None:  # fmt: skip
    """Dither some rows by error diffusion: even rows to the right, odd rows to the left.

    Parameters
    ----------
    positions : uint32, shape (h, w)
        Which value every pixel has.
    places : float64, shape (n, 4)
        Where values lie.
    guesses : int64, shape (n,)
        The entry nearest to each.
    solid : bool, shape (n,)
        Values that keep it, and neither take nor give errors.
    centers, order, apart
        Of the entries, as for ``nearest_of``.
    taps : int64, shape (m, 2)
        Rows down, steps ahead.
    weights : float64, shape (m,)
    limits : float64, shape (2, 4)
        Least and greatest of each coordinate.
    rows : int64, shape (3,)
        Begin at the first, with no errors; keep from the second to before the third.
    indices : uint8, shape (h, w)
        Filled from the second row to before the third.
    """
    width = positions.shape[1]
    errors = np.zeros((3, width + 2 * MARGIN, 4))
    off = np.empty(4)
    for y in range(rows[0], rows[2]):
        taken = errors[y % 3]
        step = -1 if y & 1 else 1
        x = width - 1 if y & 1 else 0
        for _ in range(width):
            at = positions[y, x]
            entry = guesses[at]
            if not solid[at]:
                for axis in range(4):
                    value = places[at, axis] + taken[x + MARGIN, axis]
                    off[axis] = min(max(value, limits[0, axis]), limits[1, axis])
                entry, _ = nearest_of(off[0], off[1], off[2], off[3], centers, order, apart, entry)
                for axis in range(4):
                    off[axis] -= centers[entry, axis]
                for tap in range(taps.shape[0]):
                    given = errors[(y + taps[tap, 0]) % 3, x + MARGIN + step * taps[tap, 1]]
                    for axis in range(4):
                        given[axis] += weights[tap] * off[axis]
            if y >= rows[1]:
                indices[y, x] = entry
            x += step
        taken[:] = 0
