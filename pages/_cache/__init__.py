"""What was computed once is kept for everyone, within a bound: the only module that caches.

One store for the whole server, bounded in bytes; what is missed least goes first (``greedy_dual.py``). Keys
are digests of the upload's bytes and frozen settings, never pixels: Streamlit's own cache hashes large arrays
by sampling.
Pictures and results handed out here hold nothing large (``lent.py``), so they may be held for long.
"""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
import streamlit as st

import quantize
from pages import _host
from pages._cache import departures, encoded
from pages._cache.color_facts import ColorFacts, find_facts
from pages._cache.encoded import PREVIEW_SIDE, TILE_SIDE
from pages._cache.greedy_dual import Store
from pages._cache.keeper import Keeper
from pages._cache.lent import KINDS, Lender, Raw, cut_bands, thin
from pages._cache.lent_result import Timed, measure_lent, quantize_lent, work_of
from pages._cache.memory import give_back_early, set_modules_aside, tidy_up
from pages._cache.queue import Queue, Work
from pages._cache.start import Start
from pages._store.store import ShareStore, open_store
from quantize import Metrics, Picture, Quantized, QuantizeError, Settings
from quantize.curve import CurvePoint, error_curve
from quantize.decoding import worker
from quantize.decoding.samples import load_sample
from quantize.rendering.encode import FileSize, encode_rgba_png
from quantize.rendering.previews import encode_thumbnail

__all__ = ["PREVIEW_SIDE", "TILE_SIDE", "Timed"]

THUMBNAIL_SIDE = 480
# What it takes about to get a large picture's pixels again.
DECODING_SECONDS = 0.2
# File sizes are measured on so many pixels, in some 20 ms: of six pictures within 3 % of what two millions
# tell for four, 10 % for one, 30 % for one with large even areas. Half as many would be far off for two.
MEASURED_PIXELS = 500_000
# Share of the cache for histograms: of six pictures of 12 megapixels; three or four are worked on at once.
AT_HAND = 0.25
# Share of the cache that a picture's pixels may take when nobody has asked for them yet.
MOST_PIXELS = 0.125


@st.cache_resource(show_spinner=False)
def _keeper() -> Keeper:
    n_bytes, share = _host.number("QUANTIZE_CACHE_MB") * 2**20, _host.number("QUANTIZE_VISITOR_MB") * 2**20
    hand = round(n_bytes * AT_HAND)
    queue = Queue(_host.number("QUANTIZE_HEAVY_JOBS"), _host.number("QUANTIZE_JOB_SECONDS"))
    return Keeper(Store(n_bytes - hand, share), queue, Store(hand), _presence)


def _see_off(visitor: str) -> None:
    _keeper().see_off(visitor)
    _tidy_up()
    departures.close_later(visitor, _tidy_up)


def _tidy_up() -> None:
    tidy_up(worker.rest)


@st.cache_resource(show_spinner=False, scope="session", on_release=_see_off)
def _presence(visitor: str) -> str:
    """Streamlit releases this when its session has lost its connection."""
    return visitor


@st.cache_resource(show_spinner=False)
def warm_up() -> Start:
    """Compile and load what the first visitor would wait for, in the background, once for each server."""
    give_back_early()
    # A loop that comes back from its threads waits until a visitor's script lets go of the interpreter: at
    # most so long, instead of 5 ms, dozens of times in a fit.
    sys.setswitchinterval(0.0005)
    return Start(_warm_up)


def _warm_up(report: Callable[[float], object]) -> None:
    worker.start(_host.number("QUANTIZE_HEAVY_JOBS"))
    import_module("pandas")  # Streamlit does with the first page that it runs
    quantize.warm(report)
    store = share_store()
    if store is not None:
        with suppress(QuantizeError):  # said in the log; whoever opens a link hears of it too
            store.sweep()
    set_modules_aside()


def kept(key: tuple[Any, ...], make: Callable[[], Any], work: Work = Work.SHORT) -> Any:
    """Anything else that a page works out: ``key`` holds names, digests and settings, never pixels."""
    return _keeper().get_or_make(key, make, work=work)


def sample(key: str) -> Picture:
    """A sample picture, counted."""
    return _lent(("sample", key), partial(load_sample, key), nobodys=True)


def picture(data: bytes, digest: str) -> Picture:
    """The picture in an upload's bytes, counted; decoded anew if it was pushed out.

    Raises
    ------
    QuantizeError
        If the bytes are no picture that can be used.
    """
    return _lent(("picture", digest), partial(worker.load_picture_apart, data))


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
    return _lent(("shared", id), lambda: worker.load_picture_apart(open_shares().get(id).data))


def forget_shared(id: str) -> None:
    """Drop a shared picture that was deleted."""
    for kind in KINDS:
        _keeper().forget((kind, ("shared", id)))


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


def _lent(key: tuple[str, str], load: Callable[[], Picture], nobodys: bool = False) -> Picture:
    keep, at_hand = partial(_keeper().get_or_make, nobodys=nobodys), _keeper().at_hand
    return Lender(keep, at_hand, key, load, _prepare, DECODING_SECONDS).picture()


