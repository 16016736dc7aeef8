"""The curve over K, and the K that is suggested."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from quantize import Picture, QuantizeError, Settings, measure, quantize_image
from quantize.colors.difference import delta_e_00
from quantize.curve import (
    CURVE_N_COLORS,
    SMALL_AT_MOST,
    SMALL_DIFFERENCE,
    CurvePoint,
    error_curve,
    suggest_n_colors,
)
from quantize.decoding.samples import load_sample
from quantize.rendering.encode import encode_png
from tests.pictures import noise


def curve_of(*errors: float, p99: Sequence[float] = ()) -> list[CurvePoint]:
    most = p99 or [4 * error for error in errors]
    pairs = zip(errors, most, strict=True)
    return [CurvePoint(2**number, 0, 0, *pair, 0) for number, pair in enumerate(pairs, 1)]


def test_more_colors_cost_less_error_and_more_bytes():
    points = error_curve(load_sample("coffee"))
    assert tuple(point.n_colors for point in points) == CURVE_N_COLORS
    errors, sizes = [point.mse for point in points], [point.n_bytes for point in points]
    assert errors == sorted(errors, reverse=True)
    assert sizes == sorted(sizes)


@pytest.mark.parametrize("space", ["BGR", "Oklab"])
def test_points_are_what_quantizing_gives(space):
    picture = load_sample("galaxies")
    settings = Settings(space=space, keep=["#f00"], rare=0.3)
    for point in error_curve(picture, settings, [8, 64]):
        result = quantize_image(picture, settings, n_colors=point.n_colors)
        metrics = measure(picture, result)
        assert (point.mse, point.psnr_db) == (metrics.mse, metrics.psnr_db)
        assert (point.delta_e_00, point.delta_e_00_p99) == (metrics.delta_e_00, metrics.delta_e_00_p99)
        size = len(encode_png(result.palette, result.indices, optimize=True))
        assert point.n_bytes == pytest.approx(size, rel=0.1)


def test_curve_ends_where_the_picture_fits():
    pixels = np.arange(40, dtype=np.uint8).repeat(3).reshape(4, 10, 3)
    points = error_curve(Picture.from_pixels(pixels), n_colors=[4, 32, 48, 64, 256])
    assert [point.n_colors for point in points] == [4, 32, 48]
    assert (points[-1].mse, points[-1].psnr_db, points[-1].delta_e_00) == (0, math.inf, 0)


def test_kept_colors_are_in_every_palette_of_the_curve():
    picture = Picture.from_pixels(noise(30, 30) // 2)
    free, kept = (
        error_curve(picture, Settings(keep=keep), [3, 4]) for keep in ([], ["#fff", "#f0f", "#0ff"])
    )
    assert len(free) == len(kept) == 2
    assert kept[0].mse > 2 * free[0].mse  # all three kept colours are outside the picture's


def test_other_choices_do_not_matter():
    picture = Picture.from_pixels(noise(30, 30))
    settings = Settings(n_colors=9, method="opencv", attempts=3)
    assert error_curve(picture, settings, [4]) == error_curve(picture, Settings(), [4])


def test_work_can_be_abandoned():
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        error_curve(Picture.from_pixels(noise(30, 30)), checkpoint=stop)


@pytest.mark.parametrize("n_colors", [[], [2]])
def test_no_number_that_can_be_had_is_refused(n_colors):
    with pytest.raises(QuantizeError, match="curve needs at least one number of colours from 3 to 256"):
        error_curve(Picture.from_pixels(noise(9, 9)), Settings(keep=["#000", "#111", "#222"]), n_colors)


SMALL, LITTLE = "small difference", "little gain"


@pytest.mark.parametrize(
    ("errors", "p99", "n_colors", "rule"),
    [
        ((9, 5, 1.9, 1.5), (), 8, SMALL),
        ((1, 0.5), (), 2, SMALL),
        ((9, 1.9, 2.1, 1), (), 16, SMALL),  # must stay small
        ((9, 2.0, 1.99), (), 8, SMALL),  # 2.0 is not below 2
        ((1.6, 0.9, 0.4, 0.3), (31, 16, 11, 9), 16, SMALL),  # a drawing, mostly white
        ((1.6, 0.9, 0.4, 0.3), (9, 10, 9.9, 9), 8, SMALL),
        ((20, 6, 5.5, 5), (), 8, LITTLE),  # 6.0 is not within 1 of 5
        ((20, 5.9, 5.5, 5), (), 4, LITTLE),
        ((20, 5.9, 5.5, 5), (40, 30, 19, 15), 8, LITTLE),
        ((0.6, 0.5, 0.4, 0.3), (40, 17, 13, 12), 8, LITTLE),
        ((7,), (), 2, LITTLE),
    ],
)
def test_suggestion_by_hand(errors, p99, n_colors, rule):
    points = curve_of(*errors, p99=p99)
    suggestion = suggest_n_colors(points)
    assert (suggestion.n_colors, suggestion.rule) == (n_colors, rule)
    assert suggestion.point in points


@pytest.mark.parametrize("seed", range(12))
def test_what_is_suggested_for_a_drawing_leaves_its_inks_what_they_are(seed):
    rng = np.random.default_rng(seed)
    inks = np.array([rng.permutation([0, 90, 255]), [240, 20, 30], [20, 60, 240]], np.uint8)
    page = np.full((200, 100, 3), rng.integers(235, 256), np.uint8)
    for number, ink in enumerate(inks):  # text of each on 1.5 % of it, and an edge in many shades
        rows = slice(10 + 25 * number, 13 + 25 * number)
        page[rows] = ink
        page[rows.stop] = np.linspace(ink, page[0, 0], 100).astype(np.uint8)
    picture = Picture.from_pixels(page)
    suggestion = suggest_n_colors(error_curve(picture))
    assert suggestion.rule == SMALL
    result = quantize_image(picture, n_colors=suggestion.n_colors)
    shown = result.palette[result.indices]
    for number, ink in enumerate(inks):
        assert delta_e_00(ink[None], shown[10 + 25 * number, :1]) < SMALL_AT_MOST


@pytest.mark.parametrize("seed", range(8))
def test_hardly_anything_is_gained_beyond_what_is_suggested(seed):
    picture = Picture.from_pixels(
        np.random.default_rng(seed).integers(0, 256 >> seed % 4, (60, 50, 3), np.uint8)
    )
    points = error_curve(picture)
    suggestion, last = suggest_n_colors(points), points[-1]
    assert suggestion.point.delta_e_00 < max(SMALL_DIFFERENCE, last.delta_e_00 + 1)
    assert suggestion.point.delta_e_00_p99 < max(SMALL_AT_MOST, last.delta_e_00_p99 + 5)
    worse = [point for point in points if point.n_colors < suggestion.n_colors]
    assert not worse or worse[-1].delta_e_00 >= 2 or worse[-1].delta_e_00_p99 >= 10


def test_no_curve_no_suggestion():
    with pytest.raises(QuantizeError, match="at least one point"):
        suggest_n_colors([])


def test_transparent_pixels_count_in_the_size():
    alpha = np.full((1000, 1000), 255, np.uint8)
    alpha[:500] = 0
    pictures = [Picture.from_pixels(noise(1000, 1000), given) for given in (alpha, None)]
    sizes = [error_curve(picture, n_colors=[8])[0].n_bytes for picture in pictures]
    assert sizes[0] < 0.7 * sizes[1]
