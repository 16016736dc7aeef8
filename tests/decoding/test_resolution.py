"""Resolution: read from every format, turned with the picture, and in the file that is written."""

import struct
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pages._store.format import encode_lossless
from quantize import quantize_image
from quantize.__main__ import main
from quantize.decoding import worker
from quantize.decoding.picture import load_picture
from quantize.decoding.resolution import sensible_dpi
from quantize.decoding.worker import load_picture_apart
from quantize.rendering.encode import encode_png, encode_rgba_png, indexed_png_size
from tests.pictures import chunk, noise, png, saved

PIXELS = noise(20, 30)
NEAR = {"rel": 1e-3}  # PNG and BMP count whole pixels a metre


@pytest.fixture(autouse=True, scope="module")
def _end_workers():
    yield
    worker.stop()


def exif_of(across: float, down: float, unit: int | None = 2, orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif.update({0x011A: across, 0x011B: down, 0x0112: orientation})
    if unit is not None:
        exif[0x0128] = unit
    return exif


def dpi_of(data: bytes) -> tuple[float, float] | None:
    with Image.open(BytesIO(data)) as image:
        return image.info.get("dpi")


@pytest.mark.parametrize(
    ("format", "options"),
    [
        ("PNG", {"dpi": (300, 150)}),
        ("JPEG", {"dpi": (300, 150)}),
        ("TIFF", {"dpi": (300, 150)}),
        ("BMP", {"dpi": (300, 150)}),
        ("WEBP", {"exif": exif_of(300, 150)}),
        ("AVIF", {"exif": exif_of(300, 150)}),
        ("JPEG", {"exif": exif_of(300, 150)}),  # without a density in its JFIF header
        ("JPEG", {"exif": exif_of(300 / 2.54, 150 / 2.54, unit=3)}),
        ("PNG", {"exif": exif_of(300, 150)}),
        ("WEBP", {"exif": exif_of(300, 150, unit=None)}),  # inches, if nothing is said
    ],
)
def test_every_format_tells(format, options):
    picture = load_picture(saved(PIXELS, format, **options))
    assert picture.dpi == pytest.approx((300, 150), **NEAR)


def test_centimetres_of_jpeg_and_tiff():
    jpeg = bytearray(saved(PIXELS, "JPEG", dpi=(100, 100)))
    at = jpeg.index(b"JFIF\0")
    jpeg[at + 7 : at + 12] = struct.pack(">BHH", 2, 100, 50)
    assert load_picture(bytes(jpeg)).dpi == pytest.approx((254, 127), **NEAR)
    tiff = saved(PIXELS, "TIFF", resolution_unit=3, x_resolution=100, y_resolution=50)
    assert load_picture(tiff).dpi == pytest.approx((254, 127), **NEAR)


@pytest.mark.parametrize(
    "data",
    [
        saved(PIXELS, "PNG"),
        saved(PIXELS, "GIF"),
        saved(PIXELS, "JPEG"),
        saved(PIXELS, "WEBP"),
        saved(PIXELS, "JPEG", exif=exif_of(0, 0)),
        saved(PIXELS, "JPEG", exif=Image.Exif()),
        saved(PIXELS, "WEBP", exif=exif_of(300, 150, unit=1)),  # a ratio only
        saved(PIXELS, "WEBP", exif=b"Exif\0\0 no such thing"),
        png(PIXELS, chunk(b"pHYs", struct.pack(">IIB", 300, 150, 0))),  # a ratio only
        png(PIXELS, chunk(b"pHYs", struct.pack(">IIB", 0, 0, 1))),
        png(PIXELS, chunk(b"pHYs", struct.pack(">IIB", 2**31 - 1, 2**31 - 1, 1))),
        png(PIXELS, chunk(b"pHYs", struct.pack(">IIB", 11811, 3, 1))),
    ],
)
def test_what_makes_no_sense_is_none(data):
    assert load_picture(data).dpi is None


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "TIFF", "WEBP", "PNG"])
def test_resolution_turns_with_the_picture(format, orientation):
    options = {"compression": None} if format == "TIFF" else {}
    if format == "TIFF":
        options["tiffinfo"] = {0x0112: orientation, 0x011A: 300.0, 0x011B: 150.0, 0x0128: 2}
    else:
        options["exif"] = exif_of(300, 150, orientation=orientation)
    picture = load_picture(saved(PIXELS, format, **options))
    turned = orientation >= 5
    assert picture.size == ((20, 30) if turned else (30, 20))
    assert picture.dpi == pytest.approx((150, 300) if turned else (300, 150), **NEAR)


