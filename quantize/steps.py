"""What a first result needs compiled, in steps that processes share; a program that does those it is told.

A step calls loops with arrays as small as they come, but of the types that the engine calls them with. None
of these needs a loop of another, but for some small ones, else two processes would compile it; the longest
come first. As little as possible is imported here, since every helper (``ahead.py``) does so before it helps.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from quantize.ahead import DONE
from quantize.colors import kernels_count, kernels_nearest
from quantize.colors.colorset import ColorSet
from quantize.colors.histogram import merge_colors
from quantize.colors.nearest import assign
from quantize.compiling import tell_compiling
from quantize.methods import kernels_exchange, kernels_search, kernels_sweep
from quantize.methods.clusters import Level
from quantize.methods.kernels_group import sort_points

_F = np.float32
_BESIDE, _BEHIND = 3, 7  # steps of niceness


def noise() -> NDArray[np.uint8]:
    """Make a picture of more than 65,536 colours, so that a fit merges them."""
    return np.random.default_rng(0).integers(0, 256, (300, 300, 3), np.uint8)


def _centers() -> tuple[NDArray, NDArray, NDArray]:
    """Make two centers without points, the sums of nothing, and room for those that move."""
    return np.zeros((3, 2), _F), np.zeros((2, 10)), np.zeros(4, np.int32)


def _descend() -> None:
    axes, labels, numbers = np.zeros((4, 1), _F), np.zeros(1, np.int32), np.zeros(2, np.uint32)
    boxes, masks, room = np.zeros((6, 1), _F), np.zeros((4, 1), np.uint64), kernels_sweep.room(2)
    level = axes, labels, numbers, boxes, numbers, boxes, masks, labels
    kernels_search.descend(kernels_sweep.State(*level, *_centers(), **room), 1, 0, 0, 0, 0.0, 0.0)
    kernels_sweep.recount(axes, labels, np.zeros((2, 10)))


def _move() -> None:
    pairs = np.zeros((2, 1), np.int64)
    kernels_exchange.propose(*_centers(), 1, 0, 1, 1.0, np.zeros((2, 2)), pairs)
    kernels_search.split_costliest(*_centers(), 1, 0, 1)


def _settle() -> None:
    centers, sums, _ = _centers()
    kernels_search.total_cost(centers, sums, 1, 0)
    pairs = np.zeros((2, 1), np.int64)
    kernels_exchange.settle(*_centers(), 2, 0, centers, sums, pairs, np.zeros((2, 2)))


def _match() -> None:
    indices, _ = assign(np.zeros((1, 3), _F), np.zeros((1, 3), _F))
    color = np.zeros((1, 3), np.uint8)
    kernels_nearest.sum_entries(color, np.zeros(1, np.uint32), indices, color, np.zeros(1, np.int64))


def _group() -> None:
    axes, keys = np.zeros((4, 2), _F), np.zeros(2, np.uint32)
    sort_points(np.zeros((2, 3), _F), np.ones(2, _F), axes, keys)
    Level(axes, keys).merged(0)


def _count() -> None:
    pixels = noise()
    pixels.flags.writeable = False  # as a Picture's are, which to numba is another type
    colors = ColorSet.of(pixels)
    merge_colors(colors)
    colors.look_up(pixels.reshape(-1, 3), np.zeros(colors.n_colors, np.uint8))


def _rank() -> None:
    kernels_count.rank_words(np.zeros(1, np.uint64), np.zeros(1, np.uint32))


FIRST_STEPS: Mapping[str, Callable[[], None]] = MappingProxyType(
    {
        "move": _move,
        "descend": _descend,
        "settle": _settle,
        "match": _match,
        "group": _group,
        "count": _count,
        "rank": _rank,
    }
)
"""What a first result needs."""


def main() -> None:
    """Do the steps that are named on standard input, a line each."""
    _give_way(_BESIDE)  # the page that shows the original meanwhile goes before
    later = False
    with tell_compiling(lambda: print(flush=True)):
        for line in sys.stdin:
            step = line.strip()
            if not later and step not in FIRST_STEPS:
                later = True
                _give_way(_BEHIND)  # there can be a result now: whoever works on one goes before
            (FIRST_STEPS.get(step) or import_module("quantize.later_steps").STEPS[step])()
            print(DONE, flush=True)


def _give_way(much: int) -> None:
    if hasattr(os, "nice"):
        os.nice(much)


if __name__ == "__main__":
    main()
