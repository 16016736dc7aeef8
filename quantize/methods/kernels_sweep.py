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
from numba import int32, njit, types, uint64
from numba.extending import intrinsic
from numpy.typing import NDArray

from quantize.compiling import loop, part

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
    scores, keep, at, listed, few, best, nearest, flags
        Room to work in, see ``room``: to make arrays in a loop takes long to compile.
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
    scores: NDArray[np.float32]
    keep: NDArray[np.float32]
    at: NDArray[np.float32]
    listed: NDArray[np.int32]
    few: NDArray[np.int32]
    best: NDArray[np.float32]
    nearest: NDArray[np.int32]
    flags: NDArray[np.uint64]


def room(most: int) -> dict[str, NDArray]:
    """Make the last arrays of a ``State`` of up to ``most`` centers."""
    return {
        "scores": np.empty(most, F),
        "keep": np.empty(most, F),
        "at": np.empty((3, most), F),
        "listed": np.empty(most + 1, np.int32),
        "few": np.empty(most + 1, np.int32),
        "best": np.empty(64, F),
        "nearest": np.empty(64, np.int32),
        "flags": np.empty(4, np.uint64),
    }


def _bits_of(typing_context: Any, number: Any) -> Any:
    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], context.get_value_type(signature.return_type))

    return types.int32(types.float32), emit


# The 32 bits of a float32, as int32. A view of the array does the same, and takes 0.3 s to compile.
bits_of: Any = intrinsic(_bits_of)


@part
def add_point(sums: Any, j: Any, axes: Any, i: Any, w: Any) -> None:
    """Add point ``i`` with a weight, which is negative to take it away, to the sums of center ``j``."""
    x, y, z = np.float64(axes[0, i]), np.float64(axes[1, i]), np.float64(axes[2, i])
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


@loop
def recount(axes: Any, labels: Any, sums: Any) -> None:
    """Fill ``sums`` anew from the labels."""
    for j in range(sums.shape[0]):
        for moment in range(10):
            sums[j, moment] = 0.0
    for i in range(uint64(labels.shape[0])):
        add_point(sums, uint64(labels[i]), axes, i, np.float64(axes[3, i]))


@part
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


@part
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
    least = int32(0x7FFFFFFF)
    for q in range(n):
        mixed = (bits_of(scores[q]) & int32(-256)) | int32(q)
        least = mixed if mixed < least else least
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


@njit(inline="always")
def sweep(state: Any, k: Any, n_moved: Any) -> None:
    """Give every point to its nearest center again, after ``moved[:n_moved]`` of ``k`` centers have moved."""
    # Taken apart once: to look an array up in a tuple takes as long as a small group.
    axes, labels, starts, boxes, blocks, block_boxes, masks, references, centers, sums, moved = state[:11]
    scores, keep, at, listed, few, best, nearest, flags = state[11:]
    flag(moved, n_moved, flags)
    for block in range(uint64(references.shape[0])):
        if not is_listed(masks, block, flags) and not may_gain(
            block_boxes, block, centers, uint64(references[block]), moved, n_moved
        ):
            continue
        reference, n = find_rivals(block_boxes, block, centers, uint64(k), scores, keep, listed)
        references[block] = reference
        n = list_centers(block, reference, n, masks, centers, listed, at)
        for group in range(uint64(blocks[block]), uint64(blocks[block + uint64(1)])):
            first, n_few = uint64(0), uint64(0)
            if n > uint64(1):
                first, n_few = find_rivals(boxes, group, at, n, scores, keep, few)
            start, stop = uint64(starts[group]), uint64(starts[group + uint64(1)])
            own = listed[first]
            if n_few != uint64(0):
                find_nearest(axes, start, stop, listed, at, first, few, n_few, best, nearest)
            for i in range(stop - start):
                new = nearest[i] if n_few != uint64(0) else own
                if labels[start + i] != new:
                    hand_over(axes, labels, sums, start + i, new)


@part
def flag(moved: Any, n_moved: Any, flags: Any) -> None:
    """Set the bit of each center that moved, and no other."""
    for word in range(4):
        flags[word] = 0
    for q in range(n_moved):
        flags[moved[q] >> 6] |= uint64(1) << uint64(moved[q] & 63)


@part
def is_listed(masks: Any, block: Any, flags: Any) -> Any:
    """Tell whether a flagged center is on a block's list: with ``may_gain`` the first step."""
    common = uint64(0)
    for word in range(uint64(4)):
        common |= masks[word, block] & flags[word]
    return common != uint64(0)


@part
def list_centers(block: Any, reference: Any, n: Any, masks: Any, centers: Any, listed: Any, at: Any) -> Any:
    """List the centers that may be nearest somewhere in a block, the second step; return how many.

    These are the ``n`` rivals in ``listed`` and the reference, which comes to them. A bit each goes to
    ``masks``, where they are to ``at``.
    """
    listed[n] = reference
    n += uint64(1)
    for word in range(uint64(4)):
        masks[word, block] = 0
    for q in range(n):
        j = uint64(listed[q])
        for axis in range(uint64(3)):
            at[axis, q] = centers[axis, j]
        masks[j >> uint64(6), block] |= uint64(1) << (j & uint64(63))
    return n


@part
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
    # Whole vectors, where there are points behind the group's: what is left over would go one by one.
    n = min(stop - start + uint64(7) & ~uint64(7), uint64(axes.shape[1]) - start)
    for i in range(n):
        best[i] = np.inf
    for q in range(n_few + uint64(1)):
        r = first if q == uint64(0) else uint64(few[q - uint64(1)])
        j = listed[r]
        x, y, z = at[0, r], at[1, r], at[2, r]
        for i in range(n):
            p = start + i
            dx, dy, dz = axes[0, p] - x, axes[1, p] - y, axes[2, p] - z
            distance = dx * dx + dy * dy + dz * dz
            nearest[i] = j if distance < best[i] else nearest[i]
            best[i] = distance if distance < best[i] else best[i]


@part
def hand_over(axes: Any, labels: Any, sums: Any, i: Any, j: Any) -> None:
    """Give point ``i`` from the center that has it to center ``j``."""
    w = -np.float64(axes[3, i])
    for _ in range(2):
        add_point(sums, uint64(labels[i]), axes, i, w)
        labels[i] = j
        w = -w
