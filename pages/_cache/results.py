"""Results are made once; apart from them their entries are kept, and made again when they are needed.

That is an entry for every colour of the picture, or one for every pixel where it is dithered or may be partly
transparent.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from pages._cache.cache import Cache, nothing
from pages._cache.pictures import Pictures, Pixels
from pages._cache.queue import Checkpoint, Work
from pages._references import PictureRef, ResultRef
from quantize import Metrics, Picture, Quantized, Settings, ahead, measure, quantize_image
from quantize.ahead import FIGURES, is_compiling
from quantize.colors.counted import Counted
from quantize.colors.nearest import Mapped, look_up_pixels
from quantize.colors.spaces import find_space
from quantize.measuring.metrics import measure_looks, measure_mapped
from quantize.methods.table import find_method
from quantize.outline import Outline, outline_result

Progress = Callable[[float], None]

LIVE_SECONDS = 0.15
"""What takes longer is shown where a slider rests, ..."""

REST_SECONDS, REST_MS = 1.0, 150
"""... and what takes longer than this when it is let go."""


@dataclass(frozen=True, eq=False)
class Timed:
    """A result and the seconds it took when it was made; None if a compiler was at work beside it."""

    result: ResultRef
    seconds: float | None


@dataclass(frozen=True, eq=False)
class OpenResult:
    """A result whose entries can be found.

    Attributes
    ----------
    ref : ResultRef
    colors : Counted or None
        The picture's colours, if a pixel's entry depends on nothing else.
    entries : uint8
        Of each of these colours, shape (n_colors,); else of every pixel, shape (h, w).
    """

    ref: ResultRef
    colors: Counted | None
    entries: NDArray[np.uint8]

    def look_up(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
        """Entries of some of the picture's own pixels, uint8 (h, w, 3); None if colours do not tell."""
        if self.colors is None:
            return None
        rows = np.ascontiguousarray(pixels).reshape(-1, 3)
        return self.colors.color_set.look_up(rows, self.entries)[0].reshape(pixels.shape[:2])

    def cut(self, whole: Pixels, rows: slice, columns: slice) -> Quantized:
        """Some rows and columns of the result, of all the picture's pixels; slices may have steps."""
        part = whole.at(rows, columns)
        indices = self.look_up(part.pixels)
        if indices is None:
            indices = np.ascontiguousarray(self.entries[rows, columns])
        return self._quantized(indices, part.alpha)

    def whole(self, picture: Picture) -> Quantized:
        """All of the result."""
        if self.colors is None:
            return self._quantized(self.entries, picture.alpha)
        to_working = find_space(self.ref.settings.space).mapping
        found = self.colors.color_set
        indices, _ = look_up_pixels(
            picture.pixels, picture.alpha, found, self.entries, self.ref.palette, to_working
        )
        return self._quantized(indices, picture.alpha)

    def _quantized(self, indices: NDArray[np.uint8], alpha: NDArray[np.uint8] | None) -> Quantized:
        ref = self.ref
        return Quantized(
            ref.palette, indices, ref.counts, ref.settings, ref.sse, ref.iterations, alpha, ref.notes,
            ref.opacities,
        )  # fmt: skip


def work_of(settings: Settings) -> Work:
    """What kind of work quantizing is."""
    if settings.method == "opencv":
        return Work.LONG  # its checkpoints are an attempt apart
    slow = settings.search.effort == "best" or settings.search.attempts > 1
    slow = slow or find_method(settings.method).pixelwise
    return Work.STEPS if settings.by_pixel or slow else Work.QUICK


def pause_before(settings: Settings, seconds: float | None) -> int | None:
    """Milliseconds that a slider has to rest before others like a result that took so long are made.

    None if they are not to be made before it is let go.
    """
    if work_of(settings) is Work.QUICK or (seconds is not None and seconds <= LIVE_SECONDS):
        return 0
    return REST_MS if seconds is not None and seconds <= REST_SECONDS else None


