"""Colours said by numbers: as the recommendations compute them, by a slow oracle of our own."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from quantize.decoding.light import (
    CURVES,
    PRIMARIES,
    SRGB_PRIMARIES,
    LightConversion,
    conversion_of_numbers,
    gamma,
    to_xyz,
)
from quantize.decoding.picture import load_picture
from tests.color_files import (
    FILES,
    PIXELS,
    avif,
    bmp,
    chrm,
    cicp,
    gama,
    gray_png,
    iccp,
    rgb16_with_key,
    small_gif,
)
from tests.pictures import chunk, exif, heic, jxl, noise, png, saved
from tests.profiles import ADOBE_GAMMA, ADOBE_PRIMARIES, adobe_rgb, adobe_to_srgb, encoded, gray_profile

GRAYS = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=-1)


def converted(primaries: int, transfer: int, pixels: np.ndarray) -> np.ndarray:
    conversion = conversion_of_numbers(primaries, transfer)
    return np.asarray(conversion.apply(Image.fromarray(pixels)))


@pytest.mark.parametrize("number", PRIMARIES)
def test_white_is_white_in_all_primaries(number):
    _, points = PRIMARIES[number]
    white = to_xyz(points).sum(axis=1)
    assert np.allclose(white, to_xyz(SRGB_PRIMARIES).sum(axis=1), atol=1e-9)
    gray = np.asarray(LightConversion(gamma(1), points).apply(Image.fromarray(GRAYS)))
    assert np.ptp(gray, axis=-1).max() <= 1


def test_the_matrix_of_bt_2020_is_the_published_one():
    """ITU-R BT.2087-0, equation (7), to BT.709."""
    matrix = LightConversion(gamma(1), PRIMARIES[9][1]).to_srgb
    expected = [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]]
    assert np.allclose(matrix, expected, atol=1e-4)


def test_adobe_rgb_by_numbers_is_adobe_rgb():
    primaries = (*ADOBE_PRIMARIES, (0.3127, 0.3290))
    pixels = noise(70, 90)
    ours = np.asarray(LightConversion(gamma(ADOBE_GAMMA), primaries).apply(Image.fromarray(pixels)))
    assert np.abs(ours - adobe_to_srgb(pixels)).max() < 0.55


@pytest.mark.parametrize(
    ("transfer", "level", "light"),
    [(16, 148, 203 / 203), (16, 192, 1000 / 203), (16, 0, 0), (18, 255, 1), (18, 128, 1 / 12), (18, 0, 0)],
)
def test_curves_of_hdr_go_through_their_published_points(transfer, level, light):
    """BT.2408-7, table 1: 203 cd/m² is 58 % of PQ, 1000 cd/m² 75 %. BT.2100-2: HLG's half is 1/12."""
    assert CURVES[transfer](np.array([level / 255]))[0] == pytest.approx(light, rel=0.03)


@pytest.mark.parametrize("transfer", CURVES)
def test_curves_rise_from_black_to_white(transfer):
    light = CURVES[transfer](np.arange(256) / 255)
    assert light[0] == pytest.approx(0, abs=1e-6)
    assert (np.diff(light) >= 0).all()
    assert light[-1] == pytest.approx({16: 10_000 / 203, 17: 52.37 / 48}.get(transfer, 1), abs=1e-3)


@pytest.mark.parametrize("transfer", [16, 18])
def test_tone_mapping_keeps_order_and_greys(transfer):
    shown = converted(9, transfer, GRAYS)
    assert np.ptp(shown.astype(int), axis=-1).max() <= 1
    assert (np.diff(shown[0, :, 1].astype(int)) >= 0).all()
    assert (shown[0, 0] == 0).all()
    assert (shown[0, -1] == 255).all()


def test_paper_white_goes_to_half_of_the_light():
    assert np.abs(converted(1, 16, GRAYS)[0, 148].astype(int) - 255 * encoded(np.array(0.5))).max() < 3
    assert (converted(1, 16, GRAYS)[0, 192] >= 254).all()


