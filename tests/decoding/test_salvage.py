"""Files that are cut off: what is there is shown, what is missing is transparent, a note says how much."""

import re
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from quantize.decoding.jpeg import walk_jpeg
from quantize.decoding.picture import load_picture
from quantize.errors import QuantizeError
from tests.pictures import chunk, noise, png, png_header, saved, smooth

PIXELS = noise(120, 90)
SEEDS = {
    "JPEG": saved(PIXELS, "JPEG", quality=90),
    "grey JPEG": saved(PIXELS[..., 0], "JPEG", quality=90),
    "CMYK JPEG": saved(Image.fromarray(PIXELS).convert("CMYK"), "JPEG", quality=90),
    "PNG": png(PIXELS),
    "grey PNG": png(PIXELS[..., :1]),
    "RGBA PNG": png(np.dstack([PIXELS, np.full((120, 90), 255, np.uint8)])),
    "16-bit grey PNG": png(PIXELS[..., :1].astype(np.uint16) * 257),
    "GIF": saved(Image.fromarray(PIXELS).quantize(200), "GIF"),
    "BMP": saved(PIXELS, "BMP"),
    "PPM": saved(PIXELS, "PPM"),
}
END_NOTE = "the end of the file is missing, nothing of the picture is"
SHARE = re.compile(r"the file is cut off or damaged: (\d+) % of the picture is missing and transparent")


@pytest.mark.parametrize("kind", SEEDS)
@settings(max_examples=15, deadline=None)
@given(share=st.floats(0.15, 0.95))
def test_what_is_there_is_shown_and_the_rest_is_transparent(kind, share):
    whole = load_picture(SEEDS[kind])
    cut = load_picture(SEEDS[kind][: int(len(SEEDS[kind]) * share)])
    assert cut.size == whole.size
    missing = np.zeros((120, 90), bool) if cut.alpha is None else cut.alpha == 0
    differs = (cut.pixels != whole.pixels).any(axis=-1) & ~missing
    # A JPEG's last block may be half there; its colours are blended with those of the block beneath.
    assert differs.sum() <= (16 * 90 if "JPEG" in kind else 0)
    assert abs(missing.mean() - (1 - share)) < 0.2
    (note,) = [note for note in cut.notes if "cut off" in note]
    assert abs(int(SHARE.fullmatch(note)[1]) - 100 * missing.mean()) <= 0.5


@pytest.mark.parametrize("kind", ["JPEG", "grey JPEG", "CMYK JPEG", "PNG", "GIF"])
@pytest.mark.parametrize("count", [1, 2])
def test_a_missing_end_takes_nothing_away(kind, count):
    count = {"PNG": 12}.get(kind.split()[-1], count)
    whole, cut = load_picture(SEEDS[kind]), load_picture(SEEDS[kind][:-count])
    assert np.array_equal(whole.pixels, cut.pixels)
    assert cut.alpha is None
    assert cut.notes in (
        whole.notes,
        (*whole.notes, "the end of the file is missing, nothing of the picture is"),
    )


