"""Pictures as indices and palette and back, under the names that the field has for it.

MATLAB's ``[X, map] = rgb2ind(RGB, Q)`` and ``ind2rgb(X, map)`` for NumPy people, with three differences: a
palette is 8-bit sRGB, numbers count from 0 as arrays do, and nothing is dithered unless that is asked for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize.colors.hexadecimal import hex_colors
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError
from quantize.palettes.palette import Palette
from quantize.pipeline import quantize_image

Colors = NDArray[np.uint8]


def rgb2ind(
    array: Picture | Colors, palette_or_k: Colors | Palette | int, **choices: Any
) -> tuple[NDArray[np.uint8], Colors]:
    """Turn a picture into indices and a palette: a palette given, or the best one of K colours.

    Parameters
    ----------
    array : uint8, shape (h, w, 3), or Picture
        sRGB, R, G, B order.
    palette_or_k : uint8, shape (k, 3), or Palette, or int
        A palette of 1 to 256 entries, sRGB, which is kept as it is: its order, entries that stand twice and
        those that no pixel uses. Or how many colours to find, 1 to 256.
    **choices
        Of ``Settings``: ``space="LAB"``, ``dither="floyd-steinberg"``.

    Returns
    -------
    indices : uint8, shape (h, w)
        ``palette[indices]`` is the picture in these colours. Each pixel has the entry nearest to it in the
        space (or one near it, dithered); of equal entries the first, of others equally near the darkest.
    palette : uint8, shape (k, 3)
        The one given; or the one found, from dark to light, with fewer colours if the picture has fewer.

    Raises
    ------
    QuantizeError
        If the array is no picture, or the palette none, or a choice is out of its limits.

    Source
    ------
    MathWorks, Image Processing Toolbox, ``rgb2ind``.
    """
    if np.isscalar(palette_or_k):
        found = quantize_image(array, n_colors=palette_or_k, **choices)
        return found.indices, found.palette
    palette = _checked(palette_or_k.colors if isinstance(palette_or_k, Palette) else palette_or_k)
    mapped = quantize_image(array, palette=hex_colors(palette), **choices).in_order("file")
    return mapped.indices, mapped.palette


def ind2rgb(indices: NDArray[np.integer], palette: Colors | Palette) -> Colors:
    """Turn indices and a palette into a picture.

    Parameters
    ----------
    indices : integers, any shape
        Numbers of entries, from 0.
    palette : uint8, shape (k, 3), or Palette
        sRGB.

    Returns
    -------
    uint8, shape (..., 3)
        ``palette[indices]``.

    Raises
    ------
    QuantizeError
        If a number has no entry; MATLAB's takes the last one then.

    Source
    ------
    MathWorks, MATLAB, ``ind2rgb``.
    """
    colors = _checked(palette.colors if isinstance(palette, Palette) else palette)
    try:
        numbers = np.asarray(indices)
    except ValueError as error:
        raise QuantizeError("indices must be an array, got rows of unequal length: fill them up") from error
    if numbers.dtype.kind not in "iu":
        raise QuantizeError(f"indices must be integers, got {numbers.dtype}: convert them")
    if numbers.size and not (numbers.min() >= 0 and numbers.max() < len(colors)):
        raise QuantizeError(
            f"indices must be from 0 to {len(colors) - 1}, as the palette has {len(colors)} entries, "
            f"got {int(numbers.min())} to {int(numbers.max())}: give the palette that they are of"
        )
    return colors[numbers]


def _checked(palette: Any) -> Colors:
    array = np.asarray(palette)
    if array.dtype != np.uint8 or array.ndim != 2 or array.shape[1] != 3 or not len(array):
        raise QuantizeError(
            f"palette must be uint8 of shape (k, 3), got {array.dtype} of shape {array.shape}: "
            "pass sRGB 0–255, one colour a row"
        )
    return array
