"""Several runs from different starts, side by side: why ``cv2.kmeans`` takes a number of attempts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Integral

import numpy as np
from numpy.typing import NDArray

from quantize.colors.histogram import Histogram
from quantize.errors import QuantizeError, shown
from quantize.teaching.starts import STARTS, choose_start, find_start
from quantize.teaching.trace import trace_run

__all__ = ["MOST_ATTEMPTS", "Attempt", "run_attempts"]

MOST_ATTEMPTS = 100


@dataclass(frozen=True, eq=False)
class Attempt:
    """One run.

    Attributes
    ----------
    init : str
        How it was started; a key of ``STARTS``.
    seed : int
        Which draw it was; 0 where none is drawn.
    errors : tuple of float
        Mean squared error of a pixel after each iteration, the first one first.
    centers : float64, shape (k, 3)
        Where it ended.
    """

    init: str
    seed: int
    errors: tuple[float, ...]
    centers: NDArray[np.float64]

    @property
    def error(self) -> float:
        """Mean squared error at the end."""
        return self.errors[-1]


def run_attempts(
    histogram: Histogram,
    n_centers: int,
    attempts: int,
    *,
    inits: Sequence[str] = tuple(STARTS),
    seed: int = 0,
    max_iter: int = 40,
    checkpoint: Callable[[], None] | None = None,
) -> tuple[Attempt, ...]:
    """Run k-means from so many draws of every start, and once from each that is not drawn.

    Parameters
    ----------
    histogram : Histogram
        At least one colour.
    n_centers : int, 1 to 256
    attempts : int, 1 to 100
    inits : sequence of str
        Keys of ``STARTS``.
    seed : int
        Of the first draw; the others follow.
    max_iter : int
        Iterations of each run, at most.
    checkpoint : callable, optional
        Called once for each iteration; whatever it raises ends the work.

    Returns
    -------
    tuple of Attempt
        In the order of ``inits``, draws in the order of their seeds.

    Raises
    ------
    QuantizeError
        If a number is out of range; all that ``choose_start`` and ``trace_run`` refuse.
    """
    if not (isinstance(attempts, Integral) and 1 <= attempts <= MOST_ATTEMPTS):
        raise QuantizeError(
            f"attempts must be a whole number from 1 to {MOST_ATTEMPTS}, got {shown(attempts)}"
        )

    def run(init: str, draw: int) -> Attempt:
        start = choose_start(histogram, n_centers, init, draw)
        trace = trace_run(histogram.colors, histogram.counts, start, max_iter=max_iter, checkpoint=checkpoint)
        ends = {step.iteration: step.sse for step in trace.steps if step.sse is not None}
        errors = tuple(sse / histogram.n_pixels for sse in ends.values())
        return Attempt(init, draw, errors, trace.centers)

    return tuple(
        run(start.key, seed + number if start.drawn else 0)
        for start in map(find_start, inits)
        for number in range(attempts if start.drawn else 1)
    )
