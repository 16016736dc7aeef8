"""Count colours without loops of our own, while those are still being compiled: the same, some times slower.

Sources: as ``kernels_count``, whose sets, ranks and order these are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quantize.colors.bytewise import Tables
from quantize.colors.kernels_count import SPREAD, WORDS


def count_plainly(rows: NDArray[np.uint8]) -> Tables:
    """Find words, ranks and counts of colours uint8 (n, 3)."""
    numbers, counts = np.unique(_number(rows), return_counts=True)
    return *_collect(numbers), counts.astype(np.uint32)


def mark_plainly(colors: NDArray[np.uint8]) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """Find words and ranks of different colours uint8 (n, 3)."""
    return _collect(_number(colors))


def list_plainly(words: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """List the colours of a set by rank, uint8 (n, 3)."""
    filled = np.flatnonzero(words)
    places = np.arange(64, dtype=np.uint64)
    rows, columns = np.nonzero(words[filled, None] >> places & np.uint64(1))
    numbers = filled[rows] << 6 | columns
    return np.stack([_gather(numbers >> shift) for shift in (2, 1, 0)], axis=-1)


def _gather(bits: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Take every third bit: undoes SPREAD."""
    bits = bits & 0x249249
    bits = (bits | bits >> 2) & 0x0C30C3
    bits = (bits | bits >> 4) & 0x00F00F
    return (bits | bits >> 8).astype(np.uint8)


def _number(rows: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Find the Morton number of each row."""
    red, green, blue = (SPREAD[rows[:, channel]] for channel in range(3))
    return red << np.uint32(2) | green << np.uint32(1) | blue


def _collect(numbers: NDArray[np.uint32]) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    words = np.zeros(WORDS, np.uint64)
    np.bitwise_or.at(
        words, numbers >> np.uint32(6), np.uint64(1) << (numbers & np.uint32(63)).astype(np.uint64)
    )
    held = np.bitwise_count(words)
    return words, (np.cumsum(held, dtype=np.uint32) - held).astype(np.uint32)
