"""Label maps for tests, ordinary and hostile ones, and a slow way to find their parts."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.uint8]


def spiral(side: int) -> Labels:
    """A band of one pixel that winds to the middle, and the band of ground beside it."""
    made = np.zeros((side, side), np.uint8)
    x, y, across, down = 0, 0, 1, 0
    made[0, 0] = 1
    for length in [side - 1] + [n for n in range(side - 1, 0, -2) for _ in range(2)]:
        for _ in range(length):
            x, y = x + across, y + down
            made[y, x] = 1
        across, down = -down, across
    return made


def rings(side: int) -> Labels:
    """Squares in each other, of three labels."""
    y, x = np.mgrid[:side, :side]
    return (np.minimum(np.minimum(x, y), np.minimum(side - 1 - x, side - 1 - y)) % 3).astype(np.uint8)


def blobs(height: int, width: int, n: int, seed: int = 0, cell: int = 5) -> Labels:
    """Rough patches of ``n`` labels, as a picture has them, with a few single pixels."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, n, (-(-height // cell), -(-width // cell)), np.uint8)
    made = coarse.repeat(cell, axis=0).repeat(cell, axis=1)[:height, :width].copy()
    some = random.random(made.shape) < 0.1
    made[some] = random.integers(0, n, int(some.sum()), np.uint8)
    return made


def dots(height: int, width: int) -> Labels:
    """Single pixels on one ground, some at the edges."""
    made = np.zeros((height, width), np.uint8)
    made[::3, ::3] = 1
    return made


HOSTILE: dict[str, Labels] = {
    "one pixel": np.zeros((1, 1), np.uint8),
    "one row": np.array([[0, 1, 1, 0, 2, 2, 2, 0]], np.uint8),
    "one column": np.array([[3], [3], [1], [3]], np.uint8),
    "one colour": np.full((7, 9), 4, np.uint8),
    "checkerboard": (np.indices((8, 11)).sum(axis=0) % 2).astype(np.uint8),
    "diagonal contacts": np.eye(9, dtype=np.uint8),
    "both diagonals": np.maximum(np.eye(9, dtype=np.uint8), np.eye(9, dtype=np.uint8)[::-1]),
    "spiral": spiral(17),
    "nested rings": rings(15),
    "dots": dots(10, 13),
    "stripes": np.tile(np.arange(5, dtype=np.uint8), (6, 3)),
    "noise of all labels": np.random.default_rng(1).integers(0, 256, (16, 23), np.uint8),
    "noise of two": np.random.default_rng(2).integers(0, 2, (20, 20), np.uint8),
    "clear holes": np.where(dots(9, 9) == 1, 255, blobs(9, 9, 3)).astype(np.uint8),
    "islands in clear": np.where(dots(9, 9) == 1, 2, 255).astype(np.uint8),
    "clear": np.full((4, 4), 255, np.uint8),
    "blobs": blobs(40, 51, 6),
}


def flood(labels: Labels) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Every connected part, label and pixels, in the order of first pixels: slow and obvious."""
    seen = np.zeros(labels.shape, bool)
    for y, x in np.ndindex(*labels.shape):
        if seen[y, x]:
            continue
        seen[y, x], found, left = True, [], [(y, x)]
        while left:
            here = left.pop()
            found.append(here)
            for near in (
                (here[0] + 1, here[1]),
                (here[0] - 1, here[1]),
                (here[0], here[1] + 1),
                (here[0], here[1] - 1),
            ):
                inside = 0 <= near[0] < labels.shape[0] and 0 <= near[1] < labels.shape[1]
                if inside and not seen[near] and labels[near] == labels[y, x]:
                    seen[near] = True
                    left.append(near)
        yield int(labels[y, x]), found
