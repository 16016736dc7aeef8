"""A result at a glance: its palette and figures, exact, but only the pixels that a small picture shows.

Many K are compared at once, and none of them needs all its pixels. Without dithering a pixel's entry depends
on its colour alone, so the thinned picture gets exactly the entries that the whole one would.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.encode import OPAQUE_FROM, FileSize, indexed_png_size, row_bands, scaled_png_size
from quantize.errors import QuantizeError
from quantize.metrics import Metrics, measure_palette
from quantize.nearest import remap
from quantize.picture import Picture
from quantize.previews import preview
from quantize.selection import select_palette
from quantize.settings import Settings
from quantize.spaces import Space, find_space

_SIZED_PIXELS = 500_000


@dataclass(frozen=True, eq=False)
class Glance:
    """What a result would be.

    Attributes
    ----------
    palette : uint8, shape (k, 3)
        As ``quantize_image`` finds it.
    indices : uint8, shape (h', w')
        Entries of the thinned picture (``previews.preview``).
    metrics : Metrics
        Exact, over all pixels.
    size : FileSize
        How long the optimised indexed PNG would be; estimated above half a megapixel.
    """

    palette: NDArray[np.uint8]
    indices: NDArray[np.uint8]
    metrics: Metrics
    size: FileSize


def glance_at(
    picture: Picture,
    settings: Settings,
    max_side: int,
    *,
    checkpoint: Callable[[], None] | None = None,
) -> Glance:
    """Look what ``quantize_image`` would give.

    Parameters
    ----------
    picture : Picture
        With at least one visible pixel.
    settings : Settings
        Without dithering.
    max_side : int
        Longest side of ``indices``.
    checkpoint : callable, optional
        Called often; what it raises ends the work.

    Raises
    ------
    QuantizeError
        If no pixel is visible, or the settings ask for dithering.
    """
    if settings.dithered:
        raise QuantizeError(f"a glance shows no dithering, got {settings.dither}: use quantize_image")
    space = find_space(settings.space)
    palette = select_palette(picture, settings, checkpoint=checkpoint).palette
    if checkpoint:
        checkpoint()
    return Glance(
        palette,
        _entries(preview(picture.pixels, max_side), palette, space),
        measure_palette(picture, palette, space),
        _size(picture, palette, space),
    )


def _size(picture: Picture, palette: NDArray[np.uint8], space: Space) -> FileSize:
    if picture.pixels[..., 0].size > _SIZED_PIXELS:
        return FileSize(estimate_png_size(picture, palette, space), estimated=True)
    return indexed_png_size(palette, _entries(picture.pixels, palette, space), picture.alpha)


def estimate_png_size(picture: Picture, palette: NDArray[np.uint8], space: Space) -> int:
    """About how many bytes the optimised indexed PNG would have, from bands of rows."""
    part = row_bands(picture.pixels, _SIZED_PIXELS)
    alpha = None if picture.alpha is None else row_bands(picture.alpha, _SIZED_PIXELS)
    if alpha is not None and len(palette) == 256 and (alpha < OPAQUE_FROM).any():
        alpha = None
    return scaled_png_size(palette, _entries(part, palette, space), alpha, len(picture.pixels))


def _entries(pixels: NDArray[np.uint8], palette: NDArray[np.uint8], space: Space) -> NDArray[np.uint8]:
    return remap(pixels, palette, None if space.key == "BGR" else space.to_working).indices
