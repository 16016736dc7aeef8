"""Where a run of k-means begins: a record for each way to choose the first centers.

Sources: Forgy, "Cluster analysis of multivariate data", Biometrics 21 (1965), draws points; Arthur and
Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007, draws far ones; splitting is that of
``quantize.methods.kmeans``, which needs no luck.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Integral
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from quantize.colors.histogram import Histogram
from quantize.errors import QuantizeError, shown
from quantize.methods.clusters import Clusters
from quantize.methods.fitter import draw_centers
from quantize.methods.kmeans import prepare
from quantize.teaching.trace import MOST_CENTERS

__all__ = ["STARTS", "Start", "choose_start", "find_start"]

Floats = NDArray[np.float64]
# Share of the clusters that are split at a time.
_SHARE = 0.3


@dataclass(frozen=True)
class Start:
    """A way to choose centers.

    Attributes
    ----------
    key, title : str
        Its name, in code and on screen.
    drawn : bool
        Whether chance has a part in it, and so a seed.
    choose : callable
        Histogram, number of centers, generator → centers, fewer if fewer colours differ.
    """

    key: str
    title: str
    drawn: bool
    choose: Callable[[Histogram, int, np.random.Generator], NDArray]


def choose_start(histogram: Histogram, n_centers: int, init: str = "random", seed: int = 0) -> Floats:
    """Choose centers to start from.

    Parameters
    ----------
    histogram : Histogram
        At least one colour.
    n_centers : int, 1 to 256
    init : "random", "k-means++" or "split"
        Pixels drawn by chance, no colour twice; pixels drawn far from those that are there already; or the
        cluster of most error split again and again, without chance.
    seed : int, at least 0
        Another number is another draw.

    Returns
    -------
    float64, shape (n_centers, 3)
        sRGB 0–255. Where fewer colours differ, they come again and again from the first on.

    Raises
    ------
    QuantizeError
        If there is no colour or no such start, or a number is out of range.
    """
    start = find_start(init)
    if not (isinstance(n_centers, Integral) and 1 <= n_centers <= MOST_CENTERS):
        raise QuantizeError(f"n_centers must be 1 to {MOST_CENTERS}, got {shown(n_centers)}")
    if not (isinstance(seed, Integral) and seed >= 0):
        raise QuantizeError(f"seed must be a whole number of at least 0, got {shown(seed)}")
    if not len(histogram.colors):
        raise QuantizeError("histogram must hold at least one colour, got none: no pixel is visible")
    found = start.choose(histogram, int(n_centers), np.random.default_rng(int(seed)))
    return np.resize(found.astype(np.float64), (int(n_centers), 3))


def find_start(init: str) -> Start:
    """Look a start up by its key.

    Raises
    ------
    QuantizeError
        If there is none.
    """
    if init not in STARTS:
        raise QuantizeError(f"init must be one of {', '.join(STARTS)}, got {shown(init)}")
    return STARTS[init]


def _draw_pixels(histogram: Histogram, n: int, rng: np.random.Generator) -> NDArray:
    shares = histogram.counts / histogram.counts.sum()
    rows = rng.choice(len(shares), min(n, len(shares)), replace=False, p=shares)
    return histogram.colors[rows]


def _draw_far(histogram: Histogram, n: int, rng: np.random.Generator) -> NDArray:
    none = np.zeros((0, 3), np.float32)
    return draw_centers(histogram.colors, histogram.counts.astype(np.float64), n, none, False, rng)


def _split(histogram: Histogram, n: int, rng: np.random.Generator) -> NDArray:
    prepared = prepare(histogram.colors, histogram.counts.astype(np.float32))
    if n >= len(prepared.points) or prepared.sorted is None:
        return prepared.points
    clusters, before = Clusters(prepared.sorted, n, np.zeros((0, 3), np.float32)), 0
    while clusters.k not in (n, before):
        before = clusters.k
        clusters.grow(min(n, 2 * before), _SHARE)
    return clusters.centers


STARTS: Mapping[str, Start] = MappingProxyType(
    {
        start.key: start
        for start in (
            Start("random", "Random pixels", True, _draw_pixels),
            Start("k-means++", "k-means++", True, _draw_far),
            Start("split", "Splitting", False, _split),
        )
    }
)
"""By key."""
