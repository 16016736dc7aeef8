"""The strategy: the best start counts, rounds end, and the caller is asked often enough whether to go on."""

from dataclasses import replace

import numpy as np
import pytest

from quantize.methods.clusters import Clusters
from quantize.methods.fitter import EFFORTS, Effort, Fitter, draw_centers
from quantize.methods.kmeans import INITS, fit
from quantize.methods.levels import Points
from tests.clouds import Cloud, blobs, distances, hostile, stretched

NOBODY = np.zeros((0, 3), np.float32)
KEPT = np.array([[255, 0, 0], [3.5, 2.5, 1.5]], np.float32)
NORMAL, BEST = EFFORTS["normal"], EFFORTS["best"]


def fitter_of(cloud: Cloud, k: int, kept: np.ndarray = NOBODY, max_iter: int = 100) -> Fitter:
    return Fitter(Clusters(Points.of(cloud.points, cloud.weights), k, kept), kept, max_iter, 0.05, None)


class Scripted(Clusters):
    """Clusters whose exchanges tried and kept what a list says, and nothing when it ends."""

    script: list[tuple[int, int]]
    asked: list[int]

    def exchange(self, most: int, caution: float, passes: int = 3) -> tuple[int, int]:
        self.asked.append(most)
        return self.script.pop(0) if self.script else (0, 0)


def rounds(script: list[tuple[int, int]], effort: Effort, k: int = 64) -> tuple[list[int], int]:
    """How many pairs each round asked for, and the iterations counted, of a search that met these results."""
    cloud = blobs(2000, np.random.default_rng(0))
    clusters = Scripted(Points.of(cloud.points, cloud.weights), k, NOBODY)
    clusters.script, clusters.asked = list(script), []
    fitter = Fitter(clusters, NOBODY, 100, 0.05, None)
    fitter.split(k, effort)
    return clusters.asked, fitter.iterations


class Watched(Clusters):
    """Clusters that note what they are asked to do."""

    log: list[tuple[str, int]]

    def exchange(self, most: int, caution: float, passes: int = 3) -> tuple[int, int]:
        self.log.append(("exchange", 1))
        return super().exchange(most, caution, passes)

    def descend(self, passes: int, tolerance: float, relax: float = 0.0) -> int:
        self.log.append(("descend", passes))
        return super().descend(passes, tolerance, relax)

    def grow(self, target: int, share: float) -> None:
        before = self.k
        super().grow(target, share)
        self.log.append(("grow", self.k - before))


@pytest.mark.parametrize("kept", [NOBODY, KEPT], ids=["free", "kept"])
@pytest.mark.parametrize("seed", range(6))
def test_several_starts_are_as_good_as_the_best_of_them_alone(seed, kept):
    """To the last bit but rounding: each start knows nothing of those before it."""
    rng = np.random.default_rng(seed)
    cloud = blobs(5000, rng, 40, uneven=1) if seed % 2 else stretched(5000, rng, 20)
    effort = replace(BEST, rounds=3, passes=8)

    def error(*shares: float) -> float:
        fitter = fitter_of(cloud, 48, kept)
        fitter.split(48, replace(effort, shares=shares))
        fitter.clusters.to_coarse()
        return fitter.clusters.sse

    alone = [error(share) for share in BEST.shares]
    assert len(set(alone)) == len(BEST.shares)
    for shares in (BEST.shares, BEST.shares[::-1], BEST.shares[1:]):
        # To coarse points with the same centers: who is nearest may differ where float32 sees no difference.
        assert error(*shares) == pytest.approx(min(error(share) for share in shares), rel=1e-6)


def test_a_round_in_which_nothing_is_tried_is_the_last():
    asked, iterations = rounds([], NORMAL)
    assert len(asked) == 1
    assert len(rounds([(5, 2), (0, 0), (5, 2)], NORMAL)[0]) == 2
    assert iterations <= 5 + 2 * NORMAL.passes


