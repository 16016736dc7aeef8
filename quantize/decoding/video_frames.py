"""The frames of a video, by PyAV if that is installed: FFmpeg's decoders, in this very process.

Only the two families of files that browsers play are opened, by their first bytes, and only their picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from typing import Any

import numpy as np

from quantize.decoding.clip import Clip
from quantize.decoding.frame_canvas import Frame
from quantize.decoding.parts import check_size
from quantize.errors import QuantizeError

_MP4, _WEBM = b"ftyp", b"\x1aE\xdf\xa3"
_USUAL_DURATION = 40  # of the last frame where nothing tells it
# Sound may last longer than the picture, but hardly ever by more than that.
_WHOLE_FROM = 0.9


def is_video(data: bytes) -> bool:
    """Tell whether a file claims to be an MP4 (or MOV) or WebM (or Matroska) that is no picture."""
    return data.startswith(_WEBM) or (data[4:8] == _MP4 and data[8:12] not in _STILL_BRANDS)


_STILL_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"avif", b"avis", b"crx ", b"jxl ")


def open_video(data: bytes) -> Clip | None:
    """Open a video.

    Raises
    ------
    QuantizeError
        If PyAV is not installed, or it cannot be read, or there is no picture in it.
    """
    try:
        av = import_module("av")
    except ImportError as error:
        raise QuantizeError(
            "animation must be a GIF, APNG or WebP file, got a video, which needs the package av: "
            "pip install 'quantize-colors[video]', or av alone, or save it as an animated GIF or WebP"
        ) from error
    webm = data.startswith(_WEBM)
    try:
        container = av.open(BytesIO(data), format="matroska" if webm else "mov")
    except av.error.FFmpegError as error:
        raise _unreadable() from error
    streams = container.streams.video
    if not streams:
        raise QuantizeError("video must have pictures, got none, a sound or a damaged file: choose another")
    stream = streams[0]
    stream.thread_type = "NONE"
    size = stream.codec_context.width, stream.codec_context.height
    check_size(size)
    clip = Clip("WebM" if webm else "MP4", size, 1, iter(()), stream.frames or None)
    clip.frames = _draw(av, container, stream, clip)
    return clip


def _unreadable() -> QuantizeError:
    return QuantizeError(
        "video cannot be read, it is cut off, damaged or of a rare variant: download or export it again"
    )


def _draw(av: Any, container: Any, stream: Any, clip: Clip) -> Iterator[Frame]:
    """Draw frames, each of which lasts until the next begins."""
    waiting, begun = None, 0.0
    frames = container.decode(stream)
    while True:
        try:
            frame = next(frames, None)
        except av.error.FFmpegError:
            clip.cut_off = True
            frame = None
        if frame is None:
            break
        if (frame.width, frame.height) != clip.size:
            clip.notes.append("frames of another size, behind the first, were left out")
            break
        now = float(frame.time) if frame.time is not None else begun + _USUAL_DURATION / 1000
        if waiting is not None:
            yield _made(waiting, round(1000 * now) - round(1000 * begun))
        waiting, begun = frame, now
    if waiting is None:
        raise _unreadable()
    rate = stream.average_rate
    last = waiting.duration and waiting.time_base and float(waiting.duration * waiting.time_base)
    last = last or (1 / rate if rate else _USUAL_DURATION / 1000)
    yield _made(waiting, round(1000 * last))
    # A WebM that was cut off ends like any other, but before the time that it names at its head.
    if begun + last < _WHOLE_FROM * (container.duration or 0) / av.time_base and not stream.duration:
        clip.cut_off = True


def _made(frame: Any, duration: int) -> Frame:
    # Counter-clockwise, as telephones say how they were held.
    turns = round((getattr(frame, "rotation", 0) or 0) / 90)
    pixels = np.rot90(frame.to_ndarray(format="rgb24"), turns)
    return Frame(np.ascontiguousarray(pixels), np.full(pixels.shape[:2], 255, np.uint8), max(0, duration))
