"""What the ways share that find centers by cutting space once, without iteration: Wu, median cut, octree."""

from collections.abc import Callable
from functools import wraps
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from quantize.colors.spaces import Floats

Checkpoint = Callable[[], None]


class Cut(Protocol):
    """A way to cut; see ``by_cuts`` for what it takes and gives."""

    def __call__(
        self, points: Floats, weights: NDArray, n_centers: int, checkpoint: Checkpoint = ...
    ) -> Floats:
        """Find centers."""


def by_cuts(cut: Callable[[Floats, NDArray[np.float64], int, Checkpoint], Floats]) -> Cut:
    """Let a function that cuts take any weights, and be called without a checkpoint.

    What it makes of ``cut`` has these parameters:

    Parameters
    ----------
    points : float32, shape (n, 3), n >= 1
        In any working space.
    weights : shape (n,)
        Positive; ``cut`` gets them in float64.
    n_centers : int
        Wanted, at least 1.
    checkpoint : callable, optional
        Called before each cut, or a few of them; what it raises ends the work.

    Returns
    -------
    float32, shape (k, 3)
        The means of what was cut apart. ``k`` is ``n_centers``, or the number of points that differ (as far
        as the way can tell) if that is smaller.
    """

    @wraps(cut)
    def centers(
        points: Floats, weights: NDArray, n_centers: int, checkpoint: Checkpoint = lambda: None
    ) -> Floats:
        return cut(points, np.asarray(weights, np.float64), n_centers, checkpoint)

    return centers
