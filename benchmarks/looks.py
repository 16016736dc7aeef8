"""How results look, beside imagequant's and Pillow's: ``python -m benchmarks.looks [PICTURE or DIR …]``.

Without pictures the samples that come with the app are taken. Prints Markdown: means over the pictures, then
every picture. SSIMULACRA2 (higher is better) and ΔE00 after a small blur judge as eyes do; kB are those of
our own PNG writer, for all alike; ms are the processor's, all threads together, kernels warm, from pixels in
memory to the last index (pngquant's, if its program is at hand, from file to file). Margins over imagequant
are of the same run.
"""

from __future__ import annotations

import argparse
import io
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.machine import describe_machine, processor_time
from benchmarks.pictures import SUFFIXES, load_pixels
from benchmarks.tables import each_picture
from quantize import Picture, delta_e_blurred, quantize_image, ssimulacra2
from quantize.decoding.samples import SAMPLES, load_sample
from quantize.dithering.dither import DITHERS
from quantize.rendering.encode import encode_png
from quantize.warmup import warm

Pixels = NDArray[np.uint8]
Indexed = tuple[Pixels, Pixels]
"""Palette uint8 (k, 3) and indices uint8 (h, w)."""

REFERENCE = "imagequant, dithering 1"
PRESETS = ("looks", "best-looks", "small")
MASKS = ("bayer-8", "blue-noise")


@dataclass(frozen=True)
class Figures:
    """What one result is judged by; kB are 1,000 bytes."""

    score: float
    blurred: float
    kilobytes: float
    milliseconds: float


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pictures", type=Path, nargs="*")
    parser.add_argument("--k", type=int, nargs="*", default=[256, 64, 16], help="numbers of colours")
    options = parser.parse_args()
    warm()
    pictures = dict(load_pictures(options.pictures))
    print(f"{describe_machine()}\n\n{len(pictures)} pictures\n")
    found = {
        (k, way, name): judge(pixels, quantize, k)
        for k in options.k
        for name, pixels in pictures.items()
        for way, quantize in ways().items()
    }
    for line in [
        *means(found),
        "",
        *each_picture(found, lambda cell: f"{cell.score:.1f} @ {cell.kilobytes:.0f}"),
    ]:
        print(line)


def load_pictures(paths: list[Path]) -> Iterator[tuple[str, Pixels]]:
    """Name and pixels of the files, of those in folders, or of the samples."""
    for path in paths:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        for file in files:
            if file.suffix.lower() in SUFFIXES:
                yield file.stem, load_pixels(file)
    if not paths:
        for key in SAMPLES:
            yield key, load_sample(key).pixels


def ways() -> dict[str, Callable[[Pixels, int], Indexed]]:
    """All that are compared, by name; imagequant only if it is installed."""
    peers = {REFERENCE: by_imagequant} if find_spec("imagequant") else {}
    if which("pngquant"):
        peers["pngquant"] = by_pngquant
    ours = {preset: by_preset(preset) for preset in PRESETS}
    plain = {"Oklab, Floyd–Steinberg 0.8": by_floyd_steinberg}
    masked = {DITHERS[key].title: by_mask(key) for key in MASKS}
    return {**peers, "Pillow, median cut, dithered": by_pillow, **plain, **masked, **ours}


def by_imagequant(pixels: Pixels, k: int) -> Indexed:
    """imagequant's result at full dithering."""
    import imagequant

    height, width, _ = pixels.shape
    data = np.dstack([pixels, np.full((height, width), 255, np.uint8)]).tobytes()
    indices, palette = imagequant.quantize_raw_rgba_bytes(
        data, width, height, dithering_level=1.0, max_colors=k
    )
    colors = np.array(palette, np.uint8).reshape(-1, 4)[:, :3]
    return colors, np.frombuffer(indices, np.uint8).reshape(height, width)


