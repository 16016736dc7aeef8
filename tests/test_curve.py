"""The curve over K, and the K that is suggested."""

import math

import numpy as np
import pytest

from quantize import Picture, QuantizeError, Settings, measure, quantize_image
from quantize.curve import CURVE_N_COLORS, CurvePoint, Suggestion, error_curve, suggest_n_colors
from quantize.decoding.samples import load_sample
from quantize.rendering.encode import encode_png
from tests.pictures import noise


def curve_of(*errors: float) -> list[CurvePoint]:
    return [CurvePoint(2**number, 0, 0, error, 0) for number, error in enumerate(errors, 1)]


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
        assert point.delta_e_00 == metrics.delta_e_00
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


@pytest.mark.parametrize(
    ("errors", "suggested"),
    [
        ((9, 5, 1.9, 1.5), Suggestion(8, 1.9, "small difference")),
        ((1, 0.5), Suggestion(2, 1, "small difference")),
        ((9, 1.9, 2.1, 1), Suggestion(16, 1, "small difference")),  # must stay small
        ((9, 2.0, 1.99), Suggestion(8, 1.99, "small difference")),  # 2.0 is not below 2
        ((20, 6, 5.5, 5), Suggestion(4, 6, "bend")),
        ((7,), Suggestion(2, 7, "bend")),
    ],
)
def test_suggestion_by_hand(errors, suggested):
    assert suggest_n_colors(curve_of(*errors)) == suggested


def test_no_curve_no_suggestion():
    with pytest.raises(QuantizeError, match="at least one point"):
        suggest_n_colors([])


def test_transparent_pixels_count_in_the_size():
    alpha = np.full((1000, 1000), 255, np.uint8)
    alpha[:500] = 0
    pictures = [Picture.from_pixels(noise(1000, 1000), given) for given in (alpha, None)]
    sizes = [error_curve(picture, n_colors=[8])[0].n_bytes for picture in pictures]
    assert sizes[0] < 0.7 * sizes[1]
