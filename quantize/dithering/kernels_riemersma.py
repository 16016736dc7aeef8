"""numba loop that dithers along a Hilbert curve."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from quantize.colors.kernels_count import number_of, rank_of
from quantize.compiling import loop
from quantize.dithering.kernels_cube import fill_cell, slot_of
from quantize.dithering.kernels_mixes import WHOLE


@njit(inline="always")
def _no_stray(color: Any, r: Any, g: Any, b: Any, entry: Any, mix: Any, limits: Any, lights: Any) -> Any:
    """Keep an entry if it is of the colour's mix, or about as near to the colour as those are: at most twice
    their root mean square. Else find the one of the mix that is nearest to the light r, g, b.
    """
    to_light, entry_light = lights
    if entry == mix[0] or entry == mix[1] or entry == mix[2] or entry == mix[3]:
        return entry
    least, nearest, total, before = np.int64(1) << np.int64(40), entry, 0.0, np.int64(0)
    j = 4 * np.int64(entry)
    own_r, own_g, own_b = to_light[color[0]], to_light[color[1]], to_light[color[2]]
    off = np.float64(
        (entry_light[j] - own_r) ** 2 + (entry_light[j + 1] - own_g) ** 2 + (entry_light[j + 2] - own_b) ** 2
    )
    for i in range(4):
        j = 4 * np.int64(mix[i])
        dr, dg, db = entry_light[j] - r, entry_light[j + 1] - g, entry_light[j + 2] - b
        away = dr * dr + dg * dg + db * db
        if away < least:
            least, nearest = away, mix[i]
        end = np.int64(limits[i]) if i < 3 else np.int64(WHOLE)
        dr, dg, db = entry_light[j] - own_r, entry_light[j + 1] - own_g, entry_light[j + 2] - own_b
        total += np.float64(end - before) / WHOLE * np.float64(dr * dr + dg * dg + db * db)
        before = end
    return entry if off <= 4.0 * total else nearest


@loop
def follow_curve(
    pixels: Any, skipped: Any, blocks: Any, steps: Any, turns: Any, levels: Any, to_light: Any, to_code: Any,
    entry_light: Any, decay: Any, cube: Any, found: Any, indices: Any,
) -> None:  # fmt: skip
    """Dither the pixels of some blocks of the curve, each block a square of 16×16.

    Parameters
    ----------
    pixels : uint8, shape (h, w, 3)
    skipped : bool, shape (h, w) or (0, 0)
        Pixels that neither take nor give errors; none if empty.
    blocks : int64, shape (3,)
        Begin at the first, with no errors; keep from the second to before the third.
    steps : uint8, shape (4, 256)
        For each of the curve's four ways to lie in a square: 16 · row + column of its points.
    turns : uint8, shape (4, 4, 2)
        And of its four quarters: 2 · row + column, and the way that the curve lies in it.
    levels : int
        Halvings from the whole square down to a block.
    to_light, to_code, entry_light
        As in ``kernels_dither.diffuse``.
    decay : float64, shape (3,)
        Weight of the newest error; what is left of one a pixel on; and 16 pixels on, when it is dropped.
    cube : CubeArrays
    found : MixTable
        By which far entries are told.
    indices : uint8, shape (h, w)
    """
    height, width = pixels.shape[0], pixels.shape[1]
    zero = np.int64(0)
    one, two, six, last = np.uint64(1), np.uint64(2), np.uint64(6), np.uint64(15)
    top = (to_code.shape[0] - 1) // 3
    known, table = cube.known, cube.table
    words, ranks, bits = found.words, found.ranks, np.uint64(found.shift)
    own = to_light, entry_light
    masked = skipped.shape[0] > 0
    queue = np.zeros((16, 3))
    newest, fading, gone = decay[0], decay[1], decay[2]
    r_sum = g_sum = b_sum = 0.0
    position = np.uint64(0)
    for block in range(blocks[0], blocks[2]):
        way = above = left = np.int64(0)
        for level in range(levels - 1, -1, -1):
            quarter = (block >> (2 * level)) & 3
            above = 2 * above + (turns[way, quarter, 0] >> 1)
            left = 2 * left + (turns[way, quarter, 0] & 1)
            way = np.int64(turns[way, quarter, 1])
        if 16 * above >= height or 16 * left >= width:
            continue
        for point in range(256):
            y, x = 16 * above + (steps[way, point] >> 4), 16 * left + (steps[way, point] & 15)
            if y >= height or x >= width:
                continue
            r = np.int64(to_light[pixels[y, x, 0]])
            g = np.int64(to_light[pixels[y, x, 1]])
            b = np.int64(to_light[pixels[y, x, 2]])
            seen = not (masked and skipped[y, x])
            if seen:
                r = min(max(r + np.int64(np.floor(newest * r_sum + 0.5)), zero), top)
                g = min(max(g + np.int64(np.floor(newest * g_sum + 0.5)), zero), top)
                b = min(max(b + np.int64(np.floor(newest * b_sum + 0.5)), zero), top)
            slot = slot_of(
                np.uint64(to_code[np.uint64(r + top)]),
                np.uint64(to_code[np.uint64(g + top)]),
                np.uint64(to_code[np.uint64(b + top)]),
            )
            if known[slot >> six] == 0:
                fill_cell(cube, slot)
            entry = table[slot]
            if seen:
                rank = rank_of(words, ranks, number_of(pixels[y], x) >> bits)
                entry = _no_stray(pixels[y, x], r, g, b, entry, found.entries[rank], found.limits[rank], own)
            if block >= blocks[1]:
                indices[y, x] = entry
            j = np.uint64(entry) << two
            r1 = g1 = b1 = 0.0
            if seen:
                r1 = np.float64(r - entry_light[j])
                g1 = np.float64(g - entry_light[j | one])
                b1 = np.float64(b - entry_light[j | two])
            r_sum = (r1 - gone * queue[position, 0]) + fading * r_sum
            g_sum = (g1 - gone * queue[position, 1]) + fading * g_sum
            b_sum = (b1 - gone * queue[position, 2]) + fading * b_sum
            queue[position, 0], queue[position, 1], queue[position, 2] = r1, g1, b1
            position = (position + one) & last
