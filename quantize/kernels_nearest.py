"""numba loops that find the nearest palette entry, exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def assign_rows(colors: Any, palette: Any, indices: Any, errors: Any) -> None:
    """Nearest of ``palette`` float64 (k, 3) to each of ``colors`` float32 (n, 3); the first of equals."""
    for i in range(colors.shape[0]):
        x, y, z = np.float64(colors[i, 0]), np.float64(colors[i, 1]), np.float64(colors[i, 2])
        best, nearest = np.inf, 0
        for j in range(palette.shape[0]):
            dx, dy, dz = x - palette[j, 0], y - palette[j, 1], z - palette[j, 2]
            distance = dx * dx + dy * dy + dz * dz
            if distance < best:
                best, nearest = distance, j
        indices[i] = nearest
        errors[i] = best


@njit(nogil=True, cache=True)
def sum_errors(pixels: Any, indices: Any, palette: Any, counts: Any) -> Any:
    """Add the pixels of each entry to ``counts`` int64 (k,); return the sum of squared errors."""
    total = np.int64(0)
    for i in range(pixels.shape[0]):
        j = indices[i]
        dr = np.int32(pixels[i, 0]) - np.int32(palette[j, 0])
        dg = np.int32(pixels[i, 1]) - np.int32(palette[j, 1])
        db = np.int32(pixels[i, 2]) - np.int32(palette[j, 2])
        total += np.int64(dr * dr + dg * dg + db * db)
        counts[j] += 1
    return total
