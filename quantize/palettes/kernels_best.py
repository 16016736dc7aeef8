"""numba loops for the best N of many entries: greedy from both ends, then swaps.

A cost is a point's weight times its squared distance to an entry: float32, ``costs`` (entries, points), and
the same turned, ``turned`` (points, entries). ``taken`` and ``locked`` bool (entries,) mark entries that are
in, and that stay so. Sums are float64, in the order of the points, on one thread: the same on any number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import float32, uint64

from quantize.compiling import loop, part


@loop
def weigh_distances(entries: Any, points: Any, weights: Any, costs: Any) -> None:
    """Fill ``costs``; ``entries`` and ``points`` float32 (n, 3) in one space, ``weights`` float64 (n,)."""
    for j in range(entries.shape[0]):
        x, y, z = entries[j, 0], entries[j, 1], entries[j, 2]
        for i in range(uint64(points.shape[0])):
            dx, dy, dz = points[i, 0] - x, points[i, 1] - y, points[i, 2] - z
            costs[j, i] = float32(weights[i] * (dx * dx + dy * dy + dz * dz))


@loop
def add_best(costs: Any, taken: Any, n: Any) -> None:
    """Take entries until ``n`` are in, each time the one that takes most off the cost; of equals the first.

    What an entry takes off never grows while others come in, so it is worked out again only for those that
    may still be best.
    """
    n_entries, n_points = costs.shape
    nearest = np.full(n_points, np.inf)
    bounds, age, count = np.full(n_entries, np.inf), np.full(n_entries, -1), 0
    for j in range(n_entries):
        if taken[j]:
            nearest = np.minimum(nearest, costs[j])
            count += 1
    while count < n:
        best = -1
        for j in range(n_entries):
            if not taken[j] and (best < 0 or bounds[j] > bounds[best]):
                best = j
        if age[best] == count:
            taken[best] = True
            nearest = np.minimum(nearest, costs[best])
            if count == 0:  # what the first takes off infinity is told by its cost, which bounds nothing
                bounds[:] = np.inf
            count += 1
            continue
        bound = 0.0
        for i in range(n_points):
            bound += max(nearest[i] - costs[best, i], 0.0) if count else -costs[best, i]
        bounds[best], age[best] = bound, count


@loop
def drop_worst(turned: Any, taken: Any, locked: Any, n: Any) -> None:
    """Put entries out until ``n`` are in, each time the one whose loss costs least; of equals the last."""
    n_points = turned.shape[0]
    first, second = np.empty(n_points, np.int64), np.empty(n_points, np.int64)
    losses, rows = np.zeros(turned.shape[1]), np.flatnonzero(taken)
    for i in range(n_points):
        _find_two(turned[i], rows, i, first, second, losses)
    while rows.shape[0] > n:
        worst: Any = -1
        for j in rows:
            if not locked[j] and (worst < 0 or losses[j] <= losses[worst]):
                worst = j
        taken[worst] = False
        rows = rows[rows != worst]
        for i in range(n_points):
            if first[i] == worst or second[i] == worst:
                losses[first[i]] -= turned[i, second[i]] - turned[i, first[i]]
                _find_two(turned[i], rows, i, first, second, losses)


@loop
def swap_entries(costs: Any, turned: Any, taken: Any, locked: Any) -> float:
    """Put an entry in for another as long as that lowers the cost, and return the cost; two at least are in.

    Each entry is tried in turn in the place of every other, and stays where it helps most; the end is when
    none has helped for a whole round. One pass over the points tells what it would change in all places: E.
    Schubert, P. J. Rousseeuw, "Fast and eager k-medoids clustering", 2021, doi 10.1016/j.is.2021.101804.
    """
    n_entries, n_points = costs.shape
    first, second = np.empty(n_points, np.int64), np.empty(n_points, np.int64)
    near, next_near = np.empty(n_points, np.float32), np.empty(n_points, np.float32)
    losses, rows, total, idle, j = np.zeros(n_entries), np.flatnonzero(taken), -1.0, 0, 0
    while idle < n_entries:
        if total < 0:
            losses[:], total = 0, 0.0
            for i in range(n_points):
                _find_two(turned[i], rows, i, first, second, losses)
                near[i], next_near[i] = turned[i, first[i]], turned[i, second[i]]
                total += near[i]
        if not taken[j]:
            changes, gain = losses.copy(), 0.0
            for i in range(n_points):
                cost = costs[j, i]
                if cost < next_near[i]:
                    gain += min(cost - near[i], float32(0))
                    changes[first[i]] += max(cost, near[i]) - next_near[i]
            out: Any = -1
            for k in rows:
                if not locked[k] and (out < 0 or changes[k] < changes[out]):
                    out = k
            # Sums of so many terms are not told apart below that.
            if out >= 0 and gain + changes[out] < -1e-9 * total:
                taken[j], taken[out] = True, False
                rows, total, idle = np.flatnonzero(taken), -1.0, -1
        idle, j = idle + 1, (j + 1) % n_entries
    return total


@part
def _find_two(costs: Any, rows: Any, i: Any, first: Any, second: Any, losses: Any) -> None:
    """Find the nearest entry of point ``i`` among ``rows``, and the next; add what its loss would cost."""
    one = two = rows[0]
    for j in rows[1:]:
        if costs[j] < costs[one]:
            one, two = j, one
        elif two == one or costs[j] < costs[two]:
            two = j
    first[i], second[i] = one, two
    losses[one] += costs[two] - costs[one]
