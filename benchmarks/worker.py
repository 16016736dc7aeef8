"""What decoding in another process costs: ``python -m benchmarks.worker``.

Every picture is decoded by turns in this process and in a worker that has run before, so that both see the
same load of the machine; the difference is the median over the pairs. Prints Markdown, and the memory of a
worker that has nothing to do.
"""

from __future__ import annotations

import argparse
import statistics
import time
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.machine import describe_machine
from quantize.decoding.picture import load_picture
from quantize.decoding.worker import Workers, load_picture_apart, start, stop

SIZES = ((4000, 3000), (768, 512))
FILES = (("JPEG", {"quality": 90}), ("PNG", {"compress_level": 1}), ("WEBP", {"quality": 80, "method": 0}))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=21)
    options = parser.parse_args()
    start()
    print(f"{describe_machine()}; {options.pairs} pairs\n")
    print("| megapixels | file | MB | here, ms | in the worker, ms | difference, ms (quartiles) |")
    print("|--:|---|--:|--:|--:|--:|")
    for width, height in SIZES:
        for format_, how in FILES:
            file = BytesIO()
            picture(width, height).save(file, format_, **how)
            print(row(width * height, format_, file.getvalue(), options.pairs), flush=True)
    stop()
    print(f"\nResident, idle: {idle_memory()}")


def picture(width: int, height: int) -> Image.Image:
    """Gradients with some noise: files of about the length that photos have."""
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([x * 200 // width, y * 200 // height, (x + y) * 200 // (width + height)], axis=-1)
    pixels += np.random.default_rng(0).integers(0, 12, pixels.shape)
    return Image.fromarray(pixels.astype(np.uint8))


def row(n_pixels: int, format_: str, data: bytes, n_pairs: int) -> str:
    """One line of the table."""
    for load in (load_picture, load_picture_apart):
        load(data)
    pairs = [(seconds(load_picture, data), seconds(load_picture_apart, data)) for _ in range(n_pairs)]
    here, apart = (1000 * statistics.median(times) for times in zip(*pairs, strict=True))
    low, middle, high = (1000 * q for q in statistics.quantiles([b - a for a, b in pairs], n=4))
    return (
        f"| {n_pixels / 1e6:.1f} | {format_} | {len(data) / 1e6:.1f} | {here:.1f} | {apart:.1f} "
        f"| {middle:+.1f} ({low:+.1f} to {high:+.1f}) |"
    )


def seconds(load, data: bytes) -> float:
    """Time to decode the file once."""
    started = time.perf_counter()
    load(data)
    return time.perf_counter() - started


def idle_memory() -> str:
    """Resident and proportional size of a worker before its first picture and after one of 12 megapixels."""
    workers, sizes = Workers(1), []
    file = BytesIO()
    picture(4000, 3000).save(file, "JPEG")
    workers.start()
    for step in ("new", "after 12 megapixels"):
        rollup = Path(f"/proc/{workers.pids[0]}/smaps_rollup")
        if not rollup.exists():
            return "this system does not tell"
        lines = dict(line.split(":") for line in rollup.read_text().splitlines()[1:])
        shares = [f"{int(lines[name].split()[0]) / 1024:.0f} MB {name}" for name in ("Rss", "Pss")]
        sizes.append(f"{step}: {', '.join(shares)}")
        workers.decode(file.getvalue())
        time.sleep(1)  # it tidies up after it has answered
    workers.stop()
    return "; ".join(sizes)


if __name__ == "__main__":
    main()