@given(st.integers(0, 255), st.integers(0, 255))
def test_unknown_numbers_change_nothing_or_convert(primaries, transfer):
    conversion = conversion_of_numbers(primaries, transfer)
    assert conversion is None or np.asarray(conversion.apply(Image.fromarray(GRAYS))).shape == GRAYS.shape


@pytest.mark.parametrize(
    ("chunks", "same_as"),
    [
        (cicp(12, 13) + iccp(adobe_rgb()) + chunk(b"sRGB", b"\0") + gama(100_000), cicp(12, 13)),
        (iccp(adobe_rgb()) + chunk(b"sRGB", b"\0") + gama(100_000), iccp(adobe_rgb())),
        (gama(100_000) + chrm(ADOBE_PRIMARIES) + chunk(b"sRGB", b"\0"), b""),
        (cicp(12, 13, 1) + gama(100_000), gama(100_000)),
        (cicp(12, 13, 0, 0) + gama(100_000), gama(100_000)),
        (cicp(99, 13) + gama(100_000), gama(100_000)),
        (chunk(b"cICP", b"\x0c") + gama(100_000), gama(100_000)),
        (chrm(ADOBE_PRIMARIES), b""),
        (gama(45_455), b""),
        (gama(0), b""),
        (gama(2**32 - 1), b""),
        (gama(100_000) + chunk(b"cHRM", bytes(32)), b""),
        (gama(100_000) + chunk(b"cHRM", b"\xff" * 32), b""),
        (gama(100_000) + chunk(b"cHRM", bytes(8)), b""),
        (chunk(b"gAMA", b"\0"), b""),
    ],
)
def test_chunks_of_a_png_count_in_the_order_of_the_specification(chunks, same_as):
    one, other = (load_picture(png(PIXELS, before=before)) for before in (chunks, same_as))
    assert np.array_equal(one.pixels, other.pixels)
    assert one.notes == other.notes


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("PNG, P3 by cICP", "Display P3 converted to sRGB"),
        ("PNG, gAMA 1", "gamma 1.00 converted to sRGB"),
        ("PNG, PQ", "HDR (PQ) tone-mapped to sRGB, highlights are darker"),
        ("AVIF, HLG", "HDR (HLG) tone-mapped to sRGB, highlights are darker"),
        ("AVIF, P3", "Display P3 converted to sRGB"),
        ("BMP, profile inside", "Adobe RGB (1998) converted to sRGB"),
    ],
)
def test_what_was_converted_is_said(name, note):
    assert load_picture(FILES[name]()).notes == (note,)


@pytest.mark.parametrize(("primaries", "transfer"), [(12, 13), (9, 16), (9, 18), (1, 13)])
def test_heic_is_converted_like_avif(primaries, transfer):
    data = bytearray(heic(PIXELS))
    at = data.index(b"nclx") + 4
    data[at : at + 4] = primaries.to_bytes(2, "big") + transfer.to_bytes(2, "big")
    ours, other = load_picture(bytes(data)), load_picture(avif(primaries, transfer))
    assert ours.notes == other.notes
    assert np.abs(ours.pixels.astype(int) - other.pixels).mean() < 2


def test_a_profile_in_heic_and_jpeg_xl_is_converted():
    expected = adobe_to_srgb(PIXELS)
    picture = load_picture(heic(PIXELS, icc_profile=adobe_rgb()))
    assert picture.notes == ("Adobe RGB (1998) converted to sRGB",)
    assert np.abs(picture.pixels - expected).mean() < 2
    assert not load_picture(jxl(PIXELS)).notes


