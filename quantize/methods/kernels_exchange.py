"""numba loops that move cheap centers to costly clusters, many at a time, and undo what did not help.

Lloyd's iteration moves a center only to the mean of its points, never across the picture. These loops do, in
rounds. A round has three parts:

1. ``propose`` takes up to ``most`` centers that cost little to miss, because another center, the *heir*,
   could serve their points nearly as well. Each is put beside a center whose cluster is wide. A pair is one
   center taken and one cluster widened.
2. The caller lets k-means descend for a few passes (``kernels_search.descend``).
3. ``settle`` asks at each place what the change has cost or gained there. The best places to lose a center
   are matched with the best places to win one; a pair whose gain does not outweigh its cost is undone,
   together with the moves of the centers around it. Centers that failed are less likely to be tried again.

Sources: the estimates of what removing and adding a center does are those of Fritzke's "breathing k-means",
arXiv 2006.15666, computed from the clusters' sums instead of the points; judging each place by itself is
ours.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int32, njit

from quantize.compiling import loop
from quantize.methods.kernels_search import cost, split, split_gain
from quantize.methods.kernels_sweep import bits_of


@njit(inline="always")
def removal_costs(centers: Any, sums: Any, k: Any, n_kept: Any, costs: Any, heirs: Any) -> None:
    """Tell what the error would rise by, at most, if a center gave all its points to one other, its heir."""
    x, y, z = centers[0], centers[1], centers[2]
    masses, rises = np.empty(k, np.float32), np.empty(k, np.float32)
    for j in range(k):
        masses[j] = (
            sums[j, 0] if sums[j, 0] > 0.0 else 0.0
        )  # what is left of weights that went may be below 0
    for j in range(k):
        own = masses[j] + np.float32(1e-30)
        for i in range(k):
            dx, dy, dz = x[i] - x[j], y[i] - y[j], z[i] - z[j]
            rises[i] = (dx * dx + dy * dy + dz * dz) * masses[i] / (masses[i] + own)
        for i in range(n_kept):  # a kept heir does not come to meet its new points
            dx, dy, dz = x[i] - x[j], y[i] - y[j], z[i] - z[j]
            rises[i] = dx * dx + dy * dy + dz * dz
        rises[j] = np.inf
        # As in ``kernels_sweep.find_rivals``: bits order like the floats, the number rides in the lowest.
        least = int32(0x7FFFFFFF)
        for i in range(k):
            mixed = (bits_of(rises[i]) & int32(-256)) | int32(i)
            least = mixed if mixed < least else least
        heirs[j] = least & int32(255)
        costs[j] = np.float64(rises[heirs[j]]) * own if j >= n_kept else np.inf


@njit(inline="always")
def choose_pairs(
    costs: Any, gains: Any, heirs: Any, most: Any, caution: Any, taken: Any, widened: Any
) -> Any:
    """Pick centers to take and clusters to widen, cheapest and costliest first; return how many pairs.

    No center has two parts to play: neither the heir of a center taken may go nor the neighbour of one
    widened. A cost that is infinite or no number takes none; a gain of 0, or that is no number, widens none.
    """
    k = costs.shape[0]
    used, gone = np.zeros(k, np.bool_), np.zeros(k, np.bool_)
    n = 0
    while n < most:
        j, least = -1, np.inf
        for candidate in range(k):
            if not used[candidate] and not gone[heirs[candidate]] and costs[candidate] < least:
                j, least = candidate, costs[candidate]
        if j < 0:
            break
        i, largest = -1, 0.0
        for candidate in range(k):
            free = not used[candidate] and candidate != j and candidate != heirs[j]
            if free and gains[candidate] > largest:
                i, largest = candidate, gains[candidate]
        # Not "<=", which is false beside a NaN and would let it pass.
        if i < 0 or not largest > caution * least:
            break
        used[j], used[heirs[j]], used[i] = True, True, True
        gone[j], gone[i] = True, True
        taken[n], widened[n] = j, i
        n += 1
    return n


@loop
def nearest_place(places: Any, n: Any, centers: Any, j: Any) -> Any:
    """Tell which of the first ``n`` places, float32 (3, …), is nearest to center ``j``."""
    least, found = np.float32(np.inf), 0
    for place in range(n):
        dx, dy = places[0, place] - centers[0, j], places[1, place] - centers[1, j]
        dz = places[2, place] - centers[2, j]
        distance = dx * dx + dy * dy + dz * dz
        if distance < least:
            least, found = distance, place
    return found


@loop
def ranking(values: Any) -> Any:
    """Find the positions of the values from least to largest: a plain sort by selection, for a few dozen."""
    order = np.empty(values.shape[0], np.int64)
    for i in range(values.shape[0]):
        order[i] = i
    for i in range(values.shape[0]):
        for j in range(i + 1, values.shape[0]):
            if values[order[j]] < values[order[i]]:
                order[i], order[j] = order[j], order[i]
    return order


@loop
def propose(
    centers: Any, sums: Any, moved: Any, k: Any, n_kept: Any, most: Any, caution: Any, doubts: Any, pairs: Any
) -> Any:
    """Move up to ``most`` cheap centers beside costly ones; return how many pairs.

    ``caution`` is how much an estimated gain must be of an estimated cost to be worth trying; ``doubts``
    float64 (2, k) remembers failures between rounds. ``pairs`` int64 (2, most) gets centers taken and
    clusters widened, ``moved`` both of each pair.
    """
    gains, directions = np.empty(k), np.empty((k, 3))
    costs, heirs = np.empty(k), np.empty(k, np.int64)
    removal_costs(centers, sums, k, n_kept, costs, heirs)
    for j in range(k):
        gains[j] = split_gain(centers, sums, j, n_kept, directions[j]) / (1.0 + doubts[1, j])
        costs[j] *= 1.0 + doubts[0, j]
    n = choose_pairs(costs, gains, heirs, most, caution, pairs[0], pairs[1])
    for pair in range(n):
        j, i = pairs[0, pair], pairs[1, pair]
        split(centers, sums, i, j, n_kept, directions[i])
        moved[2 * pair], moved[2 * pair + 1] = i, j
    return n


@loop
def settle(
    centers: Any,
    sums: Any,
    moved: Any,
    k: Any,
    n_kept: Any,
    before: Any,
    sums_before: Any,
    pairs: Any,
    doubts: Any,
) -> Any:
    """Put back, place by place, what did not pay; return how many pairs stay and how many centers moved.

    ``before`` and ``sums_before`` are centers and sums before the round, ``pairs`` int64 (2, n) what it
    tried. Places are those that lost a center, then those that won one; each center counts for the place
    nearest to it.
    """
    n = pairs.shape[1]
    places, change = np.empty((3, 2 * n), np.float32), np.zeros(2 * n)
    for place in range(2 * n):
        for axis in range(3):
            places[axis, place] = before[axis, pairs[place // n, place % n]]
    home = np.empty(k, np.int64)
    for j in range(k):
        home[j] = nearest_place(places, 2 * n, before, j)
        change[home[j]] -= cost(before, sums_before, j, n_kept)
        change[nearest_place(places, 2 * n, centers, j)] += cost(centers, sums, j, n_kept)
    losses, wins = ranking(change[:n]), ranking(change[n:])
    good = 0
    while good < n and change[losses[good]] + change[n + wins[good]] < 0.0:
        good += 1
    bad, travels = np.zeros(2 * n, np.bool_), np.zeros(k, np.bool_)
    for pair in range(n):
        travels[pairs[0, pair]] = True
        bad[losses[pair]] = pair >= good
        bad[n + wins[pair]] = pair >= good
        # Failing twice costs more trust than twice failing once.
        for place, j in ((0, pairs[0, losses[pair]]), (1, pairs[1, wins[pair]])):
            doubts[place, j] = doubts[place, j] * 2.0 + 0.5 if pair >= good else 0.0
    n_moved = 0
    for j in range(k):
        moves = (
            before[0, j] != centers[0, j] or before[1, j] != centers[1, j] or before[2, j] != centers[2, j]
        )
        if moves and bad[home[j]] and not travels[j]:
            for axis in range(3):
                centers[axis, j] = before[axis, j]
            moved[n_moved] = j
            n_moved += 1
    for pair in range(good, n):
        # Whoever stands at a place that goes back takes over a place that lost its center.
        traveller = pairs[0, wins[pair]]
        for axis in range(3):
            centers[axis, traveller] = before[axis, pairs[0, losses[pair]]]
        moved[n_moved] = traveller
        n_moved += 1
    return good, n_moved
