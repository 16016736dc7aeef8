"""numba loops that arrange points for k-means: neighbours side by side, in groups with known bounding boxes.

Points are sorted in Morton order on a grid of 64 steps over the longest side of their bounding box. A *group*
is a run of at most 64 points in one cube of 4 steps a side, a *block* a run of at most 8 groups in one cube
of 8. The groups of a picture are small enough that one center or two serve all of a group.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import uint32, uint64

from quantize.colors.kernels_count import SPREAD
from quantize.compiling import loop

LONGEST_GROUP = 64
LONGEST_BLOCK = 8


def sort_points(points: Any, weights: Any, axes: Any, keys: Any) -> None:
    """Write points float32 (n, 3) and weights, sorted, to ``axes`` float32 (4, n), cells to ``keys``."""
    # To make arrays in a loop takes long to compile.
    _sort(points, weights, axes, keys, np.empty(len(points), np.uint32), np.zeros((1 << 18) + 1, np.uint32))


@loop
def _sort(points: Any, weights: Any, axes: Any, keys: Any, cells: Any, count: Any) -> None:
    n = points.shape[0]
    extent = np.float32(1e-30)
    for axis in range(3):
        low = high = points[0, axis]
        for i in range(n):
            low, high = min(low, points[i, axis]), max(high, points[i, axis])
        axes[axis, 0] = low  # the corner, until points are written
        extent = max(extent, high - low)
    scale = np.float32(63.99) / extent
    for i in range(n):
        x = SPREAD[uint64((points[i, 0] - axes[0, 0]) * scale)]
        y = SPREAD[uint64((points[i, 1] - axes[1, 0]) * scale)]
        z = SPREAD[uint64((points[i, 2] - axes[2, 0]) * scale)]
        cells[i] = x << uint32(2) | y << uint32(1) | z
        count[uint64(cells[i]) + uint64(1)] += uint32(1)
    for cell in range(uint64(1 << 18)):
        count[cell + uint64(1)] += count[cell]
    for i in range(n):
        place = uint64(count[uint64(cells[i])])
        count[uint64(cells[i])] += uint32(1)
        keys[place] = cells[i]
        axes[0, place], axes[1, place], axes[2, place] = points[i, 0], points[i, 1], points[i, 2]
        axes[3, place] = weights[i]


@loop
def merge_points(axes: Any, keys: Any, bits: Any, merged: Any, merged_keys: Any, parents: Any) -> Any:
    """Merge sorted points of one cube of 2^``bits`` cells a side into their mean; return how many are left.

    ``parents`` uint32 (n,) gets the merged point of each point.
    """
    n, cell = uint64(keys.shape[0]), -1
    x, y, z, w = 0.0, 0.0, 0.0, 0.0
    for i in range(n):
        if i == uint64(0) or (keys[i] ^ merged_keys[cell]) >> uint32(3 * bits):
            cell += 1
            merged_keys[cell] = keys[i]
            x, y, z, w = 0.0, 0.0, 0.0, 0.0
        weight = np.float64(axes[3, i])
        w += weight
        x += weight * axes[0, i]
        y += weight * axes[1, i]
        z += weight * axes[2, i]
        merged[0, cell], merged[1, cell], merged[2, cell], merged[3, cell] = x / w, y / w, z / w, w
        parents[i] = cell
    return cell + 1


@loop
def find_groups(keys: Any, starts: Any, blocks: Any) -> Any:
    """Cut sorted points into groups and those into blocks; return how many there are of each.

    ``starts`` uint32 gets the first point of each group, ``blocks`` uint32 the first group of each block;
    both end with one entry more.
    """
    n, group, block = keys.shape[0], 0, 0
    for i in range(n):
        cut = i == 0 or keys[i] >> uint32(6) != keys[i - 1] >> uint32(6)
        if cut or i - starts[group - 1] == LONGEST_GROUP:
            if (
                i == 0
                or keys[i] >> uint32(9) != keys[i - 1] >> uint32(9)
                or group - blocks[block - 1] == LONGEST_BLOCK
            ):
                blocks[block] = group
                block += 1
            starts[group] = i
            group += 1
    starts[group], blocks[block] = n, group
    return group, block


@loop
def bound_groups(axes: Any, starts: Any, boxes: Any) -> None:
    """Write bounding boxes of runs of points: middles and full widths to ``boxes`` float32 (6, runs)."""
    for run in range(starts.shape[0] - 1):
        for axis in range(3):
            low = high = axes[axis, uint64(starts[run])]
            for i in range(uint64(starts[run]), uint64(starts[run + 1])):
                low, high = min(low, axes[axis, i]), max(high, axes[axis, i])
            boxes[axis, run] = (low + high) * np.float32(0.5)
            # A little wider, so that rounding never leaves a point outside.
            boxes[3 + axis, run] = (high - low) * np.float32(1.00001)
