"""A picture made as small as a pattern: each cell is the mean of the pixels that it covers.

Means are taken in linear light, of visible pixels only, with the pixels that a cell covers in part counted by
that part. A cell of which less than half is visible is empty, unless nothing would be left. Where a pattern
has more cells than the picture has pixels, pixels are repeated.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize.colors.spaces import LINEAR, encode_srgb
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError, shown

MOST_CELLS = 500
"""Cells of a pattern, across and down."""

# Rows of a picture that are worked on at once: bounds the memory.
_ROWS = 256


def make_cells(picture: Picture, size: tuple[int, int] | None = None) -> Picture:
    """Make a picture of one pixel a cell.

    Parameters
    ----------
    picture : Picture
    size : (int, int), or None
        Most cells across and down, each 1 to 500. The picture keeps its proportions and fits into that, as
        large as it can be. None: a pixel is a cell.

    Returns
    -------
    Picture
        The same one where it has that size already.

    Raises
    ------
    QuantizeError
        If that would be more cells than 500 across or down, or a number is none.
    """
    width, height = fit_cells(picture.size, size)
    if (width, height) == picture.size:
        return picture
    shares, sums = _add_up(picture, width, height)
    visible = shares >= 0.5 - 1e-6
    if not visible.any():  # of thin lines, the cells that have most of them
        visible = (shares > 0) & (shares >= shares.max() / 2)
    means = sums / np.maximum(shares, 1e-6)[..., None]
    pixels = np.rint(encode_srgb(np.where(visible[..., None], means, 0))).clip(0, 255).astype(np.uint8)
    return Picture.from_pixels(pixels, np.where(visible, np.uint8(255), np.uint8(0)))


def fit_cells(pixels: tuple[int, int], size: tuple[int, int] | None) -> tuple[int, int]:
    """Find how many cells across and down a picture of so many pixels becomes, as ``make_cells`` says."""
    if size is None:
        if max(pixels) > MOST_CELLS:
            raise QuantizeError(
                f"picture must have at most {MOST_CELLS} × {MOST_CELLS} pixels if each is to be a cell, got "
                f"{pixels[0]} × {pixels[1]}: say how many cells with size"
            )
        return pixels
    for number in size:
        if not (isinstance(number, int | np.integer) and 1 <= number <= MOST_CELLS):
            raise QuantizeError(
                f"size must be 1 to {MOST_CELLS} cells across and down, got {shown(number)}: "
                "choose fewer, or make several patterns"
            )
    scale = min(most / length for most, length in zip(size, pixels, strict=True))
    width, height = (
        min(max(1, round(length * scale)), most) for length, most in zip(pixels, size, strict=True)
    )
    return width, height


def _add_up(picture: Picture, width: int, height: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Add up what cells cover: visible shares (height, width), and linear light (height, width, 3)."""
    across, down = _weights(picture.size[0], width), _weights(picture.size[1], height)
    total = np.zeros((height, width * 4))
    for top in range(0, picture.size[1], _ROWS):
        pixels = picture.pixels[top : top + _ROWS]
        layers = np.ones((*pixels.shape[:2], 4), np.float32)
        if picture.alpha is not None:
            layers[..., 3] = picture.alpha[top : top + _ROWS] >= 128
        layers[..., :3] = LINEAR[pixels] * layers[..., 3:]
        rows, columns = pixels.shape[:2]
        thin = across @ layers.transpose(1, 0, 2).reshape(columns, rows * 4)
        thin = thin.reshape(width, rows, 4).transpose(1, 0, 2).reshape(rows, width * 4)
        total += down[:, top : top + rows] @ thin
    sums = total.reshape(height, width, 4)
    return sums[..., 3], sums[..., :3]


def _weights(n: int, cells: int) -> Any:
    """Weigh pixels for the mean of every cell, along one side: a sparse matrix (cells, n)."""
    from scipy.sparse import csc_array, csr_array

    if cells >= n:
        chosen = (np.arange(cells) * n + n // 2) // cells
        return csc_array((np.ones(cells, np.float32), (np.arange(cells), chosen.clip(0, n - 1))), (cells, n))
    # In units of 1/cells of a pixel all borders are whole numbers.
    borders = np.union1d(np.arange(n + 1) * cells, np.arange(cells + 1) * n)
    starts, parts = borders[:-1], np.diff(borders) / n
    return csc_array(csr_array((parts.astype(np.float32), (starts // n, starts // cells)), (cells, n)))
