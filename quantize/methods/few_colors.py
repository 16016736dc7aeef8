"""Few colours: the palette is chosen after rounding, as then rounding is part of what it costs.

With many colours to an entry, the half step by which rounding moves it hardly matters. Where an entry stands
for two or three neighbours, it matters as much as which ones it stands for. So palettes from several starts
are rounded first and compared then, and the best is improved as it stands, in 8 bits: entries move to the
rounded means of what they have, and one that others could stand in for moves to a colour that is served
badly, as long as that helps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from quantize.colors.spaces import Floats, Space
from quantize.methods.few_points import FEW_POINTS, line_centers, ward_centers
from quantize.methods.kernels_few import two_nearest
from quantize.methods.kmeans import Fit
from quantize.methods.rounding import distinct_palette

# Moves at most, and distances that all of them may work out; the search ends when a quarter of the moves did
# not help one after the other.
_MOST_MOVES, _WORK = 128, 4_000_000
# Up to so many colours, merging takes a millisecond at most, and is tried in several orders.
_SHUFFLED = 512
# Colours that are tried as new entries: those that cost most where they are.
_CANDIDATES = 32

# To a colour itself, first, and to its 26 neighbours.
_STEPS = np.array(sorted(product((-1, 0, 1), repeat=3), key=lambda step: np.abs(step).sum()))

Checkpoint = Callable[[], None]


@dataclass(frozen=True, eq=False)
class FewColors:
    """A picture's colours as ``best_rounded`` takes them.

    Attributes
    ----------
    colors : float32, shape (n, 3)
        sRGB, 8-bit values.
    weights : float64, shape (n,)
        Influence of each, above 0.
    kept : uint8, shape (m, 3)
        sRGB colours that are in the palette as they are.
    space : Space
        Where error is measured.
    """

    colors: NDArray[np.float32]
    weights: NDArray[np.float64]
    kept: NDArray[np.uint8]
    space: Space

    def working(self, palette: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Convert a palette to working units."""
        return self.space.to_working(palette).astype(np.float64)

    def rounded(self, centers: NDArray) -> NDArray[np.uint8]:
        """Round centers in working units to 8-bit colours."""
        return np.rint(self.space.to_srgb(centers.astype(np.float32))).astype(np.uint8)


def best_rounded(fit: Fit, few: FewColors, checkpoint: Checkpoint) -> Floats:
    """Find the centers whose 8-bit colours have the least error: those of a fit, or others.

    Parameters
    ----------
    fit : Fit
        What k-means found in working units.
    few : FewColors
        The picture's; with more than ``FEW_POINTS`` the fit's own centers are returned.
    checkpoint : callable
        Called between moves.

    Returns
    -------
    float32, shape (k, 3)
        In working units, kept ones first.
    """
    # A palette of one is the mean, and nothing else.
    if len(few.colors) > FEW_POINTS or len(fit.centers) in (1, len(few.kept)):
        return fit.centers
    points = few.space.to_working(few.colors)
    heavy = few.weights.astype(np.float32)
    starts = [fit.centers, *fit.starts, *_other_mergings(points, heavy, len(fit.centers), few)]
    if not len(few.kept):
        cut = line_centers(points, heavy, len(fit.centers), lambda centers: few.working(few.rounded(centers)))
        starts += [] if cut is None else [cut]
    states = [_State(few, points, _palette(few, start)) for start in starts]
    best = min(states, key=lambda state: state.error)
    return few.space.to_working(_improved(best, checkpoint).palette)


def _other_mergings(points: Floats, weights: Floats, n_centers: int, few: FewColors) -> list[Floats]:
    """Find Ward's clusters with points in other orders: where many pairs cost the same, order decides."""
    if len(points) > _SHUFFLED:
        return []
    by_color = np.lexsort(few.colors.T[::-1])
    orders = (by_color, by_color[::-1], np.arange(len(points))[::-1])
    kept = few.space.to_working(few.kept)
    return [ward_centers(points[order], weights[order], n_centers, kept) for order in orders]


def _palette(few: FewColors, centers: Floats) -> NDArray[np.uint8]:
    """Return the palette that centers become, kept ones first."""
    srgb = few.space.to_srgb(centers)
    srgb[: len(few.kept)] = few.kept
    return distinct_palette(srgb, few.colors, few.weights, n_kept=len(few.kept))


