"""Colour profiles: converted to sRGB as computed by hand, or left out with a note."""

import numpy as np
import pytest
from PIL import Image, ImageCms

from quantize.decoding.picture import load_picture
from tests.pictures import chunk, noise, png, saved, smooth
from tests.profiles import (
    SRGB_PRIMARIES,
    adobe_rgb,
    adobe_to_srgb,
    cmyk_profile,
    encoded,
    gray_profile,
    lab_to_srgb,
    rgb_profile,
    srgb_of_points,
)

UNUSABLE = ("unusable colour profile left out, colours taken as sRGB",)
BLACK_INKS = dict.fromkeys(range(16), (0, 128, 128))
ADOBE_NOTE = ("Adobe RGB (1998) converted to sRGB",)


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize("pixels", [smooth(70, 90), noise(70, 90)], ids=["smooth", "noise"])
def test_adobe_rgb_becomes_what_its_definition_says(pixels):
    picture = load_picture(saved(pixels, "PNG", icc_profile=adobe_rgb()))
    exact = adobe_to_srgb(pixels)
    # LittleCMS computes 8-bit pictures in 15-bit steps, which the steep dark end of sRGB shows.
    inside = ((exact > 25) & (exact < 250)).all(axis=-1)
    assert np.abs(picture.pixels - exact)[inside].max() < 1
    assert np.abs(picture.pixels - exact).max() < 3
    assert np.abs(picture.pixels - pixels.astype(float)).max() > 20
    assert picture.notes == ADOBE_NOTE


@pytest.mark.parametrize("format", ["JPEG", "WEBP", "TIFF", "AVIF"])
def test_profiles_are_found_in_every_format(format):
    options = {"lossless": True} if format == "WEBP" else {"quality": 100, "subsampling": "4:4:4"}
    options = {} if format == "TIFF" else options
    pixels = smooth(70, 90)
    picture = load_picture(saved(pixels, format, icc_profile=adobe_rgb(), **options))
    # The mean, as a level more or less of a lossy format is ten of a red near 0.
    assert np.abs(picture.pixels - adobe_to_srgb(pixels)).mean() < 1.5
    assert np.abs(pixels - adobe_to_srgb(pixels)).mean() > 3
    assert picture.notes == ADOBE_NOTE


def test_alpha_stays_as_it_is():
    pixels, alpha = smooth(70, 90), noise(70, 90, 1)
    picture = load_picture(saved(np.dstack([pixels, alpha]), "PNG", icc_profile=adobe_rgb()))
    assert np.array_equal(picture.alpha, alpha[..., 0])
    assert np.abs(picture.pixels - adobe_to_srgb(pixels)).max() < 1


@pytest.mark.parametrize("mode", ["L", "P"])
def test_an_rgb_profile_serves_grey_and_palette_pictures_too(mode):
    image = Image.fromarray(smooth(70, 90)).convert(mode)
    picture = load_picture(saved(image, "PNG", icc_profile=adobe_rgb()))
    expected = adobe_to_srgb(np.asarray(image.convert("RGB")))
    assert np.abs(picture.pixels - expected).max() < 1.5
    assert picture.notes == ADOBE_NOTE


@pytest.mark.parametrize("channels", [1, 2])
def test_grey_profile(channels):
    gray = smooth(70, 90)[..., :channels]
    image = Image.fromarray(gray if channels > 1 else gray[..., 0])
    picture = load_picture(saved(image, "PNG", icc_profile=gray_profile("Gray 1.8", 1.8)))
    assert np.abs(picture.pixels[..., 2] - 255 * encoded((gray[..., 0] / 255) ** 1.8)).max() < 1
    assert picture.notes == ("Gray 1.8 converted to sRGB",)
    if channels == 2:
        assert np.array_equal(picture.alpha, gray[..., 1])


def test_16_bit_grey_with_a_profile():
    gray = smooth(70, 90)[..., :1]
    data = saved(
        Image.fromarray(gray[..., 0].astype(np.uint16) * 257), "TIFF", icc_profile=gray_profile("G", 1.8)
    )
    picture = load_picture(data)
    assert np.abs(picture.pixels[..., :1] - 255 * encoded((gray / 255) ** 1.8)).max() < 1
    assert picture.notes == ("G converted to sRGB", "16 bits per channel reduced to 8")


