"""How alike two pictures look, judged by surroundings instead of single pixels: fair to dithering.

They cost some 20 and 50 ns a pixel, so they are worked out on demand, and of pictures above two megapixels
on 32 evenly spread tiles of together two megapixels, at full resolution: a smaller copy would have blended
away what dithering is made of. Visible pixels count only; in place of the others both are middle grey.

Sources: Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, "Image quality assessment: from error
visibility to structural similarity", IEEE Trans. Image Processing 13 (2004), with scikit-image's windows; on
OpenCV's blur, as its own function takes twice as long and brings SciPy into a server.
X. Zhang, B. A. Wandell, "A spatial extension of CIELAB for digital color image reproduction", SID Journal 5
(1997).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from quantize.bands import deal
from quantize.colors.difference import lab_difference
from quantize.colors.opacity import is_visible
from quantize.colors.spaces import LINEAR
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError

if TYPE_CHECKING:
    from quantize.pipeline import Quantized

# The narrow part of the eye's blur for lightness in Zhang and Wandell is a Gaussian of 0.02 to 0.03 degrees:
# one pixel at 96 a inch seen from 60 cm (40 pixels a degree), two on a screen of twice that density.
BLUR_SIGMA = 1.0
_BLUR_REACH = 4

# Wang's window.
_SSIM_SIGMA = 1.5
_SSIM_REACH = 5
# Wang's constants for values of 0 to 255.
_C1, _C2 = np.float32((0.01 * 255) ** 2), np.float32((0.03 * 255) ** 2)

# What stands for pixels that are not visible, in both pictures.
_HIDDEN = np.uint8(128)

_TILE = 256
_N_TILES = 32
_REC_709 = np.array([0.2126, 0.7152, 0.0722], np.float32)

_Core = tuple[int, int, int, int]
Cut = Callable[[slice, slice], NDArray[np.uint8]]
"""Gives some rows and columns of a picture, uint8 (h, w, 3)."""


@dataclass(frozen=True, eq=False)
class Tile:
    """Parts of both pictures with a margin, and which of their pixels count: bool (h, w)."""

    before: NDArray[np.uint8]
    after: NDArray[np.uint8]
    counted: NDArray[np.bool_]


def ssim(
    before: NDArray[np.uint8], after: NDArray[np.uint8], alpha: NDArray[np.uint8] | None = None
) -> float:
    """Work out structural similarity of luma (Rec. 709 weights on encoded values), window of σ = 1.5 pixels.

    Parameters
    ----------
    before, after : uint8, shape (h, w, 3)
        sRGB.
    alpha : uint8, shape (h, w), optional
        Pixels that are not visible (see ``colors/opacity.py``) are left out.

    Returns
    -------
    float
        1 if they are equal, about 0 if they have nothing in common; NaN if no pixel is visible.

    Raises
    ------
    QuantizeError
        If an array has another dtype or shape, or their shapes differ.
    """
    check_pair(before, after, alpha)
    return _ssim(before, lambda *place: after[place], alpha)


def ssim_of(picture: Picture, result: Quantized) -> float:
    """Work out ``ssim`` of a picture and a result of it, without making all of the result's pixels."""
    return _ssim(picture.pixels, result.pixels_at, picture.alpha)


def _ssim(before: NDArray[np.uint8], after: Cut, alpha: NDArray[np.uint8] | None) -> float:
    tiles = list(tiles_of(before, after, alpha, _SSIM_REACH))
    sums = np.zeros(len(tiles))

    def work(_: None, number: int) -> None:
        sums[number] = _ssim_map(tiles[number])[tiles[number].counted].sum()

    deal(len(tiles), lambda: None, work)
    n_pixels = sum(int(tile.counted.sum()) for tile in tiles)
    return float(sums.sum() / n_pixels) if n_pixels else float("nan")


def delta_e_blurred(
    before: NDArray[np.uint8], after: NDArray[np.uint8], alpha: NDArray[np.uint8] | None = None
) -> float:
    """Work out mean CIEDE2000 difference after both were blurred a little, in linear light, as an eye does.

    The blur is a Gaussian of one pixel, see ``BLUR_SIGMA``.

    Parameters
    ----------
    before, after : uint8, shape (h, w, 3)
        sRGB.
    alpha : uint8, shape (h, w), optional
        Pixels that are not visible (see ``colors/opacity.py``) are left out.

    Returns
    -------
    float
        ΔE00; 0 if they are equal, NaN if no pixel is visible.

    Raises
    ------
    QuantizeError
        If an array has another dtype or shape, or their shapes differ.
    """
    check_pair(before, after, alpha)
    return _delta_e_blurred(before, lambda *place: after[place], alpha)


def delta_e_blurred_of(picture: Picture, result: Quantized) -> float:
    """Work out ``delta_e_blurred`` of a picture and a result, without making all of the result's pixels."""
    return _delta_e_blurred(picture.pixels, result.pixels_at, picture.alpha)


