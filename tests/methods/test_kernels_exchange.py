"""Exchange: estimates bound what happens, no center plays two parts, and what does not pay is as it was."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantize.methods.kernels_exchange import (
    choose_pairs,
    nearest_place,
    propose,
    ranking,
    removal_costs,
    settle,
)
from quantize.methods.kernels_search import descend, total_cost
from tests.clouds import Cloud, Sweeps, blobs, clouds, distances, hostile, means_of, sums_of

# Among k centers an heir is found to 2⁻¹⁵ of its distance, see ``removal_costs``.
NEAR = 1 + 2**-14


def costs_and_heirs(centers: np.ndarray, sums: np.ndarray, n_kept: int = 0) -> tuple[np.ndarray, np.ndarray]:
    costs, heirs = np.full(len(sums), np.nan), np.full(len(sums), -1)
    removal_costs(centers, sums, len(sums), n_kept, costs, heirs)
    return costs, heirs


def settled(cloud: Cloud, k: int, seed: int = 0) -> Sweeps:
    """A few passes of k-means from drawn points: a state in which some exchange may pay."""
    rows = np.random.default_rng(seed).choice(len(cloud.points), k, replace=False)
    at = Sweeps(cloud, cloud.points[rows])
    descend(at.state, k, 0, k, 8, 0.0, 0.0)
    return at


class Round:
    """One round of exchange on a state: what was tried, what stayed, and who was moved back."""

    def __init__(
        self, at: Sweeps, most: int, caution: float, n_kept: int = 0, doubts: np.ndarray | None = None
    ):
        self.before, self.sums_before = at.centers.copy(), at.sums.copy()
        self.doubts = np.zeros((2, at.k)) if doubts is None else doubts
        pairs = np.full((2, most), -1, np.int64)
        place = at.centers, at.sums, at.moved, at.k, n_kept
        tried = propose(*place, most, caution, self.doubts, pairs)
        self.pairs = pairs[:, :tried].copy()
        self.proposed, self.listed = at.centers.copy(), at.moved[: 2 * tried].copy()
        descend(at.state, at.k, n_kept, 2 * tried, 3, 0.0, 0.0)
        self.tried_centers = at.centers.copy()
        self.stay, self.n_moved = 0, 0
        if tried:
            self.stay, self.n_moved = settle(*place, self.before, self.sums_before, self.pairs, self.doubts)
        self.moved = at.moved[: self.n_moved].copy()


@given(clouds(4, 60), st.integers(2, 12), st.integers(0, 3))
def test_removal_costs_what_brute_force_says(cloud, k, n_kept):
    labels = np.random.default_rng(k).integers(0, k, len(cloud.points))
    sums, centers = sums_of(cloud, labels, k), means_of(cloud, labels, k)
    masses, apart = sums[:, 0], distances(centers, centers)
    # Two clusters meet at their common mean, or at the center of an heir that does not move.
    share = masses[None] / np.maximum(masses[:, None] + masses[None], 1e-300)
    share[:, :n_kept] = 1
    rises = apart * masses[:, None] * share
    np.fill_diagonal(rises, np.inf)
    costs, heirs = costs_and_heirs(centers.T.copy(), sums, n_kept)
    assert (costs[:n_kept] == np.inf).all()
    least, free = rises.min(axis=1), np.arange(k) >= n_kept
    tiny = 1e-20 + 1e-6 * least
    assert (np.abs(costs - least)[free] <= (NEAR - 1) * least[free] + tiny[free]).all()
    heirs_rise = rises[np.arange(k), heirs]
    assert (heirs_rise <= NEAR * least + tiny).all()
    assert (heirs != np.arange(k)).all()


@pytest.mark.parametrize("n_kept", [0, 5])
def test_the_error_rises_by_no_more_than_a_removal_costs(n_kept):
    """With a kept heir too, which does not move to meet its new points."""
    for name, cloud in hostile(1, seed=2):
        k = min(12, cloud.n_different)
        if k < 2:
            continue
        at = settled(Cloud(np.unique(cloud.points, axis=0), cloud.weights), k)
        descend(at.state, k, 0, 0, 50, 0.0, 0.0)
        fixed = min(n_kept, k - 1)
        costs, heirs = costs_and_heirs(at.centers, at.sums, fixed)
        error = total_cost(at.centers, at.sums, k, fixed)
        for j in range(fixed, k):
            sums = at.sums.copy()
            sums[heirs[j]] += sums[j]
            sums[j] = 0
            rise = total_cost(at.centers, sums, k, fixed) - error
            assert rise <= costs[j] * NEAR + 1e-6 * error, name


def test_an_idle_center_costs_nothing_to_take_and_nobody_stands_in_for_the_only_one():
    centers = np.array([[0, 0, 0], [9, 0, 0], [200, 0, 0]], np.float32).T.copy()
    sums = np.zeros((3, 10))
    sums[0, 0], sums[2, 0] = 5, 7
    costs, _ = costs_and_heirs(centers, sums)
    assert costs[1] < 1e-20
    assert costs_and_heirs(centers[:, :1].copy(), sums[:1])[0].tolist() == [np.inf]


numbers = st.sampled_from([0.0, 1.0, 1.0, 2.5, 1e30, np.nan]) | st.floats(0, 1e6)


@st.composite
def tables(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Costs, gains and heirs of some centers, each with another center as its heir."""
    k = draw(st.integers(2, 16))
    gains = np.array(draw(st.lists(numbers, min_size=k, max_size=k)))
    costs = np.array(draw(st.lists(numbers | st.just(np.inf), min_size=k, max_size=k)))
    steps = draw(st.lists(st.integers(1, k - 1), min_size=k, max_size=k))
    return costs, gains, (np.arange(k) + steps) % k


