"""Sweeps: every point is with its nearest center, and sums are those of a recount, whatever has moved."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantize.methods.kernels_search import descend
from quantize.methods.kernels_sweep import recount
from tests.clouds import Cloud, Sweeps, blobs, clouds, distances, hostile, sums_of


def sweep(at: Sweeps, moved: np.ndarray) -> None:
    """Give points to their nearest centers after ``moved`` have moved."""
    at.moved[: len(moved)] = moved
    assert descend(at.state, at.k, 0, len(moved), 0, 0.0, 0.0) == 0


def check(at: Sweeps, slack: float) -> None:
    every = distances(at.sorted.points, at.centers.T)
    own = every[np.arange(len(every)), at.labels]
    assert (own - every.min(axis=1)).max() <= slack
    expected = sums_of(at.sorted, at.labels, at.k)
    np.testing.assert_allclose(at.sums, expected, rtol=1e-9, atol=1e-9 * expected[:, 4:7].max())


def whole_centers(k: int, rng: np.random.Generator) -> np.ndarray:
    return rng.integers(-20, 276, (k, 3)).astype(np.float32)


@pytest.mark.parametrize("k", [1, 2, 7, 64, 65, 129, 256])
def test_each_point_is_with_its_nearest_center_after_any_moves(k):
    """Whole numbers leave float32 nothing to round: nearest means nearest, of equals any."""
    rng = np.random.default_rng(k)
    for _, cloud in hostile(1, seed=k):
        at = Sweeps(cloud, whole_centers(k, rng))
        sweep(at, np.arange(k))
        check(at, 0)
        for n_moved in (1, 1, k // 3 + 1, k, 2):
            moved = rng.permutation(k)[:n_moved]
            at.centers[:, moved] = whole_centers(len(moved), rng).T
            sweep(at, moved)
            check(at, 0)


@settings(max_examples=60)
@given(clouds(1, 200), st.integers(1, 40), st.data())
def test_any_points_and_any_moves(cloud, k, data):
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    # Centers on points, beside them, and twice in one place.
    pool = np.concatenate([cloud.points, cloud.points + 0.25, rng.uniform(-9, 300, (9, 3))]).astype(
        np.float32
    )
    at = Sweeps(cloud, pool[rng.integers(0, len(pool), k)])
    sweep(at, np.arange(k))
    for _ in range(data.draw(st.integers(0, 6))):
        moved = rng.permutation(k)[: rng.integers(1, k + 1)]
        at.centers[:, moved] = pool[rng.integers(0, len(pool), len(moved))].T
        sweep(at, moved)
    check(at, 0.05)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e4])
def test_scale_does_not_matter(scale):
    rng = np.random.default_rng(3)
    cloud = blobs(4000, rng)
    cloud = Cloud(cloud.points * np.float32(scale), cloud.weights)
    at = Sweeps(cloud, cloud.points[rng.integers(0, 4000, 100)])
    sweep(at, np.arange(100))
    check(at, 1e-6 * (255 * scale) ** 2)


def test_sums_stay_right_over_many_passes():
    cloud = blobs(20_000, np.random.default_rng(1), uneven=1)
    at = Sweeps(cloud, cloud.points[:60])
    assert 20 < descend(at.state, at.k, 0, at.k, 60, 0.0, 0.8) <= 60
    check(at, 0.05)
    again = np.full_like(at.sums, np.nan)
    recount(at.state.axes, at.labels, again)
    np.testing.assert_allclose(at.sums, again, rtol=1e-9)
