"""Entries that follow their neighbours: the error is bounded, and nothing else changes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantize import threads
from quantize.colors.nearest import remap
from quantize.sizing.following import follow_neighbors
from tests.degenerate import pictures
from tests.pictures import noise


def away(pixels, palette, indices):
    """Distance of every pixel to its entry."""
    apart = pixels.astype(np.float64) - palette[indices]
    return np.sqrt((apart * apart).sum(axis=2))


def follow_slowly(pixels, palette, indices, bound):
    """The same in plain Python, for pictures of less than 128 rows."""
    made, height, width = indices.copy(), *indices.shape
    distance = lambda y, x, entry: np.sqrt(((pixels[y, x].astype(float) - palette[entry]) ** 2).sum())  # noqa: E731
    change = lambda y, x, v, u: np.abs(pixels[y, x].astype(int) - pixels[v, u]).max()  # noqa: E731
    for y in range(height):
        for x in range(width):
            own = made[y, x]
            if (palette[own] == pixels[y, x]).all():
                continue
            places = [(y, x - 1)] * (x > 0) + [(y - 1, x)] * (y > 0)
            busy = max((change(y, x, *place) for place in places), default=0)
            most = distance(y, x, own) + bound * (0.5 + 0.5 * min(1, busy / 48)) + 1e-3
            for place in places:
                if made[place] != own and distance(y, x, made[place]) <= most:
                    made[y, x] = made[place]
                    break
                if made[place] == own and place == (y, x - 1):
                    break
    return made


@pytest.mark.parametrize(("name", "pixels"), pictures(2, seed=5))
@pytest.mark.parametrize("bound", [0.0, 3.0, 20.0])
def test_no_pixel_moves_farther_than_the_bound(name, pixels, bound):
    palette = np.unique(pixels.reshape(-1, 3), axis=0)[:: max(1, len(pixels) // 7)][:200].copy()
    indices = remap(pixels, palette).indices
    made = follow_neighbors(pixels, palette, indices, bound)
    before, after = away(pixels, palette, indices), away(pixels, palette, made)
    assert (after <= before + bound + 1e-3).all()
    exact = before == 0
    np.testing.assert_array_equal(palette[made[exact]], palette[indices[exact]])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(1, 12), st.floats(0, 30))
def test_as_plain_python_does(seed, height, width, bound):
    pixels = noise(height, width, seed=seed) // 4 * 4
    palette = noise(1, 6, seed=seed + 1)[0].copy()
    indices = remap(pixels, palette).indices
    made = follow_neighbors(pixels, palette, indices, bound)
    expected = follow_slowly(pixels, palette, indices, bound)
    apart = np.abs(away(pixels, palette, made) - away(pixels, palette, expected))
    # At the very bound float32 and float64 may differ, and what follows follows then.
    assert (made == expected).all() or (apart > 0).any()
    assert made.size < 16 or np.mean(made == expected) > 0.5


def test_runs_become_longer():
    pixels = np.repeat(noise(1, 200, seed=3) // 32 + 100, 150, axis=0)
    palette = noise(1, 30, seed=4)[0] // 32 + 100
    indices = remap(pixels, palette).indices
    steps = [
        int((np.diff(follow_neighbors(pixels, palette, indices, bound).astype(int), axis=1) != 0).sum())
        for bound in (0.0, 4.0, 12.0)
    ]
    assert steps[0] > steps[1] > steps[2]


def test_same_on_any_number_of_threads(monkeypatch):
    pixels, palette = noise(400, 60), noise(1, 40, seed=1)[0].copy()
    indices = remap(pixels, palette).indices
    made = [follow_neighbors(pixels, palette, indices, 30.0)]
    for number in (1, 3):
        with monkeypatch.context() as patch:
            patch.setattr(threads, "thread_count", lambda number=number: number)
            patch.setattr("quantize.bands.thread_count", lambda number=number: number)
            made.append(follow_neighbors(pixels, palette, indices, 30.0))
    np.testing.assert_array_equal(made[0], made[1])
    np.testing.assert_array_equal(made[0], made[2])


def test_checkpoint_ends_it():
    def stop():
        raise KeyboardInterrupt

    pixels, palette = noise(8, 8), noise(1, 4, seed=1)[0].copy()
    with pytest.raises(KeyboardInterrupt):
        follow_neighbors(pixels, palette, np.zeros((8, 8), np.uint8), 3.0, stop)
