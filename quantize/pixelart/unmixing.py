"""Colours that a blur mixed into neighbouring cells, taken out again.

Of a blurred or blended picture even the middle of a small cell has some of its neighbours' colours: the same
share everywhere, in lightness and in chroma apart, of which a JPEG keeps a quarter of the pixels. How large a
share is told by the colours of flat parts, which are pure: with the right one, single cells
come to lie on them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quantize.pipeline import quantize_image
from quantize.pixelart.kernels_unmix import mean_sq_distance, take_neighbours_out

Floats = NDArray[np.float64]

MOST_CELLS = 1 << 18
"""Cells of a picture that is looked at: more of them are too small to have a blur taken out."""

_ALIKE = 16
_MOST_KNOWN = 64
_MOST_TRIED = 2000
_SIDE = 128
_FAR = 96.0
_BETTER = 0.98
_SHARES = np.arange(0, 0.221, 0.02)

# Lightness and chroma as in JPEG (ITU-T T.871), whose rows are as long as each other: distances are kept.
_AXES = np.array([[1, 1, 1], [1, 0, -1], [1, -2, 1]]) / np.sqrt([[3], [2], [6]])


def unmix(cells: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Take neighbours' colours out of cells, if single cells then have the colours of flat parts.

    Parameters
    ----------
    cells : uint8, shape (h, w, 3)
        sRGB.

    Returns
    -------
    uint8, shape (h, w, 3)
        ``cells`` itself where that is not so, or cells have the colours of flat parts anyway.
    """
    places = _single_cells(cells)
    if cells.size // 3 > MOST_CELLS or not len(places):
        return cells
    known = _flat_colors(cells)
    if known is None:
        return cells
    mixed = cells @ _AXES.T
    shares = _find_shares(mixed[:_SIDE, :_SIDE].copy(), places, known @ _AXES.T)
    if not shares.any():
        return cells
    take_neighbours_out(mixed, shares)
    return (mixed @ _AXES).round().clip(0, 255).astype(np.uint8)


def _is_flat(cells: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell which cells have about the colour of all four neighbours."""
    wide = np.pad(cells.astype(np.int64), ((1, 1), (1, 1), (0, 0)), mode="edge")
    inner = wide[1:-1, 1:-1]
    others = wide[:-2, 1:-1], wide[2:, 1:-1], wide[1:-1, :-2], wide[1:-1, 2:]
    return np.all([np.square(inner - other).sum(axis=-1) <= _ALIKE**2 for other in others], axis=0)


def _single_cells(cells: NDArray[np.uint8]) -> NDArray[np.int64]:
    """List some cells of the part that is tried which are not flat, evenly spread."""
    places = np.argwhere(~_is_flat(cells)[:_SIDE, :_SIDE])
    return np.ascontiguousarray(places[:: -(-len(places) // _MOST_TRIED) or 1])


def _flat_colors(cells: NDArray[np.uint8]) -> Floats | None:
    flat = cells[_is_flat(cells)]
    if not len(flat):
        return None
    return quantize_image(flat[None], n_colors=_MOST_KNOWN).palette.astype(np.float64)


def _find_shares(mixed: Floats, places: NDArray[np.int64], known: Floats) -> Floats:
    """Find the shares of lightness and chroma with which single cells come nearest to known colours."""

    def judge(light: float, chroma: float) -> float:
        tried = mixed.copy()
        take_neighbours_out(tried, np.array([light, chroma, chroma]))
        return float(mean_sq_distance(tried, places, known, _FAR))

    both = min(_SHARES.tolist(), key=lambda share: judge(share, share))
    chroma = min(_SHARES.tolist(), key=lambda share: judge(both, share))
    light = min(_SHARES.tolist(), key=lambda share: judge(share, chroma))
    if judge(light, chroma) > _BETTER * judge(0.0, 0.0):
        return np.zeros(3)
    return np.array([light, chroma, chroma])
