"""K-means over tiles, with palettes as centres: which small palettes there are, and which a tile has.

Lloyd's two steps do what they do for single colours: every tile takes the palette in which its error is
least, then every entry moves to the mean of what it got. Palettes are added one by one, each for the tiles
that are served worst; as long as it pays, the palette that is missed least is given up for another one.
Growing looks at a part of very many tiles. Everything is in one order on one thread, but for the errors of
tiles, which do not depend on each other: the same on any number of threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from quantize.methods.kmeans import fit
from quantize.threads import run_all, slices
from quantize.tiles.cutting import fill_up, rows_of
from quantize.tiles.kernels_tiles import sum_tiles, weigh_tiles

Floats = NDArray[np.float32]

_GROWN_ON = 1 << 15
"""Rows on which palettes are grown."""
_ROUNDS, _LAST_ROUNDS, _SWAPS, _FEW_SWAPS = 4, 24, 12, 3
_AT_LAST = 1 << 31
"""Distances to work out in all of these rounds, about."""
_TRIED, _SETTLED, _SINGLE, _MOST_SINGLE = 2, 1, 3, 8
_CHEAP = 1 << 21
"""Distances to work out, about: up to so many, all groups that were tried are settled, not only the best."""
_SHARES = (2, 4, 16)
"""Parts of a palette's tiles, those that are served worst, for which another one is tried."""


@dataclass(frozen=True, eq=False)
class Points:
    """Tiles in the space in which they are measured.

    Attributes
    ----------
    points : float32, shape (n, 3)
    weights : float64, shape (n,)
    starts : int64, shape (t + 1,)
    n_shared : int
        Entries, the first ones, that all palettes have in common.
    """

    points: Floats
    weights: NDArray[np.float64]
    starts: NDArray[np.int64]
    n_shared: int = 0

    def some(self, tiles: NDArray[np.intp]) -> Points:
        """Return these tiles alone."""
        rows = rows_of(self.starts, tiles)
        starts = np.concatenate([[0], np.cumsum(self.starts[tiles + 1] - self.starts[tiles])])
        return replace(
            self, points=self.points[rows], weights=self.weights[rows], starts=starts.astype(np.int64)
        )


@dataclass(frozen=True, eq=False)
class Fitted:
    """Palettes, float32 (p, c, 3), the palette of each tile, int64 (t,), and the squared error."""

    centers: Floats
    chosen: NDArray[np.int64]
    sse: float


def fit_tiles(
    points: Points,
    n_palettes: int,
    n_colors: int,
    checkpoint: Callable[[], None],
    progress: Callable[[float], object] = lambda _: None,
) -> Fitted:
    """Find ``n_palettes`` of ``n_colors`` entries; fewer if these serve all tiles exactly."""
    sample = _sample(points)
    grown = _grow(sample, n_palettes, n_colors, checkpoint, progress, each=False)[-1]
    return _settle_whole(points, _swap(sample, grown, n_colors, checkpoint), checkpoint)


def fit_all(
    points: Points,
    n_palettes: int,
    n_colors: int,
    checkpoint: Callable[[], None],
    progress: Callable[[float], object] = lambda _: None,
) -> Iterator[Fitted]:
    """Find ``n_palettes``, and then, as found on the way, ever fewer.

    What is found of fewer does not depend on how many are wanted: with more the best of all is never worse.
    """
    for one in reversed(_grow(_sample(points), n_palettes, n_colors, checkpoint, progress, each=True)):
        yield _settle_whole(points, one, checkpoint)


