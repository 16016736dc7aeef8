"""Label maps in which a brush fits: distances beside a slow count, then what holds of every map."""

import numpy as np
import pytest

from quantize.numbers.brush import find_small, fit_brush, merge_parts
from quantize.numbers.room import find_nearest, measure_distances
from quantize.regions.parts import CLEAR, find_parts
from tests.regions.maps import HOSTILE, blobs, rings


def free_radius(labels: np.ndarray, y: int, x: int) -> float:
    """The largest disc around a pixel's middle in pixels of its label: slow and obvious."""
    height, width = labels.shape
    nearest = min(x, y, width - 1 - x, height - 1 - y) + 0.5
    rows, columns = np.nonzero(labels != labels[y, x])
    across, down = np.maximum(abs(columns - x) - 0.5, 0), np.maximum(abs(rows - y) - 0.5, 0)
    return min(nearest, np.hypot(across, down).min(initial=np.inf))


def holds_disc(mask: np.ndarray, radius: float) -> bool:
    """Whether a disc around a pixel's middle lies in a mask, by trying all: a pixel of tolerance."""
    reach = int(radius)
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = np.hypot(x, y) <= radius - 0.5
    padded = np.pad(mask, reach)
    height, width = mask.shape
    whole = np.ones(mask.shape, bool)
    for down, across in zip(*np.nonzero(disc), strict=True):
        whole &= padded[down : down + height, across : across + width]
    return bool(whole.any())


def fitted(labels: np.ndarray, radius: float, fixed: np.ndarray | None = None):
    return fit_brush(labels, labels, radius, np.zeros(labels.shape, bool) if fixed is None else fixed)


@pytest.mark.parametrize("name", HOSTILE)
def test_distances_are_never_too_long_and_at_most_a_pixel_too_short(name):
    labels = HOSTILE[name]
    found = measure_distances(labels)
    for y, x in np.ndindex(*labels.shape):
        true = free_radius(labels, y, x)
        assert true - 1 <= found[y, x] <= true + 1e-5, (y, x)


def test_the_nearest_value_is_that_of_a_nearest_pixel():
    random = np.random.default_rng(3)
    mask = random.random((30, 41)) < 0.04
    values = random.integers(0, 200, mask.shape, np.uint8)
    found = find_nearest(mask, values)
    ys, xs = np.nonzero(mask)
    for y, x in np.ndindex(*mask.shape):
        away = np.hypot(ys - y, xs - x)
        near = values[ys[away <= away.min() * 1.05 + 0.1], xs[away <= away.min() * 1.05 + 0.1]]
        assert found[y, x] in near


MAPS = {
    **{name: one for name, one in HOSTILE.items() if min(one.shape) > 1},
    "large blobs": blobs(120, 150, 6, cell=17),
    "small blobs": blobs(90, 110, 8, cell=5, seed=3),
    "large rings": rings(80),
    "stripes": np.repeat(np.arange(60) % 3, 4).astype(np.uint8)[None].repeat(90, axis=0),
    "noise": np.random.default_rng(4).integers(0, 7, (100, 120), np.uint8),
}


@pytest.mark.parametrize("radius", [2.0, 4.0, 9.5])
@pytest.mark.parametrize("name", MAPS)
def test_the_brush_fits_into_every_part_that_has_neighbours(name, radius):
    labels = MAPS[name]
    parts = fitted(labels, radius)
    np.testing.assert_array_equal(parts.map == CLEAR, labels == CLEAR)
    assert set(np.unique(parts.map)) <= set(np.unique(labels))
    visible = int((parts.labels != CLEAR).sum())
    for number, label in enumerate(parts.labels.tolist()):
        mine = parts.numbers == number
        grown = np.pad(mine, 1)
        beside = grown[2:, 1:-1] | grown[:-2, 1:-1] | grown[1:-1, 2:] | grown[1:-1, :-2]
        alone = visible == 1 or (parts.map[beside & ~mine] == CLEAR).all()
        assert label == CLEAR or alone or holds_disc(mine, radius), number
    again = find_parts(parts.map)
    np.testing.assert_array_equal(again.numbers, parts.numbers)


def test_what_is_wide_enough_stays_as_it_is():
    labels = np.zeros((90, 120), np.uint8)
    labels[:, 60:] = 1
    labels[40:, 60:] = 2
    np.testing.assert_array_equal(fitted(labels, 8).map, labels)


def test_a_line_of_half_the_brush_is_widened_and_a_hair_goes():
    labels = np.zeros((60, 200), np.uint8)
    labels[30:36, 10:190] = 1
    parts = fitted(labels, 5)
    assert set(parts.labels.tolist()) == {0, 1}
    assert (parts.map == 1)[:, 100].sum() >= 9
    labels[:] = 0
    labels[30:32, 10:190] = 1
    assert set(fitted(labels, 5).labels.tolist()) == {0}


def test_a_strip_goes_to_both_sides():
    labels = np.zeros((60, 90), np.uint8)
    labels[30:] = 1
    labels[29:31] = 2
    found = fitted(labels, 6).map
    np.testing.assert_array_equal(found[:29], 0)
    np.testing.assert_array_equal(found[32:], 1)


def test_fine_texture_becomes_what_it_is_from_afar():
    labels = (np.indices((100, 100)).sum(axis=0) % 2).astype(np.uint8)
    labels[:, 60:] = 3
    soft = np.where(labels == 3, 3, 2).astype(np.uint8)
    found = fit_brush(labels, soft, 5.0, np.zeros(labels.shape, bool)).map
    assert (found[:, :40] == 2).all()
    assert (found[:, 62:] == 3).all()


def test_fixed_pixels_stay_however_small():
    labels = blobs(80, 100, 4, cell=20)
    fixed = np.zeros(labels.shape, bool)
    fixed[40:42, 50:52] = fixed[10, 10] = True
    labels[fixed] = 9
    parts = fitted(labels, 7, fixed)
    assert (parts.map[fixed] == 9).all()
    assert not find_small(parts, 7, fixed).any()


def test_merging_ends_in_the_neighbour_with_the_longest_border():
    labels = np.zeros((20, 20), np.uint8)
    labels[:, 10:] = 1
    labels[5:9, 8:11] = 2
    parts = find_parts(labels)
    merged = merge_parts(parts, parts.labels == 2)
    assert merged.map[6, 9] == 0
    assert merge_parts(merged, np.zeros(len(merged), bool)) is merged
    alone = find_parts(np.full((5, 5), 3, np.uint8))
    assert merge_parts(alone, np.ones(1, bool)) is alone


def test_many_small_parts_in_a_row_become_one():
    labels = (np.arange(60) % 5).astype(np.uint8)[None].repeat(40, axis=0)
    assert len(fitted(labels, 12.0)) >= 1
    parts = find_parts(labels)
    assert len(merge_parts(parts, np.ones(len(parts), bool))) == 1


def test_work_can_be_ended():
    class Ended(Exception): ...

    def stop():
        raise Ended

    with pytest.raises(Ended):
        fit_brush(MAPS["noise"], MAPS["noise"], 4.0, np.zeros((100, 120), bool), stop)
