"""Twelve pictures with soft edges, drawn by the code below: the same bytes on every machine with the same
Pillow and OpenCV. What lies under fully transparent pixels is noise, as nothing may depend on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from quantize.decoding.samples import load_sample

Rgba = NDArray[np.uint8]
Layer = NDArray[np.float32]
"""(h, w, 4), 0–1, colours premultiplied."""

HEIGHT, WIDTH = 288, 384
_FINE = 4  # shapes are drawn so many times as large


def soft_pictures() -> Mapping[str, Rgba]:
    """All twelve by name, uint8 (h, w, 4), colours not premultiplied."""
    return MappingProxyType({name: _stored(draw()) for name, draw in _TABLE})


def _stored(layer: Layer) -> Rgba:
    alpha = np.rint(255 * np.clip(layer[..., 3:], 0, 1))
    colors = np.where(alpha > 0, layer[..., :3] / np.maximum(layer[..., 3:], 1e-6), 0)
    noise = np.random.default_rng(0).integers(0, 256, (*layer.shape[:2], 3))
    rgb = np.where(alpha > 0, np.rint(255 * np.clip(colors, 0, 1)), noise)
    return np.concatenate([rgb, alpha], axis=2).astype(np.uint8)


def _layer(mask: NDArray, color: tuple[float, float, float] | NDArray) -> Layer:
    """A colour, 0–1, where a mask (h, w) is."""
    colors = np.broadcast_to(np.asarray(color, np.float32), (*mask.shape, 3))
    return np.dstack([colors * mask[..., None], mask]).astype(np.float32)


def _over(*layers: Layer) -> Layer:
    """Lay layers over each other, the first lowest."""
    out = np.zeros((HEIGHT, WIDTH, 4), np.float32)
    for layer in layers:
        out = layer + out * (1 - layer[..., 3:])
    return out


def _shape(draw: Callable[[ImageDraw.ImageDraw], object]) -> NDArray[np.float32]:
    """Draw in white on black, at ``_FINE`` times the size, and make it small: mask float32 (h, w)."""
    image = Image.new("L", (WIDTH * _FINE, HEIGHT * _FINE))
    draw(ImageDraw.Draw(image))
    small = image.resize((WIDTH, HEIGHT), Image.Resampling.BOX)
    return np.asarray(small, np.float32) / 255


def _blur(mask: NDArray, sigma: float) -> NDArray[np.float32]:
    return cv2.GaussianBlur(mask.astype(np.float32), (0, 0), sigma).astype(np.float32)


def _ramp(across: float, down: float) -> NDArray[np.float32]:
    """From 0 to 1 along a direction."""
    y, x = np.mgrid[0 : 1 : HEIGHT * 1j, 0 : 1 : WIDTH * 1j]
    return ((across * x + down * y) / (across + down)).astype(np.float32)


def _mix(first: tuple[float, ...], second: tuple[float, ...], share: NDArray) -> NDArray[np.float32]:
    low, high = np.asarray(first, np.float32), np.asarray(second, np.float32)
    return low + (high - low) * share[..., None]


def _noise(seed: int, octaves: int = 6) -> NDArray[np.float32]:
    """Clouds: noise of several sizes added up, 0–1."""
    rng, total = np.random.default_rng(seed), np.zeros((HEIGHT, WIDTH), np.float32)
    for octave in range(octaves):
        side = 3 * 2**octave
        grid = rng.random((side, side * 4 // 3)).astype(np.float32)
        total += cv2.resize(grid, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC) / 2**octave
    return (total - total.min()) / (total.max() - total.min())


def _box(left: float, top: float, right: float, bottom: float, radius: float) -> NDArray[np.float32]:
    sides = [side * _FINE for side in (left, top, right, bottom)]
    return _shape(lambda pen: pen.rounded_rectangle(sides, radius * _FINE, fill=255))


def _disc(x: float, y: float, radius: float) -> NDArray[np.float32]:
    return _box(x - radius, y - radius, x + radius, y + radius, radius)


def _shadow() -> Layer:
    card = _box(70, 50, 314, 220, 18)
    shade = np.roll(_blur(card, 14), (12, 6), axis=(0, 1)) * 0.55
    line = _box(96, 84, 230, 96, 6) + _box(96, 112, 280, 120, 4) + _box(96, 132, 260, 140, 4)
    return _over(
        _layer(shade, (0.05, 0.05, 0.12)),
        _layer(card, _mix((0.98, 0.97, 0.95), (0.80, 0.86, 0.95), _ramp(0, 1))),
        _layer(line, (0.2, 0.3, 0.55)),
    )


def _glow() -> Layer:
    layers = []
    for x, y, color in ((110, 110, (1, 0.2, 0.5)), (240, 150, (0.2, 0.8, 1)), (170, 215, (0.6, 1, 0.3))):
        ring = _disc(x, y, 52) - _disc(x, y, 46)
        layers += [_layer(np.clip(2.2 * _blur(ring, 12), 0, 0.9), color), _layer(ring, (1, 1, 0.95))]
    return _over(*layers)


def _icons() -> Layer:
    inks = ((0.86, 0.2, 0.18), (0.13, 0.47, 0.85), (0.95, 0.7, 0.1), (0.2, 0.6, 0.35), (0.15, 0.15, 0.18))
    rng, layers = np.random.default_rng(4), []
    for number in range(24):
        x, y = 32 + 64 * (number % 6), 36 + 72 * (number // 6)
        turn = rng.random() * 2 * np.pi
        angles = turn + np.arange(3 + number % 5) * 2 * np.pi / (3 + number % 5)
        points = [((x + 24 * np.cos(a)) * _FINE, (y + 24 * np.sin(a)) * _FINE) for a in angles]
        mask = _shape(lambda pen, points=points: pen.polygon(points, fill=255))
        layers.append(_layer(mask - _disc(x, y, 7) * mask, inks[number % 5]))
    return _over(*layers)


def _smoke() -> Layer:
    clouds, rise = _noise(5), _ramp(0, 1)
    mask = np.clip(1.9 * clouds - 0.75, 0, 1) * _blur(_disc(192, 170, 110), 40)
    return _layer(
        mask, _mix((0.75, 0.77, 0.8), (0.28, 0.26, 0.27), np.clip(rise + 0.5 * _noise(6) - 0.3, 0, 1))
    )


def _strokes() -> Layer:
    rng, layers = np.random.default_rng(7), []
    for color in ((0.9, 0.3, 0.25), (0.95, 0.75, 0.2), (0.25, 0.55, 0.8), (0.35, 0.2, 0.5), (0.15, 0.5, 0.4)):
        t = np.linspace(0, 1, 60)
        a, b, c, d = rng.random((4, 2)) * (WIDTH, HEIGHT)
        way = np.outer((1 - t) ** 3, a) + np.outer(3 * t * (1 - t) ** 2, b)
        way += np.outer(3 * t * t * (1 - t), c) + np.outer(t**3, d)
        points = [tuple(point * _FINE) for point in way]
        mask = _shape(lambda pen, points=points: pen.line(points, fill=255, width=34 * _FINE, joint="curve"))
        layers.append(_layer(_blur(mask, 7) * (0.55 + 0.4 * _noise(int(rng.integers(99)))), color))
    return _over(*layers)


def _text() -> Layer:
    font = ImageFont.load_default(34 * _FINE)
    lines = ("Text on nothing,", "drawn in two inks,", "0123456789 &@%", "with smooth edges.")

    def write(first: int) -> NDArray[np.float32]:
        def pen_down(pen: ImageDraw.ImageDraw) -> None:
            for row in range(first, 4, 2):
                pen.text((24 * _FINE, (36 + 54 * row) * _FINE), lines[row], fill=255, font=font)

        return _shape(pen_down)

    return _over(_layer(write(0), (0.05, 0.05, 0.06)), _layer(write(1), (0.75, 0.1, 0.2)))


def _vignette() -> Layer:
    photo = load_sample("astronaut").pixels
    cut = cv2.resize(np.ascontiguousarray(photo), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return _layer(_blur(_disc(192, 144, 110), 22), cut.astype(np.float32) / 255)


def _glass() -> Layer:
    panes = []
    for number, color in enumerate(((0.2, 0.5, 0.9), (0.9, 0.3, 0.5), (0.3, 0.8, 0.6), (0.95, 0.8, 0.3))):
        pane = _box(30 + 70 * number, 40 + 22 * number, 150 + 70 * number, 190 + 22 * number, 14)
        panes.append(_layer(pane * (0.25 + 0.4 * _ramp(1, 1)), color))
    return _over(*panes)


def _fire() -> Layer:
    clouds = np.clip(1.5 * _noise(8) * _blur(_disc(192, 220, 95), 30) * (0.35 + _ramp(0, 1)), 0, 1)
    warm = _mix((0.7, 0.05, 0.02), (1, 0.75, 0.1), np.clip(1.4 * clouds, 0, 1))
    hot = warm + (1 - warm) * np.clip(3 * clouds - 2, 0, 1)[..., None]
    return _layer(np.clip(1.3 * clouds, 0, 1), hot)


def _logo() -> Layer:
    font = ImageFont.load_default(120 * _FINE)
    word = _shape(lambda pen: pen.text((42 * _FINE, 70 * _FINE), "Quant", fill=255, font=font))
    halo = np.clip(1.6 * _blur(word, 9), 0, 0.85)
    return _over(
        _layer(halo, (0.1, 0.08, 0.3)), _layer(word, _mix((1, 0.8, 0.2), (0.9, 0.2, 0.5), _ramp(1, 0.3)))
    )


def _bokeh() -> Layer:
    rng, layers = np.random.default_rng(9), []
    for _ in range(26):
        x, y, radius = rng.random() * WIDTH, rng.random() * HEIGHT, 12 + 34 * rng.random()
        color = tuple(0.35 + 0.65 * rng.random(3))
        disc = _blur(_disc(x, y, radius), 1 + 3 * rng.random())
        layers.append(_layer(disc * (0.15 + 0.3 * rng.random()), color))
    return _over(*layers)


def _hair() -> Layer:
    rng, layers = np.random.default_rng(10), []
    for shade in np.linspace(0.15, 0.55, 12):
        strands = []
        for _ in range(16):
            t, x, bend = np.linspace(0, 1, 24), rng.normal(192, 60), rng.normal(0, 90)
            strands.append([((x + bend * s * s) * _FINE, (10 + 268 * s) * _FINE) for s in t])

        def draw(pen: ImageDraw.ImageDraw, strands: list = strands) -> None:
            for points in strands:
                pen.line(points, fill=255, width=_FINE)

        fade = np.clip(1.6 - 1.7 * _ramp(0, 1), 0, 1)
        layers.append(_layer(_shape(draw) * fade, (shade, 0.65 * shade, 0.35 * shade)))
    return _over(*layers)


_TABLE: tuple[tuple[str, Callable[[], Layer]], ...] = (
    ("shadow", _shadow),
    ("glow", _glow),
    ("icons", _icons),
    ("smoke", _smoke),
    ("strokes", _strokes),
    ("text", _text),
    ("vignette", _vignette),
    ("glass", _glass),
    ("fire", _fire),
    ("logo", _logo),
    ("bokeh", _bokeh),
    ("hair", _hair),
)
