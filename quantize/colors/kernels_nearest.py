"""numba loops that find the nearest palette entry, exactly.

Colours come in runs that lie close together, if the caller has sorted them so. For the bounding box of a run,
an entry cannot be nearest if another one, the reference, is nearer in every corner: the difference of two
squared distances is linear in space, so its largest value over a box is at a corner, and has a closed form.
What remains, two or three entries of 256 as a rule, is tried one by one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import uint64

from quantize.compiling import loop, part

# Colours of a run and of a superrun: small boxes leave few entries, but each costs a test of every entry.
RUN = 32
SUPERRUN = 1024


@part
def bound(axes: Any, start: Any, stop: Any, box: Any) -> None:
    """Write middle and full width of the bounding box of ``axes[:, start:stop]`` to ``box`` float64 (6,)."""
    for axis in range(3):
        low = high = axes[axis, start]
        for i in range(start, stop):
            value = axes[axis, i]
            low = value if value < low else low
            high = value if value > high else high
        box[axis], box[3 + axis] = (low + high) * 0.5, high - low


@part
def find_candidates(box: Any, palette: Any, entries: Any, n: Any, margin: Any, scores: Any, out: Any) -> Any:
    """Copy those of ``entries[:n]`` that may be nearest in the box to ``out``; return how many.

    They keep their order. ``margin`` is above any rounding error of this test and of the distances.
    """
    least, reference = np.inf, entries[0]
    for q in range(n):
        j = uint64(entries[q])
        dx, dy, dz = box[0] - palette[0, j], box[1] - palette[1, j], box[2] - palette[2, j]
        scores[q] = dx * dx + dy * dy + dz * dz
        if scores[q] < least:
            least, reference = scores[q], entries[q]
    x, y, z = palette[0, reference], palette[1, reference], palette[2, reference]
    for q in range(n):
        j = uint64(entries[q])
        reach = (
            box[3] * abs(palette[0, j] - x)
            + box[4] * abs(palette[1, j] - y)
            + box[5] * abs(palette[2, j] - z)
        )
        scores[q] = least - scores[q] + reach
    found = uint64(0)
    for q in range(n):
        out[found] = entries[q]
        found += uint64(scores[q] > -margin)
    return found


def assign_rows(colors: Any, palette: Any, indices: Any, errors: Any) -> None:
    """Find the nearest of ``palette`` float64 (3, k) to each of ``colors`` float32 (n, 3); the first of
    equals.
    """
    k = palette.shape[1]
    # To make arrays in a loop takes long to compile.
    numbers = np.empty((3, k + 1), np.uint32), np.empty(RUN, np.uint32)
    floats = np.empty(k), np.empty(6), np.empty((3, SUPERRUN)), np.empty(RUN)
    _assign(colors, palette, indices, errors, *numbers, *floats)


@loop
def _assign(
    colors: Any, palette: Any, indices: Any, errors: Any, entries: Any, nearest: Any, scores: Any, box: Any,
    axes: Any, best: Any,
) -> None:  # fmt: skip
    n, k = uint64(colors.shape[0]), uint64(palette.shape[1])
    every, some, few = entries[0], entries[1], entries[2]
    largest = 1e-30
    for j in range(k):
        every[j] = j
        for axis in range(3):
            largest = max(largest, abs(palette[axis, j]))
    for start in range(uint64(0), n, uint64(SUPERRUN)):
        stop = min(n - start, uint64(SUPERRUN))
        for i in range(stop):
            for axis in range(3):
                axes[axis, i] = colors[start + i, axis]
                largest = max(largest, abs(axes[axis, i]))
        # Rounding errors are below 1e-14 of the largest square.
        margin = 1e-12 * largest * largest
        bound(axes, uint64(0), stop, box)
        n_some = find_candidates(box, palette, every, k, margin, scores, some)
        for low in range(uint64(0), stop, uint64(RUN)):
            high = min(stop, low + uint64(RUN))
            bound(axes, low, high, box)
            n_few = find_candidates(box, palette, some, n_some, margin, scores, few)
            for i in range(high - low):
                best[i], nearest[i] = np.inf, few[0]
            for q in range(n_few):
                j = uint64(few[q])
                x, y, z = palette[0, j], palette[1, j], palette[2, j]
                for i in range(high - low):
                    dx, dy, dz = axes[0, low + i] - x, axes[1, low + i] - y, axes[2, low + i] - z
                    distance = dx * dx + dy * dy + dz * dz
                    nearest[i] = few[q] if distance < best[i] else nearest[i]
                    best[i] = distance if distance < best[i] else best[i]
            for i in range(high - low):
                indices[start + low + i] = nearest[i]
                errors[start + low + i] = best[i]


@loop
def sum_entries(colors: Any, counts: Any, indices: Any, palette: Any, totals: Any) -> Any:
    """Add the pixels of each entry to ``totals`` int64 (k,); return the sum of squared sRGB errors."""
    total = np.int64(0)
    for i in range(colors.shape[0]):
        j = uint64(indices[i])
        dr = np.int64(colors[i, 0]) - np.int64(palette[j, 0])
        dg = np.int64(colors[i, 1]) - np.int64(palette[j, 1])
        db = np.int64(colors[i, 2]) - np.int64(palette[j, 2])
        total += (dr * dr + dg * dg + db * db) * np.int64(counts[i])
        totals[j] += np.int64(counts[i])
    return total
