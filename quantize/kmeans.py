"""Weighted k-means on a histogram's colours, in any working space (units are the space's own).

A start by splitting the costliest clusters along their widest axis; Lloyd's iteration with overshooting
steps; then rounds in which cheap centers move to costly clusters and back where that did not pay; last,
Lloyd's iteration on every single point. Sweeps look only where something moved, see ``kernels_sweep``. One
thread works, in one fixed order, so a result does not depend on how many there are.

Sources: Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28 (1982); Arthur and
Vassilvitskii, "k-means++", SODA 2007; and those that the kernels name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.clusters import Clusters
from quantize.errors import QuantizeError
from quantize.rounding import distinct_palette
from quantize.search import EFFORTS, Checkpoint, Search

__all__ = ["EFFORTS", "INITS", "Fit", "distinct_palette", "fit", "fit_many"]

INITS = ("split", "k-means++", "random")


@dataclass(frozen=True, eq=False)
class Fit:
    """What k-means found.

    Parameters
    ----------
    centers : float32, shape (k, 3)
        Kept centers first, as they were given.
    sse : float
        Weighted sum of squared errors.
    iterations : int
        Passes over the points.
    """

    centers: NDArray[np.float32]
    sse: float
    iterations: int


def fit(
    points: NDArray[np.float32],
    weights: NDArray,
    n_centers: int,
    *,
    init: str = "split",
    effort: str = "normal",
    attempts: int = 1,
    max_iter: int = 100,
    epsilon: float = 0.05,
    seed: int = 0,
    keep: NDArray[np.float32] | None = None,
    checkpoint: Checkpoint | None = None,
) -> Fit:
    """Find centers with a small weighted sum of squared distances to the points.

    Parameters
    ----------
    points : float32, shape (n, 3)
        In the working space; ``n`` may be 0.
    weights : number, shape (n,)
        Influence of each point, not negative.
    n_centers : int, 1 to 256
        With as many as there are points or more, the points themselves are returned.
    init : "split", "k-means++" or "random"
        Start: splitting the costliest cluster, by its variance, again and again (needs no luck); or points
        drawn by Arthur and Vassilvitskii's rule; or points drawn evenly.
    effort : "fast", "normal" or "best"
        How long to look for something better: only Lloyd's iteration; with some exchanges of centers; with
        several starts and exchanges until they no longer help. About 1 : 3 : 20 in time.
    attempts : int
        Starts to try (of "split" there is only one); the one of least error goes on.
    max_iter : int
        Passes over the points in any one descent, at most.
    epsilon : float
        A descent ends when no center is farther than this from its points' mean, in units of the space.
    seed : int
        For the drawn starts.
    keep : float32, shape (m, 3), m <= n_centers, optional
        Centers that stay where they are.
    checkpoint : callable, optional
        Called often on the caller's thread; whatever it raises ends the work.

    Returns
    -------
    Fit
        The same on any number of threads. Fewer centers only if fewer points differ.

    Raises
    ------
    QuantizeError
        If a number is out of range or an array has another shape.
    """
    if init not in INITS:
        raise QuantizeError(f"init must be one of {', '.join(INITS)}, got {init!r}")
    points, weights, kept = _checked(points, weights, n_centers, keep, effort)
    if n_centers - len(kept) >= len(points):
        return Fit(np.concatenate([kept, points]), 0.0, 0)
    search = Search(Clusters(points, weights, n_centers, kept), kept, max_iter, epsilon, checkpoint)
    if init == "split":
        search.split(n_centers, EFFORTS[effort])
    else:
        search.draw(n_centers, EFFORTS[effort], init, attempts, np.random.default_rng(seed))
    return _finish(search, EFFORTS[effort].last_passes)


def fit_many(
    points: NDArray[np.float32],
    weights: NDArray,
    n_centers: Sequence[int],
    *,
    effort: str = "fast",
    max_iter: int = 100,
    epsilon: float = 0.05,
    keep: NDArray[np.float32] | None = None,
    checkpoint: Checkpoint | None = None,
) -> list[Fit]:
    """Fit several numbers of centers to the same points, as for a curve of the error against K.

    Each larger number grows from the next smaller one, which saves most of the work of separate fits.

    Parameters
    ----------
    n_centers : sequence of int, each 1 to 256
        In any order.
    points, weights, effort, max_iter, epsilon, keep, checkpoint
        As for ``fit``.

    Returns
    -------
    list of Fit
        In the order of ``n_centers``.

    Raises
    ------
    QuantizeError
        As ``fit`` does.
    """
    if not len(n_centers):
        return []
    for number in n_centers:
        points, weights, kept = _checked(points, weights, number, keep, effort)
    fits: dict[int, Fit] = {}
    search = None
    for number in sorted(set(n_centers)):
        if number - len(kept) >= len(points):
            fits[number] = Fit(np.concatenate([kept, points]), 0.0, 0)
            continue
        if search is None:
            search = Search(
                Clusters(points, weights, max(n_centers), kept), kept, max_iter, epsilon, checkpoint
            )
        search.go_on(number, EFFORTS[effort])
        fits[number] = _finish(search, EFFORTS[effort].last_passes)
    return [fits[number] for number in n_centers]


def _finish(search: Search, passes: int) -> Fit:
    sse = search.finish(passes)
    return Fit(search.clusters.centers, sse, search.iterations)


def _checked(
    points: NDArray[np.float32],
    weights: NDArray,
    n_centers: int,
    keep: NDArray[np.float32] | None,
    effort: str,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    if effort not in EFFORTS:
        raise QuantizeError(f"effort must be one of {', '.join(EFFORTS)}, got {effort!r}")
    points = np.ascontiguousarray(points, np.float32)
    if points.ndim != 2 or points.shape[1] != 3:
        raise QuantizeError(f"points must have shape (rows, 3), got {points.shape}")
    weights = np.ascontiguousarray(weights, np.float32)
    if weights.shape != (len(points),):
        raise QuantizeError(f"weights must have shape ({len(points)},) like the points, got {weights.shape}")
    if not (np.isfinite(points).all() and np.isfinite(weights).all()):
        raise QuantizeError("points and weights must be finite numbers, got infinite ones or NaN")
    if not 1 <= n_centers <= 256:
        raise QuantizeError(f"n_centers must be 1 to 256, got {n_centers}")
    kept = np.zeros((0, 3), np.float32) if keep is None else np.ascontiguousarray(keep, np.float32)
    if kept.ndim != 2 or kept.shape[1] != 3 or len(kept) > n_centers:
        raise QuantizeError(
            f"keep must hold at most {n_centers} colours in shape (rows, 3), got {kept.shape}"
        )
    heavy = weights > 0
    if heavy.any() and not heavy.all():
        points, weights = points[heavy], weights[heavy]
    return points, weights, kept
