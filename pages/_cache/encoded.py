"""Pictures as the pages show them: thinned where they are large, and not one colour added on the way."""

from collections.abc import Sequence

import numpy as np

from pages._cache.lent import Raw
from pages._cache.lent_result import entries
from quantize import Picture, Quantized
from quantize.rendering.encode import (
    FileSize,
    aim_for,
    encode_png,
    indexed_png_size,
    png_size,
    scaled_png_size,
)
from quantize.rendering.previews import encode_original, grid

PREVIEW_SIDE = 1600
TILE_SIDE = 1024


def encode_source(thinned: Raw) -> bytes:
    """The original, lossless."""
    return encode_original(thinned.pixels, thinned.alpha)[0]


def encode_result(result: Quantized, thinned: Raw, side: int) -> bytes:
    """A result, thinned as its source is to no more than ``side``: an indexed PNG."""
    indices = entries(result, thinned.pixels)
    if indices is None:
        indices = np.ascontiguousarray(result.entries_at(*grid(result.shape, side)))
    return encode_png(result.palette, indices, thinned.alpha, optimize=False)


def encode_blank(thinned: Raw) -> bytes:
    """Middle grey of a picture's size, to keep the place of what is not ready."""
    shape = thinned.pixels.shape[:2]
    return encode_png(np.full((1, 3), 128, np.uint8), np.zeros(shape, np.uint8), optimize=False)


def encode_download(source: Picture, result: Quantized) -> bytes:
    """A result in full resolution, as small as an indexed PNG can reasonably be made."""
    aim = aim_for(source, result.sse)
    return encode_png(result.palette, result.indices, result.alpha, optimize=True, dpi=source.dpi, aim=aim)


def measure_size(source: Picture, result: Quantized, bands: Raw) -> FileSize:
    """Length of a result's file: of bands of its rows, scaled up, unless they are all there is."""
    height, aim = source.size[1], aim_for(source, result.sse)
    indices = entries(result, bands.pixels)
    if indices is None:
        return indexed_png_size(result.palette, result.indices, result.alpha, dpi=source.dpi, aim=aim)
    if len(indices) == height:
        return indexed_png_size(result.palette, indices, bands.alpha, dpi=source.dpi, aim=aim)
    n_bytes = scaled_png_size(result.palette, indices, bands.alpha, height, dpi=source.dpi)
    return FileSize(n_bytes, estimated=True)


def measure_source(source: Picture, bands: Raw) -> FileSize:
    """Length of the original as an ordinary PNG, likewise."""
    rows, height = len(bands.pixels), source.size[1]
    size = png_size(bands.pixels, bands.alpha)
    return FileSize(round(size.n_bytes * height / rows), estimated=rows < height)


def part(
    source: Picture, results: Sequence[Quantized], left: int, top: int, right: int, bottom: int, pane: int
) -> bytes:
    """A part of the original (pane 0) or of a result in full resolution."""
    result = results[pane - 1] if pane else None
    return encode_cut(source, result, slice(top, bottom), slice(left, right))


def encode_cut(source: Picture, result: Quantized | None, rows: slice, columns: slice) -> bytes:
    """Some rows and columns of a result, or of the original; slices may have steps."""
    alpha = None if source.alpha is None else np.ascontiguousarray(source.alpha[rows, columns])
    if result is None:
        return encode_original(np.ascontiguousarray(source.pixels[rows, columns]), alpha)[0]
    indices = np.ascontiguousarray(result.entries_at(rows, columns))
    return encode_png(result.palette, indices, alpha, optimize=False)
