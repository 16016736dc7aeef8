"""A palette as a look-up table of three dimensions: what becomes of every colour, for programs that grade.

A table has ``size`` nodes along each of red, green and blue, evenly from 0 to 1; programs interpolate between
them. *Hard*, every node has the nearest entry: a picture gets the palette's colours, and blends of them where
two neighbouring nodes differ. *Smooth*, a node has a mean of all entries in Oklab, weighed by a radial basis,
the Gaussian of their distance, exp(−d²/(2σ²)), with σ a part of the distance from an entry to the next one:
so gradients stay. Lightness can be kept: then only hue and chroma are the palette's, and chroma is lower
where sRGB has no such colour.

Sources: E. A. Nadaraya, "On estimating regression", 1964 (means weighed so); B. Ottosson, 2020 (Oklab).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quantize.colors.nearest import assign
from quantize.colors.spaces import OKLAB_MATRICES, find_space
from quantize.errors import QuantizeError, shown
from quantize.palettes.palette import MAX_PAIRED

Floats = NDArray[np.float32]

REACH = 0.5
"""σ, in distances from an entry to the next one."""

MOST_NODES = 144
"""Along an axis."""

_AT_ONCE = 8192
_HALVINGS = 12  # a 4096th of chroma is less than an 8-bit step


def make_lut(
    palette: NDArray[np.uint8],
    size: int,
    *,
    smooth: bool = False,
    keep_lightness: bool = False,
    space: str = "BGR",
    reach: float = REACH,
) -> Floats:
    """Make the table of a palette.

    Parameters
    ----------
    palette : uint8, shape (k, 3), 1 <= k <= 256
        sRGB.
    size : int
        Nodes along an axis, 2–144.
    smooth : bool
        Whether entries are blended.
    keep_lightness : bool
        Whether every node keeps its Oklab lightness. Only with ``smooth``.
    space : str
        Where the nearest is meant, a key of ``SPACES``, without ``smooth``.
    reach : float
        σ of ``smooth`` in mean distances from an entry to the next one: nearer to 0 it is as hard in Oklab.

    Returns
    -------
    float32, shape (size, size, size, 3)
        Encoded sRGB 0–1 at ``[red, green, blue]``.

    Raises
    ------
    QuantizeError
        If a choice is out of its limits, or lightness is to be kept without ``smooth``.
    """
    if isinstance(size, bool) or not isinstance(size, int | np.integer) or not 2 <= size <= MOST_NODES:
        raise QuantizeError(f"size must be a whole number from 2 to {MOST_NODES}, got {shown(size)}")
    if not 1 <= len(palette) <= MAX_PAIRED:
        raise QuantizeError(f"palette must hold 1 to {MAX_PAIRED} colours, got {len(palette):,}")
    if keep_lightness and not smooth:
        raise QuantizeError("keep_lightness has no effect without smooth: leave it out")
    if not reach > 0:
        raise QuantizeError(f"reach must be more than 0, got {shown(reach)}")
    axis = np.linspace(0, 255, size, dtype=np.float32)
    nodes = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    if smooth:
        out = _blend(nodes, np.unique(palette, axis=0), reach, keep_lightness)
    else:
        convert = find_space(space).to_working
        indices, _ = assign(convert(nodes), convert(palette))
        out = palette[indices].astype(np.float32)
    return (out / np.float32(255)).reshape(size, size, size, 3)


def _blend(nodes: Floats, palette: NDArray[np.uint8], reach: float, keep_lightness: bool) -> Floats:
    convert, out = find_space("Oklab").to_working, np.empty_like(nodes)
    entries = convert(palette).astype(np.float64)
    width = 2 * (reach * _spacing(entries)) ** 2
    for start in range(0, len(nodes), _AT_ONCE):
        cut = slice(start, start + _AT_ONCE)
        places = convert(nodes[cut]).astype(np.float64)
        away = np.square(places[:, None] - entries).sum(axis=-1)
        # Of far nodes all weights would be 0.
        weights = np.exp((away.min(axis=1, keepdims=True) - away) / width)
        means = (weights @ entries) / weights.sum(axis=1, keepdims=True)
        if keep_lightness:
            means = _within_srgb(np.concatenate([places[:, :1], means[:, 1:]], axis=1))
        out[cut] = find_space("Oklab").to_srgb(means.astype(np.float32))
    return out


def _spacing(entries: NDArray[np.float64]) -> float:
    """Average the distance from an entry to the one nearest to it; 1 if there is but one."""
    if len(entries) == 1:
        return 1.0
    away = np.square(entries[:, None] - entries).sum(axis=-1)
    np.fill_diagonal(away, np.inf)
    return float(np.sqrt(away.min(axis=1)).mean())


def _within_srgb(oklab: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lower chroma, at the same lightness and hue, where a colour is outside sRGB."""
    low, high = np.zeros(len(oklab)), np.ones(len(oklab))
    low[_is_srgb(oklab)] = 1
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        fits = _is_srgb(oklab * np.stack([np.ones_like(middle), middle, middle], axis=1))
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    return oklab * np.stack([np.ones_like(low), low, low], axis=1)


def _is_srgb(oklab: NDArray[np.float64]) -> NDArray[np.bool_]:
    to_cones, to_oklab = OKLAB_MATRICES
    linear = (oklab @ np.linalg.inv(to_oklab).T) ** 3 @ np.linalg.inv(to_cones).T
    # Near black a little light is much lightness: its cube root.
    return np.all((linear > -1e-9) & (linear < 1 + 1e-9), axis=1)
