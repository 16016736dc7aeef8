"""Curves in place of staircases: every edge of a border graph becomes a few lines and cubic curves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from quantize.errors import QuantizeError, shown
from quantize.regions import kernels_curves as kernels
from quantize.regions.borders import Borders
from quantize.threads import run_all

NEAR = 0.05
"""Pixels that a smooth border may trespass on the wrong side of pixels, beyond what is free between them."""

_AT_ONCE = 1 << 18
"""Steps of edges that a thread takes at once, roughly."""


@dataclass(frozen=True, eq=False)
class Curves:
    """Lines and cubic curves of every edge, in pixels.

    Attributes
    ----------
    begins : float32, shape (n, 2)
        Where each edge begins, x and y.
    starts : int64, shape (n + 1,)
        Curves of edge ``e``: from ``starts[e]`` to ``starts[e + 1]``; at least one.
    controls : float32, shape (m, 3, 2)
        Two control points and the end of each curve, which begins where the one before it ends.
    straight : bool, shape (m,)
        Whether it is a line.
    """

    begins: NDArray[np.float32]
    starts: NDArray[np.int64]
    controls: NDArray[np.float32]
    straight: NDArray[np.bool_]


def fit_curves(
    borders: Borders,
    near: float = NEAR,
    checkpoint: Callable[[], None] | None = None,
    *,
    square: NDArray[np.bool_] | None = None,
) -> Curves:
    """Fit curves to all edges; where three borders meet, and at corners with long sides, they keep the point.

    Parameters
    ----------
    borders : Borders
    near : float
        Pixels that a curve may trespass (see ``kernels_curves``), up to 10; 0 keeps the sides of pixels.
    checkpoint : callable, optional
        Called often on the caller's thread; whatever it raises ends the work.
    square : bool, shape (n,), optional
        Edges that keep the sides of pixels in any case.

    Returns
    -------
    Curves
        The same on any number of threads.

    Raises
    ------
    QuantizeError
        If ``near`` is out of its limits.
    """
    if isinstance(near, bool) or not isinstance(near, int | float) or not 0 <= near <= 10:
        raise QuantizeError(f"near must be a number of pixels from 0 to 10, got {shown(near)}")
    checkpoint = checkpoint or (lambda: None)
    square = np.zeros(len(borders), np.bool_) if square is None else square
    cuts = np.searchsorted(borders.starts, np.arange(0, len(borders.steps), _AT_ONCE))
    ranges = np.unique([*cuts.tolist(), len(borders)]).tolist()
    jobs = [partial(_fit, borders, near, square, *span) for span in pairwise(ranges)]
    made = []
    for first in range(0, len(jobs), 4):
        checkpoint()
        made += run_all(jobs[first : first + 4])
    counts = np.concatenate([np.diff(ends, prepend=0) for _, ends, _, _ in made])
    return Curves(
        np.concatenate([one[0] for one in made]),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.concatenate([one[2] for one in made]),
        np.concatenate([one[3] for one in made]),
    )


def _fit(
    borders: Borders, near: float, square: NDArray[np.bool_], first: int, last: int
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.float32], NDArray[np.bool_]]:
    edges = last - first
    most = int(borders.starts[last] - borders.starts[first]) * 2 + 2 * edges
    begins, ends = np.empty((edges, 2), np.float32), np.empty(edges, np.int64)
    curves, straight = np.empty((most, 3, 2), np.float32), np.empty(most, np.bool_)
    where = borders.origins, borders.starts, borders.steps, first, last
    if near:
        made = begins, ends, curves, straight
        n = kernels.fit_edges(*where, borders.n_open, float(near), square, borders.thin, *made)
    else:
        n = kernels.keep_steps(*where, begins, ends, curves, straight)
    return begins, ends, curves[:n].copy(), straight[:n].copy()
