"""numba loops of k-means: give points to centers and keep sums of what each center has.

A *sweep* goes over the blocks of points (see ``kernels_group``). It passes by those that no moved center can
concern (``is_listed``, ``may_gain``). For each other block it lists the centers that may be nearest to one
of its points (``list_centers``). For each group of the block this list gets shorter still, usually one to
four. These are tried on every point, in loops that the compiler turns into vector instructions
(``find_nearest``). Sums change only where a point changes hands, so late sweeps cost next to nothing.

Sources: the pruning is that of Kanungo et al., "An Efficient k-Means Clustering Algorithm", IEEE PAMI 24
(2002), doi 10.1109/TPAMI.2002.1017616, on two fixed levels instead of a tree and with the bisector test of
Elkan's kind made exact for boxes.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import int32, njit, uint64
from numpy.typing import NDArray

F = np.float32


class State(NamedTuple):
    """All that a sweep reads and changes.

    Attributes
    ----------
    axes : float32, shape (4, n)
        x, y, z and weight of the points, sorted.
    labels : int32, shape (n,)
        Which center has each point.
    starts, blocks : uint32
        First point of each group, first group of each block; see ``kernels_group.find_groups``.
    boxes, block_boxes : float32, shape (6, groups) and (6, blocks)
        Middles and full widths of what groups and blocks span.
    masks : uint64, shape (4, blocks)
        The centers on the list of each block, a bit each.
    references : int32, shape (blocks,)
        The center that was nearest to the middle of each block.
    centers : float32, shape (3, most)
    sums : float64, shape (most, 10)
        What each center has: w, wx, wy, wz, wxx, wyy, wzz, wxy, wxz, wyz.
    moved : int32, shape (2 · most,)
        The centers that have moved come first.
    """

    axes: NDArray[np.float32]
    labels: NDArray[np.int32]
    starts: NDArray[np.uint32]
    boxes: NDArray[np.float32]
    blocks: NDArray[np.uint32]
    block_boxes: NDArray[np.float32]
    masks: NDArray[np.uint64]
    references: NDArray[np.int32]
    centers: NDArray[np.float32]
    sums: NDArray[np.float64]
    moved: NDArray[np.int32]


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
    """Tell whether one of the moved centers may be nearer than the reference somewhere in the box."""
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
def find_rivals(boxes: Any, run: Any, at: Any, n: Any, scores: Any, keep: Any, out: Any) -> Any:
    """Find, of the first ``n`` centers at ``at`` float32 (3, ·), the rivals of a reference in a run's box.

    The reference is the center nearest to the box's middle; its rivals are those that may be nearer than it
    to a point in the box. Returns the reference's position and how many rivals' positions are in ``out``.
    """
    mx, my, mz = boxes[0, run], boxes[1, run], boxes[2, run]
    wx, wy, wz = boxes[3, run], boxes[4, run], boxes[5, run]
    for q in range(n):
        dx, dy, dz = mx - at[0, q], my - at[1, q], mz - at[2, q]
        scores[q] = dx * dx + dy * dy + dz * dz
    # Not negative, so floats order like their bits; with the position in the lowest bits one vector minimum
    # finds the nearest (or one as near within 2⁻¹⁵, which does as well for a reference).
    bits = scores.view(np.int32)
    least = int32(0x7FFFFFFF)
    for q in range(n):
        least = min(least, (bits[q] & int32(-256)) | int32(q))
    reference = uint64(least & int32(255))
    nearest = scores[reference]
    rx, ry, rz = at[0, reference], at[1, reference], at[2, reference]
    for q in range(n):
        reach = wx * abs(at[0, q] - rx) + wy * abs(at[1, q] - ry) + wz * abs(at[2, q] - rz)
        keep[q] = nearest - scores[q] + reach
    found = uint64(0)
    for q in range(n):
        out[found] = q
        found += uint64(keep[q] > F(0))
    return reference, found


@njit(nogil=True, cache=True)
def sweep(state: Any, k: Any, n_moved: Any) -> None:
    """Give every point to its nearest center again, after ``moved[:n_moved]`` of ``k`` centers have moved."""
    # Taken apart once: to look an array up in a tuple takes as long as a small group.
    axes, labels, starts, boxes, blocks, block_boxes, masks, references, centers, sums, moved = state
    scores, keep, at = np.empty(k, F), np.empty(k, F), np.empty((3, k), F)
    listed, few = np.empty(k + 1, np.int32), np.empty(k + 1, np.int32)
    best, nearest = np.empty(64, F), np.empty(64, np.int32)
    flags = flag(moved, n_moved)
    for block in range(uint64(references.shape[0])):
        if not is_listed(masks, block, flags) and not may_gain(
            block_boxes, block, centers, uint64(references[block]), moved, n_moved
        ):
            continue
        n = list_centers(block, k, masks, block_boxes, references, centers, scores, keep, listed, at)
        for group in range(uint64(blocks[block]), uint64(blocks[block + uint64(1)])):
            first, n_few = uint64(0), uint64(0)
            if n > uint64(1):
                first, n_few = find_rivals(boxes, group, at, n, scores, keep, few)
            start, stop = uint64(starts[group]), uint64(starts[group + uint64(1)])
            if n_few == uint64(0):
                own = listed[first]
                for i in range(start, stop):
                    if labels[i] != own:
                        hand_over(axes, labels, sums, i, own)
            else:
                find_nearest(axes, start, stop, listed, at, first, few, n_few, best, nearest)
                for i in range(stop - start):
                    if labels[start + i] != nearest[i]:
                        hand_over(axes, labels, sums, start + i, nearest[i])


@njit(inline="always")
def flag(moved: Any, n_moved: Any) -> Any:
    """Set the bit of each center that moved."""
    flags = np.zeros(4, np.uint64)
    for q in range(n_moved):
        flags[moved[q] >> 6] |= uint64(1) << uint64(moved[q] & 63)
    return flags


@njit(inline="always")
def is_listed(masks: Any, block: Any, flags: Any) -> Any:
    """Tell whether a flagged center is on a block's list: with ``may_gain`` the first step."""
    common = uint64(0)
    for word in range(uint64(4)):
        common |= masks[word, block] & flags[word]
    return common != uint64(0)