def test_a_black_picture_that_is_cut_off_is_not_all_missing():
    data = png(np.zeros((400, 300, 3), np.uint8) + np.uint8(0))
    start = data.index(b"IDAT")
    cut = load_picture(data[: start + 4 + (len(data) - start) // 2])
    assert 0 < (cut.alpha == 255).mean() < 1
    assert not cut.pixels.any()


def test_a_progressive_jpeg_that_is_cut_off_is_coarse_and_whole():
    data = saved(smooth(200, 300), "JPEG", progressive=True, quality=95)
    cut = load_picture(data[: len(data) * 3 // 4])
    assert cut.alpha is None
    (note,) = cut.notes
    assert note == "the file is cut off: all of the picture is there, perhaps without its finest details"
    assert np.abs(cut.pixels.astype(int) - smooth(200, 300)).mean() < 12


def test_a_progressive_jpeg_that_is_cut_off_in_its_first_scan_lacks_its_lower_part():
    data = saved(noise(200, 300), "JPEG", progressive=True, quality=95)
    first = data.index(b"\xff\xda")
    second = data.index(b"\xff\xc4", first)
    cut = load_picture(data[: (first + second) // 2])
    missing = (cut.alpha == 0).mean()
    assert 0.3 < missing < 0.7
    assert f"{100 * missing:.0f} % of the picture is missing" in cut.notes[0]
    assert (cut.alpha[:40] == 255).all()


@pytest.mark.parametrize("kind", SEEDS)
def test_a_file_without_any_pixels_is_damaged(kind):
    data = SEEDS[kind]
    head = {"JPEG": data.rfind(b"\xff\xda") + 8, "PNG": 41, "GIF": 14, "BMP": 54, "PPM": 14}
    with pytest.raises(QuantizeError, match="picture cannot be decoded"):
        load_picture(data[: head[kind.split()[-1]]])


@pytest.mark.parametrize(
    "extra",
    [
        chunk(b"tEXt", b"k\0" + bytes(range(32, 127)) * 20_000),
        chunk(b"zTXt", b"k\0\0" + zlib.compress(b"x" * 3_000_000)),
        chunk(b"zTXt", b"k\0\0" + zlib.compress(b"x" * 300_000_000, 1)),
        chunk(b"iTXt", b"k\0\1\0\0\0" + zlib.compress(b"x" * 3_000_000)),
        chunk(b"tEXt", b"k\0words")[:-1] + b"\0",
        chunk(b"gAMA", struct.pack(">I", 100_000))[:-4] + bytes(4),
        chunk(b"tRNS", bytes(6))[:-4] + bytes(4),
        chunk(b"acTL", b"\0"),
        chunk(b"fcTL", b"\0"),
        chunk(b"zzZz", bytes(100_000)),
    ],
)
@pytest.mark.parametrize("place", ["before", "after"])
def test_what_is_wrong_outside_the_pixels_of_a_png_is_no_damage(extra, place):
    picture = load_picture(png(noise(9, 9), **{place: extra}))
    assert np.array_equal(picture.pixels, noise(9, 9))
    assert picture.alpha is None
    assert not picture.notes


def test_a_broken_header_of_a_png_is_damage():
    data = bytearray(png(noise(9, 9)))
    data[20] ^= 1
    with pytest.raises(QuantizeError, match="PNG picture cannot be decoded"):
        load_picture(bytes(data))


def test_pixels_of_a_png_in_many_pieces():
    rows = zlib.compress(b"".join(b"\0" + row.tobytes() for row in PIXELS))
    pieces = b"".join(chunk(b"IDAT", rows[at : at + 7]) for at in range(0, len(rows), 7))
    data = png_header(90, 120) + pieces + chunk(b"IEND", b"")
    assert np.array_equal(load_picture(data).pixels, PIXELS)
    assert "% of the picture is missing" in load_picture(data[:2000]).notes[0]


def test_scans_are_counted_in_segments_only():
    data = saved(noise(64, 64), "JPEG", progressive=True, comment=b"\xff\xda" * 100)
    found = walk_jpeg(data)
    assert found.ended
    assert found.progressive
    assert 1 < found.scans < 20
    video = b"\0\0\0\x18ftypmp42" + b"\xff\xda\0\x08" * 5000
    assert walk_jpeg(data + video).scans == found.scans
    assert np.array_equal(load_picture(data + video).pixels, load_picture(data).pixels)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=300), cut=st.integers(0, 5000))
def test_walking_segments_ends_whatever_they_are(data, cut):
    for bytes_ in (b"\xff\xd8" + data, SEEDS["JPEG"][:cut] + data):
        assert walk_jpeg(bytes_).scans >= 0


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_tga_that_is_cut_off_may_be_anything(share):
    data = saved(PIXELS, "TGA")
    with pytest.raises(QuantizeError, match="got a file of another kind"):
        load_picture(data[: int(len(data) * share)])
