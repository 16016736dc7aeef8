"""The colours of a picture as a cloud of points, few enough to draw.

A picture has up to millions of distinct colours. They are taken evenly along their list, each as long as it
is frequent: so a frequent colour is in the cloud for sure, and many rare ones together get their part of it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.colors.counted import Colored
from quantize.colors.histogram import list_colors
from quantize.colors.nearest import assign
from quantize.colors.spaces import SPACES, Space

MAX_POINTS = 20_000


@dataclass(frozen=True, eq=False)
class Cloud:
    """Distinct colours of a picture, uint8 (n, 3) sRGB, and the pixels each stands for, int64 (n,)."""

    colors: NDArray[np.uint8]
    counts: NDArray[np.int64]


def sample_cloud(picture: Colored, max_points: int = MAX_POINTS) -> Cloud:
    """Choose at most ``max_points`` colours of a picture, frequent ones first of all; no chance involved.

    All of them if there are no more. The counts of a sample are those of the chosen colours.
    """
    listed = list_colors(picture.color_set)
    colors, counts = listed.colors.astype(np.uint8), listed.counts
    if len(colors) <= max_points:
        return Cloud(colors, counts)
    reached = np.cumsum(counts)
    # The middles of as many equal stretches; several in one colour take it once.
    middles = (np.arange(max_points) + 0.5) * (reached[-1] / max_points)
    rows = np.unique(np.searchsorted(reached, middles, side="right"))
    return Cloud(colors[rows], counts[rows])


def entries_of(cloud: Cloud, palette: NDArray[np.uint8], space: Space) -> NDArray[np.uint8]:
    """Find the palette entry nearest to each colour of a cloud in a space, uint8 (n,): its cell."""
    return assign(space.to_working(cloud.colors), space.to_working(palette))[0]


def hue_and_chroma(colors: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Work out CIE LAB's hue angle in degrees, 0–360, and chroma of sRGB colours, float32 (n,) each."""
    _, a, b = SPACES["LAB"].to_working(colors).T
    return np.rad2deg(np.arctan2(b, a)) % 360, np.hypot(a, b)
