"""Wu's palette: by hand, against a slow search for the first cut, and beside its neighbours."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from quantize import Picture, quantize_image
from quantize.decoding.samples import load_sample
from quantize.methods.wu import wu_centers
from tests.pictures import noise

ROWS = hnp.arrays(
    np.float32, st.tuples(st.integers(1, 30), st.just(3)), elements=st.floats(-50, 300, width=32)
)


def test_two_groups_by_hand():
    points = np.array([[0, 0, 0], [4, 0, 0], [100, 50, 0], [104, 50, 0]], np.float32)
    centers = wu_centers(points, np.array([3, 1, 1, 1]), 2)
    np.testing.assert_allclose(sorted(centers.tolist()), [[1, 0, 0], [102, 50, 0]])


def test_the_first_cut_leaves_the_least_variance_of_all_planes():
    points = noise(40, 1).reshape(-1, 3).astype(np.float32)
    weights = np.arange(1, 41)

    def cost(part: np.ndarray) -> float:
        mean = np.average(points[part], axis=0, weights=weights[part])
        return float((weights[part] * ((points[part] - mean) ** 2).sum(1)).sum())

    centers = wu_centers(points, weights, 2)
    cells = np.minimum((points - points.min(0)) / np.ptp(points, axis=0) * 32, 31).astype(int)
    costs = {}
    for axis in range(3):
        for plane in range(1, 32):
            left = cells[:, axis] < plane
            if 0 < left.sum() < 40:
                costs[axis, plane] = cost(left) + cost(~left)
    axis, plane = min(costs, key=costs.__getitem__)
    left = cells[:, axis] < plane
    means = [np.average(points[part], axis=0, weights=weights[part]) for part in (left, ~left)]
    np.testing.assert_allclose(sorted(centers.tolist()), sorted(np.array(means).tolist()), rtol=1e-5)


@given(ROWS, st.integers(1, 40))
def test_no_more_centers_than_asked_and_the_mean_is_kept(points, n_centers):
    weights = np.arange(1, len(points) + 1)
    centers = wu_centers(points, weights, n_centers)
    assert 1 <= len(centers) <= min(n_centers, len(points))
    assert np.isfinite(centers).all()
    slack = 1e-2
    assert (centers >= points.min(0) - slack).all()
    assert (centers <= points.max(0) + slack).all()


def test_one_center_is_the_weighted_mean():
    histogram = Picture.from_pixels(noise(30, 30)).cells
    mean = np.average(histogram.colors, axis=0, weights=histogram.counts)
    np.testing.assert_allclose(wu_centers(histogram.colors, histogram.counts, 1)[0], mean, rtol=1e-5)


@pytest.mark.parametrize("n_colors", [8, 64])
def test_better_than_median_cut_and_worse_than_k_means(n_colors):
    picture = load_sample("astronaut")
    cost = {
        method: quantize_image(picture, n_colors=n_colors, method=method).sse
        for method in ("kmeans", "wu", "median cut")
    }
    assert cost["kmeans"] < cost["wu"] < cost["median cut"]
