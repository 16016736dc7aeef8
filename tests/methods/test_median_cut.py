"""Median cut: by hand, against a slow search, and on pictures that it got wrong."""

import numpy as np
import pytest

from quantize import quantize_image
from quantize.colors.spaces import SPACES
from quantize.methods.median_cut import median_cut_centers
from tests.pictures import noise, smooth


def test_by_hand():
    # Along x, the longest side, half of 8 pixels is at 4: after the second colour. Then both boxes have four
    # pixels, and the older one is cut along y.
    points = np.array([[0, 0, 0], [1, 5, 0], [60, 0, 0], [100, 0, 0]], np.float32)
    weights = np.array([3, 1, 2, 2])
    assert sorted(median_cut_centers(points, weights, 2).tolist()) == [[0.25, 1.25, 0], [80, 0, 0]]
    assert sorted(median_cut_centers(points, weights, 3).tolist()) == [[0, 0, 0], [1, 5, 0], [80, 0, 0]]


def slow_median_cut(points, weights, n_centers):
    """The same with lists of rows and a search over all planes."""
    boxes = [list(range(len(points)))]
    while len(boxes) < n_centers:
        heavy = max(boxes, key=lambda rows: (len({tuple(points[r]) for r in rows}) > 1, weights[rows].sum()))
        inside = points[heavy]
        axis = int((inside.max(axis=0) - inside.min(axis=0)).argmax())
        half = weights[heavy].sum() / 2
        planes = sorted(set(inside[:, axis].tolist()))[1:]
        plane = min(planes, key=lambda at: abs(weights[heavy][inside[:, axis] < at].sum() - half))
        boxes.remove(heavy)
        boxes.append([row for row in heavy if points[row, axis] < plane])
        boxes.append([row for row in heavy if points[row, axis] >= plane])
    return np.array([np.average(points[rows], axis=0, weights=weights[rows]) for rows in boxes])


@pytest.mark.parametrize("n_centers", [2, 3, 8, 25])
def test_slow_search_finds_the_same(n_centers):
    points = (noise(1, 50, seed=n_centers)[0] // 8).astype(np.float32)
    weights = np.random.default_rng(n_centers).permutation(50) * 7 + 1  # no two boxes weigh the same
    found = median_cut_centers(points, weights, n_centers)
    slow = slow_median_cut(points.astype(float), weights, n_centers)
    np.testing.assert_allclose(sorted(found.tolist()), sorted(slow.tolist()), rtol=1e-5)


@pytest.mark.parametrize("space", SPACES)
def test_half_white_and_a_quarter_black_stay_white_and_black(space):
    # Cut by the extent of the space instead of the colours' own, white was #a8d39d in HSV.
    pixels = np.full((40, 40, 3), 255, np.uint8)
    pixels[20:30] = 0
    pixels[30:] = smooth(10, 40)
    palette = quantize_image(pixels, n_colors=4, space=space, method="median cut").palette.tolist()
    assert [255, 255, 255] in palette
    assert [0, 0, 0] in palette


def test_units_do_not_matter():
    points, weights = noise(1, 80).reshape(-1, 3).astype(np.float32), np.arange(1, 81)
    large = median_cut_centers(points, weights, 9)
    np.testing.assert_allclose(median_cut_centers(points / 1024 - 2, weights, 9), large / 1024 - 2, atol=1e-6)


def test_halving_weights_that_never_end_takes_one_cut_a_point():
    # Each cut strips a single point; what is left must still be cut, not dropped.
    points = np.arange(60, dtype=np.float32)[:, None] * np.float32([1, 0, 0])
    centers = median_cut_centers(points, 2.0 ** np.arange(60), 60)
    np.testing.assert_array_equal(np.sort(centers[:, 0]), np.arange(60))
