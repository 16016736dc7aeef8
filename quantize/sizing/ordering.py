"""Entries ordered so that those of neighbouring pixels have neighbouring numbers, for PNG's filters.

The filters predict a byte from its neighbours, so steps between them should be small. Starting with the two
entries that are seen side by side most often, the entry that is seen most often beside those placed so far is
added at the end where its neighbours are, again and again.

Source: A. J. Pinho, A. J. R. Neves, "A note on Zeng's technique for color reindexing of palette-based
images", IEEE Signal Processing Letters 11 (2004).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Order = NDArray[np.intp]
# Rows that are looked at of tall pictures.
_ROWS = 512


def keep_order(palette: NDArray[np.uint8], indices: NDArray[np.uint8]) -> Order:
    """Keep entries where they are."""
    return np.arange(len(palette))


def order_by_light(palette: NDArray[np.uint8], indices: NDArray[np.uint8]) -> Order:
    """Order entries from dark to light by luma (Rec. 601); equal ones as they are."""
    return np.argsort(palette.astype(np.int64) @ np.array([299, 587, 114]), kind="stable")


def order_by_neighbors(palette: NDArray[np.uint8], indices: NDArray[np.uint8]) -> Order:
    """Order entries by which are seen side by side.

    Parameters
    ----------
    palette : uint8, shape (k, 3)
    indices : uint8, shape (h, w)

    Returns
    -------
    int, shape (k,)
        Old numbers in their new order; of equal choices the lowest number goes first.
    """
    count = len(palette)
    beside = count_neighbors(indices, count)
    if count < 3 or not beside.any():
        return np.arange(count)
    placed = list(map(int, np.unravel_index(np.argmax(beside), beside.shape)))
    free = np.ones(count, bool)
    free[placed] = False
    while free.any():
        weights = np.log2(1 + 1 / np.arange(1, len(placed) + 1))
        seen = np.where(free, beside[placed].sum(axis=0), -1)
        one = int(np.argmax(seen))
        near = beside[placed, one]
        to_left = float(near @ weights) > float(near @ weights[::-1])
        placed.insert(0 if to_left else len(placed), one)
        free[one] = False
    return np.array(placed)


def count_neighbors(indices: NDArray[np.uint8], count: int) -> NDArray[np.int64]:
    """Count how often two different entries are seen side by side, int64 (count, count), both ways."""
    height = len(indices)
    rows = indices[:: max(1, height // _ROWS)].astype(np.int64)
    pairs = np.bincount((rows[:, 1:] * count + rows[:, :-1]).ravel(), minlength=count * count)
    beside = pairs.reshape(count, count)
    beside = beside + beside.T
    np.fill_diagonal(beside, 0)
    return beside


PALETTE_ORDERS: Mapping[str, Callable[[NDArray[np.uint8], NDArray[np.uint8]], Order]] = MappingProxyType(
    {"kept": keep_order, "light": order_by_light, "neighbours": order_by_neighbors}
)
