"""Median cut: the box with the most pixels is cut into two with half of them each, again and again.

A box is cut across its longest side, which is that of the colours in it, in the units of the space; as near
to the weighted median as a plane between two different coordinates can be. A box of equal colours is left
whole. The colour of a box is the mean of its pixels.

Source: P. Heckbert, "Color image quantization for frame buffer display", SIGGRAPH 1982, doi
10.1145/800064.801294.
"""

import heapq

import numpy as np
from numpy.typing import NDArray

from quantize.methods.cuts import Checkpoint, by_cuts

Rows = NDArray[np.intp]


@by_cuts
def median_cut_centers(
    points: NDArray[np.float32], weights: NDArray[np.float64], n_centers: int, checkpoint: Checkpoint
) -> NDArray[np.float32]:
    """Find the means of median cut's boxes."""
    boxes = [(-float(weights.sum()), 0, np.arange(len(points)))]
    whole: list[Rows] = []
    n_boxes = 1
    while boxes and len(boxes) + len(whole) < n_centers:
        checkpoint()
        _, _, rows = heapq.heappop(boxes)
        halves = _cut(points, weights, rows)
        if halves is None:
            whole.append(rows)
        for half in halves or ():
            heapq.heappush(boxes, (-float(weights[half].sum()), n_boxes, half))  # the older of equals first
            n_boxes += 1
    found = [*whole, *(rows for *_, rows in boxes)]
    means = [np.average(points[rows].astype(np.float64), axis=0, weights=weights[rows]) for rows in found]
    return np.array(means, np.float32)


def _cut(points: NDArray[np.float32], weights: NDArray[np.float64], rows: Rows) -> tuple[Rows, Rows] | None:
    """Part rows at the median of their longest side; None if all are equal."""
    inside = points[rows]
    sides = inside.max(axis=0) - inside.min(axis=0)
    axis = int(sides.argmax())
    if not sides[axis] > 0:
        return None
    order = np.argsort(inside[:, axis], kind="stable")
    along = inside[order, axis]
    left = np.cumsum(weights[rows[order]])
    edges = np.flatnonzero(along[1:] > along[:-1])
    edge = edges[np.abs(left[edges] - left[-1] / 2).argmin()] + 1
    return rows[order[:edge]], rows[order[edge:]]