def chosen(
    costs: np.ndarray, gains: np.ndarray, heirs: np.ndarray, most: int, caution: float
) -> tuple[np.ndarray, np.ndarray]:
    taken, widened = np.full(most, -1), np.full(most, -1)
    n = choose_pairs(costs, gains, heirs, most, caution, taken, widened)
    assert 0 <= n <= most
    return taken[:n], widened[:n]


@settings(max_examples=400)
@given(tables(), st.integers(1, 8), st.sampled_from([0.0, 0.1, 0.45, 1.0, np.inf]))
def test_no_center_plays_two_parts_and_every_pair_promises_to_pay(table, most, caution):
    costs, gains, heirs = table
    taken, widened = chosen(costs, gains, heirs, most, caution)
    assert len(set(taken)) == len(set(widened)) == len(taken)
    assert not set(taken) & set(widened)
    assert not set(heirs[taken]) & (set(taken) | set(widened))
    # An infinite cost is a kept center's; what is no number promises nothing.
    assert np.isfinite(costs[taken]).all()
    assert np.isfinite(gains[widened]).all()
    pays = gains[widened] > 0
    if caution < np.inf:
        pays &= gains[widened] > caution * costs[taken]
    assert pays.all()
    assert (np.diff(costs[taken]) >= 0).all()


@settings(max_examples=200)
@given(tables(), st.sampled_from([0.0, 0.1, 0.45, 1.0]))
def test_the_cheapest_goes_first_to_where_most_is_gained(table, caution):
    costs, gains, heirs = table
    taken, widened = chosen(costs, gains, heirs, 1, caution)
    to_take = np.where(np.isfinite(costs), costs, np.inf)
    first = int(to_take.argmin())
    if not np.isfinite(costs[first]):
        assert not len(taken)
        return
    able = np.isfinite(gains) & (np.arange(len(costs)) != first) & (np.arange(len(costs)) != heirs[first])
    best = max(gains[able], default=0)
    assert len(taken) == (best > caution * costs[first])
    if len(taken):
        assert costs[taken[0]] == costs[first]
        rivals = np.arange(len(costs))
        rivals = np.isfinite(gains) & (rivals != taken[0]) & (rivals != heirs[taken[0]])
        assert gains[widened[0]] == gains[rivals].max()


