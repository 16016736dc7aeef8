"""How often each colour occurs: all that k-means needs of a picture.

Colours are sRGB 0–255 in R, G, B order. Both kinds of histogram are made of a picture's set of colours
(``colorset.py``). ``list_colors`` has a row for every distinct colour; ``merge_colors``, made for fits, puts
colours into cells (cubes of 2×2×2 or 4×4×4) where there are many. A cell keeps its mean colour, so nothing is
rounded, and a picture of any size becomes at most 262,144 rows. Histograms of several pictures add up.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from quantize.colors import kernels_count
from quantize.colors.colorset import ColorSet
from quantize.keeping import Keep, Kept, make_anew

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
    keep : callable
        Keeps what is made of it alone, for whoever fits it more than once; at first it keeps nothing.
    """

    colors: NDArray[np.float32]
    counts: NDArray[np.int64]
    exact: bool
    keep: Keep = field(default=make_anew, repr=False)

    def keeping(self, keep: Keep | None = None) -> Histogram:
        """Return the same histogram with another ``keep``; without one, what is made lasts as long as it."""
        if keep is None and self.keep is not make_anew:
            return self
        return replace(self, keep=keep or Kept().get)

    @property
    def n_pixels(self) -> int:
        """Pixels that were counted."""
        return int(self.counts.sum())

    def __add__(self, other: Histogram) -> Histogram:
        """Add up the histograms of both pictures: equal colours merge, or all colours of a cell unless both
        are exact.
        """
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


def merge_colors(color_set: ColorSet) -> Histogram:
    """Merge a picture's colours for a fit: none if they are few, else by cells that keep their mean colour.

    Returns
    -------
    Histogram
        Every distinct colour if there are at most 65,536; otherwise one row for each occupied cube of
        2×2×2 colours, or of 4×4×4 where those are too many.
    """
    colors, counts = color_set.colors, color_set.counts
    if color_set.n_colors <= FEW_COLORS:
        return Histogram(colors.astype(np.float32), counts.astype(np.int64), exact=True)
    means, totals = _merge(colors, counts, bits=1)
    if len(totals) > MANY_CELLS:
        means, totals = _merge(colors, counts, bits=2)
    return Histogram(means, totals, exact=False)


def list_colors(color_set: ColorSet) -> Histogram:
    """List every distinct colour of a picture, sorted by 0xRRGGBB: always ``exact``."""
    colors = color_set.colors
    red, green, blue = colors.astype(np.uint32).T
    order = np.argsort(red << 16 | green << 8 | blue)
    return Histogram(colors[order].astype(np.float32), color_set.counts[order].astype(np.int64), exact=True)


def _merge(
    colors: NDArray[np.uint8], counts: NDArray[np.uint32], bits: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    means, totals = np.empty(colors.shape, np.float32), np.empty(len(colors), np.int64)
    n = kernels_count.merge_cells(colors, counts, bits, means, totals)
    return means[:n].copy(), totals[:n].copy()
