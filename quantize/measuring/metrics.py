"""How far a result is from its original, in figures that mean something.

MSE and PSNR are in encoded sRGB, ΔE00 is CIEDE2000 from CIE L*a*b* (D65, 2° observer): 1 is about
the smallest difference a trained eye sees side by side. All count visible pixels only, as the indexed file
shows them (``colors/opacity.py``; over black and over white where it holds partly transparent ones, see
``soft.py``), and are exact: a picture has far fewer distinct colours than pixels, and
equal colours get equal entries. In a dithered result a colour gets several, but distinct pairs (colour,
entry) are still few.

These figures compare pixel by pixel, so they call a dithered result worse although it looks nearer; see
``similarity.py`` for figures that look at surroundings.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quantize.colors.ciede2000 import exact_lab
from quantize.colors.colorset import ColorSet
from quantize.colors.counted import Colored
from quantize.colors.difference import CHUNK, delta_e_00, settled
from quantize.colors.kernels_lab import difference_mapped
from quantize.colors.nearest import Mapped, map_colors
from quantize.colors.opacity import is_visible
from quantize.colors.soft import SoftSet
from quantize.colors.spaces import LINEAR, SPACES, Space, find_space
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError
from quantize.measuring.pairs import Pairs, count_pairs, map_pairs
from quantize.measuring.similarity import delta_e_blurred, delta_e_blurred_of
from quantize.measuring.soft import GROUNDS, SoftPairs, over
from quantize.measuring.ssimulacra import ssimulacra2, ssimulacra2_of
from quantize.threads import run_all, slices

if TYPE_CHECKING:
    from quantize.pipeline import Quantized

# Of a float32 without its last bits there remain its exponent and steps of less than 1 %.
_TAIL_BITS = 16


@dataclass(frozen=True)
class Metrics:
    """A result against its original.

    Attributes
    ----------
    colors_before, colors_after : int
        Distinct colours of visible pixels.
    mse : float
        Squared sRGB distance per pixel, R + G + B, as in the literature on quantization.
    psnr_db : float
        Peak signal-to-noise ratio in decibels, from the mean over channels (mse / 3); infinite if equal.
    delta_e_00, delta_e_00_p95, delta_e_00_p99 : float
        ΔE00: the mean over pixels, and the values that 95 and 99 % of the pixels do not exceed.
    delta_e_blurred : float or None
        Mean ΔE00 after a blur as an eye's (``similarity.py``); None where looks were not measured.
    ssimulacra2 : float or None
        How alike both look to people, up to 100 (``ssimulacra.py``); None likewise.
    """

    colors_before: int
    colors_after: int
    mse: float
    psnr_db: float
    delta_e_00: float
    delta_e_00_p95: float
    delta_e_00_p99: float
    delta_e_blurred: float | None = None
    ssimulacra2: float | None = None

    def _repr_html_(self) -> str:
        """Draw it for a notebook: a table of figures with their units."""
        figures = {
            "Colours": f"{self.colors_before:,} → {self.colors_after:,}",
            "MSE": f"{self.mse:.2f}",
            "PSNR": f"{self.psnr_db:.2f} dB",
            "ΔE00": f"{self.delta_e_00:.2f}, 95 % of pixels up to {self.delta_e_00_p95:.2f}",
        }
        if self.ssimulacra2 is not None and self.delta_e_blurred is not None:
            figures["ΔE00, blurred"] = f"{self.delta_e_blurred:.2f}"
            figures["SSIMULACRA2"] = f"{self.ssimulacra2:.1f}"
        rows = (f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in figures.items())
        return f"<table>{''.join(rows)}</table>"


def measure(picture: Picture | NDArray[np.uint8], result: Quantized, *, looks: bool = False) -> Metrics:
    """Measure a result, dithered or not.

    Parameters
    ----------
    picture : Picture, or uint8 of shape (h, w, 3)
        The original.
    result : Quantized
        What ``quantize_image`` made of it.
    looks : bool
        Whether to measure how it looks, too: about 0.4 µs a pixel, up to some two megapixels of it.

    Raises
    ------
    QuantizeError
        If the array is not a picture, or of another size than the result.
    """
    picture = picture if isinstance(picture, Picture) else Picture.from_pixels(picture)
    if picture.size[::-1] != result.shape:
        raise QuantizeError(
            f"picture must have the result's height and width {result.shape}, got {picture.size[::-1]}"
        )
    measured = _measure_pixels(picture, result)
    if not looks:
        return measured
    return replace(
        measured, delta_e_blurred=_blurred(picture, result), ssimulacra2=measure_looks(picture, result)
    )


def measure_looks(picture: Picture, result: Quantized) -> float:
    """Work out SSIMULACRA2 alone; with soft entries the mean over black and over white."""
    shown = _on_grounds(picture, result)
    return (
        float(np.mean([ssimulacra2(*pair) for pair in shown])) if shown else ssimulacra2_of(picture, result)
    )


def _blurred(picture: Picture, result: Quantized) -> float:
    shown = _on_grounds(picture, result)
    if not shown:
        return delta_e_blurred_of(picture, result)
    return float(np.mean([delta_e_blurred(*pair) for pair in shown]))


def _on_grounds(picture: Picture, result: Quantized) -> list[tuple[NDArray[np.uint8], NDArray[np.uint8]]]:
    """Show original and result over each ground; nothing where entries are opaque."""
    if result.opacities is None or picture.alpha is None:
        return []
    before, after = np.dstack([picture.pixels, picture.alpha]), result.rgba
    return [(over(before, grey), over(after, grey)) for grey in GROUNDS]


def _measure_pixels(picture: Picture, result: Quantized) -> Metrics:
    if result.opacities is not None:
        return _measure_soft(picture, result)
    if not result.settings.dithered:
        reached = result.palette[result.counts > 0]  # others are nearest to nothing, or not to be had
        return measure_palette(picture, reached, find_space(result.settings.space))
    pairs = _pairs(picture, result)
    differences = _mean_and_percentiles(delta_e_00(pairs.before, pairs.after), pairs.counts)
    used = int(np.count_nonzero(result.counts))
    return Metrics(picture.n_colors, used, result.mse, psnr_db(result.mse), *differences)


def _measure_soft(picture: Picture, result: Quantized) -> Metrics:
    assert picture.alpha is not None
    assert result.opacities is not None
    found = SoftSet.of(picture.pixels, picture.alpha)
    pairs = SoftPairs.of(found, found.positions(picture.pixels, picture.alpha), result.indices)
    difference = pairs.delta_e_00(result.entries)
    differences = _mean_and_percentiles(difference.ravel(), np.tile(pairs.counts, len(difference)))
    before = len(found.values) - (found.n_clear > 0)
    used = int(np.count_nonzero(result.counts[result.opacities > 0]))
    return Metrics(before, used, result.mse, psnr_db(result.mse), *differences)


def _pairs(picture: Picture, result: Quantized) -> Pairs:
    """Find the distinct pairs of the visible pixels' colours."""
    before, indices = picture.pixels.reshape(-1, 3), result.indices.reshape(-1)
    visible = None if picture.alpha is None else is_visible(picture.alpha.reshape(-1))

    def rows(cut: slice) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        seen = slice(None) if visible is None else visible[cut]
        return before[cut][seen], result.palette[indices[cut][seen]]

    return count_pairs(len(before), rows)


