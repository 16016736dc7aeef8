"""Pictures that are no photos: ``python -m benchmarks.degenerate -n 20000``.

Makes pictures of every kind in ``tests/degenerate.py``, quantizes each with a method, space, K, effort,
start, kept colours and alpha drawn at random, and counts what must never happen: an exception or a warning, a
palette of another length than promised, an entry that nothing uses, a figure that is no number.

Default k-means in BGR is set beside the best palette there is where all colours lie on one axis (dynamic
programming over 8-bit values), and beside Ward's merging of the cheapest pair, rounded, on other pictures of
up to 300 colours. Prints Markdown.

Run it with ``MALLOC_PERTURB_=85`` to have scratch memory full of garbage.
"""

from __future__ import annotations

import argparse
import time
import traceback
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.machine import describe_machine
from quantize import Picture, QuantizeError, quantize_image
from quantize.colors.spaces import SPACES
from quantize.methods.few_points import ward_centers
from quantize.methods.kmeans import EFFORTS, INITS
from quantize.methods.table import METHODS
from quantize.warmup import warm
from tests.degenerate import KINDS, Kind, Pixels, alphas, counts_near

MOST_MERGED = 300


@dataclass
class Row:
    """What was seen of one kind: errors as shares of the reference's, and counts."""

    pictures: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    shares: list[float] = field(default_factory=list)
    reference: str = "Ward"


