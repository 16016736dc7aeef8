"""Visible is what the indexed file shows: nothing else has a say in palette, figures or pictures of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from quantize import Picture, QuantizeError, measure, quantize_image
from quantize.colors.difference import delta_e_00
from quantize.colors.opacity import Opacity, is_visible
from quantize.curve import error_curve
from quantize.measuring.cloud import sample_cloud
from quantize.measuring.comparison import difference_map
from quantize.measuring.similarity import delta_e_blurred, ssim, ssim_of
from quantize.measuring.verdicts import sample_errors
from quantize.methods.finders import OPENCV_PIXELS
from quantize.rendering.encode import encode_png, encode_rgba_png
from quantize.settings import Settings
from tests.degenerate import KINDS, alphas
from tests.pictures import noise, smooth

METHODS = ("kmeans", "opencv", "wu", "median cut", "octree")
DITHERS = ("none", "floyd-steinberg", "bayer-4", "riemersma")


@pytest.mark.parametrize(
    ("alpha", "visible"), [(0, False), (1, False), (127, False), (128, True), (255, True)]
)
def test_visible_is_what_is_at_least_half_opaque(alpha, visible):
    assert is_visible(np.array([alpha], np.uint8)).tolist() == [visible]


@given(hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2), elements=st.integers(0, 255)))
def test_pixels_are_counted_by_what_becomes_of_them(alpha):
    values = [int(value) for value in alpha.ravel()]
    found = Opacity.of(alpha)
    assert found.n_pixels == len(values)
    assert found.n_visible == sum(value >= 128 for value in values)
    assert found.n_hidden == sum(value < 128 for value in values)
    assert found.n_faint == sum(0 < value < 128 for value in values)
    assert found.n_soft == sum(128 <= value < 255 for value in values)
    assert found.is_partial == any(0 < value < 255 for value in values)
    assert bool(found.notes) == found.is_partial


@pytest.mark.parametrize(
    ("alpha", "notes"),
    [
        ([0, 255], ()),
        ([0, 1, 127, 255], ("50.0 % of the pixels are less than half opaque and become transparent",)),
        ([0, 128, 254, 255], ("50.0 % of the pixels are partly transparent and become opaque",)),
        (
            [100] + [200] * 2 + [255] * 5000,
            (
                "less than 0.1 % of the pixels are less than half opaque and become transparent; "
                "less than 0.1 % of the pixels are partly transparent and become opaque",
            ),
        ),
    ],
)
def test_notes_say_what_becomes_of_partly_transparent_pixels(alpha, notes):
    picture = Picture.from_pixels(noise(1, len(alpha)), np.array([alpha], np.uint8))
    assert picture.opacity.notes == notes
    assert quantize_image(picture, n_colors=2).notes == notes


@pytest.mark.parametrize(("value", "got"), [(0, "fully transparent"), (127, "half opaque or more")])
def test_a_picture_without_a_visible_pixel_is_refused(value, got):
    picture = Picture.from_pixels(noise(4, 4), np.full((4, 4), value, np.uint8))
    with pytest.raises(QuantizeError, match=f"pixel of the picture is {got}: choose one with at"):
        quantize_image(picture)


def shapes_of(seed: int) -> np.ndarray:
    """A picture of a few hundred colours, of another kind for another seed."""
    return KINDS[seed % len(KINDS)].make(np.random.default_rng(seed))[:40, :40]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dither", DITHERS)
def test_what_is_hidden_has_no_say(method, dither):
    """Whatever colours lie where nothing is seen: the same file, the same figures."""
    for seed, (_, alpha) in enumerate(alphas((24, 30), seed=7)):
        pixels = np.resize(shapes_of(seed), (24, 30, 3))
        one, other = (
            Picture.from_pixels(np.where(is_visible(alpha)[..., None], pixels, hidden), alpha)
            for hidden in (np.uint8(0), noise(24, 30, seed=seed))
        )
        first, second = (
            quantize_image(picture, n_colors=5, method=method, dither=dither) for picture in (one, other)
        )
        assert np.array_equal(first.palette, second.palette)
        assert np.array_equal(first.counts, second.counts)
        assert first.counts.sum() == one.opacity.n_visible
        assert measure(one, first) == measure(other, second)
        assert ssim_of(one, first) == ssim_of(other, second)
        files = [encode_png(made.palette, made.indices, alpha, optimize=False) for made in (first, second)]
        assert files[0] == files[1]


@pytest.mark.parametrize("method", METHODS)
def test_visible_pixels_count_as_fully_opaque(method):
    """Without dithering, place means nothing: a line of the visible pixels gives the same."""
    for seed, (_, alpha) in enumerate(alphas((24, 30), seed=3)):
        pixels = np.resize(shapes_of(seed + 5), (24, 30, 3))
        seen = quantize_image(Picture.from_pixels(pixels, alpha), n_colors=6, method=method)
        alone = quantize_image(pixels[is_visible(alpha)][None], n_colors=6, method=method)
        assert np.array_equal(seen.palette, alone.palette)
        assert np.array_equal(seen.indices[is_visible(alpha)], alone.indices[0])
        assert (seen.sse, seen.counts.tolist()) == (alone.sse, alone.counts.tolist())


def test_pages_look_at_visible_pixels_only():
    for seed, (_, alpha) in enumerate(alphas((24, 30), seed=4)):
        pixels = np.resize(shapes_of(seed + 3), (24, 30, 3))
        picture = Picture.from_pixels(pixels, alpha)
        alone = Picture.from_pixels(pixels[is_visible(alpha)][None])
        assert sample_cloud(picture).counts.tolist() == sample_cloud(alone).counts.tolist()
        first, second = (quantize_image(picture, n_colors=k) for k in (2, 4))
        assert np.array_equal(sample_errors(picture, first).before, pixels[is_visible(alpha)])
        between = difference_map(first, second, 100)
        assert not between[~is_visible(alpha)].any()
        seen = is_visible(alpha)
        expected = delta_e_00(first.pixels[seen], second.pixels[seen])
        np.testing.assert_allclose(between[seen], expected, rtol=1e-6)
        errors = [[point.mse for point in error_curve(one, Settings(), [2, 3])] for one in (picture, alone)]
        assert errors[0] == errors[1]


def test_colours_of_faint_pixels_are_near_in_an_rgba_file():
    """They do not shape the palette, but such a file shows them: each has the entry nearest to it."""
    pixels, alpha = noise(40, 50), np.full((40, 50), 90, np.uint8)
    alpha[:5] = 255
    result = quantize_image(Picture.from_pixels(pixels, alpha), n_colors=8)
    squared = ((pixels[:, :, None].astype(int) - result.palette) ** 2).sum(axis=-1)
    found = ((pixels.astype(int) - result.pixels) ** 2).sum(axis=-1)
    assert np.array_equal(found, squared.min(axis=-1))
    assert encode_rgba_png(result.palette, result.indices, alpha)


@pytest.mark.parametrize("method", METHODS)
def test_a_single_visible_pixel_of_a_large_picture_is_found(method):
    """Samples of a large picture may miss it."""
    side = int(OPENCV_PIXELS**0.5) * 4
    alpha = np.full((side, side), 127, np.uint8)
    alpha[1, 1] = alpha[1, 3] = alpha[3, 1] = 128
    pixels = smooth(side, side)
    pixels[1, 1], pixels[1, 3], pixels[3, 1] = (0, 0, 0), (250, 0, 0), (255, 0, 0)
    result = quantize_image(Picture.from_pixels(pixels, alpha), n_colors=2, method=method)
    assert result.counts.tolist() == [1, 2]


@pytest.mark.parametrize("figure", [ssim, delta_e_blurred])
def test_likeness_of_a_large_picture_finds_what_is_visible(figure):
    before = smooth(1600, 1500)
    alpha = np.zeros((1600, 1500), np.uint8)
    alpha[777, 301] = 255
    assert np.isfinite(figure(before, before // 2, alpha))