def measure_palette(picture: Colored, palette: NDArray[np.uint8], space: Space) -> Metrics:
    """Measure what a picture becomes when every pixel gets the palette entry nearest to it, without doing it.

    Parameters
    ----------
    picture : Picture or Counted
        The original, with at least one visible pixel.
    palette : uint8, shape (k, 3)
        sRGB.
    space : Space
        In which "nearest" is meant.
    """
    return measure_mapped(picture, palette, map_colors(picture.color_set, palette, space.mapping))


def measure_mapped(picture: Colored, palette: NDArray[np.uint8], mapped: Mapped) -> Metrics:
    """Measure a palette whose entries the picture's colours have found already (``nearest.map_colors``)."""
    color_set = picture.color_set
    mse = mapped.sse / color_set.n_pixels
    difference = _mapped_difference(color_set, palette, mapped.table)
    differences = _mean_and_percentiles(difference, color_set.counts)
    used = int(np.count_nonzero(mapped.counts))
    return Metrics(color_set.n_colors, used, mse, psnr_db(mse), *differences)


def mean_and_p99(
    color_set: ColorSet, palette: NDArray[np.uint8], table: NDArray[np.uint8]
) -> tuple[float, float]:
    """Work out of ΔE00 the mean, and what 99 % of the pixels do not exceed, alone.

    Of a palette whose entries the colours have found already.
    """
    difference = _mapped_difference(color_set, palette, table)
    (p99,) = weighted_percentiles(difference, color_set.counts, (0.99,))
    return weighted_mean(difference, color_set.counts), p99


