"""numba loops that look for room: the most room in every part, and boxes that lie in one part whole."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import uint64

from quantize.compiling import loop, part

_NEARLY = 0.93
"""Of two places with nearly as much room the one nearer to the middle of the part is taken."""


@loop
def measure_room(numbers: Any, room: Any, most: Any, sums: Any) -> None:
    """Measure the most room of each part, and add up where its pixels are.

    ``numbers`` int32 (h, w), ``room`` float32 (h, w); ``most`` float32 (n,) and ``sums`` float64 (n, 3) hold
    zeros.
    """
    height, width = numbers.shape
    for y in range(height):
        for x in range(width):
            here = numbers[y, x]
            most[here] = max(most[here], room[y, x])
            sums[here, 0] += x
            sums[here, 1] += y
            sums[here, 2] += 1


@loop
def choose_poles(numbers: Any, room: Any, most: Any, sums: Any, best: Any, poles: Any) -> None:
    """Choose the pole of each part: ``poles`` int32 (n, 2); ``best`` float64 (n,) holds infinity."""
    height, width = numbers.shape
    for y in range(height):
        for x in range(width):
            here = numbers[y, x]
            if room[y, x] < _NEARLY * most[here]:
                continue
            across, down = x - sums[here, 0] / sums[here, 2], y - sums[here, 1] / sums[here, 2]
            away = across * across + down * down
            if away < best[here]:
                best[here] = away
                poles[here, 0], poles[here, 1] = x, y


@part
def _holds(numbers: Any, here: Any, x: Any, y: Any, across: Any, down: Any) -> Any:
    """Tell whether a box around the middle of a pixel lies in one part."""
    height, width = numbers.shape
    if x < across or y < down or x + across >= width or y + down >= height:
        return False
    for row in range(y - down, y + down + 1):
        for column in range(x - across, x + across + 1):
            if numbers[row, column] != here:
                return False
    return True


@loop
def fit_boxes(numbers: Any, poles: Any, across: Any, down: Any, sizes: Any) -> None:
    """Find the first box that fits at each pole.

    ``across`` and ``down`` int32 (n, s): pixels to each side of the middle, the largest box first. Which one
    fits goes to ``sizes`` int32 (n,), which holds -1 for parts that are to be looked at, -2 for others.
    """
    for here in range(uint64(len(poles))):
        if sizes[here] != -1:
            continue
        for size in range(across.shape[1]):
            if _holds(numbers, here, poles[here, 0], poles[here, 1], across[here, size], down[here, size]):
                sizes[here] = size
                break


@loop
def seek_boxes(numbers: Any, room: Any, across: Any, down: Any, best: Any, poles: Any, sizes: Any) -> None:
    """Look anywhere in parts for which ``sizes`` is -1 for a place of the smallest box, with most room.

    ``best`` float32 (n,) holds zeros.
    """
    height, width = numbers.shape
    last = across.shape[1] - 1
    for y in range(height):
        for x in range(width):
            here = numbers[y, x]
            if sizes[here] != -1 or room[y, x] <= best[here] or room[y, x] < down[here, last]:
                continue
            if _holds(numbers, here, x, y, across[here, last], down[here, last]):
                best[here] = room[y, x]
                poles[here, 0], poles[here, 1] = x, y


@loop
def walk_away(labels: Any, away: Any) -> None:
    """Measure how far it is to a pixel at which ``away`` float32 (h, w) is 0, through pixels of one label.

    Elsewhere it holds infinity. Of winding ways only those that go down and then up, or the like, are found.
    """
    height, width = labels.shape
    for turn in range(2):
        step = 1 - 2 * turn
        for row in range(height):
            y = row if turn == 0 else height - 1 - row
            for column in range(width):
                x = column if turn == 0 else width - 1 - column
                best = away[y, x]
                if best == 0:
                    continue
                before, behind, above = x - step, x + step, y - step
                if 0 <= before < width and labels[y, before] == labels[y, x]:
                    best = min(best, away[y, before] + np.float32(1))
                if 0 <= above < height:
                    if labels[above, x] == labels[y, x]:
                        best = min(best, away[above, x] + np.float32(1))
                    if 0 <= before < width and labels[above, before] == labels[y, x]:
                        best = min(best, away[above, before] + np.float32(1.414))
                    if 0 <= behind < width and labels[above, behind] == labels[y, x]:
                        best = min(best, away[above, behind] + np.float32(1.414))
                away[y, x] = best
