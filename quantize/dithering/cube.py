"""The nearest palette entry of any 8-bit colour, found when it is first asked for.

``nearest.remap`` serves pictures, whose colours are known beforehand. Dithering adds errors to them, and what
comes out can be any colour; a table of all 16.7 million would take a second to fill. So it is filled cell by
cell (64 colours), as a picture needs them.

In sRGB the answers are exact, of equal entries the first, as in ``nearest``. In other spaces the coordinates
of a colour, and of the entries too, are interpolated between every fourth level of each channel: in LAB, for
random colours, 0.01 ΔE00 off on average, 0.16 in one of a hundred, 0.3 at most. An entry's own colour always
finds that entry. What little is decided differently is made good by the errors that dithering passes on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from quantize.dithering.kernels_cube import BLOCKS, CELLS, STEPS, CubeArrays, place_coordinates

ToWorking = Callable[[NDArray], NDArray[np.float32]]


def empty_cube(palette: NDArray[np.uint8], to_working: ToWorking | None = None) -> CubeArrays:
    """Prepare look-ups in a palette, for one thread.

    Parameters
    ----------
    palette : uint8, shape (k, 3), 1 <= k <= 256
        sRGB.
    to_working : callable, optional
        From float32 (n, 3) sRGB 0–256 to float32 (n, 3) of the space in which "nearest" is meant; None is
        sRGB.
    """
    grid = _grid(to_working)
    k = len(palette)
    return CubeArrays(
        grid=grid,
        entries=_coordinates(grid, palette),
        known=np.zeros(CELLS, np.uint8),
        table=np.empty(CELLS << 6, np.uint8),  # 17 MB, of which only what is filled becomes real memory
        block_sizes=np.full(BLOCKS, -1, np.int16),
        block_lists=np.empty((BLOCKS, k), np.uint8),
        everything=np.arange(k, dtype=np.uint8),
        near=np.empty(k + 1, np.uint8),
        distances=np.empty(k, np.float32),
        places=np.empty((3, 64), np.float32),
        best=np.empty(64, np.float32),
        nearest=np.zeros(64, np.uint8),
    )


@lru_cache(maxsize=8)
def _grid(to_working: ToWorking | None) -> NDArray[np.float32]:
    """Find the working coordinates of the colours 0, 4, …, 256 along each axis: 3 MB, 10 to 40 ms."""
    levels = np.arange(STEPS, dtype=np.float32) * 4
    colors = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(-1, 3)
    working = colors if to_working is None else to_working(colors)
    grid = np.ascontiguousarray(working, np.float32).reshape(STEPS, STEPS, STEPS, 3)
    grid.flags.writeable = False
    return grid


def _coordinates(grid: NDArray[np.float32], palette: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Find the coordinates of the palette, float32 (3, k), by the very arithmetic that pixels get."""
    out = np.empty((3, len(palette)), np.float32)
    places = np.empty((3, 64), np.float32)
    for number, (r, g, b) in enumerate(palette.astype(np.int64).tolist()):
        place_coordinates(grid, (r >> 2) << 12 | (g >> 2) << 6 | b >> 2, places)
        out[:, number] = places[:, (r & 3) << 4 | (g & 3) << 2 | b & 3]
    return out
