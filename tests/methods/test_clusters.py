"""The state of a search: its figures are those of the points, growth arrives, exchange never does harm."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantize.methods.clusters import SKETCHED, Clusters
from quantize.methods.levels import Points
from tests.clouds import Cloud, blobs, clouds, distances, hostile, stretched

NOBODY = np.zeros((0, 3), np.float32)
KEPT = np.array([[255, 0, 0], [3.5, 2.5, 1.5]], np.float32)
KEEPING = pytest.mark.parametrize("kept", [NOBODY, KEPT], ids=["free", "kept"])


def clusters_of(cloud: Cloud, most: int, kept: np.ndarray = NOBODY) -> Clusters:
    return Clusters(Points.of(cloud.points, cloud.weights), most, kept)


def points_in_use(clusters: Clusters) -> int:
    """Of which level the points are that the search looks at now."""
    return len(clusters._level.keys)


def around_means(cloud: Cloud, centers: np.ndarray, n_kept: int) -> float:
    """Error with each point at its nearest center and each free center at its points' mean."""
    labels = distances(cloud.points, centers).argmin(axis=1)
    p, w = cloud.points.astype(float), cloud.weights.astype(float)
    masses = np.maximum(np.bincount(labels, w, minlength=len(centers)), 1e-300)
    stands = np.stack(
        [np.bincount(labels, w * p[:, axis], minlength=len(centers)) for axis in range(3)], axis=1
    )
    stands /= masses[:, None]
    stands[:n_kept] = centers[:n_kept]
    return float((np.square(p - stands[labels]).sum(axis=1) * w).sum())


def check_figures(cloud: Cloud, clusters: Clusters) -> None:
    """On every single point; where clusters meet, float32 may differ about who is nearest."""
    scale = float((np.square(cloud.points.astype(float)).sum(axis=1) * cloud.weights).sum())
    centers = clusters.centers
    assert clusters.error == pytest.approx(cloud.error(centers), rel=1e-4, abs=1e-9 * scale)
    assert clusters.sse <= clusters.error * (1 + 1e-9) + 1e-11 * scale
    expected = around_means(cloud, centers, clusters.n_kept)
    assert clusters.sse == pytest.approx(expected, rel=0.02, abs=1e-6 * scale)
    assert clusters.spread == pytest.approx(np.sqrt(clusters.sse / cloud.weights.sum(dtype=float)))


STEPS = ("grow", "descend", "exchange", "to_coarse", "to_fine", "restart")