def main() -> None:
    """Print the table, and every failure as it comes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=20_000, help="pictures in all")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    warm()
    warnings.simplefilter("error")
    rows: dict[str, Row] = defaultdict(Row)
    started = time.perf_counter()
    for kind, number in drawn(options.n):
        rng = np.random.default_rng([options.seed, number])
        try_one(kind, kind.make(rng), rng, rows[kind.name])
    print(f"{describe_machine()}\n")
    print("| kind | pictures | failures | reference | worst | mean | fits |\n|---|--:|--:|---|--:|--:|--:|")
    for name, row in rows.items():
        print(f"| {name} | {row.pictures:,} | {sum(row.failures.values())} | {describe(row)} |")
    failures = sum((row.failures for row in rows.values()), Counter())
    seconds = time.perf_counter() - started
    print(f"\n{options.n:,} pictures in {seconds:.0f} s; failures: {dict(failures) or 'none'}")


def drawn(n: int) -> Iterator[tuple[Kind, int]]:
    """Kinds in turn."""
    for number in range(n):
        yield KINDS[number % len(KINDS)], number


def describe(row: Row) -> str:
    """Reference, worst and mean share, and how many fits they are of."""
    if not row.shares:
        return "– | – | – | 0"
    return f"{row.reference} | {max(row.shares):.4f} | {np.mean(row.shares):.4f} | {len(row.shares):,}"


def try_one(kind: Kind, pixels: Pixels, rng: np.random.Generator, row: Row) -> None:
    """Quantize a picture by choices drawn at random, and, if its reference is known, by default ones."""
    row.pictures += 1
    colors, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_counts=True)
    choices = draw_choices(pixels, len(colors), rng)
    alpha = draw_alpha(pixels, rng)
    try:
        problem = check(Picture.from_pixels(pixels, alpha), choices)
    except QuantizeError as error:
        problem = f"refused: {error}"
    except Exception as error:  # what the benchmark looks for
        traceback.print_exc(limit=-3)
        problem = type(error).__name__
    if problem:
        row.failures[problem] += 1
        print(f"{kind.name}, {len(colors)} colours, {choices}: {problem}", flush=True)
    compare(pixels, colors, counts, int(rng.choice(counts_near(len(colors), 2))), row)


def draw_choices(pixels: Pixels, n: int, rng: np.random.Generator) -> dict[str, Any]:
    """Choices that fit together."""
    method = str(rng.choice(list(METHODS)))
    chosen: dict[str, Any] = {"method": method, "space": str(rng.choice(list(SPACES)))}
    chosen["n_colors"] = int(rng.choice(counts_near(n, 2)))
    if method == "kmeans":
        chosen |= {"effort": str(rng.choice(list(EFFORTS))), "init": str(rng.choice(INITS))}
    if method == "opencv":
        chosen |= {"attempts": 1, "max_iter": 3}
    if METHODS[method].weighted:
        chosen["rare"] = float(rng.choice([0, 0, 0.5, 1]))
    own = pixels.reshape(-1, 3)[rng.integers(0, pixels.size // 3, 3)]
    every = np.concatenate([own, rng.integers(0, 256, (3, 3))])
    some = every[rng.random(6) < rng.choice([0, 0, 0.4])][: chosen["n_colors"]]
    return {**chosen, "keep": [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in some.tolist()]}


def draw_alpha(pixels: Pixels, rng: np.random.Generator) -> NDArray[np.uint8] | None:
    """No transparency in two of three cases, else any kind."""
    ways = alphas(pixels.shape[:2])
    return ways[int(rng.integers(len(ways)))][1] if rng.random() < 1 / 3 else None


def check(picture: Picture, choices: dict[str, Any]) -> str:
    """What is wrong with a result, "" if nothing."""
    result = quantize_image(picture, **choices)
    kept = result.settings.kept
    there = len(np.unique(np.concatenate([picture.colors.colors, kept.astype(np.float32)]), axis=0))
    room = 255 if any(note.startswith("255 colours") for note in result.notes) else choices["n_colors"]
    free = ~(result.palette[:, None] == kept[None]).all(axis=2).any(axis=1)
    if len(result.palette) != min(room, there) and not any("fewer" in note for note in result.notes):
        return f"{choices['method']}: palette of another length"
    if (result.counts[free] == 0).any():
        return f"{choices['method']}: idle entry"
    return "" if np.isfinite(result.sse) and result.sse >= 0 else "figure that is no number"


def compare(pixels: Pixels, colors: NDArray, counts: NDArray, n_colors: int, row: Row) -> None:
    """Note default k-means' error as a share of the reference's."""
    if n_colors >= len(colors):
        return
    if np.linalg.matrix_rank(np.float64(colors - colors[0].astype(int))) == 1 and is_axis(colors):
        row.reference, least = "optimum", optimum(colors, counts, n_colors)
    elif len(colors) <= MOST_MERGED:
        least = merged(colors, counts, n_colors)
    else:
        return
    error = quantize_image(Picture.from_pixels(pixels), n_colors=n_colors).sse
    row.shares.append(error / least if least else 1.0 + error)


def is_axis(colors: NDArray) -> bool:
    """Whether colours lie along one axis or the grey one, where the best 8-bit palette lies, too."""
    extents = np.ptp(colors, axis=0)
    grey = (colors == colors[:, :1]).all()
    return bool(grey or (extents > 0).sum() == 1)


def optimum(colors: NDArray, counts: NDArray, n_colors: int) -> float:
    """Least squared error of any 8-bit palette, by dynamic programming without any shortcut."""
    axis = int(np.ptp(colors, axis=0).argmax())
    times = int((np.ptp(colors, axis=0) > 0).sum())
    value, n = colors[:, axis].astype(float), len(colors)
    order = value.argsort()
    value, mass = value[order], counts[order].astype(float)
    cost = np.full((n, n + 1), np.inf)
    for first in range(n):
        weight, total, square = (np.cumsum(mass[first:] * value[first:] ** power) for power in (0, 1, 2))
        at = np.rint(total / weight)
        cost[first, first + 1 :] = square - 2 * at * total + at * at * weight
    least = cost[0].copy()
    for _ in range(n_colors - 1):
        least = (least[:n, None] + cost).min(axis=0)
    return float(least[n]) * times


def merged(colors: NDArray, counts: NDArray, n_colors: int) -> float:
    """Squared error of Ward's merging, its means rounded and every colour at the nearest."""
    none = np.zeros((0, 3), np.float32)
    centers = ward_centers(colors.astype(np.float32), counts.astype(np.float32), n_colors, none)
    away = colors[:, None].astype(float) - np.rint(centers).astype(float)[None]
    return float(np.square(away).sum(axis=2).min(axis=1) @ counts)


if __name__ == "__main__":
    main()
