"""Whole rows of a picture, as many at a time as fit the cache: a whole picture as an array takes too much."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_PIXELS = 2**19


def strips(image: Image.Image) -> Iterator[tuple[slice, NDArray]]:
    """Split a loaded picture into rows and what they hold, from top to bottom."""
    width, height = image.size
    rows = max(1, _PIXELS // width)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        yield slice(top, bottom), np.asarray(image.crop((0, top, width, bottom)))
