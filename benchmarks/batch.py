"""Many pictures at once, beside other programs: ``python -m benchmarks.batch --images DIR``.

The pictures of DIR are copied under numbers until there are ``--count``, each reduced to K colours without
dithering. Every program runs as people run it, from its start to its end, its files in a folder of its own:
``quantize batch``, ImageMagick's ``mogrify``, and ``pngquant`` under ``xargs``, two at once. One that is not
installed is left out. MSE is R + G + B a pixel, the mean over pictures, worked out of the files. The second
table says what our time is spent on, one picture after the other on one thread. Prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.machine import describe_machine
from quantize.decoding.picture import load_picture
from quantize.pipeline import quantize_image
from quantize.saving import encode_result

ROOT = Path(__file__).parents[1]
Program = Callable[[Path, Path, int], None]


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=Path, required=True, help="folder of PNGs")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("-k", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3, help="each program's best is shown")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        source = Path(work, "in")
        count_different = copy_pictures(given.images, source, given.count)
        print(f"{describe_machine()}; {given.count} PNGs ({count_different} different ones), K = {given.k}\n")
        print("| program | s | s, all processors | MSE | MB |\n|---|--:|--:|--:|--:|")
        for name, run in find_programs().items():
            print(f"| {name} | {race(run, source, Path(work), given.k, given.rounds)} |", flush=True)
        print("\n| step of ours | ms a picture | share |\n|---|--:|--:|")
        parts = take_time(sorted(source.iterdir())[:count_different], given.k)
        for step, seconds in parts.items():
            print(f"| {step} | {1000 * seconds:.1f} | {seconds / sum(parts.values()):.0%} |")


def copy_pictures(images: Path, source: Path, count: int) -> int:
    """Copy pictures in turn under numbers; return how many different ones there are."""
    paths = sorted(images.glob("*.png"))
    source.mkdir()
    for number in range(count):
        shutil.copy(paths[number % len(paths)], source / f"{number:04}.png")
    return min(count, len(paths))


def find_programs() -> dict[str, Program]:
    """All that are installed."""
    programs: dict[str, Program] = {"quantize batch": by_us}
    if shutil.which("mogrify"):
        programs["mogrify -colors +dither"] = by_imagemagick
    if shutil.which("pngquant"):
        programs["pngquant --nofs, xargs -P2"] = by_pngquant
    return programs


def race(run: Program, source: Path, work: Path, k: int, rounds: int) -> str:
    """Tell a program's least wall and processor time, mean error and megabytes."""
    walls, works = [], []
    for _ in range(rounds):
        out = work / "out"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        before, started = _children(), time.perf_counter()
        run(source, out, k)
        walls.append(time.perf_counter() - started)
        works.append(_children() - before)
    error = np.mean([measure_error(path, out / path.name) for path in sorted(source.iterdir())])
    size = sum(path.stat().st_size for path in out.glob("*.png"))
    return f"{min(walls):.1f} | {min(works):.1f} | {error:.2f} | {size / 1e6:.1f}"


def _children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def measure_error(before: Path, after: Path) -> float:
    """Squared error a pixel, R + G + B."""
    with Image.open(before) as one, Image.open(after) as other:
        away = np.asarray(one.convert("RGB"), np.int64) - np.asarray(other.convert("RGB"), np.int64)
    return float(np.square(away).sum(axis=2).mean())


def by_us(source: Path, out: Path, k: int) -> None:
    """Our command."""
    words = [sys.executable, "-m", "quantize", "batch", str(source), "-o", str(out), "-k", str(k)]
    subprocess.run(words, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


def by_imagemagick(source: Path, out: Path, k: int) -> None:
    """ImageMagick's, as its manual has it."""
    words = ["mogrify", "-path", str(out), "-colors", str(k), "+dither", *map(str, sorted(source.iterdir()))]
    subprocess.run(words, check=True)


def by_pngquant(source: Path, out: Path, k: int) -> None:
    """A process for each picture, two at once."""
    names = "\0".join(path.name for path in sorted(source.iterdir()))
    words = [
        "xargs",
        "-0",
        "-P2",
        "-I{}",
        "pngquant",
        "--nofs",
        str(k),
        "-o",
        f"{out}/{{}}",
        "--",
        f"{source}/{{}}",
    ]
    subprocess.run(words, input=names, text=True, check=True)


def take_time(paths: list[Path], k: int) -> dict[str, float]:
    """Tell the seconds a picture that each step takes on one thread; the first picture only warms."""
    os.environ["QUANTIZE_THREADS"] = "1"
    rows = [list(_steps(path, k)) for path in [paths[0], *paths]][1:]
    names = ("read and decode (codec)", "quantize", "pack as PNG (codec)")
    return dict(zip(names, np.mean(rows, axis=0).tolist(), strict=True))


def _steps(path: Path, k: int) -> Iterator[float]:
    started = time.thread_time()
    picture = load_picture(path)
    yield (decoded := time.thread_time()) - started
    result = quantize_image(picture, n_colors=k)
    yield (quantized := time.thread_time()) - decoded
    encode_result(picture, result)
    yield time.thread_time() - quantized


if __name__ == "__main__":
    main()
