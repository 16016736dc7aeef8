"""The generator of hostile pictures itself: it gives what its names say, and the same each time."""

import numpy as np
import pytest

from tests.degenerate import GREYS, KINDS, alphas, counts_near, n_colors_of, pictures


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_kind_makes_a_picture(kind):
    one, same, other = (kind.make(np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one.dtype == np.uint8
    assert one.ndim == 3
    assert one.shape[2] == 3
    assert one.size
    np.testing.assert_array_equal(one, same)
    assert one.shape != other.shape or (one != other).any()
    assert n_colors_of(one) <= 4096


def test_greys_are_grey():
    assert all(np.ptp(pixels, axis=2).max() == 0 for _, pixels in pictures(3, kinds=GREYS))


def test_every_alpha_leaves_something_visible():
    assert all(alpha.max() >= 128 and alpha.shape == (5, 7) for _, alpha in alphas((5, 7)))


@pytest.mark.parametrize(("n", "expected"), [(1, [1, 2]), (6, [1, 2, 3, 4, 5, 6, 7]), (900, [1, 2, 256])])
def test_numbers_of_colors_next_to_what_there_is(n, expected):
    assert counts_near(n) == expected
