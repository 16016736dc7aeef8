"""What Wu's cuts, median cut and octree promise alike: K boxes, and each the mean of its own points."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from quantize import Picture, quantize_image
from quantize.colors.spaces import SPACES
from quantize.methods.median_cut import median_cut_centers
from quantize.methods.octree import octree_centers
from quantize.methods.rarity import rare_weights
from quantize.methods.wu import wu_centers
from tests.degenerate import counts_near, pictures
from tests.pictures import noise

WAYS: dict[str, Callable] = {"wu": wu_centers, "median cut": median_cut_centers, "octree": octree_centers}

# Few different values on each axis, so that points repeat and lie on lines.
ROWS = hnp.arrays(
    np.float32, st.tuples(st.integers(1, 30), st.just(3)), elements=st.sampled_from([-1.5, 0, 0.25, 7, 300])
)


@pytest.mark.parametrize("way", WAYS)
@given(points=ROWS, n_centers=st.integers(1, 40), seed=st.integers(0, 9))
def test_as_many_boxes_as_asked_where_there_are_so_many_points(way, points, n_centers, seed):
    weights = np.random.default_rng(seed).pareto(0.3, len(points)).clip(1e-3, 1e9)
    centers = WAYS[way](points, weights, n_centers)
    n_different = len(np.unique(points, axis=0))
    assert len(centers) == min(n_centers, n_different)
    assert (centers >= points.min(axis=0) - 1e-3).all()
    assert (centers <= points.max(axis=0) + 1e-3).all()
    if n_centers >= n_different:
        found = np.unique(centers.round(3) + 0.0, axis=0)
        np.testing.assert_array_equal(found, np.unique(points, axis=0))


@pytest.mark.parametrize("way", WAYS)
def test_as_many_boxes_as_asked_in_every_space(way):
    """Each K of each picture in two of the spaces."""
    for number, (name, pixels) in enumerate(pictures(1)):
        histogram = Picture.from_pixels(pixels).cells
        n = len(histogram.counts)
        for turn, space in enumerate(SPACES.values(), number):
            points = space.to_working(histogram.colors)
            weights = rare_weights(histogram, float(space.key in ("LAB", "HSV")))
            for k in counts_near(n)[turn // 2 % 2 :: 2] or [1]:
                centers = WAYS[way](points, weights, k)
                assert len(centers) == min(k, n), (name, space.key, k)
                assert np.isfinite(centers).all(), (name, space.key, k)


@pytest.mark.parametrize("way", WAYS)
def test_one_center_is_the_weighted_mean(way):
    histogram = Picture.from_pixels(noise(30, 30)).cells
    mean = np.average(histogram.colors, axis=0, weights=histogram.counts)
    np.testing.assert_allclose(WAYS[way](histogram.colors, histogram.counts, 1), [mean], rtol=1e-5)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("n_centers", [2, 9, 60])
def test_every_point_is_in_one_box_and_centers_are_means(way, n_centers):
    # Of few points with weights like bits of a number, sums tell which points are in which box.
    points = np.random.default_rng(n_centers).uniform(0, 255, (12, 3)).astype(np.float32)
    weights = 2.0 ** np.arange(12)
    centers = WAYS[way](points, weights, n_centers)
    boxes = np.arange(1, 2**12)[:, None] >> np.arange(12) & 1
    means = (boxes * weights) @ points.astype(float) / (boxes * weights).sum(axis=1, keepdims=True)
    found = [int(np.abs(means - center).max(axis=1).argmin()) for center in centers]
    np.testing.assert_allclose(means[found], centers, rtol=1e-4)
    np.testing.assert_array_equal(boxes[found].sum(axis=0), 1)


@pytest.mark.parametrize("way", WAYS)
def test_heavier_points_pull(way):
    points = noise(1, 200).reshape(-1, 3).astype(np.float32)
    weights = np.where(np.arange(200) < 20, 1000, 1)
    centers = WAYS[way](points, weights, 16)
    away = ((points[:20, None] - centers) ** 2).sum(axis=2).min(axis=1)
    plain = ((points[:20, None] - WAYS[way](points, np.ones(200), 16)) ** 2).sum(axis=2).min(axis=1)
    assert away.mean() < 0.5 * plain.mean()


@pytest.mark.parametrize("way", WAYS)
def test_work_can_be_abandoned_at_every_step(way):
    points = noise(1, 300).reshape(-1, 3).astype(np.float32)
    calls = []
    WAYS[way](points, np.ones(300), 20, lambda: calls.append(1))
    assert len(calls) >= (10 if way == "octree" else 19)

    def stop() -> None:
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt

    calls.clear()
    with pytest.raises(KeyboardInterrupt):
        WAYS[way](points, np.ones(300), 20, stop)
    assert len(calls) == 5


@pytest.mark.parametrize("way", WAYS)
def test_rare_colors_get_an_entry(way):
    pixels = np.random.default_rng(0).integers(100, 140, (100, 100, 3)).astype(np.uint8)
    pixels[:2, :2] = (230, 20, 20)
    picture = Picture.from_pixels(pixels)

    def off(rare: float) -> float:
        palette = quantize_image(picture, n_colors=8, method=way, rare=rare).palette.astype(int)
        return float(((palette - [230, 20, 20]) ** 2).sum(axis=1).min())

    assert off(1.0) == 0
