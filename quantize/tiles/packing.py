"""Pictures that fit as they are: the sets of colours of all tiles, packed into few palettes.

To find the fewest is as hard as packing bins, so there may be a way that is not found. Tried are greedy ways,
sets by size, in a fixed number of orders of those that are equally large.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quantize.tiles.cutting import Cut, fill_up

Set = frozenset[int]

_ORDERS, _SHARED = 200, 4
_MANY_SETS = 500
"""From so many sets on only one order is tried."""


def pack_exactly(cut: Cut, n_palettes: int, n_colors: int, n_shared: int) -> NDArray[np.uint8] | None:
    """Put the colours of every tile into palettes that hold them, uint8 (p, c, 3); None if none is found."""
    if np.diff(cut.starts).max(initial=0) > n_colors:
        return None
    shared = find_shared(cut, n_colors) if n_shared else [()]
    codes = codes_of(cut.colors)
    pairs = zip(cut.starts, cut.starts[1:], strict=False)
    sets = {frozenset(codes[start:stop].tolist()) for start, stop in pairs if stop > start}
    for first in shared:
        if packed := _try_orders({one.union(first) for one in sets}, n_palettes, n_colors, len(shared)):
            rows = [np.array([*first, *sorted(one.difference(first))], np.int64) for one in packed]
            return colors_of(np.stack([fill_up(row, n_colors) for row in rows]))
    return None


def find_shared(cut: Cut, n_colors: int) -> list[tuple[int, ...]]:
    """List colours, as 0xRRGGBB, that may be the shared entry: those that every full tile has, by use.

    Full is a tile with ``n_colors`` colours: another one has room for the entry. At most four; none can be if
    the list is empty.
    """
    codes, sizes = codes_of(cut.colors), np.diff(cut.starts)
    is_full = np.repeat(sizes == n_colors, sizes)
    found, times = np.unique(codes, return_counts=True)
    if n_full := int((sizes == n_colors).sum()):
        full, of_full = np.unique(codes[is_full], return_counts=True)
        times = np.where(np.isin(found, full[of_full == n_full]), times, 0)
    order = np.argsort(-times, kind="stable")[:_SHARED]
    return [(int(found[place]),) for place in order if times[place]]


def colors_of(codes: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Turn 0xRRGGBB of any shape into colours."""
    return np.stack([codes >> 16 & 255, codes >> 8 & 255, codes & 255], axis=-1).astype(np.uint8)


def codes_of(colors: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Turn colors of any shape (..., 3) into 0xRRGGBB."""
    return colors.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])


def _try_orders(every: set[Set], n_palettes: int, n_colors: int, n_shared: int) -> list[Set] | None:
    """Pack sets in one order after the other, fewer of them where several shared colours are tried."""
    sets, random = _largest(every), np.random.default_rng(0)
    if len(sets[0]) > n_colors:
        return None
    for number in range(_ORDERS // n_shared if len(sets) < _MANY_SETS else 2):
        if packed := _pack(sets, n_palettes, n_colors, to_the_brim=number % 2 == 0):
            return packed
        if number % 2:
            sets = sorted((sets[place] for place in random.permutation(len(sets))), key=len, reverse=True)
    return None


def _largest(sets: set[Set]) -> list[Set]:
    """List sets that lie in no other, by size; of equals in the order of their colours."""
    kept: list[Set] = []
    for one in sorted(sets, key=lambda one: (-len(one), sorted(one))):
        if len(kept) >= _MANY_SETS or not any(one < other for other in kept):
            kept.append(one)
    return kept


def _pack(sets: list[Set], n_palettes: int, n_colors: int, *, to_the_brim: bool) -> list[Set] | None:
    """Put each set into the palette that has most in common with it and room, else into a new one.

    If it has nothing in common with any: into one with room, too; but if not ``to_the_brim``, only when there
    may be no new one.
    """
    packed: list[Set] = []
    for one in sets:
        common = [len(one & other) if len(one | other) <= n_colors else -1 for other in packed]
        if max(common, default=-1) >= (0 if to_the_brim or len(packed) == n_palettes else 1):
            best = common.index(max(common))
            packed[best] |= one
        elif len(packed) == n_palettes:
            return None
        else:
            packed.append(one)
    return packed
