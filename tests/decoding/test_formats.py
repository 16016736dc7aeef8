"""Formats beyond a browser's: what they decode to, and what is said of those that are not read."""

import struct

import numpy as np
import pytest
from click.testing import CliRunner

from quantize.commands.quantize import quantize_command
from quantize.decoding import formats
from quantize.decoding.jxl import jxl_size
from quantize.decoding.openers import open_picture
from quantize.decoding.picture import load_picture
from quantize.errors import QuantizeError
from quantize.limits import MAX_PIXELS
from tests.pictures import bomb, exif, heic, jxl, noise, png, qoi, saved, smooth, tiff

PIXELS = smooth(48, 64)
RGBA = np.dstack([PIXELS, noise(48, 64, 1)])


FILES = {
    "HEIC": heic(PIXELS),
    "JPEG XL": jxl(PIXELS),
    "JPEG 2000": saved(PIXELS, "JPEG2000"),
    "ICO": saved(PIXELS, "ICO", sizes=[(64, 48), (32, 24), (16, 12)]),
    "QOI": qoi(PIXELS),
    "PPM": saved(PIXELS, "PPM"),
    "TGA": saved(PIXELS, "TGA"),
    "BMP": saved(PIXELS, "DIB"),
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("name", ["photo.jpg", "photo"])
def test_content_decides_what_a_file_is(kind, name, tmp_path):
    path = tmp_path / name
    path.write_bytes(FILES[kind])
    picture = load_picture(path)
    assert picture.format == kind
    assert picture.alpha is None
    assert np.abs(picture.pixels.astype(int) - PIXELS).max() <= (3 if kind == "HEIC" else 0)
    assert not picture.notes


@pytest.mark.parametrize("data", [heic(RGBA), jxl(RGBA), saved(RGBA, "TGA"), saved(RGBA, "JPEG2000")])
def test_alpha_is_kept(data):
    picture = load_picture(data)
    assert np.array_equal(picture.alpha, RGBA[..., 3])
    assert np.abs(picture.pixels.astype(int) - PIXELS).max() <= 3


@pytest.mark.parametrize("data", [heic(PIXELS[..., 0]), jxl(PIXELS[..., 0]), saved(PIXELS[..., 0], "PPM")])
def test_grey(data):
    assert np.abs(load_picture(data).pixels.astype(int) - PIXELS[..., :1]).max() <= 2


@pytest.mark.parametrize("maximum", ["P1", "P2", "P3"])
def test_plain_ppm(maximum):
    text = {"P1": b"P1 2 1 1 0", "P2": b"P2 2 1 15 0 15", "P3": b"P3 2 1 255 0 0 0 255 255 255"}[maximum]
    assert load_picture(text).pixels[0, :, 0].tolist() == [0, 255]


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_heic_is_turned_once(orientation):
    """Its encoder writes EXIF's orientation as irot and imir; its decoder turns by these."""
    stored = np.zeros((48, 64, 3), np.uint8)
    stored[:, :32] = 255
    data = heic(stored, exif=b"Exif\0\0" + exif(orientation))
    assert b"irot" in data or orientation == 1
    picture = load_picture(data)
    assert picture.size == ((64, 48) if orientation < 5 else (48, 64))
    corner = {1: (0, 0), 3: (-1, -1), 6: (0, 0), 8: (-1, -1)}[orientation]
    assert picture.pixels[corner][0] > 250


def test_of_an_icon_the_largest_is_read():
    small, large = saved(noise(16, 16), "PNG"), saved(noise(40, 30), "PNG")
    for first, second in ((small, large), (large, small)):
        sizes = [(30, 40) if data is large else (16, 16) for data in (first, second)]
        entries, at = b"", 6 + 32
        for data, (width, height) in zip((first, second), sizes, strict=True):
            entries += struct.pack("<BBBBHHII", width, height, 0, 0, 1, 32, len(data), at)
            at += len(data)
        picture = load_picture(b"\0\0\1\0\2\0" + entries + first + second)
        assert (picture.format, picture.size) == ("ICO", (30, 40))
        assert np.array_equal(picture.pixels, noise(40, 30))


@pytest.mark.parametrize("side", [10_241, 70_000])
def test_sizes_are_checked_before_anything_is_decoded(side):
    bitmap = struct.pack("<IiiHHIIiiII", 40, side, 2 * side, 1, 32, 0, 0, 0, 0, 0, 0)
    icon = b"\0\0\1\0\1\0" + struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, len(bitmap), 22) + bitmap
    huge = [
        icon,
        b"\0\0\1\0\1\0" + struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, len(bomb()), 22) + bomb(),
        b"qoif" + struct.pack(">IIBB", side, side, 3, 0) + bytes(20),
        f"P6 {side} {side} 255 ".encode() + bytes(20),
        b"\xff\x0a" + _jxl_header(side, side),
    ]
    if side < 65536:
        huge.append(bytes(2) + b"\2" + bytes(9) + struct.pack("<HHBB", side, side, 24, 0) + bytes(20))
    for data in huge:
        with pytest.raises(QuantizeError, match="at most 100 megapixels"):
            load_picture(data)