def _delta_e_blurred(before: NDArray[np.uint8], after: Cut, alpha: NDArray[np.uint8] | None) -> float:
    tiles = list(tiles_of(before, after, alpha, _BLUR_REACH))
    first = np.concatenate([_blurred_lab(tile.before)[tile.counted] for tile in tiles])
    second = np.concatenate([_blurred_lab(tile.after)[tile.counted] for tile in tiles])
    return float(lab_difference(first, second).mean(dtype=np.float64)) if len(first) else float("nan")


def tiles_of(
    before: NDArray[np.uint8], after: Cut, alpha: NDArray[np.uint8] | None, reach: int
) -> Iterator[Tile]:
    """Cut both pictures, or the tiles that stand for large ones, with a margin of ``reach`` pixels."""
    height, width = before.shape[:2]
    for top, bottom, left, right in _seen(list(_cores(height, width)), alpha):
        rows = slice(max(0, top - reach), min(height, bottom + reach))
        columns = slice(max(0, left - reach), min(width, right + reach))
        counted = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.bool_)
        counted[top - rows.start : bottom - rows.start, left - columns.start : right - columns.start] = True
        first, second = before[rows, columns], after(rows, columns)
        if alpha is not None:
            visible = is_visible(alpha[rows, columns])
            counted &= visible
            first, second = (np.where(visible[..., None], part, _HIDDEN) for part in (first, second))
        yield Tile(first, second, counted)


def _seen(cores: list[_Core], alpha: NDArray[np.uint8] | None) -> list[_Core]:
    """Return the same, or one around the first visible pixel if all that is visible lies between them."""
    if alpha is None or any(
        is_visible(alpha[top:bottom, left:right]).any() for top, bottom, left, right in cores
    ):
        return cores
    y, x = np.unravel_index(np.argmax(is_visible(alpha)), alpha.shape)
    return [(int(y), min(int(y) + _TILE, len(alpha)), int(x), min(int(x) + _TILE, alpha.shape[1]))]


def check_pair(before: NDArray[np.uint8], after: NDArray[np.uint8], alpha: NDArray[np.uint8] | None) -> None:
    """Refuse what are not two pictures of one size, or an alpha of another."""
    if before.dtype != np.uint8 or before.ndim != 3 or before.shape[2] != 3 or not before.size:
        raise QuantizeError(f"before must be uint8 (h, w, 3), not empty, got {before.dtype} {before.shape}")
    if after.dtype != np.uint8 or after.shape != before.shape:
        raise QuantizeError(f"after must be uint8 {before.shape}, got {after.dtype} {after.shape}")
    if alpha is not None and (alpha.dtype != np.uint8 or alpha.shape != before.shape[:2]):
        raise QuantizeError(f"alpha must be uint8 {before.shape[:2]}, got {alpha.dtype} {alpha.shape}")


def _cores(height: int, width: int) -> Iterator[_Core]:
    """Find top, bottom, left, right of what is looked at: everything, or tiles on an even grid."""
    if height * width <= _N_TILES * _TILE**2:
        yield 0, height, 0, width
        return
    tall = min(height, _TILE)
    wide = min(width, _TILE**2 // tall)
    tall = min(height, _TILE**2 // wide)
    n_down = min(_N_TILES, max(1, round((_N_TILES * height / width * wide / tall) ** 0.5)))
    n_across = _N_TILES // n_down
    for top in np.linspace(0, height - tall, n_down).round().astype(int).tolist():
        for left in np.linspace(0, width - wide, n_across).round().astype(int).tolist():
            yield top, top + tall, left, left + wide


def _ssim_map(tile: Tile) -> NDArray[np.float32]:
    first, second = tile.before @ _REC_709, tile.after @ _REC_709
    mean_1, mean_2 = _window_mean(first), _window_mean(second)
    both, squares = mean_1 * mean_2, mean_1 * mean_1 + mean_2 * mean_2
    covariance = _window_mean(first * second) - both
    variances = _window_mean(first * first + second * second) - squares
    alike = (2 * both + _C1) * (2 * covariance + _C2) / ((squares + _C1) * (variances + _C2))
    return alike.astype(np.float32, copy=False)


def _window_mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
    side = 2 * _SSIM_REACH + 1
    blurred = cv2.GaussianBlur(values, (side, side), _SSIM_SIGMA, borderType=cv2.BORDER_REFLECT)
    return blurred.astype(np.float32, copy=False)


def _blurred_lab(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    blurred = cv2.GaussianBlur(LINEAR[pixels], (0, 0), BLUR_SIGMA, borderType=cv2.BORDER_REFLECT)
    return cv2.cvtColor(blurred, cv2.COLOR_LRGB2LAB).astype(np.float32, copy=False)
