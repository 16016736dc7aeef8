"""Pixel art brought back from what became of it: ``python -m benchmarks.pixelart``.

Made art, every cell of which is known, is enlarged, blurred, packed as JPEG, cropped or jittered
(``tests/pixelart/made.py``), three pictures a case. A cell is right if the nearest colour of the made palette
is its own; with another number of cells than the art has, none is. ms are medians over the pictures. At the
end stand photos, on which every grid is a false one. Peers are told of nothing but the picture.
Prints Markdown.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.machine import describe_machine
from quantize import Picture, QuantizeError
from quantize.pixelart.restoring import restore_art
from tests.pixelart.made import CASES, Case, as_jpeg, count_right

Pixels = NDArray[np.uint8]
Way = Callable[[Pixels], Pixels | None]
SEEDS = 3
QUALITIES = (None, 75, 30)


def main() -> None:
    """Print the tables."""
    ways = find_ways()
    for way in ways.values():  # kernels and imports warm
        way(CASES[1].build()[1])
    print(f"{describe_machine()}\n")
    print("| case | " + " | ".join(f"{way}: cells right, ms" for way in ways) + " |")
    print("|---|" + "--:|" * len(ways))
    for case in CASES:
        print(f"| {case.name} | " + " | ".join(judge(case, way) for way in ways.values()) + " |")
    photos = list(find_photos())
    refused = [sum(way(photo) is None for photo in photos) for way in ways.values()]
    print(f"| photos that get no grid, of {len(photos)} | " + " | ".join(map(str, refused)) + " |")


def judge(case: Case, way: Way) -> str:
    """Tell how much of a case is right, on average, and how long that takes."""
    rights, times = [], []
    for seed in range(SEEDS):
        art, picture = case.build(seed)
        started = time.perf_counter()
        found = way(picture)
        times.append(time.perf_counter() - started)
        rights.append(0.0 if found is None else count_right(found, art))
    return f"{100 * np.mean(rights):.1f} %, {1000 * np.median(times):.0f}"


def find_photos() -> Iterator[Pixels]:
    """The sample photos of scikit-image, as they are and as JPEGs."""
    from skimage import data

    for name in ("astronaut", "chelsea", "coffee"):
        for quality in QUALITIES:
            photo = getattr(data, name)()
            yield photo if quality is None else as_jpeg(lambda art, _: art, quality)(photo, None)


def find_ways() -> dict[str, Way]:
    """Ours, and peers that are installed."""
    ways: dict[str, Way] = {"quantize": by_us}
    for name, way in (
        ("perfect-pixel", by_perfect_pixel),
        ("unfake", by_unfake),
        ("proper-pixel-art", by_proper),
    ):
        try:
            way(np.zeros((64, 64, 3), np.uint8))
        except ImportError:
            continue
        except Exception:  # what a peer makes of a black picture is not measured
            pass
        ways[name] = way
    return ways


def by_us(pixels: Pixels) -> Pixels | None:
    """``restore_art``."""
    try:
        return restore_art(Picture.from_pixels(pixels)).picture.pixels
    except QuantizeError:
        return None


def by_perfect_pixel(pixels: Pixels) -> Pixels | None:
    """As its documentation calls it; it tells what it does on standard output."""
    from contextlib import redirect_stdout
    from io import StringIO

    from perfect_pixel import get_perfect_pixel

    with redirect_stdout(StringIO()):
        width, _, cells = get_perfect_pixel(pixels, sample_method="center", fix_square=False)
    return None if width is None else np.asarray(cells)


def by_unfake(pixels: Pixels) -> Pixels | None:
    """With its automatic scale, and as many colours as an indexed file has."""
    from unfake.pixel import process_image

    found = asyncio.run(process_image(Image.fromarray(pixels), max_colors=256))
    scale = found["manifest"].processing_steps["scale_detection"]["detected_scale"]
    return None if scale <= 1 else np.ascontiguousarray(found["image_array"][..., :3])


def by_proper(pixels: Pixels) -> Pixels | None:
    """As it comes; it says of no picture that there is no grid."""
    from proper_pixel_art.image import pixelate

    return np.asarray(pixelate(Image.fromarray(pixels)).image.convert("RGB"))


if __name__ == "__main__":
    main()
