"""numba loops of k-means."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def lloyd_sums(points: Any, weights: Any, centers: Any, sums: Any, costs: Any) -> float:
    """Assign weighted points to centers; fill ``sums`` float64 (k, 4) with their w, w·x, w·y, w·z.

    ``costs`` float64 (k,) gets the squared error of each center; returns its sum.
    """
    sums[:] = 0.0
    costs[:] = 0.0
    for i in range(points.shape[0]):
        x, y, z, w = points[i, 0], points[i, 1], points[i, 2], weights[i]
        best, nearest = np.float32(np.inf), 0
        for j in range(centers.shape[0]):
            dx, dy, dz = x - centers[j, 0], y - centers[j, 1], z - centers[j, 2]
            distance = dx * dx + dy * dy + dz * dz
            if distance < best:
                best, nearest = distance, j
        sums[nearest, 0] += w
        sums[nearest, 1] += w * x
        sums[nearest, 2] += w * y
        sums[nearest, 3] += w * z
        costs[nearest] += w * best
    return costs.sum()
