"""Draw ``presets.webp``: a part of a photo, pixel for pixel, as presets and imagequant make it of 16 colours.

``python -m docs.draw_presets`` (imagequant from PyPI installed) writes it beside this file. Captions are of
the whole picture: SSIMULACRA2, and the bytes of the indexed PNG, packed alike for all.
"""

from io import BytesIO
from pathlib import Path

import imagequant
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from quantize import Picture, quantize_image
from quantize.decoding.samples import load_sample
from quantize.measuring.ssimulacra import ssimulacra2
from quantize.rendering.encode import encode_png
from quantize.rendering.lettering import find_font

SAMPLE, K = "coffee", 16
TOP, LEFT, HEIGHT, WIDTH = 60, 150, 150, 272
COLUMNS, LINE, GAP = 3, 22, 6
OURS = {"numbers": "numbers", "looks": "looks", "best-looks": "best looks", "small": "small"}

Pixels = NDArray[np.uint8]
"""Of a picture, (h, w, 3); of entries, (h, w)."""


def make_all(picture: Picture) -> dict[str, Pixels]:
    """Return a caption and the pixels for each part of the drawing."""
    made = {"imagequant, dithering 1": by_imagequant(picture.pixels)}
    for preset, name in OURS.items():
        result = quantize_image(picture, n_colors=K, preset=preset)
        made[name] = (result.palette, result.indices)
    parts = {"original": picture.pixels}
    for name, (palette, indices) in made.items():
        pixels = palette[indices]
        looks = ssimulacra2(picture.pixels, pixels)
        size = len(encode_png(palette, indices, optimize=True)) / 1000
        parts[f"{name}: {looks:.0f}, {size:.0f} kB"] = pixels
    return parts


def by_imagequant(pixels: Pixels) -> tuple[Pixels, Pixels]:
    """Return the palette and the entries that imagequant finds."""
    height, width = pixels.shape[:2]
    data = np.dstack([pixels, np.full((height, width), 255, np.uint8)]).tobytes()
    entries, palette = imagequant.quantize_raw_rgba_bytes(
        data, width, height, dithering_level=1, max_colors=K
    )
    colors = np.array(palette, np.uint8).reshape(-1, 4)[:, :3]
    return colors, np.frombuffer(entries, np.uint8).reshape(height, width)


def draw(parts: dict[str, Pixels]) -> bytes:
    """Draw the parts in rows, each above its caption."""
    rows = -(-len(parts) // COLUMNS)
    size = (COLUMNS * (WIDTH + GAP) - GAP, rows * (HEIGHT + LINE + GAP) - GAP)
    sheet = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(sheet)
    for place, (caption, pixels) in enumerate(parts.items()):
        x, y = place % COLUMNS * (WIDTH + GAP), place // COLUMNS * (HEIGHT + LINE + GAP)
        sheet.paste(Image.fromarray(pixels[TOP : TOP + HEIGHT, LEFT : LEFT + WIDTH]), (x, y))
        pen.text((x, y + HEIGHT + 4), caption, font=find_font(13), fill="#333")
    file = BytesIO()
    sheet.save(file, "WEBP", lossless=True, quality=100, method=6)  # every pixel as it is
    return file.getvalue()


if __name__ == "__main__":
    Path(__file__).with_name("presets.webp").write_bytes(draw(make_all(load_sample(SAMPLE))))
