"""Figures: worked out by hand, against the published pairs, and against a slow count over every pixel."""

import math

import numpy as np
import pytest
from coloraide import Color
from coloraide.spaces.srgb_linear import RGB_TO_XYZ
from hypothesis import given
from hypothesis import strategies as st
from skimage.color import deltaE_ciede2000, rgb2lab

from quantize import Picture, QuantizeError, measure, quantize_image
from quantize.colors.ciede2000 import exact_difference, exact_lab
from quantize.colors.difference import delta_e_00, lab_difference
from quantize.colors.spaces import SPACES
from quantize.measuring.metrics import (
    delta_e_map,
    measure_palette,
    psnr_db,
    weighted_mean,
    weighted_percentiles,
)
from quantize.measuring.pairs import count_pairs
from tests.pictures import noise

# IEC 61966-2-1's white, D65 of 0.3127 and 0.3290, as X, Y, Z.
WHITE = np.array([0.3127 / 0.3290, 1, (1 - 0.3127 - 0.3290) / 0.3290])

# Sharma, Wu, Dalal 2005, table 1: L1 a1 b1 L2 a2 b2 ΔE00.
SHARMA = """
50.0000 2.6772 -79.7751 50.0000 0.0000 -82.7485 2.0425
50.0000 3.1571 -77.2803 50.0000 0.0000 -82.7485 2.8615
50.0000 2.8361 -74.0200 50.0000 0.0000 -82.7485 3.4412
50.0000 -1.3802 -84.2814 50.0000 0.0000 -82.7485 1.0000
50.0000 -1.1848 -84.8006 50.0000 0.0000 -82.7485 1.0000
50.0000 -0.9009 -85.5211 50.0000 0.0000 -82.7485 1.0000
50.0000 0.0000 0.0000 50.0000 -1.0000 2.0000 2.3669
50.0000 -1.0000 2.0000 50.0000 0.0000 0.0000 2.3669
50.0000 2.4900 -0.0010 50.0000 -2.4900 0.0009 7.1792
50.0000 2.4900 -0.0010 50.0000 -2.4900 0.0010 7.1792
50.0000 2.4900 -0.0010 50.0000 -2.4900 0.0011 7.2195
50.0000 2.4900 -0.0010 50.0000 -2.4900 0.0012 7.2195
50.0000 -0.0010 2.4900 50.0000 0.0009 -2.4900 4.8045
50.0000 -0.0010 2.4900 50.0000 0.0010 -2.4900 4.8045
50.0000 -0.0010 2.4900 50.0000 0.0011 -2.4900 4.7461
50.0000 2.5000 0.0000 50.0000 0.0000 -2.5000 4.3065
50.0000 2.5000 0.0000 73.0000 25.0000 -18.0000 27.1492
50.0000 2.5000 0.0000 61.0000 -5.0000 29.0000 22.8977
50.0000 2.5000 0.0000 56.0000 -27.0000 -3.0000 31.9030
50.0000 2.5000 0.0000 58.0000 24.0000 15.0000 19.4535
50.0000 2.5000 0.0000 50.0000 3.1736 0.5854 1.0000
50.0000 2.5000 0.0000 50.0000 3.2972 0.0000 1.0000
50.0000 2.5000 0.0000 50.0000 1.8634 0.5757 1.0000
50.0000 2.5000 0.0000 50.0000 3.2592 0.3350 1.0000
60.2574 -34.0099 36.2677 60.4626 -34.1751 39.4387 1.2644
63.0109 -31.0961 -5.8663 62.8187 -29.7946 -4.0864 1.2630
61.2901 3.7196 -5.3901 61.4292 2.2480 -4.9620 1.8731
35.0831 -44.1164 3.7933 35.0232 -40.0716 1.5901 1.8645
22.7233 20.0904 -46.6940 23.0331 14.9730 -42.5619 2.0373
36.4612 47.8580 18.3852 36.2715 50.5065 21.2231 1.4146
90.8027 -2.0831 1.4410 91.1528 -1.6435 0.0447 1.4441
90.9257 -0.5406 -0.9208 88.6381 -0.8985 -0.7239 1.5381
6.7747 -0.2908 -2.4247 5.8714 -0.0985 -2.2286 0.6377
2.0776 0.0795 -1.1350 0.9033 -0.0636 -0.5514 0.9082
"""


