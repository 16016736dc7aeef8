"""Frames that are kept come back as they were."""

import numpy as np
import pytest

from quantize import Animation, load_animation
from quantize.animation.lossless import encode_frames
from tests.animation.made import hostile


def held(animation: Animation) -> np.ndarray:
    if animation.alpha is None:
        return animation.pixels
    return np.concatenate([animation.pixels, animation.alpha[..., None]], axis=3)


@pytest.mark.parametrize("seed", range(3))
def test_all_frames_come_back(seed):
    for name, animation, _ in hostile(seed):
        found = load_animation(encode_frames(animation))
        assert found.durations == animation.durations, name
        assert found.loops == animation.loops, name
        assert np.array_equal(held(found), held(animation)), name


def test_partly_transparent_pixels_keep_their_opacity_and_hidden_ones_their_place():
    rng = np.random.default_rng(7)
    pixels = rng.integers(0, 256, (5, 6, 9, 3), np.uint8)
    alpha = rng.integers(0, 256, (5, 6, 9), np.uint8)
    alpha[2] = 0
    found = load_animation(encode_frames(Animation.from_frames(pixels, 20, 1, alpha)))
    assert np.array_equal(found.alpha, alpha)
    assert np.array_equal(found.pixels[alpha > 0], pixels[alpha > 0])


def test_a_long_stay_is_said_in_parts():
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 2, 2, 3)
    found = load_animation(encode_frames(Animation.from_frames(pixels, [150_000, 30])))
    assert sum(found.durations) == 150_030
    assert found.durations[-1] == 30
    assert np.array_equal(found.pixels[0], pixels[0])
    assert np.array_equal(found.pixels[-1], pixels[1])


def test_it_can_be_ended():
    def stop():
        raise InterruptedError

    with pytest.raises(InterruptedError):
        encode_frames(Animation.from_frames(np.zeros((2, 2, 2, 3), np.uint8), 20), stop)
