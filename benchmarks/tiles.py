"""Several small palettes, beside PyPI ``tilequant``: ``python -m benchmarks.tiles --images DIR``.

Every picture of DIR is reduced to 256 × 256 pixels, as consoles show them; tiles are 8 × 8, red, green and
blue have 32 levels. tilequant keeps the first entry of each palette for what is transparent, so ours gets one
colour less. Neither dithers. MSE is R + G + B a pixel, the mean over pictures; ms are medians. A peer that is
not installed is left out. Prints Markdown.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.machine import describe_machine
from benchmarks.pictures import SUFFIXES
from quantize.tiles.tiled import tile_picture

SIZE = (256, 256)
SHAPES = ((4, 4), (8, 4), (4, 16), (8, 16), (16, 16))
Pixels = NDArray[np.uint8]
Way = Callable[[Pixels, int, int], Pixels]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=Path, required=True, help="folder of the pictures")
    folder = parser.parse_args().images
    pictures = [load(path) for path in sorted(folder.iterdir()) if path.suffix.lower() in SUFFIXES]
    ways = find_ways()
    print(f"{describe_machine()}; {len(pictures)} pictures\n")
    print("| palettes × colours | " + " | ".join(f"{way}: MSE | ms" for way in ways) + " |")
    print("|---|" + "--:|--:|" * len(ways))
    for n_palettes, n_colors in SHAPES:
        cells = [judge(way, pictures, n_palettes, n_colors) for way in ways.values()]
        print(f"| {n_palettes} × {n_colors - 1} | " + " | ".join(cells) + " |")


def load(path: Path) -> Pixels:
    """Reduce a picture to the size of a screen."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS))


def judge(way: Way, pictures: list[Pixels], n_palettes: int, n_colors: int) -> str:
    """Tell the mean error, and how long one picture takes."""
    errors, times = [], []
    for pixels in pictures:
        started = time.perf_counter()
        made = way(pixels, n_palettes, n_colors)
        times.append(time.perf_counter() - started)
        errors.append(np.square(pixels.astype(float) - made).sum(axis=2).mean())
    return f"{np.mean(errors):.1f} | {1000 * np.median(times):.0f}"


def find_ways() -> dict[str, Way]:
    """Ours, and the peer if it is installed."""
    ways: dict[str, Way] = {"quantize": by_us}
    by_us(np.zeros((8, 16, 3), np.uint8) + np.arange(16, dtype=np.uint8)[:, None] * 9, 2, 4)  # loops warm
    try:
        by_tilequant(np.zeros((8, 8, 3), np.uint8), 1, 4)
    except ImportError:
        return ways
    return ways | {"tilequant": by_tilequant}


def by_us(pixels: Pixels, n_palettes: int, n_colors: int) -> Pixels:
    """Ours, as many colours as the peer uses."""
    return tile_picture(pixels, n_palettes=n_palettes, n_colors=n_colors - 1, levels=32).pixels


def by_tilequant(pixels: Pixels, n_palettes: int, n_colors: int) -> Pixels:
    """PyPI ``tilequant``, without dithering."""
    from tilequant import DitheringMode, Tilequant

    made = Tilequant(Image.fromarray(pixels)).convert(n_palettes, n_colors, DitheringMode.NONE, 0.0)
    return np.asarray(made.convert("RGB"))


if __name__ == "__main__":
    main()
