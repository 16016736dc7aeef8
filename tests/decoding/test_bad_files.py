"""Whatever is dropped on the page: a picture, or one sentence that helps. Never anything else."""

import io
import os
import random
import struct
import tracemalloc
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from quantize.decoding.parts import webp_size
from quantize.decoding.picture import Picture, load_picture, read_source
from quantize.errors import QuantizeError, too_many_mb
from quantize.limits import MAX_BYTES, MAX_PIXELS
from tests.pictures import bomb, chunk, exif, heic, jxl, noise, png, png_header, qoi, saved, smooth, tiff
from tests.profiles import adobe_rgb, gray_profile

FRAMES = [Image.fromarray(noise(12, 9, seed=seed)).quantize(16) for seed in range(3)]
SEEDS = {
    "PNG": png(np.dstack([noise(12, 9), noise(12, 9, 1)])),
    "palette PNG": saved(
        FRAMES[0], "PNG", transparency=bytes(range(16)), icc_profile=adobe_rgb(), exif=b"Exif\0\0" + exif(6)
    ),
    "16-bit PNG": png(noise(12, 9, 1).astype(np.uint16) * 257, before=chunk(b"tRNS", b"\0\1")),
    "animated PNG": saved(FRAMES[0], "PNG", save_all=True, append_images=FRAMES[1:]),
    "JPEG": saved(smooth(12, 9), "JPEG", icc_profile=adobe_rgb(), exif=b"Exif\0\0" + exif(5)),
    "progressive JPEG": saved(smooth(12, 9), "JPEG", progressive=True),
    "CMYK JPEG": saved(Image.fromarray(smooth(12, 9)).convert("CMYK"), "JPEG"),
    "MPO": saved(smooth(12, 9), "MPO", save_all=True, append_images=[Image.fromarray(noise(40, 40))]),
    "WebP": saved(smooth(12, 9), "WEBP", icc_profile=adobe_rgb(), exif=b"Exif\0\0" + exif(8)),
    "animated WebP": saved(FRAMES[0], "WEBP", save_all=True, append_images=FRAMES[1:]),
    "GIF": saved(FRAMES[0], "GIF", save_all=True, append_images=FRAMES[1:], transparency=3),
    "BMP": saved(smooth(12, 9), "BMP"),
    "TIFF": saved(noise(12, 9, 1)[..., 0], "TIFF", icc_profile=gray_profile("G", 1.8)),
    "LZW TIFF": saved(smooth(12, 9), "TIFF", compression="tiff_lzw", exif=exif(7)),
    "paged TIFF": saved(FRAMES[0], "TIFF", save_all=True, append_images=FRAMES[1:]),
    "float TIFF": tiff(9, 12, np.linspace(0, 1, 108, dtype=np.float32).tobytes(), (32,), sample_format=3),
    "AVIF": saved(smooth(12, 9), "AVIF", icc_profile=adobe_rgb(), exif=b"Exif\0\0" + exif(3)),
    "HEIC": heic(smooth(12, 9), icc_profile=adobe_rgb(), exif=b"Exif\0\0" + exif(6)),
    "JPEG XL": jxl(np.dstack([noise(12, 9), noise(12, 9, 1)])),
    "JPEG 2000": saved(smooth(12, 9), "JPEG2000"),
    "ICO": saved(smooth(12, 9), "ICO", sizes=[(9, 12)], bitmap_format="bmp"),
    "QOI": qoi(smooth(12, 9)),
    "PPM": saved(smooth(12, 9), "PPM"),
    "TGA": saved(smooth(12, 9), "TGA", compression="tga_rle"),
}


