"""Orders of a palette's entries, as records in a table.

All are deterministic, and measured in Oklab: lightness, hue angle and distance there agree with the
eye well enough that a sorted palette looks sorted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from quantize.colors.spaces import SPACES
from quantize.errors import QuantizeError
from quantize.palettes.palette import Palette, check_paired

GREY_CHROMA = 0.02
"""Oklab chroma below which a colour has no hue that an eye would sort by."""

# Starts of the path that are tried: more find shorter paths, each costs up to 20 ms at 256 entries.
_STARTS = 8


@dataclass(frozen=True)
class Order:
    """One way to sort: its key, its name on screen, and a function palette → permutation of its rows."""

    key: str
    title: str
    rows: Callable[[Palette], NDArray[np.intp]]


def sort_palette(palette: Palette, key: str) -> Palette:
    """Sort a palette by one of ORDERS.

    "share": largest first, equal ones as they were. "hue": greys from dark to light, then round the
    colour circle from pink over red, yellow, green and blue to purple. "lightness": dark to light.
    "path": a short path from colour to colour through Oklab, from its darker end. "file": as they are. All
    but "share" and "file" give the same whatever the order before.

    Raises
    ------
    QuantizeError
        If there is no such order; by share, if the shares are not known; along the path, if there
        are more than 256 colours.
    """
    if key not in ORDERS:
        raise QuantizeError(f"sort must be one of {', '.join(ORDERS)}, got {key!r}")
    return palette.take(ORDERS[key].rows(palette))


def _oklab(palette: Palette) -> NDArray[np.float64]:
    return SPACES["Oklab"].to_working(palette.colors).astype(np.float64)


def _by_share(palette: Palette) -> NDArray[np.intp]:
    if palette.shares is None:
        raise QuantizeError("palette must know its shares to be sorted by them, got none: sort by another")
    return np.argsort(-palette.shares, kind="stable")


def _by_lightness(palette: Palette) -> NDArray[np.intp]:
    lightness, a, b = _oklab(palette).T
    return np.lexsort((b, a, lightness))


def _by_hue(palette: Palette) -> NDArray[np.intp]:
    lightness, a, b = _oklab(palette).T
    grey = np.hypot(a, b) < GREY_CHROMA
    hue = np.where(grey, -1, np.arctan2(b, a) % (2 * np.pi))
    return np.lexsort((lightness, hue))


def _along_path(palette: Palette) -> NDArray[np.intp]:
    check_paired(palette)
    base = _by_lightness(palette)  # makes the path the same whatever the order given
    points = _oklab(palette)[base]
    steps = np.linalg.norm(points[:, None] - points[None], axis=2)
    starts = np.unique(np.linspace(0, len(base) - 1, min(_STARTS, len(base))).round().astype(int))
    paths = [_shorten(_greedy(steps, start), steps) for start in starts]
    best = min(paths, key=lambda path: path_length(path, steps))
    return base[best if best[0] < best[-1] else best[::-1]]


def path_length(path: NDArray[np.intp], steps: NDArray[np.float64]) -> float:
    """Measure the length of an open path over rows of a table of distances, (k, k)."""
    return float(steps[path[:-1], path[1:]].sum())


def _greedy(steps: NDArray[np.float64], start: int) -> NDArray[np.intp]:
    """Find the path that always goes on to the nearest point not yet visited."""
    path, left = [start], np.ones(len(steps), bool)
    left[start] = False
    while left.any():
        path.append(int(np.where(left, steps[path[-1]], np.inf).argmin()))
        left[path[-1]] = False
    return np.array(path, np.intp)


def _shorten(path: NDArray[np.intp], steps: NDArray[np.float64]) -> NDArray[np.intp]:
    """Improve an open path by the best reversal of a stretch or move of one point, until none helps.

    A point at distance 0 from all others closes the path to a tour, so that ends need no special case.
    """
    k = len(path)
    padded = np.pad(steps, (0, 1))
    tour = np.append(path, k)
    while True:
        table = padded[np.ix_(tour, tour)]
        reversal, gain = _best_reversal(table)
        point, place, moved_gain = _best_move(table)
        if max(gain, moved_gain) < 1e-9:
            break
        if gain >= moved_gain:
            first, last = reversal
            tour[first : last + 1] = tour[first : last + 1][::-1]
        else:
            value, anchor = tour[point], tour[place]
            tour = np.delete(tour, point)
            tour = np.insert(tour, int(np.flatnonzero(tour == anchor)[0]) + 1, value)
    end = int(np.flatnonzero(tour == k)[0])
    return np.concatenate([tour[end + 1 :], tour[:end]])


def _best_reversal(table: NDArray[np.float64]) -> tuple[tuple[int, int], float]:
    """Stretch first … last of a tour whose reversal shortens it most (2-opt), and by how much."""
    rows = np.arange(len(table))
    edge = table[rows, np.roll(rows, -1)]
    # Reversing i+1 … j replaces the edges (i, i+1) and (j, j+1) by (i, j) and (i+1, j+1).
    gains = edge[:, None] + edge[None] - table - np.roll(table, (-1, -1), (0, 1))
    gains = np.triu(gains, 1)
    first, last = divmod(int(gains.argmax()), len(table))
    return (first + 1, last), float(gains[first, last])


def _best_move(table: NDArray[np.float64]) -> tuple[int, int, float]:
    """Find the point of a tour, the point behind which it should stand instead, and the gain."""
    rows = np.arange(len(table))
    after, before = np.roll(rows, -1), np.roll(rows, 1)
    freed = table[before, rows] + table[rows, after] - table[before, after]
    added = table + table[after].T - table[rows, after][None]
    gains = freed[:, None] - added
    gains[rows, rows] = gains[rows, before] = -np.inf
    point, place = divmod(int(gains.argmax()), len(table))
    return point, place, float(gains[point, place])


_TABLE = (
    Order("share", "By use", _by_share),
    Order("hue", "Hue", _by_hue),
    Order("lightness", "Dark to light", _by_lightness),
    Order("path", "Smooth path", _along_path),
    Order("file", "As in the file", lambda palette: np.arange(len(palette))),
)
ORDERS: Mapping[str, Order] = MappingProxyType({order.key: order for order in _TABLE})
