"""Starts for few points: Ward's merging against a slow one, cuts of a line against all there are."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantize.methods.few_points import FEW_POINTS, best_cuts, find_starts, line_centers, ward_centers
from quantize.methods.kmeans import EFFORTS, fit
from tests.degenerate import GREYS, counts_near, pictures

NONE = np.zeros((0, 3), np.float32)


def counted(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    colors, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_counts=True)
    return colors.astype(np.float32), counts.astype(np.float32)


def error(points: np.ndarray, weights: np.ndarray, centers: np.ndarray) -> float:
    distances = np.square(points.astype(float)[:, None] - centers.astype(float)[None]).sum(axis=2)
    return float(distances.min(axis=1) @ weights.astype(float))


def merged_slowly(points: np.ndarray, weights: np.ndarray, k: int, n_kept: int = 0) -> np.ndarray:
    """Ward's merging by trying every pair; the first ``n_kept`` points stay and never meet."""
    clusters = [(p.astype(float), float(w)) for p, w in zip(points, weights, strict=True)]

    def rise(i: int, j: int) -> float:
        (p, v), (q, w) = clusters[i], clusters[j]
        mass = w if i < n_kept else v * w / (v + w)
        return float(np.square(p - q).sum() * mass) if j >= n_kept else np.inf

    while len(clusters) > max(k, n_kept):
        i, j = min(combinations(range(len(clusters)), 2), key=lambda pair: rise(*pair))
        (p, v), (q, w) = clusters[i], clusters[j]
        if i >= n_kept:
            clusters[i] = (p * v + q * w) / (v + w), v + w
        del clusters[j]
    return np.array([p for p, _ in clusters])


@given(st.integers(0, 10_000), st.integers(3, 25), st.integers(0, 3))
def test_wards_merging_is_that_of_trying_every_pair(seed, n, n_kept):
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(n, 3)).astype(np.float32)
    weights = rng.integers(1, 50, n).astype(np.float32)
    kept = rng.normal(size=(n_kept, 3)).astype(np.float32)
    k = n_kept + int(rng.integers(1, n))
    everything = np.concatenate([kept, points])
    slow = merged_slowly(everything, np.concatenate([np.ones(n_kept), weights]), k, n_kept)
    quick = ward_centers(points, weights, k, kept)
    np.testing.assert_array_equal(quick[:n_kept], kept)
    np.testing.assert_allclose(
        quick[np.lexsort(quick.T)], slow.astype(np.float32)[np.lexsort(slow.astype(np.float32).T)], atol=1e-4
    )


@pytest.mark.parametrize(("name", "pixels"), pictures(1, seed=3))
def test_merging_gives_as_many_clusters_as_are_wanted(name, pixels):
    points, weights = counted(pixels)
    for k in counts_near(len(points)):
        if k < len(points):
            centers = ward_centers(points, weights, k, NONE)
            assert len(centers) == k
            assert np.isfinite(centers).all()


@given(st.integers(0, 10_000), st.integers(2, 9))
def test_cuts_are_the_best_of_all(seed, n):
    costs = np.random.default_rng(seed).uniform(0, 1, (n, n))
    costs[np.tril_indices(n, -1)] = np.inf
    for k in range(1, n + 1):
        ways = [(0, *cut, n) for cut in combinations(range(1, n), k - 1)]
        best = min(sum(costs[a, b - 1] for a, b in pairwise(way)) for way in ways)
        runs = best_cuts(costs, k)
        assert len(runs) == k
        assert [first for first, _ in runs] == [0, *(last + 1 for _, last in runs[:-1])]
        assert runs[-1][1] == n - 1
        assert sum(costs[run] for run in runs) == pytest.approx(best)


@pytest.mark.parametrize(("name", "pixels"), pictures(4, seed=1, kinds=GREYS))
@pytest.mark.parametrize("effort", EFFORTS)
def test_on_greys_a_fit_is_the_optimum(name, pixels, effort):
    points, weights = counted(pixels)
    for k in {*counts_near(len(points)), 5}:
        if k < len(points):
            optimum = error(points, weights, line_optimum(points, weights, k))
            found = fit(points, weights, k, effort=effort)
            assert found.sse <= optimum * 1.0001 + 1e-6
            assert error(points, weights, found.centers) <= optimum * 1.0001 + 1e-6


def line_optimum(points: np.ndarray, weights: np.ndarray, k: int) -> np.ndarray:
    """The best ``k`` centers of points sorted along a line, by plain dynamic programming."""
    n = len(points)
    value, mass = points[:, 0].astype(float), weights.astype(float)
    cost = np.full((n, n + 1), np.inf)
    for first in range(n):
        totals = [np.cumsum(mass[first:] * value[first:] ** power) for power in (0, 1, 2)]
        cost[first, first + 1 :] = totals[2] - totals[1] ** 2 / totals[0]
    least, back = cost[0].copy(), [np.zeros(n + 1, int)]
    for _ in range(k - 1):
        ways = least[:n, None] + cost
        back.append(ways.argmin(axis=0))
        least = ways.min(axis=0)
    ends, stop = [], n
    for begins in reversed(back):
        ends.append((begins[stop], stop))
        stop = begins[stop]
    return np.array([np.average(points[a:b], axis=0, weights=mass[a:b]) for a, b in ends])


@pytest.mark.parametrize(("name", "pixels"), pictures(3, seed=2))
@pytest.mark.parametrize("effort", EFFORTS)
def test_a_fit_is_never_above_wards_merging(name, pixels, effort):
    points, weights = counted(pixels)
    for k in counts_near(len(points)):
        if k < len(points) <= 300:
            slow = error(points, weights, ward_centers(points, weights, k, NONE))
            assert fit(points, weights, k, effort=effort).sse <= slow * (1 + 1e-5) + 1e-6


def test_points_that_lie_along_no_line_have_no_cuts():
    rng = np.random.default_rng(0)
    assert line_centers(rng.normal(size=(50, 3)).astype(np.float32), np.ones(50, np.float32), 4) is None


def test_a_bent_line_is_cut_too():
    turn = np.linspace(0, np.pi / 2, 40)
    points = np.stack([np.cos(turn), np.sin(turn), 0 * turn], axis=1).astype(np.float32)
    centers = line_centers(points, np.ones(40, np.float32), 4)
    assert centers is not None
    np.testing.assert_allclose(centers, points.reshape(4, 10, 3).mean(axis=1), atol=1e-6)  # even arcs


def test_many_points_and_nothing_free_have_no_starts():
    many = np.zeros((FEW_POINTS + 1, 3), np.float32)
    assert not list(find_starts(many, np.ones(len(many), np.float32), 2, NONE))
    assert not list(find_starts(many[:9], np.ones(9, np.float32), 2, many[:2]))