@settings(max_examples=60)
@given(
    clouds(1, 150),
    st.sampled_from([0, 1, 3]),
    st.lists(st.sampled_from(STEPS), max_size=8),
    st.integers(1, 40),
)
def test_figures_are_those_of_the_points_after_any_steps(cloud, n_kept, steps, most):
    kept = np.random.default_rng(most).uniform(0, 255, (n_kept, 3)).astype(np.float32)
    most = max(most, n_kept)
    clusters = clusters_of(cloud, most, kept)
    for step in steps:
        before = clusters.sse
        if step == "grow":
            clusters.grow(most, 0.3)
        elif step == "descend":
            clusters.descend(4, 0.05, 0.8)
        elif step == "exchange":
            clusters.exchange(max(1, clusters.k // 4), 0.1)
            assert clusters.sse <= before
        elif step == "restart":
            clusters.restart(clusters.centers)
        else:
            getattr(clusters, step)()
        assert max(1, n_kept) <= clusters.k <= most
        np.testing.assert_array_equal(clusters.centers[:n_kept], kept)
    clusters.to_fine()
    assert points_in_use(clusters) == len(cloud.points)
    check_figures(cloud, clusters)


@KEEPING
@pytest.mark.parametrize("level", ["sketch", "coarse", "fine"])
def test_exchange_never_raises_the_error(level, kept):
    """And where nothing stays, nothing has changed: not a bit of a center, and no point's owner."""
    stayed = undone = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        cloud = (blobs(2500, rng, uneven=1), stretched(2500, rng), blobs(2500, rng, 40, width=4))[seed % 3]
        clusters = clusters_of(cloud, 40, kept)
        clusters.restart(np.concatenate([kept, cloud.points[rng.integers(0, 2500, 38)]]))
        if level != "sketch":
            getattr(clusters, f"to_{level}")()
        clusters.descend(int(rng.integers(0, 9)), 0.05)
        for _ in range(6):
            before, sse, error = clusters.centers, clusters.sse, clusters.error
            tried, stay = clusters.exchange(int(rng.integers(1, 10)), float(rng.choice([0, 0.1, 0.5])))
            assert clusters.sse <= sse
            assert 0 <= stay <= tried
            np.testing.assert_array_equal(clusters.centers[: len(kept)], kept)
            if stay:
                assert clusters.sse < sse
                stayed += 1
            elif np.array_equal(clusters.centers, before):
                assert clusters.sse == pytest.approx(sse, rel=1e-9)
                assert clusters.error == pytest.approx(error, rel=1e-9)
                undone += 1
    assert stayed > 20
    assert undone > 20


@KEEPING
def test_growth_arrives_where_that_many_points_differ(kept):
    for name, cloud in hostile(2, seed=3):
        for share in (0.01, 0.3, 0.5):
            targets = {2, cloud.n_different // 3, cloud.n_different // 2}
            for target in sorted(
                len(kept) + target for target in targets if 2 <= target <= min(200, cloud.n_different)
            ):
                clusters = clusters_of(cloud, target, kept)
                clusters.to_fine()
                clusters.grow(target, share)
                assert clusters.k == target, (name, target)
                assert np.isfinite(clusters.centers).all()
                np.testing.assert_array_equal(clusters.centers[: len(kept)], kept)
                check_figures(cloud, clusters)


def test_growth_lowers_the_error_and_ends_where_nothing_differs():
    points = np.repeat(np.array([[200, 3, 9], [1, 2, 250], [4, 99, 4]], np.float32), 50, axis=0)
    clusters = clusters_of(Cloud(points, np.ones(150, np.float32)), 8)
    assert clusters.k == 1
    errors = [clusters.error]
    for target, expected in ((2, 2), (8, 3), (8, 3)):
        clusters.grow(target, 0.3)
        clusters.descend(9, 0.0)
        assert clusters.k == expected
        errors.append(clusters.error)
    assert (np.diff(errors) <= 0).all()
    assert errors[-1] == 0


def test_centers_are_split_a_share_at_a_time():
    """One at a time is the best growth, all at once the quickest; the room given is never overrun."""
    cloud = blobs(4000, np.random.default_rng(8), 60, width=5)
    errors = []
    for share in (1e-9, 0.3, 1.0):
        clusters = clusters_of(cloud, 64)
        clusters.to_fine()
        clusters.grow(64, share)
        assert clusters.k == 64
        errors.append(clusters.error)
    assert errors[0] < errors[1] < errors[2]


def test_growth_goes_to_the_coarse_points_where_the_sketch_has_too_few():
    cloud = blobs(60_000, np.random.default_rng(0), 3, width=9)
    sketch = points_in_use(clusters_of(cloud, 256))
    enough = sketch // SKETCHED
    assert 20 < enough < 250
    few = clusters_of(cloud, 256)
    few.grow(enough, 0.5)
    assert points_in_use(few) == sketch
    many = clusters_of(cloud, 256)
    many.grow(enough + 1, 0.5)
    assert points_in_use(many) == len(many.coarse_points[0]) > 3 * sketch
    assert (few.k, many.k) == (enough, enough + 1)


def test_growing_on_merged_points_is_about_as_good_as_on_all():
    cloud = blobs(30_000, np.random.default_rng(5), 30)
    errors = []
    for fine_first in (False, True):
        clusters = clusters_of(cloud, 100)
        if fine_first:
            clusters.to_fine()
        clusters.grow(100, 0.3)
        clusters.to_fine()
        clusters.descend(30, 0.05, 0.8)
        errors.append(clusters.error)
    assert errors[0] <= errors[1] * 1.03


def test_merged_points_weigh_as_much_as_all_and_lie_among_them():
    for name, cloud in hostile(2, seed=8):
        points, weights = clusters_of(cloud, 4).coarse_points
        assert weights.sum(dtype=float) == pytest.approx(cloud.weights.sum(dtype=float), rel=1e-6), name
        whole = np.average(cloud.points.astype(float), axis=0, weights=cloud.weights)
        np.testing.assert_allclose(
            np.average(points.astype(float), axis=0, weights=weights), whole, atol=1e-3
        )
        assert (points >= cloud.points.min(axis=0) - 1e-3).all()
        assert (points <= cloud.points.max(axis=0) + 1e-3).all()
        cell = np.ptp(cloud.points, axis=0).max() / 63.99
        assert np.sqrt(distances(points, cloud.points).min(axis=1)).max() <= 2 * cell + 1e-3


@KEEPING
def test_a_restart_is_a_start(kept):
    """Nothing is left of what was before: neither labels nor sums nor doubts."""
    rng = np.random.default_rng(4)
    cloud = blobs(3000, rng, uneven=1)

    def work(clusters: Clusters) -> bytes:
        clusters.grow(30, 0.3)
        clusters.to_coarse()
        clusters.descend(3, 0.05, 0.8)
        for _ in range(4):
            clusters.exchange(4, 0.1)
        clusters.to_fine()
        clusters.descend(3, 0.05)
        return clusters.centers.tobytes()

    used = clusters_of(cloud, 30, kept)
    first = work(used)
    for _ in range(2):
        used.restart(kept)
        assert used.k == max(1, len(kept))
        assert work(used) == first


def test_a_start_without_centers_is_the_mean():
    for name, cloud in hostile(1, seed=6):
        centers = clusters_of(cloud, 3).centers
        mean = np.average(cloud.points.astype(float), axis=0, weights=cloud.weights)
        np.testing.assert_allclose(centers, mean[None], rtol=1e-4, atol=1e-3, err_msg=name)


def test_centers_are_a_copy():
    clusters = clusters_of(blobs(99, np.random.default_rng(0)), 4)
    clusters.grow(4, 1.0)
    given = clusters.centers
    given[:] = -1
    assert (clusters.centers >= 0).all()
    assert (clusters.centers.shape, clusters.centers.dtype) == ((4, 3), np.float32)
