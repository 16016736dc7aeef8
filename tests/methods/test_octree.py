"""Octree: by hand, against a tree of nodes, and no worse than Pillow's."""

import numpy as np
import pytest
from PIL import Image
from skimage import data

from quantize import Picture, quantize_image
from quantize.methods.octree import octree_centers
from tests.pictures import noise


def test_by_hand():
    # The mean is 4: halved there, and then the right half, 8 wide, rather than the left one, 2 wide.
    points = np.array([[0, 0, 0], [2, 0, 0], [3, 0, 0], [7, 0, 0], [8, 0, 0]], np.float32)
    weights = np.ones(5)
    assert octree_centers(points, weights, 2).ravel()[[0, 3]] == pytest.approx([5 / 3, 7.5])
    assert octree_centers(points, weights, 3).ravel()[[0, 3, 6]] == pytest.approx([0, 2.5, 7.5])


def slow_octree(points, weights, n_centers):
    """Halve a cube again and again, then cut those nodes whose error is largest."""
    points = points.astype(float)
    mean = np.average(points, axis=0, weights=weights)
    half = np.abs(points - mean).max()
    axes = np.argsort(-((points - mean) ** 2).sum(axis=0), kind="stable")
    nodes = []

    def cost(rows):
        middle = np.average(points[rows], axis=0, weights=weights[rows])
        return (weights[rows] * ((points[rows] - middle) ** 2).sum(axis=1)).sum()

    def halve(rows, low, side, turn):
        if len(rows) < 2 or turn == 48:
            return
        axis = axes[turn % 3]
        side = side.copy()
        side[axis] /= 2
        right = points[rows, axis] >= low[axis] + side[axis]
        step = np.zeros(3)
        step[axis] = side[axis]
        if right.any() and not right.all():
            nodes.append((cost(rows), rows, rows[~right], rows[right]))
        halve(rows[~right], low, side, turn + 1)
        halve(rows[right], low + step, side, turn + 1)

    everything = np.arange(len(points))
    halve(everything, mean - half, np.full(3, 2 * half), 0)
    leaves = [everything]
    for _, rows, left, right in sorted(nodes, key=lambda node: (-node[0], -len(node[1])))[: n_centers - 1]:
        at = next(i for i, leaf in enumerate(leaves) if len(leaf) == len(rows) and (leaf == rows).all())
        leaves[at : at + 1] = [left, right]
    return np.array([np.average(points[rows], axis=0, weights=weights[rows]) for rows in leaves])


@pytest.mark.parametrize("n_centers", [1, 2, 7, 30, 60])
def test_a_tree_of_nodes_finds_the_same(n_centers):
    points = noise(1, 60, seed=n_centers).reshape(-1, 3).astype(np.float32)
    weights = np.random.default_rng(n_centers).integers(1, 100, 60)
    found, slow = octree_centers(points, weights, n_centers), slow_octree(points, weights, n_centers)
    np.testing.assert_allclose(sorted(found.tolist()), sorted(slow.tolist()), rtol=1e-5)


@pytest.mark.parametrize("n_colors", [16, 64, 256])
@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea", "rocket"])
def test_no_worse_than_pillows(name, n_colors):
    picture = Picture.from_pixels(getattr(data, name)())
    image = Image.fromarray(picture.pixels)
    theirs = image.quantize(n_colors, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    off = picture.pixels.astype(int) - np.asarray(theirs.convert("RGB"))
    assert quantize_image(picture, n_colors=n_colors, method="octree").sse <= 1.02 * (off**2).sum()


def test_points_that_almost_coincide_stay_apart():
    points = np.array([[0, 0, 0], [0.1, 0, 0], [1000, 0, 0]], np.float32)
    assert len(octree_centers(points, np.ones(3), 3)) == 3
    histogram = Picture.from_pixels(noise(40, 40)).cells
    assert len(octree_centers(histogram.colors, histogram.counts, 1600)) == len(histogram.counts)