def test_a_gain_map_is_left_out_with_a_note():
    xmp = b'http://ns.adobe.com/xap/1.0/\0<x xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/"/>'
    plain = saved(PIXELS, "JPEG")
    segment = b"\xff\xe1" + (len(xmp) + 2).to_bytes(2, "big") + xmp
    picture = load_picture(plain[:2] + segment + plain[2:] + plain)
    assert picture.notes == ("the HDR version (gain map) left out, the standard one is shown",)
    assert np.array_equal(picture.pixels, load_picture(plain).pixels)


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_the_transparent_grey_of_few_bits(depth):
    for key in range(min(1 << depth, 6)):
        picture, plain = load_picture(gray_png(depth, key)), load_picture(gray_png(depth))
        level = key * 255 // ((1 << depth) - 1)
        alpha = np.full((48, 64), 255) if picture.alpha is None else picture.alpha
        assert np.array_equal(alpha == 0, plain.pixels[..., 0] == level)
        assert np.array_equal(picture.pixels, plain.pixels)


def test_the_transparent_colour_of_16_bits_is_told_from_its_neighbour():
    alpha = load_picture(rgb16_with_key()).alpha
    assert (alpha[:8, :8] == 0).all()
    assert (alpha[:8, 8:16] == 255).all()


def test_a_gif_is_transparent_around_a_small_first_frame():
    picture = load_picture(small_gif())
    assert picture.size == (80, 60)
    inside = np.zeros((60, 80), bool)
    inside[5:53, 9:73] = True
    assert np.array_equal(picture.alpha == 255, inside)


@pytest.mark.parametrize("size", [108, 124])
def test_alpha_of_a_bmp(size):

    data = bmp(0x73524742, 32, size)
    alpha = load_picture(data).alpha
    assert alpha.min() == 64
    empty = bytearray(data)
    empty[14 + size + 3 :: 4] = bytes(len(empty[14 + size + 3 :: 4]))
    assert load_picture(bytes(empty)).alpha is None


@pytest.mark.parametrize("format", ["JPEG", "WEBP", "AVIF", "PNG"])
def test_orientation_in_xmp_turns_nothing(format):
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    if format == "PNG":
        data = png(PIXELS, before=chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp))
    else:
        data = saved(PIXELS, format, xmp=xmp)
    assert load_picture(data).size == (64, 48)


def test_orientation_of_exif_turns_a_webp():
    assert load_picture(saved(PIXELS, "WEBP", exif=b"Exif\0\0" + exif(6))).size == (48, 64)


BROKEN = [
    b"bad\0\0" + zlib.compress(b"no profile" * 30),
    b"packed wrongly\0\0" + bytes(30),
    b"of grey\0\0" + zlib.compress(gray_profile("grey", 2.2)),
]


@pytest.mark.parametrize("profile", BROKEN)
def test_where_a_profile_cannot_be_used_gamma_counts(profile):
    pixels, gama = noise(9, 12), chunk(b"gAMA", struct.pack(">I", 100_000))
    picture = load_picture(png(pixels, gama + chunk(b"iCCP", profile)))
    assert np.array_equal(picture.pixels, load_picture(png(pixels, gama)).pixels)
    assert not np.array_equal(picture.pixels, pixels)
    assert picture.notes == ("unusable colour profile left out, gamma 1.00 converted to sRGB",)


@pytest.mark.parametrize("others", [chunk(b"sRGB", b"\0"), b"", chunk(b"gAMA", struct.pack(">I", 45_455))])
def test_without_a_gamma_colours_are_taken_as_srgb(others):
    pixels = noise(9, 12)
    picture = load_picture(png(pixels, others + chunk(b"iCCP", BROKEN[0])))
    assert np.array_equal(picture.pixels, pixels)
    assert picture.notes == ("unusable colour profile left out, colours taken as sRGB",)


def test_srgb_counts_before_gamma_where_a_profile_cannot_be_used():
    pixels, gama = noise(9, 12), chunk(b"gAMA", struct.pack(">I", 100_000))
    picture = load_picture(png(pixels, chunk(b"sRGB", b"\0") + gama + chunk(b"iCCP", BROKEN[0])))
    assert np.array_equal(picture.pixels, pixels)
