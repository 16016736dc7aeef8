"""Nearest: no entry is nearer than the one chosen, and of equals it is the first."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from quantize.colors import nearest
from quantize.colors.colorset import ColorSet
from quantize.colors.nearest import assign, remap
from quantize.errors import QuantizeError


def colors_8bit(smallest: int, largest: int, top: int = 255):
    return arrays(
        np.uint8,
        st.tuples(st.integers(smallest, largest), st.just(3)),
        elements=st.integers(0, top),
        fill=st.nothing(),
    )


def floats(smallest: int, largest: int):
    values = st.floats(-1e4, 1e4, width=32) | st.sampled_from([0.0, -0.0, 1e-7, 0.5, 100.0])
    return arrays(np.float32, st.tuples(st.integers(smallest, largest), st.just(3)), elements=values)


def noise(*shape: int, seed: int = 0, top: int = 256) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, top, (*shape, 3), np.uint8)


def oracle(colors: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """Squared distances (n, k), one multiplication after the other; whole numbers stay whole."""
    kind = np.int64 if colors.dtype == np.uint8 else np.float64
    d = colors.astype(kind)[:, None] - palette.astype(kind)[None]
    return d[..., 0] * d[..., 0] + d[..., 1] * d[..., 1] + d[..., 2] * d[..., 2]


def check_remap(pixels: np.ndarray, palette: np.ndarray) -> None:
    distances = oracle(pixels.reshape(-1, 3), palette)
    expected = distances.argmin(axis=1)
    found = remap(pixels, palette)
    assert np.array_equal(found.indices, expected.reshape(pixels.shape[:-1]))
    assert np.array_equal(found.counts, np.bincount(expected, minlength=len(palette)))
    assert found.sse == distances.min(axis=1).sum()


def test_three_colors_by_hand():
    palette = np.array([[0, 0, 0], [10, 0, 0], [255, 255, 255]], np.uint8)
    found = remap(np.array([[[6, 0, 0], [5, 0, 0], [200, 200, 250]]], np.uint8), palette)
    assert found.indices.tolist() == [[1, 0, 2]]
    assert found.counts.tolist() == [1, 1, 1]
    assert found.sse == 16 + 25 + 55**2 * 2 + 5**2


@given(colors_8bit(0, 60), colors_8bit(1, 40))
def test_no_entry_is_nearer_in_srgb(pixels, palette):
    check_remap(pixels, palette)


@given(colors_8bit(0, 60, top=9), colors_8bit(1, 60, top=9))
def test_first_of_equals_where_ties_are_common(pixels, palette):
    check_remap(pixels, palette)


@pytest.mark.parametrize("k", [1, 2, 3, 16, 64, 255, 256])
@pytest.mark.parametrize("top", [256, 40])
def test_a_picture_of_noise(k, top):
    check_remap(noise(70, 90, seed=k, top=top), noise(k, seed=k + 1, top=top))


def test_every_color_of_a_plane_and_a_palette_of_greys():
    # A grey palette seen from every side: long borders between entries, many ties.
    steps = np.arange(0, 256, 3, np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps[::7], indexing="ij"), axis=-1)
    check_remap(grid.reshape(-1, 3), np.repeat(np.arange(0, 256, 5, np.uint8)[:, None], 3, axis=1))


def test_first_of_equal_entries_is_used():
    palette = np.array([[1, 1, 1], [7, 7, 7], [7, 7, 7], [1, 1, 1]], np.uint8)
    assert remap(np.array([[7, 7, 7], [1, 1, 1], [4, 4, 4]], np.uint8), palette).indices.tolist() == [1, 0, 0]


@settings(deadline=None)
@given(floats(0, 40), floats(1, 40))
def test_no_entry_is_nearer_than_the_one_chosen(colors, palette):
    distances = oracle(colors, palette)
    indices, errors = assign(colors, palette)
    assert np.array_equal(indices, distances.argmin(axis=1))
    assert np.array_equal(errors, distances.min(axis=1).astype(np.float32))
    assert indices.dtype == np.uint8
    assert errors.dtype == np.float32


@pytest.mark.parametrize("k", [1, 5, 64, 256])
@pytest.mark.parametrize("scale", [1.0, 1e-3, 100.0])
def test_many_colors_of_a_working_space(k, scale):
    rng = np.random.default_rng(k)
    colors = (rng.normal(size=(20_000, 3)) * scale).astype(np.float32)
    palette = np.concatenate(
        [colors[: k // 2], (rng.normal(size=(k - k // 2, 3)) * scale).astype(np.float32)]
    )
    distances = oracle(colors, palette)
    indices, errors = assign(colors, palette)
    assert np.array_equal(indices, distances.argmin(axis=1))
    assert (errors[: k // 2] == 0).all()


def test_near_ties_are_decided_by_the_stated_arithmetic():
    # Entries one unit in the last place apart: float32 scores cannot tell them apart.
    base = np.float32(0.7)
    palette = np.array([[np.nextafter(base, np.float32(1)), 0.1, 0.1], [base, 0.1, 0.1]], np.float32)
    assert assign(np.array([[0.2, 0.1, 0.1]], np.float32), palette)[0].tolist() == [1]


def test_remap_in_another_space_is_nearest_there():
    def crooked(colors):
        values = colors.astype(np.float32) / 255
        return np.stack([values[:, 0] ** 2.2, np.cbrt(values[:, 1]), values.sum(axis=1)], axis=1)

    pixels, palette = noise(50, 60), noise(30, seed=1)
    expected = oracle(crooked(pixels.reshape(-1, 3)), crooked(palette)).argmin(axis=1)
    found = remap(pixels, palette, crooked)
    assert np.array_equal(found.indices.reshape(-1), expected)
    errors = (pixels.reshape(-1, 3).astype(int) - palette[expected]) ** 2
    assert found.sse == errors.sum()


def test_any_number_of_threads_gives_the_same(monkeypatch):
    pixels, palette = noise(600, 500), noise(64, seed=1)
    results = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("QUANTIZE_THREADS", threads)
        results.append(remap(pixels, palette))
    for other in results[1:]:
        assert np.array_equal(results[0].indices, other.indices)
        assert np.array_equal(results[0].counts, other.counts)
        assert results[0].sse == other.sse


@pytest.mark.parametrize("to_working", [None, lambda colors: colors.astype(np.float32)])
def test_transparent_pixels_count_nothing(to_working):
    pixels, palette = noise(30, 40), noise(9, seed=1)
    alpha = 127 + noise(30, 40, seed=2, top=2)[..., 0].astype(np.uint8)
    found = remap(pixels, palette, to_working, alpha)
    opaque = remap(pixels[alpha >= 128], palette, to_working)
    assert found.indices.shape == (30, 40)
    assert np.array_equal(found.indices[alpha >= 128], opaque.indices)
    assert np.array_equal(found.counts, opaque.counts)
    assert found.sse == opaque.sse


def test_all_transparent_counts_nothing():
    found = remap(noise(3, 3), noise(2), alpha=np.zeros((3, 3), np.uint8))
    assert found.counts.tolist() == [0, 0]
    assert found.sse == 0


@pytest.mark.parametrize("shape", [(0, 0, 3), (0, 5, 3), (1, 1, 3), (3,)])
@pytest.mark.parametrize("to_working", [None, lambda colors: colors.astype(np.float32)])
def test_tiny_pictures(shape, to_working):
    pixels = np.full(shape, 9, np.uint8)
    found = remap(pixels, noise(4), to_working)
    assert found.indices.shape == shape[:-1]
    assert found.counts.sum() == pixels.size // 3


def test_views_are_read_like_copies():
    view = noise(100, 90)[::2, ::-1, ::-1]
    assert np.array_equal(remap(view, noise(20)).indices, remap(view.copy(), noise(20)).indices)


def test_a_palette_finds_itself():
    palette = np.unique(noise(256), axis=0)
    found = remap(palette, palette)
    assert found.indices.tolist() == list(range(len(palette)))
    assert found.sse == 0


@pytest.mark.parametrize("shape", [(0, 3), (257, 3)])
def test_bad_palette_is_refused_with_its_size(shape):
    with pytest.raises(QuantizeError, match=f"palette must hold 1 to 256 colours, got {shape[0]}"):
        remap(noise(2, 2), np.zeros(shape, np.uint8))
    with pytest.raises(QuantizeError, match=f"palette must hold 1 to 256 colours, got {shape[0]}"):
        assign(np.zeros((1, 3), np.float32), np.zeros(shape, np.float32))


@pytest.mark.parametrize("shape", [(4,), (4, 4)])
def test_arrays_that_are_not_rows_are_refused(shape):
    with pytest.raises(QuantizeError, match="palette must have shape \\(rows, 3\\), got \\(4"):
        assign(np.zeros((1, 3), np.float32), np.zeros(shape, np.float32))
    with pytest.raises(QuantizeError, match="colors must have shape \\(rows, 3\\), got \\(4"):
        assign(np.zeros(shape, np.float32), np.zeros((1, 3), np.float32))


def test_a_float_palette_is_refused_for_pixels():
    with pytest.raises(QuantizeError, match="palette must be uint8 sRGB, got float32"):
        remap(noise(2, 2), np.zeros((2, 3), np.float32))


def test_alpha_of_another_shape_is_refused():
    with pytest.raises(QuantizeError, match="alpha must be uint8 of shape \\(2, 2\\), got uint8 \\(4,\\)"):
        remap(noise(2, 2), noise(2), alpha=np.zeros(4, np.uint8))


def test_colors_are_converted_some_at_a_time(monkeypatch):
    monkeypatch.setattr(nearest, "AT_ONCE", 7)
    sizes = []

    def convert(colors):
        sizes.append(len(colors))
        return colors.astype(np.float32)

    pixels, palette = noise(5, 9), noise(4, seed=1)
    found = remap(pixels, palette, convert)
    assert sizes == [4, 7, 7, 7, 7, 7, 7, 3]
    assert np.array_equal(found.indices, remap(pixels, palette).indices)


def test_known_colors_save_nothing_but_time():
    pixels, palette = noise(50, 60), noise(40, seed=1)
    alpha = 127 + noise(50, 60, seed=2, top=2)[..., 0].astype(np.uint8)
    for mask in (None, alpha):
        found = remap(pixels, palette, alpha=mask)
        again = remap(pixels, palette, alpha=mask, known=ColorSet.of(pixels, mask))
        visible = slice(None) if mask is None else mask > 0
        assert np.array_equal(found.indices[visible], again.indices[visible])
        assert np.array_equal(found.counts, again.counts)
        assert found.sse == again.sse


@pytest.mark.parametrize("other", [noise(50, 59), noise(50, 60, seed=3)])
def test_colors_of_another_picture_are_refused(other):
    with pytest.raises(QuantizeError, match="known must be the colours of these pixels"):
        remap(noise(50, 60), noise(4, seed=1), known=ColorSet.of(other))
