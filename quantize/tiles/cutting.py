"""A picture cut into tiles: the colours of each, and how often they occur there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize.colors.opacity import is_visible
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError, shown

LARGEST = 256
"""Pixels of a tile's side, at most."""
_AT_ONCE = 1 << 20
"""Pixels that are sorted at once, about: more take memory and no less time."""


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
    counts : int32, shape (n,)
        Pixels.
    rows : int32, shape (h, w)
        The row of each pixel's colour; of one that is not visible any.
    """

    grid: tuple[int, int]
    starts: NDArray[np.int64]
    colors: NDArray[np.uint8]
    counts: NDArray[np.int32]
    rows: NDArray[np.int32]

    def parts(self) -> list[slice]:
        """List runs of tiles, all of them, that have some hundred thousand rows each."""
        marks = np.searchsorted(self.starts, np.arange(0, self.starts[-1], _AT_ONCE // 4))
        ends = np.unique([0, *marks, len(self.starts) - 1]).tolist()
        return [slice(*run) for run in pairwise(ends)]

    def run(self, tiles: slice) -> Cut:
        """Return a run of tiles alone, without ``rows``."""
        starts = self.starts[tiles.start : tiles.stop + 1]
        some = slice(int(starts[0]), int(starts[-1]))
        return replace(
            self, starts=starts - starts[0], colors=self.colors[some], counts=self.counts[some],
            rows=self.rows[:0],
        )  # fmt: skip

    def sample(self, most: int) -> Cut:
        """Return some tiles, without ``rows``, of at most about so many rows; itself if it has no more.

        They are drawn by chance, as every so many in order may be columns; the same each time.
        """
        step = -(-len(self.colors) // most)
        if step <= 1:
            return self
        filled = np.flatnonzero(np.diff(self.starts))
        return self.some(np.sort(np.random.default_rng(0).permutation(filled)[::step]))

    def some(self, tiles: NDArray[np.intp]) -> Cut:
        """Return these tiles alone, without ``rows``."""
        rows = rows_of(self.starts, tiles)
        starts = np.concatenate([[0], np.cumsum(np.diff(self.starts)[tiles])])
        return replace(
            self, starts=starts, colors=self.colors[rows], counts=self.counts[rows], rows=self.rows[:0]
        )  # fmt: skip


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


def cut_tiles(picture: Picture, tile: tuple[int, int], checkpoint: Callable[[], None] = lambda: None) -> Cut:
    """Cut a picture into tiles of ``tile`` pixels, width and height, from its upper left corner on."""
    height, width = picture.pixels.shape[:2]
    across, down = -(-width // tile[0]), -(-height // tile[1])
    deep = max(1, _AT_ONCE // (width * tile[1])) * tile[1]
    rows, starts, colors, counts = np.zeros((height, width), np.int32), [np.zeros(1, np.int64)], [], []
    n = 0
    for top in range(0, height, deep):
        checkpoint()
        band = slice(top, top + deep)
        alpha = None if picture.alpha is None else picture.alpha[band]
        found, rows[band], times = _count(picture.pixels[band], alpha, tile, across, n)
        n_tiles = across * -(-len(rows[band]) // tile[1])
        starts.append(np.searchsorted(found >> 24, np.arange(1, n_tiles + 1)) + n)
        colors.append(np.stack([found >> 16 & 255, found >> 8 & 255, found & 255], axis=1).astype(np.uint8))
        counts.append(times.astype(np.int32))
        n += len(found)
    return Cut(
        (across, down), np.concatenate(starts), np.concatenate(colors), np.concatenate(counts), rows
    )  # fmt: skip


def _count(
    pixels: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None,
    tile: tuple[int, int],
    across: int,
    first: int,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.intp]]:
    """Count the colours of each tile in some rows of them.

    Returns tile << 24 | 0xRRGGBB in order, the place in there of every pixel, (h, w), counted from ``first``
    on but 0 where nothing is visible, and the pixels of each.
    """
    height, width = pixels.shape[:2]
    numbers = (np.arange(height) // tile[1])[:, None] * across + np.arange(width) // tile[0]
    red, green, blue = pixels.transpose(2, 0, 1).astype(np.int64)
    keys = numbers << 24 | red << 16 | green << 8 | blue
    seen = np.ones(keys.shape, bool) if alpha is None else is_visible(alpha)
    found, places, counts = np.unique(keys[seen], return_inverse=True, return_counts=True)
    rows = np.zeros(keys.shape, np.int32)
    rows[seen] = places.ravel() + first
    return found, rows, counts


def fill_up(entries: NDArray[Any], n: int) -> NDArray[Any]:
    """Fill up some entries, at least one, with their last until they are ``n``."""
    return np.concatenate([entries, np.repeat(entries[-1:], n - len(entries), axis=0)])


def rows_of(starts: NDArray[np.int64], tiles: NDArray[np.intp]) -> NDArray[np.intp]:
    """List the rows of some tiles, one tile after the other."""
    lengths = starts[tiles + 1] - starts[tiles]
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts[tiles] - (ends - lengths), lengths)
