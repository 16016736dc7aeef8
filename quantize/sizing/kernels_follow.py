"""numba loop that lets palette entries follow their neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np

from quantize.compiling import loop, part

_F = np.float32
# Changes between neighbours of so many steps hide all of an error; where nothing changes, half is allowed.
_BUSY = _F(48)


@part
def _away(pixels: Any, y: Any, x: Any, palette: Any, entry: Any) -> Any:
    a = _F(pixels[y, x, 0]) - _F(palette[entry, 0])
    b = _F(pixels[y, x, 1]) - _F(palette[entry, 1])
    c = _F(pixels[y, x, 2]) - _F(palette[entry, 2])
    return np.sqrt(a * a + b * b + c * c)


@part
def _change(pixels: Any, y: Any, x: Any, v: Any, u: Any) -> Any:
    most: Any = 0
    for channel in range(3):
        step = abs(np.int64(pixels[y, x, channel]) - np.int64(pixels[v, u, channel]))
        most = max(most, step)
    return most


@loop
def follow_rows(
    pixels: Any, palette: Any, skipped: Any, top: Any, bottom: Any, bound: Any, indices: Any
) -> None:
    """Let entries of some rows follow their left or upper neighbour, in place.

    Parameters
    ----------
    pixels : uint8, shape (h, w, 3)
    palette : uint8, shape (k, 3)
    skipped : bool, shape (h, w)
        Pixels whose entry stays.
    top, bottom : int
        Rows; the first one knows no upper neighbour.
    bound : float32
        Steps by which an entry may be farther off than the nearest one.
    indices : uint8, shape (h, w)
        Nearest entries; changed.
    """
    width = pixels.shape[1]
    for y in range(top, bottom):
        for x in range(width):
            if skipped[y, x]:
                continue
            own = np.int64(indices[y, x])
            left = np.int64(indices[y, x - 1]) if x else own
            up = np.int64(indices[y - 1, x]) if y > top else own
            if left == own and up == own:
                continue
            busy = 0
            if x:
                busy = max(busy, _change(pixels, y, x, y, x - 1))
            if y > top:
                busy = max(busy, _change(pixels, y, x, y - 1, x))
            share = _F(0.5) + _F(0.5) * min(_F(1), _F(busy) / _BUSY)
            most = _away(pixels, y, x, palette, own) + share * bound
            to_left = _away(pixels, y, x, palette, left)
            to_up = _away(pixels, y, x, palette, up)
            if to_left <= most and left != own:
                indices[y, x] = left
            elif left != own and to_up <= most:
                indices[y, x] = up
