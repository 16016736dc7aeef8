"""numba loops that move cheap centers to costly clusters, many at a time, and undo what did not help.

Lloyd's iteration cannot carry a center across the picture; this can. A *round* takes up to ``most`` centers
that others could stand in for, puts each beside a center whose cluster is wide, descends a little, and then
asks at each place what the change has cost or gained there. Pairs of places that do not pay together go back
to where they were, with the centers around them; those that failed are less likely to be tried again.

Sources: the estimates of what removing and adding a center does are those of Fritzke's "breathing k-means",
arXiv 2006.15666, computed from the clusters' sums instead of the points; judging each place by itself is
ours.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from quantize.kernels_search import cost, descend, split, split_gain, total_cost
from quantize.kernels_sweep import sweep


@njit(nogil=True, cache=True)
def removal_costs(centers: Any, sums: Any, k: Any, n_kept: Any, costs: Any, heirs: Any) -> None:
    """What the error would rise by, at most, if a center gave all its points to one other, its heir."""
    for j in range(k):
        w, least, heir = sums[j, 0], np.inf, j
        for i in range(k):
            dx, dy = centers[0, i] - centers[0, j], centers[1, i] - centers[1, j]
            dz = centers[2, i] - centers[2, j]
            rise = np.float64(dx * dx + dy * dy + dz * dz) * sums[i, 0] / (sums[i, 0] + w + 1e-30)
            if rise < least and i != j:
                least, heir = rise, i
        costs[j], heirs[j] = least * w if j >= n_kept else np.inf, heir


@njit(nogil=True, cache=True)
def choose_pairs(
    costs: Any, gains: Any, heirs: Any, most: Any, caution: Any, taken: Any, widened: Any
) -> Any:
    """Pick centers to take and clusters to widen, cheapest and costliest first; return how many pairs.

    No center has two parts to play: neither the heir of a center taken may go nor the neighbour of one
    widened.
    """
    k = costs.shape[0]
    used = np.zeros(k, np.bool_)
    n = 0
    while n < most:
        j = -1
        for candidate in range(k):
            if not used[candidate] and (j < 0 or costs[candidate] < costs[j]):
                j = candidate
        if j < 0:
            break
        i = -1
        for candidate in range(k):
            free = not used[candidate] and candidate != j and candidate != heirs[j]
            if free and (i < 0 or gains[candidate] > gains[i]):
                i = candidate
        if i < 0 or gains[i] <= caution * costs[j]:
            break
        used[j], used[heirs[j]], used[i] = True, True, True
        taken[n], widened[n] = j, i
        n += 1
    return n


@njit(nogil=True, cache=True)
def nearest_place(places: Any, n: Any, centers: Any, j: Any) -> Any:
    """Which of the first ``n`` places, float32 (3, …), is nearest to center ``j``."""
    least, found = np.float32(np.inf), 0
    for place in range(n):
        dx, dy = places[0, place] - centers[0, j], places[1, place] - centers[1, j]
        dz = places[2, place] - centers[2, j]
        distance = dx * dx + dy * dy + dz * dz
        if distance < least:
            least, found = distance, place
    return found


@njit(nogil=True, cache=True)
def go_back(state: Any, before: Any, k: Any) -> None:
    """Put every center back to where it was and sweep."""
    axes, labels, starts, boxes, blocks, block_boxes, masks, references, centers, sums, moved = state
    n_moved = 0
    for j in range(k):
        if before[0, j] != centers[0, j] or before[1, j] != centers[1, j] or before[2, j] != centers[2, j]:
            centers[0, j], centers[1, j], centers[2, j] = before[0, j], before[1, j], before[2, j]
            moved[n_moved] = j
            n_moved += 1
    sweep(
        axes, labels, starts, boxes, blocks, block_boxes, masks, references, centers, sums, moved, k, n_moved
    )


@njit(nogil=True, cache=True)
def settle(
    state: Any,
    before: Any,
    old_costs: Any,
    k: Any,
    n_kept: Any,
    n: Any,
    taken: Any,
    widened: Any,
    doubts: Any,
) -> Any:
    """Undo, place by place, what did not pay; return how many pairs stay.

    ``before`` are the centers, ``old_costs`` their costs before the round. Places are the ``n`` that lost a
    center, then the ``n`` that won one; each center counts for the place nearest to it.
    """
    axes, labels, starts, boxes, blocks, block_boxes, masks, references, centers, sums, moved = state
    places, change = np.empty((3, 2 * n), np.float32), np.zeros(2 * n)
    for pair in range(n):
        for axis in range(3):
            places[axis, pair] = before[axis, taken[pair]]
            places[axis, n + pair] = before[axis, widened[pair]]
    home = np.empty(k, np.int64)
    for j in range(k):
        home[j] = nearest_place(places, 2 * n, before, j)
        change[home[j]] -= old_costs[j]
        change[nearest_place(places, 2 * n, centers, j)] += cost(centers, sums, j, n_kept)
    losses, wins = np.argsort(change[:n]), np.argsort(change[n:])
    good = 0
    while good < n and change[losses[good]] + change[n + wins[good]] < 0.0:
        good += 1
    bad = np.zeros(2 * n, np.bool_)
    travels = np.zeros(k, np.bool_)
    for pair in range(n):
        travels[taken[pair]] = True
        bad[losses[pair]] = pair >= good
        bad[n + wins[pair]] = pair >= good
        # Failing twice costs more trust than twice failing once.
        for j, place in ((taken[losses[pair]], 0), (widened[wins[pair]], 1)):
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
        traveller = taken[wins[pair]]
        for axis in range(3):
            centers[axis, traveller] = before[axis, taken[losses[pair]]]
        moved[n_moved] = traveller
        n_moved += 1
    if n_moved:
        sweep(
            axes,
            labels,
            starts,
            boxes,
            blocks,
            block_boxes,
            masks,
            references,
            centers,
            sums,
            moved,
            k,
            n_moved,
        )
    return good


@njit(nogil=True, cache=True)
def exchange(
    state: Any,
    k: Any,
    n_kept: Any,
    most: Any,
    caution: Any,
    passes: Any,
    tolerance: Any,
    relax: Any,
    doubts: Any,
) -> Any:
    """One round; return how many pairs were tried and how many stay.

    ``caution`` is how much an estimated gain must be of an estimated cost to be worth trying; ``doubts``
    float64 (2, k) remembers failures between rounds. The error never rises.
    """
    axes, labels, starts, boxes, blocks, block_boxes, masks, references, centers, sums, moved = state
    gains, directions = np.empty(k), np.empty((k, 3))
    costs, heirs, old_costs = np.empty(k), np.empty(k, np.int64), np.empty(k)
    removal_costs(centers, sums, k, n_kept, costs, heirs)
    for j in range(k):
        old_costs[j] = cost(centers, sums, j, n_kept)
        gains[j] = split_gain(centers, sums, j, n_kept, directions[j]) / (1.0 + doubts[1, j])
        costs[j] *= 1.0 + doubts[0, j]
    taken, widened = np.empty(k, np.int64), np.empty(k, np.int64)
    n = choose_pairs(costs, gains, heirs, most, caution, taken, widened)
    if n == 0:
        return 0, 0
    before, sums_before = centers[:, :k].copy(), sums[:k].copy()
    for pair in range(n):
        j, i = taken[pair], widened[pair]
        split(centers, sums, i, j, n_kept, directions[i])
        moved[2 * pair], moved[2 * pair + 1] = i, j
    sweep(axes, labels, starts, boxes, blocks, block_boxes, masks, references, centers, sums, moved, k, 2 * n)
    descend(state, k, n_kept, passes, tolerance, relax)
    stay = settle(state, before, old_costs, k, n_kept, n, taken, widened, doubts)
    if total_cost(centers, sums, k, n_kept) >= old_costs.sum():
        go_back(state, before, k)
        sums[:k] = sums_before
        return n, 0
    return n, stay