def test_the_published_pairs():
    rows = np.array([[float(word) for word in line.split()] for line in SHARMA.split("\n") if line])
    assert len(rows) == 34
    for first, second in ((rows[:, :3], rows[:, 3:6]), (rows[:, 3:6], rows[:, :3])):
        np.testing.assert_allclose(lab_difference(first, second), rows[:, 6], atol=1e-4)
        np.testing.assert_allclose(exact_difference(first, second), rows[:, 6], atol=5e-5)


def slow_lab(colors: np.ndarray) -> np.ndarray:
    """CIE L*a*b* in float64 from sRGB's primaries and D65 alone: coloraide's matrix."""
    linear = np.where(
        colors / 255.0 <= 0.04045, colors / 255.0 / 12.92, ((colors / 255.0 + 0.055) / 1.055) ** 2.4
    )
    xyz = linear @ np.array(RGB_TO_XYZ).T / WHITE
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116).T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


def hues_of(colors: np.ndarray) -> np.ndarray:
    _, a, b = slow_lab(colors).T
    return np.rad2deg(np.arctan2(b, a)) % 360


def opposite_pairs(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """8-bit colours whose hues are opposite up to some thousandths of a degree."""
    colors = rng.integers(0, 256, (n, 3)).astype(np.uint8)
    hues = hues_of(colors)
    order = np.argsort(hues)
    at = np.searchsorted(hues[order], (hues + 180) % 360)
    return colors, colors[order[at % n]]


# Deciding the side takes more digits than anybody writes down: so both sides count here, and nowhere else.
TOO_CLOSE = 1e-9


def check_against_scikit_image(first: np.ndarray, second: np.ndarray) -> None:
    labs = slow_lab(first), slow_lab(second)
    expected = deltaE_ciede2000(*labs)
    found = delta_e_00(first, second)
    np.testing.assert_array_equal(found, delta_e_00(second, first))
    apart = np.abs(np.abs(stretched_hue(*labs) - stretched_hue(*labs[::-1])) - 180)
    sure = ~(apart < TOO_CLOSE)
    np.testing.assert_allclose(found[sure], expected[sure], atol=1e-3)


def stretched_hue(lab: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The formula's h' of ``lab`` beside ``other``."""
    mean = (np.hypot(lab[:, 1], lab[:, 2]) + np.hypot(other[:, 1], other[:, 2])) / 2
    stretch = 1 + 0.5 * (1 - np.sqrt(mean**7 / (mean**7 + 25.0**7)))
    return np.rad2deg(np.arctan2(lab[:, 2], lab[:, 1] * stretch)) % 360


@pytest.mark.parametrize("seed", range(3))
def test_difference_of_any_8_bit_colors_is_that_of_scikit_image(seed):
    rng = np.random.default_rng(seed)
    n = 60_000
    any_colors = rng.integers(0, 256, (n, 3)).astype(np.uint8)
    others = rng.integers(0, 256, (n, 3)).astype(np.uint8)
    grey = np.repeat(any_colors[:, :1], 3, axis=1)
    near_grey = (grey + rng.integers(-3, 4, (n, 3))).clip(0, 255).astype(np.uint8)
    for first, second in ((any_colors, others), (grey, others), (grey, grey[::-1]), (near_grey, grey)):
        check_against_scikit_image(first, second)
    check_against_scikit_image(near_grey, near_grey[rng.permutation(n)])


@pytest.mark.parametrize("seed", range(3))
def test_difference_of_opposite_hues_is_that_of_scikit_image(seed):
    first, second = opposite_pairs(200_000, np.random.default_rng(seed))
    gap = np.abs(np.abs(hues_of(first) - hues_of(second)) - 180)
    assert np.median(gap) < 0.002  # the pairs are what they are meant to be
    check_against_scikit_image(first, second)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("#75c648", "#9666ca", 79.0801), ("#0000ff", "#ffff00", 103.43), ("#808080", "#0000ff", 38.6632)],
)
def test_difference_of_single_pairs_is_that_of_coloraide(first, second, expected):
    theirs = Color(first).delta_e(Color(second), method="2000")
    assert theirs == pytest.approx(expected, abs=0.01)
    pair = [np.array([list(bytes.fromhex(color[1:]))], np.uint8) for color in (first, second)]
    assert delta_e_00(*pair)[0] == pytest.approx(theirs, abs=5e-4)
    assert delta_e_00(*pair[::-1])[0] == delta_e_00(*pair)[0]


def test_difference_of_hues_exactly_opposite_has_one_value_both_ways():
    # Red and blue alike: green and magenta of 144° and 324°, opposite but for float64's last digit.
    first, second = np.array([[17, 21, 17]], np.uint8), np.array([[21, 17, 21]], np.uint8)
    one = delta_e_00(first, second)
    assert one == delta_e_00(second, first)
    # The mean hue is 234°, half the sum, as it is if magenta is a little bluer.
    bluer = (second + np.float32([0, 0, 0.01])).astype(np.float32)
    assert one == pytest.approx(delta_e_00(first.astype(np.float32), bluer), abs=0.01)


def test_figures_of_pairs_in_doubt_are_in_the_mean():
    # Every pixel's hue is opposite that of its entry, and each has the exact difference.
    first, second = (colors[:1] for colors in opposite_pairs(200_000, np.random.default_rng(5)))
    picture = Picture.from_pixels(np.repeat(first, 9, axis=0).reshape(3, 3, 3))
    metrics = measure_palette(picture, second, SPACES["BGR"])
    assert metrics.delta_e_00 == pytest.approx(
        float(deltaE_ciede2000(*map(slow_lab, (first, second)))[0]), abs=1e-3
    )


def test_greys_have_no_chroma():
    greys = np.arange(256, dtype=np.uint8)[:, None].repeat(3, axis=1)
    assert (SPACES["LAB"].to_working(greys)[:, 1:] == 0).all()
    assert (exact_lab(greys)[:, 1:] == 0).all()
    colors = noise(300, 300).reshape(-1, 3)
    np.testing.assert_allclose(exact_lab(colors), slow_lab(colors), atol=1e-9)


@pytest.mark.parametrize("reach", [1, 12, 255])
def test_difference_of_labs_is_that_of_scikit_image(reach):
    first = noise(500, 400).reshape(-1, 3)
    steps = np.random.default_rng(0).integers(-reach, reach + 1, first.shape)
    second = (first + steps).clip(0, 255).astype(np.uint8)
    labs = [SPACES["LAB"].to_working(colors) for colors in (first, second)]
    exact = deltaE_ciede2000(*(lab.astype(np.float64) for lab in labs))
    np.testing.assert_allclose(lab_difference(*labs), exact, rtol=1e-5, atol=5e-5)


def test_difference_of_opposite_hues_is_the_same_both_ways():
    angles = np.arange(0, 360, 0.25)
    rows = np.stack([np.full(angles.shape, 50.0), np.cos(np.deg2rad(angles)), np.sin(np.deg2rad(angles))], 1)
    first, second = (rows * [1, 40, 40]).astype(np.float32), (rows * [1, -40, -40]).astype(np.float32)
    np.testing.assert_array_equal(lab_difference(first, second), lab_difference(second, first))


def test_difference_of_a_color_does_not_depend_on_its_place():
    first, second = noise(1, 1500).reshape(-1, 3), noise(1, 1500, seed=1).reshape(-1, 3)
    whole = delta_e_00(first, second)
    for start, stop in ((0, 1), (1, 8), (3, 516), (700, 1500)):
        np.testing.assert_array_equal(delta_e_00(first[start:stop], second[start:stop]), whole[start:stop])


@given(st.integers(0, 50))
def test_no_difference_between_equal_colors(rows):
    colors = noise(rows, 1).reshape(-1, 3)
    assert (delta_e_00(colors, colors) == 0).all()
    assert delta_e_00(colors, colors).shape == (rows,)


def test_psnr_by_hand():
    assert psnr_db(0) == math.inf
    assert psnr_db(3 * 255**2) == 0
    assert psnr_db(3.0) == pytest.approx(48.1308, abs=1e-4)  # every channel off by 1


def test_percentile_by_hand():
    values, counts = np.array([5, 1, 9], np.float32), np.array([2, 17, 1])
    assert weighted_mean(values, counts) == pytest.approx((10 + 17 + 9) / 20)
    assert weighted_percentiles(values, counts, (0.5, 0.95, 0.99)) == (1, 5, 9)  # 19 of 20 are at most 5
    assert weighted_percentiles(values, np.array([2, 16, 2]), (0.95,)) == (9,)


@pytest.mark.parametrize("heavy", [0, 1, 9999])
def test_percentile_is_found_wherever_most_pixels_are(heavy):
    values = np.random.default_rng(heavy).gamma(2, 2, 10_000).astype(np.float32)
    counts = np.where(np.argsort(np.argsort(values)) == heavy, 10**6, 1)
    assert weighted_percentiles(values, counts, SHARES) == plain_percentiles(values, counts)


SHARES = 0.95, 0.99, 0.01


def plain_percentiles(values, counts):
    """Sort everything."""
    in_order = np.argsort(values)
    reached = np.cumsum(counts[in_order])
    return tuple(values[in_order[np.flatnonzero(reached >= share * counts.sum())[0]]] for share in SHARES)


@pytest.mark.parametrize("most", [2, 1000, 2**32 - 1])
def test_percentile_of_values_that_hardly_differ_or_are_nothing(most):
    rng = np.random.default_rng(most)
    few = np.array([0, -0.0, 3e-40, 1e-30, 0.01, 1, 1.0000001, 50], np.float32)
    for n in range(1, 120):
        values, counts = rng.choice(few, n), rng.integers(1, most, n).astype(np.uint32)
        found = weighted_percentiles(values, counts, SHARES)
        assert found == plain_percentiles(values, counts.astype(np.int64))
        assert all(math.copysign(1, one) == 1 for one in found)


@pytest.mark.parametrize("space", ["BGR", "LAB", "Oklab"])
def test_figures_agree_with_a_count_over_every_pixel(space):
    pixels, alpha = noise(60, 70), np.full((60, 70), 255, np.uint8)
    alpha[:9] = 127
    picture = Picture.from_pixels(pixels, alpha)
    result = quantize_image(picture, n_colors=11, space=space)
    metrics = measure(picture, result)
    visible = alpha >= 128
    before, after = pixels[visible], result.pixels[visible]
    slow = deltaE_ciede2000(rgb2lab(before / 255.0), rgb2lab(after / 255.0))
    assert metrics.colors_before == len(np.unique(before, axis=0))
    assert metrics.colors_after == len(np.unique(after, axis=0)) == 11
    assert metrics.mse == pytest.approx(((before.astype(float) - after) ** 2).sum(1).mean())
    assert metrics.psnr_db == psnr_db(metrics.mse)
    assert metrics.delta_e_00 == pytest.approx(slow.mean(), abs=0.005)
    assert metrics.delta_e_00_p95 == pytest.approx(np.percentile(slow, 95, method="inverted_cdf"), abs=0.01)


def test_unchanged_picture_has_no_error():
    picture = Picture.from_pixels(noise(3, 3))
    metrics = measure(picture, quantize_image(picture, n_colors=9))
    assert (metrics.mse, metrics.psnr_db, metrics.delta_e_00, metrics.delta_e_00_p95) == (0, math.inf, 0, 0)


@pytest.mark.parametrize("dither", ["floyd-steinberg", "bayer-4", "riemersma"])
def test_figures_of_a_dithered_result_agree_with_a_count_over_every_pixel(dither):
    pixels, alpha = noise(60, 70) // 16 * 16, np.full((60, 70), 255, np.uint8)
    alpha[:9] = 127
    picture = Picture.from_pixels(pixels, alpha)
    result = quantize_image(picture, n_colors=11, dither=dither)
    metrics = measure(picture, result)
    before, after = pixels[alpha >= 128], result.pixels[alpha >= 128]
    slow = deltaE_ciede2000(rgb2lab(before / 255.0), rgb2lab(after / 255.0))
    assert metrics.colors_before == len(np.unique(before, axis=0))
    assert metrics.colors_after == len(np.unique(after, axis=0))
    assert metrics.mse == pytest.approx(((before.astype(float) - after) ** 2).sum(1).mean())
    assert metrics.delta_e_00 == pytest.approx(slow.mean(), abs=0.005)
    assert metrics.delta_e_00_p95 == pytest.approx(np.percentile(slow, 95, method="inverted_cdf"), abs=0.01)


def test_no_strength_measures_as_no_dithering():
    picture = Picture.from_pixels(noise(30, 30))
    plain = measure(picture, quantize_image(picture, n_colors=5))
    assert measure(picture, quantize_image(picture, n_colors=5, dither="sierra", strength=0)) == plain


def test_map_is_the_difference_of_every_pixel():
    before, after = noise(50, 60) // 60, noise(50, 60, seed=1) // 60
    found = delta_e_map(before, after)
    assert (found.shape, found.dtype) == ((50, 60), np.float32)
    slow = delta_e_00(before.reshape(-1, 3), after.reshape(-1, 3)).reshape(50, 60)
    np.testing.assert_array_equal(found, slow)
    assert (delta_e_map(before, before) == 0).all()
    assert delta_e_map(before[:0], after[:0]).shape == (0, 60)


@pytest.mark.parametrize("piece", [1, 8, 64])
def test_pieces_do_not_show(monkeypatch, piece):
    before, after = noise(20, 30) // 100, noise(20, 30, seed=1) // 100
    whole = delta_e_map(before, after)
    flat = before.reshape(-1, 3), after.reshape(-1, 3)
    monkeypatch.setattr("quantize.measuring.pairs._PIECE", piece)
    monkeypatch.setattr("quantize.measuring.pairs._BATCH", 3)
    np.testing.assert_array_equal(delta_e_map(before, after), whole)
    pairs = count_pairs(600, lambda cut: (flat[0][cut], flat[1][cut]))
    expected, counts = np.unique(np.concatenate(flat, axis=1), axis=0, return_counts=True)
    np.testing.assert_array_equal(np.concatenate([pairs.before, pairs.after], axis=1), expected)
    np.testing.assert_array_equal(pairs.counts, counts)


def test_no_pixels_are_no_pairs():
    nothing = np.empty((0, 3), np.uint8)
    assert len(count_pairs(0, lambda cut: (nothing, nothing)).counts) == 0
    assert len(count_pairs(5, lambda cut: (nothing, nothing)).counts) == 0


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (noise(3, 3)[..., 0], noise(3, 3), r"before must be uint8 \(h, w, 3\), got uint8 \(3, 3\)"),
        (noise(3, 3), noise(3, 3).astype(float), r"after must be uint8 \(h, w, 3\), got float64 \(3, 3, 3\)"),
        (noise(3, 3), noise(3, 4), r"after must have the shape of before \(3, 3, 3\), got \(3, 4, 3\)"),
    ],
)
def test_map_of_what_is_no_pair_of_pictures_is_refused(before, after, words):
    with pytest.raises(QuantizeError, match=words):
        delta_e_map(before, after)
