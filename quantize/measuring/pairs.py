"""Distinct pairs (colour before, colour after) of two pictures: worked out once, they serve every pixel.

Pixels are numbered piece by piece, in tables that fit a processor's cache; the pairs of several pieces are
then merged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.bands import deal
from quantize.measuring.kernels_pairs import number_pairs

Colors = NDArray[np.uint8]
_PIECE = 1 << 18  # a power of two
# Pieces whose pairs are held at a time while a map is made: noise has as many pairs as pixels.
_BATCH = 32


@dataclass(frozen=True, eq=False)
class Pairs:
    """Distinct pairs, sorted.

    Attributes
    ----------
    before, after : uint8, shape (n, 3)
    counts : int64, shape (n,)
        How often each occurs.
    """

    before: Colors
    after: Colors
    counts: NDArray[np.int64]


def count_pairs(n_rows: int, rows: Callable[[slice], tuple[Colors, Colors]]) -> Pairs:
    """Count the distinct pairs of two pictures.

    Parameters
    ----------
    n_rows : int
        Pixels of a picture.
    rows : callable
        Gives some pixels of both, uint8 (m, 3); may leave out those that do not count.
    """
    parts: list[tuple[NDArray[np.uint64], NDArray[np.int64]]] = [(_NO_KEYS, _NO_COUNTS)] * _n_pieces(n_rows)

    def work(scratch: _Scratch, piece: int) -> None:
        scratch.number(*rows(_cut(n_rows, piece)))
        parts[piece] = scratch.keys[: scratch.found].copy(), scratch.counts[: scratch.found].copy()

    deal(len(parts), _Scratch, work)
    keys, places = np.unique(np.concatenate([part[0] for part in parts]), return_inverse=True)
    counts = np.bincount(places, weights=np.concatenate([part[1] for part in parts]), minlength=len(keys))
    return Pairs(*_unpack(keys), counts.astype(np.int64))


def map_pairs(
    before: Colors, after: Colors, worth: Callable[[Colors, Colors], NDArray[np.float32]]
) -> NDArray[np.float32]:
    """Work something out for every pair of rows, once for each distinct pair.

    Parameters
    ----------
    before, after : uint8, shape (n, 3), C-contiguous
    worth : callable
        Two of uint8 (m, 3) → float32 (m,).

    Returns
    -------
    float32, shape (n,)
    """
    out = np.empty(len(before), np.float32)
    for start in range(0, len(before), _BATCH * _PIECE):
        batch = slice(start, start + _BATCH * _PIECE)
        _map_batch(before[batch], after[batch], worth, out[batch])
    return out


def _map_batch(
    before: Colors,
    after: Colors,
    worth: Callable[[Colors, Colors], NDArray[np.float32]],
    out: NDArray[np.float32],
) -> None:
    numbers = out.view(np.int32)  # replaced by values piece by piece
    parts: list[NDArray[np.uint64]] = [_NO_KEYS] * _n_pieces(len(before))

    def number(scratch: _Scratch, piece: int) -> None:
        cut = _cut(len(before), piece)
        scratch.number(before[cut], after[cut], numbers[cut])
        parts[piece] = scratch.keys[: scratch.found].copy()

    def fill(_: None, piece: int) -> None:
        cut = _cut(len(before), piece)
        out[cut] = values[places[ends[piece] - len(parts[piece]) : ends[piece]]][numbers[cut]]

    deal(len(parts), _Scratch, number)
    keys, places = np.unique(np.concatenate(parts), return_inverse=True)
    values = worth(*_unpack(keys))
    ends = np.cumsum([len(part) for part in parts])
    deal(len(parts), lambda: None, fill)


_NO_KEYS = np.empty(0, np.uint64)
_NO_COUNTS = np.empty(0, np.int64)


class _Scratch:
    """What one thread numbers pairs with."""

    def __init__(self) -> None:
        self.keys = np.empty(_PIECE, np.uint64)
        self.counts = np.empty(_PIECE, np.int64)
        self.found = 0
        self._slots = np.empty(2 * _PIECE, np.int32)
        self._numbers = np.empty(_PIECE, np.int32)

    def number(self, before: Colors, after: Colors, numbers: NDArray[np.int32] | None = None) -> None:
        numbers = self._numbers if numbers is None else numbers
        self.found = number_pairs(before, after, self.keys, self._slots, self.counts, numbers)


def _n_pieces(n_rows: int) -> int:
    return max(1, -(-n_rows // _PIECE))


def _cut(n_rows: int, piece: int) -> slice:
    return slice(piece * _PIECE, min(n_rows, (piece + 1) * _PIECE))


def _unpack(keys: NDArray[np.uint64]) -> tuple[Colors, Colors]:
    channels = keys.astype(">u8").view(np.uint8).reshape(-1, 8)
    return np.ascontiguousarray(channels[:, 2:5]), np.ascontiguousarray(channels[:, 5:8])