@given(st.one_of(st.floats(), st.integers()), st.one_of(st.floats(), st.integers()))
def test_a_resolution_is_two_numbers_in_bounds(across, down):
    good = all(1 <= side <= 100_000 for side in (across, down))
    assert sensible_dpi([across, down]) == ((across, down) if good else None)


@pytest.mark.parametrize("value", [None, 300, "300", [300], [300, 300, 300], ["300", "300"], [None, 300], {}])
def test_anything_else_is_none(value):
    assert sensible_dpi(value) is None


def test_a_worker_process_tells_it_too():
    data = saved(PIXELS, "JPEG", dpi=(300, 150))
    assert load_picture_apart(data).dpi == load_picture(data).dpi == (300, 150)


@pytest.mark.parametrize("dpi", [(1.0, 100_000.0), (72, 72), (299.9994, 150.1)])
def test_the_file_that_is_written_has_it(dpi):
    palette, indices = noise(9, 1)[:, 0], noise(20, 30, 1)[..., 0] % np.uint8(9)
    alpha = noise(20, 30, 1, seed=1)[..., 0]
    for data in (
        encode_png(palette, indices, alpha, optimize=True, dpi=dpi),
        encode_rgba_png(palette, indices, alpha, dpi=dpi),
    ):
        # Within the rounding to whole pixels a metre.
        assert dpi_of(data) == pytest.approx(dpi, abs=0.0254 / 2 + 1e-9)
    bare = len(encode_png(palette, indices, alpha, optimize=True))
    told = indexed_png_size(palette, indices, alpha, dpi=dpi)
    assert told.n_bytes == len(encode_png(palette, indices, alpha, optimize=True, dpi=dpi)) == bare + 21


def test_it_stays_the_same_from_file_to_file():
    data = saved(PIXELS, "JPEG", dpi=(300, 151))
    first = load_picture(data)
    for _ in range(3):
        picture = load_picture(data)
        result = quantize_image(picture, n_colors=4)
        data = encode_png(result.palette, result.indices, optimize=True, dpi=picture.dpi)
    assert load_picture(data).dpi == pytest.approx(first.dpi, abs=0.0254)
    assert data.count(b"pHYs") == 1


@pytest.mark.parametrize("extra", [[], ["--rgba"]])
def test_the_command_line_keeps_it(extra, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("in.png").write_bytes(saved(np.dstack([PIXELS, noise(20, 30, 1)]), "PNG", dpi=(300, 150)))
    with pytest.raises(SystemExit):
        main(["in.png", "-k", "4", "-o", "out.png", *extra])
    assert dpi_of(Path("out.png").read_bytes()) == pytest.approx((300, 150), **NEAR)


def test_a_shared_picture_keeps_it():
    picture = load_picture(saved(PIXELS, "PNG", dpi=(300, 150)))
    assert load_picture(encode_lossless(picture)).dpi == pytest.approx(picture.dpi, abs=1e-9)


def test_no_resolution_is_made_up():
    picture = load_picture(saved(PIXELS, "PNG"))
    result = quantize_image(picture, n_colors=4)
    for data in (
        encode_png(result.palette, result.indices, optimize=True, dpi=picture.dpi),
        encode_lossless(picture),
    ):
        assert b"pHYs" not in data
