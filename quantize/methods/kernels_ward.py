"""numba loop of Ward's merging: join the two clusters whose union costs least, again and again.

Each cluster remembers its cheapest partner. A union never comes nearer to a third cluster than the nearer of
its two parts was, so a remembered cost can only be too low: it is worked out anew when it is the least of all
and a cluster of the pair has changed meanwhile.

Sources: J. H. Ward, "Hierarchical grouping to optimize an objective function", J. Am. Stat. Assoc. 58 (1963),
doi 10.1080/01621459.1963.10500845; the remembered partners: P. Fränti et al., "Fast and memory efficient
implementation of the exact PNN", IEEE Trans. Image Processing 9 (2000), doi 10.1109/83.841516.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int32, njit, uint64

from quantize.compiling import loop

F = np.float32
# What no two clusters cost, as bits of a float32 that order like the numbers: infinity.
_NEVER = 0x7F800000


@njit(inline="always")
def first_least(bits: Any, n: Any) -> Any:
    """Find the position of the least of ``bits`` int32 (n,), the first of equals."""
    least = int32(0x7FFFFFFF)
    for j in range(uint64(n)):
        least = min(least, bits[j])
    for j in range(uint64(n)):
        if bits[j] == least:
            return j
    return uint64(0)


@loop
def cheapest_partner(axes: Any, n: Any, i: Any, n_kept: Any, rises: Any) -> Any:
    """Tell which of the first ``n`` clusters costs least to join with ``i``; what it costs is ``rises[it]``.

    ``axes`` float32 (4, n) x, y, z, weight; ``rises`` float32 (n,) is scratch. The first ``n_kept`` clusters
    do not move, whatever joins them, and never join each other.
    """
    x, y, z, w = axes[0, i], axes[1, i], axes[2, i], axes[3, i]
    own, others = (F(0), F(1)) if i < n_kept else (F(1), F(0))
    for j in range(uint64(n)):
        dx, dy, dz = axes[0, j] - x, axes[1, j] - y, axes[2, j] - z
        mass = axes[3, j]
        joined = own * (w * mass / (w + mass)) + others * mass
        rises[j] = (dx * dx + dy * dy + dz * dz) * joined
    for j in range(uint64(n_kept)):
        dx, dy, dz = axes[0, j] - x, axes[1, j] - y, axes[2, j] - z
        rises[j] = np.inf if i < n_kept else (dx * dx + dy * dy + dz * dz) * w
    rises[i] = np.inf
    return first_least(rises.view(np.int32), n)


@loop
def merge_cheapest(exact: Any, n_kept: Any, target: Any) -> Any:
    """Merge clusters ``exact`` float64 (4, n) until ``target`` are left; return how many are, in front.

    Rows are x, y, z, weight. More than ``target`` only if all that is left are the first ``n_kept``, whose
    place does not change. Of equal costs the first counts. Weights must be positive; those of kept clusters
    do not matter.
    """
    n = exact.shape[1]
    axes = exact.astype(np.float32)
    rises, costs = np.empty(n, np.float32), np.empty(n, np.float32)
    bits = costs.view(np.int32)
    partners, seen, ages = np.empty(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    for i in range(n):
        partners[i] = cheapest_partner(axes, n, i, n_kept, rises)
        costs[i] = rises[partners[i]]
    left = n
    while left > target:
        i = np.int64(first_least(bits, n))  # type: ignore[assignment]
        if bits[i] >= _NEVER:
            break
        j = partners[i]
        if ages[j] < 0 or seen[i] != ages[i] + ages[j]:
            partners[i] = cheapest_partner(axes, n, i, n_kept, rises)
            costs[i] = rises[partners[i]]
            seen[i] = ages[i] + ages[partners[i]]
            continue
        to, gone = min(i, j), max(i, j)
        if to >= n_kept:
            w = exact[3, to] + exact[3, gone]
            for axis in range(3):
                exact[axis, to] += (exact[axis, gone] - exact[axis, to]) * (exact[3, gone] / w)
                axes[axis, to] = exact[axis, to]
            exact[3, to], axes[3, to] = w, w
        ages[to] += 1
        ages[gone] = -1
        axes[0, gone], costs[gone] = np.inf, np.inf
        left -= 1
        if 4 * left < 3 * n:
            n = close_ranks(exact, axes, costs, partners, seen, ages, n)
    return close_ranks(exact, axes, costs, partners, seen, ages, n)


@loop
def close_ranks(exact: Any, axes: Any, costs: Any, partners: Any, seen: Any, ages: Any, n: Any) -> Any:
    """Move what was not merged away to the front, in its order; return how many that is."""
    places, place = np.empty(n, np.int64), 0
    for i in range(n):
        places[i] = place if ages[i] >= 0 else -1
        place += ages[i] >= 0
    for i in range(n):
        to = places[i]
        if to < 0:
            continue
        for axis in range(4):
            exact[axis, to], axes[axis, to] = exact[axis, i], axes[axis, i]
        partner = places[partners[i]]
        # A partner that is gone is as good as one that changed: this one looks for another.
        partners[to] = max(partner, 0)
        seen[to] = seen[i] if partner >= 0 else -1
        costs[to], ages[to] = costs[i], ages[i]
    return place
