"""How time and memory grow with pixels and with K: ``python -m benchmarks.growth --image FILE``.

The picture is enlarged or reduced to 1, 4, 24 and 100 megapixels (with a little noise, so that enlarging does
not leave it with fewer colours than a real one). Prints Markdown. Memory is the most that arrays took at
any time, the decoded pixels not counted.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.machine import describe_machine
from benchmarks.pictures import load_pixels
from quantize import Picture, quantize_image
from quantize.methods import kmeans
from quantize.warmup import warm

MEGAPIXELS = (1, 4, 24, 100)
NUMBERS = (2, 4, 8, 16, 32, 64, 128, 256)
CURVE = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256)


def main() -> None:
    """Print the three tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--image", type=Path, required=True)
    options = parser.parse_args()
    warm()
    print(f"{describe_machine()}\n")
    print("| megapixels | colours | histogram ms | all, K = 256, ms | ns a pixel | memory |")
    print("|--:|--:|--:|--:|--:|--:|")
    for size in MEGAPIXELS:
        print(measure_size(options.image, size), flush=True)
    print("\n| K | all, 12 megapixels, ms |\n|--:|--:|")
    pixels = resized(load_pixels(options.image), 12)
    for k in NUMBERS:
        seconds = shortest(lambda k=k: quantize_image(Picture.from_pixels(pixels), n_colors=k))
        print(f"| {k} | {seconds * 1000:.0f} |", flush=True)
    cells = Picture.from_pixels(pixels).cells
    seconds = shortest(lambda: [kmeans.fit(cells.colors, cells.counts, k, effort="fast") for k in CURVE])
    print(f"\n{len(CURVE)} palettes for the curve, histogram given: {seconds * 1000:.0f} ms")


def measure_size(image: Path, megapixels: float) -> str:
    """One row of the first table."""
    pixels = resized(load_pixels(image), megapixels)
    n = pixels.size // 3
    tracemalloc.start()
    result = quantize_image(Picture.from_pixels(pixels), n_colors=256)
    memory = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    counting = shortest(lambda: Picture.from_pixels(pixels).cells)
    every = shortest(lambda: quantize_image(Picture.from_pixels(pixels), n_colors=256))
    colors = Picture.from_pixels(pixels).n_colors
    assert result.indices.shape == pixels.shape[:2]
    return (
        f"| {n / 1e6:.1f} | {colors:,} | {counting * 1000:.0f} | {every * 1000:.0f} | {every / n * 1e9:.1f} "
        f"| {memory / pixels.nbytes:.2f} × pixels |"
    )


def resized(pixels: NDArray[np.uint8], megapixels: float) -> NDArray[np.uint8]:
    """The picture at another size, with noise of a fifth of the pixels ±1, read-only."""
    height, width, _ = pixels.shape
    scale = (megapixels * 1e6 / (height * width)) ** 0.5
    out = cv2.resize(pixels, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_LINEAR)
    rng = np.random.default_rng(0)
    for row in out:
        row += (rng.integers(0, 10, row.shape, np.uint8) == 0) & (row < 255)
    out.flags.writeable = False
    return out


def shortest(work: object, runs: int = 4) -> float:
    """Seconds of the shortest of some runs."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()  # type: ignore[operator]
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    main()