@given(clouds(1, 30), clouds(1, 30))
def test_the_nearest_place_is_the_nearest(places, others):
    stands, points = places.points.T.copy(), others.points.T.copy()
    apart = distances(others.points, places.points)
    for j in range(len(others.points)):
        found = nearest_place(stands, len(places.points), points, j)
        assert apart[j, found] <= apart[j].min() * (1 + 1e-6) + 1e-9


@given(st.lists(st.floats(-1e9, 1e9) | st.just(0.0), max_size=40))
def test_ranking_sorts(values):
    order = ranking(np.array(values, np.float64))
    assert sorted(order.tolist()) == list(range(len(values)))
    assert np.array(values)[order].tolist() == sorted(values)


@pytest.mark.parametrize("n_kept", [0, 6])
def test_a_proposal_moves_both_of_each_pair_and_nobody_else(n_kept):
    for name, cloud in hostile(1, seed=5):
        if cloud.n_different < 24:
            continue
        at = settled(Cloud(np.unique(cloud.points, axis=0), cloud.weights), 24)
        tried = Round(at, 4, 0.0, n_kept)
        taken, widened = tried.pairs
        assert taken.min(initial=99) >= n_kept, name
        assert tried.listed.tolist() == np.stack([widened, taken], axis=1).reshape(-1).tolist()
        others = np.setdiff1d(np.arange(24), [*taken, *widened[widened >= n_kept]])
        np.testing.assert_array_equal(tried.proposed[:, others], tried.before[:, others])
        np.testing.assert_array_equal(at.centers[:, :n_kept], tried.before[:, :n_kept])
        means = tried.sums_before[widened, 1:4] / tried.sums_before[widened, :1]
        free = widened >= n_kept
        middles = (tried.proposed[:, taken] + tried.proposed[:, widened]).T[free] / 2
        np.testing.assert_allclose(middles, means[free], rtol=1e-5)


def test_an_idle_center_is_taken_first_and_never_widened():
    cloud = blobs(500, np.random.default_rng(1))
    away = np.full((5, 3), 9000, np.float32)
    at = Sweeps(cloud, np.concatenate([away, cloud.points[:15]]))
    descend(at.state, 20, 0, 20, 5, 0.0, 0.0)
    assert (at.sums[:5, 0] == 0).all()
    tried = Round(at, 9, 0.0)
    assert set(tried.pairs[0, :2]) <= set(range(5))
    assert not set(tried.pairs[1]) & set(range(5))
    assert np.isfinite(at.centers).all()
    assert tried.stay


def tight(middles: list[tuple[int, int, int]], n: int = 60) -> Cloud:
    """Small clusters around these, far apart."""
    rng = np.random.default_rng(7)
    points = np.repeat(np.array(middles, float), n, axis=0) + rng.normal(size=(n * len(middles), 3))
    return Cloud(points.astype(np.float32), np.ones(len(points), np.float32))


CORNERS = [(x, y, z) for x in (0, 100, 230) for y in (0, 90) for z in (0, 120)]


def test_what_pays_stays():
    """Two centers share a cluster, two clusters share a center."""
    cloud = tight(CORNERS)
    starts = np.array([(0, 0, -1), (0, 0, 1), *CORNERS[1:10], (230, 90, 60)], np.float32)
    at = Sweeps(cloud, starts)
    descend(at.state, 12, 0, 12, 20, 0.0, 0.0)
    error = cloud.error(at.centers.T)
    tried = Round(at, 1, 0.1)
    assert tried.pairs.tolist() in ([[0], [11]], [[1], [11]])
    assert (tried.stay, tried.n_moved) == (1, 0)
    assert cloud.error(at.centers.T) < error / 50
    assert (tried.doubts == 0).all()


