"""Draw the way of a picture, ``pictures/way``: ``python -m docs.draw_way``.

The colours of a part of a sample as dots, the same with the entry that each gets, and the result. Dots stand
by their red (across) and their green (up).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from quantize import Picture, encode_result, quantize_image, rgb2ind
from quantize.decoding.samples import load_sample

FOLDER = Path(__file__).parent / "pictures" / "way"
SAMPLE, CORNER, SIZE, K = "coffee", (130, 60), (300, 225), 8
SCALE, MARGIN, DOT, RING = 4, 14, 3, 7
"""Drawn so many times larger; the others in pixels of the drawing as it is shown."""
GROUND = "#808080"
"""Seen on light and on dark pages, and tints no colour."""

Pixels = NDArray[np.uint8]


def draw() -> None:
    """Draw what becomes of a part of a sample; the part itself is in the gallery."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (left, top), (width, height) = CORNER, SIZE
    pixels = load_sample(SAMPLE).pixels[top : top + height, left : left + width]
    result = quantize_image(pixels, n_colors=K)
    colors, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_counts=True)
    entries = rgb2ind(colors[None], result.palette)[0][0]
    shown = result.palette[entries]
    _write("colors", _scatter(colors, colors, counts), 64)
    _write("entries", _scatter(colors, shown, counts, result.palette), 64)
    _write("result", result.pixels, K)
    print(f"{len(colors):,} colours")


def _scatter(colors: Pixels, shown: Pixels, counts: NDArray[np.intp], rings: Pixels | None = None) -> Pixels:
    """Draw a dot for each colour, rare ones first, and a ring for each entry of a palette."""
    width, height = (side * SCALE for side in SIZE)
    image = Image.new("RGB", (width, height), GROUND)
    pen = ImageDraw.Draw(image)
    for place in np.argsort(counts, kind="stable"):
        pen.ellipse(_box(colors[place], DOT / 2), fill=tuple(shown[place].tolist()))
    for color in () if rings is None else rings:
        pen.ellipse(_box(color, RING), fill=tuple(color.tolist()), outline="#fff", width=2 * SCALE)
    return np.asarray(image.resize(SIZE, Image.Resampling.LANCZOS))


def _box(color: Pixels, radius: float) -> tuple[float, float, float, float]:
    red, green, _ = (int(part) / 255 for part in color)
    width, height = SIZE
    x = MARGIN + red * (width - 2 * MARGIN)
    y = height - MARGIN - green * (height - 2 * MARGIN)
    return tuple(SCALE * edge for edge in (x - radius, y - radius, x + radius, y + radius))


def _write(name: str, pixels: Pixels, n_colors: int) -> None:
    picture = Picture.from_pixels(pixels)
    result = quantize_image(picture, n_colors=n_colors)
    (FOLDER / f"{name}.png").write_bytes(encode_result(picture, result))


if __name__ == "__main__":
    draw()
