"""Wu's palette: cut the colour space where it lowers the variance most, without any iteration.

Colours fall into 32×32×32 cells between the smallest and largest coordinate on each axis. Of every cell the
weight, the weighted coordinates and their squares are summed up, cumulatively, so that the moments of any box
of cells are a sum of eight numbers. The box with the largest variance is cut in two, at the plane that leaves
the least, until there are enough. Works in any space, as its moments are those of the colours themselves.
Where Wu stops, at a box of a single cell, its colours are sorted, and cut in the same way between any two.

Source: X. Wu, "Efficient statistical computations for optimal color quantization", in Graphics Gems II, 1991.
"""

import heapq

import numpy as np
from numpy.typing import NDArray

from quantize.methods.cuts import Checkpoint, by_cuts

_SIDE = 32

Sides = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]
"""Of a box of cells: the first on each axis, and the one behind the last."""

Rows = NDArray[np.intp]


@by_cuts
def wu_centers(
    points: NDArray[np.float32], weights: NDArray[np.float64], n_centers: int, checkpoint: Checkpoint
) -> NDArray[np.float32]:
    """Find the means of Wu's boxes."""
    boxes = _Boxes(points, weights)
    while boxes.left and len(boxes.left) + len(boxes.whole) < n_centers:
        checkpoint()
        boxes.cut_one()
    return boxes.means()


class _Boxes:
    """What has been cut so far: ``left`` is a heap of boxes, the largest variance first; ``whole`` are done.

    A box is a block of cells, or rows of points if it is part of a single cell.
    """

    def __init__(self, points: NDArray[np.float32], weights: NDArray[np.float64]) -> None:
        self._points = points.astype(np.float64)
        self._weights = weights
        self._cells = _cells_of(self._points)
        self._moments = _cumulative_moments(self._points, self._weights, self._cells)
        self.left: list[tuple[float, int, Sides | Rows]] = []
        self.whole: list[Rows] = []
        self._n_pushed = 0
        self._push(((0, _SIDE),) * 3, _sum_of(self._moments, ((0, _SIDE),) * 3))

    def cut_one(self) -> None:
        """Cut the box of the largest variance, or find that all its points are equal."""
        *_, box = heapq.heappop(self.left)
        if not isinstance(box, tuple):
            self._cut_rows(box)
        elif (halves := _cut(self._moments, box)) is None:
            self._cut_rows(self._rows_in(box))
        else:
            for half in halves:
                self._push(half, _sum_of(self._moments, half))

    def means(self) -> NDArray[np.float32]:
        """Work out the weighted means of all boxes, float32 (k, 3)."""
        boxes = [*self.whole, *(box for *_, box in self.left)]
        of_cell = np.zeros((_SIDE,) * 3, np.int64)
        for number, box in enumerate(boxes):
            if isinstance(box, tuple):
                of_cell[tuple(slice(*side) for side in box)] = number
        labels = of_cell[tuple(self._cells.T)]
        for number, box in enumerate(boxes):
            if not isinstance(box, tuple):
                labels[box] = number
        total = np.bincount(labels, self._weights)
        sums = [np.bincount(labels, self._weights * axis) for axis in self._points.T]
        return (np.stack(sums, axis=1) / total[:, None]).astype(np.float32)

    def _push(self, box: Sides | Rows, sums: NDArray[np.float64]) -> None:
        # Numbered, so that the older of equals comes first and no two boxes are ever compared.
        heapq.heappush(self.left, (-_variance(sums), self._n_pushed, box))
        self._n_pushed += 1

    def _rows_in(self, box: Sides) -> Rows:
        low, high = np.array(box).T
        return np.flatnonzero(((self._cells >= low) & (self._cells < high)).all(axis=1))

    def _cut_rows(self, rows: Rows) -> None:
        points, weights = self._points[rows], self._weights[rows]
        halves = _cut_points(points, weights)
        if halves is None:
            self.whole.append(rows)
        for half in halves or ():
            self._push(rows[half], _totals(points[half], weights[half]).sum(axis=1))