class Results:
    """Results of all visitors.

    Parameters
    ----------
    cache : Cache
        Where they are kept.
    pictures : Pictures
        Of what.
    """

    def __init__(self, cache: Cache, pictures: Pictures) -> None:
        self._cache = cache
        self._pictures = pictures

    def quantize(
        self,
        source: PictureRef,
        settings: Settings,
        checkpoint: Checkpoint,
        progress: Progress | None = None,
        picture: Picture | Counted | None = None,
    ) -> Timed:
        """Quantize a picture, unless that result is kept; ``picture`` if it is open already.

        What is quickly made is made again when its time was not to be known before.
        """
        timed, settings = self._cache.timed(checkpoint), settings.beside(source.opacity)

        def make() -> Timed:
            opened = picture or self._open(source, settings)
            slowed, started = is_compiling(), time.perf_counter()
            made = _made(opened, settings, timed, progress)
            seconds = time.perf_counter() - started
            self._keep_entries(source, settings, lambda: _entries(made))
            return Timed(_refer(source, made), None if slowed or is_compiling() else seconds)

        key, work = ("result", source.digest, settings), work_of(settings)
        opens = partial(self._pictures.open_colors, source) if work is Work.QUICK else nothing
        found: Timed = self._cache.get_or_make(key, make, work=work, opens=opens, checkpoint=checkpoint)
        if found.seconds is None and work is Work.QUICK and not is_compiling():
            self._cache.forget(key)
            found = self._cache.get_or_make(key, make, work=work, opens=opens, checkpoint=checkpoint)
        return found

    def open(self, ref: ResultRef, picture: Picture | None = None) -> OpenResult:
        """Open a result; its entries are made again if they are not kept any more."""
        source, settings = ref.source, ref.settings
        colors = None if settings.by_pixel else self._pictures.open_colors(source)

        def make() -> NDArray[np.uint8]:
            return _entries(_made(picture or self._open(source, settings), settings, None, None))

        return OpenResult(ref, colors, self._keep_entries(source, settings, make))

    def measure(
        self, ref: ResultRef, opened: OpenResult | None = None, picture: Picture | None = None
    ) -> Metrics:
        """How far a result is from its original; ``opened`` and ``picture`` if they are open already."""
        ahead.wait(FIGURES)  # loops that a helper has begun are there sooner than if they were begun again

        def make() -> Metrics:
            found = opened or self.open(ref, picture)
            if found.colors is None:
                original = picture or self._pictures.open(ref.source)
                return measure(original, found.whole(original))
            return measure_mapped(found.colors, ref.palette, Mapped(found.entries, ref.counts, int(ref.sse)))

        key = "metrics", ref.source.digest, ref.settings
        if ref.settings.by_pixel:
            return self._cache.get_or_make(key, make)
        return self._cache.get_or_make(key, make, work=Work.QUICK, opens=lambda: self.open(ref))

    def measure_looks(self, ref: ResultRef) -> float:
        """SSIMULACRA2 of a result."""

        def make() -> float:
            original = self._pictures.open(ref.source)
            return measure_looks(original, self.open(ref, original).whole(original))

        return self._cache.get_or_make(("looks", ref.source.digest, ref.settings), make)

    def _open(self, source: PictureRef, settings: Settings) -> Picture | Counted:
        """Open of a picture what a fit needs."""
        needs_pixels = settings.by_pixel or find_method(settings.method).pixelwise
        return self._pictures.open(source) if needs_pixels else self._pictures.open_colors(source)

    def _keep_entries(
        self, source: PictureRef, settings: Settings, make: Callable[[], NDArray[np.uint8]]
    ) -> NDArray[np.uint8]:
        work = Work.LONG if settings.by_pixel else work_of(settings)
        return self._cache.get_or_make(("entries", source.digest, settings), make, work=work)


def _made(
    opened: Picture | Counted, settings: Settings, checkpoint: Checkpoint | None, progress: Progress | None
) -> Outline | Quantized:
    if settings.by_pixel:
        assert isinstance(opened, Picture)
        return quantize_image(opened, settings, checkpoint=checkpoint, progress=progress)
    return outline_result(opened, settings, checkpoint=checkpoint, progress=progress)


def _entries(made: Outline | Quantized) -> NDArray[np.uint8]:
    return made.table if isinstance(made, Outline) else made.indices


def _refer(source: PictureRef, made: Outline | Quantized) -> ResultRef:
    names = ("palette", "counts", "settings", "sse", "iterations", "notes")
    found = {name: getattr(made, name) for name in names}
    return ResultRef(source, **found, opacities=None if isinstance(made, Outline) else made.opacities)
