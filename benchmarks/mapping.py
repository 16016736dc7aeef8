"""Pictures that fit a palette, mapped to it: ``python -m benchmarks.mapping``.

Whoever maps a picture to the palette that it already has wants it back as it was, under the palette's own
numbers. For each built-in palette and some made ones there are two pictures of 128 × 128 pixels, all of whose
colours are entries: noise of all entries, and a gradient dithered to them. Each way maps them; counted are
pixels of another colour, pictures with one at least, the largest difference of a channel, and palettes whose
entries came out in another order or number. ms are means over pictures; ImageMagick reads and writes files.
Prints Markdown.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.machine import describe_machine
from quantize import ind2rgb, quantize_image, read_tables, rgb2ind
from quantize.colors.hexadecimal import hex_colors

SIDE = 128

Pixels = NDArray[np.uint8]
Mapped = tuple[Pixels, Pixels]
"""The picture as it came out, and the entries in their order."""


@dataclass
class Tally:
    """What is counted of one way."""

    pictures: int = 0
    spoiled: int = 0
    pixels: int = 0
    wrong: int = 0
    largest: int = 0
    reordered: set[str] = field(default_factory=set)
    seconds: float = 0.0

    def row(self, way: str) -> str:
        """Write the line of the table."""
        exact = f"{self.pictures - self.spoiled} of {self.pictures}"
        wrong = f"{self.wrong:,} of {self.pixels:,}"
        ms = 1000 * self.seconds / self.pictures
        return f"| {way} | {exact} | {wrong} | {self.largest} | {len(self.reordered)} | {ms:.1f} |"


def main() -> None:
    """Print the table."""
    ways = find_ways()
    palettes = dict(find_palettes())
    quantize_image(np.zeros((2, 2, 3), np.uint8), palette=["#000"], dither="floyd-steinberg")  # kernels warm
    tallies = {way: Tally() for way in ways}
    for name, palette in palettes.items():
        for pixels in fitting_pictures(palette):
            for way, tally in tallies.items():
                judge(tally, name, pixels, palette, ways[way])
    print(f"{describe_machine()}\n\n{len(palettes)} palettes\n")
    print("| way | as they were | pixels of another colour | largest difference | orders changed | ms |")
    print("|---|--:|--:|--:|--:|--:|")
    for way, tally in tallies.items():
        print(tally.row(way))


def judge(tally: Tally, name: str, pixels: Pixels, palette: Pixels, make: Callable[..., Mapped]) -> None:
    """Map one picture, and count."""
    started = time.perf_counter()
    made, entries = make(pixels, palette)
    tally.seconds += time.perf_counter() - started
    apart = np.abs(made.astype(int) - pixels).max(axis=-1)
    tally.pictures += 1
    tally.spoiled += bool(apart.any())
    tally.pixels += apart.size
    tally.wrong += int((apart > 0).sum())
    tally.largest = max(tally.largest, int(apart.max()))
    if not np.array_equal(entries[: len(palette)], palette):
        tally.reordered.add(name)


def find_palettes() -> Iterator[tuple[str, Pixels]]:
    """Built-in palettes of 2 to 256 entries, and made ones that are hard to tell apart or many."""
    rng = np.random.default_rng(0)
    for table in read_tables().values():
        if len(table) <= 256:
            yield table.key, table.palette.colors
    cube = np.stack(np.meshgrid(*[np.arange(8)] * 3), axis=-1).reshape(-1, 3)
    yield "256 at random", rng.integers(0, 256, (256, 3)).astype(np.uint8)
    yield "256 greys", rng.permutation(np.repeat(np.arange(256)[:, None], 3, axis=1)).astype(np.uint8)
    yield "256 dark neighbours", rng.permutation(cube)[:256].astype(np.uint8)
    yield "two neighbours", np.array([[100, 150, 200], [100, 150, 201]], np.uint8)


def fitting_pictures(palette: Pixels) -> Iterator[Pixels]:
    """Noise of all entries, and a gradient between far ones, dithered."""
    rng = np.random.default_rng(len(palette))
    noise = palette[rng.integers(0, len(palette), (SIDE, SIDE))]
    noise.reshape(-1, 3)[: len(palette)] = palette
    yield noise
    y, x = np.mgrid[:SIDE, :SIDE]
    ramp = np.stack([x * 2, y * 2, 255 - x - y], axis=-1).clip(0, 255).astype(np.uint8)
    yield quantize_image(ramp, palette=hex_colors(palette), dither="floyd-steinberg").pixels


def find_ways() -> dict[str, Callable[[Pixels, Pixels], Mapped]]:
    """Ours, Pillow's, and ImageMagick's if its program is at hand."""
    none, floyd = Image.Dither.NONE, Image.Dither.FLOYDSTEINBERG
    ways: dict[str, Callable[[Pixels, Pixels], Mapped]] = {
        "quantize, nearest": partial(by_us, "none"),
        "quantize, Floyd–Steinberg": partial(by_us, "floyd-steinberg"),
        "Pillow, quantize(palette=), dither NONE": partial(by_pillow, none),
        "Pillow, quantize(palette=), as it comes": partial(by_pillow, floyd),
    }
    program = shutil.which("convert")
    if program and "ImageMagick" in said_by(program):
        ways["ImageMagick, +dither -remap"] = partial(by_magick, program, "+dither")
        ways["ImageMagick, -remap, as it comes"] = partial(by_magick, program, None)
    return ways


def said_by(program: str) -> str:
    """What a program says of its version; nothing if it does not know the question."""
    run = subprocess.run([program, "-version"], capture_output=True, text=True, check=False)
    return run.stdout


def by_us(dither: str, pixels: Pixels, palette: Pixels) -> Mapped:
    """``rgb2ind``."""
    indices, entries = rgb2ind(pixels, palette, dither=dither)
    return ind2rgb(indices, entries), entries


def by_pillow(dither: Image.Dither, pixels: Pixels, palette: Pixels) -> Mapped:
    """As Pillow's documentation shows it."""
    holder = Image.new("P", (1, 1))
    holder.putpalette(palette.ravel().tolist())
    made = Image.fromarray(pixels).quantize(palette=holder, dither=dither)
    entries = np.array(made.getpalette(), np.uint8).reshape(-1, 3)
    return np.asarray(made.convert("RGB")), entries


def by_magick(program: str, option: str | None, pixels: Pixels, palette: Pixels) -> Mapped:
    """The program, through files."""
    with tempfile.TemporaryDirectory() as folder:
        source, table, target = (Path(folder) / name for name in ("in.png", "palette.png", "out.png"))
        Image.fromarray(pixels).save(source)
        Image.fromarray(palette[None]).save(table)
        options = [option] if option else []
        subprocess.run([program, source, *options, "-remap", table, f"PNG8:{target}"], check=True)
        with Image.open(io.BytesIO(target.read_bytes())) as made:
            entries = np.array(made.getpalette(), np.uint8).reshape(-1, 3)
            return np.asarray(made.convert("RGB")), entries


if __name__ == "__main__":
    main()