def _cells_of(points: NDArray[np.float64]) -> NDArray[np.int64]:
    low, high = points.min(axis=0), points.max(axis=0)
    cells = ((points - low) / np.maximum(high - low, 1e-12) * _SIDE).astype(np.int64)
    return np.minimum(cells, _SIDE - 1)


def _totals(points: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Work out, of each point, weight, weighted coordinates and squared length, and 1: float64 (6, n)."""
    one = np.ones(len(points))
    return np.stack([weights, *(points.T * weights), np.square(points).sum(axis=1) * weights, one])


def _cumulative_moments(
    points: NDArray[np.float64], weights: NDArray[np.float64], cells: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the totals of all cells before a corner: (6, 33, 33, 33)."""
    places = np.ravel_multi_index(tuple(cells.T), (_SIDE,) * 3)
    moments = np.zeros((6, _SIDE + 1, _SIDE + 1, _SIDE + 1))
    for moment, value in zip(moments, _totals(points, weights), strict=True):
        moment[1:, 1:, 1:] = np.bincount(places, value, _SIDE**3).reshape(_SIDE, _SIDE, _SIDE)
    return moments.cumsum(axis=1).cumsum(axis=2).cumsum(axis=3)


def _sum_of(moments: NDArray[np.float64], box: Sides) -> NDArray[np.float64]:
    """Return the moments of a box of cells, each side half open."""
    for low, high in box:
        moments = moments[:, high] - moments[:, low]
    return moments


def _variance(sums: NDArray[np.float64]) -> float:
    """Work out the weighted sum of squared distances to the mean, from the moments."""
    return float(sums[4] - np.square(sums[1:4]).sum() / sums[0]) if sums[0] > 0 else 0.0


def _cut(moments: NDArray[np.float64], box: Sides) -> tuple[Sides, Sides] | None:
    """Cut a box at the plane that leaves the least variance; None if everything in it is in one cell."""
    best, where = -np.inf, None
    for axis, (low, high) in enumerate(box):
        if high - low < 2:
            continue
        planes = _planes(moments, box, axis)  # cumulative moments at each plane of the axis
        explained = _explained(planes[:, 1:-1] - planes[:, :1], planes[:, -1:] - planes[:, 1:-1])
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


def _explained(left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Tell what each way to part a box, given as moments (6, ways), takes off its variance, but for a
    constant.
    """
    # Counted, not weighed: sums of weights that are no whole numbers do not come back to exactly 0.
    parted = (left[5] > 0) & (right[5] > 0)
    squares = [np.square(half[1:4]).sum(axis=0) / np.where(half[0] > 0, half[0], 1) for half in (left, right)]
    return np.where(parted, squares[0] + squares[1], -np.inf)


def _planes(moments: NDArray[np.float64], box: Sides, axis: int) -> NDArray[np.float64]:
    """Find moments of what lies in the box's other two sides, cumulative along one axis: (6, cells + 1)."""
    low, high = box[axis]
    part = np.moveaxis(moments, axis + 1, 1)[:, low : high + 1]
    for other_low, other_high in (side for number, side in enumerate(box) if number != axis):
        part = part[:, :, other_high] - part[:, :, other_low]
    return part


def _cut_points(points: NDArray[np.float64], weights: NDArray[np.float64]) -> tuple[Rows, Rows] | None:
    """Do the same for points that share a cell: which of them go into each half; None if all are equal."""
    best, halves = -np.inf, None
    points = points - points[0]  # a cell is small and may be far away
    for axis in range(3):
        order = np.argsort(points[:, axis], kind="stable")
        along = points[order, axis]
        edges = np.flatnonzero(along[1:] > along[:-1])
        if not len(edges):
            continue
        left = _totals(points[order], weights[order]).cumsum(axis=1)
        explained = _explained(left[:, edges], left[:, -1:] - left[:, edges])
        at = int(explained.argmax())
        if explained[at] > best:
            best, halves = float(explained[at]), (order[: edges[at] + 1], order[edges[at] + 1 :])
    return halves
