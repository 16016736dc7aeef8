"""Colour spaces: known values, the way there and back, and what makes each space itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from skimage.color import rgb2lab

from quantize.colors.spaces import SPACES, decode_srgb, encode_srgb, find_space
from quantize.errors import QuantizeError

COLORS = hnp.arrays(np.uint8, st.tuples(st.integers(0, 40), st.just(3)))


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
@given(colors=COLORS)
def test_there_and_back_is_the_same_8_bit_color(space, colors):
    working = space.to_working(colors)
    assert working.dtype == np.float32
    assert working.shape == colors.shape
    back = space.to_srgb(working)
    assert back.dtype == np.float32
    np.testing.assert_array_equal(np.rint(back).astype(np.uint8), colors)


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
@given(colors=COLORS)
def test_bytes_and_floats_of_the_same_color_agree(space, colors):
    np.testing.assert_allclose(
        space.to_working(colors), space.to_working(colors.astype(np.float32)), atol=2e-4 * space.step * 255
    )


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
@given(working=hnp.arrays(np.float32, (7, 3), elements=st.floats(-300, 300, width=32)))
def test_out_of_gamut_centers_come_back_in_range(space, working):
    srgb = space.to_srgb(working)
    assert np.isfinite(srgb).all()
    assert srgb.min() >= 0
    assert srgb.max() <= 255


@given(colors=COLORS)
def test_lab_agrees_with_scikit_image(colors):
    # Whose matrix has six digits, and gives greys a little chroma.
    np.testing.assert_allclose(SPACES["LAB"].to_working(colors), rgb2lab(colors / 255.0), atol=0.015)


# Ottosson's page gives Oklab only for XYZ; these are the values of the CSS Color 4 sample code.
@pytest.mark.parametrize(
    ("rgb", "oklab"),
    [
        ((255, 255, 255), (1.0, 0.0, 0.0)),
        ((255, 0, 0), (0.62796, 0.22486, 0.12585)),
        ((0, 255, 0), (0.86644, -0.23389, 0.17950)),
        ((0, 0, 255), (0.45201, -0.03246, -0.31153)),
    ],
)
def test_oklab_of_the_primaries(rgb, oklab):
    np.testing.assert_allclose(SPACES["Oklab"].to_working(np.array([rgb], np.uint8))[0], oklab, atol=1e-4)


def test_hue_is_an_angle_in_hsv():
    reds = np.array([[255, 0, 4], [255, 4, 0]], np.uint8)  # 359° and 1°
    cone = SPACES["HSV"].to_working(reds)
    assert np.linalg.norm(cone[0] - cone[1]) < 0.04


def test_bgr_is_the_identity():
    colors = np.array([[1, 2, 3]], np.uint8)
    np.testing.assert_array_equal(SPACES["BGR"].to_working(colors), [[1, 2, 3]])


def test_linear_light_of_middle_grey_and_back():
    # 8-bit 188 is the value nearest to half the light.
    assert decode_srgb(np.array([188]))[0] == pytest.approx(0.5, abs=0.003)
    np.testing.assert_allclose(encode_srgb(decode_srgb(np.arange(256))), np.arange(256), atol=1e-9)


@pytest.mark.parametrize("key", ["CMYK", "lab", "", None, []])
def test_unknown_space_is_refused_with_the_names_there_are(key):
    with pytest.raises(QuantizeError, match="space must be one of BGR, LAB, HSV, Oklab, got"):
        find_space(key)
