"""Entry mixes: for a colour the few entries, and their shares, that together give it.

At most four entries, whose weighted sum is next to the colour in the light counted (``light.py``); of all
such mixes the one of entries most alike, the squared distance to the colour in Oklab being what grain costs.
With chroma × 0.5, as fine grain is seen by its lightness first; but greys want grey entries, or they would
be speckled. In one space that would be the tetrahedron of a Delaunay triangulation (Gröller and
Purgathofer); as light is added in one space and seen in another, each colour has its own.

Mixes are found for the colours that occur. Where more than ``MOST_COLORS`` do, cubes of eight colours share
the mix of their middle, half a level off.

Grain has a price in units of bias. Palettes that lie evenly, and those of few colours, have nearly none:
every tone that they enclose comes out right. A palette found for a photo lies unevenly, on thin sheets:
whatever is a little off them would need entries far apart, grain for a bias that nobody sees. There the
price is ``_LOOSE``. A strength s below 1 adds 1/s - 1, so that for black and white the mask is s times as
high, and towards 0 the entry nearest in Oklab is what remains, in whatever space a result is sought.

Sources: E. Gröller, W. Purgathofer, "Using tetrahedrons for dithering color pictures", TU Wien, 1988, and
matejlou's "Ordered dithering with arbitrary or irregular colour palettes", 2023 (barycentric mixes).
J. Yliluoma, "Arbitrary-palette positional dithering algorithm", 2011 (mixes sorted by luminance, one picked
by a mask; T. Knoll's method, US patent 6,606,166, builds them by a running error). P. Wolfe, "Finding the
nearest point in a polytope", Math. Prog. 11, 1976 (the active set).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from quantize.bands import deal
from quantize.colors.eye import SEARCH_AXES
from quantize.colors.kernels_count import WORDS, list_colors, mark_colors, rank_words
from quantize.colors.spaces import decode_srgb
from quantize.dithering.canvas import Canvas
from quantize.dithering.kernels_mixes import RUN, Mixer, MixTable, find_mixes, look_at
from quantize.threads import run_all, slices

_TIGHT, _LOOSE = 1e-5, 0.15
# How much more chroma counts for greys, by price.
_GREY_TIGHT, _GREY_LOOSE = 8.0, 4.0
# Unevenness from which the price rises, and where it is at its end; up to so many entries it never does.
_EVEN, _UNEVEN = 0.8, 1.0
_FEW = 8
_PROBES = 512
# An eye hardly sees changes of a channel where it is dark; still they are to come out right.
_LEAST_SLOPE = 0.2
_PIECE = 128 * RUN
MOST_COLORS = 1 << 19


@dataclass(frozen=True, eq=False)
class Mixes:
    """Mixes of colours.

    Attributes
    ----------
    entries : uint8, shape (n, 4)
        Of each colour, dark to light; unused places repeat the lightest.
    limits : uint16, shape (n, 3)
        Shares of the first, of the first two and of the first three, of 65535.
    """

    entries: NDArray[np.uint8]
    limits: NDArray[np.uint16]

    @property
    def shares(self) -> NDArray[np.float64]:
        """Share of each entry, float64 (n, 4)."""
        ends = np.pad(self.limits / 65535, ((0, 0), (1, 1)), constant_values=(0, 1))
        return np.diff(ends, axis=1)


def mix_canvas(canvas: Canvas, strength: float) -> MixTable:
    """Find the mixes of a picture's colours, for kernels to look up."""
    words, colors, cells = occurring(canvas.pixels, canvas.hidden)
    mixes = mix_colors(
        colors, canvas.palette, canvas.light.key, strength, cells=cells, checkpoint=canvas.checkpoint
    )
    ranks = np.empty(len(words), np.uint32)
    rank_words(words, ranks)
    return MixTable(words, ranks, np.int64(3 * cells), mixes.entries, mixes.limits)


def occurring(
    pixels: NDArray[np.uint8], hidden: NDArray[np.bool_]
) -> tuple[NDArray[np.uint64], NDArray[np.uint8], bool]:
    """List the colours of a picture that are not ``hidden``, or the cubes of eight that they lie in.

    Returns
    -------
    words : uint64
        The set of them, see ``kernels_count``: a bit for each colour, or each cube.
    colors : uint8, shape (n, 3)
        In the set's order; of cubes the darkest.
    cells : bool
        Whether they are cubes.
    """
    rows = pixels[~hidden] if hidden.size else pixels.reshape(-1, 3)
    cuts = slices(len(rows), 1 << 16)
    parts = np.zeros((len(cuts), WORDS), np.uint64)
    run_all(partial(mark_colors, rows[cut], part) for cut, part in zip(cuts, parts, strict=True))
    words = np.bitwise_or.reduce(parts)
    cells = bool(np.bitwise_count(words).sum() > MOST_COLORS)
    if cells:  # the colours of a cube are a byte
        bytes_of = words.astype("<u8").view(np.uint8)
        words = np.packbits(bytes_of != 0, bitorder="little").view("<u8").astype(np.uint64)
    colors = np.empty((int(np.bitwise_count(words).sum()), 3), np.uint8)
    list_colors(words, colors)
    return words, colors * np.uint8(2 if cells else 1), cells