@pytest.mark.parametrize("effort", [NORMAL, BEST], ids=["normal", "best"])
def test_patience_ends_a_search_that_has_no_success(effort):
    one = replace(effort, shares=effort.shares[:1])
    assert len(rounds([(5, 0)] * 200, one)[0]) == one.patience
    lucky = [(5, 0)] * (one.patience - 1) + [(5, 1)]
    assert len(rounds(lucky + [(5, 0)] * 200, one)[0]) == 2 * one.patience
    assert len(rounds([(5, 1)] * 200, one)[0]) == one.rounds
    _, iterations = rounds([(5, 0)] * 200, one)
    assert iterations <= 5 * one.patience + 4 + one.passes


def test_fast_exchanges_nothing():
    assert rounds([(5, 5)], EFFORTS["fast"])[0] == []


def test_where_half_fail_fewer_are_tried():
    asked, _ = rounds([(8, 8), (8, 4), (8, 3), (4, 1), (2, 0), (1, 0), (1, 1)], replace(NORMAL, rounds=7))
    assert asked == [8, 8, 8, 4, 2, 1, 1]
    assert rounds([], NORMAL, k=5)[0] == [1]


def test_a_fit_with_nothing_to_exchange_ends_at_once():
    """Iterations are bounded by what the efforts say."""
    for name, cloud in hostile(1, seed=12):
        if cloud.n_different < 3:
            continue
        # Two centers: who is taken has the other for an heir, and nobody is left to be widened.
        iterations = fit(cloud.points, cloud.weights, 2, effort="best", epsilon=1e9).iterations
        assert iterations <= 5 * 8, name


@pytest.mark.parametrize("init", INITS)
@pytest.mark.parametrize("effort", EFFORTS)
def test_between_two_checkpoints_there_is_one_round_or_eight_passes(effort, init):
    cloud = blobs(5000, np.random.default_rng(1), 40, uneven=1)
    log: list[tuple[str, int]] = []
    clusters = Watched(Points.of(cloud.points, cloud.weights), 40, NOBODY)
    clusters.log = log
    fitter = Fitter(clusters, NOBODY, 100, 0.001, lambda: log.append(("checkpoint", 0)))
    if init == "split":
        fitter.split(40, EFFORTS[effort])
    else:
        fitter.draw(40, EFFORTS[effort], init, 2, np.random.default_rng(0))
    fitter.finish(EFFORTS[effort].last_passes)
    log.append(("checkpoint", 0))
    since = {"exchange": 0, "descend": 0, "grow": 0}
    for what, how_many in log:
        if what == "checkpoint":
            assert since["exchange"] <= 1
            assert since["descend"] <= 8 + 1  # and a last one, that ends at the means
            assert not (since["exchange"] and since["descend"])
            assert since["grow"] <= 20  # doubled at most
            since = dict.fromkeys(since, 0)
        else:
            since[what] += how_many
    if effort != "fast":
        assert sum(what == "exchange" for what, _ in log) > 3


@pytest.mark.parametrize("init", INITS)
@pytest.mark.parametrize("effort", EFFORTS)
def test_whatever_a_checkpoint_raises_ends_the_work_there(effort, init):
    class Enough(Exception):
        pass

    cloud = blobs(400, np.random.default_rng(2), uneven=1)

    def count(last: int) -> tuple[int, int]:
        calls = 0

        def checkpoint() -> None:
            nonlocal calls
            calls += 1
            if calls == last:
                raise Enough

        iterations = 0
        if last:
            with pytest.raises(Enough):
                fit(cloud.points, cloud.weights, 24, effort=effort, init=init, checkpoint=checkpoint)
        else:
            found = fit(cloud.points, cloud.weights, 24, effort=effort, init=init, checkpoint=checkpoint)
            iterations = found.iterations
        return calls, iterations

    calls, iterations = count(0)
    assert calls >= iterations / 8
    for last in range(1, calls + 1):
        assert count(last)[0] == last


@pytest.mark.parametrize("max_iter", [1, 2, 7, 100])
def test_no_descent_is_longer_than_asked(max_iter):
    fitter = fitter_of(blobs(3000, np.random.default_rng(3)), 30, max_iter=max_iter)
    fitter.draw(30, EFFORTS["fast"], "random", 1, np.random.default_rng(0))
    assert min(max_iter, 7) <= fitter.iterations <= max_iter


