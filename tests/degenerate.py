"""Hostile test data: pictures of few, collinear, repeated or uneven colours, which photos never are.

Photos are the easy case. What broke this engine were greys, ramps, lattices, and K next to the number of
colours. Every kind is a record: a name and what makes its pixels of a random generator. ``pictures`` crosses
them with sizes; ``counts_near`` gives the K at which things go wrong; ``alphas`` gives every kind of
transparency.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Random = np.random.Generator


@dataclass(frozen=True)
class Kind:
    """One kind of hostile picture: ``make`` gives uint8 (h, w, 3) sRGB, of a few thousand colours at most."""

    name: str
    make: Callable[[Random], Pixels]


def spread(colors: NDArray, counts: NDArray, rng: Random) -> Pixels:
    """A picture of these colours, each so often, shuffled; the first one also fills up the last row."""
    rows = np.repeat(np.asarray(colors, np.uint8).reshape(-1, 3), counts, axis=0)
    width = max(1, int(len(rows) ** 0.5))
    missing = -len(rows) % width
    rows = np.concatenate([rows, np.repeat(rows[:1], missing, axis=0)])
    return rng.permutation(rows).reshape(-1, width, 3)


def uneven(n: int, rng: Random) -> NDArray[np.int64]:
    """Counts from one to some thousands, most of them small."""
    return np.maximum(1, rng.pareto(0.7, n) * 3).clip(max=5000).astype(np.int64)


def _some(low: int, high: int, rng: Random) -> NDArray[np.int64]:
    """Different values from 0 to 255, ``low`` to ``high`` of them, in order."""
    return np.sort(rng.choice(256, rng.integers(low, high + 1), replace=False))


def _greys(rng: Random) -> Pixels:
    values = _some(2, 256, rng)
    return spread(np.repeat(values[:, None], 3, axis=1), uneven(len(values), rng), rng)


def _even_greys(rng: Random) -> Pixels:
    n = int(rng.integers(3, 257))
    values = np.linspace(0, 255, n).round()
    return spread(np.repeat(values[:, None], 3, axis=1), np.full(n, rng.integers(1, 5)), rng)


def _neighbours(rng: Random) -> Pixels:
    n = int(rng.integers(3, 80))
    values = rng.integers(0, 257 - n) + np.arange(n)
    return spread(np.repeat(values[:, None], 3, axis=1), uneven(n, rng), rng)


def _ramp(axis: int) -> Callable[[Random], Pixels]:
    def make(rng: Random) -> Pixels:
        values = _some(2, 256, rng)
        colors = np.full((len(values), 3), rng.integers(0, 256))
        colors[:, axis] = values
        return spread(colors, uneven(len(values), rng), rng)

    return make


def _tints(rng: Random) -> Pixels:
    share = np.linspace(0, 1, int(rng.integers(3, 257)))[:, None]
    ends = rng.integers(0, 256, (2, 3))
    colors = np.unique((ends[0] * (1 - share) + ends[1] * share).round(), axis=0)
    return spread(colors, uneven(len(colors), rng), rng)


def _two_tones(rng: Random) -> Pixels:
    return spread(rng.choice(256, (2, 3), replace=False), rng.integers(1, 4000, 2), rng)


def _two_noisy_tones(rng: Random) -> Pixels:
    tones, n = rng.integers(8, 248, (2, 3)), int(rng.integers(20, 1500))
    colors = tones[rng.integers(0, 2, n)] + rng.integers(-6, 7, (n, 3))
    return spread(colors, np.ones(n, np.int64), rng)


def _lattice(rng: Random) -> Pixels:
    side = int(rng.integers(2, 11))
    axis = np.linspace(0, 255, side).round()
    colors = np.stack(np.meshgrid(axis, axis, axis), axis=-1).reshape(-1, 3)
    return spread(colors, np.full(len(colors), rng.integers(1, 4)), rng)


def _cube(rng: Random) -> Pixels:
    side, corner = int(rng.integers(2, 13)), rng.integers(0, 244, 3)
    colors = np.stack(np.meshgrid(*(np.arange(side),) * 3), axis=-1).reshape(-1, 3) + corner
    return spread(colors, np.ones(len(colors), np.int64), rng)


def _few(rng: Random) -> Pixels:
    colors = np.unique(rng.integers(0, 256, (int(rng.integers(2, 400)), 3)), axis=0)
    return spread(colors, uneven(len(colors), rng), rng)


def _one_huge(rng: Random) -> Pixels:
    colors = np.unique(rng.integers(0, 256, (int(rng.integers(3, 300)), 3)), axis=0)
    counts = np.ones(len(colors), np.int64)
    counts[rng.integers(0, len(colors))] = 200_000
    return spread(colors, counts, rng)


def _repeated(rng: Random) -> Pixels:
    tile = rng.integers(0, 256, (int(rng.integers(1, 5)), int(rng.integers(1, 5)), 3))
    return np.tile(tile, (int(rng.integers(1, 40)), int(rng.integers(1, 40)), 1)).astype(np.uint8)


def _one_pixel(rng: Random) -> Pixels:
    return rng.integers(0, 256, (1, 1, 3)).astype(np.uint8)


def _one_color(rng: Random) -> Pixels:
    shape = int(rng.integers(1, 60)), int(rng.integers(1, 60)), 1
    return np.tile(rng.integers(0, 256, (1, 1, 3)), shape).astype(np.uint8)


def _line(rng: Random) -> Pixels:
    return rng.integers(0, 256, (1, int(rng.integers(2, 300)), 3)).astype(np.uint8)


def _drawing(rng: Random) -> Pixels:
    """Even areas with blended edges, as text and charts are drawn: colours on a few lines between inks."""
    inks = np.concatenate([[[255, 255, 255]], rng.integers(0, 256, (int(rng.integers(2, 9)), 3))])
    colors, counts = [inks], [rng.integers(500, 9000, len(inks))]
    for ink in inks[1:]:
        share = np.unique(rng.integers(1, 255, int(rng.integers(3, 60))))[:, None] / 255
        colors.append((inks[0] * (1 - share) + ink * share).round())
        counts.append(uneven(len(share), rng))
    return spread(np.concatenate(colors), np.concatenate(counts), rng)


KINDS = (
    Kind("greys", _greys),
    Kind("even greys", _even_greys),
    Kind("neighbouring greys", _neighbours),
    Kind("ramp of red", _ramp(0)),
    Kind("ramp of green", _ramp(1)),
    Kind("ramp of blue", _ramp(2)),
    Kind("ramp of tints", _tints),
    Kind("two tones", _two_tones),
    Kind("two noisy tones", _two_noisy_tones),
    Kind("lattice", _lattice),
    Kind("whole cube", _cube),
    Kind("few colours, uneven", _few),
    Kind("one huge colour", _one_huge),
    Kind("repetition", _repeated),
    Kind("one pixel", _one_pixel),
    Kind("one colour", _one_color),
    Kind("one line", _line),
    Kind("drawing", _drawing),
)
GREYS = KINDS[:3]
"""Pictures all of whose colours lie on the grey axis: there the optimum is known."""


def pictures(n_each: int, seed: int = 0, kinds: tuple[Kind, ...] = KINDS) -> list[tuple[str, Pixels]]:
    """Name and pixels of ``n_each`` pictures of each kind, the same for the same seed."""
    numbered = [(kind, number, each) for number, kind in enumerate(kinds) for each in range(n_each)]
    return [
        (f"{kind.name} {each}", kind.make(np.random.default_rng([seed, number, each])))
        for kind, number, each in numbered
    ]


def n_colors_of(pixels: Pixels) -> int:
    """How many different colours a picture has."""
    return len(np.unique(pixels.reshape(-1, 3), axis=0))


def counts_near(n: int, low: int = 1) -> list[int]:
    """The K at which things go wrong: the least, a third of ``n`` colours, half, next to ``n``, the most."""
    near = {low, 2, n // 3, n // 2, n - 2, n - 1, n, n + 1} | ({256} if n > 256 else set())
    return sorted(k for k in near if low <= k <= 256)


def alphas(shape: tuple[int, int], seed: int = 0) -> list[tuple[str, NDArray[np.uint8]]]:
    """Name and alpha, uint8 of that shape, of every kind of transparency with at least one visible pixel."""
    rng = np.random.default_rng(seed)
    height, width = shape
    even = [(f"all {value}", np.full(shape, value, np.uint8)) for value in (128, 254, 255)]
    ramp = np.linspace(0, 255, width).round().astype(np.uint8)[None].repeat(height, axis=0)
    mixed = [
        ("hard", rng.choice([0, 255], shape).astype(np.uint8)),
        ("soft", rng.integers(0, 256, shape).astype(np.uint8)),
        ("ramp", ramp),
        ("edge", rng.choice([0, 1, 126, 127, 128, 129, 254, 255], shape).astype(np.uint8)),
        ("lone pixel", rng.integers(0, 128, shape).astype(np.uint8)),
    ]
    for _, alpha in mixed:
        alpha.flat[-1] = 255
    return even + mixed
