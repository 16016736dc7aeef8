"""What a worker process is asked for: a picture or a palette, its limits, and what to say of a failure.

Limits are read when a task is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from quantize import limits
from quantize.decoding import sniff
from quantize.decoding.decode import Decoded
from quantize.decoding.formats import picture_format
from quantize.decoding.moving import Frames
from quantize.decoding.worker_wire import (
    Pipe,
    Request,
    receive_count,
    receive_frames,
    receive_palette,
    receive_reply,
)
from quantize.errors import QuantizeError
from quantize.palettes.palette import Palette

Result = TypeVar("Result", Decoded, Frames, Palette, int)


@dataclass(frozen=True)
class Task(Generic[Result]):
    """One file to read, how its reply is taken, and sentences for a process that died of it."""

    request: Request
    data: bytes
    receive: Callable[[Pipe], Result]
    too_slow: Callable[[], QuantizeError]
    too_hungry: Callable[[], QuantizeError]
    damaged: Callable[[], QuantizeError]


def picture_task(data: bytes, max_pixels: int = limits.MAX_PIXELS) -> Task[Decoded]:
    """Decode a picture of at most so many pixels as ``quantize.decoding.decode.decode`` does."""
    return _decoding_task("picture", data, max_pixels, receive_reply)


def frames_task(data: bytes, max_pixels: int = limits.MAX_PIXELS) -> Task[Frames]:
    """Decode an animation, its frames of so many pixels together, as ``moving.decode_frames`` does."""
    return _decoding_task("animation", data, max_pixels, receive_frames)


def _decoding_task(job: str, data: bytes, max_pixels: int, receive: Callable[[Pipe], Result]) -> Task[Result]:
    name, seconds = picture_format(data) or "this", limits.MAX_DECODE_SECONDS
    return Task(
        Request(job, len(data), limits.MAX_DECODE_MEMORY, seconds, pixels=max_pixels),
        data,
        receive,
        partial(sniff.too_slow, name, seconds),
        partial(sniff.too_hungry, name),
        partial(sniff.damaged, name),
    )


def size_task(data: bytes) -> Task[int]:
    """Find out how large a picture is, as ``quantize.decoding.decode.measure`` does."""
    name, seconds = picture_format(data) or "this", limits.MAX_PALETTE_SECONDS
    return Task(
        Request("size", len(data), limits.MAX_DECODE_MEMORY, seconds),
        data,
        receive_count,
        partial(sniff.too_slow, name, seconds),
        partial(sniff.too_hungry, name),
        partial(sniff.damaged, name),
    )


def palette_task(data: bytes, filename: str | None) -> Task[Palette]:
    """Read a palette file as ``quantize.swatches.formats.read_palette`` does."""
    seconds = limits.MAX_PALETTE_SECONDS
    return Task(
        Request("palette", len(data), limits.MAX_PALETTE_MEMORY, seconds, filename or ""),
        data,
        receive_palette,
        partial(sniff.palette_too_slow, seconds),
        sniff.palette_too_hungry,
        sniff.palette_damaged,
    )
