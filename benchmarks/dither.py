"""Our ditherings beside imagequant's and Pillow's: ``python -m benchmarks.dither PICTURE``.

Prints Markdown. "whole" is from pixels in memory to the last index, palette included; "step" is the dithering
alone, with a palette given. The best of some runs, kernels warm, in one process and one after the other.
Ratios hold between machines, times do not. ΔE00 is that after a small blur (``measuring/similarity.py``),
since without one dithering is punished for what it does.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.machine import describe_machine
from benchmarks.pictures import load_pixels
from quantize import Picture, delta_e_blurred, quantize_image
from quantize.dithering.dither import DITHERS, dither_pixels
from quantize.warmup import warm

Pixels = NDArray[np.uint8]
RUNS = 5
REFERENCE = "imagequant, dithering_level=1"


@dataclass(frozen=True)
class Row:
    """One line of the table: seconds for everything, for dithering alone or None, and the result."""

    name: str
    whole: float
    step: float | None
    result: Pixels


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--k", type=int, default=256, help="number of colours")
    options = parser.parse_args()
    warm()
    pixels = load_pixels(options.picture)
    height, width, _ = pixels.shape
    print(f"{describe_machine()}\n\n{options.picture.name}, {width}×{height}, K={options.k}\n")
    rows = [*peers(pixels, options.k), *ours(pixels, options.k)]
    for line in table(pixels, rows):
        print(line, flush=True)


def peers(pixels: Pixels, k: int) -> Iterator[Row]:
    """imagequant, if it is installed, and Pillow."""
    if find_spec("imagequant"):
        for level in (0.0, 1.0):
            yield _imagequant(pixels, k, level)
    image = Image.fromarray(pixels)

    def dithered() -> Image.Image:
        # In one call Pillow would ignore ``dither``: it listens only where a palette is given.
        return image.quantize(palette=image.quantize(k), dither=Image.Dither.FLOYDSTEINBERG)

    seconds, result = best_of(dithered, runs=1)
    yield Row("Pillow, median cut, Floyd–Steinberg", seconds, None, np.asarray(result.convert("RGB")))


def _imagequant(pixels: Pixels, k: int, level: float) -> Row:
    import imagequant

    height, width, _ = pixels.shape
    data = np.dstack([pixels, np.full((height, width), 255, np.uint8)]).tobytes()
    seconds, (indices, palette) = best_of(
        lambda: imagequant.quantize_raw_rgba_bytes(data, width, height, dithering_level=level, max_colors=k),
        runs=2,
    )
    colors = np.array(palette, np.uint8).reshape(-1, 4)[:, :3]
    result = colors[np.frombuffer(indices, np.uint8).reshape(height, width)]
    return Row(f"imagequant, dithering_level={level:g}", seconds, None, result)


def ours(pixels: Pixels, k: int) -> Iterator[Row]:
    """Every dither in encoded light, and the first in linear light and in LAB."""
    for key in DITHERS:
        yield _ours(pixels, k, dither=key)
    yield _ours(pixels, k, dither="floyd-steinberg", light="linear")
    yield _ours(pixels, k, dither="floyd-steinberg", space="LAB")


def _ours(pixels: Pixels, k: int, **choices: Any) -> Row:
    # Anew each time: a Picture remembers its histogram.
    whole, result = best_of(lambda: quantize_image(Picture.from_pixels(pixels), n_colors=k, **choices))
    palette, key, light = result.palette, choices["dither"], choices.get("light", "encoded")
    step = None
    if "space" not in choices and key != "none":
        step, _ = best_of(lambda: dither_pixels(pixels, palette, key, light=light))
    more = [value for name, value in choices.items() if name != "dither"]
    name = ", ".join([DITHERS[key].title, *more])
    return Row(f"**{name}**", whole, step, result.pixels)


def best_of(work: Callable[[], Any], runs: int = RUNS) -> tuple[float, Any]:
    """Shortest time of some runs, and the last result."""
    times, result = [], None
    for _ in range(runs):
        started = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - started)
    return min(times), result


def table(pixels: Pixels, rows: list[Row]) -> Iterator[str]:
    """Lines of the table."""
    reference = next((row.whole for row in rows if row.name == REFERENCE), float("nan"))
    pillow = next(row.whole for row in rows if row.name.startswith("Pillow"))
    yield "| dithering | whole, ms | × imagequant's, dithered | × Pillow's | step, ms | ΔE00 after a blur |"
    yield "|---|--:|--:|--:|--:|--:|"
    for row in rows:
        step = "" if row.step is None else f"{row.step * 1000:.0f}"
        cells = [
            row.name,
            f"{row.whole * 1000:.0f}",
            f"{row.whole / reference:.3f}",
            f"{row.whole / pillow:.3f}",
            step,
            f"{delta_e_blurred(pixels, row.result):.3f}",
        ]
        yield "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