@njit(inline="always")
def list_centers(
    block: Any,
    k: Any,
    masks: Any,
    boxes: Any,
    references: Any,
    centers: Any,
    scores: Any,
    keep: Any,
    listed: Any,
    at: Any,
) -> Any:
    """List the centers that may be nearest somewhere in a block, the second step; return how many.

    Their numbers go to ``listed`` and ``masks``, where they are to ``at``, the reference to ``references``.
    """
    reference, n = find_rivals(boxes, block, centers, uint64(k), scores, keep, listed)
    references[block] = reference
    listed[n] = reference
    n += uint64(1)
    for word in range(uint64(4)):
        masks[word, block] = 0
    for q in range(n):
        j = uint64(listed[q])
        at[0, q], at[1, q], at[2, q] = centers[0, j], centers[1, j], centers[2, j]
        masks[j >> uint64(6), block] |= uint64(1) << (j & uint64(63))
    return n


@njit(inline="always")
def find_nearest(
    axes: Any,
    start: Any,
    stop: Any,
    listed: Any,
    at: Any,
    first: Any,
    few: Any,
    n_few: Any,
    best: Any,
    nearest: Any,
) -> None:
    """Find the nearest center of each point of a group, ``first`` or one of a few: the third step."""
    own = listed[first]
    x, y, z = at[0, first], at[1, first], at[2, first]
    for i in range(stop - start):
        p = start + i
        dx, dy, dz = axes[0, p] - x, axes[1, p] - y, axes[2, p] - z
        best[i] = dx * dx + dy * dy + dz * dz
        nearest[i] = own
    for q in range(n_few):
        r = uint64(few[q])
        j = listed[r]
        x, y, z = at[0, r], at[1, r], at[2, r]
        for i in range(stop - start):
            p = start + i
            dx, dy, dz = axes[0, p] - x, axes[1, p] - y, axes[2, p] - z
            distance = dx * dx + dy * dy + dz * dz
            nearest[i] = j if distance < best[i] else nearest[i]
            best[i] = min(distance, best[i])


@njit(inline="always")
def hand_over(axes: Any, labels: Any, sums: Any, i: Any, j: Any) -> None:
    """Give point ``i`` from the center that has it to center ``j``."""
    add_point(sums, uint64(labels[i]), axes, i, -1.0)
    add_point(sums, uint64(j), axes, i, 1.0)
    labels[i] = j
