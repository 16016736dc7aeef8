"""numba loops of Lloyd's iteration as it is taught: every point, every center, in float64.

Whoever writes the same down plainly gets the same numbers to the last bit: a point is passed by only where
its center must be the same (after Hamerly, "Making k-means even faster", SDM 2010, doi
10.1137/1.9781611972801.12), and sums are added up in the order of the points, by one thread.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from quantize.compiling import loop, part

# Of a lead so much is not trusted, for each unit of what it was worked out of: far more than rounding is.
_SLACK = 1e-10


@loop
def assign_points(
    axes: Any,
    centers: Any,
    drifts: Any,
    start: Any,
    stop: Any,
    near: Any,
    which: Any,
    labels: Any,
    leads: Any,
) -> None:
    """Give the points from ``start`` to ``stop`` to their nearest centers, of equals the first.

    A point's *lead* is by how much its center is nearer than any other one, or less. What centers have gone
    since cannot change its label while it is above their ``drifts``: then nothing is compared.

    Parameters
    ----------
    axes : float64, shape (3, n)
    centers : float64, shape (k, 3)
    drifts : float64, shape (k,)
        By how much the lead of a point of each center may have shrunk since the last call.
    start, stop : int
    near : float64, shape (5, room)
        Room to work in, for as many points as are compared at once.
    which : int64, shape (2, room)
        Likewise.
    labels : uint8, shape (n,)
        Changed in place.
    leads : float64, shape (n,)
        Likewise; negative where nothing is known.
    """
    room = near.shape[1]
    for first in range(start, stop, room):
        n = 0
        for i in range(first, min(first + room, stop)):
            leads[i] -= drifts[labels[i]]
            which[0, n] = i
            for axis in range(3):
                near[axis, n] = axes[axis, i]
            n += leads[i] <= 0.0
        find_two(near, which, centers, n)
        for q in range(n):
            i = which[0, q]
            labels[i] = which[1, q]
            away = math.sqrt(near[4, q])
            far = away + abs(near[0, q]) + abs(near[1, q]) + abs(near[2, q])
            leads[i] = away - math.sqrt(near[3, q]) - _SLACK * far


@part
def find_two(near: Any, which: Any, centers: Any, n: Any) -> None:
    """Find the nearest center of ``n`` points, and the squared distances to it and to the next."""
    for q in range(n):
        near[3, q] = np.inf
        near[4, q] = np.inf
        which[1, q] = 0
    for j in range(centers.shape[0]):
        x, y, z = centers[j, 0], centers[j, 1], centers[j, 2]
        for q in range(n):
            dx, dy, dz = near[0, q] - x, near[1, q] - y, near[2, q] - z
            distance = dx * dx + dy * dy + dz * dz
            least = near[3, q]
            later = distance if distance > least else least
            near[4, q] = later if later < near[4, q] else near[4, q]
            which[1, q] = j if distance < least else which[1, q]
            near[3, q] = distance if distance < least else least


@loop
def sum_points(axes: Any, counts: Any, labels: Any, sums: Any) -> None:
    """Fill ``sums``, float64 (k, 4), with what each center has: weight and weighted coordinates."""
    for j in range(sums.shape[0]):
        for moment in range(4):
            sums[j, moment] = 0.0
    for i in range(labels.shape[0]):
        j, w = labels[i], counts[i]
        sums[j, 0] += w
        for axis in range(3):
            sums[j, 1 + axis] += w * axes[axis, i]


@loop
def weigh_points(axes: Any, counts: Any, labels: Any, centers: Any) -> Any:
    """Work out the weighted sum of squared distances of the points to the centers that they are given to."""
    total = 0.0
    for i in range(labels.shape[0]):
        j = labels[i]
        dx, dy, dz = axes[0, i] - centers[j, 0], axes[1, i] - centers[j, 1], axes[2, i] - centers[j, 2]
        total += counts[i] * (dx * dx + dy * dy + dz * dz)
    return total