def refusal(source) -> str:
    """The sentence with which a source is refused."""
    with pytest.raises(QuantizeError) as caught:
        load_picture(source)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert not sentence.endswith(".")
    assert len(sentence) < 250
    return sentence


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "must not be empty, got 0 bytes"),
        (b"These are only words.\nNothing else.", "got a text file"),
        ("Größe – naïve".encode(), "got a text file"),
        (b'<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="http://www.w3.org/2000/svg"/>', "got an SVG"),
        (
            b"\xef\xbb\xbf <svg width='9'></svg>",
            "a drawing of lines and shapes: export it as PNG",
        ),
        (b"<html><body>404</body></html>", "got a text file"),
        (b"%PDF-1.7\n...", "got a PDF document"),
        (
            b"8BPS\0\1" + bytes(50),
            "a Photoshop file .PSD.: export it there as PNG, or",
        ),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(50), "^HEIC picture cannot be decoded"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + bytes(50), "^HEIC picture cannot be decoded"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif" + bytes(50), "^AVIF picture cannot be decoded"),
        (b"\xff\x0a" + bytes(50), "^JPEG XL picture cannot be decoded"),
        (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(50), "^JPEG XL picture cannot be decoded"),
        (b"\0\0\0\x18ftypmsf1" + bytes(50), "^HEIC picture cannot be decoded"),
        (b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(50), "^JPEG 2000 picture cannot be decoded"),
        (b"\0\0\1\0\1\0" + bytes(50), "^ICO picture cannot be decoded"),
        (b"\0\0\1\0", "^ICO picture cannot be decoded"),
        (b"qoif" + bytes(50), "^QOI picture cannot be decoded"),
        (b"P6\n" + bytes(50), "^PPM picture cannot be decoded"),
        (b"\0\0\2\0\1\0" + bytes(50), "got a cursor"),
        (b"II*\0\x10\0\0\0CR\2\0" + bytes(50), "got a camera raw file: develop it in"),
        (b"FUJIFILMCCD-RAW 0201" + bytes(50), "got a camera raw file"),
        (b"IIRO\x08\0\0\0" + bytes(50), "got a camera raw file"),
        (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/x-krita", "got a Krita file: export it in Krita"),
        (b"PK\x03\x04" + bytes(50), "ZIP archive: unpack it"),
        (b"\x1f\x8b\x08" + bytes(50), "got an archive: unpack it"),
        (b"\xc5\xd0\xd3\xc6" + bytes(50), "got a PostScript file"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomavc1" + bytes(50), "got a video"),
        (b"\0\0\0\x18ftypcrx isom" + bytes(50), "got a camera raw file"),
        (b"\x1aE\xdf\xa3" + bytes(50), "got a video"),
        (b"gimp xcf v011" + bytes(50), "got a GIMP file"),
        (b"v/1\x01\x02" + bytes(50), "got an OpenEXR picture"),
        (b"tab\tand\r\nfeed\x0c", "got a text file"),
        (b"nearly a text\x08", "got a file of another kind"),
        (b"nearly a text\x0e", "got a file of another kind"),
        (b"nearly a text\x1f", "got a file of another kind"),
        (b"MM\0*\0\0\0\x08" + bytes(50), "^TIFF picture cannot be decoded"),
        (b"II+\0\x08\0\0\0" + bytes(50), "^TIFF picture cannot be decoded"),
        (b"MM\0+\0\x08\0\0" + bytes(50), "^TIFF picture cannot be decoded"),
        (b"RIFF\x20\0\0\0WEBPVP8 " + bytes(50), "^WebP picture cannot be decoded"),
        (b"GIF89a\1\0\1\0" + bytes(9), "^GIF picture cannot be decoded"),
        (bytes(1000), "got a file of another kind"),
        (saved(smooth(9, 9), "EPS"), "got a PostScript file"),
    ],
)
def test_what_is_not_a_picture_for_us_is_named(data, expected):
    with pytest.raises(QuantizeError, match=expected):
        load_picture(data)
    refusal(data)


def test_a_decompression_bomb_is_refused_by_its_header():
    assert len(bomb()) < 4000
    assert refusal(bomb()) == (
        "picture must have at most 100 megapixels, got 900 megapixels: scale it down first"
    )


@pytest.mark.parametrize("height", [12_801, 15_000, 20_000, 2**31 - 1])
def test_pixels_are_counted_before_decoding(height):
    sentence = refusal(png_header(8192, height) + chunk(b"IDAT", b"") + chunk(b"IEND", b""))
    assert "at most 100 megapixels" in sentence
    assert f"{8192 * height / 1e6:,.0f} megapixels" in sentence


