"""How often each colour occurs: all that k-means needs of a picture.

Colours are sRGB 0–255 in R, G, B order. ``count_colors`` lists every distinct colour. ``count_cells``, made
for fits, merges colours where there are many (cubes of 2×2×2 or 4×4×4) but keeps their mean, so that nothing
is rounded: a picture of any size becomes at most 262,144 rows. Histograms of several pictures add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize.colors import kernels_count
from quantize.colors.colorset import ColorSet
from quantize.colors.opacity import is_visible
from quantize.errors import QuantizeError

# Up to this many distinct colours are kept as they are.
FEW_COLORS = 65_536
# Small cells, up to this many, leave a fit of 256 colours 0.5 % less error than large ones do.
MANY_CELLS = 262_144


@dataclass(frozen=True, eq=False)
class Histogram:
    """Colours and how often each occurs.

    Parameters
    ----------
    colors : float32, shape (n, 3)
        sRGB 0–255: exact 8-bit colours, or the means of cells. ``n`` is 0 if no pixel is visible.
    counts : int64, shape (n,)
        Pixels of each colour, all at least 1.
    exact : bool
        True if every row is one exact 8-bit colour.
    found : ColorSet, optional
        Every distinct colour of the picture, which saves ``nearest.remap`` from collecting them again.
    """

    colors: NDArray[np.float32]
    counts: NDArray[np.int64]
    exact: bool
    found: ColorSet | None = None

    @property
    def n_pixels(self) -> int:
        """Pixels that were counted."""
        return int(self.counts.sum())

    def __add__(self, other: Histogram) -> Histogram:
        """Histogram of both pictures: equal colours merge, or all colours of a cell unless both are exact."""
        exact = self.exact and other.exact
        colors = np.concatenate([self.colors, other.colors])
        counts = np.concatenate([self.counts, other.counts])
        step = 1 if exact else 2
        keys = (colors // step).astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])
        _, rows = np.unique(keys, return_inverse=True)
        total = np.bincount(rows, weights=counts)
        sums = [np.bincount(rows, weights=colors[:, axis].astype(np.float64) * counts) for axis in range(3)]
        means = np.stack(sums, axis=1) / np.maximum(total, 1)[:, None]
        return Histogram(means.astype(np.float32), total.astype(np.int64), exact)


def count_cells(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None = None) -> Histogram:
    """Count a picture's colours for a fit: exactly if few, else by cells that keep their mean colour.

    Parameters
    ----------
    pixels : uint8, shape (..., 3)
        sRGB.
    alpha : uint8, shape (...), optional
        Pixels that are not visible (see ``opacity.py``) are left out.

    Returns
    -------
    Histogram
        Every distinct colour if there are at most 65,536; otherwise one row for each occupied cube of
        2×2×2 colours, or of 4×4×4 where those are too many. The same on any number of threads.

    Raises
    ------
    QuantizeError
        If an array has another dtype or shape.
    """
    return merge_colors(ColorSet.of(visible_rows(pixels, alpha)))


def merge_colors(found: ColorSet) -> Histogram:
    """``count_cells`` of pixels whose colours have been collected before."""
    colors = found.colors
    if found.n_colors <= FEW_COLORS:
        return Histogram(colors.astype(np.float32), found.counts.astype(np.int64), True, found)
    means, totals = _merge(colors, found.counts, bits=1)
    if len(totals) > MANY_CELLS:
        means, totals = _merge(colors, found.counts, bits=2)
    return Histogram(means, totals, False, found)


def count_colors(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None = None) -> Histogram:
    """Count every distinct colour of a picture, sorted by 0xRRGGBB.

    Parameters
    ----------
    pixels : uint8, shape (..., 3)
        sRGB.
    alpha : uint8, shape (...), optional
        Pixels that are not visible (see ``opacity.py``) are left out.

    Returns
    -------
    Histogram
        Always ``exact``.

    Raises
    ------
    QuantizeError
        If an array has another dtype or shape.
    """
    return list_colors(ColorSet.of(visible_rows(pixels, alpha)))


def list_colors(found: ColorSet) -> Histogram:
    """``count_colors`` of pixels whose colours have been collected before (``Histogram.found``)."""
    colors = found.colors
    red, green, blue = colors.astype(np.uint32).T
    order = np.argsort(red << 16 | green << 8 | blue)
    return Histogram(colors[order].astype(np.float32), found.counts[order].astype(np.int64), True, found)


def visible_rows(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None = None) -> NDArray[np.uint8]:
    """Pixels as C-contiguous rows uint8 (n, 3), without those that are not visible; a view where possible."""
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8 or pixels.shape[-1:] != (3,):
        raise QuantizeError(f"pixels must be uint8 in an array of shape (..., 3), got {_describe(pixels)}")
    rows = np.ascontiguousarray(pixels).reshape(-1, 3)
    if alpha is None:
        return rows
    visible = ~hidden_rows(pixels, alpha)
    return rows if visible.all() else rows[visible]


def hidden_rows(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which rows of ``pixels.reshape(-1, 3)`` are not visible."""
    if not isinstance(alpha, np.ndarray) or alpha.dtype != np.uint8 or alpha.shape != pixels.shape[:-1]:
        raise QuantizeError(f"alpha must be uint8 of shape {pixels.shape[:-1]}, got {_describe(alpha)}")
    return ~is_visible(alpha.reshape(-1))


def _describe(array: Any) -> str:
    if isinstance(array, np.ndarray):
        return f"{array.dtype} {array.shape}"
    return type(array).__name__


def _merge(
    colors: NDArray[np.uint8], counts: NDArray[np.uint32], bits: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    means, totals = np.empty(colors.shape, np.float32), np.empty(len(colors), np.int64)
    n = kernels_count.merge_cells(colors, counts, bits, means, totals)
    return means[:n].copy(), totals[:n].copy()
