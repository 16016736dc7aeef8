"""The borders of a label map as a graph: edges that meet in junctions, each with a part on either side.

Every border is one edge, traced once. What is drawn on its left and on its right uses the same edge, so that
nothing can come between them. Faces are put together by going along edges with the same part to the left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.regions import kernels_borders as kernels
from quantize.regions.parts import Parts


@dataclass(frozen=True, eq=False)
class Borders:
    """Edges between junctions, then rings: edges without a junction that come back to where they begin.

    A junction is a corner of pixels where more than two borders meet, or a corner of the picture.

    Attributes
    ----------
    origins, ends : int32, shape (n, 2)
        Corners where each edge begins and ends, x and y.
    starts : int64, shape (n + 1,)
        Steps of edge ``e``: from ``starts[e]`` to ``starts[e + 1]``.
    steps : uint8, shape (s,)
        Ways from corner to corner: 0 right, 1 down, 2 left, 3 up.
    sides : int32, shape (n, 2)
        The part left of an edge and that right of it, as one goes along; -1 outside the picture.
    thin : bool, shape (s,)
        Steps beside which a part is one pixel or two wide.
    n_open : int
        Edges that are no rings; these come first.
    """

    origins: NDArray[np.int32]
    ends: NDArray[np.int32]
    starts: NDArray[np.int64]
    steps: NDArray[np.uint8]
    sides: NDArray[np.int32]
    thin: NDArray[np.bool_]
    n_open: int

    def __len__(self) -> int:
        return len(self.origins)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Sides of pixels that each edge has, int64 (n,)."""
        return np.diff(self.starts)


def trace_borders(parts: Parts, checkpoint: Callable[[], None] | None = None) -> Borders:
    """Trace the borders of all parts.

    Returns
    -------
    Borders
        Every side of a pixel that separates two parts, or one from the outside, is in one edge, once.
    """
    checkpoint = checkpoint or (lambda: None)
    labels = parts.map
    height, width = labels.shape
    checkpoint()
    marks = np.zeros((height + 1, width + 1), np.uint8)
    n_steps = kernels.mark_borders(labels, marks) + _mark_alike(labels, parts.numbers, marks)
    steps = np.empty(n_steps, np.uint8)
    checkpoint()
    at_junctions = kernels.mark_junctions(marks)
    open_ones = _walk(marks, False, at_junctions // 2, steps, 0)
    checkpoint()
    rings = _walk(marks, True, (n_steps - int(open_ones[1][-1])) // 4, steps, int(open_ones[1][-1]))
    origins = np.concatenate([open_ones[0], rings[0]])
    starts = np.concatenate([open_ones[1][:-1], rings[1]])
    sides, ends = np.empty_like(origins), np.empty_like(origins)
    kernels.find_sides(parts.numbers, origins, starts, steps, sides)
    kernels.find_ends(origins, starts, steps, ends)
    thin = np.empty(n_steps, np.bool_)
    kernels.mark_thin(parts.numbers, origins, starts, steps, thin)
    return Borders(origins, ends, starts, steps, sides, thin, len(open_ones[0]))


def _mark_alike(labels: NDArray[np.uint8], numbers: NDArray[np.int32], marks: NDArray[np.uint8]) -> int:
    """Mark borders between parts of one label, and return how many sides of pixels these are."""
    beside = (numbers[:, 1:] != numbers[:, :-1]) & (labels[:, 1:] == labels[:, :-1])
    below = (numbers[1:] != numbers[:-1]) & (labels[1:] == labels[:-1])
    marks[:-1, 1:-1][beside] |= kernels.DOWN
    marks[1:-1, :-1][below] |= kernels.RIGHT
    return int(np.count_nonzero(beside) + np.count_nonzero(below))


def _walk(
    marks: NDArray[np.uint8], rings: bool, most: int, steps: NDArray[np.uint8], count: int
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    origins, starts = np.empty((most, 2), np.int32), np.empty(most + 1, np.int64)
    n_edges = kernels.walk_edges(marks, rings, origins, starts, steps, count)
    return origins[:n_edges], starts[: n_edges + 1]


@dataclass(frozen=True, eq=False)
class Outlines:
    """Closed ways around parts: each half of an edge, of which one side is theirs, is in one way, once.

    Attributes
    ----------
    halves : int64, shape (m,)
        Way after way: twice the number of an edge, and 1 more where it is gone along backwards.
    starts : int64, shape (l + 1,)
        Where each way begins in ``halves``.
    parts : int32, shape (l,)
        The part that lies to the left of each way; ways are sorted by it.
    """

    halves: NDArray[np.int64]
    starts: NDArray[np.int64]
    parts: NDArray[np.int32]


def chain_edges(borders: Borders) -> Outlines:
    """Chain edges to the closed ways around every part: its outline, and one around each hole."""
    faces = borders.sides.reshape(-1)
    corners = np.stack([borders.origins, borders.ends], axis=1).reshape(-1, 2).astype(np.int64)
    places = corners[:, 1] << 32 | corners[:, 0]
    halves = np.flatnonzero(faces >= 0)
    # In the same order of part and corner, what ends there is followed by what begins there.
    leaving = halves[np.lexsort((places[halves], faces[halves]))]
    arriving = halves[np.lexsort((places[halves ^ 1], faces[halves]))]
    onwards = np.empty(len(faces), np.int64)
    onwards[arriving] = leaving
    ordered = np.empty(len(halves), np.int64)
    found = np.empty(len(halves) + 1, np.int64)
    n_ways = kernels.follow_ways(leaving, onwards, np.zeros(len(faces), np.bool_), ordered, found)
    starts = found[: n_ways + 1].copy()
    return Outlines(ordered, starts, faces[ordered[starts[:-1]]])
