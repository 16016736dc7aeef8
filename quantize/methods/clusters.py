"""Points and the centers that share them, as the search in ``kmeans`` moves them about.

On the three levels of ``levels``: *sketch* and *coarse* to start and to search on, *fine* for the last steps.
Errors leave out what lies within merged points, which no choice of centers changes much.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quantize.compiling import early
from quantize.methods import kernels_exchange, kernels_search
from quantize.methods.kernels_search import descend
from quantize.methods.kernels_sweep import State, recount, room
from quantize.methods.levels import Level, Points

propose = early(kernels_exchange.propose, "exchange", bits_of=lambda number: number.view(np.int32))
settle = early(kernels_exchange.settle, "exchange")
split_costliest = early(kernels_search.split_costliest, "exchange")
total_cost = early(kernels_search.total_cost, "exchange")

# The sketch needs this many points a center to grow on.
SKETCHED = 16


class Clusters:
    """The state of a search: up to ``most`` centers, who has which point, and each center's sums.

    Parameters
    ----------
    points : Points
    most : int, 1 to 256
        Room for centers.
    kept : float32, shape (m, 3)
        Centers that never move.
    """

    def __init__(self, points: Points, most: int, kept: NDArray[np.float32]) -> None:
        self._sketch, self._coarse, self._fine = points.levels(most)
        self.n_kept = len(kept)
        self._centers = np.zeros((3, most), np.float32)
        self._sums = np.zeros((most, 10))
        self._doubts = np.zeros((2, most))
        self._moved = np.empty(2 * most, np.int32)
        self._room = room(most)
        self.restart(kept)

    def restart(self, centers: NDArray[np.float32]) -> None:
        """Begin anew on the sketch with these centers, or with the mean if there are none."""
        self._use(self._sketch)
        self._doubts[:] = 0
        self._level.labels[:] = 0
        recount(self._level.axes, self._level.labels, self._sums)
        if not len(centers):
            centers = (self._sums[:1, 1:4] / self._sums[:1, :1]).astype(np.float32)
        self.k = len(centers)
        self._centers[:, : self.k] = centers.T
        self._sweep_all()

    def to_coarse(self) -> None:
        """Go on with coarse points, if the search has been on the sketch."""
        if self._level is self._sketch:
            self._enter(self._coarse)

    def to_fine(self) -> None:
        """Go on with every single point."""
        self.to_coarse()
        self._enter(self._fine)

    def grow(self, target: int, share: float) -> None:
        """Split the costliest clusters, a share of them at a time, up to ``target``.

        Fewer only if no cluster has two different points.
        """
        if SKETCHED * target > len(self._level.keys):
            self.to_coarse()
        while self.k < target:
            most = min(target - self.k, max(1, int(self.k * share)))
            splits = split_costliest(self._centers, self._sums, self._moved, self.k, self.n_kept, most)
            if not splits:
                return
            tolerance = 0.1 * self.spread
            self.k += splits
            self._sweep(2 * splits, 1, tolerance)

    def descend(self, passes: int, tolerance: float, relax: float = 0.0) -> int:
        """Move centers to their means up to ``passes`` times; return how often."""
        return self._sweep(0, passes, tolerance, relax)

    def exchange(self, most: int, caution: float, passes: int = 3) -> tuple[int, int]:
        """Move cheap centers to costly clusters, one round; return how many were tried and how many stay.

        The error never rises.
        """
        least, tolerance = self.sse, 0.04 * self.spread
        before, sums_before = self._centers[:, : self.k].copy(), self._sums[: self.k].copy()
        pairs = np.empty((2, most), np.int64)
        place = self._centers, self._sums, self._moved, self.k, self.n_kept
        tried = propose(*place, most, caution, self._doubts, pairs)
        if not tried:
            return 0, 0
        self._sweep(2 * tried, passes, tolerance, 0.8)
        # Copied: to numba a slice that leaves columns out is another type, and compiles another kernel.
        tries = pairs[:, :tried].copy()
        stay, n_moved = settle(*place, before, sums_before, tries, self._doubts)
        self._sweep(n_moved)
        if self.sse < least:
            return tried, stay
        moved = np.flatnonzero((self._centers[:, : self.k] != before).any(axis=0))
        self._centers[:, : self.k] = before
        self._moved[: len(moved)] = moved
        self._sweep(len(moved))
        self._sums[: self.k] = sums_before
        return tried, 0

    @property
    def centers(self) -> NDArray[np.float32]:
        """A copy of the centers, float32 (k, 3)."""
        return np.ascontiguousarray(self._centers[:, : self.k].T)

    @property
    def coarse_points(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The coarse points, float32 (n, 3), and their weights."""
        return self._coarse.axes[:3].T, self._coarse.axes[3]

    def rehome(self) -> bool:
        """Put each center that may move and has no points on a point that is served worst; tell if any moved.

        None moves if every point has a center right where it is.
        """
        level = self._level
        idle = np.flatnonzero(np.bincount(level.labels, minlength=self.k)[self.n_kept : self.k] == 0)
        if not len(idle):
            return False
        away = level.axes[:3] - self._centers[:, level.labels]
        errors = level.axes[3] * np.square(away).sum(axis=0)
        worst = np.argsort(-errors, kind="stable")[: len(idle)]
        worst = worst[errors[worst] > 0]
        moved = self.n_kept + idle[: len(worst)]
        self._centers[:, moved] = level.axes[:3, worst]
        self._moved[: len(moved)] = moved
        self._sweep(len(moved))
        return bool(len(moved))

    @property
    def sse(self) -> float:
        """Squared error if every center stood at the mean of its points."""
        return float(total_cost(self._centers, self._sums, self.k, self.n_kept))

    @property
    def spread(self) -> float:
        """Root mean squared distance between points and their means: the scale on which steps matter."""
        return float(np.sqrt(self.sse / self._sums[: self.k, 0].sum()))

    @property
    def error(self) -> float:
        """Squared error of the centers exactly where they are."""
        return float(total_cost(self._centers, self._sums, self.k, self.k))

    def _enter(self, level: Level) -> None:
        if self._level is level:
            return
        level.labels[:] = self._level.labels[self._level.parents]
        self._use(level)
        recount(level.axes, level.labels, self._sums)
        self._sweep_all()

    def _use(self, level: Level) -> None:
        self._level = level
        n_blocks = len(level.blocks) - 1
        self._state = State(
            axes=level.axes,
            labels=level.labels,
            starts=level.starts,
            boxes=level.boxes,
            blocks=level.blocks,
            block_boxes=level.block_boxes,
            masks=np.zeros((4, n_blocks), np.uint64),
            references=np.zeros(n_blocks, np.int32),
            centers=self._centers,
            sums=self._sums,
            moved=self._moved,
            **self._room,
        )

    def _sweep_all(self) -> None:
        self._moved[: self.k] = np.arange(self.k)
        # Every block has the first center on its list until it is swept, and so is swept now.
        self._state.masks[0] |= np.uint64(1)
        self._sweep(self.k)

    def _sweep(self, n_moved: int, passes: int = 0, tolerance: float = 0.0, relax: float = 0.0) -> int:
        return descend(self._state, self.k, self.n_kept, n_moved, passes, tolerance, relax)