@pytest.mark.parametrize("format", ["TIFF", "JPEG"])
def test_cmyk_profile(format):
    inks = {key: (255 - 17 * key, 128 + 2 * (key % 4), 128 - (key % 3)) for key in range(16)}
    inks[15] = (0, 128, 128)
    bits = [[255 * (key >> shift & 1) for shift in (3, 2, 1, 0)] for key in range(16)]
    stored = np.repeat(np.repeat(np.array([bits], np.uint8), 16, axis=0), 16, axis=1)
    options = {"quality": 100, "subsampling": 0} if format == "JPEG" else {}
    data = saved(Image.fromarray(stored, "CMYK"), format, icc_profile=cmyk_profile("Press", inks), **options)
    picture = load_picture(data)
    for key, (lightness, a, b) in inks.items():
        expected = lab_to_srgb((lightness / 2.55, a - 128, b - 128))
        assert np.abs(picture.pixels[8, 16 * key + 8] - expected).max() < 5, key
    assert (picture.mode, picture.notes) == ("CMYK", ("Press converted to sRGB",))


def test_lab_tiff():
    lab = np.zeros((1, 3, 3), np.uint8)
    lab[0] = [(255, 0, 0), (128, 40, 256 - 40), (100, 0, 0)]  # L · 2.55, then a and b as signed bytes
    picture = load_picture(saved(Image.fromarray(lab, "LAB"), "TIFF"))
    for x, values in enumerate([(100, 0, 0), (128 / 2.55, 40, -40), (100 / 2.55, 0, 0)]):
        assert np.abs(picture.pixels[0, x] - lab_to_srgb(values)).max() < 3
    assert picture.notes == ("Lab colours converted to sRGB",)


@pytest.mark.parametrize("icc", [srgb_profile(), srgb_of_points(20), srgb_of_points(1024)])
@pytest.mark.parametrize("pixels", [smooth(70, 90), noise(70, 90)], ids=["smooth", "noise"])
def test_srgb_profiles_leave_the_pixels_alone(pixels, icc):
    picture = load_picture(saved(pixels, "PNG", icc_profile=icc))
    assert np.array_equal(picture.pixels, pixels)
    assert not picture.notes


def test_a_gamma_near_that_of_srgb_is_not_srgb():
    data = saved(noise(70, 90), "PNG", icc_profile=rgb_profile("Gamma 2.2", SRGB_PRIMARIES, 2.2))
    assert load_picture(data).notes == ("Gamma 2.2 converted to sRGB",)


@pytest.mark.parametrize(
    "icc",
    [b"nonsense", adobe_rgb()[:200], bytes(3000), gray_profile("Gray", 1.8), cmyk_profile("P", BLACK_INKS)],
    ids=["text", "cut", "zeros", "grey", "CMYK"],
)
def test_a_broken_or_foreign_profile_is_left_out_and_said_so(icc):
    pixels = noise(70, 90)
    picture = load_picture(saved(pixels, "PNG", icc_profile=icc))
    assert np.array_equal(picture.pixels, pixels)
    assert picture.notes == UNUSABLE


def test_a_profile_with_a_broken_packing_is_no_reason_to_fail():
    pixels = noise(70, 90)
    picture = load_picture(png(pixels, before=chunk(b"iCCP", b"name\0\0broken zlib data")))
    assert np.array_equal(picture.pixels, pixels)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<script>alert(1)</script>", "script alert(1) /script"),
        ("a" * 500, "a" * 60),
        ("[x](http://example.org) & *b*\n\tc", "x (http //example.org) b c"),
        ("", "embedded colour profile"),
    ],
)
def test_a_profiles_name_cannot_carry_markup(name, shown):
    data = saved(noise(9, 9), "PNG", icc_profile=rgb_profile(name, SRGB_PRIMARIES, 1.0))
    assert load_picture(data).notes == (f"{shown} converted to sRGB",)
