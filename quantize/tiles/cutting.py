"""A picture cut into tiles: the colours of each, and how often they occur there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize.colors.opacity import is_visible
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError, shown

LARGEST = 256
"""Pixels of a tile's side, at most."""


@dataclass(frozen=True, eq=False)
class Cut:
    """The colours of every tile, tile by tile.

    Attributes
    ----------
    grid : (int, int)
        Tiles across and down; those at the right and lower edges may be smaller.
    starts : int64, shape (t + 1,)
        Rows of ``colors`` that a tile has: from ``starts[t]`` to ``starts[t + 1]``; none if nothing is
        visible in it.
    colors : uint8, shape (n, 3)
        sRGB, different within a tile.
    counts : int64, shape (n,)
        Pixels.
    rows : intp, shape (h, w)
        The row of each pixel's colour; of one that is not visible any.
    """

    grid: tuple[int, int]
    starts: NDArray[np.int64]
    colors: NDArray[np.uint8]
    counts: NDArray[np.int64]
    rows: NDArray[np.intp]


def parse_tile(said: str) -> tuple[int, int]:
    """Read how large a tile is: "8x8", or "8" for both sides.

    Raises
    ------
    QuantizeError
        If it is nothing of that.
    """
    words = [word.strip() for word in re.split("[x×]", said.lower())]
    if not (1 <= len(words) <= 2 and all(re.fullmatch("[0-9]{1,4}", word) for word in words)):
        raise QuantizeError(f"tile must be width x height in pixels, like 8x8 or 16x16, got {shown(said)}")
    return check_tile((int(words[0]), int(words[-1])))


def check_tile(tile: tuple[int, int]) -> tuple[int, int]:
    """Refuse a tile that has no pixel or is too large."""
    if not all(1 <= side <= LARGEST for side in tile):
        raise QuantizeError(f"tile must be 1 to {LARGEST} pixels wide and high, got {tile[0]}x{tile[1]}")
    return tile


def cut_tiles(picture: Picture, tile: tuple[int, int]) -> Cut:
    """Cut a picture into tiles of ``tile`` pixels, width and height, from its upper left corner on."""
    height, width = picture.pixels.shape[:2]
    across, down = -(-width // tile[0]), -(-height // tile[1])
    numbers = (np.arange(height) // tile[1])[:, None] * across + np.arange(width) // tile[0]
    red, green, blue = picture.pixels.transpose(2, 0, 1).astype(np.int64)
    keys = numbers << 24 | red << 16 | green << 8 | blue
    seen = np.ones(keys.shape, bool) if picture.alpha is None else is_visible(picture.alpha)
    found, places, counts = np.unique(keys[seen], return_inverse=True, return_counts=True)
    rows = np.zeros(keys.shape, np.intp)
    rows[seen] = places.ravel()
    colors = np.stack([found >> 16 & 255, found >> 8 & 255, found & 255], axis=1).astype(np.uint8)
    starts = np.searchsorted(found >> 24, np.arange(across * down + 1))
    return Cut((across, down), starts.astype(np.int64), colors, counts.astype(np.int64), rows)


def fill_up(entries: NDArray[Any], n: int) -> NDArray[Any]:
    """Fill up some entries, at least one, with their last until they are ``n``."""
    return np.concatenate([entries, np.repeat(entries[-1:], n - len(entries), axis=0)])


def rows_of(starts: NDArray[np.int64], tiles: NDArray[np.intp]) -> NDArray[np.intp]:
    """List the rows of some tiles, one tile after the other."""
    lengths = starts[tiles + 1] - starts[tiles]
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts[tiles] - (ends - lengths), lengths)
