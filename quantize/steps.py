"""What a first result needs compiled, in steps that processes share; a program that does those it is told.

A step calls loops with arrays as small as they come, but of the types that the engine calls them with. None
of these needs a loop of another, but for some small ones, else two processes would compile it; the longest
come first. As little as possible is imported here, since every helper (``ahead.py``) does so before it helps.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from quantize.ahead import DONE
from quantize.colors import kernels_count, kernels_lab, kernels_nearest
from quantize.colors.colorset import count_twice
from quantize.colors.nearest import assign
from quantize.compiling import tell_compiling
from quantize.methods import kernels_exchange, kernels_search, kernels_sweep
from quantize.methods.kernels_group import sort_points
from quantize.methods.levels import Level

_F = np.float32
_BESIDE, _BEHIND = 10, 5  # steps of niceness


def _centers() -> tuple[NDArray, NDArray, NDArray]:
    """Make two centers without points, the sums of nothing, and room for those that move."""
    return np.zeros((3, 2), _F), np.zeros((2, 10)), np.zeros(4, np.int32)


def _descend() -> None:
    axes, labels, numbers = np.zeros((4, 1), _F), np.zeros(1, np.int32), np.zeros(2, np.uint32)
    boxes, masks, room = np.zeros((6, 1), _F), np.zeros((4, 1), np.uint64), kernels_sweep.room(2)
    level = axes, labels, numbers, boxes, numbers, boxes, masks, labels
    kernels_search.descend(kernels_sweep.State(*level, *_centers(), **room), 1, 0, 0, 0, 0.0, 0.0)
    kernels_sweep.recount(axes, labels, np.zeros((2, 10)))


def _match() -> None:
    indices, _ = assign(np.zeros((1, 3), _F), np.zeros((1, 3), _F))
    color = np.zeros((1, 3), np.uint8)
    kernels_nearest.sum_entries(color, np.zeros(1, np.uint32), indices, color, np.zeros(1, np.int64))


def _group() -> None:
    axes, keys = np.zeros((4, 2), _F), np.zeros(2, np.uint32)
    sort_points(np.zeros((2, 3), _F), np.ones(2, _F), axes, keys)
    Level.of(axes, keys).merged(0)


def _merge() -> None:
    color = np.zeros((1, 3), np.uint8)
    words, ranks = np.zeros(kernels_count.WORDS, np.uint64), np.zeros(kernels_count.WORDS, np.uint32)
    kernels_count.merge_cells(color, np.ones(1, np.uint32), 1, np.zeros((1, 3), _F), np.zeros(1, np.int64))
    pixels, table = np.zeros((1, 3), np.uint8), np.zeros(1, np.uint8)
    pixels.flags.writeable = False  # as a Picture's are, which to numba is another type
    kernels_count.look_up(pixels, words, ranks, table, table)


def _rank() -> None:
    kernels_count.rank_words(np.zeros(1, np.uint64), np.zeros(1, np.uint32))


def _convert() -> None:
    kernels_lab.lab_rows(np.zeros((1, 3), _F), np.zeros((1, 3), _F))


def _compare() -> None:
    color, entry, linear = np.zeros((1, 3), np.uint8), np.zeros(1, np.uint8), np.zeros(256, _F)
    kernels_lab.difference_mapped(color, linear, np.zeros((1, 3), _F), entry, np.zeros(1, _F))


def _exchange() -> None:
    centers, sums, moved = _centers()
    pairs, doubts = np.zeros((2, 1), np.int64), np.zeros((2, 2))
    kernels_exchange.propose(centers, sums, moved, 1, 0, 1, 1.0, doubts, pairs)
    kernels_search.split_costliest(centers, sums, moved, 1, 0, 1)
    kernels_search.total_cost(centers, sums, 1, 0)
    kernels_exchange.settle(centers, sums, moved, 2, 0, *_centers()[:2], pairs, doubts)


def _count() -> None:
    rows = np.zeros((1, 3), np.uint8)
    # To numba an array that may not be written to is another type; a Picture's pixels are such.
    for writeable in (True, False):
        rows.flags.writeable = writeable
        words, _, counts = count_twice(rows)
        kernels_count.list_colors(words, np.empty((len(counts), 3), np.uint8))


SOON: Mapping[str, Callable[[], None]] = MappingProxyType(
    {
        "descend": _descend,
        "match": _match,
        "group": _group,
        "merge": _merge,
        "rank": _rank,
        "convert": _convert,
        "compare": _compare,
        "exchange": _exchange,
        "count": _count,
    }
)
"""What is needed for a first result, its figures, and to find the next one quickly."""


def main() -> None:
    """Do the steps that are named on standard input, a line each."""
    _give_way(_BESIDE)  # the page that shows the original meanwhile goes before
    gc.disable()  # a seventh of the time; what a compiler leaves behind is kept by numba anyway
    sys.modules["scipy.linalg"] = None  # type: ignore[assignment]  # numba would load it, for products of matrices
    later = False
    with tell_compiling(_tell):
        for line in sys.stdin:
            step = line.strip()
            if not later and step not in SOON:
                later = True
                gc.enable()
                _give_way(_BEHIND)  # there can be a result now: whoever works on one goes before
            (SOON.get(step) or import_module("quantize.later_steps").STEPS[step])()
            print(DONE, flush=True)


def _tell() -> None:
    with suppress(OSError):  # who had this compiled may be gone; the step is still worth its end
        print(flush=True)


def _give_way(much: int) -> None:
    if hasattr(os, "nice"):
        os.nice(much)


if __name__ == "__main__":
    main()
