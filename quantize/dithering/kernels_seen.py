"""numba loops of dithering along an eye's axes, where the nearest entry is found exactly.

Each entry knows the others from near to far. From any entry the search for the nearest one goes along its
list, and ends where the list is so far away that nothing on it can be nearer than the best so far.

Positions are float32. Every pixel is worked out by the same steps in the same order, so results do not depend
on the number of threads.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from quantize.colors.kernels_eye import see_rows
from quantize.compiling import loop
from quantize.dithering.kernels_goals import aim

_F = np.float32
# Distances in float32 are compared: this is far more than their rounding.
_SLACK = _F(1.0001)
# Cells of the table of first guesses, along each axis.
CELLS = 32


class Places(NamedTuple):
    """A palette on its axes; read only.

    ``at`` float32 (k, 3) are the entries' places. ``order`` uint8 (k, k) lists for each entry all entries
    from near to far, itself first, and ``gaps`` float32 (k, k) how far they are. ``guesses`` uint8 (cells³,)
    has the entry nearest to the middle of each cell of a grid from ``low``, float32 (3,), ``fine`` cells a
    unit.
    """

    at: NDArray[np.float32]
    order: NDArray[np.uint8]
    gaps: NDArray[np.float32]
    guesses: NDArray[np.uint8]
    low: NDArray[np.float32]
    fine: NDArray[np.float32]


@loop
def fill_guesses(at: Any, low: Any, fine: Any, first: Any, stop: Any, guesses: Any) -> None:
    """Fill the cells ``first`` to ``stop`` of ``Places.guesses``."""
    k = at.shape[0]
    x, y, z = at[:, 0].copy(), at[:, 1].copy(), at[:, 2].copy()
    distances = np.empty(k, np.float32)
    for cell in range(first, stop):
        a = low[0] + (_F(cell // (CELLS * CELLS)) + _F(0.5)) / fine[0]
        b = low[1] + (_F(cell // CELLS % CELLS) + _F(0.5)) / fine[1]
        c = low[2] + (_F(cell % CELLS) + _F(0.5)) / fine[2]
        for i in range(k):
            dx, dy, dz = x[i] - a, y[i] - b, z[i] - c
            distances[i] = dx * dx + dy * dy + dz * dz
        best, least = 0, distances[0]
        for i in range(1, k):
            if distances[i] < least:
                best, least = i, distances[i]
        guesses[cell] = best


@njit(inline="always")
def nearest(places: Any, guess: Any, a: Any, b: Any, c: Any) -> Any:
    """Find the entry nearest to a place, and its squared distance; the search begins at ``guess``."""
    at, order, gaps = places.at, places.order, places.gaps
    entry = np.int64(guess)
    dx, dy, dz = at[entry, 0] - a, at[entry, 1] - b, at[entry, 2] - c
    least = dx * dx + dy * dy + dz * dz
    found = entry
    if at.shape[0] > 1 and gaps[entry, 1] * gaps[entry, 1] <= _F(4) * least * _SLACK:
        here = np.sqrt(least)
        reach = _F(2) * here * _SLACK
        for rank in range(1, at.shape[0]):
            if gaps[entry, rank] > reach:
                break
            other = np.int64(order[entry, rank])
            dx, dy, dz = at[other, 0] - a, at[other, 1] - b, at[other, 2] - c
            distance = dx * dx + dy * dy + dz * dz
            if distance < least:
                least, found = distance, other
                reach = (here + np.sqrt(distance)) * _SLACK
    return found, least


@njit(inline="always")
def _guess(places: Any, a: Any, b: Any, c: Any) -> Any:
    low, fine = places.low, places.fine
    i: Any = min(max(np.int64((a - low[0]) * fine[0]), 0), CELLS - 1)
    j: Any = min(max(np.int64((b - low[1]) * fine[1]), 0), CELLS - 1)
    k: Any = min(max(np.int64((c - low[2]) * fine[2]), 0), CELLS - 1)
    return places.guesses[np.uint64((i * CELLS + j) * CELLS + k)]


@loop
def diffuse_seen(
    pixels: Any, skipped: Any, hidden: Any, rows: Any, linear: Any, mix: Any, root: Any, turn: Any,
    places: Any, goals: Any, share: Any, runs: Any, indices: Any,
) -> None:  # fmt: skip
    """Dither some rows by Floyd–Steinberg along an eye's axes: even rows to the right, odd rows to the left.

    Parameters
    ----------
    pixels : uint8, shape (h, w, 3)
    skipped : bool, shape (h, w) or (0, 0)
        Pixels that neither take nor give errors; none if empty.
    hidden : bool, shape (h, w) or (0, 0)
        Those whose entry is nobody's model.
    rows : int64, shape (3,)
        Begin at the first, with no errors; keep from the second to before the third.
    linear, mix, root, turn
        As ``kernels_eye.see_rows`` takes them.
    places : Places
    goals : Goals
    share : float32
        Of an error that is passed on.
    runs : float32
        The entry of the pixel before or above is kept where its squared distance is less than this above the
        least.
    indices : uint8, shape (h, w)
        Filled from the second row to before the third.
    """
    width = pixels.shape[1]
    at = places.at
    masked, unseen = skipped.shape[0] > 0, hidden.shape[0] > 0
    seen = np.empty((width, 3), np.float32)
    # Errors for this row and for the next, one pixel more on each side.
    given, coming = np.zeros((width + 2, 3), np.float32), np.zeros((width + 2, 3), np.float32)
    line, above = np.zeros(width, np.uint8), np.zeros(width, np.uint8)
    ahead, back = share * _F(7 / 16), share * _F(3 / 16)
    below, beyond = share * _F(5 / 16), share * _F(1 / 16)
    for y in range(rows[0], rows[2]):
        see_rows(pixels[y], linear, mix, root, turn, seen)
        aim(pixels[y], goals, seen)
        given, coming = coming, given
        coming[:] = _F(0)
        line, above = above, line
        step = -1 if y & 1 else 1
        x = width - 1 if y & 1 else 0
        e0 = e1 = e2 = _F(0)
        last = np.int64(-1)
        for _ in range(width):
            t0, t1, t2 = seen[x, 0], seen[x, 1], seen[x, 2]
            free = not (masked and skipped[y, x])
            if free:
                t0 += given[x + 1, 0] + ahead * e0
                t1 += given[x + 1, 1] + ahead * e1
                t2 += given[x + 1, 2] + ahead * e2
            entry, least = nearest(places, _guess(places, t0, t1, t2), t0, t1, t2)
            if free and runs > 0:
                near = least + runs
                for side in range(2):
                    other = last
                    if side == 1:
                        seen_above = y > rows[0] and not (unseen and hidden[y - 1, x])
                        other = np.int64(above[x]) if seen_above else np.int64(-1)
                    if other >= 0:
                        dx, dy, dz = at[other, 0] - t0, at[other, 1] - t1, at[other, 2] - t2
                        distance = dx * dx + dy * dy + dz * dz
                        if distance < near:
                            entry, near = other, distance
            last = np.int64(-1) if unseen and hidden[y, x] else entry
            line[x] = entry
            e0 = e1 = e2 = _F(0)
            if free:
                e0, e1, e2 = t0 - at[entry, 0], t1 - at[entry, 1], t2 - at[entry, 2]
                behind, front = x + 1 - step, x + 1 + step
                coming[behind, 0] += back * e0
                coming[behind, 1] += back * e1
                coming[behind, 2] += back * e2
                coming[x + 1, 0] += below * e0
                coming[x + 1, 1] += below * e1
                coming[x + 1, 2] += below * e2
                coming[front, 0] += beyond * e0
                coming[front, 1] += beyond * e1
                coming[front, 2] += beyond * e2
            x += step
        if y >= rows[1]:
            for x in range(width):
                indices[y, x] = line[x]
