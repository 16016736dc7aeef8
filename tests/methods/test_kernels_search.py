"""Costs, widths and splits of clusters, against sums over their points."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantize.methods.kernels_search import (
    SPLIT_GAIN,
    SPLIT_REACH,
    cost,
    descend,
    split,
    split_costliest,
    split_gain,
    total_cost,
    widest_axis,
)
from tests.clouds import Cloud, Sweeps, blobs, clouds, distances, hostile, means_of, sums_of

FAR = (254.7, 0.3, 199.1)


def alone(cloud: Cloud) -> np.ndarray:
    """The sums of one cluster of all points."""
    return sums_of(cloud, np.zeros(len(cloud.points), int), 1)


def oblique(rng: np.random.Generator, lengths: tuple[float, float, float]) -> tuple[Cloud, np.ndarray]:
    """A cloud with about these standard deviations along three orthogonal axes, the columns of a matrix."""
    axes = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    points = rng.uniform(60, 190, 3) + (rng.normal(size=(800, 3)) * lengths) @ axes.T
    return Cloud(points.astype(np.float32), rng.integers(1, 9, 800).astype(np.float32)), axes


def covariance(cloud: Cloud) -> np.ndarray:
    p, w = cloud.points.astype(float), cloud.weights.astype(float)
    centred = p - np.average(p, axis=0, weights=w)
    return (centred * w[:, None]).T @ centred / w.sum()


def width_and_axis(sums: np.ndarray) -> tuple[float, np.ndarray]:
    axis = np.full(3, np.nan)
    return widest_axis(sums, 0, axis), axis


def gain_and_direction(sums: np.ndarray, kept: np.ndarray | None = None) -> tuple[float, np.ndarray]:
    """Of the first cluster; of one with a kept center, if that is given."""
    centers = np.zeros((3, 1), np.float32) if kept is None else kept.astype(np.float32)[:, None]
    direction = np.full(3, np.nan)
    return split_gain(centers, sums, 0, int(kept is not None), direction), direction


@given(clouds(1, 60), st.integers(1, 6), st.integers(0, 3), st.randoms(use_true_random=False))
def test_cost_is_the_error_around_means_and_kept_centers(cloud, k, n_kept, random):
    labels = np.array([random.randrange(k) for _ in cloud.points])
    n_kept = min(n_kept, k)
    sums, centers = sums_of(cloud, labels, k), np.array(cloud.points[:1]).repeat(k, axis=0).T.copy()
    fixed = np.arange(k)[:, None] < n_kept
    stands = np.where(fixed, centers.T, sums[:, 1:4] / np.maximum(sums[:, :1], 1e-300))
    points, weights = cloud.points.astype(float), cloud.weights.astype(float)
    apart = np.square(points - stands[labels]).sum(axis=1) * weights
    expected = np.bincount(labels, apart, minlength=k)
    rounding = 1e-12 * sums[:, 4:7].sum(axis=1)
    found = np.array([cost(centers, sums, j, n_kept) for j in range(k)])
    assert (found >= 0).all()
    assert (np.abs(found - expected) <= rounding).all()
    assert abs(total_cost(centers, sums, k, n_kept) - expected.sum()) <= rounding.sum()


def test_an_empty_cluster_costs_nothing():
    sums, centers = np.zeros((2, 10)), np.full((3, 2), 9, np.float32)
    assert [cost(centers, sums, j, 1) for j in range(2)] == [0, 0]
    assert total_cost(centers, sums, 2, 1) == 0


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_points_on_one_axis_are_wide_along_it(axis):
    rng = np.random.default_rng(axis)
    points = np.full((90, 3), FAR, np.float32)
    points[:, axis] = rng.uniform(0, 255, 90)
    cloud = Cloud(points, rng.integers(1, 9, 90).astype(np.float32))
    value, direction = width_and_axis(alone(cloud))
    assert value == pytest.approx(covariance(cloud)[axis, axis], rel=1e-9)
    assert abs(direction[axis]) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("lengths", [(20, 3, 3), (20, 9, 2), (20, 8, 8), (0.02, 0.008, 0.0)])
def test_widest_axis_is_the_first_of_the_covariance(lengths, seed):
    cloud, _ = oblique(np.random.default_rng(seed), lengths)
    if lengths[0] < 1:  # where float32 has steps of 1e-5, a thin cloud far away has another shape
        cloud = Cloud(cloud.points - np.float32(128), cloud.weights)
    values, vectors = np.linalg.eigh(covariance(cloud))
    value, direction = width_and_axis(alone(cloud))
    assert value == pytest.approx(values[-1], rel=1e-3)
    assert abs(direction @ vectors[:, -1]) > 0.999
    assert direction @ direction == pytest.approx(1)


@given(clouds(2, 60))
def test_no_axis_is_wider_and_the_widest_of_the_three_is_no_wider(cloud):
    """True of any cloud, also where two axes are nearly alike and eight steps cannot tell them apart."""
    matrix, sums = covariance(cloud), alone(cloud)
    value, direction = width_and_axis(sums)
    rounding = 1e-11 * sums[0, 4:7].sum() / sums[0, 0]
    assert matrix.diagonal().max() - rounding <= value <= np.linalg.eigvalsh(matrix)[-1] + rounding
    if value > 0:
        assert abs(direction @ matrix @ direction - value) <= rounding


@given(st.integers(1, 2000), st.integers(0, 2**32))
def test_equal_points_have_no_width_wherever_they_are(n, seed):
    rng = np.random.default_rng(seed)
    points = np.tile(rng.uniform(0, 300, (1, 3)).astype(np.float32), (n, 1))
    sums = alone(Cloud(points, rng.uniform(0.1, 1000, n).astype(np.float32)))
    value, axis = width_and_axis(sums)
    assert value == 0
    assert np.isfinite(axis).all()
    gain, direction = gain_and_direction(sums)
    assert gain == 0
    assert direction.tolist() == [0, 0, 0]


def test_no_points_have_no_width_and_no_gain():
    value, axis = width_and_axis(np.zeros((1, 10)))
    assert value == 0
    assert np.isfinite(axis).all()
    for kept in (None, np.array([9.0, 9, 9])):
        gain, direction = gain_and_direction(np.zeros((1, 10)), kept)
        assert gain == 0
        assert np.isfinite(direction).all()


@given(clouds(1, 60))
def test_gain_and_way_of_a_free_cluster_are_shares_of_its_width(cloud):
    sums = alone(cloud)
    value, axis = width_and_axis(sums)
    gain, direction = gain_and_direction(sums)
    assert gain == pytest.approx(SPLIT_GAIN * value * sums[0, 0])
    assert gain <= cost(np.zeros((3, 1), np.float32), sums, 0, 0) * (1 + 1e-9) + 1e-9
    np.testing.assert_allclose(direction, axis * SPLIT_REACH * np.sqrt(value), atol=1e-12)


@given(clouds(2, 60), st.integers(0, 2**32))
def test_beside_a_kept_center_the_new_one_goes_to_the_side_of_the_mean(cloud, seed):
    sums = alone(cloud)
    mean = sums[0, 1:4] / sums[0, 0]
    kept = (mean + np.random.default_rng(seed).normal(scale=40, size=3)).astype(np.float32)
    gain, direction = gain_and_direction(sums, kept)
    assert direction @ (mean - kept) >= 0
    assert gain >= 0
    centers = np.stack([kept, np.zeros(3, np.float32)], axis=1)
    split(centers, sums, 0, 1, 1, direction)
    np.testing.assert_array_equal(centers[:, 0], kept)
    np.testing.assert_allclose(centers[:, 1], mean + direction, rtol=1e-6, atol=1e-6)


@given(clouds(1, 40), st.integers(0, 2**32))
def test_the_farther_a_kept_center_the_more_another_gains(cloud, seed):
    sums = alone(cloud)
    mean = sums[0, 1:4] / sums[0, 0]
    away = np.random.default_rng(seed).normal(size=3)
    gains = [gain_and_direction(sums, mean + length * away)[0] for length in (0.5, 5, 50, 500)]
    assert gains[0] > 0
    assert (np.diff(gains) > 0).all()
    free = gain_and_direction(sums)[0]
    assert gains[-1] > free


@pytest.mark.parametrize("seed", range(8))
def test_a_split_and_one_step_lower_the_error_of_any_cluster_that_is_wide(seed):
    for name, cloud in hostile(1, seed):
        if cloud.n_different == 1:
            continue
        mean = means_of(cloud, np.zeros(len(cloud.points), int), 1)
        centers = np.concatenate([mean, mean]).T.copy()
        _, direction = gain_and_direction(alone(cloud))
        split(centers, alone(cloud), 0, 1, 0, direction)
        labels = distances(cloud.points, centers.T).argmin(axis=1)
        assert set(labels) == {0, 1}, name
        assert cloud.error(means_of(cloud, labels, 2)) < cloud.error(mean), name


def test_those_that_gain_most_are_split_and_no_others():
    cloud = blobs(3000, np.random.default_rng(4), uneven=1)
    at = Sweeps(cloud, cloud.points[:30])
    descend(at.state, 30, 0, 30, 3, 0.0, 0.0)
    sums = np.concatenate([at.sums, np.zeros((8, 10))])
    centers = np.concatenate([at.centers, np.zeros((3, 8), np.float32)], axis=1)
    before, moved = centers.copy(), np.full(60, -1, np.int32)
    gains = [gain_and_direction(sums[j : j + 1], before[:, j] if j < 3 else None)[0] for j in range(30)]
    assert split_costliest(centers, sums, moved, 30, 3, 8) == 8
    assert moved[:16:2].tolist() == np.argsort(gains)[:-9:-1].tolist()
    assert moved[1:16:2].tolist() == list(range(30, 38))
    unmoved = np.setdiff1d(np.arange(30), moved[:16:2])
    np.testing.assert_array_equal(centers[:, unmoved], before[:, unmoved])
    np.testing.assert_array_equal(centers[:, :3], before[:, :3])


def test_only_what_differs_is_split():
    points = np.array([[FAR], [FAR], [(0, 0, 0)], [(9, 0, 0)]], np.float32)[:, 0]
    cloud = Cloud(points, np.array([5000, 3, 1, 1], np.float32))
    sums = np.concatenate([sums_of(cloud, np.array([0, 0, 1, 1]), 2), np.zeros((6, 10))])
    centers, moved = np.zeros((3, 8), np.float32), np.full(16, -1, np.int32)
    assert split_costliest(centers, sums, moved, 2, 0, 6) == 1
    assert moved[:2].tolist() == [1, 2]
    assert split_costliest(centers, sums[[0, 0, 0]], moved, 1, 0, 2) == 0


@given(clouds(1, 100), st.integers(1, 12), st.integers(0, 4), st.sampled_from([0.0, 1.0, 30.0]))
@settings(max_examples=50)
def test_descent_moves_to_means_and_never_raises_the_error(cloud, k, n_kept, tolerance):
    rows = np.random.default_rng(k).integers(0, len(cloud.points), k)
    at = Sweeps(cloud, cloud.points[rows] + np.float32(0.5))
    n_kept = min(n_kept, k)
    descend(at.state, k, 0, k, 0, 0.0, 0.0)
    before = at.centers.copy()
    errors = [cloud.error(at.centers.T)]
    while descend(at.state, k, n_kept, 0, 1, tolerance, 0.0):
        errors.append(cloud.error(at.centers.T))
        assert len(errors) < 200
    assert (np.diff(errors) <= 1e-6 * errors[0]).all()
    np.testing.assert_array_equal(at.centers[:, :n_kept], before[:, :n_kept])
    means = means_of(at.sorted, at.labels, k)
    there = (at.sums[:, 0] > 0) & (np.arange(k) >= n_kept)
    away = np.sqrt(np.square(at.centers.T - means).sum(axis=1))[there]
    assert (away <= tolerance * (1 + 1e-5) + 1e-4).all()


def test_centers_overshoot_by_the_share_that_is_asked():
    cloud = Cloud(np.array([[0, 0, 0], [40, 20, 0]], np.float32), np.ones(2, np.float32))
    at = Sweeps(cloud, np.array([[10, 10, 10]], np.float32))
    assert descend(at.state, 1, 0, 1, 1, 0.0, 0.5) == 1
    assert at.centers[:, 0].tolist() == [25, 10, -5]


def test_descent_says_how_many_passes_it_took():
    cloud = blobs(500, np.random.default_rng(0))
    counts = []
    for passes in (0, 1, 5, 1000):
        at = Sweeps(cloud, cloud.points[:9])
        counts.append(descend(at.state, 9, 0, 9, passes, 0.01, 0.0))
    assert counts[:3] == [0, 1, 5]
    assert 5 < counts[3] < 200
    assert descend(at.state, 9, 0, 0, 1000, 0.01, 0.0) == 0