def _jxl_header(width: int, height: int) -> bytes:
    bits = 0 | 3 << 1 | (height - 1) << 3 | 0 << 33 | 3 << 36 | (width - 1) << 38
    return bits.to_bytes(12, "little")


SIZES = [(8, 8), (48, 64), (256, 256), (1, 1), (511, 13), (600, 9000), (90, 160)]


@pytest.mark.parametrize(("height", "width"), SIZES)
@pytest.mark.parametrize("boxed", [False, True])
def test_sizes_of_jpeg_xl(height, width, boxed):
    assert jxl_size(jxl(np.zeros((height, width), np.uint8), use_container=boxed, effort=1)) == (
        width,
        height,
    )
    assert jxl_size(b"\xff\x0a" + _jxl_header(width, height)) == (width, height)


def test_a_python_decoder_has_a_limit_of_its_own():
    side = 4097
    data = b"qoif" + struct.pack(">IIBB", side, side, 3, 0) + bytes(20)
    with pytest.raises(QuantizeError, match="QOI picture must have at most 8 megapixels"):
        load_picture(data)
    assert side * side < MAX_PIXELS


RAW = {
    "DNG": [(254, 4, 1, 1), (50706, 1, 4, 0x0401)],
    "NEF": [(254, 4, 1, 1), (271, 2, 4, 0), (330, 4, 1, 8)],
    "sensor": [(262, 3, 1, 32803)],
}


@pytest.mark.parametrize("kind", RAW)
@pytest.mark.parametrize("order", ["<", ">"])
def test_camera_raw_is_not_shown_as_its_thumbnail(kind, order):
    entries = b""
    for tag, type_, count, value in RAW[kind]:
        entries += struct.pack(f"{order}HHI", tag, type_, count)
        entries += struct.pack(f"{order}H2x" if type_ == 3 else f"{order}I", value)
    head = struct.pack(f"{order}2sHIH", b"II" if order == "<" else b"MM", 42, 8, len(RAW[kind]))
    with pytest.raises(QuantizeError, match="got a camera raw file: develop it in"):
        load_picture(head + entries + bytes(100))


def test_a_tiff_with_pages_of_reduced_size_is_no_raw():
    picture = load_picture(tiff(3, 2, bytes(range(18)), (8, 8, 8), kind=2))
    assert picture.pixels.reshape(-1).tolist() == list(range(18))


def test_every_refusal_is_one_short_sentence():
    for kind in formats.REFUSED:
        offset, sign = kind.signs[0]
        data = bytes(offset) + sign + bytes(100)
        with pytest.raises(QuantizeError) as caught:
            load_picture(data)
        assert kind.name in str(caught.value)
        assert len(str(caught.value)) < 250


def test_signs_and_endings_are_of_one_kind_each():
    kinds = (*formats.PICTURE_FORMATS.values(), *formats.REFUSED, formats.SVG)
    endings = [ending for kind in kinds for ending in kind.endings]
    assert len(set(endings)) == len(endings)
    for kind in formats.PICTURE_FORMATS.values():
        for offset, sign in kind.signs:
            assert formats.find_format(bytes(offset) + sign + bytes(40)) is kind
            assert formats.find_refused(bytes(offset) + sign) is None or b"ftyp" in sign


@pytest.mark.parametrize("kind", ["HEIC", "JPEG XL"])
def test_without_its_package_a_format_is_named(kind, monkeypatch):
    def find(name):
        raise ImportError(name)

    monkeypatch.setattr("quantize.decoding.openers.import_module", find)
    with pytest.raises(QuantizeError, match=f"got {kind}, which needs the package p"):
        load_picture(FILES[kind])


def test_the_command_line_reads_them(tmp_path):
    path = tmp_path / "photo"
    path.write_bytes(FILES["HEIC"])
    result = CliRunner().invoke(quantize_command, [str(path), "-k", "4", "-o", str(tmp_path / "out.png")])
    assert result.exit_code == 0, result.output


def test_a_png_is_opened_without_what_it_does_not_need():
    opened = open_picture(png(noise(9, 9), before=b"\0\0\0\1tEXtx" + bytes(4)))
    assert b"tEXt" not in opened.data