def test_the_largest_size_is_not_refused_as_too_large():
    header = png_header(8192, MAX_PIXELS // 8192, 1, 0)
    assert "cannot be decoded" in refusal(header + chunk(b"IDAT", b"") + chunk(b"IEND", b""))


@pytest.mark.parametrize("width", [8192, 10_000, 13_000, 2**24])
def test_the_canvas_of_a_webp_is_known_before_it_takes_memory(width):
    data = bytearray(SEEDS["animated WebP"])
    data[24:27] = (width - 1).to_bytes(3, "little")
    data[27:30] = (12_801 - 1).to_bytes(3, "little")
    assert f"at most 100 megapixels, got {width:,} × 12,801 (" in refusal(bytes(data))


@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"exif": exif(1)}])
def test_the_size_of_a_webp_is_told_by_its_header(options):
    assert webp_size(saved(smooth(33, 47), "WEBP", **options)) == (47, 33)
    assert webp_size(SEEDS["PNG"]) is None


@pytest.mark.parametrize("size", [(0, 9), (9, 0), (0, 0)])
def test_a_picture_without_pixels_is_damaged(size):
    assert "cannot be decoded" in refusal(png_header(*size) + chunk(b"IDAT", b"") + chunk(b"IEND", b""))


def test_a_profile_that_unpacks_to_gigabytes_is_left_out():
    profile = chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(50_000_000), 9))
    picture = load_picture(png(noise(9, 9), before=profile))
    assert np.array_equal(picture.pixels, noise(9, 9))
    assert picture.notes == ("unusable colour profile left out, colours taken as sRGB",)


@pytest.mark.parametrize("extra", [chunk(b"acTL", struct.pack(">II", 0, 0)), chunk(b"eXIf", b"MM\0*garbage")])
def test_pillows_warnings_stay_inside(extra, recwarn):
    """Under the filters of this run, a warning that got out would also be an error."""
    data = png(noise(9, 9), before=extra)
    assert isinstance(load_picture(data), Picture)
    warnings.simplefilter("always")
    assert isinstance(load_picture(data), Picture)
    assert not recwarn


def test_a_jpeg_of_endless_scans_is_refused():
    """Each goes over all pixels once more: a file of 20 MB could ask for hours."""
    data = saved(smooth(1000, 2000)[..., 0], "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    assert load_picture(data[:-2] + data[last:-2] * 50 + data[-2:]).size == (2000, 1000)
    assert refusal(data[:-2] + data[last : last + 18] * 2000 + data[-2:]) == (
        "JPEG picture of this size must have at most 1,073 scans, got 2,006: "
        "export it again as an ordinary JPEG or PNG"
    )


def test_a_tiff_of_endless_strips_is_refused():
    rows = 2**18 + 1
    entries = [
        (256, 4, 1, 1), (257, 4, 1, rows), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
        (273, 4, rows, 200), (277, 3, 1, 1), (278, 4, 1, 1), (279, 4, rows, 200),
    ]  # fmt: skip
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *e) for e in entries)
    data = (b"II*\0" + struct.pack("<I", 8) + directory).ljust(200, b"\0") + struct.pack("<I", 1) * rows
    assert "TIFF picture of this size must have at most 262,144 strips or tiles, got 262,145" in refusal(data)


def run_length_bmp(width: int, height: int, pixels: bytes) -> bytes:
    """A BMP of 256 greys, run-length encoded."""
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(pixels), 2835, 2835, 256, 0)
    table = bytes(value for level in range(256) for value in (level, level, level, 0))
    start = 14 + len(info) + len(table)
    return struct.pack("<2sIHHI", b"BM", start + len(pixels), 0, 0, start) + info + table + pixels


def test_a_large_run_length_encoded_bmp_is_refused():
    assert np.array_equal(load_picture(run_length_bmp(3, 1, b"\3\7\0\1")).pixels, np.full((1, 3, 3), 7))
    assert refusal(run_length_bmp(2**24 + 1, 1, b"\0\0\0\1")) == (
        "BMP picture with run-length encoding must have at most 16 megapixels, got 16,777,217 × 1: "
        "save it as PNG"
    )


def test_missing_file_folder_and_odd_names(tmp_path):
    assert "must be an existing file, found none at" in refusal(tmp_path / "no.png")
    assert "got the folder" in refusal(tmp_path)
    assert "null" in refusal("a\0b.png")
    assert "too long" in refusal("x" * 5000).lower()
    (tmp_path / "empty.png").touch()
    assert "got 0 bytes" in refusal(tmp_path / "empty.png")


