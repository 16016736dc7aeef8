"""Pictures drawn here on which it shows where distance between colours was measured.

Each has many colours where encoded sRGB and the eye disagree about distance: saturated blues, which sRGB
spreads wide and the eye hardly parts; darks and near-greys, where a few steps are seen. All are sRGB PNG
files, the same bytes every time.
"""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from quantize.colors.spaces import SPACES

_WIDTH, _HEIGHT = 480, 360
_FINE = 2  # drawn larger by so much and then thinned by averaging, so that edges are smooth


def draw_ramps() -> bytes:
    """Draw blue turning to violet, in eight bands of falling chroma over a warm grey ramp."""
    right = np.linspace(0, 1, _WIDTH)
    bands = []
    for part in np.linspace(0, 1, 8):
        lightness = 0.34 + 0.3 * part + 0.10 * right
        hue = np.deg2rad(255 + 65 * right)
        chroma = 0.2 * (1 - 0.75 * part) * np.ones_like(right)
        bands.append(np.stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)], axis=-1))
    foot = np.stack([0.25 + 0.7 * right, 0.012 * np.ones_like(right), 0.03 * np.ones_like(right)], axis=-1)
    rows = np.repeat(np.stack([*bands, foot]), _HEIGHT // 9, axis=0)
    return _to_png(_from_oklab(rows))


def draw_skin() -> bytes:
    """Draw twelve faces of clay: skin tones from light to dark, each shaded, before a wall in shade."""
    rng = np.random.default_rng(3)
    size = 120
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    inside = x**2 + (y * 0.85) ** 2 < 0.72
    light = np.clip(0.62 - 0.32 * x - 0.3 * y, 0, 1)
    tiles = []
    for number in range(12):
        part = number / 11
        lightness = (0.83 - 0.47 * part) * (0.72 + 0.42 * light)
        hue = np.deg2rad(42 + 22 * rng.random() + 8 * light)
        chroma = (0.055 + 0.035 * np.sin(np.pi * part)) * (1.15 - 0.4 * light)
        wall = np.stack([0.3 + 0.1 * part - 0.1 * x, 0.03 - 0.05 * part + 0 * x, 0.03 * y - 0.03], axis=-1)
        face = np.stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)], axis=-1)
        tiles.append(np.where(inside[..., None], face, wall))
    rows = [np.concatenate(tiles[start : start + 4], axis=1) for start in (0, 4, 8)]
    return _to_png(_from_oklab(np.concatenate(rows)))


def draw_shade() -> bytes:
    """Draw leaves in shade, dark greens and browns close together, with bright sky in a few gaps."""
    rng = np.random.default_rng(5)
    image = Image.new("RGB", (_WIDTH * _FINE, _HEIGHT * _FINE), (16, 22, 14))
    draw = ImageDraw.Draw(image)
    for number in range(900):
        lightness = 0.2 + 0.26 * rng.random() * (0.4 + 0.6 * number / 900)
        hue, chroma = np.deg2rad(rng.normal(132, 20)), 0.03 + 0.05 * rng.random()
        if number > 330 and number % 45 == 0:
            lightness, hue, chroma = 0.9, np.deg2rad(230 + 20 * rng.random()), 0.05
        place = np.array([chroma * np.cos(hue), chroma * np.sin(hue)])
        color = _from_oklab(np.array([[lightness, *place]]))[0]
        vein = _from_oklab(np.array([[lightness * 1.12, *place]]))[0]
        _draw_leaf(draw, rng, tuple(color.tolist()), tuple(vein.tolist()))
    return _to_png(np.asarray(image.resize((_WIDTH, _HEIGHT), Image.Resampling.BOX)))


def _draw_leaf(
    draw: ImageDraw.ImageDraw, rng: np.random.Generator, color: tuple[int, ...], vein: tuple[int, ...]
) -> None:
    """Draw a leaf somewhere, turned somehow, with a vein along its middle."""
    center = rng.random(2) * (_WIDTH * _FINE, _HEIGHT * _FINE)
    length, turn = (14 + 26 * rng.random()) * _FINE, 2 * np.pi * rng.random()
    along = np.linspace(-1, 1, 13)
    width = 0.36 * (1 - along**2)
    outline = np.concatenate([np.stack([along, width], 1), np.stack([along, -width], 1)[::-1]])
    turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    points = center + length * outline @ turned
    draw.polygon([tuple(point) for point in points.tolist()], fill=color)
    ends = center + length * np.array([[-0.9, 0], [0.9, 0]]) @ turned
    draw.line([tuple(end) for end in ends.tolist()], fill=vein, width=_FINE)


def draw_pastels() -> bytes:
    """Draw a chart of the kind that slides have: bars in pale, close colours on white, with shading."""
    hues = np.deg2rad(np.linspace(0, 360, 12, endpoint=False))
    heights = (0.55, 0.8, 0.4, 0.95, 0.65, 0.5, 0.85, 0.35, 0.7, 0.6, 0.9, 0.45)
    paper = np.linspace(0.985, 0.94, _HEIGHT)[:, None, None] * (1, 0, 0)
    canvas = np.broadcast_to(paper, (_HEIGHT, _WIDTH, 3)).copy()
    canvas[30:-30:60, 20:-20] = (0.88, 0, 0)
    step = (_WIDTH - 40) // len(hues)
    for number, (hue, height) in enumerate(zip(hues, heights, strict=True)):
        left, top = 24 + number * step, int((_HEIGHT - 30) * (1 - height)) + 10
        rows = np.linspace(0.94, 0.86, _HEIGHT - 30 - top)[:, None] * np.ones(step - 8)
        chroma = np.linspace(0.025, 0.05, step - 8)
        bar = np.stack([rows, chroma * np.cos(hue) + 0 * rows, chroma * np.sin(hue) + 0 * rows], axis=-1)
        canvas[top : _HEIGHT - 30, left : left + step - 8] = bar
    canvas[-30:-28, 20:-20] = (0.45, 0, 0)
    return _to_png(_from_oklab(canvas))


def _from_oklab(oklab: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Convert Oklab (..., 3) → uint8 sRGB of the same shape; what sRGB cannot show is clipped."""
    rows = SPACES["Oklab"].to_srgb(oklab.reshape(-1, 3).astype(np.float32))
    return np.rint(rows).astype(np.uint8).reshape(oklab.shape)


def _to_png(pixels: NDArray[np.uint8]) -> bytes:
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()
