"""The strategy of a fit: where to start, how long to look for something better, when to stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from quantize.methods.clusters import Clusters

Checkpoint = Callable[[], None]
# So often idle centers are sent to points and back to means before they stay.
_TRIES = 8
# Centers overshoot their way by this share: about half as many passes to the same error.
RELAX = 0.8


@dataclass(frozen=True)
class Effort:
    """How long a search goes on.

    Attributes
    ----------
    shares : tuple of float
        Share of the clusters that are split at a time: one start for each, the best result counts.
    rounds : int
        Rounds of exchange, at most.
    caution : float
        Least ratio of estimated gain and cost that makes an exchange worth trying.
    patience : int
        Rounds without success after which the search ends.
    passes : int
        Passes over merged points after the exchanges, at most.
    last_passes : int
        Passes over all points at the end, at most.
    """

    shares: tuple[float, ...]
    rounds: int
    caution: float
    patience: int
    passes: int
    last_passes: int


EFFORTS: Mapping[str, Effort] = MappingProxyType(
    {
        "fast": Effort((0.5,), 0, 1.0, 1, 8, 2),
        "normal": Effort((0.3,), 10, 0.45, 4, 4, 4),
        "best": Effort((0.25, 0.01, 0.5), 80, 0.1, 10, 40, 60),
    }
)


class Fitter:
    """One fit under way; ``clusters`` hold its state, ``iterations`` counts its passes."""

    def __init__(
        self,
        clusters: Clusters,
        kept: NDArray[np.float32],
        max_iter: int,
        epsilon: float,
        checkpoint: Checkpoint | None,
    ) -> None:
        self.clusters = clusters
        self.iterations = 0
        self._kept = kept
        self._max_iter = max_iter
        self._epsilon = epsilon
        self._checkpoint = checkpoint or (lambda: None)

    def split(self, n_centers: int, effort: Effort) -> None:
        """Start from one center, or the kept ones, once for each of the effort's shares."""
        best, least = None, np.inf
        for share in effort.shares:
            if best is not None:
                self.clusters.restart(self._kept)
            self._grow(n_centers, share)
            self._improve(effort)
            if len(effort.shares) > 1 and self.clusters.sse < least:
                best, least = self.clusters.centers, self.clusters.sse
        if best is not None:
            self.clusters.restart(best)

    def start_from(self, centers: NDArray[np.float32], effort: Effort) -> None:
        """Start from these centers, the kept ones first, on every single point."""
        self.clusters.restart(centers)
        self.clusters.to_fine()
        self._improve(effort)

    def draw(
        self, n_centers: int, effort: Effort, init: str, attempts: int, rng: np.random.Generator
    ) -> None:
        """Start from drawn points, descend to the end, and improve the best of all attempts."""
        best, least = self._kept, np.inf
        for _ in range(attempts):
            points, weights = self.clusters.coarse_points
            self.clusters.restart(draw_centers(points, weights, n_centers, self._kept, init == "random", rng))
            self.clusters.to_coarse()
            self._descend(self._max_iter, 0.0)
            if self.clusters.sse < least:
                best, least = self.clusters.centers, self.clusters.sse
        if attempts > 1:
            self.clusters.restart(best)
        if effort.rounds:
            self._improve(effort)

    def finish(self, passes: int) -> float:
        """Settle on every single point, so that no center is idle; return the squared error."""
        self._checkpoint()
        self.clusters.to_fine()
        for _ in range(_TRIES):
            self._descend(passes, RELAX)
            # No overshoot and no tolerance at last: every center ends at its points' mean.
            self.clusters.descend(1, 0.0)
            if not self.clusters.rehome():
                return self.clusters.error
        # Means that lose their points again and again: stay on the points themselves.
        while self.clusters.rehome():
            self._checkpoint()
        return self.clusters.error

    def _grow(self, n_centers: int, share: float) -> None:
        before = 0
        while self.clusters.k not in (n_centers, before):
            self._checkpoint()
            before = self.clusters.k
            self.clusters.grow(min(n_centers, 2 * before), share)

    def _improve(self, effort: Effort) -> None:
        self.clusters.to_coarse()
        self._descend(4 if effort.rounds else effort.passes, RELAX)
        most, failures = max(1, self.clusters.k // 8), 0
        for _ in range(effort.rounds):
            self._checkpoint()
            tried, stay = self.clusters.exchange(most, effort.caution)
            self.iterations += 5
            failures = 0 if stay else failures + 1
            if not tried or failures == effort.patience:
                break
            if 2 * stay < tried:
                most = max(1, most // 2)
        if effort.rounds:
            self._descend(effort.passes, RELAX)

    def _descend(self, passes: int, relax: float) -> None:
        """Make up to ``passes`` passes, a few at a time so that the caller can abandon them."""
        left = min(passes, self._max_iter)
        while left > 0:
            self._checkpoint()
            done = self.clusters.descend(min(left, 8), self._epsilon, relax)
            self.iterations += done
            if done < min(left, 8):
                break
            left -= done


Points = TypeVar("Points", NDArray[np.float32], NDArray[np.float64])


def draw_centers(
    points: Points,
    weights: NDArray[np.floating],
    n_centers: int,
    kept: Points,
    evenly: bool,
    rng: np.random.Generator,
) -> Points:
    """Draw points to start from, after the kept ones: evenly, or by weight times squared distance.

    Fewer than ``n_centers`` if there are fewer different points.

    Source: Arthur and Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007.
    """
    wanted = n_centers - len(kept)
    if evenly:
        rows = rng.choice(len(points), min(wanted, len(points)), replace=False)
        return np.concatenate([kept, points[rows]])
    distances = np.full(len(points), np.inf, np.float32)
    for center in kept:
        distances = np.minimum(distances, np.square(points - center).sum(axis=1))
    centers = list(kept)
    while len(centers) < n_centers:
        chances = np.cumsum(weights * distances if centers else weights, dtype=np.float64)
        if chances[-1] <= 0:
            break
        row = int(np.searchsorted(chances, rng.random() * chances[-1], side="right"))
        centers.append(points[row])
        distances = np.minimum(distances, np.square(points - points[row]).sum(axis=1))
    return np.array(centers, points.dtype).reshape(-1, points.shape[1])
