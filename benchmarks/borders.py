"""How near smooth borders come to the shapes that were drawn: ``python -m benchmarks.borders``.

Discs of 8 to 130 pixels and half-planes at all slants, at random places, as pixels without softened edges.
Beside ours stands potrace, if it is on the path, with its usual options. Told are the means over shapes of
the border's distance from the true one (root of the mean square), of the largest turn where one curve meets
the next, and of the number of curves and lines.
"""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.regions.borders import trace_borders
from quantize.regions.curves import fit_curves
from quantize.regions.parts import find_parts

Points = NDArray[np.float64]
SIDE = 281
SHAPES = 60
_SAMPLES = np.linspace(0, 1, 25)[:, None]


@dataclass(frozen=True)
class Shape:
    """What was drawn, bool (h, w), and the distance of points, float (n, 2), from its true border."""

    name: str
    drawn: NDArray[np.bool_]
    away: Callable[[Points], NDArray[np.float64]]


def draw_shapes(n: int, seed: int = 1) -> Iterator[Shape]:
    """Draw as many discs and half-planes."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:SIDE, :SIDE] + 0.5
    for _ in range(n):
        x, y = rng.uniform(140, 141, 2)
        radius, slant = rng.uniform(8, 130), rng.uniform(0.02, np.pi / 2 - 0.02)
        across, down = np.sin(slant), np.cos(slant)

        def disc(points: Points, x: float = x, y: float = y, radius: float = radius) -> NDArray[np.float64]:
            return np.hypot(*(points - [x, y]).T) - radius

        def plane(
            points: Points, x: float = x, y: float = y, across: float = across, down: float = down
        ) -> NDArray[np.float64]:
            return (points[:, 1] - y) * down - (points[:, 0] - x) * across

        yield Shape("discs", (columns - x) ** 2 + (rows - y) ** 2 < radius**2, disc)
        yield Shape("half-planes", (rows - y) * down > (columns - x) * across, plane)


def trace_ours(drawn: NDArray[np.bool_]) -> list[Points]:
    """Pieces of the border, each a curve's or a line's four control points."""
    borders = trace_borders(find_parts(drawn.astype(np.uint8)))
    curves = fit_curves(borders)
    pieces = []
    for edge in range(len(borders)):
        if -1 in borders.sides[edge]:
            continue  # the picture's own
        here = curves.begins[edge].astype(float)
        for curve in range(curves.starts[edge], curves.starts[edge + 1]):
            first, second, there = curves.controls[curve].astype(float)
            if curves.straight[curve]:
                first, second = here + (there - here) / 3, here + (there - here) * 2 / 3
            pieces.append(np.array([here, first, second, there]))
            here = there
    return pieces


def trace_potrace(drawn: NDArray[np.bool_]) -> list[Points]:
    """Trace with potrace; its path counts in tenths of a pixel, and upwards."""
    height, width = drawn.shape
    bits = b"P4\n%d %d\n" % (width, height) + np.packbits(drawn, axis=1).tobytes()
    text = subprocess.run(["potrace", "-s", "-o", "-"], input=bits, capture_output=True, check=True).stdout
    pieces, here, start = [], np.zeros(2), np.zeros(2)
    for path in re.findall(r' d="([^"]+)"', text.decode()):
        kind, numbers = "", []
        for word in re.findall(r"[a-zA-Z]|-?[\d.]+", path):
            if word.isalpha():
                kind = word
                if word == "z":
                    pieces.append(_line(here, start))
                    here = start
                continue
            numbers.append(float(word))
            if len(numbers) < (6 if kind in "cC" else 2):
                continue
            points, numbers = np.array(numbers).reshape(-1, 2), []
            points = points + here if kind.islower() else points
            if kind in "mM":
                start = here = points[-1]
                continue
            pieces.append(np.vstack([here, points]) if kind in "cC" else _line(here, points[-1]))
            here = points[-1]
    flipped = [piece / 10 * [1, -1] + [0, height] for piece in pieces]
    return [piece for piece in flipped if np.abs(piece[3] - piece[0]).max() > 1e-9]


def _line(here: Points, there: Points) -> Points:
    return here + (there - here) * np.array([[0], [1 / 3], [2 / 3], [1]])


def measure(shape: Shape, pieces: list[Points]) -> tuple[float, float, int]:
    """Distance, largest turn in degrees, and pieces, all but near the picture's edges."""
    u, v = _SAMPLES, 1 - _SAMPLES
    each = [v**3 * p[0] + 3 * u * v**2 * p[1] + 3 * u**2 * v * p[2] + u**3 * p[3] for p in pieces]
    points = np.vstack(each)
    away = shape.away(points[_is_inner(points)])
    turns = [0.0]
    for one, other in zip(pieces, [*pieces[1:], pieces[0]], strict=True):
        if _is_inner(one[3:])[0] and np.abs(one[3] - other[0]).max() < 1e-6:
            came, goes = one[3] - one[2], other[1] - other[0]
            cross = came[0] * goes[1] - came[1] * goes[0]
            turns.append(abs(float(np.degrees(np.arctan2(cross, came @ goes)))))
    inner = sum(_is_inner(points).any() for points in each)
    return float(np.sqrt(np.mean(away**2))), max(turns), inner


def _is_inner(points: Points) -> NDArray[np.bool_]:
    return ((points > 3) & (points < SIDE - 3)).all(axis=1)


def main() -> None:
    """Print the table."""
    ways = {"ours": trace_ours} | ({"potrace": trace_potrace} if shutil.which("potrace") else {})
    print("| shapes | by | away, px | largest turn | pieces |\n|---|---|--:|--:|--:|")
    shapes = list(draw_shapes(SHAPES))
    for kind in ("discs", "half-planes"):
        for name, trace in ways.items():
            found = [measure(one, trace(one.drawn)) for one in shapes if one.name == kind]
            away, turn, number = (statistics.fmean(column) for column in zip(*found, strict=True))
            print(f"| {kind} | {name} | {away:.3f} | {turn:.1f}° | {number:.1f} |")
    if "potrace" not in ways:
        print("\npotrace is not on the path")


if __name__ == "__main__":
    main()
