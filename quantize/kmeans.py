"""Weighted k-means on a histogram's colours, in any working space (units are the space's own).

Lloyd's iteration: give each point to its nearest center, move each center to its points' weighted mean, until
no center moves farther than ``epsilon``. Points are taken in one fixed order, so a result does not
depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize import kernels
from quantize.errors import QuantizeError
from quantize.rounding import distinct_palette

__all__ = ["EFFORTS", "INITS", "Fit", "distinct_palette", "fit", "fit_many"]

INITS = ("split", "k-means++", "random")
EFFORTS = ("fast", "normal", "best")
Checkpoint = Callable[[], None]


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
        How long to look for something better.
    attempts : int
        Starts to try (of "split" there is only one); the one of least error wins.
    max_iter : int
        Passes over the points in one attempt, at most.
    epsilon : float
        Stop when no center moved farther than this, in units of the space.
    seed : int
        For the drawn starts.
    keep : float32, shape (m, 3), m <= n_centers, optional
        Centers that stay where they are.
    checkpoint : callable, optional
        Called often on the caller's thread; whatever it raises ends the work.

    Returns
    -------
    Fit
        The same on any number of threads.

    Raises
    ------
    QuantizeError
        If a number is out of range or an array has another shape.
    """
    if init not in INITS:
        raise QuantizeError(f"init must be one of {', '.join(INITS)}, got {init!r}")
    if effort not in EFFORTS:
        raise QuantizeError(f"effort must be one of {', '.join(EFFORTS)}, got {effort!r}")
    points, weights, kept = _checked(points, weights, n_centers, keep)
    if n_centers >= len(points) and not len(kept):
        return Fit(points.copy(), 0.0, 0)
    rng = np.random.default_rng(seed)
    starts = 1 if init == "split" else attempts
    fits = [
        _lloyd(
            points,
            weights,
            _start(points, weights, n_centers, init, rng, kept),
            len(kept),
            max_iter,
            epsilon,
            checkpoint,
        )
        for _ in range(starts)
    ]
    return min(fits, key=lambda found: found.sse)


def fit_many(
    points: NDArray[np.float32],
    weights: NDArray,
    n_centers: Sequence[int],
    *,
    checkpoint: Checkpoint | None = None,
) -> list[Fit]:
    """Fit several numbers of centers to the same points, for a curve of error against K."""
    return [fit(points, weights, number, checkpoint=checkpoint) for number in n_centers]


def _checked(points, weights, n_centers, keep):  # type: ignore[no-untyped-def]
    points = np.ascontiguousarray(points, np.float32)
    if points.ndim != 2 or points.shape[1] != 3:
        raise QuantizeError(f"points must have shape (rows, 3), got {points.shape}")
    weights = np.ascontiguousarray(weights, np.float32)
    if weights.shape != (len(points),):
        raise QuantizeError(f"weights must have shape ({len(points)},) like the points, got {weights.shape}")
    if not 1 <= n_centers <= 256:
        raise QuantizeError(f"n_centers must be 1 to 256, got {n_centers}")
    kept = np.zeros((0, 3), np.float32) if keep is None else np.ascontiguousarray(keep, np.float32)
    if kept.ndim != 2 or kept.shape[1] != 3 or len(kept) > n_centers:
        raise QuantizeError(
            f"keep must hold at most {n_centers} colours in shape (rows, 3), got {kept.shape}"
        )
    return points, weights, kept


def _start(points, weights, n_centers, init, rng, kept):  # type: ignore[no-untyped-def]
    if len(points) == 0:
        return np.concatenate([kept, np.zeros((n_centers - len(kept), 3), np.float32)])
    if init == "random":
        drawn = rng.choice(len(points), min(len(points), n_centers - len(kept)), replace=False)
        return np.concatenate([kept, points[drawn]])
    centers = (
        kept if len(kept) else points[rng.choice(len(points), 1, p=weights / weights.sum(dtype=np.float64))]
    )
    nearest = np.full(len(points), np.inf)
    for center in centers:
        nearest = np.minimum(nearest, ((points - center) ** 2).sum(axis=1))
    while len(centers) < n_centers:
        cost = nearest * weights
        if cost.sum() == 0:
            break
        row = int(cost.argmax()) if init == "split" else rng.choice(len(points), p=cost / cost.sum())
        centers = np.concatenate([centers, points[row][None]])
        nearest = np.minimum(nearest, ((points - points[row]) ** 2).sum(axis=1))
    return centers


def _lloyd(points, weights, centers, n_kept, max_iter, epsilon, checkpoint):  # type: ignore[no-untyped-def]
    centers = centers.copy()
    sums, costs = np.empty((len(centers), 4)), np.empty(len(centers))
    passes = 0
    for _ in range(max_iter):
        if checkpoint:
            checkpoint()
        passes += 1
        kernels.lloyd_sums(points, weights, centers, sums, costs)
        moving = (sums[:, 0] > 0) & (np.arange(len(centers)) >= n_kept)
        means = (sums[moving, 1:] / sums[moving, :1]).astype(np.float32)
        farthest = np.square(means - centers[moving]).sum(axis=1).max(initial=0.0)
        centers[moving] = means
        if farthest <= epsilon**2:
            break
    sse = kernels.lloyd_sums(points, weights, centers, sums, costs)
    return Fit(centers, float(sse), passes)
