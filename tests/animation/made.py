"""Animations to test with: small, and made to find what is wrong."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from quantize import Animation


def still_part(rng: np.random.Generator, n: int, height: int, width: int) -> np.ndarray:
    """Noise that stands still, with a noisy rectangle of its own in every frame."""
    frames = np.repeat(rng.integers(0, 256, (1, height, width, 3), np.uint8), n, axis=0)
    for frame in frames:
        top, left = rng.integers(0, height), rng.integers(0, width)
        frame[top : top + rng.integers(1, 5), left : left + rng.integers(1, 5)] = rng.integers(0, 256, 3)
    return frames


def blinking(rng: np.random.Generator, n: int, height: int, width: int) -> np.ndarray:
    """Alpha of which rectangles come and go."""
    alpha = np.full((n, height, width), 255, np.uint8)
    for frame in alpha:
        top, left = rng.integers(0, height), rng.integers(0, width)
        frame[top : top + rng.integers(1, height + 1), left : left + rng.integers(1, width + 1)] = 0
    alpha[rng.integers(0, n)] = 255
    return alpha


def hostile(seed: int) -> Iterator[tuple[str, Animation, dict]]:
    """Names, animations and choices: each tries something that writers get wrong."""
    rng = np.random.default_rng(seed)
    height, width, n = int(rng.integers(1, 23)), int(rng.integers(1, 23)), int(rng.integers(2, 8))
    times = rng.integers(0, 65_536, n).tolist()
    moving = still_part(rng, n, height, width)
    alpha = blinking(rng, n, height, width)
    opening = np.full_like(alpha, 255)
    opening[1::2, height // 2 :] = 0
    yield "one pixel", Animation.from_frames(moving[:, :1, :1], 40), {"n_colors": 4}
    yield "one frame", Animation.from_frames(moving[:1], 40), {"n_colors": 4}
    yield "two tones", Animation.from_frames(np.where(moving < 99, 0, 255).astype(np.uint8), times), {}
    yield "one colour", Animation.from_frames(moving, times, 3), {"n_colors": 1}
    yield "all alike", Animation.from_frames(np.repeat(moving[:1], n, axis=0), 30, 1), {"n_colors": 8}
    yield "still part", Animation.from_frames(moving, times, 2), {"n_colors": 16}
    yield "dithered", Animation.from_frames(moving, 20), {"n_colors": 5, "dither": "floyd-steinberg"}
    yield "blinking", Animation.from_frames(moving, times, 0, alpha), {"n_colors": 7}
    yield "blinking each", Animation.from_frames(moving, 50, 0, alpha), {"n_colors": 7, "one_palette": False}
    yield "hole", Animation.from_frames(moving, times, 0, opening), {"n_colors": 4}
    yield "hole in what is still", Animation.from_frames(moving[:1].repeat(n, axis=0), 50, 0, opening), {}
    yield "hole each", Animation.from_frames(moving, 50, 0, opening), {"n_colors": 3, "one_palette": False}
    yield "each", Animation.from_frames(moving, 50), {"n_colors": 200, "one_palette": False}
    wide = still_part(rng, n, 33, 48)
    for bits, n_colors in (1, 1), (1, 2), (2, 3), (4, 14):
        few = (wide >> 8 - bits) * np.uint8(255 // (2**bits - 1))
        few[..., 1:] = few[..., :1]
        yield f"small parts of {bits} bits", Animation.from_frames(few, 50), {"n_colors": n_colors}
    noise = rng.integers(0, 256, (n, 24, 24, 3), np.uint8)
    shown = blinking(rng, n, 24, 24)
    yield "all 256", Animation.from_frames(noise, 10), {"n_colors": 256}
    yield "all 256, each", Animation.from_frames(noise, 0), {"n_colors": 256, "one_palette": False}
    yield "all 256, clear", Animation.from_frames(noise, 90, 0, shown), {"n_colors": 256}
    each = {"n_colors": 256, "one_palette": False}
    yield "all 256, clear, each", Animation.from_frames(noise, 90, 0, shown), each