@pytest.mark.parametrize("kept", [NOBODY, KEPT], ids=["free", "kept"])
def test_at_the_end_no_free_center_is_idle(kept):
    """However many were put where no point is."""
    for name, cloud in hostile(1, seed=9):
        n_free = min(24, cloud.n_different)
        far = np.full((n_free, 3), 9000, np.float32) + np.arange(n_free, dtype=np.float32)[:, None]
        far[0] = cloud.points[0]
        fitter = fitter_of(cloud, len(kept) + n_free, kept)
        fitter.clusters.restart(np.concatenate([kept, far]))
        error = fitter.finish(8)
        centers = fitter.clusters.centers
        apart = distances(cloud.points, centers)
        behind = (apart - apart.min(axis=1, keepdims=True)).min(axis=0)[len(kept) :]
        assert behind.max() <= 1e-3 or error == 0, name
        assert error == pytest.approx(cloud.error(centers), rel=1e-4, abs=1e-6), name
        np.testing.assert_array_equal(centers[: len(kept)], kept)


@pytest.mark.parametrize("evenly", [True, False])
def test_drawn_centers_are_points_after_the_kept_ones(evenly):
    for name, cloud in hostile(2, seed=4):
        for kept in (NOBODY, KEPT):
            rng = np.random.default_rng(0)
            wanted = len(kept) + min(9, cloud.n_different)
            drawn = draw_centers(cloud.points, cloud.weights, wanted, kept, evenly, rng)
            np.testing.assert_array_equal(drawn[: len(kept)], kept)
            others = drawn[len(kept) :]
            assert distances(others, cloud.points).min(axis=1).max() == 0, name
            assert len(np.unique(others, axis=0)) == len(others), name
            missed = distances(cloud.points, drawn).min(axis=1)
            assert len(drawn) == wanted or not missed.any(), name


def test_no_more_is_drawn_than_differs():
    cloud = Cloud(
        np.repeat(np.array([[1, 2, 3], [9, 9, 9]], np.float32), 50, axis=0), np.ones(100, np.float32)
    )
    drawn = draw_centers(cloud.points, cloud.weights, 8, NOBODY, False, np.random.default_rng(1))
    assert sorted(drawn.tolist()) == [[1, 2, 3], [9, 9, 9]]


def test_draws_follow_weights_and_squared_distances():
    """Arthur and Vassilvitskii's rule: the first by weight, the second by weight times squared distance."""
    points = np.array([[0, 0, 0], [10, 0, 0], [30, 0, 0]], np.float32)
    weights = np.array([6, 3, 1], np.float32)
    rng, firsts, seconds = np.random.default_rng(0), np.zeros(3), np.zeros(3)
    for _ in range(4000):
        first, second = draw_centers(points, weights, 2, NOBODY, False, rng)[:, 0]
        firsts += points[:, 0] == first
        if first == 0:
            seconds += points[:, 0] == second
    np.testing.assert_allclose(firsts / 4000, [0.6, 0.3, 0.1], atol=0.03)
    np.testing.assert_allclose(seconds / seconds.sum(), [0, 300 / 1200, 900 / 1200], atol=0.04)


@pytest.mark.parametrize("attempts", [2, 5])
def test_of_several_draws_the_best_goes_on(attempts):
    cloud = blobs(3000, np.random.default_rng(6), 30, width=4)
    effort = EFFORTS["fast"]

    def error(seeds: int, rng: np.random.Generator) -> float:
        fitter = fitter_of(cloud, 30)
        fitter.draw(30, effort, "random", seeds, rng)
        fitter.clusters.to_coarse()
        return fitter.clusters.sse

    rng = np.random.default_rng(attempts)
    alone = [error(1, rng) for _ in range(attempts)]
    assert error(attempts, np.random.default_rng(attempts)) == pytest.approx(min(alone), rel=1e-6)
