"""Made pixel art of which every cell is known, and all that happens to it before somebody wants it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

from quantize import find_table

Pixels = NDArray[np.uint8]
Random = np.random.Generator

COLORS = find_table("pico-8").palette.colors


def draw_art(width: int, height: int, seed: int = 0) -> Pixels:
    """Draw bands joined by checkerboards, and on them blobs with an outline of one cell, and single cells."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    order = rng.permutation(len(COLORS))
    bands = y * 4 // height
    art = order[bands]
    step = max(2, height // 16)
    mixed = (y % max(1, height // 4) < step) & (bands > 0) & ((x + y) % 2 == 0)
    art[mixed] = order[bands - 1][mixed]
    for _ in range(max(3, width * height // 200)):
        center, size = (
            rng.uniform(0, 1, 2) * (height, width),
            rng.uniform(1.5, max(2, min(width, height) / 6), 2),
        )
        away = np.hypot((y - center[0]) / size[0], (x - center[1]) / size[1])
        edge, fill, light = rng.choice(len(COLORS), 3, replace=False)
        inside = away < 1
        core = inside.copy()
        core[1:] &= inside[:-1]
        core[:-1] &= inside[1:]
        core[:, 1:] &= inside[:, :-1]
        core[:, :-1] &= inside[:, 1:]
        art[inside], art[core] = edge, fill
        art[core & (y < center[0]) & (x < center[1])] = light
    for _ in range(width * height // 150):
        art[rng.integers(height), rng.integers(width)] = rng.integers(len(COLORS))
    return COLORS[art]


def draw_flat(width: int, height: int, seed: int = 0) -> Pixels:
    """Draw a small thing amid much of one colour."""
    art = draw_art(width, height, seed)
    flat = np.broadcast_to(art[0, 0], art.shape).copy()
    part = np.s_[height // 3 : 2 * height // 3, width // 3 : 2 * width // 3]
    flat[part] = art[part]
    return flat


def draw_coarse(width: int, height: int, seed: int = 0) -> Pixels:
    """Draw with cells of two by two, and some small things with single ones."""
    art = draw_art(width // 2, height // 2, seed).repeat(2, axis=0).repeat(2, axis=1)
    part = np.s_[height // 3 : height // 3 + 9, width // 3 : width // 3 + 9]
    art[part] = draw_art(width, height, seed + 1)[part]
    return art


def enlarge(art: Pixels, scale: tuple[float, float], resample: Image.Resampling) -> Pixels:
    """Enlarge as Pillow does, to the nearest whole size."""
    height, width = art.shape[:2]
    size = round(width * scale[0]), round(height * scale[1])
    return np.asarray(Image.fromarray(art).resize(size, resample))


def nearest(*scale: float) -> Callable[[Pixels, Random], Pixels]:
    """Enlarge without blending; by one number, or one across and one down."""
    return lambda art, rng: enlarge(art, (scale[0], scale[-1]), Image.Resampling.NEAREST)


def blended(scale: float, resample: Image.Resampling) -> Callable[[Pixels, Random], Pixels]:
    return lambda art, rng: enlarge(art, (scale, scale), resample)


def blurred(scale: float, sigma: float) -> Callable[[Pixels, Random], Pixels]:
    """Enlarge, and blur by ``sigma`` pixels."""

    def make(art: Pixels, rng: Random) -> Pixels:
        large = nearest(scale)(art, rng).astype(np.float64)
        return gaussian_filter(large, (sigma, sigma, 0)).round().astype(np.uint8)

    return make


def as_jpeg(make: Callable[[Pixels, Random], Pixels], quality: int) -> Callable[[Pixels, Random], Pixels]:
    def pack(art: Pixels, rng: Random) -> Pixels:
        file = BytesIO()
        Image.fromarray(make(art, rng)).save(file, "JPEG", quality=quality)
        return np.asarray(Image.open(file).convert("RGB"))

    return pack


def jittered(
    scale: float, share: float, *, drift: float = 0, noise: float = 0, soft: float = 0
) -> Callable[[Pixels, Random], Pixels]:
    """Let every line of the grid miss its place by ``share`` of a cell, as image generators do.

    ``drift`` is how far, in cells, lines wander in all; ``noise`` in levels; ``soft`` is a blur in pixels.
    """

    def make(art: Pixels, rng: Random) -> Pixels:
        sides = []
        for n in art.shape[:2]:
            wander = drift * np.sin(np.linspace(0, 2 * np.pi, n + 1))
            lines = (np.arange(n + 1) + wander + rng.uniform(-share, share, n + 1)) * scale
            lines[0], lines[-1] = 0, n * scale
            places = np.arange(round(n * scale)) + 0.5
            sides.append(np.clip(np.searchsorted(lines, places) - 1, 0, n - 1))
        large = art[sides[0]][:, sides[1]].astype(np.float64)
        if soft:
            large = gaussian_filter(large, (soft, soft, 0))
        large += rng.normal(0, noise, large.shape)
        return large.round().clip(0, 255).astype(np.uint8)

    return make


def ragged(scale: int, share: float) -> Callable[[Pixels, Random], Pixels]:
    """Let every cell's edges miss their places on their own, with a little blur and noise."""

    def make(art: Pixels, rng: Random) -> Pixels:
        height, width = art.shape[:2]
        y, x = np.mgrid[: height * scale, : width * scale]
        cells = y // scale, x // scale
        shift = rng.uniform(-share, share, (2, height, width)) * scale
        rows = np.clip((y + shift[0][cells]) // scale, 0, height - 1).astype(int)
        columns = np.clip((x + shift[1][cells]) // scale, 0, width - 1).astype(int)
        large = gaussian_filter(art[rows, columns].astype(np.float64), (0.7, 0.7, 0))
        return (large + rng.normal(0, 3, large.shape)).round().clip(0, 255).astype(np.uint8)

    return make


def cropped(
    make: Callable[[Pixels, Random], Pixels], left: int, top: int
) -> Callable[[Pixels, Random], Pixels]:
    """Take pixels off on the left and on top."""
    return lambda art, rng: make(art, rng)[top:, left:].copy()


@dataclass(frozen=True)
class Case:
    """What was made of art: its cells, and which of them are left on the left and on top."""

    name: str
    make: Callable[[Pixels, Random], Pixels]
    size: tuple[int, int] = (64, 48)
    skipped: tuple[int, int] = (0, 0)
    draw: Callable[[int, int, int], Pixels] = draw_art

    def build(self, seed: int = 0) -> tuple[Pixels, Pixels]:
        """The art as it should come back, and the picture."""
        art = self.draw(*self.size, seed)
        left, top = self.skipped
        return art[top:, left:], self.make(art, np.random.default_rng(seed))


BILINEAR, BICUBIC, LANCZOS = Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS

CASES = (
    Case("2 times", nearest(2)),
    Case("8 times", nearest(8)),
    Case("3.7 times", nearest(3.7)),
    Case("2.5 times", nearest(2.5)),
    Case("8 across, 5 down", nearest(8, 5)),
    Case("12 times, large flat areas", nearest(12), draw=draw_flat),
    Case("flat areas, blur and noise", jittered(12, 0, noise=5, soft=1.5), draw=draw_flat),
    Case("twice as coarse for the most part", jittered(6, 0, noise=5, soft=1), draw=draw_coarse),
    Case("bilinear, 8 times", blended(8, BILINEAR)),
    Case("bilinear, 3.7 times", blended(3.7, BILINEAR)),
    Case("bicubic, 6 times", blended(6, BICUBIC)),
    Case("bicubic, 3.7 times", blended(3.7, BICUBIC)),
    Case("Lanczos, 8 times", blended(8, LANCZOS)),
    Case("Lanczos, 2.5 times", blended(2.5, LANCZOS)),
    Case("blurred, σ = 0.2 cells", blurred(8, 1.6)),
    Case("blurred, σ = 0.3 cells", blurred(10, 3)),
    Case("JPEG 90, 8 times", as_jpeg(nearest(8), 90)),
    Case("JPEG 75, 3.7 times", as_jpeg(nearest(3.7), 75)),
    Case("JPEG 50, 10 times", as_jpeg(nearest(10), 50)),
    Case("JPEG 30, 6.3 times", as_jpeg(nearest(6.3), 30)),
    Case("cropped within cells", cropped(nearest(9), 4, 3)),
    Case("cropped, 3.7 times", cropped(nearest(3.7), 9, 6), skipped=(2, 2)),
    Case("lines jittered by 15 %", jittered(12, 0.15)),
    Case("the same, blur and noise", jittered(12, 0.15, noise=5, soft=1)),
    Case("lines drift by half a cell", jittered(10.3, 0.1, drift=0.5, noise=4, soft=0.8)),
    Case("every cell's edges ragged", ragged(12, 0.2)),
    Case("ragged, JPEG 75", as_jpeg(ragged(10, 0.2), 75)),
    Case("128 × 96 cells, JPEG 80", as_jpeg(nearest(5), 80), (128, 96)),
)


def count_right(cells: Pixels, art: Pixels) -> float:
    """The share of cells whose nearest colour of the made palette is the art's; 0 at another size."""
    if cells.shape != art.shape:
        return 0.0
    away = np.square(cells.astype(int)[:, :, None] - COLORS.astype(int)).sum(axis=-1)
    return float((COLORS[away.argmin(axis=-1)] == art).all(axis=-1).mean())
