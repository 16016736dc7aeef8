"""numba loops that tell how well lines cut a picture into cells of one colour.

``strips`` uint8 (m, n, c) are m lines of pixels along one axis. ``sums`` int64 (m, n + 1, c) are their
running sums, ``squares`` int64 (m, n + 1) those of squares, of all channels together. What is left of a cell
is the squared distance of its pixels to their mean, line by line.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import uint64

from quantize.compiling import loop, part


@loop
def add_steps(pixels: Any, across: Any, down: Any, bends_across: Any, bends_down: Any) -> None:
    """Add up squared steps between neighbours, and squared bends, by columns and by rows.

    ``pixels`` uint8 (h, w, c); float64 ``across`` (w − 1,), ``down`` (h − 1,), and one shorter for bends,
    which may be empty.
    """
    height, width, n_channels = pixels.shape
    for y in range(uint64(height)):
        for x in range(uint64(width)):
            step = bend = step_down = bend_down = 0
            for c in range(n_channels):
                here = int(pixels[y, x, c])
                if x + 1 < width:
                    next_one = int(pixels[y, x + 1, c])
                    step += (next_one - here) ** 2
                    if x + 2 < width:
                        bend += (here - 2 * next_one + int(pixels[y, x + 2, c])) ** 2
                if y + 1 < height:
                    next_one = int(pixels[y + 1, x, c])
                    step_down += (next_one - here) ** 2
                    if y + 2 < height:
                        bend_down += (here - 2 * next_one + int(pixels[y + 2, x, c])) ** 2
            if x + 1 < width:
                across[x] += step
            if x + 2 < width:
                bends_across[x] += bend
            if y + 1 < height:
                down[y] += step_down
            if y + 2 < height:
                bends_down[y] += bend_down


@loop
def run_sums(strips: Any, sums: Any, squares: Any) -> None:
    """Fill the running sums."""
    n_lines, length, n_channels = strips.shape
    for i in range(n_lines):
        for j in range(length):
            square = 0
            for c in range(n_channels):
                value = int(strips[i, j, c])
                sums[i, j + 1, c] = sums[i, j, c] + value
                square += value * value
            squares[i, j + 1] = squares[i, j] + square


@part
def _left_of_one(sums: Any, squares: Any, i: Any, begin: Any, end: Any) -> float:
    spread = 0.0
    for c in range(sums.shape[2]):
        part_sum = float(sums[i, end, c] - sums[i, begin, c])
        spread += part_sum * part_sum
    return float(squares[i, end] - squares[i, begin]) - spread / (end - begin)


@part
def _left(sums: Any, squares: Any, begin: Any, end: Any) -> float:
    total = 0.0
    for i in range(sums.shape[0]):
        total += _left_of_one(sums, squares, i, begin, end)
    return total


@part
def _left_within(sums: Any, squares: Any, i: Any, bounds: Any, first: Any, end: Any) -> Any:
    """Add up from ``bounds[first]`` to ``end``; also tell which bound stands there."""
    total = 0.0
    while bounds[first] < end:
        total += _left_of_one(sums, squares, i, bounds[first], bounds[first + 1])
        first += 1
    return total, first


@loop
def add_left(sums: Any, squares: Any, bounds: Any) -> float:
    """Add up what is left of cells between ``bounds`` int64, which rise."""
    total = 0.0
    for k in range(bounds.shape[0] - 1):
        total += _left(sums, squares, bounds[k], bounds[k + 1])
    return total


@loop
def weigh_splits(
    sums: Any, squares: Any, coarse: Any, fine: Any, beside: Any, factor: Any, least: Any
) -> Any:
    """Weigh two ways to split cells against each other, cell by cell and line by line.

    ``fine`` and ``beside`` int64 have all lines of ``coarse`` and more. Returns how much each takes off where
    it takes off more than ``factor`` times the other, and more than ``least``.
    """
    one_more = other_more = 0.0
    for i in range(sums.shape[0]):
        one = other = 0
        for k in range(coarse.shape[0] - 1):
            left = _left_of_one(sums, squares, i, coarse[k], coarse[k + 1])
            left_fine, one = _left_within(sums, squares, i, fine, one, coarse[k + 1])
            left_beside, other = _left_within(sums, squares, i, beside, other, coarse[k + 1])
            gained, chance = left - left_fine, left - left_beside
            if gained > least and gained > factor * chance:
                one_more += gained
            if chance > least and chance > factor * gained:
                other_more += chance
    return one_more, other_more


@loop
def move_lines(sums: Any, squares: Any, bounds: Any, period: Any, reach: Any, stiff: Any) -> Any:
    """Move lines to where least is left of the cells, by dynamic programming.

    Parameters: ``bounds`` int64 (k,), of which the first and the last stay; each other moves by up to
    ``reach`` pixels. A cell costs what is left of it, and ``stiff`` times the squared share of ``period`` by
    which its two lines have moved apart or together. Returns int64 (k,), rising.
    """
    n_lines, n_places = bounds.shape[0], 2 * reach + 1
    costs = np.full((n_lines, n_places), np.inf)
    came = np.zeros((n_lines, n_places), np.int64)
    costs[0, reach] = 0
    for k in range(1, n_lines):
        for place in range(n_places):
            moved = place - reach
            if k == n_lines - 1 and moved != 0:
                continue
            end = bounds[k] + moved
            for before in range(n_places):
                begin = bounds[k - 1] + before - reach
                change = (place - before) / period
                if begin >= end or abs(change) > 0.5 or costs[k - 1, before] == np.inf:
                    continue
                # A line that stands at the picture's edge has nowhere to pull the next one from.
                pull = stiff * change * change if 1 < k < n_lines - 1 else 0.0
                cost = costs[k - 1, before] + _left(sums, squares, begin, end) + pull
                if cost < costs[k, place]:
                    costs[k, place], came[k, place] = cost, before
    out = bounds.copy()
    place = reach
    for k in range(n_lines - 1, 0, -1):
        out[k] = bounds[k] + place - reach
        place = came[k, place]
    return out, costs[n_lines - 1, reach]


@loop
def count_spikes(pixels: Any, least: Any) -> Any:
    """Count edges along the second axis of uint8 (h, w, c), and pixels that stand out from both neighbours.

    An edge is a step of more than ``least``, squared; a pixel stands out if the steps to it and from it go
    against each other by as much, which they do not on the slope of a blurred edge.
    """
    height, width, n_channels = pixels.shape
    edges = spikes = 0
    for y in range(uint64(height)):
        for x in range(1, uint64(width)):
            step = turn = 0
            for c in range(n_channels):
                first = int(pixels[y, x, c]) - int(pixels[y, x - 1, c])
                step += first * first
                if x + 1 < width:
                    turn += first * (int(pixels[y, x + 1, c]) - int(pixels[y, x, c]))
            edges += step > least
            spikes += turn < -least
    return edges, spikes
