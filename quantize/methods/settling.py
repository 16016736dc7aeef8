"""The last word on a palette: dark to light, and no entry that nothing uses.

A center is the mean of some colours, but after rounding, or as another method left it, it may be nearest to
none of them. Such an entry would be counted and never shown; it goes to the colour that is served worst.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quantize.colors.colorset import ColorSet
from quantize.colors.nearest import Mapped, ToWorking, map_colors


def settle_palette(
    color_set: ColorSet,
    palette: NDArray[np.uint8],
    kept: NDArray[np.uint8],
    to_working: ToWorking | None = None,
) -> tuple[NDArray[np.uint8], Mapped]:
    """Sort a palette, see that every entry is nearest to some colour, and map the colours to it.

    Parameters
    ----------
    color_set : ColorSet
        The picture's colours.
    palette : uint8, shape (k, 3)
        All different, at most as many as there are colours and kept ones.
    kept : uint8, shape (m, 3)
        Entries that stay, used or not.
    to_working : callable, optional
        As for ``nearest.remap``.

    Returns
    -------
    palette : uint8, shape (k, 3)
    mapped : Mapped
    """
    while True:
        palette = dark_to_light(palette)
        mapped = map_colors(color_set, palette, to_working)
        idle = np.flatnonzero((mapped.counts == 0) & ~_among(palette, kept))
        if not len(idle):
            return palette, mapped
        # On a colour an entry is nearest to it, and stays so: with each round there are more of these.
        palette = palette.copy()
        palette[idle] = _served_worst(color_set, palette, mapped, len(idle))


def _among(palette: NDArray[np.uint8], kept: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell which entries are kept ones."""
    return (palette[:, None] == kept[None]).all(axis=2).any(axis=1)


def _served_worst(
    color_set: ColorSet, palette: NDArray[np.uint8], mapped: Mapped, n: int
) -> NDArray[np.uint8]:
    """Find the ``n`` colours that add most to the squared sRGB error, uint8 (n, 3), none in the palette.

    Of equal ones the first by R, G, B, so that anybody can find the same.
    """
    colors = color_set.colors
    away = colors.astype(np.int64) - palette[mapped.table]
    errors = np.square(away).sum(axis=1) * color_set.counts
    return colors[np.lexsort((*colors.T[::-1], -errors))[:n]]


def dark_to_light(palette: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Sort a palette, uint8 (k, 3), by luma (Rec. 709 weights on encoded values), then by R, G, B.

    Neighbouring entries look alike then, which also makes the indices compress better.
    """
    red, green, blue = palette.astype(np.int64).T
    luma = 2126 * red + 7152 * green + 722 * blue
    return palette[np.lexsort((blue, green, red, luma))]
