"""Weighted k-means on a histogram's colours, in any working space (units are the space's own).

A start by splitting the costliest clusters along their widest axis; Lloyd's iteration with overshooting
steps; then rounds in which cheap centers move to costly clusters and back where that did not pay; last,
Lloyd's iteration on every single point. Sweeps look only where something moved, see ``kernels_sweep``. One
thread works, in one fixed order, so a result does not depend on how many there are.

Sources: Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28 (1982); Arthur and
Vassilvitskii, "k-means++", SODA 2007; and those that the kernels name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from numbers import Integral

import numpy as np
from numpy.typing import NDArray

from quantize.errors import QuantizeError, shown
from quantize.methods.clusters import Clusters
from quantize.methods.few_points import find_starts
from quantize.methods.fitter import EFFORTS, Checkpoint, Effort, Fitter
from quantize.methods.levels import Points

__all__ = ["EFFORTS", "INITS", "Fit", "Prepared", "fit", "fit_prepared", "prepare"]

INITS = ("split", "k-means++", "random")
# Beyond these, products of weights and squared distances leave the range of float32.
_FARTHEST = 1e9
_LIGHTEST, _HEAVIEST = 1e-15, 1e15
# Below this share of the largest, sums of weights could not tell a weight from none.
_LEAST_SHARE = np.float32(1e-9)
_MOST_RUNS = 10_000


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
    starts : tuple of float32, shape (k, 3)
        Centers from ``few_points`` that the fit started from, too.
    """

    centers: NDArray[np.float32]
    sse: float
    iterations: int
    starts: tuple[NDArray[np.float32], ...] = ()


@dataclass(frozen=True, eq=False)
class Prepared:
    """Points and weights that were checked, for any number of fits.

    Attributes
    ----------
    points : float32, shape (n, 3)
    weights : float32, shape (n,), all above 0
        In units of ``unit``.
    unit : float
    sorted : Points or None
        The same as searches take them; None of no points.
    """

    points: NDArray[np.float32]
    weights: NDArray[np.float32]
    unit: float
    sorted: Points | None


def prepare(points: NDArray[np.float32], weights: NDArray) -> Prepared:
    """Do what all fits of the same points have in common. Parameters and errors as for ``fit``."""
    points, weights = _checked(points, weights)
    weights, unit = _in_reach(weights)
    return Prepared(points, weights, unit, Points.of(points, weights) if len(points) else None)


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
        In the working space, no coordinate beyond ±10⁹; ``n`` may be 0.
    weights : number, shape (n,)
        Influence of each point: 0 to 10¹⁵, the largest at least 10⁻¹⁵. Below 10⁻⁹ of the largest they count
        as that, or as nothing if they are 0.
    n_centers : int, 1 to 256
        With as many as there are points or more, the points themselves are returned.
    init : "split", "k-means++" or "random"
        Start: splitting the costliest cluster, by its variance, again and again (needs no luck); or points
        drawn by Arthur and Vassilvitskii's rule; or points drawn evenly. Up to ``FEW_POINTS`` points those of
        ``few_points`` are tried besides, so that the error is never above that of Ward's merging.
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
    _check_choices(init, effort, attempts, max_iter, epsilon)
    return fit_prepared(
        prepare(points, weights), n_centers, init=init, effort=effort, attempts=attempts, max_iter=max_iter,
        epsilon=epsilon, seed=seed, keep=keep, checkpoint=checkpoint,
    )  # fmt: skip