class _State:
    """A palette, who is nearest to which colour, and what that costs."""

    def __init__(self, few: FewColors, points: Floats, palette: NDArray[np.uint8]) -> None:
        self.few, self.points, self.palette = few, points, palette
        n = len(points)
        self.labels, self.first, self.second = np.empty(n, np.int32), np.empty(n), np.empty(n)
        axes = np.ascontiguousarray(points.T, np.float64)
        two_nearest(axes, few.working(palette), self.labels, self.first, self.second)
        self.costs = few.weights * self.first
        self.error = float(self.costs.sum())

    def to_means(self) -> _State:
        """Return the state with free entries moved to the rounded means of their colours, where that costs
        less.
        """
        few, k = self.few, len(self.palette)
        mass = np.bincount(self.labels, few.weights, k)
        sums = [np.bincount(self.labels, few.weights * axis, k) for axis in self.points.T]
        means = np.stack(sums, axis=1) / np.maximum(mass, 1e-300)[:, None]
        moved, after = self._best_near(few.rounded(means))
        better = after < np.bincount(self.labels, self.costs, k)
        better[: len(few.kept)] = False
        moved = np.where(better[:, None], moved, self.palette)
        _, first, times = np.unique(moved, axis=0, return_index=True, return_counts=True)
        alone = np.zeros(k, bool)
        alone[first[times == 1]] = True
        # Two that would meet both stay: then none can meet one that stayed before.
        stays = better & ~alone
        while stays.any():
            moved[stays] = self.palette[stays]
            better &= ~stays
            taken = (moved[:, None] == moved[None]).all(axis=2).sum(axis=1) > 1
            stays = better & taken
        return _State(few, self.points, moved) if better.any() else self

    def _best_near(self, palette: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
        """Find, of each entry and its neighbours, the one that costs its colours least, and the cost."""
        best, least = palette, np.full(len(palette), np.inf)
        # In sRGB the rounded mean is the best there is.
        for step in _STEPS[: 1 if self.few.space.is_srgb else None]:
            near = np.clip(palette.astype(np.int64) + step, 0, 255).astype(np.uint8)
            away = self.points - self.few.working(near)[self.labels]
            costs = np.bincount(self.labels, self.few.weights * np.square(away).sum(axis=1), len(palette))
            best = np.where((costs < least)[:, None], near, best)
            least = np.minimum(costs, least)
        return best, least

    def swapped(self, tried: set[int]) -> _State | None:
        """Return the state with the entry moved to the colour that costs least then; None if all candidates
        were tried.
        """
        best, move = np.inf, None
        for color in np.argsort(-self.costs, kind="stable")[:_CANDIDATES].tolist():
            if color in tried or self.first[color] == 0:
                continue
            cost, entry = self._cost_of_swap(color)
            if cost < best:
                best, move = cost, (color, entry)
        if move is None:
            return None
        tried.add(move[0])
        palette = self.palette.copy()
        palette[move[1]] = self.few.colors[move[0]].astype(np.uint8)
        return _State(self.few, self.points, palette)

    def _cost_of_swap(self, color: int) -> tuple[float, int]:
        """Tell what the palette costs if its least missed free entry moves to a colour, and which that is."""
        away = np.square(self.points - self.points[color]).sum(axis=1)
        kept = np.minimum(self.first, away)
        # Whoever loses its entry takes the second nearest or the new one.
        rise = self.few.weights * (np.minimum(self.second, away) - kept)
        rises = np.bincount(self.labels, rise, len(self.palette))
        rises[: len(self.few.kept)] = np.inf
        entry = int(rises.argmin())
        return float(self.few.weights @ kept) + rises[entry], entry


def _improved(state: _State, checkpoint: Checkpoint) -> _State:
    """Return the state after all moves that lower the error."""
    state, tried, failures = state.to_means(), set[int](), 0
    work = len(state.points) * (len(state.palette) + 4 * _CANDIDATES)  # those of candidates take longer
    n_moves = min(_WORK // work, _MOST_MOVES)
    for _ in range(n_moves):
        checkpoint()
        other = state.swapped(tried)
        if other is None:
            break
        other = other.to_means()
        failures = 0 if other.error < state.error else failures + 1
        if failures > n_moves // 4:
            break
        if not failures:
            state = other.to_means()
            tried.clear()
    return state
