"""A byte for each possible colour counts and finds what NumPy does, wherever rows begin and end in memory."""

import numpy as np
import pytest

from quantize import Picture, quantize_image
from quantize.colors import bytewise, colorset
from quantize.colors.bytewise import count_once, look_up_once
from quantize.colors.kernels_bytes import BATCH
from quantize.colors.kernels_count import SPREAD
from tests.degenerate import alphas, pictures


def numbers_of(colors: np.ndarray) -> np.ndarray:
    """Morton numbers, int64 (n,)."""
    r, g, b = SPREAD[colors].astype(np.int64).T
    return r << 2 | g << 1 | b


def check(rows: np.ndarray) -> None:
    numbers, counts = np.unique(numbers_of(rows), return_counts=True)
    words, ranks, found = count_once(rows)
    bits = np.unpackbits(words.view(np.uint8), bitorder="little")
    np.testing.assert_array_equal(np.flatnonzero(bits), numbers)
    np.testing.assert_array_equal(found, counts)
    np.testing.assert_array_equal(ranks, np.searchsorted(numbers, np.arange(len(words)) * 64))
    colors = colorset.ColorSet(words, ranks, found).colors
    np.testing.assert_array_equal(numbers_of(colors), numbers)
    table = np.random.default_rng(1).integers(0, 256, len(colors)).astype(np.uint8)
    entries = look_up_once(rows, colors, table)
    np.testing.assert_array_equal(entries, table[np.searchsorted(numbers, numbers_of(rows))])


@pytest.fixture(params=[1, 3])
def threads(request, monkeypatch):
    """Cut everything into so many slices."""
    monkeypatch.setenv("QUANTIZE_THREADS", str(request.param))
    monkeypatch.setattr(bytewise, "SMALLEST_SLICE", 1)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 255, BATCH - 1, BATCH, 3 * BATCH + 2])
def test_rows_may_begin_and_end_anywhere(threads, n):
    rows = np.random.default_rng(n).integers(0, 256, (n + 3, 3), np.uint8)
    check(rows[n % 4 :])
    entries = np.arange(len(rows)).astype(np.uint8)
    for first in range(4):
        found = look_up_once(rows[first:], rows[:255], entries[:255])
        np.testing.assert_array_equal(found[: 255 - first], entries[first:255])


@pytest.mark.parametrize("axis", range(3))
def test_every_value_of_every_channel_has_its_own_byte(threads, axis):
    rows = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    rows[:, axis] = rows[::-1, axis]
    check(np.repeat(rows, np.arange(256) * 5 + 1, axis=0))


def test_hostile_pictures(threads):
    for _, pixels in pictures(1, seed=5)[::2]:
        check(np.ascontiguousarray(pixels).reshape(-1, 3))


def test_all_colors_at_once():
    r, g, b = np.meshgrid(*[np.arange(256, dtype=np.uint8)] * 3, indexing="ij")
    rows = np.stack([b, r, g], axis=-1).reshape(-1, 3)
    words, _, counts = count_once(rows)
    assert (words == np.uint64(0xFFFF_FFFF_FFFF_FFFF)).all()
    assert len(counts) == 1 << 24
    assert (counts == 1).all()


def test_rows_of_no_color_get_the_first_entry():
    rows = np.array([[1, 2, 3], [9, 9, 9]], np.uint8)
    assert look_up_once(rows, rows[:1], np.full(1, 7, np.uint8)).tolist() == [7, 0]


def test_large_pictures_get_what_small_ones_do(monkeypatch):
    """The limit between both ways moves no pixel, hidden ones aside."""

    def results() -> list[tuple[bytes, bytes]]:
        made = []
        for turn, (_, pixels) in enumerate(pictures(1, seed=6)[::3]):
            kinds = [alpha for _, alpha in alphas(pixels.shape[:2], seed=7) if (alpha >= 128).any()]
            for alpha in (None, kinds[turn % len(kinds)]):
                result = quantize_image(Picture.from_pixels(pixels, alpha), n_colors=7)
                made.append((result.palette.tobytes(), result.indices.tobytes()))
        return made

    small = results()
    monkeypatch.setattr(colorset, "MANY_PIXELS", 0)
    assert results() == small
