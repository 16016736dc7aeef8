"""What was computed once is kept for everyone, within a bound: the only module that caches.

One store for the whole server, least recently used out first, bounded in bytes. Keys are digests of the
upload's bytes and frozen settings, never pixels: Streamlit's own cache hashes large arrays by sampling.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from typing import Any

import numpy as np
import streamlit as st
from cachetools import LRUCache

import quantize
from quantize import Metrics, Picture, Quantized, Settings
from quantize.encode import FileSize, encode_png, indexed_png_size, png_size
from quantize.previews import encode_original, encode_thumbnail, preview
from quantize.samples import load_sample

MAX_BYTES = 256 * 2**20
HEAVY_JOBS = 2
PREVIEW_SIDE = 2048
THUMBNAIL_SIDE = 480


class Store:
    """A bounded map from keys to results, shared by all threads of the server."""

    def __init__(self, max_bytes: int) -> None:
        self._entries: LRUCache[Any, Any] = LRUCache(max_bytes, getsizeof=size_of)
        self._lock = threading.Lock()

    def get_or_make(self, key: Any, make: Callable[[], Any]) -> Any:
        """Return the entry, made now if need be; what is larger than the whole store is not kept."""
        with self._lock:
            found = self._entries.get(key)
        if found is None:
            found = make()
            with self._lock:
                if size_of(found) <= self._entries.maxsize:
                    self._entries[key] = found
        return found


def size_of(value: Any) -> int:
    """Bytes that an entry holds: of its arrays and byte strings, and a little for itself."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, bytes):
        return len(value)
    if is_dataclass(value):
        return 500 + sum(map(size_of, vars(value).values()))
    return 100


@st.cache_resource(show_spinner=False)
def _store() -> Store:
    return Store(MAX_BYTES)


@st.cache_resource(show_spinner=False)
def _heavy_jobs() -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(HEAVY_JOBS)


@st.cache_resource(show_spinner=False)
def warm_up() -> threading.Thread:
    """Compile and load what the first visitor would wait for, in the background, once for each server."""
    thread = threading.Thread(target=quantize.warm, name="warm-up", daemon=True)
    thread.start()
    return thread


@dataclass(frozen=True, eq=False)
class Timed:
    """A result and the seconds it took when it was made."""

    result: Quantized
    seconds: float


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
    return _store().get_or_make(("picture", digest), lambda: _counted(quantize.load_picture(data)))


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

    def make() -> Timed:
        jobs = _heavy_jobs()
        while not jobs.acquire(timeout=0.1):
            checkpoint()
        try:
            started = time.perf_counter()
            result = quantize.quantize_image(source, settings, checkpoint=checkpoint, progress=progress)
            return Timed(result, time.perf_counter() - started)
        finally:
            jobs.release()

    return _store().get_or_make((source.digest, settings.resolved()), make)


def metrics(source: Picture, result: Quantized) -> Metrics:
    """How far a result is from its original."""
    key = "metrics", source.digest, result.settings
    return _store().get_or_make(key, lambda: quantize.measure(source, result))


def original_preview(source: Picture) -> bytes:
    """The original at preview size, lossless."""
    return _encoded(
        "original", source, None, lambda: encode_original(*_preview(source.pixels, source.alpha))[0]
    )


def result_preview(source: Picture, result: Quantized) -> bytes:
    """The result at preview size: an indexed PNG, so that not one colour is added on the way."""

    def encode() -> bytes:
        indices, alpha = _preview(result.indices, result.alpha)
        return encode_png(result.palette, indices, alpha, optimize=False)

    return _encoded("preview", source, result.settings, encode)


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


def download_size(source: Picture, result: Quantized) -> FileSize:
    """How large the download is or, for large pictures, about is."""
    key = "download size", source.digest, result.settings
    return _store().get_or_make(key, lambda: indexed_png_size(result.palette, result.indices, result.alpha))


def original_png_size(source: Picture) -> FileSize:
    """How large the original would be as an ordinary PNG."""
    return _store().get_or_make(("size", source.digest), lambda: png_size(source.pixels, source.alpha))


def _preview(array: np.ndarray, alpha: np.ndarray | None) -> tuple[np.ndarray, np.ndarray | None]:
    return preview(array, PREVIEW_SIDE), None if alpha is None else preview(alpha, PREVIEW_SIDE)


def _encoded(kind: str, source: Picture, settings: Settings | None, encode: Callable[[], bytes]) -> bytes:
    return _store().get_or_make((kind, source.digest, settings), encode)
