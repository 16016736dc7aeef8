"""Partly transparent entries beside pngquant's: ``python -m benchmarks.alpha [--k 256 64 16]``.

Twelve soft-edged pictures of our own (``soft_pictures.py``), from PNG bytes to PNG bytes. Errors are squared,
R + G + B, a mean over all pixels of what is seen over black, over white and over a checkerboard of two greys.
"Blurred" is the mean of the three after a Gaussian blur of one pixel, which is fair to dithering. kB are
those of the files as they are; × pngquant: the mean error's share of its, and the mean of the pictures'
shares of its bytes. K counts the entries of the file, that for fully transparent pixels among them, for all
alike. ms are the processor's, of all threads and of child processes.
"""

from __future__ import annotations

import argparse
import io
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.machine import describe_machine, processor_time
from benchmarks.soft_pictures import Rgba, soft_pictures
from benchmarks.tables import each_picture
from quantize import load_picture, quantize_image
from quantize.rendering.encode import encode_png

GREYS = (102, 153)
SQUARE = 8
# With which pngquant's results, undithered and dithered, ours are compared.
PLAIN, DITHERED = "pngquant --nofs", "pngquant"

OURS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "quantize, alpha soft": (PLAIN, {"alpha": "soft"}),
    "quantize, alpha soft, effort best": (PLAIN, {"alpha": "soft", "effort": "best"}),
    "quantize, alpha hard": (PLAIN, {"alpha": "hard"}),
    "soft, Floyd–Steinberg 0.7": (DITHERED, {"alpha": "soft", "dither": "floyd-steinberg", "strength": 0.7}),
    "soft, Floyd–Steinberg": (DITHERED, {"alpha": "soft", "dither": "floyd-steinberg"}),
}
"""Name → what it is compared with, and our choices."""


@dataclass(frozen=True)
class Figures:
    """What one file is judged by: errors over black, white and a checkerboard, and after a blur."""

    black: float
    white: float
    checkers: float
    blurred: float
    kilobytes: float
    milliseconds: float

    @property
    def error(self) -> float:
        """Mean over the three grounds."""
        return (self.black + self.white + self.checkers) / 3


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--k", type=int, nargs="*", default=[256, 64, 16], help="numbers of entries")
    options = parser.parse_args()
    pictures = soft_pictures()
    peers = find_peers()
    print(f"{describe_machine()}\n")
    print(version(peers))
    ways: dict[str, Callable[[bytes, int], bytes]] = {**peers}
    ways |= {name: partial(by_us, choices) for name, (_, choices) in OURS.items()}
    by_us({"alpha": "soft", "dither": "floyd-steinberg"}, packed(pictures["icons"]), 8)  # kernels warm
    found = {
        (k, way, name): judge(rgba, make, k)
        for k in options.k
        for name, rgba in pictures.items()
        for way, make in ways.items()
    }
    for line in [
        *means(found),
        "",
        *each_picture(found, lambda cell: f"{cell.error:.2f} @ {cell.kilobytes:.1f}"),
    ]:
        print(line)


def find_peers() -> dict[str, Callable[[bytes, int], bytes]]:
    """pngquant, undithered and as it is, if its program is at hand."""
    program = shutil.which("pngquant")
    if program is None:
        return {}
    return {PLAIN: partial(by_pngquant, program, ("--nofs",)), DITHERED: partial(by_pngquant, program, ())}


def version(peers: Mapping[str, object]) -> str:
    """Say which pngquant there is, or that there is none."""
    if not peers:
        return "pngquant is not at hand (apt-get install pngquant), so there is nothing beside ours.\n"
    said = subprocess.run(["pngquant", "--version"], capture_output=True, text=True, check=True).stdout
    return f"pngquant {said.strip()}\n"


def by_pngquant(program: str, options: tuple[str, ...], png: bytes, k: int) -> bytes:
    """pngquant's file."""
    return subprocess.run([program, *options, str(k), "-"], input=png, capture_output=True, check=True).stdout


