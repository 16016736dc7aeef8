"""numba loops of k-means: give points to centers and keep sums of what each center has.

A *sweep* looks only at blocks that a moved center can concern, drops for each block and then for each group
the centers that cannot be nearest anywhere in its box (as in ``kernels_nearest``), and tries the rest,
usually one to four, on every point of the group in loops that the compiler turns into vector instructions.
Sums change only where a point changes hands, so late sweeps cost next to nothing.

Sources: the pruning is that of Kanungo et al., "An Efficient k-Means Clustering Algorithm", IEEE PAMI 24
(2002), doi 10.1109/TPAMI.2002.1017616, on two fixed levels instead of a tree and with the bisector test of
Elkan's kind made exact for boxes.

Arrays: ``axes`` float32 (4, n) x, y, z, weight; ``labels`` int32 (n,); ``centers`` float32 (3, k); ``sums``
float64 (k, 10) w, wx, wy, wz, wxx, wyy, wzz, wxy, wxz, wyz; ``moved`` int32, the centers that moved.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int32, njit, uint64

F = np.float32


@njit(inline="always")
def add_point(sums: Any, j: Any, axes: Any, i: Any, sign: Any) -> None:
    """Add point ``i``, or take it away, from the sums of center ``j``."""
    x, y, z = np.float64(axes[0, i]), np.float64(axes[1, i]), np.float64(axes[2, i])
    w = sign * np.float64(axes[3, i])
    wx, wy, wz = w * x, w * y, w * z
    sums[j, 0] += w
    sums[j, 1] += wx
    sums[j, 2] += wy
    sums[j, 3] += wz
    sums[j, 4] += wx * x
    sums[j, 5] += wy * y
    sums[j, 6] += wz * z
    sums[j, 7] += wx * y
    sums[j, 8] += wx * z
    sums[j, 9] += wy * z


@njit(nogil=True, cache=True)
def recount(axes: Any, labels: Any, sums: Any) -> None:
    """Fill ``sums`` anew from the labels."""
    sums[:] = 0.0
    for i in range(uint64(labels.shape[0])):
        add_point(sums, uint64(labels[i]), axes, i, 1.0)


@njit(inline="always")
def may_gain(box: Any, run: Any, centers: Any, reference: Any, moved: Any, n_moved: Any) -> Any:
    """Whether one of the moved centers may be nearer than the reference somewhere in the box."""
    x, y, z = centers[0, reference], centers[1, reference], centers[2, reference]
    dx, dy, dz = box[0, run] - x, box[1, run] - y, box[2, run] - z
    least = dx * dx + dy * dy + dz * dz
    for q in range(n_moved):
        j = uint64(moved[q])
        dx, dy, dz = box[0, run] - centers[0, j], box[1, run] - centers[1, j], box[2, run] - centers[2, j]
        reach = box[3, run] * abs(centers[0, j] - x) + box[4, run] * abs(centers[1, j] - y)
        reach += box[5, run] * abs(centers[2, j] - z)
        if least - (dx * dx + dy * dy + dz * dz) + reach > F(0):
            return True
    return False


@njit(inline="always")
def narrow(box: Any, run: Any, x: Any, y: Any, z: Any, n: Any, scores: Any, keep: Any, out: Any) -> Any:
    """Positions, of the first ``n`` centers in x, y, z, that may be nearest in the box, but the reference.

    Returns the reference and how many were written to ``out``.
    """
    mx, my, mz = box[0, run], box[1, run], box[2, run]
    wx, wy, wz = box[3, run], box[4, run], box[5, run]
    for q in range(n):
        dx, dy, dz = mx - x[q], my - y[q], mz - z[q]
        scores[q] = dx * dx + dy * dy + dz * dz
    # Not negative, so floats order like their bits; with the position in the lowest bits one vector minimum
    # finds the nearest (or one as near within 2⁻¹⁵, which does as well for a reference).
    bits = scores.view(np.int32)
    least = int32(0x7FFFFFFF)
    for q in range(n):
        least = min(least, (bits[q] & int32(-256)) | int32(q))
    reference = uint64(least & int32(255))
    nearest = scores[reference]
    rx, ry, rz = x[reference], y[reference], z[reference]
    for q in range(n):
        keep[q] = nearest - scores[q] + wx * abs(x[q] - rx) + wy * abs(y[q] - ry) + wz * abs(z[q] - rz)
    found = uint64(0)
    for q in range(n):
        out[found] = q
        found += uint64(keep[q] > F(0))
    return reference, found


@njit(inline="always")
def sweep(
    axes: Any,
    labels: Any,
    starts: Any,
    boxes: Any,
    blocks: Any,
    block_boxes: Any,
    masks: Any,
    references: Any,
    centers: Any,
    sums: Any,
    moved: Any,
    k: Any,
    n_moved: Any,
) -> None:
    """Give every point to its nearest center again, after ``moved[:n_moved]`` of ``k`` centers have moved."""
    flags = np.zeros(4, np.uint64)
    for q in range(n_moved):
        flags[moved[q] >> 6] |= uint64(1) << uint64(moved[q] & 63)
    scores, keep = np.empty(k, F), np.empty(k, F)
    some, few = np.empty(k + 1, np.int32), np.empty(k + 1, np.int32)
    x, y, z = np.empty(k, F), np.empty(k, F), np.empty(k, F)
    best, nearest = np.empty(64, F), np.empty(64, np.int32)
    for block in range(uint64(references.shape[0])):
        concerned = uint64(0)
        for part in range(uint64(4)):
            concerned |= masks[part, block] & flags[part]
        if concerned == uint64(0) and not may_gain(
            block_boxes, block, centers, uint64(references[block]), moved, n_moved
        ):
            continue
        reference, n = narrow(
            block_boxes, block, centers[0], centers[1], centers[2], uint64(k), scores, keep, some
        )
        references[block] = reference
        some[n] = reference
        n += uint64(1)
        for part in range(uint64(4)):
            masks[part, block] = 0
        for q in range(n):
            j = uint64(some[q])
            x[q], y[q], z[q] = centers[0, j], centers[1, j], centers[2, j]
            masks[j >> uint64(6), block] |= uint64(1) << (j & uint64(63))
        for group in range(uint64(blocks[block]), uint64(blocks[block + uint64(1)])):
            first, n_few = uint64(0), uint64(0)
            if n > uint64(1):
                first, n_few = narrow(boxes, group, x, y, z, n, scores, keep, few)
            start, stop = uint64(starts[group]), uint64(starts[group + uint64(1)])
            own = some[first]
            if n_few == uint64(0):
                for i in range(start, stop):
                    if labels[i] != own:
                        add_point(sums, uint64(labels[i]), axes, i, -1.0)
                        add_point(sums, uint64(own), axes, i, 1.0)
                        labels[i] = own
                continue
            cx, cy, cz = x[first], y[first], z[first]
            for i in range(stop - start):
                p = start + i
                dx, dy, dz = axes[0, p] - cx, axes[1, p] - cy, axes[2, p] - cz
                best[i] = dx * dx + dy * dy + dz * dz
                nearest[i] = own
            for q in range(n_few):
                r = uint64(few[q])
                j = some[r]
                cx, cy, cz = x[r], y[r], z[r]
                for i in range(stop - start):
                    p = start + i
                    dx, dy, dz = axes[0, p] - cx, axes[1, p] - cy, axes[2, p] - cz
                    distance = dx * dx + dy * dy + dz * dz
                    nearest[i] = j if distance < best[i] else nearest[i]
                    best[i] = min(distance, best[i])
            for i in range(stop - start):
                p = start + i
                if labels[p] != nearest[i]:
                    add_point(sums, uint64(labels[p]), axes, p, -1.0)
                    add_point(sums, uint64(nearest[i]), axes, p, 1.0)
                    labels[p] = nearest[i]
