"""What holds between every two entries of a palette: ΔE00, and merging those that are nearly equal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from quantize.colors.difference import delta_e_00
from quantize.colors.spaces import SPACES
from quantize.errors import QuantizeError
from quantize.palettes.palette import Palette, check_paired


def delta_e_00_pairs(colors: NDArray) -> NDArray[np.float32]:
    """Work out ΔE00 between every two colours.

    Parameters
    ----------
    colors : uint8 or float32, shape (k, 3), k <= 256
        sRGB 0–255.

    Returns
    -------
    float32, shape (k, k)
        Symmetric; 0 on the diagonal and between equal colours.

    Raises
    ------
    QuantizeError
        If there are more than 256 colours.
    """
    check_paired(colors)
    first, second = np.triu_indices(len(colors), 1)
    table = np.zeros((len(colors), len(colors)), np.float32)
    table[first, second] = table[second, first] = delta_e_00(colors[first], colors[second])
    return table


def merge_similar(palette: Palette, threshold: float, keep: Collection[str] = ()) -> Palette:
    """Merge entries that differ by at most ``threshold`` in ΔE00, the nearest two first.

    A merged entry has the mean colour in Oklab, weighted by share (equally where shares are not known), the
    sum of the shares, the place of its heaviest member and that member's name, or the first name of the
    others if it has none. It may then be near to a third: merging goes on until no two entries are near.

    Parameters
    ----------
    palette : Palette
        At most 256 entries.
    threshold : float
        ΔE00, 0–100. 0 merges equal colours only.
    keep : collection of str
        Colours, "#rrggbb", whose entries stay as they are: others are merged into them, never two of them.

    Raises
    ------
    QuantizeError
        If the threshold is out of its range or the palette is too large.
    """
    if not 0 <= threshold <= 100:  # also refuses NaN
        raise QuantizeError(
            f"merge must be a ΔE00 from 0 to 100, got {threshold!r}: 2 merges what looks the same"
        )
    colors, weights = palette.colors.copy(), _weights(palette)
    groups = [[row] for row in range(len(palette))]
    kept = np.array([code in keep for code in palette.hexes])
    table = delta_e_00_pairs(colors)
    np.fill_diagonal(table, np.inf)
    table[np.ix_(kept, kept)] = np.inf
    while len(colors) > 1 and table.min() <= threshold:
        first, second = sorted(divmod(int(table.argmin()), len(table)))
        heavier = kept[second] or (not kept[first] and weights[second] > weights[first])
        heavy, light = (second, first) if heavier else (first, second)
        if not kept[heavy]:
            colors[heavy] = _mean(colors[[heavy, light]], weights[[heavy, light]])
        weights[heavy] += weights[light]
        groups[heavy] += groups[light]
        table[heavy] = table[:, heavy] = delta_e_00(np.broadcast_to(colors[heavy], colors.shape), colors)
        table[heavy, heavy] = np.inf
        if kept[heavy]:
            table[heavy, kept] = table[kept, heavy] = np.inf
        colors, weights, kept = np.delete(colors, light, 0), np.delete(weights, light), np.delete(kept, light)
        table = np.delete(np.delete(table, light, 0), light, 1)
        del groups[light]
    return _rebuild(palette, colors, groups)


def _weights(palette: Palette) -> NDArray[np.float64]:
    return np.ones(len(palette)) if palette.shares is None else palette.shares.copy()


def _mean(pair: NDArray[np.uint8], weights: NDArray[np.float64]) -> NDArray[np.uint8]:
    if (pair[0] == pair[1]).all():
        return pair[0]
    oklab = SPACES["Oklab"]
    weights = weights if weights.sum() > 0 else np.ones(2)
    mean = np.average(oklab.to_working(pair), axis=0, weights=weights)
    return np.rint(oklab.to_srgb(mean[None].astype(np.float32))[0]).astype(np.uint8)


def _rebuild(palette: Palette, colors: NDArray[np.uint8], groups: list[list[int]]) -> Palette:
    """Put the groups together; the first member of each is its heaviest."""
    shares = None
    if palette.shares is not None:
        shares = np.array([palette.shares[group].sum() for group in groups])
    names = None
    if palette.names is not None:
        names = tuple(next(filter(None, (palette.names[row] for row in group)), "") for group in groups)
    return replace(palette, colors=colors, shares=shares, names=names)
