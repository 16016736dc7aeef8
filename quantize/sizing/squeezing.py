"""The shortest indexed PNG of given pixels: order of entries, bits, filters, and oxipng for the rest.

Entries are ordered in each way of ``ordering``, and the order whose rows come out shortest is packed by our
writer. oxipng tries filters and bits of its own and packs at libdeflate's last level; where pyoxipng is
missing the file stays as it is. Pixels are the same whatever is done here.

Source: https://github.com/oxipng/oxipng, by pyoxipng (PyPI, MIT).
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize.decoding.resolution import Dpi
from quantize.rendering.encode import encode_png
from quantize.sizing.ordering import PALETTE_ORDERS

# By how many pixels a picture has at most: how long oxipng tries. Each takes some seconds at most.
_LEVELS = ((1 << 20, 4), (4 << 20, 2), (32 << 20, 1))
# Orders are judged on so many rows.
_JUDGED_PIXELS = 1 << 18


def squeeze_indexed(
    palette: NDArray[np.uint8],
    indices: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None = None,
    *,
    dpi: Dpi | None = None,
    last: bool = True,
) -> bytes:
    """Write the shortest PNG there is here.

    Parameters
    ----------
    palette, indices, alpha, dpi
        As for ``encode_png``; entries may change their numbers.
    last : bool
        Whether oxipng has its turn, too.
    """
    rows = indices[: max(1, _JUDGED_PIXELS // indices.shape[1])]
    part = None if alpha is None else alpha[: len(rows)]
    tried: dict[bytes, tuple[int, Any]] = {}
    for order in PALETTE_ORDERS.values():
        places = order(palette, indices)
        entries, numbers = palette[places], np.argsort(places).astype(np.uint8)
        if entries.tobytes() not in tried:
            length = len(encode_png(entries, numbers[rows], part, optimize=True))
            tried[entries.tobytes()] = length, (entries, numbers)
    entries, numbers = min(tried.values(), key=lambda one: one[0])[1]
    file = encode_png(entries, numbers[indices], alpha, optimize=True, dpi=dpi)
    return squeeze_png(file, indices.size) if last else file


def squeeze_png(data: bytes, n_pixels: int) -> bytes:
    """Make a PNG shorter by oxipng, its pixels and chunks kept; never longer than it was.

    Parameters
    ----------
    data : bytes
        A sound PNG that was written here.
    n_pixels : int
        How many it has: the more, the less is tried.
    """
    oxipng = _find_oxipng()
    level = next((level for most, level in _LEVELS if n_pixels <= most), None)
    if oxipng is None or level is None:
        return data
    return min(data, bytes(oxipng.optimize_from_memory(data, level=level)), key=len)


def _find_oxipng() -> Any:
    try:
        return import_module("oxipng")
    except ImportError:
        return None
