"""Threshold masks for ordered dithering: square tiles that hold each rank 0 … n² - 1 once.

Bayer's masks set each next rank as far as possible from those before, in a regular pattern. The blue-noise
mask has no pattern: its ranks are spread evenly but irregularly, so what dithering adds is fine grain only.

Sources: B. E. Bayer, "An optimum method for two-level rendition of continuous-tone pictures", ICC 1973.
R. Ulichney, "The void-and-cluster method for dither array generation", SPIE 1913 (1993).
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Ranks = NDArray[np.int32]

BLUE_NOISE_SIZE = 64
# Ulichney recommends 1.5 pixels, and to begin with a tenth of the tile.
_SIGMA = 1.5
_FIRST = BLUE_NOISE_SIZE**2 // 10


def bayer(size: int) -> Ranks:
    """Make Bayer's mask, int32 (size, size), for a power of two."""
    ranks = np.zeros((1, 1), np.int32)
    while len(ranks) < size:
        ranks = np.block([[4 * ranks, 4 * ranks + 2], [4 * ranks + 3, 4 * ranks + 1]]).astype(np.int32)
    return ranks


@lru_cache(maxsize=1)
def blue_noise() -> Ranks:
    """Make a blue-noise mask, int32 (64, 64), the same on every machine; 30 ms the first time."""
    crowd = _Crowd(BLUE_NOISE_SIZE)
    start = np.random.default_rng(1993).permutation(BLUE_NOISE_SIZE**2)[:_FIRST]
    for place in start:
        crowd.add(place)
    while True:  # move points from the tightest cluster to the largest void until that changes nothing
        cluster = crowd.tightest_cluster()
        crowd.remove(cluster)
        void = crowd.largest_void()
        crowd.add(void)
        if void == cluster:
            break
    ranks = np.empty(BLUE_NOISE_SIZE**2, np.int32)
    first = crowd.copy()
    for rank in reversed(range(_FIRST)):
        place = first.tightest_cluster()
        first.remove(place)
        ranks[place] = rank
    for rank in range(_FIRST, BLUE_NOISE_SIZE**2):
        place = crowd.largest_void()
        crowd.add(place)
        ranks[place] = rank
    mask = ranks.reshape(BLUE_NOISE_SIZE, BLUE_NOISE_SIZE)
    mask.flags.writeable = False
    return mask


class _Crowd:
    """Points on a tile whose edges meet, and how crowded each place is: a sum of Gaussians around points.

    In whole numbers, so that ties are ties on every machine; the first place wins them. In the second half
    Ulichney looks for the tightest cluster of empty places. That is the largest void: sums around taken and
    around empty places add up to a constant.
    """

    def __init__(self, size: int) -> None:
        far = np.minimum(np.arange(size), size - np.arange(size)) ** 2
        gauss = np.exp(-(far[:, None] + far[None]) / (2 * _SIGMA**2))
        bump = np.rint(gauss * 2**40).astype(np.int64)
        # Twice each way: a window of it is the bump around any place.
        self._bumps = np.tile(bump, (2, 2))
        self._size = size
        self._sums = np.zeros((size, size), np.int64)
        self._taken = np.zeros(size * size, np.bool_)

    def copy(self) -> "_Crowd":
        other = object.__new__(_Crowd)
        other._bumps, other._size = self._bumps, self._size
        other._sums, other._taken = self._sums.copy(), self._taken.copy()
        return other

    def add(self, place: int) -> None:
        self._sums += self._around(place)
        self._taken[place] = True

    def remove(self, place: int) -> None:
        self._sums -= self._around(place)
        self._taken[place] = False

    def tightest_cluster(self) -> int:
        return int(np.where(self._taken, self._sums.ravel(), -1).argmax())

    def largest_void(self) -> int:
        return int(np.where(self._taken, np.iinfo(np.int64).max, self._sums.ravel()).argmin())

    def _around(self, place: int) -> NDArray[np.int64]:
        y, x = divmod(int(place), self._size)
        size = self._size
        return self._bumps[size - y : 2 * size - y, size - x : 2 * size - x]