def psnr_db(mse: float) -> float:
    """Work out PSNR, in decibels, of a squared error per pixel summed over three channels; inf for 0."""
    return math.inf if mse == 0 else 10 * math.log10(255**2 / (mse / 3))


def _mapped_difference(
    color_set: ColorSet, palette: NDArray[np.uint8], table: NDArray[np.uint8]
) -> NDArray[np.float32]:
    """Work out CIEDE2000 difference of each colour to its entry, float32 (n_colors,)."""
    colors, entries = color_set.colors, SPACES["LAB"].to_working(palette)
    out = np.empty(color_set.n_colors, np.float32)
    run_all(
        partial(difference_mapped, colors[rows], LINEAR, entries, table[rows], out[rows])
        for rows in slices(len(out), CHUNK)
    )
    return settled(out, lambda rows: (exact_lab(colors[rows]), exact_lab(palette[table[rows]])))


def delta_e_map(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Work out CIEDE2000 difference of every pixel, worked out once for each distinct pair of colours.

    Takes less than a second for 24 megapixels of a photograph and its quantized version, about five if every
    pair of pixels is another.

    Parameters
    ----------
    before, after : uint8, shape (h, w, 3)
        sRGB.

    Returns
    -------
    float32, shape (h, w)
        ΔE00; exactly 0 where both are equal.

    Raises
    ------
    QuantizeError
        If an array has another dtype or shape, or their shapes differ.
    """
    for name, array in (("before", before), ("after", after)):
        if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3:
            raise QuantizeError(f"{name} must be uint8 (h, w, 3), got {array.dtype} {array.shape}")
    if before.shape != after.shape:
        raise QuantizeError(f"after must have the shape of before {before.shape}, got {after.shape}")
    first, second = (np.ascontiguousarray(array).reshape(-1, 3) for array in (before, after))
    return map_pairs(first, second, delta_e_00).reshape(before.shape[:2])


def _mean_and_percentiles(
    values: NDArray[np.float32], counts: NDArray[np.integer]
) -> tuple[float, float, float]:
    p95, p99 = weighted_percentiles(values, counts, (0.95, 0.99))
    return weighted_mean(values, counts), p95, p99


def weighted_percentiles(
    values: NDArray[np.float32], counts: NDArray[np.integer], shares: Sequence[float]
) -> tuple[float, ...]:
    """Find the smallest values that at least such shares of the counted items do not exceed.

    No value may be negative.
    """
    n_items = float(counts.sum(dtype=np.float64))
    # The bits of floats are in the floats' order, so that the first of them tell which few need be sorted.
    heads = (values + np.float32(0)).view(np.uint32) >> _TAIL_BITS  # no -0
    reached = np.cumsum(np.bincount(heads, counts))
    found = []
    for share in shares:
        head = int(np.searchsorted(reached, share * n_items))
        among = np.flatnonzero(heads == head)
        among = among[np.argsort(values[among])]
        below = reached[head - 1] if head else 0.0
        within = below + np.cumsum(counts[among], dtype=np.float64)
        found.append(float(values[among[int(np.searchsorted(within, share * n_items))]]) + 0.0)
    return tuple(found)


def weighted_mean(values: NDArray[np.float32], counts: NDArray[np.integer]) -> float:
    """Find the mean of counted values."""
    # What np.average does, without its copies.
    return float(np.multiply(values, counts, dtype=np.float64).sum() / counts.sum(dtype=np.float64))
