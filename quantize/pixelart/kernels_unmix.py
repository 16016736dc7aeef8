"""numba loops that take neighbours' colours out of cells, and tell how near colours are to known ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from quantize.compiling import loop, part


@part
def _solve(line: Any, share: Any, gone: Any) -> None:
    """Solve x + share · (x before − 2 x + x behind) = line in place, by Thomas' elimination.

    Where a neighbour is missing, at both ends, x itself stands for it. ``gone`` float64 (n,) is scratch.
    """
    n = line.shape[0]
    inner, end = 1 - 2 * share, 1 - share
    pivot = end
    line[0] /= pivot
    for i in range(1, n):
        gone[i] = share / pivot
        pivot = (end if i == n - 1 else inner) - share * gone[i]
        line[i] = (line[i] - share * line[i - 1]) / pivot
    for i in range(n - 2, -1, -1):
        line[i] -= gone[i + 1] * line[i + 1]


@loop
def take_neighbours_out(cells: Any, shares: Any) -> None:
    """Take ``shares[c]`` of both neighbours along each axis out of each cell, in place.

    ``cells`` float64 (h, w, c); ``shares`` float64 (c,), 0 up to less than 0.25.
    """
    height, width, n_channels = cells.shape
    gone = np.zeros(max(height, width))
    for c in range(n_channels):
        if shares[c] == 0:
            continue
        for y in range(height if width > 1 else 0):
            _solve(cells[y, :, c], shares[c], gone)
        for x in range(width if height > 1 else 0):
            _solve(cells[:, x, c], shares[c], gone)


@loop
def mean_sq_distance(cells: Any, places: Any, known: Any, most: Any) -> float:
    """Average the squared distance of cells to the nearest of known colours, each up to ``most`` squared.

    ``cells`` float64 (h, w, c); ``places`` int64 (n, 2), n ≥ 1; ``known`` float64 (k, c).
    """
    total = 0.0
    for i in range(places.shape[0]):
        least = most * most
        for k in range(known.shape[0]):
            away = 0.0
            for c in range(known.shape[1]):
                away += (cells[places[i, 0], places[i, 1], c] - known[k, c]) ** 2
            least = min(least, away)
        total += least
    return total / places.shape[0]
