"""k-means: means of what is nearest, never worse than where it started, the same every time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantize.errors import QuantizeError
from quantize.methods.kmeans import EFFORTS, INITS, fit, fit_prepared, prepare
from quantize.methods.rounding import distinct_palette
from tests.clouds import distances, hostile


def cloud(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    groups = rng.uniform(20, 230, (9, 3))
    points = groups[rng.integers(0, 9, n)] + rng.normal(scale=15, size=(n, 3))
    return np.clip(points, 0, 255).astype(np.float32), rng.integers(1, 50, n)


def error(points: np.ndarray, weights: np.ndarray, centers: np.ndarray) -> float:
    distances = ((points.astype(float)[:, None] - centers.astype(float)[None]) ** 2).sum(axis=2)
    return float((distances.min(axis=1) * weights).sum())


def far_point() -> tuple[np.ndarray, np.ndarray]:
    """One far point makes cells so wide that most of the others share one."""
    points, weights = cloud(9000)
    return np.concatenate([points, [[1e6, 0, 0]]]).astype(np.float32), np.append(weights, 1)


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("init", INITS)
def test_two_far_groups_are_found(init, effort):
    points = np.array([[0, 0, 0], [2, 0, 0], [100, 0, 0], [104, 0, 0]], np.float32)
    found = fit(points, np.array([1, 1, 3, 1]), 2, init=init, effort=effort, seed=1)
    assert sorted(found.centers[:, 0].tolist()) == [1.0, 101.0]
    assert found.sse == pytest.approx(1 + 1 + 3 + 9)


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("k", [1, 4, 16, 64, 256])
def test_error_is_that_of_the_centers(k, effort):
    points, weights = cloud(5000)
    found = fit(points, weights, k, effort=effort)
    assert found.centers.shape == (k, 3)
    assert found.centers.dtype == np.float32
    assert found.sse == pytest.approx(error(points, weights, found.centers), rel=1e-4)


def test_one_center_is_the_weighted_mean():
    points, weights = cloud(300)
    found = fit(points, weights, 1)
    np.testing.assert_allclose(found.centers[0], np.average(points, axis=0, weights=weights), rtol=1e-5)


@pytest.mark.parametrize("init", INITS)
def test_same_input_same_bytes(init):
    points, weights = cloud(4000)
    one, other = (fit(points, weights, 32, init=init, seed=5) for _ in range(2))
    assert one.centers.tobytes() == other.centers.tobytes()


@pytest.mark.parametrize("effort", EFFORTS)
def test_any_number_of_threads_gives_the_same(effort, monkeypatch):
    points, weights = cloud(30_000)
    results = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("QUANTIZE_THREADS", threads)
        results.append(fit(points, weights, 48, effort=effort).centers.tobytes())
    assert results[0] == results[1] == results[2]


def test_other_seeds_start_elsewhere():
    points, weights = cloud(5000)
    one, other = (fit(points, weights, 32, init="random", seed=seed, effort="fast") for seed in (0, 1))
    assert not np.array_equal(one.centers, other.centers)


def test_more_effort_is_not_worse():
    points, weights = cloud(6000)
    for k in (5, 40):
        errors = [fit(points, weights, k, effort=effort).sse for effort in EFFORTS]
        assert errors[2] <= errors[1] * (1 + 1e-9) <= errors[0] * (1 + 2e-9)


def test_more_attempts_are_not_worse():
    points, weights = cloud(3000)
    one, many = (fit(points, weights, 12, init="random", attempts=n, effort="fast") for n in (1, 6))
    assert many.sse <= one.sse


@pytest.mark.parametrize("n", [0, 1, 3, 16])
@pytest.mark.parametrize("init", INITS)
def test_as_many_centers_as_points_returns_the_points(n, init):
    points, weights = cloud(n) if n else (np.zeros((0, 3), np.float32), np.zeros(0))
    found = fit(points, weights, 16, init=init)
    assert np.array_equal(found.centers, points)
    assert found.sse == 0


@pytest.mark.parametrize("init", INITS)
def test_equal_points_do_not_confuse(init):
    points = np.full((500, 3), 7, np.float32)
    found = fit(points, np.ones(500), 8, init=init)
    assert found.sse == 0
    assert np.isfinite(found.centers).all()


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("init", INITS)
@pytest.mark.parametrize("scale", [1.0, 1 / 255])
def test_asked_for_more_than_differ_it_gives_those_that_do(init, effort, scale):
    """Far from 0, where rounding could be taken for width; as in sRGB and as in Oklab."""
    points = np.array([[254.7, 0.3, 199.1], [1.1, 250.3, 7.7], [254.7, 250.3, 33.3]], np.float32) * scale
    found = fit(np.repeat(points, (300, 2, 77), axis=0), np.arange(1, 380), 8, init=init, effort=effort)
    assert found.centers.shape == (3, 3)
    np.testing.assert_allclose(
        found.centers[np.lexsort(found.centers.T)], points[np.lexsort(points.T)], rtol=1e-6
    )


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("n_kept", [0, 3])
def test_no_center_is_idle_where_enough_points_differ(effort, n_kept):
    """Each free center is nearest to some point, or as near as another."""
    for name, points, weights in many_and_few():
        kept = np.array([[255, 0, 0], [1.5, 2.5, 3.5], points[0]], np.float32)[:n_kept]
        for k in {2, min(200, len(points) // 2), min(256, len(points) - 1)}:
            if not n_kept < k < len(points):
                continue
            found = fit(points, weights, k, keep=kept, effort=effort)
            assert len(found.centers) == k, (name, k)
            apart = distances(points, found.centers)
            behind = (apart - apart.min(axis=1, keepdims=True)).min(axis=0)[n_kept:]
            assert behind.max() <= 1e-3, (name, k)


def many_and_few():
    """Few points of every kind; many in few cells of the grid, as one is far away."""
    yield from ((name, cloud.points, cloud.weights) for name, cloud in hostile(1, seed=31))
    axis = np.arange(18)
    cube = np.stack(np.meshgrid(axis, axis, axis), axis=-1).reshape(-1, 3)
    crowd = np.concatenate([cube, [[255, 255, 255]]]).astype(np.float32)
    yield "a crowd and one far away", crowd, np.ones(len(crowd))


@pytest.mark.parametrize("init", INITS)
@pytest.mark.parametrize("effort", EFFORTS)
def test_points_without_weight_do_not_matter(init, effort):
    points, weights = cloud(1000)
    weights[500:] = 0
    found = fit(points, weights, 8, init=init, effort=effort)
    assert found.sse == pytest.approx(error(points[:500], weights[:500], found.centers), rel=1e-4)


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("init", INITS)
def test_kept_centers_stay_and_the_rest_works_around_them(init, effort):
    points, weights = cloud(3000)
    kept = np.array([[255, 0, 0], [1.5, 2.5, 3.5]], np.float32)
    found = fit(points, weights, 10, keep=kept, init=init, effort=effort)
    assert np.array_equal(found.centers[:2], kept)
    assert found.centers.shape == (10, 3)
    assert found.sse == pytest.approx(error(points, weights, found.centers), rel=1e-4)


def test_the_rest_works_around_kept_centers():
    points, weights = cloud(3000)
    kept = np.array([[255, 0, 0], [0, 0, 0]], np.float32)
    assert fit(points, weights, 10, keep=kept).sse <= fit(points, weights, 8).sse * 1.01


def test_only_kept_centers():
    points, weights = cloud(100)
    kept = np.array([[1, 2, 3]], np.float32)
    found = fit(points, weights, 1, keep=kept)
    assert np.array_equal(found.centers, kept)
    assert found.sse == pytest.approx(error(points, weights, kept), rel=1e-5)


def test_checkpoint_may_end_the_work():
    class Enough(Exception):
        pass

    def stop() -> None:
        raise Enough

    points, weights = cloud(500)
    with pytest.raises(Enough):
        fit(points, weights, 8, checkpoint=stop)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_centers": 0}, "n_centers must be 1 to 256, got 0"),
        ({"n_centers": 257}, "n_centers must be 1 to 256, got 257"),
        ({"points": np.zeros((5, 4))}, "points must have shape \\(rows, 3\\), got \\(5, 4\\)"),
        ({"weights": np.ones(4)}, "weights must have shape \\(5,\\) like the points, got \\(4,\\)"),
        ({"points": np.full((5, 3), np.nan)}, "points and weights must be finite numbers"),
        ({"weights": np.full(5, np.inf)}, "points and weights must be finite numbers"),
        ({"points": np.full((5, 3), 2e9)}, "points must lie within ±1e\\+09, got 2e\\+09"),
        ({"points": [["a"] * 3] * 5}, "points must be an array of numbers, got list"),
        ({"weights": np.array([1, 1, -1, 1, 1])}, "weights must be from 0 to 1e\\+15, got -1"),
        ({"weights": np.full(5, 2e15)}, "weights must be from 0 to 1e\\+15"),
        ({"weights": np.zeros(5)}, "weights must hold at least one number above 0, got none"),
        ({"weights": np.full(5, 1e-20)}, "weights must reach at least 1e-15, got 1e-20 at most"),
        ({"points": np.zeros((5, 3), complex)}, "points must be an array of real numbers, got complex128"),
        ({"attempts": 10**30}, "attempts must be a whole number from 1 to 10000"),
        ({"n_centers": 2.0}, "n_centers must be 1 to 256, got 2.0"),
        ({"attempts": 0}, "attempts must be a whole number from 1 to 10000, got 0"),
        ({"max_iter": 0}, "max_iter must be a whole number from 1 to 10000, got 0"),
        ({"epsilon": -1}, "epsilon must be a number of at least 0, got -1"),
        ({"epsilon": np.nan}, "epsilon must be a number of at least 0, got nan"),
        ({"keep": np.full((1, 3), np.nan)}, "keep must lie within ±1e\\+09, got others or NaN"),
        ({"init": "magic"}, "init must be one of split, .* got 'magic'"),
        ({"effort": "huge"}, "effort must be one of fast, .* got 'huge'"),
        (
            {"keep": np.zeros((3, 3))},
            "keep must hold at most 2 colours in shape \\(rows, 3\\), got \\(3, 3\\)",
        ),
    ],
)
def test_wrong_input_is_refused(change, message):
    arguments = {"points": np.zeros((5, 3), np.float32), "weights": np.ones(5), "n_centers": 2, **change}
    with pytest.raises(QuantizeError, match=message):
        fit(**arguments)


@given(
    st.integers(0, 10**6),
    st.integers(1, 60),
    st.integers(1, 70),
    st.sampled_from(INITS),
    st.sampled_from(sorted(EFFORTS)),
    st.integers(-9, 8),
    st.integers(-9, 14),
)
def test_any_points_give_finite_figures(seed, n, k, init, effort, scale, weight_scale):
    rng = np.random.default_rng(seed)
    points = (rng.integers(-3, 4, (n, 3)) * 10.0**scale + rng.choice([0.0, 1e3])).astype(np.float32)
    weights = rng.choice([0, 1, 1, 7, 1e-30, 1e9], n) * 10.0 ** min(weight_scale, 6)
    weights[0] = 1
    keep = points[rng.integers(0, n, min(k, 3))] if rng.random() < 0.3 else None
    found = fit(points, weights, k, init=init, effort=effort, seed=seed, keep=keep)
    assert np.isfinite(found.centers).all()
    assert np.isfinite(found.sse)
    assert found.sse >= 0
    assert len(found.centers) <= k
    assert keep is None or (found.centers[: len(keep)] == keep).all()


def test_rounding_keeps_colors_distinct():
    colors = np.array([[10, 10, 10], [200, 0, 0], [0, 90, 0]], np.float32)
    centers = np.array([[10.1, 10, 10], [10.2, 10, 10], [9.8, 10, 10]], np.float32)
    palette = distinct_palette(centers, colors, np.array([5, 1, 9]))
    # (0, 90, 0) costs most while only (10, 10, 10) is there, then (200, 0, 0).
    assert palette.tolist() == [[10, 10, 10], [0, 90, 0], [200, 0, 0]]


def test_rounding_invents_no_colors():
    colors = np.array([[10, 10, 10], [20, 20, 20]], np.float32)
    palette = distinct_palette(np.full((4, 3), 10.2), colors, np.array([1, 1]))
    assert palette.tolist() == [[10, 10, 10], [20, 20, 20]]


def test_rounding_clips_and_rounds_to_nearest():
    palette = distinct_palette(np.array([[-3.0, 254.6, 300.0]]), np.zeros((1, 3), np.float32), np.array([1]))
    assert palette.tolist() == [[0, 255, 255]]


def test_kept_colors_stay_even_if_equal():
    centers = np.array([[5, 5, 5], [5, 5, 5], [5.2, 5, 5]], np.float32)
    colors = np.array([[5, 5, 5], [90, 0, 0]], np.float32)
    palette = distinct_palette(centers, colors, np.array([1, 1]), n_kept=2)
    assert palette.tolist() == [[5, 5, 5], [5, 5, 5], [90, 0, 0]]


@pytest.mark.parametrize(("points", "weights"), [cloud(9000), cloud(300), far_point()])
def test_fits_of_what_was_prepared_know_nothing_of_each_other(points, weights):
    prepared = prepare(points, weights)
    before = [axis.copy() for axis in (prepared.sorted.fine.axes, prepared.sorted.fine.boxes)]
    for n_centers, init in ((64, "split"), (5, "k-means++"), (256, "split"), (64, "split")):
        shared = fit_prepared(prepared, n_centers, init=init, seed=3)
        alone = fit(points, weights, n_centers, init=init, seed=3)
        np.testing.assert_array_equal(shared.centers, alone.centers)
        assert (shared.sse, shared.iterations) == (alone.sse, alone.iterations)
    np.testing.assert_array_equal(prepared.sorted.fine.axes, before[0])
    np.testing.assert_array_equal(prepared.sorted.fine.boxes, before[1])
    assert not prepared.sorted.fine.labels.any()
