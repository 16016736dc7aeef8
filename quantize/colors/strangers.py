"""Pixels whose colour is not in a palette: whether a picture fits it exactly, and where it does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.colors.colorset import ColorSet
from quantize.colors.hexadecimal import hex_colors
from quantize.colors.opacity import is_visible, visible_rows
from quantize.errors import QuantizeError

MOST_TOLD = 5
"""Colours whose first place is told."""


@dataclass(frozen=True, eq=False)
class Strangers:
    """Visible pixels whose colour is not in a palette.

    Attributes
    ----------
    n_pixels, n_colors : int
        How many there are, and of how many different colours.
    colors : uint8, shape (m, 3), m <= 5
        The first of these colours as one reads the picture, row by row.
    places : int64, shape (m, 2)
        Column and row, from 0, of the first pixel of each.
    """

    n_pixels: int
    n_colors: int
    colors: NDArray[np.uint8]
    places: NDArray[np.int64]


def find_strangers(
    pixels: NDArray[np.uint8],
    palette: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None = None,
    known: ColorSet | None = None,
) -> Strangers:
    """Find the pixels that would change if a picture were mapped to a palette.

    Parameters
    ----------
    pixels : uint8, shape (h, w, 3)
        sRGB.
    palette : uint8, shape (k, 3)
        sRGB, any number of entries, some may stand twice.
    alpha : uint8, shape (h, w), optional
        Pixels that are not visible (see ``opacity.py``) do not count.
    known : ColorSet, optional
        The colours of these very pixels and alpha, if they have been counted before.
    """
    color_set = known or ColorSet.of(visible_rows(pixels, alpha))
    strange = ~np.isin(_codes(color_set.colors), _codes(palette))
    n_pixels = int(color_set.counts[strange].sum(dtype=np.int64))
    rows = np.empty(0, np.int64)
    if n_pixels:
        mask, _ = color_set.look_up(visible_rows(pixels), strange.astype(np.uint8))
        if alpha is not None:
            mask &= is_visible(alpha).ravel()
        rows = _first_of_each(visible_rows(pixels), np.flatnonzero(mask))
    places = np.stack([rows % pixels.shape[1], rows // pixels.shape[1]], axis=1)
    return Strangers(n_pixels, int(strange.sum()), visible_rows(pixels)[rows], places)


def require_fit(found: Strangers) -> None:
    """Refuse a picture that has a colour which is not in the palette.

    Raises
    ------
    QuantizeError
        With how many pixels and colours there are, and the first places.
    """
    if not found.n_pixels:
        return
    pairs = zip(hex_colors(found.colors), found.places.tolist(), strict=True)
    first = ", ".join(f"{code} at x {x}, y {y}" for code, (x, y) in pairs)
    more = " …" if found.n_colors > len(found.colors) else ""
    pixels, colors = (
        f"{n:,} {noun}{'' if n == 1 else 's'}"
        for n, noun in ((found.n_pixels, "pixel"), (found.n_colors, "colour"))
    )
    raise QuantizeError(
        f"picture must have the palette's colours alone, got {pixels} of {colors} that are not in it, "
        f"{first}{more}: add them, or map it without strict"
    )


def _codes(colors: NDArray[np.uint8]) -> NDArray[np.uint32]:
    red, green, blue = colors.astype(np.uint32).T
    return red << 16 | green << 8 | blue


def _first_of_each(rows: NDArray[np.uint8], left: NDArray[np.int64]) -> NDArray[np.int64]:
    """Find the first of ``left`` of each of up to five colours, in their order."""
    found: list[int] = []
    codes = _codes(rows[left])
    while len(left) and len(found) < MOST_TOLD:
        found.append(int(left[0]))
        other = codes != codes[0]
        left, codes = left[other], codes[other]
    return np.array(found, np.int64)
