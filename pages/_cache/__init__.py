"""What was computed once is kept for everyone, within a bound: the only folder that caches.

Pages get references (``pages/_references.py``), files and figures here. Keys are digests of the upload's
bytes and frozen settings, never pixels: Streamlit's own cache hashes large arrays by sampling.

What a page works out of pixels it hands to ``kept`` as a function. That runs in a turn, and there
``open_picture``, ``open_pixels``, ``open_colors`` and ``open_result`` give it real arrays.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from pages._cache import binding, encoded
from pages._cache.binding import warm_up
from pages._cache.color_facts import ColorFacts, find_facts
from pages._cache.encoded import TILE_SIDE
from pages._cache.pictures import PREVIEW_SIDE, Pixels
from pages._cache.queue import Checkpoint, Work
from pages._cache.results import OpenResult, Progress, Timed, work_of
from pages._cache.shares import open_shares, share_store
from pages._references import PictureRef, ResultRef, Source
from pages._store.store import Receipt
from quantize import Metrics, Picture, Settings
from quantize.colors.counted import Counted
from quantize.curve import CurvePoint, error_curve
from quantize.decoding import worker
from quantize.decoding.samples import load_sample
from quantize.rendering.encode import FileSize

__all__ = [
    "PREVIEW_SIDE",
    "TILE_SIDE",
    "Timed",
    "Work",
    "open_shares",
    "share_store",
    "warm_up",
    "work_of",
]


def kept(key: tuple[Any, ...], make: Callable[[], Any], work: Work = Work.SHORT) -> Any:
    """Anything else that a page works out: ``key`` holds names, digests and settings, never pixels."""
    return binding.bound().cache.get_or_make(key, make, work=work)


def sample(key: str) -> PictureRef:
    """A sample picture."""
    return binding.bound().pictures.refer(Source(("sample", key), partial(load_sample, key), everybodys=True))


def picture(data: bytes, digest: str) -> PictureRef:
    """The picture in an upload's bytes.

    Raises
    ------
    QuantizeError
        If the bytes are no picture that can be used.
    """
    source = Source(("picture", digest), partial(worker.load_picture_apart, data))
    return binding.bound().pictures.refer(source)


def shared_picture(id: str) -> PictureRef:
    """A shared picture.

    Raises
    ------
    QuantizeError
        If it is not there any more, or the store fails.
    """
    source = Source(("shared", id), lambda: worker.load_picture_apart(open_shares().get(id).data))
    return binding.bound().pictures.refer(source)


def forget_shared(id: str) -> None:
    """Drop a shared picture that was deleted."""
    binding.bound().pictures.forget(("shared", id))


def share(source: PictureRef, name: str | None) -> Receipt:
    """Store a picture for whoever has its link, under this name if there is one.

    Raises
    ------
    QuantizeError
        If the store fails or has no room.
    """
    with binding.bound().cache.turn():
        opened = open_picture(source)
    return open_shares().put(opened, name)


def open_picture(source: PictureRef) -> Picture:
    """The picture itself, within a turn."""
    return _in_turn().pictures.open(source)


def open_pixels(source: PictureRef) -> Pixels:
    """All its pixels, within a turn."""
    return _in_turn().pictures.open_pixels(source)


def open_colors(source: PictureRef) -> Counted:
    """All its colours, within a turn."""
    return _in_turn().pictures.open_colors(source)


def open_result(result: ResultRef, opened: Picture | None = None) -> OpenResult:
    """A result whose entries can be found, within a turn; ``opened`` is its picture, if that is open."""
    return _in_turn().results.open(result, opened)


def _in_turn() -> binding.Bound:
    here = binding.bound()
    if not here.cache.is_in_turn:
        raise RuntimeError("pictures and results must be opened within a turn: in a function given to kept")
    return here


def quantized(
    source: PictureRef, settings: Settings, checkpoint: Checkpoint, progress: Progress | None = None
) -> Timed:
    """Quantize a picture; heavy jobs of all visitors take turns.

    Raises
    ------
    QuantizeError
        If the picture has nothing to quantize, or it takes longer than a visitor's work may.
    """
    return binding.bound().results.quantize(source, settings.resolved(), checkpoint, progress)


@dataclass(frozen=True, eq=False)
class Version:
    """What a page shows of one of many results: all but its full-size pixels."""

    png: bytes
    palette: np.ndarray
    metrics: Metrics
    size: FileSize


def version(source: PictureRef, settings: Settings, checkpoint: Checkpoint) -> Version:
    """One of many results of a picture, at the size of a tile.

    Raises
    ------
    QuantizeError
        As for ``quantized``.
    """
    here, settings = binding.bound(), settings.resolved()

    def make() -> Version:
        opened = here.pictures.open(source) if settings.dithered else None
        ref = here.results.quantize(source, settings, checkpoint, picture=opened).result
        result, tile = here.results.open(ref, opened), here.pictures.open_thinned(source, TILE_SIDE, opened)
        png = encoded.encode_result(result, tile, TILE_SIDE)
        return Version(
            png, ref.palette, here.results.measure(ref, result, opened), _size(ref, result, opened)
        )

    work = work_of(settings)
    work = Work.SHORT if work is Work.QUICK else work
    return here.cache.get_or_make(_version_key(source, settings), make, work=work, checkpoint=checkpoint)


def is_ready(source: PictureRef, settings: Settings) -> bool:
    """Whether ``version`` would answer at once."""
    return binding.bound().cache.has(_version_key(source, settings.resolved()))


def _version_key(source: PictureRef, settings: Settings) -> tuple[Any, ...]:
    return "version", source.digest, settings


def curve(source: PictureRef, settings: Settings, checkpoint: Checkpoint) -> tuple[CurvePoint, ...]:
    """Error and size against K.

    Raises
    ------
    QuantizeError
        If it takes longer than a visitor's work may.
    """
    cache, key = binding.bound().cache, ("curve", source.digest, settings.space, settings.keep, settings.rare)

    def make() -> tuple[CurvePoint, ...]:
        return error_curve(open_picture(source), settings, checkpoint=cache.timed(checkpoint))

    return cache.get_or_make(key, make, work=Work.STEPS, checkpoint=checkpoint)


def color_facts(colors: np.ndarray) -> ColorFacts:
    """Facts about the colours of a palette, uint8 (k, 3), k <= 256."""
    key = "facts", colors.tobytes()
    return binding.bound().cache.get_or_make(key, lambda: find_facts(colors), work=None)


def metrics(result: ResultRef) -> Metrics:
    """How far a result is from its original."""
    return binding.bound().results.measure(result)


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

    return _shown(key, encode, thinned) if result.settings.dithered else _shown(key, encode, thinned, opened)


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


def thumbnail(source: PictureRef) -> bytes:
    """A small picture of the original."""
    return binding.bound().pictures.thumbnail(source)


def download(result: ResultRef) -> bytes:
    """The result in full resolution, as small as an indexed PNG can reasonably be made."""
    return _file("download", result, encoded.encode_download)


def download_rgba(result: ResultRef) -> bytes:
    """The result in full resolution with its partial transparency."""
    return _file("rgba", result, encoded.encode_rgba)


def _file(kind: str, result: ResultRef, encode: Callable[[PictureRef, Any], bytes]) -> bytes:
    def make() -> bytes:
        opened = open_picture(result.source)
        return encode(result.source, open_result(result, opened).whole(opened))

    return kept((kind, result.source.digest, result.settings), make, Work.LONG)


def download_size(result: ResultRef) -> FileSize:
    """How large the download is or, for large pictures, about is."""
    return _size(result)


def _size(result: ResultRef, opened: OpenResult | None = None, picture: Picture | None = None) -> FileSize:
    def make() -> FileSize:
        here, source = binding.bound().pictures, result.source
        if result.settings.dithered:
            given = Pixels.of(picture) if picture else here.open_pixels(source)
        else:
            given = here.open_bands(source)
        return encoded.measure_size(opened or open_result(result), given)

    return kept(("download size", result.source.digest, result.settings), make)


def original_png_size(source: PictureRef) -> FileSize:
    """How large the original would be as an ordinary PNG."""
    bands = binding.bound().pictures.open_bands
    return kept(("size", source.digest), lambda: encoded.measure_source(source, bands(source)))


def _shown(key: tuple[Any, ...], encode: Callable[[], bytes], *opens: Callable[[], object]) -> bytes:
    """What the page shows, made of what these open."""
    return binding.bound().cache.get_or_make(
        key, encode, work=Work.QUICK, opens=lambda: [each() for each in opens]
    )
