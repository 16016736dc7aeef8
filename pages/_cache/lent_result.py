"""Results that hold nothing large: palette, figures, and an entry for every colour instead of every pixel."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pages._cache.keeper import Keeper
from pages._cache.queue import Checkpoint, Work
from quantize import Metrics, Picture, Quantized, Settings, measure, quantize_image
from quantize.colors.nearest import Mapped
from quantize.measuring.metrics import measure_mapped
from quantize.outline import Outline, outline_result


@dataclass(frozen=True, eq=False)
class Timed:
    """A result and the seconds it took when it was made."""

    result: Quantized
    seconds: float


class LentResult(Quantized):
    """A result that asks for the entries of its pixels where they are used.

    Parameters
    ----------
    result : Outline or Quantized
        What it stands for; of a dithered one the indices are not kept.
    source : Picture
        Of what.
    indices : callable
        Gives the indices, made anew if they are not kept any more.
    """

    def __init__(
        self, result: Outline | Quantized, source: Picture, indices: Callable[[], NDArray[np.uint8]]
    ) -> None:
        names = ("palette", "counts", "settings", "sse", "iterations", "notes")
        given: dict[str, Any] = {name: getattr(result, name) for name in names}
        table = result.table if isinstance(result, Outline) else None
        self.__dict__.update(given, table=table, _source=source, _indices=indices)

    @property
    def indices(self) -> NDArray[np.uint8]:
        """As in ``Quantized``."""
        return self.__dict__["_indices"]()

    @property
    def alpha(self) -> NDArray[np.uint8] | None:
        """As in ``Quantized``, and so are the others."""
        return self.__dict__["_source"].alpha

    @property
    def shape(self) -> tuple[int, int]:
        """Without asking for anything."""
        width, height = self.__dict__["_source"].size
        return height, width

    def entries_at(self, rows: slice, columns: slice) -> NDArray[np.uint8]:
        """Looked up for these pixels, unless dithering mixed them."""
        found = entries(self, self.__dict__["_source"].pixels[rows, columns])
        return self.indices[rows, columns] if found is None else found


def entries(result: Quantized, pixels: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Palette entries of a part of a picture's own pixels, uint8 (h, w, 3); None if dithering mixes them."""
    table = result.__dict__.get("table")
    if table is None:
        return None
    assert isinstance(result, LentResult)
    color_set = result.__dict__["_source"].color_set
    rows = np.ascontiguousarray(pixels).reshape(-1, 3)
    return color_set.look_up(rows, table)[0].reshape(pixels.shape[:2])


def measure_lent(source: Picture, result: Quantized) -> Metrics:
    """How far a result is from its original, without finding the entries of all colours again."""
    table = result.__dict__.get("table")
    if table is None:
        return measure(source, result)
    return measure_mapped(source, result.palette, Mapped(table, result.counts, int(result.sse)))


def work_of(settings: Settings) -> Work:
    """What kind of work quantizing is."""
    if settings.method == "opencv":
        return Work.LONG  # its checkpoints are an attempt apart
    slow = settings.search.effort == "best" or settings.search.attempts > 1
    return Work.STEPS if settings.dithered or slow else Work.QUICK


def quantize_lent(
    keeper: Keeper,
    source: Picture,
    settings: Settings,
    checkpoint: Checkpoint,
    progress: Callable[[float], None] | None,
) -> Timed:
    """Quantize a picture unless that is kept; its indices are kept apart, to be made again alone."""
    timed, pixels_key = keeper.timed(checkpoint), ("indices", source.digest, settings)

    def indices() -> NDArray[np.uint8]:
        make = partial(quantize_image, source, settings)
        return keeper.get_or_make(pixels_key, lambda: make().indices, work=Work.LONG)

    def make() -> Timed:
        started, result = time.perf_counter(), None
        if settings.dithered:
            whole = quantize_image(source, settings, checkpoint=timed, progress=progress)
            keeper.get_or_make(pixels_key, lambda: whole.indices)
            result = LentResult(whole, source, indices)
        else:
            outline = outline_result(source, settings, checkpoint=timed, progress=progress)
            result = LentResult(outline, source, indices)
        return Timed(result, time.perf_counter() - started)

    key = "result", source.digest, settings
    if not keeper.store.has(key):
        _ = source.cells  # may take a turn to decode the picture, which is no quick work
    return keeper.get_or_make(key, make, work=work_of(settings), checkpoint=checkpoint)
