"""numba loops over partly transparent colours: packed into numbers, found again, their nearest entry."""

from __future__ import annotations

from typing import Any

import numpy as np

from quantize.compiling import loop

# Bounds from distances of centers are taken so much wider: more than float64 can be off.
_WIDER = 1 + 1e-9


@loop
def pack_values(rows: Any, alpha: Any, codes: Any) -> None:
    """Fill ``codes`` uint32 (n,) from uint8 (n, 3) and (n,): alpha, R, G, B from the highest bits down.

    What is fully transparent is 0, whatever its colour.
    """
    for i in range(codes.shape[0]):
        code = np.uint32(0)
        if alpha[i]:
            code = np.uint32(alpha[i]) << np.uint32(24)
            code |= np.uint32(rows[i, 0]) << np.uint32(16)
            code |= np.uint32(rows[i, 1]) << np.uint32(8)
            code |= np.uint32(rows[i, 2])
        codes[i] = code


@loop
def find_values(codes: Any, known: Any, first: Any, out: Any) -> None:
    """Fill ``out`` with the positions of packed values among those that are known.

    Parameters
    ----------
    codes : uint32, shape (n,)
        All of them in ``known``.
    known : uint32, shape (m,)
        Sorted.
    first : int64, shape (65537,)
        For each value of the upper 16 bits, where those in ``known`` begin.
    out : uint32, shape (n,)
    """
    for i in range(codes.shape[0]):
        code = codes[i]
        low, high = first[code >> np.uint32(16)], first[(code >> np.uint32(16)) + 1] - 1
        while low < high:
            middle = (low + high) // 2
            if known[middle] < code:
                low = middle + 1
            else:
                high = middle
        out[i] = low


@loop
def nearest_of(x: Any, y: Any, z: Any, w: Any, centers: Any, order: Any, apart: Any, guess: Any) -> Any:
    """Find the center nearest to a place, of equal ones the first, beginning at a guess.

    Parameters
    ----------
    x, y, z, w : float
    centers : float64, shape (k, 4)
    order : int64, shape (k, k)
        For each center all of them, the nearest first.
    apart : float64, shape (k, k)
        A quarter of their squared distances, in that order.
    guess : int
        What lies farther from it than twice the place does cannot be nearer to the place.

    Returns
    -------
    nearest : int
    least : float
        Squared distance.
    """
    best, least, bound = guess, np.inf, np.inf
    for step in range(order.shape[1]):
        if apart[guess, step] > bound:
            break
        j = order[guess, step]
        dx, dy, dz, dw = x - centers[j, 0], y - centers[j, 1], z - centers[j, 2], w - centers[j, 3]
        distance = dx * dx + dy * dy + dz * dz + dw * dw
        if step == 0:
            bound = distance * _WIDER
        if distance < least or (distance == least and j < best):
            best, least = j, distance
    return best, least


@loop
def sweep_places(places: Any, centers: Any, order: Any, apart: Any, labels: Any, errors: Any) -> None:
    """Give every place, float64 (n, 4), its nearest center: ``labels`` int64 (n,) are guesses and results.

    ``errors`` float64 (n,) are filled with squared distances; the rest as for ``nearest_of``.
    """
    for i in range(places.shape[0]):
        labels[i], errors[i] = nearest_of(
            places[i, 0], places[i, 1], places[i, 2], places[i, 3], centers, order, apart, labels[i]
        )
