"""Samples of a picture: their centers are given to all of it, and the whole is the last of them."""

import numpy as np
import pytest

from quantize import Picture
from quantize.decoding.samples import load_sample
from quantize.teaching import samples
from quantize.teaching.points import find_points
from quantize.teaching.samples import SIDES, Sample, find_enough, try_samples
from quantize.teaching.starts import choose_start
from quantize.teaching.trace import trace_run
from tests.degenerate import pictures
from tests.pictures import noise


def test_the_last_sample_is_the_whole_picture():
    coffee = load_sample("coffee")
    found = try_samples(coffee, 8)
    assert [sample.n_pixels for sample in found] == sorted(sample.n_pixels for sample in found)
    assert found[-1].n_pixels == 240_000
    assert len(found) == 1 + sum(side < 600 for side in SIDES)
    points = find_points(coffee)
    start = choose_start(points, 8, "split")
    labels_of_the_end = trace_run(points.colors, points.counts, start, max_iter=40)
    assert found[-1].error <= labels_of_the_end.sse / 240_000  # assigned once more
    assert found[-1].error == pytest.approx(labels_of_the_end.sse / 240_000, rel=0.01)


def test_hostile_pictures_have_samples():
    for name, pixels in pictures(1):
        found = try_samples(Picture.from_pixels(pixels), 5, sides=(1, 3, 10), max_iter=3)
        assert found[-1].n_pixels == pixels.size // 3, name
        assert np.isfinite([sample.error for sample in found]).all()
    assert len(try_samples(Picture.from_pixels(noise(1, 1)), 3)) == 1


def test_samples_without_a_visible_pixel_are_left_out():
    alpha = np.zeros((40, 40), np.uint8)
    alpha[0, 0] = 255
    (only,) = try_samples(Picture.from_pixels(noise(40, 40), alpha), 2, sides=(10, 20))
    assert (only.n_pixels, only.error) == (1, 0)


def test_of_short_times_the_median_counts(monkeypatch):
    for took, expected, times in (([0.2, 0.9, 0.1], 0.2, 3), ([2.0, 9.0, 9.0], 2.0, 1)):
        clock = iter([moment for seconds in took for moment in (0.0, seconds)])
        monkeypatch.setattr(samples.time, "perf_counter", lambda clock=clock: next(clock))
        calls: list[int] = []
        made = samples._time(lambda calls=calls: calls.append(1) or len(calls))
        assert made == (times, expected)


def test_enough_is_where_it_stays_near():
    made = [
        Sample(n, 0.0, error) for n, error in ((1, 200.0), (2, 100.5), (3, 101.5), (4, 100.9), (5, 100.0))
    ]
    assert find_enough(made).n_pixels == 4
    assert find_enough(made[-1:]).n_pixels == 5
    zero = [Sample(1, 0.0, 0.0), Sample(2, 0.0, 0.0)]
    assert find_enough(zero).n_pixels == 1
