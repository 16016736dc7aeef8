"""The connected parts of a label map: which part each pixel is in, and the label and area of every part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from quantize.errors import QuantizeError
from quantize.regions import kernels_parts as kernels
from quantize.threads import run_all, slices

CLEAR = 255
"""The label of pixels that are in no region, since they are not visible."""

_BAND = 1 << 20
"""Pixels that are linked between two looks at whether to go on, at least."""


@dataclass(frozen=True, eq=False)
class Parts:
    """Connected parts: pixels of one label that hang together by their sides.

    Attributes
    ----------
    numbers : int32, shape (h, w)
        The part of every pixel. Parts are numbered by their first pixels, row by row.
    labels : uint8, shape (n,)
        The label of each part, ``CLEAR`` for what is in no region.
    areas : int32, shape (n,)
        Pixels.
    """

    numbers: NDArray[np.int32]
    labels: NDArray[np.uint8]
    areas: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def map(self) -> NDArray[np.uint8]:
        """The label of every pixel, uint8 (h, w), made anew at each call."""
        return self.labels[self.numbers]


def find_parts(labels: NDArray[np.uint8], checkpoint: Callable[[], None] | None = None) -> Parts:
    """Find the connected parts of a label map.

    Parameters
    ----------
    labels : uint8, shape (h, w)
        At least one pixel; ``CLEAR`` is a label like others.
    checkpoint : callable, optional
        Called often on the caller's thread; whatever it raises ends the work.

    Returns
    -------
    Parts
        The same on any number of threads.

    Raises
    ------
    QuantizeError
        If the map is no such array.
    """
    labels = check_labels(labels)
    checkpoint = checkpoint or (lambda: None)
    height, width = labels.shape
    numbers = np.empty(labels.size, np.int32)
    most = max(1, _BAND // width)
    seams = []
    for first in range(0, height, 2 * most):
        checkpoint()
        rows = slices(min(2 * most, height - first), max(1, most // 4))
        bands = [(first + band.start, first + band.stop) for band in rows]
        run_all(partial(kernels.link_rows, labels, numbers, *band) for band in bands)
        seams += [start for start, _ in bands if start]
    for row in seams:
        kernels.link_bands(labels, numbers, row)
    checkpoint()
    n_parts = kernels.count_roots(numbers)
    of_parts, areas = np.empty(n_parts, np.uint8), np.zeros(n_parts, np.int32)
    kernels.number_parts(labels.reshape(-1), numbers, of_parts, areas)
    return Parts(numbers.reshape(height, width), of_parts, areas)


def check_labels(labels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Refuse what is no label map; return it with its rows one after the other."""
    if not isinstance(labels, np.ndarray) or labels.dtype != np.uint8 or labels.ndim != 2 or not labels.size:
        got = f"{labels.dtype} of shape {labels.shape}" if isinstance(labels, np.ndarray) else type(labels)
        raise QuantizeError(f"labels must be uint8 of shape (h, w) with at least one pixel, got {got}")
    return np.require(labels, requirements=["C"])