def mix_colors(
    colors: NDArray[np.uint8],
    palette: NDArray[np.uint8],
    light: str,
    strength: float = 1.0,
    *,
    cells: bool = False,
    checkpoint: Callable[[], None] | None = None,
) -> Mixes:
    """Find the entry mixes of colours.

    Parameters
    ----------
    colors : uint8, shape (n, 3)
        sRGB; much faster if neighbours are alike.
    palette : uint8, shape (k, 3), 1 <= k <= 256
        sRGB.
    light : str
        A key of ``LIGHTS``: what is mixed.
    strength : float
        Over 0, up to 1.
    cells : bool
        Whether each stands for a cube of eight colours, of which it is the darkest.
    """
    loose = looseness(palette)
    price = _TIGHT + loose * (_LOOSE - _TIGHT) + 1 / strength - 1
    return _mixed(colors, find_mixer(palette, light), price, loose, int(cells), checkpoint)


def find_nearest_mixes(
    colors: NDArray[np.uint8],
    palette: NDArray[np.uint8],
    light: str,
    *,
    cells: bool = False,
    checkpoint: Callable[[], None] | None = None,
) -> Mixes:
    """Find the entry mixes that come nearest to colours, whatever they cost in grain.

    As ``mix_colors``, and ``light`` may also be "eye": what is mixed are places along an eye's axes.
    """
    return _mixed(colors, find_mixer(palette, light), _TIGHT, 0.0, int(cells), checkpoint)


def looseness(palette: NDArray[np.uint8]) -> float:
    """Tell from 0 to 1 how much bias may be had for less grain."""
    if len(np.unique(palette, axis=0)) <= _FEW:
        return 0.0
    return float(np.clip((unevenness(palette) - _EVEN) / (_UNEVEN - _EVEN), 0, 1))


def unevenness(palette: NDArray[np.uint8]) -> float:
    """Work out how far apart the entries of mixes are, beside how far entries are from their neighbours.

    Root mean squares of sRGB distances: from colours half way between two entries to what they are mixed
    of, over those from an entry to its nearest. Up to 0.75 for a lattice, 0.3 for black and white, around 1
    for 16 to 64 colours of a photo, more for 256; 0 for one entry.
    """
    colors = np.unique(palette, axis=0)
    if len(colors) < 2:
        return 0.0
    places = colors.astype(np.float64)
    away = np.square(places[:, None] - places).sum(axis=2)
    np.fill_diagonal(away, np.inf)
    pairs = np.random.default_rng(0).integers(0, len(colors), (_PROBES, 2))
    probes = np.unique(((places[pairs[:, 0]] + places[pairs[:, 1]]) / 2).astype(np.uint8), axis=0)
    mixes = _mixed(probes, find_mixer(colors, "encoded"), _TIGHT, 0.0, 0, None)
    apart = np.square(places[mixes.entries] - probes[:, None].astype(np.float64)).sum(axis=2)
    return float(np.sqrt((apart * mixes.shares).sum(axis=1).mean() / away.min(axis=1).mean()))


def find_mixer(palette: NDArray[np.uint8], light: str) -> Mixer:
    """Measure a palette for ``kernels_mixes``."""
    palette = np.concatenate([palette, palette[:1].repeat(-len(palette) % 4, axis=0)])
    entries = np.empty((6, len(palette)))
    linear, counted, slope = _curves(light)
    axes = SEARCH_AXES
    mix, turn = axes.mix.astype(np.float64), axes.turn.astype(np.float64)
    mixer = Mixer(linear, counted, slope, mix, turn, np.bool_(light == "eye"), entries)
    look_at(mixer, palette, entries)
    return mixer


@lru_cache(maxsize=3)
def _curves(light: str) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Find linear light, light counted and the slope between them of the codes 0, 0.5, …, 255."""
    codes = np.arange(511) / 2
    linear = decode_srgb(codes).astype(np.float64)
    if light != "encoded":
        return linear, linear, np.ones(511)
    above, below = np.minimum(codes + 0.5, 255), np.maximum(codes - 0.5, 0)
    slope = (decode_srgb(above) - decode_srgb(below)) / (above - below) * 255
    return linear, codes / 255, np.maximum(slope, _LEAST_SLOPE)


def _mixed(
    colors: NDArray[np.uint8],
    mixer: Mixer,
    price: float,
    loose: float,
    half: int,
    checkpoint: Callable[[], None] | None,
) -> Mixes:
    entries = np.empty((len(colors), 4), np.uint8)
    limits = np.empty((len(colors), 3), np.uint16)
    grey = _GREY_TIGHT + loose * (_GREY_LOOSE - _GREY_TIGHT)

    def work(_: None, piece: int) -> None:
        cut = slice(piece * _PIECE, (piece + 1) * _PIECE)
        find_mixes(colors[cut], half, mixer, price, grey, entries[cut], limits[cut])

    deal(-(-len(colors) // _PIECE), lambda: None, work, checkpoint)
    return Mixes(entries, limits)
