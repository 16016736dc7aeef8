"""Which rows of a large picture stand for all when the length of its file is told.

Bands of rows, as a deflated row leans on those above it. They are drawn from all bands sorted by how much
happens in them, at even steps, so that even sky and fine leaves have the share that they have in the picture.
"""

import numpy as np
from numpy.typing import NDArray

_BAND_ROWS = 16
# Rows of a band that are looked at.
_LOOKED_AT = (4, 12)
# About how many bits a step to the next pixel takes.
_BITS = np.log2(1 + np.minimum(np.arange(256), np.arange(256, 0, -1))).astype(np.float32)

Rows = NDArray[np.intp] | slice


def find_bands(array: NDArray[np.uint8], n_pixels: int) -> Rows:
    """Find rows that make up about so many pixels and stand for all: their numbers, or a slice of all rows.

    Parameters
    ----------
    array : uint8, shape (h, w) or (h, w, 3)
        Palette entries or pixels.
    n_pixels : int
        At least one band is taken.
    """
    height, width = array.shape[:2]
    count = max(1, n_pixels // (width * _BAND_ROWS))
    if height <= count * _BAND_ROWS:
        return slice(None)
    tops = np.linspace(0, height - _BAND_ROWS, height // _BAND_ROWS).round().astype(np.intp)
    order = np.argsort(_find_business(array, tops), kind="stable")
    steps = ((np.arange(count) + 0.5) * len(tops) / count).astype(np.intp)
    chosen = np.sort(tops[order[steps]])
    return (chosen[:, None] + np.arange(_BAND_ROWS)).reshape(-1)


def _find_business(array: NDArray[np.uint8], tops: NDArray[np.intp]) -> NDArray[np.float32]:
    """Tell the mean number of bits of a step in each band, of green if there are colours."""
    seen = array if array.ndim == 2 else array[..., 1]
    if seen.shape[1] == 1:
        return np.zeros(len(tops), np.float32)
    rows = seen[(tops[:, None] + np.array(_LOOKED_AT)).reshape(-1)]
    return _BITS[rows[:, 1:] - rows[:, :-1]].mean(axis=1).reshape(len(tops), -1).mean(axis=1)
