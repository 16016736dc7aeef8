"""Pictures are loaded, counted and cut into parts; every part is kept apart and made again when it is needed.

What is opened here are real arrays: whoever opens them holds a turn, and lets go of them when it ends.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pages import _host
from pages._cache.cache import Cache
from pages._cache.queue import Work
from pages._references import Key, Lost, PictureRef, Source
from quantize import Animation, Picture, QuantizeError, load_animation
from quantize.colors.colorset import ColorSet
from quantize.colors.counted import Counted
from quantize.rendering.previews import encode_thumbnail, preview
from quantize.rendering.row_bands import Bands, take_bands

KINDS = ("reference", "pixels", "counts", "colors", "frames")
"""First parts of the keys under which parts of a picture are kept, with its key."""

PREVIEW_SIDE = 1600
THUMBNAIL_SIDE = 480
LARGE_PIXELS = 2**24
"""More pixels are long work: whoever brings them leaves one place to others."""
# File sizes are measured on so many pixels, in some 10 ms: within 10 % on photos and drawn screens of 4 to
# 24 megapixels. Files of up to two megapixels are packed better; that takes longer to tell, and half as many
# are a larger share of them.
MEASURED_PIXELS, MEASURED_OF_FEW, FEW_PIXELS = 1_000_000, 500_000, 2_000_000
# What it takes about to get a large picture's pixels again.
DECODING_SECONDS = 0.2
# Share of the main store that a picture's pixels may take when nobody has asked for them yet.
MOST_PIXELS = 0.125


@dataclass(frozen=True, eq=False)
class Pixels:
    """Pixels and alpha of a picture, or of a part of it."""

    pixels: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None

    @classmethod
    def of(
        cls,
        picture: "Picture | Pixels",
        cut: Callable[[NDArray[np.uint8]], NDArray[np.uint8]] = np.asarray,
    ) -> "Pixels":
        """All of a picture, or a part of it."""
        alpha = picture.alpha
        return cls(cut(picture.pixels), None if alpha is None else cut(alpha))

    def at(self, rows: slice, columns: slice) -> "Pixels":
        """Some rows and columns; slices may have steps."""
        return Pixels.of(self, lambda array: np.ascontiguousarray(array[rows, columns]))


@dataclass(frozen=True, eq=False)
class _Counts:
    """Distinct colours, uint8 (n, 3), and their pixels, uint32 (n,): ``Counted`` is made of these in some
    milliseconds, and takes five to ten times the room.
    """

    colors: NDArray[np.uint8]
    counts: NDArray[np.uint32]

    @classmethod
    def of(cls, given: Pixels) -> "_Counts":
        """Count."""
        found = ColorSet.of(given.pixels, given.alpha)
        return cls(found.colors, found.counts)


class Pictures:
    """Pictures of all visitors.

    Parameters
    ----------
    cache : Cache
        Where their parts are kept.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def refer(self, source: Source) -> PictureRef:
        """Refer to a picture, loaded and counted unless that is kept.

        Raises
        ------
        QuantizeError
            If it cannot be loaded.
        """
        key = "reference", source.key
        known = self._cache.is_in_turn or self._cache.has(key)
        # Whoever brings a picture of seconds must leave a place to those with one of a moment.
        work = Work.LONG if not known and source.weigh() > LARGE_PIXELS else Work.SHORT
        return self._get("reference", source, lambda: self._load(source), work)

    def _load(self, source: Source) -> PictureRef:
        loaded = source.load()
        pixels = Pixels.of(loaded)
        if self._cut_all(loaded):
            self._get("pixels", source, lambda: pixels)
        names = ("digest", "file_digest", "format", "mode", "size", "n_bytes", "notes", "dpi", "opacity")
        known = {name: getattr(loaded, name) for name in names}
        return PictureRef(source, n_colors=len(self._counts(source, pixels).counts), **known)

    def _cut_all(self, loaded: Picture) -> bool:
        """Cut out of a picture what the front page shows; True if there is room for all its pixels, too."""
        if max(loaded.size) <= PREVIEW_SIDE:
            return True  # its pixels are what is shown
        pixels = Pixels.of(loaded)
        self._cut("thumbnail", loaded.digest, lambda: _thumbnail(pixels))
        self._cut(f"thinned {PREVIEW_SIDE}", loaded.digest, lambda: _thin(pixels, PREVIEW_SIDE))
        self._cut("bands", loaded.digest, lambda: _bands(pixels))
        return loaded.pixels.nbytes < self._cache.main.max_bytes * MOST_PIXELS

    def open_pixels(self, picture: PictureRef) -> Pixels:
        """All pixels of a picture.

        Raises
        ------
        Lost
            If they are not kept and cannot be loaded any more; all that opens a picture does.
        """
        return self._pixels(picture.source)

    def open_colors(self, picture: PictureRef) -> Counted:
        """All colours of a picture."""
        return self._cache.get_or_make(
            ("colors", picture.source.key), lambda: self._count(picture), work=None, apart=True
        )

    def open(self, picture: PictureRef) -> Picture:
        """The picture itself."""
        opened = self.open_pixels(picture)
        names = ("file_digest", "format", "mode", "size", "n_bytes", "notes", "dpi")
        known = {name: getattr(picture, name) for name in names}
        return Picture(opened.pixels, opened.alpha, known=self.open_colors(picture), **known)

    def open_thinned(self, picture: PictureRef, side: int, opened: Picture | None = None) -> Pixels:
        """A picture no longer than that; kept apart, so that results are shown without its own pixels."""

        def whole() -> Pixels:
            return Pixels.of(opened) if opened else self.open_pixels(picture)

        if max(picture.size) <= side:
            return whole()
        return self._cut(f"thinned {side}", picture.digest, lambda: _thin(whole(), side))

    def open_animation(self, picture: PictureRef) -> Animation:
        """All frames of a picture's file.

        Raises
        ------
        QuantizeError
            If they cannot be read within this host's limits.
        """
        return self._get("frames", picture.source, lambda: _load_frames(picture.source), Work.LONG)

    def open_bands(self, picture: PictureRef, many: bool = False) -> Bands:
        """Bands of a picture's rows, to measure file sizes on; ``many`` for sizes that take little time."""
        if many and picture.size[0] * picture.size[1] <= FEW_PIXELS:
            return _take_bands(self.open_pixels(picture), MEASURED_PIXELS)
        return self._cut("bands", picture.digest, lambda: _bands(self.open_pixels(picture)))

    def thumbnail(self, picture: PictureRef) -> tuple[bytes, str]:
        """A small file of a picture, to recognise it by, and its media type."""
        return self._cut("thumbnail", picture.digest, lambda: _thumbnail(self.open_pixels(picture)))

    def forget(self, key: Key) -> None:
        """Drop what is kept under a picture's key."""
        for kind in KINDS:
            self._cache.forget((kind, key))

    def _count(self, picture: PictureRef) -> Counted:
        counts = self._counts(picture.source)
        found = Counted.of(ColorSet.listed(counts.colors, counts.counts), picture.opacity)

        def keep(key: Hashable, make: Callable[[], Any]) -> Any:
            return self._cache.get_or_make(("fitted", picture.digest, key), make, work=None, apart=True)

        return replace(found, cells=found.cells.keeping(keep))

    def _counts(self, source: Source, pixels: Pixels | None = None) -> _Counts:
        return self._get("counts", source, lambda: _Counts.of(pixels or self._pixels(source)))

    def _pixels(self, source: Source) -> Pixels:
        return self._get("pixels", source, lambda: _load_pixels(source))

    def _get(self, kind: str, source: Source, make: Callable[[], Any], work: Work = Work.SHORT) -> Any:
        return self._cache.get_or_make(
            (kind, source.key), make, work=work, everybodys=source.everybodys, again=DECODING_SECONDS
        )

    def _cut(self, kind: str, digest: str, make: Callable[[], Any]) -> Any:
        """What is quickly made of all pixels, which not many may hold at once: so it takes a turn."""
        return self._cache.get_or_make((kind, digest), make, again=DECODING_SECONDS)


def _load_pixels(source: Source) -> Pixels:
    try:
        return Pixels.of(source.load())
    except QuantizeError as error:
        raise Lost(source.key, error) from error


def _load_frames(source: Source) -> Animation:
    try:
        data = source.read()
    except QuantizeError as error:
        raise Lost(source.key, error) from error
    return load_animation(data, max_pixels=_host.number("QUANTIZE_MEGAPIXELS") * 2**20)


def _thin(given: Pixels, side: int) -> Pixels:
    return Pixels.of(given, lambda array: preview(array, side))


def _bands(given: Pixels) -> Bands:
    few = given.pixels.size // 3 <= FEW_PIXELS
    return _take_bands(given, MEASURED_OF_FEW if few else MEASURED_PIXELS)


def _take_bands(given: Pixels, n_pixels: int) -> Bands:
    return take_bands(given.pixels, given.alpha, n_pixels)


def _thumbnail(given: Pixels) -> tuple[bytes, str]:
    return encode_thumbnail(given.pixels, given.alpha, THUMBNAIL_SIDE)
