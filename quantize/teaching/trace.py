"""k-means watched at work: Lloyd's iteration as it is taught, and every step of it kept.

Choose centers; give every colour to its nearest center (*assign*); put every center at the mean of what it
has (*move*); again, until nothing changes. The points are a histogram's colours, in 8-bit sRGB units 0 to
255, each as heavy as it is frequent: that gives the same centers as all pixels one by one would. Distances,
sums and errors are float64. A center that has nothing stays where it is, so that it can be seen;
``cv2.kmeans`` would move it.

The fits of ``quantize.methods.kmeans`` are quicker and end lower; this one hides nothing.

Sources: Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28 (1982), doi
10.1109/TIT.1982.1056489; starts as ``choose_start`` says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quantize.errors import QuantizeError
from quantize.teaching.given import read_points, read_rows, read_weights, refuse_criteria
from quantize.teaching.kernels_trace import assign_points, sum_points, weigh_points
from quantize.threads import run_all, slices

__all__ = ["MOST_CENTERS", "Step", "Trace", "assign_colors", "trace_run"]

Checkpoint = Callable[[], None]
Kind = Literal["start", "assign", "move"]
End = Literal["settled", "epsilon", "max_iter"]

MOST_CENTERS = 256
# So many points are compared with a center at once; what is known of them stays in the fastest memory.
_ROOM = 512
_SMALLEST = 4096
# How far a center went may be rounded down by less than that.
_SLACK = 1e-12


@dataclass(frozen=True, eq=False)
class Step:
    """What holds after one step of a run.

    Attributes
    ----------
    kind : "start", "assign" or "move"
    iteration : int
        0 for the start, then 1, 2, …: each is one *assign* and, but for the last one perhaps, one *move*.
    centers : float64, shape (k, 3)
    counts : int64, shape (k,)
        Pixels of each center; zeros at the start, when nothing is assigned yet.
    sse : float or None
        Weighted sum of squared distances; None at the start. It never rises, rounding aside.
    moved : int
        Pixels that this step gave to another center; of the first *assign* all of them.
    shift : float
        How far the center went that this step moved farthest.
    """

    kind: Kind
    iteration: int
    centers: NDArray[np.float64]
    counts: NDArray[np.int64]
    sse: float | None
    moved: int
    shift: float


@dataclass(frozen=True, eq=False)
class Trace:
    """A whole run.

    Attributes
    ----------
    steps : tuple of Step
        The start; then *assign* and *move* in turns.
    end : "settled", "epsilon" or "max_iter"
        Why there are no more: no pixel changed its center; no center went farther than ``epsilon``; there
        were as many iterations as were allowed.
    labels : uint8, shape (n,)
        Center of each point at the end.
    """

    steps: tuple[Step, ...]
    end: End
    labels: NDArray[np.uint8]

    @property
    def centers(self) -> NDArray[np.float64]:
        """Centers at the end, float64 (k, 3)."""
        return self.steps[-1].centers

    @property
    def sse(self) -> float:
        """Error at the end."""
        return self.steps[-1].sse or 0.0

    @property
    def iterations(self) -> int:
        """How often points were assigned."""
        return self.steps[-1].iteration


def trace_run(
    colors: ArrayLike,
    counts: ArrayLike,
    start: ArrayLike,
    *,
    max_iter: int = 100,
    epsilon: float = 0.0,
    checkpoint: Checkpoint | None = None,
) -> Trace:
    """Run Lloyd's iteration and keep every step.

    Parameters
    ----------
    colors : number, shape (n, 3), n >= 1
        Points, as a rule distinct colours 0 to 255; no coordinate beyond ±10⁹.
    counts : number, shape (n,)
        Pixels of each, 1 to 10¹².
    start : number, shape (k, 3), 1 <= k <= 256
        Centers to start from; equal ones and such that nothing is near are allowed. See
        ``starts.choose_start``.
    max_iter : int, 1 to 10,000
        Iterations, at most.
    epsilon : float
        The run ends when no center went farther than this in one step; 0: when no pixel changes its center.
    checkpoint : callable, optional
        Called on the caller's thread once for each iteration; whatever it raises ends the work.

    Returns
    -------
    Trace
        The same on any number of threads. Of centers that are equally near the first one has the colour.

    Raises
    ------
    QuantizeError
        If an array has another shape or holds other numbers, or a number is out of range.
    """
    axes, weights = read_points(colors), read_weights(counts)
    if len(weights) != axes.shape[1]:
        raise QuantizeError(
            f"counts must have shape ({axes.shape[1]},) like the colours, got {weights.shape}"
        )
    centers = read_rows(start, "start")
    if not 1 <= len(centers) <= MOST_CENTERS:
        raise QuantizeError(f"start must hold 1 to {MOST_CENTERS} centers, got {len(centers)}")
    refuse_criteria(max_iter, epsilon)
    return _run(axes, weights, centers, int(max_iter), float(epsilon), checkpoint or (lambda: None))


def assign_colors(colors: ArrayLike, centers: ArrayLike) -> NDArray[np.uint8]:
    """Find the nearest center of each colour, as a run does: uint8 (n,), of equals the first.

    Parameters
    ----------
    colors : number, shape (n, 3)
        ``n`` may be 0.
    centers : number, shape (k, 3), 1 <= k <= 256

    Raises
    ------
    QuantizeError
        If an array has another shape or holds other numbers.
    """
    points, found = read_rows(colors, "colors"), read_rows(centers, "centers")
    if not 1 <= len(found) <= MOST_CENTERS:
        raise QuantizeError(f"centers must be 1 to {MOST_CENTERS}, got {len(found)}")
    return Assigner(np.ascontiguousarray(points.T)).assign(found)


class Assigner:
    """Gives the same points to centers that move, again and again.

    Parameters
    ----------
    axes : float64, shape (3, n)
        Coordinates of the points; unchecked.

    Attributes
    ----------
    labels : uint8, shape (n,)
        The nearest center of each point; changed in place.
    """

    def __init__(self, axes: NDArray[np.float64]) -> None:
        self.labels = np.zeros(axes.shape[1], np.uint8)
        self._axes = axes
        self._leads = np.full(axes.shape[1], -1.0)
        self._centers: NDArray[np.float64] | None = None

    def assign(self, centers: NDArray[np.float64]) -> NDArray[np.uint8]:
        """Find labels for these centers, float64 (k, 3), as many as before; return them, to be read only."""
        drifts = np.zeros(len(centers))
        if self._centers is not None:
            went = np.sqrt(np.square(centers - self._centers).sum(axis=1)) * (1 + _SLACK)
            drifts = went + went.max()
        self._centers = centers

        def assign(part: slice) -> None:
            near, which = np.empty((5, _ROOM)), np.empty((2, _ROOM), np.int64)
            assign_points(
                self._axes, centers, drifts, part.start, part.stop, near, which, self.labels, self._leads
            )

        run_all(partial(assign, part) for part in slices(len(self.labels), smallest=_SMALLEST))
        return self.labels


def _run(
    axes: NDArray[np.float64],
    weights: NDArray[np.float64],
    centers: NDArray[np.float64],
    max_iter: int,
    epsilon: float,
    checkpoint: Checkpoint,
) -> Trace:
    n_pixels, sums = int(weights.sum()), np.empty((len(centers), 4))
    steps = [Step("start", 0, centers, np.zeros(len(centers), np.int64), None, 0, 0.0)]
    assigner, labels = Assigner(axes), np.zeros(0, np.uint8)
    for iteration in range(1, max_iter + 1):
        checkpoint()
        before, labels = labels, assigner.assign(centers).copy()
        moved = n_pixels if iteration == 1 else int(weights[labels != before].sum())
        sum_points(axes, weights, labels, sums)
        counts, sse = sums[:, 0].astype(np.int64), weigh_points(axes, weights, labels, centers)
        steps.append(Step("assign", iteration, centers, counts, sse, moved, 0.0))
        if not moved:
            return Trace(tuple(steps), "settled", labels)
        means = _means(sums, centers)
        shift = float(np.sqrt(np.square(means - centers).sum(axis=1).max()))
        centers, sse = means, weigh_points(axes, weights, labels, means)
        steps.append(Step("move", iteration, centers, counts, sse, 0, shift))
        if epsilon and shift <= epsilon:
            return Trace(tuple(steps), "epsilon", labels)
    return Trace(tuple(steps), "max_iter", labels)


def _means(sums: NDArray[np.float64], centers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Average what each center has; one that has nothing stays."""
    has = sums[:, 0] > 0
    means = centers.copy()
    means[has] = sums[has, 1:] / sums[has, :1]
    return means