def _prepare(loaded: Picture) -> bool:
    """Cut out of a picture what the front page shows of it; True if there is room for all its pixels, too."""
    if max(loaded.size) <= PREVIEW_SIDE:
        return True  # its pixels are what is shown
    thumbnail(loaded)
    _thinned(loaded, PREVIEW_SIDE)
    _bands(loaded)
    return loaded.pixels.nbytes < _keeper().store.max_bytes * MOST_PIXELS


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
        If the picture has nothing to quantize, or it takes longer than a visitor's work may.
    """
    return quantize_lent(_keeper(), source, settings.resolved(), checkpoint, progress)


@dataclass(frozen=True, eq=False)
class Version:
    """What a page shows of one of many results: all but its full-size pixels."""

    png: bytes
    palette: np.ndarray
    metrics: Metrics
    size: FileSize


def version(source: Picture, settings: Settings, checkpoint: Callable[[], None]) -> Version:
    """One of many results of a picture, at the size of a tile.

    Raises
    ------
    QuantizeError
        As for ``quantized``.
    """

    def make() -> Version:
        result = quantized(source, settings, checkpoint).result
        png = encoded.encode_result(result, _thinned(source, TILE_SIDE), TILE_SIDE)
        return Version(png, result.palette, metrics(source, result), download_size(source, result))

    key, work = ("version", source.digest, settings.resolved()), work_of(settings)
    work = Work.SHORT if work is Work.QUICK else work
    return _keeper().get_or_make(key, make, work=work, checkpoint=checkpoint)


def is_ready(source: Picture, settings: Settings) -> bool:
    """Whether ``version`` would answer at once."""
    return _keeper().store.has(("version", source.digest, settings.resolved()))


def curve(source: Picture, settings: Settings, checkpoint: Callable[[], None]) -> tuple[CurvePoint, ...]:
    """Error and size against K.

    Raises
    ------
    QuantizeError
        If it takes longer than a visitor's work may.
    """
    key = "curve", source.digest, settings.space, settings.keep, settings.rare
    timed = _keeper().timed(checkpoint)
    return _keeper().get_or_make(
        key, lambda: error_curve(source, settings, checkpoint=timed), work=Work.STEPS, checkpoint=checkpoint
    )


def color_facts(colors: np.ndarray) -> ColorFacts:
    """Facts about the colours of a palette, uint8 (k, 3), k <= 256."""
    return _keeper().get_or_make(("facts", colors.tobytes()), lambda: find_facts(colors), work=None)


def metrics(source: Picture, result: Quantized) -> Metrics:
    """How far a result is from its original."""
    key = "metrics", source.digest, result.settings
    work = Work.SHORT if result.settings.dithered else Work.QUICK
    return _keeper().get_or_make(key, lambda: measure_lent(source, result), work=work)


def original_preview(source: Picture, side: int = PREVIEW_SIDE) -> bytes:
    """The original at preview size, lossless."""
    return _shown(("original", source.digest, side), source, side, encoded.encode_source)


def result_preview(source: Picture, result: Quantized) -> bytes:
    """The result at preview size: an indexed PNG, so that not one colour is added on the way."""
    encode = partial(encoded.encode_result, result, side=PREVIEW_SIDE)
    return _shown(("preview", source.digest, result.settings), source, PREVIEW_SIDE, encode)


def part(source: Picture, results: Sequence[Quantized], *place: int) -> bytes:
    """A part in full resolution, as ``encoded.part`` cuts it; quick, so not kept."""
    with _keeper().turn():
        return encoded.part(source, results, *place)


def blank(source: Picture) -> bytes:
    """Middle grey of a tile's size, to keep the place of what is not ready."""
    return _shown(("blank", source.digest), source, TILE_SIDE, encoded.encode_blank)


def thumbnail(source: Picture) -> bytes:
    """A small picture of the original."""
    return _cut("thumbnail", source, lambda: encode_thumbnail(source.pixels, source.alpha, THUMBNAIL_SIDE))


def download(source: Picture, result: Quantized) -> bytes:
    """The result in full resolution, as small as an indexed PNG can reasonably be made."""
    key = "download", source.digest, result.settings
    return kept(key, lambda: encoded.encode_download(source, result), Work.LONG)


def download_rgba(source: Picture, result: Quantized) -> bytes:
    """The result in full resolution with its partial transparency."""
    key, alpha = ("rgba", source.digest, result.settings), source.alpha
    assert alpha is not None
    return kept(
        key, lambda: encode_rgba_png(result.palette, result.indices, alpha, dpi=source.dpi), Work.LONG
    )


def download_size(source: Picture, result: Quantized) -> FileSize:
    """How large the download is or, for large pictures, about is."""
    key = "download size", source.digest, result.settings
    return kept(key, lambda: encoded.measure_size(source, result, _bands(source)))


def original_png_size(source: Picture) -> FileSize:
    """How large the original would be as an ordinary PNG."""
    return kept(("size", source.digest), lambda: encoded.measure_source(source, _bands(source)))


def _thinned(source: Picture, side: int) -> Raw:
    """A picture no longer than that; kept apart, so that its own pixels need not be kept to show results."""
    if max(source.size) <= side:
        return Raw.of(source)
    return _cut(f"thinned {side}", source, lambda: thin(source, side))


def _bands(source: Picture) -> Raw:
    """Bands of a picture's rows, to measure file sizes on."""
    return _cut("bands", source, lambda: cut_bands(source, MEASURED_PIXELS))


def _cut(kind: str, source: Picture, make: Callable[[], Any]) -> Any:
    """What is quickly made of all pixels, which not many may hold at once: so it takes a turn."""
    return _keeper().get_or_make((kind, source.digest), make, again=DECODING_SECONDS)


def _shown(key: tuple[Any, ...], source: Picture, side: int, encode: Callable[[Raw], bytes]) -> bytes:
    """What the page shows, made of a thinned picture."""
    if not _keeper().store.has(key):
        _ = _thinned(source, side)  # may take a turn to decode the picture, which is no quick work
    return _keeper().get_or_make(key, lambda: encode(_thinned(source, side)), work=Work.QUICK)
