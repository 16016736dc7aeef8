"""A result without its pixels: the palette, and which entry each distinct colour gets.

Without dithering a pixel's entry depends on its colour alone, so this is the whole result in a twentieth of
the time and space; the entries of any part of the picture are looked up when they are asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.colors.counted import Colored
from quantize.errors import QuantizeError
from quantize.selection import idle_notes, select_palette
from quantize.settings import Settings


@dataclass(frozen=True, eq=False)
class Outline:
    """What ``quantize_image`` would give.

    Attributes
    ----------
    palette, counts, settings, sse, iterations, notes
        As in ``Quantized``.
    table : uint8, shape (n_colors,)
        Palette entry of each colour in ``picture.color_set``, whose ``look_up`` takes it.
    """

    palette: NDArray[np.uint8]
    counts: NDArray[np.int64]
    settings: Settings
    sse: float
    iterations: int | None
    notes: tuple[str, ...]
    table: NDArray[np.uint8]


def outline_result(
    picture: Colored,
    settings: Settings,
    *,
    checkpoint: Callable[[], None] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Outline:
    """Find out what ``quantize_image`` would give, but for the pixels.

    Parameters
    ----------
    picture : Picture or Counted
        With at least one visible pixel; for ``cv2.kmeans`` a picture.
    settings : Settings
        Without dithering.
    checkpoint, progress : callable, optional
        As there.

    Raises
    ------
    QuantizeError
        If no pixel is visible, or the settings ask for dithering or partly transparent entries.
    """
    if settings.dithered:
        raise QuantizeError(f"an outline knows no dithering, got {settings.dither}: use quantize_image")
    settings = settings.resolved().beside(picture.opacity)
    if settings.by_pixel:
        raise QuantizeError(
            f"an outline knows no partly transparent entries, got alpha {settings.alpha}: use quantize_image"
        )
    selected = select_palette(picture, settings, checkpoint=checkpoint, progress=progress)
    mapped = selected.mapped
    notes = selected.notes + idle_notes(settings, mapped.counts) + picture.opacity.notes
    return Outline(
        selected.palette, mapped.counts, settings, mapped.sse, selected.iterations, notes, mapped.table
    )
