"""Single cells that have no neighbour of their colour: a thread to begin, for a speck."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quantize.colors.spaces import find_space

EMPTY = -1
"""What stands for a cell that has no colour."""


def remove_strays(indices: NDArray[np.int16], colors: NDArray[np.uint8]) -> NDArray[np.int16]:
    """Give every cell that differs from all of its up to 8 neighbours the colour that most of them have.

    Cells are gone through in reading order, each seeing what became of those before. A cell that changes has
    a neighbour of its colour then, as has that neighbour, and nobody loses one, as the cell had none. So once
    through is enough, and nothing changes a second time.

    Parameters
    ----------
    indices : int16, shape (h, w)
        Number of each cell's entry, EMPTY for none.
    colors : uint8, shape (k, 3)
        sRGB of the entries. Of colours that equally many neighbours have, the one nearest in Oklab is taken,
        of equal ones the first.

    Returns
    -------
    int16, shape (h, w)
        Without such cells, those aside that have only empty neighbours. Empty cells stay empty.
    """
    working = find_space("Oklab").to_working(colors).astype(np.float64)
    cells = np.pad(indices, 1, constant_values=EMPTY)
    for row, column in np.argwhere(_stray(cells)).tolist():
        around = cells[row : row + 3, column : column + 3].ravel().tolist()
        own = around.pop(4)
        there = [other for other in around if other != EMPTY]
        if there and own not in there:
            most = max(there.count(other) for other in set(there))
            often = sorted({other for other in there if there.count(other) == most})
            away = ((working[often] - working[own]) ** 2).sum(axis=1)
            cells[row + 1, column + 1] = often[int(away.argmin())]
    return cells[1:-1, 1:-1].copy()


def _stray(cells: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Tell which cells within a border of one differ from all around them."""
    height, width = cells.shape
    middle = cells[1:-1, 1:-1]
    found = middle != EMPTY
    for down in range(3):
        for right in range(3):
            if (down, right) != (1, 1):
                found &= middle != cells[down : height - 2 + down, right : width - 2 + right]
    return found
