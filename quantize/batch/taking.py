"""The palette of every picture of many, and a small view of it where one is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.batch.converting import read_apart
from quantize.batch.inputs import Source
from quantize.batch.remote import read_place
from quantize.batch.running import work_through
from quantize.colors.opacity import is_visible
from quantize.decoding.picture import Picture
from quantize.decoding.worker import Workers
from quantize.errors import QuantizeError
from quantize.limits import MAX_BYTES
from quantize.palettes.order import sort_palette
from quantize.palettes.palette import Palette
from quantize.pipeline import quantize_image
from quantize.rendering.previews import preview
from quantize.rendering.sheet import PAPER
from quantize.settings import Settings

VIEW_SIDE = 240
"""Longest side of a view in pixels, about."""


@dataclass(frozen=True, eq=False)
class Taken:
    """What was taken of a picture.

    Attributes
    ----------
    source : Source
    palette : Palette or None
        Its colours, the largest share first; None if it cannot be read.
    error : str
        Why it cannot.
    notes : tuple of str
        What was changed.
    view : uint8, shape (h, w, 3), or None
        The picture, thinned; paper where it is transparent.
    """

    source: Source
    palette: Palette | None
    error: str = ""
    notes: tuple[str, ...] = ()
    view: NDArray[np.uint8] | None = None


def take_palettes(
    sources: Sequence[Source], settings: Settings, workers: Workers, jobs: int, *, views: bool = False
) -> Iterator[Taken]:
    """Take the palette of every picture, and yield them in order.

    Parameters
    ----------
    sources : sequence of Source
    settings : Settings
        Without dithering.
    workers : Workers
        Processes that read files.
    jobs : int
        Pictures under way at once.
    views : bool
        Whether to keep a view of each.
    """

    def take(source: Source) -> Taken:
        try:
            return _take(source, settings, workers, views)
        except QuantizeError as error:
            return Taken(source, None, str(error))
        except MemoryError:
            return Taken(source, None, "there is not enough memory for it")

    return work_through(sources, take, jobs)


def _take(source: Source, settings: Settings, workers: Workers, views: bool) -> Taken:
    picture = read_apart(read_place(source.path, MAX_BYTES), workers)
    result = quantize_image(picture, settings)
    palette = sort_palette(Palette.from_counts(result.palette, result.counts), "share")
    return Taken(source, palette, "", picture.notes, _view(picture) if views else None)


def _view(picture: Picture) -> NDArray[np.uint8]:
    view = np.array(preview(picture.pixels, VIEW_SIDE))  # a copy: the whole picture can go
    if picture.alpha is not None:
        view[~is_visible(preview(picture.alpha, VIEW_SIDE))] = PAPER
    return view
