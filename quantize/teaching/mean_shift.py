"""Mean shift on a histogram: every colour climbs to the peak above it, and who shares a peak is a cluster.

Nobody says how many clusters there are; the width of the blur does (Comaniciu and Meer, "Mean Shift: A Robust
Approach Toward Feature Space Analysis", IEEE PAMI 24(5), 2002). Here the density is counted in cells of eight
levels, blurred by a Gaussian, and climbed from cell to highest neighbour, which ends at the same peaks.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.colors.histogram import Histogram
from quantize.errors import QuantizeError

__all__ = ["WIDTHS", "Modes", "find_modes"]

_SIDE = 32
_LEVELS = 256 // _SIDE
WIDTHS = tuple(0.25 * 2 ** (number / 4) for number in range(33))
"""Standard deviations of the blur that are tried, in cells: the narrowest leaves every cell to itself, the
widest, 64, no more than one peak of any cells.
"""


@dataclass(frozen=True, eq=False)
class Modes:
    """What was found.

    Attributes
    ----------
    centers : ndarray of float64, shape (m, 3)
        Mean colour of each cluster, 0 to 255, in the order of the points.
    counts : ndarray of int64, shape (m,)
        Pixels of each.
    width : float
        Standard deviation of the blur, in levels of a channel.
    """

    centers: NDArray[np.float64]
    counts: NDArray[np.int64]
    width: float


def find_modes(points: Histogram, most: int) -> Modes:
    """Find clusters by mean shift, as many as there are but no more than asked for.

    Parameters
    ----------
    points : Histogram
    most : int
        At least 1. The blur is the narrowest of ``WIDTHS`` found by halving that leaves no more peaks.

    Returns
    -------
    Modes
        From 1 to ``most`` clusters.

    Raises
    ------
    QuantizeError
        If less than one is asked for.
    """
    if most < 1:
        raise QuantizeError(f"clusters must be at least 1, got {most}: ask for one or more")
    cells = np.minimum(points.colors.astype(np.int64) // _LEVELS, _SIDE - 1)
    places = np.ravel_multi_index(tuple(cells.T), (_SIDE,) * 3)
    counts = points.counts.astype(np.float64)
    density: NDArray[np.float64] = np.bincount(places, counts, _SIDE**3).astype(np.float64)
    density = density.reshape((_SIDE,) * 3)
    low, high = 0, len(WIDTHS) - 1
    while low < high:
        middle = (low + high) // 2
        if len(np.unique(_peaks(density, WIDTHS[middle])[places])) <= most:
            high = middle
        else:
            low = middle + 1
    return _gather(points, _peaks(density, WIDTHS[high])[places], WIDTHS[high] * _LEVELS)


def _peaks(density: NDArray[np.float64], width: float) -> NDArray[np.int64]:
    """Find for each cell, flat, the one at which a climb from it ends; of equals the first is higher."""
    away = np.subtract.outer(np.arange(_SIDE), np.arange(_SIDE)) / width
    blur = np.exp(-0.5 * away**2)
    for _ in range(3):  # along each axis, which comes first in turn
        density = np.moveaxis(np.tensordot(blur, density, axes=(1, 0)), 0, 2)
    place = np.arange(_SIDE**3).reshape(density.shape)
    around, places = np.pad(density, 1, constant_values=-1.0), np.pad(place, 1, constant_values=_SIDE**3)
    best, upward = density.copy(), place.copy()
    for corner in itertools.product(range(3), repeat=3):
        window = tuple(slice(start, start + _SIDE) for start in corner)
        higher = (around[window] > best) | ((around[window] == best) & (places[window] < upward))
        best[higher], upward[higher] = around[window][higher], places[window][higher]
    ends: NDArray[np.int64] = upward.ravel()
    while not np.array_equal(ends, ends[ends]):
        ends = ends[ends]
    return ends


def _gather(points: Histogram, peaks: NDArray[np.int64], width: float) -> Modes:
    """Take the mean colours of all whose climbs end at the same cell."""
    _, first, labels = np.unique(peaks, return_index=True, return_inverse=True)
    labels = np.argsort(np.argsort(first))[labels.ravel()]
    counts = np.bincount(labels, points.counts)
    sums = [np.bincount(labels, points.counts * points.colors[:, channel]) for channel in range(3)]
    return Modes(np.stack(sums, axis=1) / counts[:, None], counts.astype(np.int64), width)
