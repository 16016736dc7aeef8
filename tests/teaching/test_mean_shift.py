"""Mean shift: the same peaks as climbing cell by cell, no more clusters than asked for, all pixels in one."""

import itertools

import numpy as np
import pytest

from quantize import Picture, QuantizeError
from quantize.teaching.mean_shift import WIDTHS, find_modes
from quantize.teaching.points import find_points
from tests.degenerate import pictures
from tests.pictures import noise, smooth


def climb(points, width):
    """Sum of each colour over every cell as the definition says, and steps to the highest neighbour."""
    cells = [tuple(int(level) // 8 for level in color) for color in points.colors]
    all_cells = np.array(list(itertools.product(range(32), repeat=3)))
    density = np.zeros(len(all_cells))
    for cell, count in zip(cells, points.counts, strict=True):
        away = np.square((all_cells - cell) / width).sum(axis=1)
        density += count * np.exp(-0.5 * away)
    density = density.reshape(32, 32, 32)
    peaks = []
    for cell in cells:
        while True:
            near = itertools.product(*(range(max(at - 1, 0), min(at + 2, 32)) for at in cell))
            best = max(near, key=lambda one: density[one])
            if density[best] <= density[cell]:
                break
            cell = best
        peaks.append(cell)
    return peaks


@pytest.mark.parametrize("seed", range(2))
def test_the_same_clusters_as_climbing_cell_by_cell(seed):
    rng = np.random.default_rng(seed)
    spots = rng.integers(20, 236, (5, 1, 3)) + rng.integers(-9, 10, (5, 12, 3))
    points = find_points(Picture.from_pixels(spots.astype(np.uint8)))
    found = find_modes(points, 5)
    peaks = climb(points, found.width / 8)
    order = list(dict.fromkeys(peaks))
    assert len(found.centers) == len(order) <= 5
    for number, peak in enumerate(order):
        mine = np.array([at == peak for at in peaks])
        mean = np.average(points.colors[mine], axis=0, weights=points.counts[mine])
        np.testing.assert_allclose(found.centers[number], mean, rtol=0, atol=1e-9)
        assert found.counts[number] == points.counts[mine].sum()


def test_blots_that_lie_apart_are_found_whatever_their_counts():
    blots = np.repeat([[20, 20, 20], [240, 30, 30], [30, 240, 40], [60, 40, 230]], [4000, 7, 300, 1], axis=0)
    points = find_points(Picture.from_pixels(blots[None].astype(np.uint8)))
    found = find_modes(points, 4)
    counted = dict(zip(map(tuple, found.centers.tolist()), found.counts.tolist(), strict=True))
    assert counted == {
        (20, 20, 20): 4000, (240, 30, 30): 7, (30, 240, 40): 300, (60, 40, 230): 1,
    }  # fmt: skip


@pytest.mark.parametrize("most", [1, 9])
def test_never_more_than_asked_for_and_every_pixel_is_in_one(most):
    corners = np.array(list(itertools.product((0, 255), repeat=3)), np.uint8)[None]
    hostile = [*pictures(1), ("noise", noise(24, 25)), ("smooth", smooth(30, 20)), ("corners", corners)]
    for name, pixels in hostile:
        points = find_points(Picture.from_pixels(pixels))
        found = find_modes(points, most)
        assert 1 <= len(found.centers) <= most, name
        assert found.counts.sum() == points.counts.sum(), name
        assert (found.counts > 0).all(), name
        assert found.width / 8 in WIDTHS, name
        low, high = points.colors.min(axis=0), points.colors.max(axis=0)
        assert ((found.centers >= low - 1e-9) & (found.centers <= high + 1e-9)).all(), name


def test_none_is_no_number_of_clusters():
    points = find_points(Picture.from_pixels(smooth(4, 4)))
    with pytest.raises(QuantizeError, match="at least 1, got 0"):
        find_modes(points, 0)
