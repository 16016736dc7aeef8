"""Weights that let rare colours count: a small red lamp in a grey street keeps its red.

Plain k-means weighs a colour by its pixels, so a region of one pixel in a thousand loses against any
gradient. Here a colour's pixels are divided by how crowded its surroundings are, to the power ``rare``:
0 leaves the pixel counts, 1 lets every neighbourhood that is occupied at all weigh about the same.
Crowding is what lies within about a sixteenth of Oklab's lightness range, so "rare" means rare to the eye.
Weighing single colours by counts^(1 − rare/2) instead would favour noise: a thousand almost equal colours
of one pixel each are not rare.
"""

import numpy as np
from numpy.typing import NDArray

from quantize.colors.histogram import Histogram
from quantize.colors.spaces import SPACES

_STEP = 1 / 16


def rare_weights(histogram: Histogram, rare: float) -> NDArray[np.float64]:
    """Weigh a histogram's colours for a fit.

    Parameters
    ----------
    histogram : Histogram
        Of the picture.
    rare : float
        0 to 1; 0 gives the counts.

    Returns
    -------
    float64, shape (n,)
        All positive; they sum to the number of pixels.
    """
    counts = histogram.counts.astype(np.float64)
    if rare == 0 or not len(counts):
        return counts
    weights = counts / _crowding(histogram) ** rare
    return weights * (counts.sum() / weights.sum())


def _crowding(histogram: Histogram) -> NDArray[np.float64]:
    """Find the pixels around each colour: counts on a coarse Oklab grid, smoothed by (1, 2, 1) / 4 along each
    axis.
    """
    cells = np.floor(SPACES["Oklab"].to_working(histogram.colors) / _STEP).astype(np.int64)
    cells -= cells.min(axis=0) - 1  # an empty border takes what is smoothed outwards
    shape = tuple(cells.max(axis=0) + 2)
    places = np.ravel_multi_index(tuple(cells.T), shape)
    grid = np.bincount(places, histogram.counts, int(np.prod(shape))).reshape(shape)
    for axis in range(3):
        grid = (np.roll(grid, 1, axis) + 2 * grid + np.roll(grid, -1, axis)) / 4
    return grid.ravel()[places]