def fit_prepared(
    prepared: Prepared,
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
    """Find centers as ``fit`` does, with the same result. Parameters and errors as there."""
    _check_choices(init, effort, attempts, max_iter, epsilon)
    kept = _checked_centers(n_centers, keep)
    points, weights = prepared.points, prepared.weights
    if prepared.sorted is None or n_centers - len(kept) >= len(points):
        return Fit(np.concatenate([kept, points]), 0.0, 0)
    fitter = Fitter(Clusters(prepared.sorted, n_centers, kept), kept, max_iter, epsilon, checkpoint)
    if init == "split":
        fitter.split(n_centers, EFFORTS[effort])
    else:
        fitter.draw(n_centers, EFFORTS[effort], init, attempts, np.random.default_rng(seed))
    found = _finish(fitter, EFFORTS[effort])
    starts = tuple(find_starts(points, weights, n_centers, kept))
    for start in starts:
        fitter.start_from(start, EFFORTS[effort])
        other = _finish(fitter, EFFORTS[effort])
        found = other if other.sse < found.sse else found
    return replace(found, sse=found.sse * prepared.unit, iterations=fitter.iterations, starts=starts)


def _finish(fitter: Fitter, effort: Effort) -> Fit:
    sse = fitter.finish(effort.last_passes)
    return Fit(fitter.clusters.centers, sse, fitter.iterations)


def _check_choices(init: str, effort: str, attempts: int, max_iter: int, epsilon: float) -> None:
    if init not in INITS:
        raise QuantizeError(f"init must be one of {', '.join(INITS)}, got {init!r}")
    if effort not in EFFORTS:
        raise QuantizeError(f"effort must be one of {', '.join(EFFORTS)}, got {effort!r}")
    for name, number in (("attempts", attempts), ("max_iter", max_iter)):
        if not (isinstance(number, Integral) and 1 <= number <= _MOST_RUNS):
            raise QuantizeError(f"{name} must be a whole number from 1 to {_MOST_RUNS}, got {shown(number)}")
    if not epsilon >= 0:
        raise QuantizeError(f"epsilon must be a number of at least 0, got {epsilon!r}")


def _in_reach(weights: NDArray[np.float32]) -> tuple[NDArray[np.float32], float]:
    """Scale weights so that float32 can multiply them by squared distances; return their unit, too."""
    most = float(weights.max(initial=0)) or 1.0
    # By a power of two, which changes no digit.
    unit = 1.0 if 1e-3 <= most <= 1e9 else float(2.0 ** np.floor(np.log2(most)))
    return np.maximum(weights / np.float32(unit), np.float32(most / unit) * _LEAST_SHARE), unit


def _floats(array: NDArray, name: str) -> NDArray[np.float32]:
    if np.iscomplexobj(array) or getattr(array, "dtype", np.dtype(float)).kind in "mMSU":
        raise QuantizeError(f"{name} must be an array of real numbers, got {np.asarray(array).dtype}")
    try:
        with np.errstate(over="ignore"):  # what is out of range is refused below
            return np.ascontiguousarray(array, np.float32)
    except (TypeError, ValueError, OverflowError):
        raise QuantizeError(f"{name} must be an array of numbers, got {type(array).__name__}") from None


def _checked(
    points: NDArray[np.float32], weights: NDArray
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    points, weights = _floats(points, "points"), _floats(weights, "weights")
    if points.ndim != 2 or points.shape[1] != 3:
        raise QuantizeError(f"points must have shape (rows, 3), got {points.shape}")
    if weights.shape != (len(points),):
        raise QuantizeError(f"weights must have shape ({len(points)},) like the points, got {weights.shape}")
    if not (np.isfinite(points).all() and np.isfinite(weights).all()):
        raise QuantizeError("points and weights must be finite numbers, got infinite ones or NaN")
    if not (np.abs(points) <= _FARTHEST).all():
        raise QuantizeError(f"points must lie within ±{_FARTHEST:g}, got {np.abs(points).max():g}")
    outside = (weights < 0) | (weights > _HEAVIEST)
    if outside.any():
        raise QuantizeError(f"weights must be from 0 to {_HEAVIEST:g}, got {weights[outside][0]:g}")
    if 0 < weights.max(initial=0) < _LIGHTEST:
        raise QuantizeError(
            f"weights must reach at least {_LIGHTEST:g}, got {weights.max():g} at most: multiply them all"
        )
    heavy = weights > 0
    if len(points) and not heavy.any():
        raise QuantizeError("weights must hold at least one number above 0, got none")
    if not heavy.all():
        points, weights = points[heavy], weights[heavy]
    return points, weights


def _checked_centers(n_centers: int, keep: NDArray[np.float32] | None) -> NDArray[np.float32]:
    """Return the centers that stay."""
    if not (isinstance(n_centers, Integral) and 1 <= n_centers <= 256):
        raise QuantizeError(f"n_centers must be 1 to 256, got {n_centers!r}")
    kept = np.zeros((0, 3), np.float32) if keep is None else _floats(keep, "keep")
    if kept.ndim != 2 or kept.shape[1] != 3 or len(kept) > n_centers:
        raise QuantizeError(
            f"keep must hold at most {n_centers} colours in shape (rows, 3), got {kept.shape}"
        )
    if not (np.abs(kept) <= _FARTHEST).all():
        raise QuantizeError(f"keep must lie within ±{_FARTHEST:g}, got others or NaN")
    return kept