def by_us(choices: Mapping[str, Any], png: bytes, k: int) -> bytes:
    """Our file: one of its entries is for what is fully transparent, as all twelve pictures have."""
    n_colors = k if k == 256 else k - 1
    picture = load_picture(png)
    result = quantize_image(picture, n_colors=n_colors, **choices)
    return encode_png(result.entries, result.indices, result.alpha, optimize=True)


def judge(rgba: Rgba, make: Callable[[bytes, int], bytes], k: int) -> Figures:
    """Make one file and judge it."""
    before, given = processor_time(), packed(rgba)
    made = make(given, k)
    spent = processor_time() - before
    with Image.open(io.BytesIO(made)) as image:
        assert image.mode == "P"
        assert len(image.palette.palette) <= 3 * k
        after = np.asarray(image.convert("RGBA"))
    pairs = [(shown(rgba, ground), shown(after, ground)) for ground in grounds(rgba.shape[:2])]
    sharp = [apart(*pair) for pair in pairs]
    blurred = float(np.mean([apart(*(cv2.GaussianBlur(one, (0, 0), 1.0) for one in pair)) for pair in pairs]))
    return Figures(*sharp, blurred, len(made) / 1000, 1000 * spent)


def packed(rgba: Rgba) -> bytes:
    """A picture as an ordinary PNG."""
    file = io.BytesIO()
    Image.fromarray(rgba).save(file, "PNG")
    return file.getvalue()


def grounds(shape: tuple[int, int]) -> Iterator[NDArray[np.float64]]:
    """Black, white and a checkerboard, (h, w, 1)."""
    y, x = np.indices(shape)
    yield np.zeros((*shape, 1))
    yield np.full((*shape, 1), 255.0)
    yield np.where((x // SQUARE + y // SQUARE) % 2 == 1, *GREYS)[..., None].astype(np.float64)


def shown(rgba: Rgba, ground: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is seen over a ground, float64 (h, w, 3)."""
    share = rgba[..., 3:] / 255
    seen: NDArray[np.float64] = rgba[..., :3] * share + ground * (1 - share)
    return seen


def apart(before: NDArray[np.float64], after: NDArray[np.float64]) -> float:
    """Squared difference, R + G + B, a mean over pixels."""
    return float(np.square(before - after).sum(axis=-1).mean())


Found = dict[tuple[int, str, str], Figures]


def means(found: Found) -> Iterator[str]:
    """Lines of the table of means."""
    grounds_ = "black | white | checkers | mean | blurred"
    yield f"| K | quantizer | {grounds_} | kB | × pngquant: error | bytes | ms |"
    yield "|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for k, way in dict.fromkeys((k, way) for k, way, _ in found):
        mine = {name: figures for (at, by, name), figures in found.items() if (at, by) == (k, way)}
        rival = OURS[way][0] if way in OURS else way
        ratio = "– | –"
        if (k, rival, next(iter(mine))) in found:
            theirs = {name: found[k, rival, name] for name in mine}
            error = np.mean([one.error for one in mine.values()]) / np.mean(
                [t.error for t in theirs.values()]
            )
            size = np.mean([one.kilobytes / theirs[name].kilobytes for name, one in mine.items()])
            ratio = f"{error:.3f} | {size:.3f}"
        columns = ("black", "white", "checkers", "error", "blurred", "kilobytes", "milliseconds")
        mean = {column: np.mean([getattr(one, column) for one in mine.values()]) for column in columns}
        yield (
            "| {k} | {way} | {black:.1f} | {white:.1f} | {checkers:.1f} | {error:.2f} | {blurred:.2f} "
            "| {kilobytes:.1f} | {ratio} | {milliseconds:.0f} |"
        ).format(k=k, way=way, ratio=ratio, **mean)


if __name__ == "__main__":
    main()
