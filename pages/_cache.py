"""What was computed once is kept for everyone, within a bound: the only module that caches.

One store for the whole server, least recently used out first, bounded in bytes. Keys are digests of the
upload's bytes and frozen settings, never pixels: Streamlit's own cache hashes large arrays by sampling.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

import quantize
from pages._color_facts import ColorFacts, find_facts
from pages._encoded import PREVIEW_SIDE, TILE_SIDE, encode_blank, encode_result, encode_source, part
from pages._lru import Store
from pages._queue import Queue
from pages._store import ShareStore, open_store
from quantize import Metrics, Picture, Quantized, QuantizeError, Settings, worker
from quantize.curve import CurvePoint, error_curve
from quantize.encode import FileSize, encode_png, encode_rgba_png, indexed_png_size, png_size
from quantize.glance import glance_at
from quantize.previews import encode_thumbnail, preview
from quantize.samples import load_sample

__all__ = ["PREVIEW_SIDE", "TILE_SIDE", "part"]

MAX_BYTES = 256 * 2**20
HEAVY_JOBS = 2
THUMBNAIL_SIDE = 480


@st.cache_resource(show_spinner=False)
def _store() -> Store:
    return Store(MAX_BYTES)


@st.cache_resource(show_spinner=False)
def _heavy_jobs() -> Queue:
    return Queue(HEAVY_JOBS)


@st.cache_resource(show_spinner=False)
def warm_up() -> threading.Thread:
    """Compile and load what the first visitor would wait for, in the background, once for each server."""
    thread = threading.Thread(target=_warm_up, name="warm-up", daemon=True)
    thread.start()
    return thread


def _warm_up() -> None:
    worker.start()
    quantize.warm()


@dataclass(frozen=True, eq=False)
class Timed:
    """A result and the seconds it took when it was made."""

    result: Quantized
    seconds: float


def kept(key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    """Anything else that a page works out: ``key`` holds names, digests and settings, never pixels."""
    return _store().get_or_make(key, make)


def sample(key: str) -> Picture:
    """A sample picture, counted."""
    return _store().get_or_make(("sample", key), lambda: _counted(load_sample(key)))


def picture(data: bytes, digest: str) -> Picture:
    """The picture in an upload's bytes, counted; decoded anew if it was pushed out.

    Raises
    ------
    QuantizeError
        If the bytes are no picture that can be used.
    """
    return _store().get_or_make(("picture", digest), lambda: _counted(worker.load_picture_apart(data)))


@st.cache_resource(show_spinner=False)
def share_store() -> ShareStore | None:
    """Where shared pictures are, or None if this server keeps none."""
    return open_store()


def shared_picture(id: str) -> Picture:
    """A shared picture, counted; got anew if it was pushed out.

    Raises
    ------
    QuantizeError
        If it is not there any more, or the store fails.
    """
    return _store().get_or_make(
        ("shared", id), lambda: _counted(worker.load_picture_apart(open_shares().get(id).data))
    )


def forget_shared(id: str) -> None:
    """Drop a shared picture that was deleted."""
    _store().drop(("shared", id))


def open_shares() -> ShareStore:
    """Where shared pictures are.

    Raises
    ------
    QuantizeError
        If this server keeps none.
    """
    store = share_store()
    if store is None:
        raise QuantizeError(
            "link must name a sample, as this server keeps no shared pictures, got a shared one"
        )
    return store


def _counted(loaded: Picture) -> Picture:
    """Count the colours now, so that the store knows how large the entry really is."""
    _ = loaded.cells, loaded.colors
    return loaded


def quantized(
    source: Picture,
    settings: Settings,
    checkpoint: Callable[[], None],
    progress: Callable[[float], None] | None = None,
) -> Timed:
    """Quantize a picture; heavy jobs of all visitors take turns.

    Raises
    ------
    QuantizeError
        If the picture has nothing to quantize.
    """
    key = source.digest, settings.resolved()
    return _store().get_or_make(key, lambda: _quantize(source, settings, checkpoint, progress))


def _quantize(
    source: Picture,
    settings: Settings,
    checkpoint: Callable[[], None],
    progress: Callable[[float], None] | None = None,
) -> Timed:
    with _heavy_jobs().turn(checkpoint):
        started = time.perf_counter()
        result = quantize.quantize_image(source, settings, checkpoint=checkpoint, progress=progress)
        return Timed(result, time.perf_counter() - started)


@dataclass(frozen=True, eq=False)
class Version:
    """What a page shows of one of many results: all but its full-size pixels."""

    png: bytes
    palette: np.ndarray
    metrics: Metrics
    size: FileSize


def version(source: Picture, settings: Settings, checkpoint: Callable[[], None]) -> Version:
    """One of many results of a picture; of the result itself only this is kept, as many would be too large.

    Raises
    ------
    QuantizeError
        If the picture has nothing to quantize.
    """

    def make() -> Version:
        if settings.dithered:
            result = _quantize(source, settings, checkpoint).result
            size = indexed_png_size(result.palette, result.indices, result.alpha)
            png = encode_result(result, TILE_SIDE)
            return Version(png, result.palette, quantize.measure(source, result), size)
        with _heavy_jobs().turn(checkpoint):
            glance = glance_at(source, settings, TILE_SIDE, checkpoint=checkpoint)
        alpha = None if source.alpha is None else preview(source.alpha, TILE_SIDE)
        png = encode_png(glance.palette, glance.indices, alpha, optimize=False)
        return Version(png, glance.palette, glance.metrics, glance.size)

    return _store().get_or_make(("version", source.digest, settings.resolved()), make)


def is_ready(source: Picture, settings: Settings) -> bool:
    """Whether ``version`` would answer at once."""
    return _store().has(("version", source.digest, settings.resolved()))


def curve(source: Picture, settings: Settings, checkpoint: Callable[[], None]) -> tuple[CurvePoint, ...]:
    """Error and size against K."""
    key = "curve", source.digest, settings.space, settings.keep, settings.rare
    return _store().get_or_make(key, lambda: error_curve(source, settings, checkpoint=checkpoint))


def color_facts(colors: np.ndarray) -> ColorFacts:
    """Facts about the colours of a palette, uint8 (k, 3), k <= 256."""
    return _store().get_or_make(("facts", colors.tobytes()), lambda: find_facts(colors))


def metrics(source: Picture, result: Quantized) -> Metrics:
    """How far a result is from its original."""
    key = "metrics", source.digest, result.settings
    return _store().get_or_make(key, lambda: quantize.measure(source, result))


def original_preview(source: Picture, side: int = PREVIEW_SIDE) -> bytes:
    """The original at preview size, lossless."""
    return _encoded(f"original {side}", source, None, lambda: encode_source(source, side))


def result_preview(source: Picture, result: Quantized) -> bytes:
    """The result at preview size: an indexed PNG, so that not one colour is added on the way."""
    return _encoded("preview", source, result.settings, lambda: encode_result(result, PREVIEW_SIDE))


def blank(source: Picture) -> bytes:
    """Middle grey of a tile's size, to keep the place of what is not ready."""
    return _encoded("blank", source, None, lambda: encode_blank(source))


