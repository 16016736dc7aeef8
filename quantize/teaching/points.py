"""Which points a run that is watched goes over: every colour of a picture, or cells where there are very
many."""

from __future__ import annotations

import numpy as np

from quantize.colors.counted import Colored
from quantize.colors.histogram import MANY_CELLS, Histogram

__all__ = ["find_points"]


def find_points(picture: Colored) -> Histogram:
    """List the colours of a picture's visible pixels and how often each occurs.

    Returns
    -------
    Histogram
        Up to 262,144 colours one by one (``exact``), so that centers, counts and errors are those of the
        pixels; of more those cells that fits take (``picture.cells``), whose pixels go together.
    """
    found = picture.color_set
    if found.n_colors > MANY_CELLS:
        return picture.cells
    return Histogram(found.colors.astype(np.float32), found.counts.astype(np.int64), exact=True)
