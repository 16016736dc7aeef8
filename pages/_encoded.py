"""Pictures as the pages show them: thinned where they are large, and not one colour added on the way."""

import numpy as np

from quantize import Picture, Quantized
from quantize.encode import encode_png
from quantize.previews import encode_original, preview

PREVIEW_SIDE = 1600
TILE_SIDE = 1024


def encode_source(source: Picture, side: int) -> bytes:
    """The original with no side longer than ``side``, lossless."""
    return encode_original(*_thinned(source.pixels, source.alpha, side))[0]


def encode_result(result: Quantized, side: int) -> bytes:
    """A result likewise: an indexed PNG."""
    indices, alpha = _thinned(result.indices, result.alpha, side)
    return encode_png(result.palette, indices, alpha, optimize=False)


def encode_blank(source: Picture) -> bytes:
    """Middle grey of a tile's size, to keep the place of what is not ready."""
    shape = preview(source.pixels, TILE_SIDE).shape[:2]
    return encode_png(np.full((1, 3), 128, np.uint8), np.zeros(shape, np.uint8), optimize=False)


def part(
    source: Picture, result: Quantized, left: int, top: int, right: int, bottom: int, pane: int
) -> bytes:
    """A part of the original (pane 0) or of the result in full resolution; quick, so not kept."""
    place = np.s_[top:bottom, left:right]
    if pane == 0:
        alpha = None if source.alpha is None else source.alpha[place]
        return encode_original(source.pixels[place], alpha)[0]
    alpha = None if result.alpha is None else result.alpha[place]
    return encode_png(result.palette, result.indices[place], alpha, optimize=False)


def _thinned(array: np.ndarray, alpha: np.ndarray | None, side: int) -> tuple[np.ndarray, np.ndarray | None]:
    return preview(array, side), None if alpha is None else preview(alpha, side)
