"""Starts for k-means where there are few points: what is best or nearly so can be worked out.

Splitting clusters and moving centers about, as ``fitter`` does, is at its best with many points for each
center. With few, as in drawings, greys and pixel art, or with about as many centers as points, two other ways
are better, and still quick:

- *Ward's merging* joins the two clusters whose union costs least until there are as many as wanted: the
  fewer mergings, the nearer to the optimum;
- points along a *line* or a bent one, as greys and ramps are, are cut where dynamic programming says, which
  on a straight line is the optimum.

Sources: that of ``kernels_ward``; H. Wang and M. Song, "Ckmeans.1d.dp: optimal k-means clustering in one
dimension by dynamic programming", The R Journal 3/2 (2011), doi 10.32614/RJ-2011-015.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from quantize.methods.kernels_few import cut_line
from quantize.methods.kernels_ward import merge_cheapest

FEW_POINTS = 4096
"""Up to so many, Ward's merging takes some 25 ms at most: its time grows with their square."""

_LINE_POINTS = 256  # as many as 8-bit colours on a straight line can be
_MOST_BENT = 1.5  # length of the way along the points, as a multiple of that between its ends

Floats = NDArray[np.float32]
Snap = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def find_starts(points: Floats, weights: Floats, n_centers: int, kept: Floats) -> Iterator[Floats]:
    """Find the centers to start from, float32 (k, 3), the kept ones first; none if there are too many points.

    Parameters
    ----------
    points : float32, shape (n, 3), n > n_centers - len(kept)
    weights : float32, shape (n,), all above 0
    n_centers : int
        Wanted, kept ones among them.
    kept : float32, shape (m, 3)
        Centers that stay where they are.
    """
    if len(points) > FEW_POINTS or n_centers == len(kept):
        return
    yield ward_centers(points, weights, n_centers, kept)
    if not len(kept):
        cut = line_centers(points, weights, n_centers)
        if cut is not None:
            yield cut


def ward_centers(points: Floats, weights: Floats, n_centers: int, kept: Floats) -> Floats:
    """Find the means of the clusters that Ward's merging leaves; kept ones take points in, but stay."""
    clusters = np.empty((4, len(kept) + len(points)))
    clusters[:3] = np.concatenate([kept, points]).T
    clusters[3, : len(kept)], clusters[3, len(kept) :] = 1, weights
    left = merge_cheapest(clusters, len(kept), n_centers)
    return np.ascontiguousarray(clusters[:3, :left].T, np.float32)


def line_centers(points: Floats, weights: Floats, n_centers: int, snap: Snap | None = None) -> Floats | None:
    """Find the means of the best runs of points along their line; None if they lie along none.

    Parameters
    ----------
    points, weights, n_centers
        As for ``find_starts``.
    snap : callable, optional
        Moves centers float64 (m, 3) to where they may be. The best runs are then those with which these
        have the least error.
    """
    if not n_centers < len(points) <= _LINE_POINTS:
        return None
    order = _along(points)
    if order is None:
        return None
    costs, centers = _runs(points[order].astype(np.float64), weights[order].astype(np.float64), snap)
    return np.array([centers[run] for run in best_cuts(costs, n_centers)], np.float32)


def best_cuts(costs: NDArray[np.float64], n_runs: int) -> list[tuple[int, int]]:
    """Cut 0, 1, … n - 1 into runs of the least cost in total.

    Parameters
    ----------
    costs : float64, shape (n, n)
        Of the run from ``first`` to ``last``, both in it, at ``[first, last]``; infinite where last < first.
    n_runs : int, 1 to n

    Returns
    -------
    list of (first, last)
    """
    ending = np.ascontiguousarray(costs.T)
    firsts = np.empty((n_runs, len(costs)), np.int32)
    cut_line(ending, np.minimum.accumulate(ending, axis=1), firsts)
    runs, last = [], len(costs) - 1
    for begins in firsts[::-1]:
        runs.append((int(begins[last]), last))
        last = runs[-1][0] - 1
    return runs[::-1]


def _along(points: Floats) -> NDArray[np.int64] | None:
    """Find the order of the points along the line between the two that are farthest apart, if they lie near
    one.
    """
    exact = points.astype(np.float64)
    start = exact[np.square(exact - exact.mean(axis=0)).sum(axis=1).argmax()]
    end = exact[np.square(exact - start).sum(axis=1).argmax()]
    order = np.argsort((exact - start) @ (end - start), kind="stable")
    way = np.sqrt(np.square(np.diff(exact[order], axis=0)).sum(axis=1)).sum()
    return order if way <= _MOST_BENT * np.sqrt(np.square(end - start).sum()) else None


def _runs(
    points: NDArray[np.float64], weights: NDArray[np.float64], snap: Snap | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Work out error float64 (n, n) and center float64 (n, n, 3) of every run of points."""
    n, middle = len(points), points.mean(axis=0)
    moved = points - middle  # sums of squares far from 0 would lose digits
    moments = np.stack([weights, *(weights * moved.T), weights * np.square(moved).sum(axis=1)])
    sums = np.concatenate([np.zeros((5, 1)), moments.cumsum(axis=1)], axis=1)
    of_run = sums[:, None, 1:] - sums[:, :-1, None]
    first, last = np.triu_indices(n)
    mass, total, squares = of_run[0, first, last], of_run[1:4, first, last].T, of_run[4, first, last]
    center = total / mass[:, None] + middle
    if snap is not None:
        center = snap(center)
    at = center - middle
    error = squares - 2 * (at * total).sum(axis=1) + mass * np.square(at).sum(axis=1)
    costs, centers = np.full((n, n), np.inf), np.zeros((n, n, 3))
    costs[first, last], centers[first, last] = np.maximum(error, 0), center
    return costs, centers