def by_pngquant(pixels: Pixels, k: int) -> Indexed:
    """pngquant's result as it is: dithered, decoding and encoding within its time."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    made = subprocess.run(["pngquant", str(k), "-"], input=file.getvalue(), capture_output=True, check=True)
    with Image.open(io.BytesIO(made.stdout)) as image:
        return np.array(image.getpalette(), np.uint8).reshape(-1, 3), np.array(image)


def by_pillow(pixels: Pixels, k: int) -> Indexed:
    """Pillow's median cut with Floyd–Steinberg."""
    image = Image.fromarray(pixels)
    # In one call Pillow would ignore ``dither``: it listens only where a palette is given.
    found = image.quantize(palette=image.quantize(k), dither=Image.Dither.FLOYDSTEINBERG)
    return np.array(found.getpalette(), np.uint8).reshape(-1, 3), np.asarray(found)


def by_floyd_steinberg(pixels: Pixels, k: int) -> Indexed:
    """Our plain k-means and Floyd–Steinberg, at the strength that looks best."""
    result = quantize_image(
        Picture.from_pixels(pixels), n_colors=k, space="Oklab", dither="floyd-steinberg", strength=0.8
    )
    return result.palette, result.indices


def by_mask(key: str) -> Callable[[Pixels, int], Indexed]:
    """Our result with a mask, and the palette of the presets."""

    def quantize(pixels: Pixels, k: int) -> Indexed:
        picture = Picture.from_pixels(pixels)
        result = quantize_image(picture, n_colors=k, space="Oklab", method="looks", dither=key)
        return result.palette, result.indices

    return quantize


def by_preset(preset: str) -> Callable[[Pixels, int], Indexed]:
    """Our result with a preset."""

    def quantize(pixels: Pixels, k: int) -> Indexed:
        # Anew each time: a Picture remembers its histogram.
        result = quantize_image(Picture.from_pixels(pixels), n_colors=k, preset=preset)
        return result.palette, result.indices

    return quantize


def judge(pixels: Pixels, quantize: Callable[[Pixels, int], Indexed], k: int) -> Figures:
    """Make a result twice, for the shorter time, and judge it."""
    times = []
    for _ in range(2):
        started = processor_time()
        palette, indices = quantize(pixels, k)
        times.append(processor_time() - started)
    shown = palette[indices]
    size = len(encode_png(palette, indices, None, optimize=True))
    return Figures(ssimulacra2(pixels, shown), delta_e_blurred(pixels, shown), size / 1000, 1000 * min(times))


Found = dict[tuple[int, str, str], Figures]


def means(found: Found) -> Iterator[str]:
    """Lines of the table of means."""
    yield (
        "| K | quantizer | SSIMULACRA2 | over imagequant | ΔE00, blurred | kB | × its kB | ms | × its ms "
        "| over it, least to most |"
    )
    yield "|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    for k, way in dict.fromkeys((k, way) for k, way, _ in found):
        names = [name for other, _, name in found if other == k]
        mine = np.array([_numbers(found[k, way, name]) for name in dict.fromkeys(names)])
        theirs = np.full_like(mine, np.nan)
        if (k, REFERENCE, names[0]) in found:
            theirs = np.array([_numbers(found[k, REFERENCE, name]) for name in dict.fromkeys(names)])
        score, blurred, size, spent = mine.mean(axis=0)
        over = (mine - theirs)[:, 0]
        sizes, times = (mine / theirs)[:, 2].mean(), mine[:, 3].sum() / theirs[:, 3].sum()
        yield (
            f"| {k} | {way} | {score:.1f} | {over.mean():+.1f} | {blurred:.2f} | {size:.0f} | {sizes:.3f} "
            f"| {spent:.0f} | {times:.2f} | {over.min():+.1f} to {over.max():+.1f} |"
        )


def _numbers(figures: Figures) -> tuple[float, float, float, float]:
    return figures.score, figures.blurred, figures.kilobytes, figures.milliseconds


if __name__ == "__main__":
    main()
