"""numba loops of the search for entries that are best together, and of fitting a palette to them.

How far a result is from its picture is a sum over pairs of pixels: the error of one times the error of the
other times h(distance). h is 1 at 0 and falls off like a Gaussian, so errors that cancel in a neighbourhood
cost little. With c, the sum over all pixels of their error times h, a change of one pixel's entry by δ costs
|δ|² + 2 δ·c, so its best entry is the one nearest to where its entry is now, less c.

A bell that reaches four pixels is blind to tones so near to an entry that a dot in a hundred pixels would do:
it takes the dots away. So h may be a little more for all pixels of a block, which keeps the block's mean.

Rows are cut into strips, and of these every second one is searched at a time: they do not touch.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from quantize.colors.kernels_eye import see_rows
from quantize.compiling import loop
from quantize.dithering.kernels_goals import aim
from quantize.dithering.kernels_seen import nearest

_F = np.float32
# Pixels along a side of a block, as a power of two.
_BLOCK = 5
# Weights of pairs are counted in whole numbers of this fraction, so that no sum depends on an order.
UNIT = 1 << 20


@loop
def search_strip(
    pixels: Any, fixed: Any, hidden: Any, rows: Any, linear: Any, mix: Any, root: Any, turn: Any, places: Any,
    goals: Any, bell: Any, share: Any, wide: Any, passes: Any, runs: Any, indices: Any, sums: Any,
) -> None:  # fmt: skip
    """Give the pixels of a strip better entries, one after the other, some times over.

    Parameters
    ----------
    pixels : uint8, shape (h, w, 3)
    fixed : bool, shape (h, w) or (0, 0)
        Pixels that keep their entry; none if empty.
    hidden : bool, shape (h, w) or (0, 0)
        Pixels that have no error.
    rows : int64, shape (2,)
        Of the strip: the first, and the one after the last.
    linear, mix, root, turn
        As ``kernels_eye.see_rows`` takes them.
    places : Places
    goals : Goals
    bell : float32, shape (2 * reach + 1,)
        h along one axis, 1 in the middle.
    share : float32
        h is so much of the bell, and the rest at distance 0.
    wide : float32
        So much more is h for two pixels of one block of 32 × 32: 0, or the means of blocks count, too.
    passes : int
    runs : float32
        As ``kernels_seen.diffuse_seen`` takes it.
    indices : uint8, shape (h, w)
        Read around the strip, changed in it.
    sums : float64, shape (k, 4) or (0, 4)
        Of each entry, pixels and the sums of their c are added, if there is room.
    """
    width = pixels.shape[1]
    reach = bell.shape[0] // 2
    blocks = np.zeros((((rows[1] - rows[0]) >> _BLOCK) + 1, (width >> _BLOCK) + 1, 3), np.float32)
    around = _gather(
        pixels, hidden, rows, linear, mix, root, turn, places.at, goals, bell, share, indices, blocks
    )
    part_of_sum = wide / (_F(1) + wide)
    at, gaps = places.at, places.gaps
    masked, unseen = fixed.shape[0] > 0, hidden.shape[0] > 0
    row = np.empty(3 * bell.shape[0], np.float32)
    for _ in range(passes):
        for y in range(rows[0], rows[1]):
            here = around[y - rows[0] + reach]
            for x in range(width):
                if masked and fixed[y, x]:
                    continue
                entry = np.int64(indices[y, x])
                i = np.uint64(3 * (x + reach))
                c0, c1, c2 = here[i], here[i + np.uint64(1)], here[i + np.uint64(2)]
                if wide > 0:
                    block = blocks[(y - rows[0]) >> _BLOCK, x >> _BLOCK]
                    c0 += part_of_sum * (block[0] - c0)
                    c1 += part_of_sum * (block[1] - c1)
                    c2 += part_of_sum * (block[2] - c2)
                least = c0 * c0 + c1 * c1 + c2 * c2
                if runs == 0 and gaps.shape[1] > 1 and gaps[entry, 1] * gaps[entry, 1] > _F(4.01) * least:
                    continue
                t0, t1, t2 = at[entry, 0] - c0, at[entry, 1] - c1, at[entry, 2] - c2
                found, least = nearest(places, entry, t0, t1, t2)
                if runs > 0:
                    near = least + runs
                    for side in range(2):
                        if (x == 0 and side == 0) or (y == 0 and side == 1):
                            continue
                        to_y, to_x = (y, x - 1) if side == 0 else (y - 1, x)
                        if unseen and hidden[to_y, to_x]:
                            continue
                        other = np.int64(indices[to_y, to_x])
                        dx, dy, dz = at[other, 0] - t0, at[other, 1] - t1, at[other, 2] - t2
                        distance = dx * dx + dy * dy + dz * dz
                        if distance < near:
                            found, near = other, distance
                if found != entry:
                    indices[y, x] = found
                    d0, d1, d2 = (
                        at[found, 0] - at[entry, 0],
                        at[found, 1] - at[entry, 1],
                        at[found, 2] - at[entry, 2],
                    )
                    if wide > 0:
                        block = blocks[(y - rows[0]) >> _BLOCK, x >> _BLOCK]
                        block[0] += d0
                        block[1] += d1
                        block[2] += d2
                    for step in range(bell.shape[0]):
                        part = share * bell[step]
                        row[3 * step], row[3 * step + 1], row[3 * step + 2] = part * d0, part * d1, part * d2
                    for down in range(bell.shape[0]):
                        line, part = around[y - rows[0] + down], bell[down]
                        for step in range(3 * bell.shape[0]):
                            line[np.uint64(3 * x + step)] += part * row[step]
                    rest = _F(1) - share
                    here[i] += rest * d0
                    here[i + np.uint64(1)] += rest * d1
                    here[i + np.uint64(2)] += rest * d2
    if sums.shape[0] > 0:
        for y in range(rows[0], rows[1]):
            for x in range(width):
                if unseen and hidden[y, x]:
                    continue
                entry = indices[y, x]
                sums[entry, 0] += 1
                for axis in range(3):
                    sums[entry, 1 + axis] += around[y - rows[0] + reach, 3 * (x + reach) + axis]


@loop
def _gather(
    pixels: Any, hidden: Any, rows: Any, linear: Any, mix: Any, root: Any, turn: Any, at: Any, goals: Any,
    bell: Any, share: Any, indices: Any, blocks: Any,
) -> Any:  # fmt: skip
    """Work out c of a strip, with a margin that is 0: float32 (rows + 2 reach, 3 (w + 2 reach)).

    Errors are added up in ``blocks``, too.
    """
    height, width = pixels.shape[0], pixels.shape[1]
    reach = bell.shape[0] // 2
    unseen = hidden.shape[0] > 0
    tall, wide = rows[1] - rows[0], 3 * width
    around = np.zeros((tall + 2 * reach, 3 * (width + 2 * reach)), np.float32)
    seen = np.empty((width, 3), np.float32)
    errors = np.zeros(3 * (width + 2 * reach), np.float32)
    blurred = np.empty(wide, np.float32)
    for y in range(max(0, rows[0] - reach), min(height, rows[1] + reach)):
        see_rows(pixels[y], linear, mix, root, turn, seen)
        aim(pixels[y], goals, seen)
        for x in range(width):
            entry = np.uint64(indices[y, x])
            some = not (unseen and hidden[y, x])
            for axis in range(3):
                errors[3 * (x + reach) + axis] = at[entry, axis] - seen[x, axis] if some else _F(0)
        blurred[:] = _F(0)
        for step in range(bell.shape[0]):
            part = share * bell[step]
            for i in range(wide):
                blurred[i] += part * errors[3 * step + i]
        for down in range(bell.shape[0]):
            # Row y reaches the row that lies reach - down below it.
            to = y - rows[0] + reach - down
            if 0 <= to < tall:
                line, part = around[to + reach], bell[down]
                for i in range(wide):
                    line[3 * reach + i] += part * blurred[i]
        if rows[0] <= y < rows[1]:
            line, rest = around[y - rows[0] + reach], _F(1) - share
            for i in range(3 * reach, 3 * reach + wide):
                line[i] += rest * errors[i]
            for x in range(width):
                for axis in range(3):
                    blocks[(y - rows[0]) >> _BLOCK, x >> _BLOCK, axis] += errors[3 * (x + reach) + axis]
    return around


@loop
def add_pairs(indices: Any, first: Any, stop: Any, every: Any, weights: Any, pairs: Any) -> None:
    """Add for each pair of neighbours their weight to ``pairs`` int64 (k, k), once each.

    ``weights`` int64 (reach + 1, 2 * reach + 1) are those of rows below and columns to the right less
    ``reach``. Of the rows ``first`` to ``stop`` of ``indices`` uint16 (h, w) every ``every``-th is taken.
    """
    height, width = indices.shape
    reach = weights.shape[0] - 1
    for y in range(first, stop, every):
        for down in range(min(reach, height - 1 - y) + 1):
            for right in range(-reach, reach + 1):
                if down == 0 and right <= 0:
                    continue
                weight = weights[down, right + reach]
                for x in range(max(0, -right), min(width, width - right)):
                    pairs[np.uint64(indices[y, x]), np.uint64(indices[y + down, x + right])] += weight


@loop
def solve(matrix: Any, sides: Any, least: Any) -> None:
    """Solve a symmetric system in place: ``matrix`` float64 (n, n), ``sides`` float64 (n, m) → solutions.

    By elimination without exchanges, always in the same order. What has a pivot below ``least`` float64 (n,)
    is taken for undecided, and its solution is 0.
    """
    n, m = sides.shape
    for i in range(n):
        if matrix[i, i] < least[i]:
            for j in range(n):
                matrix[i, j] = matrix[j, i] = 0.0
            matrix[i, i] = 1.0
            for j in range(m):
                sides[i, j] = 0.0
        for j in range(i + 1, n):
            factor = matrix[j, i] / matrix[i, i]
            if factor != 0:
                for column in range(i, n):
                    matrix[j, column] -= factor * matrix[i, column]
                for column in range(m):
                    sides[j, column] -= factor * sides[i, column]
    for i in range(n - 1, -1, -1):
        for column in range(m):
            total = sides[i, column]
            for j in range(i + 1, n):
                total -= matrix[i, j] * sides[j, column]
            sides[i, column] = total / matrix[i, i]
