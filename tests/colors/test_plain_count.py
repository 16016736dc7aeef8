"""Without loops colours are counted, marked and listed just as with them."""

import numpy as np
import pytest

from quantize.colors import colorset
from quantize.colors.colorset import ColorSet
from tests.degenerate import pictures

HIDDEN = np.zeros((4, 5), np.uint8)


def counted(pixels, alpha=None) -> list[np.ndarray]:
    colors = ColorSet.of(pixels, alpha)
    listed = ColorSet.listed(colors.colors, colors.counts)
    return [colors.words, colors.ranks, colors.counts, colors.colors, listed.words, listed.ranks]


def assert_same_plainly(monkeypatch, *given) -> None:
    loops = counted(*given)
    with monkeypatch.context() as early:
        early.setattr(colorset, "is_compiling", lambda: True)
        plain = counted(*given)
    for before, after in zip(plain, loops, strict=True):
        assert before.dtype == after.dtype
        assert before.flags.c_contiguous
        assert np.array_equal(before, after)


def test_hostile_pictures(monkeypatch):
    for _, pixels in pictures(2, seed=11):
        assert_same_plainly(monkeypatch, pixels)


@pytest.mark.parametrize("n", [0, 1, 50_000])
def test_noise_and_nothing(n, monkeypatch):
    assert_same_plainly(monkeypatch, np.random.default_rng(n).integers(0, 256, (n, 3), np.uint8))


def test_what_is_hidden_is_not_counted(monkeypatch):
    pixels = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    assert_same_plainly(monkeypatch, pixels, HIDDEN)
    half = HIDDEN.copy()
    half[:2] = 255
    assert_same_plainly(monkeypatch, pixels, half)
