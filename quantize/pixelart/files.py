"""Pixel art as a file, each cell a pixel or some, and laid over the picture that it was taken from."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize.errors import QuantizeError, shown
from quantize.limits import MAX_PIXELS
from quantize.pixelart.restoring import Restored
from quantize.rendering.encode import encode_png


def write_art(restored: Restored, scale: int = 1) -> bytes:
    """Write an indexed PNG in which each cell is ``scale`` by ``scale`` pixels.

    Raises
    ------
    QuantizeError
        As for ``enlarge_art``; or if 256 colours in use leave no entry for what is transparent.
    """
    result = restored.result
    alpha = None if result.alpha is None else enlarge_art(result.alpha, scale)
    return encode_png(result.palette, enlarge_art(result.indices, scale), alpha, optimize=True)


def lay_over(restored: Restored, size: tuple[int, int], rows: slice, columns: slice) -> bytes:
    """Write some rows and columns of the picture with each cell where it lies, as a PNG to be shown.

    Parameters
    ----------
    restored : Restored
    size : (int, int)
        Width and height of the picture that it was taken from.
    rows, columns : slice
        Of that picture; they may have steps. Beyond the outermost cells these go on.
    """
    across = _cells_of(restored.grid.columns, np.arange(size[0])[columns])
    down = _cells_of(restored.grid.rows, np.arange(size[1])[rows])
    result, places = restored.result, np.ix_(down, across)
    alpha = None if result.alpha is None else result.alpha[places]
    return encode_png(result.palette, result.indices[places], alpha, optimize=False)


def _cells_of(lines: NDArray[np.int64], pixels: NDArray[Any]) -> NDArray[np.int64]:
    return (np.searchsorted(lines, pixels, side="right") - 1).clip(0, len(lines) - 2)


def enlarge_art(indices: NDArray[Any], scale: int) -> NDArray[Any]:
    """Turn each pixel of an array (h, w) into ``scale`` by ``scale`` of them.

    Raises
    ------
    QuantizeError
        If ``scale`` is no whole number of at least 1, or makes more pixels than a picture may have.
    """
    if isinstance(scale, bool) or not isinstance(scale, int | np.integer) or scale < 1:
        raise QuantizeError(f"scale must be a whole number of at least 1, got {shown(scale)}")
    if indices.size * int(scale) ** 2 > MAX_PIXELS:
        most = int((MAX_PIXELS / indices.size) ** 0.5)
        raise QuantizeError(
            f"scale must be at most {most}, got {shown(scale)}: the picture would have more than "
            f"{MAX_PIXELS // 2**20} megapixels"
        )
    return indices.repeat(scale, axis=0).repeat(scale, axis=1)
