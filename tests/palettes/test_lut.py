"""A palette as a look-up table: what every node becomes, hard and smooth."""

import numpy as np
import pytest

from quantize import QuantizeError, find_table
from quantize.colors.spaces import SPACES
from quantize.palettes.lut import make_lut
from tests.test_fixed_palette import FILES

PICO = find_table("pico-8").palette.colors
GREYS = find_table("grey-16").palette.colors
OKLAB = SPACES["Oklab"].to_working


def nodes(size: int) -> np.ndarray:
    axis = np.linspace(0, 255, size).astype(np.float32)
    return np.array([(red, green, blue) for red in axis for green in axis for blue in axis], np.float32)


def oklab_of(lut: np.ndarray) -> np.ndarray:
    return OKLAB((255 * lut).reshape(-1, 3)).astype(np.float64)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("space", SPACES)
def test_hard_every_node_has_the_nearest_entry(file, space):
    palette, convert = FILES[file], SPACES[space].to_working
    lut = make_lut(palette, 5, space=space)
    assert (lut.dtype, lut.shape) == (np.float32, (5, 5, 5, 3))
    shown = (255 * lut).round().astype(np.uint8).reshape(-1, 3)
    np.testing.assert_allclose(255 * lut.reshape(-1, 3), shown, atol=1e-4)
    assert {*map(tuple, shown.tolist())} <= {*map(tuple, palette.tolist())}
    away = np.square(convert(nodes(5))[:, None].astype(float) - convert(palette)).sum(axis=-1)
    got = np.square(convert(nodes(5)).astype(float) - convert(shown)).sum(axis=-1)
    np.testing.assert_allclose(got, away.min(axis=1), rtol=1e-5, atol=1e-9)


def test_smooth_is_a_mean_of_entries_that_weigh_by_their_distance():
    """Worked out one node at a time."""
    entries, lut = OKLAB(PICO).astype(np.float64), make_lut(PICO, 4, smooth=True)
    apart = np.sqrt(np.square(entries[:, None] - entries).sum(axis=-1))
    sigma = 0.5 * np.mean([min(row[row > 0]) for row in apart])
    for node, got in zip(nodes(4), lut.reshape(-1, 3), strict=True):
        away = np.square(OKLAB(node[None]).astype(np.float64) - entries).sum(axis=-1)
        weights = np.exp(-(away - away.min()) / (2 * sigma**2))
        mean = (weights[:, None] * entries).sum(axis=0) / weights.sum()
        wanted = SPACES["Oklab"].to_srgb(mean[None].astype(np.float32))[0] / 255
        np.testing.assert_allclose(got, wanted, atol=2e-4)


def test_smooth_steps_are_smaller_than_hard_ones_and_greys_stay_grey():
    hard, smooth = (make_lut(PICO, 17, smooth=smooth) for smooth in (False, True))
    largest = [np.abs(np.diff(oklab_of(lut).reshape(17, 17, 17, 3), axis=0)).max() for lut in (hard, smooth)]
    assert largest[1] < 0.7 * largest[0]
    greys = make_lut(GREYS, 9, smooth=True)
    assert np.ptp(greys, axis=-1).max() < 1e-3


def test_with_little_reach_smooth_is_hard_in_oklab():
    near = make_lut(PICO, 9, smooth=True, reach=1e-3)
    np.testing.assert_allclose(near, make_lut(PICO, 9, space="Oklab"), atol=2e-3)


@pytest.mark.parametrize("palette", [PICO, FILES["one colour"], FILES["two next to each other"]])
def test_lightness_is_kept_and_hue_is_that_of_the_blend(palette):
    kept, blend = (oklab_of(make_lut(palette, 9, smooth=True, keep_lightness=keep)) for keep in (True, False))
    np.testing.assert_allclose(kept[:, 0], OKLAB(nodes(9))[:, 0], atol=2e-3)
    chroma, of_blend = (np.hypot(rows[:, 1], rows[:, 2]) for rows in (kept, blend))
    assert (chroma <= of_blend + 5e-3).all()
    colored = (chroma > 0.03) & (of_blend > 0.03)
    turned = np.arctan2(kept[:, 2], kept[:, 1]) - np.arctan2(blend[:, 2], blend[:, 1])
    assert np.abs(np.sin(turned / 2))[colored].max(initial=0) < 0.05


def test_entries_that_stand_twice_and_their_order_change_nothing():
    doubled = np.concatenate([PICO[::-1], PICO[:5]])
    np.testing.assert_array_equal(make_lut(doubled, 6, smooth=True), make_lut(PICO, 6, smooth=True))


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"size": 1}, "size must be a whole number from 2 to 144, got 1"),
        ({"size": 145}, "size must be"),
        ({"size": 9.5}, "size must be"),
        ({"size": True}, "size must be"),
        ({"palette": PICO[:0]}, "palette must hold 1 to 256 colours, got 0"),
        ({"palette": np.zeros((257, 3), np.uint8)}, "palette must hold 1 to 256 colours, got 257"),
        ({"keep_lightness": True}, "keep_lightness has no effect without smooth: leave it out"),
        ({"smooth": True, "reach": 0.0}, "reach must be more than 0, got 0.0"),
        ({"space": "XYZ"}, "space must be one of"),
    ],
)
def test_what_cannot_be_is_refused(choices, said):
    with pytest.raises(QuantizeError, match=said):
        make_lut(**{"palette": PICO, "size": 5, **choices})
