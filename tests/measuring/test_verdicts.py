"""Verdicts: the winner is the best number, ties are ties, and gains lie where they are said to."""

import numpy as np
import pytest

from quantize import Picture, Quantized, quantize_image
from quantize.decoding.samples import load_sample
from quantize.measuring.families import FAMILIES, find_families
from quantize.measuring.verdicts import (
    YARDSTICKS,
    Yardstick,
    find_gain,
    judge,
    lightness_error,
    sample_errors,
)
from tests.pictures import noise

MSE, DELTA_E, SSIM = YARDSTICKS


def test_the_smaller_error_wins_and_the_larger_likeness():
    assert judge({"BGR": 2.0, "LAB": 1.0}, DELTA_E).winners == ("LAB",)
    assert judge({"BGR": 0.9, "LAB": 0.8}, SSIM).winners == ("BGR",)
    assert judge({"A": 3.0, "B": 1.0, "C": 2.0}, MSE).ranking == (("B", 1.0), ("C", 2.0), ("A", 3.0))


def test_what_looks_alike_is_a_tie():
    verdict = judge({"BGR": 1.234, "LAB": 1.231}, DELTA_E)
    assert verdict.winners == ("LAB", "BGR")
    assert verdict.is_tie
    some = judge({"BGR": 1.23, "LAB": 1.231, "HSV": 2.0}, DELTA_E)
    assert some.winners == ("BGR", "LAB")
    assert not some.is_tie
    assert judge({"BGR": 5.0}, MSE).is_tie


def test_nothing_is_a_tie_that_is_shown_apart():
    assert not Yardstick("x", 2, True).is_tie(1.234, 1.236)


def test_families_have_the_names_that_people_use():
    given = {
        "#000000": "dark greys", "#ffffff": "light greys", "#808080": "greys",
        "#ff0000": "reds", "#0000ff": "blues", "#00008b": "dark blues", "#add8e6": "light blue-greens",
        "#228b22": "greens", "#ffff00": "light yellows", "#8b4513": "browns", "#3b2010": "dark browns",
        "#ee82ee": "magentas", "#ffb6c1": "light pinks", "#8a2be2": "violets", "#c68642": "browns",
    }  # fmt: skip
    colors = np.array([list(bytes.fromhex(color[1:])) for color in given], np.uint8)
    assert [FAMILIES[row] for row in find_families(colors)] == list(given.values())
    assert len(set(FAMILIES)) == len(FAMILIES)
    assert find_families(np.zeros((0, 3), np.uint8)).shape == (0,)


def painted(picture: Picture, palette: list[list[int]], indices: np.ndarray) -> Quantized:
    like = quantize_image(picture, n_colors=2)
    counts = np.bincount(indices.reshape(-1), minlength=len(palette))
    return Quantized(np.array(palette, np.uint8), indices, counts, like.settings, 0, 1, picture.alpha, ())


def test_the_gain_is_found_where_it_was_put():
    pixels = np.zeros((40, 40, 3), np.uint8)
    pixels[:10] = (60, 60, 255)  # a quarter blue, the rest grey
    pixels[10:] = (128, 128, 128)
    picture = Picture.from_pixels(pixels)
    indices = (np.arange(40) >= 10).astype(np.uint8)[:, None].repeat(40, axis=1)
    good = painted(picture, [[60, 60, 255], [128, 128, 140]], indices)
    bad = painted(picture, [[60, 100, 255], [128, 128, 138]], indices)
    gain = find_gain("mse", picture, good, bad)
    assert (gain.family, gain.share, gain.winner, gain.loser) == ("blues", 0.25, 0, 1600)
    assert (gain.winner_entries, gain.loser_entries) == (1, 1)
    assert find_gain("delta_e_00", picture, bad, good).family == "greys"
    assert find_gain("mse", picture, good, good) is None


def test_lightness_error_is_in_lightness_only():
    pixels = np.full((9, 9, 3), 119, np.uint8)  # L* 50.0
    picture = Picture.from_pixels(pixels)
    zeros = np.zeros((9, 9), np.uint8)
    assert lightness_error(picture, painted(picture, [[119, 119, 119]], zeros)) == 0
    assert lightness_error(picture, painted(picture, [[0, 0, 0]], zeros)) == pytest.approx(50.03, abs=0.1)


def test_transparent_pixels_are_not_sampled():
    alpha = np.full((9, 9), 128, np.uint8)
    alpha[0] = 127
    picture = Picture.from_pixels(noise(9, 9), alpha)
    assert len(sample_errors(picture, quantize_image(picture, n_colors=4)).before) == 72


@pytest.mark.parametrize(("alpha", "counted"), [(0, 0), (1, 0), (127, 0), (128, 9), (254, 9), (255, 9)])
def test_what_the_file_shows_is_sampled(alpha, counted):
    hidden = np.full((9, 9), 255, np.uint8)
    hidden[4] = alpha
    picture = Picture.from_pixels(noise(9, 9), hidden)
    assert len(sample_errors(picture, quantize_image(picture, n_colors=4)).before) == 72 + counted


def test_each_side_counts_its_own_entries():
    pixels = np.zeros((40, 40, 3), np.uint8)
    pixels[:10], pixels[10:] = (60, 60, 255), (128, 128, 128)
    picture = Picture.from_pixels(pixels)
    indices = (np.arange(40) >= 10).astype(np.uint8)[:, None].repeat(40, axis=1)
    blues = [[60, 60, 255], [128, 128, 128], [50, 50, 250], [70, 70, 240]]
    winner, loser = (
        painted(picture, blues, indices),
        painted(picture, [[60, 100, 255], [128, 128, 128]], indices),
    )
    gain = find_gain("mse", picture, winner, loser)
    assert (gain.family, gain.winner_entries, gain.loser_entries) == ("blues", 3, 1)
    back = find_gain(
        "mse",
        picture,
        painted(picture, blues[:2], indices),
        painted(picture, [[60, 100, 255], [128, 128, 128], [50, 50, 250]], indices),
    )
    assert (back.family, back.winner_entries, back.loser_entries) == ("blues", 1, 2)


def test_samples_are_even_and_few():
    picture = load_sample("coffee")
    result = quantize_image(picture, n_colors=4)
    sampled = sample_errors(picture, result)
    np.testing.assert_array_equal(sampled.before, picture.pixels[1::2, 1::2].reshape(-1, 3))
    np.testing.assert_array_equal(sampled.after, result.pixels[1::2, 1::2].reshape(-1, 3))
