"""Two results of one picture side by side: their palettes in pairs, where they differ, and most of all where.

Differences are ΔE00 between the two results, not to the original.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quantize.colors.difference import delta_e_00
from quantize.colors.opacity import is_visible
from quantize.errors import QuantizeError
from quantize.rendering.previews import grid, preview

if TYPE_CHECKING:
    from quantize.pipeline import Quantized

# A region is a square with this part of the picture's shorter side, and at least so many pixels.
_REGION_SHARE = 7
_REGION_LEAST = 12


@dataclass(frozen=True)
class Pair:
    """An entry of each of two palettes that belong together, and the ΔE00 between them."""

    first: int
    second: int
    delta_e_00: float


@dataclass(frozen=True)
class Region:
    """A part of a picture in its full-resolution pixels, and the mean ΔE00 of two results there."""

    x: int
    y: int
    width: int
    height: int
    delta_e_00: float


def match_palettes(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> tuple[Pair, ...]:
    """Pair the entries of two palettes so that the sum of ΔE00 is the least there is.

    Parameters
    ----------
    first, second : uint8, shape (k, 3), 1 <= k <= 256
        sRGB. If one is longer, its entries that fit worst stay without a partner and are left out.

    Returns
    -------
    tuple of Pair
        The most different pair first; of equal ones, in the order of the first palette.

    Source: H. W. Kuhn, "The Hungarian method for the assignment problem", 1955, as SciPy solves it.
    """
    # Loaded at first use: `import quantize` stays quick.
    from scipy.optimize import linear_sum_assignment

    table = delta_e_00_table(first, second)
    rows, columns = linear_sum_assignment(table)
    pairs = zip(rows.tolist(), columns.tolist(), table[rows, columns].tolist(), strict=True)
    return tuple(sorted((Pair(*pair) for pair in pairs), key=lambda pair: -pair.delta_e_00))


def delta_e_00_table(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Work out ΔE00 of every entry of one palette to every entry of another, float32 (k₁, k₂).

    Raises
    ------
    QuantizeError
        If a palette is not uint8 (k, 3) with 1 to 256 entries.
    """
    for palette in (first, second):
        if palette.dtype != np.uint8 or palette.shape[1:] != (3,) or not 1 <= len(palette) <= 256:
            raise QuantizeError(
                f"palettes must be uint8 (k, 3) with 1 to 256 entries, got {palette.dtype} {palette.shape}"
            )
    pairs = delta_e_00(np.repeat(first, len(second), axis=0), np.tile(second, (len(first), 1)))
    return pairs.reshape(len(first), len(second))


def difference_map(first: Quantized, second: Quantized, max_side: int) -> NDArray[np.float32]:
    """Work out ΔE00 between two results for every pixel of their previews.

    Parameters
    ----------
    first, second : Quantized
        Results of one picture.
    max_side : int
        Longest side of the map; see ``previews.preview`` for which pixels it takes.

    Returns
    -------
    float32, shape (h', w')
        0 where both have the same colour, and where the picture is not visible (see ``colors/opacity.py``).

    Raises
    ------
    QuantizeError
        If the results are not of one size.
    """
    if first.shape != second.shape:
        raise QuantizeError(f"results must be of one picture, got sizes {first.shape} and {second.shape}")
    table, place = delta_e_00_table(first.palette, second.palette), grid(first.shape, max_side)
    found = table[first.entries_at(*place), second.entries_at(*place)]
    if first.alpha is not None:
        found[~is_visible(preview(first.alpha, max_side))] = 0
    return found


def find_regions(
    difference: NDArray[np.float32], size: tuple[int, int], count: int = 3
) -> tuple[Region, ...]:
    """Find the squares with the greatest mean difference, at least half a side apart.

    Parameters
    ----------
    difference : float32, shape (h, w)
        ΔE00, a preview of the picture.
    size : (int, int)
        Width and height of the picture itself.
    count : int
        How many at most; fewer where nothing else differs or there is no room.

    Returns
    -------
    tuple of Region
        The most different first; of equal ones, the one nearest to the top, then to the left.
    """
    height, width = difference.shape
    # Rounded, as a preview leaves out part of a cell at the end: 577 of 1155 is every second one.
    step = round(max(size) / max(width, height))
    side = min(max(_REGION_LEAST, min(width, height) // _REGION_SHARE), width, height)
    means = _window_means(difference, side)
    regions: list[Region] = []
    while len(regions) < count:
        y, x = np.unravel_index(np.argmax(means), means.shape)
        mean = float(means[y, x])
        if mean <= 0:
            break
        left, top, length = int(x) * step, int(y) * step, side * step
        regions.append(Region(left, top, min(length, size[0] - left), min(length, size[1] - top), mean))
        near = side + side // 2
        means[max(y - near + 1, 0) : y + near, max(x - near + 1, 0) : x + near] = 0
    return tuple(regions)


def _window_means(values: NDArray[np.float32], side: int) -> NDArray[np.float64]:
    """Average every square of ``side``, by sums from the corner; exactly 0 where all values are."""
    sums = np.zeros((values.shape[0] + 1, values.shape[1] + 1))
    # In whole thousandths, which add up exactly: a flat area is flat, and the first of equal squares wins.
    np.cumsum(np.cumsum(np.rint(values * 1000.0), axis=0), axis=1, out=sums[1:, 1:])
    squares = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return squares / (1000 * side * side)
