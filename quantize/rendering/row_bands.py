"""Which rows of a large picture stand for all when the length of its file is told.

Bands of rows, as a deflated row leans on those above it. They are drawn from all bands sorted by how much
happens in them, at even steps, so that even sky and fine leaves have the share that they have in the picture.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.colors.opacity import is_visible
from quantize.rendering.deflating import deflate_quickly

_BAND_ROWS = 16
# Rows of a band that are looked at.
_LOOKED_AT = (4, 12)
# About how many bits a step to the next pixel takes.
_BITS = np.log2(1 + np.minimum(np.arange(256), np.arange(256, 0, -1))).astype(np.float32)

Rows = NDArray[np.intp] | slice


@dataclass(frozen=True, eq=False)
class Bands:
    """Rows of a picture on which the lengths of its files are measured.

    Attributes
    ----------
    pixels : uint8, shape (h', w, 3)
    alpha : uint8, shape (h', w), or None
    share : float
        Which part of a file's bytes they have (``find_share``).
    height : int
        Rows of the whole picture.
    """

    pixels: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None
    share: float
    height: int


def take_bands(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None, n_pixels: int) -> Bands:
    """Take rows that make up about so many pixels and stand for all of a picture, uint8 (h, w, 3)."""
    visible = None if alpha is None else is_visible(alpha)
    rows = find_bands(pixels, n_pixels, visible)
    share = find_share(pixels, rows, visible)
    return Bands(pixels[rows], None if alpha is None else alpha[rows], share, len(pixels))


def find_bands(array: NDArray[np.uint8], n_pixels: int, visible: NDArray[np.bool_] | None = None) -> Rows:
    """Find rows that make up about so many pixels and stand for all: their numbers, or a slice of all rows.

    Parameters
    ----------
    array : uint8, shape (h, w) or (h, w, 3)
        Palette entries or pixels.
    n_pixels : int
        At least one band is taken.
    visible : bool, shape (h, w), or None
        Where something is to be seen; None is everywhere.
    """
    height, width = array.shape[:2]
    count = max(1, n_pixels // (width * _BAND_ROWS))
    if height <= count * _BAND_ROWS:
        return slice(None)
    tops = np.linspace(0, height - _BAND_ROWS, height // _BAND_ROWS).round().astype(np.intp)
    order = np.argsort(_find_business(array, tops, visible), kind="stable")
    steps = ((np.arange(count) + 0.5) * len(tops) / count).astype(np.intp)
    chosen = np.sort(tops[order[steps]])
    return (chosen[:, None] + np.arange(_BAND_ROWS)).reshape(-1)


def find_share(pixels: NDArray[np.uint8], rows: Rows, visible: NDArray[np.bool_] | None = None) -> float:
    """Tell which share of the bytes of any file of a picture these rows have: 0 to 1.

    As found by packing six bits of green quickly: some 3 ms a megapixel, once for all numbers of colours.

    Parameters
    ----------
    pixels : uint8, shape (h, w, 3)
    rows : integers or slice
        As ``find_bands`` gives them.
    visible : bool, shape (h, w), or None
        Where something is to be seen; None is everywhere.
    """
    if isinstance(rows, slice):
        return 1.0
    green = pixels[..., 1] >> np.uint8(2)
    if visible is not None:
        green *= visible
    return len(deflate_quickly(green[rows])) / len(deflate_quickly(green))


def _find_business(
    array: NDArray[np.uint8], tops: NDArray[np.intp], visible: NDArray[np.bool_] | None
) -> NDArray[np.float32]:
    """Tell the mean number of bits of a step in each band, of green if there are colours."""
    seen = array if array.ndim == 2 else array[..., 1]
    if seen.shape[1] == 1:
        return np.zeros(len(tops), np.float32)
    looked_at = (tops[:, None] + np.array(_LOOKED_AT)).reshape(-1)
    rows = seen[looked_at] if visible is None else seen[looked_at] * visible[looked_at]
    return _BITS[rows[:, 1:] - rows[:, :-1]].mean(axis=1).reshape(len(tops), -1).mean(axis=1)