def _sample(points: Points) -> Points:
    step = -(-len(points.points) // _GROWN_ON)
    filled = np.flatnonzero(np.diff(points.starts))
    drawn = np.random.default_rng(0).permutation(filled)[::step]  # every so many in order may be columns
    return points if step <= 1 else points.some(np.sort(drawn))


def _settle_whole(points: Points, found: Fitted, checkpoint: Callable[[], None]) -> Fitted:
    rounds = _AT_LAST // (len(points.points) * found.centers[..., 0].size)
    return settle(points, found.centers, min(max(rounds, 2), _LAST_ROUNDS), checkpoint)


def assign_tiles(points: Points, centers: Floats) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find the palette in which each tile's error is least, of equals the first; and all errors."""
    errors = np.empty((len(points.starts) - 1, len(centers)))
    parts = slices(len(errors), smallest=256)
    run_all(partial(weigh_tiles, *_arrays(points), centers, part.start, errors[part]) for part in parts)
    return errors.argmin(axis=1), errors


def settle(points: Points, centers: Floats, rounds: int, checkpoint: Callable[[], None]) -> Fitted:
    """Let tiles choose and entries move until the error no longer falls, or for so many rounds."""
    best = None
    for _ in range(rounds):
        checkpoint()
        chosen, _ = assign_tiles(points, centers)
        _, moved, sse = move_entries(points, centers, chosen)
        if best is not None and sse >= best.sse * (1 - 1e-6):
            return best if sse >= best.sse else Fitted(centers, chosen, sse)
        best = Fitted(centers, chosen, sse)
        centers = moved
    chosen, errors = assign_tiles(points, centers)
    sse = float(errors.min(axis=1).sum())
    return Fitted(centers, chosen, sse) if best is None or sse < best.sse else best


def _arrays(points: Points) -> tuple[Floats, NDArray[np.float64], NDArray[np.int64]]:
    return points.points, points.weights, points.starts


def move_entries(
    points: Points, centers: Floats, chosen: NDArray[np.int64]
) -> tuple[NDArray[np.float64], Floats, float]:
    """Move entries to the means of what they have, idle ones to what is served worst.

    Returns what each has, float64 (p, c, 4): coordinates and weight; where they are now; the error before.
    """
    sums, farthest, _, sse = _sum(points, centers, chosen)
    shared = points.n_shared
    sums[:, :shared] = sums[:, :shared].sum(axis=0)
    weight = sums[..., 3]
    moved = np.where(weight[..., None] > 0, sums[..., :3] / np.maximum(weight, 1e-30)[..., None], centers)
    for p in np.flatnonzero((weight == 0).any(axis=1) & (farthest >= 0)):
        idle = np.flatnonzero(weight[p] == 0)
        if idle[0] >= shared:
            moved[p, idle[0]] = points.points[farthest[p]]
    return sums, moved.astype(np.float32), sse


def assign_points(points: Points, centers: Floats, chosen: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Find the nearest entry of each point, uint8 (n,), in its tile's palette: of equals the first."""
    return _sum(points, centers, chosen)[2]


def _sum(
    points: Points, centers: Floats, chosen: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.uint8], float]:
    sums, farthest = np.empty((*centers.shape[:2], 4)), np.empty(len(centers), np.int64)
    entries = np.empty(len(points.points), np.uint8)
    sse = sum_tiles(*_arrays(points), chosen, centers, sums, farthest, entries)
    return sums, farthest, entries, float(sse)


def find_colors(points: Points, n_colors: int, kept: Floats) -> Floats:
    """Find a palette for all these tiles: ``kept`` entries first, doubled ones where colours are few."""
    found = fit(points.points, points.weights, n_colors, keep=kept).centers[:n_colors]
    if not len(found):
        return np.zeros((n_colors, 3), np.float32)
    return fill_up(found, n_colors)


def _grow(
    points: Points, n_palettes: int, n_colors: int, checkpoint: Callable[[], None],
    progress: Callable[[float], object], each: bool,
) -> list[Fitted]:  # fmt: skip
    """Add palette after palette; ``each``: and give up others on the way."""
    one = find_colors(points, n_colors, points.points[:0])
    if points.n_shared:  # what most pixels are near to
        sums, *_ = _sum(points, one[None], np.zeros(len(points.starts) - 1, np.int64))
        one = one[np.argsort(-sums[0, :, 3], kind="stable")]
    now = settle(points, one[None].copy(), _ROUNDS, checkpoint)
    path = [now]
    while len(now.centers) < n_palettes and now.sse > 0:
        progress(len(now.centers) / (n_palettes + 1))
        now = _add(points, now, n_colors, checkpoint)
        if each:
            now = _swap(points, now, n_colors, checkpoint, _FEW_SWAPS)
        path.append(now)
    return path


def _add(points: Points, now: Fitted, n_colors: int, checkpoint: Callable[[], None]) -> Fitted:
    """Add a palette for tiles that are served badly: of several, the one with which least error is left."""
    _, errors = assign_tiles(points, now.centers)
    own = errors[np.arange(len(errors)), now.chosen]
    tried: list[tuple[float, int, Floats]] = []
    cheap = _CHEAP // (len(points.points) * now.centers.size)
    for tiles in _groups(own, now, min(max(_SINGLE, cheap), _MOST_SINGLE)):
        kept = now.centers[now.chosen[tiles[0]], : points.n_shared]
        more = find_colors(points.some(tiles), n_colors, kept)[None]
        _, alone = assign_tiles(points, more)
        tried.append((float(np.minimum(own, alone[:, 0]).sum()), len(tried), more))
        checkpoint()
    made = [
        settle(points, np.concatenate([now.centers, more]), _ROUNDS, checkpoint)
        for _, _, more in sorted(tried, key=lambda one: one[:2])[: max(_SETTLED, cheap)]
    ]
    return min(made, key=lambda one: one.sse)


def _groups(own: NDArray[np.float64], now: Fitted, n_single: int) -> list[NDArray[np.intp]]:
    """List groups of tiles that another palette may serve: parts of those that have one now, and single ones.

    ``own`` is each tile's error; at least one is above 0. ``n_single``: tiles of a palette tried one by one.
    """
    totals = np.bincount(now.chosen, weights=own, minlength=len(now.centers))
    groups = []
    for p in np.argsort(-totals, kind="stable")[:_TRIED]:
        tiles = np.flatnonzero((now.chosen == p) & (own > 0))
        tiles = tiles[np.argsort(-own[tiles], kind="stable")]
        groups += [tiles[:n] for n in sorted({-(-len(tiles) // share) for share in _SHARES} - {0})]
        groups += [tiles[i : i + 1] for i in range(0, len(tiles), max(1, -(-len(tiles) // n_single)))]
    return groups


def _swap(
    points: Points, now: Fitted, n_colors: int, checkpoint: Callable[[], None], most: int = _SWAPS
) -> Fitted:
    """Give up one of the palettes that are missed least for another one, as long as the error falls."""
    swaps = failed = 0
    while len(now.centers) > 1 and now.sse > 0 and swaps < most and failed < min(_TRIED, len(now.centers)):
        _, errors = assign_tiles(points, now.centers)
        own = np.sort(errors, axis=1)
        losses = np.bincount(now.chosen, weights=own[:, 1] - own[:, 0], minlength=len(now.centers))
        out = int(np.argsort(losses, kind="stable")[failed])
        fewer = settle(points, np.delete(now.centers, out, axis=0), 1, checkpoint)
        made = _add(points, fewer, n_colors, checkpoint) if fewer.sse > 0 else fewer
        swaps += 1
        if made.sse < now.sse * (1 - 1e-4):
            now, failed = made, 0
        else:
            failed += 1
    return now
