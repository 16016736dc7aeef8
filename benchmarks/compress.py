"""Indexed PNGs of 256 colours beside pngquant's: ``python -m benchmarks.compress --images DIR``.

Every picture of DIR is written by pngquant (its own default speed) and as ``quantize compress`` does, both
dithered and not. Bytes are of all files together; MSE is R + G + B a pixel, and SSIMULACRA2 the mean over
pictures; "better" counts the pictures on which ours is shorter and no worse. Seconds are of one picture, from
pixels to file, pngquant's from file to file. Prints Markdown.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.machine import describe_machine
from benchmarks.pictures import load_pixels
from quantize import Picture
from quantize.measuring.ssimulacra import ssimulacra2
from quantize.sizing.recipe import SHOWN_RUNS, Recipe
from quantize.sizing.writing import Writer


@dataclass(frozen=True)
class Cost:
    """One file: its length, error, looks and time."""

    n_bytes: int
    mse: float
    looks: float
    seconds: float


Way = Callable[[Path, Picture], bytes]


def pngquant(*options: str) -> Way:
    """Write as pngquant does."""

    def write(path: Path, picture: Picture) -> bytes:
        command = ["pngquant", *options, "256", "-"]
        return subprocess.run(command, input=path.read_bytes(), capture_output=True, check=True).stdout

    return write


def ours(recipe: Recipe, squeeze: bool = True) -> Way:
    """Write as ``quantize compress`` does."""
    return lambda path, picture: Writer(picture, squeeze=squeeze).write(recipe).data


PLAIN = Recipe("png", 256, numbers=True)
GROUPS = {
    "not dithered": {
        "pngquant --nofs": pngquant("--nofs"),
        "quantize compress --no-dither --quick": ours(PLAIN, squeeze=False),
        "quantize compress --no-dither": ours(PLAIN),
        "quantize compress --no-dither --follow 4": ours(Recipe("png", 256, follow=4.0, numbers=True)),
    },
    "dithered": {
        "pngquant": pngquant(),
        "quantize compress --quick": ours(Recipe("png", 256, 1.0, SHOWN_RUNS), squeeze=False),
        "quantize compress": ours(Recipe("png", 256, 1.0, SHOWN_RUNS)),
        "the same with longer runs": ours(Recipe("png", 256, 1.0, 8.0)),
    },
}


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=Path, required=True, help="folder of PNG pictures")
    if not shutil.which("pngquant"):
        sys.exit("pngquant is not installed")
    paths = sorted(parser.parse_args().images.glob("*.png"))
    print(f"{describe_machine()}; {len(paths)} pictures")
    for title, ways in GROUPS.items():
        costs = {name: [judge(way, path) for path in paths] for name, way in ways.items()}
        print(f"\n| {title} | bytes | of pngquant's | MSE | SSIMULACRA2 | s | better |")
        print("|---|--:|--:|--:|--:|--:|--:|")
        first = next(iter(costs.values()))
        for name, each in costs.items():
            print(describe(name, each, first, by_error=title == "not dithered"))


def judge(way: Way, path: Path) -> Cost:
    """Write one picture and measure the file."""
    pixels = load_pixels(path)
    picture = Picture.from_pixels(pixels)
    started = time.perf_counter()
    data = way(path, picture)
    seconds = time.perf_counter() - started
    with Image.open(BytesIO(data)) as file:
        made = np.ascontiguousarray(np.asarray(file.convert("RGB")))
    mse = np.square(pixels.astype(float) - made).sum(axis=2).mean()
    return Cost(len(data), float(mse), ssimulacra2(pixels, made), seconds)


def describe(name: str, costs: list[Cost], first: list[Cost], by_error: bool) -> str:
    """Tell the row of one way; ``first`` is pngquant's."""
    total, theirs = (sum(cost.n_bytes for cost in each) for each in (costs, first))
    better = sum(
        one.n_bytes < other.n_bytes and (one.mse <= other.mse if by_error else one.looks >= other.looks)
        for one, other in zip(costs, first, strict=True)
    )
    mse, looks = np.mean([cost.mse for cost in costs]), np.mean([cost.looks for cost in costs])
    seconds = np.median([cost.seconds for cost in costs])
    won = "" if costs is first else f"{better} of {len(costs)}"
    share = 100 * total / theirs
    return f"| {name} | {total:,} | {share:.1f} % | {mse:.1f} | {looks:.1f} | {seconds:.2f} | {won} |"


if __name__ == "__main__":
    main()
