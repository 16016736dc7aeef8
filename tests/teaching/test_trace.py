"""Lloyd's iteration step by step: beside a slow plain way to do the same, and on inputs that make it hard."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantize import Picture, QuantizeError
from quantize.teaching.points import find_points
from quantize.teaching.starts import STARTS, choose_start
from quantize.teaching.trace import assign_colors, trace_run
from tests.clouds import clouds, hostile
from tests.pictures import noise, smooth


def plain_lloyd(colors, counts, start, max_iter):
    """The same in plain NumPy: every point to every center, sums in the order of the points."""
    points, weights = np.asarray(colors, np.float64), np.asarray(counts, np.float64)
    centers, labels, found = np.array(start, np.float64), None, []
    for _ in range(max_iter):
        squares = np.square(points[:, None] - centers)
        distances = squares[..., 0] + squares[..., 1] + squares[..., 2]
        before, labels = labels, distances.argmin(axis=1)
        found.append((centers.copy(), labels))
        if before is not None and (labels == before).all():
            break
        total = np.bincount(labels, weights, len(centers))
        for axis in range(3):
            sums = np.bincount(labels, weights * points[:, axis], len(centers))
            centers[:, axis] = np.where(total > 0, sums / np.maximum(total, 1), centers[:, axis])
    return centers, labels, found


def error(colors, counts, centers, labels):
    away = np.asarray(colors, np.float64) - centers[labels]
    return float((np.square(away).sum(axis=1) * counts).sum())


def check(colors, counts, start, max_iter=30):
    """All that a run says of itself is so."""
    trace = trace_run(colors, counts, start, max_iter=max_iter)
    centers, labels, found = plain_lloyd(colors, counts, start, max_iter)
    np.testing.assert_array_equal(trace.centers, centers)
    np.testing.assert_array_equal(trace.labels, labels)
    first, *steps = trace.steps
    assert (first.kind, first.iteration, first.sse, first.moved) == ("start", 0, None, 0)
    np.testing.assert_array_equal(first.centers, np.asarray(start, np.float64))
    assert not first.counts.any()
    assigns, moves = steps[::2], steps[1::2]
    assert {step.kind for step in assigns} == {"assign"}
    assert {step.kind for step in moves} <= {"move"}
    assert len(assigns) == len(found)
    before = None
    for number, (step, (places, entries)) in enumerate(zip(assigns, found, strict=True)):
        assert step.iteration == number + 1
        np.testing.assert_array_equal(step.centers, places)
        np.testing.assert_array_equal(step.counts, np.bincount(entries, counts, len(places)))
        assert step.moved == np.sum(counts if before is None else np.where(entries != before, counts, 0))
        assert step.sse == pytest.approx(error(colors, counts, places, entries), rel=1e-9)
        before = entries
    for step, after in zip(moves, assigns, strict=False):
        assert step.sse == pytest.approx(error(colors, counts, step.centers, found[step.iteration - 1][1]))
        went = np.linalg.norm(step.centers - after.centers, axis=1).max()
        assert step.shift == pytest.approx(went)
    errors = [step.sse for step in steps]
    slack = 1e-12 * (errors[0] + 1)
    assert all(later <= earlier + slack for earlier, later in pairwise(errors))
    assert trace.sse == errors[-1]
    assert trace.iterations == len(assigns)
    assert trace.end == ("settled" if not assigns[-1].moved else "max_iter")
    assert len(moves) == len(assigns) - (trace.end == "settled")


@given(clouds(), st.integers(1, 9), st.integers(0, 99), st.sampled_from(list(STARTS)))
def test_every_step_is_what_a_plain_run_does(cloud, k, seed, init):
    colors, rows = np.unique(cloud.points, axis=0, return_inverse=True)
    counts = np.bincount(rows.ravel())
    picture = Picture.from_pixels(noise(3, 4, seed=seed))
    start = choose_start(picture.cells, k, init, seed)
    check(colors, counts, start)
    check(colors, counts, colors[:k], max_iter=1 + seed % 4)


@pytest.mark.parametrize("init", STARTS)
def test_hostile_pictures(init):
    for seed, (name, cloud) in enumerate(hostile(2)):
        picture = Picture.from_pixels(cloud.points.astype(np.uint8)[None])
        for k in (1, 2, 7, len(cloud.points) - 1, len(cloud.points), len(cloud.points) + 3):
            if 1 <= k <= 40:
                start = choose_start(picture.cells, k, init, seed)
                assert start.shape == (k, 3), name
                check(cloud.points, cloud.weights.astype(np.int64), start, max_iter=12)


def test_many_merged_colors():
    picture = Picture.from_pixels(noise(300, 300))
    assert not picture.cells.exact
    start = choose_start(picture.cells, 16, "random", 3)
    check(picture.cells.colors, picture.cells.counts, start, max_iter=4)


def test_the_first_and_last_entries_by_hand():
    trace = trace_run([[0, 0, 0], [2, 0, 0], [10, 0, 0]], [1, 3, 2], [[0, 0, 0], [4, 0, 0]])
    assert [(step.kind, step.iteration) for step in trace.steps] == [
        ("start", 0), ("assign", 1), ("move", 1), ("assign", 2),
    ]  # fmt: skip
    assert trace.steps[1].counts.tolist() == [4, 2]  # 2 is as near to 0 as to 4: the first one has it
    assert trace.steps[1].sse == 3 * 4 + 2 * 36
    assert trace.steps[2].centers[:, 0].tolist() == [1.5, 10]
    assert trace.steps[2].shift == 6
    assert [step.moved for step in trace.steps] == [0, 6, 0, 0]
    assert trace.end == "settled"
    assert trace.centers[:, 0].tolist() == [1.5, 10]
    assert trace.sse == 1 * 1.5**2 + 3 * 0.5**2


def test_centers_that_have_nothing_stay():
    trace = trace_run([[0, 0, 0], [9, 0, 0]], [1, 1], [[5, 0, 0], [5, 0, 0], [900, 0, 0]])
    assert [step.counts.tolist() for step in trace.steps] == [
        [0, 0, 0],
        [2, 0, 0],
        [2, 0, 0],
        [1, 1, 0],
        [1, 1, 0],
        [1, 1, 0],
    ]
    assert trace.centers.tolist() == [[0, 0, 0], [9, 0, 0], [900, 0, 0]]
    alike = trace_run(noise(1, 50)[0], np.ones(50), np.full((4, 3), 128.0))
    assert alike.steps[1].counts.tolist() == [50, 0, 0, 0]


def test_criteria_end_a_run():
    colors, counts = smooth(40, 40).reshape(-1, 3), np.ones(1600)
    whole = trace_run(colors, counts, colors[:6], max_iter=500)
    assert whole.end == "settled"
    shifts = [step.shift for step in whole.steps if step.kind == "move"]
    epsilon = sorted(shifts)[len(shifts) // 2]
    short = trace_run(colors, counts, colors[:6], max_iter=500, epsilon=epsilon)
    assert short.end == "epsilon"
    assert short.iterations == 1 + next(n for n, shift in enumerate(shifts) if shift <= epsilon)
    assert trace_run(colors, counts, colors[:6], max_iter=1).iterations == 1


def test_the_same_on_any_number_of_threads(monkeypatch):
    colors, counts = noise(1, 30_000)[0], np.arange(1, 30_001)
    made = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("QUANTIZE_THREADS", threads)
        trace = trace_run(colors, counts, colors[:9], max_iter=5)
        made.append((trace.centers.tobytes(), trace.labels.tobytes(), [step.sse for step in trace.steps]))
    assert made[0] == made[1] == made[2]


def test_inputs_are_left_alone_and_steps_keep_their_own():
    colors, start = noise(1, 90)[0].astype(np.float64), np.array([[1.0, 2, 3], [200, 210, 220]])
    before = start.copy()
    trace = trace_run(colors, np.ones(90), start)
    np.testing.assert_array_equal(start, before)
    assert len({step.centers.tobytes() for step in trace.steps if step.kind != "assign"}) > 2


def test_the_checkpoint_is_called_and_ends_the_work():
    calls = []

    def stop():
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trace_run(noise(1, 500)[0], np.ones(500), noise(1, 5, seed=1)[0], checkpoint=stop)
    assert len(calls) == 3


GOOD = np.array([[1.0, 2, 3], [4, 5, 6]])


@pytest.mark.parametrize(
    ("words", "match"),
    [
        ({"colors": np.zeros((0, 3))}, "at least one colour"),
        ({"colors": np.zeros((2, 4))}, r"colors must have shape \(rows, 3\), got \(2, 4\)"),
        ({"colors": [[1, 2, np.nan], [0, 0, 0]]}, "colors must be finite"),
        ({"colors": [[1, 2, 1e10], [0, 0, 0]]}, "within ±10⁹"),
        ({"colors": [["a", "b", "c"]]}, "real numbers"),
        ({"colors": [[1, 2], [1]]}, "several lengths"),
        ({"counts": [1]}, r"counts must have shape \(2,\)"),
        ({"counts": [[1, 1]]}, r"counts must have shape \(n,\)"),
        ({"counts": [0, 1]}, "counts must be from 1"),
        ({"counts": [1, 1e13]}, "counts must be from 1"),
        ({"start": np.zeros((0, 3))}, "1 to 256 centers, got 0"),
        ({"start": np.zeros((257, 3))}, "1 to 256 centers, got 257"),
        ({"start": np.zeros((2, 3), complex)}, "real numbers"),
        ({"max_iter": 0}, "max_iter must be a whole number"),
        ({"max_iter": 2.5}, "max_iter must be a whole number"),
        ({"max_iter": True}, "max_iter must be a whole number"),
        ({"epsilon": -1}, "epsilon must be a number of at least 0"),
        ({"epsilon": np.nan}, "epsilon must be a number of at least 0"),
        ({"epsilon": "1"}, "epsilon must be a number of at least 0"),
    ],
)
def test_what_cannot_be_is_refused(words, match):
    with pytest.raises(QuantizeError, match=match):
        trace_run(**{"colors": GOOD, "counts": np.ones(2), "start": GOOD, **words})


def test_colors_are_assigned_as_in_a_run():
    colors = noise(1, 700)[0]
    trace = trace_run(colors, np.ones(700), colors[:5], max_iter=3)
    last = [step for step in trace.steps if step.kind == "assign"][-1]
    np.testing.assert_array_equal(assign_colors(colors, last.centers), trace.labels)
    assert assign_colors(np.zeros((0, 3)), GOOD).shape == (0,)
    with pytest.raises(QuantizeError, match="1 to 256"):
        assign_colors(colors, np.zeros((300, 3)))


def test_starts_differ_by_seed_and_come_from_the_picture():
    picture = Picture.from_pixels(noise(20, 20))
    for start in STARTS.values():
        made = [choose_start(picture.cells, 8, start.key, seed).tobytes() for seed in range(4)]
        assert len(set(made)) == (4 if start.drawn else 1)
        assert choose_start(picture.cells, 8, start.key, 2).tobytes() == made[2]
        if start.drawn:
            known = set(map(tuple, picture.cells.colors.tolist()))
            assert set(map(tuple, choose_start(picture.cells, 8, start.key, 1).tolist())) <= known


def test_frequent_colors_are_drawn_oftener():
    pixels = np.zeros((30, 30, 3), np.uint8)
    pixels[:2, :, 0] = np.arange(30) + 1
    cells = Picture.from_pixels(pixels).cells
    black = sum(choose_start(cells, 1, "random", seed)[0, 0] == 0 for seed in range(40))
    assert black > 30


@pytest.mark.parametrize(
    ("words", "match"),
    [
        ({"init": "luck"}, "init must be one of random, k-means"),
        ({"n_centers": 0}, "n_centers must be 1 to 256"),
        ({"n_centers": 257}, "n_centers must be 1 to 256"),
        ({"n_centers": 2.0}, "n_centers must be 1 to 256"),
        ({"seed": -1}, "seed must be"),
        ({"seed": 0.5}, "seed must be"),
    ],
)
def test_a_start_that_cannot_be_is_refused(words, match):
    picture = Picture.from_pixels(noise(4, 4))
    with pytest.raises(QuantizeError, match=match):
        choose_start(picture.cells, **{"n_centers": 2, **words})


def test_nothing_visible_has_no_start():
    gone = Picture.from_pixels(noise(4, 4), np.zeros((4, 4), np.uint8))
    with pytest.raises(QuantizeError, match="no pixel is visible"):
        choose_start(gone.cells, 2)


def test_points_are_every_color_up_to_very_many():
    picture = Picture.from_pixels(noise(300, 300))
    points = find_points(picture)
    assert points.exact
    assert len(points.colors) == picture.n_colors > 65_536
    assert points.n_pixels == 90_000
    many = Picture.from_pixels(noise(600, 600))
    assert many.n_colors > 262_144
    assert find_points(many) is many.cells
