"""Cluster a part of a picture's pixels and give the centers to all of them: how many are enough?

A sample is every nth pixel of every nth row. It is clustered as the whole would be, from the same kind of
start, without chance; then every colour of the picture goes to its nearest center, and that error is what
counts.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from quantize.colors.colorset import ColorSet
from quantize.colors.opacity import is_visible
from quantize.decoding.picture import Picture
from quantize.rendering.previews import preview
from quantize.teaching.points import find_points
from quantize.teaching.starts import choose_start
from quantize.teaching.trace import Assigner, trace_run

__all__ = ["ENOUGH", "SIDES", "Sample", "find_enough", "try_samples"]

SIDES = (25, 50, 100, 200, 400, 800, 1600)
"""Longest sides of samples."""
ENOUGH = 0.01
"""By how much a sample's error may be above that of the whole picture, to be as good."""

_TIMES, _LONG = 3, 0.5
Made = TypeVar("Made")


@dataclass(frozen=True)
class Sample:
    """One sample and what became of it.

    Attributes
    ----------
    n_pixels : int
        Visible pixels that were clustered.
    seconds : float
        What counting and clustering them took; where that is little, the median of three times.
    error : float
        Mean squared error over all visible pixels of the picture.
    """

    n_pixels: int
    seconds: float
    error: float


def try_samples(
    picture: Picture,
    n_centers: int,
    *,
    sides: Sequence[int] = SIDES,
    max_iter: int = 40,
    checkpoint: Callable[[], None] | None = None,
) -> tuple[Sample, ...]:
    """Cluster samples of a picture, and the whole of it at last.

    Parameters
    ----------
    picture : Picture
        With at least one visible pixel.
    n_centers : int, 1 to 256
    sides : sequence of int
        Longest sides of samples, rising; those that the picture does not reach are left out, as are samples
        without a visible pixel.
    max_iter : int
        Iterations, at most.
    checkpoint : callable, optional
        Called once for each iteration; whatever it raises ends the work.

    Returns
    -------
    tuple of Sample
        From small to large; the last one is the whole picture.

    Raises
    ------
    QuantizeError
        All that ``choose_start`` and ``trace_run`` refuse.
    """
    height, width = picture.pixels.shape[:2]
    wanted = [side for side in sides if side < max(height, width)]
    tried = [_try(picture, side, n_centers, max_iter, checkpoint) for side in (*wanted, max(height, width))]
    return tuple(sample for sample in tried if sample)


def find_enough(samples: Sequence[Sample]) -> Sample:
    """Find the smallest sample from which on all errors are within 1 % of the whole picture's."""
    limit = (1 + ENOUGH) * samples[-1].error
    return next(
        sample for place, sample in enumerate(samples) if all(one.error <= limit for one in samples[place:])
    )


def _try(
    picture: Picture, side: int, n_centers: int, max_iter: int, checkpoint: Callable[[], None] | None
) -> Sample | None:
    pixels = preview(picture.pixels, side)
    alpha = None if picture.alpha is None else preview(picture.alpha, side)
    if alpha is not None and not is_visible(alpha).any():
        return None

    def cluster() -> tuple[int, NDArray[np.float64]]:
        points = find_points(Picture.from_pixels(pixels, alpha))
        start = choose_start(points, n_centers, "split")
        trace = trace_run(points.colors, points.counts, start, max_iter=max_iter, checkpoint=checkpoint)
        return points.n_pixels, trace.centers

    (n_pixels, centers), seconds = _time(cluster)
    return Sample(n_pixels, seconds, _error(picture.color_set, centers))


def _time(work: Callable[[], Made]) -> tuple[Made, float]:
    """Do work and say how long it took: the median of short times, which what others do disturbs."""
    took: list[float] = []
    while True:
        started = time.perf_counter()
        made = work()
        took.append(time.perf_counter() - started)
        if len(took) == _TIMES or took[0] > _LONG:
            return made, statistics.median(took)


def _error(found: ColorSet, centers: NDArray[np.float64]) -> float:
    colors = found.colors.astype(np.float64)
    labels = Assigner(np.ascontiguousarray(colors.T)).assign(centers)
    squares = np.square(colors - centers[labels]).sum(axis=1)
    return float((squares * found.counts).sum() / found.counts.sum())
