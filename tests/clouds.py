"""Points to cluster, hostile and ordinary, and slow plain ways to say what clustering did with them.

The oracles know nothing of sums, groups or float32: they take every point, in float64.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from quantize.methods.kernels_group import sort_points
from quantize.methods.kernels_sweep import State, recount, room
from quantize.methods.levels import Level
from tests.degenerate import KINDS, Kind, pictures

Random = np.random.Generator


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points float32 (n, 3) and their weights, float32 (n,)."""

    points: NDArray[np.float32]
    weights: NDArray[np.float32]

    @property
    def n_different(self) -> int:
        """How many points differ."""
        return len(np.unique(self.points, axis=0))

    def error(self, centers: NDArray[np.floating]) -> float:
        """Weighted squared error with each point at its nearest center."""
        return float((distances(self.points, centers).min(axis=1) * self.weights).sum())


def distances(points: NDArray[np.floating], centers: NDArray[np.floating]) -> NDArray[np.float64]:
    """Squared distances (n, k)."""
    # Not |p|² − 2pc + |c|²: it is the differences that matter where points are close.
    found = np.zeros((len(points), len(centers)))
    for axis in range(3):
        found += np.square(
            points[:, axis, None].astype(np.float64) - centers[None, :, axis].astype(np.float64)
        )
    return found


def sums_of(cloud: Cloud, labels: NDArray[np.integer], k: int) -> NDArray[np.float64]:
    """What ``kernels_sweep`` keeps of each cluster, float64 (k, 10), counted anew."""
    p, w = cloud.points.astype(np.float64), cloud.weights.astype(np.float64)
    x, y, z = p.T
    columns = [w, w * x, w * y, w * z, w * x * x, w * y * y, w * z * z, w * x * y, w * x * z, w * y * z]
    return np.stack([np.bincount(labels, column, minlength=k) for column in columns], axis=1)


def means_of(cloud: Cloud, labels: NDArray[np.integer], k: int) -> NDArray[np.float32]:
    """Mean of each cluster, float32 (k, 3); zeros if it has no points."""
    sums = sums_of(cloud, labels, k)
    return (sums[:, 1:4] / np.maximum(sums[:, :1], 1e-300)).astype(np.float32)


class Sweeps:
    """What the kernels take: a cloud's points sorted, groups, labels and centers in one state."""

    def __init__(self, cloud: Cloud, centers: NDArray[np.float32]) -> None:
        axes, keys = np.empty((4, len(cloud.points)), np.float32), np.empty(len(cloud.points), np.uint32)
        sort_points(cloud.points, cloud.weights, axes, keys)
        level, k = Level.of(axes, keys), len(centers)
        self.sorted = Cloud(np.ascontiguousarray(axes[:3].T), axes[3].copy())
        self.labels = level.labels
        self.centers = np.ascontiguousarray(centers.T, np.float32)
        self.sums, self.moved = np.zeros((k, 10)), np.empty(2 * k, np.int32)
        n_blocks = len(level.block_boxes[0])
        self.state = State(
            axes, level.labels, level.starts, level.boxes, level.blocks, level.block_boxes,
            np.zeros((4, n_blocks), np.uint64), np.zeros(n_blocks, np.int32),
            self.centers, self.sums, self.moved, **room(k),
        )  # fmt: skip
        recount(axes, level.labels, self.sums)
        # All points are with the first center, which is on the list of every block.
        self.state.masks[0] |= np.uint64(1)
        self.moved[:k] = np.arange(k)

    @property
    def k(self) -> int:
        """How many centers."""
        return self.centers.shape[1]


def hostile(n_each: int, seed: int = 0, kinds: tuple[Kind, ...] = KINDS) -> Iterator[tuple[str, Cloud]]:
    """Name and colours of hostile pictures, weighted by how often each occurs."""
    for name, pixels in pictures(n_each, seed, kinds):
        colors, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_counts=True)
        yield name, Cloud(colors.astype(np.float32), counts.astype(np.float32))


def blobs(n: int, rng: Random, n_blobs: int = 9, width: float = 15, uneven: float = 0) -> Cloud:
    """Round clusters; ``uneven`` above 0 makes some clusters, and some points, far heavier than others."""
    middles = rng.uniform(20, 235, (n_blobs, 3))
    shares = rng.pareto(1 / uneven, n_blobs) + 0.01 if uneven else np.ones(n_blobs)
    points = middles[rng.choice(n_blobs, n, p=shares / shares.sum())] + rng.normal(scale=width, size=(n, 3))
    weights = np.maximum(1, rng.pareto(1 / uneven, n) * 3).clip(max=1e5) if uneven else rng.integers(1, 50, n)
    return Cloud(points.clip(0, 255).astype(np.float32), weights.astype(np.float32))


def stretched(n: int, rng: Random, n_blobs: int = 7) -> Cloud:
    """Clusters 30 times as long as thick, each along its own oblique axis."""
    middles = rng.uniform(60, 195, (n_blobs, 3))
    turns = [np.linalg.qr(rng.normal(size=(3, 3)))[0] for _ in range(n_blobs)]
    rows = rng.integers(0, n_blobs, n)
    local = rng.normal(size=(n, 1, 3)) * (30, 4, 1)
    points = middles[rows] + (local @ np.stack(turns)[rows])[:, 0]
    return Cloud(points.clip(0, 255).astype(np.float32), rng.integers(1, 50, n).astype(np.float32))


def clouds(smallest: int = 1, largest: int = 60) -> st.SearchStrategy[Cloud]:
    """Some points anywhere, on a coarse lattice, or crowded in one place, and of any weight."""
    whole = st.integers(0, 255).map(float)
    lattice = st.sampled_from([0.0, 85.0, 170.0, 255.0])
    crowded = st.floats(100, 101, width=32)
    weights = st.sampled_from([1.0, 1.0, 3.0, 1000.0, 2.0**20, 0.125])

    def of(n: int, values: st.SearchStrategy[float]) -> st.SearchStrategy[Cloud]:
        return st.builds(
            Cloud,
            arrays(np.float32, (n, 3), elements=values, fill=st.nothing()),
            arrays(np.float32, (n,), elements=weights, fill=st.nothing()),
        )

    numbers, values = st.integers(smallest, largest), st.sampled_from([whole, lattice, crowded])
    return st.tuples(numbers, values).flatmap(lambda given: of(*given))