def thumbnail(source: Picture) -> bytes:
    """A small picture of the original."""
    return _encoded(
        "thumbnail", source, None, lambda: encode_thumbnail(source.pixels, source.alpha, THUMBNAIL_SIDE)
    )


def download(source: Picture, result: Quantized) -> bytes:
    """The result in full resolution, as small as an indexed PNG can reasonably be made."""

    def encode() -> bytes:
        return encode_png(result.palette, result.indices, result.alpha, optimize=True)

    return _encoded("download", source, result.settings, encode)


def download_rgba(result: Quantized, alpha: np.ndarray) -> bytes:
    """The result in full resolution with partial transparency; rarely asked for, so not kept."""
    return encode_rgba_png(result.palette, result.indices, alpha)


def download_size(source: Picture, result: Quantized) -> FileSize:
    """How large the download is or, for large pictures, about is."""
    key = "download size", source.digest, result.settings
    return _store().get_or_make(key, lambda: indexed_png_size(result.palette, result.indices, result.alpha))


def original_png_size(source: Picture) -> FileSize:
    """How large the original would be as an ordinary PNG."""
    return _store().get_or_make(("size", source.digest), lambda: png_size(source.pixels, source.alpha))


def _encoded(kind: str, source: Picture, settings: Settings | None, encode: Callable[[], bytes]) -> bytes:
    return _store().get_or_make((kind, source.digest, settings), encode)
