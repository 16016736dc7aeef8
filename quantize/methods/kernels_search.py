"""numba loops that search for better centers: descend, split, and move cheap centers to costly clusters.

They know a cluster by its sums alone (see ``kernels_sweep``): its mean, its squared error and, from its
second moments, the axis along which it is widest. The first ``n_kept`` centers never move.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from quantize.compiling import loop
from quantize.methods.kernels_sweep import sweep

F = np.float32
# Splitting a cluster at its mean across its widest axis takes away about this share of that axis' variance:
# 2/π for a normal distribution, 3/4 for an even one.
SPLIT_GAIN = 0.65
# Where the two halves' means are then, in standard deviations.
SPLIT_REACH = 0.8


@loop
def cost(centers: Any, sums: Any, j: Any, n_kept: Any) -> Any:
    """Work out the squared error of a cluster around its mean, or around its center if that is kept."""
    w = sums[j, 0]
    if w <= 0.0:
        return 0.0
    total = sums[j, 4] + sums[j, 5] + sums[j, 6]
    for axis in range(3):
        if j < n_kept:
            center = np.float64(centers[axis, j])
            total += w * center * center - 2.0 * center * sums[j, 1 + axis]
        else:
            total -= sums[j, 1 + axis] * sums[j, 1 + axis] / w
    return max(total, 0.0)


@loop
def total_cost(centers: Any, sums: Any, k: Any, n_kept: Any) -> Any:
    """Work out the squared error of all clusters around their means."""
    total = 0.0
    for j in range(k):
        total += cost(centers, sums, j, n_kept)
    return total


@loop
def descend(state: Any, k: Any, n_kept: Any, n_moved: Any, passes: Any, tolerance: Any, relax: Any) -> Any:
    """Sweep for the first ``n_moved`` of ``moved``; then, up to ``passes`` times, move centers and sweep.

    Centers nearer than ``tolerance`` to their means stay. ``relax`` lets centers overshoot by that share of
    their way, which takes the same road in fewer steps. Returns how many passes it took. ``state`` is a
    ``kernels_sweep.State``.
    """
    for done in range(passes + 1):
        if done > 0:
            n_moved = move_to_means(state.centers, state.sums, state.moved, k, n_kept, tolerance, F(relax))
            if n_moved == 0:
                return done - 1
        sweep(state, k, n_moved)
    return passes


@njit(inline="always")
def move_to_means(
    centers: Any, sums: Any, moved: Any, k: Any, n_kept: Any, tolerance: Any, relax: Any
) -> Any:
    """List centers farther than ``tolerance`` from their means in ``moved``, after moving them."""
    n_moved = 0
    for j in range(n_kept, k):
        w = sums[j, 0]
        if w > 0.0:
            x, y, z = F(sums[j, 1] / w), F(sums[j, 2] / w), F(sums[j, 3] / w)
            dx, dy, dz = x - centers[0, j], y - centers[1, j], z - centers[2, j]
            if dx * dx + dy * dy + dz * dz > F(tolerance * tolerance):
                centers[0, j], centers[1, j], centers[2, j] = x + relax * dx, y + relax * dy, z + relax * dz
                moved[n_moved] = j
                n_moved += 1
    return n_moved


@loop
def widest_axis(sums: Any, j: Any, axis: Any) -> Any:
    """Find the largest eigenvalue of a cluster's covariance, by power iteration; the direction goes to
    ``axis``.

    0, and no direction, for a cluster without points or without width.
    """
    axis[0], axis[1], axis[2] = 0.0, 0.0, 0.0
    w = sums[j, 0]
    if w <= 0.0:
        return 0.0
    x, y, z = sums[j, 1] / w, sums[j, 2] / w, sums[j, 3] / w
    xx, yy, zz = sums[j, 4] / w - x * x, sums[j, 5] / w - y * y, sums[j, 6] / w - z * z
    xy, xz, yz = sums[j, 7] / w - x * y, sums[j, 8] / w - x * z, sums[j, 9] / w - y * z
    if xx >= yy and xx >= zz:
        vx, vy, vz = xx, xy, xz
    elif yy >= zz:
        vx, vy, vz = xy, yy, yz
    else:
        vx, vy, vz = xz, yz, zz
    value = 0.0
    for _ in range(8):
        length = np.sqrt(vx * vx + vy * vy + vz * vz)
        # Below this it is rounding of the sums, not width.
        if not length > 1e-12 * (x * x + y * y + z * z):
            axis[0], axis[1], axis[2] = 0.0, 0.0, 0.0
            return 0.0
        axis[0], axis[1], axis[2] = vx / length, vy / length, vz / length
        vx = xx * axis[0] + xy * axis[1] + xz * axis[2]
        vy = xy * axis[0] + yy * axis[1] + yz * axis[2]
        vz = xz * axis[0] + yz * axis[1] + zz * axis[2]
        value = vx * axis[0] + vy * axis[1] + vz * axis[2]
    return max(value, 0.0)


@loop
def split_gain(centers: Any, sums: Any, j: Any, n_kept: Any, direction: Any) -> Any:
    """Estimate what one more center would take off an error; ``direction`` gets its way from the mean."""
    value = widest_axis(sums, j, direction)
    w = sums[j, 0]
    reach = SPLIT_REACH * np.sqrt(value)
    gain = SPLIT_GAIN * value * w
    side = 0.0
    if j < n_kept and w > 0.0:
        # The new center takes the side of the mean, away from the one that cannot move.
        for axis in range(3):
            away = sums[j, 1 + axis] / w - centers[axis, j]
            side += away * direction[axis]
            gain += 0.5 * w * away * away
    for axis in range(3):
        direction[axis] *= -reach if side < 0.0 else reach
    return gain


@loop
def split(centers: Any, sums: Any, j: Any, new: Any, n_kept: Any, direction: Any) -> None:
    """Put center ``new`` on one side of cluster ``j``'s mean and, unless it is kept, ``j`` on the other."""
    for axis in range(3):
        mean = sums[j, 1 + axis] / sums[j, 0]
        centers[axis, new] = mean + direction[axis]
        if j >= n_kept:
            centers[axis, j] = mean - direction[axis]


@loop
def split_costliest(centers: Any, sums: Any, moved: Any, k: Any, n_kept: Any, most: Any) -> Any:
    """Split up to ``most`` clusters, those that gain most; return how many.

    Fewer only if no other has two different points. The centers concerned are listed in ``moved``.
    """
    gains, directions = np.empty(k), np.empty((k, 3))
    for j in range(k):
        gains[j] = split_gain(centers, sums, j, n_kept, directions[j])
    for done in range(most):
        j = 0
        for i in range(k):
            if not gains[i] <= gains[j]:  # larger, or no number
                j = i
        if not gains[j] > 0.0:
            return done
        split(centers, sums, j, k + done, n_kept, directions[j])
        gains[j] = 0.0
        moved[2 * done], moved[2 * done + 1] = j, k + done
    return most
