"""What was computed once is kept for everyone, within a bound: the only folder that caches.

Pages get references (``pages/_references.py``), files and figures here. Keys are digests of the upload's
bytes and frozen settings, never pixels: Streamlit's own cache hashes large arrays by sampling.

What a page works out of pixels it hands to ``kept`` as a function. That runs in a turn, and there
``open_picture``, ``open_pixels``, ``open_colors`` and ``open_result`` give it real arrays.
"""

import time
from functools import partial
from math import prod

import numpy as np

from pages import _host, _state
from pages._cache import binding
from pages._cache.binding import warm_up
from pages._cache.cache import nothing
from pages._cache.color_facts import ColorFacts, find_facts
from pages._cache.encoded import TILE_SIDE
from pages._cache.files import (
    blank,
    download,
    download_rgba,
    download_size,
    icon,
    mask,
    original_png_size,
    original_preview,
    part,
    result_preview,
    source_png,
    thumbnail,
)
from pages._cache.opening import (
    kept,
    kept_of_steps,
    open_animation,
    open_colors,
    open_picture,
    open_pixels,
    open_result,
    open_thinned,
)
from pages._cache.pictures import PREVIEW_SIDE
from pages._cache.queue import Checkpoint, Work
from pages._cache.results import Progress, Timed, pause_before, work_of
from pages._cache.shares import open_shares, share_store
from pages._cache.tiles import Version, is_ready, version, versions
from pages._references import PictureRef, ResultRef, Source
from pages._store.format import Receipt
from pages._store.sharers import mark
from quantize import Metrics, Picture, Settings
from quantize.animation.lossless import encode_frames
from quantize.curve import CURVE_N_COLORS, CurvePoint, Known, error_curve
from quantize.decoding import worker
from quantize.decoding.frames import moves
from quantize.decoding.samples import find_sample, load_sample
from quantize.threads import at_most_threads, thread_count

__all__ = [
    "PREVIEW_SIDE",
    "TILE_SIDE",
    "Checkpoint",
    "Timed",
    "Version",
    "Work",
    "blank",
    "download",
    "download_rgba",
    "download_size",
    "icon",
    "kept",
    "kept_of_steps",
    "mask",
    "nothing",
    "open_animation",
    "open_colors",
    "open_picture",
    "open_pixels",
    "open_result",
    "open_shares",
    "open_thinned",
    "original_png_size",
    "original_preview",
    "part",
    "pause_before",
    "result_preview",
    "share_store",
    "source_png",
    "thumbnail",
    "version",
    "versions",
    "warm_up",
    "work_of",
]

DRAWING_SECONDS = 0.1
"""What was just sent is drawn meanwhile: where the browser is on this machine, a curve would slow it down."""


def sample(key: str) -> PictureRef:
    """A sample picture."""
    read = find_sample(key).read
    source = Source(("sample", key), partial(load_sample, key), everybodys=True, read=read)
    return binding.bound().pictures.refer(source)


def picture(data: bytes, digest: str) -> PictureRef:
    """The picture in an upload's bytes.

    Raises
    ------
    QuantizeError
        If the bytes are no picture that can be used.
    """
    source = Source(
        ("picture", digest),
        partial(_load, data),
        weigh=partial(worker.measure_apart, data),
        read=partial(bytes, data),
    )
    return binding.bound().pictures.refer(source)


def _load(data: bytes) -> Picture:
    """Decode a picture of at most so many pixels as this host has memory for."""
    return worker.load_picture_apart(data, max_pixels=_host.number("QUANTIZE_MEGAPIXELS") * 2**20)


def shared_picture(id: str) -> PictureRef:
    """A shared picture.

    Raises
    ------
    QuantizeError
        If it is not there any more, or the store fails.
    """
    source = Source(
        ("shared", id),
        lambda: _load(open_shares().get(id).data),
        weigh=lambda: prod(open_shares().look(id).size),
        read=lambda: open_shares().get(id).data,
    )
    return binding.bound().pictures.refer(source)


def forget_shared(id: str) -> None:
    """Drop a shared picture that was deleted."""
    binding.bound().pictures.forget(("shared", id))


def share(source: PictureRef, name: str | None) -> Receipt:
    """Store a picture for whoever has its link, all its frames, under this name if there is one.

    Raises
    ------
    QuantizeError
        If the store fails or has no room.
    """
    frames = _encode_frames(source, _state.checkpoint()) if moves(source.notes) else None
    with binding.bound().cache.turn():
        opened = open_picture(source)
    return open_shares().put(opened, name, mark(*_state.whereabouts()), frames)


def source_file(source: PictureRef) -> bytes:
    """A picture itself as a PNG, with all its frames, to download."""
    return _encode_frames(source, nothing) if moves(source.notes) else source_png(source)


def _encode_frames(source: PictureRef, checkpoint: Checkpoint) -> bytes:
    def make(timed: Checkpoint) -> bytes:
        return encode_frames(open_animation(source), timed)

    return kept_of_steps(("frames to share", *source.source.key), make, checkpoint)


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


def curve(source: PictureRef, settings: Settings, checkpoint: Checkpoint) -> tuple[CurvePoint, ...]:
    """Error and size against K.

    Raises
    ------
    QuantizeError
        If it takes longer than a visitor's work may.
    """
    bands = partial(binding.bound().pictures.open_bands, source, many=True)

    def known(wish: Settings) -> Known | None:
        if not is_ready(source, wish):
            return None
        made = version(source, wish, checkpoint)
        found, size = made.metrics, made.size
        differences = found.delta_e_00, found.delta_e_00_p99
        return Known(CurvePoint(wish.n_colors, found.mse, found.psnr_db, *differences, size.n_bytes), size)

    def make(timed: Checkpoint) -> tuple[CurvePoint, ...]:
        # It ends with the number of colours there are: no more can be had.
        numbers = [min(number, source.n_colors + len(settings.keep)) for number in CURVE_N_COLORS]
        with at_most_threads(max(1, thread_count() - 1)):
            return error_curve(
                open_colors(source), settings, numbers, bands=bands(), checkpoint=timed, known=known
            )  # fmt: skip

    key = "curve", source.digest, settings.space, settings.keep, settings.rare
    if not binding.bound().cache.has(key):
        time.sleep(DRAWING_SECONDS)
    return kept_of_steps(key, make, checkpoint)


def color_facts(colors: np.ndarray) -> ColorFacts:
    """Facts about the colours of a palette, uint8 (k, 3), k <= 256."""
    key = "facts", colors.tobytes()
    return binding.bound().cache.get_or_make(key, lambda: find_facts(colors), work=None)


def metrics(result: ResultRef) -> Metrics:
    """How far a result is from its original."""
    return binding.bound().results.measure(result)


def looks(result: ResultRef) -> float:
    """How near a result looks to its original, up to 100: SSIMULACRA2, of large pictures on tiles."""
    return binding.bound().results.measure_looks(result)
