"""Files that pages show or offer, and how large they are."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pages._cache import binding, encoded
from pages._cache.encoded import TILE_SIDE
from pages._cache.opening import kept, open_picture, open_pixels, open_result
from pages._cache.pictures import PREVIEW_SIDE, Pixels
from pages._cache.queue import Work
from pages._cache.results import OpenResult
from pages._references import PictureRef, ResultRef
from pages._store.format import encode_lossless
from quantize import Picture, Quantized
from quantize.rendering.rivals import FileSize
from quantize.rendering.row_bands import Bands

Entries = NDArray[np.uint8]


def original_preview(source: PictureRef, side: int = PREVIEW_SIDE) -> bytes:
    """The original at preview size, lossless."""
    thinned = partial(binding.bound().pictures.open_thinned, source, side)
    return _shown(("original", source.digest, side), lambda: encoded.encode_source(thinned()), thinned)


def result_preview(result: ResultRef) -> bytes:
    """The result at preview size: an indexed PNG, so that not one colour is added on the way."""
    here, key = binding.bound(), ("preview", result.source.digest, result.settings)
    thinned = partial(here.pictures.open_thinned, result.source, PREVIEW_SIDE)
    opened = partial(here.results.open, result)

    def encode() -> bytes:
        return encoded.encode_result(opened(), thinned(), PREVIEW_SIDE)

    return _shown(key, encode, thinned) if result.settings.by_pixel else _shown(key, encode, thinned, opened)


def part(
    source: PictureRef, results: Sequence[ResultRef], left: int, top: int, right: int, bottom: int, pane: int
) -> bytes:
    """A part of the original (pane 0) or of a result in full resolution; quick, so not kept."""
    with binding.bound().cache.turn():
        result = open_result(results[pane - 1]) if pane else None
        return encoded.encode_cut(open_pixels(source), result, slice(top, bottom), slice(left, right))


def blank(source: PictureRef) -> bytes:
    """Middle grey of a tile's size, to keep the place of what is not ready."""
    thinned = partial(binding.bound().pictures.open_thinned, source, TILE_SIDE)
    return _shown(("blank", source.digest), lambda: encoded.encode_blank(thinned()), thinned)


def mask(source: PictureRef, name: tuple[Any, ...], find: Callable[[], NDArray[np.bool_]]) -> bytes:
    """Where some of a picture's colours are, at preview size: white on black.

    Parameters
    ----------
    source : PictureRef
    name : tuple
        Of what is found.
    find : callable
        Tells of each of the picture's colours, by its position, whether it is one of them; called in a turn.
    """
    here = binding.bound().pictures
    thinned = partial(here.open_thinned, source, PREVIEW_SIDE)

    def encode() -> bytes:
        return encoded.encode_mask(here.open_colors(source).color_set, thinned(), find())

    return _shown(("mask", source.digest, *name), encode, thinned)


def thumbnail(source: PictureRef) -> tuple[bytes, str]:
    """A small picture of the original, and its media type."""
    return binding.bound().pictures.thumbnail(source)


def icon(source: PictureRef) -> bytes:
    """A tiny picture of the original."""
    thinned = partial(binding.bound().pictures.open_thinned, source, PREVIEW_SIDE)
    return _shown(("icon", source.digest), lambda: encoded.encode_tiny(thinned()), thinned)


def download(result: ResultRef, entries: Entries | None = None) -> bytes:
    """The result in full resolution, as small as an indexed PNG can reasonably be made.

    Its entries are those of the result, or ``entries``, uint8 (n, 3) or (n, 4), which hold all of those.
    """
    entries = result.entries if entries is None else entries

    def encode(source: PictureRef, whole: Quantized) -> bytes:
        return encoded.encode_download(source, whole.with_entries(entries))

    return _file(("download", entries.tobytes()), result, encode)


def download_rgba(result: ResultRef) -> bytes:
    """The result in full resolution with its partial transparency."""
    return _file(("rgba",), result, encoded.encode_rgba)


def _file(kind: tuple[Any, ...], result: ResultRef, encode: Callable[[PictureRef, Any], bytes]) -> bytes:
    def make() -> bytes:
        opened = open_picture(result.source)
        return encode(result.source, open_result(result, opened).whole(opened))

    return kept((*kind, result.source.digest, result.settings), make, Work.LONG)


def download_size(result: ResultRef, entries: Entries | None = None) -> FileSize:
    """How large the download is or, for large pictures, about is."""
    return measure_file(result, entries=entries)


def measure_file(
    result: ResultRef,
    opened: OpenResult | None = None,
    picture: Picture | None = None,
    entries: Entries | None = None,
) -> FileSize:
    """The same; ``opened`` and ``picture`` if they are open already."""
    entries = result.entries if entries is None else entries

    def make() -> FileSize:
        here, source = binding.bound().pictures, result.source
        given: Pixels | Bands
        if result.settings.by_pixel:
            given = Pixels.of(picture) if picture else here.open_pixels(source)
        else:
            given = here.open_bands(source)
        return encoded.measure_size(opened or open_result(result), given, entries)

    return kept(("download size", entries.tobytes(), result.source.digest, result.settings), make)


def source_png(source: PictureRef) -> bytes:
    """The original in full resolution, as PNG with all its transparency."""

    def make() -> bytes:
        return encode_lossless(open_picture(source))

    return kept(("source png", source.digest), make, Work.LONG)


def original_png_size(source: PictureRef) -> FileSize:
    """How large the original would be as an ordinary PNG."""
    bands = binding.bound().pictures.open_bands
    return kept(("size", source.digest), lambda: encoded.measure_source(source, bands(source)))


def _shown(key: tuple[Any, ...], encode: Callable[[], bytes], *opens: Callable[[], object]) -> bytes:
    """What the page shows, made of what these open."""
    return binding.bound().cache.get_or_make(
        key, encode, work=Work.QUICK, opens=lambda: [each() for each in opens]
    )
