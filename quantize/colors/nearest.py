"""Nearest-palette assignment: the palette entry closest to each colour or pixel, exactly.

Distance is squared Euclidean in the working space. In sRGB all of it is whole numbers. Elsewhere "exact"
means this arithmetic and no other: float32 coordinates, their differences and the sum of squares
``dx*dx + dy*dy + dz*dz`` in float64, rounded after each step. Of equal entries the first is taken. Whatever
is skipped to save time is skipped by a proof, never by an estimate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from quantize.colors import kernels_nearest
from quantize.colors.colorset import ColorSet
from quantize.colors.opacity import hidden_rows, visible_rows
from quantize.errors import QuantizeError
from quantize.threads import run_all, slices

# Distinct colours converted at a time: noise has about as many as pixels, and floats take four times as much.
AT_ONCE = 1 << 20

ToWorking = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class Remapped:
    """A picture in terms of its palette.

    Parameters
    ----------
    indices : uint8, shape (...)
        Palette entry of each pixel.
    counts : int64, shape (k,)
        Visible pixels of each entry.
    sse : int
        Sum over the same pixels of the squared sRGB error, all three channels.
    """

    indices: NDArray[np.uint8]
    counts: NDArray[np.int64]
    sse: int


def assign(
    colors: NDArray[np.float32], palette: NDArray[np.float32]
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Match each colour to its nearest palette entry.

    Parameters
    ----------
    colors : float32, shape (n, 3)
        In any space and order, but much faster if neighbours are alike; ``n`` may be 0.
    palette : float32, shape (k, 3), 1 <= k <= 256
        In the same space as ``colors``.

    Returns
    -------
    indices : uint8, shape (n,)
        ``palette[indices[i]]`` is nearest to ``colors[i]`` in the arithmetic of this module's head; of equal
        entries, the first.
    sq_errors : float32, shape (n,)
        Squared distance to that entry; exactly 0 where the colours are equal.

    Raises
    ------
    QuantizeError
        If the palette is empty or too large, or either array is not (rows, 3).
    """
    colors = _rows(colors, "colors")
    columns = np.ascontiguousarray(_palette(palette).T, np.float64)
    indices = np.empty(len(colors), np.uint8)
    errors = np.empty(len(colors), np.float32)
    run_all(
        partial(kernels_nearest.assign_rows, colors[cut], columns, indices[cut], errors[cut])
        for cut in slices(len(colors), 8192)
    )
    return indices, errors


def remap(
    pixels: NDArray[np.uint8],
    palette: NDArray[np.uint8],
    to_working: ToWorking | None = None,
    alpha: NDArray[np.uint8] | None = None,
    known: ColorSet | None = None,
) -> Remapped:
    """Give every pixel its nearest palette entry, and count what that costs.

    Parameters
    ----------
    pixels : uint8, shape (..., 3)
        sRGB.
    palette : uint8, shape (k, 3), 1 <= k <= 256
        sRGB.
    to_working : callable, optional
        From uint8 (n, 3) sRGB to float32 (n, 3) of the space in which "nearest" is meant; None is sRGB.
        It is called with the palette and with the picture's distinct colours, some at a time.
    alpha : uint8, shape (...), optional
        Pixels that are not visible (see ``opacity.py``) get their nearest entry, too, but count nothing.
    known : ColorSet, optional
        The colours of these very pixels and alpha, if they have been counted before: saves two passes of
        three.

    Returns
    -------
    Remapped
        Indices that are nearest in the arithmetic of this module's head; of equal entries, the first.

    Raises
    ------
    QuantizeError
        If the palette is empty or too large, an array has another dtype or shape, or ``known`` is of another
        picture.
    """
    visible = visible_rows(pixels, alpha)
    palette = _palette(palette)
    if palette.dtype != np.uint8:
        raise QuantizeError(f"palette must be uint8 sRGB, got {palette.dtype}")
    color_set = known or ColorSet.of(visible)
    mapped = map_colors(color_set, palette, to_working)
    indices, strangers = look_up_pixels(
        pixels, alpha, color_set, mapped.table, palette, to_working, sure=known is None
    )
    if color_set.n_pixels != len(visible) or strangers > pixels.size // 3 - len(visible):
        raise QuantizeError("known must be the colours of these pixels, got another picture's; leave it out")
    return Remapped(indices, mapped.counts, mapped.sse)


@dataclass(frozen=True, eq=False)
class Mapped:
    """Entries of a picture's distinct colours.

    Attributes
    ----------
    table : uint8, shape (n_colors,)
        By the colour's position in its ``ColorSet``, whose ``look_up`` takes this for pixels.
    counts : int64, shape (k,)
        Pixels of every entry.
    sse : int
        Sum over pixels of the squared sRGB distance to their entry, R + G + B.
    """

    table: NDArray[np.uint8]
    counts: NDArray[np.int64]
    sse: int


def map_colors(
    color_set: ColorSet, palette: NDArray[np.uint8], to_working: ToWorking | None = None
) -> Mapped:
    """Give every distinct colour of a picture its nearest palette entry, as ``remap`` does its pixels.

    All that can be said of a result without a look at the pixels. Parameters as there.
    """
    colors, convert = color_set.colors, to_working or (lambda colors: colors.astype(np.float32))
    working, table = convert(palette), np.empty(len(colors), np.uint8)
    for start in range(0, len(colors), AT_ONCE):
        cut = slice(start, start + AT_ONCE)
        table[cut], _ = assign(color_set.convert(convert, to_working, cut), working)
    counts = np.zeros(len(palette), np.int64)
    sse = kernels_nearest.sum_entries(colors, color_set.counts, table, palette, counts)
    return Mapped(table, counts, int(sse))


def look_up_pixels(
    pixels: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None,
    color_set: ColorSet,
    table: NDArray[np.uint8],
    palette: NDArray[np.uint8],
    to_working: ToWorking | None = None,
    *,
    sure: bool = True,
) -> tuple[NDArray[np.uint8], int]:
    """Give every pixel the entry that its colour was given, and those that are not visible their nearest one.

    Parameters
    ----------
    color_set, table
        The visible pixels' colours and their entries (``map_colors``).
    sure : bool
        Whether the set is certainly theirs: where none is hidden it is then quicker to count no strangers.

    Returns
    -------
    indices : uint8, of the picture's shape
    strangers : int
        How many pixels have a colour that is not in ``color_set``, as far as they were counted.
    """
    rows = visible_rows(pixels)
    if sure and alpha is None:
        return color_set.look_up_own(rows, table).reshape(pixels.shape[:-1]), 0
    indices, strangers = color_set.look_up(rows, table)
    if strangers and alpha is not None:
        hidden = hidden_rows(pixels, alpha)
        others = ColorSet.of(rows[hidden])
        indices[hidden], _ = others.look_up(rows[hidden], map_colors(others, palette, to_working).table)
    return indices.reshape(pixels.shape[:-1]), strangers


def _rows(array: NDArray[np.float32], name: str) -> NDArray[np.float32]:
    array = np.asarray(array)
    if array.ndim != 2 or array.shape[1] != 3:
        raise QuantizeError(f"{name} must have shape (rows, 3), got {array.shape}")
    return np.ascontiguousarray(array, np.float32)


def _palette(palette: NDArray) -> NDArray:
    palette = np.ascontiguousarray(palette)
    if palette.ndim != 2 or palette.shape[1] != 3:
        raise QuantizeError(f"palette must have shape (rows, 3), got {palette.shape}")
    if not 1 <= len(palette) <= 256:
        raise QuantizeError(f"palette must hold 1 to 256 colours, got {len(palette)}")
    return palette
