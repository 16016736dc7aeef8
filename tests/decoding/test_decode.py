"""Whatever the file, upright 8-bit sRGB pixels come of it, and a note of what was changed."""

import numpy as np
import pytest
from PIL import Image

from quantize.decoding import decode
from quantize.decoding.frames import gif_frames
from quantize.decoding.picture import load_picture
from quantize.limits import MAX_FRAMES_COUNTED
from tests.pictures import chunk, exif, noise, png, saved, smooth, tiff, upright

PIXELS = noise(70, 90)
ALPHA = noise(70, 90, 1, seed=1)[..., 0]
RGBA = np.dstack([PIXELS, ALPHA])


@pytest.fixture(autouse=True, params=[1000, decode._STRIP_PIXELS], ids=["strips", "whole"])
def strip_pixels(request, monkeypatch):
    """Small pictures fit one strip of the decoder, so most of the ways through it need smaller strips."""
    monkeypatch.setattr(decode, "_STRIP_PIXELS", request.param)


def paletted(transparency: int | bytes | None = None) -> Image.Image:
    """A picture of 5 entries; some are transparent if asked for."""
    image = Image.fromarray(noise(70, 90, 1)[..., 0] % 5)
    image.putpalette(bytes(range(40, 55)))
    if transparency is not None:
        image.info["transparency"] = transparency
    return image


@pytest.mark.parametrize(
    ("format", "options"),
    [
        ("PNG", {}),
        ("WEBP", {"lossless": True}),
        ("BMP", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("AVIF", {"quality": 100, "subsampling": "4:4:4"}),
        ("JPEG", {"quality": 98, "subsampling": 0}),
    ],
)
def test_every_format_is_read(format, options):
    stored = smooth(70, 90)
    picture = load_picture(saved(stored, format, **options))
    assert picture.format.upper() == format
    tolerance = 3 if format in ("JPEG", "AVIF") else 0
    assert np.abs(picture.pixels.astype(int) - stored).max() <= tolerance
    assert not picture.notes


def test_a_gif_is_read():
    picture = load_picture(saved(paletted(), "GIF"))
    assert np.array_equal(picture.pixels, np.asarray(paletted().convert("RGB")))
    assert (picture.format, picture.mode) == ("GIF", "P")


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("stored", [PIXELS, RGBA], ids=["RGB", "RGBA"])
def test_orientation_is_applied_as_the_exif_standard_says(stored, format, orientation):
    options = {"lossless": True, "exact": True} if format == "WEBP" else {}
    data = saved(stored, format, exif=b"Exif\0\0" + exif(orientation), **options)
    picture = load_picture(data)
    seen = upright(stored, orientation)
    assert np.array_equal(picture.pixels, seen[..., :3])
    assert picture.size == (seen.shape[1], seen.shape[0])
    if stored is RGBA:
        assert np.array_equal(picture.alpha, seen[..., 3])
    note = {1: (), 2: ("mirrored upright",), 4: ("mirrored upright",)}
    assert picture.notes == note.get(orientation, ("rotated upright",))


def test_orientation_of_a_jpeg_is_applied():
    stored = np.zeros((16, 32, 3), np.uint8)
    stored[:, :16] = 255
    picture = load_picture(saved(stored, "JPEG", exif=b"Exif\0\0" + exif(6)))  # 90° clockwise
    assert picture.size == (16, 32)
    assert picture.pixels[0, 0, 0] > 250
    assert picture.pixels[-1, 0, 0] < 5


def test_orientation_behind_the_pixels_of_a_png_is_found():
    picture = load_picture(png(PIXELS, after=chunk(b"eXIf", exif(3))))
    assert np.array_equal(picture.pixels, PIXELS[::-1, ::-1])


@pytest.mark.parametrize(
    "data", [exif(0), exif(9), exif(60000), exif(6)[:20], b"MM\0*garbage", b"no EXIF data", b""]
)
def test_senseless_orientation_is_ignored(data):
    picture = load_picture(png(PIXELS, before=chunk(b"eXIf", data)))
    assert np.array_equal(picture.pixels, PIXELS)
    assert not picture.notes


@pytest.mark.parametrize("mode", ["1", "L", "LA", "RGBA"])
def test_modes_of_png(mode):
    image = Image.fromarray(RGBA).convert(mode)
    picture = load_picture(saved(image, "PNG"))
    expected = np.asarray(image.convert("RGBA"))
    assert np.array_equal(picture.pixels, expected[..., :3])
    assert picture.mode == mode
    if mode in ("LA", "RGBA"):
        assert np.array_equal(picture.alpha, ALPHA)
    else:
        assert picture.alpha is None
    assert not picture.notes


@pytest.mark.parametrize("transparency", [2, bytes([255, 0, 128, 255, 7])])
def test_transparent_palette_entries(transparency):
    picture = load_picture(saved(paletted(), "PNG", transparency=transparency))
    entries = np.full(5, 255)
    if isinstance(transparency, int):
        entries[transparency] = 0
    else:
        entries[:] = list(transparency)
    assert np.array_equal(picture.alpha, entries[np.asarray(paletted())])
    assert np.array_equal(picture.pixels, np.asarray(paletted().convert("RGB")))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_transparent_colour(channels, dtype):
    samples = noise(70, 90, channels).astype(dtype)
    samples[:30] = samples[0, 0]
    if dtype == np.uint16:
        samples *= 257
    key = samples[0, 0].astype(">u2").tobytes()
    picture = load_picture(png(samples, before=chunk(b"tRNS", key)))
    assert np.array_equal(picture.alpha == 0, (samples == samples[0, 0]).all(axis=-1))


def test_alpha_is_none_when_all_is_opaque():
    assert load_picture(png(np.dstack([PIXELS, np.full((70, 90), 255, np.uint8)]))).alpha is None


def test_a_fully_transparent_picture_loads():
    picture = load_picture(png(np.dstack([PIXELS, np.zeros((70, 90), np.uint8)])))
    assert np.array_equal(picture.pixels, PIXELS)
    assert picture.alpha is not None
    assert not picture.alpha.any()
    assert picture.n_colors == 0


def test_premultiplied_grey_is_restored():
    data = bytes([100, 200, 0, 0, 30, 255])
    picture = load_picture(tiff(3, 1, data, (8, 8), extra_sample=1))
    assert picture.mode == "La"
    assert picture.pixels[0, :, 0].tolist() == [127, 0, 30]
    assert picture.alpha[0].tolist() == [200, 0, 255]


def test_cmyk_without_a_profile():
    image = Image.fromarray(smooth(70, 90)).convert("CMYK")
    picture = load_picture(saved(image, "TIFF"))
    assert np.array_equal(picture.pixels, np.asarray(image.convert("RGB")))
    assert picture.notes == ("CMYK converted to sRGB without a profile",)
    assert (
        np.abs(load_picture(saved(image, "JPEG", quality=98)).pixels.astype(int) - picture.pixels).max() < 9
    )


def test_ycbcr_tiff():
    image = Image.fromarray(smooth(70, 90)).convert("YCbCr")
    picture = load_picture(saved(image, "TIFF"))
    assert np.abs(picture.pixels.astype(int) - smooth(70, 90)).max() <= 3


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG", "TIFF", "AVIF"])
@pytest.mark.parametrize("count", [1, 3])
def test_of_an_animation_the_first_frame_is_read(format, count):
    frames = [Image.fromarray(np.full((20, 30), level, np.uint8)) for level in (10, 120, 240)[:count]]
    options = {"lossless": True} if format == "WEBP" else {}
    data = saved(frames[0], format, save_all=True, append_images=frames[1:], **options)
    picture = load_picture(data)
    assert np.abs(picture.pixels.astype(int) - 10).max() <= (3 if format == "AVIF" else 0)
    noun = "pages" if format == "TIFF" else "frames"
    assert picture.notes == ((f"first of 3 {noun}",) if count > 1 else ())


def test_frames_of_a_gif_are_counted_as_pillow_counts_them():
    frames = [Image.fromarray(noise(9, 9, seed=seed)).quantize(200 if seed % 2 else 7) for seed in range(12)]
    for count in range(1, 13):
        data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:count], comment=b"x" * 600)
        assert gif_frames(data) == count


