"""Pictures as the pages show them: thinned where they are large, and not one colour added on the way."""

import numpy as np
from numpy.typing import NDArray

from pages._cache.pictures import Pixels
from pages._cache.results import OpenResult
from pages._references import PictureRef
from quantize import Quantized
from quantize.colors.colorset import ColorSet
from quantize.palettes.entries import renumber
from quantize.rendering.encode import (
    encode_png,
    encode_rgba_png,
    estimate_png_size,
    indexed_png_size,
    png_size,
)
from quantize.rendering.previews import encode_icon, encode_original, grid
from quantize.rendering.rivals import FileSize, aim_for, rival_of
from quantize.rendering.row_bands import Bands

TILE_SIDE = 1024
ICON_SIDE = 144


def encode_source(given: Pixels) -> bytes:
    """The original, lossless."""
    return encode_original(given.pixels, given.alpha)[0]


def encode_tiny(given: Pixels) -> bytes:
    """The original as small as in a row of many."""
    return encode_icon(given.pixels, given.alpha, ICON_SIDE)


def encode_result(result: OpenResult, thinned: Pixels, side: int) -> bytes:
    """A result, thinned as its source is to no more than ``side``: an indexed PNG."""
    indices = result.look_up(thinned.pixels)
    if indices is None:
        indices = np.ascontiguousarray(result.entries[grid(result.entries.shape, side)])
    return encode_png(result.ref.entries, indices, thinned.alpha, optimize=False)


def encode_blank(thinned: Pixels) -> bytes:
    """Middle grey of a picture's size, to keep the place of what is not ready."""
    shape = thinned.pixels.shape[:2]
    return encode_png(np.full((1, 3), 128, np.uint8), np.zeros(shape, np.uint8), optimize=False)


def encode_mask(colors: ColorSet, thinned: Pixels, found: NDArray[np.bool_]) -> bytes:
    """Where some of a picture's colours are: white on black; what is not visible is transparent."""
    shape = thinned.pixels.shape[:2]
    rows = np.ascontiguousarray(thinned.pixels).reshape(-1, 3)
    indices = colors.look_up(rows, found.astype(np.uint8))[0].reshape(shape)
    return encode_png(np.array([[0] * 3, [255] * 3], np.uint8), indices, thinned.alpha, optimize=False)


def encode_download(source: PictureRef, result: Quantized) -> bytes:
    """A result in full resolution, as small as an indexed PNG can reasonably be made."""
    aim = aim_for(source, result.sse)
    return encode_png(result.entries, result.indices, result.alpha, optimize=True, dpi=source.dpi, aim=aim)


def encode_rgba(source: PictureRef, result: Quantized) -> bytes:
    """A result in full resolution with its partial transparency."""
    assert result.alpha is not None
    return encode_rgba_png(result.palette, result.indices, result.alpha, dpi=source.dpi)


def measure_size(result: OpenResult, given: Pixels | Bands, entries: NDArray[np.uint8]) -> FileSize:
    """Length of a result's file.

    Parameters
    ----------
    result : OpenResult
    given : Pixels
        Of the original: bands of rows, on which the length is estimated, unless they are all there is; of a
        dithered result all.
    entries : uint8, shape (n, 3) or (n, 4)
        The entries as they are written.
    """
    source, palette = result.ref.source, result.ref.entries
    height, dpi, sse = source.size[1], source.dpi, result.ref.sse
    found = result.look_up(given.pixels)
    indices = renumber(palette, result.entries if found is None else found, entries)
    if found is None or len(indices) == height:
        aim, rival = aim_for(source, sse), rival_of(source, sse)
        return indexed_png_size(entries, indices, given.alpha, dpi=dpi, aim=aim, rival=rival)
    share = given.share if isinstance(given, Bands) else None
    return estimate_png_size(entries, indices, given.alpha, height, dpi=dpi, share=share)


def measure_source(source: PictureRef, bands: Bands) -> FileSize:
    """Length of the original as an ordinary PNG, likewise."""
    size = png_size(bands.pixels, bands.alpha)
    return FileSize(round(size.n_bytes / bands.share), estimated=len(bands.pixels) < bands.height)


def encode_cut(whole: Pixels, result: OpenResult | None, rows: slice, columns: slice) -> bytes:
    """Some rows and columns of a result, or of the original; slices may have steps."""
    if result is None:
        return encode_source(whole.at(rows, columns))
    cut = result.cut(whole, rows, columns)
    return encode_png(cut.entries, cut.indices, cut.alpha, optimize=False)
