"""numba loops that find the nearest palette entry of colours which nobody could list beforehand.

A colour's *cell* is its top six bits a channel (a cube of 4×4×4 colours), its *place* the other two bits a
channel (0–63); a *block* is 4×4×4 cells. Answers are found for a whole cell when its first colour is asked
for, from the few entries that can be nearest somewhere in it.

These kernels are called from inside loops over pixels. Such loops must not hand arrays to a helper for every
pixel: numba counts the references, atomically, and that costs ten times what a pixel does.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from quantize.compiling import loop

CELLS = 1 << 18
BLOCKS = 1 << 12
STEPS = 65  # of the grid along each axis: colours 0, 4, …, 256

# A sphere is compared in float32: this is far more than its rounding.
_SLACK = np.float32(1.0001)
_INFINITE = np.float32(np.inf)


class CubeArrays(NamedTuple):
    """What the kernels read and fill; one set for each thread.

    ``grid`` float32 (65, 65, 65, 3) holds working coordinates of every fourth colour, ``entries`` float32
    (3, k) the palette's. ``table`` uint8 (cells · 64,) holds the answers of the cells that are ``known``
    uint8 (cells,). ``block_sizes`` int16 (blocks,) counts the candidates in ``block_lists`` uint8
    (blocks, k); -1 is not yet. The rest is scratch.
    """

    grid: NDArray[np.float32]
    entries: NDArray[np.float32]
    known: NDArray[np.uint8]
    table: NDArray[np.uint8]
    block_sizes: NDArray[np.int16]
    block_lists: NDArray[np.uint8]
    everything: NDArray[np.uint8]  # (k,): 0, 1, …, k - 1
    near: NDArray[np.uint8]  # (k + 1,)
    distances: NDArray[np.float32]  # (k,)
    places: NDArray[np.float32]  # (3, 64)
    best: NDArray[np.float32]  # (64,)
    nearest: NDArray[np.uint8]  # (64,)


@njit(inline="always")
def slot_of(r: Any, g: Any, b: Any) -> Any:
    """Tell where the table holds the answer for a colour given as uint64."""
    two, three = np.uint64(2), np.uint64(3)
    cell = ((r >> two) << np.uint64(12)) | ((g >> two) << np.uint64(6)) | (b >> two)
    return (cell << np.uint64(6)) | ((r & three) << np.uint64(4)) | ((g & three) << two) | (b & three)


@loop
def place_coordinates(grid: Any, cell: Any, places: Any) -> None:
    """Fill ``places`` float32 (3, 64) with the working coordinates of a cell's colours.

    Trilinear between the eight corners; exact where the space is sRGB itself.
    """
    r, g, b = cell >> 12, (cell >> 6) & 63, cell & 63
    quarter = np.float32(0.25)
    for axis in range(3):
        for place in range(64):
            u, v, w = (
                np.float32(place >> 4) * quarter,
                np.float32((place >> 2) & 3) * quarter,
                np.float32(place & 3) * quarter,
            )
            low_low = grid[r, g, b, axis] + w * (grid[r, g, b + 1, axis] - grid[r, g, b, axis])
            low_high = grid[r, g + 1, b, axis] + w * (grid[r, g + 1, b + 1, axis] - grid[r, g + 1, b, axis])
            high_low = grid[r + 1, g, b, axis] + w * (grid[r + 1, g, b + 1, axis] - grid[r + 1, g, b, axis])
            high_high = grid[r + 1, g + 1, b, axis] + w * (
                grid[r + 1, g + 1, b + 1, axis] - grid[r + 1, g + 1, b, axis]
            )
            low = low_low + v * (low_high - low_low)
            high = high_low + v * (high_high - high_low)
            places[axis, place] = low + u * (high - low)


@loop
def _candidates(
    grid: Any, entries: Any, corner: Any, width: Any, listed: Any, distances: Any, near: Any
) -> Any:
    """Write to ``near`` those of ``listed`` that can be nearest in a cube of the grid; return how many.

    Inside a cube coordinates are means of the grid's points, so they lie within the sphere around its centre
    that holds those points. An entry further from the centre than the nearest one plus the sphere's diameter
    is nearest nowhere in it.
    """
    r, g, b = corner
    half = width // 2
    if width == 1:
        x = (grid[r, g, b, 0] + grid[r + 1, g + 1, b + 1, 0]) * np.float32(0.5)
        y = (grid[r, g, b, 1] + grid[r + 1, g + 1, b + 1, 1]) * np.float32(0.5)
        z = (grid[r, g, b, 2] + grid[r + 1, g + 1, b + 1, 2]) * np.float32(0.5)
    else:
        x, y, z = (
            grid[r + half, g + half, b + half, 0],
            grid[r + half, g + half, b + half, 1],
            grid[r + half, g + half, b + half, 2],
        )
    radius = np.float32(0)
    for i in range(r, r + width + 1):
        for j in range(g, g + width + 1):
            for k in range(b, b + width + 1):
                dx, dy, dz = grid[i, j, k, 0] - x, grid[i, j, k, 1] - y, grid[i, j, k, 2] - z
                radius = max(radius, dx * dx + dy * dy + dz * dz)
    closest = _INFINITE
    for i in range(listed.shape[0]):
        entry = listed[i]
        dx, dy, dz = entries[0, entry] - x, entries[1, entry] - y, entries[2, entry] - z
        distance = dx * dx + dy * dy + dz * dz
        distances[i] = distance
        closest = min(closest, distance)
    reach = np.sqrt(closest) + np.float32(2) * np.sqrt(radius)
    reach = reach * reach * _SLACK
    count = 0
    for i in range(listed.shape[0]):
        near[count] = listed[i]
        count += distances[i] <= reach
    return count


@loop
def fill_cell(cube: Any, slot: Any) -> None:
    """Find the nearest entries of all 64 colours of the cell in which ``slot`` lies; the first of equals.

    Single values in loops, no slices: for the error that unequal slices raise, numba would compile how to
    write numbers as text, which takes longer than all else here.
    """
    cell = np.int64(slot >> np.uint64(6))
    r, g, b = cell >> 12, (cell >> 6) & 63, cell & 63
    block = ((r >> 2) << 8) | ((g >> 2) << 4) | (b >> 2)
    grid, entries, near, distances = cube.grid, cube.entries, cube.near, cube.distances
    if cube.block_sizes[block] < 0:
        corner = (r & ~3, g & ~3, b & ~3)
        count = _candidates(grid, entries, corner, 4, cube.everything, distances, near)
        for i in range(count):
            cube.block_lists[block, i] = near[i]
        cube.block_sizes[block] = count
    listed = cube.block_lists[block, : cube.block_sizes[block]]
    count = _candidates(grid, entries, (r, g, b), 1, listed, distances, near)
    base = cell << 6
    if count == 1:
        for place in range(64):
            cube.table[base + place] = near[0]
    else:
        places, best, nearest = cube.places, cube.best, cube.nearest
        place_coordinates(grid, cell, places)
        best[:] = _INFINITE
        for i in range(count):
            entry = near[i]
            x, y, z = entries[0, entry], entries[1, entry], entries[2, entry]
            for place in range(64):
                dx, dy, dz = x - places[0, place], y - places[1, place], z - places[2, place]
                distance = dx * dx + dy * dy + dz * dz
                closer = distance < best[place]
                best[place] = distance if closer else best[place]
                nearest[place] = entry if closer else nearest[place]
        for place in range(64):
            cube.table[base + place] = nearest[place]
    cube.known[cell] = 1
