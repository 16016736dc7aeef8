"""Sizes that are told of files that nobody has packed yet: within 5 % of them, or 8 % by bands of rows."""

import numpy as np
import pytest
from PIL import Image, ImageDraw
from skimage import data

from quantize import Picture, QuantizeError, Settings, quantize_image
from quantize.colors.counted import Counted
from quantize.curve import CurvePoint, Known, _of_quick, error_curve
from quantize.decoding.samples import load_sample
from quantize.rendering import encode
from quantize.rendering.encode import encode_png, estimate_png_size, indexed_png_size
from quantize.rendering.rivals import FileSize, rival_of
from quantize.rendering.row_bands import find_bands, find_share, take_bands
from tests.degenerate import pictures
from tests.pictures import noise

OFF = 0.05
# Of what is measured on bands of rows.
OFF_IN_BANDS = 0.08
# The header, the palette and what ends a file; below it, 5 % are a few bytes.
FEW_BYTES = 100


def drawn_screen(height: int, width: int) -> np.ndarray:
    """Windows, buttons and lines of text on an even ground."""
    rng, image = np.random.default_rng(3), Image.new("RGB", (width, height), (248, 248, 252))
    draw = ImageDraw.Draw(image)
    for _ in range(9):
        left, top = int(rng.integers(width)), int(rng.integers(height))
        fill = tuple(rng.integers(0, 256, 3).tolist())
        draw.rectangle((left, top, left + width // 5, top + height // 7), fill=fill, outline=0)
    for top in range(8, height, 21):
        words = "".join(chr(97 + letter) for letter in rng.integers(0, 26, width // 14))
        draw.text((width // 30, top), words.replace("e", " "), fill=(20, 20, 60))
    return np.asarray(image)


def hostile(height: int, width: int) -> dict[str, np.ndarray]:
    """What is packed far better or worse than photos, or unevenly."""
    y, x = np.mgrid[:height, :width]
    rng, even = np.random.default_rng(1), np.full((height, width), 99)
    soft = (np.sin(x / 90) + np.cos(y / 70) + 2) * 63
    mixed = even.copy()
    mixed[height // 3 :] = rng.integers(0, 256, (height - height // 3, width))
    greys = {
        "even": even, "noise": rng.integers(0, 256, (height, width)), "ramp": x * 255 // width,
        "slope": (x + y) * 255 // (height + width), "lattice": (x // 7 + 3 * (y // 5)) % 16 * 16,
        "soft": soft, "noisy": (soft + rng.normal(0, 3, (height, width))).clip(0, 255), "mixed": mixed,
    }  # fmt: skip
    found = {name: np.repeat(values.astype(np.uint8)[..., None], 3, axis=2) for name, values in greys.items()}
    return {**found, "colours": noise(height, width), "screen": drawn_screen(height, width)}


def assert_told(told: FileSize, truth: int, off: float = OFF) -> None:
    assert abs(told.n_bytes - truth) <= (off * truth + FEW_BYTES if told.estimated else 0)


@pytest.mark.parametrize("n_colors", [2, 16, 200])
@pytest.mark.parametrize("name", hostile(9, 9))
def test_sizes_are_told_within_a_twentieth(name, n_colors):
    pixels = hostile(310, 420)[name]
    for dither in ("none", "floyd-steinberg"):
        result = quantize_image(pixels, n_colors=n_colors, dither=dither, effort="fast")
        truth = len(encode_png(result.palette, result.indices, optimize=True))
        assert_told(indexed_png_size(result.palette, result.indices), truth)


@pytest.mark.parametrize(("name", "pixels"), pictures(1, seed=8))
def test_small_pictures_sizes_are_told_exactly(name, pixels):
    for n_colors in (2, 9, 256):
        result = quantize_image(pixels, n_colors=n_colors)
        told = indexed_png_size(result.palette, result.indices)
        assert_told(told, len(encode_png(result.palette, result.indices, optimize=True)))
        assert pixels.size > 3 * encode._EXACT_PIXELS or not told.estimated


@pytest.mark.parametrize("sample", ["coffee", "astronaut", "galaxies"])
def test_photos_sizes_are_told_within_a_twentieth(sample):
    picture = load_sample(sample)
    clear = np.full(picture.pixels.shape[:2], 255, np.uint8)
    clear[:, : len(clear) // 3] = 0
    for alpha in (None, clear):
        for n_colors in (4, 16, 64, 200):
            result = quantize_image(Picture.from_pixels(picture.pixels, alpha), n_colors=n_colors)
            truth = len(encode_png(result.palette, result.indices, alpha, optimize=True))
            assert_told(indexed_png_size(result.palette, result.indices, alpha), truth)


@pytest.mark.parametrize("name", ["even", "ramp", "mixed", "noisy", "screen"])
def test_bands_stand_for_a_large_picture(name):
    """Also where most happens in one part of it."""
    pixels = hostile(1700, 1300)[name]
    rows = find_bands(pixels, 1_000_000)
    assert len(pixels[rows]) * 1300 <= 1_000_000
    for n_colors in (4, 64):
        result = quantize_image(pixels, n_colors=n_colors)
        truth = len(encode_png(result.palette, result.indices, optimize=True))
        told = estimate_png_size(result.palette, result.indices[rows], None, 1700)
        assert_told(told, truth, OFF_IN_BANDS)


@pytest.mark.parametrize("busy", [30, 200, 900])
@pytest.mark.parametrize("hidden", [False, True])
def test_bands_stand_for_their_share_where_few_rows_hold_most(busy, hidden):
    """As in a screenshot with a photo in it; what nobody sees has no share."""
    pixels = np.full((1700, 1300, 3), 240, np.uint8)
    pixels[300 : 300 + busy] = np.resize(load_sample("coffee").pixels, (busy, 1300, 3))
    alpha = None
    if hidden:
        alpha = np.full(pixels.shape[:2], 255, np.uint8)
        pixels[1200:], alpha[1200:] = noise(500, 1300), 0
    result = quantize_image(Picture.from_pixels(pixels, alpha), n_colors=32)
    visible = None if alpha is None else alpha > 0
    rows = find_bands(pixels, 700_000, visible)
    share = find_share(pixels, rows, visible)
    part = result.indices[rows], None if alpha is None else alpha[rows]
    told = estimate_png_size(result.palette, *part, 1700, share=share)
    truth = len(encode_png(result.palette, result.indices, alpha, optimize=True))
    assert_told(told, truth, 0.1)


def test_all_rows_have_all_bytes():
    assert find_share(noise(9, 9), find_bands(noise(9, 9), 1_000_000)) == 1


@pytest.mark.parametrize("shape", [(1, 1), (1, 3_000_000), (3_000_000, 1), (17, 9), (700_001, 2)])
def test_bands_are_rows_of_the_picture(shape):
    rows = np.arange(shape[0])[find_bands(np.zeros(shape, np.uint8), 1_000_000)]
    assert (np.diff(rows) > 0).all()
    assert len(rows) == shape[0] or 0 < len(rows) * shape[1] <= 1_000_000


def test_what_comes_near_to_a_rival_is_told_exactly():
    result = quantize_image(load_sample("coffee"), n_colors=64)
    truth = len(encode_png(result.palette, result.indices, optimize=True))
    for rival, exact in ((truth - 9, True), (truth + 9, True), (2 * truth, False), (truth // 2, False)):
        told = indexed_png_size(result.palette, result.indices, rival=rival)
        assert told.estimated != exact
        assert_told(told, truth)


def test_the_rival_is_the_picture_s_own_file():
    class File:
        file_digest, n_bytes = "x", 77

        def __init__(self, format: str) -> None:
            self.format = format

    assert [rival_of(File(kind), sse) for kind in ("PNG", "JPEG") for sse in (0, 5)] == [77, 77, 77, None]


def test_a_curve_takes_the_points_that_are_known():
    picture = load_sample("coffee")
    own = error_curve(picture, Settings(), [4, 8, 16])
    asked = []

    def known(settings: Settings) -> object:
        asked.append(settings)
        return Known(own[1]) if settings.n_colors == 8 else None

    assert error_curve(picture, Settings(), [4, 8, 16], known=known) == own
    assert asked == [Settings(n_colors=k).resolved() for k in (4, 8, 16)]


@pytest.mark.parametrize("of", ["coffee", "screen"])
def test_sizes_beside_known_ones_are_told_nearly_as_well(of):
    picture = load_sample(of) if of == "coffee" else Picture.from_pixels(drawn_screen(400, 700))

    def truth(n_colors: int) -> int:
        result = quantize_image(picture, n_colors=n_colors)
        return len(encode_png(result.palette, result.indices, optimize=True))

    def known(settings: Settings) -> Known | None:
        result = quantize_image(picture, settings)
        found = estimate_png_size(result.palette, result.indices, None, len(result.indices))
        assert 0.5 < (found.ahead or 0) <= 1.01
        point = CurvePoint(settings.n_colors, 1, 1, 1, 1, found.n_bytes)
        return Known(point, found) if settings.n_colors in (8, 48) else None

    for point in error_curve(picture, Settings(), [2, 8, 24, 48, 192], known=known):
        assert_told(FileSize(point.n_bytes, estimated=True), truth(point.n_colors), OFF_IN_BANDS)


@pytest.mark.parametrize("name", ["coffee", "astronaut", "rocket", "chelsea"])
def test_sizes_between_two_are_told_by_both(name):
    picture = Picture.from_pixels(np.asarray(getattr(data, name)()))
    bands, numbers = take_bands(picture.pixels, None, 150_000), [16, 24, 32, 48, 64, 96, 128, 192, 256]

    def told(n_colors: int) -> int:
        return error_curve(picture, Settings(), [n_colors], bands=bands)[0].n_bytes

    points = error_curve(picture, Settings(), numbers, bands=bands)
    assert [point.n_colors for point in points] == numbers
    assert all(abs(point.n_bytes / told(point.n_colors) - 1) < 0.05 for point in points)
    assert points[-1].n_bytes == told(256)


def test_what_lies_between_different_ones_is_packed():
    def size(of_quick: float) -> FileSize:
        return FileSize(1, estimated=True, of_quick=of_quick)

    assert _of_quick({32: size(0.8), 64: size(0.8)}, 48) == pytest.approx(0.8)
    assert 0.8 < (_of_quick({32: size(0.8), 64: size(0.88)}, 48) or 0) < 0.88
    assert _of_quick({32: size(0.8), 64: size(0.6)}, 48) is None
    assert _of_quick({8: size(0.8), 64: size(0.8)}, 48) is None
    assert _of_quick({32: size(0.8)}, 48) is _of_quick({64: size(0.8)}, 48) is None
    assert _of_quick({8: size(0.8), 16: size(0.8)}, 12) is None


def test_a_curve_wants_pixels_or_bands():
    picture = load_sample("coffee")
    colors = Counted.of(picture.color_set, picture.opacity)
    with pytest.raises(QuantizeError, match="curve needs a picture's pixels or bands"):
        error_curve(colors, n_colors=[4])
    bands = take_bands(picture.pixels, picture.alpha, 1_000_000)
    assert error_curve(colors, n_colors=[4], bands=bands) == error_curve(picture, n_colors=[4])