@pytest.mark.parametrize("most", [1, 2, 3])
def test_what_does_not_pay_is_as_it_was_bit_for_bit(most):
    at = Sweeps(tight(CORNERS), np.array(CORNERS, np.float32))
    descend(at.state, 12, 0, 12, 20, 0.0, 0.0)
    tried = Round(at, most, 0.0)
    assert tried.pairs.shape == (2, most)
    assert (tried.tried_centers != tried.before).any()
    assert tried.stay == 0
    rows = {tuple(row) for row in at.centers.T.tolist()}
    assert rows == {tuple(row) for row in tried.before.T.tolist()}
    if most == 1:
        np.testing.assert_array_equal(at.centers, tried.before)
    assert np.flatnonzero(tried.doubts[0]).tolist() == sorted(tried.pairs[0])
    assert np.flatnonzero(tried.doubts[1]).tolist() == sorted(tried.pairs[1])
    assert set(tried.doubts.reshape(-1)) == {0, 0.5}


def test_of_two_pairs_only_the_one_that_pays_stays():
    cloud = tight(CORNERS)
    starts = np.array([(0, 0, -1), (0, 0, 1), *CORNERS[1:10], (230, 90, 60)], np.float32)
    at = Sweeps(cloud, starts)
    descend(at.state, 12, 0, 12, 20, 0.0, 0.0)
    tried = Round(at, 2, 0.0)
    assert tried.pairs.shape == (2, 2)
    assert tried.stay == 1
    descend(at.state, 12, 0, tried.n_moved, 20, 0.0, 0.0)
    assert cloud.error(at.centers.T) < 4 * len(cloud.points)
    assert (tried.doubts == 0.5).sum() == 2


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(2, 40), st.integers(0, 3), st.sampled_from([0.0, 0.1, 0.45]))
def test_settling_keeps_its_promises(seed, k, n_kept, caution):
    rng = np.random.default_rng(seed)
    cloud = blobs(600, rng, uneven=float(rng.choice([0, 1])))
    at = settled(cloud, k, seed)
    doubts = rng.choice([0, 0.5, 3], (2, k))
    doubts_before, n_kept = doubts.copy(), min(n_kept, k)
    tried = Round(at, max(1, k // 4), caution, n_kept, doubts)
    taken, widened = tried.pairs
    np.testing.assert_array_equal(at.centers[:, :n_kept], tried.before[:, :n_kept])
    changed = np.flatnonzero((at.centers != tried.tried_centers).any(axis=0))
    assert set(changed) <= set(tried.moved)
    assert len(set(tried.moved)) == tried.n_moved
    places = {tuple(column) for source in (tried.before, tried.tried_centers) for column in source.T.tolist()}
    assert {tuple(column) for column in at.centers.T.tolist()} <= places
    for row, concerned in ((0, taken), (1, widened)):
        others = np.setdiff1d(np.arange(k), concerned)
        np.testing.assert_array_equal(doubts[row, others], doubts_before[row, others])
        good = doubts[row, concerned] == 0
        assert good.sum() == tried.stay
        failed = doubts[row, concerned][~good]
        np.testing.assert_array_equal(failed, doubts_before[row, concerned][~good] * 2 + 0.5)


def test_whoever_failed_is_tried_later_than_a_neighbour():
    """Nothing pays here, so without doubts every round would try the same."""
    at = Sweeps(tight(CORNERS), np.array(CORNERS, np.float32))
    descend(at.state, 12, 0, 12, 20, 0.0, 0.0)
    doubts, tried = np.zeros((2, 12)), []
    for _ in range(6):
        attempt = Round(at, 1, 0.0, 0, doubts)
        descend(at.state, 12, 0, attempt.n_moved, 0, 0.0, 0.0)
        tried.append(attempt.pairs[:, 0].tolist())
    assert len({taken for taken, _ in tried}) > 3
    assert len({widened for _, widened in tried}) > 3


@pytest.mark.parametrize("row", [0, 1])
def test_doubt_delays_by_its_size_and_no_doubt_does_not(row):
    cloud = blobs(900, np.random.default_rng(2))
    first, order = None, []
    for doubt in (0.0, 1e-9, 1e9):
        at = settled(cloud, 30)
        doubts = np.zeros((2, 30))
        if first is not None:
            doubts[row, first] = doubt
        pairs = Round(at, 5, 0.0, 0, doubts).pairs
        first = pairs[row, 0] if first is None else first
        order.append(pairs[row].tolist())
    assert order[0] == order[1]
    assert order[2][0] != first
