"""Dithering: entries that are mixed so that areas have the right colour on average, at the price of grain.

A record for each way; a new one is one more record. All use palette colours only, and give the same result on
any number of threads. ``strength`` 0–1 scales the errors passed on, or the mask. ``light`` says what is
averaged, see ``light.py``. The nearest entry is meant in the working space, see ``cube.py``; but in linear
light in the light itself: errors must be judged where they are added up, or black and white get the wrong
shares. Masks choose entries along an eye's axes, see ``mixes.py``.

A pixel whose very colour is in the palette keeps it, whatever its neighbours are: it takes no error and gives
none, so that flat areas and text stay solid. What arrives there is dropped; passed on it would cross the area
and come out at its other side, and in photos nothing is gained by it. Pixels that are not visible neither
take nor give errors either.

Masks pass nothing on: each pixel's entry is that of its colour and place alone, so that frames of a film do
not flicker, and areas without change are packed small.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from numbers import Real

import numpy as np
from numpy.typing import NDArray

from quantize.colors.nearest import Remapped, remap
from quantize.colors.opacity import is_visible
from quantize.dithering.canvas import Canvas, find_skipped
from quantize.dithering.cube import ToWorking
from quantize.dithering.diffusion import KERNELS, diffuse_errors
from quantize.dithering.kernels_dither import tally
from quantize.dithering.light import find_light
from quantize.dithering.masks import bayer, blue_noise
from quantize.dithering.ordered import dither_by_mask
from quantize.dithering.riemersma import dither_along_curve
from quantize.dithering.search import refit_palette, search_looks, search_pixels
from quantize.dithering.seen import diffuse_looks
from quantize.errors import QuantizeError, shown
from quantize.records import Records
from quantize.threads import run_all, slices


@dataclass(frozen=True)
class Dither:
    """One way to dither.

    Attributes
    ----------
    key, title : str
        Its name in settings, and for people.
    kind : str
        "none", "error diffusion", "ordered", "curve" or "search".
    source : str
        Who published it.
    fill : callable or None
        Fills ``Canvas.indices``; None where nothing is dithered.
    runs : bool
        Whether it can favour runs of one entry, for smaller files.
    own_axes : bool
        Whether it measures in axes of its own, whatever space is chosen.
    refit : callable or None
        Finds a palette, uint8 (k, 3), that is better for it than the canvas's, around those that are kept.
    soft : bool
        Whether it can mix partly transparent entries (``soft.py``).
    """

    key: str
    title: str
    kind: str
    source: str
    fill: Callable[[Canvas], None] | None
    runs: bool = False
    own_axes: bool = False
    refit: Callable[[Canvas, NDArray[np.uint8]], NDArray[np.uint8]] | None = None
    soft: bool = False


def _diffusion(key: str, title: str, source: str) -> Dither:
    fill = partial(diffuse_errors, KERNELS[key])
    return Dither(key, title, "error diffusion", source, fill, soft=True)


def _bayer(size: int) -> Dither:
    fill = partial(dither_by_mask, bayer(size))
    return Dither(
        f"bayer-{size}", f"Bayer {size}×{size}", "ordered", "B. E. Bayer, ICC 1973", fill, own_axes=True
    )


_TABLE = (
    Dither("none", "none", "none", "", None, soft=True),
    _diffusion("floyd-steinberg", "Floyd–Steinberg", "R. W. Floyd, L. Steinberg, Proc. SID 17/2, 1976"),
    _diffusion(
        "jarvis-judice-ninke",
        "Jarvis–Judice–Ninke",
        "J. F. Jarvis, C. N. Judice, W. H. Ninke, CGIP 5, 1976, doi 10.1016/S0146-664X(76)80003-2",
    ),
    _diffusion("stucki", "Stucki", "P. Stucki, IBM Research Report RZ1060, 1981"),
    _diffusion("atkinson", "Atkinson", "B. Atkinson, Apple, about 1984; passes on six eighths of the error"),
    _diffusion("burkes", "Burkes", "D. Burkes, 1988"),
    _diffusion("sierra", "Sierra", "F. Sierra, 1989"),
    _diffusion("sierra-two-row", "two-row Sierra", "F. Sierra, 1990"),
    _diffusion("sierra-lite", "Sierra Lite", "F. Sierra, 1990"),
    _bayer(2),
    _bayer(4),
    _bayer(8),
    _bayer(16),
    Dither(
        "blue-noise",
        "blue noise",
        "ordered",
        "R. Ulichney, SPIE 1913, 1993: a 64×64 void-and-cluster mask",
        lambda canvas: dither_by_mask(blue_noise(), canvas),
        own_axes=True,
    ),
    Dither(
        "riemersma",
        "Riemersma",
        "curve",
        "T. Riemersma, C/C++ Users Journal 16 (12), 1998",
        dither_along_curve,
    ),
    Dither(
        "looks",
        "for looks",
        "error diffusion",
        "ours: Floyd–Steinberg with eight tenths of the error, in Oklab with chroma × 0.7; see seen.py",
        diffuse_looks,
        runs=True,
        own_axes=True,
    ),
    Dither(
        "joint",
        "joint search",
        "search",
        "ours, after J. Puzicha et al., 2000, and M. Analoui, J. P. Allebach, 1992; see search.py",
        search_looks,
        runs=True,
        own_axes=True,
        refit=refit_palette,
    ),
    Dither(
        "search",
        "pixel search",
        "search",
        "ours, after M. Analoui, J. P. Allebach, SPIE 1666, 1992: of the joint search the pixels alone",
        search_pixels,
        runs=True,
        own_axes=True,
    ),
)
MOST_RUNS = 8.0
"""Greatest amount by which runs of one entry can be favoured."""
DITHERS = Records("dither", _TABLE)
find_dither = DITHERS.find


def dither_pixels(
    pixels: NDArray[np.uint8],
    palette: NDArray[np.uint8],
    key: str,
    *,
    strength: float = 1.0,
    light: str = "encoded",
    runs: float = 0.0,
    to_working: ToWorking | None = None,
    alpha: NDArray[np.uint8] | None = None,
    checkpoint: Callable[[], None] | None = None,
) -> Remapped:
    """Give every pixel a palette entry, so that areas have the picture's colours on average.

    Parameters
    ----------
    pixels : uint8, shape (h, w, 3)
        sRGB.
    palette : uint8, shape (k, 3), 1 <= k <= 256
        sRGB.
    key : str
        One of ``DITHERS``.
    strength : float
        0–1. With 0, and with ``key`` "none", the result is that of ``nearest.remap``, to the byte.
    light : str
        One of ``LIGHTS``: what is averaged.
    runs : float
        0–8: how much runs of one entry are favoured, which makes smaller files; only for ways that can.
    to_working : callable, optional
        From uint8 or float32 (n, 3) sRGB to float32 (n, 3) of the space in which "nearest" is meant; None is
        sRGB. It has an effect in ``light`` "encoded", on error diffusion and Riemersma's curve.
    alpha : uint8, shape (h, w), optional
        Pixels that are not visible (see ``colors/opacity.py``) get an index like all others, but take and
        give no error and count nothing.
    checkpoint : callable, optional
        Called between bands of the picture on the calling thread; what it raises ends the work.

    Returns
    -------
    Remapped
        An entry may end up with no pixel at all. ``sse`` is that to the original, pixel by pixel: larger than
        without dithering, though the picture looks nearer.

    Raises
    ------
    QuantizeError
        If a choice is unknown or out of range, or an array has another dtype or shape.
    """
    dither, counted = find_dither(key), find_light(light)
    if not isinstance(strength, Real) or not 0 <= strength <= 1:
        raise QuantizeError(f"strength must be a number from 0 to 1, got {shown(strength)}")
    if not isinstance(runs, Real) or not 0 <= runs <= MOST_RUNS or (runs and not dither.runs):
        most = MOST_RUNS if dither.runs else 0
        raise QuantizeError(f"runs must be a number from 0 to {most:g} with {key}, got {shown(runs)}")
    if dither.fill is None or strength == 0:
        return remap(pixels, palette, to_working, alpha)
    pixels, palette, hidden = _checked(pixels, palette, alpha)
    indices = np.empty(pixels.shape[:2], np.uint8)
    if indices.size:
        working = counted.to_working or to_working
        skipped = find_skipped(pixels, hidden, palette)
        amounts = float(strength), float(runs)
        dither.fill(Canvas(pixels, skipped, hidden, palette, counted, *amounts, working, indices, checkpoint))
    return _counted(pixels, hidden, palette, indices)


def fit_palette(
    pixels: NDArray[np.uint8],
    palette: NDArray[np.uint8],
    key: str,
    *,
    kept: NDArray[np.uint8],
    strength: float = 1.0,
    light: str = "encoded",
    alpha: NDArray[np.uint8] | None = None,
    checkpoint: Callable[[], None] | None = None,
) -> NDArray[np.uint8]:
    """Fit a palette to a way of dithering, for those that have a say in it; others leave it as it is.

    Parameters
    ----------
    kept : uint8, shape (m, 3)
        Entries that stay as they are.
    pixels, palette, key, strength, light, alpha, checkpoint
        As for ``dither_pixels``.

    Returns
    -------
    uint8, shape (k, 3)
        All different if they were; not sorted.
    """
    dither, counted = find_dither(key), find_light(light)
    if dither.refit is None or strength == 0:
        return palette
    pixels, palette, hidden = _checked(pixels, palette, alpha)
    none = np.zeros((0, 0))
    canvas = Canvas(
        pixels, none.astype(np.bool_), hidden, palette, counted, strength, 0.0, None, none.astype(np.uint8),
        checkpoint,
    )  # fmt: skip
    return dither.refit(canvas, kept)


def _checked(
    pixels: NDArray[np.uint8], palette: NDArray[np.uint8], alpha: NDArray[np.uint8] | None
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.bool_]]:
    """Find the contiguous pixels and palette, and what is not visible: bool (h, w), or (0, 0) if all is."""
    _check("pixels", pixels, "(h, w, 3)", pixels.ndim == 3 and pixels.shape[-1] == 3)
    _check("palette", palette, "(k, 3)", palette.ndim == 2 and palette.shape[-1] == 3)
    if not 1 <= len(palette) <= 256:
        raise QuantizeError(f"palette must hold 1 to 256 colours, got {len(palette)}")
    hidden = np.zeros((0, 0), np.bool_)
    if alpha is not None:
        _check("alpha", alpha, f"{pixels.shape[:2]}", alpha.shape == pixels.shape[:2])
        found = ~is_visible(np.ascontiguousarray(alpha))
        hidden = found if found.any() else hidden
    return _frozen(pixels), _frozen(palette), hidden


def _frozen(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    # To numba, arrays that may be written to are another type: it would compile everything twice.
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


def _check(name: str, array: NDArray, shape: str, good: bool) -> None:
    if array.dtype != np.uint8 or not good:
        raise QuantizeError(f"{name} must be uint8 {shape}, got {array.dtype} {array.shape}")


def _counted(
    pixels: NDArray[np.uint8],
    hidden: NDArray[np.bool_],
    palette: NDArray[np.uint8],
    indices: NDArray[np.uint8],
) -> Remapped:
    cuts = slices(len(indices), 64)
    counts = np.zeros((len(cuts), len(palette)), np.int64)
    sums = run_all(
        partial(tally, pixels[cut], hidden[cut], indices[cut], palette, counts[number])
        for number, cut in enumerate(cuts)
    )
    return Remapped(indices, counts.sum(axis=0), int(sum(sums)))
