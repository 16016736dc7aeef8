"""numba loops for what an eye sees: pixels on its axes, and how busy their surroundings are.

Only additions, products, quotients and square roots, each rounded as IEEE 754 says: a colour's numbers depend
neither on its place in an array nor on the number of threads.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from quantize.colors.kernels_count import number_of, rank_of
from quantize.compiling import loop

_F = np.float32
# Rows at a time, so that eight of each axis are loaded at once.
_BLOCK = 512
# Bits of a float32, divided by three, and this make its cube root within 4 %.
_ROOT_SEED = np.int32(709_921_077)
_THIRD = _F(1 / 3)
# Less light counts as this: the cube of what is nearly 0 would be 0.
_DARKEST = _F(1e-15)

# Weight of a pixel in an even area: whole numbers, whose sums do not depend on their order.
FULL = 64
# How fast the weight falls with the standard deviation of lightness (0–1) around a pixel.
_BUSY = _F(30 / 255)
# Rows and columns to each side that count as surroundings.
REACH = 4


@loop
def see_rows(pixels: Any, linear: Any, mix: Any, root: Any, turn: Any, out: Any) -> None:
    """Place ``pixels`` uint8 (n, 3) on axes (``eye.Axes``), ``out`` float32 (n, 3)."""
    light, roots = np.empty((3, _BLOCK), np.float32), np.empty((3, _BLOCK), np.float32)
    light_bits, root_bits = light.view(np.int32), roots.view(np.int32)
    for start in range(0, len(pixels), _BLOCK):
        n = min(_BLOCK, len(pixels) - start)
        for i in range(n):
            r, g, b = linear[pixels[start + i, 0]], linear[pixels[start + i, 1]], linear[pixels[start + i, 2]]
            for k in range(3):
                light[k, i] = mix[k, 0] * r + mix[k, 1] * g + mix[k, 2] * b
        for k in range(3):
            for i in range(n):
                roots[k, i] = light[k, i]
            if root:
                for i in range(n):
                    light[k, i] = max(light[k, i], _DARKEST)
                for i in range(n):
                    root_bits[k, i] = np.int32(_F(light_bits[k, i]) * _THIRD) + _ROOT_SEED
                for i in range(n):
                    x, y = light[k, i], roots[k, i]
                    for _ in range(2):  # Halley's steps: 4 % → 0.001 % → float32
                        cube = y * y * y
                        y = y * (cube + _F(2) * x) / (_F(2) * cube + x)
                    roots[k, i] = y
        for i in range(n):
            x, y, z = roots[0, i], roots[1, i], roots[2, i]
            for k in range(3):
                out[start + i, k] = turn[k, 0] * x + turn[k, 1] * y + turn[k, 2] * z


@loop
def add_calm(pixels: Any, hidden: Any, rows: Any, lightness: Any, words: Any, ranks: Any, sums: Any) -> None:
    """Add to each colour's sum, int64 (n_colors,), what its visible pixels in some rows weigh by calmness.

    A pixel weighs ``FULL`` in an even area and less where lightness varies around it: by a window of nine
    binomial weights each way, σ = 1.41 pixels, in whole numbers. At the edges the outermost pixels repeat;
    pixels that are not visible are no part of any surroundings.

    Parameters
    ----------
    pixels : uint8, shape (h, w, 3)
    hidden : bool, shape (h, w) or (0, 0)
    rows : (int, int)
        The first, and the one after the last.
    lightness : uint8, shape (256,)
        Of each luma.
    words, ranks
        The picture's set of colours, see ``kernels_count``.
    sums : int64
    """
    height, width = pixels.shape[0], pixels.shape[1]
    masked = hidden.shape[0] > 0
    side = 2 * REACH + 1
    ring = np.empty((side, width + 2 * REACH), np.uint32)
    seen = np.ones((side, width + 2 * REACH), np.uint32)
    masses = np.empty(width + 2 * REACH, np.uint32)
    means, squares = np.empty(width + 2 * REACH, np.uint32), np.empty(width + 2 * REACH, np.uint32)
    binomial = np.array([1, 8, 28, 56, 70, 56, 28, 8, 1], np.uint32)
    weights = np.empty(width, np.int64)
    for ahead in range(rows[0] - REACH, rows[1] + REACH):
        source = min(max(ahead, 0), height - 1)
        _fill_line(pixels[source], lightness, ring[ahead % side])
        if masked:
            _hide_line(hidden[source], ring[ahead % side], seen[ahead % side])
        y = ahead - REACH
        if y < rows[0]:
            continue
        means[:] = 0
        squares[:] = 0
        masses[:] = 0
        for down in range(side):
            line, share = ring[(y - REACH + down) % side], binomial[down]
            for x in range(width + 2 * REACH):
                value = line[x]
                means[x] += share * value
                squares[x] += share * value * value
                masses[x] += share * seen[(y - REACH + down) % side, x]
        for x in range(width):
            if masked and hidden[y, x]:
                continue
            mean, square, mass = np.float32(0), np.float32(0), np.float32(0)
            for step in range(side):
                share_of = np.float32(binomial[step])
                mean += share_of * np.float32(means[x + step])
                square += share_of * np.float32(squares[x + step])
                mass += share_of * np.float32(masses[x + step])
            mean, square = mean / mass, square / mass
            spread = np.sqrt(max(square - mean * mean, _F(0)))
            weights[x] = np.int64(_F(FULL) / (_F(1) + _BUSY * spread) + _F(0.5))
        row = pixels[y]
        for x in range(width):
            if masked and hidden[y, x]:
                continue
            sums[rank_of(words, ranks, number_of(row, x))] += weights[x]


@loop
def _fill_line(row: Any, lightness: Any, line: Any) -> None:
    """Fill ``line`` uint32 with the lightness of a row of pixels, its ends repeated on both sides."""
    width = row.shape[0]
    for x in range(width):
        luma = (54 * np.uint32(row[x, 0]) + 183 * np.uint32(row[x, 1]) + 19 * np.uint32(row[x, 2])) >> 8
        line[x + REACH] = lightness[luma]
    for x in range(REACH):
        line[x] = line[REACH]
        line[width + REACH + x] = line[width + REACH - 1]


@loop
def _hide_line(hidden: Any, line: Any, seen: Any) -> None:
    """Take what is not visible out of a filled line; ``seen`` uint32 is 1 where it is, its ends repeated."""
    width = hidden.shape[0]
    for x in range(width + 2 * REACH):
        is_seen = np.uint32(not hidden[min(max(x - REACH, 0), width - 1)])
        seen[x] = is_seen
        line[x] *= is_seen
