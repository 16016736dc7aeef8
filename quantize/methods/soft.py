"""Weighted k-means on partly transparent values, in the four dimensions of ``colors/soft.py``.

Starts as ``kmeans`` does: the costliest cluster is cut across its longest axis, again and again; then Lloyd's
iteration; then rounds in which cheap centers move to costly clusters, and back where that did not pay.
A sweep looks at a center's neighbours only, the nearest first, until none can be nearer (S. Phillips,
"Acceleration of k-means and related clustering algorithms", ALENEX 2002). Sums are added up in one order, so
the result is the same on any number of threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from quantize.colors.kernels_soft import sweep_places
from quantize.colors.soft import Places
from quantize.methods.fitter import EFFORTS, Effort, draw_centers
from quantize.methods.task import Hooks, Search
from quantize.threads import run_all, slices

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

# After centers have moved elsewhere, so many passes show whether that was good.
_TRIAL_PASSES = 3
_SMALLEST_SLICE = 8192


@dataclass(eq=False)
class _State:
    """Centers, the nearest one of every place, and squared distances to them."""

    centers: Floats
    labels: Labels
    errors: Floats
    sse: float


def nearest_centers(places: Places, centers: Places, guesses: Labels | None = None) -> tuple[Labels, Floats]:
    """Find the nearest center of every place, of equal ones the first, and the squared distance.

    Parameters
    ----------
    places : float64, shape (n, 4)
    centers : float64, shape (k, 4)
    guesses : int64, shape (n,), optional
        The nearer, the less work.
    """
    apart, order = neighbours(centers)
    labels = np.zeros(len(places), np.int64) if guesses is None else guesses.copy()
    errors = np.empty(len(places))
    run_all(
        partial(sweep_places, places[cut], centers, order, apart, labels[cut], errors[cut])
        for cut in slices(len(places), _SMALLEST_SLICE)
    )
    return labels, errors


def neighbours(centers: Places) -> tuple[Floats, Labels]:
    """Sort all centers by their distance from each: ``apart`` and ``order`` of ``kernels_soft``."""
    quarter = np.zeros((len(centers), len(centers)))
    for axis in centers.T:
        quarter += np.square(axis[:, None] - axis)
    quarter /= 4
    # Of centers at one place, the center itself goes first, as its distance from a place is the bound.
    np.fill_diagonal(quarter, -1)
    order = np.argsort(quarter, axis=1)
    np.fill_diagonal(quarter, 0)
    return np.take_along_axis(quarter, order, axis=1), order


def fit_soft(
    places: Places, weights: Floats, n_centers: int, kept: Places, search: Search, step: float, hooks: Hooks
) -> tuple[Places, int]:
    """Find centers with a small weighted sum of squared distances to the places.

    Parameters
    ----------
    places : float64, shape (n, 4), n > n_centers - len(kept)
    weights : float64, shape (n,), all above 0
    n_centers : int
    kept : float64, shape (m, 4), m < n_centers
        Centers that stay where they are.
    search : Search
        How to look.
    step : float
        Length of one 8-bit step, which ``search.epsilon`` counts.
    hooks : Hooks

    Returns
    -------
    centers : float64, shape (k, 4)
        The kept ones first; k < ``n_centers`` only if fewer places differ.
    iterations : int
    """
    fitter = _Fitter(places, weights, kept, search, step, hooks)
    starts = _starts(places, weights, n_centers, kept, search)
    # More effort does not always find more: so the usual one is made as well, and the better result counts.
    efforts = ["normal", "best"] if search.effort == "best" else [search.effort]
    ends = []
    for effort in (EFFORTS[name] for name in efforts):
        begun = [fitter.descend(fitter.begin(start), effort.passes) for start in starts]
        ends.append(fitter.improve(min(begun, key=_error), effort))
    return min(ends, key=_error).centers, fitter.iterations


def _error(state: _State) -> float:
    return state.sse


def _starts(places: Places, weights: Floats, n_centers: int, kept: Places, search: Search) -> list[Places]:
    if search.init == "split":
        return [np.concatenate([kept, split_places(places, weights, n_centers - len(kept))])]
    rng = np.random.default_rng(search.seed)
    return [
        draw_centers(places, weights, n_centers, kept, search.init == "random", rng)
        for _ in range(search.attempts)
    ]


def split_places(places: Places, weights: Floats, n_clusters: int) -> Places:
    """Cut the costliest cluster in two until there are so many; return their means, float64 (k, 4)."""
    clusters = [np.arange(len(places))]
    costs = [np.inf]
    while len(clusters) < n_clusters:
        worst = int(np.argmax(costs))
        rows = clusters[worst]
        upper = _cut(places[rows], weights[rows]) if costs[worst] > 0 else np.zeros(0, np.bool_)
        if not upper.any():
            break
        clusters[worst : worst + 1] = [rows[~upper], rows[upper]]
        costs[worst : worst + 1] = [
            _cost(places[part], weights[part]) for part in clusters[worst : worst + 2]
        ]
    return np.array([np.average(places[rows], axis=0, weights=weights[rows]) for rows in clusters])


def _cost(places: Places, weights: Floats) -> float:
    away = places - np.average(places, axis=0, weights=weights)
    return float((weights * np.square(away).sum(axis=1)).sum()) if len(places) > 1 else 0.0


def _cut(places: Places, weights: Floats) -> NDArray[np.bool_]:
    """Tell which places lie beyond the mean along the longest axis; none if all are one."""
    away = places - np.average(places, axis=0, weights=weights)
    axis = np.linalg.eigh((away * weights[:, None]).T @ away)[1][:, -1]
    along = away @ axis
    upper: NDArray[np.bool_] = along > 0
    return upper if upper.any() and not upper.all() else along > along.min()


class _Fitter:
    """One fit under way; ``iterations`` counts its passes."""

    def __init__(
        self, places: Places, weights: Floats, kept: Places, search: Search, step: float, hooks: Hooks
    ) -> None:
        self.iterations = 0
        self._places, self._weights, self._kept = places, weights, kept
        self._search, self._still, self._hooks = search, (search.epsilon * step) ** 2, hooks

    def begin(self, centers: Places, guesses: Labels | None = None) -> _State:
        """Give every place its nearest center."""
        self.iterations += 1
        labels, errors = nearest_centers(self._places, centers, guesses)
        return _State(centers, labels, errors, float((self._weights * errors).sum()))

    def descend(self, state: _State, passes: int) -> _State:
        """Move centers to the means of their places, again and again, until they stay."""
        for _ in range(min(passes, self._search.max_iter)):
            self._hooks.checkpoint()
            means = self._means(state)
            moved = np.square(means - state.centers).sum(axis=1).max(initial=0)
            state = self.begin(means, state.labels)
            if moved <= self._still:
                break
        return state

    def _means(self, state: _State) -> Places:
        k = len(state.centers)
        mass = np.bincount(state.labels, self._weights, k)
        sums = [np.bincount(state.labels, self._weights * axis, k) for axis in self._places.T]
        means = np.where(
            mass[:, None] > 0, np.stack(sums, axis=1) / np.maximum(mass, 1e-300)[:, None], np.nan
        )
        means[: len(self._kept)] = self._kept
        idle = np.flatnonzero(np.isnan(means[:, 0]))
        if len(idle):  # they go where the error is largest
            worst = np.argsort(-self._weights * state.errors, kind="stable")[: len(idle)]
            means[idle[: len(worst)]] = self._places[worst]
        return means

    def improve(self, state: _State, effort: Effort) -> _State:
        """Move cheap centers to costly clusters for as long as that helps."""
        most, failures = max(1, len(state.centers) // 8), 0
        for round_ in range(effort.rounds):
            self._hooks.checkpoint()
            self._hooks.progress(round_ / effort.rounds)
            moved = self._exchanged(state, most, effort.caution)
            if moved is None:
                break
            other = self.descend(self.begin(moved, state.labels), _TRIAL_PASSES)
            if other.sse < state.sse:
                state, failures = other, 0
                continue
            most, failures = max(1, most // 2), failures + 1
            if failures == effort.patience:
                break
        return self.descend(state, self._search.max_iter) if effort.rounds else state

    def _exchanged(self, state: _State, most: int, caution: float) -> Places | None:
        """Move up to ``most`` centers that are cheap to miss into clusters that gain by it."""
        k, n_kept = len(state.centers), len(self._kept)
        mass = np.bincount(state.labels, self._weights, k)
        apart, order = neighbours(state.centers)
        if k < 2 or k == n_kept:
            return None
        beside = mass[order[:, 1]]
        loss = 4 * apart[:, 1] * mass * beside / np.maximum(mass + beside, 1e-300)
        loss[:n_kept] = np.inf
        costs = np.bincount(state.labels, self._weights * state.errors, k)
        centers, gone = state.centers.copy(), set[int]()
        cheap = np.argsort(loss, kind="stable")
        for source, target in zip(
            cheap[:most].tolist(), np.argsort(-costs, kind="stable").tolist(), strict=False
        ):
            rows = np.flatnonzero(state.labels == target)
            if source == target or target in gone or len(rows) < 2 or not costs[target]:
                continue
            upper = _cut(self._places[rows], self._weights[rows])
            parts = [rows[~upper], rows[upper]]
            if not upper.any():
                continue
            after = sum(_cost(self._places[part], self._weights[part]) for part in parts)
            if costs[target] - after < caution * loss[source]:
                continue
            ends = [np.average(self._places[part], axis=0, weights=self._weights[part]) for part in parts]
            centers[source] = ends[0]
            if target >= n_kept:
                centers[target] = ends[1]
            gone |= {source, target, int(order[source, 1])}
        return centers if gone else None
