"""Groups: sorted points are the same points, merged ones weigh the same, and no cube or box is left."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantize.methods.kernels_group import (
    LONGEST_BLOCK,
    LONGEST_GROUP,
    bound_groups,
    find_groups,
    merge_points,
    sort_points,
)
from tests.clouds import Cloud, blobs, clouds, hostile

RANDOM = np.random.default_rng(0)
CLOUDS = dict(hostile(1)) | {
    "clusters": blobs(9000, RANDOM),
    "a crowd": blobs(9000, RANDOM, n_blobs=1, width=2),
}
every_cloud = pytest.mark.parametrize("cloud", CLOUDS.values(), ids=CLOUDS)


def cells_of(points: np.ndarray) -> np.ndarray:
    """Cell 0–63 on each axis, of 64 steps over the longest side of the bounding box, in float64."""
    low = points.min(axis=0).astype(float)
    return np.floor((points - low) * 63.99 / max(1e-30, (points.max(axis=0) - low).max())).astype(int)


def unpack(keys: np.ndarray) -> np.ndarray:
    """Cells (n, 3) of keys: bits x y z x y z …, the highest first."""
    bits = keys.astype(int)[:, None] >> np.arange(17, -1, -1) & 1
    return np.stack([bits[:, axis::3] @ (32, 16, 8, 4, 2, 1) for axis in range(3)], axis=1)


def sort(cloud: Cloud) -> tuple[np.ndarray, np.ndarray]:
    axes = np.full((4, len(cloud.points)), np.nan, np.float32)
    keys = np.full(len(cloud.points), 2**32 - 1, np.uint32)
    sort_points(cloud.points, cloud.weights, axes, keys)
    return axes, keys


def cut(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    starts, blocks = (np.full(len(keys) + 1, 2**32 - 1, np.uint32) for _ in range(2))
    n_groups, n_blocks = find_groups(keys, starts, blocks)
    return starts[: n_groups + 1].astype(int), blocks[: n_blocks + 1].astype(int)


@settings(max_examples=50)
@given(clouds(1, 80))
def test_sorted_points_are_the_same_points_with_their_weights(cloud):
    axes, keys = sort(cloud)
    before = np.column_stack([cloud.points, cloud.weights])
    order = np.lexsort(before.T), np.lexsort(axes)
    np.testing.assert_array_equal(before[order[0]], axes.T[order[1]])
    assert (np.diff(keys.astype(int)) >= 0).all()


@every_cloud
def test_keys_are_the_cells_in_morton_order(cloud):
    axes, keys = sort(cloud)
    # float32 may put a point on a border into the next cell.
    assert np.abs(unpack(keys) - cells_of(axes[:3].T)).max() <= 1
    assert (unpack(keys) == cells_of(axes[:3].T)).mean() > 0.95
    assert unpack(keys).max() <= 63


def test_sorting_keeps_the_order_of_one_cell():
    points = np.zeros((500, 3), np.float32)
    axes, _ = sort(Cloud(points, np.arange(1, 501, dtype=np.float32)))
    assert axes[3].tolist() == list(range(1, 501))


@every_cloud
def test_groups_and_blocks_are_small_and_keep_to_their_cubes(cloud):
    _, keys = sort(cloud)
    starts, blocks = cut(keys)
    for ends, last in ((starts, len(keys)), (blocks, len(starts) - 1)):
        assert (ends[0], ends[-1]) == (0, last)
        assert (np.diff(ends) > 0).all()
    assert np.diff(starts).max() <= LONGEST_GROUP
    assert np.diff(blocks).max() <= LONGEST_BLOCK
    cells = unpack(keys)
    for runs, side in ((starts, 4), (starts[blocks], 8)):
        for start, stop in pairwise(runs):
            assert len(np.unique(cells[start:stop] // side, axis=0)) == 1


@every_cloud
def test_no_group_or_block_could_take_in_the_next_one(cloud):
    """Cut only where it must be: at the end of a cube, or when one is full."""
    _, keys = sort(cloud)
    starts, blocks = cut(keys)
    for n in range(1, len(starts) - 1):
        full = starts[n] - starts[n - 1] == LONGEST_GROUP
        assert full or keys[starts[n]] >> 6 != keys[starts[n] - 1] >> 6
    for n in range(1, len(blocks) - 1):
        full = blocks[n] - blocks[n - 1] == LONGEST_BLOCK
        first = starts[blocks[n]]
        assert full or keys[first] >> 9 != keys[first - 1] >> 9


@pytest.mark.parametrize("bits", [0, 1, 2])
@every_cloud
def test_merged_points_are_the_means_of_their_cubes(cloud, bits):
    axes, keys = sort(cloud)
    merged, merged_keys = np.full_like(axes, np.nan), np.full_like(keys, 2**32 - 1)
    parents = np.full(len(keys), 2**32 - 1, np.uint32)
    n = merge_points(axes, keys, bits, merged, merged_keys, parents)
    cubes, expected = np.unique(keys >> np.uint32(3 * bits), return_inverse=True)
    assert n == len(cubes)
    np.testing.assert_array_equal(parents, expected)
    np.testing.assert_array_equal(merged_keys[:n] >> np.uint32(3 * bits), cubes)
    weights = np.bincount(parents, axes[3], minlength=n)
    np.testing.assert_allclose(merged[3, :n], weights, rtol=1e-6)
    for axis in range(3):
        means = np.bincount(parents, axes[3].astype(float) * axes[axis], minlength=n) / weights
        np.testing.assert_allclose(merged[axis, :n], means, rtol=1e-6)


@settings(max_examples=50)
@given(clouds(1, 80), st.sampled_from([1e-3, 1.0, 1e4]))
def test_boxes_hold_their_points_and_hardly_more(cloud, scale):
    axes, keys = sort(Cloud(cloud.points * np.float32(scale), cloud.weights))
    starts, _ = cut(keys)
    boxes = np.full((6, len(starts) - 1), np.nan, np.float32)
    bound_groups(axes, starts.astype(np.uint32), boxes)
    for run, (start, stop) in enumerate(pairwise(starts)):
        points = axes[:3, start:stop].astype(float)
        middle, width = boxes[:3, run].astype(float), boxes[3:, run].astype(float)
        np.testing.assert_allclose(width, np.ptp(points, axis=1), rtol=1e-4, atol=1e-6 * scale)
        slack = 1e-4 * scale  # the middle itself is rounded, by less than a step of float32
        assert (np.abs(points - middle[:, None]).max(axis=1) <= width / 2 + slack).all()