@pytest.mark.parametrize("source", [None, 7, ["a.png"], bytearray(b"x"), np.zeros((3, 3, 3), np.uint8)])
def test_other_sources_are_refused_by_type(source):
    assert f"got {type(source).__name__}" in refusal(source)


def test_bytes_are_limited(tmp_path):
    data = SEEDS["PNG"]
    path = tmp_path / "a.png"
    path.write_bytes(data)
    for source in (data, path):
        assert load_picture(source, max_bytes=len(data)).n_bytes == len(data)
        with pytest.raises(QuantizeError, match="must have at most"):
            load_picture(source, max_bytes=len(data) - 1)


@pytest.mark.parametrize("n", [1, 1000, 2**20, 2**20 + 1, 3 * 2**20 + 7])
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes that have names")
def test_a_pipe_that_says_no_length_is_read_whole_and_no_further_than_the_limit(tmp_path, n):
    data = random.Random(n).randbytes(n)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        written = pool.submit(pipe.write_bytes, data)
        assert read_source(pipe, n) == data
        assert written.result(60) == n
        written = pool.submit(pipe.write_bytes, data)
        with pytest.raises(QuantizeError, match="must have at most"):
            read_source(pipe, n - 1)
        with suppress(BrokenPipeError):
            written.result(60)


def test_a_small_file_takes_little_memory_whatever_the_limit(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(SEEDS["PNG"])
    tracemalloc.start()
    try:
        for limit in (MAX_BYTES, 2**70):
            assert read_source(path, limit) == SEEDS["PNG"]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10 * len(SEEDS["PNG"]) + 2**20


@given(st.integers(1, 2000), st.integers(1, 10**7))
def test_what_is_too_long_reads_as_more_than_the_limit(most, more):
    """In whole megabytes, as most limits are, however little is too much."""
    said = too_many_mb(most * 2**20 + more)
    assert most < float(said.removesuffix(" MB").replace(",", "")) < most + more / 2**20 + 0.1001


def test_the_limit_of_bytes_is_named_with_what_came():
    with pytest.raises(QuantizeError, match=r"at most 20 MB, got 21\.0 MB: save it smaller"):
        load_picture(bytes(21 * 2**20), max_bytes=20 * 2**20)


@st.composite
def mutated_files(draw) -> bytes:
    """One of the seeds with some bytes changed, taken out, doubled, or with the tail of another."""
    data = bytearray(SEEDS[draw(st.sampled_from(sorted(SEEDS)))])
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        match draw(st.sampled_from(["set", "set", "big", "cut", "double", "splice"])):
            case "set":
                data[at : at + 1] = bytes([draw(st.integers(0, 255))])
            case "big":
                data[at : at + 4] = draw(
                    st.sampled_from([b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff", b"\0\0\0\1"])
                )
            case "cut":
                del data[at : at + draw(st.integers(1, 40))]
            case "double":
                data[at:at] = data[at : at + draw(st.integers(1, 40))]
            case "splice":
                data[at:] = SEEDS[draw(st.sampled_from(sorted(SEEDS)))][at:]
    return bytes(data)


@settings(max_examples=1500, deadline=5000, suppress_health_check=[HealthCheck.too_slow])
@given(data=mutated_files())
def test_mutated_files_give_a_picture_or_a_sentence(data):
    try:
        picture = load_picture(data)
    except QuantizeError:
        return
    width, height = picture.size
    assert picture.pixels.shape == (height, width, 3)
    assert width * height <= MAX_PIXELS
    assert picture.alpha is None or picture.alpha.shape == (height, width)
    assert all(note.isprintable() for note in picture.notes)


def test_numbers_without_colors_are_no_picture():
    """Pillow reads a PNG of entries without PLTE as black."""
    whole = io.BytesIO()
    image = Image.fromarray(np.arange(36, dtype=np.uint8).reshape(6, 6), "P")
    image.putpalette(bytes(range(108)))
    image.save(whole, "PNG")
    data = whole.getvalue()
    assert load_picture(data).n_colors == 36
    at = data.index(b"PLTE") - 4
    n_bytes = 12 + int.from_bytes(data[at : at + 4], "big")
    with pytest.raises(QuantizeError, match="PNG picture cannot be decoded"):
        load_picture(data[:at] + data[at + n_bytes :])