@pytest.mark.parametrize(
    ("count", "note"),
    [
        (10_000, "first of 10,000 frames"),
        (10_001, "first of more than 10,000 frames"),
        (20_000, "first of more than 10,000 frames"),
    ],
)
def test_endless_frames_are_not_counted(count, note):
    one = saved(Image.new("P", (1, 1)), "GIF")
    frame = one[one.index(b"\x2c") : -1]
    assert load_picture(one[:-1] + frame * (count - 1)).notes == (note,)


def test_what_lies_behind_the_end_of_a_gif_is_no_frame():
    one = saved(Image.new("P", (1, 1)), "GIF")
    frame = one[one.index(b"\x2c") : -1]
    assert one[-1:] == b"\x3b"
    for behind in (frame, frame * 20, b"\x3b" + frame, b"\x21\xfe\x03abc\x00" + frame, bytes(range(256))):
        assert gif_frames(one + behind) == 1
        assert gif_frames(one[:-1] + frame + b"\x3b" + behind) == 2


def test_counting_stops_one_behind_the_limit():
    one = saved(Image.new("P", (1, 1)), "GIF")
    frame = one[one.index(b"\x2c") : -1]
    for count in (MAX_FRAMES_COUNTED, MAX_FRAMES_COUNTED + 1, MAX_FRAMES_COUNTED + 2, 3 * MAX_FRAMES_COUNTED):
        assert gif_frames(one[:-1] + frame * (count - 1) + b"\x3b") == min(count, MAX_FRAMES_COUNTED + 1)
    assert gif_frames(one[:-1] + frame * 2 + frame[:9]) == 4  # cut off: a frame that begins does count


@pytest.mark.parametrize(
    ("count", "note"), [(100, "first of 100 pages"), (102, "first of more than 100 pages")]
)
def test_endless_pages_are_not_counted(count, note):
    page = Image.new("L", (1, 1))
    assert load_picture(saved(page, "TIFF", save_all=True, append_images=[page] * (count - 1))).notes == (
        note,
    )


def test_a_phones_second_picture_is_not_mentioned():
    image = Image.fromarray(smooth(70, 90))
    picture = load_picture(saved(image, "MPO", save_all=True, append_images=[image.resize((9, 7))]))
    assert (picture.format, picture.size, picture.notes) == ("JPEG", (90, 70), ())
