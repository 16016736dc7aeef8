"""Small palettes of the colours that there are: any, levels of red, green and blue, or a table's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from quantize.colors.histogram import Histogram
from quantize.colors.spaces import Space
from quantize.palettes.best import choose_entries
from quantize.tiles.cutting import Cut, fill_up, rows_of
from quantize.tiles.filling import count_tiles, fill_idle
from quantize.tiles.fitting import Points, assign_tiles, find_colors, fit_all, fit_tiles, move_entries
from quantize.tiles.packing import codes_of, colors_of, find_shared, pack_exactly

Colors = NDArray[np.uint8]
Checkpoint = Callable[[], None]
Progress = Callable[[float], object]

_ROUNDS = 8
_BACKGROUNDS = 4
_TRIED_ON = 200
_MANY, _FITTED_ON = 1 << 20, 1 << 18
"""With more rows than many, palettes are fitted to some of the tiles, which have about so many."""
_FEW, _FEW_PALETTES = 1 << 14, 32
"""To so many rows and palettes of what is allowed fewer are fitted, too."""
_ALL_LEVELS = 256
_TOLD = 256
"""Tiles between two words on how far it is."""


@dataclass(frozen=True, eq=False)
class Allowed:
    """What a small palette may be of: ``n_colors`` entries, the first shared or not, levels or a table.

    The table has no entry twice.
    """

    n_colors: int
    shared: bool
    levels: int
    table: Colors | None
    space: Space


@dataclass(frozen=True, eq=False)
class Sets:
    """Small palettes, and who has which.

    Attributes
    ----------
    palette : uint8, shape (k, 3)
    members : intp, shape (p, c)
        Entries of each small palette.
    chosen : intp, shape (t,)
        The small palette of each tile.
    of_table : bool
        Whether ``palette`` is the table of all colours; else it is one small palette after the other.
    """

    palette: Colors
    members: NDArray[np.intp]
    chosen: NDArray[np.intp]
    of_table: bool = False


def choose_few(
    cut: Cut, n_palettes: int, allowed: Allowed, checkpoint: Checkpoint, progress: Progress
) -> Sets:
    """Choose at most ``n_palettes`` for all tiles."""
    n_shared = int(allowed.shared)
    colors = pack_exactly(cut, n_palettes, allowed.n_colors, n_shared)
    if colors is None or not np.array_equal(_allow(colors, allowed), colors):
        colors = _fit(_sample(cut), n_palettes, allowed, checkpoint, progress)
    colors = _sorted(colors, n_shared)
    centers, runs = _working(colors, allowed), []
    for part in cut.parts():
        checkpoint()
        runs.append(assign_tiles(_measure(cut.run(part), allowed), centers)[0])
    used, chosen = np.unique(np.concatenate(runs), return_inverse=True)
    colors = colors[used]
    return Sets(colors.reshape(-1, 3), np.arange(colors.size // 3).reshape(colors.shape[:2]), chosen)


def _fit(cut: Cut, n_palettes: int, allowed: Allowed, checkpoint: Checkpoint, progress: Progress) -> Colors:
    """Fit palettes of what is allowed; if that is not everything, also to fewer, and keep the best."""
    points = _measure(cut, allowed)
    fit = _fit_levels if allowed.table is None else _fit_table
    anything = allowed.table is None and allowed.levels == _ALL_LEVELS
    how = points, n_palettes, allowed.n_colors, checkpoint, progress
    once = anything or len(points.points) > _FEW or n_palettes > _FEW_PALETTES
    several = count_tiles(points) > 1
    best, least = None, np.inf

    def fill(colors: Colors) -> tuple[Colors, float]:
        serve = partial(_serve_alone, cut, points, allowed, colors[0, : points.n_shared], checkpoint)
        return fill_idle(
            points, colors, n_palettes, serve, lambda some: _working(some, allowed), checkpoint
        )  # fmt: skip

    for fitted in [fit_tiles(*how)] if once else fit_all(*how):
        colors, sse = fill(fit(cut, points, _to_srgb(fitted.centers, allowed), allowed, checkpoint))
        if sse < least:
            best, least = colors, sse
    assert best is not None
    filled = np.flatnonzero(np.diff(points.starts))
    if several and least > 0 and count_tiles(points) <= n_palettes:
        serve = partial(_serve_alone, cut, points, allowed, best[0, : points.n_shared], checkpoint)
        own = np.unique(np.stack([serve(int(tile)) for tile in filled]), axis=0)
        if len(own) <= n_palettes and fill(own)[1] < least:
            return own
    return best


def _serve_alone(
    cut: Cut, points: Points, allowed: Allowed, first: Colors, checkpoint: Checkpoint, tile: int
) -> Colors:
    """Find what serves one tile; ``first`` are the entries that are shared."""
    some = np.array([tile])
    if not len(first):
        return _fit(cut.some(some), 1, allowed, checkpoint, lambda _: None)[0]
    if allowed.table is not None:
        entry = int((allowed.table == first).all(axis=1).argmax())
        n = min(allowed.n_colors, len(allowed.table))
        return allowed.table[_best_of(cut, some, allowed, n, (entry,))]
    kept = allowed.space.to_working(first)
    found = find_colors(points.some(some), allowed.n_colors, kept)
    return _allow(_to_srgb(found[None], allowed), allowed)[0]


def _sample(cut: Cut) -> Cut:
    return cut.sample(_FITTED_ON) if len(cut.colors) > _MANY else cut


def _measure(cut: Cut, allowed: Allowed) -> Points:
    """Put the colours of tiles where distance is measured."""
    weights = cut.counts.astype(np.float64)
    return Points(allowed.space.to_working(cut.colors), weights, cut.starts, int(allowed.shared))


def choose_own(cut: Cut, allowed: Allowed, checkpoint: Checkpoint, progress: Progress) -> Sets:
    """Choose a palette of the table's colours for every tile."""
    assert allowed.table is not None
    table, n_tiles = allowed.table, len(cut.starts) - 1
    n = min(allowed.n_colors, len(table))
    locked: tuple[int, ...] = ()
    if allowed.shared:
        # Those with room for it say nothing of it.
        some = np.flatnonzero(np.diff(cut.starts) >= n)
        some = (some if len(some) else np.arange(n_tiles))[:: -(-n_tiles // _TRIED_ON)]
        tried = []
        for entry in _backgrounds(cut, allowed):
            rows = [_best_of(cut, np.array([tile]), allowed, n, (entry,)) for tile in some]
            tried.append((_cost(cut, some, table[np.array(rows)], allowed), entry))
            checkpoint()
        locked = (min(tried)[1],)
    members = np.empty((n_tiles, n), np.intp)
    for tile in range(n_tiles):
        members[tile] = _best_of(cut, np.array([tile]), allowed, n, locked)
        checkpoint()
        if tile % _TOLD == 0:
            progress(tile / n_tiles)
    members, chosen = np.unique(members, axis=0, return_inverse=True)
    return Sets(table, members, chosen.ravel(), of_table=True)


def _backgrounds(cut: Cut, allowed: Allowed) -> list[int]:
    """List entries that may be shared: what full tiles have in common, and what is nearest to most."""
    assert allowed.table is not None
    cut = _sample(cut)
    likely = colors_of(np.array(find_shared(cut, allowed.n_colors), np.int64).reshape(-1))
    matches = (likely[:, None] == allowed.table).all(axis=2)
    first = np.flatnonzero(matches.any(axis=0)).tolist()
    points = replace(_measure(cut, allowed), n_shared=0)
    centers = allowed.space.to_working(allowed.table)[None]
    sums, _, _ = move_entries(points, centers, np.zeros(len(cut.starts) - 1, np.int64))
    return list(dict.fromkeys([*first, *np.argsort(-sums[0, :, 3], kind="stable")[:_BACKGROUNDS].tolist()]))


def _best_of(
    cut: Cut, tiles: NDArray[np.intp], allowed: Allowed, n: int, locked: tuple[int, ...]
) -> NDArray[np.intp]:
    """Choose ``n`` entries of the table for some tiles, locked ones first."""
    assert allowed.table is not None
    rows = rows_of(cut.starts, tiles)
    codes, places = np.unique(codes_of(cut.colors[rows]), return_inverse=True)
    colors, counts = colors_of(codes), np.bincount(places, weights=cut.counts[rows]).astype(np.int64)
    histogram = Histogram(colors.astype(np.float32), counts, exact=True)
    if not len(rows):
        return fill_up(np.array([*locked, 0], np.intp)[:n], n)
    found = choose_entries(histogram, allowed.table, n, space=allowed.space.key, locked=locked)
    others = found[~np.isin(found, locked)]
    return fill_up(np.concatenate([np.array(locked, np.intp), others]), n)


def _cost(cut: Cut, tiles: NDArray[np.intp], colors: Colors, allowed: Allowed) -> float:
    """Work out the error of some tiles in palettes of their own, uint8 (t, c, 3)."""
    rows = rows_of(cut.starts, tiles)
    owners = np.repeat(np.arange(len(tiles)), np.diff(cut.starts)[tiles])
    away = allowed.space.to_working(cut.colors[rows])[:, None] - _working(colors, allowed)[owners]
    return float((np.square(away).sum(axis=2).min(axis=1) * cut.counts[rows]).sum())


def _fit_table(cut: Cut, points: Points, colors: Colors, allowed: Allowed, checkpoint: Checkpoint) -> Colors:
    """Take the best of the table's colours for every palette, and again while tiles change for less."""
    table = allowed.table
    assert table is not None
    n = min(allowed.n_colors, len(table))
    best, least = None, np.inf
    for background in _backgrounds(cut, allowed) if allowed.shared else [None]:
        now = colors
        if background is not None:
            now = now.copy()
            now[:, 0] = table[background]
        for _ in range(_ROUNDS):
            chosen, _ = assign_tiles(points, _working(now, allowed))
            locked = () if background is None else (background,)
            rows = [_best_of(cut, np.flatnonzero(chosen == p), allowed, n, locked) for p in range(len(now))]
            now = table[np.array(rows)]
            _, errors = assign_tiles(points, _working(now, allowed))
            checkpoint()
            if (sse := float(errors.min(axis=1).sum())) >= least:
                break
            best, least = now, sse
    assert best is not None
    return best


def _fit_levels(cut: Cut, points: Points, colors: Colors, allowed: Allowed, checkpoint: Checkpoint) -> Colors:
    """Bring entries to the levels that there are, and again to their means while that is for less."""
    best, least = colors, np.inf
    for _ in range(_ROUNDS):
        checkpoint()
        colors = _allow(colors, allowed)
        centers = _working(colors, allowed)
        chosen, errors = assign_tiles(points, centers)
        if (sse := float(errors.min(axis=1).sum())) >= least:
            return best
        best, least = colors, sse
        _, moved, _ = move_entries(points, centers, chosen)
        colors = _to_srgb(moved, allowed)
    return best


def _allow(colors: Colors, allowed: Allowed) -> Colors:
    """Bring colours to the nearest level, or to the nearest of the table; ``colors`` uint8 (p, c, 3)."""
    if allowed.table is not None:
        away = _working(colors, allowed)[..., None, :] - allowed.space.to_working(allowed.table)
        return allowed.table[np.square(away).sum(axis=3).argmin(axis=2)]
    most = allowed.levels - 1
    steps = np.rint(colors * (most / 255))
    return np.rint(steps * (255 / most)).astype(np.uint8)


def _working(colors: Colors, allowed: Allowed) -> NDArray[np.float32]:
    return allowed.space.to_working(colors.reshape(-1, 3)).reshape(colors.shape)


def _to_srgb(centers: NDArray[np.float32], allowed: Allowed) -> Colors:
    srgb = allowed.space.to_srgb(centers.reshape(-1, 3)).reshape(centers.shape)
    return np.rint(srgb).astype(np.uint8)


def _sorted(colors: Colors, n_shared: int) -> Colors:
    """Sort the entries of every palette from dark to light, shared ones first, without doubles."""
    made = colors.copy()
    for p, palette in enumerate(colors):
        first, others = palette[:n_shared], palette[n_shared:]
        others = np.unique(others, axis=0)
        others = others[~(others[:, None] == first).all(axis=2).any(axis=1)] if n_shared else others
        light = others @ np.array([0.2126, 0.7152, 0.0722])
        made[p] = fill_up(np.concatenate([first, others[np.argsort(light, kind="stable")]]), len(palette))
    return made
