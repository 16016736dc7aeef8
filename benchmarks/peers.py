"""Ours beside its peers, on a folder of pictures: ``python -m benchmarks.peers --images DIR``.

Prints Markdown. Times are the best of some runs, from pixels in memory to the last index, kernels warm, in
one process and one after the other. Ratios hold between machines, times do not.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.machine import describe_machine
from benchmarks.measures import delta_e_00, mse, ssimulacra2
from benchmarks.pictures import Group, load_groups
from benchmarks.quantizers import QUANTIZERS, Quantizer
from quantize.warmup import warm

REFERENCE = "imagequant"
# Runs go on until they have taken this long together, or there were so many.
ENOUGH_SECONDS, ENOUGH_RUNS = 0.5, 9


def main() -> None:
    """Print one table for each group of pictures."""
    options = read_options()
    warm()
    quantizers = [peer for peer in QUANTIZERS if peer.version is not None and options.only in peer.name]
    print(f"{describe_machine()}\n")
    print("Peers: " + ", ".join(f"{peer.name} {peer.version}".strip() for peer in quantizers))
    for group in load_groups(options.images):
        print(f"\n### {group.title}\n")
        for line in table(group, quantizers, options.k, options.ssimulacra2):
            print(line, flush=True)


def read_options() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=Path, required=True, help="folder of pictures")
    parser.add_argument("--k", type=int, nargs="+", default=[4, 16, 64, 256], help="numbers of colours")
    parser.add_argument("--only", default="", help="quantizers whose name contains this")
    parser.add_argument("--ssimulacra2", action="store_true", help="score with SSIMULACRA2 (slow)")
    return parser.parse_args()


def table(group: Group, quantizers: list[Quantizer], numbers: list[int], score: bool) -> Iterator[str]:
    """Lines of one group's table: for each K, every quantizer's means over the pictures."""
    yield f"| K | quantizer | ms | × {REFERENCE} | MSE | × IOKM | ΔE00 |" + (
        " SSIMULACRA2 |" if score else ""
    )
    yield "|--:|---|--:|--:|--:|--:|--:|" + ("--:|" if score else "")
    for k in numbers:
        rows = {peer.name: means(group, peer, k, score) for peer in quantizers}
        reference = rows.get(REFERENCE)
        for name, row in rows.items():
            if row is not None:
                milliseconds, error, ratio, difference, points = row
                share = milliseconds / reference[0] if reference else float("nan")
                cells = [
                    f"{milliseconds:.1f}",
                    f"{share:.3f}",
                    f"{error:.2f}",
                    f"{ratio:.4f}",
                    f"{difference:.3f}",
                ]
                cells += [f"{points:.2f}"] if score else []
                yield f"| {k} | {name} | " + " | ".join(cells).replace("nan", "") + " |"


def means(group: Group, peer: Quantizer, k: int, score: bool) -> tuple[float, ...] | None:
    """Mean ms, MSE, MSE against the published one, ΔE00, SSIMULACRA2; None if pictures are too large."""
    rows = []
    for name, pixels in group.pixels.items():
        if pixels.size // 3 > peer.most_pixels:
            return None
        prepared = peer.prepare(pixels)
        seconds, result = best_time(peer, prepared, k)
        quantized = peer.pixels(result, prepared).reshape(pixels.shape)
        error = mse(pixels, quantized)
        published = group.published.get((name, k), float("nan"))
        points = ssimulacra2(pixels, quantized) if score else float("nan")
        rows.append((seconds * 1000, error, error / published, delta_e_00(pixels, quantized), points))
    return tuple(np.mean(rows, axis=0).tolist())


def best_time(peer: Quantizer, prepared: object, k: int) -> tuple[float, object]:
    """Shortest time of several runs, and the last result."""
    times: list[float] = []
    while sum(times) < ENOUGH_SECONDS and len(times) < ENOUGH_RUNS:
        start = time.perf_counter()
        result = peer.run(prepared, k)
        times.append(time.perf_counter() - start)
    return min(times), result


if __name__ == "__main__":
    main()
