"""Two results side by side: pairs of entries, where they differ, and the regions that differ most."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantize import Picture, quantize_image
from quantize.colors.difference import delta_e_00
from quantize.errors import QuantizeError
from quantize.measuring.comparison import delta_e_00_table, difference_map, find_regions, match_palettes
from quantize.rendering.previews import preview
from tests.pictures import noise, smooth


def palette(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (n, 3), np.uint8)


@given(st.integers(1, 5), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_no_other_matching_has_a_smaller_sum(n, seed):
    first, second = palette(n, seed), palette(n, seed + 100)
    table = delta_e_00_table(first, second)
    least = min(sum(table[row, column] for row, column in enumerate(p)) for p in permutations(range(n)))
    pairs = match_palettes(first, second)
    assert sum(pair.delta_e_00 for pair in pairs) == pytest.approx(least, rel=1e-5)
    assert sorted(pair.first for pair in pairs) == sorted(pair.second for pair in pairs) == list(range(n))


def test_pairs_come_most_different_first_with_their_difference():
    first, second = palette(40, 1), palette(40, 2)
    pairs = match_palettes(first, second)
    sizes = [pair.delta_e_00 for pair in pairs]
    assert sizes == sorted(sizes, reverse=True)
    for pair in pairs:
        one, other = first[[pair.first]], second[[pair.second]]
        assert pair.delta_e_00 == pytest.approx(float(delta_e_00(one, other)[0]), rel=1e-6)


def test_a_shuffled_palette_is_found_again():
    first = palette(256)
    order = np.random.default_rng(1).permutation(256)
    pairs = match_palettes(first, first[order])
    assert {pair.delta_e_00 for pair in pairs} == {0.0}
    assert all(order[pair.second] == pair.first for pair in pairs)


def test_of_palettes_of_unequal_length_the_worst_entries_stay_alone():
    first = np.array([[0, 0, 0], [255, 255, 255]], np.uint8)
    second = np.array([[255, 0, 0], [250, 250, 250], [3, 3, 3]], np.uint8)
    assert {(pair.first, pair.second) for pair in match_palettes(first, second)} == {(0, 2), (1, 1)}


@pytest.mark.parametrize("bad", [np.zeros((0, 3), np.uint8), np.zeros((257, 3), np.uint8), np.zeros((3, 3))])
def test_bad_palettes_are_refused(bad):
    with pytest.raises(QuantizeError, match=r"palettes must be uint8 \(k, 3\) with 1 to 256 entries, got"):
        match_palettes(palette(3), bad)


def results(pixels: np.ndarray, alpha: np.ndarray | None = None):
    picture = Picture.from_pixels(pixels, alpha)
    return picture, *(quantize_image(picture, n_colors=8, space=space) for space in ("BGR", "LAB"))


def test_map_is_the_difference_of_every_pixel():
    _, first, second = results(noise(20, 30))
    found = difference_map(first, second, 100)
    expected = delta_e_00(first.pixels.reshape(-1, 3), second.pixels.reshape(-1, 3)).reshape(20, 30)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_allclose(found, difference_map(second, first, 100), rtol=1e-5, atol=1e-5)
    assert difference_map(first, first, 100).max() == 0


def test_map_is_thinned_as_previews_are():
    _, first, second = results(noise(20, 30))
    whole = difference_map(first, second, 100)
    np.testing.assert_array_equal(difference_map(first, second, 10), whole[1::3, 1::3])


def test_transparent_pixels_do_not_differ():
    alpha = np.full((20, 30), 128, np.uint8)
    alpha[:10] = 127
    _, first, second = results(noise(20, 30), alpha)
    found = difference_map(first, second, 100)
    assert found[:10].max() == 0
    assert found[10:].max() > 0


def test_results_of_two_pictures_are_refused():
    with pytest.raises(QuantizeError, match=r"one picture, got sizes \(8, 9\) and \(9, 8\)"):
        difference_map(results(noise(8, 9))[1], results(noise(9, 8))[1], 100)


def test_regions_are_where_the_differences_are_in_order():
    difference = np.zeros((140, 210), np.float32)
    difference[100:120, 150:170] = 9
    difference[10:30, 20:40] = 7
    difference[10:30, 120:140] = 8
    regions = find_regions(difference, (420, 280))
    assert [(region.x, region.y, region.width, region.height) for region in regions] == [
        (300, 200, 40, 40), (240, 20, 40, 40), (40, 20, 40, 40),
    ]  # fmt: skip
    assert [region.delta_e_00 for region in regions] == [9, 8, 7]


def test_no_difference_no_region():
    assert find_regions(np.zeros((30, 30), np.float32), (30, 30)) == ()


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_regions_lie_in_the_picture_and_do_not_meet(height, width, seed):
    difference = np.random.default_rng(seed).random((height, width)).astype(np.float32)
    regions = find_regions(difference, (width, height))
    assert 1 <= len(regions) <= 3
    taken = np.zeros((height, width), int)
    for region in regions:
        part = slice(region.y, region.y + region.height), slice(region.x, region.x + region.width)
        assert taken[part].shape == (region.height, region.width)
        assert taken[part].max() == 0
        assert region.delta_e_00 == pytest.approx(difference[part].mean(), abs=1e-3)
        taken[part] = 1
    assert [r.delta_e_00 for r in regions] == sorted((r.delta_e_00 for r in regions), reverse=True)


def test_of_equal_regions_the_first():
    first, *_ = find_regions(np.ones((50, 70), np.float32), (70, 50))
    assert (first.x, first.y) == (0, 0)


def test_smooth_pictures_differ_somewhere():
    picture, first, second = results(smooth(90, 120))
    assert find_regions(difference_map(first, second, 60), picture.size)


@given(width=st.integers(30, 3000), height=st.integers(30, 3000), side=st.integers(20, 640))
def test_regions_lie_in_the_picture_whatever_its_size(width, height, side):
    shape = preview(np.zeros((height, width), np.uint8), side).shape
    difference = np.random.default_rng(width).random(shape).astype(np.float32)
    regions = find_regions(difference, (width, height))
    assert regions
    for region in regions:
        assert min(region.width, region.height) >= 1
        assert 0 <= region.x <= region.x + region.width <= width
        assert 0 <= region.y <= region.y + region.height <= height
