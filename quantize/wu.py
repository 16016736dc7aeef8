"""Wu's palette: cut the colour space where it lowers the variance most, without any iteration.

Colours fall into 32×32×32 cells between the smallest and largest coordinate on each axis. Of every cell the
weight, the weighted coordinates and their squares are summed up, cumulatively, so that the moments of any box
of cells are a sum of eight numbers. The box with the largest variance is cut in two, at the plane that leaves
the least, until there are enough. Works in any space, as its moments are those of the colours themselves.

Source: X. Wu, "Efficient statistical computations for optimal color quantization", in Graphics Gems II, 1991.
"""

import heapq
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_SIDE = 32

Box = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]


def wu_centers(
    points: NDArray[np.float32],
    weights: NDArray,
    n_centers: int,
    checkpoint: Callable[[], None] = lambda: None,
) -> NDArray[np.float32]:
    """Find the means of Wu's boxes.

    Parameters
    ----------
    points : float32, shape (n, 3), n >= 1
        In any working space.
    weights : shape (n,)
        Positive.
    n_centers : int
        Boxes wanted, at least 1.
    checkpoint : callable
        Called before each cut.

    Returns
    -------
    float32, shape (k, 3)
        ``k`` is ``n_centers``, or fewer if no box can be cut further.
    """
    moments = _cumulative_moments(points, weights)
    everything: Box = ((0, _SIDE), (0, _SIDE), (0, _SIDE))
    boxes = [(-_variance(_sum_of(moments, everything)), everything)]
    whole: list[Box] = []
    while boxes and len(boxes) + len(whole) < n_centers:
        checkpoint()
        _, box = heapq.heappop(boxes)
        halves = _cut(moments, box)
        if halves is None:
            whole.append(box)
        for half in halves or ():
            heapq.heappush(boxes, (-_variance(_sum_of(moments, half)), half))
    sums = np.array([_sum_of(moments, box) for box in [*whole, *(box for _, box in boxes)]])
    return (sums[:, 1:4] / sums[:, :1]).astype(np.float32)


def _cumulative_moments(points: NDArray[np.float32], weights: NDArray) -> NDArray[np.float64]:
    """Weight, weighted coordinates and squared length of all cells before a corner: (5, 33, 33, 33)."""
    exact = points.astype(np.float64)
    low, high = exact.min(axis=0), exact.max(axis=0)
    cells = ((exact - low) / np.maximum(high - low, 1e-12) * _SIDE).astype(np.int64)
    places = np.ravel_multi_index(tuple(np.minimum(cells, _SIDE - 1).T), (_SIDE,) * 3)
    values = np.stack([np.ones(len(exact)), *exact.T, np.square(exact).sum(axis=1)]) * weights
    moments = np.zeros((5, _SIDE + 1, _SIDE + 1, _SIDE + 1))
    for moment, value in zip(moments, values, strict=True):
        moment[1:, 1:, 1:] = np.bincount(places, value, _SIDE**3).reshape(_SIDE, _SIDE, _SIDE)
    return moments.cumsum(axis=1).cumsum(axis=2).cumsum(axis=3)


def _sum_of(moments: NDArray[np.float64], box: Box) -> NDArray[np.float64]:
    """The five moments of a box of cells, each side half open."""
    for low, high in box:
        moments = moments[:, high] - moments[:, low]
    return moments


def _variance(sums: NDArray[np.float64]) -> float:
    """Weighted sum of squared distances to the mean, from the moments."""
    return float(sums[4] - np.square(sums[1:4]).sum() / sums[0]) if sums[0] > 0 else 0.0


def _cut(moments: NDArray[np.float64], box: Box) -> tuple[Box, Box] | None:
    """Cut a box at the plane that leaves the least variance; None if everything in it is in one cell."""
    best, where = -np.inf, None
    for axis, (low, high) in enumerate(box):
        if high - low < 2:
            continue
        planes = _planes(moments, box, axis)  # cumulative moments at each plane of the axis
        left, right = planes[:, 1:-1] - planes[:, :1], planes[:, -1:] - planes[:, 1:-1]
        parted = (left[0] > 0) & (right[0] > 0)
        explained = sum(
            np.square(half[1:4]).sum(axis=0) / np.where(parted, half[0], 1) for half in (left, right)
        )
        explained = np.where(parted, explained, -np.inf)
        at = int(explained.argmax())
        if explained[at] > best:
            best, where = float(explained[at]), (axis, low + 1 + at)
    if where is None:
        return None
    axis, plane = where
    halves = [list(box), list(box)]
    halves[0][axis], halves[1][axis] = (box[axis][0], plane), (plane, box[axis][1])
    first, second = (tuple(half) for half in halves)
    return first, second  # type: ignore[return-value]


def _planes(moments: NDArray[np.float64], box: Box, axis: int) -> NDArray[np.float64]:
    """Moments of what lies in the box's other two sides, cumulative along one axis: (5, cells + 1)."""
    low, high = box[axis]
    part = np.moveaxis(moments, axis + 1, 1)[:, low : high + 1]
    for other_low, other_high in (side for number, side in enumerate(box) if number != axis):
        part = part[:, :, other_high] - part[:, :, other_low]
    return part
