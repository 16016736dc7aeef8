"""numba loops of dithering.

Light is counted in whole numbers (see ``light.py``), so that every step is exact, the same on every machine.
``SHIFT`` more bits carry fractions while errors are added up. The nearest entry of a light is that of its
nearest 8-bit code.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from quantize.colors.kernels_count import number_of
from quantize.compiling import loop
from quantize.dithering.kernels_cube import fill_cell, slot_of

SHIFT = 15
# Errors of a row are stored with so many zeros on each side: as far as a kernel reaches.
MARGIN = 2


@loop
def _add_weighted(sums: Any, errors: Any, weight: Any) -> None:
    for i in range(sums.shape[0]):
        sums[i] += weight * errors[i]


@loop
def _receive(samples: Any, y: Any, to_light: Any, errors: Any, taps: Any, sums: Any) -> None:
    """Fill ``sums`` int32 (3 w,) with the light of row ``y`` and what the rows above pass down to it."""
    for i in range(sums.shape[0]):
        sums[i] = (to_light[samples[i]] << SHIFT) + (1 << (SHIFT - 1))
    for tap in range(taps.shape[0]):
        above, right = y - taps[tap, 0], taps[tap, 1]
        start = 3 * (MARGIN + right if above & 1 else MARGIN - right)
        _add_weighted(sums, errors[above % 3, start : start + sums.shape[0]], taps[tap, 2])


@loop
def diffuse(
    pixels: Any, skipped: Any, rows: Any, to_light: Any, to_code: Any,
    entry_light: Any, taps: Any, ahead: Any, cube: Any, indices: Any,
) -> None:  # fmt: skip
    """Dither some rows by error diffusion: even rows to the right, odd rows to the left.

    Parameters
    ----------
    pixels : uint8, shape (h, w, 3)
    skipped : bool, shape (h, w) or (0, 0)
        Pixels that neither take nor give errors; none if empty.
    rows : int64, shape (3,)
        Begin at the first, with no errors; keep from the second to before the third.
    to_light : int32, shape (256,)
    to_code : uint8, shape (3 * top + 1,)
        See ``light.Light``.
    entry_light : int32, shape (4 * k,)
        Light of each entry, and a 0.
    taps : int32, shape (n, 3)
        What a row takes from those above: rows up, steps right, weight · 2**SHIFT.
    ahead : int32, shape (2,)
        Weights of the next pixel and the one after, · 2**SHIFT.
    cube : CubeArrays
    indices : uint8, shape (h, w)
        Filled from the second row to before the third.
    """
    width = pixels.shape[1]
    one, two, six = np.uint64(1), np.uint64(2), np.uint64(6)
    top = (to_code.shape[0] - 1) // 3
    known, table = cube.known, cube.table
    masked = skipped.shape[0] > 0
    next_weight, after_weight = np.int64(ahead[0]), np.int64(ahead[1])
    sums = np.empty(3 * width, np.int32)
    errors = np.zeros((3, 3 * (width + 2 * MARGIN)), np.int32)
    line = np.empty(width, np.uint8)
    for y in range(rows[0], rows[2]):
        _receive(pixels[y].reshape(-1), y, to_light, errors, taps, sums)
        given = errors[y % 3]
        step = -1 if y & 1 else 1
        x = width - 1 if y & 1 else 0
        r1 = g1 = b1 = r2 = g2 = b2 = np.int64(0)
        for _ in range(width):
            # Each pixel waits for the one before: only what is on that way costs time. So the sums with
            # r1 come last, and codes are looked up before lights are clipped.
            i = np.uint64(3 * x)
            r = ((sums[i] + after_weight * r2) + next_weight * r1) >> SHIFT
            g = ((sums[i + one] + after_weight * g2) + next_weight * g1) >> SHIFT
            b = ((sums[i + two] + after_weight * b2) + next_weight * b1) >> SHIFT
            r2, g2, b2 = r1, g1, b1
            if masked and skipped[y, x]:
                r, g, b = (
                    np.int64(to_light[pixels[y, x, 0]]),
                    np.int64(to_light[pixels[y, x, 1]]),
                    np.int64(to_light[pixels[y, x, 2]]),
                )
            slot = slot_of(
                np.uint64(to_code[np.uint64(r + top)]),
                np.uint64(to_code[np.uint64(g + top)]),
                np.uint64(to_code[np.uint64(b + top)]),
            )
            if known[slot >> six] == 0:
                fill_cell(cube, slot)
            entry = table[slot]
            line[np.uint64(x)] = entry
            j = np.uint64(entry) << two
            r1 = min(max(r, 0), top) - entry_light[j]
            g1 = min(max(g, 0), top) - entry_light[j | one]
            b1 = min(max(b, 0), top) - entry_light[j | two]
            if masked and skipped[y, x]:
                r1 = g1 = b1 = np.int64(0)
            at = i + np.uint64(3 * MARGIN)
            given[at], given[at + one], given[at + two] = r1, g1, b1
            x += step
        if y >= rows[1]:
            for x in range(width):
                indices[y, x] = line[x]


@loop
def tally(pixels: Any, hidden: Any, indices: Any, palette: Any, counts: Any) -> Any:
    """Add the visible pixels of each entry to ``counts`` int64 (k,); return the sum of squared errors."""
    total = np.int64(0)
    masked = hidden.shape[0] > 0
    for y in range(indices.shape[0]):
        for x in range(indices.shape[1]):
            if masked and hidden[y, x]:
                continue
            entry = indices[y, x]
            counts[entry] += 1
            for channel in range(3):
                off = np.int64(pixels[y, x, channel]) - np.int64(palette[entry, channel])
                total += off * off
    return total


@loop
def mark_skipped(pixels: Any, hidden: Any, words: Any, skipped: Any) -> Any:
    """Fill ``skipped`` bool (h, w): hidden, or of a colour in the set ``words``; return how many there are.

    ``pixels`` uint8 (h, w, 3), ``hidden`` bool (h, w) or (0, 0), ``words`` as in ``kernels_count``.
    """
    count = np.int64(0)
    masked = hidden.shape[0] > 0
    for y in range(pixels.shape[0]):
        row = pixels[y]
        for x in range(pixels.shape[1]):
            number = number_of(row, x)
            skip = (words[number >> np.uint64(6)] >> (number & np.uint64(63))) & np.uint64(1) != np.uint64(0)
            if masked and hidden[y, x]:
                skip = True
            skipped[y, x] = skip
            count += skip
    return count
