"""How often each colour occurs: all that k-means needs of a picture.

Colours are sRGB 0–255 in R, G, B order. ``count_colors`` lists every distinct colour. ``count_cells``, made
for fits, merges the colours of a cell (a cube of 4×4×4 colours) but keeps their mean, so that nothing is
rounded: a picture of any size becomes at most 262,144 rows, usually some ten thousand. Where colours are few
it lists them exactly too. Histograms of several pictures add up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize import kernels_count
from quantize.errors import QuantizeError
from quantize.threads import run_all, slices

# Below this a slice costs more to hand over than to count.
SMALLEST_SLICE = 65_536
# Up to this many distinct colours are kept as they are: about as many as a photograph has cells.
FEW_COLORS = 16_384


@dataclass(frozen=True, eq=False)
class Histogram:
    """Colours and how often each occurs.

    Parameters
    ----------
    colors : float32, shape (n, 3)
        sRGB 0–255: exact 8-bit colours, or the means of cells. ``n`` is 0 if every pixel is transparent.
    counts : int64, shape (n,)
        Pixels of each colour, all at least 1.
    exact : bool
        True if every row is one exact 8-bit colour.
    """

    colors: NDArray[np.float32]
    counts: NDArray[np.int64]
    exact: bool

    @property
    def n_pixels(self) -> int:
        """Pixels that were counted."""
        return int(self.counts.sum())

    def __add__(self, other: Histogram) -> Histogram:
        """Histogram of both pictures: equal colours merge, or all colours of a cell unless both are exact."""
        exact = self.exact and other.exact
        colors = np.concatenate([self.colors, other.colors])
        counts = np.concatenate([self.counts, other.counts])
        step = 1 if exact else 4
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
        Pixels with alpha 0 are left out.

    Returns
    -------
    Histogram
        ``exact`` with every distinct colour if there are at most 16,384 of them, and always if there are at
        most 4,096; otherwise one row for each occupied cell. The same on any number of threads.

    Raises
    ------
    QuantizeError
        If an array has another dtype or shape.
    """
    rows = visible_rows(pixels, alpha)
    if _may_have_few_colors(rows):
        histogram = _count_rows(rows)
        if len(histogram.counts) <= FEW_COLORS:
            return histogram
    parts = [np.zeros((kernels_count.CELLS, 4), np.int64) for _ in slices(len(rows), SMALLEST_SLICE)]
    _each_slice(rows, lambda part, number: kernels_count.add_cells(part, parts[number]))
    table = sum(parts[1:], parts[0])
    table = table[table[:, 0] > 0]
    return Histogram((table[:, 1:] / table[:, :1]).astype(np.float32), table[:, 0].copy(), exact=False)


def count_colors(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None = None) -> Histogram:
    """Count every distinct colour of a picture, sorted by 0xRRGGBB.

    Parameters
    ----------
    pixels : uint8, shape (..., 3)
        sRGB.
    alpha : uint8, shape (...), optional
        Pixels with alpha 0 are left out.

    Returns
    -------
    Histogram
        Always ``exact``.

    Raises
    ------
    QuantizeError
        If an array has another dtype or shape.
    """
    return _count_rows(visible_rows(pixels, alpha))


@dataclass(frozen=True, eq=False)
class ColorSet:
    """The distinct colours of some rows, each with a position; see ``kernels_count`` for the layout."""

    words: NDArray[np.uint64]
    ranks: NDArray[np.int32]
    n_colors: int

    @classmethod
    def of(cls, rows: NDArray[np.uint8]) -> ColorSet:
        """Collect the colours of ``rows`` uint8 (n, 3), C-contiguous."""
        parts = [np.zeros(kernels_count.CELLS, np.uint64) for _ in slices(len(rows), SMALLEST_SLICE)]
        _each_slice(rows, lambda part, number: kernels_count.mark_colors(part, parts[number]))
        for part in parts[1:]:
            parts[0] |= part
        ranks = np.empty(kernels_count.CELLS, np.int32)
        return cls(parts[0], ranks, int(kernels_count.rank_words(parts[0], ranks)))

    def colors(self) -> NDArray[np.uint8]:
        """All colours in the order of their positions, uint8 (n_colors, 3)."""
        out = np.empty((self.n_colors, 3), np.uint8)
        kernels_count.list_colors(self.words, out)
        return out

    def counts(self, rows: NDArray[np.uint8]) -> NDArray[np.int64]:
        """How often each colour occurs in ``rows``, int64 (n_colors,)."""
        parts = [np.zeros(self.n_colors, np.int64) for _ in slices(len(rows), SMALLEST_SLICE)]
        _each_slice(
            rows, lambda part, number: kernels_count.add_counts(part, self.words, self.ranks, parts[number])
        )
        return np.sum(parts, axis=0)

    def look_up(self, rows: NDArray[np.uint8], table: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """``table[position]`` for the colour of each row; ``table`` uint8 (n_colors,)."""
        out = np.empty(len(rows), np.uint8)
        cuts = slices(len(rows), SMALLEST_SLICE)
        run_all(
            partial(kernels_count.look_up, rows[cut], self.words, self.ranks, table, out[cut]) for cut in cuts
        )
        return out


def visible_rows(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None = None) -> NDArray[np.uint8]:
    """Pixels as C-contiguous rows uint8 (n, 3), without those of alpha 0; a view where possible."""
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8 or pixels.shape[-1:] != (3,):
        raise QuantizeError(f"pixels must be uint8 in an array of shape (..., 3), got {_describe(pixels)}")
    rows = np.ascontiguousarray(pixels).reshape(-1, 3)
    if alpha is None:
        return rows
    visible = ~hidden_rows(pixels, alpha)
    return rows if visible.all() else rows[visible]


def hidden_rows(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which rows of ``pixels.reshape(-1, 3)`` have alpha 0."""
    if not isinstance(alpha, np.ndarray) or alpha.dtype != np.uint8 or alpha.shape != pixels.shape[:-1]:
        raise QuantizeError(f"alpha must be uint8 of shape {pixels.shape[:-1]}, got {_describe(alpha)}")
    return alpha.reshape(-1) == 0


def _describe(array: Any) -> str:
    if isinstance(array, np.ndarray):
        return f"{array.dtype} {array.shape}"
    return type(array).__name__


def _may_have_few_colors(rows: NDArray[np.uint8]) -> bool:
    # A sample with many colours proves that there are many; one with few only makes counting worth while.
    sample = rows[:: max(1, len(rows) // 8192)].astype(np.uint32)
    return len(np.unique((sample[:, 0] << 16) | (sample[:, 1] << 8) | sample[:, 2])) <= 4096


def _count_rows(rows: NDArray[np.uint8]) -> Histogram:
    found = ColorSet.of(rows)
    colors, counts = found.colors(), found.counts(rows)
    order = np.argsort(colors.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32))
    return Histogram(colors[order].astype(np.float32), counts[order], exact=True)


def _each_slice(rows: NDArray[np.uint8], work: Callable[[NDArray[np.uint8], int], None]) -> None:
    cuts = slices(len(rows), SMALLEST_SLICE)
    run_all(partial(work, rows[cut], number) for number, cut in enumerate(cuts))
