"""The best N of a fixed set of colours for a picture: of the threads, beads or paints that one owns.

Best is what leaves least squared error when every colour of the picture takes the nearest of the chosen, in
the space in which they will be mapped. That is the weighted p-median problem, which nobody solves exactly at
this size. Here: greedy from one entry up and from all entries down, and where there are few from each of
them up, each followed by swaps of two entries until none helps, and the best of these. Of 19,748 generated
small cases none was worse than the best of all choices; without the starts from each entry 12 of 2,969 were,
by up to 46 % (``tests/palettes/test_best.py``). So with more than 32 entries it may not be the best there is,
but no swap improves it.

Pictures of many colours are judged by cells of neighbouring colours, at most 8,192.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize.colors.histogram import Histogram
from quantize.colors.spaces import find_space
from quantize.errors import QuantizeError, shown
from quantize.palettes.kernels_best import add_best, drop_worst, swap_entries, weigh_distances
from quantize.palettes.palette import MAX_ENTRIES

MOST_POINTS = 8192
"""Rows of a histogram that are told apart."""

FEW_ENTRIES = 32
"""Up to so many to choose from, greedy begins with each of them."""

_MOST_COSTS = 1 << 22


def choose_entries(
    histogram: Histogram,
    palette: NDArray[np.uint8],
    n: int,
    *,
    space: str = "BGR",
    locked: NDArray[np.intp] | tuple[int, ...] = (),
) -> NDArray[np.intp]:
    """Choose the best ``n`` entries of a palette for a picture.

    Parameters
    ----------
    histogram : Histogram
        The picture's colours and how often each occurs: ``picture.cells``.
    palette : uint8, shape (m, 3), 1 <= m <= 4096
        sRGB, all that there is to choose from. Entries that stand twice are chosen once.
    n : int
        How many, at least 1.
    space : str
        Where distance is measured: a key of ``SPACES``.
    locked : integers
        Numbers of entries that must be among the chosen, at most ``n`` different ones.

    Returns
    -------
    intp, shape (k,)
        Their numbers, in the order of the palette, ``k`` = ``n`` or as many different colours as there are.
        All of them if there are no more than ``n`` entries, even those that stand twice. The same on any
        number of threads.

    Raises
    ------
    QuantizeError
        If ``n`` or the palette is out of its limits, or more than ``n`` are locked.
    """
    if not 1 <= len(palette) <= MAX_ENTRIES:
        raise QuantizeError(f"palette must hold 1 to {MAX_ENTRIES:,} entries, got {len(palette):,}")
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1:
        raise QuantizeError(f"n must be a whole number of at least 1, got {shown(n)}")
    if n >= len(palette):
        return np.arange(len(palette))
    _, firsts, places = np.unique(palette, axis=0, return_index=True, return_inverse=True)
    rows = np.sort(firsts)
    is_locked = np.isin(rows, firsts[places.ravel()[np.asarray(locked, np.intp)]])
    if is_locked.sum() > n:
        raise QuantizeError(f"locked must be at most n = {n} colours, got {is_locked.sum()}: unlock some")
    if n >= len(rows):
        return rows
    costs = _weigh(histogram, palette[rows], space)
    return rows[_search(costs, is_locked, n)]


def _weigh(histogram: Histogram, palette: NDArray[np.uint8], space: str) -> NDArray[np.float32]:
    """Work out what every entry would cost every colour, float32 (entries, points)."""
    convert = find_space(space).to_working
    points, weights = _merge(histogram, min(MOST_POINTS, _MOST_COSTS // len(palette)))
    costs = np.empty((len(palette), len(points)), np.float32)
    weigh_distances(convert(palette), convert(points), weights / max(weights.sum(), 1), costs)
    return costs


def _merge(histogram: Histogram, most: int) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Put colours into ever larger cells until they are few; each has the mean of its colours."""
    colors, size = histogram.colors, 4
    counts: NDArray[Any] = histogram.counts.astype(np.float64)
    while len(colors) > most:
        red, green, blue = (colors // size).astype(np.int64).T
        _, cells = np.unique(red << 16 | green << 8 | blue, return_inverse=True)
        total = np.bincount(cells, weights=counts)
        sums = [np.bincount(cells, weights=colors[:, axis] * counts) for axis in range(3)]
        colors, counts, size = (np.stack(sums, axis=1) / total[:, None]).astype(np.float32), total, size * 2
    # A copy: to numba, what may not be written to is another type, and would be compiled for.
    return np.array(colors, np.float32), counts


def _search(costs: NDArray[np.float32], locked: NDArray[np.bool_], n: int) -> NDArray[np.bool_]:
    up, down = locked.copy(), np.ones(len(locked), bool)
    add_best(costs, up, n)
    if n == 1:  # then it is the best
        return up
    turned = np.ascontiguousarray(costs.T)
    drop_worst(turned, down, locked, n)
    starts = [up, down]
    if len(locked) <= FEW_ENTRIES and locked.sum() < n:
        starts += [_add_from(costs, locked, n, first) for first in np.flatnonzero(~locked).tolist()]
    totals = [swap_entries(costs, turned, taken, locked) for taken in starts]
    return starts[int(np.argmin(totals))]


def _add_from(costs: NDArray[np.float32], locked: NDArray[np.bool_], n: int, first: int) -> NDArray[np.bool_]:
    taken = locked.copy()
    taken[first] = True
    add_best(costs, taken, n)
    return taken
