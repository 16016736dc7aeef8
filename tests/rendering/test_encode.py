"""Indexed PNGs: exact, as small as their palette allows, transparent where they should be."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from quantize import quantize_image
from quantize.decoding.samples import load_sample
from quantize.errors import QuantizeError
from quantize.rendering import encode
from quantize.rendering.encode import encode_png, encode_rgba_png, indexed_png_size, png_size
from quantize.rendering.rivals import FileSize
from tests.pictures import noise, saved, smooth


def palette_of(k: int) -> np.ndarray:
    """Different colours in no order."""
    return np.random.default_rng(k).permutation(16**3)[:k, None] // np.array([256, 16, 1]) % 16 * 17


def indexed(k: int, height: int = 40, width: int = 50) -> tuple[np.ndarray, np.ndarray]:
    indices = np.random.default_rng(k).integers(0, k, (height, width), np.uint8)
    return palette_of(k).astype(np.uint8), indices


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def bit_depth(data: bytes) -> tuple[int, int]:
    """Bits per pixel and colour type (3 is indexed), from the header."""
    return data[24], data[25]


def depths(bits: int, optimize: bool) -> set[tuple[int, int]]:
    """What the header may say: entries of 2 and 4 bits may take a byte where that is shorter."""
    return {(bits, 3), (8, 3)} if optimize and bits in (2, 4) else {(bits, 3)}


@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize(
    ("k", "bits"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 4), (16, 4), (17, 8), (255, 8), (256, 8)]
)
def test_pixels_palette_and_bits(k, bits, optimize):
    palette, indices = indexed(k)
    data = encode_png(palette, indices, optimize=optimize)
    assert bit_depth(data) in depths(bits, optimize)
    image = opened(data)
    assert np.array_equal(np.asarray(image), indices)
    assert np.array_equal(np.asarray(image.convert("RGB")), palette[indices])
    assert "transparency" not in image.info


@given(
    k=st.integers(1, 256), height=st.integers(1, 20), width=st.integers(1, 20), optimize=st.booleans(),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_any_shape_comes_back_exactly(k, height, width, optimize, seed):
    palette = palette_of(k).astype(np.uint8)
    indices = noise(height, width, 1, seed)[..., 0] % np.uint16(k)
    data = encode_png(palette, indices.astype(np.uint8), optimize=optimize)
    assert np.array_equal(np.asarray(opened(data).convert("RGB")), palette[indices])


@pytest.mark.parametrize(("k", "bits"), [(1, 1), (2, 2), (4, 4), (16, 8), (255, 8)])
def test_transparent_pixels_take_an_entry_of_their_own(k, bits):
    palette, indices = indexed(k)
    alpha = noise(40, 50, 1)[..., 0]
    data = encode_png(palette, indices, alpha, optimize=True)
    assert bit_depth(data) in depths(bits, optimize=True)
    shown = np.asarray(opened(data).convert("RGBA"))
    assert np.array_equal(shown[..., 3], np.where(alpha < 128, 0, 255))
    assert np.array_equal(shown[alpha >= 128, :3], palette[indices][alpha >= 128])


def test_whoever_ignores_transparency_meets_no_new_colour():
    palette, indices = indexed(7)
    data = encode_png(palette, indices, noise(40, 50, 1)[..., 0], optimize=False)
    colors = np.unique(np.asarray(opened(data).convert("RGB")).reshape(-1, 3), axis=0)
    assert {tuple(color) for color in colors} == {tuple(color) for color in palette}


def test_alpha_that_hides_nothing_costs_no_entry():
    palette, indices = indexed(256)
    data = encode_png(palette, indices, np.full((40, 50), 128, np.uint8), optimize=True)
    assert data == encode_png(palette, indices, optimize=True)


def test_indices_under_transparent_pixels_mean_nothing():
    palette, indices = indexed(3)
    alpha = np.full((40, 50), 255, np.uint8)
    alpha[:5] = 0
    wild = indices.copy()
    wild[:5] = 200
    assert encode_png(palette, wild, alpha, optimize=True) == encode_png(
        palette, indices, alpha, optimize=True
    )


def test_the_arrays_given_are_not_changed():
    palette, indices = indexed(9)
    alpha = noise(40, 50, 1)[..., 0]
    for array in (palette, indices, alpha):
        array.flags.writeable = False
    encode_png(palette, indices, alpha, optimize=True)


def test_256_colours_leave_no_room_for_transparency():
    palette, indices = indexed(256)
    alpha = np.full((40, 50), 255, np.uint8)
    alpha[0, 0] = 0  # its entry is in use elsewhere
    with pytest.raises(QuantizeError, match="at most 255 colours beside transparency, got 256"):
        encode_png(palette, indices, alpha, optimize=True)


@pytest.mark.parametrize(
    ("palette", "indices", "alpha", "message"),
    [
        (np.zeros((0, 3), np.uint8), np.zeros((2, 2), np.uint8), None, "1 to 256 colours, got 0"),
        (np.zeros((257, 3), np.uint8), np.zeros((2, 2), np.uint8), None, "1 to 256 colours, got 257"),
        (np.zeros((2, 5), np.uint8), np.zeros((2, 2), np.uint8), None, r"palette must be uint8 \(k, 3\)"),
        (np.zeros((2, 3)), np.zeros((2, 2), np.uint8), None, "got float64"),
        (np.zeros((2, 3), np.uint8), np.zeros((2, 2), np.int64), None, "indices must be uint8"),
        (np.zeros((2, 3), np.uint8), np.zeros((0, 2), np.uint8), None, "not empty"),
        (np.zeros((2, 3), np.uint8), np.full((2, 2), 2, np.uint8), None, "below 2, .* got 2"),
        (np.zeros((2, 3), np.uint8), np.zeros((2, 2), np.uint8), np.zeros((2, 3), np.uint8), "alpha must"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(palette, indices, alpha, message):
    with pytest.raises(QuantizeError, match=message):
        encode_png(palette, indices, alpha, optimize=False)


def test_small_pictures_are_packed_more_thoroughly(monkeypatch):
    result = quantize_image(load_sample("coffee"), n_colors=64)
    palette, indices = result.palette, result.indices
    monkeypatch.setattr(encode, "_THOROUGH_PIXELS", indices.size)
    thorough = len(encode_png(palette, indices, optimize=True))
    monkeypatch.setattr(encode, "_THOROUGH_PIXELS", indices.size - 1)
    assert thorough < len(encode_png(palette, indices, optimize=True))


def test_optimising_makes_smaller_files():
    indices = (smooth(300, 400)[..., 0] // 4).astype(np.uint8)
    palette = palette_of(64).astype(np.uint8)
    assert len(encode_png(palette, indices, optimize=True)) < len(
        encode_png(palette, indices, optimize=False)
    )


def test_the_size_of_small_pictures_is_measured():
    pixels, alpha = smooth(300, 400), noise(300, 400, 1)
    assert png_size(pixels) == FileSize(len(saved(pixels, "PNG", compress_level=6)), estimated=False)
    both = saved(np.dstack([pixels, alpha]), "PNG", compress_level=6)
    assert png_size(pixels, alpha[..., 0]) == FileSize(len(both), estimated=False)


@pytest.mark.parametrize("shape", [(1800, 1300), (1300, 1800), (40, 60_000), (60_000, 40)])
def test_the_size_of_large_pictures_is_estimated_well(shape):
    pixels = smooth(*shape) + noise(*shape, seed=1) % 2
    size = png_size(pixels)
    truth = len(saved(pixels, "PNG", compress_level=6))
    assert size.estimated
    assert size.n_bytes == pytest.approx(truth, rel=0.03)


def test_the_size_of_a_small_file_is_told_exactly():
    palette, indices = indexed(20)
    assert indexed_png_size(palette, indices) == FileSize(
        len(encode_png(palette, indices, optimize=True)), False
    )


@pytest.mark.parametrize("k", [2, 16, 200])
def test_the_size_of_a_large_file_is_told_within_a_tenth(k):
    red = np.tile(load_sample("coffee").pixels[..., 0], (4, 3))
    indices = (red.astype(int) * k // 256).astype(np.uint8)
    palette, _ = indexed(k)
    told = indexed_png_size(palette, indices)
    truth = len(encode_png(palette, indices, optimize=True))
    # What packs at once is packed.
    assert told.estimated == (truth > 1_000_000)
    assert told.n_bytes == pytest.approx(truth, rel=0.05 if told.estimated else 0)


@pytest.mark.parametrize("busy", [3, 40, 400])
@pytest.mark.parametrize("hidden", [False, True])
def test_a_size_is_told_wherever_the_bytes_lie(busy, hidden):
    """As in a screenshot: some rows of a photo, the rest even."""
    dice = np.random.default_rng(busy)
    indices = np.zeros((1500, 4000), np.uint8)
    indices[700 : 700 + busy] = dice.integers(0, 200, (busy, 4000))
    indices[1000:] = np.arange(4000) // 16 % 200
    palette, _ = indexed(200)
    alpha = None
    if hidden:  # what nobody sees is not packed
        alpha = np.full(indices.shape, 255, np.uint8)
        alpha[:600] = 0
        indices[:600] = dice.integers(0, 200, (600, 4000))
    told = indexed_png_size(palette, indices, alpha)
    truth = len(encode_png(palette, indices, alpha, optimize=True))
    assert told.n_bytes == pytest.approx(truth, rel=0.05 if told.estimated else 0)


def test_transparency_counts_in_the_size():
    palette, indices = indexed(15, 1000, 1000)
    clear = np.zeros((1000, 1000), np.uint8)
    assert indexed_png_size(palette, indices, clear).n_bytes < indexed_png_size(palette, indices).n_bytes / 10


def test_rgba_keeps_every_alpha_and_only_palette_colors():
    palette, indices = indexed(9)
    alpha = noise(*indices.shape)[..., 0]
    image = np.asarray(opened(encode_rgba_png(palette, indices, alpha)))
    np.testing.assert_array_equal(image[..., :3], palette[indices])
    np.testing.assert_array_equal(image[..., 3], alpha)
